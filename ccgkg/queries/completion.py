"""Completion: the prefixes and terms that somebody who writes a query may want to use."""

from __future__ import annotations

from typing import Any

from ccgkg.dataset.prefixes import CCG
from ccgkg.dataset.store import Store
from ccgkg.queries.running import prefixed

__all__ = ["completions"]

_MOST = 5000
"""Named things; of a large dataset not all can be offered."""

_NAMED = f"""
SELECT ?term (MIN(?kind) AS ?a_kind) (MIN(?label) AS ?a_label) (MIN(?definition) AS ?defined) {{
  ?term rdf:type ?kind ; rdfs:label|skos:prefLabel ?label .
  OPTIONAL {{ ?term rdfs:comment|skos:definition ?definition }}
  FILTER(isIRI(?term))
  FILTER NOT EXISTS {{ ?term a <{CCG}Claim> }}
}} GROUP BY ?term ORDER BY ?term LIMIT {_MOST}
"""
_USED = (
    ("property", "SELECT DISTINCT ?p WHERE { ?s ?p ?o }"),
    ("class", "SELECT DISTINCT ?c WHERE { ?s a ?c FILTER(isIRI(?c)) }"),
)


def completions(store: Store) -> dict[str, Any]:
    """Prefix to namespace, and for each term its IRI, short name, kind, label and definition.

    Terms are what the dataset names, except claims, and every property and class that it uses.
    """
    terms: dict[str, dict[str, str]] = {}
    for kind, query in _USED:
        for (iri,) in store.rows(query):
            assert iri is not None
            terms[iri.text] = _term(store, iri.text, kind, "", "")
    for iri, kind_iri, label, definition in store.rows(_NAMED):
        assert iri is not None
        assert kind_iri is not None
        assert label is not None
        known = terms.get(iri.text, {})
        kind = known.get("kind") or prefixed(store, kind_iri.text).rpartition(":")[2].lower()
        told = definition.text if definition is not None else ""
        terms[iri.text] = _term(store, iri.text, kind, label.text, told)
    ordered = sorted(terms.values(), key=lambda term: term["iri"])
    return {"prefixes": store.manifest.prefixes, "terms": ordered}


def _term(store: Store, iri: str, kind: str, label: str, definition: str) -> dict[str, str]:
    name = prefixed(store, iri)
    told = {"iri": iri, "name": name, "kind": kind, "label": label, "definition": definition}
    return {key: value for key, value in told.items() if value}
