"""What the spine costs, as ratios taken side by side in one run.

    python tests/benchmarks/spine.py [--runs N]

Each pair of commands is run in turn, A B A B …, after one warm-up; the figure is the
median of the ratios of the pairs, so that a machine whose speed drifts does not decide.
Whole processes are timed from outside, with the operating system's own account of their
peak memory. Exits with 1 if a figure misses its mark.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from measuring import CCGKG, ROOT, Table, paired, process

QUERY = "carrots-and-sticks"

BARE = """
import sys
import click
import pyoxigraph as ox
path, query = sys.argv[1:]
if path.endswith(".nq"):
    store = ox.Store()
    store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
else:
    store = ox.Store.read_only(path)
for row in store.query(open(query, encoding="utf-8").read()):
    click.echo("\\t".join(str(term) for term in row))
"""


def anchoring(runs: int) -> tuple[float, ...]:
    """An exact, unique quote in 500 KB against one `str.find` over the whole of it."""
    from ccgkg.corpus.anchors import Quote, locate
    from ccgkg.corpus.text import Text

    source = (ROOT / "seeds/holder-2014/source.txt").read_text(encoding="utf-8").split()
    random.seed(1)
    filler = " ".join(random.choice(source) for _ in range(90_000))[:500_000]
    quote = "CCGs tended to give out the carrots, helping and supporting their colleagues"
    middle = filler.index(" ", 250_000)
    text = Text(f"{filler[:middle]} {quote}{filler[middle:]}")
    absent = quote[:-1] + "§"
    repeats = 200

    def locating() -> float:
        began = time.perf_counter()
        for _ in range(repeats):
            assert locate(text, Quote.parse(quote)).verdict == "exact"
        return (time.perf_counter() - began) / repeats

    def finding() -> float:
        began = time.perf_counter()
        for _ in range(repeats):
            assert text.content.find(absent) < 0
        return (time.perf_counter() - began) / repeats

    return paired(locating, finding, runs)


def main() -> None:
    """Run all pairs and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    table = Table()
    row = table.at_most
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "kept"
        process([*CCGKG, "build"], cache)
        kept = next(cache.iterdir())
        data = next(iter(sorted(kept.glob("store-*"))), next(kept.glob("dataset-*.nq")))
        bare = [sys.executable, "-c", BARE, str(data), str(ROOT / "queries" / f"{QUERY}.rq")]
        query = [*CCGKG, "query", QUERY]
        ratio, a, b = paired(
            lambda: process(query, cache)[0], lambda: process(bare, cache)[0], runs
        )
        row("cold query / bare click + pyoxigraph script", f"{a:.3f} / {b:.3f} s", ratio, 1.5)
        peak = max(process(query, cache)[1] for _ in range(3))
        row("peak memory of the cold query, MB / 60", f"{peak:.0f} MB", peak / 60, 1.0)
        fresh = iter(range(10_000))

        def building() -> float:
            return process([*CCGKG, "build"], Path(folder) / f"fresh-{next(fresh)}")[0]

        imports = [sys.executable, "-c", "import rdflib, yaml"]
        ratio, a, b = paired(building, lambda: process(imports, cache)[0], runs)
        row("build / import rdflib, yaml", f"{a:.3f} / {b:.3f} s", ratio, 12)
        again = [*CCGKG, "build"]
        ratio, a, b = paired(
            lambda: process(again, cache)[0], lambda: process(query, cache)[0], runs
        )
        row("build with nothing changed / cold query", f"{a:.3f} / {b:.3f} s", ratio, 2)
    ratio, a, b = anchoring(runs)
    row(
        "anchoring an exact quote in 500 KB / str.find over it",
        f"{a * 1e6:.0f} / {b * 1e6:.0f} µs",
        ratio,
        1.5,
    )
    sys.exit(1 if table.missed else 0)


if __name__ == "__main__":
    main()
