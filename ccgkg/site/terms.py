"""The terms of the ontology, as a page tells them: relations by family, schemes, classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ccgkg.dataset.prefixes import CCG, DCTERMS, OWL, RDFS, SKOS
from ccgkg.queries.running import prefixed
from ccgkg.site.evidence import Evidence
from ccgkg.site.things import Thing

__all__ = ["Group", "TermView", "classes", "families", "properties", "schemes"]


@dataclass(frozen=True, slots=True)
class TermView:
    """One term.

    Attributes:
        thing: the term.
        name: as a query writes it.
        definition, source: in the ontology's words.
        inverse: label of the inverse relation.
        ends: what a relation leads from, and to.
        levers: that a relation carries by default.
        used: in how many claims; None where that is no question.
    """

    thing: Thing
    name: str
    definition: str
    source: str
    inverse: str = ""
    ends: tuple[str, str] = ("", "")
    levers: tuple[Thing, ...] = ()
    used: int | None = None

    @property
    def anchor(self) -> str:
        """Its place on the page of the ontology."""
        return self.thing.page.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Group:
    """Terms under one heading."""

    label: str
    anchor: str
    definition: str
    terms: tuple[TermView, ...]


def families(evidence: Evidence) -> list[Group]:
    """The relations, by family."""
    facts, things = evidence.facts, evidence.things
    used = Counter(claim.relation.iri for claim in evidence.standing)
    grouped: dict[str, list[TermView]] = {}
    for iri in facts.of_class(CCG + "Relation"):
        view = TermView(
            thing=things.of(iri),
            name=_name(evidence, iri),
            definition=facts.one(iri, SKOS + "definition"),
            source=facts.one(iri, DCTERMS + "source"),
            inverse=_label(evidence, facts.one(iri, OWL + "inverseOf")),
            ends=(
                _label(evidence, facts.one(iri, RDFS + "domain")),
                _label(evidence, facts.one(iri, RDFS + "range")),
            ),
            levers=things.all(iri, CCG + "usualLever"),
            used=used[iri],
        )
        grouped.setdefault(facts.one(iri, CCG + "family"), []).append(view)
    return [_group(evidence, iri, views) for iri, views in sorted(grouped.items())]


def schemes(evidence: Evidence) -> list[Group]:
    """The concepts, by scheme; topics have pages of their own."""
    facts = evidence.facts
    found = []
    for scheme in facts.of_class(SKOS + "ConceptScheme"):
        members = facts.subjects(SKOS + "inScheme", scheme)
        views = [_term(evidence, iri) for iri in members if evidence.things.of(iri).kind == "term"]
        if views:
            found.append(_group(evidence, scheme, views))
    return found


def classes(evidence: Evidence) -> list[TermView]:
    """The classes of the tool's own vocabulary."""
    return _own(evidence, "Class")


def properties(evidence: Evidence) -> list[TermView]:
    """The properties of the tool's own vocabulary."""
    return [*_own(evidence, "ObjectProperty"), *_own(evidence, "DatatypeProperty")]


def _own(evidence: Evidence, kind: str) -> list[TermView]:
    members = [iri for iri in evidence.facts.of_class(OWL + kind) if iri.startswith(CCG)]
    return [_term(evidence, iri) for iri in members]


def _term(evidence: Evidence, iri: str) -> TermView:
    facts = evidence.facts
    return TermView(
        thing=evidence.things.of(iri),
        name=_name(evidence, iri),
        definition=facts.one(iri, SKOS + "definition"),
        source=facts.one(iri, DCTERMS + "source"),
    )


def _group(evidence: Evidence, iri: str, views: list[TermView]) -> Group:
    facts = evidence.facts
    label = facts.one(iri, RDFS + "label") or facts.one(iri, DCTERMS + "title")
    anchor = evidence.things.of(iri).page.partition("#")[2] if iri else ""
    ordered = sorted(views, key=lambda view: (-(view.used or 0), view.thing.label.casefold()))
    definition = facts.one(iri, SKOS + "definition") or facts.one(iri, DCTERMS + "description")
    return Group(label or "other relations", anchor, definition, tuple(ordered))


def _label(evidence: Evidence, iri: str) -> str:
    return evidence.facts.label(iri) if iri else ""


def _name(evidence: Evidence, iri: str) -> str:
    return prefixed(evidence.facts.store, iri)
