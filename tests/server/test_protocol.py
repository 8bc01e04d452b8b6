"""SPARQL 1.1 Protocol for queries, content negotiation, and every address that answers.

Each answer is read by a parser that is not ours: rdflib, csv, json, xml.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlencode, urlsplit

import pytest
import rdflib
from rdflib import DCAT, RDF, VOID, Namespace

from server.serving import Answer, Server, serving, until

BASE = "https://w3id.org/ccgkg/"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = Namespace("http://www.w3.org/ns/shacl#")
FORM = "application/x-www-form-urlencoded"
CLAIM = "claim/holder-2014/nhse-holds-contracts"

SELECT = "SELECT ?a ?b { VALUES (?a ?b) { (1 'x,\"y') (<http://x/> UNDEF) } }"
ASK = "ASK {}"
CONSTRUCT = "CONSTRUCT { <http://s/> <http://p/p> ?v } WHERE { VALUES ?v { 1 'é'@fr <http://o/> } }"
DESCRIBE = f"DESCRIBE <{BASE}{CLAIM}>"


def rows_of_json(answer: Answer) -> list[list[str | None]]:
    found = answer.json()
    return [
        [row[name]["value"] if name in row else None for name in found["head"]["vars"]]
        for row in found["results"]["bindings"]
    ]


def rows_of_xml(answer: Answer) -> list[list[str | None]]:
    ns = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(answer.body)
    names = [variable.get("name") for variable in root.iter(f"{ns}variable")]
    rows = []
    for result in root.iter(f"{ns}result"):
        found = {one.get("name"): "".join(one.itertext()) for one in result.iter(f"{ns}binding")}
        rows.append([found.get(name) for name in names])
    return rows


def rows_of_csv(answer: Answer) -> list[list[str | None]]:
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows[0] == ["a", "b"]
    return [[cell or None for cell in row] for row in rows[1:]]


def rows_of_tsv(answer: Answer) -> list[list[str | None]]:
    head, *lines = answer.text.splitlines()
    assert head == "?a\t?b"
    return [
        [cell.strip('<>"').replace('\\"', '"') or None for cell in line.split("\t")]
        for line in lines
    ]


TABLES: dict[str, tuple[str, Callable[[Answer], list[list[str | None]]]]] = {
    "json": ("application/sparql-results+json", rows_of_json),
    "xml": ("application/sparql-results+xml", rows_of_xml),
    "csv": ("text/csv", rows_of_csv),
    "tsv": ("text/tab-separated-values", rows_of_tsv),
}
TRIPLES = {
    "turtle": ("text/turtle", "turtle"),
    "ntriples": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "json-ld"),
    "trig": ("application/trig", "trig"),
    "nquads": ("application/n-quads", "nquads"),
    "rdfxml": ("application/rdf+xml", "xml"),
}


def triples(answer: Answer) -> set[tuple]:
    """The triples of an answer, in whichever graph they stand."""
    form = dict(TRIPLES.values())[answer.type]
    dataset = rdflib.Dataset()
    dataset.parse(data=answer.body, format=form)
    return {quad[:3] for quad in dataset.quads()}


WAYS: dict[str, Callable[[Server, str, str], Answer]] = {
    "GET": lambda server, query, accept: server.ask(query, accept),
    "form": lambda server, query, accept: server.post(
        urlencode({"query": query}), FORM, Accept=accept
    ),
    "body": lambda server, query, accept: server.post(
        query, "application/sparql-query", Accept=accept
    ),
    "GET with a slash": lambda server, query, accept: server.get(
        "/sparql/?" + urlencode({"query": query}), accept
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_comes_in_each_format(name: str, server: Server):
    media, read = TABLES[name]
    answer = server.ask(SELECT, media)
    assert (answer.status, answer.type) == (200, media)
    assert read(answer) == [["1", 'x,"y'], ["http://x/", None]]
    by_name = server.ask(SELECT, format=name)
    assert (by_name.type, by_name.body) == (media, answer.body)


@pytest.mark.parametrize("name", TRIPLES)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_triples_come_in_each_format(name: str, query: str, server: Server):
    media, _ = TRIPLES[name]
    answer = server.ask(query, media)
    assert (answer.status, answer.type) == (200, media)
    assert triples(answer) == triples(server.ask(query, "application/n-triples")) != set()
    assert server.ask(query, format=name).type == media


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_asking_is_as_good(way: str, server: Server):
    ask = WAYS[way]
    for name, (media, read) in TABLES.items():
        answer = ask(server, SELECT, media)
        assert (answer.status, answer.type) == (200, media), name
        assert read(answer) == [["1", 'x,"y'], ["http://x/", None]], name
    for media, _ in TRIPLES.values():
        answer = ask(server, CONSTRUCT, media)
        assert (answer.status, answer.type) == (200, media)
    assert ask(server, ASK, "application/sparql-results+json").json()["boolean"] is True
    told = ask(server, "ASK { FILTER(false) }", "application/sparql-results+xml")
    assert "<boolean>false</boolean>" in told.text


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (SELECT, None, "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "", "application/sparql-results+json"),
        (SELECT, "application/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "TEXT/CSV", "text/csv"),
        (
            SELECT,
            "text/csv;q=0.1, application/sparql-results+xml",
            "application/sparql-results+xml",
        ),
        (SELECT, "text/csv; q=0.9, application/sparql-results+xml;q=0.2", "text/csv"),
        (SELECT, "text/csv;q=0, */*;q=0.1", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+json;q=0, text/csv;q=0.1", "text/csv"),
        (SELECT, "text/turtle, text/csv;q=0.5", "text/csv"),
        (SELECT, "image/png, */*;q=0.01", "application/sparql-results+json"),
        (SELECT, "text/csv;q=abc, text/csv;header=present", "text/csv"),
        (ASK, None, "application/sparql-results+json"),
        (CONSTRUCT, None, "text/turtle"),
        (CONSTRUCT, "*/*", "text/turtle"),
        (CONSTRUCT, "text/*", "text/turtle"),
        (CONSTRUCT, "application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml;q=0.9, text/turtle;q=0.1", "application/rdf+xml"),
        (CONSTRUCT, "text/csv, application/n-triples;q=0.1", "application/n-triples"),
    ],
)
def test_the_format_is_the_one_that_is_liked_best(
    query: str, accept: str | None, media: str, server: Server
):
    answer = server.ask(query, accept)
    assert (answer.status, answer.type) == (200, media)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (SELECT, "image/png"),
        (SELECT, "text/turtle"),
        (SELECT, "*/*;q=0"),
        (CONSTRUCT, "text/csv"),
        (CONSTRUCT, "application/sparql-results+json"),
    ],
)
def test_a_format_that_there_is_not_is_406_and_names_those_there_are(
    query: str, accept: str, server: Server
):
    answer = server.ask(query, accept)
    assert answer.status == 406
    assert ("text/csv" if query == SELECT else "text/turtle") in answer.text


@pytest.mark.parametrize("name", ["nonsense", "turtle", "", "../x", "json\r\nX: y"])
def test_a_format_by_name_that_there_is_not_is_refused(name: str, server: Server):
    answer = server.ask(SELECT, format=name)
    assert answer.status in {400, 406}
    assert "x" not in answer.headers


def test_a_browser_that_follows_a_link_comes_to_the_query_page(server: Server):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = server.ask(SELECT, accept)
    assert answer.status == 303
    target = urlsplit(answer.headers["location"])
    assert target.path == "/"
    assert unquote(target.fragment.removeprefix("query=").replace("+", " ")) == SELECT


def test_a_faulty_query_tells_line_and_column(server: Server):
    query = "SELECT *\n{ ?s ?p }"
    plain = server.ask(query)
    assert (plain.status, plain.type) == (400, "text/plain")
    assert "2" in plain.text
    problem = server.ask(query, "application/json")
    assert (problem.status, problem.type) == (400, "application/problem+json")
    told = problem.json()
    assert told["status"] == 400 and told["title"] and told["detail"]
    assert told["line"] == 2 and told["column"] >= 8


def test_an_undeclared_prefix_is_named(server: Server):
    answer = server.ask("SELECT * { ?s nosuch:p ?o }", "application/json")
    assert answer.status == 400
    assert "nosuch" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, None, 400),
        ("GET", "/sparql?query=", {}, None, 400),
        ("GET", "/sparql?query=%FF%FE", {}, None, 400),
        ("GET", "/sparql?default-graph-uri=http://x/", {}, None, 400),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=not%20an%20iri", {}, None, 400),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=relative", {}, None, 400),
        ("POST", "/sparql", {"Content-Type": FORM}, b"", 400),
        ("POST", "/sparql", {"Content-Type": FORM}, b"query=ASK{}&query=ASK{}", 400),
        ("POST", "/sparql", {"Content-Type": FORM}, b"query=%FF", 400),
        ("POST", "/sparql", {"Content-Type": FORM}, b"query=\xff", 400),
        ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, b"", 400),
        ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, b"\xff\xfe", 400),
        ("POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}", 415),
        ("POST", "/sparql", {"Content-Type": "application/json"}, b"{}", 415),
        ("POST", "/sparql", {}, b"ASK {}", 415),
        ("PUT", "/sparql", {}, b"ASK {}", 405),
        ("DELETE", "/sparql", {}, None, 405),
        ("PATCH", "/sparql", {}, None, 405),
        ("PROPFIND", "/sparql", {}, None, 405),
        ("TRACE", "/sparql", {}, None, 405),
        ("POST", "/health", {}, b"", 405),
        ("POST", "/", {}, b"", 405),
        ("DELETE", f"/{CLAIM}", {}, None, 405),
        ("GET", "/no/such/page", {}, None, 404),
        ("GET", "/sparql/more", {}, None, 404),
    ],
)
def test_what_is_not_right_is_told_by_status_and_words(
    method: str, path: str, headers: dict[str, str], body: bytes | None, status: int, server: Server
):
    answer = server.request(method, path, headers, body)
    assert answer.status == status, answer.text
    assert answer.text.strip()
    assert answer.type == "text/plain"
    if status == 405:
        allowed = {word.strip() for word in answer.headers["allow"].split(",")}
        assert {"GET", "HEAD"} <= allowed and method not in allowed


@pytest.mark.parametrize("path", ["/", "/health", "/sparql", f"/{CLAIM}", "/claims.html"])
def test_head_is_get_without_the_body(path: str, server: Server):
    head, get = server.request("HEAD", path), server.get(path)
    assert (head.status, head.body) == (get.status, b"") == (200, b"")
    assert head.type == get.type
    if "content-length" in head.headers:
        assert head.headers["content-length"] == get.headers["content-length"]


def test_head_of_a_query(server: Server):
    path = "/sparql?" + urlencode({"query": SELECT})
    head, get = server.request("HEAD", path), server.get(path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert server.request("HEAD", "/sparql?query=nonsense").status == 400


def test_other_origins_may_read(server: Server):
    answer = server.request(
        "GET", "/sparql?" + urlencode({"query": ASK}), {"Origin": "https://elsewhere.example"}
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers.get("access-control-expose-headers", "").lower()
    assert "ccgkg-empty-graphs" in exposed
    faulty = server.request("GET", "/sparql?query=x", {"Origin": "https://elsewhere.example"})
    assert (faulty.status, faulty.headers["access-control-allow-origin"]) == (400, "*")


def test_a_preflight_is_answered(server: Server):
    answer = server.request(
        "OPTIONS",
        "/sparql",
        {
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, accept",
        },
    )
    assert answer.status in {200, 204}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert allowed == "*" or "content-type" in allowed
    plain = server.request("OPTIONS", "/sparql")
    assert plain.status in {200, 204} and "POST" in plain.headers["allow"]


def test_the_same_answer_is_not_sent_twice(server: Server):
    first = server.ask(SELECT, "text/csv")
    tag = first.headers["etag"]
    path = "/sparql?" + urlencode({"query": SELECT})
    for known in (tag, f'"x", {tag}', "*", tag.removeprefix("W/")):
        again = server.request("GET", path, {"Accept": "text/csv", "If-None-Match": known})
        assert (again.status, again.body) == (304, b""), known
        assert again.headers["etag"] == tag
    for changed in (
        server.get(path, "text/csv", If_None_Match='"other"'),
        server.get(path, "application/json", If_None_Match=tag),
        server.ask(SELECT + " ", "text/csv"),
    ):
        assert changed.status == 200
    assert server.get(path, "application/json").headers["etag"] != tag
    graphs = server.ask(SELECT, "text/csv", default_graph_uri="http://x/")
    assert graphs.headers["etag"] != tag


@pytest.mark.parametrize(
    "call", ["NOW()", "now ( )", "RAND()", "rand()", "UUID()", "STRUUID()", r"NOW#x" + "\n()"]
)
def test_what_changes_from_time_to_time_has_no_tag(call: str, server: Server):
    answer = server.ask(f"SELECT ({call} AS ?x) {{}}")
    assert answer.status == 200
    assert "etag" not in answer.headers


def test_a_blank_node_that_is_made_anew_is_not_kept(server: Server):
    """BNODE() differs from one evaluation to the next, which nobody may notice by a stale tag."""
    assert server.ask("SELECT (BNODE() AS ?x) {}").status == 200
    now = server.ask("SELECT (NOW() AS ?x) {}", "text/csv").text
    assert until(lambda: server.ask("SELECT (NOW() AS ?x) {}", "text/csv").text != now)


@pytest.mark.slow
def test_the_tag_outlives_the_server(server: Server):
    path, named = "/sparql?" + urlencode({"query": SELECT}), {"Host": "localhost"}
    tag = server.request("GET", path, named).headers["etag"]
    with serving() as other:  # at another port, by which relative IRIs are told apart
        assert other.request("GET", path, named).headers["etag"] == tag


@pytest.mark.parametrize(
    "path",
    ["/claims.html", "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 500"})],
    ids=["page", "answer"],
)
def test_large_answers_are_compressed_for_those_who_like_it(path: str, server: Server):
    plain = server.get(path)
    assert "content-encoding" not in plain.headers
    packed = server.get(path, Accept_Encoding="br;q=1, gzip;q=0.8")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert "accept-encoding" in plain.headers["vary"].lower()
    assert server.get(path, Accept_Encoding="gzip;q=0, identity").body == plain.body


def graphs(server: Server) -> list[str]:
    """Three named graphs of the dataset, each with triples of its own."""
    found = server.ask(
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g LIMIT 3", "text/csv"
    )
    return found.text.split()[1:]


def count(server: Server, query: str, **parameters: str | list[str]) -> int:
    return int(server.ask(query, "text/csv", **parameters).text.split()[1])


ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def test_default_graphs_by_parameters_and_by_from(server: Server):
    one, two, three = graphs(server)
    each = {g: count(server, ALL, default_graph_uri=g) for g in (one, two, three)}
    assert all(0 < number < 20 for number in each.values())
    both = count(server, ALL, default_graph_uri=[one, two])
    assert both == count(
        server, f"SELECT (COUNT(*) AS ?n) FROM <{one}> FROM <{two}> {{ ?s ?p ?o }}"
    )
    assert both <= each[one] + each[two]
    twice = count(server, ALL, default_graph_uri=[one, one])
    assert twice == each[one], "a graph that is named twice counts once"
    assert count(server, NAMED, default_graph_uri=one) == 0
    assert count(server, ALL, named_graph_uri=one) == 0
    assert count(server, NAMED, named_graph_uri=[one, three]) == each[one] + each[three]
    from_named = f"SELECT (COUNT(*) AS ?n) FROM NAMED <{one}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert count(server, from_named) == each[one]
    assert count(server, from_named, named_graph_uri=two) == each[two], "the protocol's word wins"
    assert count(server, from_named, default_graph_uri=two) == 0


def test_default_graphs_by_the_posts(server: Server):
    one, two, _ = graphs(server)
    both = count(server, ALL, default_graph_uri=[one, two])
    asked = urlencode([("default-graph-uri", one), ("default-graph-uri", two)])
    form = server.post(f"{urlencode({'query': ALL})}&{asked}", FORM, Accept="text/csv")
    body = server.post(ALL, "application/sparql-query", f"/sparql?{asked}", Accept="text/csv")
    assert int(form.text.split()[1]) == int(body.text.split()[1]) == both


@pytest.fixture(scope="module")
def overlapping(tmp_path_factory: pytest.TempPathFactory):
    """Two graphs that share a triple, as TriG."""
    path = tmp_path_factory.mktemp("overlap") / "overlap.trig"
    path.write_text(
        "@prefix : <http://x/> .\n"
        ":a :p :o .\n"
        ":g1 { :s :p :o . :s :p 1 . :s :p 1.50 }\n"
        ":g2 { :s :p :o . :s :p 2 }\n"
    )
    with serving("--dataset", path) as running:
        yield running


def test_a_triple_in_two_default_graphs_counts_once(overlapping: Server):
    assert count(overlapping, ALL) == 1
    two = ["http://x/g1", "http://x/g2"]
    assert count(overlapping, ALL, default_graph_uri=two) == 4
    assert count(overlapping, NAMED, named_graph_uri=two) == 5
    mixed = (
        "SELECT (COUNT(*) AS ?n) FROM <http://x/g1> FROM <http://x/g2> FROM NAMED <http://x/g1> "
    )
    assert count(overlapping, mixed + "{ ?s ?p ?o }") == 4
    assert count(overlapping, mixed + "{ GRAPH ?g { ?s ?p ?o } }") == 3
    assert count(overlapping, mixed + "{ ?s ?p ?o . GRAPH ?g { ?s ?p ?o } }") == 3
    joined = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?s ?p ?q }"
    assert count(overlapping, joined, default_graph_uri=two) == 16
    path = "SELECT (COUNT(*) AS ?n) { ?s (<http://x/p>|<http://x/q>) ?o }"
    assert count(overlapping, path, default_graph_uri=two) == 4
    exists = "SELECT (COUNT(*) AS ?n) { VALUES ?x { 1 } FILTER EXISTS { ?s ?p ?o } }"
    assert count(overlapping, exists, default_graph_uri=two) == 1


def test_another_dataset_has_no_pages_but_the_rest(overlapping: Server):
    assert overlapping.get("/health").json()["quads"] == 6
    assert overlapping.get("/").status == 200
    assert overlapping.get("/terms.json").status == 200
    assert overlapping.get("/examples.json").json() == []
    assert overlapping.get("/claims.html").status == 404
    assert overlapping.get("/sparql", "text/turtle").status == 200
    assert overlapping.get("/.well-known/void", "text/turtle").status == 200


def test_unknown_graphs_are_empty_and_named(server: Server):
    asked = ["http://no.such/one", "http://no.such/two"]
    answer = server.ask(ALL, "text/csv", default_graph_uri=asked)
    assert (answer.status, answer.text.split()) == (200, ["n", "0"])
    assert answer.headers["ccgkg-empty-graphs"] == ", ".join(f"<{iri}>" for iri in asked)
    assert until(lambda: any(asked[1] in line for line in server.lines))
    (known, *_) = graphs(server)
    mixed = server.ask(f"SELECT * FROM <{known}> FROM <{asked[0]}> {{ ?s ?p ?o }}", "text/csv")
    assert mixed.headers["ccgkg-empty-graphs"] == f"<{asked[0]}>"
    assert len(mixed.text.splitlines()) > 1
    assert "ccgkg-empty-graphs" not in server.ask(ALL, default_graph_uri=known).headers


def test_the_service_describes_itself(server: Server):
    found = rdflib.Graph().parse(data=server.get("/sparql", "text/turtle").body, format="turtle")
    (service,) = found.subjects(RDF.type, SD.Service)
    assert found.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    assert str(found.value(service, SD.endpoint)).startswith(("http://", "https://"))
    assert list(found.objects(service, SD.resultFormat))
    for media, form in TRIPLES.values():
        answer = server.get("/sparql", media)
        assert (answer.status, answer.type) == (200, media)
        assert rdflib.Dataset().parse(data=answer.body, format=form)


def test_void_tells_of_the_dataset(server: Server):
    answer = server.get("/.well-known/void", "text/turtle")
    found = rdflib.Graph().parse(data=answer.body, format="turtle")
    datasets = set(found.subjects(RDF.type, VOID.Dataset))
    assert datasets
    assert set(found.subjects(RDF.type, DCAT.Dataset))
    assert any(found.value(one, VOID.triples) for one in datasets)
    endpoints = {str(one) for one in found.objects(None, VOID.sparqlEndpoint)}
    assert endpoints and all(one.endswith("/sparql") for one in endpoints)


def test_the_shipped_queries_are_examples(server: Server, root: Path):
    answer = server.get("/.well-known/sparql-examples", "text/turtle")
    found = rdflib.Graph().parse(data=answer.body, format="turtle")
    texts = [
        str(text)
        for form in (SH.select, SH.ask, SH.construct, SH.describe)
        for text in found.objects(None, form)
    ]
    assert len(texts) == len(list((root / "queries").glob("*.rq")))
    for text in texts:
        assert server.ask(text).status == 200, text


def test_examples_and_terms_for_the_page(server: Server, root: Path):
    examples = server.get("/examples.json").json()
    assert {one["name"] for one in examples} == {
        one.stem for one in (root / "queries").glob("*.rq")
    }
    for one in examples:
        assert set(one) >= {
            "name",
            "summary",
            "description",
            "tags",
            "text",
            "parameters",
            "defaults",
        }
    terms = server.get("/terms.json").json()
    assert terms["prefixes"]["ccg"] == f"{BASE}ns/"
    names = {one["name"]: one for one in terms["terms"]}
    assert names["ccg:Claim"]["label"]
    assert all(set(one) >= {"iri", "name", "kind"} for one in terms["terms"])
    own = [one for one in terms["terms"] if one["name"].startswith(("ccg:", "nhs:"))]
    assert all(one["label"] and one["definition"] for one in own)


def test_health(server: Server):
    answer = server.get("/health")
    assert (answer.status, answer.type) == (200, "application/json")
    told = answer.json()
    assert told["status"] == "ok"
    assert re.fullmatch("sha256:[0-9a-f]{64}", told["dataset"])
    assert told["quads"] > 20_000 and told["workers"] >= 2 and told["waiting"] == 0


KINDS = """SELECT ?kind (SAMPLE(?s) AS ?one) { ?s ?p ?o
  FILTER(STRSTARTS(STR(?s), "BASE"))
  BIND(REPLACE(STR(?s), "^BASE([^/]*).*$", "$1") AS ?kind) } GROUP BY ?kind""".replace("BASE", BASE)
PAGES = {
    "text/html": ".html",
    "text/turtle": ".ttl",
    "application/ld+json": ".jsonld",
    "application/n-triples": ".nt",
    "application/trig": ".trig",
    "application/n-quads": ".nq",
}


def paths(server: Server, query: str) -> list[str]:
    """The paths of the IRIs in the last column of an answer."""
    rows = list(csv.reader(io.StringIO(server.ask(query, "text/csv").text)))[1:]
    return [quote(unquote("/" + row[-1].removeprefix(BASE).partition("#")[0])) for row in rows]


def leads_somewhere(server: Server, path: str) -> None:
    """An IRI answers in HTML, Turtle and JSON-LD, and the triples are about it."""
    iri = rdflib.URIRef(BASE + unquote(path).removeprefix("/"))
    page = server.get(path, "text/html")
    assert (page.status, page.type) == (200, "text/html"), path
    for media in ("text/turtle", "application/ld+json"):
        answer = server.get(path, media)
        assert (answer.status, answer.type) == (200, media), path
        assert any(str(s).startswith(str(iri)) for s, _, _ in triples(answer)), path
        assert "Accept" in answer.headers["vary"]


def test_every_kind_of_iri_leads_somewhere(server: Server):
    found = paths(server, KINDS)
    assert len(found) >= 12
    for path in found:
        leads_somewhere(server, path)


EVERY = f'SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}")) }}'
SAMPLE = 12
"""IRIs of each kind, spread over all of them: they are answered by one piece of code."""


@pytest.mark.slow
def test_iris_of_each_kind_lead_somewhere(server: Server):
    found = sorted(set(paths(server, EVERY)))
    assert len(found) > 1000
    kinds: dict[str, list[str]] = {}
    for path in found:
        kinds.setdefault(path.split("/")[1], []).append(path)
    for alike in kinds.values():
        for path in alike[:: -(-len(alike) // SAMPLE)]:
            iri = BASE + unquote(path).removeprefix("/")
            page, told = server.get(path, "text/html"), server.get(path, "application/n-triples")
            assert (page.status, page.type) == (200, "text/html"), path
            assert told.status == 200 and f"<{iri}" in told.text, path


@pytest.mark.parametrize("path", [f"/{CLAIM}", "/actor/area-teams", "/source/holder-2014"])
def test_a_suffix_is_as_good_as_an_accept(path: str, server: Server):
    for media, suffix in PAGES.items():
        by_suffix, by_accept = server.get(path + suffix, "*/*"), server.get(path, media)
        assert (by_suffix.status, by_suffix.type) == (200, media), suffix
        assert by_accept.type == media
        if media != "text/html":
            assert triples(by_suffix) == triples(by_accept) != set()
        assert server.get(path + suffix, "image/png").status in {200, 406}
    assert server.get(path + ".exe").status == 404


def test_a_claim_is_cited_in_each_way(server: Server):
    text = server.get(f"/{CLAIM}", "text/plain")
    assert (text.status, text.type) == (200, "text/plain")
    quoted = server.ask(f"SELECT ?q {{ <{BASE}{CLAIM}> <{BASE}ns/quote> ?q }}", "text/csv")
    (_, quote_), *_ = [list(row) for row in zip(*csv.reader(io.StringIO(quoted.text)), strict=True)]
    assert quote_ in " ".join(text.text.split())
    bib = server.get(f"/{CLAIM}", "application/x-bibtex")
    assert bib.status == 200 and bib.text.lstrip().startswith("@")
    csl = server.get(f"/{CLAIM}", "application/vnd.citationstyles.csl+json")
    assert csl.type == "application/vnd.citationstyles.csl+json"
    assert json.loads(csl.text)


def test_an_unknown_claim_names_the_nearest(server: Server):
    answer = server.get("/claim/holder-2014/nhse-holds-contract", "text/plain")
    assert answer.status == 404
    assert "nhse-holds-contracts" in answer.text
    assert server.get("/actor/area-teamz").status == 404


@pytest.mark.parametrize("path", ["/index.html", "/claims.html", "/map.html", "/sources.html"])
def test_the_pages_of_the_site_stand_there(path: str, server: Server):
    answer = server.get(path)
    assert (answer.status, answer.type) == (200, "text/html")
    assert "charset=utf-8" in answer.headers["content-type"].lower()


def test_the_links_of_the_first_page_lead_somewhere(server: Server):
    for start in ("/", "/index.html", f"/{CLAIM}.html"):
        page = server.get(start, "text/html")
        links = set(re.findall(r"""\s(?:href|src)=["']?([^"'#?>\s]+)""", page.text))
        assert links
        for link in links:
            if link.startswith(("http:", "https:", "data:", "mailto:")):
                continue
            path = urlsplit(str(rdflib.URIRef(link, base=server.url + start))).path
            assert server.get(path).status == 200, f"{link} on {start}"


def test_the_network_of_an_answer(server: Server, root: Path):
    text = (root / "queries" / "contracts.rq").read_text()
    page = server.get("/network?" + urlencode({"query": text}))
    assert (page.status, page.type) == (200, "text/html")
    assert server.get("/network?query=nonsense").status == 400
    assert server.get("/network").status == 400
    assert server.get("/network?" + urlencode({"query": "CLEAR ALL"})).status == 403
    service = "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"
    assert server.get("/network?" + urlencode({"query": service})).status == 403


def test_every_answer_forbids_guessing(server: Server):
    for path in (
        "/",
        "/sparql",
        "/health",
        f"/{CLAIM}",
        "/no-such",
        "/sparql?query=x",
        "/terms.json",
    ):
        assert server.get(path).headers["x-content-type-options"] == "nosniff", path


def test_the_log_has_one_line_of_json_a_request(server: Server):
    mark = "http://mark.example/log"
    assert server.ask(ASK, default_graph_uri=mark).status == 200
    assert server.get("/no-such-page-of-this-test").status == 404
    (lacking,) = logged(server, mark)
    assert lacking["status"] == 200 and lacking["path"] == "/sparql"
    (missing,) = logged(server, "no-such-page-of-this-test")
    assert missing["status"] == 404 and missing["method"] == "GET"


def logged(server: Server, words: str) -> list[dict]:
    """The lines of the log that have some words; the line comes when the answer has gone."""
    until(lambda: any(words in line for line in server.lines), 5)
    return [json.loads(line) for line in server.lines if words in line]


def test_many_requests_over_one_connection(server: Server):
    import http.client

    connection = http.client.HTTPConnection(*server.address, timeout=20)
    for number in range(20):
        connection.request(
            "GET", "/sparql?" + urlencode({"query": f"SELECT ({number} AS ?n) {{}}"})
        )
        response = connection.getresponse()
        assert response.status == 200
        assert json.loads(response.read())["results"]["bindings"][0]["n"]["value"] == str(number)
    connection.close()
