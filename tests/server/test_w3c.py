"""The W3C SPARQL 1.1 Protocol tests: all 20 of queries pass, each of the 14 updates is refused.

Their data lie beside the checkout (`shared/w3c-sparql-protocol`, of the repository w3c/rdf-tests)
or where `CCGKG_W3C` says; without them these tests are skipped. The requests are sent as they
stand, byte for byte, except for the path prefix and the Host. `python tests/server/test_w3c.py`
prints the figure.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import rdflib
from rdflib import RDFS, Namespace
from rdflib.collection import Collection

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server.serving import Server, serving, status_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("CCGKG_W3C", ROOT.parent / "shared" / "w3c-sparql-protocol"))
MANIFEST = FOLDER / "manifest.ttl"
ABSENT = f"the W3C's tests are not at {FOLDER}; CCGKG_W3C says where they are"

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml"},
}

REFUSALS = {400, 403, 405, 415}
"""How an update may be answered: never with 404, which would hide that there is an endpoint."""


@dataclass(frozen=True)
class Exchange:
    """One request as it stands, and what must come back."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None

    @property
    def updates(self) -> bool:
        """Whether it asks for an update."""
        media = dict(self.headers).get("content-type", "")
        return (
            "sparql-update" in media
            or self.body.startswith((b"update=", b"CLEAR"))
            or "?update=" in self.path
        )

    def written(self, host: str) -> bytes:
        """The bytes to send to a host."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body or self.method in {"POST", "PUT"}:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("ascii") + self.body


@cache
def manifest() -> rdflib.Graph:
    return rdflib.Graph().parse(MANIFEST, publicID=FOLDER.as_uri() + "/")


@cache
def names() -> list[str]:
    """The tests in the order of the manifest; none when their data are not here."""
    if not MANIFEST.exists():
        return []
    (entries,) = manifest().objects(None, MF.entries)
    return [str(test).rpartition("#")[2] for test in Collection(manifest(), entries)]


def exchanges(name: str) -> list[Exchange]:
    """The exchanges of a test."""
    graph = manifest()
    (test,) = (node for node in graph.subjects(MF.action) if str(node).endswith("#" + name))
    action = graph.value(test, MF.action)
    return [_exchange(node) for node in Collection(graph, graph.value(action, HT.requests))]


def _exchange(node: rdflib.term.Node) -> Exchange:
    graph = manifest()
    body = graph.value(node, HT.body)
    response = graph.value(node, HT.resp)
    headers = graph.value(node, HT.headers)
    boolean = graph.value(response, MF.expectedBoolean)
    form = graph.value(response, MF.expectedFormat)
    return Exchange(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=tuple(
            (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
            for header in (Collection(graph, headers) if headers else ())
        ),
        body=_body(body) if body else b"",
        statuses=frozenset(
            str(status)[-3] for status in graph.objects(response, MF.expectedStatus)
        ),
        boolean=None if boolean is None else boolean.toPython(),
        format=None if form is None else str(form),
    )


def _body(node: rdflib.term.Node) -> bytes:
    encoding = str(manifest().value(node, CNT.characterEncoding))
    return str(manifest().value(node, CNT.chars)).encode(encoding)


def write_dataset(path: Path) -> Path:
    """The named graphs that the tests want loaded, as N-Quads."""
    lines = []
    for graph in set(manifest().objects(None, UT.graphData)):
        file, name = manifest().value(graph, UT.graph), manifest().value(graph, RDFS.label)
        text = (FOLDER / str(file).rpartition("/")[2]).read_text(encoding="utf-8")
        lines += [f"{line.strip().rstrip('.')}<{name}> ." for line in text.splitlines() if line]
    path.write_text("\n".join(sorted(set(lines))) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True)
class Reply:
    """What came back, read from its bytes."""

    status: int
    media: str
    body: bytes


def replied(server: Server, exchange: Exchange) -> Reply:
    """Send an exchange's request."""
    raw = server.raw(exchange.written(server.authority))
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = [line.partition(b":") for line in head.lower().split(b"\r\n")[1:]]
    found = {name.strip(): value.strip() for name, _, value in fields}
    media = found.get(b"content-type", b"").partition(b";")[0].decode()
    return Reply(status_of(raw), media, body)


def faults(server: Server, name: str) -> list[str]:
    """What went otherwise than the test says; of an update, that it was not refused."""
    found = []
    for exchange in exchanges(name):
        reply = replied(server, exchange)
        if exchange.updates:
            found += _unrefused(reply)
        elif is_update(name):  # it asks whether the update was done, and it was not
            found += [] if told(reply) is False else [f"the update was done: {reply}"]
        else:
            found += _differences(exchange, reply)
    return found


def _unrefused(reply: Reply) -> Iterator[str]:
    if reply.status not in REFUSALS:
        yield f"not refused: {reply}"
    if not reply.body.strip():
        yield f"no reason given: {reply}"


def _differences(exchange: Exchange, reply: Reply) -> Iterator[str]:
    if str(reply.status)[0] not in {status[0] for status in exchange.statuses}:
        yield f"status {reply.status}, not {sorted(exchange.statuses)}: {reply}"
    if exchange.boolean is not None and told(reply) is not exchange.boolean:
        yield f"the answer is not {exchange.boolean}: {reply}"
    if exchange.format is not None and reply.media not in FORMATS[exchange.format]:
        yield f"{reply.media} is not {exchange.format}"


def told(reply: Reply) -> bool | None:
    """The answer to an ASK; nothing when there is none."""
    if reply.media == "application/sparql-results+json":
        return bool(json.loads(reply.body)["boolean"])
    if reply.media == "application/sparql-results+xml":
        return b"<boolean>true</boolean>" in reply.body
    return None


def is_update(name: str) -> bool:
    """Whether a test is one of updates."""
    return "update" in name


@pytest.fixture(scope="module")
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not MANIFEST.exists():
        pytest.skip(ABSENT)
    with serving("--dataset", write_dataset(tmp_path_factory.mktemp("w3c") / "w3c.nq")) as server:
        yield server


def test_every_test_of_queries_passes(preloaded: Server):
    wanted = [name for name in names() if not is_update(name)]
    assert len(wanted) == 20
    assert {name: found for name in wanted if (found := faults(preloaded, name))} == {}


def test_every_update_is_refused_with_a_reason(preloaded: Server):
    wanted = [name for name in names() if is_update(name)]
    assert len(wanted) == 14
    assert {name: found for name in wanted if (found := faults(preloaded, name))} == {}


def main() -> int:
    """Print the figure, and what failed."""
    from tempfile import TemporaryDirectory

    if not MANIFEST.exists():
        print(ABSENT, file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        os.environ["CCGKG_CACHE"] = folder
        with serving("--dataset", write_dataset(Path(folder) / "w3c.nq")) as server:
            failed = {name: found for name in names() if (found := faults(server, name))}
    for kind, count in ((False, "queries"), (True, "updates refused")):
        wanted = [name for name in names() if is_update(name) == kind]
        good = sum(name not in failed for name in wanted)
        print(f"{good} of {len(wanted)} {count}")
    for name, found in failed.items():
        print(name, *found, sep="\n  ")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
