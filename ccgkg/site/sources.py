"""Sources as the reader shows them: the text as received, its record, its regions."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ccgkg.citations.references import reference
from ccgkg.dataset.cards import SourceCard
from ccgkg.dataset.prefixes import CCG, DCTERMS
from ccgkg.errors import NotBuildable
from ccgkg.site.things import Thing, Things

__all__ = ["Field", "Region", "SourceView", "Unclaimed", "read_sources"]


class Region(NamedTuple):
    """A stretch of the text that is heading, body, comments or boilerplate."""

    id: str
    kind: str
    start: int
    end: int


class Unclaimed(NamedTuple):
    """A sentence that carries no claim, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Field:
    """One bibliographic field: its value, and how that is known."""

    name: str
    value: str
    known: str
    because: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SourceView:
    """One source, to be shown; the same only as itself.

    Attributes:
        card: its record as it is cited.
        label: its title.
        text: its characters, exactly as received.
        sentences: start and end of each, in code points, half open.
        regions: in the order of the text; what lies in none is body.
        unclaimed: the sentences without a claim.
        rights: who owns the text.
        fields: the record, with how each field is known.
        authors: the actors behind the names.
        language: of the text.
        printings: other sources that print the same article.
        year: of publication; empty where unknown.
        page: its page, from the site's root.
    """

    card: SourceCard
    label: str
    text: str = field(repr=False)
    sentences: tuple[tuple[int, int], ...] = field(repr=False)
    regions: tuple[Region, ...]
    unclaimed: tuple[Unclaimed, ...] = field(repr=False)
    rights: str
    fields: tuple[Field, ...]
    authors: tuple[Thing, ...]
    language: str
    printings: tuple[Thing, ...]
    year: str
    page: str

    @property
    def key(self) -> str:
        """Its key."""
        return self.card.key

    @property
    def address(self) -> str:
        """Where it was published; empty where unknown."""
        return str(self.card.csl.get("URL", ""))

    @cached_property
    def reference(self) -> str:
        """It in one line, as a bibliography has it."""
        return reference(self.card)

    @property
    def home(self) -> str:
        """Where it appeared: the journal, the blog or the publisher."""
        csl = self.card.csl
        return str(csl.get("container-title") or csl.get("publisher", ""))

    @property
    def date(self) -> str:
        """When it appeared, as precisely as is known, for people."""
        issued = self.card.csl.get("issued")
        if not issued:
            return ""
        year, *rest = issued["date-parts"][0]
        month = f"{calendar.month_name[rest[0]]} " if rest else ""
        day = f"{rest[1]} " if len(rest) > 1 else ""
        return f"{day}{month}{year}"

    @property
    def date_known(self) -> str:
        """How the date is known; empty where the source states it."""
        how = self.card.known.get("issued", "")
        return {"stated": "", "outside": "from outside the text"}.get(how, how)

    def kind_at(self, offset: int) -> str:
        """The kind of region in which a character stands; empty for the body."""
        for region in self.regions:
            if region.start <= offset < region.end:
                return "" if region.kind == "body" else region.kind
        return ""


def read_sources(
    things: Things, cards: Mapping[str, SourceCard], views: Mapping[str, Any]
) -> dict[str, SourceView]:
    """Read the sources of a dataset with their texts.

    Args:
        things: names the things of the dataset.
        cards: the records, by address.
        views: what the build left of each source's text, by key.

    Raises:
        NotBuildable: a text cannot be read, or is no longer the one that was built.
    """
    facts = things.facts
    found = {}
    for iri, card in cards.items():
        view = views[card.key]
        work = facts.one(iri, CCG + "prints")
        found[card.key] = SourceView(
            card=card,
            label=facts.label(iri),
            text=_text(Path(view["path"]), card.sha256),
            sentences=tuple((start, end) for start, end in view["sentences"]),
            regions=tuple(Region(**region) for region in view["regions"]),
            unclaimed=tuple(Unclaimed(**sentence) for sentence in view["unclaimed"]),
            rights=view["rights"],
            fields=tuple(_fields(things, iri)),
            authors=things.all(iri, DCTERMS + "creator"),
            language=facts.one(iri, DCTERMS + "language"),
            printings=tuple(
                things.of(other)
                for other in (facts.subjects(CCG + "prints", work) if work else ())
                if other != iri
            ),
            year=facts.one(iri, CCG + "year"),
            page=things.of(iri).page,
        )
    return dict(sorted(found.items()))


def _text(path: Path, digest: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotBuildable(f"{path}: cannot be read: {error.strerror}") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotBuildable(
            f"{path}: is not the text that was built", hint="Build it again: ccgkg build"
        )
    return content.decode("utf-8")


def _fields(things: Things, iri: str) -> Iterator[Field]:
    facts = things.facts
    for fact in facts.subjects(CCG + "factOf", iri):
        claims = [things.of(claim).key for claim in facts.objects(fact, CCG + "restsOn")]
        yield Field(
            name=facts.one(fact, CCG + "factField"),
            value=facts.one(fact, CCG + "factValue"),
            known=facts.one(fact, CCG + "known").rpartition("/")[2],
            because=(*facts.objects(fact, CCG + "because"), *claims),
        )
