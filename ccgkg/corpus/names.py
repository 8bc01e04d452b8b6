"""Names: what actors, topics and works are called, and where a text calls one of them.

A name stands in a text whatever its case and typography, with or without its article, in
singular or plural, as a possessive or not: “the King’s Funds’” names “King's Fund”.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ccgkg.corpus.registers import Registers
from ccgkg.corpus.stems import Stems, stemmed, stems
from ccgkg.corpus.text import Span

__all__ = ["Mention", "Names", "keys_by_form"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a text that names something.

    Attributes:
        key: what it names.
        span: where, counted in that text.
    """

    key: str
    span: Span


@dataclass(frozen=True)
class Names:
    """All names of a corpus.

    Attributes:
        forms: for each first stem, the names that begin with it and the keys they name.
    """

    forms: Mapping[str, Mapping[Stems, frozenset[str]]]

    @classmethod
    def of(cls, registers: Registers) -> Names:
        """The labels and aliases of everything that is registered."""
        entries = (item for kind in registers.entries.values() for item in kind.items())
        forms: dict[str, dict[Stems, frozenset[str]]] = defaultdict(dict)
        for form, keys in keys_by_form(entries).items():
            forms[form[0]][form] = frozenset(keys)
        return cls(forms)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every name in a text, those within longer names too."""
        words = list(stemmed(text))
        found = tuple(stem for stem, _ in words)
        for at, (stem, span) in enumerate(words):
            for form, keys in self.forms.get(stem, {}).items():
                if found[at : at + len(form)] == form:
                    end = words[at + len(form) - 1][1].end
                    yield from (Mention(key, Span(span.start, end)) for key in sorted(keys))


def keys_by_form(entries: Iterable[tuple[str, Any]]) -> dict[Stems, set[str]]:
    """The keys that each label and alias stands for.

    Args:
        entries: keys and register entries.
    """
    keys: dict[Stems, set[str]] = defaultdict(set)
    for key, entry in entries:
        for name in (entry.label, *entry.aliases):
            if form := stems(name):
                keys[form].add(key)
    return keys
