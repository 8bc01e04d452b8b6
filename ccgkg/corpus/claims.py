"""Claims: one statement each, with its attribution chain and its passages.

A `Claim` is a curation entry after everything in it has been found: its quotes in the
text, its keys in the registers, its relation in the ontology, its chain completed by
the voice of the region that its passage stands in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ccgkg.corpus.anchors import Verdict
from ccgkg.corpus.entries import ClaimForm, ReasonForm, SuppositionForm
from ccgkg.corpus.text import Span
from ccgkg.corpus.vocabulary import LITERAL, UNSTATED, Relation, Vocabulary

__all__ = ["LINK_KINDS", "SHARES", "Claim", "End", "Link", "Passage", "states"]

LINK_KINDS = ("supports", "disputes", "updates", "qualifies", "utterance")
"""The links that a curator may lay between claims, as fields of a claim."""

SHARES = {"percent": 100, "share": 1}
"""The units of shares, and how many of each make a whole."""


@dataclass(frozen=True, order=True, slots=True)
class End:
    """Subject or object of a claim.

    Attributes:
        type: `actor`, `topic`, `work`, `claim`, or `literal` for the source's own words.
        key: the key in its register, the claim's short id, or the words.
    """

    type: str
    key: str


@dataclass(frozen=True, slots=True)
class Link:
    """One step of an attribution chain.

    Attributes:
        who: actor key.
        words: the speech words as printed.
        document: key of a work, or of a region of the source, in which this is said.
        form, stance, sure, why: as in the curation file.
    """

    who: str
    words: str | None = None
    document: str | None = None
    form: str | None = None
    stance: str = "neutral"
    sure: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a quote was found.

    Attributes:
        source: key of the source.
        typed: the quote as the curator typed it.
        spans: its stretches in the text, several if words are left out.
        verdict: `exact` or `folded`.
        insertions: the curator's bracketed words.
        region: id of the region.
        line: 1-based line of the quote in the curation file.
    """

    source: str
    typed: str
    spans: tuple[Span, ...]
    verdict: Verdict
    insertions: tuple[str, ...]
    region: str
    line: int


@dataclass(frozen=True)
class Claim:
    """One statement that somebody makes in a source.

    Attributes:
        source: key of the source whose file holds it.
        id: unique within that file, for ever.
        form: the fields as curated (a supposition carries fewer).
        modality: how the first link puts it; `supposition` for a condition.
        relation: the declared relation.
        subjects, objects: the ends; objects are empty where the relation takes none.
        chain: from the asserter to the teller.
        passages: the evidence, in the order of the curation file.
        context: quotes that resolve a pronoun or a question; no evidence.
        levers: lever name to basis (`said`, `judged`, `default`).
        conditions: the claims that stand under `if` or `unless`, by that word.
        withdrawn: whether it, or the claim whose condition it is, is no longer made.
        line: 1-based line in the curation file.
    """

    source: str
    id: str
    form: ClaimForm | SuppositionForm
    modality: str
    relation: Relation
    subjects: tuple[End, ...]
    objects: tuple[End, ...]
    chain: tuple[Link, ...]
    passages: tuple[Passage, ...]
    context: tuple[Passage, ...]
    levers: dict[str, str] = field(default_factory=dict)
    conditions: tuple[tuple[str, Claim], ...] = ()
    withdrawn: bool = False
    line: int = 0

    @property
    def short(self) -> str:
        """The short id, `holder-2014/stick-contracts`."""
        return f"{self.source}/{self.id}"

    @property
    def full(self) -> ClaimForm | None:
        """The form with all fields, or None for a supposition."""
        return self.form if isinstance(self.form, ClaimForm) else None

    @property
    def asserter(self) -> str:
        """Whose statement, view, feeling or question it is."""
        return self.chain[0].who

    @property
    def teller(self) -> str:
        """Whose text we read."""
        return self.chain[-1].who

    def involved_keys(self) -> list[str]:
        """Keys of its ends, unless they are words, and of its slots, each once."""
        ends = [end.key for end in (*self.subjects, *self.objects) if end.type != LITERAL]
        form = self.form
        return list(dict.fromkeys([*ends, *form.about, *form.by, *form.from_, *form.to]))

    def named_keys(self) -> Iterator[str]:
        """Every key of a register that it names, in any field."""
        yield from self.involved_keys()
        yield from (link.who for link in self.chain)
        if self.full and self.full.compare and self.full.compare.than:
            yield self.full.compare.than
        if self.full and self.full.figure:
            yield self.full.figure.population

    def speaks_of(self) -> Iterator[str]:
        """Short ids of the claims that are its ends or that it compares."""
        for end in (*self.subjects, *self.objects):
            if end.type == "claim":
                yield self.short_of(end.key)
        if self.full and self.full.compare:
            for compared in (self.full.compare.from_, self.full.compare.to):
                if compared:
                    yield self.short_of(compared)

    def reasons(self) -> Iterator[tuple[str, ReasonForm]]:
        """The curator's links to other claims, by kind."""
        if (form := self.full) is not None:
            for kind in LINK_KINDS:
                for reason in getattr(form, kind):
                    yield kind, reason

    def short_of(self, reference: str) -> str:
        """The short id of a claim that this one refers to."""
        return reference if "/" in reference else f"{self.source}/{reference}"

    def content(self, quotes: list[str]) -> dict[str, Any]:
        """What the claim says, without where it stands: the basis of its digest."""
        # What other curators are told, and what stands below in its final form.
        left_out: dict[str, Any] = dict.fromkeys(
            ("accept", "note", "also", "chain", "lever", "modality", *LINK_KINDS), True
        )
        left_out |= {condition: {"note"} for condition in ("if_", "unless")}
        return {
            "form": self.form.model_dump(mode="json", exclude=left_out, exclude_defaults=True),
            "modality": self.modality,
            "levers": self.levers,
            "chain": [
                {k: v for k in Link.__slots__ if (v := getattr(link, k)) is not None}
                for link in self.chain
            ],
            "quotes": quotes,
            "conditions": [(word, condition.id) for word, condition in self.conditions],
        }

    def digest(self, quotes: list[str]) -> str:
        """SHA-256 over the content (not the offsets), in hexadecimal.

        Args:
            quotes: the source's own characters of each stretch of each passage.
        """
        canonical = json.dumps(
            self.content(quotes), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def states(claim: Claim, vocabulary: Vocabulary) -> bool:
    """Whether the corpus establishes the claim, so that its bare triple may stand.

    Only affirmed facts and findings, plainly and explicitly put, without hedge,
    condition, alternative, share, comparison or distance, whose edge is complete and
    whose subject is meant as a whole.
    """
    form = claim.full
    if form is None or claim.withdrawn or form.denied:
        return False
    conditional = form.if_ or form.unless or form.one_of
    relative = form.compare or (form.figure and form.figure.unit in SHARES)
    partial = form.extent is not None and form.extent.value != "all"
    hedged = form.hedge is not None and bool(vocabulary.cues.found(form.hedge, "hedge"))
    indirect = bool(set(form.tone) - {"plain"}) or form.reading != "explicit"
    doubted = any(link.stance in ("distances", "rejects") or link.sure for link in claim.chain)
    complete = bool(claim.objects) and End("actor", UNSTATED) not in claim.subjects + claim.objects
    return (
        claim.modality in vocabulary.stating
        and complete
        and not (conditional or relative or partial or hedged or indirect or doubted)
    )


def takes(relation: Relation, end: End, side: str) -> bool:
    """Whether a relation takes this end as its `domain` or `range`."""
    allowed: frozenset[str] = getattr(relation, side)
    return end.type in allowed


def end_types(relation: Relation, side: str) -> str:
    """The types that an end may have, in words."""
    allowed: frozenset[str] = getattr(relation, side)
    names = sorted(allowed - {LITERAL}) + (["the source's own words"] if LITERAL in allowed else [])
    return " or ".join(names) or "nothing"
