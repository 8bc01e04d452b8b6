"""From a corpus folder to its dataset: read, compile, check.

The canonical artefact is one sorted N-Quads text without blank nodes: the same input
gives the same bytes, under any hash seed. Each source compiles independently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ccgkg.corpus.findings import Finding, Findings
from ccgkg.corpus.library import Corpus, read_corpus
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.queryfiles import QueryFile, read_query, refuse_shared_places
from ccgkg.corpus.rules import Level
from ccgkg.dataset.compile_claims import compile_claims
from ccgkg.dataset.compile_issues import compile_issues
from ccgkg.dataset.compile_registers import compile_dataset, compile_registers, compile_source
from ccgkg.dataset.faults import Fault, fault
from ccgkg.dataset.ontology import Ontology, read_ontology
from ccgkg.dataset.prefixes import RDFS, SKOS, prefixes
from ccgkg.dataset.remote import Refused, refuse_remote
from ccgkg.errors import QueryError, SeedError, nearest

__all__ = ["Compiled", "Progress", "compile_corpus", "refuse", "syntax_error"]

Progress = Callable[[str], None]

ANY_CORPUS = "any corpus"
"""Tag of the shipped queries that need nothing of the shipped corpus."""

MOST_SHOWN = 40
"""Errors shown in one message; the rest is counted."""


@dataclass(frozen=True)
class Compiled:
    """A corpus and its dataset.

    Attributes:
        corpus: as plain Python.
        ontology: as read.
        nquads: the canonical artefact.
        quads: how many it holds.
        digest: SHA-256 of its bytes, in hexadecimal.
        prefixes: for queries and for writing.
        queries: the named queries.
        findings: errors, warnings and notes, sorted by place.
    """

    corpus: Corpus
    ontology: Ontology
    nquads: bytes
    quads: int
    digest: str
    prefixes: dict[str, str]
    queries: tuple[QueryFile, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid the dataset."""
        return self.of("error")

    @property
    def warnings(self) -> list[Finding]:
        """The findings that are only counted."""
        return self.of("warning")

    @property
    def notes(self) -> list[Finding]:
        """The findings that are only told."""
        return self.of("note")

    def of(self, level: Level) -> list[Finding]:
        """The findings of one level, by place."""
        return [finding for finding in self.findings if finding.level == level]


def compile_corpus(place: CorpusPlace, progress: Progress = lambda _: None) -> Compiled:
    """Read, compile and check a corpus; faults of curation are in its findings.

    Args:
        place: where it lies.
        progress: told what is being done.

    Raises:
        BadInput: the ontology, a query or `corpus.yaml` cannot be read at all.
    """
    findings = Findings(place.root)
    progress("ontology")
    ontology = read_ontology(place.vocabularies())
    corpus = read_corpus(place, ontology.vocabulary, findings, progress)
    namespaces = prefixes(corpus.form.base, ontology.prefixes)
    queries = [read_query(path) for path in place.queries()]
    lent = [read_query(path) for path in place.lent_queries()]
    # The lent come first, so that the corpus's own file is told of a place that is taken.
    queries = [query for query in lent if ANY_CORPUS in query.tags] + queries
    refuse_shared_places(queries)
    _check_lenses(corpus, {query.name for query in queries if query.lens is not None}, findings)
    lines: list[bytes] = []
    if not findings.of("error"):
        progress("dataset")
        quads = _quads(corpus, ontology)
        serialized = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
        assert serialized is not None
        lines = sorted(set(serialized.splitlines(True)))
        progress("shapes")
        _check_shapes(place, corpus, quads, findings)
    nquads = b"".join(lines)
    return Compiled(
        corpus=corpus,
        ontology=ontology,
        nquads=nquads,
        quads=len(lines),
        digest=hashlib.sha256(nquads).hexdigest(),
        prefixes=namespaces,
        queries=tuple(sorted(map(_checked, queries), key=lambda query: query.name)),
        findings=tuple(sorted(findings.found)),
    )


def _check_lenses(corpus: Corpus, lenses: Collection[str], findings: Findings) -> None:
    """Every lens that the story shows must be one."""
    for named in corpus.views.lenses:
        if named.name not in lenses:
            near = ", ".join(nearest(named.name, lenses))
            hint = f"; nearest: {near}" if near else ""
            message = f"{named.whose} a lens that does not exist: `{named.name}`{hint}"
            findings.add(named.path, named.line, "reference", message)


def _quads(corpus: Corpus, ontology: Ontology) -> list[ox.Quad]:
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in ontology.triples]
    # Whoever asks a concept for its `rdfs:label` gets one, as from any other thing.
    label = ox.NamedNode(RDFS + "label")
    named = (t for t in ontology.triples if t.predicate.value == SKOS + "prefLabel")
    quads += [ox.Quad(t.subject, label, t.object) for t in named]
    quads += compile_registers(corpus)
    for key in corpus.sources:
        quads += compile_source(corpus, key)
        quads += compile_claims(corpus, key)
    quads += compile_issues(corpus)
    return quads + compile_dataset(corpus, quads)


def _check_shapes(
    place: CorpusPlace, corpus: Corpus, quads: list[ox.Quad], findings: Findings
) -> None:
    # pySHACL and rdflib cost 0.4 s to import: only a build pays it.
    from ccgkg.dataset.shapes import breaches

    for focus, message in breaches(quads, place.shapes()):
        local = focus.removeprefix(corpus.form.base)
        path, line = _home(place, corpus, local)
        findings.add(path, line, "shape", f"{local}: {message}")


def _home(place: CorpusPlace, corpus: Corpus, local: str) -> tuple[Path, int]:
    """File and line of what an IRI (without the base) stands for."""
    kind, _, rest = local.partition("/")
    parts = rest.split("/")
    claim = corpus.claims.get("/".join(parts[:2])) if kind == "claim" else None
    if claim is not None:
        return corpus.sources[claim.source].folder / "claims.yaml", claim.line
    if kind == "source" and parts[0] in corpus.sources:
        return corpus.sources[parts[0]].folder / "source.yaml", 0
    if kind == "issue" and parts[0] in corpus.issues:
        return corpus.issues[parts[0]].path, corpus.issues[parts[0]].line
    return corpus.registers.places.get(parts[0], (place.seeds, 0))


def _checked(query: QueryFile) -> QueryFile:
    """Shipped queries declare their prefixes, so that they run on any engine."""
    text = Path(query.path).read_text(encoding="utf-8")
    try:
        refuse_remote(text)
    except Refused as error:
        raise QueryError(f"{query.path}:{error.line}: {error.message}") from None
    problem = syntax_error(text)
    if problem is not None:
        line, column, what = problem
        raise QueryError(f"{query.path}:{line}:{column}: {what}")
    return query


def syntax_error(text: str) -> Fault | None:
    """Why a text is not SPARQL, with line and column, or None if it is."""
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        return fault(text, str(error), {})
    return None


def refuse(compiled: Compiled) -> None:
    """Raise SeedError with all errors, if there are any."""
    errors = compiled.errors
    if not errors:
        return
    shown = [str(finding) for finding in errors[:MOST_SHOWN]]
    if len(errors) > MOST_SHOWN:
        shown.append(f"… and {len(errors) - MOST_SHOWN} more")
    raise SeedError(
        "\n".join(shown),
        hint=f"{len(errors)} error{'s' if len(errors) > 1 else ''}; nothing was written. "
        "Mend them and run: ccgkg check",
    )
