"""Entries: what the registers say of an actor, a topic, a work or a wave, and how it is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ccgkg.dataset.prefixes import CCG, DCTERMS, FOAF, ORG, SKOS
from ccgkg.site.claims import ClaimView
from ccgkg.site.evidence import Evidence
from ccgkg.site.things import Thing

__all__ = ["ENTRY_KINDS", "EntryView", "Fact", "Roles", "entries"]

ENTRY_KINDS = ("actor", "topic", "work", "wave")
"""Kinds of register entries that have a page."""

_PROPERTIES = (
    (CCG + "kind", "Kind", ""),
    (CCG + "tier", "Tier", ""),
    (DCTERMS + "type", "Type", ""),
    (ORG + "memberOf", "Post", "Posts held by"),
    (CCG + "broaderActor", "One of", "Includes"),
    (CCG + "partOf", "Part of", "Parts"),
    (ORG + "hasMember", "Members", "Member of"),
    (CCG + "succeeds", "Came after", "Followed by"),
    (CCG + "earliest", "From", ""),
    (CCG + "latest", "Until", ""),
    (SKOS + "broader", "Under", "Above"),
    (CCG + "topicOf", "Of", "Topics of its own"),
    (DCTERMS + "creator", "By", "Wrote"),
    (DCTERMS + "publisher", "Published by", "Published"),
    (DCTERMS + "date", "Date", ""),
    (DCTERMS + "isPartOf", "Part of", "Parts"),
    (CCG + "prints", "Prints", "Printed in"),
    (CCG + "maybeSameAs", "Maybe the same as", "Maybe the same as"),
    (CCG + "respondents", "Respondents", "Answered in"),
    (CCG + "sampleSize", "Sample size", ""),
    (CCG + "time", "Time", ""),
)
"""Property, its name on the page of its subject, and on the page of its value."""


_TOLD = (*ENTRY_KINDS, "source")
"""What may hold a fact of which an entry is the value."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of an entry.

    Attributes:
        value: a thing, or words.
        known: `stated`, `inferred`, `outside`; empty where nobody says.
        because: reasons; claims are things with a page.
    """

    value: Thing
    known: str = ""
    because: tuple[Thing, ...] = ()


@dataclass(frozen=True)
class Roles:
    """The claims that have to do with a thing, by its part in them, each claim once."""

    subject: list[ClaimView] = field(default_factory=list)
    object: list[ClaimView] = field(default_factory=list)
    other: list[ClaimView] = field(default_factory=list)
    says: list[ClaimView] = field(default_factory=list)
    relays: list[ClaimView] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many different claims there are."""
        parts = (self.subject, self.object, self.other, self.says, self.relays)
        return len({claim.short for part in parts for claim in part})


@dataclass(frozen=True)
class EntryView:
    """An entry with the claims that have to do with it.

    Attributes:
        thing: what it is.
        aliases: other names, as printed.
        definition, note: in the curator's words.
        address: of a work that can be read elsewhere; else empty.
        facts: by the name of the property, as seen from the entry.
        roles: the claims.
    """

    thing: Thing
    aliases: tuple[str, ...]
    definition: str
    note: str
    address: str
    facts: tuple[tuple[str, tuple[Fact, ...]], ...]
    roles: Roles


def entries(evidence: Evidence) -> Iterator[EntryView]:
    """Every entry that has a page, kind by kind."""
    roles = _roles(evidence.standing)
    facts = evidence.facts
    for kind in ENTRY_KINDS:
        for iri in facts.of_class(CCG + kind.capitalize()):
            thing = evidence.things.of(iri)
            if thing.kind != kind:
                continue  # a source is a work as well, and has a page of its own
            yield EntryView(
                thing=thing,
                aliases=tuple(facts.objects(iri, SKOS + "altLabel")),
                definition=facts.one(iri, SKOS + "definition"),
                note=facts.one(iri, CCG + "note"),
                address=facts.one(iri, FOAF + "page"),
                facts=tuple(_facts(evidence, iri)),
                roles=roles.get(iri, Roles()),
            )


def _roles(claims: Iterable[ClaimView]) -> dict[str, Roles]:
    found: dict[str, Roles] = {}

    def add(role: str, things: Iterable[Thing], claim: ClaimView) -> None:
        for iri in dict.fromkeys(thing.iri for thing in things if thing.iri):
            getattr(found.setdefault(iri, Roles()), role).append(claim)

    for claim in claims:
        add("subject", claim.subjects, claim)
        add("object", claim.objects, claim)
        ends = {*claim.subjects, *claim.objects}
        add("other", [thing for thing in _slots(claim) if thing not in ends], claim)
        add("says", [step.who for step in claim.chain[:1]], claim)
        first = {step.who for step in claim.chain[:1]}
        add("relays", [step.who for step in claim.chain[1:] if step.who not in first], claim)
    return found


def _slots(claim: ClaimView) -> Iterator[Thing]:
    """What a claim names beside its two ends."""
    for detail in claim.details:
        yield from (part.thing for part in detail.parts)
    if claim.figure:
        yield claim.figure.population
        if claim.figure.wave:
            yield claim.figure.wave
    yield from (step.document for step in claim.chain if step.document)


def _facts(evidence: Evidence, iri: str) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    facts, things = evidence.facts, evidence.things
    for predicate, name, inverse in _PROPERTIES:
        values = facts.objects(iri, predicate)
        if values:
            yield (
                name,
                tuple(
                    _known(evidence, (iri, predicate, value), things.of(value)) for value in values
                ),
            )
        holders = facts.subjects(predicate, iri) if inverse else []
        told = [subject for subject in holders if things.of(subject).kind in _TOLD]
        if told:
            yield (
                inverse,
                tuple(
                    _known(evidence, (subject, predicate, iri), things.of(subject))
                    for subject in told
                ),
            )


def _known(evidence: Evidence, triple: tuple[str, str, str], value: Thing) -> Fact:
    """A fact with how it is known, which is told by a resource of its own."""
    facts, things = evidence.facts, evidence.things
    subject, *wanted = triple
    for fact in facts.subjects(CCG + "factOf", subject):
        if [facts.one(fact, CCG + name) for name in ("factProperty", "factValue")] == wanted:
            claims = things.all(fact, CCG + "restsOn")
            words = tuple(Thing(reason) for reason in facts.objects(fact, CCG + "because"))
            known = facts.one(fact, CCG + "known").rpartition("/")[2]
            return Fact(value, known, (*words, *claims))
    return Fact(value)
