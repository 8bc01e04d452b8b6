"""SERVICE, LOAD and updates are refused before evaluation, and no IRI is ever fetched or read.

A listener on another loopback port and a canary file prove it: whatever a query names, nobody
connects and nobody reads. The innocent words `service` and `load` are answered as any other.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlencode, urlsplit

import pytest

from server.serving import Server, until

CANARY = "the-canary-sings"

SERVICES = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "small letters": "SELECT * { service <URL> { ?s ?p ?o } }",
    "mixed letters": "SELECT * { SeRvIcE <URL> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "ask": "ASK { SERVICE <URL> { ?s ?p ?o } }",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "describe": "DESCRIBE ?s WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "no space": "SELECT*{SERVICE<URL>{?s?p?o}}",
    "comment before": "SELECT * { #x\nSERVICE <URL> { ?s ?p ?o } }",
    "comment between": "SELECT * { SERVICE#x\n<URL> { ?s ?p ?o } }",
    "comment with a carriage return": "SELECT * { # {\rSERVICE <URL> { ?s ?p ?o } }",
    "comment that ends nothing": "SELECT * { # '''\nSERVICE <URL> { ?s ?p ?o } #'''\n}",
    "line ends": "SELECT\r\n*\r\n{\r\nSERVICE\r\n<URL>\r\n{\r\n?s\t?p\t?o\r\n}\r\n}",
    "escape of the first letter": r"SELECT * { \u0053ERVICE <URL> { ?s ?p ?o } }",
    "escape of a middle letter": r"SELECT * { SER\u0056ICE <URL> { ?s ?p ?o } }",
    "long escape": r"SELECT * { \U00000053ERVICE <URL> { ?s ?p ?o } }",
    "escapes alone": r"SELECT * { \u0073\u0065\u0072\u0076\u0069\u0063\u0065 <URL> {?s ?p ?o} }",
    "escaped brace": r"SELECT * \u007B SERVICE <URL> { ?s ?p ?o } \u007D",
    "escaped quote hides it": r"SELECT * { BIND(\u0022a\u0022 AS ?a) SERVICE <URL> {?s ?p ?o} }",
    "escaped brackets": r"SELECT * { SERVICE \u003CURL\u003E { ?s ?p ?o } }",
    "in a subselect": "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "in an optional": "SELECT * { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "in a union": "SELECT * { { ?s ?p ?o } UNION { SERVICE <URL> { ?s ?p ?o } } }",
    "in minus": "SELECT * { ?s ?p ?o MINUS { SERVICE <URL> { ?s ?p ?o } } }",
    "in exists": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "in not exists": "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "in bind exists": "SELECT * { BIND(EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?e) }",
    "in having exists": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s "
    "HAVING (EXISTS { SERVICE <URL> { ?s ?p ?o } })",
    "in order by exists": "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <URL> {?s ?p ?o} })",
    "in the select list": "SELECT (EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?e) {}",
    "in a graph": "SELECT * { GRAPH ?g { SERVICE <URL> { ?s ?p ?o } } }",
    "in a service": "SELECT * { SERVICE SILENT <URL> { SERVICE <URL> { ?s ?p ?o } } }",
    "in lateral": "SELECT * { ?s ?p ?o LATERAL { SERVICE <URL> { ?s ?p ?o } } }",
    "variable": "SELECT * { VALUES ?e { <URL> } SERVICE ?e { ?s ?p ?o } }",
    "dollar variable": "SELECT * { BIND(<URL> AS ?e) SERVICE $e { ?s ?p ?o } }",
    "variable built of strings": "SELECT * { BIND(IRI('URL') AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "prefixed name": "PREFIX e: <URL> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "prefix called service": "PREFIX service: <URL> SELECT * { SERVICE service: { ?s ?p ?o } }",
    "relative": "BASE <URL> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "after a string with quotes": """SELECT * { BIND("a\\"b" AS ?a) SERVICE <URL> {?s ?p ?o} }""",
    "after a long string": "SELECT * { BIND('''a''b' ''' AS ?a) SERVICE <URL> { ?s ?p ?o } }",
    "after a string that ends in a backslash": "SELECT * { BIND('a\\\\' AS ?a) SERVICE <URL> {} }",
    "after a less-than": "SELECT * { FILTER(1 <2) SERVICE <URL> { ?s ?p ?o } FILTER(3> 2) }",
    "after a less-than with no spaces": "SELECT*{FILTER(?a<?b)SERVICE<URL>{?s?p?o}FILTER(?b>?c)}",
    "after a hash in an IRI": "SELECT * { <http://x/#a> ?p ?o . SERVICE <URL> { ?s ?p ?o } }",
    "after a hash in a local name": r"PREFIX x: <http://x/> SELECT * { x:a\#b ?p ?o . SERVICE "
    "<URL> { ?s ?p ?o } }",
    "after an apostrophe in a name": r"PREFIX x: <http://x/> SELECT * { x:a\'b ?p ?o . SERVICE "
    "<URL> { ?s ?p ?o } }",
    "after a language tag": "SELECT * { BIND('a'@en AS ?a) SERVICE <URL> { ?s ?p ?o } }",
    "glued to a number": "SELECT * { FILTER(1=1)SERVICE<URL>{} }",
    "after a byte order mark": "\ufeffSELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "file": "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "itself": "SELECT * { SERVICE <SELF> { ?s ?p ?o } }",
}

UPDATES = {
    "load": "LOAD <URL>",
    "load silent": "LOAD SILENT <URL>",
    "load into": "LOAD <URL> INTO GRAPH <http://g/>",
    "load file": "LOAD <file:///etc/passwd>",
    "load in small letters": "load <URL>",
    "load with an escape": r"\u004COAD <URL>",
    "load after a comment": "# SELECT * { ?s ?p ?o }\nLOAD <URL>",
    "load after a prefix": "PREFIX a: <http://a/> BASE <http://b/> LOAD <URL>",
    "insert data": "INSERT DATA { <http://a> <http://a> <http://a> }",
    "delete data": "DELETE DATA { <http://a> <http://a> <http://a> }",
    "delete where": "DELETE WHERE { ?s ?p ?o }",
    "delete all": "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "insert where": "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "insert from a service": "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "with": "WITH <http://g/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "clear, mixed": "cLeAr#\rSILENT aLL",
    "drop": "DROP SILENT ALL",
    "create": "CREATE GRAPH <http://g/>",
    "copy": "COPY <http://a/> TO <http://b/>",
    "move": "MOVE DEFAULT TO <http://b/>",
    "add": "ADD <http://a/> TO DEFAULT",
    "two": "INSERT DATA { <http://a> <http://a> <http://a> } ; CLEAR ALL",
    "query and update": "ASK {} ; CLEAR ALL",
    "nothing": "",
}

INNOCENT = {
    "string": ("ASK { FILTER('SERVICE <http://x/> { }' = 'LOAD <http://x/>') }", False),
    "equal strings": ("ASK { FILTER('service' = \"service\") }", True),
    "long string": ("ASK { FILTER('''SERVICE 'load' <a>''' != \"\"\"CLEAR \"ALL\" \"\"\") }", True),
    "comment": ("ASK { # SERVICE <http://x/> {\n}", True),
    "comment at the end": ("ASK {} # LOAD <http://x/>", True),
    "variables": ("ASK { BIND(1 AS ?service) BIND(2 AS $load) FILTER(?service < $load) }", True),
    "variables of updates": ("ASK { VALUES (?insert ?delete ?clear) { (1 2 3) } }", True),
    "IRI": ("ASK { FILTER(<http://x/SERVICE> != <http://x/LOAD>) }", True),
    "fragment": ("ASK { FILTER(<http://x/#service> != <http://x/#load>) }", True),
    "prefix": ("PREFIX service: <http://x/> ASK { FILTER(service:load = <http://x/load>) }", True),
    "prefix with escape": (r"PREFIX load: <http://x/> ASK { FILTER(load:a\-b != load:) }", True),
    "local name": ("PREFIX x: <http://x/> ASK { FILTER(x:SERVICE != x:insert) }", True),
    "language tag": ("ASK { FILTER(LANG('a'@load) = 'load') }", True),
    "blank node": ("ASK { OPTIONAL { _:service ?p _:load } }", True),
    "escape in a string": (r"ASK { FILTER('\u0053ERVICE' = 'SERVICE') }", True),
    "less-than": ("ASK { VALUES (?a ?b) { (1 2) } FILTER(?a <?b && ?b> ?a) # SERVICE\n}", True),
    "longer words": ("PREFIX services: <http://x/> ASK { FILTER(services:a = services:a) }", True),
    "words of updates": ("PREFIX with: <http://x/> ASK { FILTER(with:add = with:add) }", True),
}


@dataclass
class Listener:
    """Somebody who notes who connects."""

    url: str
    calls: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Listener(f"http://127.0.0.1:{listening.getsockname()[1]}/")

        def note() -> None:
            while True:
                try:
                    caller, address = listening.accept()
                except OSError:
                    return
                found.calls.append(str(address))
                caller.close()

        Thread(target=note, daemon=True).start()
        yield found


@pytest.fixture(scope="module", autouse=True)
def nobody_calls(listener: Listener) -> Iterator[None]:
    """After all of them nobody has called; and the listener would have heard it."""
    yield
    assert listener.calls == []
    parts = urlsplit(listener.url)
    socket.create_connection((parts.hostname, parts.port)).close()
    assert until(lambda: listener.calls), "the listener is deaf"


def posted(server: Server, text: str) -> Iterator[tuple[str, int, str]]:
    """A query's answers by each way of sending it: the way, the status, the words."""
    for way, answer in (
        ("GET", server.get("/sparql?" + urlencode({"query": text}))),
        ("form", server.post(urlencode({"query": text}), "application/x-www-form-urlencoded")),
        ("body", server.post(text, "application/sparql-query")),
    ):
        yield way, answer.status, answer.text


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_refused_whatever_its_spelling(name: str, server: Server, listener: Listener):
    text = SERVICES[name].replace("URL", listener.url).replace("SELF", f"{server.url}/sparql")
    before = len(listener.calls)
    for way, status, told in posted(server, text):
        assert status in {400, 403}, f"{way}: {status} {told}"
        assert told.strip(), way
    assert len(listener.calls) == before


def test_an_escaped_line_end_in_a_comment_calls_nobody(server: Server, listener: Listener):
    """By the letter of SPARQL it ends the comment; the engine thinks not. Both are well here."""
    text = rf"SELECT * {{ #\u000ASERVICE <{listener.url}> {{ ?s ?p ?o }}" + "\n}"
    for _way, status, _told in posted(server, text):
        assert status in {200, 400, 403}
    assert listener.calls == []


def test_a_plain_service_is_refused_with_the_reason(server: Server, listener: Listener):
    refused = server.ask(SERVICES["plain"].replace("URL", listener.url))
    assert refused.status == 403
    assert "SERVICE" in refused.text


@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize("way", ["query", "update"])
def test_an_update_is_refused_however_it_comes(
    name: str, way: str, server: Server, listener: Listener
):
    text = UPDATES[name].replace("URL", listener.url)
    form = "application/x-www-form-urlencoded"
    for answer in (
        server.get("/sparql?" + urlencode({way: text})),
        server.post(urlencode({way: text}), form),
        server.post(urlencode({way: text, "query": "ASK {}"}) if way == "update" else text, form),
        server.post(text, f"application/sparql-{way}"),
        server.post(text, f"application/sparql-{way}; charset=utf-8"),
        server.post("ASK {}", "application/sparql-query", f"/sparql?update={quote(text)}")
        if way == "update"
        else server.post("", "application/sparql-query", f"/sparql?query={quote(text)}"),
    ):
        assert answer.status in {400, 403, 405, 415}, answer.text
        assert answer.text.strip()


def test_an_update_is_refused_with_the_reason(server: Server):
    for answer in (
        server.ask("CLEAR ALL"),
        server.post("CLEAR ALL", "application/sparql-update"),
        server.post("update=CLEAR+ALL", "application/x-www-form-urlencoded"),
        server.get("/sparql?update=CLEAR+ALL"),
    ):
        assert answer.status == 403, answer.text
        assert re.search("read-only|update", answer.text, re.IGNORECASE)


def test_after_all_updates_the_dataset_is_as_it_was(server: Server):
    count = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    found = server.ask(count, "text/csv").text.split()[1]
    assert int(found) == server.get("/health").json()["quads"]


@pytest.mark.parametrize("name", INNOCENT)
def test_innocent_words_are_answered(name: str, server: Server):
    text, wanted = INNOCENT[name]
    for way, status, told in posted(server, text):
        assert status == 200, f"{way}: {told}"
        assert f'"boolean":{str(wanted).lower()}' in told.replace(" ", ""), way


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> list[str]:
    """IRIs that lead to what must not be read."""
    folder = tmp_path_factory.mktemp("canary")
    line = f"<http://c/> <http://c/> {CANARY!r} .\n".replace("'", '"')
    for name in ("canary.nt", "canary.ttl", "canary.nq"):
        (folder / name).write_text(line)
    files = [path.as_uri() for path in sorted(folder.iterdir())]
    host = files[0].replace("file:///", "file://localhost/")
    return [*files, host, files[0].upper(), listener.url, f"{listener.url}canary.ttl"]


def test_a_graph_that_the_dataset_lacks_is_empty_and_never_read(
    server: Server, canaries: list[str], listener: Listener
):
    for iri in canaries:
        for text, parameters in (
            (f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}", {}),
            (f"SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}),
            (f"BASE <{iri}> SELECT * FROM <> {{ ?s ?p ?o }}", {}),
            (f"SELECT * {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", {}),
            ("SELECT * { ?s ?p ?o }", {"default_graph_uri": iri}),
            ("SELECT * { GRAPH ?g { ?s ?p ?o } }", {"named_graph_uri": iri}),
        ):
            answer = server.ask(text, "text/csv", **parameters)
            assert answer.status == 200, answer.text
            assert CANARY not in answer.text
            assert len(answer.text.split()) == 1, "the names of the columns alone"
            if "GRAPH <" not in text:
                assert f"<{iri}>" in answer.headers["ccgkg-empty-graphs"], text
    assert listener.calls == []


def test_describe_and_ask_read_nothing_either(
    server: Server, canaries: list[str], listener: Listener
):
    for iri in canaries:
        answer = server.ask(f"DESCRIBE <{iri}>", "application/n-triples")
        assert (answer.status, answer.text.strip()) == (200, "")
        assert server.ask(f"ASK FROM <{iri}> {{ ?s ?p ?o }}").json()["boolean"] is False
        built = server.ask(f"CONSTRUCT {{ ?s ?p ?o }} FROM <{iri}> {{ ?s ?p ?o }}", "text/turtle")
        assert built.status == 200 and CANARY not in built.text
    assert listener.calls == []


def test_an_address_that_leads_out_is_no_page(server: Server, listener: Listener):
    """`GET http://elsewhere/` is how one asks a proxy, which this is none."""
    for target in (listener.url, f"{listener.url}sparql?query=ASK%7B%7D"):
        head = f"GET {target} HTTP/1.1\r\nHost: {server.authority}\r\nConnection: close\r\n\r\n"
        raw = server.raw(head.encode())
        assert CANARY.encode() not in raw
    raw = server.raw(
        f"CONNECT {listener.url[7:-1]} HTTP/1.1\r\nHost: {server.authority}\r\n\r\n".encode(),
        timeout=2,
    )
    assert not raw.startswith(b"HTTP/1.1 200")
    assert listener.calls == []


def test_nothing_of_the_path_becomes_a_file(server: Server, canaries: list[str]):
    path = canaries[0].removeprefix("file://")
    for address in (path, f"/static{path}", f"/static//{path}", f"/static/../..{path}"):
        answer = server.get(address)
        assert answer.status in {400, 403, 404}
        assert CANARY not in answer.text
    assert Path(path).read_text().count(CANARY) == 1
