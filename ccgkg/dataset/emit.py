"""Writing down RDF: a growing list of quads without blank nodes, and its addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

import pyoxigraph as ox

from ccgkg.dataset.prefixes import CCG, RDF, RESOURCES, XSD

__all__ = ["Addresses", "Emitter", "boolean", "day", "decimal", "english", "node", "number", "text"]

_NODES = 50_000
"""IRIs that are kept as terms: those of a few sources; all of a large corpus would be a burden."""
_TYPE = ox.NamedNode(RDF + "type")
_XSD = {name: ox.NamedNode(XSD + name) for name in ("boolean", "date", "decimal", "integer")}


@lru_cache(maxsize=_NODES)
def node(iri: str) -> ox.NamedNode:
    """An IRI as a term."""
    return ox.NamedNode(iri)


def text(value: str) -> ox.Literal:
    """A plain string: what a source prints, to the character."""
    return ox.Literal(value)


def english(value: str, language: str = "en") -> ox.Literal:
    """A string in a language: what the curator says."""
    return ox.Literal(value, language=language)


def number(value: int) -> ox.Literal:
    """An integer."""
    return ox.Literal(str(value), datatype=_XSD["integer"])


def decimal(value: str) -> ox.Literal:
    """A decimal number, as written."""
    return ox.Literal(value, datatype=_XSD["decimal"])


def boolean(value: bool) -> ox.Literal:
    """`true` or `false`."""
    return ox.Literal("true" if value else "false", datatype=_XSD["boolean"])


def day(value: str) -> ox.Literal:
    """A calendar day."""
    return ox.Literal(value, datatype=_XSD["date"])


@dataclass(frozen=True)
class Addresses:
    """The IRIs of a corpus's resources.

    Attributes:
        base: the corpus's base IRI.
    """

    base: str

    def of(self, kind: str, key: str) -> str:
        """Address of a claim, actor, topic, work, wave, measure, time, issue or source."""
        return self.base + _PATHS[kind] + quote(key, safe="/-._~")


_PATHS = {path.rstrip("/"): path for path in RESOURCES.values()}


@dataclass
class Emitter:
    """Collects the quads of one source, register or dataset.

    Attributes:
        addresses: IRIs of the corpus.
        quads: what was emitted; may hold the same quad twice.
    """

    addresses: Addresses
    quads: list[ox.Quad] = field(default_factory=list)

    def add(
        self,
        subject: str,
        predicate: str,
        value: str | ox.Literal,
        graph: str | None = None,
    ) -> None:
        """Emit one statement; a `str` value is an IRI."""
        term = node(value) if isinstance(value, str) else value
        name = node(graph) if graph else ox.DefaultGraph()
        self.quads.append(ox.Quad(node(subject), node(predicate), term, name))

    def ccg(self, subject: str, name: str, value: str | ox.Literal | None) -> None:
        """Emit a statement with a property of the tool's vocabulary, unless it has no value."""
        if value is not None:
            self.add(subject, CCG + name, value)

    def words(self, subject: str, name: str, value: str | None) -> None:
        """Emit a string of the source with a property of the tool's vocabulary."""
        if value is not None:
            self.add(subject, CCG + name, text(value))

    def a(self, subject: str, *classes: str) -> None:
        """Say of what classes a resource is."""
        for name in classes:
            self.quads.append(ox.Quad(node(subject), _TYPE, node(name), ox.DefaultGraph()))
