"""Findings: what a reading of the corpus found wrong, or worth a second look.

A finding names the file, the line and the rule that it breaks. An *error* stops the
build; a *warning* is counted and changes the exit code until it is mended or accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ccgkg.errors import SeedError

__all__ = ["Finding", "Findings", "Level"]

Level = Literal["error", "warning"]


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One fault or doubt at one place.

    Attributes:
        path: the file, relative to the corpus where it lies inside it.
        line: 1-based line, or 0 for the file as a whole.
        rule: short name of the law that is broken, e.g. `quote-lost`.
        level: `error` or `warning`.
        message: what is wrong and what the nearest right thing is.
    """

    path: str
    line: int
    rule: str
    level: Level
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.level}: {self.message} [{self.rule}]"


@dataclass(slots=True)
class Findings:
    """A growing list of findings of one reading."""

    root: Path
    found: list[Finding] = field(default_factory=list)

    def add(
        self, path: Path, line: int, rule: str, message: str, *, level: Level = "error"
    ) -> None:
        """Note a finding; `path` is shortened to stand below the corpus folder."""
        shown = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        self.found.append(Finding(str(shown), line, rule, level, message))

    def blame(self, path: Path, rule: str, error: SeedError) -> None:
        """Note an error that stopped the reading of a file."""
        self.add(error.path or path, error.line, rule, error.bare)

    def of(self, level: Level) -> list[Finding]:
        """All findings of one level, by place."""
        return sorted(finding for finding in self.found if finding.level == level)
