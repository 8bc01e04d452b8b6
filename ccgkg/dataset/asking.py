"""What can be asked: the store here, or an endpoint elsewhere.

Only type checkers import this: a cold query need not pay for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from ccgkg.dataset.cache import Manifest
from ccgkg.dataset.cards import Card
from ccgkg.dataset.store import Answer, Value

__all__ = ["Askable"]


class Askable(Protocol):
    """A dataset that can be asked, wherever it is."""

    @property
    def manifest(self) -> Manifest:
        """The corpus whose queries, prefixes and base are meant."""
        ...

    def ask(self, text: str) -> Answer:
        """Evaluate a SPARQL query."""
        ...

    def rows(self, text: str) -> Sequence[tuple[Value | None, ...]]:
        """The rows of a SELECT query."""
        ...

    def known(self, iris: Iterable[str]) -> list[str]:
        """Those of some IRIs of which anything is said, in their order."""
        ...

    def cards(self, claims: Iterable[str]) -> list[Card]:
        """The cards of some claims, in their order."""
        ...

    def named(self) -> str:
        """The dataset as a citation names it."""
        ...
