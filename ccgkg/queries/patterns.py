"""Patterns: a SELECT query taken apart, each part with its place in the text.

The engine has parsed the query before, so it is well formed; no library gives its syntax tree
with the places of its parts. What need not be understood (expressions, VALUES, orders) is kept
as it is written. What is read here decides which claims an answer rests on, so a text that is
not understood is refused, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = [
    "Alternative",
    "Bind",
    "Closure",
    "Column",
    "Element",
    "Excluded",
    "Filter",
    "Group",
    "InGraph",
    "Inverse",
    "Lateral",
    "Minus",
    "Optional",
    "Path",
    "Pattern",
    "Select",
    "Sequence",
    "Step",
    "Union",
    "Values",
    "variables",
    "written",
]


class Step(NamedTuple):
    """A path of one property.

    Attributes:
        iri: as written, `a` spelled out.
    """

    iri: str


class Inverse(NamedTuple):
    """A path walked backwards."""

    of: Path


class Sequence(NamedTuple):
    """Paths one after the other."""

    parts: tuple[Path, ...]


class Alternative(NamedTuple):
    """One path or another."""

    parts: tuple[Path, ...]


class Closure(NamedTuple):
    """A path walked many times.

    Attributes:
        of: the path.
        how: `?`, `*` or `+`.
    """

    of: Path
    how: str


class Excluded(NamedTuple):
    """Any property but these, forwards or backwards."""

    forward: tuple[str, ...]
    backward: tuple[str, ...]


Path = Step | Inverse | Sequence | Alternative | Closure | Excluded


class Pattern(NamedTuple):
    """A triple pattern.

    Attributes:
        subject: a term as written; blank nodes have become variables.
        path: the property; a variable is a `str`.
        object: like the subject.
    """

    subject: str
    path: Path | str
    object: str


class Group(NamedTuple):
    """What stands between braces.

    Attributes:
        elements: in their order.
        start: offset of the opening brace.
        end: just past the closing one.
    """

    elements: tuple[Element, ...]
    start: int
    end: int


class Optional(NamedTuple):
    """`OPTIONAL { … }`."""

    group: Group


class Lateral(NamedTuple):
    """`LATERAL { … }`, which some engines have."""

    group: Group


class Union(NamedTuple):
    """`{ … } UNION { … }`, of one branch too."""

    branches: tuple[Group, ...]


class Minus(NamedTuple):
    """`MINUS { … }`.

    Attributes:
        group: what must not match.
        start: offset of the word.
    """

    group: Group
    start: int


class InGraph(NamedTuple):
    """`GRAPH ?g { … }`.

    Attributes:
        graph: a term as written.
        group: what is matched there.
    """

    graph: str
    group: Group


class Filter(NamedTuple):
    """`FILTER …`.

    Attributes:
        text: as written.
        start: its offset.
        exists: the pattern, if the filter is nothing but EXISTS or NOT EXISTS.
        negated: whether it is NOT EXISTS.
    """

    text: str
    start: int
    exists: Group | None
    negated: bool


class Bind(NamedTuple):
    """`BIND (… AS ?v)`.

    Attributes:
        text: as written.
        start: its offset.
        variable: with its question mark.
    """

    text: str
    start: int
    variable: str


class Values(NamedTuple):
    """`VALUES … { … }`.

    Attributes:
        text: as written.
        variables: with their question marks.
    """

    text: str
    variables: tuple[str, ...]


class Column(NamedTuple):
    """A column, or a key of GROUP BY.

    Attributes:
        text: a variable or `(expression AS ?v)`, as written; of a key also an expression alone.
        variable: its name with the question mark; nothing where it has none.
    """

    text: str
    variable: str


class Select(NamedTuple):
    """A SELECT, the query's own or a subquery's.

    Attributes:
        distinct: whether DISTINCT or REDUCED.
        columns: none for `*`.
        dataset: its FROM clauses, as written.
        group: its pattern.
        keys: of GROUP BY.
        aggregates: whether rows are groups of solutions.
        clauses: HAVING, ORDER BY, LIMIT, OFFSET, VALUES, each as written.
        start: offset of the word SELECT.
        end: just past its last clause.
        deciding: variables of a subquery that filters outside it read.
    """

    distinct: bool
    columns: tuple[Column, ...]
    dataset: str
    group: Group
    keys: tuple[Column, ...]
    aggregates: bool
    clauses: dict[str, str]
    start: int
    end: int
    deciding: tuple[str, ...] = ()


Element = Pattern | Optional | Lateral | Union | Minus | InGraph | Filter | Bind | Values | Select


def written(path: Path | str) -> str:
    """A path as SPARQL writes it."""
    match path:
        case str() | Step():
            return path if isinstance(path, str) else path.iri
        case Inverse(of):
            told = f"^({written(of)})"
        case Sequence(parts):
            told = "/".join(f"({written(part)})" for part in parts)
        case Alternative(parts):
            told = "|".join(f"({written(part)})" for part in parts)
        case Closure(of, how):
            told = f"({written(of)}){how}"
        case Excluded(forward, backward):
            told = f"!({'|'.join([*forward, *(f'^{iri}' for iri in backward)])})"
    return told


def variables(part: Group | Element) -> Iterator[str]:
    """The variables that a part may bind, with their question marks; some more than once."""
    match part:
        case Group(elements):
            for element in elements:
                yield from variables(element)
        case Pattern(subject, path, value):
            terms = (subject, written(path), value)
            yield from (term for term in terms if term.startswith("?"))
        case Optional(group) | Lateral(group):
            yield from variables(group)
        case Union(branches):
            for branch in branches:
                yield from variables(branch)
        case InGraph(graph, group):
            yield from (graph,) if graph.startswith("?") else ()
            yield from variables(group)
        case Bind(variable=variable):
            yield variable
        case Values(variables=named):
            yield from named
        case Select(columns=columns, group=group):
            yield from (column.variable for column in columns)
            yield from () if columns else variables(group)
