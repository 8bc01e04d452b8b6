"""The evidence of any answer: the claims on which each row of a SELECT rests.

`evidence/*.yaml` has questions whose rows and claims were worked out by hand from the curation
files, before the code was tried on them. Beside these, what evidence means is tried on every query
that is shipped: without all other claims a row is still there; without its own it is gone.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from byhand import EVIDENCE, NAMES, expected, read
from click.testing import CliRunner
from ground import Ground, written

import ccgkg
from ccgkg.cli import cli
from ccgkg.queries.evidence import Evidenced, evidence
from ccgkg.queries.running import bound, claims_in, load

BASE = "https://w3id.org/ccgkg/"


@pytest.fixture(scope="module")
def store():
    return ccgkg.open().store


def cell(value) -> str | None:
    if value is None:
        return None
    return value.text.removeprefix(BASE) if value.kind == "iri" else value.text


def told(found: Evidenced) -> list[tuple[tuple, tuple[str, ...]]]:
    """Rows and their claims, as the cases write them."""
    return [
        (tuple(map(cell, row)), tuple(iri.removeprefix(f"{BASE}claim/") for iri in claims))
        for row, claims in zip(found.rows, found.claims, strict=True)
    ]


def lines(found: Evidenced) -> list[int]:
    return [part.line for part in found.untraced]


# ---- worked out by hand


def test_there_are_forty_cases():
    assert len(EVIDENCE) == 40


@pytest.mark.parametrize("path", EVIDENCE, ids=lambda path: path.stem)
def test_the_claims_that_were_worked_out_by_hand(path: Path, store):
    case = read(path)
    wanted = [
        (tuple(None if one is None else str(one) for one in row["row"]), tuple(row["claims"]))
        for row in case["rows"]
    ]
    found = evidence(store, case["sparql"])
    if "ORDER BY" in case["sparql"]:
        assert told(found) == wanted
    else:
        assert Counter(told(found)) == Counter(wanted)
    assert lines(found) == case["untraced"]


@pytest.mark.parametrize("path", EVIDENCE, ids=lambda path: path.stem)
def test_the_claims_worked_out_by_hand_are_there(path: Path, store):
    named = {claim for row in read(path)["rows"] for claim in row["claims"]}
    assert store.known(f"{BASE}claim/{claim}" for claim in sorted(named)) == [
        f"{BASE}claim/{claim}" for claim in sorted(named)
    ]


# ---- what evidence means


@pytest.fixture(scope="module")
def ground(store) -> Ground:
    return Ground(store)


def queries() -> list:
    given = [pytest.param(read(path)["sparql"], {}, id=path.stem) for path in EVIDENCE]
    return given + [pytest.param(name, expected(name)["parameters"], id=name) for name in NAMES]


def text_of(store, query: str, given: dict[str, str]) -> str:
    return bound(store, load(store, query), given) if query in NAMES else query


@pytest.mark.slow
@pytest.mark.parametrize(("query", "given"), queries())
def test_a_row_needs_its_claims_and_no_others(query, given, store, ground):
    """Except for what is counted, cut or left open: with fewer claims those rows are others."""
    text = text_of(store, query, given)
    found = evidence(store, text)
    assert list(found.rows) == list(store.ask(text).rows())
    whole = not found.untraced and not re.search("COUNT|GROUP|LIMIT|OPTIONAL|COALESCE", text)
    pairs = dict.fromkeys(zip(found.rows, found.claims, strict=True))
    for row, claims in pairs:
        if whole:
            assert written(row) in ground.with_only(claims, text)
        alike = {claim for other, some in pairs if other == row for claim in some}
        if claims and all(some for other, some in pairs if other == row):
            assert written(row) not in ground.without(alike, text)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_rests_on_the_claims_that_it_shows(name: str, store):
    found = evidence(store, text_of(store, name, expected(name)["parameters"]))
    shown = claims_in(store, found.rows)
    for row, claims in zip(shown, found.claims, strict=True):
        assert claims
        assert set(row) <= set(claims)


# ---- shapes of queries


@pytest.mark.parametrize(
    ("sparql", "wanted"),
    [
        pytest.param(
            "SELECT ?l { [] nhs:pays [ rdfs:label ?l ] }",
            {("GPs",): "holder-2014/nhse-pays-gps"},
            id="blank nodes",
        ),
        pytest.param(
            "SELECT ?x { act:nhs-england ^nhs:part-of/nhs:responsible-for ?x }",
            {
                ("topic/contracting-and-oversight",): "holder-2014/oversight-now "
                "holder-2014/teams-of-nhse"
            },
            id="an inverse in a sequence",
        ),
        pytest.param(
            "SELECT ?x { ?x !(rdf:type|rdfs:label|ccg:kind|^nhs:pays) act:gps "
            "FILTER(?x = act:nhs-england) }",
            {("actor/nhs-england",): "holder-2014/nhse-holds-contracts holder-2014/nhse-pays-gps"},
            id="any property but some",
        ),
        pytest.param(
            "SELECT DISTINCT ?x { act:gps ^nhs:pays|!(^nhs:holds-contract-of|nhs:pays) ?x "
            "FILTER(?x = act:nhs-england) }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps"},
            id="any property but some, backwards",
        ),
        pytest.param(
            "SELECT ?x { act:area-teams (nhs:part-of/nhs:pays)+ ?x }",
            {("actor/gps",): "holder-2014/nhse-pays-gps holder-2014/teams-of-nhse"},
            id="a sequence many times",
        ),
        pytest.param(
            "SELECT ?x { VALUES ?x { act:gps } ?x nhs:pays* ?x }",
            {("actor/gps",): ""},
            id="no step at all",
        ),
        pytest.param(
            "SELECT ?w { ?w nhs:pays act:gps OPTIONAL { ?w nhs:holds-contract-of act:gps } }",
            {("actor/nhs-england",): "holder-2014/nhse-holds-contracts holder-2014/nhse-pays-gps"},
            id="an OPTIONAL that binds nothing",
        ),
        pytest.param(
            "SELECT ?w { ?w nhs:pays act:gps "
            "OPTIONAL { ?w nhs:holds-contract-of act:gps FILTER(?w = act:ccgs) } }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps"},
            id="an OPTIONAL whose filter sees the outside",
        ),
        pytest.param(
            "SELECT ?w { ?w nhs:pays ?g FILTER EXISTS "
            "{ ?w nhs:holds-contract-of ?x FILTER(?x = ?g) } }",
            {("actor/nhs-england",): "holder-2014/nhse-holds-contracts holder-2014/nhse-pays-gps"},
            id="EXISTS whose filter sees the outside",
        ),
        pytest.param(
            "SELECT ?w { ?w nhs:pays ?g FILTER EXISTS { ?any nhs:part-of act:nhs-england } }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps holder-2014/teams-of-nhse"},
            id="EXISTS that shares nothing",
        ),
        pytest.param(
            "SELECT ?w { ?w nhs:pays ?g } VALUES ?w { act:nhs-england act:ccgs }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps"},
            id="VALUES after the pattern",
        ),
        pytest.param(
            "SELECT ?w { { SELECT * { ?w nhs:pays ?g } LIMIT 1 } ?w rdfs:label ?l }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps"},
            id="a subquery of all columns",
        ),
        pytest.param(
            "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?w { ?w nhs:pays|nhs:holds-contract-of "
            "?g } } }",
            {("1",): "holder-2014/nhse-holds-contracts holder-2014/nhse-pays-gps"},
            id="an aggregate of a subquery",
        ),
        pytest.param(
            "SELECT (COUNT(?g) AS ?n) { ?w nhs:pays ?g } GROUP BY STR(?w)",
            {("1",): "holder-2014/nhse-pays-gps"},
            id="a group by an expression",
        ),
        pytest.param(
            "SELECT DISTINCT (COUNT(?g) AS ?n) "
            "{ { ?w nhs:pays ?g } UNION { ?w nhs:holds-contract-of ?g } } "
            "GROUP BY (STR(?w) AS ?k) HAVING(COUNT(?g) > 1) ORDER BY ?k LIMIT 5",
            {("2",): "holder-2014/nhse-holds-contracts holder-2014/nhse-pays-gps"},
            id="distinct groups",
        ),
        pytest.param(
            "SELECT ?w FROM claim:holder-2014\\/nhse-pays-gps { ?w ?p act:gps }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps"},
            id="FROM",
        ),
        pytest.param(
            "SELECT ?w { GRAPH claim:holder-2014\\/nhse-pays-gps { ?w nhs:pays+ act:gps } }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps"},
            id="a path in a graph",
        ),
        pytest.param(
            "SELECT ?w { ?w nhs:pays ?g LATERAL { SELECT ?l { ?g rdfs:label ?l } LIMIT 1 } }",
            {("actor/nhs-england",): "holder-2014/nhse-pays-gps"},
            id="LATERAL",
        ),
        pytest.param(
            "SELECT ?_t ?_0t { ?_t nhs:pays ?_0t }",
            {("actor/nhs-england", "actor/gps"): "holder-2014/nhse-pays-gps"},
            id="names that we would have taken",
        ),
    ],
)
def test_shapes(sparql: str, wanted: dict, store):
    found = evidence(store, sparql)
    assert {row: " ".join(claims) for row, claims in told(found)} == wanted
    assert not found.untraced


@pytest.mark.parametrize(
    ("sparql", "line", "words"),
    [
        ("SELECT ?a {\n?a nhs:pays ?b\nMINUS { ?b nhs:pays ?k } }", 3, "MINUS"),
        ("SELECT ?a {\n?a nhs:pays ?b FILTER NOT EXISTS { ?b nhs:pays ?c } }", 2, "NOT EXISTS"),
        ("SELECT * { ?a nhs:pays ?b OPTIONAL { ?b nhs:is ?c }\nFILTER(!BOUND(?c)) }", 2, "?c of"),
        ("SELECT * { ?a nhs:pays ?b OPTIONAL { ?b nhs:is ?c } BIND(COALESCE(?c, 1) AS ?d)\n"
         "FILTER(?d = 1) }", 2, "?c of an OPTIONAL"),
        ("SELECT ?a (COUNT(?c) AS ?n) { ?a nhs:pays ?b OPTIONAL { ?b nhs:is ?c } }\n"
         "GROUP BY ?a HAVING(COUNT(?c) = 0)", 1, "?c of an OPTIONAL"),
        ("SELECT ?a {\n{ SELECT ?a ?c { ?a nhs:pays ?b OPTIONAL { ?b nhs:is ?c } } }\n"
         "FILTER(!BOUND(?c)) }", 2, "?c of an OPTIONAL"),
        ("SELECT ?a {\n{ SELECT ?a (COUNT(?c) AS ?n) { ?a nhs:pays ?b OPTIONAL { ?b nhs:is ?c } }"
         " GROUP BY ?a }\nBIND(?n + 1 AS ?m) FILTER(?m = 1) }", 2, "?c of an OPTIONAL"),
        ("SELECT (COUNT(*) AS ?n) { act:gps nhs:pays ?b }", 1, "an aggregate of nothing"),
        ("SELECT ?n {\n{ SELECT (MAX(?b) AS ?n) { act:gps nhs:pays ?b } } }", 2, "of nothing"),
        ("SELECT ?a {\n?a nhs:pays ?b BIND(EXISTS { ?b ?p ?o } AS ?c) }", 2, "EXISTS inside"),
        ("SELECT ?a {\n?a nhs:pays ?b FILTER(EXISTS { ?b ?p ?o } || 1 = 1) }", 2, "EXISTS inside"),
        ("SELECT * { ?a nhs:pays ?b\nFILTER EXISTS { ?b ?c ?d MINUS { ?d ?e ?f } } }", 2, "than"),
        ("SELECT ?a {\nGRAPH ?g { { SELECT ?a { ?a nhs:pays ?b } } } }", 2, "GRAPH"),
        ("SELECT ?a {\nGRAPH ?g { ?a nhs:pays ?b FILTER EXISTS { ?a ?p ?b } } }", 2, "GRAPH"),
        ("SELECT DISTINCT ?a (RAND() AS ?r) { ?a nhs:pays ?b }", 1, "made anew"),
        ("SELECT ?a { ?a nhs:pays ?b .\n<<( ?a nhs:pays ?b )>> ?p ?o }", 2, "not understood"),
        ("SELECT ?a " + "{" * 400 + "?a nhs:pays ?b" + "}" * 400, 1, "too deeply"),
        ("SELECT ?a " + "{" * 2000 + "?a nhs:pays ?b" + "}" * 2000, 1, "too deeply"),
    ],
)  # fmt: skip
def test_what_is_not_traced_is_said(sparql: str, line: int, words: str, store):
    found = evidence(store, sparql)
    assert list(found.rows) == list(store.ask(sparql).rows()) or "RAND" in sparql
    ((part),) = found.untraced
    assert part.line == line
    assert words in part.what


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?a { ?a a org:Organization OPTIONAL { ?a nhs:pays ?b } }"
        "GROUP BY ?a HAVING(COUNT(?b) > 0)",
        "SELECT ?a { { SELECT ?a (COUNT(?b) AS ?n) { ?a a org:Organization "
        "OPTIONAL { ?a nhs:pays ?b } } GROUP BY ?a } FILTER(?n > 0) }",
    ],
)
def test_what_is_not_there_for_other_rows_is_not_told(sparql: str, store):
    found = evidence(store, sparql)
    assert told(found) == [(("actor/nhs-england",), ("holder-2014/nhse-pays-gps",))]
    assert not found.untraced


@pytest.mark.parametrize(
    "negation",
    [
        "FILTER NOT EXISTS { ?c ccg:withdrawnBecause ?w }",
        "MINUS { ?c ccg:withdrawnBecause ?w }",
        "OPTIONAL { ?c ccg:withdrawnBecause ?w } FILTER(!BOUND(?w))",
    ],
)
def test_not_to_be_withdrawn_is_what_a_claim_says_of_itself(negation: str, store):
    found = evidence(store, f"SELECT ?c {{ ?c ccg:lever lever:carrot {negation} }}")
    assert found.rows
    assert not found.untraced


# ---- on the command line and in Python


def run(*args: str):
    return CliRunner().invoke(cli, ["query", "--evidence", *args], catch_exceptions=False)


PAYS = "SELECT ?who ?whom { ?who nhs:pays ?whom }"
CLAIM = f"{BASE}claim/holder-2014/nhse-pays-gps"


def test_a_table_has_a_column_of_short_ids():
    told = run("--sparql", PAYS)
    assert told.exit_code == 0
    head, _, row = (line.split() for line in told.stdout.splitlines())
    assert head == ["who", "whom", "evidence"]
    assert row == ["act:nhs-england", "act:gps", "holder-2014/nhse-pays-gps"]


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml", "markdown"])
def test_every_format_has_the_column(format: str):
    told = run("--sparql", PAYS, "--format", format).stdout
    if format == "csv":
        assert next(csv.DictReader(io.StringIO(told)))["evidence"] == CLAIM
    elif format == "json":
        (row,) = json.loads(told)["results"]["bindings"]
        assert row["evidence"] == {"type": "literal", "value": CLAIM}
    elif format == "markdown":
        assert "| holder-2014/nhse-pays-gps |" in told
    else:
        assert CLAIM in told


def test_a_column_of_that_name_keeps_it():
    told = run("--sparql", "SELECT ?evidence { ?evidence nhs:pays ?b }", "--format", "csv")
    assert told.stdout.splitlines()[0] == "evidence,evidence_2"


def test_footnotes_cite_the_claims_behind_a_row():
    told = run("--sparql", PAYS, "--cite").stdout
    assert "[1] “" in told
    assert CLAIM in told
    assert "holder-2014: Holder" in told


def test_without_evidence_a_query_that_shows_no_claim_is_told_of_it():
    told = CliRunner().invoke(cli, ["query", "--cite", "--sparql", PAYS])
    assert told.exit_code == 2
    assert "--evidence" in told.stderr


def test_what_is_not_traced_is_told_and_changes_the_exit_code():
    told = run("one-source", "actor=nhs-england", "--format", "csv")
    assert told.exit_code == 1
    assert "Not traced: line 16, column 3: NOT EXISTS" in told.stderr
    assert told.stdout.startswith("claim,")


def test_rows_without_claims_are_counted():
    told = run("--sparql", "SELECT ?l { act:gps rdfs:label ?l }", "--format", "csv")
    assert told.exit_code == 0
    assert "1 of 1 row rests on no claim" in told.stderr


@pytest.mark.parametrize("form", ["ASK { ?a ?b ?c }", "CONSTRUCT WHERE { ?a nhs:pays ?c }"])
def test_other_forms_have_none(form: str):
    told = run("--sparql", form)
    assert told.exit_code == 2
    assert "--evidence goes with a SELECT query" in told.stderr


def test_a_broken_query_is_told_as_ever():
    told = run("--sparql", "SELECT ?a { ?a nhs:pays }")
    assert told.exit_code == 3
    assert "line 1" in told.stderr


def test_in_python():
    ((row, claims),) = ccgkg.open().evidence(PAYS)
    assert row == {"who": f"{BASE}actor/nhs-england", "whom": f"{BASE}actor/gps"}
    assert claims == ["holder-2014/nhse-pays-gps"]
    with pytest.warns(UserWarning, match="line 16"):
        ccgkg.open().evidence("one-source", actor="nhs-england")
