"""A replica: the dataset in somebody else's engine, read back, added to and weeded.

It is read by SPARQL queries, added to by the SPARQL 1.1 Graph Store Protocol (one POST a graph,
which merges) or by SPARQL 1.1 Update (`INSERT DATA`), and weeded by `DELETE DATA`. Nothing but
the quads that are named ever changes: no graph is put, cleared or dropped. What the dataset has
in its default graph may lie in a named graph there, for engines without a default graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from ccgkg.dataset.endpoint import Endpoint
from ccgkg.dataset.exchange import FORM, Exchange
from ccgkg.dataset.lots import MOST_QUADS, Lot
from ccgkg.errors import UsageError

__all__ = ["Replica", "Ways"]

_PAGE = 2000
_DEFAULT = ox.DefaultGraph()


class Ways(NamedTuple):
    """Where a server is changed.

    Attributes:
        store: by the Graph Store Protocol, if it is.
        update: by SPARQL Update, if it is.
    """

    store: Exchange | None = None
    update: Exchange | None = None


class Replica:
    """The dataset in another engine.

    Attributes:
        endpoint: where it is asked.
        graph: IRI of the graph that takes the place of the default graph; empty for that itself.
    """

    def __init__(self, endpoint: Endpoint, ways: Ways, graph: str = "") -> None:
        """Name a replica; nothing is asked yet.

        Args:
            endpoint: where it is asked.
            ways: where it is changed.
            graph: IRI of the graph that takes the place of the default graph.

        Raises:
            UsageError: the graph has no IRI.
        """
        self.endpoint, self._ways, self.graph = endpoint, ways, graph
        try:
            self._named = ox.NamedNode(graph) if graph else None
        except ValueError:
            raise UsageError(
                f"`{graph}` is no IRI of a graph", hint="Give it in full: https://example.org/g"
            ) from None

    @property
    def advice(self) -> str:
        """What helps if it does not take values as they are."""
        if self._ways.store is not None:
            return "Its bulk loader may take them: ccgkg export -o dataset.nq"
        return "It may take them by the Graph Store Protocol: --store"

    def read(self, lot: Lot) -> set[ox.Quad]:
        """What it has of the subjects or graphs of a lot."""
        names = "\n".join(map(str, lot.names))
        if lot.graphs:
            rows = self._rows(f"?s ?p ?o ?g {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}")
            return {ox.Quad(*row) for row in rows}
        # As N-Triples every engine writes values as it has them: in rows Virtuoso has 1 for true.
        pattern = self._pattern(f"VALUES ?s {{ {names} }} ?s ?p ?o")
        triples = self.endpoint.ask(f"CONSTRUCT {{ ?s ?p ?o }} {{ {pattern} }}").terms()
        return {ox.Quad(s, p, o, _DEFAULT) for s, p, o in triples}

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add some quads.

        Raises:
            NotBuildable: they are not taken.
        """
        if self._ways.store is None:
            self._change("INSERT DATA", quads)
            return
        for graph, held in self._by_graph(quads):
            query = f"graph={quote(graph.value, safe='')}" if graph else "default"
            content = "".join(f"{quad.triple} .\n" for quad in held)
            # N-Triples are Turtle, and Virtuoso takes them under no other name.
            self._ways.store.load(content.encode(), "text/turtle; charset=utf-8", query)

    def remove(self, quads: Iterable[ox.Quad]) -> None:
        """Remove some quads, which have no blank nodes.

        Raises:
            NotBuildable: that is refused.
        """
        self._change("DELETE DATA", quads)

    def _change(self, what: str, quads: Iterable[ox.Quad]) -> None:
        """Send some quads as an update."""
        assert self._ways.update is not None
        for some in _batched(quads):
            # A quad a line: Virtuoso refuses a text with few lines that are long.
            parts = []
            for graph, held in self._by_graph(some):
                triples = "".join(f"{quad.triple} .\n" for quad in held)
                parts.append(f"GRAPH {graph} {{\n{triples}}}\n" if graph else triples)
            text = f"{what} {{\n{''.join(parts)}}}"
            self._ways.update.load(urlencode({"update": text}).encode(), FORM)

    def _by_graph(
        self, quads: Iterable[ox.Quad]
    ) -> Iterator[tuple[ox.NamedNode | None, Iterator[ox.Quad]]]:
        """Quads by the graph that they have there, which may be the default one, sorted."""
        ordered = sorted(quads, key=lambda quad: (str(quad.graph_name), str(quad)))
        for graph, held in groupby(ordered, key=lambda quad: quad.graph_name):
            yield (graph if isinstance(graph, ox.NamedNode) else self._named), held

    def count(self, starts: Sequence[str], *, graphs: bool = False) -> int:
        """How many triples have subjects that start so, or stand in graphs whose names do."""
        _, pattern = self._below(starts, graphs)
        ((count, *_),) = self._rows(f"(COUNT(*) AS ?n) {{ {pattern} }}")
        return int(count.value)

    def names(self, starts: Sequence[str], *, graphs: bool = False) -> Iterator[str]:
        """The subjects, or graphs, that start so, each once; no engine gives all of many."""
        name, pattern = self._below(starts, graphs)
        last = ""
        while True:
            after = f"FILTER(STR({name}) > {ox.Literal(last)})"
            text = f"(STR({name}) AS ?iri) {{ {pattern} {after} }} ORDER BY ?iri LIMIT {_PAGE}"
            page = [row[0].value for row in self._rows(text)]
            yield from page
            if not page or max(page) <= last:
                return
            last = max(page)

    def _below(self, starts: Sequence[str], graphs: bool) -> tuple[str, str]:
        """A variable and the pattern that binds it to names that start in one of some ways."""
        name = "?g" if graphs else "?s"
        pattern = "GRAPH ?g { ?s ?p ?o }" if graphs else self._pattern("?s ?p ?o")
        told = " || ".join(f"STRSTARTS(STR({name}), {ox.Literal(start)})" for start in starts)
        return name, f"{pattern} FILTER(isIRI({name})) FILTER({told})"

    def in_other_graphs(self, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
        """Which quads of the default graph stand in a named graph too.

        Some engines read all graphs as one, and take from all of them what is to be removed
        from the default graph.
        """
        found: set[ox.Quad] = set()
        for some in _batched(quads):
            listed = "\n".join(f"({quad.subject} {quad.predicate} {quad.object})" for quad in some)
            pattern = f"VALUES (?s ?p ?o) {{ {listed} }} GRAPH ?g {{ ?s ?p ?o }}"
            rows = self._rows(f"?s ?p ?o {{ {pattern} }}")
            found |= {ox.Quad(s, p, o, _DEFAULT) for s, p, o in rows}
        return found

    def _pattern(self, inner: str) -> str:
        return f"GRAPH {self._named} {{ {inner} }}" if self._named else inner

    def _rows(self, text: str) -> Iterator[tuple[Any, ...]]:
        return self.endpoint.ask(f"SELECT DISTINCT {text}").terms()


def _batched(quads: Iterable[ox.Quad]) -> Iterator[list[ox.Quad]]:
    """Quads in their order, as many at a time as a server is to take at once."""
    rest = iter(quads)
    while some := list(islice(rest, MOST_QUADS)):
        yield some
