"""`ccgkg find`."""

from __future__ import annotations

import click

from ccgkg.cli import Place, talk
from ccgkg.errors import UsageError


@click.command()
@click.argument("words", nargs=-1)
@click.option("--quote", default="", metavar="WORDS", help="Words that stand in a quote, in order.")
@click.option("--actor", default="", metavar="NAME", help="An actor: key, label, alias.")
@click.pass_obj
def command(place: Place, words: tuple[str, ...], quote: str, actor: str) -> None:
    """Find claims by words, quote or actor, without SPARQL.

    All that is given must match; case and typography are folded. An actor answers
    to its key, label and aliases, whatever their case, apostrophes, article and
    plural s, or to some words of one that fit no other actor; if the name was not
    exact, it says which was taken. All actors: ccgkg terms actors. The short ids
    that it shows go into: ccgkg cite.

    \b
    Example:
      ccgkg find contract GPs
      ccgkg find --actor "area teams"
      ccgkg find --quote "wield the stick"
    """  # noqa: D301
    from ccgkg.queries.find import find

    if not any(text.strip() for text in (*words, quote, actor)):
        raise UsageError("say what to find: words, --quote or --actor", hint="ccgkg find --help")
    found = find(place.store(), words, quote=quote, actor=actor, talk=talk)
    for claim in found:
        click.echo(
            f"{claim.short}\n  {claim.label}\n  “{claim.quote}” — {claim.asserter} "
            f"({claim.source}; {claim.modality}, {claim.polarity})"
        )
    talk(f"{len(found)} claim{'' if len(found) == 1 else 's'}")
