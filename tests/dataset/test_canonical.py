"""The dataset is one sorted text, the same for the same input, and quotes to the letter."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from wholecorpus import read_corpus

from ccgkg.corpus.findings import Findings
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.places import corpus_at
from ccgkg.dataset.compile_claims import compile_claims
from ccgkg.dataset.compile_issues import compile_issues
from ccgkg.dataset.ontology import read_ontology
from ccgkg.dataset.prefixes import CCG, DCTERMS, OA, OWL, RDF, RDFS, SKOS

NHS = "https://w3id.org/ccgkg/nhs/"


@pytest.fixture(scope="module")
def store(compiled) -> ox.Store:
    store = ox.Store()
    store.load(compiled.nquads, format=ox.RdfFormat.N_QUADS)
    return store


def members(store: ox.Store, of: str) -> set[ox.NamedNode]:
    kind = ox.NamedNode(RDF + "type")
    return {quad.subject for quad in store.quads_for_pattern(None, kind, ox.NamedNode(of))}


def objects(store: ox.Store, subject: ox.NamedNode, predicate: str) -> list:
    return [q.object for q in store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_same_input_same_bytes_under_any_hash_seed(seed: str, compiled, tmp_path: Path):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "CCGKG_CACHE": str(tmp_path)}
    command = [sys.executable, "-m", "ccgkg", "export", "--format", "nquads"]
    done = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=True)
    assert hashlib.sha256(done.stdout).hexdigest() == compiled.digest


def test_it_is_sorted_without_repetition_and_without_blank_nodes(compiled):
    lines = compiled.nquads.splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert len(lines) == compiled.quads
    for quad in ox.parse(compiled.nquads, format=ox.RdfFormat.N_QUADS):
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)


def test_reading_and_writing_it_again_gives_the_same_bytes(compiled):
    quads = ox.parse(compiled.nquads, format=ox.RdfFormat.N_QUADS)
    again = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert sorted(again.splitlines(True)) == compiled.nquads.splitlines(True)


def test_every_exact_is_the_text_between_its_offsets(store: ox.Store, root: Path):
    texts = {
        path.parent.name: path.read_text(encoding="utf-8")
        for path in root.glob("seeds/*/source.txt")
    }
    checked = 0
    for quad in store.quads_for_pattern(None, ox.NamedNode(OA + "hasSelector"), None):
        for exact in objects(store, quad.object, OA + "exact"):
            (home,) = objects(store, quad.subject, OA + "hasSource")
            text = texts[home.value.rpartition("/")[2]]
            (prefix,) = objects(store, quad.object, OA + "prefix")
            (suffix,) = objects(store, quad.object, OA + "suffix")
            selectors = objects(store, quad.subject, OA + "hasSelector")
            (position,) = (s for s in selectors if objects(store, s, OA + "start"))
            start = int(objects(store, position, OA + "start")[0].value)
            end = int(objects(store, position, OA + "end")[0].value)
            assert text[start:end] == exact.value
            assert text[:start].endswith(prefix.value)
            assert text[end:].startswith(suffix.value)
            checked += 1
    assert checked > 150


def test_named_graphs_hold_bare_triples_alone_each_once_in_the_default_graph(store: ox.Store):
    claims = members(store, CCG + "Claim")
    default = {q.triple for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    named = [q for q in store if isinstance(q.graph_name, ox.NamedNode)]
    assert named
    for quad in named:
        claim = quad.graph_name
        assert claim in claims
        assert quad.triple in default
        assert quad.subject in objects(store, claim, RDF + "subject")
        assert [quad.predicate] == objects(store, claim, RDF + "predicate")
        assert quad.object in objects(store, claim, RDF + "object")
        (states,) = objects(store, claim, CCG + "states")
        assert states.value == "true"
    stating = {c for c in claims if objects(store, c, CCG + "states")[0].value == "true"}
    assert stating == {quad.graph_name for quad in named}


def test_a_relation_stands_in_the_default_graph_only_with_a_receipt(store: ox.Store):
    relations = members(store, CCG + "Relation")
    receipts = {q.triple for q in store if isinstance(q.graph_name, ox.NamedNode)}
    for relation in relations:
        for quad in store.quads_for_pattern(None, relation, None, ox.DefaultGraph()):
            assert quad.triple in receipts


def test_opinions_denials_and_shares_are_never_bare(store: ox.Store):
    answer = store.query(
        f"PREFIX ccg: <{CCG}> SELECT ?c WHERE {{ ?c ccg:states true . "
        "{ ?c ccg:modality <https://w3id.org/ccgkg/ns/modality/opinion> } UNION "
        "{ ?c ccg:polarity <https://w3id.org/ccgkg/ns/polarity/denied> } UNION "
        "{ ?c ccg:figure/ccg:unit <https://w3id.org/ccgkg/ns/unit/percent> } UNION "
        "{ ?c ccg:comparison ?x } UNION { ?c ccg:if ?y } UNION { ?c ccg:oneOf ?z } }"
    )
    assert list(answer) == []


def shipped_corpus() -> Corpus:
    place = corpus_at(None)
    vocabulary = read_ontology(place.vocabularies()).vocabulary
    return read_corpus(place, vocabulary, Findings(place.root))


def test_each_source_compiles_independently():
    corpus = shipped_corpus()
    alone = replace(
        corpus,
        sources={"pulse-2016": corpus.sources["pulse-2016"]},
        readings={"pulse-2016": corpus.readings["pulse-2016"]},
        issues={},
    )
    together = Counter(map(str, compile_claims(corpus, "pulse-2016")))
    assert together == Counter(map(str, compile_claims(alone, "pulse-2016")))


def test_issues_compile_without_the_sources_whose_claims_they_name():
    corpus = shipped_corpus()
    alone = replace(corpus, sources={}, readings={})
    issues = compile_issues(corpus)
    assert len(issues) > 100
    assert list(map(str, compile_issues(alone))) == list(map(str, issues))


def test_a_claim_and_an_issue_are_tied_directly_where_a_bearing_ties_them(store: ox.Store):
    bearings = members(store, CCG + "Bearing")
    tied = Counter()
    for bearing in bearings:
        (claim,) = objects(store, bearing, CCG + "claim")
        (issue,) = objects(store, bearing, CCG + "issue")
        assert bearing.value == f"{issue.value}/bearing/{claim.value.partition('/claim/')[2]}"
        tied[claim, issue] += 1
    bears_on = store.quads_for_pattern(None, ox.NamedNode(CCG + "bearsOn"), None)
    assert tied == Counter((quad.subject, quad.object) for quad in bears_on)
    assert {issue for _, issue in tied} == members(store, CCG + "Issue")


def test_every_term_of_ours_in_the_dataset_is_declared(store: ox.Store):
    """The build may not use a property or concept that the ontology does not define."""
    ours = (CCG, NHS)
    used = {
        term.value
        for quad in store
        for term in (quad.predicate, quad.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(ours)
    }
    labelled = {
        quad.subject.value
        for predicate in (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title")
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None)
    }
    assert {term for term in used if term not in labelled} == set()


def test_every_declared_term_has_a_label_a_definition_and_a_source(store: ox.Store):
    kinds = (OWL + "Class", OWL + "ObjectProperty", OWL + "DatatypeProperty", SKOS + "Concept")
    terms = {
        term for kind in kinds for term in members(store, kind) if term.value.startswith((CCG, NHS))
    }
    assert len(terms) > 300
    for term in terms:
        assert objects(store, term, RDFS + "label") or objects(store, term, SKOS + "prefLabel")
        assert objects(store, term, SKOS + "definition"), term
        assert objects(store, term, DCTERMS + "source"), term


def test_the_quotations_in_the_ontology_are_in_the_sources(store: ox.Store, root: Path):
    """A relation that says which sentence needs it quotes that sentence to the letter."""
    checked = 0
    for quad in store.quads_for_pattern(None, ox.NamedNode(DCTERMS + "source"), None):
        said = quad.object.value
        key, colon, quoted = said.partition(": “")
        folder = root / "seeds" / key
        if colon and quoted.endswith("”") and folder.is_dir():
            text = (folder / "source.txt").read_text(encoding="utf-8").replace("\u00a0", " ")
            assert quoted[:-1].replace("\u00a0", " ") in text, said
            checked += 1
    assert checked > 50


def test_figures_keep_the_digits_that_are_printed(compiled):
    assert b'"over 70%"' in compiled.nquads
    assert b'"70"^^<http://www.w3.org/2001/XMLSchema#decimal>' in compiled.nquads
