# ruff: noqa: E501  (the curation files are as curators write them)
"""Small corpora that tests write: a newsletter about school inspection, and its ontology."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

DIGEST = "DIGEST"
"""Stands in a `source.yaml` for the SHA-256 of the `source.txt` beside it."""

_TEXT = """School boards in the north

Inspectors visited every school in 2019. The school board pays head teachers under contract.
Some head teachers said that inspectors might close small schools unless results improve.
Welcome to our newsletter.
"""

SCHOOLS = {
    "seeds/corpus.yaml": """\
name: schools
title: Who inspects whom
description: A newsletter about school inspection.
base: https://example.org/schools/
licence: https://creativecommons.org/licenses/by/4.0/
version: 0.0.1
publisher: a test
""",
    "seeds/actors.yaml": """\
inspectors: {label: inspectors, kind: group, tier: state, known: {inferred: the word}}
schools: {label: schools, aliases: [school], kind: group, tier: local, known: {inferred: the word}}
school-board: {label: the school board, kind: group, tier: local, known: {inferred: the word}}
heads: {label: head teachers, kind: group, tier: local, known: {inferred: the word}}
newsletter: {label: the newsletter, kind: group, tier: local, known: {inferred: it speaks}}
""",
    "seeds/news-2019/source.yaml": """\
key: news-2019
file: {name: news.txt, sha256: DIGEST}
record: {type: webpage, title: School boards in the north, issued: {date-parts: [[2019, 5]]}}
known: {title: {stated: first line}, issued: {inferred: the year is printed}}
agents: {author: newsletter}
regions: [{id: title, kind: heading, quote: School boards in the north}]
rights: a test
accept: {words-outside: who said it stands outside the passage, no-claim-share: a short text}
""",
    "seeds/news-2019/source.txt": _TEXT,
    "seeds/news-2019/claims.yaml": """\
source: news-2019
voices: {body: [newsletter]}
claims:
- {quote: Inspectors visited every school in 2019., id: visited, edge: [inspectors, inspects, schools], modality: fact, text: Inspectors visited every school in 2019.}
- {quote: The school board pays head teachers under contract., id: pays, edge: [school-board, employs, heads], modality: fact, text: The school board pays head teachers under contract.}
- quote: inspectors might close small schools unless results improve
  id: might-close
  chain: [{who: heads, words: said}]
  extent: {value: some, words: Some head teachers}
  edge: [inspectors, closes, schools]
  modality: prediction
  hedge: might
  unless: results improve
  text: Some head teachers said that inspectors might close small schools unless results improve.
- {quote: Welcome to our newsletter., no-claim: greeting}
""",
    "ontology/schools.ttl": """\
@prefix ccg: <https://w3id.org/ccgkg/ns/> .
@prefix sch: <https://example.org/schools/ns/> .
@prefix lever: <https://example.org/schools/ns/lever/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> .
sch:ontology a owl:Ontology ; vann:preferredNamespacePrefix "sch" ;
  vann:preferredNamespaceUri "https://example.org/schools/ns/" .
sch:inspects a ccg:Relation ; rdfs:label "inspects"@en ; skos:definition "Looks at."@en ;
  rdfs:domain ccg:Actor ; rdfs:range ccg:Actor ; ccg:usualLever lever:inspection ; dcterms:source "test" .
sch:employs a ccg:Relation ; rdfs:label "employs"@en ; skos:definition "Hires and pays."@en ;
  rdfs:domain ccg:Actor ; rdfs:range ccg:Actor ; dcterms:source "test" .
sch:closes a ccg:Relation ; rdfs:label "closes"@en ; skos:definition "Shuts."@en ;
  rdfs:domain ccg:Actor ; rdfs:range ccg:Actor ; dcterms:source "test" .
<https://example.org/schools/ns/lever> a skos:ConceptScheme ; dcterms:title "Levers"@en .
lever:inspection a skos:Concept, ccg:Lever ; skos:prefLabel "inspection"@en ;
  skos:inScheme <https://example.org/schools/ns/lever> .
<https://example.org/schools/ns/kind> a skos:ConceptScheme ; dcterms:title "Kinds"@en .
<https://example.org/schools/ns/kind/group> a skos:Concept ; skos:prefLabel "group"@en ;
  skos:inScheme <https://example.org/schools/ns/kind> ; ccg:actorClass foaf:Group .
<https://example.org/schools/ns/kind/unnamed-voice> a skos:Concept ; skos:prefLabel "voice"@en ;
  skos:inScheme <https://example.org/schools/ns/kind> ; ccg:actorClass foaf:Agent .
<https://example.org/schools/ns/tier> a skos:ConceptScheme ; dcterms:title "Tiers"@en .
<https://example.org/schools/ns/tier/state> a skos:Concept ; skos:prefLabel "state"@en ;
  skos:inScheme <https://example.org/schools/ns/tier> .
<https://example.org/schools/ns/tier/local> a skos:Concept ; skos:prefLabel "local"@en ;
  skos:inScheme <https://example.org/schools/ns/tier> .
<https://example.org/schools/ns/tier/observer> a skos:Concept ; skos:prefLabel "observer"@en ;
  skos:inScheme <https://example.org/schools/ns/tier> .
""",
    "queries/who-inspects.rq": """\
#+ summary: Who inspects whom?
#+ description: Every claim of inspection.
#+ lens: {place: 1, title: Inspection, says: Who is said to inspect whom.}
PREFIX ccg: <https://w3id.org/ccgkg/ns/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sch: <https://example.org/schools/ns/>
SELECT ?claim ?quote WHERE { ?claim rdf:predicate sch:inspects ; ccg:quote ?quote }
""",
}


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write a corpus into a folder.

    Args:
        root: the folder, which is given back.
        files: their contents, by path.
    """
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = files.get(f"{name.rpartition('/')[0]}/source.txt", "")
        digest = hashlib.sha256(text.encode()).hexdigest()
        path.write_text(content.replace(DIGEST, digest), encoding="utf-8", newline="")
    return root
