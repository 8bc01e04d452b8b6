"""The evidence: all claims, each with everything that a page shows of it.

Read once from the store and from the sources' texts into frozen values, so that templates
only lay out. Every source is read once, and no claim asks the engine anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ccgkg.citations.citing import cite
from ccgkg.dataset.cards import Card, PassageCard, SourceCard, read_card, read_source
from ccgkg.dataset.prefixes import CCG, DCAT, DCTERMS, OA, PROV, RDF
from ccgkg.dataset.snapshot import Snapshot
from ccgkg.dataset.store import Store
from ccgkg.site.claims import (
    Bearing,
    ClaimView,
    Condition,
    Detail,
    FigureView,
    Lever,
    Part,
    Step,
    TimeView,
)
from ccgkg.site.passages import PassageView, around, fragment, pieces
from ccgkg.site.sources import SourceView, read_sources
from ccgkg.site.things import Things
from ccgkg.site.ties import ties_between

__all__ = ["Evidence", "read_evidence"]

_BASES = {"saidLever": "said", "judgedLever": "judged", "defaultLever": "default"}
_SLOTS = (("about", "about"), ("by means of", "by"), ("from", "from"), ("to", "to"))
_COMPARED = (
    ("", "direction"),
    ("in", "quantity"),
    ("than", "than"),
    ("from", "fromFigure"),
    ("to", "toFigure"),
)
"""The slots of a comparison, each after the words that lead to it."""


@dataclass(frozen=True)
class Evidence:
    """All that a site tells.

    Attributes:
        facts: the dataset, read once.
        things: names its things.
        sources: by key.
        claims: by short id, in the order of the sources and of their texts; withdrawn ones
            too, which only their own pages show.
    """

    facts: Snapshot
    things: Things
    sources: Mapping[str, SourceView]
    claims: Mapping[str, ClaimView]

    @property
    def standing(self) -> list[ClaimView]:
        """The claims that are still made."""
        return [claim for claim in self.claims.values() if not claim.card.withdrawn]

    def claim_of(self, iri: str) -> ClaimView | None:
        """A standing claim by its address."""
        claim = self.claims.get(iri.partition("/claim/")[2])
        return claim if claim is not None and not claim.card.withdrawn else None


def read_evidence(store: Store) -> Evidence:
    """Read all of it.

    Raises:
        NotBuildable: a source's text is no longer the one that was built.
    """
    facts = store.snapshot
    things = Things(facts)
    cards = {iri: read_source(facts, iri) for iri in facts.of_class(CCG + "Source")}
    sources = read_sources(things, cards, store.views()["sources"])
    reader = _Reader(facts, things, cards, sources)
    claims = [reader.claim(iri) for iri in facts.of_class(CCG + "Claim")]
    claims.sort(key=_place)
    briefs = {claim.card.iri: claim.brief for claim in claims if not claim.card.withdrawn}
    ties = ties_between(facts, briefs)
    tied = [replace(claim, ties=ties.get(claim.card.iri, ())) for claim in claims]
    return Evidence(facts, things, sources, {claim.card.short: claim for claim in tied})


def _place(claim: ClaimView) -> tuple[Any, ...]:
    own = (p.stretches for p in claim.card.passages if p.source == claim.card.source.key)
    return claim.card.source.key, sorted(each for part in own for each in part), claim.card.short


@dataclass(frozen=True)
class _Reader:
    """Reads single claims."""

    facts: Snapshot
    things: Things
    cards: Mapping[str, SourceCard]
    sources: Mapping[str, SourceView]

    def claim(self, iri: str) -> ClaimView:
        """One claim without its ties, which need all the others."""
        facts, things = self.facts, self.things
        card = read_card(facts, iri, self.cards[facts.one(iri, CCG + "source")])
        relation = facts.one(iri, RDF + "predicate")
        own = [p for p in card.passages if p.source == card.source.key]
        again = [p for p in card.passages if p.source != card.source.key]
        return ClaimView(
            card=card,
            subjects=things.all(iri, RDF + "subject"),
            relation=things.of(relation),
            objects=things.all(iri, RDF + "object"),
            family=things.one(relation, CCG + "family"),
            levers=tuple(self._levers(iri)),
            modality=things.of(facts.one(iri, CCG + "modality")),
            polarity=things.of(facts.one(iri, CCG + "polarity")),
            chain=tuple(self._chain(iri)),
            passages=tuple(self._passage(card, passage) for passage in own),
            again=tuple(self._passage(card, passage) for passage in again),
            context=tuple(self._context(iri)),
            conditions=tuple(self._conditions(iri)),
            details=tuple(self._details(iri)),
            time=self._time(facts.one(iri, CCG + "time")),
            figure=self._figure(facts.one(iri, CCG + "figure")),
            bearings=tuple(self._bearings(iri)),
            source=self.sources[card.source.key],
            text=cite([card], facts.manifest),
            bibtex=cite([card], facts.manifest, "biblatex"),
            successor=things.one(iri, DCTERMS + "isReplacedBy"),
        )

    def _levers(self, iri: str) -> Iterator[Lever]:
        for name, basis in _BASES.items():
            for lever in self.things.all(iri, CCG + name):
                yield Lever(lever, basis)

    def _chain(self, iri: str) -> Iterator[Step]:
        facts, things = self.facts, self.things
        links = facts.objects(iri, PROV + "qualifiedAttribution")
        source = facts.one(iri, CCG + "source")
        for link in sorted(links, key=lambda link: int(facts.one(link, CCG + "step"))):
            document = facts.one(link, CCG + "in")
            yield Step(
                who=things.of(facts.one(link, PROV + "agent")),
                role=facts.one(link, DCAT + "hadRole").rpartition("/")[2],
                words=facts.one(link, CCG + "words"),
                # That the last link says it in the source goes without saying.
                document=things.of(document) if document not in ("", source) else None,
                stance=facts.one(link, CCG + "stance").rpartition("/")[2],
                form=facts.one(link, CCG + "form").rpartition("/")[2],
                unclear=facts.one(link, CCG + "unclearBecause"),
            )

    def _passage(self, card: Card, passage: PassageCard) -> PassageView:
        source = self.sources[passage.source]
        slug = card.short.partition("/")[2] if source.key == card.source.key else card.short
        quotes = [source.text[start:end] for start, end in passage.stretches]
        return PassageView(
            source=source.key,
            title=source.label,
            pieces=pieces(
                source.text, around(source.sentences, passage.stretches), passage.stretches
            ),
            verdict=passage.verdict,
            insertions=passage.insertions,
            region=source.kind_at(passage.stretches[0][0]),
            # The reader has no place for a claim that is no longer made: its source it is.
            reader=source.page if card.withdrawn else f"{source.page}#{slug}",
            original=fragment(source.address, quotes),
        )

    def _context(self, iri: str) -> Iterator[PassageView]:
        """What a pronoun of the passage stands for, as the source puts it."""
        facts = self.facts
        for where in facts.objects(iri, CCG + "context"):
            stretches, home = [], ""
            for target in facts.objects(where, OA + "hasTarget"):
                home = facts.one(target, OA + "hasSource").rpartition("/")[2]
                for selector in facts.objects(target, OA + "hasSelector"):
                    if start := facts.one(selector, OA + "start"):
                        stretches.append((int(start), int(facts.one(selector, OA + "end"))))
            stretches.sort()
            source = self.sources[home]
            whole = around(source.sentences, stretches)
            cut = pieces(source.text, whole, stretches)
            yield PassageView(home, source.label, cut, "exact")

    def _conditions(self, iri: str) -> Iterator[Condition]:
        for word in ("if", "unless"):
            for claim in self.things.all(iri, CCG + word):
                yield Condition(word, claim)
            for words in self.things.all(iri, f"{CCG}{word}Words"):
                yield Condition(word, words)

    def _details(self, iri: str) -> Iterator[Detail]:
        facts = self.facts
        for name, slot in _SLOTS:
            if found := self._parts(iri, (("", slot),)):
                yield Detail(name, found)
        if found := self._parts(iri, (("", "extent"),)):
            yield Detail("extent", found, facts.one(iri, CCG + "extentWords"))
        for where in facts.objects(iri, CCG + "comparison"):
            yield Detail("compared", self._parts(where, _COMPARED))
        for name in ("tone", "reading"):
            if found := self._parts(iri, (("", name),)):
                yield Detail(name, found)

    def _parts(self, iri: str, slots: Iterable[tuple[str, str]]) -> tuple[Part, ...]:
        found = []
        for lead, slot in slots:
            for value in self.facts.objects(iri, CCG + slot):
                thing = self.things.of(value.removesuffix("/figure"))
                if value.endswith("/figure"):
                    # As printed; what else there is to it stands on its claim's own page.
                    thing = replace(thing, label=f"“{self.facts.one(value, CCG + 'said')}”")
                found.append(Part(lead, thing))
        return tuple(found)

    def _time(self, iri: str) -> TimeView | None:
        if not iri:
            return None
        facts = self.facts
        return TimeView(
            label=facts.label(iri) if facts.label(iri) != iri else "",
            earliest=facts.one(iri, CCG + "earliest"),
            latest=facts.one(iri, CCG + "latest"),
            known=facts.one(iri, CCG + "known").rpartition("/")[2],
            because=facts.one(iri, CCG + "because"),
            is_source_date=CCG + "SourceDate" in facts.objects(iri, RDF + "type"),
        )

    def _figure(self, iri: str) -> FigureView | None:
        if not iri:
            return None
        facts, things = self.facts, self.things
        return FigureView(
            iri=iri,
            said=facts.one(iri, CCG + "said"),
            ratio=facts.one(iri, CCG + "ratio"),
            comparator=facts.one(iri, CCG + "comparator").rpartition("/")[2],
            unit=things.of(facts.one(iri, CCG + "unit")),
            measure=things.of(facts.one(iri, CCG + "measure")),
            population=things.of(facts.one(iri, CCG + "population")),
            wave=things.one(iri, CCG + "wave"),
            wave_known=facts.one(iri, CCG + "waveKnown").rpartition("/")[2],
            because=facts.one(iri, CCG + "because"),
        )

    def _bearings(self, iri: str) -> Iterator[Bearing]:
        facts = self.facts
        for where in facts.subjects(CCG + "claim", iri):
            yield Bearing(
                issue=self.things.of(facts.one(where, CCG + "issue")),
                side=facts.one(where, CCG + "side").rpartition("/")[2],
                because=facts.one(where, CCG + "because"),
            )
