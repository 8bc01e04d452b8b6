"""What an attacker tries whom the protocol does not name: each was thought of with the code open.

Most are of one kind: something cheap for whoever sends it and dear for whoever answers. The
attacker comes from an address of the loopback, the others from another, so that limits by address
can tell them apart.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import resource
import socket
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlencode

import pytest

from server.serving import (
    PROGRAM,
    Server,
    await_pages,
    end,
    received,
    serving,
    start,
    status_of,
    until,
)

pytestmark = pytest.mark.slow

FORM = "application/x-www-form-urlencoded"
ATTACKER, VICTIM = "127.0.0.9", "127.0.0.1"
PATIENCE = 15
"""Seconds that anybody waits for a cheap answer; by default a query may take 10."""
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def of(server: Server, query: str, *fields: str) -> bytes:
    """The bytes of a GET of a query."""
    head = [f"GET /sparql?{urlencode({'query': query})} HTTP/1.1", f"Host: {server.authority}"]
    return "\r\n".join([*head, "Connection: close", *fields, "", ""]).encode("latin-1")


def dial(server: Server, address: str, timeout: float = 30) -> socket.socket:
    """A connection that comes from an address."""
    return socket.create_connection(server.address, timeout, (address, 0))


def asked(server: Server, query: str, address: str = VICTIM) -> tuple[int, float]:
    """The status of a query, and the seconds until its answer was here."""
    begin = time.monotonic()
    try:
        with dial(server, address, PATIENCE) as connection:
            connection.sendall(of(server, query))
            return status_of(received(connection)), time.monotonic() - begin
    except OSError:
        return 0, time.monotonic() - begin


@contextmanager
def meanwhile(attack: Callable[[], object], threads: int) -> Iterator[None]:
    """Let an attack go on again and again in some threads."""
    going = True

    def run() -> None:
        while going:
            with suppress(OSError):
                attack()

    started = [threading.Thread(target=run, daemon=True) for _ in range(threads)]
    for thread in started:
        thread.start()
    time.sleep(1)
    try:
        yield
    finally:
        going = False
        for thread in started:
            thread.join(10)


def victims(server: Server, number: int = 6) -> list[tuple[int, float]]:
    """What others see: cheap queries one after the other, each new."""
    found = []
    for n in range(number):
        found.append(asked(server, f"SELECT ({n} AS ?n) {{}} # {time.monotonic()}"))
        if found[-1][0] == 0:
            break  # locked out; the others would only wait as long
        time.sleep(0.05)
    return found


# What a query can say that no answer can.


TEMPLATES = [
    "<http://x/s> <http://x/1> 1",
    "<http://x/s> <http://x/> 1",
    "<http://x/s> <urn:1> 1",
    r"<http://x/s> <http://x/p> '\u0001\uFFFE'",
    r"<http://x/s> <http://x/p> '\u0000'",
    "<http://x/s> <http://x/p> 'a'@en-x-very-long",
    "<http://x/s> <http://x/p> 'a'^^<http://x/ä>",
    "<http://x/s> <http://x/p> <<( <http://x/s> <http://x/p> 1 )>>",
    "<http://x/s> <http://x/p> 'a'@en--ltr",
    "<http://x/s> <http://x/p> [] . [] <http://x/p> ()",
]


@pytest.mark.parametrize(
    "media",
    [
        "text/turtle",
        "application/rdf+xml",
        "application/ld+json",
        "application/n-quads",
        "application/trig",
    ],
)
def test_an_answer_that_its_format_cannot_say_is_no_broken_answer(media: str, server: Server):
    for template in TEMPLATES:
        answer = server.ask(f"CONSTRUCT {{ {template} }} {{}}", media)
        assert answer.status in {200, 400, 406}, f"{template}: {answer.text}"
        if answer.status == 200 and media == "application/rdf+xml":
            ET.fromstring(answer.body)


EXPRESSIONS = [
    r"'\u0001'",
    r"'\uFFFE'",
    r"'\u0000'",
    r"'\r\n\t'",
    "1/0",
    "1e0/0",
    "-1e0/0",
    "'NaN'^^xsd:double",
    "<<( <http://x/s> <http://x/p> 1 )>>",
    "'a'@en--ltr",
    "'<&>\"'",
    "BNODE()",
    "'\U0001f9e8'",
]


@pytest.mark.parametrize(
    "media",
    [
        "application/sparql-results+xml",
        "application/sparql-results+json",
        "text/csv",
        "text/tab-separated-values",
    ],
)
def test_a_value_that_its_format_cannot_say_is_no_broken_answer(media: str, server: Server):
    for expression in EXPRESSIONS:
        answer = server.ask(f"SELECT ({expression} AS ?x) {{}}", media)
        assert answer.status in {200, 400, 406}, f"{expression}: {answer.text}"
        if answer.status == 200 and media.endswith("xml"):
            ET.fromstring(answer.body)
        elif answer.status == 200 and media.endswith("json"):
            json.loads(answer.body)


IRIS = [
    "http://[x/",
    "http://x/%zz",
    "http://x/%",
    "http://[::1",
    "http://x:port/",
    "a:",
    "http://x/\u00e9",
    "http://\u212a/",
    "urn:\u200b",
    "http://x/#a#b",
    "x" * 300 + ":y",
]


@pytest.mark.parametrize("iri", IRIS, ids=[ascii(iri)[:20] for iri in IRIS])
def test_an_iri_that_is_none_is_no_error_of_ours(iri: str, server: Server):
    for answer in (
        server.ask("ASK {}", default_graph_uri=iri),
        server.ask("ASK {}", named_graph_uri=iri),
        server.ask(f"ASK FROM <{iri}> {{}}"),
        server.ask(f"BASE <{iri}> ASK FROM <x> {{}}"),
        server.ask(f"PREFIX a: <{iri}> ASK FROM a:b {{}}"),
        server.get("/network?" + urlencode({"query": f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}"})),
    ):
        assert answer.status in {200, 400}, answer.text


@pytest.mark.parametrize("port", ["0", "99999", "65536", "00080", ""])
def test_a_host_with_a_strange_port_is_no_error_of_ours(port: str, server: Server):
    for path in ("/sparql", "/sparql?query=ASK%7B%7D", "/.well-known/void", "/"):
        raw = server.raw(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        assert status_of(raw) in {200, 400, 421}, raw[:300]


@pytest.mark.parametrize("name", ["actor", "no-such", "../actor", "%2e%2e", "claim"])
def test_parameters_of_a_named_query_are_terms_and_no_text(name: str, server: Server):
    evil = '"} SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #'
    for parameters in (
        {},
        {"actor": evil},
        {"claim": evil},
        {"nonsense": evil},
        {"actor": "x" * 9_000},
    ):
        answer = server.get(f"/examples/{name}.rq?{urlencode(parameters)}")
        assert answer.status in {200, 400, 404}, answer.text
        if answer.status == 200:
            assert not re.search(r"^[^\"#<]*\bSERVICE\b", answer.text, re.MULTILINE)


# Which graphs a query reads: the text is read twice, and both must read the same.


@pytest.fixture(scope="module")
def overlapping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two graphs that share a triple."""
    path = tmp_path_factory.mktemp("graphs") / "graphs.trig"
    path.write_text(
        "@prefix : <http://x/> .\n"
        ":g1 { :s :p :o . :s :p 1 } :g2 { :s :p :o . :s :p 2 } <http://x/g1?> { :a :b :c }\n"
        "<http://x/Service> { :a :b :d } <http://x/a/../g1> { :a :b :e }\n"
    )
    with serving("--dataset", path) as running:
        yield running


COUNTS = {
    "plain": ("SELECT {N} {BOTH} {ALL}", 3),
    "small letters": ("select {N} from <http://x/g1> from <http://x/g2> {ALL}", 3),
    "an escape in a comment": (r"SELECT {N} {BOTH} {ALL} # \u0041", 3),
    "an escape in a string": (r"SELECT {N} {BOTH} { ?s ?p ?o FILTER('\u0041' = 'A') }", 3),
    "braces before": ("SELECT {N} (SAMPLE(EXISTS { ?a ?b ?c }) AS ?e) {BOTH} {ALL}", 3),
    "a prefix before": ("PREFIX x: <http://x/> SELECT {N} FROM x:g1 FROM x:g2 {ALL}", 3),
    "a base before": ("BASE <http://x/> SELECT {N} FROM <g1> FROM <g2> {ALL}", 3),
    "comments between": ("SELECT {N} FROM#\n<http://x/g1>FROM #y\n<http://x/g2> {ALL}", 3),
    "a question mark at the end": ("SELECT {N} FROM <http://x/g1?> {ALL}", 1),
    "capitals of the scheme": ("SELECT {N} FROM <HTTP://x/g1> {ALL}", 0),
    "dots in the path": ("SELECT {N} FROM <http://x/a/../g1> {ALL}", 1),
    "a word in the name": ("SELECT {N} FROM <http://x/Service> {ALL}", 1),
    "a variable called from": ("SELECT (COUNT(*) AS ?from) {BOTH} {ALL}", 3),
}


def counting(text: str) -> str:
    """A query of `COUNTS` in full."""
    text = text.replace("{N}", "(COUNT(*) AS ?n)").replace("{ALL}", "{ ?s ?p ?o }")
    return text.replace("{BOTH}", "FROM <http://x/g1> FROM <http://x/g2>")


@pytest.mark.parametrize("name", COUNTS)
def test_from_means_the_same_however_it_is_written(name: str, overlapping: Server):
    text, wanted = COUNTS[name]
    answer = overlapping.ask(counting(text), "text/csv")
    assert answer.status == 200, answer.text
    assert int(re.findall(r"\d+", answer.text.split("\n")[1])[0]) == wanted, answer.text


LACKING = {
    "plain": "ASK FROM <http://no/> {}",
    "construct": "CONSTRUCT { ?s ?p ?o } FROM <http://no/> { ?s ?p ?o }",
    "construct after a prefix": "PREFIX x: <http://x/> CONSTRUCT { ?s ?p ?o } FROM <http://no/> "
    "{ ?s ?p ?o }",
    "construct in small letters": "construct { ?s ?p ?o } from <http://no/> where { ?s ?p ?o }",
    "construct without a template": "CONSTRUCT FROM <http://no/> WHERE { ?s ?p ?o }",
    "describe": "DESCRIBE <http://x/s> FROM <http://no/>",
    "an escape": r"ASK FROM <http://no/> { FILTER('\u0041' = 'A') }",
    "an escape in it": r"ASK FROM <http://n\u006F/> {}",
    "braces before": "SELECT (EXISTS { ?a ?b ?c } AS ?e) FROM <http://no/> {}",
    "named": "ASK FROM NAMED <http://no/> {}",
    "named, with a comment": "ASK FROM#\nNAMED#\n<http://no/> {}",
    "prefixed name": "PREFIX n: <http://no/> ASK FROM n: {}",
}


@pytest.mark.parametrize("name", LACKING)
def test_a_graph_that_is_lacking_is_named_however_it_is_written(name: str, overlapping: Server):
    answer = overlapping.ask(LACKING[name])
    assert answer.status in {200, 400}, answer.text
    if answer.status == 200:
        assert answer.headers.get("ccgkg-empty-graphs") == "<http://no/>"


# Cheap to send, dear to answer.


def test_headers_of_200_kb_hold_up_nobody(server: Server):
    """A header is read in the process that serves all."""
    value = "a," * 100_000
    fields = itertools.cycle(["Accept", "Accept-Encoding", "If-None-Match", "Cookie", "Host"])

    def attack() -> None:
        with dial(server, ATTACKER) as connection:
            connection.sendall(of(server, "ASK {}", f"{next(fields)}: text/html,{value}"))
            received(connection)

    with meanwhile(attack, 10):
        found = victims(server)
    assert {status for status, _ in found} == {200}
    assert sorted(seconds for _, seconds in found)[len(found) // 2] < 0.5, found


def test_a_form_of_percent_signs_holds_up_nobody(server: Server):
    body = b"query=" + b"%41" * 300_000

    def attack() -> None:
        with dial(server, ATTACKER) as connection:
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%s"
                % (server.authority.encode(), FORM.encode(), len(body), body)
            )
            received(connection)

    with meanwhile(attack, 10):
        found = victims(server)
    assert {status for status, _ in found} == {200}
    assert sorted(seconds for _, seconds in found)[len(found) // 2] < 0.5, found


def test_names_of_graphs_are_not_kept_without_measure(cache):
    """The answer of `ASK {}` is small, but a megabyte of names of graphs may hang on it."""
    with serving("--workers", 2) as server:
        assert server.get("/index.html").status == 200
        held = server.memory()
        for number in range(300):
            names = "&".join(
                f"default-graph-uri=http://{number}.{n}.example/{'x' * 900}" for n in range(999)
            )
            assert server.post(f"query=ASK%7B%7D&{names}", FORM).status in {200, 400, 413}
        assert server.memory() < held + 150


def test_many_small_answers_are_not_kept_without_measure(cache):
    """Each takes more room than its bytes: its name, its headers, its place."""
    with serving("--workers", 2) as server:
        await_pages(server)
        many(server, 0, 500)
        held = server.memory()
        many(server, 500, 6_500)
        grown = (server.memory() - held) * 1_000_000 / 6_000
        # 64 MB of answers of 45 bytes would be 1.4 million of them.
        assert grown * 1_400_000 < 500_000_000, f"{grown:.0f} bytes an answer of 45 bytes"


def many(server: Server, first: int, beyond: int) -> None:
    """Ask small queries, each new, some in one packet over a connection that is kept."""
    ending = b"Connection: close\r\n"
    with dial(server, VICTIM) as connection:
        for start_ in range(first, beyond, 50):
            numbers = range(start_, min(start_ + 50, beyond))
            queries = (of(server, f"ASK {{}} # {n}").replace(ending, b"") for n in numbers)
            connection.sendall(b"".join(queries))
            told = b""
            while told.count(b"HTTP/1.1 200") < len(numbers) or not told.endswith(b"}"):
                more = connection.recv(65536)
                assert more, told[-300:]
                told += more


def test_slow_readers_do_not_fill_the_memory(cache):
    """Each of 60 asks for 15 MB, and reads next to nothing of it."""
    query = "SELECT ?s ?p ?o ('" + "x" * 400 + "' AS ?x) ({} AS ?n) {{ ?s ?p ?o }} LIMIT 24000"
    with serving("--workers", 2) as server:
        size = len(server.ask(query.format(0), "text/csv").body)
        assert size > 12_000_000
        held = server.memory()
        with ExitStack() as readers:
            for number in range(60):
                reader = readers.enter_context(dial(server, ATTACKER))
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                with suppress(OSError):
                    reader.sendall(of(server, query.format(number + 1), "Accept: text/csv"))
            most, last = held, time.monotonic() + 12
            while time.monotonic() < last:
                most = max(most, server.memory())
                time.sleep(0.2)
                if not server.get("/health").json()["waiting"]:
                    last = min(last, time.monotonic() + 1)  # what the workers still have
            assert most < held + 400, f"{most - held} MB more"
        assert until(lambda: asked(server, "ASK {} # after")[0] == 200)


def test_1100_silent_connections_of_one_address_lock_out_nobody(server: Server):
    with ExitStack() as silent:
        for _ in range(1100):
            with suppress(OSError):
                silent.enter_context(dial(server, ATTACKER, 5))
        found = victims(server, 10)
        assert [status for status, _ in found] == [200] * 10


def test_connections_beyond_the_number_of_files_end_nothing(cache):
    """`ulimit -n` is often 1024, which connections and pipes share."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        server = start("--workers", 2)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        with ExitStack() as silent:
            for _ in range(400):
                with suppress(OSError):
                    silent.enter_context(dial(server, ATTACKER, 5))
            time.sleep(1)
            for pid in server.workers():
                os.kill(pid, 9)  # and now they want new ones
            time.sleep(1)
        assert until(lambda: asked(server, f"ASK {{}} # {time.monotonic()}")[0] == 200)
        assert until(lambda: len(server.workers()) == 2)
        assert sum(map(len, server.lines)) < 1_000_000, "a flood of complaints"
        server.process.terminate()
        assert server.process.wait(20) == 0
    finally:
        end(server)


def test_whoever_hangs_up_again_and_again_locks_out_nobody(server: Server):
    """A worker whose client has gone is ended; starting another takes longer than hanging up."""
    number = iter(range(1_000_000))

    def attack() -> None:
        with dial(server, ATTACKER) as connection:
            connection.sendall(of(server, f"{RUNAWAY} # {next(number)}"))
            time.sleep(0.02)

    with meanwhile(attack, 8):
        found = victims(server, 10)
    assert [status for status, _ in found] == [200] * 10, found
    assert sorted(seconds for _, seconds in found)[5] < 3, found


@pytest.mark.parametrize(
    "query",
    ["ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }", "SELECT * " + "{" * 30_000],
    ids=["parentheses", "braces"],
)
def test_whoever_makes_workers_fall_again_and_again_locks_out_nobody(query: str, server: Server):
    """A query that nests too deep ends the worker that reads it."""
    number = iter(range(1_000_000))

    def attack() -> None:
        with dial(server, ATTACKER) as connection:
            connection.sendall(of(server, f"{query} # {next(number)}"))
            received(connection)

    with meanwhile(attack, 8):
        found = victims(server, 10)
    assert [status for status, _ in found] == [200] * 10, found
    assert sorted(seconds for _, seconds in found)[5] < 3, found


def test_runaways_of_one_address_do_not_starve_another(cache):
    with serving("--workers", 2, "--timeout", 1) as server:
        number = iter(range(1_000_000))

        def attack() -> None:
            asked(server, f"{RUNAWAY} # {next(number)}", ATTACKER)

        # In one line with them nobody's turn would come before they are refused.
        with meanwhile(attack, 16):
            found = victims(server, 3)
        assert [status for status, _ in found] == [200] * 3, found


def test_a_forged_address_is_no_way_around_the_limit(cache):
    """`X-Forwarded-For` is for proxies; whoever sends it himself is still one client."""
    with serving("--workers", 2, "--timeout", 1) as server:
        statuses: list[int] = []

        def one(n: int) -> None:
            with dial(server, ATTACKER) as connection:
                forged = f"X-Forwarded-For: 192.0.2.{n}"
                connection.sendall(of(server, f"{RUNAWAY} # {n}", forged))
                statuses.append(status_of(received(connection)))

        threads = [threading.Thread(target=one, args=(n,)) for n in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert 429 in statuses
        assert set(statuses) <= {429, 503, 504}
        assert "192.0.2." not in "\n".join(server.lines)


@contextmanager
def logging_into(pipe: int) -> Iterator[Server]:
    """A server of whose log only the first lines are read, until its address is told."""
    process = subprocess.Popen([*PROGRAM, "serve", "--port", "0"], stderr=pipe)
    os.close(pipe)
    server = Server("", process)
    try:
        yield server
        assert process.poll() is None
        process.terminate()
        assert process.wait(20) == 0
    finally:
        end(server)


def told_address(reading: int) -> str:
    """The address that a log tells."""
    told = b""
    while not (found := re.search(rb"at (http://\S+?)/?\s", told)):
        told += os.read(reading, 4096)
    return found[1].decode()


def test_a_log_whose_reader_has_gone_ends_nothing(cache):
    """`ccgkg serve 2>&1 | head -1`."""
    reading, writing = os.pipe()
    with logging_into(writing) as server:
        server.url = told_address(reading)
        os.close(reading)
        for n in range(5):
            assert server.ask(f"ASK {{}} # {n}").status == 200


def test_a_log_that_nobody_reads_on_holds_up_nobody(cache):
    """`ccgkg serve 2>&1 | less`, which reads no further than its screen: the pipe is full."""
    reading, writing = os.pipe()
    with logging_into(writing) as server:
        server.url = told_address(reading)
        for n in range(600):  # more than 64 KB of lines
            assert server.request("GET", f"/health?{n}", timeout=5).status == 200
        os.close(reading)


def test_what_is_told_of_a_fault_is_no_larger_than_the_fault(server: Server):
    """An answer and a line of the log for a megabyte that is wrong are short."""
    lines = len(server.lines)
    wrong = "http://x/ " + "x" * 900_000
    for answer in (
        server.post(urlencode({"query": "ASK {}", "default-graph-uri": wrong}), FORM),
        server.post(urlencode({"query": f"ASK {{ '{wrong}' "}), FORM),
        server.post(urlencode({"query": f"ASK {{ ?s x{'x' * 900_000}:y ?o }}"}), FORM),
        server.post(urlencode({"query": f"SELECT * FROM <http://x/{'x' * 900_000}> {{}}"}), FORM),
        server.get("/claim/" + "x" * 60_000),
    ):
        assert len(answer.body) < 20_000, answer.body[:200]
        assert sum(map(len, answer.headers.values())) < 16_000
    assert until(lambda: len(server.lines) >= lines + 5)
    assert max(map(len, server.lines[lines:])) < 10_000


def test_headers_are_short_enough_for_every_client(server: Server):
    """Python's own client takes no line of more than 65,536 bytes."""
    query = "ASK " + " ".join(f"FROM <http://x/{'y' * 8000}{n}>" for n in range(30)) + " {}"
    answer = server.post(query, "application/sparql-query")
    assert answer.status == 200
    assert len(answer.headers["ccgkg-empty-graphs"]) < 16_000


def test_nothing_is_left_in_the_temporary_folder(cache, tmp_path):
    for stop in (15, 2):
        server = start("--workers", 2, env={"TMPDIR": str(tmp_path)})
        try:
            assert server.ask("ASK {}").status == 200
            os.kill(server.pid, stop)
            assert server.process.wait(20) == 0
        finally:
            end(server)
        assert list(tmp_path.iterdir()) == []


def test_workers_do_not_read_the_folder_of_whoever_starts_it(cache, tmp_path, monkeypatch):
    """A file called json.py where `ccgkg serve` is started is no part of it."""
    for name in ("json", "asyncio", "pyoxigraph", "starlette", "ccgkg"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ccgkg.server.worker"],
        cwd=tmp_path,
        input=b"",
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert b"hijacked" not in done.stderr + done.stdout
