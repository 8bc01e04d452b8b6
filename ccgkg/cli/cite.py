"""`ccgkg cite`."""

from __future__ import annotations

import click

from ccgkg.citations.citing import FORMATS, cite
from ccgkg.cli import Place, standard_input
from ccgkg.dataset.cards import claim_iri, read_card
from ccgkg.errors import UsageError


@click.command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.option(
    "--format", "format", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.pass_obj
def command(place: Place, claims: tuple[str, ...], format: str) -> None:
    """Cite claims with their passages, chains and sources.

    A claim is a short id as `ccgkg find` shows it, an IRI, or - for a list on
    standard input.

    \b
    Example:
      ccgkg cite pulse-2016/influence-20
      ccgkg cite holder-2014/carrots-support --format biblatex
      ccgkg find stick | grep / | ccgkg cite -
    """  # noqa: D301
    named: list[str] = []
    for given in claims:
        if given == "-":
            named += standard_input().split()
        else:
            named.append(given)
    if not named:
        raise UsageError("no claim was named")
    store = place.store()
    cards = [read_card(store, claim_iri(store, given)) for given in dict.fromkeys(named)]
    click.echo(cite(cards, store.manifest, format))
