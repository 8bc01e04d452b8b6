"""Measuring: how large a dataset is, by class, by property and by graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

__all__ = ["Sizes", "measured"]

# What a named graph alone says. A claim's graph repeats the default graph, so that this is
# nothing in a dataset of ours; another dataset may have all that it says in named graphs.
_ONLY_NAMED = "SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }"


@dataclass(frozen=True)
class Sizes:
    """How large a dataset is; a triple counts once, in however many graphs it stands.

    Attributes:
        default: triples of the default graph.
        properties: property to triples.
        classes: class to its members.
        entities: things that are of some class.
        graphs: named graph to triples.
    """

    default: int
    properties: Mapping[str, int]
    classes: Mapping[str, int]
    entities: int
    graphs: Mapping[str, int]

    @property
    def triples(self) -> int:
        """Triples of the whole dataset."""
        return sum(self.properties.values())


def measured(engine: ox.Store) -> Sizes:
    """Measure a dataset.

    This reads all of it: do it once, and keep the answer.
    """
    default = _counts(engine, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    named = _counts(engine, f"SELECT ?p (COUNT(*) AS ?n) {{ {{ {_ONLY_NAMED} }} }} GROUP BY ?p")
    members = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"
    ((typed,),) = _rows(engine, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c }", union=True)
    return Sizes(
        default=default.total(),
        properties=default + named,
        classes=_counts(engine, members, union=True),
        entities=int(typed.value),
        graphs=_counts(engine, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"),
    )


def _rows(engine: ox.Store, query: str, *, union: bool = False) -> list[ox.QuerySolution]:
    # In the union of all graphs a triple in two of them is there twice: only what counts
    # distinct things may be asked of it.
    result = engine.query(query, use_default_graph_as_union=union)
    assert isinstance(result, ox.QuerySolutions)
    return list(result)


def _counts(engine: ox.Store, query: str, *, union: bool = False) -> Counter[str]:
    """The rows of a query as IRI to number; what is no IRI is left out."""
    rows = _rows(engine, query, union=union)
    return Counter({key.value: int(n.value) for key, n in rows if isinstance(key, ox.NamedNode)})
