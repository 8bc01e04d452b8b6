"""Tracing: a pattern written anew so that each solution tells which statements it matched.

A solution names all its variables, so a triple pattern with a solution's values put in is the
statement that it matched. Only what a solution does not show is added: which branch of a UNION
and which OPTIONAL took part (a marker), the things between the steps of a path, and blank nodes
(as variables). What cannot be shown so is left as it is and traced by a question of its own
(a path of any length, EXISTS, a subquery), or told as not traced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ccgkg.corpus.tokens import pieces
from ccgkg.queries.parsing import Fresh
from ccgkg.queries.parts import (
    Absent,
    Chosen,
    Fulfilled,
    Gap,
    LeftOpen,
    Matched,
    Part,
    Walked,
    Where,
)
from ccgkg.queries.patterns import (
    Alternative,
    Bind,
    Closure,
    Element,
    Excluded,
    Filter,
    Group,
    InGraph,
    Inverse,
    Lateral,
    Minus,
    Optional,
    Path,
    Pattern,
    Select,
    Step,
    Union,
    Values,
    variables,
    written,
)
from ccgkg.queries.patterns import Sequence as Chain

__all__ = ["Tracer", "absence"]


class Tracer:
    """Writes patterns anew; collects what their solutions rest on.

    Attributes:
        parts: what makes a solution rest on claims.
        untraced: what cannot be traced.
    """

    def __init__(self, text: str, fresh: Fresh) -> None:
        self._text, self._fresh = text, fresh
        self._optional: dict[str, tuple[str, ...]] = {}
        self._made_of: dict[str, set[str]] = {}
        self._decided: set[str] = set()
        self.parts: list[Part] = []
        self.untraced: list[Gap] = []

    def columns(self, *more: str) -> list[str]:
        """The variables that a solution must show, each once, with some more before them."""
        wanted = list(more)
        for part in self.parts:
            wanted += [*part.terms(), part.where.graph, part.where.marker]
        return [name for name in dict.fromkeys(wanted) if name.startswith("?")]

    def group(self, group: Group, where: Where, *, marked: bool = False) -> str:
        """A group written anew, with its braces.

        Args:
            group: to be traced.
            where: it stands.
            marked: whether its marker is bound at its end.
        """
        told: list[str] = []
        seen: list[str] = []
        inner = where._replace(seen=(*where.seen, *variables(group)))
        for element in group.elements:
            told.append(self._element(element, inner, tuple(seen)))
            seen += variables(element)
        for element in group.elements:
            if isinstance(element, Filter) and element.exists is None:
                self.decides(element.text, element.start, where)
        if marked:
            told.append(f"BIND(true AS {where.marker})")
        return f"{{ {' '.join(told)} }}"

    def _branch(self, group: Group, where: Where) -> str:
        return self.group(group, where._replace(marker=self._fresh.one()), marked=True)

    def _element(self, element: Element, where: Where, before: tuple[str, ...]) -> str:
        """An element written anew.

        Args:
            element: to be traced.
            where: it stands; a filter there sees what the whole group binds.
            before: the variables bound before it, which the filter of an OPTIONAL sees too.
        """
        inside = where._replace(seen=())
        match element:
            case Pattern(subject, path, value):
                told = self.pattern(subject, path, value, inside)
            case Optional(group):
                told = f"OPTIONAL {self._branch(group, where._replace(seen=before))}"
                self._optional |= dict.fromkeys(
                    set(variables(group)) - set(before), _described(group, set(before))
                )
            case Lateral(group):
                told = f"LATERAL {self.group(group, where._replace(seen=before))}"
            case Union(branches):
                told = self._union(branches, inside)
            case InGraph(graph, group):
                told = f"GRAPH {graph} {self.group(group, inside._replace(graph=graph))}"
            case Select():
                told = self._subquery(element, inside)
            case Minus(group, start):
                told = self._text[start : group.end]
                self._absent(group, start, "MINUS", where)
            case Filter() | Bind() | Values():
                told = element.text
                self._condition(element, where)
        return told

    def _condition(self, element: Filter | Bind | Values, where: Where) -> None:
        """What matches no statement itself, unless it asks what exists."""
        if isinstance(element, Filter) and element.exists is not None:
            if element.negated:
                self._absent(element.exists, element.start, "NOT EXISTS", where)
            else:
                self._exists(element.exists, element.start, where)
        elif isinstance(element, Bind):
            self.makes(element.variable, element.text, element.start)

    def decides(self, text: str, start: int, where: Where) -> None:
        """Trace an expression that decides whether there is a row: what it reads may be open."""
        self.asks(text, start)
        read = self._read_by(text)
        self._decided |= read
        for name in sorted(read & self._optional.keys()):
            self.parts.append(LeftOpen(name, self._optional[name], start, where._replace(seen=())))

    def makes(self, name: str, text: str, start: int) -> None:
        """Trace an expression that gives a variable its value."""
        self.asks(text, start)
        self._made_of[name] = self._read_by(text)

    def asks(self, text: str, start: int) -> None:
        """Look for what cannot be traced in any expression."""
        if any(token.kind == "word" and token.text.upper() == "EXISTS" for token in pieces(text)):
            self.untraced.append(Gap(start, "EXISTS inside an expression"))

    def _read_by(self, text: str) -> set[str]:
        """The variables on which an expression depends, by way of BIND too."""
        names = {f"?{token.text[1:]}" for token in pieces(text) if token.kind == "variable"}
        return names | {one for name in names for one in self._made_of.get(name, ())}

    def _union(self, branches: Sequence[Group], where: Where) -> str:
        if len(branches) == 1:
            return self.group(branches[0], where)
        return " UNION ".join(self._branch(branch, where) for branch in branches)

    def _subquery(self, query: Select, where: Where) -> str:
        if where.graph:
            self.untraced.append(Gap(query.start, "a subquery inside GRAPH"))
        else:
            columns = tuple(dict.fromkeys(variables(query)))
            self.parts.append(Chosen(query, columns, self._decided, where))
        return self._text[query.start : query.end]

    def _exists(self, group: Group, start: int, where: Where) -> None:
        if where.graph:
            self.untraced.append(Gap(start, "EXISTS inside GRAPH"))
            return
        if not _is_joinable(group.elements):
            self.untraced.append(
                Gap(start, "EXISTS about more than triples, GRAPH, UNION, VALUES and filters")
            )
            return
        inside = set(_mentioned(group, self._text))
        shared = tuple(name for name in dict.fromkeys(where.seen) if name in inside)
        self.parts.append(Fulfilled(shared, group, start, where._replace(seen=())))

    def _absent(self, group: Group, start: int, word: str, where: Where) -> None:
        subjects = () if where.graph else _described(group, set(where.seen))
        if subjects:
            self.parts.append(Absent(subjects, word, start, where._replace(seen=())))
        else:
            self.untraced.append(Gap(start, absence(word)))

    def pattern(self, subject: str, path: Path | str, value: str, where: Where) -> str:
        """A triple pattern written anew: its path in single steps, as far as that is possible."""
        match path:
            case str() | Step():
                predicate = written(path)
                self.parts.append(Matched(subject, predicate, value, where))
                return f"{subject} {predicate} {value} ."
            case Inverse(of):
                return self.pattern(value, of, subject, where)
            case Chain(parts):
                return self._chain(subject, parts, value, where)
            case Alternative(parts):
                return self._either([(subject, part, value) for part in parts], where)
            case Excluded(forward, backward):
                return self._other(subject, (forward, backward), value, where)
            case Closure():
                self.parts.append(Walked(subject, path, value, where))
                return f"{subject} {written(path)} {value} ."

    def _chain(self, subject: str, parts: Sequence[Path], value: str, where: Where) -> str:
        between = [subject, *(self._fresh.one() for _ in parts[1:]), value]
        return " ".join(
            self.pattern(between[at], part, between[at + 1], where) for at, part in enumerate(parts)
        )

    def _either(self, ways: Sequence[tuple[str, Path, str]], where: Where) -> str:
        branches = []
        for way in ways:
            marker = self._fresh.one()
            told = self.pattern(*way, where._replace(marker=marker))
            branches.append(f"{{ {told} BIND(true AS {marker}) }}")
        return " UNION ".join(branches)

    def _other(
        self, subject: str, excluded: tuple[Sequence[str], Sequence[str]], value: str, where: Where
    ) -> str:
        """Any property but some: forwards, backwards, or both."""
        forward, backward = excluded
        branches = []
        for iris, ends in ((forward, (subject, value)), (backward, (value, subject))):
            if not iris:
                continue
            predicate, marker = self._fresh.one(), self._fresh.one()
            told = self.pattern(ends[0], predicate, ends[1], where._replace(marker=marker))
            kept = f"FILTER({predicate} NOT IN ({', '.join(iris)}))"
            branches.append(f"{{ {told} {kept} BIND(true AS {marker}) }}")
        return " UNION ".join(branches)


def absence(what: str) -> str:
    """Why it is not traced that something is not there."""
    return f"{what}: that something is not said is said by no claim"


def _is_joinable(elements: Iterable[Element], *, outermost: bool = True) -> bool:
    """Whether joining a pattern with a solution finds what EXISTS finds with its values."""
    for element in elements:
        match element:
            case Pattern() | Values():
                continue
            case Filter() if outermost:
                continue
            case InGraph(_, group) if _is_joinable(group.elements, outermost=False):
                continue
            case Union(branches) if all(
                _is_joinable(branch.elements, outermost=False) for branch in branches
            ):
                continue
        return False
    return True


def _mentioned(group: Group, text: str) -> Iterator[str]:
    """The variables that the filters of a group name."""
    inside = text[group.start : group.end]
    yield from (f"?{token.text[1:]}" for token in pieces(inside) if token.kind == "variable")


def _described(group: Group, seen: set[str]) -> tuple[str, ...]:
    """The subjects of a group that only says what known things say of themselves; else nothing."""
    subjects: list[str] = []
    for element in group.elements:
        match element:
            case Pattern(subject, path, _) if _is_plain(path) and (
                subject in seen or not subject.startswith("?")
            ):
                subjects.append(subject)
            case Filter(exists=None):
                continue
            case _:
                return ()
    return tuple(dict.fromkeys(subjects))


def _is_plain(path: Path | str) -> bool:
    """Whether a path is one statement about its subject."""
    match path:
        case str() | Step():
            return True
        case Alternative(parts):
            return all(_is_plain(part) for part in parts)
    return False
