"""`ccgkg terms`."""

from __future__ import annotations

import click

from ccgkg.cli import Place
from ccgkg.corpus.places import corpus_at
from ccgkg.errors import UsageError, nearest


@click.command()
@click.argument("words", nargs=-1)
@click.option(
    "--json-schema",
    "schema",
    type=click.Choice(
        ["claims", "source", "actors", "topics", "works", "times", "issues", "corpus"]
    ),
    help="The JSON Schema of a curation file instead, for editors.",
)
@click.pass_obj
def command(place: Place, words: tuple[str, ...], schema: str | None) -> None:
    """Show what the ontology declares, with definitions.

    Without words: relations and schemes in short. With words: the terms of a scheme
    (lever, modality …), or every term whose name, label or definition holds them.

    \b
    Example:
      ccgkg terms
      ccgkg terms relation
      ccgkg terms lever
      ccgkg terms contract
    """  # noqa: D301
    # The ontology's reader needs the engine, the schemas pydantic: only when called.
    from ccgkg.dataset.ontology import read_ontology
    from ccgkg.dataset.terms import listing, matching

    corpus = corpus_at(place.corpus)
    ontology = read_ontology(corpus.vocabularies())
    if schema is not None:
        from ccgkg.corpus.schema import schema_text

        click.echo(schema_text(schema, corpus, ontology.vocabulary))
        return
    if not words:
        click.echo(listing(ontology))
        return
    found = matching(ontology, words)
    if not found:
        names = [*ontology.vocabulary.relations, *ontology.vocabulary.schemes]
        near = nearest(words[0], names)
        hint = f"Nearest: {', '.join(near)}" if near else "All of them: ccgkg terms"
        raise UsageError(f"no term has {' '.join(words)!r}", hint=hint)
    click.echo(found)
