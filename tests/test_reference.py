"""The reference of the vocabularies is whole and true: every term, right counts, what runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import rdflib
import reference
from uses import Uses

import ccgkg
from ccgkg.corpus.places import corpus_at
from ccgkg.corpus.vocabulary import Term
from ccgkg.dataset.ontology import Ontology, read_ontology

PAGE = reference.PAGE.read_text(encoding="utf-8")
QUERIES = re.findall(r"```sparql\n(SELECT.+?)```", PAGE, re.DOTALL)
TABLES = re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
EXAMPLE = re.compile(r"\[([\w/-]+)\]\((\S+?)(?: \"(?:\\.|[^\"\\])*\")?\)$")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@pytest.fixture(scope="module")
def opened() -> ccgkg.api.OpenCorpus:
    return ccgkg.open()


@pytest.fixture(scope="module")
def in_rdflib(opened) -> rdflib.Dataset:
    return opened.dataset()


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return read_ontology(corpus_at(None).vocabularies())


@pytest.fixture(scope="module")
def terms(ontology) -> list[Term]:
    vocabulary = ontology.vocabulary
    concepts = [term for scheme in vocabulary.schemes.values() for term in scheme.values()]
    relations = [relation.term for relation in vocabulary.relations.values()]
    return [*relations, *vocabulary.terms.values(), *concepts]


@pytest.fixture(scope="module")
def rows(ontology) -> dict[str, list[str]]:
    """The rows of terms, by IRI; each term has one."""
    found: dict[str, list[str]] = {}
    for row in (cells(line) for table in TABLES[:-1] for line in table.splitlines()[2:]):
        prefix, name = re.match(r"`([\w-]+):([\w-]+)`", row[0]).groups()
        assert ontology.prefixes[prefix] + name not in found, row
        found[ontology.prefixes[prefix] + name] = row
    return found


def test_the_page_shows_what_the_dataset_holds():
    assert reference.page(PAGE) == PAGE, "run: python tests/docs.py"


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_page_is_the_same_under_any_hash_seed(seed: str):
    program = "import reference; print(reference.page(reference.PAGE.read_text('utf-8')), end='')"
    path = os.pathsep.join([str(reference.PAGE.parent.parent / "tests"), *sys.path])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    assert done.stdout.decode("utf-8") == PAGE


@pytest.mark.parametrize("table", TABLES, ids=lambda table: cells(table.splitlines()[2])[0])
def test_each_row_has_the_cells_of_its_table(table: str):
    assert len({len(cells(line)) for line in table.splitlines()}) == 1


def test_every_term_of_the_ontology_has_a_row(rows, terms):
    assert set(rows) == {term.iri for term in terms}


@pytest.mark.parametrize(
    ("scheme", "pattern"),
    [
        ("relation", "?n rdf:predicate ?term"),
        ("class", "?n a ?term"),
        ("property", "?n ?term ?value"),
        ("modality", "?n ccg:modality ?term"),
        ("lever", "?n a ccg:Claim ; ccg:lever ?term"),
        ("stance", "?n prov:qualifiedAttribution/ccg:stance ?term"),
        ("tier", "?n ccg:involves/ccg:tier ?term"),
        ("cue", "?n rdf:predicate/ccg:carries ?term"),
    ],
)
def test_counts_are_those_of_a_query(scheme: str, pattern: str, opened, rows, terms):
    counted = "?n ?value" if scheme == "property" else "?n"
    query = (
        f"SELECT ?term (COUNT(*) AS ?count) {{ SELECT DISTINCT ?term {counted} {{ {pattern} }} }}"
    )
    counts = {row["term"]: row["count"] for row in opened.query(f"{query} GROUP BY ?term")}
    told = {term.iri: rows[term.iri][-2] for term in terms if term.scheme == scheme}
    assert told == {iri: counts.get(iri, "0") for iri in told}


@pytest.mark.parametrize("predicate", ["rdf:predicate", "ccg:modality", "ccg:lever", "ccg:tone"])
def test_the_example_is_the_first_affirmed_claim(predicate: str, opened, rows):
    query = f"""SELECT ?term ?claim ?polarity ?source ?start {{
      ?claim a ccg:Claim ; {predicate} ?term ; ccg:polarity ?polarity ; ccg:source ?source .
      ?passage oa:hasBody ?claim ; oa:hasTarget ?target .
      ?target oa:hasSource ?source ; oa:hasSelector/oa:start ?start }}"""
    places: dict[str, list] = {}
    for row in opened.query(query):
        denied = row["polarity"].endswith("/denied")
        place = (denied, row["source"], int(row["start"]), row["claim"].partition("/claim/")[2])
        places.setdefault(row["term"], []).append(place)
    shown = {iri: EXAMPLE.search(rows[iri][-1])[1] for iri in places}
    assert shown == {iri: min(found)[-1] for iri, found in places.items()}


def test_examples_link_to_the_file_in_which_the_claim_stands(rows):
    links = {EXAMPLE.search(row[-1]).groups() for row in rows.values() if row[-1] != "–"}
    assert links
    for short, target in links:
        text = (reference.PAGE.parent / target).read_text(encoding="utf-8")
        assert re.search(rf"\bid: {short.partition('/')[2]}\b", text), short


def test_a_term_without_an_example_is_one_to_which_no_claim_leads(rows):
    used = {row[0] for row in rows.values() if row[-2] != "0"}
    shown = {row[0] for row in rows.values() if row[-1] != "–"}
    assert used == shown, "lay a way to what is used: STEPS in uses.py"


def test_the_page_has_queries_to_start_from():
    assert len(QUERIES) >= 3


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_the_page_gives_rows_in_both_engines(query: str, opened, in_rdflib):
    rows = opened.query(query)
    assert rows
    assert len(in_rdflib.query(query)) == len(rows)


def test_the_claim_in_turtle_stands_in_the_dataset(in_rdflib):
    written = re.search(r"```turtle\n(.+?)```", PAGE, re.DOTALL)[1]
    prefixes = "\n".join(f"@prefix {p}: <{ns}> ." for p, ns in in_rdflib.namespaces())
    triples = set(rdflib.Graph().parse(data=f"{prefixes}\n{written}", format="turtle"))
    assert len(triples) > 20
    assert triples <= set(in_rdflib.default_graph)


def test_the_prefixes_of_the_page_are_those_of_the_corpus(opened):
    listed = dict(re.findall(r"^PREFIX (\S+): <(\S+)>$", PAGE, re.MULTILINE))
    assert listed == opened.store.manifest.prefixes


def wider(uses: Uses, names: list[str]) -> set[str]:
    """Some classes, and all that they are narrower than."""
    found = set(names)
    for name in names:
        found |= wider(uses, uses.all(name, "rdfs:subClassOf"))
    return found


@pytest.mark.parametrize("side", ["rdfs:domain", "rdfs:range"])
def test_properties_have_the_ends_that_the_page_shows(side: str, opened):
    uses = Uses(opened)
    for name in uses.declared("owl:ObjectProperty", "owl:DatatypeProperty"):
        for end in uses.all(name, side):
            nodes = set(uses.holders[name])
            if side == "rdfs:range":
                values = [value for node in nodes for value in uses.values[node][name]]
                nodes = {value.text for value in values if value.kind == "iri"}
                types = {uses.name(value.datatype) for value in values if value.kind != "iri"}
                assert end == "rdfs:Literal" or types <= {end}, name
            for node in nodes if end.startswith(("ccg:", "oa:", "skos:")) else ():
                assert end in wider(uses, uses.all(node, "rdf:type")), (name, node)
