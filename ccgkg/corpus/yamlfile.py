"""Curation files: YAML read with the line of every value, and nothing surprising.

YAML 1.1 surprises people who write prose: `no` becomes a boolean, `2013-04-01` a date,
a key given twice silently wins, an alias can blow a small file up to gigabytes. Here
only `true` and `false` are booleans, dates and long rows of digits stay text, and the
rest is an error that names its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

from ccgkg.errors import SeedError

__all__ = ["MOST_BYTES", "Document", "Loc", "parse_yaml", "read_text", "read_yaml"]

MOST_BYTES = 5_000_000  # a curation file of a whole book stays under 2 MB

_MOST_DEPTH = 50

Loc = tuple[str | int, ...]
"""Path of a value inside a document, as pydantic gives it: keys and 0-based positions."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """The C loader with YAML 1.2's core scalars only."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for tag, pattern, firsts in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?[0-9]{1,18}", "-+0123456789"),
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
                f"{size / 1e6:.0f} MB is more than the {most_bytes / 1e6:.0f} MB that such a "
                "file may have",
                path=path,
                hint="Split it into several sources.",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise SeedError(f"cannot be read: {error.strerror}", path=path) from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SeedError(
            f"byte {error.start} is not UTF-8; is the file binary or in another encoding?",
            path=path,
            line=raw.count(b"\n", 0, error.start) + 1,
            hint=f"Convert it: iconv -f windows-1252 -t utf-8 {path.name}",
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SeedError("holds a NUL character; this is no text file", path=path, line=line)
    return text


def read_yaml(path: Path) -> Document:
    """Read one YAML file with the line of each value.

    Raises:
        SeedError: unreadable, empty, not YAML, a key twice, an alias, a tag.
    """
    return parse_yaml(read_text(path).removeprefix("\ufeff"), path)


def parse_yaml(text: str, path: Path, *, before: int = 0) -> Document:
    """Read YAML from a text.

    Args:
        text: the YAML.
        path: the file that it stands in, for errors.
        before: how many lines of the file stand before it.

    Raises:
        SeedError: empty, not YAML, a key twice, an alias, a tag.
    """
    try:
        _check_events(text, path, before)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        # What is left open is told at the end of the file, and meant where it began.
        mark: Any = error.problem_mark or error.context_mark
        if error.context_mark is not None and "end of stream" in str(error.problem):
            mark = error.context_mark
        line = mark.line + 1 if mark else 1
        raise SeedError(f"not YAML: {error.problem}", path=path, line=line + before) from None
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise SeedError(f"not YAML: {told}", path=path) from None
    if node is None:
        raise SeedError("is empty", path=path, hint="Delete it, or write its first entry.")
    builder = _Builder(path, before)
    return Document(path, builder.build(node, ()), builder.lines)


def _check_events(text: str, path: Path, before: int) -> None:
    """Refuse what could crash or surprise, before anything is composed (it recurses)."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        mark: Any = event.start_mark
        line = mark.line + 1 + before
        if isinstance(event, yaml.AliasEvent):
            raise SeedError(
                "aliases (`*name`) are not used here; write it out", path=path, line=line
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise SeedError(
                f"tags (`{tag}`) are not used here; write the value alone",
                path=path,
                line=line,
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MOST_DEPTH:
                raise SeedError("nested too deeply to make sense", path=path, line=line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Builder:
    """Turns nodes into mappings, lists and scalars, and notes their lines."""

    def __init__(self, path: Path, before: int) -> None:
        self.path, self.before = path, before
        self.lines: dict[Loc, int] = {}

    def build(self, node: Any, loc: Loc) -> Any:
        self.lines[loc] = self._line(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*loc, at)) for at, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return self._scalar(node)
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise SeedError("a key must be one word", path=self.path, line=self._line(key_node))
            key = self._scalar(key_node)
            if key in mapping:
                raise SeedError(
                    f"`{key}` is given twice in one entry",
                    path=self.path,
                    line=self._line(key_node),
                )
            mapping[key] = self.build(value_node, (*loc, key))
            self.lines[(*loc, key)] = self._line(key_node)
        return mapping

    def _scalar(self, node: Any) -> Any:
        kind = node.tag.rpartition(":")[2]
        if kind == "bool":
            return node.value == "true"
        if kind == "null":
            return None
        if kind == "int":
            return int(node.value)
        # A float would lose what was printed ("1.50"): decimals stay text.
        return node.value

    def _line(self, node: Any) -> int:
        line: int = node.start_mark.line + 1 + self.before
        return line
