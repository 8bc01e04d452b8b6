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
        plain = "…" not in typed and "[" not in typed
        if plain or (text is not None and typed in text.content):
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
    if text[span] == anchor.exact and is_boundary(text.content, span.end):
        return Match("exact", (span,))
    quote = Quote((anchor.exact,))
    plain = locate(text, quote)
    if plain.verdict != "ambiguous":
        return plain
    return locate(text, quote, Hints(prefix=anchor.prefix, suffix=anchor.suffix))


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
    verdict, spans = _find(text, quote.parts[0], hints)
    if len(spans) == 1:
        return Match(verdict, tuple(spans))
    if spans:
        return _ambiguous(text, [span.start for span in spans])
    return _near(text, quote.parts[0])


def _find(text: Text, part: str, hints: Hints | None) -> tuple[Verdict, list[Span]]:
    spans = list(_exactly(text.content, part))
    if hints is not None:
        spans = _decide(text, spans, hints)
    if spans:
        return "exact", spans
    spans = list(_folded(text, part))
    return "folded", _decide(text, spans, hints) if hints is not None else spans


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


def _decide(text: Text, spans: list[Span], hints: Hints) -> list[Span]:
    before, after = fold(hints.prefix).content.strip(), fold(hints.suffix).content.strip()
    if before:
        reach = 2 * len(hints.prefix) + CONTEXT
        spans = [
            s
            for s in spans
            if fold(text.content[max(0, s.start - reach) : s.start])
            .content.rstrip()
            .endswith(before)
        ]
    if after:
        reach = 2 * len(hints.suffix) + CONTEXT
        spans = [
            s
            for s in spans
            if fold(text.content[s.end : s.end + reach]).content.lstrip().startswith(after)
        ]
    if hints.occurrence:
        spans = spans[hints.occurrence - 1 : hints.occurrence]
    return spans


def _ambiguous(text: Text, starts: Iterable[int]) -> Match:
    places = tuple(starts)
    lines = ", ".join(str(text.line(start)) for start in places)
    return Match(
        "ambiguous",
        places=places,
        problem=f"the source prints it {len(places)} times (lines {lines}); say which with "
        "`occurrence: 1` …, `prefix:` or `suffix:`",
    )


def _locate_elided(
    text: Text, quote: Quote, hints: Hints | None, sentences: Sequence[Span]
) -> Match:
    found: list[tuple[Verdict, list[Span]]] = [_find(text, part, None) for part in quote.parts]
    for part, (_, spans) in zip(quote.parts, found, strict=True):
        if not spans:
            return _near(text, part)
    ways = [way for sentence in sentences for way in _in_order([s for _, s in found], sentence)]
    if hints is not None and ways:
        kept = set(_decide(text, [way[0] for way in ways], hints))
        ways = [way for way in ways if way[0] in kept]
    if len(ways) > 1:
        return _ambiguous(text, [way[0].start for way in ways])
    if ways:
        verdict: Verdict = "folded" if any(v == "folded" for v, _ in found) else "exact"
        return Match(verdict, ways[0])
    return Match("lost", problem=_why_not_in_order(text, quote, [s for _, s in found]))


def _in_order(found: list[list[Span]], sentence: Span) -> list[tuple[Span, ...]]:
    """Every way to walk the parts in order inside one sentence."""
    ways: list[tuple[Span, ...]] = [()]
    for spans in found:
        inside = [s for s in spans if sentence.start <= s.start and s.end <= sentence.end]
        ways = [(*way, s) for way in ways for s in inside if not way or way[-1].end <= s.start]
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
