"""Sources: one published document each, with its text, its record and its regions.

The text is never edited; its SHA-256 is in the record and is checked at every reading.
The record is CSL (the model that citation processors share), and each of its fields
says how it is known. Regions tell headings, readers' comments and boilerplate from the
body, because a heading is evidence only for what it says itself and boilerplate is none.
"""

from __future__ import annotations

import calendar
import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, ValidationError, model_validator

from ccgkg.corpus.anchors import Hints, Quote, locate
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Address, Form, Keys, Language, OneOrMore, Ref, Slug, Words
from ccgkg.corpus.registers import KnownForm, report
from ccgkg.corpus.sentences import pinned, segment
from ccgkg.corpus.text import Span, Text
from ccgkg.corpus.yamlfile import read_text, read_yaml
from ccgkg.errors import SeedError

__all__ = [
    "BODY",
    "MOST_TEXT_BYTES",
    "Region",
    "Source",
    "SourceForm",
    "issued",
    "read_source",
    "read_source_text",
]

MOST_TEXT_BYTES = 20_000_000
BODY = "body"

RegionKind = Literal["heading", "body", "comments", "boilerplate"]


class RegionForm(Form):
    """A stretch of the text that is not body, found by its words."""

    id: Slug
    kind: RegionKind
    quote: Words | None = None
    starts: Words | None = None
    ends: Words | None = None
    occurrence: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _found_by_words(self) -> RegionForm:
        if (self.quote is None) == (self.starts is None and self.ends is None):
            raise ValueError("a region is found by `quote:`, or by `starts:` and `ends:`")
        if self.quote is None and not (self.starts and self.ends):
            raise ValueError("`starts:` and `ends:` go together")
        return self


class FileForm(Form):
    """The file as it was received."""

    name: Words
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class NameForm(Form):
    """A CSL name."""

    family: Words | None = None
    given: Words | None = None
    literal: Words | None = None


class DateForm(Form):
    """A CSL date: year, or year and month, or a day."""

    date_parts: Annotated[list[list[int]], Field(min_length=1, max_length=1)]
    circa: StrictBool = False

    @model_validator(mode="after")
    def _calendar_date(self) -> DateForm:
        parts = self.date_parts[0]
        try:
            if not 1 <= len(parts) <= 3:
                raise ValueError
            datetime.date(*(*parts, 1, 1)[:3])
        except ValueError:
            raise ValueError(
                f"{parts} is no date: [year], [year, month] or [year, month, day]"
            ) from None
        return self


class RecordForm(Form):
    """A CSL-JSON item; field names are CSL's own."""

    type: Annotated[str, Ref("csl-type")]
    title: Words
    author: Annotated[tuple[NameForm, ...], OneOrMore()] = ()
    publisher: Words | None = None
    container_title: Words | None = None
    genre: Words | None = None
    issued: DateForm | None = None
    accessed: DateForm | None = None
    URL: Address | None = Field(default=None, alias="URL")
    language: Language = "en-GB"
    note: Words | None = None


class AgentsForm(Form):
    """The actors behind the names of the record."""

    author: Annotated[tuple[Annotated[str, Ref("actor")], ...], OneOrMore()] = ()
    publisher: Annotated[str, Ref("actor")] | None = None


class SourceForm(Form):
    """A whole `source.yaml`."""

    key: Slug
    file: FileForm
    record: RecordForm
    known: dict[str, KnownForm]
    agents: AgentsForm
    prints: Annotated[str, Ref("work")] | None = None
    regions: tuple[RegionForm, ...] = ()
    rights: Words
    reviewed_by: Annotated[tuple[Words, ...], OneOrMore()] = ()
    accept: dict[Annotated[str, Ref("rule")], Words] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _every_field_known(self) -> SourceForm:
        given = self.record.model_dump(by_alias=True, exclude_unset=True)
        missing = sorted(set(given) - set(self.known) - {"type", "language"})
        extra = sorted(set(self.known) - set(given))
        if missing:
            raise ValueError(f"`known:` does not say how these are known: {', '.join(missing)}")
        if extra:
            raise ValueError(f"`known:` speaks of fields that the record lacks: {', '.join(extra)}")
        return self


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the text: where headings, comments and boilerplate stand."""

    id: str
    kind: RegionKind
    span: Span


@dataclass(frozen=True)
class Source:
    """One published document.

    Attributes:
        key: like a citation key, `holder-2014`.
        folder: where it lies.
        text: the characters as received.
        form: its record and regions as curated.
        regions: in the order of the text; what lies in none is body.
        sentences: spans without the white space around them.
        is_pinned: whether the sentences come from `sentences.yaml`.
    """

    key: str
    folder: Path
    text: Text
    form: SourceForm
    regions: tuple[Region, ...]
    sentences: tuple[Span, ...]
    is_pinned: bool

    def region_at(self, offset: int) -> Region:
        """The region in which a character stands."""
        for region in self.regions:
            if region.span.start <= offset < region.span.end:
                return region
        return Region(BODY, "body", Span(0, len(self.text)))

    def sentences_of(self, span: Span) -> tuple[Span, ...]:
        """The sentences that a passage touches."""
        first = bisect_right(self.sentences, span.start, key=lambda sentence: sentence.end)
        last = bisect_left(self.sentences, span.end, key=lambda sentence: sentence.start)
        return self.sentences[first:last]


def issued(form: SourceForm) -> tuple[str, str] | None:
    """First and last day on which the source can have been published."""
    if form.record.issued is None:
        return None
    year, *rest = form.record.issued.date_parts[0]
    month = rest[0] if rest else 0
    if len(rest) > 1:
        day = f"{year:04}-{month:02}-{rest[1]:02}"
        return day, day
    first, last = month or 1, month or 12
    return (
        f"{year:04}-{first:02}-01",
        f"{year:04}-{last:02}-{calendar.monthrange(year, last)[1]:02}",
    )


def read_source_text(folder: Path) -> Text:
    """The characters of a source as received.

    Raises:
        SeedError: they cannot be read.
    """
    return Text(read_text(folder / "source.txt", most_bytes=MOST_TEXT_BYTES))


def read_source(folder: Path, keys: Mapping[str, Any], findings: Findings) -> Source | None:
    """Read one source; what is wrong is added to `findings`, and None returned.

    Args:
        folder: holds `source.txt` and `source.yaml`.
        keys: keys of registers and schemes.
        findings: where faults go.
    """
    path = folder / "source.yaml"
    try:
        document = read_yaml(path)
        text = read_source_text(folder)
    except SeedError as error:
        findings.blame(path, "unreadable", error)
        return None
    try:
        form = SourceForm.model_validate(document.content, context=Keys(keys))
    except ValidationError as error:
        report(findings, document, error)
        return None
    if form.key != folder.name:
        findings.add(path, document.line(("key",)), "key", f"`{form.key}` is not the folder's name")
    if form.file.sha256 != text.digest:
        findings.add(
            folder / "source.txt",
            0,
            "text-changed",
            f"the text is not the one that was curated: SHA-256 is {text.digest}, "
            f"source.yaml line {document.line(('file', 'sha256'))} says {form.file.sha256}; "
            "put the original file back, or check every quote and record the new digest",
        )
        return None
    regions: list[Region] = []
    for place, region in enumerate(form.regions):
        if region.id == BODY or region.id in {known.id for known in regions}:
            findings.add(
                path,
                document.line(("regions", place)),
                "region",
                f"there are two regions `{region.id}`; each has a name of its own",
            )
        span = _find_region(text, region)
        if isinstance(span, str):
            findings.add(path, document.line(("regions", place)), "region", span)
        else:
            regions.append(Region(region.id, region.kind, span))
    regions.sort(key=lambda region: region.span)
    for one, two in pairwise(regions):
        if one.span.overlaps(two.span):
            findings.add(path, 0, "region", f"regions `{one.id}` and `{two.id}` overlap")
    try:
        sentences = pinned(folder, text)
    except SeedError as error:
        findings.blame(folder, "sentences", error)
        return None
    borders = [edge for region in regions for edge in (region.span.start, region.span.end)]
    return Source(
        key=form.key,
        folder=folder,
        text=text,
        form=form,
        regions=tuple(regions),
        sentences=segment(text, borders=borders) if sentences is None else sentences,
        is_pinned=sentences is not None,
    )


def _find_region(text: Text, form: RegionForm) -> Span | str:
    ends = []
    for words in (form.quote, form.starts, form.ends):
        if words is None:
            continue
        hints = Hints(occurrence=form.occurrence) if words is not form.ends else None
        # Regions may be one word long ("Comments"); quotes as evidence may not.
        if len(words.split()) < 3:
            start = _nth(text.content, words, form.occurrence)
            if start is None:
                return f"region `{form.id}`: no one line of the source is “{words}” alone"
            ends.append(Span(start, start + len(words)))
            continue
        match = locate(text, Quote((words,)), hints)
        if not match.spans:
            return f"region `{form.id}`: “{words}”: {match.problem}"
        ends.append(match.spans[0])
    if ends[0].start > ends[-1].end:
        return f"region `{form.id}` ends before it starts"
    return Span(ends[0].start, ends[-1].end)


def _nth(content: str, words: str, occurrence: int) -> int | None:
    """Where a short line stands that is nothing but these words."""
    starts = []
    at = 0
    for line in content.splitlines(keepends=True):
        if line.strip() == words:
            starts.append(at + line.index(words))
        at += len(line)
    wanted = starts[occurrence - 1 : occurrence] if occurrence else starts
    return wanted[0] if len(wanted) == 1 else None
