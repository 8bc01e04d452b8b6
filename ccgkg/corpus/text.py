"""A source's text, and its typographic folding.

Offsets are Unicode code points, half open, as Python slices. Folding removes what
typesetters change and authors do not mean: the shape of quotation marks and
apostrophes, of dashes, hyphens and spaces; and, where that alone does not match,
whether a comma or full stop stands inside or outside a closing quotation mark. It
never changes a letter, a digit or case.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Folded", "Span", "Text", "fold", "is_boundary", "plain", "stops_inside", "words"]

_QUOTES = "'\"‘’‚‛“”„‟′″«»‹›"
_SPACES = (
    " \t\n\r\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_APOSTROPHES = "'’"
_CLASSES = str.maketrans(
    dict.fromkeys(_QUOTES, "'")
    | dict.fromkeys(_SPACES + _DASHES, " ")
    | dict.fromkeys(_INVISIBLE, "\x00")
)
_TOKEN = re.compile(r"[^ \x00]+| [ \x00]*|\x00+")
_OUTSIDE = re.compile(r"'([,.])")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of a text: code points, half open."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Folded:
    """A folded text and the way back.

    Attributes:
        content: the folded characters.
        offsets: for each folded character its code point offset in the original,
            and last the original's length.
    """

    content: str
    offsets: array[int]

    @cached_property
    def stops_inside(self) -> str:
        """The same with each comma and full stop inside the quotation mark it follows."""
        return stops_inside(self.content)

    def unfold(self, start: int, end: int) -> Span:
        """The original span of the folded span `start:end` (not empty)."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


def fold(text: str) -> Folded:
    """Fold typography; both sides of a comparison are folded alike.

    >>> fold("‘long-term’ – so").content == fold('"long term" — so').content
    True
    >>> fold("GPs’ role").content
    "GPs' role"
    """
    same_length = text.translate(_CLASSES)
    pieces: list[str] = []
    offsets = array("l")
    for token in _TOKEN.finditer(same_length):
        first = same_length[token.start()]
        if first == "\x00":
            continue
        if first == " ":
            pieces.append(" ")
            offsets.append(token.start())
        else:
            pieces.append(token.group())
            offsets.extend(range(token.start(), token.end()))
    offsets.append(len(text))
    return Folded("".join(pieces), offsets)


def stops_inside(folded: str) -> str:
    """Move each comma and full stop inside the quotation mark that it follows.

    >>> stops_inside("'buy in', so")
    "'buy in,' so"
    """
    return _OUTSIDE.sub(r"\1'", folded)


def plain(words: str) -> str:
    """Words in lower case with straight apostrophes, as cues and acceptances are compared.

    >>> plain("Can’t")
    "can't"
    """
    return words.lower().replace("’", "'")


def is_boundary(text: str, at: int) -> bool:
    """Whether a word may start or end at offset `at`.

    It may not between two letters or digits, before a combining mark, or beside an
    apostrophe within a word: a passage that cut “can” out of “can’t” would deny nothing.

    >>> [is_boundary("can’t go", at) for at in (3, 4, 5)]
    [False, False, True]
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if after in _APOSTROPHES:
        return not (before.isalnum() and text[at + 1 : at + 2].isalpha())
    if before in _APOSTROPHES:
        return not (text[max(0, at - 2) : at - 1].isalnum() and after.isalpha())
    return not (before.isalnum() and after.isalnum()) and not unicodedata.combining(after)


def words(text: str) -> list[str]:
    """The words of a text, for counting.

    >>> words("GPs’ buy-in, 20%")
    ['GPs', 'buy', 'in', '20']
    """
    return _WORD.findall(text)


@dataclass(frozen=True)
class Text:
    """The characters of one source, exactly as received."""

    content: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the UTF-8 bytes, in hexadecimal."""
        return hashlib.sha256(self.content.encode("utf-8")).hexdigest()

    @cached_property
    def folded(self) -> Folded:
        """The folded text; made when first needed, for most quotes match exactly."""
        return fold(self.content)

    def __getitem__(self, span: Span) -> str:
        return self.content[span.start : span.end]

    def __len__(self) -> int:
        return len(self.content)

    def line(self, offset: int) -> int:
        """1-based line in which `offset` stands."""
        return self.content.count("\n", 0, offset) + 1
