"""Lenses and questions: what a named query answers, as a page tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ccgkg.dataset.prefixes import CCG, DCTERMS
from ccgkg.dataset.store import Answer as Asked
from ccgkg.dataset.store import Store, Value
from ccgkg.queries.running import bound, load
from ccgkg.site.claims import Bearing, ClaimView
from ccgkg.site.evidence import Evidence
from ccgkg.site.things import Thing

__all__ = ["MOST_ROWS", "Board", "Lens", "Question", "ask", "boards", "lens_of", "questions"]

MOST_ROWS = 400
"""Rows that a page shows of an answer; it says how to get the rest."""

_LARGE = 200_000
"""Quads from which on it pays to ask twice."""

_ORDER = re.compile(r"\}\s*ORDER BY(?:(?!(?i:LIMIT|OFFSET))[^{}])*\Z")
"""The order of an answer, unless the query cuts that itself."""

SIDES = ("for", "against", "qualifies")


@dataclass(frozen=True, slots=True)
class Question:
    """A named query.

    Attributes:
        name, summary, description, tags: from its header.
        parameters: name to type.
        defaults: values of parameters that may be left out.
        text: SPARQL.
        lens: of a reading of the network, else None.
    """

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: Mapping[str, str]
    defaults: Mapping[str, str]
    text: str
    lens: Mapping[str, Any] | None

    @property
    def open(self) -> list[str]:
        """The parameters that somebody must give."""
        return [name for name in self.parameters if name not in self.defaults]

    @property
    def page(self) -> str:
        """Its page, from the site's root."""
        return f"query/{self.name}.html"

    @property
    def command(self) -> str:
        """How to ask it on the command line."""
        return " ".join(["ccgkg query", self.name, *(f"{name}=…" for name in self.open)])


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a question that needs nothing.

    Attributes:
        columns: their names.
        rows: a thing or None for each cell.
        is_cut: whether there are more rows than these.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Thing | None, ...], ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Lens:
    """One reading of the network.

    Attributes:
        question: the query behind it.
        title, says: what it shows, in one sentence.
        claims: in the order of the answer, each once.
        columns: of the answer.
        is_cut: whether the answer holds more.
    """

    question: Question
    title: str
    says: str
    claims: tuple[ClaimView, ...]
    columns: tuple[str, ...]
    is_cut: bool

    @property
    def name(self) -> str:
        """Of the query."""
        return self.question.name

    @property
    def page(self) -> str:
        """Its page, from the site's root."""
        return f"lens/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Board:
    """An issue with the claims on each side of it.

    Attributes:
        issue: the question.
        note: of the curator.
        about: what it is about.
        sides: `for`, `against`, `qualifies`, with claim and bearing.
    """

    issue: Thing
    note: str
    about: tuple[Thing, ...]
    sides: Mapping[str, tuple[tuple[ClaimView, Bearing], ...]]


def questions(store: Store) -> list[Question]:
    """Every named query, by name."""
    found = []
    for header in store.manifest.queries:
        text = Path(header["path"]).read_text(encoding="utf-8")
        sparql = "\n".join(line for line in text.splitlines() if not line.startswith("#+"))
        found.append(
            Question(
                name=header["name"],
                summary=header["summary"],
                description=header["description"],
                tags=tuple(header["tags"]),
                parameters=header["parameters"],
                defaults=header["defaults"],
                text=sparql.strip(),
                lens=header.get("lens"),
            )
        )
    return found


def ask(evidence: Evidence, question: Question, *, any_rows: bool = False) -> Answer | None:
    """The answer of a question; None if it needs a value, or is no SELECT query.

    Args:
        evidence: all claims.
        question: to ask.
        any_rows: whether, of an answer that has more rows than a page shows, any will do. To put
            a hundred thousand in order takes half a minute, and then most of them go unseen.
    """
    if question.open:
        return None
    store = evidence.facts.store
    text = bound(store, load(store, question.name), {})
    unordered = _ORDER.sub(f"}} LIMIT {MOST_ROWS + 1}", text)
    if any_rows and store.manifest.quads > _LARGE and unordered != text:
        answer = _read(evidence, store.ask(unordered))
        if answer is not None and answer.is_cut:
            return answer
    return _read(evidence, store.ask(text))


def _read(evidence: Evidence, answer: Asked) -> Answer | None:
    if answer.kind != "select":
        return None
    rows = [
        tuple(_cell(evidence, value) for value in row)
        for row in islice(answer.rows(), MOST_ROWS + 1)
    ]
    return Answer(answer.variables, tuple(rows[:MOST_ROWS]), len(rows) > MOST_ROWS)


def _cell(evidence: Evidence, value: Value | None) -> Thing | None:
    if value is None:
        return None
    return evidence.things.of(value.text) if value.kind == "iri" else Thing(value.text)


def lens_of(evidence: Evidence, question: Question, answer: Answer) -> Lens:
    """A lens from its answer.

    Args:
        evidence: all claims.
        question: a query with a lens.
        answer: its answer, with a column `claim`.
    """
    assert question.lens is not None
    at = answer.columns.index("claim")
    cells = (row[at] for row in answer.rows)
    named = dict.fromkeys(cell.iri for cell in cells if cell is not None)
    claims = [claim for iri in named if (claim := evidence.claim_of(iri)) is not None]
    return Lens(
        question=question,
        title=question.lens["title"],
        says=question.lens["says"],
        claims=tuple(claims),
        columns=answer.columns,
        is_cut=answer.is_cut,
    )


def boards(evidence: Evidence, claims: Sequence[ClaimView]) -> list[Board]:
    """The issues on which some claims bear, those with claims on both sides first."""
    found: dict[str, dict[str, list[tuple[ClaimView, Bearing]]]] = {}
    for claim in claims:
        for bearing in claim.bearings:
            sides = found.setdefault(bearing.issue.iri, {side: [] for side in SIDES})
            sides.setdefault(bearing.side, []).append((claim, bearing))
    facts, things = evidence.facts, evidence.things
    made = [
        Board(
            issue=things.of(iri),
            note=facts.one(iri, CCG + "note"),
            about=things.all(iri, DCTERMS + "subject"),
            sides={side: tuple(sorted(each, key=_age)) for side, each in sides.items()},
        )
        for iri, sides in found.items()
    ]
    made.sort(
        key=lambda board: (not all(board.sides[side] for side in SIDES[:2]), board.issue.label)
    )
    return made


def _age(told: tuple[ClaimView, Bearing]) -> tuple[str, str]:
    return told[0].source.year, told[0].short
