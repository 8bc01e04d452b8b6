"""A whole corpus as plain Python: registers, sources, claims, coverage.

`read_corpus` reads everything, adds what is wrong to the findings and goes on, so that
one run shows all faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
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
from ccgkg.corpus.registers import REGISTER_FILES, Registers, read_registers, report
from ccgkg.corpus.rules import rules_accepted_in
from ccgkg.corpus.sources import Source, read_source
from ccgkg.corpus.upholding import uphold
from ccgkg.corpus.usage import check_usage
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
    """

    form: CorpusForm
    vocabulary: Vocabulary
    registers: Registers
    sources: Mapping[str, Source]
    readings: Mapping[str, Reading]
    issues: Mapping[str, Issue]

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
    issues = read_issues(place.seeds, keys, registers.places, findings) if readable else {}
    corpus = Corpus(form, vocabulary, registers, sources, readings, issues)
    uphold(corpus, laws, findings)
    _check_references(corpus, findings)
    _check_bearings(corpus, findings)
    _check_coverage(corpus, findings)
    # An entry whose claims cannot be read would be called unused.
    if not findings.of("error"):
        check_usage(corpus, place.seeds, findings)
    return corpus


_READ = {
    "seeds": ("corpus.yaml", *REGISTER_FILES, ISSUES_FILE, "README.md"),
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
    matters = keys["actor"] | keys["topic"] | keys["work"] | keys["wave"]
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


def _check_references(corpus: Corpus, findings: Findings) -> None:
    """Every claim that another claim or a register names must exist."""
    for claim in corpus.claims.values():
        path = corpus.sources[claim.source].folder / "claims.yaml"
        for field, reference in _references(claim):
            short = claim.short_of(reference)
            # What is no longer made may name what is no longer made either.
            wrong = (
                "itself"
                if short == claim.short
                else _unfit(corpus, short, findings, may_be_withdrawn=claim.withdrawn)
                or _misfit(corpus.claims.get(short), field)
            )
            if wrong:
                findings.add(path, claim.line, "reference", f"`{claim.id}` {field} {wrong}")
    for key, (path, line) in corpus.registers.places.items():
        for short in _stated_by(corpus.registers, key):
            if _SHORT_ID.match(short) and (wrong := _unfit(corpus, short, findings)):
                findings.add(path, line, "reference", f"`{key}` rests on {wrong}")


def _check_bearings(corpus: Corpus, findings: Findings) -> None:
    """Every claim that bears on an issue must exist and still be made."""
    for key, issue in corpus.issues.items():
        for bearing in issue.bearings:
            if wrong := _unfit(corpus, bearing.claim, findings):
                findings.add(issue.path, bearing.line, "reference", f"`{key}` names {wrong}")


def _misfit(named: Claim | None, field: str) -> str:
    """Why an existing claim is not one that may be named in this field."""
    if named is None:
        return ""
    if field == "answers" and named.modality != "question":
        return f"`{named.short}`, which asks nothing: its modality is {named.modality}"
    if field == "compares" and not (named.full and named.full.figure):
        return f"`{named.short}`, which has no `figure`"
    return ""


def _unfit(
    corpus: Corpus, short: str, findings: Findings, *, may_be_withdrawn: bool = False
) -> str:
    """What is wrong with naming a claim: it does not exist, or is no longer made."""
    claim = corpus.claims.get(short)
    if claim is not None and claim.withdrawn and not may_be_withdrawn:
        return f"a claim that is withdrawn: `{short}`{_successor(claim)}"
    if not _may_exist(corpus, short, findings):
        return f"a claim that does not exist: `{short}`{_nearest(corpus, short)}"
    return ""


def _successor(claim: Claim) -> str:
    withdrawn = claim.full.withdrawn if claim.full else None
    if withdrawn is None or withdrawn.successor is None:
        return ""
    return f"; its successor: {claim.short_of(withdrawn.successor)}"


_SHORT_ID = re.compile(r"^[a-z0-9-]+/[a-z0-9-]+$")


def _may_exist(corpus: Corpus, short: str, findings: Findings) -> bool:
    """Whether a claim exists, or would if the faults already told were mended."""
    key, _, own = short.partition("/")
    if short in corpus.claims:
        return True
    if key in corpus.readings:
        return own in corpus.readings[key].typed_ids
    return any(Path(f.path).parts[:2] == ("seeds", key) for f in findings.of("error"))


def _nearest(corpus: Corpus, short: str) -> str:
    near = ", ".join(nearest(short, corpus.claims))
    return f"; nearest: {near}" if near else ""


def _references(claim: Claim) -> list[tuple[str, str]]:
    named = [("links", end.key) for end in (*claim.subjects, *claim.objects) if end.type == "claim"]
    named += [(kind, reason.claim) for kind, reason in claim.reasons()]
    if (form := claim.full) is not None:
        named += [("answers", reference) for reference in form.answers]
        if form.compare:
            compared = (form.compare.from_, form.compare.to)
            named += [("compares", reference) for reference in compared if reference]
        if form.withdrawn and form.withdrawn.successor:
            named.append(("is succeeded by", form.withdrawn.successor))
    return named


def _stated_by(registers: Registers, key: str) -> list[str]:
    kind = registers.type_of(key)
    if kind is None:
        return []
    entry = registers.entries[kind][key]
    facts = [entry.known] if entry.known else []
    if kind == "actor":
        ties = (*entry.broader, *entry.part_of, *entry.members, *entry.succeeds, *entry.post)
        facts += [fact.known for fact in ties if fact.known]
        facts += [day.known for day in (entry.from_, entry.until) if day and day.known]
    return [short for fact in facts for short in fact.stated or ()]


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
