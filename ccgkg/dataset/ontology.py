"""Reading the ontology: Turtle files into a `Vocabulary`, and into the dataset.

Nothing here knows the name of a relation, a lever or a kind; it knows only the terms by
which an ontology declares them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ccgkg.corpus.vocabulary import LITERAL, Cues, Relation, Term, Vocabulary
from ccgkg.dataset.prefixes import CCG, DCTERMS, OWL, RDF, RDFS, SKOS
from ccgkg.errors import OntologyError

__all__ = ["Ontology", "read_ontology"]

_TYPES = {"Actor": "actor", "Topic": "topic", "Work": "work", "Wave": "wave", "Claim": "claim"}
_VANN = "http://purl.org/vocab/vann/"


@dataclass(frozen=True)
class Ontology:
    """What the vocabulary files say.

    Attributes:
        vocabulary: the same as plain Python.
        triples: all of it, for the dataset.
        prefixes: preferred prefix to namespace: vocabularies, and schemes by their key.
    """

    vocabulary: Vocabulary
    triples: tuple[ox.Triple, ...]
    prefixes: Mapping[str, str]


class _Index:
    """Triples by subject and predicate, subjects by class, and the file of each subject."""

    def __init__(self, triples: Iterable[ox.Triple], homes: Mapping[str, Path]) -> None:
        self.values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.members: dict[str, list[str]] = defaultdict(list)
        self.homes = homes
        for triple in triples:
            subject, value = _characters(triple.subject), _characters(triple.object)
            predicate = triple.predicate.value
            self.values[subject][predicate].append(value)
            if predicate == RDF + "type":
                self.members[value].append(subject)

    def all(self, subject: str, predicate: str) -> list[str]:
        return self.values[subject][predicate] if subject in self.values else []

    def one(self, subject: str, *predicates: str) -> str:
        for predicate in predicates:
            for value in self.all(subject, predicate):
                return value
        return ""


def _characters(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def read_ontology(paths: Iterable[Path]) -> Ontology:
    """Read vocabulary files.

    Raises:
        OntologyError: not Turtle, a blank node, or a relation that is declared twice,
            without label, definition or known ends.
    """
    triples: list[ox.Triple] = []
    homes: dict[str, Path] = {}
    for path in paths:
        for triple in _parse(path):
            triples.append(triple)
            homes.setdefault(_characters(triple.subject), path)
    index = _Index(triples, homes)
    schemes = _schemes(index)
    cue_scheme = schemes.get("cue", {})
    vocabulary = Vocabulary(
        relations=_relations(index),
        schemes=schemes,
        terms=_terms(index),
        facets={
            name: _last(index.one(term.iri, CCG + "facet"))
            for name, term in schemes.get("lever", {}).items()
        },
        cues=Cues(
            {
                name: tuple(index.all(term.iri, SKOS + "altLabel"))
                for name, term in cue_scheme.items()
            }
        ),
        actor_classes={
            name: index.one(term.iri, CCG + "actorClass")
            for name, term in schemes.get("kind", {}).items()
        },
        stating=frozenset(
            name
            for name, term in schemes.get("modality", {}).items()
            if index.one(term.iri, CCG + "mayState") == "true"
        ),
    )
    return Ontology(vocabulary, tuple(triples), _prefixes(index, schemes))


def _parse(path: Path) -> list[ox.Triple]:
    try:
        triples = [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise OntologyError(f"{path}:{error.lineno or 1}: not Turtle: {error.msg}") from None
    except OSError as error:
        raise OntologyError(f"{path}: cannot be read: {error}") from None
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
            raise OntologyError(
                f"{path}: holds a blank node (predicate {triple.predicate.value}); "
                "the part of an ontology that goes into the dataset is flat",
                hint="Give the node an IRI, or move a shape to shapes.ttl.",
            )
    return triples


def _relations(index: _Index) -> dict[str, Relation]:
    relations: dict[str, Relation] = {}
    for iri in sorted(index.members[CCG + "Relation"]):
        name = _last(iri)
        path = index.homes[iri]
        term = _term(index, iri, "relation")
        if name in relations:
            raise OntologyError(
                f"{path}: the relation `{name}` is declared twice, as {iri} and as "
                f"{relations[name].term.iri}; curators could not tell them apart"
            )
        if not term.label or not term.definition:
            raise OntologyError(f"{path}: the relation `{name}` has no label or no definition")
        takes_object = index.one(iri, CCG + "objectRequired") != "false"
        domain, object_types = _ends(index, iri, "domain"), _ends(index, iri, "range")
        if not domain or (takes_object and not object_types):
            raise OntologyError(f"{path}: the relation `{name}` has no known domain or range")
        inverse = index.one(iri, OWL + "inverseOf")
        relations[name] = Relation(
            term=term,
            inverse=index.one(inverse, RDFS + "label") if inverse else "",
            domain=domain,
            range=object_types if takes_object else frozenset(),
            levers=tuple(sorted(_last(lever) for lever in index.all(iri, CCG + "usualLever"))),
            family=_last(index.one(iri, CCG + "family")),
            symmetric=OWL + "SymmetricProperty" in index.all(iri, RDF + "type"),
        )
    return relations


def _ends(index: _Index, relation: str, side: str) -> frozenset[str]:
    """The types below the class that a relation names as its domain or range."""
    found: set[str] = set()
    for named in index.all(relation, RDFS + side):
        if named in (RDFS + "Literal",):
            found.add(LITERAL)
        for short, end in _TYPES.items():
            if named in _ancestors(index, CCG + short):
                found.add(end)
    return frozenset(found)


def _ancestors(index: _Index, iri: str) -> set[str]:
    found, todo = {iri}, [iri]
    while todo:
        for broader in index.all(todo.pop(), RDFS + "subClassOf"):
            if broader not in found:
                found.add(broader)
                todo.append(broader)
    return found


def _schemes(index: _Index) -> dict[str, dict[str, Term]]:
    schemes: dict[str, dict[str, Term]] = {
        _last(iri): {} for iri in index.members[SKOS + "ConceptScheme"]
    }
    for iri in index.members[SKOS + "Concept"]:
        scheme = _last(index.one(iri, SKOS + "inScheme"))
        if scheme:
            schemes.setdefault(scheme, {})[_last(iri)] = _term(index, iri, scheme)
    return schemes


def _terms(index: _Index) -> dict[str, Term]:
    terms = {}
    for kind, scheme in (
        ("Class", "class"),
        ("ObjectProperty", "property"),
        ("DatatypeProperty", "property"),
    ):
        for iri in index.members[OWL + kind]:
            if CCG + "Relation" not in index.all(iri, RDF + "type") and iri.startswith(CCG):
                terms[f"ccg:{_last(iri)}"] = _term(index, iri, scheme)
    return terms


def _term(index: _Index, iri: str, scheme: str) -> Term:
    return Term(
        name=_last(iri),
        iri=iri,
        label=index.one(iri, RDFS + "label", SKOS + "prefLabel"),
        definition=index.one(iri, SKOS + "definition"),
        scheme=scheme,
        source=index.one(iri, DCTERMS + "source"),
        carries=frozenset(map(_last, index.all(iri, CCG + "carries"))),
        carries_words=frozenset(index.all(iri, CCG + "carriesWord")),
        home=index.homes[iri],
    )


def _prefixes(index: _Index, schemes: Mapping[str, Mapping[str, Term]]) -> dict[str, str]:
    found = {
        _last(iri): f"{iri}/"
        for iri in index.members[SKOS + "ConceptScheme"]
        if _last(iri) in schemes
    }
    for ontology in index.members[OWL + "Ontology"]:
        prefix = index.one(ontology, _VANN + "preferredNamespacePrefix")
        if prefix:
            found[prefix] = index.one(ontology, _VANN + "preferredNamespaceUri") or ontology
    return found


def _last(iri: str) -> str:
    return iri.rstrip("/").replace("#", "/").rpartition("/")[2]
