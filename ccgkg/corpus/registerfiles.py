"""Register files as they are written: each entry with its key, its place and its register.

What every register shares is checked here: that the file is a mapping, that a key has the form of
one, and that it is used once in all registers together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Slug
from ccgkg.corpus.yamlfile import Document, Loc, read_yaml
from ccgkg.errors import SeedError

__all__ = ["RawEntry", "entries_of", "raw_entries"]


@dataclass(frozen=True)
class RawEntry:
    """An entry of a register file before it is checked against its form.

    Attributes:
        kind, key: the register it belongs to, and its key there.
        value: as written.
        document, loc: where it stands.
    """

    kind: str
    key: str
    value: Any
    document: Document
    loc: Loc

    @property
    def line(self) -> int:
        """1-based line of its key."""
        return self.document.line(self.loc)


def raw_entries(
    path: Path, kinds: Collection[str], places: dict[str, tuple[Path, int]], findings: Findings
) -> list[RawEntry]:
    """The entries of one register file, whose keys are keys that nobody else has.

    Args:
        path: the file.
        kinds: the registers it holds: one, or sections named by their plurals.
        places: file and line of the keys that are taken; this file's are added.
        findings: where faults go.
    """
    entries = entries_of(path, kinds, findings)
    for entry in entries:
        key, line = entry.key, entry.line
        if not _is_key(key):
            message = f"`{key}` is no key: lower-case letters, digits and single hyphens"
            findings.add(path, line, "key", message)
        if key in places:
            other, first = places[key]
            findings.add(path, line, "key-twice", f"`{key}` is also in {other.name}:{first}")
        places[key] = (path, line)
    return entries


def entries_of(path: Path, kinds: Collection[str], findings: Findings) -> list[RawEntry]:
    """The entries of one file, whatever their keys; no file, no entries."""
    if not path.exists():
        return []
    try:
        document = read_yaml(path)
    except SeedError as error:
        findings.blame(path, "unreadable", error)
        return []
    return list(_entries(document, kinds, findings))


def _entries(document: Document, kinds: Collection[str], findings: Findings) -> Iterator[RawEntry]:
    content = document.content
    if not isinstance(content, dict):
        findings.add(document.path, 1, "not-a-register", "a register is a mapping of keys")
        return
    sections: dict[str, tuple[Loc, Any]] = {}
    if len(kinds) == 1:
        sections[next(iter(kinds))] = ((), content)
    else:
        plural = {f"{kind}s": kind for kind in kinds}
        for name, section in content.items():
            if name not in plural:
                findings.add(
                    document.path,
                    document.line((name,)),
                    "unknown-section",
                    f"unknown section `{name}`; it holds {', '.join(sorted(plural))}",
                )
            else:
                sections[plural[name]] = ((name,), section or {})
    for kind, (loc, section) in sections.items():
        if not isinstance(section, dict):
            findings.add(document.path, document.line(loc), "not-a-register", "needs keys")
            continue
        for key, value in section.items():
            yield RawEntry(kind, str(key), value, document, (*loc, key))


_SLUG: TypeAdapter[str] = TypeAdapter(Slug)


def _is_key(key: str) -> bool:
    try:
        _SLUG.validate_python(key)
    except ValidationError:
        return False
    return True
