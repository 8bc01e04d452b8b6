"""The passage most like a quote that is not there, and what differs.

Only error messages come here. rapidfuzz finds the place (4 ms in 500 KB); its window
keeps the quote's length, so it is widened to whole words before the two are compared.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from rapidfuzz import fuzz

from ccgkg.corpus.text import Span, Text, fold, is_boundary

__all__ = ["CUTOFF", "Near", "nearest_passage"]

CUTOFF = 60.0
"""Least similarity in percent; unrelated text of 200 characters scores at most 50.5."""


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that is like a quote.

    Attributes:
        span: where it stands.
        line: 1-based line in the source.
        passage: its characters.
        similarity: 0 to 100.
        difference: word by word, `-` what was quoted and `+` what the source prints.
    """

    span: Span
    line: int
    passage: str
    similarity: float
    difference: str

    def __str__(self) -> str:
        return (
            f"nearest passage, line {self.line}, {self.similarity:.0f}% alike: "
            f"“{self.passage}”; differs: {self.difference}"
        )


def nearest_passage(text: Text, quote: str, *, cutoff: float = CUTOFF) -> Near | None:
    """The passage most like `quote`, or None where nothing reaches the cut-off."""
    wanted = fold(quote).content.strip()
    folded = text.folded
    found = fuzz.partial_ratio_alignment(
        _lower(wanted), _lower(folded.content), score_cutoff=cutoff
    )
    if found is None or found.dest_end <= found.dest_start:
        return None
    span = _widen(text.content, folded.unfold(found.dest_start, found.dest_end))
    passage = text[span]
    return Near(span, text.line(span.start), passage, found.score, _difference(quote, passage))


def _lower(text: str) -> str:
    """Lower case, character by character, so that offsets stay (“İ” would become two)."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _widen(content: str, span: Span) -> Span:
    """To whole words, without white space around them."""
    start, end = span.start, span.end
    while start < end and content[start].isspace():
        start += 1
    while end > start and content[end - 1].isspace():
        end -= 1
    while not is_boundary(content, start):
        start -= 1
    while not is_boundary(content, end):
        end += 1
    return Span(start, end)


def _difference(quoted: str, printed: str) -> str:
    ours, theirs = fold(quoted).content.split(), fold(printed).content.split()
    changes = []
    matcher = difflib.SequenceMatcher(a=ours, b=theirs, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        if b > a:
            changes.append(f"-“{' '.join(ours[a:b])}”")
        if d > c:
            changes.append(f"+“{' '.join(theirs[c:d])}”")
    return " ".join(changes) or "only upper and lower case"
