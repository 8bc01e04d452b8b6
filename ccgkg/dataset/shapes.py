"""SHACL: what must hold in every dataset, with messages that a curator understands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib import RDF, RDFS, SH

from ccgkg.errors import OntologyError

__all__ = ["Elsewhere", "Shapes", "breaches", "rdflib_term", "read_shapes"]

_TERMS = 100_000
"""Terms that are kept at hand: a dataset names most of its own several times close together."""


def rdflib_term(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> rdflib.term.Node:
    """A term of the engine as a term of rdflib, its literal form untouched."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        if term.datatype.value == str(rdflib.XSD.string):
            return rdflib.Literal(term.value)
        datatype = rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, datatype=datatype, normalize=False)
    raise TypeError(f"the dataset holds neither blank nodes nor quoted triples: {term}")


Elsewhere = Callable[[str], Iterable[str]]
"""The classes of a thing that other quads describe, by its IRI."""


@dataclass(frozen=True)
class Shapes:
    """Shapes as read from SHACL files.

    Attributes:
        graph: all of them.
        files: the names of the files, to be told.
    """

    graph: rdflib.Graph
    files: str

    @cached_property
    def sees_all(self) -> bool:
        """Whether a shape may look at any predicate: it is closed or has its own SPARQL."""
        return any(self.graph.subjects(SH.closed, None)) or any(
            self.graph.subjects(SH.sparql, None)
        )

    @cached_property
    def seen(self) -> frozenset[str]:
        """The predicates that the shapes name, and perhaps more."""
        named = {str(term) for triple in self.graph for term in triple}
        return frozenset(named | {str(RDF.type), str(RDFS.subClassOf)})


def read_shapes(paths: Iterable[Path]) -> Shapes:
    """Read SHACL files in Turtle.

    Raises:
        OntologyError: one is not Turtle.
    """
    graph = rdflib.Graph()
    files = list(paths)
    for path in files:
        try:
            graph.parse(path, format="turtle")
        except (SyntaxError, ValueError) as error:
            raise OntologyError(f"{path}: not Turtle: {error}") from None
    return Shapes(graph, ", ".join(map(str, files)))


def breaches(
    quads: Iterable[ox.Quad], shapes: Shapes, elsewhere: Elsewhere = lambda _: ()
) -> list[tuple[str, str]]:
    """Check what the default graph describes against shapes.

    Args:
        quads: the dataset or a part of it.
        shapes: what must hold.
        elsewhere: of a part, what the others describe: it is not checked here, and what is
            may name it.

    Returns:
        The IRI and the message of each breach, sorted.

    Raises:
        OntologyError: a shape is malformed.
    """
    import pyshacl
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

    described = _described(quads, shapes, elsewhere)
    try:
        conforms, report, _ = pyshacl.validate(described, shacl_graph=shapes.graph)
    except (ReportableRuntimeError, ShapeLoadError, ConstraintLoadError, re.error) as error:
        told = " ".join(str(error).split())
        raise OntologyError(f"{shapes.files}: a shape is malformed: {told}") from None
    if conforms:
        return []
    assert isinstance(report, rdflib.Graph)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        message = report.value(result, SH.resultMessage)
        value = report.value(result, SH.value)
        shown = f" (here: {value})" if value is not None else ""
        found.add((str(focus), f"{message}{shown}"))
    return sorted(found)


class _Described(rdflib.Graph):
    """A graph that also knows the classes of what is described elsewhere, if it is asked.

    Whoever asks for the members of a class is not told of these, so that no shape targets them.
    """

    def __init__(self, elsewhere: Elsewhere) -> None:
        super().__init__(bind_namespaces="none")
        self._elsewhere = elsewhere

    def objects(self, subject: Any = None, predicate: Any = None, unique: bool = False) -> Any:
        values = super().objects(subject, predicate, unique)
        # Asked a hundred thousand times: as little as possible is put between.
        return values if predicate != RDF.type else self._classes(str(subject), list(values))

    def _classes(self, subject: str, own: list[Any]) -> Iterator[Any]:
        return iter(own or map(rdflib.URIRef, self._elsewhere(subject)))


def _described(quads: Iterable[ox.Quad], shapes: Shapes, elsewhere: Elsewhere) -> rdflib.Graph:
    """The default graph, as far as the shapes can see it.

    A shape sees only predicates that the shapes name, unless it sees all; leaving out the others
    (definitions, prefixes and suffixes of quotes) halves what must be handed to rdflib.
    """
    sees_all, seen = shapes.sees_all, shapes.seen
    described = _Described(elsewhere)
    term = lru_cache(maxsize=_TERMS)(rdflib_term)
    for quad in quads:
        if isinstance(quad.graph_name, ox.DefaultGraph) and (
            sees_all or quad.predicate.value in seen
        ):
            described.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return described
