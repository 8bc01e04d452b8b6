"""`ccgkg push`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ccgkg.cli import Place, talk
from ccgkg.errors import UsageError

if TYPE_CHECKING:
    from ccgkg.dataset.pushing import Pushed

_SECONDS = 60


@click.command()
@click.argument("endpoint")
@click.option("--store", "store_url", metavar="URL", help="Add by the Graph Store Protocol.")
@click.option("--update", "update_url", metavar="URL", help="Add by SPARQL Update.")
@click.option(
    "--graph",
    default="",
    metavar="IRI",
    help="Where the default graph goes; left out: the server's own.",
)
@click.option("--prune", is_flag=True, help="Remove what is there of the corpus and not here.")
@click.option("--check", "checking", is_flag=True, help="Compare only; send nothing.")
@click.option(
    "--timeout",
    type=click.IntRange(1, 86_400),
    default=_SECONDS,
    show_default=True,
    metavar="S",
    help="Seconds that the server has for each answer.",
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917  (click hands over each option)
    place: Place,
    endpoint: str,
    store_url: str | None,
    update_url: str | None,
    graph: str,
    prune: bool,
    checking: bool,
    timeout: int,
) -> None:
    """Load the dataset into a SPARQL server, and check that all of it is there.

    ENDPOINT is where the server answers queries; --store or --update is where it is
    loaded. What is there is read back, and only what is missing is sent: pushing again
    is safe, and goes on where a push broke off. Nothing else of the server is changed.
    What is there of the corpus and no longer here is told, and removed by --prune,
    which needs --update.

    Name and password go into the addresses (https://NAME:PASSWORD@…); a password that is
    left out is taken from the variable CCGKG_PASSWORD, where no other user sees it.

    \b
    Example:
      ccgkg push http://127.0.0.1:7878/query --store http://127.0.0.1:7878/store
      ccgkg push http://127.0.0.1:7878/query --update http://127.0.0.1:7878/update --prune
      ccgkg push https://example.org/sparql --check
    """  # noqa: D301
    from ccgkg.cli.build import progress
    from ccgkg.dataset.endpoint import Endpoint
    from ccgkg.dataset.exchange import Exchange
    from ccgkg.dataset.pushing import compare, push
    from ccgkg.dataset.replica import Replica, Ways

    _refuse(store_url, update_url, prune, checking)
    store = place.store()
    total = store.manifest.quads
    ways = Ways(
        Exchange(store_url, timeout) if store_url else None,
        Exchange(update_url, timeout) if update_url else None,
    )
    replica = Replica(Endpoint(endpoint, store.manifest, timeout), ways, graph)
    far = f"0 of {total:,} quads"

    def tell(known: int) -> None:
        nonlocal far
        far = f"{known:,} of {total:,} quads"
        progress(far)

    try:
        if checking:
            done = compare(store, replica, tell)
        else:
            done = push(store, replica, tell, prune=prune)
    except KeyboardInterrupt:
        progress("")
        again = "" if checking else "; push again, and it goes on from there"
        talk(f"{far} are known to be there{again}.")
        raise
    finally:
        progress("")
    click.echo(_told(done, replica.endpoint.shown))
    for warning in _warnings(done):
        talk(f"Warning: {warning}")
    if not done.agrees:
        sys.exit(1)


def _refuse(store_url: str | None, update_url: str | None, prune: bool, checking: bool) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: they do not.
    """
    if checking and (store_url or update_url or prune):
        raise UsageError("--check sends nothing, so it goes without --store, --update and --prune")
    if not (checking or store_url or update_url):
        raise UsageError(
            "where to load the dataset is not said",
            hint="Give --store URL or --update URL; or --check, to compare only.",
        )
    if prune and not update_url:
        raise UsageError("--prune removes by SPARQL Update", hint="Give --update URL too.")
    if store_url and update_url and not prune:
        raise UsageError("--store and --update go together only with --prune")


def _told(done: Pushed, shown: str) -> str:
    if done.missing.count:
        return f"{done.known:,} of {done.total:,} quads are at {shown}"
    parts = [f"{done.known - done.sent:,} were there", f"{done.sent:,} sent"]
    if done.removed:
        parts.append(f"{done.removed:,} others removed")
    told = f" ({', '.join(parts)})" if done.sent or done.removed else ""
    return f"{done.known:,} quads are at {shown}{told}"


def _warnings(done: Pushed) -> list[str]:
    """What is not as it is here."""
    told = []
    if done.missing.count:
        told.append(f"{done.missing.count:,} quads are missing, such as: {done.missing.first}")
    if done.rewritten.count:
        told.append(
            f"{done.rewritten.count:,} values are written otherwise there, such as: "
            f"{done.rewritten.first}; a query that looks at their characters may answer otherwise"
        )
    if done.kept.count:
        told.append(
            f"{done.kept.count:,} quads that are not in the dataset stay there, for they have "
            f"blank nodes or stand in other graphs too, such as: {done.kept.first}"
        )
    elif done.extra.count:
        told.append(
            f"{done.extra.count:,} quads there are not in the dataset, such as: "
            f"{done.extra.first}; --prune removes them"
        )
    return told
