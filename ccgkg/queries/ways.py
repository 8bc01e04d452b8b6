"""Ways: the steps of a path of any length, and which of them lie between two things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccgkg.dataset.store import Value
    from ccgkg.queries.parts import Backing

__all__ = ["Ways"]


class Ways:
    """The steps of a path of any length, each with what it rests on."""

    def __init__(self) -> None:
        self._steps: dict[Value | None, dict[Value | None, Backing]] = defaultdict(dict)
        self._back: dict[Value | None, set[Value | None]] = defaultdict(set)

    def add(self, one: Value | None, other: Value | None, claims: Backing) -> None:
        """Add a step."""
        self._steps[one].setdefault(other, set()).update(claims)
        self._back[other].add(one)

    def between(self, one: Value | None, other: Value | None, how: str) -> Backing:
        """What all steps on a way from one end to the other rest on."""
        if one == other and how != "+":
            return set()  # no step is needed
        if how == "?":
            return self._steps.get(one, {}).get(other, set())
        ahead = _reached(one, self._steps)
        behind = _reached(other, self._back)
        return {
            claim
            for start in ahead & behind.union(self._back.get(other, ()))
            for end, claims in self._steps.get(start, {}).items()
            if end in behind
            for claim in claims
        }


def _reached(
    start: Value | None, steps: Mapping[Value | None, Iterable[Value | None]]
) -> set[Value | None]:
    seen = {start}
    waiting = [start]
    while waiting:
        for thing in steps.get(waiting.pop(), ()):
            if thing not in seen:
                seen.add(thing)
                waiting.append(thing)
    return seen
