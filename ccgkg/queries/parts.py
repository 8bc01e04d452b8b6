"""Parts: what of a query's pattern makes a solution rest on claims, or on what is not said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ccgkg.queries.patterns import Closure, Group, Select

__all__ = [
    "Absent",
    "Backing",
    "Chosen",
    "Fulfilled",
    "Gap",
    "LeftOpen",
    "Matched",
    "Part",
    "Walked",
    "Where",
]


class Gap(NamedTuple):
    """A part of a query by which solutions rest on something that is not traced.

    Attributes:
        start: its offset.
        what: the part, and why.
    """

    start: int
    what: str


Backing = set[str | Gap]
"""What a solution rests on: IRIs of claims, and what of it is not traced."""


class Where(NamedTuple):
    """Where in a query a pattern stands.

    Attributes:
        graph: the term of the GRAPH around it, if there is one.
        marker: the variable that is bound in the solutions in which it took part; nothing where
            it takes part in all.
        seen: variables that a filter there sees from outside its braces.
    """

    graph: str = ""
    marker: str = ""
    seen: tuple[str, ...] = ()


class Part(Protocol):
    """A part of a pattern that makes a solution rest on claims."""

    @property
    def where(self) -> Where:
        """Where it stands."""
        ...

    def terms(self) -> Iterable[str]:
        """The terms whose values it needs of a solution."""
        ...


class Matched(NamedTuple):
    """A triple pattern: the statement that it matched."""

    subject: str
    predicate: str
    object: str
    where: Where

    def terms(self) -> Iterable[str]:
        """Subject, predicate, object."""
        return self.subject, self.predicate, self.object


class Walked(NamedTuple):
    """A path of any length: the statements on all ways from one end to the other."""

    subject: str
    path: Closure
    object: str
    where: Where

    def terms(self) -> Iterable[str]:
        """Both ends."""
        return self.subject, self.object


class Fulfilled(NamedTuple):
    """FILTER EXISTS: the statements by which it is so.

    Attributes:
        shared: the variables that the filter has from the solution.
        group: what exists.
        start: its offset.
    """

    shared: tuple[str, ...]
    group: Group
    start: int
    where: Where

    def terms(self) -> Iterable[str]:
        """The shared variables."""
        return self.shared


class Chosen(NamedTuple):
    """A subquery: the claims of its own rows.

    Attributes:
        columns: its variables.
        decided: the variables that filters read; filled while the pattern around it is written.
    """

    query: Select
    columns: tuple[str, ...]
    decided: set[str]
    where: Where

    def terms(self) -> Iterable[str]:
        """Its columns."""
        return self.columns


class Absent(NamedTuple):
    """NOT EXISTS or MINUS about what its subjects say of themselves.

    Where these are claims, their descriptions were read and did not say so.

    Attributes:
        subjects: of the statements that are not there.
        word: NOT EXISTS or MINUS.
        start: its offset.
    """

    subjects: tuple[str, ...]
    word: str
    start: int
    where: Where

    def terms(self) -> Iterable[str]:
        """The subjects."""
        return self.subjects


class LeftOpen(NamedTuple):
    """A filter that reads a variable which only an OPTIONAL binds.

    Where it is open, the row is there because the OPTIONAL part was not found: its subjects do
    not say so.

    Attributes:
        name: the variable.
        subjects: of what the OPTIONAL part says; nothing where that is more than what known
            things say of themselves.
        start: offset of the filter.
    """

    name: str
    subjects: tuple[str, ...]
    start: int
    where: Where

    def terms(self) -> Iterable[str]:
        """The variable and the subjects."""
        return self.name, *self.subjects
