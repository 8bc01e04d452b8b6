"""Fetching: what cards need of some claims, by a few requests instead of one for each property.

A first kind of request brings the claims with what hangs on them (links of the chain,
passages with their targets and selectors, bearings); a second brings the names of whatever
these mention, and the records of the sources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ccgkg.dataset.cards import Card, read_card
from ccgkg.dataset.prefixes import CCG, PROV, RDF
from ccgkg.errors import NotBuildable

if TYPE_CHECKING:
    from ccgkg.dataset.endpoint import Endpoint
    from ccgkg.dataset.store import Value

__all__ = ["Fetched", "fetched_cards"]

_CLAIMS_AT_ONCE = 50
"""A claim has some 65 triples, and many an engine cuts answers after 10,000 rows."""

_THINGS_AT_ONCE = 500

_CLAIMS = """CONSTRUCT { ?claim ?p ?o . ?part ?q ?r } WHERE {
  VALUES ?claim { %s }
  { ?claim ?p ?o }
  UNION { ?claim prov:qualifiedAttribution ?part . ?part ?q ?r }
  UNION { ?part oa:hasBody ?claim . ?part ?q ?r }
  UNION { ?passage oa:hasBody ?claim ; oa:hasTarget ?part . ?part ?q ?r }
  UNION { ?passage oa:hasBody ?claim ; oa:hasTarget ?target . ?target oa:hasSelector ?part .
    ?part ?q ?r }
  UNION { ?part ccg:claim ?claim . ?part ?q ?r }
}"""

_THINGS = """CONSTRUCT {
  ?thing rdfs:label ?label ; ccg:csl ?csl ; ccg:sha256 ?sha256 .
  ?fact ccg:factOf ?thing ; ccg:factField ?field ; ccg:known ?known
} WHERE {
  VALUES ?thing { %s }
  { ?thing rdfs:label ?label }
  UNION { ?thing ccg:csl ?csl ; ccg:sha256 ?sha256 }
  UNION { ?fact ccg:factOf ?thing ; ccg:factField ?field ; ccg:known ?known }
}"""

_MENTIONS = (
    RDF + "subject",
    RDF + "predicate",
    RDF + "object",
    PROV + "agent",
    *(CCG + name for name in ("if", "unless", "in", "issue", "source")),
)
"""The properties whose values are told by their names."""


class Fetched:
    """What has been fetched of a dataset; answers `objects` and `subjects` as a store does."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._subjects: dict[tuple[str, str], set[str]] = defaultdict(set)

    def add(self, triples: Iterable[tuple[Value, Value, Value]]) -> None:
        """Keep triples; what is no IRI is nobody's subject."""
        for subject, predicate, value in triples:
            self._values[subject.text, predicate.text].add(value.text)
            if subject.kind == value.kind == "iri":
                self._subjects[predicate.text, value.text].add(subject.text)

    def objects(self, subject: str, predicate: str) -> list[str]:
        """The texts of all values of a property, sorted."""
        return sorted(self._values.get((subject, predicate), ()))

    def subjects(self, predicate: str, value: str) -> list[str]:
        """The IRIs that have an IRI as the value of a property, sorted."""
        return sorted(self._subjects.get((predicate, value), ()))

    def mentioned(self) -> list[str]:
        """The IRIs that are told by their names, sorted."""
        return sorted({value for name, value in self._subjects if name in _MENTIONS})


def fetched_cards(endpoint: Endpoint, claims: Sequence[str]) -> list[Card]:
    """The cards of claims at an endpoint, in their order.

    Raises:
        NotBuildable: the endpoint gives no answer, or says too little of a claim.
    """
    fetched = Fetched()
    for lot in _lots(claims, _CLAIMS_AT_ONCE):
        fetched.add(endpoint.ask(_CLAIMS % lot).triples())
    for lot in _lots(fetched.mentioned(), _THINGS_AT_ONCE):
        fetched.add(endpoint.ask(_THINGS % lot).triples())
    return [_card(endpoint, fetched, claim) for claim in claims]


def _lots(iris: Sequence[str], most: int) -> Iterator[str]:
    """IRIs as terms of SPARQL, so many at once."""
    rest = iter(iris)
    while lot := list(islice(rest, most)):
        yield " ".join(str(ox.NamedNode(iri)) for iri in lot)


def _card(endpoint: Endpoint, fetched: Fetched, claim: str) -> Card:
    from ccgkg.corpus.sources import RecordForm

    try:
        card = read_card(fetched, claim)
        RecordForm.model_validate(card.source.csl)
    except (IndexError, KeyError, TypeError, ValueError):
        # No build has checked what stands there.
        raise NotBuildable(
            f"{endpoint.shown}: says too little of the claim "
            f"{claim.partition('/claim/')[2]} to cite it"
        ) from None
    return card
