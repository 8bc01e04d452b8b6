"""A whole corpus as plain Python: registers, sources, claims, coverage.

`read_corpus` reads everything, adds what is wrong to the findings and goes on, so that
one run shows all faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, WithJsonSchema

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.coverage import MOST_NO_CLAIM, MOST_OUTSIDE, Coverage, cover
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Address, Form, Language, Slug, Words
from ccgkg.corpus.issues import ISSUES_FILE, Issue, read_issues
from ccgkg.corpus.laws import LawBook
from ccgkg.corpus.mirrors import find_mirrored
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.reading import ClaimReader, Reading
from ccgkg.corpus.references import check_references
from ccgkg.corpus.registers import REGISTER_FILES, Registers, read_registers, report
from ccgkg.corpus.rules import rules_accepted_in
from ccgkg.corpus.sources import Source, read_source
from ccgkg.corpus.upholding import uphold
from ccgkg.corpus.usage import check_usage
from ccgkg.corpus.views import VIEW_FILES, Views, read_views
from ccgkg.corpus.vocabulary import Vocabulary
from ccgkg.corpus.yamlfile import read_yaml
from ccgkg.errors import SeedError, nearest

__all__ = ["Corpus", "CorpusForm", "read_corpus", "reader_keys", "register_keys"]

Progress = Callable[[str], None]


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
    """Everything that a corpus folder says.

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

    @cached_property
    def coverage(self) -> Mapping[str, Coverage]:
        """Coverage of every source, by key."""
        none = Reading((), {})
        return {
            key: cover(
                source,
                self.claims.values(),
                self.readings.get(key, none).no_claims,
                [p for ps in self.readings.get(key, none).mirrored.values() for p in ps],
            )
            for key, source in self.sources.items()
        }


def reader_keys(vocabulary: Vocabulary) -> dict[str, Any]:
    """The keys that validation knows before any register is read."""
    keys: dict[str, Any] = {name: set(terms) for name, terms in vocabulary.schemes.items()}
    keys["relation"] = set(vocabulary.relations)
    keys["rule"] = rules_accepted_in("source.yaml")
    return keys


def read_corpus(
    place: CorpusPlace,
    vocabulary: Vocabulary,
    findings: Findings,
    progress: Progress = lambda _: None,
) -> Corpus:
    """Read a corpus; what is wrong is added to `findings`.

    Args:
        place: where it lies.
        vocabulary: what its ontology declares.
        findings: where faults go.
        progress: told the key of each source before it is read.

    Raises:
        SeedError: `corpus.yaml` itself cannot be read.
    """
    form = _read_form(place)
    keys = reader_keys(vocabulary)
    registers = read_registers(place.seeds, keys, findings)
    keys |= register_keys(registers)
    _check_stray(place, findings)
    laws = LawBook.of(vocabulary.cues, registers.actor_names())
    sources: dict[str, Source] = {}
    readings: dict[str, Reading] = {}
    # A register that cannot be read would have every one of its keys called unknown.
    readable = not any(finding.rule == "unreadable" for finding in findings.found)
    for folder in place.source_folders() if readable else ():
        progress(folder.name)
        source = read_source(folder, keys, findings)
        if source is None:
            continue
        sources[source.key] = source
        claims = folder / "claims.yaml"
        if claims.exists():
            reader = ClaimReader(source, registers, vocabulary, keys, findings)
            reading = reader.read(claims)
            if reading is not None:
                readings[source.key] = reading
    if not sources and not findings.found:
        findings.add(place.seeds, 0, "no-source", "holds no source: a folder with source.yaml")
    _mirror(sources, readings, laws, findings)
    issues: Mapping[str, Issue] = {}
    views = Views()
    if readable:
        issues = read_issues(place.seeds, keys, registers.places, findings)
        views = read_views(place.seeds, keys, registers.places, findings)
    corpus = Corpus(form, vocabulary, registers, sources, readings, issues, views)
    uphold(corpus, laws, findings)
    check_references(corpus, findings)
    _check_coverage(corpus, findings)
    # An entry whose claims cannot be read would be called unused.
    if not findings.of("error"):
        check_usage(corpus, place.seeds, findings)
    return corpus


_READ = {
    "seeds": ("corpus.yaml", *REGISTER_FILES, ISSUES_FILE, *VIEW_FILES, "README.md"),
    "source": ("source.txt", "source.yaml", "sentences.yaml", "claims.yaml", "README.md"),
}


def _check_stray(place: CorpusPlace, findings: Findings) -> None:
    """A file that nobody reads may be one whose name is wrong."""
    folders = [(place.seeds, "seeds"), *((folder, "source") for folder in place.source_folders())]
    for folder, kind in folders:
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.name[0] != "." and path.name not in _READ[kind]:
                known = ", ".join(_READ[kind])
                message = f"nobody reads this file; is its name right? Read here: {known}"
                findings.add(path, 0, "stray-file", message)


def _read_form(place: CorpusPlace) -> CorpusForm:
    path = place.seeds / "corpus.yaml"
    document = read_yaml(path)
    findings = Findings(place.root)
    try:
        return CorpusForm.model_validate(document.content)
    except ValidationError as error:
        report(findings, document, error)
    raise SeedError("\n".join(map(str, findings.found)))


def register_keys(registers: Registers) -> dict[str, Any]:
    """The keys that the registers add."""
    keys: dict[str, Any] = {kind: set(entries) for kind, entries in registers.entries.items()}
    keys["entry"] = keys["actor"] | keys["topic"] | keys["work"]
    matters = keys["entry"] | keys["wave"]
    keys["end"] = matters
    keys["thing"] = matters
    keys["comparator"] = matters | keys["time"]
    return keys


def _mirror(
    sources: Mapping[str, Source], readings: dict[str, Reading], laws: LawBook, findings: Findings
) -> None:
    """Find the claims of mirrored sources in the texts that print them again."""
    for key, reading in list(readings.items()):
        if reading.mirrors is None:
            continue
        path, line = sources[key].folder / "claims.yaml", reading.mirrors_line
        named = reading.mirrors.source
        original = readings.get(named)
        if original is None or original.mirrors is not None or named == key:
            near = ", ".join(nearest(named, set(readings) - {key}))
            message = f"`mirrors`: `{named}` has no claims of its own; nearest: {near}"
            findings.add(path, line, "mirror", message)
            continue
        mirrored = find_mirrored(sources[key], reading, original, laws, findings)
        readings[key] = replace(reading, mirrored=mirrored)


def _check_coverage(corpus: Corpus, findings: Findings) -> None:
    for key, source in corpus.sources.items():
        raised = list(_doubts(source, corpus.readings.get(key), corpus.coverage[key]))
        for rule, file, line, message in raised:
            if rule not in source.form.accept:
                findings.add(source.folder / file, line, rule, message)
        for rule in sorted(set(source.form.accept) - {rule for rule, *_ in raised}):
            path = source.folder / "source.yaml"
            findings.add(path, 0, "accept-unused", f"nothing asks to accept `{rule}`")


def _doubts(
    source: Source, reading: Reading | None, covered: Coverage
) -> Iterator[tuple[str, str, int, str]]:
    """Rule, file, line and message of each warning about a source as a whole."""
    if not source.is_pinned:
        message = "The sentence boundaries are not pinned: run ccgkg check --pin."
        yield "not-pinned", "source.yaml", 0, message
    if reading is None:
        if not (source.folder / "claims.yaml").exists():
            yield "not-curated", "source.yaml", 0, "The source has no claims yet."
        return
    for sentence in covered.open:
        words = " ".join(source.text[sentence].split())
        line = source.text.line(sentence.start)
        yield "sentence-open", "source.txt", line, f"no claim and no reason why not: “{words}”"
    if covered.outside > MOST_OUTSIDE:
        message = (
            f"{covered.outside:.0%} of the words of claim-bearing sentences stand inside no "
            f"passage; {MOST_OUTSIDE:.0%} are no matter"
        )
        yield "words-outside", "source.yaml", 0, message
    if covered.no_claim > MOST_NO_CLAIM:
        message = (
            f"{covered.no_claim:.0%} of the words of body and comments are declared no claim; "
            f"{MOST_NO_CLAIM:.0%} are no matter"
        )
        yield "no-claim-share", "source.yaml", 0, message
