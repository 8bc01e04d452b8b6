"""What a corpus costs here and in the engines of others, side by side in one run.

    python tests/benchmarks/scaling.py [--claims N …] [--runs N] [--quick]

Here is the embedded engine: the tool builds the dataset with one worker and with two, which also
leave the shards; a query is a whole `ccgkg query`, from nothing (cold), or is asked again in one
process (warm). There are Oxigraph's own server and Virtuoso, each with its bulk loader: `oxigraph
load` of the dataset, `ld_dir` of the shards. The same queries are asked by `ccgkg query
--endpoint` (cold: the process is new, the server is not) and over a kept connection (warm). Every
answer is compared with the one here, and rows that differ are told.

The corpora are made up (`synthetic.py`). By default they have 1,000, 10,000 and 100,000 claims,
which takes about half an hour and some gigabytes of memory and disk; `--quick` takes the first
alone. An engine that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from measuring import CCGKG, ROOT, process
from synthetic import write_corpus

sys.path.insert(0, str(ROOT / "tests"))
from engines.running import Oxigraph, Virtuoso, version

from ccgkg.corpus.places import corpus_at
from ccgkg.dataset.asking import Askable
from ccgkg.dataset.cache import Cache
from ccgkg.dataset.endpoint import Endpoint
from ccgkg.dataset.store import Store
from ccgkg.errors import CcgkgError
from ccgkg.queries.binding import bind
from ccgkg.queries.running import load

SIZES = (1_000, 10_000, 100_000)
MOST_ACTORS = 832
PATIENCE = 600
"""Seconds for one answer."""
HERE, OXIGRAPH, VIRTUOSO = "here", "Oxigraph", "Virtuoso"
PROGRAMS = {OXIGRAPH: ("oxigraph",), VIRTUOSO: ("virtuoso-t", "isql-vt")}

LOAD = """
import sys
import pyoxigraph as ox
store = ox.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
store.optimize()
store.flush()
"""
"""What a build does with a dataset that is too large for memory."""


class Asked(NamedTuple):
    """A named query and its values, as the user types them."""

    name: str
    values: Mapping[str, str]

    @property
    def typed(self) -> list[str]:
        return [self.name, *(f"{name}={value}" for name, value in self.values.items())]


class Made(NamedTuple):
    """A made-up corpus that was built, and where."""

    claims: int
    folder: Path
    corpus: Path
    cache: Path
    store: Store
    asked: list[Asked]

    def command(self, *args: str) -> list[str]:
        return [*CCGKG, "--corpus", str(self.corpus), *args]


class Line:
    """One line of the table: what was done, and what it took in each place."""

    def __init__(self, claims: int, what: str) -> None:
        self.claims, self.what = claims, what
        self.cells: dict[str, str] = {}
        self._here = 0.0

    def put(self, place: str, seconds: float, note: str = "") -> None:
        """Seconds in a place; the first is what the others are told against."""
        self._here = self._here or seconds
        ratio = f" {seconds / self._here:5.2f}x" if self.cells else ""
        shown = f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
        self.cells[place] = f"{shown}{ratio}{note}"

    def print(self) -> None:
        cells = "".join(f"{self.cells.get(p, ''):>24}" for p in (HERE, OXIGRAPH, VIRTUOSO))
        print(f"{self.claims:>8,}  {self.what:<44}{cells}", flush=True)


def built(folder: Path, claims: int) -> Made:
    """Write and build a corpus, and print what that took."""
    corpus = write_corpus(folder / "corpus", min(MOST_ACTORS, claims // 5), claims)
    cache, shards = folder / "cache", folder / "shards"
    allowed = (0, 1)  # the sentences of made-up sources are not pinned: a warning
    build = [*CCGKG, "--corpus", str(corpus), "build"]
    line = Line(claims, "build, seconds of CPU, peak")
    with spent() as cpu:
        seconds, peak = process(build, folder / "other", allowed)
    line.put(HERE, seconds, f" {cpu():.1f} s {peak:.0f} MB")
    line.print()
    shutil.rmtree(folder / "other")
    both = Line(claims, "build --workers 2, the same")
    with spent() as cpu:
        again, peak = process([*build, "--workers", "2", "--shards", str(shards)], cache, allowed)
    both.put(HERE, again, f" {cpu():.1f} s {peak:.0f} MB")
    both.print()
    kept = Cache.of(corpus_at(corpus), cache)
    manifest = kept.manifest()
    assert manifest is not None
    store = Store.at(kept, manifest)
    return Made(claims, folder, corpus, cache, store, questions(store))


@contextmanager
def spent() -> Iterator[Callable[[], float]]:
    """Seconds of CPU that processes take which end meanwhile; others on the machine count less."""
    before = os.times()
    yield lambda: sum(os.times()[2:4]) - sum(before[2:4])


def questions(store: Store) -> list[Asked]:
    """Queries of several kinds, about those of whom most is said."""
    most = "GROUP BY ?it ORDER BY DESC(?n) ?it LIMIT 1"
    disputed = f"SELECT ?it (COUNT(?c) AS ?n) {{ ?c cito:disputes ?it }} {most}"
    speaking = f"SELECT ?it (COUNT(?c) AS ?n) {{ ?c ccg:asserter ?it }} {most}"
    (claim, _), (actor, _) = (store.rows(text)[0] for text in (disputed, speaking))
    return [
        Asked("claim", {"claim": claim.text}),
        Asked("said-by", {"who": actor.text}),
        Asked("carrots-and-sticks", {}),
        Asked("figures", {}),
        Asked("disagreements", {}),
    ]


@contextmanager
def oxigraph(made: Made, line: Line) -> Iterator[Endpoint]:
    """Oxigraph's server with the dataset."""
    folder = made.folder / "oxigraph"
    folder.mkdir()
    engine = Oxigraph(folder)
    load = [engine.program, "load", "--location", str(folder / "store"), "--file"]
    seconds, _ = process([*load, str(made.store.nquads)], made.cache)
    line.put(OXIGRAPH, seconds)
    engine.start()
    try:
        yield Endpoint(engine.query, made.store.manifest, PATIENCE)
    finally:
        engine.kill()


@contextmanager
def virtuoso(made: Made, line: Line) -> Iterator[Endpoint]:
    """Virtuoso with the shards."""
    folder = made.folder / "virtuoso"
    folder.mkdir()
    shards = shutil.copytree(made.folder / "shards", folder / "shards")
    engine = Virtuoso(folder, buffers=170_000, most=10_000_000)
    try:
        began = time.perf_counter()
        loader = f"ld_dir('{shards}', '*.nq', '{engine.graph}')"
        engine.run(loader, "rdf_loader_run()", "checkpoint")
        line.put(VIRTUOSO, time.perf_counter() - began)
        yield Endpoint(engine.query, made.store.manifest, PATIENCE)
    finally:
        engine.stop()


THERE = {OXIGRAPH: oxigraph, VIRTUOSO: virtuoso}


def warm(place: Askable, text: str, runs: int) -> tuple[float, Counter]:
    """Median seconds of an answer that was given before, and its rows."""
    times, rows = [], Counter(place.ask(text).rows())
    for _ in range(runs):
        began = time.perf_counter()
        for _ in place.ask(text).rows():
            pass
        times.append(time.perf_counter() - began)
    return statistics.median(times), rows


def cold(made: Made, asked: Asked, runs: int, *options: str) -> float:
    """Median seconds of a whole process that asks once."""
    command = made.command("query", *asked.typed, *options, "--format", "csv")
    return statistics.median(process(command, made.cache)[0] for _ in range(runs))


def ask_here(made: Made, asked: Asked, runs: int) -> tuple[str, Counter, dict[str, Line]]:
    """A query's text, its rows, and a line for either way to ask it, filled in for here."""
    query = load(made.store, asked.name)
    text = bind(made.store, query.text, query.parameters, {**query.defaults, **asked.values}, print)
    seconds, rows = warm(made.store, text, runs)
    lines = {
        how: Line(made.claims, f"{asked.name}, {rows.total():,} rows, {how}")
        for how in ("cold", "warm")
    }
    lines["cold"].put(HERE, cold(made, asked, runs))
    lines["warm"].put(HERE, seconds)
    return text, rows, lines


def compare(made: Made, runs: int, engines: list[str]) -> None:
    """Load and ask in every place, and print a line for each."""
    loading = Line(made.claims, "bulk load of what was built")
    bare = [sys.executable, "-c", LOAD, str(made.store.nquads), str(made.folder / "bare")]
    seconds, peak = process(bare, made.cache)
    loading.put(HERE, seconds, f" {peak:.0f} MB")
    here = [(asked, *ask_here(made, asked, runs)) for asked in made.asked]
    for engine in engines:
        with THERE[engine](made, loading) as endpoint:
            for asked, text, rows, lines in here:
                try:
                    seconds, there = warm(endpoint, text, runs)
                except CcgkgError as error:
                    lines["warm"].cells[engine] = str(error).splitlines()[0][:25]
                    continue
                note = "" if there == rows else " other rows"
                lines["warm"].put(engine, seconds, note)
                address = ("--endpoint", endpoint.shown, "--timeout", str(PATIENCE))
                lines["cold"].put(engine, cold(made, asked, runs, *address))
    loading.print()
    for *_, lines in here:
        for line in lines.values():
            line.print()


def found() -> list[str]:
    """The engines that are installed; of the others it is said that they are not."""
    beside = str(Path(sys.executable).parent)
    engines = []
    for engine, programs in PROGRAMS.items():
        missing = [
            name for name in programs if not (shutil.which(name) or shutil.which(name, path=beside))
        ]
        if missing:
            print(f"{engine} is left out: no {' and no '.join(missing)} on PATH")
        else:
            told = version(
                shutil.which(programs[0]) or str(Path(beside) / programs[0]), "--version"
            )
            print(f"{engine}: {told}")
            engines.append(engine)
    return engines


def main() -> None:
    """Run all sizes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, nargs="+", default=SIZES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="the smallest corpus alone")
    given = parser.parse_args()
    engines = found()
    print(f"{'claims':>8}  {'what':<44}{HERE:>24}{OXIGRAPH:>24}{VIRTUOSO:>24}")
    for claims in SIZES[:1] if given.quick else given.claims:
        with tempfile.TemporaryDirectory() as folder:
            compare(built(Path(folder).resolve(), claims), given.runs, engines)


if __name__ == "__main__":
    main()
