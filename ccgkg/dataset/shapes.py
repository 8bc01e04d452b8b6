"""SHACL: what must hold in every dataset, with messages that a curator understands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib import RDF, RDFS, SH

from ccgkg.errors import OntologyError

__all__ = ["breaches", "rdflib_term"]


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


def breaches(quads: Iterable[ox.Quad], shapes: Iterable[Path]) -> list[tuple[str, str]]:
    """Check the default graph against shapes.

    Args:
        quads: the dataset.
        shapes: SHACL files in Turtle.

    Returns:
        The IRI and the message of each breach, sorted.

    Raises:
        OntologyError: a shapes file is not Turtle.
    """
    import pyshacl
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

    laws = rdflib.Graph()
    paths = list(shapes)
    for path in paths:
        try:
            laws.parse(path, format="turtle")
        except (SyntaxError, ValueError) as error:
            raise OntologyError(f"{path}: not Turtle: {error}") from None
    described = _described(quads, laws)
    try:
        conforms, report, _ = pyshacl.validate(described, shacl_graph=laws)
    except (ReportableRuntimeError, ShapeLoadError, ConstraintLoadError, re.error) as error:
        named = ", ".join(str(path) for path in paths)
        told = " ".join(str(error).split())
        raise OntologyError(f"{named}: a shape is malformed: {told}") from None
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


def _described(quads: Iterable[ox.Quad], laws: rdflib.Graph) -> rdflib.Graph:
    """The default graph, as far as the shapes can see it.

    A shape sees only predicates that the shapes name, unless it is closed or has SPARQL of
    its own; leaving out the others (definitions, prefixes and suffixes of quotes) halves
    what must be handed to rdflib.
    """
    sees_all = any(laws.subjects(SH.closed, None)) or any(laws.subjects(SH.sparql, None))
    seen = {str(term) for triple in laws for term in triple} | {str(RDF.type), str(RDFS.subClassOf)}
    described = rdflib.Graph()
    term = lru_cache(maxsize=None)(rdflib_term)
    for quad in quads:
        if isinstance(quad.graph_name, ox.DefaultGraph) and (
            sees_all or quad.predicate.value in seen
        ):
            described.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return described
