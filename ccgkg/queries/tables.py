"""Tables for people: on a terminal, and in Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

__all__ = ["markdown_table", "text_table"]

_LONGEST = 34
"""A column is as wide as its longest word, but for words longer than this."""


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = 100) -> str:
    """A table of wrapped cells, as wide as needed and at most `width` characters.

    >>> print(text_table(["who", "whom"], [["NHS England", "GPs"]]))
    who          whom
    ───────────  ────
    NHS England  GPs
    """
    widths = _widths(head, rows, width)
    lines = [_line(head, widths), _line(["─" * w for w in widths], widths)]
    for row in rows:
        cells = [_wrapped(cell, w) for cell, w in zip(row, widths, strict=True)]
        height = max((len(cell) for cell in cells), default=1)
        for at in range(height):
            lines.append(_line([cell[at] if at < len(cell) else "" for cell in cells], widths))
        if height > 1:
            lines.append("")
    return "\n".join(lines).rstrip()


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(w) for cell, w in zip(cells, widths, strict=True)).rstrip()


def _wrapped(cell: str, width: int) -> list[str]:
    return textwrap.wrap(cell, width, break_on_hyphens=width < _LONGEST) or [""]


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Narrow columns get what they need; the rest is shared out by how much text there is."""
    columns = [[name, *(row[at] for row in rows)] for at, name in enumerate(head)]
    wanted = [max(map(len, column)) for column in columns]
    room = width - 2 * (len(head) - 1)
    if sum(wanted) <= room:
        return wanted
    words = [
        max(len(word) for cell in column for word in cell.split() or [""]) for column in columns
    ]
    least = [min(most, word, _LONGEST) for most, word in zip(wanted, words, strict=True)]
    # An exponent below one keeps one long column from starving the others.
    hunger = [most**0.75 for most in wanted]
    share = max(0, room - sum(least)) / sum(hunger)
    return [
        max(floor, min(most, floor + int(share * h)))
        for most, floor, h in zip(wanted, least, hunger, strict=True)
    ]


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""The same as a table of GitHub's Markdown.

    >>> print(markdown_table(["a"], [["x | y"]]))
    | a |
    | --- |
    | x \| y |
    """
    lines = [map(_escaped, head), ["---"] * len(head), *(map(_escaped, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(cell: str) -> str:
    flat = " ".join(cell.split())
    for character in "\\`*_[]<>|":
        flat = flat.replace(character, "\\" + character)
    return flat
