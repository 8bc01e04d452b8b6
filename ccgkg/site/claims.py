"""Claims as pages show them: frozen values, read by `evidence`, laid out by templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ccgkg.dataset.cards import Card
from ccgkg.site.passages import PassageView
from ccgkg.site.sources import SourceView
from ccgkg.site.things import Thing, page_of

__all__ = [
    "Bearing",
    "Brief",
    "ClaimView",
    "Condition",
    "Detail",
    "FigureView",
    "Lever",
    "Part",
    "Step",
    "Tie",
    "TimeView",
]


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever of a claim.

    Attributes:
        term: which one.
        basis: the source has `said` it, a curator `judged` it, or the relation carries it by
            `default`.
    """

    term: Thing
    basis: str


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the attribution chain.

    Attributes:
        who: the agent.
        role: `asserter`, `reporter` or `teller`.
        words: the speech words as printed.
        document: where this link says it, unless that is the source itself.
        stance: towards what the link before it says.
        form: `direct`, `paraphrase` or nothing.
        unclear: why it is not certain that this link says it.
    """

    who: Thing
    role: str
    words: str
    document: Thing | None
    stance: str
    form: str
    unclear: str


@dataclass(frozen=True, slots=True)
class Condition:
    """`if` or `unless` something holds: a claim, or words."""

    word: str
    what: Thing


class Part(NamedTuple):
    """A thing that fills a slot, after the words that lead to it: “than CCGs”."""

    lead: str
    thing: Thing


@dataclass(frozen=True, slots=True)
class Detail:
    """One more slot of a claim: its name, what fills it, and the source's words for it."""

    name: str
    parts: tuple[Part, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class TimeView:
    """The time spoken of.

    Attributes:
        label: as printed or registered.
        earliest, latest: days; empty where unknown.
        known: `stated`, `inferred` or `unknown`.
        because: how it is known.
        is_source_date: whether the words give no time and the source's own date stands in.
    """

    label: str
    earliest: str
    latest: str
    known: str
    because: str
    is_source_date: bool


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as printed, with what it counts.

    Attributes:
        iri: its address.
        said: as printed.
        ratio: the value as a part of one, for shares; else empty.
        comparator: such as `more-than`.
        unit, measure, population: what is counted, and of whom.
        wave: of the survey.
        wave_known, because: how the wave is known.
    """

    iri: str
    said: str
    ratio: str
    comparator: str
    unit: Thing
    measure: Thing
    population: Thing
    wave: Thing | None
    wave_known: str
    because: str


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a claim bears on an issue: its side, and the curator's reason."""

    issue: Thing
    side: str
    because: str


@dataclass(frozen=True, slots=True)
class Brief:
    """A claim in short, to be shown beside another.

    Attributes:
        short: its short id.
        page: its page, from the site's root.
        label: the statement.
        quote: the words of its first passage.
        who: the one whose statement it is.
        source: key of its source.
        year: of its source.
        denied: whether the source denies the relation.
        modality: how the speaker puts it.
    """

    short: str
    page: str
    label: str
    quote: str
    who: str
    source: str
    year: str
    denied: bool
    modality: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between two claims, seen from one of them.

    Attributes:
        kind: `disputes`, `updates`, `qualifies`, `supports`, `answers` …
        words: what the one that shows it does, or has done to it: “is disputed by”.
        other: the other claim.
        because: the curator's reason; empty where the source itself makes the link.
    """

    kind: str
    words: str
    other: Brief
    because: str


@dataclass(frozen=True, eq=False)
class ClaimView:
    """One claim with everything that a page shows of it; the same only as itself.

    Attributes:
        card: the claim as it is cited.
        subjects, relation, objects: the edge; a literal object is a thing without an address.
        family: of the relation.
        levers: with their basis.
        modality, polarity: terms of the ontology.
        chain: from the one whose statement it is to the one whose text we read.
        passages: in its own source, in the order of the curation.
        again: the same passages in another printing of the article.
        context: what shows where a pronoun or a question comes from.
        conditions, details: what limits and completes the edge.
        time: spoken of.
        figure: if it gives one.
        bearings: the issues on which it bears.
        source: it is printed in.
        text, bibtex: its citation.
        successor: of a withdrawn claim.
        ties: links to and from other claims.
    """

    card: Card
    subjects: tuple[Thing, ...]
    relation: Thing
    objects: tuple[Thing, ...]
    family: Thing | None
    levers: tuple[Lever, ...]
    modality: Thing
    polarity: Thing
    chain: tuple[Step, ...]
    passages: tuple[PassageView, ...]
    again: tuple[PassageView, ...]
    context: tuple[PassageView, ...]
    conditions: tuple[Condition, ...]
    details: tuple[Detail, ...]
    time: TimeView | None
    figure: FigureView | None
    bearings: tuple[Bearing, ...]
    source: SourceView
    text: str = field(repr=False)
    bibtex: str = field(repr=False)
    successor: Thing | None = None
    ties: tuple[Tie, ...] = ()

    @property
    def short(self) -> str:
        """Its short id."""
        return self.card.short

    @property
    def slug(self) -> str:
        """Its id within its source."""
        return self.card.short.partition("/")[2]

    @property
    def page(self) -> str:
        """Its page, from the site's root."""
        return page_of("claim", self.card.short)

    @property
    def denied(self) -> bool:
        """Whether the source denies the relation."""
        return self.card.polarity == "denied"

    @property
    def brief(self) -> Brief:
        """The claim in short."""
        return Brief(
            short=self.short,
            page=self.page,
            label=self.card.label,
            quote=self.card.passages[0].quote if self.card.passages else "",
            who=self.chain[0].who.label if self.chain else "",
            source=self.card.source.key,
            year=self.source.year,
            denied=self.denied,
            modality=self.modality.label,
        )
