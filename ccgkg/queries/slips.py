"""Slips in a user's own SPARQL that the engine answers with silence.

A misspelt property, a label without its language, a relation of which no bare triple
stands, a column that nothing binds: to the engine each is a query like any other, with no
rows. Here a query is compared with the dataset after it has run. Each term costs a look-up
in the store's indexes; only a slip costs more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ccgkg.dataset.prefixes import RDF, RESOURCES, STANDARD
from ccgkg.dataset.store import Store
from ccgkg.errors import nearest
from ccgkg.queries.mentions import Mentions, mentions
from ccgkg.queries.running import prefixed

__all__ = ["slips"]

_SIMPLE = re.compile(r"[\w-]+:[\w-]*")


def slips(store: Store, text: str) -> Iterator[str]:
    """What is probably not meant in a query that has run, one message each.

    An IRI that the dataset lacks and a column that nothing binds are told whatever the
    answer; what is only unusual is told where it found nothing.

    Args:
        store: the dataset.
        text: a query that the engine accepts, with its parameters bound.
    """
    found = mentions(text, store.manifest.prefixes)
    ours = [iri for iri in found.iris if iri.startswith(_namespaces(store))]
    unknown = [iri for iri in ours if not _occurs(store, iri)]
    yield from (_unknown(store, iri) for iri in unknown)
    yield from _unbound(found)
    known = [iri for iri in found.predicates if iri not in unknown]
    doubts = [*_untagged(store, found.strings), *_never_used(store, known)]
    if doubts and store.ask(text).found_nothing():
        yield from doubts


def _namespaces(store: Store) -> tuple[str, ...]:
    """The corpus's base, its vocabularies' namespaces and the tool's own."""
    manifest = store.manifest
    ours = set(manifest.prefixes.values()) - set(STANDARD.values())
    return (manifest.corpus["base"], *sorted(ours))


def _occurs(store: Store, iri: str) -> bool:
    term = f"<{iri}>"
    return store.ask(
        f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?s {term} ?o }} UNION {{ ?s ?p {term} }} }}"
    ).truth


def _unknown(store: Store, iri: str) -> str:
    near = _near(store, iri)
    told = f"; nearest: {', '.join(_written(store, one) for one in near)}" if near else ""
    return (
        f"{_written(store, iri)} stands nowhere in the dataset{told}. "
        f"Look it up: {_lookup(store, iri, near)}"
    )


def _near(store: Store, iri: str) -> list[str]:
    """What the dataset describes by the same name elsewhere, or else by one like it."""
    rows = store.rows("SELECT DISTINCT ?thing { ?thing rdfs:label|skos:prefLabel ?label }")
    spaces = _namespaces(store)
    things = sorted(thing.text for (thing,) in rows if thing and thing.text.startswith(spaces))
    home = _space(iri, spaces)
    everywhere = _by_name((thing, _space(thing, spaces)) for thing in things)
    beside = _by_name((thing, home) for thing in things if thing.startswith(home))
    name = iri.removeprefix(home)
    near = everywhere.get(name) or _like(name, beside) or _like(name, everywhere)
    return near[:3]


def _space(iri: str, spaces: Sequence[str]) -> str:
    return max((space for space in spaces if iri.startswith(space)), key=len)


def _by_name(things: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Things by what stands after their namespace."""
    named: dict[str, list[str]] = {}
    for thing, space in things:
        named.setdefault(thing.removeprefix(space), []).append(thing)
    return named


def _like(name: str, named: Mapping[str, list[str]]) -> list[str]:
    return [thing for key in nearest(name, named) for thing in named[key]]


def _written(store: Store, iri: str) -> str:
    """An IRI as a query may write it."""
    short = prefixed(store, iri)
    return short if _SIMPLE.fullmatch(short) else f"<{iri}>"


def _lookup(store: Store, iri: str, near: Sequence[str]) -> str:
    """The command that shows what the nearest thing is, or everything of its kind."""
    best = near[0] if near else iri
    kind, _, key = best.removeprefix(store.manifest.corpus["base"]).partition("/")
    if f"{kind}/" not in RESOURCES.values():
        word = re.split("[/#]", best)[-1]
        return f"ccgkg terms {word}" if near else "ccgkg terms"
    if kind == "claim":
        return f"ccgkg cite {key}" if near else "ccgkg find WORDS"
    if kind == "source":
        return "ccgkg check"
    return f"ccgkg terms {key if near else f'{kind}s'}"


def _unbound(found: Mentions) -> Iterator[str]:
    for column in found.unbound:
        near = nearest(column, found.bound, most=1)
        told = f"; nearest: ?{near[0]}" if near else ""
        yield f"nothing in the pattern binds ?{column}, so its column is empty{told}"


def _untagged(store: Store, strings: Sequence[str]) -> Iterator[str]:
    """Plain strings that no literal is, but one with a language would be."""
    unmatched = [string for string in strings if not store.ask(f"ASK {{ ?s ?p {string} }}").truth]
    if not unmatched:
        return
    tags = store.rows(
        "SELECT DISTINCT (LANG(?label) AS ?tag) "
        "{ VALUES ?class { ccg:Actor ccg:Claim } ?thing a ?class ; rdfs:label ?label }"
    )
    for string in unmatched:
        tagged = [f"{string}@{tag.text}" for (tag,) in tags if tag is not None and tag.text]
        for text in tagged:
            for thing, name in store.rows(f"SELECT ?thing ?name {{ ?thing ?name {text} }} LIMIT 1"):
                assert thing is not None and name is not None
                yield (
                    f"{string} matches no literal without its language: {text} is the "
                    f"{_written(store, name.text)} of {_written(store, thing.text)}"
                )


def _never_used(store: Store, predicates: Sequence[str]) -> Iterator[str]:
    """Predicates that no triple has: relations without a bare triple, their inverses, others."""
    for iri in predicates:
        term, name = f"<{iri}>", _written(store, iri)
        if store.ask(f"ASK {{ ?s {term} ?o }}").truth:
            continue
        if store.ask(f"ASK {{ {term} a ccg:Relation }}").truth:
            claims = len(store.subjects(RDF + "predicate", iri))
            yield (
                f"no bare triple has {name}: only what the corpus establishes stands as one. "
                f"Ask the claims ({claims}): ?claim rdf:subject ?a ; rdf:predicate {name} ; "
                "rdf:object ?b"
            )
            continue
        straight = [row[0] for row in store.rows(f"SELECT ?r {{ {term} owl:inverseOf ?r }}")]
        told = "".join(
            f"; it is the inverse of {_written(store, one.text)}, the rdf:predicate of claims"
            for one in straight
            if one is not None
        )
        yield f"no triple has {name} as its predicate{told}"
