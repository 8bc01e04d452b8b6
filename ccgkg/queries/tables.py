"""Tables for people: on a terminal, and in Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from ccgkg.corpus.markdown import escaped

__all__ = ["markdown_table", "text_table"]


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = 100) -> str:
    """A table that fits `width` characters without squeezing anything.

    Where all columns do not fit, those with the longest texts (quotes, mostly) leave the
    grid and stand below each row, with their names, as wide as the page.

    >>> print(text_table(["who", "whom"], [["NHS England", "GPs"]]))
    who          whom
    ───────────  ────
    NHS England  GPs
    >>> print(text_table(["who", "quote"], [["Holder", "carrots and sticks"]], width=20))
    who
    ──────
    Holder
      quote  carrots and
             sticks
    """
    wanted = [max([len(name), *(len(row[at]) for row in rows)]) for at, name in enumerate(head)]
    grid = list(range(len(head)))
    while len(grid) > 1 and sum(wanted[at] for at in grid) + 2 * (len(grid) - 1) > width:
        grid.remove(max(grid[1:], key=lambda at: (wanted[at], at)))
    below = [at for at in range(len(head)) if at not in grid]
    indent = max((len(head[at]) for at in below), default=0)
    lines = [_line(head, grid, wanted), _line(["─" * w for w in wanted], grid, wanted)]
    for row in rows:
        lines.append(_line(row, grid, wanted))
        for at in below:
            if row[at]:
                lead = f"  {head[at]:<{indent}}  "
                lines.append(
                    textwrap.fill(
                        row[at],
                        max(width, indent + 20),
                        initial_indent=lead,
                        subsequent_indent=" " * len(lead),
                        break_long_words=False,
                        break_on_hyphens=False,
                    )
                )
        if below:
            lines.append("")
    return "\n".join(lines).rstrip()


def _line(cells: Sequence[str], grid: Sequence[int], widths: Sequence[int]) -> str:
    return "  ".join(cells[at].ljust(widths[at]) for at in grid).rstrip()


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""The same as a table of GitHub's Markdown.

    >>> print(markdown_table(["a"], [["x | y"]]))
    | a |
    | --- |
    | x \| y |
    """
    lines = [map(escaped, head), ["---"] * len(head), *(map(escaped, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
