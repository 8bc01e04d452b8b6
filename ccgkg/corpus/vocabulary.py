"""What the ontology declares, as plain Python.

The ontology is data: relations, levers, kinds, modalities and the words that signal a
negation or a hedge are read from `ontology/*.ttl` (by the dataset room) into a
`Vocabulary`, and code asks it. No module lists a predicate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ccgkg.corpus.text import Span, plain

__all__ = ["LITERAL", "UNSTATED", "Cues", "Relation", "Term", "Vocabulary"]

LITERAL = "literal"
"""The type of an end that is the source's own words."""

UNSTATED = "unstated"
"""The reserved actor that stands for an agent the source does not name."""


@dataclass(frozen=True, slots=True)
class Term:
    """A class, property or concept of the ontology.

    Attributes:
        name: the word curators type, e.g. `stick`.
        iri: its address.
        label: for people.
        definition: what it means.
        scheme: `lever`, `modality` …; `relation`, `class` or `property` outside schemes.
        source: where the term or its need comes from.
        carries: kinds of cue (`negation`) that a claim with this term says by it.
        carries_words: cues (`could`) that it says by it.
        home: the file that declares it.
    """

    name: str
    iri: str
    label: str
    definition: str
    scheme: str
    source: str = ""
    carries: frozenset[str] = frozenset()
    carries_words: frozenset[str] = frozenset()
    home: Path | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A declared relation between two ends.

    Attributes:
        term: its name, address, label and definition.
        inverse: label read from object to subject; empty if it has none.
        domain, range: the types an end may have (`actor`, `topic`, `work`, `wave`,
            `claim`, `literal`); an empty range means the relation takes no object.
        levers: lever names that hold by default where both ends are actors.
        family: the family it belongs to.
        symmetric: whether it holds both ways.
    """

    term: Term
    inverse: str
    domain: frozenset[str]
    range: frozenset[str]
    levers: tuple[str, ...]
    family: str
    symmetric: bool


@dataclass(frozen=True)
class Cues:
    """The words that change what a sentence says.

    Attributes:
        words: for each kind (`negation`, `hedge`, `condition`, `speech` …) its words.
    """

    words: Mapping[str, tuple[str, ...]]

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        patterns = {}
        for kind, listed in self.words.items():
            longest_first = sorted(listed, key=lambda w: (-len(w), w))
            alternatives = "|".join(re.escape(w).replace("'", "['’]") for w in longest_first)
            patterns[kind] = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
        return patterns

    def found(self, text: str, kind: str) -> list[str]:
        """The cues of one kind in a text, lower case, straight apostrophes, in order.

        >>> Cues({"negation": ("not", "won't")}).found("It won’t, not now.", "negation")
        ["won't", 'not']
        """
        return [plain(text[place.start : place.end]) for place in self.places(text, kind)]

    def places(self, text: str, kind: str) -> Iterator[Span]:
        """Where the cues of one kind stand in a text, in order."""
        pattern = self._patterns.get(kind)
        for match in pattern.finditer(text) if pattern else ():
            yield Span(*match.span())


@dataclass(frozen=True)
class Vocabulary:
    """Everything that the ontology declares.

    Attributes:
        relations: by name.
        schemes: for each scheme, its terms by name.
        terms: classes and properties, by name.
        facets: lever name to facet name (at most one lever of each facet in a claim).
        cues: negations, hedges, conditions and speech verbs.
        hedges: the hedges that lower certainty and so keep a claim from being stated.
        actor_classes: kind name to the class its actors have.
        stating: the modalities in which an affirmed claim may state its triple.
    """

    relations: Mapping[str, Relation]
    schemes: Mapping[str, Mapping[str, Term]]
    terms: Mapping[str, Term]
    facets: Mapping[str, str]
    cues: Cues
    actor_classes: Mapping[str, str]
    stating: frozenset[str]

    def iri(self, scheme: str, name: str) -> str:
        """Address of a concept."""
        return self.schemes[scheme][name].iri
