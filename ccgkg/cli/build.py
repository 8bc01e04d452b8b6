"""`ccgkg build`."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccgkg.cli import Place, talk
from ccgkg.corpus.places import corpus_at
from ccgkg.dataset.cache import Cache, cache_root, is_current
from ccgkg.dataset.opening import build
from ccgkg.queries.tables import text_table

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["coverage_table", "progress"]


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that compile the sources; more than one pays from some thousand claims.",
)
@click.option(
    "--shards",
    type=click.Path(path_type=Path, file_okay=False),
    help="Leave the dataset in this folder too, as one file of sorted N-Quads for each source.",
)
@click.pass_obj
def command(place: Place, workers: int, shards: Path | None) -> None:
    """Build the dataset and say what it holds.

    Nothing is built when nothing changed. The earlier dataset stays in force until the
    new one is whole. It is the same, to the byte, with any number of workers.

    \b
    Example:
      ccgkg build
      ccgkg build --workers 2
      ccgkg build --shards shards
    """  # noqa: D301
    began = time.perf_counter()
    corpus = corpus_at(place.corpus)
    cache = Cache.of(corpus, cache_root(place.cache))
    manifest = cache.manifest()
    known = manifest is not None and is_current(manifest, corpus) and cache.holds(manifest)
    # What the shards hold is not known: they are made anew.
    fresh = not known or shards is not None
    if fresh or manifest is None:
        with _executor(workers) as executor:
            manifest = build(corpus, cache, progress, executor=executor, shards=shards)
        progress("")
    click.echo(coverage_table(manifest.table))
    for warning in manifest.warnings:
        talk(warning)
    seconds = time.perf_counter() - began
    state = "built" if fresh else "nothing changed"
    click.echo(
        f"{manifest.quads} quads; {len(manifest.warnings)} open findings; "
        f"sha256:{manifest.digest[:12]}; {state} in {seconds:.2f} s"
    )
    if manifest.warnings:
        sys.exit(1)


def _executor(count: int) -> AbstractContextManager[Executor | None]:
    """Processes to compile in; none for one worker, which is this process."""
    if count == 1:
        return nullcontext()
    from ccgkg.dataset.workers import workers

    return workers(count)


def progress(step: str) -> None:
    """Show what is being done, on a terminal only; nothing wipes the line."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{step} …\r" if step else "\r\x1b[K", nl=False, err=True)


def coverage_table(table: list[dict[str, Any]]) -> str:
    """One row per source and a total.

    `outside` is the share of the words of claim-bearing sentences inside no passage,
    `unclaimed` the share of the words of body and comments declared no claim.
    """
    head = [
        "source", "sentences", "claimed", "no claim", "open", "claims", "exact", "folded",
        "outside", "unclaimed", "findings",
    ]  # fmt: skip
    rows = []
    for row in table:
        counts = [row[name] for name in ("sentences", "claimed", "declared", "open", "claims")]
        shown = [str(count) for count in counts] + [str(row["exact"]), str(row["folded"])]
        shares = [f"{row['outside']:.0%}", f"{row['no_claim']:.0%}"] if row["curated"] else ["", ""]
        name = row["source"] if row["curated"] else f"{row['source']} (not curated)"
        rows.append([name, *shown, *shares, str(row["findings"])])
    total = [str(sum(int(row[at]) for row in rows)) for at in range(1, 8)]
    rows.append(["all", *total, "", "", str(sum(row["findings"] for row in table))])
    return text_table(head, rows, width=140)
