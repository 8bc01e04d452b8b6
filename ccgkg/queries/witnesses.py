"""Witnesses: the claims that speak for each solution of a traced pattern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ccgkg.dataset.clauses import asked_graphs
from ccgkg.dataset.rows import values_clause
from ccgkg.queries.parsing import Fresh
from ccgkg.queries.parts import (
    Absent,
    Backing,
    Chosen,
    Fulfilled,
    Gap,
    LeftOpen,
    Matched,
    Part,
    Walked,
    Where,
)
from ccgkg.queries.patterns import Closure, Select
from ccgkg.queries.receipts import Receipts, Statement
from ccgkg.queries.tracing import Tracer, absence
from ccgkg.queries.ways import Ways

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable
    from ccgkg.dataset.store import Answer, Value

__all__ = ["Asker", "Row", "Solution", "Witnesses"]

_AT_ONCE = 500

Row = tuple["Value | None", ...]
Solution = Mapping[str, "Value | None"]
"""A variable, with its question mark, to its value."""
_Taking = Sequence[tuple[Solution, Backing]]
"""The solutions in which a part took part, each with what it rests on."""


class Asker(NamedTuple):
    """Asks parts of one query.

    Attributes:
        store: the dataset.
        text: the query.
        prologue: its PREFIX and BASE lines.
        dataset: its FROM clauses.
        fresh: gives variables that it does not have.
    """

    store: Askable
    text: str
    prologue: str
    dataset: str
    fresh: Fresh

    def ask(self, columns: str, body: str) -> Answer:
        """Ask a pattern, with the clauses that follow it, for some columns."""
        return self.store.ask(f"{self.prologue}SELECT {columns} {self.dataset} WHERE {body}")

    def solutions(self, names: Sequence[str], columns: str, body: str) -> list[Solution]:
        """The same as solutions.

        Args:
            names: the variables of the columns, each once.
            columns: as SELECT has them; if there are none, each solution is empty.
            body: the pattern and the clauses that follow it.
        """
        rows = self.ask(columns if names else "*", body).rows()
        return [dict(zip(names, row, strict=bool(names))) for row in rows]

    def tracer(self) -> Tracer:
        """A tracer of its patterns."""
        return Tracer(self.text, self.fresh)


class Witnesses:
    """Finds the claims of solutions.

    Attributes:
        untraced: what is not traced of any solution.
    """

    def __init__(
        self,
        asker: Asker,
        answered: Callable[[Select, Sequence[str]], tuple[Sequence[Row], Sequence[Backing]]],
    ) -> None:
        """Find out nothing yet.

        Args:
            asker: asks the query.
            answered: gives the rows of a subquery, in these columns, each with its claims.
        """
        self._asker, self._answered = asker, answered
        asked = asked_graphs(asker.text, asker.store.manifest.prefixes)
        self._receipts = Receipts(asker.store, asked)
        self._constants: dict[str, Value | None] = {}
        self.untraced: list[Gap] = []

    def of(self, tracer: Tracer, solutions: Sequence[Solution]) -> list[Backing]:
        """What each solution of what a tracer has written rests on."""
        self.untraced += tracer.untraced
        self._resolve(tracer.parts)
        claims: list[Backing] = [set() for _ in solutions]
        for part in tracer.parts:
            marker = part.where.marker
            taking = [
                (solution, found)
                for solution, found in zip(solutions, claims, strict=True)
                if not marker or solution[marker] is not None
            ]
            self._add(part, taking)
        return claims

    def _add(self, part: Part, taking: _Taking) -> None:
        match part:
            case Matched():
                self._matched(part, taking)
            case Walked():
                self._walked(part, taking)
            case Fulfilled():
                self._fulfilled(part, taking)
            case Chosen():
                self._chosen(part, taking)
            case Absent():
                self._absent(part, taking)
            case LeftOpen():
                self._left_open(part, taking)

    def _resolve(self, parts: Iterable[Part]) -> None:
        """Find out what the constants of a query mean; the engine knows best."""
        terms = {term for part in parts for term in (*part.terms(), part.where.graph) if term}
        new = sorted(
            term for term in terms if not term.startswith("?") and term not in self._constants
        )
        names = [self._asker.fresh.one() for _ in new]
        columns = [f"({term} AS {name})" for term, name in zip(new, names, strict=True)]
        (values,) = self._asker.solutions(names, " ".join(columns), "{}")
        self._constants |= dict(zip(new, values.values(), strict=True))

    def _value(self, term: str, solution: Solution) -> Value | None:
        return solution[term] if term.startswith("?") else self._constants[term]

    def _graph(self, where: Where, solution: Solution) -> Value | None:
        return self._value(where.graph, solution) if where.graph else None

    def _matched(self, part: Matched, taking: _Taking) -> None:
        statements = [self._statement(part, solution) for solution, _ in taking]
        self._receipts.read(statements)
        for statement, (_, claims) in zip(statements, taking, strict=True):
            claims.update(self._receipts.of(statement))

    def _statement(self, part: Matched, solution: Solution) -> Statement:
        subject, predicate, value = (self._value(term, solution) for term in part.terms())
        assert subject and predicate and value, "a pattern that took part has its values"
        return Statement(subject, predicate, value, self._graph(part.where, solution))

    def _walked(self, part: Walked, taking: _Taking) -> None:
        ways = self._ways(part.path, part.where.graph)
        for solution, claims in taking:
            inside = ways.get(self._graph(part.where, solution))
            one, other = (self._value(term, solution) for term in part.terms())
            if inside is not None:
                claims.update(inside.between(one, other, part.path.how))

    def _ways(self, path: Closure, graph: str) -> dict[Value | None, Ways]:
        """Every step of a path, by the graph in which it is."""
        tracer, fresh = self._asker.tracer(), self._asker.fresh
        one, other = fresh.one(), fresh.one()
        where = Where(graph)
        told = f"{{ {tracer.pattern(one, path.of, other, where)} }}"
        names = tracer.columns(one, other)
        body = f"{{ GRAPH {graph} {told} }}" if graph else told
        solutions = self._asker.solutions(names, " ".join(["DISTINCT", *names]), body)
        ways: dict[Value | None, Ways] = defaultdict(Ways)
        for solution, claims in zip(solutions, self.of(tracer, solutions), strict=True):
            ways[self._graph(where, solution)].add(solution[one], solution[other], claims)
        return ways

    def _fulfilled(self, part: Fulfilled, taking: _Taking) -> None:
        """EXISTS: what its pattern finds with the values of each solution.

        A variable that a solution leaves open is open in the pattern too.
        """
        cases: dict[tuple[str, ...], dict[Row, list[Backing]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for solution, claims in taking:
            given = {name: value for name in part.shared if (value := solution[name]) is not None}
            if any(value.kind == "blank" for value in given.values()):
                claims.add(Gap(part.start, "EXISTS about a blank node"))
            else:
                cases[tuple(given)][tuple(given.values())].append(claims)
        for bound, waiting in cases.items():
            keys = iter(waiting)
            while lot := list(islice(keys, _AT_ONCE)):
                for key, found in self._existing(part, bound, lot):
                    for claims in waiting[key]:
                        claims.update(found)

    def _existing(
        self, part: Fulfilled, bound: Sequence[str], lot: Sequence[Row]
    ) -> Iterator[tuple[Row, Backing]]:
        """What a pattern finds for some values of its variables, with its claims."""
        tracer = self._asker.tracer()
        inside = tracer.group(part.group, Where(seen=part.shared))[1:-1]
        names = tracer.columns(*bound)
        given = values_clause(bound, lot) if bound else ""
        body = f"{{ {given} {inside} }}"
        solutions = self._asker.solutions(names, " ".join(["DISTINCT", *names]), body)
        for solution, claims in zip(solutions, self.of(tracer, solutions), strict=True):
            yield tuple(solution[name] for name in bound), claims

    def _chosen(self, part: Chosen, taking: _Taking) -> None:
        deciding = tuple(name for name in part.columns if name in part.decided)
        rows, claims = self._answered(part.query._replace(deciding=deciding), part.columns)
        whole: dict[Row, Backing] = defaultdict(set)
        partial: list[tuple[Row, Backing]] = []
        for row, found in zip(rows, claims, strict=True):
            if None in row:
                partial.append((row, found))
            else:
                whole[row] |= found
        for solution, into in taking:
            values = tuple(solution[name] for name in part.columns)
            into.update(whole.get(values, ()))
            for row, found in partial:
                if all(one in {None, other} for one, other in zip(row, values, strict=True)):
                    into.update(found)

    def _absent(self, part: Absent, taking: _Taking) -> None:
        for solution, claims in taking:
            self._unsaid(part, part.word, solution, claims)

    def _left_open(self, part: LeftOpen, taking: _Taking) -> None:
        for solution, claims in taking:
            if solution[part.name] is None:
                self._unsaid(part, f"{part.name} of an OPTIONAL", solution, claims)

    def _unsaid(
        self, part: Absent | LeftOpen, what: str, solution: Solution, claims: Backing
    ) -> None:
        """That the subjects of a part do not say so: where they are claims, they were read."""
        subjects = [self._value(term, solution) for term in part.subjects]
        found = {self._receipts.claim_of(value) for value in subjects}
        if not found or None in found:
            claims.add(Gap(part.start, absence(what)))
        else:
            claims.update(claim for claim in found if claim is not None)
