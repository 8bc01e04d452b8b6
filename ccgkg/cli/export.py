"""`ccgkg export`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from ccgkg.cli import Place
from ccgkg.errors import NotBuildable

_SUFFIXES = {".nq": "nquads", ".trig": "trig", ".jsonld": "jsonld", ".json": "jsonld"}


@click.command()
@click.option(
    "--format",
    "format",
    type=click.Choice(["nquads", "trig", "jsonld"]),
    help="Left out: as the file's name ends (.nq, .trig, .jsonld), else nquads.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="A file; left out, or -: standard output.",
)
@click.pass_obj
def command(place: Place, format: str | None, output: Path | None) -> None:
    """Write the dataset as N-Quads, TriG or JSON-LD.

    The N-Quads are the canonical artefact: sorted, without blank nodes, the same bytes
    for the same input.

    \b
    Example:
      ccgkg export -o ccg.nq
      ccgkg export -o ccg.trig
      ccgkg export --format trig | less
    """  # noqa: D301
    from ccgkg.dataset.cache import write_atomically

    format = format or _SUFFIXES.get(output.suffix if output else "", "nquads")
    store = place.store()
    if output is None or str(output) == "-":
        store.export(format, sys.stdout.buffer)
        return
    buffer = io.BytesIO()
    store.export(format, buffer)
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(
                buffer.getvalue()
            )  # a pipe or a device is written to, never replaced
        else:
            write_atomically(output, buffer.getvalue())
    except OSError as error:
        raise NotBuildable(f"{output}: cannot be written: {error.strerror}") from None
