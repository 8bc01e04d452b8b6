"""Names as people type them, and what answers to them.

Three ways, from strict to loose; whoever asks takes the first that finds anything:

    exactly   a label or alias as printed, typography apart
    alike     a key, label or alias, whatever its case, apostrophes, leading article and the *s*
              of plural or possessive
    within    the words of the name stand in a label or alias as whole words, side by side and
              in order: loose words would find “GPs with no formal role” for “GPs with a role”

“GPs” is the label of all GPs, so it never reaches the way on which “GPs who took part in a
survey” answers too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ccgkg.corpus.stems import Stems, stems
from ccgkg.corpus.text import fold

__all__ = ["Named", "alike", "exactly", "within"]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its names.

    Attributes:
        iri: its address.
        kind: `actor`, `topic` …; of a term of a vocabulary, its scheme.
        key: what a user may always type for it.
        label: its first name; empty where only the key is known.
        aliases: its other names.
    """

    iri: str
    kind: str
    key: str
    label: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Label and aliases."""
        return (self.label, *self.aliases)

    def __str__(self) -> str:
        return f"{self.label} ({self.key})" if self.label else self.key


def exactly(name: str, things: Iterable[Named]) -> list[Named]:
    """The things with this label or alias, as printed but for typography."""
    wanted = _typed(name)
    return [thing for thing in things if wanted and wanted in map(_typed, thing.names)]


def _typed(name: str) -> str:
    return fold(name).content.strip()


def alike(name: str, things: Iterable[Named]) -> list[Named]:
    """The things with a key, label or alias of the same stems."""
    wanted = stems(name)
    return [t for t in things if wanted and wanted in map(stems, (t.key, *t.names))]


def within(name: str, things: Iterable[Named]) -> list[Named]:
    """The things with a label or alias in which all the stems stand side by side, in order."""
    wanted = stems(name)
    return [
        thing
        for thing in things
        if wanted and any(_stands_in(wanted, stems(known)) for known in thing.names)
    ]


def _stands_in(wanted: Stems, known: Stems) -> bool:
    last = len(known) - len(wanted)
    return any(known[at : at + len(wanted)] == wanted for at in range(last + 1))
