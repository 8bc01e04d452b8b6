"""What the dataset says of one thing: never more than its neighbourhood is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ccgkg.dataset.emit import node
from ccgkg.dataset.prefixes import CCG, DCTERMS, OA, ORG, RDFS, SKOS

__all__ = ["about"]

_Thing = ox.NamedNode | ox.BlankNode
_Term = _Thing | ox.Literal | ox.Triple

_LABELS = (node(RDFS + "label"), node(SKOS + "prefLabel"))

# Parts that point at their whole, and not the whole at them: passages, reasoned links, facts,
# bearings, regions, changes.
_BACKWARDS = tuple(
    map(
        node,
        (
            OA + "hasBody",
            CCG + "linkFrom",
            CCG + "factOf",
            CCG + "issue",
            DCTERMS + "isPartOf",
            ORG + "resultingOrganization",
        ),
    )
)


def about(engine: ox.Store, iri: str, base: str) -> list[ox.Quad]:
    """Everything that the dataset says of a thing, of its parts, and the names of what they name.

    Its parts are what it leads to, or what leads back to it, at an address below its own: the
    links, passages and selectors of a claim, the facts of an actor. A blank node that it leads
    to has no other home and is a part too. A claim's named graph belongs to the claim.

    Args:
        engine: the dataset.
        iri: the thing.
        base: the corpus's base IRI; things elsewhere have no parts but blank nodes, for
            nobody knows what their addresses mean. Empty where there is no corpus.

    Returns:
        The quads, each in its own graph; none if the dataset says nothing of the thing.

    Raises:
        ValueError: it is no IRI.
    """
    whole = ox.NamedNode(iri)
    below = f"{iri}/" if base and iri.startswith(base) else ""
    found: dict[ox.Quad, None] = {}
    known: set[_Thing] = {whole}
    waiting: list[_Thing] = [whole]
    while waiting:
        thing = waiting.pop()
        said = list(engine.quads_for_pattern(thing, None, None, None))
        found.update(dict.fromkeys(said))
        near: list[_Term] = [quad.object for quad in said]
        if below:
            for property in _BACKWARDS:
                back = engine.quads_for_pattern(None, property, thing, None)
                near += [quad.subject for quad in back]
        parts = set(_parts(near, below)) - known
        known |= parts
        waiting += parts
    if below:
        found.update(dict.fromkeys(engine.quads_for_pattern(None, None, None, whole)))
    found.update(dict.fromkeys(_names(engine, list(found))))
    return list(found)


def _parts(terms: Iterable[_Term], below: str) -> Iterator[_Thing]:
    for term in terms:
        if isinstance(term, ox.BlankNode) or (
            isinstance(term, ox.NamedNode) and below and term.value.startswith(below)
        ):
            yield term


def _names(engine: ox.Store, said: list[ox.Quad]) -> list[ox.Quad]:
    """What the things are called that some quads point at."""
    pointed = {quad.object for quad in said if isinstance(quad.object, ox.NamedNode)}
    return [
        quad
        for thing in pointed
        for label in _LABELS
        for quad in engine.quads_for_pattern(thing, label, None, None)
    ]
