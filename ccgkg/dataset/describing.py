"""Describing: what an endpoint offers, what its dataset holds, and queries to begin with.

Three documents that machines look for: the SPARQL 1.1 Service Description, VoID with DCAT,
and examples as the SIB's `sparql-examples` writes them. Their resources have addresses below
the document that describes them; none is a blank node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urljoin

import pyoxigraph as ox

from ccgkg.dataset.cache import Manifest
from ccgkg.dataset.emit import Addresses, Emitter, english, node, number, text
from ccgkg.dataset.measuring import Sizes
from ccgkg.dataset.prefixes import (
    DCAT,
    DCTERMS,
    FOAF,
    OWL,
    RDFS,
    SCHEMA,
    SD,
    SH,
    SPDX,
    SPEX,
    VOID,
    XSD,
)

__all__ = [
    "RESULT_FORMATS",
    "Example",
    "service_description",
    "sparql_examples",
    "void_description",
]

_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
_ENTAILMENT = "http://www.w3.org/ns/entailment/Simple"
_FORMATS = "http://www.w3.org/ns/formats/"
RESULT_FORMATS: Mapping[str, str] = {
    "csv": _FORMATS + "SPARQL_Results_CSV",
    "json": _FORMATS + "SPARQL_Results_JSON",
    "jsonld": _FORMATS + "JSON-LD",
    "nquads": _FORMATS + "N-Quads",
    "ntriples": _FORMATS + "N-Triples",
    "rdfxml": _FORMATS + "RDF_XML",
    "trig": _FORMATS + "TriG",
    "tsv": _FORMATS + "SPARQL_Results_TSV",
    "turtle": _FORMATS + "Turtle",
    "xml": _FORMATS + "SPARQL_Results_XML",
}
"""Short name of a format to the IRI that the W3C gave it."""

_MOST_GRAPHS = 100
"""Up to so many named graphs are listed, each with its size; more are only counted."""
_MOST_PARTITIONS = 1_000
"""So many classes and properties are told, the largest first; all of them are counted."""
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/application/n-quads"


class Example(NamedTuple):
    """A query that runs as it stands.

    Attributes:
        name: its name in addresses.
        question: what it answers.
        description: what to watch for; may be empty.
        keywords: for grouping.
        form: `SELECT`, `CONSTRUCT`, `ASK` or `DESCRIBE`.
        text: the query.
    """

    name: str
    question: str
    description: str
    keywords: tuple[str, ...]
    form: str
    text: str


class _Document(Emitter):
    """Collects the triples of one document.

    Attributes:
        iri: where the document stands.
    """

    def __init__(self, iri: str) -> None:
        super().__init__(Addresses(""))
        self.iri = iri

    def part(self, name: str) -> str:
        """The address of something that the document describes."""
        return f"{self.iri}#{name}"

    def triples(self) -> list[ox.Triple]:
        """What was collected, each once."""
        return list(dict.fromkeys(quad.triple for quad in self.quads))


def _void(endpoint: str) -> str:
    return urljoin(endpoint, "/.well-known/void")


def _service(endpoint: str) -> str:
    return f"{endpoint}#service"


def _dataset(manifest: Manifest, endpoint: str) -> str:
    """The address of the dataset: its own, or one below its description here."""
    base = manifest.corpus.get("base")
    return f"{base}dataset" if base else f"{_void(endpoint)}#dataset"


def service_description(
    manifest: Manifest, sizes: Sizes, endpoint: str, formats: Iterable[str]
) -> list[ox.Triple]:
    """The SPARQL 1.1 Service Description of an endpoint.

    It claims no feature: the default graph is no union, nothing is fetched, an empty graph
    does not outlive its triples, and `SERVICE` is refused.

    Args:
        manifest: what the dataset is.
        sizes: how large it is.
        endpoint: where it is asked.
        formats: names in `RESULT_FORMATS` in which it answers.
    """
    out = _Document(endpoint)
    service, whole = _service(endpoint), _dataset(manifest, endpoint)
    out.a(service, SD + "Service", DCAT + "DataService")
    out.add(service, SD + "endpoint", endpoint)
    out.add(service, DCAT + "endpointURL", endpoint)
    out.add(service, DCAT + "endpointDescription", endpoint)
    out.add(service, DCAT + "servesDataset", whole)
    out.add(service, DCTERMS + "conformsTo", _PROTOCOL)
    out.add(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    out.add(service, SD + "defaultEntailmentRegime", _ENTAILMENT)
    for name in formats:
        out.add(service, SD + "resultFormat", RESULT_FORMATS[name])
    out.add(service, RDFS + "seeAlso", _void(endpoint))
    out.add(service, SD + "defaultDataset", whole)
    out.add(service, SD + "availableGraphs", out.part("graphs"))
    out.a(whole, SD + "Dataset", VOID + "Dataset")
    _title(out, whole, manifest)
    out.add(whole, SD + "defaultGraph", out.part("default-graph"))
    out.a(out.part("default-graph"), SD + "Graph", VOID + "Dataset")
    out.add(out.part("default-graph"), VOID + "triples", number(sizes.default))
    _graphs(out, whole, sizes.graphs)
    return out.triples()


def _graphs(out: _Document, whole: str, graphs: Mapping[str, int]) -> None:
    """The named graphs: how many, and which while they are few."""
    listed = sorted(graphs) if len(graphs) <= _MOST_GRAPHS else []
    told = f"{len(graphs)} named graphs, {sum(graphs.values())} triples in them"
    if graphs and not listed:
        told += "; too many to list here: SELECT DISTINCT ?g { GRAPH ?g {} }"
    collection = out.part("graphs")
    out.a(collection, SD + "GraphCollection")
    out.add(collection, RDFS + "comment", english(told))
    for place, name in enumerate(listed, 1):
        graph = out.part(f"graph-{place}")
        out.add(whole, SD + "namedGraph", graph)
        out.add(collection, SD + "namedGraph", graph)
        out.a(graph, SD + "NamedGraph")
        out.add(graph, SD + "name", name)
        out.add(graph, SD + "graph", f"{graph}-content")
        out.a(f"{graph}-content", SD + "Graph", VOID + "Dataset")
        out.add(f"{graph}-content", VOID + "triples", number(graphs[name]))


def _title(out: _Document, whole: str, manifest: Manifest) -> None:
    if title := manifest.corpus.get("title"):
        out.add(
            whole, DCTERMS + "title", english(title) if manifest.corpus["base"] else text(title)
        )


def void_description(
    manifest: Manifest, engine: ox.Store, sizes: Sizes, endpoint: str, dump: str = ""
) -> list[ox.Triple]:
    """VoID and DCAT of the dataset as it is served.

    What the dataset says of itself is repeated, except its size, which is measured; nothing
    that nobody says (a licence, a publisher) is made up.

    Args:
        manifest: what the dataset is; without a corpus its base is empty.
        engine: the dataset.
        sizes: how large it is.
        endpoint: where it is asked.
        dump: address of the canonical N-Quads, if they can be had.
    """
    out = _Document(_void(endpoint))
    whole = _dataset(manifest, endpoint)
    out.a(out.iri, VOID + "DatasetDescription")
    out.add(out.iri, FOAF + "primaryTopic", whole)
    out.a(whole, VOID + "Dataset", DCAT + "Dataset")
    told = _told_of_itself(out, engine, whole) if manifest.corpus.get("base") else set()
    if DCTERMS + "title" not in told:
        _title(out, whole, manifest)
    if manifest.corpus.get("version") and DCAT + "version" not in told:
        out.add(whole, DCAT + "version", text(manifest.corpus["version"]))
    out.add(whole, VOID + "triples", number(sizes.triples))
    if VOID + "entities" not in told:
        out.add(whole, VOID + "entities", number(sizes.entities))
    out.add(whole, VOID + "classes", number(len(sizes.classes)))
    out.add(whole, VOID + "properties", number(len(sizes.properties)))
    for name in sorted({_vocabulary(term) for term in (*sizes.properties, *sizes.classes)}):
        out.add(whole, VOID + "vocabulary", name)
    out.add(whole, VOID + "sparqlEndpoint", endpoint)
    out.add(_service(endpoint), DCAT + "servesDataset", whole)
    out.a(_service(endpoint), DCAT + "DataService")
    out.add(_service(endpoint), DCAT + "endpointURL", endpoint)
    _distribution(out, whole, manifest.digest, dump)
    _partitions(out, whole, sizes)
    return out.triples()


def _told_of_itself(out: _Document, engine: ox.Store, whole: str) -> set[str]:
    """Repeat what the dataset says of itself; the properties that it uses."""
    measured = VOID + "triples"
    quads = engine.quads_for_pattern(node(whole), None, None, ox.DefaultGraph())
    said = [quad for quad in quads if quad.predicate.value != measured]
    out.quads += said
    return {quad.predicate.value for quad in said}


def _vocabulary(term: str) -> str:
    """The namespace of a term: up to its last `#`, `/` or `:`."""
    return re.sub(r"[^#/:]+\Z", "", term)


def _distribution(out: _Document, whole: str, digest: str, dump: str) -> None:
    """The canonical file: its digest, and where it can be had."""
    file, checksum = out.part("nquads"), out.part("sha256")
    out.add(whole, DCAT + "distribution", file)
    out.a(file, DCAT + "Distribution")
    out.add(file, DCTERMS + "title", english("The whole dataset as sorted N-Quads"))
    out.add(file, DCAT + "mediaType", _MEDIA_TYPE)
    out.add(file, SPDX + "checksum", checksum)
    out.a(checksum, SPDX + "Checksum")
    out.add(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    value = ox.Literal(digest, datatype=node(XSD + "hexBinary"))
    out.add(checksum, SPDX + "checksumValue", value)
    if dump:
        out.add(whole, VOID + "dataDump", dump)
        out.add(file, DCAT + "downloadURL", dump)


def _partitions(out: _Document, whole: str, sizes: Sizes) -> None:
    """How many members each class has, and how many triples each property."""
    for kind, counted, counts in (
        ("class", "entities", sizes.classes),
        ("property", "triples", sizes.properties),
    ):
        largest = sorted(counts, key=lambda term: (-counts[term], term))[:_MOST_PARTITIONS]
        for place, term in enumerate(largest, 1):
            part = out.part(f"{kind}-{place}")
            out.add(whole, f"{VOID}{kind}Partition", part)
            out.add(part, VOID + kind, term)
            out.add(part, VOID + counted, number(counts[term]))


def sparql_examples(
    examples: Iterable[Example], endpoint: str, prefixes: Mapping[str, str]
) -> list[ox.Triple]:
    """Queries to begin with, as SHACL executables.

    Args:
        examples: queries that run as they stand.
        endpoint: where they run.
        prefixes: those that a query need not declare.
    """
    out = _Document(urljoin(endpoint, "/.well-known/sparql-examples"))
    declared = out.part("prefixes")
    out.a(declared, OWL + "Ontology")
    out.add(declared, RDFS + "comment", english("The prefixes that queries here need not declare"))
    for prefix, namespace in prefixes.items():
        own = out.part(f"prefix-{prefix}")
        out.add(declared, SH + "declare", own)
        out.add(own, SH + "prefix", text(prefix))
        out.add(own, SH + "namespace", ox.Literal(namespace, datatype=node(XSD + "anyURI")))
    for example in examples:
        _example(out, example, endpoint, declared)
    return out.triples()


def _example(out: _Document, example: Example, endpoint: str, prefixes: str) -> None:
    iri = out.part(example.name)
    # SHACL has no word for DESCRIBE; the convention brought its own.
    space = SPEX if example.form == "DESCRIBE" else SH
    form = example.form.lower()
    out.a(iri, SH + "SPARQLExecutable", f"{space}SPARQL{form.capitalize()}Executable")
    out.add(iri, space + form, text(example.text))
    out.add(iri, RDFS + "comment", english(example.question))
    if example.description:
        out.add(iri, DCTERMS + "description", english(example.description))
    out.add(iri, SH + "prefixes", prefixes)
    out.add(iri, SCHEMA + "target", endpoint)
    for keyword in example.keywords:
        out.add(iri, SCHEMA + "keywords", text(keyword))
