"""Cards: one claim, read back from the store with everything that a citation needs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from ccgkg.dataset.prefixes import CCG, DCAT, OA, PROV, RDF, RDFS
from ccgkg.dataset.store import Store
from ccgkg.errors import UsageError, nearest

__all__ = [
    "BearingCard",
    "Card",
    "ChainStep",
    "Described",
    "PassageCard",
    "SourceCard",
    "claim_iri",
    "read_card",
    "read_source",
]


class Described(Protocol):
    """What can say the values of a property: the store, or a snapshot of it."""

    def objects(self, subject: str, predicate: str) -> list[str]:
        """The texts of all values of a property, sorted."""
        ...

    def subjects(self, predicate: str, value: str) -> list[str]:
        """The IRIs that have an IRI as the value of a property, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One link of the chain, told: who, in which words, in which document.

    `unclear` is the reason why it is not certain that the link says this, if so.
    """

    who: str
    role: str
    words: str
    document: str
    stance: str
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class PassageCard:
    """One passage: its words, where they stand, and how well the anchor holds.

    Attributes:
        quote: the source's own characters; where words are left out, “ … ” joins the parts.
        stretches: start and end of each part, in code points, half open.
        verdict: `exact` or `folded`.
        insertions: the curator's bracketed words.
        source: key of the source whose text this is.
    """

    quote: str
    stretches: tuple[tuple[int, int], ...]
    verdict: str
    insertions: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class SourceCard:
    """A source: its CSL record and how each field of it is known.

    Attributes:
        iri, key, sha256: the source and its text.
        csl: the bibliographic record, as CSL-JSON.
        known: bibliographic field to `stated`, `inferred` or `outside`.
    """

    iri: str
    key: str
    sha256: str
    csl: dict[str, Any]
    known: dict[str, str]


@dataclass(frozen=True, slots=True)
class BearingCard:
    """An issue on which the claim bears.

    Attributes:
        issue: the question.
        side: `for`, `against` or `qualifies`.
        because: the curator's reason.
    """

    issue: str
    side: str
    because: str


@dataclass(frozen=True)
class Card:
    """One claim in full."""

    iri: str
    short: str
    label: str
    subject: str
    relation: str
    object: str
    polarity: str
    modality: str
    hedge: str
    conditions: tuple[str, ...]
    levers: tuple[str, ...]
    chain: tuple[ChainStep, ...]
    passages: tuple[PassageCard, ...]
    source: SourceCard
    digest: str
    states: bool
    withdrawn: str
    bearings: tuple[BearingCard, ...] = ()


def claim_iri(store: Store, given: str) -> str:
    """The IRI of a claim that a user names by short id or IRI.

    Raises:
        UsageError: there is no such claim; the nearest short ids are named.
    """
    claims = f"{store.manifest.corpus['base']}claim/"
    short = given.strip().removeprefix("<").removesuffix(">").removeprefix(claims)
    short = short.removeprefix("claim:")
    known = [iri.removeprefix(claims) for iri in store.subjects(RDF + "type", CCG + "Claim")]
    if short in set(known):
        return claims + short
    near = nearest(short, known)
    same_slug = [name for name in known if name.partition("/")[2] == short]
    hint = f"Nearest: {', '.join(same_slug or near)}" if same_slug or near else ""
    raise UsageError(f"there is no claim `{given}`", hint=hint or "Look for it: ccgkg find WORDS")


@dataclass(frozen=True)
class _Reader:
    """Reads properties of one resource."""

    store: Described
    iri: str

    def all(self, predicate: str) -> list[str]:
        return self.store.objects(self.iri, predicate)

    def one(self, predicate: str) -> str:
        return next(iter(self.all(predicate)), "")

    def names(self, predicate: str) -> list[str]:
        """Local names of concepts."""
        return [value.rpartition("/")[2] for value in self.all(predicate)]

    def labels(self, predicate: str) -> str:
        """Labels of resources, or the literal itself, joined by “and”."""
        return " and ".join(_label(self.store, value) for value in self.all(predicate))

    def follow(self, predicate: str) -> Iterable[_Reader]:
        return (_Reader(self.store, value) for value in self.all(predicate))


def _label(store: Described, value: str) -> str:
    if "://" not in value:
        return value
    return next(iter(store.objects(value, RDFS + "label")), value)


def read_card(store: Described, iri: str, source: SourceCard | None = None) -> Card:
    """Read a claim.

    Args:
        store: the store, or a snapshot of it.
        iri: the claim.
        source: its source, for whoever has read that already.
    """
    claim = _Reader(store, iri)
    source = source or read_source(store, claim.one(CCG + "source"))
    conditions = [f"if {c.one(RDFS + 'label')}" for c in claim.follow(CCG + "if")]
    conditions += [f"unless {c.one(RDFS + 'label')}" for c in claim.follow(CCG + "unless")]
    conditions += [f"if {words}" for words in claim.all(CCG + "ifWords")]
    conditions += [f"unless {words}" for words in claim.all(CCG + "unlessWords")]
    return Card(
        iri=iri,
        short=iri.partition("/claim/")[2],
        label=claim.one(RDFS + "label"),
        subject=claim.labels(RDF + "subject"),
        relation=claim.labels(RDF + "predicate"),
        object=claim.labels(RDF + "object"),
        polarity=claim.names(CCG + "polarity")[0],
        modality=claim.names(CCG + "modality")[0],
        hedge=claim.one(CCG + "hedge"),
        conditions=tuple(conditions),
        levers=tuple(claim.names(CCG + "lever")),
        chain=_chain(claim),
        passages=_passages(claim),
        source=source,
        digest=claim.one(CCG + "digest"),
        states=claim.one(CCG + "states") == "true",
        withdrawn=claim.one(CCG + "withdrawnBecause"),
        bearings=_bearings(claim),
    )


def _bearings(claim: _Reader) -> tuple[BearingCard, ...]:
    readers = [_Reader(claim.store, iri) for iri in claim.store.subjects(CCG + "claim", claim.iri)]
    return tuple(
        BearingCard(
            issue=bearing.labels(CCG + "issue"),
            side=bearing.names(CCG + "side")[0],
            because=bearing.one(CCG + "because"),
        )
        for bearing in readers
    )


def _chain(claim: _Reader) -> tuple[ChainStep, ...]:
    links = sorted(
        claim.follow(PROV + "qualifiedAttribution"), key=lambda link: int(link.one(CCG + "step"))
    )
    source = claim.all(CCG + "source")
    return tuple(
        ChainStep(
            who=link.labels(PROV + "agent"),
            role=link.names(DCAT + "hadRole")[0],
            words=link.one(CCG + "words"),
            # That the last link says it in the source goes without saying.
            document="" if link.all(CCG + "in") == source else link.labels(CCG + "in"),
            stance=link.names(CCG + "stance")[0],
            unclear=link.one(CCG + "unclearBecause"),
        )
        for link in links
    )


def _passages(claim: _Reader) -> tuple[PassageCard, ...]:
    found = []
    for iri in claim.store.subjects(OA + "hasBody", claim.iri):
        passage = _Reader(claim.store, iri)
        parts, home = [], ""
        targets = sorted(
            passage.follow(OA + "hasTarget"), key=lambda target: int(target.one(CCG + "order"))
        )
        for target in targets:
            exact, start, end = "", 0, 0
            home = target.names(OA + "hasSource")[0]
            for selector in target.follow(OA + "hasSelector"):
                exact = selector.one(OA + "exact") or exact
                if selector.one(OA + "start"):
                    start, end = int(selector.one(OA + "start")), int(selector.one(OA + "end"))
            parts.append((exact, start, end))
        found.append(
            PassageCard(
                quote=" … ".join(exact for exact, _, _ in parts),
                stretches=tuple((start, end) for _, start, end in parts),
                verdict=passage.names(CCG + "verdict")[0],
                insertions=tuple(passage.all(CCG + "insertion")),
                source=home,
            )
        )
    return tuple(found)


def read_source(store: Described, iri: str) -> SourceCard:
    """Read a source's record."""
    source = _Reader(store, iri)
    known = {}
    for fact in store.subjects(CCG + "factOf", iri):
        reader = _Reader(store, fact)
        known[reader.one(CCG + "factField")] = reader.names(CCG + "known")[0]
    return SourceCard(
        iri=iri,
        key=iri.rpartition("/")[2],
        sha256=source.one(CCG + "sha256"),
        csl=json.loads(source.one(CCG + "csl")),
        known=known,
    )
