"""The engines of others as processes: started in a folder of their own, on free ports.

Where a program is missing, its tests are skipped; with CCGKG_REQUIRE_ENGINES=1 they fail.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pyoxigraph as ox
import pytest

PATIENCE = 60
"""Seconds until an engine must answer its first query."""
PASSWORD = "let-me-in"
MOST_ROWS = 10_000
"""That Virtuoso answers; of more it gives these and does not say so."""
BASE = "https://w3id.org/ccgkg/"

_DIRECT = build_opener(ProxyHandler({}))
_TRIPLES = "application/n-triples"


class Engine(Protocol):
    """A running engine.

    Attributes:
        query: where it answers queries.
        ways: the option of `ccgkg push` to the address that goes with it, with login.
        graph: what `ccgkg push --graph` gets.
        folder: where its files are.
        version: the line in which it tells its version.
    """

    query: str
    ways: Mapping[str, str]
    graph: str
    folder: Path
    version: str

    def quads(self) -> set[ox.Quad]:
        """All that it holds, but for what it came with."""
        ...

    def add(self, quads: set[ox.Quad]) -> None:
        """Add quads as somebody else would."""
        ...


def program(name: str) -> str:
    """The path of a program; if it is not here, the test is skipped or fails."""
    beside = str(Path(sys.executable).parent)
    if path := shutil.which(name, path=os.pathsep.join((beside, os.environ.get("PATH", "")))):
        return path
    reason = f"no {name} on PATH; the README says how to get it"
    if os.environ.get("CCGKG_REQUIRE_ENGINES") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def sent(
    url: str, form: Mapping[str, str] | None = None, accept: str = "*/*", body: bytes | None = None
) -> bytes:
    """What a server answers, without any code of ours between."""
    content = urlencode(form).encode() if form else body
    request = Request(url, content, {"Accept": accept})
    if body is not None:
        request.add_header("Content-Type", "application/n-quads")
    with _DIRECT.open(request, timeout=PATIENCE) as answer:
        return answer.read()


def read(url: str, query: str) -> set[ox.Triple]:
    """The triples of a CONSTRUCT."""
    content = sent(url, {"query": query}, _TRIPLES)
    return {quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)}


def rows(url: str, query: str) -> list[tuple]:
    """The rows of a SELECT."""
    content = sent(url, {"query": query}, "application/sparql-results+json")
    return [
        tuple(row) for row in ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    ]


def version(*command: str) -> str:
    """The line in which a program tells its version."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    return next(line.strip() for line in lines if re.search(r"\d+\.\d+", line))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def started(command: list[str], folder: Path, url: str) -> subprocess.Popen:
    """Start a server and wait until it answers."""
    with (folder / "talk.txt").open("ab") as talk:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=talk, stderr=talk
        )
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            sent(url, {"query": "ASK {}"})
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return process
    process.kill()
    process.wait()
    raise AssertionError((folder / "talk.txt").read_text(errors="replace")[-2000:])


@dataclass
class Oxigraph:
    """`oxigraph serve`; it can be killed and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    graph: str = ""

    def __post_init__(self) -> None:
        self.program = program("oxigraph")
        self.version = version(self.program, "--version")
        url = f"http://127.0.0.1:{self.port}"
        self.query = f"{url}/query"
        self.dump = f"{url}/store"
        self.ways = {"--store": f"{url}/store", "--update": f"{url}/update"}
        place = ["--location", "store", "--bind", f"127.0.0.1:{self.port}"]
        self.command = [self.program, "serve", *place]
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = started(self.command, self.folder, self.query)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def quads(self) -> set[ox.Quad]:
        content = sent(self.dump, accept="application/n-quads")
        return set(ox.parse(content, format=ox.RdfFormat.N_QUADS))

    def add(self, quads: set[ox.Quad]) -> None:
        sent(self.dump, body=ox.serialize(quads, format=ox.RdfFormat.N_QUADS))


@contextmanager
def oxigraph(folder: Path) -> Iterator[Oxigraph]:
    """Oxigraph's own server over an empty folder."""
    engine = Oxigraph(folder)
    engine.start()
    try:
        yield engine
    finally:
        engine.kill()


_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
DirsAllowed = {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {most}
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = 60
"""
"""Limits as Debian's `virtuoso.ini` has them."""


@dataclass
class Virtuoso:
    """`virtuoso-t`, with another password than it comes with.

    A buffer takes about 9 KB; of an answer with more than `most` rows it gives these.
    """

    folder: Path
    graph: str = f"{BASE}dataset"
    buffers: int = 10_000
    most: int = MOST_ROWS

    def __post_init__(self) -> None:
        self.program, self.isql = program("virtuoso-t"), program("isql-vt")
        self.version = f"Virtuoso, {version(self.program, '--version')}"
        self.sql, http = free_port(), free_port()
        ini = _INI.format(
            sql=self.sql,
            http=http,
            folder=self.folder,
            most=self.most,
            buffers=self.buffers,
            dirty=self.buffers * 6 // 10,
        )
        (self.folder / "virtuoso.ini").write_text(ini)
        self.query = f"http://127.0.0.1:{http}/sparql"
        inside = f"http://dba:{PASSWORD}@127.0.0.1:{http}"
        self.ways = {
            "--store": f"{inside}/sparql-graph-crud-auth",
            "--update": f"{inside}/sparql-auth",
        }
        command = [self.program, "+foreground", "+configfile", "virtuoso.ini"]
        self.process = started(command, self.folder, self.query)
        self.run(f"user_set_password('dba', '{PASSWORD}')", password="dba")
        self.came_with = self.names()

    def run(self, *commands: str, password: str = PASSWORD) -> str:
        """Run some commands of SQL."""
        text = "; ".join(commands)
        line = [self.isql, f"127.0.0.1:{self.sql}", "dba", password, f"exec={text};"]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        assert "Error" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done.stdout

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def names(self) -> set[str]:
        # Without a filter Virtuoso takes half a minute.
        every = 'SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STR(?g) > "") }'
        found = rows(self.query, every)
        return {name.value for (name,) in found}

    def quads(self) -> set[ox.Quad]:
        found = set()
        for name in self.names() - self.came_with:
            place = ox.DefaultGraph() if name == self.graph else ox.NamedNode(name)
            for predicates in self._packed(name):
                only = f"?s ?p ?o FILTER(?p IN ({', '.join(predicates)}))"
                got = read(
                    self.query, f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{name}> {{ {only} }} }}"
                )
                assert len(got) < MOST_ROWS, "it may have been cut"
                found |= {ox.Quad(*triple, place) for triple in got}
        return found

    def _packed(self, name: str) -> list[list[str]]:
        """The predicates of a graph, as many together as can be read at once."""
        pattern = f"GRAPH <{name}> {{ ?s ?p ?o }}"
        counted = f"SELECT ?p (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?p"
        packs: list[list[str]] = []
        room = 0
        for predicate, count in rows(self.query, counted):
            room -= int(count.value)
            if room <= 0:
                packs.append([])
                room = MOST_ROWS - int(count.value)
            packs[-1].append(str(predicate))
        return packs

    def add(self, quads: set[ox.Quad]) -> None:
        for quad in quads:
            name = quad.graph_name if isinstance(quad.graph_name, ox.NamedNode) else None
            place = name or ox.NamedNode(self.graph)
            self.run(f"SPARQL INSERT DATA {{ GRAPH {place} {{ {quad.triple} }} }}")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Virtuoso]:
    """Virtuoso over an empty folder."""
    engine = Virtuoso(folder)
    try:
        yield engine
    finally:
        engine.stop()


ENGINES = {"oxigraph": oxigraph, "virtuoso": virtuoso}
