"""Passages as a reader sees them: the quote within its sentence, and the way to it.

A passage is shown in the whole sentence that it stands in, cut from the source's own text,
so that what stands before and after it can be read too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

__all__ = ["PassageView", "Piece", "around", "fragment", "pieces"]

_MOST_WORDS = 12
"""Longer quotes are found by their ends: a page may set the middle otherwise."""

_ENDS = 5

Stretch = tuple[int, int]


class Piece(NamedTuple):
    """A run of characters, quoted or only around the quote."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class PassageView:
    """One passage, to be shown.

    Attributes:
        source: key of the source whose text this is.
        title: of that source.
        pieces: the sentence, with the parts of the quote marked.
        verdict: `exact` or `folded`.
        insertions: the curator's bracketed words.
        region: `heading` or `comments`, where it is no body text; else empty.
        reader: the passage in the reader, from the site's root.
        original: the passage on the publisher's page; empty where no address is known.
    """

    source: str
    title: str
    pieces: tuple[Piece, ...]
    verdict: str
    insertions: tuple[str, ...] = ()
    region: str = ""
    reader: str = ""
    original: str = ""

    @property
    def quote(self) -> str:
        """The quote alone."""
        return " … ".join(piece.text for piece in self.pieces if piece.marked)


def around(sentences: Sequence[Stretch], stretches: Sequence[Stretch]) -> Stretch:
    """The whole sentences that some stretches touch, as one stretch.

    >>> around([(0, 10), (11, 20), (21, 30)], [(12, 15)])
    (11, 20)
    """
    start, end = stretches[0][0], stretches[-1][1]
    touched = [each for each in sentences if each[0] < end and start < each[1]]
    return min([start, *(each[0] for each in touched)]), max([end, *(each[1] for each in touched)])


def pieces(text: str, whole: Stretch, stretches: Sequence[Stretch]) -> tuple[Piece, ...]:
    """A stretch of a text, cut at the parts of a quote.

    >>> pieces("They do not agree.", (0, 18), [(5, 11)])
    (Piece(text='They ', marked=False), Piece(text='do not', marked=True), Piece(text=' agree.', \
marked=False))
    """
    found, at = [], whole[0]
    for start, end in stretches:
        found += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    found.append(Piece(text[at : whole[1]], False))
    return tuple(piece for piece in found if piece.text)


def fragment(address: str, quotes: Sequence[str]) -> str:
    """An address with a text fragment, so that a browser scrolls to a quote.

    >>> fragment("https://example.org/a", ["long-term, really"])
    'https://example.org/a#:~:text=long%2Dterm%2C%20really'
    """
    if not address:
        return ""
    told = []
    for words in (each.split() for each in quotes):
        ends = [words] if len(words) <= _MOST_WORDS else [words[:_ENDS], words[-_ENDS:]]
        told.append(",".join(_encoded(" ".join(part)) for part in ends))
    joint = ":~:text=" if "#" in address else "#:~:text="
    return address + joint + "&text=".join(told)


def _encoded(words: str) -> str:
    # A hyphen beside a comma is syntax of the fragment, and `quote` never encodes it.
    return quote(words, safe="").replace("-", "%2D")
