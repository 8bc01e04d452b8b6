"""Every error that a user can meet, as one tree.

    CcgkgError            1  ran and found faults
    ├── TooLarge          1  an answer that outgrows a limit
    ├── UsageError        2  the call names something that does not exist
    ├── BadInput          3  a file the user wrote is wrong
    │   ├── SeedError        a source, register or curation file
    │   ├── OntologyError    a vocabulary or shapes file
    │   └── QueryError       a query file or query text
    └── NotBuildable      4  the dataset cannot be built or found here, or had from an endpoint

Each class owns its exit code; each error says what is wrong and what to do next.
A traceback that reaches a user is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = [
    "BadInput",
    "CcgkgError",
    "NotBuildable",
    "OntologyError",
    "QueryError",
    "SeedError",
    "TooLarge",
    "UsageError",
    "nearest",
]


class CcgkgError(Exception):
    """Base of the tree.

    Args:
        message: what is wrong, in one or more lines.
        hint: the command or the change that helps, or nothing.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(CcgkgError):
    """The call names something that does not exist, or the wrong kind of thing."""

    exit_code = 2


class BadInput(CcgkgError):
    """A file that the user wrote is wrong."""

    exit_code = 3


class SeedError(BadInput):
    """A source, a register or a curation file is wrong.

    Args:
        message: what is wrong.
        path: the file, where one file is to blame.
        line: 1-based line in it, or 0.
        hint: the command or the change that helps, or nothing.
    """

    def __init__(
        self, message: str, *, path: Path | None = None, line: int = 0, hint: str = ""
    ) -> None:
        place = f"{path}:{line}: " if line else f"{path}: " if path else ""
        super().__init__(f"{place}{message}", hint=hint)
        self.path, self.line = path, line
        self.bare = f"{message}; {hint}" if hint else message


class OntologyError(BadInput):
    """A vocabulary or shapes file is wrong."""


class QueryError(BadInput):
    """A query cannot be parsed, bound or evaluated.

    Args:
        message: what is wrong.
        line: 1-based line in the query, or 0.
        column: 1-based column in that line, or 0.
        hint: the command or the change that helps, or nothing.
    """

    def __init__(self, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line, self.column = line, column


class TooLarge(CcgkgError):
    """An answer has more bytes than are allowed.

    Args:
        most: how many are.
    """

    def __init__(self, most: int) -> None:
        super().__init__(
            f"the answer has more than {most:,} bytes",
            hint="Ask for less, by a LIMIT for instance.",
        )


class NotBuildable(CcgkgError):
    """The dataset cannot be built or found here, or had from an endpoint, whole."""

    exit_code = 4


def nearest(word: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """The known names most like `word`, best first.

    >>> nearest("holds-contract", ["holds-contract-of", "pays", "leads"])
    ['holds-contract-of']
    """
    import difflib

    names: Sequence[str] = sorted(known)
    close = difflib.get_close_matches(word, names, n=most, cutoff=0.5)
    inside = [name for name in names if word and (word in name or name in word)]
    return list(dict.fromkeys([*close, *inside]))[:most]
