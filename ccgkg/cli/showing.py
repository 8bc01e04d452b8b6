"""Showing answers: as tables with footnotes, or in the formats of SPARQL."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

import click

from ccgkg.errors import UsageError

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable
    from ccgkg.dataset.store import Answer, Value
    from ccgkg.queries.evidence import Evidenced

__all__ = ["ALL", "show", "show_evidence", "terminal_width"]

_FORMATS = {
    "select": ("table", "csv", "tsv", "json", "xml", "markdown"),
    "ask": ("table", "json", "xml"),
    "construct": ("turtle",),
}
ALL = tuple(dict.fromkeys(name for names in _FORMATS.values() for name in names))
"""The formats of some kind of answer."""
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal may take for an order; an endpoint's texts may hold anything."""


def terminal_width() -> int:
    """The terminal's width; wide enough for three columns of prose in a pipe."""
    if not sys.stdout.isatty():
        return 110
    import shutil

    return shutil.get_terminal_size((110, 24)).columns


def show(store: Askable, answer: Answer, format: str | None, citing: bool) -> bool:
    """Print an answer; whether there was anything to print."""
    chosen = _chosen(answer.kind, format, citing)
    if answer.kind == "ask" and chosen == "table":
        click.echo("true" if answer.truth else "false")
        return True
    if chosen in ("table", "markdown"):
        rows = list(answer.rows())
        head, cells = _cells(store, answer.variables, rows)
        if citing:
            _print(_noted(store, head, cells, _claims_shown(store, rows), chosen))
        else:
            _print(_table(head, cells, chosen))
        return bool(rows)
    return _write(answer, chosen)


def show_evidence(store: Askable, found: Evidenced, format: str | None, citing: bool) -> None:
    """Print an answer with the claims on which each row rests, in a column or as footnotes."""
    from ccgkg.dataset.rows import answer_of
    from ccgkg.dataset.store import Value
    from ccgkg.queries.running import shown

    chosen = _chosen("select", format, citing)
    column = next(name for name in _names() if name not in found.variables)
    if chosen not in ("table", "markdown"):
        told = [Value("literal", " ".join(claims), _XSD_STRING) for claims in found.claims]
        rows = [(*row, claims) for row, claims in zip(found.rows, told, strict=True)]
        _write(answer_of([*found.variables, column], rows), chosen)
        return
    head, cells = _cells(store, found.variables, found.rows)
    if citing:
        _print(_noted(store, head, cells, found.claims, chosen))
        return
    short = [", ".join(shown(store, Value("iri", iri)) for iri in some) for some in found.claims]
    cells = [[*row, claims] for row, claims in zip(cells, short, strict=True)]
    _print(_table([*head, column], cells, chosen))


def _names() -> Iterator[str]:
    """Names for a column, the best first."""
    yield "evidence"
    yield from (f"evidence_{number}" for number in count(2))


def _chosen(kind: str, format: str | None, citing: bool) -> str:
    """The format of an answer.

    Raises:
        UsageError: one of its kind does not have it, or no footnotes.
    """
    chosen = format or _FORMATS[kind][0]
    if chosen not in _FORMATS[kind]:
        raise UsageError(
            f"a query of this kind ({kind}) has no {chosen}; it has: {', '.join(_FORMATS[kind])}"
        )
    if citing and (kind != "select" or chosen not in ("table", "markdown")):
        raise UsageError("--cite goes with a SELECT query shown as table or markdown")
    return chosen


def _write(answer: Answer, chosen: str) -> bool:
    found = answer.write(chosen, sys.stdout.buffer)
    if answer.kind == "select" and chosen in ("json", "xml"):
        click.echo()
    return found


def _print(told: str) -> None:
    click.echo(_CONTROL.sub("�", told))


def _cells(
    store: Askable, variables: Sequence[str], rows: Sequence[Sequence[Value | None]]
) -> tuple[list[str], list[list[str]]]:
    """The head of a table and its cells, for people."""
    from ccgkg.queries.running import shown

    head = [f"?{variable}" if variable.startswith("_") else variable for variable in variables]
    return head, [[shown(store, value) for value in row] for row in rows]


def _table(head: Sequence[str], cells: Sequence[Sequence[str]], chosen: str) -> str:
    from ccgkg.queries.tables import markdown_table, text_table

    if chosen == "markdown":
        return markdown_table(head, cells)
    return text_table(head, cells, width=terminal_width())


def _claims_shown(store: Askable, rows: Sequence[Sequence[Value | None]]) -> list[list[str]]:
    """The claims in each row.

    Raises:
        UsageError: there are rows, and no claim in any.
    """
    from ccgkg.queries.running import claims_in

    claims = claims_in(store, rows)
    if rows and not any(claims):
        raise UsageError(
            "--cite finds no claim in this answer",
            hint="Add --evidence, which finds the claims behind it; or SELECT the claim as well: "
            "SELECT ?claim … WHERE { ?claim a ccg:Claim … }",
        )
    return claims


def _noted(
    store: Askable,
    head: Sequence[str],
    cells: Sequence[Sequence[str]],
    claims: Sequence[Sequence[str]],
    chosen: str,
) -> str:
    """A table whose rows have footnotes, and the footnotes."""
    numbers = {
        iri: number for number, iri in enumerate(dict.fromkeys(i for row in claims for i in row), 1)
    }
    marks = [" ".join(f"[{numbers[iri]}]" for iri in row) for row in claims]
    cells = [[*row, mark] for row, mark in zip(cells, marks, strict=True)]
    return "\n\n".join([_table([*head, "note"], cells, chosen), *_notes(store, numbers)])


def _notes(store: Askable, numbers: dict[str, int]) -> list[str]:
    from ccgkg.citations.citing import bibliography, footnote

    cards = store.cards(numbers)
    notes = [f"[{number}] {footnote(card)}" for number, card in enumerate(cards, 1)]
    dataset = f"Dataset: {store.named()}"
    return ["\n".join(notes), "\n".join(bibliography(cards)), dataset] if cards else [dataset]
