"""Keeping: answers for whoever asks the same of the same dataset again."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

__all__ = ["Keeper", "Kept"]

_SMALL = 1024
"""Bytes that it does not pay to compress."""

_LEVEL = 5
_ABOUT = 500
"""Bytes of an entry beside its answer, which may also be kept compressed."""


@dataclass(slots=True)
class Kept:
    """An answer.

    Attributes:
        media: its media type.
        body: its bytes.
        lacking: IRIs of graphs that it asked for and the dataset lacks.
    """

    media: str
    body: bytes
    lacking: tuple[str, ...] = ()
    _packed: bytes = field(default=b"", repr=False)

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return _ABOUT + 2 * len(self.body) + sum(map(len, self.lacking))

    @property
    def is_small(self) -> bool:
        """Whether it does not pay to compress it."""
        return len(self.body) < _SMALL

    def packed(self) -> bytes:
        """Its bytes, compressed."""
        if not self._packed:
            self._packed = gzip.compress(self.body, _LEVEL, mtime=0)
        return self._packed


class Keeper:
    """Answers by what was asked; the one that was not asked for longest goes first.

    Args:
        most: bytes that all of them may have together.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, asked: Hashable) -> Kept | None:
        """What was answered, if it is still here."""
        kept = self._kept.get(asked)
        if kept is not None:
            self._kept.move_to_end(asked)
        return kept

    def put(self, asked: Hashable, kept: Kept) -> None:
        """Keep an answer, unless it would take half of the room."""
        if 2 * kept.size > self._most or asked in self._kept:
            return
        self._kept[asked] = kept
        self._size += kept.size
        while self._size > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._size -= dropped.size
