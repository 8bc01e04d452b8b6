"""An endpoint is asked like the store here, and whatever is not a whole answer is an error."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import time
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from stubs import JSON, TURTLE, XML, Reply, Request, answering, description, serving, speaking

import ccgkg
from ccgkg.dataset import exchange
from ccgkg.dataset.cards import read_card
from ccgkg.dataset.endpoint import Endpoint, declared
from ccgkg.dataset.store import Store
from ccgkg.errors import NotBuildable, QueryError, UsageError
from ccgkg.queries.naming import resolve_iri

SELECT = "SELECT ?a { ?a ?b ?c }"
CONSTRUCT = "CONSTRUCT WHERE { ?a ?b ?c }"
ROWS = (
    b'{"head":{"vars":["a"]},"results":{"bindings":['
    b'{"a":{"type":"uri","value":"https://x.org/"}}]}}'
)
ROWS_BACKWARDS = (
    b'{"results":{"bindings":[{"a":{"type":"literal","value":"x"}}]},"head":{"vars":["a"]}}'
)
ROWS_XML = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
    b'<variable name="a"/></head><results><result><binding name="a"><literal>x</literal>'
    b"</binding></result></results></sparql>"
)
NO_ROWS = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
TRUE = b'{"head":{},"boolean":true}'
TRIPLES = b'<https://x.org/a> <https://x.org/b> "c" .'
TRIPLES_XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="https://x.org/">'
    b'<rdf:Description rdf:about="https://x.org/a"><x:b>c</x:b></rdf:Description></rdf:RDF>'
)
PAGE = b"<html><style>p {}</style><h1>Too &lt;many&gt;</h1>\n<p>\x1b[2Jrequests</p></html>"


@pytest.fixture(scope="module", autouse=True)
def no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        yield


@pytest.fixture(scope="module")
def store() -> Store:
    return ccgkg.open().store


@pytest.fixture
def at(store: Store) -> Callable[[str], Endpoint]:
    return lambda url: Endpoint(url, store.manifest, 5)


def brief(value: object) -> str:
    if isinstance(value, Reply):
        return ascii(f"{value.status} {value.media} {value.content[:30]!r}")
    return ascii(value)


def read(endpoint: Endpoint, text: str = SELECT) -> list:
    answer = endpoint.ask(text)
    if answer.kind == "ask":
        return [answer.truth]
    return list(answer.rows() if answer.kind == "select" else answer.triples())


def rows_of(content: bytes, media: str = JSON, **more: object) -> Callable[[Request], Reply]:
    return lambda _: Reply(content, media, **more)


# What is taken


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        (SELECT, Reply(ROWS)),
        (SELECT, Reply(ROWS, f"{JSON}; charset=utf-8")),
        (SELECT, Reply(ROWS, "Application/JSON")),
        (SELECT, Reply(b"\xef\xbb\xbf" + ROWS)),
        (SELECT, Reply(ROWS_XML, XML)),
        (SELECT, Reply(ROWS_XML, "text/xml")),
        (SELECT, Reply(gzip.compress(ROWS, mtime=0), headers={"Content-Encoding": "gzip"})),
        (SELECT, Reply(ROWS, headers={"Content-Encoding": "identity"})),
        (SELECT, Reply(ROWS, headers={"X-SQL-State": "00000"})),
        (SELECT, Reply(NO_ROWS)),
        ("SELECT * { ?b ?c ?a }", Reply(NO_ROWS.replace(b"[]", b'["c","a","b"]', 1))),
        ("ASK {}", Reply(TRUE)),
        (CONSTRUCT, Reply(TRIPLES, TURTLE)),
        (CONSTRUCT, Reply(TRIPLES, "application/n-triples")),
        (CONSTRUCT, Reply(TRIPLES_XML, "application/rdf+xml")),
        (CONSTRUCT, Reply(b"<a> a <b> .", TURTLE)),
        (CONSTRUCT, Reply(b"", TURTLE)),
        ("DESCRIBE <https://x.org/>", Reply(TRIPLES, TURTLE)),
        ("SELECT ?a { ?a ?b ?c FILTER(<https://x.org/only-there>(?a)) }", Reply(ROWS)),
    ],
    ids=brief,
)  # fmt: skip
def test_a_whole_answer_is_taken(text: str, reply: Reply, at: Callable) -> None:
    with serving(lambda _: reply) as stub:
        read(at(stub.url), text)
    (request,) = stub.requests
    assert (request.method, request.form) == ("POST", {"query": [text]})
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    triples = "CON" in text or "DES" in text
    assert request.headers["Accept"].startswith("application/n-triples" if triples else JSON)
    assert request.headers["Accept-Encoding"] == "gzip"
    assert request.headers["User-Agent"].startswith("ccgkg/")


def test_the_address_may_have_a_query(at: Callable) -> None:
    with serving(rows_of(ROWS)) as stub:
        address = f"{stub.url}?default-graph-uri=https://x.org/g&access-token=secret#top"
        endpoint = at(address)
        read(endpoint)
    (request,) = stub.requests
    assert request.path == "/sparql?default-graph-uri=https://x.org/g&access-token=secret"
    assert endpoint.shown == f"{stub.url}?default-graph-uri=https://x.org/g&access-token=…"


def asking(password: str, scheme: str, *, status: int = 401) -> Callable[[Request], Reply]:
    """The replies of an endpoint that wants a login."""

    def replies(request: Request) -> Reply:
        given = request.headers["Authorization"] or ""
        if scheme == "Basic":
            right = given == "Basic " + base64.b64encode(f"me:{password}".encode()).decode()
        else:
            told = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
            right = bool(given) and told["response"] == _digested(told, password)
        asked = {"WWW-Authenticate": f'{scheme} realm="r", nonce="n", qop="auth", algorithm=MD5'}
        return Reply(ROWS) if right else Reply(b"", "", status, asked if status == 401 else {})

    return replies


def _digested(told: dict[str, str], password: str) -> str:
    def hashed(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    who, what = hashed("me", "r", password), hashed("POST", told["uri"])
    return hashed(who, "n", told["nc"], told["cnonce"], "auth", what)


@pytest.mark.parametrize(("scheme", "status"), [("Basic", 401), ("Digest", 401), ("Basic", 403)])
@pytest.mark.parametrize("place", ["address", "environment"])
def test_name_and_password_are_given_as_the_endpoint_asks_for_them(
    scheme: str, status: int, place: str, at: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCGKG_PASSWORD", "s3:cret" if place == "environment" else "another")
    login = "me" if place == "environment" else "me:s3%3Acret"
    with serving(asking("s3:cret", scheme, status=status)) as stub:
        endpoint = at(stub.url.replace("//", f"//{login}@"))
        read(endpoint)
        read(endpoint)
    given = [
        (request.headers["Authorization"] or "").partition(" ")[0] for request in stub.requests
    ]
    assert given == ["", scheme, scheme]
    assert endpoint.shown == stub.url


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_wrong_password_is_told_once(scheme: str, at: Callable) -> None:
    with (
        serving(asking("s3cret", scheme)) as stub,
        pytest.raises(NotBuildable, match=r"does not take this name and password \(HTTP 401\)"),
    ):
        at(stub.url.replace("//", "//me:wrong@")).ask(SELECT)
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    "asked",
    ["Bearer", 'Digest realm="r"', 'Digest realm="r", nonce="n", algorithm=NONE'],
    ids=ascii,
)
def test_a_password_goes_to_nobody_who_asks_for_something_else(asked: str, at: Callable) -> None:
    reply = Reply(b"", "", 401, {"WWW-Authenticate": asked})
    with serving(lambda _: reply) as stub, pytest.raises(NotBuildable):
        at(stub.url.replace("//", "//me:s3cret@")).ask(SELECT)
    assert [request.headers["Authorization"] for request in stub.requests] == [None]


def test_a_password_goes_to_no_other_server(at: Callable) -> None:
    with serving(asking("s3cret", "Basic")) as other:
        away = Reply(b"", "", 307, {"Location": other.url})
        with serving(lambda _: away) as stub, pytest.raises(NotBuildable, match="HTTP 401"):
            at(stub.url.replace("//", "//me:s3cret@")).ask(SELECT)
    assert [request.headers["Authorization"] for request in other.requests] == [None]


@pytest.mark.parametrize(("status", "method"), [(301, "POST"), (302, "POST"), (303, "GET"),
                                                (307, "POST"), (308, "POST")])  # fmt: skip
def test_a_redirect_is_followed_with_the_query(status: int, method: str, at: Callable) -> None:
    def replies(request: Request) -> Reply:
        if request.path == "/sparql":
            return Reply(status=status, headers={"Location": "query/"})
        return Reply(ROWS)

    with serving(replies) as stub:
        assert len(read(at(stub.url))) == 1
    assert [request.path for request in stub.requests] == ["/sparql", "/query/"]
    assert stub.requests[1].method == method
    assert bool(stub.requests[1].form) == (method == "POST")


@pytest.mark.parametrize(
    ("text", "lent"),
    [
        ("ASK { ?a ccg:quote ?b }", ["ccg"]),
        ("PREFIX ccg: <https://x.org/> ASK { ?a ccg:quote ?b ; nhs:pays ?c }", ["nhs"]),
        ("prefix ccg:<https://x.org/>\nASK { ?a ccg:quote 'nhs:pays' } # act:ccgs", []),
        ("ASK { ?a <nhs:pays> ?b ; unknown:p ?c }", []),
        ("ASK { ?a nhs:pays/rdfs:label 3 ; rdfs:label '3'^^xsd:integer }", ["rdfs", "xsd", "nhs"]),
    ],
)
def test_only_prefixes_that_are_used_and_not_declared_are_lent(
    text: str, lent: list[str], store: Store
) -> None:
    prefixes = store.manifest.prefixes
    sent = declared(text, prefixes)
    assert sent.endswith(text)
    added = sent.removesuffix(text)
    assert added == "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in lent)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT ?a { ?a", "line 1, column"),
        ("SELECT ?a { ?a cgc:quote ?b }", "nearest: ccg"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", "SERVICE is refused"),
        ("DELETE WHERE { ?a ?b ?c }", "DELETE is refused"),
        ("LOAD <file:///etc/passwd>", "LOAD is refused"),
        ("SELECT * { S\\u0045RVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", "refused"),
    ],
    ids=ascii,
)
def test_a_broken_or_refused_query_is_told_before_anything_is_sent(
    text: str, says: str, at: Callable
) -> None:
    with serving(rows_of(ROWS)) as stub, pytest.raises(QueryError, match=says):
        at(stub.url).ask(text)
    assert stub.requests == []


# What is refused


@pytest.mark.parametrize(
    "address",
    ["", "localhost:8000/sparql", "example.org/sparql", "ftp://example.org/", "file:///etc/passwd",
     "http://", "https:///sparql", "http://exa mple.org/", "http://x.org:port/", "http://[::1/",
     "http://x.org/\x1b[2J", "-"],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_address_is_a_fault_of_the_call(address: str, at: Callable) -> None:
    with pytest.raises(UsageError, match="address") as told:
        at(address)
    assert "\x1b" not in str(told.value)


STATUSES = {
    401: "wants a name and a password",
    403: "refuses to answer",
    404: r"nothing at this address.*\n.*/sparql",
    405: "no SPARQL endpoint",
    406: "no format",
    408: "too long to receive",
    413: r"too large.*\nAsk for less",
    414: "the address too long",
    415: "no SPARQL endpoint",
    418: "gave no answer",
    204: "gave no answer",
    206: "gave no answer",
    300: "gave no answer",
    429: "asked too often",
    500: "failed",
    502: "cannot reach its own server",
    503: "too busy or down",
    504: "ran out of time",
    599: "failed",
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_told_with_what_the_server_says(status: int, at: Callable) -> None:
    content = b"" if status == 204 else b"the \x1b[31mreason\n" + b"x" * 900
    with (
        serving(rows_of(content, "text/plain", status=status)) as stub,
        pytest.raises(NotBuildable, match=rf"(?s){STATUSES[status]}") as told,
    ):
        at(stub.url).ask(SELECT)
    message = told.value.message
    assert message.startswith(f"{stub.url}: ") and f"(HTTP {status})" in message
    assert ("the [31mreason xxx" in message) == (status != 204)
    assert "\x1b" not in message and len(message) < 500


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(b"SP030: syntax error", "text/plain", 400), ": SP030: syntax error$"),
        (Reply(PAGE, "text/html", 400), r": Too <many> \[2Jrequests$"),
        (Reply(b'{"detail":"no such thing","line":3,"column":7,"hint":"mend it"}',
               "application/problem+json", 400), ": line 3 column 7: no such thing: mend it$"),
        (Reply(b'{"title":"Bad","status":400}', "application/problem+json", 400), ": Bad$"),
        (Reply(b"{broken", "application/problem+json", 400), ": {broken$"),
        (Reply(b"[" * 99_999, "application/json", 400), r": \[+…$"),
        (Reply(b"[1]", "application/json", 400), r": \[1\]$"),
        (Reply(gzip.compress(b"packed", mtime=0), "text/plain", 400, {"Content-Encoding": "gzip"}),
         ": packed$"),
        (Reply(b"not packed", "text/plain", 400, {"Content-Encoding": "gzip"}), r"\(HTTP 400\)$"),
        (Reply(b"\xff\xfe", "text/plain", 400), ": \ufffd\ufffd$"),
        (Reply(b"x" * 999_999, "text/plain", 400), ": x{300}…$"),
    ],
    ids=brief,
)  # fmt: skip
def test_a_query_that_the_endpoint_calls_malformed(reply: Reply, says: str, at: Callable) -> None:
    with (
        serving(lambda _: reply) as stub,
        pytest.raises(QueryError, match=rf"calls the query malformed.*{says}"),
    ):
        at(stub.url).ask(SELECT)


@pytest.mark.parametrize(
    ("after", "hint"),
    [("120", "in 120 s"), ("Fri, 31 Dec 1999 23:59:59 GMT", "after Fri, 31 Dec 1999")],
)
@pytest.mark.parametrize("status", [429, 503])
def test_when_to_try_again_is_told(status: int, after: str, hint: str, at: Callable) -> None:
    with (
        serving(rows_of(b"", "text/plain", status=status, headers={"Retry-After": after})) as stub,
        pytest.raises(NotBuildable) as told,
    ):
        at(stub.url).ask(SELECT)
    assert told.value.hint.startswith(f"Try again {hint}")


BROKEN = {
    "a web page": (SELECT, Reply(PAGE, "text/html; charset=utf-8"), r"web page.*\n.*at /sparql"),
    "a web page of triples": (CONSTRUCT, Reply(PAGE, "application/xhtml+xml"), "web page"),
    "CSV": (SELECT, Reply(b"a\r\n1\r\n", "text/csv"), r"answers in text/csv.*\n.*asked for"),
    "no media type": (SELECT, Reply(ROWS, ""), "a format that it does not name"),
    "rows as triples": (CONSTRUCT, Reply(ROWS), "answers in application/sparql-results"),
    "triples as rows": (SELECT, Reply(TRIPLES, TURTLE), "answers in text/turtle"),
    "nothing": (SELECT, Reply(b""), "is empty"),
    "white space": (SELECT, Reply(b" \n", XML), "is empty"),
    "other JSON": (SELECT, Reply(b'{"a": 1}'), "cut or broken"),
    "other XML": (SELECT, Reply(b"<a/>", XML), "cut or broken"),
    "HTML as JSON": (SELECT, Reply(PAGE), "cut or broken"),
    "deep JSON": (SELECT, Reply(b"[" * 200_000), "cut or broken"),
    "a DOCTYPE": (
        SELECT,
        Reply(ROWS_XML.replace(b"?>", b"?><!DOCTYPE a [<!ENTITY b 'c'>]>", 1), XML),
        "DOCTYPE",
    ),
    "no IRI": (SELECT, Reply(ROWS.replace(b"https://", b"not an IRI")), "cut or broken"),
    "a truth value": (SELECT, Reply(TRUE), r"none to a query of this kind \(SELECT\)"),
    "rows for ASK": ("ASK {}", Reply(ROWS), r"none to a query of this kind \(ASK\)"),
    "other columns": ("SELECT ?b { ?b ?c ?d }", Reply(ROWS), "other columns.*: a$"),
    "a relative name": (CONSTRUCT, Reply(b"<a> a <b> .", "application/n-triples"), "cut or broken"),
    "not UTF-8": (CONSTRUCT, Reply(b"<https://x.org/\xff> a 1 .", TURTLE), "cut or broken"),
    "not packed": (SELECT, Reply(ROWS, headers={"Content-Encoding": "gzip"}), "cannot be unpacked"),
    "packed in part": (
        SELECT,
        Reply(gzip.compress(ROWS, mtime=0)[:-9], headers={"Content-Encoding": "gzip"}),
        "cannot be unpacked",
    ),
    "packed otherwise": (SELECT, Reply(ROWS, headers={"Content-Encoding": "br"}), "packs .* as br"),
    "cut by its length": (SELECT, Reply(ROWS, length=len(ROWS) + 1), "broke off"),
    "out of time": (
        SELECT,
        Reply(ROWS, headers={"X-SQL-State": "S1TAT", "X-SQL-Message": "RC...: anytime"}),
        r"only a part of the answer \(S1TAT: RC\.\.\.: anytime\)",
    ),
    "out of rows": (SELECT, Reply(ROWS, headers={"X-SPARQL-MaxRows": "1"}), "at most 1 rows"),
    "triples out of rows": (
        CONSTRUCT,
        Reply(TRIPLES, TURTLE, headers={"X-SPARQL-MaxRows": "10000"}),
        "at most 10000 rows",
    ),
    "round and round": (
        SELECT,
        Reply(status=307, headers={"Location": "/sparql"}),
        "redirects more than 3 times",
    ),
    "to a file": (SELECT, Reply(status=302, headers={"Location": "file:///etc"}), "is no http"),
    "to no address": (SELECT, Reply(status=302, headers={"Location": "http://["}), "is no http"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_answer_is_an_error(name: str, at: Callable) -> None:
    text, reply, says = BROKEN[name]
    with (
        serving(lambda _: reply) as stub,
        pytest.raises(NotBuildable, match=rf"(?s)^{stub.url}: .*{says}"),
    ):
        read(at(stub.url), text)
    assert len(stub.requests) == (4 if name == "round and round" else 1)


@pytest.mark.parametrize(
    ("text", "content", "media"),
    [
        (SELECT, ROWS, JSON),
        (SELECT, ROWS_BACKWARDS, JSON),
        (SELECT, ROWS_XML, XML),
        ("ASK {}", TRUE, JSON),
        (CONSTRUCT, TRIPLES, TURTLE),
        (CONSTRUCT, TRIPLES_XML, "application/rdf+xml"),
    ],
    ids=["rows", "rows, backwards", "rows in XML", "truth", "triples", "triples in XML"],
)
def test_an_answer_may_be_cut_nowhere(text: str, content: bytes, media: str, at: Callable) -> None:
    sent = b""
    with serving(lambda _: Reply(sent, media)) as stub:
        endpoint = at(stub.url)
        for length in range(0 if media != TURTLE else 1, len(content)):
            sent = content[:length]
            with pytest.raises(NotBuildable, match=r"cut or broken|is empty"):
                read(endpoint, text)
        sent = content
        assert len(read(endpoint, text)) == 1


def test_an_answer_without_end_is_refused(at: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST_BYTES", 100_000)
    bomb = gzip.compress(b" " * 9_000_000, mtime=0)
    assert len(bomb) < exchange.MOST_BYTES
    for reply in (
        Reply(length=10**12, parts=lambda: (b" " * 50_000 for _ in range(1000))),
        Reply(bomb, headers={"Content-Encoding": "gzip"}),
    ):
        with (
            serving(lambda _, reply=reply: reply) as stub,
            pytest.raises(NotBuildable, match="larger than 0 MB"),
        ):
            at(stub.url).ask(SELECT)


def dripping(head: bytes) -> Callable[[], Iterator[bytes]]:
    """A head at once, then a byte now and then, without end."""

    def parts() -> Iterator[bytes]:
        yield head
        while True:
            time.sleep(0.02)
            yield b"x"

    return parts


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n",
     b"HTTP/1.1 500 No\r\nContent-Length: 99999\r\n\r\n"],
    ids=["no answer", "headers without end", "a body that trickles", "an error that trickles"],
)  # fmt: skip
def test_time_is_limited_as_a_whole(head: bytes, store: Store) -> None:
    parts = dripping(head) if head else lambda: (time.sleep(0.3) or b"" for _ in range(1))
    began = time.perf_counter()
    with (
        speaking(parts) as url,
        pytest.raises(NotBuildable, match=r"within 0.15 seconds\n.*--timeout"),
    ):
        Endpoint(url, store.manifest, 0.15).ask(SELECT)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (b"", "broke off"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "broke off, or does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", "broke off"),
    ],
    ids=["silence", "another protocol", "half a head", "half a body"],
)
def test_what_is_no_http_is_told(said: bytes, says: str, at: Callable) -> None:
    with speaking(lambda: iter([said])) as url, pytest.raises(NotBuildable, match=says):
        at(url).ask(SELECT)


def test_nobody_there_is_told(at: Callable) -> None:
    with serving(rows_of(ROWS)) as stub:
        gone = stub.url
    with pytest.raises(NotBuildable, match=rf"^{gone}: cannot be reached: .*refused"):
        at(gone).ask(SELECT)
    with pytest.raises(NotBuildable, match="no server of this name is found"):
        at("http://nobody.invalid/sparql").ask(SELECT)


def test_a_connection_that_is_not_safe_is_told(at: Callable) -> None:
    with (
        serving(rows_of(ROWS)) as stub,
        pytest.raises(NotBuildable, match=r"no safe connection \(TLS\)"),
    ):
        at(stub.url.replace("http:", "https:")).ask(SELECT)


def test_a_redirect_to_what_is_not_encrypted_is_refused(store: Store) -> None:
    import httpx

    safe = exchange.Exchange("https://x.org/sparql", 1)
    to = httpx.Response(
        302,
        headers={"Location": "http://x.org/sparql"},
        request=httpx.Request("POST", "https://x.org/sparql"),
    )
    with pytest.raises(NotBuildable, match=r"from https to http://x.org/sparql, which is not encr"):
        safe._redirected(to)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "nonsense://", "http://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_told(
    proxy: str, at: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(NotBuildable, match=r"proxy|cannot be reached"):
        at("http://x.invalid/sparql").ask(SELECT)


# Cards, names and the dataset


def test_cards_are_those_of_the_store_for_few_requests(store: Store, at: Callable) -> None:
    claims = [claim.text for (claim,) in store.rows("SELECT ?c { ?c a ccg:Claim }") if claim]
    assert len(claims) > 200
    with serving(answering(store.engine)) as stub:
        assert at(stub.url).cards(claims) == [read_card(store, claim) for claim in claims]
        few = len(stub.requests)
        assert few == -(-len(claims) // 50) + 1
        assert at(stub.url).cards(claims[:3]) == store.cards(claims[:3])
        assert len(stub.requests) == few + 2
        assert at(stub.url).cards([]) == []
        assert len(stub.requests) == few + 2


def test_no_request_for_cards_asks_for_more_than_engines_give(store: Store) -> None:
    claims = [claim.text for (claim,) in store.rows("SELECT ?c { ?c a ccg:Claim }") if claim]
    sizes = []

    def replies(request: Request) -> Reply:
        reply = answering(store.engine)(request)
        sizes.append(len(list(ox.parse(reply.content, format=ox.RdfFormat.TURTLE))))
        return reply

    with serving(replies) as stub:
        Endpoint(stub.url, store.manifest, 30).cards(claims)
    assert max(sizes) < 5000


@pytest.mark.parametrize(
    ("word", "requests"),
    [("ccgs", 1), ("act:ccgs", 1), ("pulse-2016/influence-20", 1), ("NHS England", 1),
     ("GPs", 2), ("area teams", 1), ("Kings Fund", 1)],
)  # fmt: skip
def test_names_are_resolved_for_few_requests(
    word: str, requests: int, store: Store, at: Callable
) -> None:
    with serving(answering(store.engine)) as stub:
        assert resolve_iri(at(stub.url), word) == resolve_iri(store, word)
    assert len(stub.requests) == requests


@pytest.mark.parametrize("word", ["nobody", "act:nobody", "trust", "pulse-2016/influence-2"])
def test_a_name_that_fits_nothing_or_several_is_told_as_here(
    word: str, store: Store, at: Callable
) -> None:
    told = []
    with serving(answering(store.engine)) as stub:
        for place in (store, at(stub.url)):
            with pytest.raises(UsageError) as error:
                resolve_iri(place, word)
            told.append(str(error.value))
    assert told[0] == told[1]
    assert len(stub.requests) <= 3


def dataset(store: Store, *more: str) -> ox.Store:
    """A store that holds nothing but what these statements say of the dataset."""
    base = store.manifest.corpus["base"]
    engine = ox.Store()
    for said in more:
        engine.load(f"<{base}dataset> {said} .".encode(), format=ox.RdfFormat.TURTLE)
    return engine


DATASET = "https://w3id.org/ccgkg/dataset"
OTHER = "0" * 64
NAME = '<http://purl.org/dc/terms/identifier> "other"'
VERSION = '<http://www.w3.org/ns/dcat#version> "2.0.0"'


@pytest.mark.parametrize(
    ("said", "described", "named"),
    [
        ((), b"", "as answered by {url}"),
        ((NAME, VERSION), b"", "other 2.0.0, as answered by {url}"),
        ((NAME, VERSION), description(DATASET, OTHER), f"other 2.0.0, sha256:{OTHER}"),
        ((), description(DATASET, OTHER.replace("0", "A")), "sha256:" + "a" * 64),
        ((NAME,), description("https://x.org/another", OTHER), "other, as answered by {url}"),
        ((NAME,), description(DATASET, "no digest"), "other, as answered by {url}"),
        ((NAME,), b"<https://broken", "other, as answered by {url}"),
    ],
    ids=[
        "nothing",
        "by name",
        "by digest",
        "by digest alone",
        "another dataset",
        "no digest",
        "a broken description",
    ],
)
def test_the_dataset_that_answered_is_named(
    said: tuple[str, ...], described: bytes, named: str, store: Store, at: Callable
) -> None:
    asked = answering(dataset(store, *said))

    def replies(request: Request) -> Reply:
        if request.method == "POST":
            return asked(request)
        return Reply(described, TURTLE if described else "text/html")

    with serving(replies) as stub:
        assert at(stub.url).named() == named.format(url=stub.url)
    assert [request.path for request in stub.requests] == ["/sparql", "/.well-known/void"]


def test_an_endpoint_without_our_claims_is_told(store: Store, at: Callable) -> None:
    with (
        serving(answering(ox.Store())) as stub,
        pytest.raises(NotBuildable, match=r"holds no claim of ccg \(https://w3id.org/ccgkg/cl"),
    ):
        at(stub.url).require_claims()
    with serving(answering(store.engine)) as stub:
        at(stub.url).require_claims()


@pytest.mark.parametrize(
    "update",
    [
        "DELETE WHERE { ?claim ccg:source ?s }",
        "DELETE WHERE { ?claim ccg:modality ?s }",
        "DELETE WHERE { ?s ccg:csl ?csl }",
        "DELETE { ?s ccg:csl ?csl } INSERT { ?s ccg:csl '[]' } WHERE { ?s ccg:csl ?csl }",
        "DELETE { ?s ccg:csl ?c } INSERT { ?s ccg:csl '{\"title\": 3}' } WHERE { ?s ccg:csl ?c }",
        "DELETE { ?l ccg:step ?n } INSERT { ?l ccg:step 'one' } WHERE { ?l ccg:step ?n }",
        "DELETE WHERE { ?passage ccg:verdict ?verdict }",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_claim_of_which_too_little_is_said_is_told(
    update: str, store: Store, at: Callable
) -> None:
    engine = ox.Store()
    engine.bulk_load(path=str(store.nquads), format=ox.RdfFormat.N_QUADS)
    engine.update(update, prefixes=store.manifest.prefixes)
    claim = "https://w3id.org/ccgkg/claim/pulse-2016/influence-20"
    with (
        serving(answering(engine)) as stub,
        pytest.raises(NotBuildable, match="too little of the claim pulse-2016/influence-20 "),
    ):
        at(stub.url).cards([claim])
