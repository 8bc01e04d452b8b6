"""Files of parts: where they lie during a build, and how they come to whoever wants them.

A build that is killed leaves at most a folder of drafts; the next one removes it.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ccgkg.errors import NotBuildable, UsageError

__all__ = ["deliver", "drafts", "refuse_others"]

_PREFIX, _SUFFIX = "parts-", ".tmp"
_OLD_SECONDS = 24 * 3600


@contextmanager
def drafts(home: Path) -> Iterator[Path]:
    """A new folder below another one, which is made if need be; it is gone in the end.

    Raises:
        NotBuildable: it cannot be made.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        _sweep(home)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=home))
    except OSError as error:
        raise NotBuildable(
            f"{home}: cannot be written: {error.strerror or error}",
            hint="For the cache name another folder: ccgkg --cache DIR …, or set CCGKG_CACHE.",
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path) -> None:
    """Remove what builds left that were killed long ago."""
    for folder in home.glob(f"{_PREFIX}*{_SUFFIX}"):
        if folder.lstat().st_mtime < time.time() - _OLD_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def refuse_others(folder: Path, names: Collection[str]) -> None:
    """Refuse a folder with N-Quads that no build of this corpus would put there.

    Whoever loads the folder would load them too.

    Raises:
        UsageError: it has some.
    """
    others = sorted(path.name for path in folder.glob("*.nq") if path.name not in names)
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise UsageError(
            f"{folder}: holds {others[0]}{more}, which is no part of this corpus",
            hint="Remove it, or name another folder: whoever loads the parts would load it too.",
        )


def deliver(parts: Iterable[Path], folder: Path) -> None:
    """Put parts into a folder, each whole by one rename.

    Raises:
        NotBuildable: it cannot be written.
    """
    try:
        for path in parts:
            path.replace(folder / path.name)
    except OSError as error:
        raise NotBuildable(f"{folder}: cannot be written: {error.strerror or error}") from None
