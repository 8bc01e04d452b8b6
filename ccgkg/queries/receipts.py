"""Receipts: the claims on which a statement of the dataset rests.

A statement rests on each claim that it is about or mentions; where it is a bare triple, on the
claims in whose named graphs it stands; where it is a fact of a register, on the claims that the
register names for it. What an entry of a register says of itself rests on the claims of the entry:
an issue's bearing on the claim that bears. Labels of other things, the ontology and what else the
registers say rest on no claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ccgkg.dataset.rows import values_clause

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable
    from ccgkg.dataset.clauses import Graphs
    from ccgkg.dataset.store import Value

__all__ = ["Receipts", "Statement"]

_AT_ONCE = 500


class Statement(NamedTuple):
    """A statement, and where it was matched.

    Attributes:
        graph: the named graph; None in the default graph.
    """

    subject: Value
    predicate: Value
    object: Value
    graph: Value | None


class Receipts:
    """Finds the claims of statements.

    Args:
        store: the dataset.
        graphs: those of which a query makes its own dataset, if it does.
    """

    def __init__(self, store: Askable, graphs: Graphs | None) -> None:
        self._store, self._graphs = store, graphs
        self._claims = f"{store.manifest.corpus['base']}claim/"
        self._stating: dict[tuple[Value, Value, Value], tuple[str, ...]] = {}

    def claim_of(self, value: Value | None) -> str | None:
        """The claim that a value is, or a part of whose description it is."""
        if value is None or value.kind != "iri" or not value.text.startswith(self._claims):
            return None
        parts = value.text.removeprefix(self._claims).split("/")
        return f"{self._claims}{parts[0]}/{parts[1]}" if len(parts) > 1 else None

    def read(self, statements: Iterable[Statement]) -> None:
        """Look up which claims state what; `of` then finds them."""
        triples = dict.fromkeys(
            statement[:3]
            for statement in statements
            if statement.graph is None
            and statement.predicate.text in self._relations
            and "blank" not in (statement.subject.kind, statement.object.kind)
        )
        new = iter([triple for triple in triples if triple not in self._stating])
        while lot := list(islice(new, _AT_ONCE)):
            found = defaultdict(list)
            for *triple, graph in self._stated(lot):
                found[tuple(triple)].append(graph.text)
            self._stating |= {triple: tuple(found[triple]) for triple in lot}

    def _stated(self, lot: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
        """Each triple with the claims in whose graph it stands."""
        values = values_clause(("?s", "?p", "?o"), lot)
        query = f"SELECT ?s ?p ?o ?g {{ {values} GRAPH ?g {{ ?s ?p ?o }} }}"
        for row in self._store.rows(query):
            whole = tuple(value for value in row if value is not None)
            graph = whole[-1]
            if self.claim_of(graph) == graph.text and (
                self._graphs is None or graph.text in self._graphs.default
            ):
                yield whole

    def of(self, statement: Statement) -> set[str]:
        """The IRIs of the claims of a statement that has been read."""
        claims = {self.claim_of(statement.subject), self.claim_of(statement.object)}
        if statement.graph is not None:
            claims.add(self.claim_of(statement.graph))
        else:
            claims.update(self._stating.get(statement[:3], ()))
        if statement.graph is None and self._graphs is None:
            claims.update(self._facts.get(statement[:3], ()))
            claims.update(self._resting.get(statement.subject, ()))
        return {claim for claim in claims if claim is not None}

    @cached_property
    def _relations(self) -> set[str]:
        """The properties that bare triples have."""
        rows = self._store.rows("SELECT ?relation { ?relation a ccg:Relation }")
        return {relation.text for (relation,) in rows if relation is not None}

    @cached_property
    def _facts(self) -> dict[tuple[Value, ...], list[str]]:
        """Statements of the registers that rest on claims."""
        return self._grouped(
            "SELECT ?thing ?property ?value ?claim { ?fact ccg:factOf ?thing ; "
            "ccg:factProperty ?property ; ccg:factValue ?value ; ccg:restsOn ?claim }"
        )

    @cached_property
    def _resting(self) -> dict[Value, list[str]]:
        """Entries of the registers that rest on claims as a whole."""
        rows = self._grouped("SELECT ?thing ?claim { ?thing ccg:restsOn|ccg:claim ?claim }")
        return {thing: claims for (thing,), claims in rows.items()}

    def _grouped(self, query: str) -> dict[tuple[Value, ...], list[str]]:
        found: dict[tuple[Value, ...], list[str]] = defaultdict(list)
        for row in self._store.rows(query):
            *key, claim = (value for value in row if value is not None)
            found[tuple(key)].append(claim.text)
        return found
