"""`ccgkg terms`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ccgkg.cli import Place
from ccgkg.corpus.places import CorpusPlace, corpus_at
from ccgkg.errors import SeedError, UsageError, nearest

if TYPE_CHECKING:
    from ccgkg.dataset.ontology import Ontology

# The table that makes them, `ccgkg.corpus.schema`, costs pydantic to import.
_SCHEMAS = (
    *("claims", "source", "actors", "topics", "works", "times", "issues"),
    *("map", "story", "glossary", "corpus"),
)


@click.command()
@click.argument("words", nargs=-1)
@click.option(
    "--json-schema",
    "schema",
    type=click.Choice(_SCHEMAS),
    help="The JSON Schema of a curation file instead, for editors.",
)
@click.pass_obj
def command(place: Place, words: tuple[str, ...], schema: str | None) -> None:
    """Show what the ontology declares and the registers hold.

    Without words: relations, schemes and registers in short. With words: the terms
    of a scheme (lever, modality …) with definitions, the entries of a register
    (actors, topics, works, waves, measures, times, issues), or every term whose name,
    label or definition holds the words and every entry whose key, label or aliases do.

    \b
    Example:
      ccgkg terms
      ccgkg terms relation
      ccgkg terms lever
      ccgkg terms actors
      ccgkg terms contract
    """  # noqa: D301
    # The ontology's reader needs the engine, the schemas pydantic: only when called.
    from ccgkg.dataset.ontology import read_ontology
    from ccgkg.dataset.terms import of_scheme

    corpus = corpus_at(place.corpus)
    ontology = read_ontology(corpus.vocabularies())
    if schema is not None:
        from ccgkg.corpus.schema import schema_text

        click.echo(schema_text(schema, corpus, ontology.vocabulary))
    elif len(words) == 1 and (scheme := of_scheme(ontology, words[0])):
        click.echo(scheme)
    else:
        _show(corpus, ontology, words)


def _show(corpus: CorpusPlace, ontology: Ontology, words: Sequence[str]) -> None:
    """Show what needs the registers; what is wrong with them is told after it.

    Raises:
        UsageError: nothing has these words.
        SeedError: a register has faults; the rest of it has been shown.
    """
    from ccgkg.corpus.directory import REGISTERS, read_directory
    from ccgkg.dataset.terms import listing, matching

    directory = read_directory(corpus, ontology.vocabulary)
    if not words:
        shown = f"{listing(ontology)}\nregisters: {directory.counts()}"
        shown += "\nEntries: ccgkg terms actors, ccgkg terms topics, ccgkg terms WORD"
    elif len(words) == 1 and words[0].lower() in REGISTERS:
        shown = directory.listing(words[0].lower())
    else:
        shown = "\n\n".join(filter(None, (matching(ontology, words), directory.holding(words))))
    if shown:
        click.echo(shown)
    if directory.faults:
        hint = "What is wrong is left out, and what rests on it. All of it: ccgkg check"
        raise SeedError("\n".join(directory.faults), hint=hint)
    if not shown:
        names = [*ontology.vocabulary.relations, *ontology.vocabulary.schemes, *REGISTERS]
        near = nearest(words[0], [*names, *directory.keys])
        hint = f"Nearest: {', '.join(near)}" if near else "All of them: ccgkg terms"
        raise UsageError(f"nothing has {' '.join(words)!r}", hint=hint)
