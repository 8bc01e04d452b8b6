"""Writing a site: all of it or nothing.

The pages are written into a fresh folder beside the one that is meant, and the two change
places by renaming, so that a run that is interrupted leaves the earlier site as it was. A file
in the folder tells that the tool wrote it; no other folder is ever replaced unless that is
asked for, and then it is kept beside the new one.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ccgkg.dataset.cache import write_atomically
from ccgkg.errors import NotBuildable, UsageError

__all__ = ["MARKER", "Written", "write_page", "write_site"]

MARKER = ".ccgkg-site"
"""The file by which a folder is known to be the tool's own."""

_YOUNG_SECONDS = 3600
_BY_US = b'<meta name="generator" content="ccgkg">'
_HEAD = 4096
"""Bytes in which a page of ours says so."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        folder: where the site is now.
        pages: how many.
        kept: where a folder that the tool had not written was moved to, if there was one.
    """

    folder: Path
    pages: int
    kept: Path | None = None


def write_site(
    target: Path, pages: Iterable[tuple[str, str]], digest: str, *, force: bool = False
) -> Written:
    """Write pages as a folder, in the place of the site that was there.

    Args:
        target: the folder.
        pages: path below it, and content; they may be made while they are written.
        digest: of the dataset that they tell, for the marker.
        force: replace a folder that the tool did not write; it is moved aside.

    Raises:
        UsageError: the target is a file, a folder of somebody else's, or one that is in use.
        NotBuildable: it cannot be written.
    """
    folder = Path(os.path.realpath(target))  # a link to a folder stays a link
    homes = Path.cwd().resolve(), Path.home().resolve()
    if any(folder in (home, *home.parents) for home in homes):
        raise UsageError(
            f"{target}: is the folder you work in, or one above it, and would be replaced",
            hint="Name a folder inside it: ccgkg site -o DIR",
        )
    before = _aside(folder)
    _restore(folder, before)
    foreign = _refuse(target, folder, force)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        _sweep(folder)
        draft.mkdir(parents=True)
        count = _fill(draft, pages, digest)
        kept = _switch(draft, folder, before, keep=foreign)
    except OSError as error:
        raise NotBuildable(
            f"{target}: cannot be written: {error.strerror or error}",
            hint="Name another place: ccgkg site -o DIR",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Written(folder, count, kept)


def write_page(path: Path, page: str, *, force: bool = False) -> None:
    """Write one page as a file of its own, whole or not at all.

    Args:
        path: the file; a pipe or a device is written to and never replaced.
        page: its content.
        force: replace a file that the tool did not write.

    Raises:
        UsageError: the path is a folder, or a file of somebody else's.
        NotBuildable: it cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"{path}: is a folder", hint=f"Name a file in it: -o {path}/network.html")
    try:
        if path.is_file() and not force and _BY_US not in path.read_bytes()[:_HEAD]:
            raise UsageError(
                f"{path}: is a file that ccgkg did not write, and would be replaced",
                hint="Name another file, or add --force.",
            )
        if path.exists() and not path.is_file():
            path.write_text(page, encoding="utf-8")
        else:
            write_atomically(path, page.encode("utf-8"))
    except OSError as error:
        raise NotBuildable(
            f"{path}: cannot be written: {error.strerror or error}",
            hint="Name another place: -o FILE",
        ) from None


def _aside(folder: Path) -> Path:
    """Where the earlier site stands for the moment in which neither has the name."""
    return folder.with_name(f".{folder.name}.before")


def _restore(folder: Path, before: Path) -> None:
    """Put back what a run that was killed between two renames left aside."""
    with suppress(OSError):
        if before.is_dir() and not folder.exists():
            before.rename(folder)


def _refuse(target: Path, folder: Path, force: bool) -> bool:
    """Refuse what must not be replaced; whether the folder is somebody else's."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"{target}: is a file, and a site is a folder", hint="Name a folder: ccgkg site -o DIR"
        )
    try:
        foreign = folder.is_dir() and not (folder / MARKER).is_file() and any(folder.iterdir())
    except OSError as error:
        raise NotBuildable(
            f"{target}: cannot be read: {error.strerror}",
            hint="Name another place: ccgkg site -o DIR",
        ) from None
    if foreign and not force:
        raise UsageError(
            f"{target}: holds files that ccgkg did not write, and would be replaced",
            hint="Name another folder, or add --force: what is there is then moved aside.",
        )
    return foreign


def _fill(draft: Path, pages: Iterable[tuple[str, str]], digest: str) -> int:
    made: set[Path] = set()
    count = 0
    for count, (name, content) in enumerate(pages, 1):  # noqa: B007  (counted to the end)
        path = draft / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(content, encoding="utf-8", newline="\n")
    marker = {"written-by": "ccgkg site", "dataset": digest, "pages": count}
    (draft / MARKER).write_text(json.dumps(marker) + "\n", encoding="utf-8")
    return count


def _switch(draft: Path, folder: Path, before: Path, *, keep: bool) -> Path | None:
    """Let the draft take the folder's name; where the earlier one was moved to, if kept."""
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    try:
        draft.rename(folder)
    except BaseException:
        with suppress(OSError):
            before.rename(folder)
        raise
    if not keep:
        shutil.rmtree(before, ignore_errors=True)
        return None
    kept = folder.with_name(f"{folder.name}.{time.strftime('%Y%m%dT%H%M%S')}")
    before.rename(kept)
    return kept


def _sweep(folder: Path) -> None:
    """Remove the drafts of runs that were killed; a young one may still be written."""
    old = time.time() - _YOUNG_SECONDS
    for draft in folder.parent.glob(f".{folder.name}.*.tmp"):
        with suppress(OSError):
            if draft.lstat().st_mtime < old:
                shutil.rmtree(draft, ignore_errors=True)
