"""Upholding: every claim against the laws and the doubts, with what its curator accepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.doubts import Doubts
from ccgkg.corpus.findings import Fault, Findings
from ccgkg.corpus.laws import LawBook
from ccgkg.corpus.names import Names
from ccgkg.corpus.sources import Source

if TYPE_CHECKING:
    from ccgkg.corpus.library import Corpus

__all__ = ["uphold"]


def uphold(corpus: Corpus, key: str, book: tuple[LawBook, Names], findings: Findings) -> None:
    """Note what each claim of a source breaks or leaves open, and what it accepts for nothing.

    Args:
        corpus: the source with those that its claims speak of.
        key: which source it is.
        book: the laws, and what everything is called.
        findings: where faults go.
    """
    laws, names = book
    doubts = Doubts(corpus, key, names)
    source = corpus.sources[key]
    for claim in corpus.readings[key].claims:
        if claim.full is not None:
            faults = [*_breaches(laws, source, claim), *_asked(doubts, claim)]
            place = source.folder / "claims.yaml", claim.line
            findings.settle(place, f"`{claim.id}`", faults, claim.full.accept)


def _breaches(laws: LawBook, source: Source, claim: Claim) -> Iterator[Fault]:
    for passage in claim.passages:
        yield from laws.of_passage(source, passage)
    yield from laws.of_region(source, claim)
    yield from laws.of_words(source, claim)
    yield from laws.of_sentence(source, claim)


def _asked(doubts: Doubts, claim: Claim) -> Iterator[Fault]:
    for fault in doubts.of_claim(claim):
        # Of a claim that is no longer made nothing is asked; what it accepted may stay.
        yield replace(fault, told_elsewhere=True) if claim.withdrawn else fault
