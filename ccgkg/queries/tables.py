"""Tables for people: on a terminal, and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["markdown_table", "text_table"]


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int = 100) -> str:
    """A table that fits `width` characters without squeezing anything.

    Where all columns do not fit, those with the longest texts (quotes, mostly) leave the
    grid and stand below each row, with their names, as wide as the page.

    >>> print(text_table(["who", "whom"], [["NHS England", "GPs"]]))
    who          whom
    ───────────  ────
    NHS England  GPs
    >>> print(text_table(["who", "quote"], [["Holder", "carrots, sticks and sermons"]], width=30))
    who
    ──────
    Holder
      quote  carrots, sticks and
             sermons
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
        lines += [_below(f"  {head[at]:<{indent}}  ", row[at], width) for at in below if row[at]]
        if below:
            lines.append("")
    return "\n".join(lines).rstrip()


def _below(lead: str, cell: str, width: int) -> str:
    """A cell in lines of its own, wrapped at white space."""
    lines, room = [""], max(width - len(lead), 20)
    for word in cell.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lead + f"\n{' ' * len(lead)}".join(lines)


def _line(cells: Sequence[str], grid: Sequence[int], widths: Sequence[int]) -> str:
    return "  ".join(cells[at].ljust(widths[at]) for at in grid).rstrip()


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""The same as a table of GitHub's Markdown.

    >>> print(markdown_table(["a"], [["x | y"]]))
    | a |
    | --- |
    | x \| y |
    """
    from ccgkg.corpus.markdown import escaped

    lines = [map(escaped, head), ["---"] * len(head), *(map(escaped, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
