"""Finding claims without SPARQL: by words, by quote, by actor.

Case, typography, aliases and old names are folded, so that “PCT”, “primary care trusts”
and a straight apostrophe all lead to the same claims.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ccgkg.corpus.text import fold
from ccgkg.dataset.prefixes import CCG, RDF, RDFS, SKOS
from ccgkg.dataset.store import Store
from ccgkg.queries.naming import Talk, resolve_iri

__all__ = ["Found", "find"]


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that was found."""

    short: str
    label: str
    quote: str
    asserter: str
    source: str
    modality: str
    polarity: str


def find(
    store: Store,
    words: Sequence[str],
    *,
    quote: str = "",
    actor: str = "",
    talk: Talk = lambda _: None,
) -> list[Found]:
    """Claims that match everything that is asked, in the order of their short ids.

    Args:
        store: the dataset.
        words: each must stand in the claim's sentence, quotes, or the labels and aliases
            of what it links and of who says it.
        quote: these words must stand in a quote in this order.
        actor: an actor that the claim concerns or that says it, by any of its names.
        talk: told which actor was taken, where the name was not exact.

    Raises:
        UsageError: no actor has this name, or several do; the nearest, or all of these, are named.
    """
    names = _names(store)
    involved = _pairs(store, CCG + "concerns")
    voices = _pairs(store, CCG + "voice")
    relations = _pairs(store, RDF + "predicate")
    quotes = _passages(store)
    wanted = resolve_iri(store, actor, talk, kind="actor") if actor else ""
    patterns = [_pattern(word) for word in words]
    phrase = _plain(quote)
    found = []
    for row in _claims(store):
        iri, label, who, source, modality, polarity = row
        quoted = [_plain(text) for text in quotes[iri]]
        around = {*involved[iri], *voices[iri], *relations[iri]}
        haystack = " ".join(
            [_plain(label), *quoted, *(name for thing in around for name in names.get(thing, ()))]
        )
        if wanted and wanted not in {*involved[iri], *voices[iri]}:
            continue
        if phrase and not any(phrase in text for text in quoted):
            continue
        if all(pattern.search(haystack) for pattern in patterns):
            short = iri.partition("/claim/")[2]
            found.append(
                Found(short, label, " … ".join(quotes[iri][:1]), who, source, modality, polarity)
            )
    return sorted(found, key=lambda claim: claim.short)


def _plain(text: str) -> str:
    return fold(text).content.casefold()


def _pattern(word: str) -> re.Pattern[str]:
    """A word matches itself and its longer forms: `contract` finds contracts."""
    return re.compile(rf"(?<!\w){re.escape(_plain(word).strip())}")


def _names(store: Store) -> Mapping[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for predicate in (RDFS + "label", SKOS + "altLabel"):
        for thing, values in _pairs(store, predicate).items():
            names[thing] += map(_plain, values)
    return names


def _pairs(store: Store, predicate: str) -> Mapping[str, list[str]]:
    pairs: dict[str, list[str]] = defaultdict(list)
    for subject, value in store.rows(f"SELECT ?s ?o WHERE {{ ?s <{predicate}> ?o }}"):
        if subject is not None and value is not None:
            pairs[subject.text].append(value.text)
    return pairs


def _passages(store: Store) -> Mapping[str, list[str]]:
    """For each claim the quote of its first passage, then every stretch of every passage."""
    found = _pairs(store, CCG + "quote")
    rows = store.rows(
        "SELECT ?claim ?exact WHERE { ?passage oa:hasBody ?claim ; "
        "oa:hasTarget/oa:hasSelector/oa:exact ?exact } ORDER BY ?passage ?exact"
    )
    for claim, exact in rows:
        if claim is not None and exact is not None and exact.text not in found[claim.text]:
            found[claim.text].append(exact.text)
    return found


def _claims(store: Store) -> list[tuple[str, ...]]:
    rows = store.rows(
        "SELECT ?claim ?label ?who ?source ?modality ?polarity WHERE { "
        "?claim a ccg:Claim ; rdfs:label ?label ; ccg:asserter/rdfs:label ?who ; "
        "ccg:source/rdfs:label ?source ; ccg:modality/skos:prefLabel ?modality ; "
        "ccg:polarity/skos:prefLabel ?polarity "
        "FILTER NOT EXISTS { ?claim ccg:withdrawnBecause ?why } }"
    )
    return [tuple(value.text for value in row if value is not None) for row in rows]
