"""Merging: sorted files of N-Quads into one, each line once, with little memory.

The same as `LC_ALL=C sort -mu`, but a stretch of lines that stands in one file alone is taken as
a whole: the quads of a source are mostly such stretches, and so the merge costs little more than
reading and writing them.
"""

from __future__ import annotations

import hashlib
import heapq
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

from ccgkg.errors import NotBuildable

__all__ = ["merged", "write_merged"]

_BLOCK = 1 << 15
"""Bytes that are read of a file at a time."""


class _Lines:
    """The lines of one file, a block at a time; it is closed in between.

    A corpus may have more sources than a process may have open files.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._offset = path, 0
        self._lines: list[bytes] = []
        self._at = 0

    @property
    def first(self) -> bytes:
        """The next line, empty after the last."""
        if self._at == len(self._lines):
            with self._path.open("rb") as file:
                file.seek(self._offset)
                self._lines, self._at = file.readlines(_BLOCK), 0
                self._offset = file.tell()
        return self._lines[self._at] if self._lines else b""

    def taken(self, most: bytes | None) -> list[bytes]:
        """The next lines up to one, or as many as were read; they are taken away."""
        end = len(self._lines)
        if most is not None:
            end = bisect_right(self._lines, most, self._at)
        taken, self._at = self._lines[self._at : end], end
        return taken


def merged(paths: Iterable[Path]) -> Iterator[list[bytes]]:
    """The lines of sorted files in order, each once, as stretches of at least one line.

    Args:
        paths: the files; in each the lines are sorted by their bytes, and each stands once.
    """
    files = [_Lines(path) for path in paths]
    waiting = [(file.first, number) for number, file in enumerate(files) if file.first]
    heapq.heapify(waiting)
    last = b""
    while waiting:
        _, number = heapq.heappop(waiting)
        taken = files[number].taken(waiting[0][0] if waiting else None)
        if files[number].first:
            heapq.heappush(waiting, (files[number].first, number))
        if taken[0] == last:
            del taken[0]
        if taken:
            last = taken[-1]
            yield taken


def write_merged(paths: Iterable[Path], target: Path) -> tuple[str, int]:
    """Merge files into one.

    Returns:
        SHA-256 of what was written, in hexadecimal, and the number of lines.

    Raises:
        NotBuildable: it cannot be written.
    """
    digest, count = hashlib.sha256(), 0
    try:
        with target.open("wb") as file:
            for lines in merged(paths):
                written = b"".join(lines)
                digest.update(written)
                file.write(written)
                count += len(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise NotBuildable(f"{target}: cannot be written: {error.strerror or error}") from None
    return digest.hexdigest(), count
