"""The pages: which there are, and what each is told.

They are made one by one while they are written, so that a large corpus never stands in memory
as HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ccgkg.dataset.store import Store
from ccgkg.site import terms
from ccgkg.site.atlas import Atlas
from ccgkg.site.chart import Chart, chart_of
from ccgkg.site.claims import ClaimView
from ccgkg.site.entries import EntryView, entries
from ccgkg.site.evidence import Evidence, read_evidence
from ccgkg.site.explorer import map_page
from ccgkg.site.lenses import (
    MOST_ROWS,
    Answer,
    Lens,
    Question,
    ask,
    boards,
    lens_of,
    questions,
)
from ccgkg.site.pictures import lens_picture
from ccgkg.site.reader import excerpts, margin, regions
from ccgkg.site.records import highwire, json_ld
from ccgkg.site.rendering import Edition, render
from ccgkg.site.shards import shards_of

__all__ = ["Site", "pages", "site_of"]

MOST_CARDS = 80
"""Claims that a page shows as whole cards; more are shown as a table."""

MOST_LISTED = 300
"""Claims that a list on the page of one thing holds; it says how many more there are."""

_COMPARABLE = "comparable"
"""The query that says which figures a chart may join."""

MOST_IN_TABLE = 2000
"""Rows of one page of the table of claims."""

Page = tuple[str, str]


@dataclass(frozen=True)
class Site:
    """What all pages share.

    Attributes:
        evidence: all claims.
        atlas: the network of them.
        edition: which dataset is told.
        views: what the build left for the pages.
        excerpts: whether sources are printed in excerpts only.
    """

    evidence: Evidence
    atlas: Atlas
    edition: Edition
    views: Mapping[str, Any]
    excerpts: bool = False

    def page(self, path: str, template: str, **values: Any) -> Page:
        """One page, by its path below the site's root."""
        root = "../" * path.count("/")
        return path, render(template, self.edition, root, here=path, **values)

    @cached_property
    def questions(self) -> list[Question]:
        """The named queries."""
        return questions(self.evidence.facts.store)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers of all questions that need nothing, by name."""
        asked = (
            (question.name, ask(self.evidence, question, any_rows=not _is_drawn(question)))
            for question in self.questions
        )
        return {name: answer for name, answer in asked if answer is not None}

    @cached_property
    def lenses(self) -> list[Lens]:
        """The readings of the network, in their order."""
        found = [
            (question.lens["place"], lens_of(self.evidence, question, self.answers[question.name]))
            for question in self.questions
            if question.lens is not None and question.name in self.answers
        ]
        return [lens for _, lens in sorted(found, key=lambda each: each[0])]

    @cached_property
    def scenes(self) -> list[dict[str, Any]]:
        """The saved views of the story, each sentence with its claims."""
        claims = self.evidence.claims
        return [
            {
                **scene,
                "caption": [
                    {"says": said["says"], "claims": [claims[short] for short in said["claims"]]}
                    for said in scene["caption"]
                ],
            }
            for scene in self.views["story"]
        ]

    @cached_property
    def entries(self) -> list[EntryView]:
        """The entries of the registers that have a page."""
        return list(entries(self.evidence))


def site_of(store: Store, *, excerpts: bool = False, served: bool = False) -> Site:
    """The site of a dataset; served, it leads to the query page beside it."""
    atlas = Atlas(store, served=served)
    return Site(read_evidence(store), atlas, atlas.edition, store.views(), excerpts)


def _is_drawn(question: Question) -> bool:
    """Whether a picture is made of the answer, so that its order counts."""
    return question.lens is not None or question.name == _COMPARABLE


def pages(site: Site) -> Iterator[Page]:
    """Every page: path below the site's root, and content."""
    yield _index(site)
    yield from _map(site)
    yield _story(site)
    yield from _claims_table(site)
    yield from _claims(site)
    yield from _sources(site)
    yield from _entries(site)
    yield from _lenses(site)
    yield from _questions(site)
    yield _ontology(site)
    yield site.page("glossary.html", "glossary.html", terms=_glossary(site))


def _index(site: Site) -> Page:
    return site.page(
        "index.html",
        "index.html",
        corpus=site.views["corpus"],
        lenses=site.lenses,
        sources=list(site.evidence.sources.values()),
        claims=len(site.evidence.standing),
        actors=sum(entry.thing.kind == "actor" for entry in site.entries),
        questions=len(site.questions),
        story=site.views["story"],
    )


def _map(site: Site) -> Iterator[Page]:
    shards = shards_of(site.evidence.standing, "")
    numbers = shards.numbers if shards is not None else None
    yield "map.html", map_page(site.atlas, site.evidence, "", shards=numbers)
    if shards is not None:
        yield from shards.scripts()


def _story(site: Site) -> Page:
    return site.page("story.html", "story.html", scenes=site.scenes)


def _claims_table(site: Site) -> Iterator[Page]:
    claims = site.evidence.standing
    starts = range(0, max(len(claims), 1), MOST_IN_TABLE)
    parts = [claims[start : start + MOST_IN_TABLE] for start in starts]
    names = ["claims.html", *(f"claims-{number}.html" for number in range(2, len(parts) + 1))]
    first = 1
    for name, part in zip(names, parts, strict=True):
        yield site.page(
            name,
            "claims.html",
            claims=part,
            first=first,
            total=len(claims),
            parts=names,
        )
        first += len(part)


def _claims(site: Site) -> Iterator[Page]:
    for claim in site.evidence.claims.values():
        yield site.page(claim.page, "claim.html", claim=claim)


def _sources(site: Site) -> Iterator[Page]:
    sources = list(site.evidence.sources.values())
    printed: dict[str, list[ClaimView]] = {source.key: [] for source in sources}
    for claim in site.evidence.standing:
        for key in {passage.source for passage in claim.card.passages}:
            printed[key].append(claim)
    beside = {source.key: margin(source, printed[source.key]) for source in sources}
    yield site.page("sources.html", "sources.html", sources=sources, beside=beside)
    for source in sources:
        cut = excerpts if site.excerpts else regions
        yield site.page(
            source.page,
            "source.html",
            source=source,
            beside=beside[source.key],
            regions=cut(source, beside[source.key]),
            excerpts=site.excerpts,
            highwire=highwire(source),
            json_ld=json_ld(source),
        )


def _entries(site: Site) -> Iterator[Page]:
    yield site.page("register.html", "register.html", entries=site.entries)
    for entry in site.entries:
        yield site.page(entry.thing.page, "entry.html", entry=entry, most=MOST_LISTED)


def _lenses(site: Site) -> Iterator[Page]:
    for lens in site.lenses:
        yield site.page(
            lens.page,
            "lens.html",
            lens=lens,
            lenses=site.lenses,
            chart=_chart(site, lens.claims),
            scenes=[scene for scene in site.scenes if scene["lens"] == lens.name],
            **lens_picture(site.atlas, lens.name, "../"),
            boards=boards(site.evidence, lens.claims) if "issue" in lens.columns else [],
            as_cards=len(lens.claims) <= MOST_CARDS,
            most=MOST_ROWS,
        )


def _chart(site: Site, claims: Sequence[ClaimView]) -> Chart | None:
    """The chart of the figures in the sources of some claims, joined where `comparable` says yes.

    A figure of a survey misleads without its neighbours, so that these are drawn too.
    """
    sources = {claim.card.source.key for claim in claims if claim.figure is not None}
    given = [claim for claim in site.evidence.standing if claim.card.source.key in sources]
    answer = site.answers.get(_COMPARABLE)
    pairs = []
    if answer is not None:
        for row in answer.rows:
            told = dict(zip(answer.columns, row, strict=True))
            one, other, verdict = told["claim"], told["other"], told["comparable"]
            if one and other and verdict and verdict.label == "yes":
                pairs.append((one.key, other.key))
    return chart_of(site.evidence, given, pairs)


def _questions(site: Site) -> Iterator[Page]:
    yield site.page("questions.html", "questions.html", questions=site.questions)
    for question in site.questions:
        yield site.page(
            question.page,
            "query.html",
            question=question,
            answer=site.answers.get(question.name),
            most=MOST_ROWS,
        )


def _ontology(site: Site) -> Page:
    evidence = site.evidence
    return site.page(
        "ontology.html",
        "ontology.html",
        families=terms.families(evidence),
        schemes=terms.schemes(evidence),
        classes=terms.classes(evidence),
        properties=terms.properties(evidence),
    )


def _glossary(site: Site) -> list[dict[str, Any]]:
    things = site.evidence.things
    found = []
    for term in site.views["glossary"]:
        named = [things.of(things.iri(kind, term["thing"])) for kind in ("actor", "topic", "work")]
        known = next((thing for thing in named if thing.iri), None) if term["thing"] else None
        reasons = [
            things.of(things.iri("claim", reason)) if reason in site.evidence.claims else reason
            for reason in term["because"]
        ]
        found.append({**term, "thing": known, "because": reasons})
    return found
