"""Ties: the links between claims, each told from both of its ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccgkg.dataset.prefixes import CCG
from ccgkg.dataset.snapshot import Snapshot
from ccgkg.site.claims import Brief, Tie

__all__ = ["ties_between"]

_WORDS = {
    "disputes": ("disputes", "is disputed by"),
    "updates": ("updates", "is updated by"),
    "qualifies": ("qualifies", "is qualified by"),
    "supports": ("supports", "is supported by"),
    "answers": ("answers", "is answered by"),
    "sameUtterance": ("renders the same words as", "renders the same words as"),
    "if": ("holds only if", "is the condition of"),
    "unless": ("holds unless", "is the exception to"),
    "alternative": ("holds, or else", "holds, or else"),
}
"""Kind of a link to its words, from the one that makes it and from the other; the order in
which ties are shown."""
_RANKS = {kind: rank for rank, kind in enumerate(_WORDS)}

_Found = Iterator[tuple[str, str, str, str]]


def ties_between(facts: Snapshot, briefs: Mapping[str, Brief]) -> dict[str, tuple[Tie, ...]]:
    """The ties of each claim, those that stand against it first.

    Args:
        facts: the dataset.
        briefs: the claims that may be shown, by address; a link to another is left out.
    """
    found: dict[str, list[Tie]] = {}
    for kind, one, other, because in _links(facts):
        if one not in briefs or other not in briefs:
            continue
        outward, inward = _WORDS[kind]
        found.setdefault(one, []).append(Tie(kind, outward, briefs[other], because))
        found.setdefault(other, []).append(Tie(kind, inward, briefs[one], because))
    return {iri: tuple(sorted(ties, key=_order)) for iri, ties in found.items()}


def _order(tie: Tie) -> tuple[int, str, str]:
    return _RANKS[tie.kind], tie.words, tie.other.short


def _links(facts: Snapshot) -> _Found:
    for link in facts.of_class(CCG + "ReasonedLink"):
        kind = facts.one(link, CCG + "linkType").replace("#", "/").rpartition("/")[2]
        ends = facts.one(link, CCG + "linkFrom"), facts.one(link, CCG + "linkTo")
        yield kind, *ends, facts.one(link, CCG + "because")
    for claim in facts.of_class(CCG + "Claim"):
        for name in ("answers", "if", "unless"):
            for other in facts.objects(claim, CCG + name):
                yield name, claim, other, ""
    for group in facts.of_class(CCG + "Alternatives"):
        claims = facts.subjects(CCG + "oneOf", group)
        for place, claim in enumerate(claims):
            for other in claims[place + 1 :]:
                yield "alternative", claim, other, ""
