"""The ontology told to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ccgkg.corpus.vocabulary import LITERAL, Relation, Term
from ccgkg.dataset.ontology import Ontology

__all__ = ["listing", "matching", "of_scheme"]


def listing(ontology: Ontology) -> str:
    """Relations by family, and schemes with their terms, in short."""
    vocabulary = ontology.vocabulary
    families: dict[str, list[str]] = {}
    for name, relation in sorted(vocabulary.relations.items()):
        families.setdefault(relation.family, []).append(name)
    lines = [f"relations ({len(vocabulary.relations)}), by family:"]
    lines += [f"  {family}: {', '.join(names)}" for family, names in sorted(families.items())]
    lines.append("schemes:")
    for scheme, terms in sorted(vocabulary.schemes.items()):
        lines.append(f"  {scheme}: {', '.join(terms)}")
    kinds = {"class": 0, "property": 0}
    for term in vocabulary.terms.values():
        kinds[term.scheme] += 1
    lines.append(f"vocabulary: {kinds['class']} classes, {kinds['property']} properties")
    lines.append("Definitions: ccgkg terms relation, ccgkg terms lever, ccgkg terms WORD")
    return "\n".join(lines)


def of_scheme(ontology: Ontology, scheme: str) -> str:
    """The terms of a scheme by its name; empty if there is no such scheme."""
    chosen = [term for term in _everything(ontology) if term.scheme == scheme.lower()]
    return "\n\n".join(_told(ontology, chosen))


def matching(ontology: Ontology, words: Sequence[str]) -> str:
    """Every term that holds all the words."""
    wanted = [word.lower() for word in words]
    chosen = [
        term for term in _everything(ontology) if all(word in _searched(term) for word in wanted)
    ]
    return "\n\n".join(_told(ontology, chosen))


def _everything(ontology: Ontology) -> Iterator[Term]:
    vocabulary = ontology.vocabulary
    yield from (relation.term for _, relation in sorted(vocabulary.relations.items()))
    for _, terms in sorted(vocabulary.schemes.items()):
        yield from terms.values()
    yield from (term for _, term in sorted(vocabulary.terms.items()))


def _searched(term: Term) -> str:
    return f"{term.name} {term.label} {term.definition}".lower()


def _told(ontology: Ontology, terms: Iterable[Term]) -> Iterator[str]:
    namespaces = sorted(
        ((namespace, prefix) for prefix, namespace in ontology.prefixes.items()), reverse=True
    )
    for term in terms:
        namespace, prefix = next(n for n in namespaces if term.iri.startswith(n[0]))
        head = f"{prefix}:{term.iri.removeprefix(namespace)} ({term.scheme}): {term.label}"
        lines = [head, f"  {term.definition}"]
        relation = ontology.vocabulary.relations.get(term.name)
        if relation is not None and relation.term is term:
            lines.append(f"  {_ends(relation)}")
        if term.source:
            lines.append(f"  source: {term.source}")
        yield "\n".join(lines)


def _ends(relation: Relation) -> str:
    names = {LITERAL: "words of the source"}
    sides = [
        "|".join(sorted(names.get(end, end) for end in ends)) or "(nothing)"
        for ends in (relation.domain, relation.range)
    ]
    parts = [f"{sides[0]} → {sides[1]}"]
    if relation.inverse:
        parts.append(f"inverse: {relation.inverse}")
    if relation.symmetric:
        parts.append("symmetric")
    if relation.levers:
        parts.append(f"lever: {', '.join(relation.levers)}")
    return "; ".join(parts)
