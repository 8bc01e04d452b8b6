"""`/evidence.json`: the answer of a SELECT as `/sparql` gives it, and the claims behind each row.

Which claims those are, `tests/test_evidence.py` tries; here it is the address: what it takes, tells
and refuses, which is what the endpoint does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

import ccgkg
from server.serving import Answer, Server, serving

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
RESULTS, PROBLEM = "application/sparql-results+json", "application/problem+json"
CLAIMS = "https://w3id.org/ccgkg/claim/"
PAYS = "SELECT ?who ?whom { ?who nhs:pays ?whom }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SERVICE = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"


def path(query: str, **more: str) -> str:
    return f"/evidence.json?{urlencode({'query': query} | more)}"


def get(server: Server, query: str, accept: str = PROBLEM) -> Answer:
    return server.get(path(query), accept)


WAYS: dict[str, Callable[[Server, str], Answer]] = {
    "GET": get,
    "form": lambda server, query: server.post(
        urlencode({"query": query}), FORM, "/evidence.json", Accept=PROBLEM
    ),
    "body": lambda server, query: server.post(query, QUERY, "/evidence.json", Accept=PROBLEM),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_asking_is_as_good(way: str, server: Server):
    answer = WAYS[way](server, PAYS)
    assert (answer.status, answer.type) == (200, RESULTS)
    assert set(answer.json()) == {"head", "results", "evidence"}
    assert answer.json()["evidence"] == {
        "claims": [[f"{CLAIMS}holder-2014/nhse-pays-gps"]],
        "untraced": [],
    }


KINDS = """SELECT * { VALUES (?a ?b) {
  (<http://x/> "x") ("é"@fr UNDEF) (1.50 true) ("2014-01-01"^^xsd:date "\\"\\n<&>\\u0001")
} }"""


@pytest.mark.parametrize("name", ["contracts", "figures", "people", "kinds of terms"])
def test_rows_are_those_of_the_endpoint(name: str, server: Server, root: Path):
    file = root / "queries" / f"{name}.rq"
    query = file.read_text(encoding="utf-8") if file.is_file() else KINDS
    told, plain = get(server, query).json(), server.ask(query).json()
    assert (told["head"], told["results"]) == (plain["head"], plain["results"])
    assert plain["results"]["bindings"]


def test_claims_are_told_row_by_row_as_in_python(server: Server):
    query = "SELECT ?who ?whom { ?who nhs:pays|nhs:conducts|rdfs:label ?whom }"
    wanted = [claims for _, claims in ccgkg.open().evidence(query)]
    told = get(server, query).json()["evidence"]["claims"]
    assert [[iri.removeprefix(CLAIMS) for iri in claims] for claims in told] == wanted
    assert {bool(claims) for claims in told} == {True, False}


def test_what_is_not_traced_has_its_place(server: Server):
    told = get(server, "SELECT ?a {\n  ?a nhs:pays ?b MINUS { ?b nhs:pays ?k } }").json()
    (part,) = told["evidence"]["untraced"]
    assert (part["line"], part["column"]) == (2, 18)
    assert part["what"].startswith("MINUS")
    assert len(told["results"]["bindings"]) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_faulty_query_tells_line_and_column(way: str, server: Server):
    answer = WAYS[way](server, "SELECT *\n{ ?s ?p }")
    assert (answer.status, answer.type) == (400, PROBLEM)
    assert (answer.json()["line"], answer.json()["column"] >= 8) == (2, True)


@pytest.mark.parametrize(
    "query",
    [
        "ASK {}",
        "CONSTRUCT WHERE { ?a nhs:pays ?b }",
        "DESCRIBE <https://w3id.org/ccgkg/actor/gps>",
    ],
)
def test_other_forms_have_none(query: str, server: Server):
    answer = get(server, query)
    assert answer.status == 400
    said = f"only a SELECT has evidence; this is {query.split(maxsplit=1)[0]}"
    assert (answer.json()["detail"], "line" in answer.json()) == (said, False)


@pytest.mark.parametrize(
    ("method", "path", "media", "body", "status"),
    [
        ("GET", "/evidence.json", "", None, 400),
        ("GET", "/evidence.json?query=", "", None, 400),
        ("GET", "/evidence.json?other=1", "", None, 400),
        ("GET", path(PAYS) + "&query=ASK%7B%7D", "", None, 400),
        ("GET", path(PAYS, **{"default-graph-uri": "http://x/"}), "", None, 400),
        ("GET", path(PAYS, **{"named-graph-uri": "http://x/"}), "", None, 400),
        ("GET", path(SERVICE), "", None, 403),
        ("GET", path("CLEAR ALL"), "", None, 403),
        ("POST", "/evidence.json", QUERY, SERVICE, 403),
        ("POST", "/evidence.json", FORM, "update=CLEAR%20ALL", 403),
        ("POST", "/evidence.json", "application/sparql-update", "CLEAR ALL", 403),
        ("POST", "/evidence.json", QUERY, b"\xff", 400),
        ("POST", "/evidence.json", FORM, "", 400),
        ("POST", "/evidence.json", "text/plain", PAYS, 415),
        ("POST", "/evidence.json", QUERY, f"{PAYS} # {'x' * 500_000}", 413),
        ("PUT", "/evidence.json", QUERY, PAYS, 405),
    ],
)
def test_what_is_not_right_is_told_by_status_and_words(
    method: str, path: str, media: str, body: bytes | str | None, status: int, server: Server
):
    answer = server.request(method, path, {"Content-Type": media} if media else {}, body)
    assert answer.status == status, answer.text
    assert (answer.type, bool(answer.text.strip())) == ("text/plain", True)


def test_the_same_answer_is_not_sent_twice(server: Server):
    first = get(server, PAYS)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert tag != server.ask(PAYS, RESULTS).headers["etag"]
    assert tag != get(server, f"{PAYS} ").headers["etag"]
    again = server.get(path(PAYS), If_None_Match=tag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    # A POST is answered whole, whatever its sender has.
    posted = server.post(PAYS, QUERY, "/evidence.json", If_None_Match=tag)
    assert (posted.status, posted.body) == (200, first.body)


def test_what_changes_from_time_to_time_has_no_tag(server: Server):
    answer = get(server, "SELECT (NOW() AS ?x) {}")
    assert (answer.status, "etag" in answer.headers) == (200, False)
    (part,) = answer.json()["evidence"]["untraced"]
    assert "made anew" in part["what"]


def test_head_is_get_without_the_body(server: Server):
    head, whole = server.request("HEAD", path(PAYS)), get(server, PAYS)
    assert (head.status, head.body) == (200, b"")
    for name in ("etag", "content-type", "content-length"):
        assert head.headers[name] == whole.headers[name]


def test_other_origins_may_ask(server: Server):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    preflight = server.request("OPTIONS", "/evidence.json", asked)
    assert preflight.status == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert get(server, PAYS).headers["access-control-allow-origin"] == "*"


def test_graphs_that_the_dataset_lacks_are_named(server: Server):
    answer = get(server, "SELECT * FROM <http://no.such/one> { ?s ?p ?o }")
    assert answer.headers["ccgkg-empty-graphs"] == "<http://no.such/one>"
    assert answer.json()["evidence"]["claims"] == []


def test_a_dataset_without_a_corpus_has_none(tmp_path: Path):
    file = tmp_path / "other.nq"
    file.write_text('<http://x/s> <http://x/p> "o" .\n', encoding="utf-8")
    with serving("--dataset", file) as other:
        answer = get(other, "SELECT * { ?s ?p ?o }")
        assert (answer.status, "no claims" in answer.json()["detail"]) == (404, True)


@pytest.mark.slow
def test_limits_are_those_of_the_endpoint(cache: Path):
    with serving("--workers", 1, "--timeout", 2, "--max-bytes", 20_000) as limited:
        for query, status in ((RUNAWAY, 504), ("SELECT * { ?s a ?o }", 413)):
            for answer in (get(limited, query), limited.ask(query, "application/json")):
                assert (answer.status, answer.type) == (status, PROBLEM)
        assert get(limited, PAYS).json()["evidence"]["claims"]
