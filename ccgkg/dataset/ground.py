"""The ground: what every source of a corpus is compiled on, read once in each process.

Ontology, registers and issues are the same for all sources; with them come the classes of what
they describe, since the shapes of a source ask for these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ccgkg.corpus.findings import Finding, Findings
from ccgkg.corpus.library import Shared, read_shared
from ccgkg.corpus.places import CorpusPlace
from ccgkg.dataset.compile_issues import compile_issues
from ccgkg.dataset.compile_registers import compile_registers
from ccgkg.dataset.ontology import Ontology, read_ontology
from ccgkg.dataset.prefixes import CCG, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from ccgkg.dataset.shapes import Shapes

__all__ = ["Ground", "ground_of"]


@dataclass(frozen=True)
class Ground:
    """What every source is compiled on.

    Attributes:
        place: where the corpus lies.
        ontology: as read.
        shared: registers, issues and views.
        findings: what is wrong with these.
    """

    place: CorpusPlace
    ontology: Ontology
    shared: Shared
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether a source can be compiled on it."""
        return not any(finding.level == "error" for finding in self.findings)

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of the corpus."""
        # pySHACL and rdflib cost 0.4 s to import: only a build pays it.
        from ccgkg.dataset.shapes import read_shapes

        return read_shapes(self.place.shapes())

    @property
    def checks_parts(self) -> bool:
        """Whether each source can be held against the shapes alone: they are all the tool's."""
        return len(self.place.shapes()) == 1

    def quads(self, claims: Container[str]) -> list[ox.Quad]:
        """The quads of ontology, registers and issues.

        Args:
            claims: the short ids of all claims; facts rest on those that exist.
        """
        triples, corpus = self.ontology.triples, self.shared.corpus
        quads = [ox.Quad(t.subject, t.predicate, t.object) for t in triples]
        # Whoever asks a concept for its `rdfs:label` gets one, as from any other thing.
        label = ox.NamedNode(RDFS + "label")
        named = (t for t in triples if t.predicate.value == SKOS + "prefLabel")
        quads += [ox.Quad(t.subject, label, t.object) for t in named]
        return quads + compile_registers(corpus, claims) + compile_issues(corpus)

    def classes(self, iri: str) -> Iterable[str]:
        """The classes of a thing that the ground describes; of anything else none."""
        return self._classes.get(iri, ())

    def beside(self, key: str) -> list[ox.Quad]:
        """What shapes must see of a source beside its own quads.

        That is the classes of classes, and the issues on which its claims bear.
        """
        return [*self._subclasses, *self._bearings.get(key, ())]

    @cached_property
    def _quads(self) -> list[ox.Quad]:
        return self.quads(())

    @cached_property
    def _classes(self) -> Mapping[str, list[str]]:
        classes = defaultdict(list)
        for quad in self._quads:
            if quad.predicate.value == RDF + "type":
                classes[_characters(quad.subject)].append(_characters(quad.object))
        return classes

    @cached_property
    def _subclasses(self) -> list[ox.Quad]:
        return [quad for quad in self._quads if quad.predicate.value == RDFS + "subClassOf"]

    @cached_property
    def _bearings(self) -> Mapping[str, list[ox.Quad]]:
        home = self.shared.corpus.form.base + "claim/"
        bearings = defaultdict(list)
        for quad in self._quads:
            if quad.predicate.value == CCG + "bearsOn":
                claim = _characters(quad.subject).removeprefix(home)
                bearings[claim.partition("/")[0]].append(quad)
        return bearings


def _characters(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return "" if isinstance(term, ox.Triple) else term.value


def ground_of(place: CorpusPlace) -> Ground:
    """The ground of a corpus as its files are now; read once, until one of them changes.

    Raises:
        BadInput: the ontology or `corpus.yaml` cannot be read at all.
    """
    files = [*place.seeds.glob("*.yaml"), *place.vocabularies(), *place.shapes()]
    return _read(place, tuple(sorted(map(_stamp, files))))


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0  # gone since it was listed; whoever needs it will say so
    return str(path), status.st_size, status.st_mtime_ns


@lru_cache(maxsize=1)
def _read(place: CorpusPlace, _stamps: tuple[tuple[str, int, int], ...]) -> Ground:
    findings = Findings(place.root)
    ontology = read_ontology(place.vocabularies())
    shared = read_shared(place, ontology.vocabulary, findings)
    return Ground(place, ontology, shared, tuple(findings.found))
