"""Anchors: from a quote to its passage and back.

A curator types a quote; the tool finds the one place in the text where it stands and
says how well it holds:

    exact      the very characters stand there, once
    folded     they do but for typography (quotation marks, dashes, hyphens, spaces)
    ambiguous  they stand in several places and nothing says which
    drifted    only something like it is there: the wording has changed
    lost       nothing like it is there

`locate` and `resolve` lead from words to a passage; `describe` leads back. Only `exact`
and `folded` are evidence. Exact matches are looked for first and folded ones only when
there is none, so the common case costs one search of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from ccgkg.corpus.text import Span, Text, fold, is_boundary, stops_inside, words

__all__ = [
    "CONTEXT",
    "Anchor",
    "Hints",
    "Match",
    "Quote",
    "Verdict",
    "describe",
    "locate",
    "resolve",
]

Verdict = Literal["exact", "folded", "ambiguous", "drifted", "lost"]

CONTEXT = 32
"""Code points of prefix and suffix, the length that Hypothesis uses."""

LEAST_WORDS = 3
_MOST_LINES = 10
_MOST_WAYS = 100
"""More ways than this to read one elided quote are not counted: it is ambiguous."""
_MARK = re.compile(r"\s*…\s*|\s*\[([^\][]*)\]\s*")


@dataclass(frozen=True, slots=True)
class Anchor:
    """What finds a passage again (W3C Web Annotation's two selectors in one).

    Attributes:
        exact: the source's own characters, never elided.
        prefix, suffix: up to `CONTEXT` code points on each side.
        start, end: code point offsets, half open.
        digest: SHA-256 of the text that the offsets count in.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as a curator types it.

    Attributes:
        parts: the quoted stretches in their order, more than one if words are left out.
        insertions: the words in square brackets, which the source does not print.
    """

    parts: tuple[str, ...]
    insertions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, typed: str, text: Text | None = None) -> Quote:
        """Read `…` as an elision and `[…]` as an insertion, unless the source prints them.

        >>> Quote.parse("CCGs … [have to] engage their members")
        Quote(parts=('CCGs', 'engage their members'), insertions=('have to',))
        """
        if "…" not in typed and "[" not in typed:
            return cls((typed,))
        if text is not None and fold(typed).content.strip() in text.folded.content:
            return cls((typed,))
        parts: list[str] = [""]
        insertions: list[str] = []
        at = 0
        for mark in _MARK.finditer(typed):
            parts[-1] += typed[at : mark.start()]
            if mark.group(1) is None:
                parts.append("")
            else:
                insertions.append(mark.group(1).strip())
                parts[-1] += " "
            at = mark.end()
        parts[-1] += typed[at:]
        return cls(tuple(p for part in parts if (p := part.strip())), tuple(insertions))

    @property
    def words(self) -> int:
        """How many words of the source are quoted."""
        return sum(len(words(part)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Hints:
    """What decides between several places: words before, words after, or a count from 1."""

    prefix: str = ""
    suffix: str = ""
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quote stands.

    Attributes:
        verdict: how well it holds.
        spans: the passage, one span for each part of the quote; empty unless the
            verdict is `exact` or `folded`.
        places: the start offsets of all places, when `ambiguous`.
        problem: what is wrong, in words, unless the verdict is `exact` or `folded`.
    """

    verdict: Verdict
    spans: tuple[Span, ...] = ()
    places: tuple[int, ...] = ()
    problem: str = ""


def describe(text: Text, span: Span) -> Anchor:
    """The anchor of a passage.

    >>> text = Text("CCGs tended to give out the carrots.")
    >>> describe(text, Span(5, 35)).exact
    'tended to give out the carrots'
    """
    return Anchor(
        exact=text[span],
        prefix=text.content[max(0, span.start - CONTEXT) : span.start],
        suffix=text.content[span.end : span.end + CONTEXT],
        start=span.start,
        end=span.end,
        digest=text.digest,
    )


def resolve(text: Text, anchor: Anchor) -> Match:
    """Find an anchor's passage again, in its own text or in a changed one."""
    span = Span(anchor.start, anchor.end)
    whole = is_boundary(text.content, span.start) and is_boundary(text.content, span.end)
    if whole and text[span] == anchor.exact:
        return Match("exact", (span,))
    plain = _locate_part(text, anchor.exact, None)
    if plain.verdict != "ambiguous":
        return plain
    return _locate_part(text, anchor.exact, Hints(prefix=anchor.prefix, suffix=anchor.suffix))


def locate(
    text: Text, quote: Quote, hints: Hints | None = None, sentences: Sequence[Span] = ()
) -> Match:
    """Find the passage of a quote.

    Args:
        text: the source's text.
        quote: one part, or several that stand in this order inside one sentence.
        hints: what decides between several places.
        sentences: the sentences of the text, needed for a quote of several parts.
    """
    if quote.words < LEAST_WORDS:
        return Match("lost", problem=f"a quote has at least {LEAST_WORDS} words")
    if len(quote.parts) > 1:
        return _locate_elided(text, quote, hints, sentences)
    return _locate_part(text, quote.parts[0], hints)


def _locate_part(text: Text, part: str, hints: Hints | None) -> Match:
    exact: list[_Way] = [(span,) for span in _exactly(text.content, part)]
    ways = _decide(text, exact, hints)
    verdict: Verdict = "exact"
    if not ways:
        folded: list[_Way] = [(span,) for span in _folded(text, part)]
        ways = _decide(text, folded, hints)
        verdict = "folded"
        if not folded:
            return _near(text, part)
        if not ways:
            return _undecided(text, folded)
    return Match(verdict, ways[0]) if len(ways) == 1 else _ambiguous(text, ways)


def _exactly(content: str, part: str) -> Iterator[Span]:
    length = len(part)
    at = content.find(part)
    while at >= 0:
        if is_boundary(content, at) and is_boundary(content, at + length):
            yield Span(at, at + length)
        at = content.find(part, at + 1)


def _folded(text: Text, part: str) -> Iterator[Span]:
    folded = text.folded
    wanted = fold(part).content.strip()
    spans = list(_exactly(folded.content, wanted))
    spans = spans or list(_exactly(folded.stops_inside, stops_inside(wanted)))
    for span in spans:
        yield folded.unfold(span.start, span.end)


_Way = tuple[Span, ...]
"""One place where a quote stands: a span for each part."""


def _decide(text: Text, ways: list[_Way], hints: Hints | None) -> list[_Way]:
    """Those places that the hints allow."""
    if hints is None:
        return ways
    before, after = fold(hints.prefix).content.strip(), fold(hints.suffix).content.strip()
    if before:
        reach = 2 * len(hints.prefix) + CONTEXT
        ways = [w for w in ways if _folds_to(text, w[0].start - reach, w[0].start).endswith(before)]
    if after:
        reach = 2 * len(hints.suffix) + CONTEXT
        ways = [w for w in ways if _folds_to(text, w[-1].end, w[-1].end + reach).startswith(after)]
    if hints.occurrence:
        ways = ways[hints.occurrence - 1 : hints.occurrence]
    return ways


def _folds_to(text: Text, start: int, end: int) -> str:
    return fold(text.content[max(0, start) : end]).content.strip()


def _ambiguous(text: Text, ways: Sequence[_Way]) -> Match:
    places = tuple(way[0].start for way in ways)
    return Match(
        "ambiguous",
        places=places,
        problem=f"the source prints it {_times(places)} (lines {_lines(text, places)}); say "
        "which with `occurrence: 1` …, `prefix:` or `suffix:`",
    )


def _undecided(text: Text, ways: Sequence[_Way]) -> Match:
    """The words are there, but at none of their places do the hints hold."""
    places = tuple(way[0].start for way in ways)
    return Match(
        "ambiguous" if len(places) > 1 else "drifted",
        places=places,
        problem=f"the source prints it {_times(places)} (lines {_lines(text, places)}), but "
        "`prefix:`, `suffix:` or `occurrence:` fits none of these places",
    )


def _times(places: Sequence[int]) -> str:
    return "once" if len(places) == 1 else f"{len(places)} times"


def _lines(text: Text, places: Iterable[int]) -> str:
    lines = [str(line) for line in dict.fromkeys(text.line(start) for start in places)]
    return ", ".join(lines[:_MOST_LINES]) + (", …" if len(lines) > _MOST_LINES else "")


def _locate_elided(
    text: Text, quote: Quote, hints: Hints | None, sentences: Sequence[Span]
) -> Match:
    exact = [list(_exactly(text.content, part)) for part in quote.parts]
    found = [
        sorted({*spans, *_folded(text, part)})
        for part, spans in zip(quote.parts, exact, strict=True)
    ]
    for part, spans in zip(quote.parts, found, strict=True):
        if not spans:
            return _near(text, part)
    tries: tuple[tuple[Verdict, list[list[Span]]], ...] = (("exact", exact), ("folded", found))
    for verdict, candidates in tries:
        ways = [way for sentence in sentences for way in _in_order(candidates, sentence)]
        if len(ways) > _MOST_WAYS:
            return _ambiguous(text, ways)
        decided = _decide(text, ways, hints)
        if len(decided) == 1:
            return Match(verdict, decided[0])
        if decided:
            return _ambiguous(text, decided)
    if ways:
        return _undecided(text, ways)
    return Match("lost", problem=_why_not_in_order(text, quote, found))


def _in_order(found: list[list[Span]], sentence: Span) -> list[_Way]:
    """Every way to walk the parts in order inside one sentence."""
    ways: list[_Way] = [()]
    for spans in found:
        inside = [s for s in spans if sentence.start <= s.start and s.end <= sentence.end]
        longer = ((*way, s) for way in ways for s in inside if not way or way[-1].end <= s.start)
        ways = list(islice(longer, _MOST_WAYS + 1))
    return ways


def _why_not_in_order(text: Text, quote: Quote, found: list[list[Span]]) -> str:
    starts = [spans[0].start for spans in found]
    listed = "; ".join(
        f"“{part}” on line {text.line(start)}, character {start}"
        for part, start in zip(quote.parts, starts, strict=True)
    )
    if starts != sorted(starts):
        return f"the parts stand in another order in the source: {listed}"
    return f"the parts stand in different sentences: {listed}; an elision stays inside one sentence"


def _near(text: Text, part: str) -> Match:
    # rapidfuzz costs as much to import as the whole quote costs to find: only on failure.
    from ccgkg.corpus.nearest import nearest_passage

    near = nearest_passage(text, part)
    if near is None:
        return Match("lost", problem="nothing like it stands in the source")
    return Match("drifted", places=(near.span.start,), problem=str(near))
