"""Wrong hosts, wandering paths, smuggled headers and hostile words: nothing leaves its place."""

from __future__ import annotations

import html
import html.parser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hostile import ASSAULT, Hostile

from server.serving import Answer, Server, serving, status_of

CLAIM = "/claim/holder-2014/nhse-holds-contracts"
ASK = "/sparql?query=ASK%7B%7D"

WRONG_HOSTS = {
    "none": b"",
    "empty": b"Host:\r\n",
    "another": b"Host: evil.example\r\n",
    "another with the port": b"Host: evil.example:PORT\r\n",
    "ours as a part": b"Host: localhost.evil.example:PORT\r\n",
    "ours before an at": b"Host: 127.0.0.1:PORT@evil.example\r\n",
    "two that differ": b"Host: 127.0.0.1:PORT\r\nHost: evil.example\r\n",
    "two the other way": b"Host: evil.example\r\nHost: 127.0.0.1:PORT\r\n",
    "list": b"Host: 127.0.0.1:PORT, evil.example\r\n",
    "address that is not ours": b"Host: 192.0.2.1:PORT\r\n",
    "wildcard": b"Host: *\r\n",
    "path": b"Host: 127.0.0.1:PORT/evil\r\n",
    "script": b"Host: <script>alert(1)</script>\r\n",
    "other IPv6": b"Host: [2001:db8::1]:PORT\r\n",
    "broken IPv6": b"Host: [::1\r\n",
    "line ends": b"Host: evil.example\r\n 127.0.0.1:PORT\r\n",
}
RIGHT_HOSTS = ["127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "[::1]:PORT"]


def with_hosts(server: Server, hosts: bytes, path: str = ASK) -> bytes:
    """A GET with these Host headers; PORT is the server's."""
    sent = hosts.replace(b"PORT", str(server.address[1]).encode())
    return server.raw(b"GET %s HTTP/1.1\r\n%sConnection: close\r\n\r\n" % (path.encode(), sent))


@pytest.mark.parametrize("name", WRONG_HOSTS)
def test_a_wrong_host_is_refused(name: str, server: Server):
    """Else a page elsewhere reads what is on loopback, by a name that resolves to it."""
    for path in (ASK, "/", "/health", CLAIM, "/terms.json", "/static/page.css"):
        raw = with_hosts(server, WRONG_HOSTS[name], path)
        assert status_of(raw) in {400, 421}, f"{path}: {raw[:300]!r}"
        assert b"<script>" not in raw, path
        assert b"evil.example" not in raw.lower().split(b"\r\n\r\n")[0], path


@pytest.mark.parametrize("host", RIGHT_HOSTS)
def test_a_right_host_is_answered(host: str, server: Server):
    assert status_of(with_hosts(server, f"Host: {host}\r\n".encode())) == 200


def test_other_headers_that_name_a_host_change_nothing(server: Server):
    for field in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Host"):
        for path in ("/sparql", "/.well-known/void", "/health", "/"):
            answer = server.request("GET", path, {field: "host=evil.example;proto=https"})
            assert "evil.example" not in answer.text
            assert "evil.example" not in json.dumps(dict(answer.headers))


@pytest.mark.slow
def test_a_host_that_is_allowed(cache):
    with serving("--allow-host", "kg.example", "--allow-host", "other.example") as server:
        for host in ("kg.example", "other.example", "kg.example:PORT", "127.0.0.1:PORT"):
            assert status_of(with_hosts(server, f"Host: {host}\r\n".encode())) == 200, host
        for host in ("evil.example", "sub.kg.example", "kg.example.evil.example"):
            assert status_of(with_hosts(server, f"Host: {host}\r\n".encode())) == 421, host


WANDERING = [
    "/../../../../etc/passwd",
    "/static/../../../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/static/%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "/static/..\\..\\..\\..\\etc\\passwd",
    "/static/..%5c..%5c..%5cetc%5cpasswd",
    "/static//etc/passwd",
    "//etc/passwd",
    "/static/%2Fetc%2Fpasswd",
    "/static/....//....//....//etc/passwd",
    "/static/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "/static/..%c0%af..%c0%afetc/passwd",
    "/static/%00/etc/passwd",
    "/static/page.css%00.html",
    "/static/",
    "/static",
    "/static/.",
    "/static/..",
    "/claim/../../../../etc/passwd",
    "/claim/%2e%2e/%2e%2e/etc/passwd.html",
    "/claim/%00",
    "/claim/%ff%fe",
    "/claim//",
    "/claim/",
    "/%00",
    "/%",
    "/%zz",
    "/%u002e%u002e/",
    "/;/../etc/passwd",
    "/etc/passwd",
    "/pyproject.toml",
    "/.git/config",
    "/manifest.json/..",
    "/seeds/corpus.yaml",
    "/ccgkg/server/app.py",
    "/__init__.py",
    "/static/__init__.py",
    "/.",
    "/..",
    "/" + "a/" * 3_000,
    "/" + "%2e%2e/" * 1_000,
    "/claim/" + "x" * 5_000,
    "/claim/holder-2014/" + quote("é" * 400),
]


@pytest.mark.parametrize("path", WANDERING, ids=[path[:40] for path in WANDERING])
def test_a_path_that_wanders_leads_nowhere(path: str, server: Server):
    raw = server.raw(
        f"GET {path} HTTP/1.1\r\nHost: {server.authority}\r\nConnection: close\r\n\r\n".encode()
    )
    assert status_of(raw) in {301, 307, 308, 400, 403, 404, 414, 431}, raw[:200]
    assert b"root:" not in raw and b"import " not in raw and b"Traceback" not in raw
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"location: //" not in head.lower(), "a redirection to another host"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/%2e%2e",
        "//evil.example/",
        "/\\evil.example/",
        "//evil.example/sparql/",
        "//evil.example//sparql/../",
    ],
)
def test_no_redirection_leads_to_another_host(path: str, server: Server):
    for method in ("GET", "POST", "HEAD"):
        raw = server.raw(
            f"{method} {path} HTTP/1.1\r\nHost: {server.authority}\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        for line in raw.lower().partition(b"\r\n\r\n")[0].split(b"\r\n"):
            if line.startswith(b"location:"):
                assert line.split()[1].startswith((b"/", server.url.encode()))
                assert not line.split()[1].startswith((b"//", b"/\\"))


SMUGGLED = "x\r\nSet-Cookie: smuggled=1\r\n\r\n<script>alert(1)</script>"
IRIS = {
    "line ends": f"http://x/{SMUGGLED}",
    "line feed": "http://x/\nSet-Cookie: smuggled=1",
    "carriage return": "http://x/\rSet-Cookie: smuggled=1",
    "next line": "http://x/\x85Set-Cookie: smuggled=1",
    "separator": "http://x/\u2028Set-Cookie: smuggled=1",
    "not Latin": "http://x/\u010d\u010aSet-Cookie: smuggled=1",
    "angle bracket": "http://x/>, <http://smuggled/",
    "quotes": 'http://x/"; smuggled="1',
    "zero": "http://x/\0smuggled",
    "escape": "http://x/\x1b[31msmuggled",
    "spaces": "http://x/a b",
    "emoji": "http://x/\U0001f9e8",
    "override": "http://x/\u202egnp",
    "surrogate": "http://x/%ED%A0%80",
    "long": "http://x/" + "a" * 20_000,
    "script": "javascript:alert(1)",
    "empty": "",
}


def clean(answer: Answer, server: Server, lines: int) -> None:
    """No header was smuggled in, and the log has lines of JSON alone."""
    assert "set-cookie" not in answer.headers
    assert all(value.isprintable() for value in answer.headers.values()), answer.headers
    assert sum(map(len, answer.headers.values())) < 16_000
    for line in server.lines[lines:]:
        assert line.startswith("{") and json.loads(line)
        assert "\x1b" not in line


@pytest.mark.parametrize("name", IRIS)
def test_no_header_is_smuggled_in_by_an_iri(name: str, server: Server):
    iri = IRIS[name]
    lines = len(server.lines)
    for parameter in ("default_graph_uri", "named_graph_uri", "format", "nonsense"):
        answer = (
            server.ask("ASK {}", **{parameter: iri})
            if len(iri) < 10_000
            else server.post(
                urlencode({"query": "ASK {}", parameter.replace("_", "-"): iri}),
                "application/x-www-form-urlencoded",
            )
        )
        assert answer.status in {200, 400, 406, 413}, answer.text
        clean(answer, server, lines)
    escaped = "".join(f"\\U{ord(letter):08x}" for letter in iri[:500])
    for graph in (iri, escaped):
        answer = server.post(f"ASK FROM <{graph}> {{}}", "application/sparql-query")
        assert answer.status in {200, 400, 413}
        clean(answer, server, lines)


@pytest.mark.parametrize("where", ["path", "accept", "origin", "query", "method"])
def test_the_log_stays_json_whatever_is_asked(where: str, server: Server):
    evil = '"},{"status":200,"x":"\\u001b[31m\t' + ASSAULT
    lines = len(server.lines)
    if where == "path":
        answer = server.get("/" + quote(evil))
    elif where == "query":
        answer = server.ask(evil)
    elif where == "method":
        answer = server.request("X-{}", "/")
    else:
        answer = server.request(
            "GET", "/health", {where: evil.encode("latin-1", "ignore").decode("latin-1")}
        )
    assert answer.status in {200, 400, 404, 405, 406}
    clean(answer, server, lines)


class Tags(html.parser.HTMLParser):
    """What an HTML page has that could run or load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.evil: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            folded = re.sub(r"\s", "", value or "").lower()
            if name.startswith("on") or folded.startswith(("javascript:", "vbscript:")):
                self.evil.append(f"{tag} {name}={value}")
            if name == "src" and folded.startswith(("http:", "https:", "//")):
                self.evil.append(f"{tag} {name}={value}")


def harmless(answer: Answer) -> None:
    """A page with a policy that forbids what comes from elsewhere, and without what would run."""
    assert answer.type == "text/html"
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    policy = html.unescape(
        re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', answer.text)[0]
    )
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}
    assert rules["default-src"] in (["'none'"], ["'self'"])
    assert not re.search(r"https?:|\*(?![\w-])|'unsafe-eval'", policy), policy
    scripts = rules.get("script-src", rules["default-src"])
    assert "'unsafe-inline'" not in scripts, policy
    assert Tags(answer.text).evil == []
    assert answer.headers["x-content-type-options"] == "nosniff"


def pages_of(server: Server) -> list[str]:
    """The paths of some of each kind of page."""
    return [
        "/",
        "/index.html",
        "/claims.html",
        "/map.html",
        f"{CLAIM}.html",
        "/actor/area-teams.html",
    ]


def test_every_page_has_a_policy(server: Server):
    for path in pages_of(server):
        harmless(server.get(path, "text/html"))
    query = "SELECT ?claim { ?claim a ccg:Claim } LIMIT 3"
    harmless(server.get("/network?" + urlencode({"query": query}), "text/html"))
    missing = server.get("/no/such/page", "text/html")
    assert (missing.status, missing.type) == (404, "text/plain")


@pytest.mark.parametrize("where", ["query", "path", "format", "graph", "network"])
def test_nothing_that_was_asked_comes_back_as_html(where: str, server: Server):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    path = {
        "query": "/sparql?" + urlencode({"query": evil}),
        "path": "/claim/" + quote(evil, safe=""),
        "format": "/sparql?" + urlencode({"query": "ASK {}", "format": evil}),
        "graph": "/sparql?" + urlencode({"query": "ASK {}", "default-graph-uri": evil}),
        "network": "/network?" + urlencode({"query": evil}),
    }[where]
    for accept in ("text/html", "text/html,*/*;q=0.1", "text/*", "*/*"):
        answer = server.get(path, accept)
        assert answer.type != "text/html"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if "location" in answer.headers:
            assert answer.headers["location"].startswith("/")
            assert "<" not in answer.headers["location"]


IRI = "https://evil.example/%s"
QUADS = [
    ('<https://evil.example/a> <http://www.w3.org/2000/01/rdf-schema#label> "{}" .', ASSAULT),
    ('<https://evil.example/a> <https://evil.example/p> "{}"@en-x-onerror .', ASSAULT),
    ("<https://evil.example/a> <https://evil.example/p> <{}> .", "javascript:alert(1)"),
    ("<https://evil.example/a> <https://evil.example/p> <{}> .", "data:text/html,%3Cscript%3E"),
    ("<https://evil.example/a> <https://evil.example/'onmouseover='alert(1)> <{}> .", "x:y"),
    ("<https://evil.example/it's/(a)/&amp;/&lt;b&gt;> <https://evil.example/p> <{}> .", "x:y"),
    ("<https://evil.example/a> <https://evil.example/p> <{}> <https://evil.example/'g'> .", "x:y"),
    ("<javascript:alert(1)> <https://evil.example/p> <{}> .", "https://evil.example/a"),
    ("_:b <https://evil.example/p> <{}> .", "https://evil.example/a"),
    ('<https://evil.example/{}> <https://evil.example/p> "long" .', "x" * 3_000),
    ('<https://evil.example/%2e%2e/%2e%2e/etc/{}> <https://evil.example/p> "wanders" .', "passwd"),
    ('<https://evil.example/a> <https://evil.example/p> "{}" .', "W" * 200_000),
]


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" if letter in '"\\\n\r' else letter for letter in text)


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dataset that means harm."""
    path = tmp_path_factory.mktemp("evil") / "evil <img src=x>.nq"
    lines = [line.replace("{}", escaped(text)) for line, text in QUADS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    with serving("--dataset", path) as running:
        yield running


@pytest.mark.slow
def test_a_hostile_dataset_is_harmless_in_each_format(evil: Server):
    everything = evil.ask("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }").json()
    assert len(everything["results"]["bindings"]) == len(QUADS)
    labels = [row["o"]["value"] for row in everything["results"]["bindings"]]
    assert labels.count(ASSAULT) == 2, "every word as it was written"
    for media in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        answer = evil.ask("SELECT * { ?s ?p ?o }", media)
        assert (answer.status, answer.type) == (200, media)
    for media in ("text/turtle", "application/ld+json", "application/trig", "application/n-quads"):
        answer = evil.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", media)
        assert (answer.status, answer.type) == (200, media), answer.text[:300]


@pytest.mark.slow
def test_a_hostile_dataset_is_harmless_in_pages(evil: Server):
    for path in ("/", "/a", "/p", "/it's/(a)/&amp;/&lt;b&gt;", "/'g'", "/" + "x" * 3_000):
        answer = evil.get(quote(path), "text/html")
        assert answer.status in {200, 404, 414}
        if answer.type == "text/html":
            harmless(answer)
            assert "<script>alert" not in answer.text and "<img src=x onerror" not in answer.text
    for path in ("/sparql", "/.well-known/void", "/.well-known/sparql-examples", "/terms.json"):
        assert evil.get(path, "*/*").status == 200, path


@pytest.mark.slow
def test_a_hostile_dataset_describes_itself_well(evil: Server):
    import rdflib

    for path in ("/sparql", "/.well-known/void"):
        answer = evil.get(path, "text/turtle")
        assert rdflib.Graph().parse(data=answer.body, format="turtle")


@pytest.fixture(scope="module")
def assault(hostile: Hostile) -> Iterator[Server]:
    """The corpus every field of which breaks careless pages."""
    with serving(corpus=hostile.root) as running:
        yield running


@pytest.mark.slow
def test_a_hostile_corpus_is_harmless_in_pages(assault: Server):
    rows = assault.ask(
        'SELECT DISTINCT ?s { ?s ?p ?o FILTER(STRSTARTS(STR(?s), "https://example.org/hostile/")) }'
    ).json()["results"]["bindings"]
    paths = [row["s"]["value"].removeprefix("https://example.org/hostile") for row in rows]
    assert len(paths) > 20
    for path in ["/", "/index.html", "/claims.html", "/map.html", *paths]:
        address = quote(path.partition("#")[0])
        answer = assault.get(address, "text/html")
        assert answer.status == 200, path
        harmless(answer)
        assert "<script>alert" not in answer.text and "<img src=x onerror" not in answer.text
        if path in paths:
            assert assault.get(address, "text/turtle").status == 200, path
            assert assault.get(address, "application/ld+json").status == 200, path


@pytest.mark.slow
def test_a_hostile_corpus_is_cited(assault: Server):
    for slug in ("visited", "constructor", "counted", "commented"):
        for media in (
            "text/plain",
            "application/x-bibtex",
            "application/vnd.citationstyles.csl+json",
        ):
            answer = assault.get(f"/claim/constructor/{slug}", media)
            assert (answer.status, answer.type) == (200, media), slug
            clean(answer, assault, len(assault.lines))
            assert answer.headers["x-content-type-options"] == "nosniff"
    assert json.loads(assault.get("/terms.json").body)
    # Beside the corpus's own query stand those of ours that fit any corpus.
    summaries = {one["name"]: one["summary"] for one in assault.get("/examples.json").json()}
    assert ASSAULT in summaries["who-inspects"]


def test_nothing_in_the_checkout_is_served(server: Server, root: Path):
    for path in ("README.md", "pyproject.toml", "ccgkg/server/app.py", "tests/conftest.py"):
        assert (root / path).exists() or path.startswith("ccgkg/server")
        assert server.get("/" + path).status == 404
