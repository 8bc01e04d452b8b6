"""`ccgkg check`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccgkg.cli import Place, talk
from ccgkg.corpus.rules import ALL, explained, listed

if TYPE_CHECKING:
    from ccgkg.corpus.places import CorpusPlace
    from ccgkg.dataset.compiling import Compiled


@click.command()
@click.option(
    "--pin",
    "pinning",
    is_flag=True,
    help="Write sentences.yaml beside each source that has none.",
)
@click.option(
    "--explain",
    metavar="RULE",
    help=f"Say what a rule means and what to do about it, and check nothing; `{ALL}` lists the "
    "rules.",
)
@click.pass_obj
def command(place: Place, pinning: bool, explain: str | None) -> None:
    """Check sources, claims and queries without writing anything.

    Each finding ends with the rule that it breaks. Errors stop the build; warnings are
    mended, or accepted with a reason by an `accept:` in the file; notes stand apart and
    change no exit code. Exits with 3 if there are errors, with 1 if there are open
    warnings, with 0 if all is well.

    \b
    Example:
      ccgkg check
      ccgkg --corpus my-library check
      ccgkg check --explain hedge-missing
      ccgkg check --explain all
    """  # noqa: D301
    if explain is None:
        _check(place, pinning)
    elif explain == ALL:
        from ccgkg.queries.tables import text_table

        click.echo(text_table(["rule", "level", "means"], list(listed())))
    else:
        click.echo(explained(explain))


def _check(place: Place, pinning: bool) -> None:
    # pydantic, YAML and the engine: an explanation needs none of them.
    from ccgkg.cli.build import coverage_table, progress
    from ccgkg.corpus.places import corpus_at

    corpus = corpus_at(place.corpus)
    compiled = _compiled(corpus)
    progress("")
    if pinning and compiled.unpinned:
        for key in compiled.unpinned:
            _pin(corpus.seeds / key, compiled.views["sources"][key]["sentences"])
        compiled = _compiled(corpus)
        progress("")
    click.echo(coverage_table(compiled.table))
    errors, warnings, notes = compiled.errors, compiled.warnings, compiled.notes
    for finding in compiled.findings:
        if finding.level != "note":
            click.echo(str(finding))
    if notes:
        click.echo()
    for note in notes:
        click.echo(str(note))
    counts = (("error", len(errors)), ("warning", len(warnings)), ("note", len(notes)))
    click.echo(", ".join(f"{count} {level}{'s' * (count != 1)}" for level, count in counts))
    sys.exit(3 if errors else 1 if warnings else 0)


def _compiled(corpus: CorpusPlace) -> Compiled:
    from ccgkg.cli.build import progress
    from ccgkg.dataset.compiling import compile_corpus

    with tempfile.TemporaryDirectory(prefix="ccgkg-") as folder:
        return compile_corpus(corpus, Path(folder), progress)


def _pin(folder: Path, spans: Iterable[tuple[int, int]]) -> None:
    from ccgkg.corpus.sentences import pin
    from ccgkg.corpus.sources import read_source_text
    from ccgkg.corpus.text import Span

    talk(f"wrote {pin(folder, read_source_text(folder), [Span(*span) for span in spans])}")
