"""Figures in running text: numbers, percentages, sums of money, fractions in words.

Years, days and spans of time counted from now (“12 months ago”) are none. Number words and
the words that make a date are cues of the ontology; digits speak for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ccgkg.corpus.claims import SHARES
from ccgkg.corpus.text import Span, fold, plain
from ccgkg.corpus.vocabulary import Cues

__all__ = ["figures_in", "holds_figure", "is_value_of"]

_YEARS = re.compile(r"(?<![\d£$€])(?:1[89]|20)\d\d(?:[-–/](?:\d\d)?\d\d)?(?![\d%])")
# No part of a word, an address, a day in digits (01/04/2014) or a time (10.30am).
_DIGITS = re.compile(
    r"(?<![\w/.])(?<![A-Za-z][-–])"
    r"(?:[£$€]\s?)?\d++(?:[.,]\d++)*+(?:\s?%|(?:bn|m|k)\b|\s(?:per cent|percent)\b)?+(?![\w/])"
)
_JOINT = re.compile(r"[\s–-]+|\s+in\s+|\s+and\s+a\s+")
"""What stands between the parts of one figure: “three-quarters”, “£65 billion”, “1 in 5”."""
_BARE = re.compile(r"[\w-]+")
_WORD = re.compile(r"\w+")
_REACH = 40
"""Code points on each side of a number in which the words beside it are looked for."""


def figures_in(text: str, cues: Cues) -> Iterator[Span]:
    """Where the figures of a text stand, in order.

    Args:
        text: a stretch of a source.
        cues: `number` for number words; `month`, `period` and `reckoning` for dates.
    """
    years = [Span(*match.span()) for match in _YEARS.finditer(text)]
    digits = (Span(*match.span()) for match in _DIGITS.finditer(text))
    whole: Span | None = None
    for part in sorted((*digits, *cues.places(text, "number"))):
        if any(part.overlaps(year) for year in years) or _is_time(text, part, cues):
            continue
        if whole is not None and _JOINT.fullmatch(text, whole.end, part.start):
            whole = Span(whole.start, part.end)
            continue
        if whole is not None:
            yield whole
        whole = part
    if whole is not None:
        yield whole


def holds_figure(words: str, figure: str) -> bool:
    """Whether words hold a figure as a whole, whatever the typography.

    >>> holds_figure("almost Three-Quarters", "three quarters"), holds_figure("35%", "5")
    (True, False)
    """
    words, figure = (fold(text).content.casefold() for text in (words, figure))
    return re.search(rf"(?<![\w.,]){re.escape(figure)}(?![\w%]|[.,]\d)", words) is not None


def is_value_of(value: str, unit: str, said: str) -> bool:
    """Whether a value may stand for a figure as printed; words without digits say nothing.

    >>> is_value_of("20", "percent", "just one in five (20%)"), is_value_of("25", "percent", "20%")
    (True, False)
    >>> is_value_of("65000000000", "gbp", "£65 billion"), is_value_of("0.7", "share", "over 70%")
    (True, True)
    """
    number = Decimal(value)
    if unit in SHARES and not 0 <= number <= SHARES[unit]:
        return False
    printed = [Decimal(digits.replace(",", "")) for digits in _NUMBER.findall(said)]
    scales = (*_SCALES, Decimal("0.01")) if unit == "share" else _SCALES
    return not printed or any(number == one * scale for one in printed for scale in scales)


_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES = tuple(Decimal(10) ** power for power in (0, 3, 6, 9, 12))
"""A sum may be printed in thousands, millions, billions: the value is always whole."""


def _is_time(text: str, number: Span, cues: Cues) -> bool:
    """Whether a number makes a day, or a span of time counted from now."""
    if not _BARE.fullmatch(text, number.start, number.end):
        return False  # percentages and sums make no dates
    before = _WORD.findall(plain(text[max(0, number.start - _REACH) : number.start]))[-1:]
    after = _WORD.findall(plain(text[number.end : number.end + _REACH]))[:2]

    def among(kind: str, words: list[str]) -> bool:
        return any(plain(cue) in words for cue in cues.words.get(kind, ()))

    if among("month", before + after[:1]):
        return True
    counted = among("reckoning", before + after[1:])
    return counted and among("period", after[:1])
