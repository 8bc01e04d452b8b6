"""Findings: what a reading of the corpus found wrong, or worth a second look.

A finding names the file, the line and the rule that it breaks; the rule (`rules.py`) says
how much it matters. An *error* stops the build; a *warning* is counted and changes the
exit code until it is mended or accepted; a *note* is only told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ccgkg.corpus.rules import RULES, Level
from ccgkg.corpus.text import plain
from ccgkg.errors import SeedError

__all__ = ["Fault", "Finding", "Findings"]


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One fault or doubt at one place.

    Attributes:
        path: the file, relative to the corpus where it lies inside it.
        line: 1-based line, or 0 for the file as a whole.
        rule: short name of the law that is broken, e.g. `quote-lost`.
        level: `error`, `warning` or `note`.
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


@dataclass(frozen=True, slots=True)
class Fault:
    """A breach of a rule that its author may have accepted.

    Attributes:
        rule: its name.
        message: what is wrong and what would be right.
        word: the word to accept with a reason, where there is one.
        told_elsewhere: whether another claim or entry tells it; accepting it is no error
            here either.
    """

    rule: str
    message: str
    word: str = ""
    told_elsewhere: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """What may stand in `accept:` to answer it: the rule, unless it is an error; the word."""
        named = (self.rule,) if RULES[self.rule].by_name else ()
        return (*named, self.word) if self.word else named


@dataclass(slots=True)
class Findings:
    """A growing list of findings of one reading."""

    root: Path
    found: list[Finding] = field(default_factory=list)

    def add(self, path: Path, line: int, rule: str, message: str) -> None:
        """Note a finding; `path` is shortened to stand below the corpus folder."""
        shown = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        self.found.append(Finding(str(shown), line, rule, RULES[rule].level, message))

    def blame(self, path: Path, rule: str, error: SeedError) -> None:
        """Note an error that stopped the reading of a file."""
        self.add(error.path or path, error.line, rule, error.bare)

    def settle(
        self, place: tuple[Path, int], whose: str, faults: Iterable[Fault], accept: Iterable[str]
    ) -> None:
        """Note the faults that `accept:` does not answer, and the answers that nothing asks.

        Args:
            place: file and line of the claim or entry.
            whose: its name, which each message begins with.
            faults: what is wrong with it.
            accept: the keys of its `accept:`, as typed.
        """
        asked = list(faults)
        given = {plain(key) for key in accept}
        for fault in asked:
            if not fault.told_elsewhere and given.isdisjoint(fault.keys):
                self.add(*place, fault.rule, f"{whose}: {fault.message}")
        keys = dict.fromkeys(key for fault in asked for key in fault.keys)
        hint = f"; asked here: {', '.join(keys)}" if keys else ""
        for key in sorted(given - keys.keys()):
            self.add(*place, "accept-unused", f"{whose}: nothing asks to accept “{key}”{hint}")

    def of(self, level: Level) -> list[Finding]:
        """All findings of one level, by place."""
        return sorted(finding for finding in self.found if finding.level == level)
