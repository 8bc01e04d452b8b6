"""Coverage: every sentence of a source carries a claim, or says why it carries none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ccgkg.corpus.reading import Reading
from ccgkg.corpus.sources import Source
from ccgkg.corpus.text import Span, words

__all__ = ["MOST_NO_CLAIM", "MOST_OUTSIDE", "Coverage", "cover"]

MOST_OUTSIDE = 0.15
"""Share of the words of claim-bearing sentences that may stand inside no passage."""

MOST_NO_CLAIM = 0.10
"""Share of the words of body and comments that may be declared no claim."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a source is curated.

    Attributes:
        sentences: how many there are.
        claimed: sentences that carry a claim.
        unclaimed: sentences declared no claim, with the reason (regions included).
        open: sentences that are neither.
        outside: share of the words of claim-bearing sentences inside no passage.
        no_claim: share of the words of body and comments declared no claim.
    """

    sentences: int
    claimed: int
    unclaimed: Mapping[Span, str]
    open: tuple[Span, ...]
    outside: float
    no_claim: float

    @property
    def declared(self) -> Mapping[str, int]:
        """How many sentences are declared no claim, by reason."""
        return Counter(self.unclaimed.values())


def cover(source: Source, reading: Reading) -> Coverage:
    """Count the coverage of a source by what is said on it."""
    own = (passage for claim in reading.claims if not claim.withdrawn for passage in claim.passages)
    mirrored = (passage for passages in reading.mirrored.values() for passage in passages)
    passages = sorted(span for passage in (*own, *mirrored) for span in passage.spans)
    no_claims = reading.no_claims
    claimed: list[Span] = []
    unclaimed: dict[Span, str] = {}
    still_open: list[Span] = []
    counted = outside = of_text = unsaid = 0
    for sentence in source.sentences:
        kind = source.region_at(sentence.start).kind
        apart = kind in ("heading", "boilerplate")
        size = len(words(source.text[sentence]))
        of_text += 0 if apart else size
        if any(span.overlaps(sentence) for span in passages):
            claimed.append(sentence)
            counted += size
            outside += _words_outside(source, sentence, passages)
        elif (reason := no_claims.get(sentence)) is not None:
            unclaimed[sentence] = reason
            unsaid += 0 if apart else size
        elif apart:
            unclaimed[sentence] = kind
        else:
            still_open.append(sentence)
    return Coverage(
        sentences=len(source.sentences),
        claimed=len(claimed),
        unclaimed=unclaimed,
        open=tuple(still_open),
        outside=outside / counted if counted else 0.0,
        no_claim=unsaid / of_text if of_text else 0.0,
    )


def _words_outside(source: Source, sentence: Span, passages: list[Span]) -> int:
    total, at = 0, sentence.start
    for span in passages:
        if not span.overlaps(sentence):
            continue
        if span.start > at:
            total += len(words(source.text[Span(at, span.start)]))
        at = max(at, min(span.end, sentence.end))
    return total + len(words(source.text[Span(at, sentence.end)]))
