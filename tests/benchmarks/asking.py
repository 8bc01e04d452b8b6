"""Clients that cost little beside the servers they measure: sockets and a reader of HTTP/1.1.

Each function is one client, or a few of equal kind, and is run in a process of its own. What comes
back is looked at only after the clock has stopped; an answer that is not the right one ends the
benchmark, so that nobody wins by errors.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import count, repeat
from typing import NamedTuple
from urllib.parse import quote

__all__ = ["Asked", "Place", "paced", "runaways", "together"]

CHEAP = """PREFIX ccg: <https://w3id.org/ccgkg/ns/>
SELECT ?quote ?number WHERE {{
  VALUES (?claim ?number) {{ (<{claim}> {number}) }}
  ?claim ccg:quote ?quote
}}"""
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)")
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked")


class Place(NamedTuple):
    """Where a server answers queries.

    Attributes:
        name: what the table calls it.
        port: of the loopback address.
        path: of its SPARQL service.
    """

    name: str
    port: int
    path: str

    def request(self, query: str) -> bytes:
        """One query by GET, answered as JSON, over a connection that is kept."""
        return (
            f"GET {self.path}?query={quote(query, safe='')} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{self.port}\r\n"
            "Accept: application/sparql-results+json\r\n\r\n"
        ).encode()


class Asked:
    """The cheap query, about one claim after the other or always about the same.

    Args:
        place: whom to ask.
        quotes: each claim's quotes, which are what the server must answer.
        first: the number that the first query carries. A number never asked before makes
            a query never asked before.
        fresh: whether each query has another claim and number than the one before.

    Attributes:
        place: the server.
        answers: number and whole response of each query that was answered.
    """

    def __init__(
        self, place: Place, quotes: Mapping[str, Sequence[str]], first: int, *, fresh: bool
    ) -> None:
        self.place = place
        self._quotes = list(quotes.values())
        # The number is filled in while the clock runs, the rest is not.
        requests = (place.request(CHEAP.format(claim=each, number="{}")) for each in quotes)
        self._requests = [each.decode().split("%7B%7D") for each in requests]
        self._numbers = count(first) if fresh else repeat(first)
        self.answers: list[tuple[int, bytes]] = []

    def next(self) -> tuple[int, bytes]:
        """A number, and the request that carries it."""
        number = next(self._numbers)
        before, after = self._requests[number % len(self._requests)]
        return number, f"{before}{number}{after}".encode()

    def check(self) -> None:
        """End the benchmark if an answer is not what it must be."""
        for number, answer in set(self.answers):
            status, body = answered(answer) or (0, b"")
            rows = [(quote, str(number)) for quote in self._quotes[number % len(self._quotes)]]
            if status != 200 or sorted(_rows(body)) != sorted(rows):
                sys.exit(f"{self.place.name}: wrong answer to a cheap query: {answer[:400]!r}")


def _rows(body: bytes) -> list[tuple[str, str]]:
    """Quotes and numbers of an answer in JSON."""
    bindings = json.loads(body)["results"]["bindings"]
    return [(each["quote"]["value"], each["number"]["value"]) for each in bindings]


def answered(data: bytes) -> tuple[int, bytes] | None:
    """Status and body of a whole response; None while some of it is still to come."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = data[:end].lower(), data[end + 4 :]
    status = int(head[9:12])
    if length := _LENGTH.search(head):
        return (status, body) if len(body) >= int(length[1]) else None
    if not _CHUNKED.search(head):
        raise ValueError(f"a response without a length: {head!r}")
    whole = _joined(body)
    return None if whole is None else (status, whole)


def _joined(chunks: bytes) -> bytes | None:
    """What chunks carry; None while some are still to come."""
    whole, at = [], 0
    while (end := chunks.find(b"\r\n", at)) >= 0:
        size = int(chunks[at:end], 16)
        at = end + 2 + size + 2
        if len(chunks) < at:
            return None
        if not size:
            return b"".join(whole)
        whole.append(chunks[end + 2 : at - 2])
    return None


class Connection:
    """One connection that is kept; one request at a time.

    Attributes:
        socket: what it reads from.
        number: the number of the query that is being asked.
    """

    def __init__(self, place: Place) -> None:
        self.socket = socket.create_connection(("127.0.0.1", place.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = 0
        self._got = b""

    def send(self, number: int, request: bytes) -> None:
        """Send a request, without waiting for what it answers."""
        self.number, self._got = number, b""
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """A whole response; None while some of it is still to come.

        Raises:
            ConnectionError: the server hung up.
            TimeoutError: nothing came within the time set.
        """
        more = self.socket.recv(262_144)
        if not more:
            raise ConnectionError("the server hung up")
        self._got += more
        return self._got if answered(self._got) else None

    def ask(self, request: bytes, until: float) -> bytes:
        """The whole response to a request.

        Raises:
            TimeoutError: it was not there by then.
        """
        self.send(0, request)
        while True:
            left = until - time.perf_counter()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)
            if whole := self.receive():
                return whole


def together(asked: Asked, connections: int, seconds: float) -> float:
    """Answers a second, over connections that each ask again as soon as they are answered."""
    waiting = selectors.DefaultSelector()
    for _ in range(connections):
        each = Connection(asked.place)
        waiting.register(each.socket, selectors.EVENT_READ, each)
        each.send(*asked.next())
    began = time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        for key, _ in waiting.select(began + seconds - now):
            connection: Connection = key.data
            if whole := connection.receive():
                asked.answers.append((connection.number, whole))
                connection.send(*asked.next())
    rate = len(asked.answers) / (time.perf_counter() - began)
    asked.check()
    return rate


def paced(asked: Asked, rate: int, seconds: float) -> list[float]:
    """Seconds that each answer took, when one client asks so many queries a second.

    A query that had to wait for the one before it counts from when it was due; one that is
    not answered by the end counts as long as it has waited.
    """
    connection = Connection(asked.place)
    began = time.perf_counter()
    end = began + seconds
    times = []
    for each in range(int(rate * seconds)):
        sent = due = began + each / rate
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
            sent = time.perf_counter()
        number, request = asked.next()
        try:
            asked.answers.append((number, connection.ask(request, end)))
        except TimeoutError:
            break
        times.append(time.perf_counter() - sent)
    asked.check()
    return times + [seconds - each / rate for each in range(len(times), int(rate * seconds))]


def runaways(place: Place, seconds: float) -> list[int]:
    """Statuses of queries that never end, asked one after another for so long."""
    statuses = []
    end = time.perf_counter() + seconds
    request = place.request(RUNAWAY)
    try:
        while True:
            status, _ = answered(Connection(place).ask(request, end)) or (0, b"")
            statuses.append(status)
    except TimeoutError:
        return statuses
