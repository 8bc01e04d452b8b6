"""Stems: names without what people vary, so that equal stems are one name.

Case, typography, apostrophes, a leading article and the *s* of plural or possessive make no
difference: “the King’s Funds’” is “King's Fund”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccgkg.corpus.text import Span, fold, plain

__all__ = ["Stems", "stemmed", "stems"]

Stems = tuple[str, ...]
"""A name as it is compared: the stems of its words, without a leading article."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_ARTICLE = re.compile(r"^\s*(?:the|an?)(?:\s+|$)", re.IGNORECASE)
"""Not the first letter of “A&E”."""
_LEAST_PLURAL = 3
"""“gps” is a plural; “is” and “as” are none."""


def stems(name: str) -> Stems:
    """The form in which two names are compared.

    >>> stems("The King’s Fund") == stems("Kings fund")
    True
    >>> stems("area-teams"), stems("General practices’")
    (('area', 'team'), ('general', 'practice'))
    """
    return tuple(stem for stem, _ in stemmed(_ARTICLE.sub("", name)))


def stemmed(text: str) -> Iterator[tuple[str, Span]]:
    """The stem of each word of a text, and where the word stands."""
    folded = fold(text)
    for word in _WORD.finditer(folded.content):
        yield _stem(plain(word.group())), folded.unfold(*word.span())


def _stem(word: str) -> str:
    word = word.removesuffix("'s").replace("'", "")
    if len(word) < _LEAST_PLURAL or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies") and len(word) > _LEAST_PLURAL + 1:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]
