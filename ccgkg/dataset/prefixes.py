"""All namespaces, one sentence each.

The tool's own namespace is fixed; a corpus's resources live under its base IRI.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["RESOURCES", "STANDARD", "prefixes"]

CCG = "https://w3id.org/ccgkg/ns/"
"""The tool's vocabulary: claims, chains, evidence."""
CITO = "http://purl.org/spar/cito/"
"""Citation Typing Ontology: supports, disputes, updates, qualifies."""
DCAT = "http://www.w3.org/ns/dcat#"
"""Data Catalog: the dataset, and the role of an attribution."""
DCTERMS = "http://purl.org/dc/terms/"
"""Dublin Core: bibliographic fields."""
FOAF = "http://xmlns.com/foaf/0.1/"
"""Friend of a Friend: persons and groups."""
OA = "http://www.w3.org/ns/oa#"
"""Web Annotation: passages and their selectors."""
ORG = "http://www.w3.org/ns/org#"
"""W3C Organization Ontology: units, members, change events."""
OWL = "http://www.w3.org/2002/07/owl#"
"""OWL: classes, properties, inverses."""
PROV = "http://www.w3.org/ns/prov#"
"""PROV-O: attribution and agents."""
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
"""RDF: type, and the subject, predicate and object of a claim."""
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
"""RDF Schema: the label of everything."""
SKOS = "http://www.w3.org/2004/02/skos/core#"
"""SKOS: schemes, aliases, narrower and broader."""
SPDX = "http://spdx.org/rdf/terms#"
"""SPDX: checksums."""
VOID = "http://rdfs.org/ns/void#"
"""VoID: the dataset's own description."""
XSD = "http://www.w3.org/2001/XMLSchema#"
"""XML Schema datatypes."""

STANDARD: Mapping[str, str] = {
    "cito": CITO,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}
"""Prefixes of vocabularies that others publish."""

RESOURCES: Mapping[str, str] = {
    "claim": "claim/",
    "act": "actor/",
    "topic": "topic/",
    "work": "work/",
    "src": "source/",
    "wave": "wave/",
    "measure": "measure/",
    "time": "time/",
    "issue": "issue/",
}
"""Prefix to path below the base IRI, for the resources of a corpus."""


def prefixes(base: str, declared: Mapping[str, str]) -> dict[str, str]:
    """The prefixes of a corpus, for queries and for writing.

    Args:
        base: the corpus's base IRI.
        declared: prefix to namespace of each vocabulary and scheme of its ontology.
    """
    return {
        **STANDARD,
        **declared,
        **{prefix: base + path for prefix, path in RESOURCES.items()},
    }
