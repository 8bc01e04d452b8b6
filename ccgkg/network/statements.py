"""Statements: the claims of a dataset as a network needs them, and the things that they join.

Everything is read in a few passes over the store, so that ten thousand claims take seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ccgkg.dataset.prefixes import CCG, RDF, RDFS, SKOS
from ccgkg.dataset.store import Store

__all__ = [
    "COLOUR",
    "STANDINGS",
    "Kind",
    "Statement",
    "Statements",
    "Thing",
    "local_name",
    "read_statements",
    "read_things",
]

STANDINGS = {
    "affirmed": "said to be so",
    "open": "asked, wanted, proposed or expected",
    "denied": "said not to be so",
}
"""How a relation stands, and what that means to a reader."""

_NEUTRAL = "#6b7c93"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
"""A colour of the ontology: it goes into style sheets and pictures, so anything else is none."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an edge is drawn as: an effect lever, or else the family of its relation.

    Attributes:
        id: local IRI, such as `nhs/lever/stick`.
        label: what a legend calls it.
        colour: `#rrggbb`.
        dash: lengths of stroke and gap in pixels; empty for an unbroken line.
        lever: whether it is a lever.
    """

    id: str
    label: str
    colour: str = _NEUTRAL
    dash: tuple[int, ...] = ()
    lever: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """What an edge joins.

    Attributes:
        id: local IRI, such as `actor/nhs-england`; an IRI from elsewhere stays whole.
        label: its name.
        aliases: its other names.
        type: `actor`, `topic`, `work` …; empty for what the dataset does not describe.
        tier, tier_label: local name and label of an actor's tier.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    type: str = ""
    tier: str = ""
    tier_label: str = ""


@dataclass(frozen=True)
class Statement:
    """One claim, with its ends.

    Attributes:
        id: short id.
        label: the claim in one sentence.
        subjects, objects: ids of things.
        predicate, relation: local IRI and label of the relation.
        kinds: what it is drawn as, several if it pulls several effect levers.
        levers: labels of all its levers.
        standing: `affirmed`, `open` or `denied`.
        modality: its label.
        source: key of the source.
        voices: ids of the actors of its chain.
        years: first and last year of the time that it speaks of; 0 where open.
        quote: the source's words.
    """

    id: str
    label: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    predicate: str
    relation: str
    kinds: tuple[str, ...]
    levers: tuple[str, ...]
    standing: str
    modality: str
    source: str
    voices: tuple[str, ...]
    years: tuple[int, int]
    quote: str


@dataclass(frozen=True)
class Statements:
    """All claims that are still made, with what they join and are drawn as.

    Attributes:
        claims: by short id.
        things: by id.
        kinds: by id.
    """

    claims: Mapping[str, Statement]
    things: Mapping[str, Thing]
    kinds: Mapping[str, Kind]


Pairs = Mapping[str, Sequence[str]]


class _Reader:
    """Reads properties of all resources at once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.base = store.manifest.corpus["base"]

    def pairs(self, predicate: str) -> Pairs:
        """Subject to its values, sorted."""
        return self.store.snapshot.pairs(predicate)

    def local(self, iri: str) -> str:
        """An IRI without the corpus's base."""
        return iri.removeprefix(self.base)

    @cached_property
    def labels(self) -> Pairs:
        return self.pairs(RDFS + "label")

    def label(self, iri: str) -> str:
        return self.labels.get(iri, [local_name(iri)])[0]


def local_name(iri: str) -> str:
    """The last part of an IRI.

    >>> local_name("https://example.org/ns#visits")
    'visits'
    """
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def read_statements(store: Store) -> Statements:
    """Read every claim that is still made."""
    reader = _Reader(store)
    kinds = _Kinds(reader)
    claims = _claims(reader, kinds)
    used = {end for claim in claims for end in (*claim.subjects, *claim.objects, *claim.voices)}
    drawn = {kind for claim in claims for kind in claim.kinds}
    return Statements(
        claims={claim.id: claim for claim in claims},
        things={thing.id: thing for thing in _things(reader, used)},
        kinds={kind: kinds.of(kind) for kind in sorted(drawn)},
    )


class _Kinds:
    """What claims are drawn as."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self.families = reader.pairs(CCG + "family")
        self.facets = reader.pairs(CCG + "facet")
        self._colours = reader.pairs(CCG + "colour")
        self._dashes = reader.pairs(CCG + "dash")

    def of(self, kind: str) -> Kind:
        iri = kind if "://" in kind else self._reader.base + kind
        colour = self._colours.get(iri, [""])[0]
        dash = self._dashes.get(iri, [""])[0]
        return Kind(
            id=kind,
            label=self._reader.label(iri),
            colour=colour if COLOUR.match(colour) else _NEUTRAL,
            dash=tuple(int(length) for length in dash.split() if length.isdigit()),
            lever=iri in self.facets,
        )

    def named(self, relation: str, levers: Iterable[str]) -> tuple[str, ...]:
        """The effect levers, or else the family of the relation."""
        effects = [
            lever
            for lever in levers
            if any(local_name(f) == "effect" for f in self.facets.get(lever, ()))
        ]
        chosen = effects or self.families.get(relation, [relation])
        return tuple(self._reader.local(iri) for iri in chosen)


def _claims(reader: _Reader, kinds: _Kinds) -> list[Statement]:
    subjects, objects = reader.pairs(RDF + "subject"), reader.pairs(RDF + "object")
    levers, voices = reader.pairs(CCG + "lever"), reader.pairs(CCG + "voice")
    quotes = reader.pairs(CCG + "quote")
    years = _years(reader)
    irrealis = reader.pairs(CCG + "irrealis")
    found = []
    for iri, relation, modality, polarity, source in _rows(reader):
        denied = local_name(polarity) == "denied"
        may_be = irrealis.get(modality) == ["true"]
        found.append(
            Statement(
                id=_short(iri),
                label=reader.label(iri),
                subjects=_ends(reader, subjects.get(iri, ())),
                objects=_ends(reader, objects.get(iri, ())),
                predicate=reader.local(relation),
                relation=reader.label(relation),
                kinds=kinds.named(relation, levers.get(iri, ())),
                levers=tuple(reader.label(lever) for lever in levers.get(iri, ())),
                standing="denied" if denied else "open" if may_be else "affirmed",
                modality=reader.label(modality),
                source=local_name(source),
                voices=tuple(reader.local(voice) for voice in voices.get(iri, ())),
                years=years.get(iri, (0, 0)),
                quote=quotes.get(iri, [""])[0],
            )
        )
    return found


def _rows(reader: _Reader) -> Iterable[tuple[str, ...]]:
    rows = reader.store.rows(
        "SELECT ?claim ?relation ?modality ?polarity ?source WHERE { "
        "?claim a ccg:Claim ; rdf:predicate ?relation ; ccg:modality ?modality ; "
        "ccg:polarity ?polarity ; ccg:source ?source . "
        "FILTER NOT EXISTS { ?claim ccg:withdrawnBecause ?why } } ORDER BY ?claim"
    )
    return (tuple(value.text for value in row if value is not None) for row in rows)


def _ends(reader: _Reader, values: Iterable[str]) -> tuple[str, ...]:
    """Ids of the ends that are things; the source's own words are none."""
    return tuple(reader.local(value) for value in values if "://" in value)


def _short(iri: str) -> str:
    return iri.partition("/claim/")[2]


def _years(reader: _Reader) -> Mapping[str, tuple[int, int]]:
    earliest, latest = reader.pairs(CCG + "earliest"), reader.pairs(CCG + "latest")
    found = {}
    for claim, times in reader.pairs(CCG + "time").items():
        first, last = earliest.get(times[0], ["0"])[0], latest.get(times[0], ["0"])[0]
        found[claim] = (int(first.partition("-")[0]), int(last.partition("-")[0]))
    return found


def read_things(store: Store, ids: Iterable[str]) -> Mapping[str, Thing]:
    """What the dataset says of some things; of one that it does not describe, only its name."""
    return {thing.id: thing for thing in _things(_Reader(store), ids)}


def _things(reader: _Reader, used: Iterable[str]) -> Iterable[Thing]:
    aliases, tiers = reader.pairs(SKOS + "altLabel"), reader.pairs(CCG + "tier")
    for thing in sorted(used):
        iri = thing if "://" in thing else reader.base + thing
        tier = tiers.get(iri, [""])[0]
        yield Thing(
            id=thing,
            label=reader.label(iri),
            aliases=tuple(dict.fromkeys(aliases.get(iri, ()))),
            type=thing.partition("/")[0] if "://" not in thing else "",
            tier=local_name(tier) if tier else "",
            tier_label=reader.label(tier) if tier else "",
        )
