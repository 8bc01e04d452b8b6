"""Clients that are slow, that hang up, that talk nonsense: none holds up anybody else.

Nothing here is a library's client: each test writes the bytes itself.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from urllib.parse import urlencode

import pytest

from server.serving import Server, received, serving, status_of, until

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?s ?p ?o }"


def got(server: Server, query: str, *, close: bool = True, version: str = "1.1") -> bytes:
    """The bytes of a GET of a query."""
    end = "Connection: close\r\n" if close else ""
    path = "/sparql?" + urlencode({"query": query})
    return f"GET {path} HTTP/{version}\r\nHost: {server.authority}\r\n{end}\r\n".encode()


def posted(server: Server, body: bytes, *fields: str) -> bytes:
    """The bytes of a POST of a query."""
    head = [
        "POST /sparql HTTP/1.1",
        f"Host: {server.authority}",
        "Content-Type: application/sparql-query",
        "Connection: close",
        *fields,
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def well(server: Server) -> bool:
    """Whether a cheap query that is new is answered at once."""
    answer = server.ask(f"ASK {{}} # {time.monotonic()}")
    return answer.status == 200 and answer.json()["boolean"] and answer.seconds < 1


@pytest.fixture(autouse=True)
def it_is_well_after_it(server: Server) -> Iterator[None]:
    yield
    assert until(lambda: well(server))


# What clients do that mean no harm.


def test_http_1_0(server: Server):
    raw = server.raw(got(server, "ASK {}", close=False, version="1.0"))
    assert status_of(raw) == 200
    assert json.loads(raw.partition(b"\r\n\r\n")[2])["boolean"] is True


def test_chunks(server: Server):
    body = b"3\r\nASK\r\n3;x=y\r\n {}\r\n0\r\n\r\n"
    assert status_of(server.raw(posted(server, body, "Transfer-Encoding: chunked"))) == 200


def test_pipelined_requests_are_answered_in_their_order(server: Server):
    sent = b"".join(
        got(server, f"SELECT ({number} AS ?n) {{}}", close=number == 9) for number in range(10)
    )
    raw = server.raw(sent)
    assert raw.count(b"HTTP/1.1 200") == 10
    places = [raw.index(b'"value":"%d"' % number) for number in range(10)]
    assert places == sorted(places)


def test_expect_100(server: Server):
    body = b"ASK {}"
    fields = (f"Content-Length: {len(body)}", "Expect: 100-continue")
    assert b"HTTP/1.1 200" in server.raw(posted(server, body, *fields))


# What no client should say: slow, for there is much of it.

BAD = {
    "no number": ("Content-Length: x", b"ASK {}"),
    "negative": ("Content-Length: -6", b"ASK {}"),
    "two that differ": ("Content-Length: 6\r\nContent-Length: 7", b"ASK {}"),
    "length and chunks": (
        "Content-Length: 6\r\nTransfer-Encoding: chunked",
        b"6\r\nASK {}\r\n0\r\n\r\n",
    ),
    "plus": ("Content-Length: +6", b"ASK {}"),
    "huge number": ("Content-Length: 99999999999999999999999", b"ASK {}"),
    "chunk of no number": ("Transfer-Encoding: chunked", b"x\r\nASK {}\r\n0\r\n\r\n"),
    "chunk of a huge number": ("Transfer-Encoding: chunked", b"FFFFFFFFFFFFFFFFF\r\nASK {}\r\n"),
    "unknown coding": ("Transfer-Encoding: nonsense", b"ASK {}"),
    "compressed body": ("Content-Encoding: gzip\r\nContent-Length: 6", b"ASK {}"),
    "other charset": ("Content-Length: 6\r\nX: y", b"ASK \xff\xfe"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD)
def test_a_body_whose_length_is_in_doubt_is_no_server_error(name: str, server: Server):
    field, body = BAD[name]
    raw = server.raw(posted(server, body, field), timeout=5, finish=True)
    assert status_of(raw) in {0, 200, 400, 411, 413, 415, 501}, raw[:300]
    assert b"Traceback" not in raw


GARBAGE = {
    "zeros": b"\0" * 1000,
    "TLS": bytes.fromhex("16030100f8010000f40303") + b"\x11" * 300,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    "no version": b"GET /\r\n\r\n",
    "other version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "only line ends": b"\r\n" * 10_000,
    "line feeds alone": b"GET /health HTTP/1.1\nHost: x\n\n",
    "long method": b"G" * 100_000 + b" / HTTP/1.1\r\n\r\n",
    "spaces in the address": b"GET / x HTTP/1.1\r\n\r\n",
    "no address": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
    "header without a name": b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    "space before the colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "zero in a header": b"GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n",
    "no ASCII in a header": b"GET / HTTP/1.1\r\nHost: \xc3\xa9\xff\r\n\r\n",
    "no ASCII in the address": b"GET /\xc3\xa9\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    "asterisk": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "websocket": b"GET /sparql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "cleartext HTTP/2": b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
    b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_no_server_error(name: str, server: Server):
    # With the right Host, so that more of the server is reached.
    sent = GARBAGE[name].replace(b"Host: x\r", b"Host: " + server.authority.encode() + b"\r")
    raw = server.raw(sent, timeout=5, finish=True)
    assert status_of(raw) in {0, 200, 204, 400, 403, 404, 405, 414, 421, 426, 431, 501, 505}
    assert b"Traceback" not in raw


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "statuses"),
    [
        (b"GET /" + b"x" * 400_000 + b" HTTP/1.1\r\n", {400, 414, 431}),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 400_000 + b"\r\n", {400, 431}),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 80_000, {400, 431}),
        (b"GET / HTTP/1.1\r\nAccept: " + b"a/b," * 100_000 + b"\r\n", {400, 431}),
        (b"GET / HTTP/1.1\r\nCookie: " + b"a=b;" * 100_000 + b"\r\n", {400, 431}),
    ],
    ids=["address", "header", "headers", "accept", "cookie"],
)
def test_too_much_of_a_head_is_refused(head: bytes, statuses: set[int], server: Server):
    raw = server.raw(
        head + b"Connection: close\r\nHost: " + server.authority.encode() + b"\r\n\r\n", timeout=5
    )
    assert status_of(raw) in statuses | {0}


@pytest.mark.slow
@pytest.mark.parametrize(
    "accept",
    [
        "," * 3_000,
        "*/*;" + ";".join(f"p{n}=1" for n in range(800)),
        ",".join(f"a{n}/b;q=0.{n}" for n in range(500)),
        "text/html;q=" + "9" * 4_000,
        'text/csv;x="' + "\\" * 3_000,
        "((((((" * 500,
        "text/csv;q=nan",
        "text/csv;q=inf, */*",
        "text/csv;q=1e400",
        "text/csv;q=-1",
        "\xe9/\xff",
        "*/csv, csv, /, text/, /csv",
    ],
)
def test_a_strange_accept_is_no_server_error(accept: str, server: Server):
    for path in ("/sparql?query=ASK%7B%7D", "/claim/holder-2014/nhse-holds-contracts", "/sparql"):
        answer = server.get(path, accept)
        assert answer.status in {200, 303, 400, 406, 431}
        assert answer.seconds < 1


@pytest.mark.slow
@pytest.mark.parametrize("field", ["Accept-Encoding", "If-None-Match", "Range", "Origin", "Cookie"])
def test_a_strange_header_is_no_server_error(field: str, server: Server):
    for value in ('"', "W/", "*", ",,,;q=;", "bytes=0-,0-,0-", "x" * 4_000, "\xff"):
        for path in ("/sparql?query=ASK%7B%7D", "/claims.html", "/health"):
            answer = server.request("GET", path, {field: value})
            assert answer.status in {200, 206, 304, 400, 416, 431}, value
            assert "\n" not in "".join(answer.headers.values()), value


# They wait, or there are many of them.


@pytest.fixture(scope="module")
def patient(cache) -> Iterator[Server]:
    """Its queries may take longer than a head or a body may take to arrive."""
    with serving("--workers", 2, "--timeout", 17) as running:
        yield running


def _trickled(server: Server, sent: bytes, pause: float) -> tuple[float, bytes]:
    """The seconds until the server has enough of what comes byte by byte, and what it says."""
    begin = time.monotonic()
    with server.connect(timeout=2) as slow:
        with suppress(ConnectionError):
            for byte in sent:
                slow.send(bytes([byte]))
                time.sleep(pause)
                if time.monotonic() - begin > LONG:
                    break
        return time.monotonic() - begin, received(slow)


def _half(server: Server) -> tuple[float, bytes]:
    """A body that never comes, cut by the server or not at all."""
    begin = time.monotonic()
    raw = server.raw(posted(server, b"ASK", "Content-Length: 1000"), timeout=LONG)
    return time.monotonic() - begin, raw


def _second(server: Server) -> tuple[float, bytes]:
    """The answer to a first request, behind which comes the half of a second."""
    begin = time.monotonic()
    with server.connect(LONG) as connection:
        connection.sendall(got(server, RUNAWAY, close=False) + b"GET /health HTTP/1.1\r\nHost")
        return time.monotonic() - begin, connection.recv(100)


LONG = 60
"""Seconds that are more than enough for a request to arrive."""

SLOW: dict[str, Callable[[Server], tuple[float, bytes]]] = {
    "head byte by byte": lambda server: _trickled(server, got(server, COUNT) + b"x" * 200, 1),
    "body byte by byte": lambda server: _trickled(
        server, posted(server, b"", "Content-Length: 1000") + b" " * 999, 0.02
    ),
    "no body": _half,
    "half of a second request": _second,
}


@pytest.fixture(scope="module")
def waiting(patient: Server) -> Iterator[dict[str, Future[tuple[float, bytes]]]]:
    """Clients that take their time, all at once: each waits until the server has enough of it."""
    with ThreadPoolExecutor(len(SLOW)) as threads:
        yield {name: threads.submit(client, patient) for name, client in SLOW.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["head byte by byte", "body byte by byte", "no body"])
def test_what_comes_too_slowly_is_cut_off(name: str, waiting):
    seconds, raw = waiting[name].result()
    assert seconds < LONG, "it is still listened to"
    assert status_of(raw) in {0, 408}


@pytest.mark.slow
def test_the_half_of_a_second_request_does_not_cut_the_first(waiting):
    """Its head has a time to arrive, while the first is still being answered."""
    _, raw = waiting["half of a second request"].result()
    assert status_of(raw) == 504


@pytest.mark.slow
def test_300_clients_that_say_no_more_hold_up_nobody(server: Server):
    """A third of them is silent, a third sends half a head, and a third half a body."""
    sent = (
        b"",
        got(server, COUNT)[:-10],
        posted(server, b"ASK", "Content-Length: 1000"),
    )
    with ExitStack() as clients:
        for number in range(300):
            try:
                client = clients.enter_context(server.connect())
                client.sendall(sent[number % 3])
            except ConnectionError:
                continue  # it takes no more of them from one address, which is well
        # They come from an address of their own, as an attacker does.
        assert until(lambda: _from_elsewhere(server) == 200, 5)
        assert server.memory() < 1500


def _from_elsewhere(server: Server) -> int:
    with socket.create_connection(server.address, 5, ("127.0.0.3", 0)) as connection:
        connection.sendall(got(server, f"ASK {{}} # {time.monotonic()}"))
        return status_of(received(connection))


@pytest.mark.slow
def test_readers_of_a_large_answer_that_do_not_read(server: Server):
    """Their answers neither hold a worker nor fill the memory without bound."""
    held = server.memory()
    with ExitStack() as clients:
        for number in range(30):
            client = clients.enter_context(server.connect())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(got(server, f"{LARGE} # {number}"))
        time.sleep(2)
        assert until(lambda: _from_elsewhere(server) == 200, 15)
        assert server.memory() < held + 30 * 20 + 300


@pytest.mark.slow
def test_clients_that_hang_up_free_their_workers(cache):
    with serving("--workers", 2, "--timeout", 60) as server:
        for number in range(4):
            body = f"{RUNAWAY} # {number} of the body".encode()
            for sent in (
                got(server, f"{RUNAWAY} # {number}", close=False),
                posted(server, body, f"Content-Length: {len(body)}"),
            ):
                with server.connect() as client:
                    client.sendall(sent)
                    time.sleep(0.2)
        assert until(lambda: server.get("/health").json()["waiting"] == 0, 10)
        assert until(lambda: well(server), 10), "the runaways of those who left go on"


@pytest.mark.slow
def test_clients_that_reset(server: Server):
    for number in range(100):
        client = server.connect()
        client.sendall(got(server, f"{LARGE} # {number % 3}"))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()


@pytest.mark.slow
def test_pipelined_runaways_of_one_connection(cache):
    """Five hundred requests in one packet are one client's, and when it leaves they are gone."""
    with serving("--workers", 2, "--timeout", 1) as hasty:
        with hasty.connect() as client:
            with suppress(ConnectionError, TimeoutError):
                client.sendall(
                    b"".join(got(hasty, f"{RUNAWAY} # {n}", close=False) for n in range(500))
                )
            time.sleep(1)
            assert until(lambda: _from_elsewhere(hasty) == 200, 10)
        assert until(lambda: well(hasty), 10)
