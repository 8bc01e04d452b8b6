"""A corpus as plain Python, and what all its sources share: registers, issues, views.

Everything that is wrong is added to the findings and reading goes on, so that one run shows all
faults. The sources are read one by one against what they share (`parts.py`); what only all of
them together can show is checked last (`wholes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, WithJsonSchema

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Address, Form, Language, Slug, Words
from ccgkg.corpus.issues import Issue, read_issues
from ccgkg.corpus.laws import LawBook
from ccgkg.corpus.names import Names
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.reading import Reading
from ccgkg.corpus.registers import Registers, read_registers, report
from ccgkg.corpus.rules import rules_accepted_in
from ccgkg.corpus.sources import Source
from ccgkg.corpus.views import Views, read_views
from ccgkg.corpus.vocabulary import Vocabulary
from ccgkg.corpus.yamlfile import read_yaml
from ccgkg.errors import SeedError

__all__ = ["Corpus", "CorpusForm", "Shared", "read_shared", "reader_keys", "register_keys"]


_BASE = {"type": "string", "pattern": "^https?://.*/$"}


def _ends_with_slash(base: str) -> str:
    if not base.endswith("/"):
        raise ValueError(f"`{base}` must end with a slash: keys are put behind it")
    return base


class CorpusForm(Form):
    """A whole `corpus.yaml`."""

    name: Slug
    title: Words
    description: Words
    base: Annotated[Address, AfterValidator(_ends_with_slash), WithJsonSchema(_BASE)]
    licence: Address
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    publisher: Words
    language: Language = "en-GB"
    accept: dict[str, Words] = Field(default_factory=dict)


@dataclass(frozen=True)
class Corpus:
    """What a corpus folder says, with as many of its sources as were read.

    Attributes:
        form: name, title, base IRI, licence, version.
        vocabulary: what the ontology declares.
        registers: actors, topics, works, waves, measures, times.
        sources: by key.
        readings: claims and declared sentences of the curated sources, by key.
        issues: by key.
        views: map, story and glossary, which the pages show.
    """

    form: CorpusForm
    vocabulary: Vocabulary
    registers: Registers
    sources: Mapping[str, Source]
    readings: Mapping[str, Reading]
    issues: Mapping[str, Issue]
    views: Views

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """All claims and suppositions, by short id."""
        return {c.short: c for reading in self.readings.values() for c in reading.claims}


@dataclass(frozen=True)
class Shared:
    """What all sources of a corpus share.

    Attributes:
        place: where the corpus lies.
        corpus: registers, issues and views, without any source.
        keys: keys of registers and schemes, as validation wants them.
        laws: what a quote may leave out and put in.
        names: what everything is called.
        readable: whether sources can be read against it.
    """

    place: CorpusPlace
    corpus: Corpus
    keys: Mapping[str, Any]
    laws: LawBook
    names: Names
    readable: bool


def reader_keys(vocabulary: Vocabulary) -> dict[str, Any]:
    """The keys that validation knows before any register is read."""
    keys: dict[str, Any] = {name: set(terms) for name, terms in vocabulary.schemes.items()}
    keys["relation"] = set(vocabulary.relations)
    keys["rule"] = rules_accepted_in("source.yaml")
    return keys


def register_keys(registers: Registers) -> dict[str, Any]:
    """The keys that the registers add."""
    keys: dict[str, Any] = {kind: set(entries) for kind, entries in registers.entries.items()}
    keys["entry"] = keys["actor"] | keys["topic"] | keys["work"]
    matters = keys["entry"] | keys["wave"]
    keys["end"] = matters
    keys["thing"] = matters
    keys["comparator"] = matters | keys["time"]
    return keys


def read_shared(place: CorpusPlace, vocabulary: Vocabulary, findings: Findings) -> Shared:
    """Read what all sources share; what is wrong is added to `findings`.

    Args:
        place: where the corpus lies.
        vocabulary: what its ontology declares.
        findings: where faults go; nothing but faults of the same corpus may be in it.

    Raises:
        SeedError: `corpus.yaml` itself cannot be read.
    """
    form = _read_form(place)
    keys = reader_keys(vocabulary)
    registers = read_registers(place.seeds, keys, findings)
    keys |= register_keys(registers)
    # A register that cannot be read would have every one of its keys called unknown.
    readable = not any(finding.rule == "unreadable" for finding in findings.found)
    issues: Mapping[str, Issue] = {}
    views = Views()
    if readable:
        issues = read_issues(place.seeds, keys, registers.places, findings)
        views = read_views(place.seeds, keys, registers.places, findings)
    return Shared(
        place=place,
        corpus=Corpus(form, vocabulary, registers, {}, {}, issues, views),
        keys=keys,
        laws=LawBook.of(vocabulary.cues, registers.actor_names()),
        names=Names.of(registers),
        readable=readable,
    )


def _read_form(place: CorpusPlace) -> CorpusForm:
    path = place.seeds / "corpus.yaml"
    document = read_yaml(path)
    findings = Findings(place.root)
    try:
        return CorpusForm.model_validate(document.content)
    except ValidationError as error:
        report(findings, document, error)
    raise SeedError("\n".join(map(str, findings.found)))
