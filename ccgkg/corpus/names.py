"""Names: what actors, topics and works are called, and where a text calls one of them.

A name stands in a text whatever its case and typography, with or without its article, in
singular or plural, as a possessive or not: “the King’s Funds’” names “King's Fund”.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ccgkg.corpus.registers import Registers
from ccgkg.corpus.text import Span, fold, plain

__all__ = ["Mention", "Names", "form_of", "keys_by_form"]

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_ARTICLES = frozenset({"the", "a", "an"})
_LEAST_PLURAL = 3
"""“gps” is a plural; “is” and “as” are none."""

Form = tuple[str, ...]
"""A name as it is compared: the stems of its words, without an article."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a text that names something.

    Attributes:
        key: what it names.
        span: where, counted in that text.
    """

    key: str
    span: Span


def form_of(name: str) -> Form:
    """The form in which two names are compared.

    >>> form_of("The King’s Fund") == form_of("king's fund")
    True
    >>> form_of("General practices’")
    ('general', 'practice')
    """
    stems = tuple(stem for stem, _ in _words(name))
    return stems[1:] if len(stems) > 1 and stems[0] in _ARTICLES else stems


def _words(text: str) -> Iterator[tuple[str, Span]]:
    folded = fold(text)
    for word in _WORD.finditer(folded.content):
        yield _stem(plain(word.group())), folded.unfold(*word.span())


def _stem(word: str) -> str:
    """A word without the ending of a plural or possessive; both sides are cut alike."""
    word = word.removesuffix("'s")
    if len(word) < _LEAST_PLURAL or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies") and len(word) > _LEAST_PLURAL + 1:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]


@dataclass(frozen=True)
class Names:
    """All names of a corpus.

    Attributes:
        forms: for each first stem, the names that begin with it and the keys they name.
    """

    forms: Mapping[str, Mapping[Form, frozenset[str]]]

    @classmethod
    def of(cls, registers: Registers) -> Names:
        """The labels and aliases of everything that is registered."""
        entries = (item for kind in registers.entries.values() for item in kind.items())
        forms: dict[str, dict[Form, frozenset[str]]] = defaultdict(dict)
        for form, keys in keys_by_form(entries).items():
            forms[form[0]][form] = frozenset(keys)
        return cls(forms)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every name in a text, those within longer names too."""
        words = list(_words(text))
        stems = tuple(stem for stem, _ in words)
        for at, (stem, span) in enumerate(words):
            for form, keys in self.forms.get(stem, {}).items():
                if stems[at : at + len(form)] == form:
                    end = words[at + len(form) - 1][1].end
                    yield from (Mention(key, Span(span.start, end)) for key in sorted(keys))


def keys_by_form(entries: Iterable[tuple[str, Any]]) -> dict[Form, set[str]]:
    """The keys that each label and alias stands for.

    Args:
        entries: keys and register entries.
    """
    keys: dict[Form, set[str]] = defaultdict(set)
    for key, entry in entries:
        for name in (entry.label, *entry.aliases):
            if form := form_of(name):
                keys[form].add(key)
    return keys
