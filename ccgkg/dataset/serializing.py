"""Serializing: statements as bytes in any RDF format, the same bytes for the same statements."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping

import pyoxigraph as ox

from ccgkg.dataset.prefixes import RDF
from ccgkg.errors import QueryError

__all__ = ["FORMATS", "serialized"]

FORMATS: Mapping[str, ox.RdfFormat] = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
}
"""Short name to format."""

_TYPE = ox.NamedNode(RDF + "type")

# What stands in IRIs and strings is no prefixed name. The engine writes no long strings.
_PROSE = re.compile(rb'^@prefix .*|<[^<>]*>|"(?:[^"\\\n\r]|\\.)*"', re.MULTILINE)
_PREFIX = re.compile(rb"(?:^|(?<=[\s^(\[,;]))([^\s:@^<>\"]*):", re.MULTILINE)
_ELEMENT = re.compile(rb"<([^\s:<>/!?]+):")
# Without the planes above the first: common readers of XML know no names of such letters.
_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_ENDS_IN_NAME = re.compile(rf"[{_START}][{_START}0-9.\-\u00b7\u0300-\u036f\u203f\u2040]*\Z")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_OTHERS = "Ask for turtle, ntriples or jsonld."


def serialized(
    statements: Iterable[ox.Quad | ox.Triple], format: str, prefixes: Mapping[str, str]
) -> bytes:
    """Statements in a format, sorted, each once.

    In a format without graphs (`ntriples`, `rdfxml`, `turtle`) the triples of named graphs
    stand beside those of the default graph.

    Args:
        statements: triples, or quads.
        format: a name in `FORMATS`.
        prefixes: prefix to namespace; those that are used are declared.

    Raises:
        QueryError: RDF/XML has no way to write one of the statements.
    """
    kind = FORMATS[format]
    quads = {
        each
        if isinstance(each, ox.Quad) and kind.supports_datasets
        else ox.Quad(each.subject, each.predicate, each.object)
        for each in statements
    }
    wanted = sorted(quads, key=_order)
    if format == "rdfxml":
        return _xml(wanted, prefixes)
    if format in ("trig", "turtle"):
        return _declared(wanted, kind, prefixes, _prefixes_in)
    return _written(wanted, kind)


def _prefixes_in(text: bytes) -> list[bytes]:
    return _PREFIX.findall(_PROSE.sub(b"", text))


def _order(quad: ox.Quad) -> tuple[str, ...]:
    # By its value a thing comes before its parts; as `<…>` it would come after them. What it is
    # comes before all else that is said of it.
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
    subject = str(quad.subject) if isinstance(quad.subject, ox.Triple) else quad.subject.value
    property = "" if quad.predicate == _TYPE else quad.predicate.value
    return graph, subject, property, str(quad.object)


def _written(
    quads: list[ox.Quad], kind: ox.RdfFormat, prefixes: dict[str, str] | None = None
) -> bytes:
    buffer = io.BytesIO()
    ox.serialize(quads, output=buffer, format=kind, prefixes=prefixes)
    return buffer.getvalue()


def _declared(
    quads: list[ox.Quad],
    kind: ox.RdfFormat,
    prefixes: Mapping[str, str],
    names: Callable[[bytes], list[bytes]],
) -> bytes:
    """Statements with the prefixes that their text uses, which is known when it is written."""
    text = _written(quads, kind, dict(prefixes))
    used = {name.decode() for name in names(text)}
    own = {name: namespace for name, namespace in prefixes.items() if name in used}
    return text if len(own) == len(prefixes) else _written(quads, kind, own)


def _xml(quads: list[ox.Quad], prefixes: Mapping[str, str]) -> bytes:
    """RDF/XML, which must name each property as an element and has no control characters."""
    for property in sorted({each.predicate.value for each in quads}):
        if not _ENDS_IN_NAME.search(property):
            raise QueryError(
                f"<{property}> cannot be the name of an XML element, as RDF/XML wants it",
                hint=_OTHERS,
            )
    for each in quads:
        if isinstance(each.object, ox.Literal) and _NOT_XML.search(each.object.value):
            raise QueryError(
                f"a value of <{each.predicate.value}> has a character that XML cannot hold",
                hint=_OTHERS,
            )
    text = _declared(quads, ox.RdfFormat.RDF_XML, prefixes, _ELEMENT.findall)
    # A reader of XML takes a bare carriage return for the end of a line.
    return text.replace(b"\r", b"&#xD;")
