"""The reader: a source's text exactly as received, cut where passages start and end.

Every piece between two cuts is one flat segment that knows which claims it belongs to, so
that overlapping passages need no nesting. Nothing is added to the text and nothing is left out:
the segments of a source, joined, are the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ccgkg.site.claims import ClaimView
from ccgkg.site.sources import SourceView

__all__ = ["Block", "Margin", "Region", "Segment", "excerpts", "margin", "regions"]

_LINES = re.compile(r"\n+")


@dataclass(frozen=True, slots=True)
class Margin:
    """One claim beside the text.

    Attributes:
        number: its place in the margin.
        anchor: its name within the page; `source/id` where it is printed again here.
        claim: what it says.
        stretches: where its passages stand in this text.
    """

    number: int
    anchor: str
    claim: ClaimView
    stretches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters between two cuts.

    Attributes:
        text: the characters.
        claims: anchors of the claims whose passage it belongs to.
        depth: how many different passages overlap here.
        starts: anchors of the claims whose first passage starts here.
        ends: the claims of which a passage ends here.
        reason: why its sentence carries no claim; empty where it carries one.
    """

    text: str
    claims: tuple[str, ...]
    depth: int
    starts: tuple[str, ...]
    ends: tuple[Margin, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, and the white space after it that the source has."""

    segments: tuple[Segment, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Region:
    """Paragraphs of one kind: `body`, `heading`, `comments` or `boilerplate`."""

    kind: str
    blocks: tuple[Block, ...]


def margin(source: SourceView, claims: Iterable[ClaimView]) -> list[Margin]:
    """The claims that a source prints, in the order of its text.

    Args:
        source: the source.
        claims: those that may be shown; those printed elsewhere are left out.
    """
    found = []
    for claim in claims:
        here = [p for p in claim.card.passages if p.source == source.key]
        if here:
            stretches = tuple(sorted(each for passage in here for each in passage.stretches))
            own = claim.source.key == source.key
            found.append((stretches, claim.slug if own else claim.short, claim))
    found.sort(key=lambda each: each[:2])
    return [Margin(n, anchor, claim, at) for n, (at, anchor, claim) in enumerate(found, 1)]


def regions(source: SourceView, beside: Sequence[Margin]) -> list[Region]:
    """The whole text, cut into regions, paragraphs and segments."""
    cutter = _Cutter(source, beside)
    blocks = [(kind, source_id, cutter.block(*edges)) for kind, source_id, *edges in _lines(source)]
    return [
        Region(kind, tuple(block for _, _, block in group))
        for (kind, _), group in groupby(blocks, key=lambda each: each[:2])
    ]


def excerpts(source: SourceView, beside: Sequence[Margin]) -> list[Region]:
    """Only the sentences that carry a claim, each a paragraph of its own."""
    cutter = _Cutter(source, beside)
    touched = [
        (start, end)
        for start, end in source.sentences
        if any(a < end and start < b for each in beside for a, b in each.stretches)
    ]
    found = []
    for start, end in touched:
        found.append((source.kind_at(start) or "body", cutter.block(start, end, end)))
    return [
        Region(kind, tuple(block for _, block in group))
        for kind, group in groupby(found, key=lambda each: each[0])
    ]


def _lines(source: SourceView) -> Iterator[tuple[str, str, int, int, int]]:
    """Kind and name of the region, start and end of each line, and where its white space ends.

    A line that holds the border of a region is cut there.
    """
    text, at = source.text, 0
    borders = {edge for region in source.regions for edge in (region.start, region.end)}
    breaks = {found.start(): found.end() for found in _LINES.finditer(text)}
    for end in sorted({*borders, *breaks, len(text)} - {0}):
        if end <= at or (end < len(text) and not text[at:end].strip()):
            continue  # a border within white space, which goes with what follows it
        after = breaks.get(end, end)
        inside = at + len(text[at:end]) - len(text[at:end].lstrip())
        region = _region_at(source, min(inside, end - 1))
        yield *region, at, end, after
        at = after


def _region_at(source: SourceView, offset: int) -> tuple[str, str]:
    place = bisect_right(source.regions, offset, key=lambda region: region.start) - 1
    if place >= 0 and offset < source.regions[place].end:
        region = source.regions[place]
        return region.kind, "" if region.kind == "body" else region.id
    return "body", ""


class _Cutter:
    """Cuts stretches of one text into segments."""

    def __init__(self, source: SourceView, beside: Sequence[Margin]) -> None:
        self._text = source.text
        self._beside = beside
        self._unclaimed = source.unclaimed
        passages = {edge for each in beside for stretch in each.stretches for edge in stretch}
        silent = {edge for sentence in source.unclaimed for edge in (sentence.start, sentence.end)}
        self._cuts = sorted(passages | silent)
        self._open = self._covering()

    def _covering(self) -> dict[int, list[tuple[Margin, tuple[int, int]]]]:
        """At each cut the claims whose passages cover what follows it."""
        found: dict[int, list[tuple[Margin, tuple[int, int]]]] = {cut: [] for cut in self._cuts}
        for each in self._beside:
            for start, end in each.stretches:
                first = bisect_right(self._cuts, start) - 1
                last = bisect_right(self._cuts, end) - 1
                for cut in self._cuts[first:last]:
                    found[cut].append((each, (start, end)))
        return found

    def block(self, start: int, end: int, after: int) -> Block:
        """The stretch `start:end` as a paragraph, followed by white space up to `after`."""
        first, last = bisect_right(self._cuts, start), bisect_right(self._cuts, end - 1)
        edges = [start, *self._cuts[first:last], end]
        return Block(tuple(self._segment(a, b) for a, b in pairwise(edges)), self._text[end:after])

    def _segment(self, start: int, end: int) -> Segment:
        place = bisect_right(self._cuts, start) - 1
        covering = self._open[self._cuts[place]] if place >= 0 else []
        found = {each.anchor: each for each, _ in covering}
        return Segment(
            text=self._text[start:end],
            claims=tuple(found),
            depth=len({stretch for _, stretch in covering}),
            starts=tuple(a for a, each in found.items() if each.stretches[0][0] == start),
            ends=tuple(dict.fromkeys(each for each, (_, last) in covering if last == end)),
            reason=self._reason(start),
        )

    def _reason(self, offset: int) -> str:
        place = bisect_right(self._unclaimed, offset, key=lambda sentence: sentence.start) - 1
        if place >= 0 and offset < self._unclaimed[place].end:
            return self._unclaimed[place].reason
        return ""
