"""The evidence of an answer: the claims on which each row of a SELECT rests.

The query's pattern is written anew so that each solution tells which statements it matched
(`tracing`), and for each statement its claims are found (`witnesses`, `receipts`). A row that
stands for several solutions, by DISTINCT or as a group, rests on the claims of all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ccgkg.corpus.tokens import form
from ccgkg.errors import QueryError
from ccgkg.queries.parsing import Fresh, NotUnderstood, parsed
from ccgkg.queries.parts import Backing, Gap, Where
from ccgkg.queries.patterns import Column, Select
from ccgkg.queries.tracing import Tracer, absence
from ccgkg.queries.witnesses import Asker, Row, Solution, Witnesses

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable

__all__ = ["Evidenced", "Untraced", "evidence"]

_NOT_UNDERSTOOD = "from here on the query is not understood: none of it is traced"

_Told = tuple[Sequence[Row], Sequence[Backing]]
"""Rows, and what each rests on."""


class Untraced(NamedTuple):
    """A part of a query by which its rows rest on something that is not traced.

    Attributes:
        line: 1-based, in the query's text.
        column: 1-based, in characters.
        what: the part, and why.
    """

    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.what}"


class Evidenced(NamedTuple):
    """An answer with its evidence.

    Attributes:
        variables: the columns, without question marks.
        rows: the values of each row.
        claims: for each row the IRIs of the claims on which it rests, sorted.
        untraced: the parts of the query that are not traced.
    """

    variables: tuple[str, ...]
    rows: Sequence[Row]
    claims: Sequence[tuple[str, ...]]
    untraced: Sequence[Untraced]


def evidence(store: Askable, text: str) -> Evidenced:
    """The rows of a SELECT, each with the claims on which it rests.

    Args:
        store: the dataset.
        text: a SELECT query, its parameters bound.

    Raises:
        QueryError: it is not SPARQL, no SELECT, or cannot be evaluated.
    """
    answer = store.ask(text)
    if answer.kind != "select":
        raise QueryError(f"only a SELECT has evidence; this is {form(text)}")
    rows = list(answer.rows())
    nothing: list[Backing] = [set() for _ in rows]
    try:
        backing, gaps = _traced(store, text, answer.variables, rows)
    except NotUnderstood as error:
        backing, gaps = nothing, {Gap(error.start, _NOT_UNDERSTOOD)}
    except RecursionError:
        backing, gaps = nothing, {Gap(0, "the query is nested too deeply: none of it is traced")}
    for found in backing:
        gaps |= {part for part in found if isinstance(part, Gap)}
    return Evidenced(
        answer.variables,
        rows,
        [tuple(sorted(part for part in found if isinstance(part, str))) for found in backing],
        [_placed(text, gap) for gap in sorted(gaps)],
    )


def _traced(
    store: Askable, text: str, variables: Sequence[str], rows: Sequence[Row]
) -> tuple[Sequence[Backing], set[Gap]]:
    """What each row rests on, and what is not traced of any."""
    fresh = Fresh(text)
    prologue, query = parsed(text, fresh)
    answers = _Answers(Asker(store, text, prologue, query.dataset, fresh))
    _, backing = answers.traced(query, [f"?{name}" for name in variables], rows)
    return backing, set(answers.untraced)


def _placed(text: str, gap: Gap) -> Untraced:
    line = text.count("\n", 0, gap.start) + 1
    return Untraced(line, gap.start - text.rfind("\n", 0, gap.start), gap.what)


class _Answers:
    """Traces a query and the subqueries that it holds."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._witnesses = Witnesses(asker, self._subquery)

    @property
    def untraced(self) -> list[Gap]:
        """What is not traced of any row."""
        return self._witnesses.untraced

    def _subquery(self, query: Select, columns: Sequence[str]) -> _Told:
        text = self._asker.text[query.start : query.end]
        found = self._asker.solutions(columns, " ".join(columns), f"{{ {text} }}")
        return self.traced(query, columns, [tuple(row.values()) for row in found])

    def traced(self, query: Select, shown: Sequence[str], rows: Sequence[Row]) -> _Told:
        """The rows of a query, each with its claims.

        Args:
            query: the query.
            shown: its columns, with their question marks.
            rows: its answer.
        """
        columns = query.columns or [Column(name, name) for name in shown]
        if query.aggregates:
            return rows, self._grouped(query, columns, rows)
        if query.distinct:
            return rows, self._merged(query, columns, rows)
        return rows, self._single(query, columns, rows)

    def _single(
        self, query: Select, columns: Sequence[Column], rows: Sequence[Row]
    ) -> list[Backing]:
        """The claims of rows of which each is one solution."""
        tracer, body = self._pattern(query)
        names = tracer.columns(*(column.variable for column in columns))
        texts = [column.text for column in columns] + names[len(columns) :]
        tail = " ".join(query.clauses.values())
        solutions = self._asker.solutions(names, " ".join(texts), f"{body} {tail}")
        found = [tuple(one[column.variable] for column in columns) for one in solutions]
        # The engine takes some paths as a whole, and gives what it finds once, not once a way;
        # and a LIMIT without a full order may cut elsewhere.
        if Counter(found) != Counter(rows):
            return self._merged(query, columns, rows)
        waiting: dict[Row, deque[Backing]] = defaultdict(deque)
        for row, claims in zip(found, self._witnesses.of(tracer, solutions), strict=True):
            waiting[row].append(claims)
        return [waiting[row].popleft() for row in rows]

    def _merged(
        self, query: Select, columns: Sequence[Column], rows: Sequence[Row]
    ) -> list[Backing]:
        """The claims of rows of which each stands for all solutions that look like it."""
        names = [column.variable for column in columns]
        found = self._gathered(query, names, " ".join(column.text for column in columns))
        return [self._known(found, row, query) for row in rows]

    def _grouped(
        self, query: Select, columns: Sequence[Column], rows: Sequence[Row]
    ) -> list[Backing]:
        """The claims of rows of which each stands for all solutions of its group."""
        keys = [key if key.variable else self._named(key) for key in query.keys]
        names = [key.variable for key in keys]
        made = " ".join(f"BIND{key.text}" for key in keys if key.text != key.variable)
        found = self._gathered(query, names, " ".join(names), made)
        merged: dict[Row, Backing] = defaultdict(set)
        shown = [column.variable for column in columns]
        for group in self._groups(query, columns, keys):
            key = tuple(group[name] for name in names)
            # Without keys all solutions are one group, even if there are none.
            none: Backing = {Gap(query.start, absence("an aggregate of nothing"))}
            claims = self._known(found, key, query) if keys else found.get((), none)
            merged[tuple(group[name] for name in shown)] |= claims
        return [self._known(merged, row, query) for row in rows]

    def _groups(
        self, query: Select, columns: Sequence[Column], keys: Sequence[Column]
    ) -> Sequence[Solution]:
        """The groups of a query: its columns, and the keys that it does not show."""
        shown = [column.text for column in columns]
        hidden = [key.variable for key in keys if key.variable not in shown]
        names = [column.variable for column in columns] + hidden
        group = self._asker.text[query.group.start : query.group.end]
        by = f"GROUP BY {' '.join(key.text for key in keys)}" if keys else ""
        kept = [query.clauses.get(name, "") for name in ("HAVING", "VALUES")]
        return self._asker.solutions(
            names, " ".join([*shown, *hidden]), " ".join([group, by, *kept])
        )

    def _named(self, key: Column) -> Column:
        """A key of GROUP BY that is an expression alone, with a name."""
        name = self._asker.fresh.one()
        return Column(f"({key.text} AS {name})", name)

    def _known(self, found: Mapping[Row, Backing], row: Row, query: Select) -> Backing:
        """The claims of a row; one without solutions has values that change with each asking."""
        if row not in found:
            self.untraced.append(Gap(query.start, "rows whose values are made anew at each asking"))
        return found.get(row) or set()

    def _gathered(
        self, query: Select, names: Sequence[str], columns: str, made: str = ""
    ) -> dict[Row, Backing]:
        """The claims of all solutions, together for those that have the same values.

        Args:
            query: its pattern is asked, whole.
            names: the variables whose values are compared.
            columns: what is selected to have them.
            made: what gives the keys of groups their values.
        """
        tracer, body = self._pattern(query)
        wanted = tracer.columns(*names)
        more = " ".join(wanted[len(set(names)) :])
        pattern = f"{{ {body} {made} }} {query.clauses.get('VALUES', '')}"
        solutions = self._asker.solutions(wanted, f"DISTINCT {columns} {more}", pattern)
        found: dict[Row, Backing] = defaultdict(set)
        for solution, claims in zip(solutions, self._witnesses.of(tracer, solutions), strict=True):
            found[tuple(solution[name] for name in names)] |= claims
        return found

    def _pattern(self, query: Select) -> tuple[Tracer, str]:
        tracer = self._asker.tracer()
        body = tracer.group(query.group, Where())
        for one in (*query.keys, *query.columns):
            tracer.makes(one.variable, one.text, query.start)
        for text in query.clauses.values():
            tracer.asks(text, query.start)
        for text in (query.clauses.get("HAVING", ""), *query.deciding):
            tracer.decides(text, query.start, Where())
        return tracer, body
