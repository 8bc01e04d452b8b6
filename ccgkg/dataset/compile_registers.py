"""Registers, sources and the dataset's own description as RDF.

Each fact of a register stands as a plain triple, so that it can be queried, and as a
`ccg:Fact` that says how it is known.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Container
from typing import Any

import pyoxigraph as ox

from ccgkg.corpus.library import Corpus, CorpusForm
from ccgkg.corpus.registers import ActorForm, KnownForm, TopicForm, WaveEntryForm, WorkForm
from ccgkg.corpus.sources import Source, issued
from ccgkg.dataset.closures import within
from ccgkg.dataset.emit import Addresses, Emitter, boolean, day, english, node, number, text
from ccgkg.dataset.prefixes import CCG, DCAT, DCTERMS, FOAF, ORG, PROV, RDF, RDFS, SKOS, VOID

__all__ = ["compile_dataset", "compile_registers", "compile_source"]

_BIBO = "http://purl.org/ontology/bibo/"
_TIES = (
    ("broader", CCG + "broaderActor"),
    ("part_of", CCG + "partOf"),
    ("members", ORG + "hasMember"),
    ("succeeds", CCG + "succeeds"),
    ("post", ORG + "memberOf"),
)


def compile_registers(corpus: Corpus, claims: Container[str]) -> list[ox.Quad]:
    """All quads of actors, topics, works, waves, measures and times.

    Args:
        corpus: the registers.
        claims: the short ids of all claims.
    """
    emitter = Emitter(Addresses(corpus.form.base))
    compiler = _Registers(corpus, emitter, claims)
    for kind, entries in sorted(corpus.registers.entries.items()):
        for key, entry in sorted(entries.items()):
            compiler.compile(kind, key, entry)
    return emitter.quads


class _Facts:
    """Emits facts with how they are known."""

    def __init__(self, corpus: Corpus, out: Emitter, claims: Container[str]) -> None:
        self.corpus, self.out, self.claims = corpus, out, claims

    def concept(self, scheme: str, name: str) -> str:
        return self.corpus.vocabulary.iri(scheme, name)

    def known(self, fact: str, known: KnownForm) -> None:
        """Say how a fact is known."""
        self.out.ccg(fact, "known", self.concept("known", known.basis))
        for reason in known.reasons:
            if reason in self.claims:
                self.out.ccg(fact, "restsOn", self.out.addresses.of("claim", reason))
            else:
                self.out.words(fact, "because", reason)

    def fact(
        self, iri: str, name: str, predicate: str, value: str | ox.Literal, known: KnownForm | None
    ) -> None:
        """Emit a fact, and how it is known if anybody says so."""
        self.out.add(iri, predicate, value)
        if known is not None:
            where = f"{iri}/fact/{name}"
            self.out.a(where, CCG + "Fact")
            self.out.ccg(where, "factOf", iri)
            self.out.ccg(where, "factProperty", predicate)
            self.out.ccg(where, "factValue", value)
            self.known(where, known)


class _Registers(_Facts):
    """Compiles register entries."""

    def compile(self, kind: str, key: str, entry: Any) -> None:
        """Compile one entry of a register."""
        iri = self.out.addresses.of(kind, key)
        self.out.a(iri, CCG + kind.capitalize())
        self.out.add(iri, RDFS + "label", english(entry.label))
        for alias in entry.aliases:
            self.out.add(iri, SKOS + "altLabel", english(alias))
        self.out.words(iri, "note", entry.note)
        getattr(self, f"_{kind}")(iri, entry)

    def _actor(self, iri: str, actor: ActorForm) -> None:
        out = self.out
        out.a(iri, PROV + "Agent", self.corpus.vocabulary.actor_classes[actor.kind])
        self.fact(iri, "kind", CCG + "kind", self.concept("kind", actor.kind), actor.known)
        self.fact(iri, "tier", CCG + "tier", self.concept("tier", actor.tier), actor.known)
        out.ccg(iri, "named", boolean(actor.named))
        for field, predicate in _TIES:
            for tie in getattr(actor, field):
                other = out.addresses.of("actor", tie.actor)
                name = f"{field.replace('_', '-')}-{tie.actor}"
                self.fact(iri, name, predicate, other, tie.known or actor.known)
                if field == "succeeds":
                    self._change(iri, other, tie.actor, actor)
                if field == "part_of":
                    out.add(iri, ORG + "unitOf", other)
        for key in within(self.corpus, iri.rpartition("/")[2]):
            out.ccg(iri, "within", out.addresses.of("actor", key))
        for name, moment, predicate in (
            ("from", actor.from_, CCG + "earliest"),
            ("until", actor.until, CCG + "latest"),
        ):
            if moment is not None:
                known = moment.known or actor.known
                self.fact(iri, name, predicate, day(moment.day), known)

    def _change(self, iri: str, original: str, key: str, actor: ActorForm) -> None:
        event = f"{iri}/change/{key}"
        self.out.a(event, ORG + "ChangeEvent")
        self.out.add(event, ORG + "originalOrganization", original)
        self.out.add(event, ORG + "resultingOrganization", iri)
        if actor.from_ is not None:
            self.out.add(event, DCTERMS + "date", day(actor.from_.day))

    def _topic(self, iri: str, topic: TopicForm) -> None:
        out = self.out
        scheme = f"{self.corpus.form.base}topics"
        out.a(iri, SKOS + "Concept")
        out.add(iri, SKOS + "prefLabel", english(topic.label))
        out.add(iri, SKOS + "inScheme", scheme)
        for broader in topic.broader:
            out.add(iri, SKOS + "broader", out.addresses.of("topic", broader))
        if not topic.broader:
            out.add(iri, SKOS + "topConceptOf", scheme)
        for actor in topic.of:
            out.ccg(iri, "topicOf", out.addresses.of("actor", actor))
        if topic.definition:
            out.add(iri, SKOS + "definition", english(topic.definition))

    def _work(self, iri: str, work: WorkForm) -> None:
        out = self.out
        out.add(iri, DCTERMS + "type", self.concept("work-type", work.type))
        for actor in work.by:
            author = out.addresses.of("actor", actor)
            self.fact(iri, f"by-{actor}", DCTERMS + "creator", author, work.known)
        if work.date is not None:
            self.fact(iri, "date", DCTERMS + "date", text(str(work.date)), work.known)
        if work.address:
            out.add(iri, FOAF + "page", work.address)
        if work.part_of:
            out.add(iri, DCTERMS + "isPartOf", out.addresses.of("work", work.part_of))
        if work.maybe_same_as:
            other = out.addresses.of("work", work.maybe_same_as.work)
            known = KnownForm(inferred=work.maybe_same_as.why)
            self.fact(iri, "maybe-same-as", CCG + "maybeSameAs", other, known)

    def _wave(self, iri: str, wave: WaveEntryForm) -> None:
        out = self.out
        out.add(iri, DCTERMS + "isPartOf", out.addresses.of("work", wave.of))
        if wave.time:
            moment = out.addresses.of("time", wave.time)
            self.fact(iri, "time", CCG + "time", moment, wave.known)
        if wave.respondents:
            out.ccg(iri, "respondents", out.addresses.of("actor", wave.respondents))
        if wave.sample_size is not None:
            out.words(iri, "sampleSize", str(wave.sample_size))

    def _measure(self, iri: str, measure: Any) -> None:
        self.out.words(iri, "wording", measure.wording)
        self.out.words(iri, "scale", measure.scale)

    def _time(self, iri: str, time: Any) -> None:
        self.out.ccg(iri, "earliest", day(time.from_) if time.from_ else None)
        self.out.ccg(iri, "latest", day(time.until) if time.until else None)
        if time.known:
            self.known(iri, time.known)


def compile_source(corpus: Corpus, key: str) -> list[ox.Quad]:
    """The quads of a source's record, regions and text, without its claims."""
    source = corpus.sources[key]
    out = Emitter(Addresses(corpus.form.base))
    iri = out.addresses.of("source", key)
    record = source.form.record
    out.a(iri, CCG + "Source", _BIBO + "Document")
    out.add(iri, RDFS + "label", english(record.title))
    out.add(iri, DCTERMS + "title", text(record.title))
    out.add(iri, DCTERMS + "identifier", text(key))
    out.add(iri, DCTERMS + "language", text(record.language))
    out.add(iri, DCTERMS + "rights", english(source.form.rights))
    out.add(iri, DCTERMS + "type", corpus.vocabulary.iri("csl-type", record.type))
    for author in source.form.agents.author:
        out.add(iri, DCTERMS + "creator", out.addresses.of("actor", author))
    if source.form.agents.publisher:
        out.add(iri, DCTERMS + "publisher", out.addresses.of("actor", source.form.agents.publisher))
    if record.URL:
        out.add(iri, FOAF + "page", record.URL)
    if source.form.prints:
        out.ccg(iri, "prints", out.addresses.of("work", source.form.prints))
    item = record.model_dump(by_alias=True, exclude_unset=True)
    csl = json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    out.ccg(iri, "csl", ox.Literal(csl, datatype=node(RDF + "JSON")))
    out.words(iri, "sha256", source.text.digest)
    out.words(iri, "fileName", source.form.file.name)
    for reviewer in source.form.reviewed_by:
        out.words(iri, "reviewedBy", reviewer)
    _dates(corpus, source, out, iri)
    _fields(corpus, source, out, iri)
    for region in source.regions:
        where = f"{iri}/region/{region.id}"
        out.a(where, CCG + "Region")
        out.add(where, RDFS + "label", english(f"{region.id} of {record.title}"))
        out.add(where, DCTERMS + "isPartOf", iri)
        out.words(where, "regionKind", region.kind)
    return out.quads


def _dates(corpus: Corpus, source: Source, out: Emitter, iri: str) -> None:
    """The date of publication, and the time of claims that give none."""
    days = issued(source.form)
    where = f"{iri}/time"
    out.ccg(iri, "time", where)
    out.a(where, CCG + "Time", CCG + "SourceDate")
    out.add(where, RDFS + "label", english("the source's own date"))
    out.words(where, "because", "undated present: the source's own date")
    out.ccg(where, "known", corpus.vocabulary.iri("known", "inferred" if days else "unknown"))
    if days is not None:
        out.ccg(where, "earliest", day(days[0]))
        out.ccg(where, "latest", day(days[1]))
        parts = source.form.record.issued
        assert parts is not None
        printed = "-".join(f"{part:02}" for part in parts.date_parts[0])
        out.add(iri, DCTERMS + "issued", text(printed))
        out.ccg(iri, "year", number(parts.date_parts[0][0]))


def _fields(corpus: Corpus, source: Source, out: Emitter, iri: str) -> None:
    """How each bibliographic field is known."""
    facts = _Facts(corpus, out, corpus.claims)
    for name, known in source.form.known.items():
        where = f"{iri}/fact/{name}"
        out.a(where, CCG + "Fact")
        out.ccg(where, "factOf", iri)
        out.words(where, "factField", name)
        out.words(where, "factValue", field_text(source, name))
        facts.known(where, known)


def field_text(source: Source, name: str) -> str:
    """A bibliographic field as one string."""
    value = source.form.record.model_dump(by_alias=True, exclude_unset=True)[name]
    if name == "author":
        return "; ".join(
            person.get("literal")
            or ", ".join(filter(None, (person.get("family"), person.get("given"))))
            for person in value
        )
    if isinstance(value, dict):
        return "-".join(f"{part:02}" for part in value["date-parts"][0])
    return str(value)


def compile_dataset(
    form: CorpusForm, sources: Collection[str], *, claims: int, triples: int
) -> list[ox.Quad]:
    """The dataset's description of itself (VoID, DCAT).

    Args:
        form: name, title, licence.
        sources: their keys.
        claims: how many there are.
        triples: how many the default graph holds before this.
    """
    out = Emitter(Addresses(form.base))
    iri = f"{form.base}dataset"
    out.a(iri, VOID + "Dataset", DCAT + "Dataset")
    out.add(iri, RDFS + "label", english(form.title))
    out.add(iri, DCTERMS + "title", english(form.title))
    out.add(iri, DCTERMS + "description", english(form.description))
    out.add(iri, DCTERMS + "license", form.licence)
    out.add(iri, DCTERMS + "publisher", text(form.publisher))
    out.add(iri, DCTERMS + "identifier", text(form.name))
    out.add(iri, DCAT + "version", text(form.version))
    out.add(iri, VOID + "uriSpace", text(form.base))
    out.add(iri, VOID + "triples", number(triples))
    out.add(iri, VOID + "entities", number(claims))
    for key in sorted(sources):
        out.add(iri, DCTERMS + "source", out.addresses.of("source", key))
    scheme = f"{form.base}topics"
    out.a(scheme, SKOS + "ConceptScheme")
    out.add(scheme, DCTERMS + "title", english(f"Topics of {form.title}"))
    return out.quads
