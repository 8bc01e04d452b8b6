"""Runaway queries, huge queries and crowds: each ends within its limit, and the next is as before.

The limits here are small (1 s, 512 MB, 2 MB), so that a test is short. After each of them a cheap
query answers, the workers are as many as before, and the memory of all processes is bounded.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from server.serving import Answer, Server, serving, status_of, until

pytestmark = pytest.mark.slow

TIMEOUT = 1
MEMORY = 512
WORKERS = 2
BOUND = MEMORY * (WORKERS + 1) + 256
"""Megabytes for the workers at their limits, one that is being replaced, and the server itself."""

CHEAP = "SELECT (COUNT(*) AS ?n) { ?s a ?t }"
FORM = "application/x-www-form-urlencoded"
TOO_LARGE = {400, 413, 414, 431}

RUNAWAYS = {
    "count": ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {504}),
    "order": ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f", {503, 504}),
    "stream": ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {413}),
    "stream of triples": ("CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }", {413, 503, 504}),
    "deep path": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)*/(!<x:x>)*/(!<x:x>)+ ?b }",
        {503, 504},
    ),
    "distinct": ("SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f }", {413, 503, 504}),
    "group": ("SELECT ?a ?f (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?f", {503, 504}),
    "group_concat": ("SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f }", {413, 503, 504}),
    "doubling": (
        "SELECT (STRLEN(?z) AS ?n) { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(31))
        + " BIND(?x31 AS ?z) }",
        {503, 504},
    ),
    "doubling by replacement": (
        "SELECT (STRLEN(?z) AS ?n) { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
        + " ".join(f"BIND(REPLACE(?x{n}, 'a', 'aaaaaaaaaaaaaaaa') AS ?x{n + 1})" for n in range(7))
        + " BIND(?x7 AS ?z) }",
        {503, 504},
    ),
    "exists": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?x ?y ?z FILTER NOT EXISTS "
        "{ ?d ?e ?f . ?g ?h ?i FILTER(?f < ?a && ?i = ?z) } }",
        {503, 504},
    ),
    "offset": ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } OFFSET 9999999999 LIMIT 1", {504}),
    "nothing found": ("ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?f && ?f != ?c) }", {504}),
}

DEEP = 100_000
HUGE = {
    "10 MB of comment": "ASK {} #" + "x" * 10_000_000,
    "10 MB of string": f"ASK {{ FILTER('{'x' * 10_000_000}' = 'y') }}",
    "10,000 unions": "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 10_000) + " } LIMIT 1",
    "10,000 optionals": "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 10_000 + "} LIMIT 1",
    "10,000 triples": "SELECT * { " + "?s ?p ?o . " * 10_000 + "} LIMIT 1",
    "10,000 joins": "SELECT * { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(10_000)) + "}",
    "10,000 columns": "SELECT " + " ".join(f"(1 AS ?v{n})" for n in range(10_000)) + " {}",
    "10,000 graphs": "SELECT * " + " ".join(f"FROM <http://x/{n}>" for n in range(10_000)) + "{}",
    "10,000 values": "SELECT * { VALUES ?x { " + " ".join(map(str, range(10_000))) + " } }",
    "20,000 prefixes": "".join(f"PREFIX p{n}: <http://x/{n}> " for n in range(20_000)) + "ASK {}",
    "10,000 filters": "SELECT * { ?s ?p ?o " + "FILTER(?s != ?o) " * 10_000 + "} LIMIT 1",
    "deep braces": "SELECT * " + "{" * DEEP + "}" * DEEP,
    "deep braces unclosed": "SELECT * " + "{" * DEEP,
    "deep parentheses": "ASK { FILTER(" + "(" * DEEP + "1" + ")" * DEEP + ") }",
    "deep not": "ASK { FILTER(" + "!" * DEEP + "true) }",
    "deep minus": "ASK { FILTER(" + "-" * DEEP + "1) }",
    "deep sum": "ASK { FILTER(" + "1+" * DEEP + "1 > 0) }",
    "deep or": "ASK { FILTER(" + "true||" * DEEP + "true) }",
    "deep call": "ASK { FILTER(" + "STR(" * DEEP + "1" + ")" * DEEP + " = '1') }",
    "deep path": "ASK { ?s " + "(" * DEEP + "<x:x>" + ")*" * DEEP + " ?o }",
    "long path": "ASK { ?s " + "<x:x>/" * DEEP + "<x:x> ?o }",
    "deep optional": "ASK { " + "OPTIONAL { " * 20_000 + "} " * 20_000 + "}",
    "deep exists": "ASK { " + "FILTER EXISTS { " * 20_000 + "} " * 20_000 + "}",
    "deep subselect": "ASK { " + "{ SELECT * { " * 20_000 + "} } " * 20_000 + "}",
    "deep lists": "ASK { ?s ?p " + "(" * DEEP + ")" * DEEP + " }",
    "deep blank nodes": "ASK { ?s ?p " + "[ ?p " * DEEP + "1" + "]" * DEEP + " }",
    "moderate braces": "SELECT * " + "{" * 2_000 + "}" * 2_000,
    "moderate parentheses": "ASK { FILTER(" + "(" * 2_000 + "1" + ")" * 2_000 + ") }",
    "moderate optional": "ASK { " + "OPTIONAL { " * 500 + "} " * 500 + "}",
    "regular expression": "ASK { FILTER(REGEX('" + "a" * 5_000 + "', '(a*)*b')) }",
    "large regular expression": "ASK { FILTER(REGEX('a', '((((a{99}){99}){99}){99})')) }",
    "large number": "SELECT (1e308*1e308 AS ?x) (" + "9" * 100_000 + " AS ?y) {}",
}


@pytest.fixture(scope="module")
def small(cache) -> Iterator[Server]:
    options = ("--timeout", TIMEOUT, "--memory", MEMORY, "--max-bytes", 2_000_000)
    with serving(*options, "--workers", WORKERS) as running:
        yield running


@pytest.fixture(scope="module")
def before(small: Server) -> str:
    """What the cheap query answers."""
    return small.ask(CHEAP, "text/csv").text


@pytest.fixture(autouse=True)
def the_next_is_as_before(small: Server, before: str) -> Iterator[None]:
    yield
    assert until(lambda: small.get("/health").json()["workers"] == WORKERS)
    assert until(lambda: small.get("/health").json()["waiting"] == 0)
    for number in range(WORKERS * 2):  # each worker comes to turn; a comment makes a query new
        answer = small.ask(f"{CHEAP} # {number} {time.monotonic()}", "text/csv")
        assert (answer.status, answer.text) == (200, before)
        assert answer.seconds < 1
    assert small.memory() < BOUND
    assert small.descriptors() < 100
    assert "Traceback" not in "\n".join(small.talk)


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_ends_within_its_limit(name: str, small: Server):
    """By the protocol and as a network, both at once."""
    query, statuses = RUNAWAYS[name]
    with ThreadPoolExecutor(1) as other:
        network = other.submit(small.get, "/network?" + urlencode({"query": query}))
        answer, page = small.ask(query), network.result()
    assert answer.status in statuses, answer.text[:500]
    assert max(answer.seconds, page.seconds) < TIMEOUT + 2
    assert answer.text.strip() and len(answer.body) < 10_000
    assert page.status in {400, 413, 503, 504}
    if answer.status == 503:
        assert "retry-after" in answer.headers
    assert small.memory() < BOUND


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_query_is_refused_or_answered_in_time(name: str, small: Server):
    answer = small.post(HUGE[name], "application/sparql-query")
    assert answer.status in {200, 400, 413, 503, 504}, answer.text[:500]
    assert answer.seconds < TIMEOUT + 3
    assert len(answer.body) < 2_100_000


@pytest.mark.parametrize("name", ["10 MB of string", "10,000 unions", "deep braces", "long path"])
def test_a_huge_query_is_refused_by_the_other_ways_too(name: str, small: Server):
    """They differ in what is read before the query is."""
    sent = urlencode({"query": HUGE[name]})
    answer = small.post(sent, FORM)
    assert answer.status in {200, 400, 413, 503, 504}, answer.text[:500]
    assert answer.seconds < TIMEOUT + 3
    raw = small.raw(
        b"GET /sparql?%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
        % (sent.encode(), small.authority.encode())
    )
    # Nothing at all is what a client sees that still writes when the other side has closed.
    assert status_of(raw) in TOO_LARGE | {200, 0, 503, 504}


def test_10_mb_are_told_to_be_too_many(small: Server):
    query = HUGE["10 MB of comment"]
    assert small.post(query, "application/sparql-query").status == 413
    assert small.post(urlencode({"query": query}), FORM).status == 413
    head = b"POST /sparql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/sparql-query\r\n"
    promised = head + b"Content-Length: 10000000000\r\n\r\n"
    assert status_of(small.raw(promised % small.authority.encode())) == 413


def test_many_parameters(small: Server):
    many = "&".join(f"default-graph-uri=http://x/{n}" for n in range(3_000))
    answer = small.post(f"query=ASK%7B%7D&{many}", FORM)
    assert answer.status in {200, 400, 413}
    assert sum(map(len, answer.headers.values())) < 8_192, "no client reads larger headers"
    assert answer.seconds < TIMEOUT + 2
    other = "&".join(f"p{n}=1" for n in range(100_000))
    assert small.post(f"query=ASK%7B%7D&{other}", FORM).status in {200, 400, 413}


async def _one(server: Server, query: str) -> tuple[int, float]:
    start = time.monotonic()
    try:
        reader, writer = await asyncio.open_connection(*server.address)
    except ConnectionError:
        return 0, time.monotonic() - start
    try:
        path = "/sparql?" + urlencode({"query": query})
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {server.authority}\r\nConnection: close\r\n\r\n".encode()
        )
        raw = await asyncio.wait_for(reader.read(), 60)
    except ConnectionError:
        raw = b""
    finally:
        writer.close()
    return status_of(raw), time.monotonic() - start


def crowd(server: Server, queries: list[str]) -> list[tuple[int, float]]:
    """Send all queries at once: the statuses and seconds in their order."""

    async def together() -> list[tuple[int, float]]:
        return await asyncio.gather(*(_one(server, query) for query in queries))

    return asyncio.run(together())


def test_200_clients_at_once(small: Server):
    found = crowd(small, [f"{CHEAP} # {number}" for number in range(200)])
    statuses = Counter(status for status, _ in found)
    assert set(statuses) <= {200, 429, 503}, statuses
    assert statuses[200] >= WORKERS
    assert max(seconds for _, seconds in found) < 3 * TIMEOUT + 5


def test_200_clients_at_once_with_runaways_among_them(small: Server):
    runaways = [query for query, _ in RUNAWAYS.values()]
    queries = [
        runaways[number // 4 % len(runaways)] if number % 4 == 0 else f"{CHEAP} # {number}"
        for number in range(200)
    ]
    found = crowd(small, queries)
    assert {status for status, _ in found} <= {200, 413, 429, 503, 504}
    assert max(seconds for _, seconds in found) < 30


def test_one_address_does_not_take_all_from_the_others(small: Server):
    """While one address sends nothing but runaways, another gets its cheap answer."""

    async def both() -> int:
        greedy = [asyncio.create_task(_one(small, RUNAWAYS["count"][0])) for _ in range(50)]
        await asyncio.sleep(0.3)
        reader, writer = await asyncio.open_connection(*small.address, local_addr=("127.0.0.2", 0))
        path = "/sparql?" + urlencode({"query": CHEAP + " # other"})
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {small.authority}\r\nConnection: close\r\n\r\n".encode()
        )
        raw = await asyncio.wait_for(reader.read(), 60)
        for task in greedy:
            task.cancel()  # they hang up
        await asyncio.gather(*greedy, return_exceptions=True)
        return status_of(raw)

    assert asyncio.run(both()) == 200


def test_health_answers_while_all_workers_are_busy(small: Server):
    async def ask() -> Answer:
        busy = [asyncio.create_task(_one(small, RUNAWAYS["count"][0])) for _ in range(WORKERS + 2)]
        await asyncio.sleep(0.5)
        answer = await asyncio.to_thread(small.get, "/health")
        page = await asyncio.to_thread(small.get, "/")
        await asyncio.gather(*busy)
        assert page.status == 200
        assert max(answer.seconds, page.seconds) < 1
        return answer

    answer = asyncio.run(ask())
    assert answer.status in {200, 503}
    assert answer.json()["quads"] > 0


def test_a_large_page_read_by_many_costs_no_memory(small: Server):
    for _ in range(3):
        for path in ("/map.html", "/claims.html"):
            assert small.get(path).status == 200
    held = small.memory()

    async def many() -> None:
        await asyncio.gather(*(asyncio.to_thread(small.get, "/map.html") for _ in range(60)))

    asyncio.run(many())
    assert small.memory() < held + 100


def test_answers_that_are_kept_are_bounded(small: Server):
    """Many large answers, each new: what is kept of them may not fill the memory."""
    text = "SELECT ?s ?p ?o ({n} AS ?n) {{ ?s ?p ?o }} LIMIT 6000"
    first = small.ask(text.format(n=0), "text/csv")
    assert first.status == 200 and len(first.body) > 500_000
    for number in range(300):
        assert small.ask(text.format(n=number), "text/csv").status == 200
    assert small.memory() < BOUND
