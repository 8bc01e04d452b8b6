"""`ccgkg serve`."""

from __future__ import annotations

from pathlib import Path

import click

from ccgkg.cli import Place, talk


def _number(_: click.Context, __: click.Parameter, value: float) -> float:
    # What is no number is in every range.
    if value != value:  # noqa: PLR0124
        raise click.BadParameter("it is a number of seconds")
    return value


def _address(_: click.Context, __: click.Parameter, value: str) -> str:
    # The system takes no address for all of them, which is never meant by saying nothing.
    if not value.strip():
        raise click.BadParameter("it is empty; every address of this machine is 0.0.0.0")
    return value


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    callback=_address,
    help="Address to listen at.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 takes one that is free.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="Processes that evaluate queries; left out: as many as processors, at least 2.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, 3600, min_open=True),
    default=10,
    show_default=True,
    callback=_number,
    help="Seconds that a query may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(64),
    default=1024,
    show_default=True,
    help="Megabytes that a query may take beyond the dataset.",
)
@click.option(
    "--max-bytes",
    type=click.IntRange(1),
    default=20_000_000,
    show_default=True,
    help="Bytes that an answer may have.",
)
@click.option(
    "--dataset",
    type=click.Path(path_type=Path),
    help="A file of N-Quads or TriG to serve instead of the corpus.",
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A name under which it is reached, through a proxy for example; repeatable.",
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917  (click hands over each option)
    place: Place,
    host: str,
    port: int,
    workers: int | None,
    timeout: float,
    memory: int,
    max_bytes: int,
    dataset: Path | None,
    hosts: tuple[str, ...],
) -> None:
    """Serve a SPARQL endpoint, a query page and the pages of the site.

    Only this machine can reach it unless --host says otherwise. The dataset is only
    read: updates, SERVICE and LOAD are refused, and a query that takes too long, too
    much memory or gives too much is ended. Each request is one line of JSON on stderr.

    \b
    Example:
      ccgkg serve
      ccgkg serve --port 0 --timeout 30
      ccgkg serve --dataset other.trig
      ccgkg serve --host 0.0.0.0 --allow-host data.example.org
    """  # noqa: D301
    import os

    from ccgkg.server.running import serve
    from ccgkg.server.settings import Settings

    settings = Settings(
        host=host,
        port=port,
        workers=workers or max(2, os.cpu_count() or 1),
        timeout=timeout,
        memory=memory,
        max_bytes=max_bytes,
        hosts=hosts,
    )
    serve(dataset if dataset is not None else place.store(), settings, talk)
