"""Curation files: YAML read with the line of every value, and nothing surprising.

YAML 1.1 surprises people who write prose: `no` becomes a boolean, `2013-04-01` a date,
a key given twice silently wins, an alias can blow a small file up to gigabytes. Here
only `true` and `false` are booleans, dates stay text, and the rest is an error that
names its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

from ccgkg.errors import SeedError

__all__ = ["MOST_BYTES", "Document", "Loc", "read_text", "read_yaml"]

MOST_BYTES = 5_000_000  # a curation file of a whole book stays under 2 MB

Loc = tuple[str | int, ...]
"""Path of a value inside a document, as pydantic gives it: keys and 0-based positions."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """The C loader with YAML 1.2's core scalars only."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for tag, pattern, firsts in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(firsts)
    )


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed YAML file.

    Attributes:
        path: the file.
        content: mappings, lists and scalars.
        lines: 1-based line of each value, by its path in `content`.
    """

    path: Path
    content: Any
    lines: dict[Loc, int]

    def line(self, loc: Loc) -> int:
        """Line of the value at `loc`, or of the nearest enclosing one."""
        known = tuple(part for part in loc)
        while known and known not in self.lines:
            known = known[:-1]
        return self.lines.get(known, 1)


def read_text(path: Path, *, most_bytes: int = MOST_BYTES) -> str:
    """The text of a UTF-8 file, line ends untouched.

    Raises:
        SeedError: the file is missing, too large, binary or not UTF-8.
    """
    try:
        size = path.stat().st_size
        if size > most_bytes:
            raise SeedError(
                f"{path}: {size / 1e6:.0f} MB is more than the {most_bytes / 1e6:.0f} MB "
                "that such a file may have",
                hint="Split it into several sources.",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise SeedError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SeedError(
            f"{path}:{line}: byte {error.start} is not UTF-8; is the file binary or in "
            "another encoding?",
            hint=f"Convert it: iconv -f windows-1252 -t utf-8 {path.name}",
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SeedError(f"{path}:{line}: holds a NUL character; this is no text file")
    return text


def read_yaml(path: Path) -> Document:
    """Read one YAML file with the line of each value.

    Raises:
        SeedError: unreadable, empty, not YAML, a key twice, or an alias.
    """
    text = read_text(path).removeprefix("\ufeff")
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SeedError(f"{path}:{line}: not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise SeedError(f"{path}: not YAML: {error}") from None
    except RecursionError:
        raise SeedError(f"{path}: not YAML that makes sense: nested too deeply") from None
    if node is None:
        raise SeedError(f"{path}: is empty", hint="Delete it, or write its first entry.")
    lines: dict[Loc, int] = {}
    return Document(path, _build(node, (), lines, set(), path), lines)


def _build(node: Any, loc: Loc, lines: dict[Loc, int], seen: set[int], path: Path) -> Any:
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise SeedError(f"{path}:{line}: aliases (`*name`) are not used here; write it out")
    seen.add(id(node))
    lines[loc] = line
    if isinstance(node, yaml.SequenceNode):
        return [_build(n, (*loc, i), lines, seen, path) for i, n in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node, path)
            if key in mapping:
                at = key_node.start_mark.line + 1
                raise SeedError(f"{path}:{at}: `{key}` is given twice in one entry")
            mapping[key] = _build(value_node, (*loc, key), lines, seen, path)
            lines[(*loc, key)] = key_node.start_mark.line + 1
        return mapping
    return _scalar(node, path)


def _scalar(node: Any, path: Path) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise SeedError(f"{path}:{node.start_mark.line + 1}: a key must be one word")
    kind = node.tag.rpartition(":")[2]
    if kind == "bool":
        return node.value == "true"
    if kind == "null":
        return None
    if kind == "int":
        return int(node.value)
    # A float would lose what was printed ("1.50"): decimals stay text.
    return node.value
