"""Where the engine's parser is stuck in a broken query, and how far a repair would take it.

The parser tells the furthest character that any attempt of its looked at, and an attempt at
a keyword looks at as many as the keyword has: at `?c` it says "expected OPTIONAL", eight
characters on, whatever stands there. With wide gaps between the tokens no attempt looks
beyond the token at which it began, so the place that is told is that of the token which it
could not take.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from ccgkg.corpus.tokens import Token, pieces

__all__ = ["CLOSING", "Broken", "offset", "position"]

CLOSING = {"{": "}", "(": ")", "[": "]"}
"""The brackets, each with the one that closes it."""
_GAP = " " * 24
"""More than the longest keyword, ENCODE_FOR_URI."""
_REACH = 12
"""How many tokens after a repair show whether it was the right one."""
_FAR = 100
"""How many tokens stand apart: more than an attempt can look at."""
_LONGEST = 10_000
"""Characters of a query that is parsed some fifty times within a second."""
_CALLED = re.compile(r"(?i:COALESCE|CONCAT)|[A-Za-z][\w.-]*:.*|:.*|<.+>")
"""What the parser takes as a function only if the bracket follows at once."""


def position(message: str) -> tuple[int, int, str]:
    """Take an engine's message apart: line, column and what is wrong.

    >>> position("error at 2:11: expected OPTIONAL")
    (2, 11, 'expected OPTIONAL')
    """
    found = re.fullmatch(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if found is None:
        return 1, 1, message
    return int(found.group(1)), int(found.group(2)), " ".join(found.group(3).split())


def offset(text: str, line: int, column: int) -> int:
    r"""Where a line and a column are in a text.

    >>> offset("ab\ncd", 2, 2)
    4
    """
    before = text.split("\n")[: line - 1]
    return min(sum(map(len, before)) + len(before) + column - 1, len(text))


@dataclass(frozen=True)
class Broken:
    """A query that the parser refuses.

    Attributes:
        text: the query.
        prefixes: those that need no declaration.
        pieces: its tokens.
        at: which of them the parser could not take; their number if the text ends too early.
        said: the parser's words for it.
        told: its words if the tokens from there on are left out.
    """

    text: str
    prefixes: Mapping[str, str]
    pieces: Sequence[Token]
    at: int
    said: str
    told: str

    @classmethod
    def of(cls, text: str, prefixes: Mapping[str, str], place: int, said: str) -> Broken:
        """What the parser refuses in a text.

        Args:
            text: the query.
            prefixes: those that need no declaration.
            place: the offset that it told.
            said: its words.
        """
        whole = pieces(text)
        words = [piece.text for piece in whole]
        # An attempt began at most a keyword before the place, unless a token is longer.
        first = max(sum(piece.start < place - len(_GAP) for piece in whole) - 1, 0)
        at = _stuck(words, prefixes, first)[0]
        if at > len(words):  # it takes the tokens, but not the spaces between
            at = next(filter(None, map(_spaced, range(len(words)), whole, whole[1:])), len(words))
        told = _stuck(words[:at], prefixes, max(at - 2, 0))[1]
        return cls(text, prefixes, whole, at, said, told)

    @property
    def stuck(self) -> Token | None:
        """The token that the parser could not take; None if the text ends too early."""
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    @property
    def before(self) -> Token | None:
        """The last token that it took."""
        return self.pieces[self.at - 1] if self.at else None

    @property
    def end(self) -> int:
        """The offset at which the last token ends."""
        return self.pieces[-1].start + len(self.pieces[-1].text) if self.pieces else 0

    def opened(self) -> list[Token]:
        """The brackets that are open where the parser is stuck, the outermost first."""
        opened: list[Token] = []
        for piece in self.pieces[: self.at]:
            if piece.text in CLOSING:
                opened.append(piece)
            elif piece.text in CLOSING.values() and opened:
                opened.pop()
        return opened

    def placed(self, bracket: Token) -> str:
        """A bracket as a message names it, with its line."""
        return f"the `{bracket.text}` of line {self.text.count(chr(10), 0, bracket.start) + 1}"

    def gain(self, repair: Sequence[str], *, drop: int = 0) -> int:
        """How many tokens from the stuck one on the parser takes after a repair.

        Args:
            repair: what is put before the stuck token.
            drop: how many tokens, from the stuck one on, it replaces.

        Returns:
            Their number, a replaced one not counted; -1 if the repair itself is not taken.
        """
        if len(self.text) > _LONGEST:
            return -1
        words = [piece.text for piece in self.pieces]
        rest = words[self.at + drop : self.at + drop + _REACH]
        tried = [*words[: self.at], *repair, *rest]
        at, _ = _stuck(tried, self.prefixes, max(self.at - 2, 0))
        return max(at - self.at - len(repair), -1)

    def renamed(self, index: int) -> int:
        """Which token the parser could not take if an earlier variable had a new name."""
        words = [piece.text for piece in self.pieces[: self.at + _REACH]]
        words[index] = "?a_name_that_no_query_has"
        return _stuck(words, self.prefixes, max(self.at - 2, 0))[0]


def _spaced(at: int, piece: Token, after: Token) -> int:
    """The number of the bracket after a function, if there is space between the two."""
    called = after.text == "(" and _CALLED.fullmatch(piece.text)
    return at + 1 if called and piece.start + len(piece.text) < after.start else 0


def _stuck(words: Sequence[str], prefixes: Mapping[str, str], near: int) -> tuple[int, str]:
    """Which of some tokens, from one on, the parser cannot take, and what it says."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for at, word in enumerate(words):
        called = word == "(" and at and _CALLED.fullmatch(words[at - 1])
        gap = "" if called else _GAP if near <= at < near + _FAR else " "
        length += len(gap)
        # Of a name and its bracket, an attempt at the name may look as far as the gap is wide.
        starts.append(length + len(_GAP) // 2 if called else length)
        length += len(word)
        parts += (gap, word)
    text = "".join(parts) + _GAP
    try:
        ox.Store().query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        line, column, told = position(str(error))
        place = offset(text, line, column)
        if place >= len(text):
            return len(words), told
        return max(sum(start <= place for start in starts) - 1, 0), told
    return len(words) + 1, ""
