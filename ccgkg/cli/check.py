"""`ccgkg check`."""

from __future__ import annotations

import sys

import click

from ccgkg.cli import Place, talk
from ccgkg.cli.build import coverage_table, progress
from ccgkg.corpus.places import corpus_at
from ccgkg.corpus.sentences import pin
from ccgkg.dataset.compiling import compile_corpus
from ccgkg.dataset.opening import coverage_rows


@click.command()
@click.option(
    "--pin",
    "pinning",
    is_flag=True,
    help="Write sentences.yaml beside each source that has none.",
)
@click.pass_obj
def command(place: Place, pinning: bool) -> None:
    """Check sources, claims and queries without writing anything.

    Exits with 3 if there are errors, with 1 if there are open warnings, with 0 if all is
    well. Lists every sentence that carries no claim and no reason why not.

    \b
    Example:
      ccgkg check
      ccgkg --corpus my-library check
    """  # noqa: D301
    compiled = compile_corpus(corpus_at(place.corpus), progress)
    progress("")
    if pinning:
        for source in compiled.corpus.sources.values():
            if not source.is_pinned:
                talk(f"wrote {pin(source.folder, source.text, source.sentences)}")
    click.echo(coverage_table(coverage_rows(compiled)))
    for finding in compiled.findings:
        click.echo(str(finding))
    errors, warnings = len(compiled.errors), len(compiled.warnings)
    click.echo(f"{errors} errors, {warnings} warnings")
    sys.exit(3 if errors else 1 if warnings else 0)
