"""A push ends with the whole dataset there, or says how far it came; nothing else is changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from stubs import Reply, Request, Stub, answering, serving

import ccgkg
from ccgkg.dataset import lots
from ccgkg.dataset.comparing import difference
from ccgkg.dataset.endpoint import Endpoint
from ccgkg.dataset.exchange import Exchange
from ccgkg.dataset.pushing import Pushed, compare, push
from ccgkg.dataset.replica import Replica, Ways
from ccgkg.dataset.store import Store
from ccgkg.errors import NotBuildable, UsageError

BASE = "https://w3id.org/ccgkg/"
GRAPH = f"{BASE}dataset"
XSD = "http://www.w3.org/2001/XMLSchema#"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if ":" in name else BASE + name)


def quad(subject: str, predicate: str, value: object, graph: str = "") -> ox.Quad:
    term = node(value) if isinstance(value, str) else value
    return ox.Quad(
        node(subject), node(predicate), term, node(graph) if graph else ox.DefaultGraph()
    )


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr(lots, "MOST_QUADS", 40)


def stored(quads: set[ox.Quad], folder: Path) -> Store:
    """A dataset of some quads, as a build would have left it."""
    lines = sorted(f"{quad} .\n".encode() for quad in quads)
    content = b"".join(lines)
    digest = hashlib.sha256(content).hexdigest()
    path = folder / f"{digest[:8]}.nq"
    path.write_bytes(content)
    manifest = ccgkg.open().store.manifest
    return Store(manifest._replace(digest=digest, quads=len(quads)), path, None)


@pytest.fixture(scope="module")
def quads() -> set[ox.Quad]:
    """Three claims of the shipped dataset with all that is said in their graphs, some actors."""
    every = set(ccgkg.open().store.quads())
    claims = sorted({str(q.graph_name) for q in every} - {str(ox.DefaultGraph())})[:3]
    starts = (*(name[:-1] for name in claims), f"<{BASE}actor/cc", f"<{BASE}dataset>")
    return {
        q
        for q in every
        if str(q.graph_name) in claims
        or (q.graph_name == ox.DefaultGraph() and str(q).startswith(starts))
    }


@pytest.fixture(scope="module")
def store(quads: set[ox.Quad], tmp_path_factory: pytest.TempPathFactory) -> Store:
    return stored(quads, tmp_path_factory.mktemp("dataset"))


@dataclass
class Server:
    """A server that holds quads and takes more, at /query, /store and /update.

    Attributes:
        takes: what it makes of quads that it is to take.
        refuses: a reply to the loading requests from a number on.
        union: whether its default graph is all graphs.
        loads: the loading requests.
    """

    engine: ox.Store = field(default_factory=ox.Store)
    takes: Callable[[list[ox.Quad]], list[ox.Quad]] = list
    refuses: tuple[int, Reply] | None = None
    union: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    loads: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        if request.path.startswith("/query"):
            reply = answering(self.engine, union=self.union)(request)
            return Reply(reply.content, reply.media, reply.status, self.headers)
        self.loads.append(request)
        if self.refuses and len(self.loads) >= self.refuses[0]:
            return self.refuses[1]
        before = set(self.engine)
        if request.path.startswith("/store?"):
            assert request.headers["Content-Type"] == "text/turtle; charset=utf-8"
            graph = re.fullmatch(r"/store\?(default|graph=(.+))", request.path)
            assert graph
            name = ox.NamedNode(unquote(graph[2])) if graph[2] else ox.DefaultGraph()
            self.engine.load(request.content, format=ox.RdfFormat.TURTLE, to_graph=name)
        else:
            assert request.path == "/update"
            self.engine.update(request.form["update"][0])
        new = sorted(set(self.engine) - before, key=str)
        for each in new:
            self.engine.remove(each)
        self.engine.extend(self.takes(new))
        return Reply(b"", "", 204)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def stub(server: Server) -> Iterator[Stub]:
    with serving(server) as running:
        yield running


@dataclass
class Way:
    """How the tests push to the stub."""

    stub: Stub
    way: str = "store"

    def replica(self, store: Store, graph: str = "", *, prune: bool = False) -> Replica:
        base = self.stub.url.removesuffix("/sparql")
        ways = {self.way: Exchange(f"{base}/{self.way}", 5)}
        if prune:
            ways["update"] = Exchange(f"{base}/update", 5)
        return Replica(Endpoint(f"{base}/query", store.manifest, 5), Ways(**ways), graph)

    def push(self, store: Store, graph: str = "", *, prune: bool = False) -> Pushed:
        there = self.replica(store, graph, prune=prune)
        return push(store, there, lambda _: None, prune=prune)


@pytest.fixture(params=["store", "update"])
def way(request: pytest.FixtureRequest, stub: Stub) -> Way:
    return Way(stub, request.param)


@pytest.fixture
def by_store(stub: Stub) -> Way:
    return Way(stub)


@pytest.fixture
def by_update(stub: Stub) -> Way:
    return Way(stub, "update")


OTHERS = {
    quad("https://example.org/mine", "https://example.org/said", ox.Literal("before")),
    quad("https://example.org/mine", "https://example.org/said", ox.BlankNode("b")),
    quad("actor/ccgs", "https://example.org/said", ox.Literal("a note"), "https://example.org/g"),
}
"""What somebody else has there."""


# What arrives


@pytest.mark.parametrize("graph", ["", GRAPH])
def test_every_quad_arrives_and_pushing_again_sends_nothing(
    graph: str, way: Way, server: Server, store: Store, quads: set[ox.Quad]
):
    server.engine.extend(OTHERS)
    done = way.push(store, graph)
    moved = {q if q.graph_name != ox.DefaultGraph() or not graph else _in(q, graph) for q in quads}
    assert set(server.engine) == moved | set(OTHERS)
    assert done.agrees and (done.sent, done.known, done.total) == (len(quads),) * 3
    sent = len(server.loads)
    again = way.push(store, graph)
    assert again.agrees and (again.sent, again.known) == (0, len(quads))
    assert len(server.loads) == sent > 3


def _in(each: ox.Quad, graph: str) -> ox.Quad:
    return ox.Quad(each.subject, each.predicate, each.object, ox.NamedNode(graph))


def test_what_the_dataset_says_of_itself_comes_last(by_store: Way, server: Server, store: Store):
    by_store.push(store)
    itself = [f"<{GRAPH}>".encode() in load.content.split() for load in server.loads]
    assert itself == [False] * (len(itself) - 1) + [True]


def test_only_what_is_missing_is_sent(way: Way, server: Server, store: Store, quads: set[ox.Quad]):
    ordered = sorted(quads, key=str)
    server.engine.extend(ordered[::2])
    done = way.push(store)
    assert set(server.engine) == quads
    assert done.sent == len(ordered[1::2])
    sent = b"".join(load.content for load in server.loads)
    assert (b"actor" in sent) and len(sent) < len(store.nquads.read_bytes()) * 2


def test_a_lot_holds_whole_subjects_and_few_quads(store: Store, quads: set[ox.Quad]):
    parts = [*lots.subject_lots(store.quads(), last=GRAPH), *lots.graph_lots(store.quads())]
    assert set().union(*(lot.quads for lot in parts)) == quads
    assert sum(len(lot.quads) for lot in parts) == len(quads)
    assert all(len(lot.quads) <= 40 or len(lot.names) == 1 for lot in parts)
    names = [str(name) for lot in parts if not lot.graphs for name in lot.names]
    assert len(names) == len(set(names)) and names[-1] == f"<{GRAPH}>"


def test_a_comparison_sends_nothing(by_store: Way, server: Server, store: Store):
    server.engine.extend(sorted(store.quads(), key=str)[::2])
    told = compare(store, by_store.replica(store), lambda _: None)
    assert told.missing.count == store.manifest.quads // 2
    assert told.known + told.missing.count == told.total
    assert not told.agrees and server.loads == []


# What does not arrive


def test_half_of_what_was_sent_is_seen_at_once(way: Way, server: Server, store: Store):
    server.takes = lambda new: new[::2]
    with pytest.raises(NotBuildable) as told:
        way.push(store)
    assert re.search(
        r"/query: took \d+ quads, and \d+ of them are not there, such as: <https:.*\n"
        r"\d+ of [\d,]+ quads are known to be there; push again, and it goes on from there\.$",
        told.value.message,
    )
    server.takes = list
    assert way.push(store).agrees


def test_an_answer_that_is_half_is_made_up_for(by_store: Way, server: Server, store: Store):
    by_store.push(store)
    whole, asked = answering(server.engine), []

    def half(request: Request) -> Reply:
        asked.append(request)
        if len(asked) == 3:
            request = replace(request, form={"query": [f"{request.query} LIMIT 5"]})
        return whole(request)

    with serving(
        lambda request: half(request) if "query" in request.path else server(request)
    ) as other:
        assert Way(other).push(store).agrees


NUMBER = ox.NamedNode(XSD + "decimal")
TRUTH = ox.NamedNode(XSD + "boolean")


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        (ox.Literal("1.50", datatype=NUMBER), ox.Literal("1.5", datatype=NUMBER), "rewritten"),
        (ox.Literal("2", datatype=NUMBER), ox.Literal(2), "rewritten"),
        (ox.Literal(True), ox.Literal("1", datatype=TRUTH), "rewritten"),
        (ox.Literal("2020-01-01T00:00:00.0Z", datatype=ox.NamedNode(XSD + "dateTime")),
         ox.Literal("2020-01-01T00:00:00+00:00", datatype=ox.NamedNode(XSD + "dateTime")),
         "rewritten"),
        (ox.Literal("2020-01-01Z", datatype=ox.NamedNode(XSD + "date")),
         ox.Literal("2020-01-01+00:00", datatype=ox.NamedNode(XSD + "date")), "rewritten"),
        (ox.Literal("x", datatype=NUMBER), ox.Literal("y", datatype=NUMBER), "missing"),
        (ox.Literal("1.50"), ox.Literal("1.5"), "missing"),
        (ox.Literal("https://x.org/"), ox.NamedNode("https://x.org/"), "missing"),
        (ox.Literal("a", language="en"), ox.Literal("a", language="de"), "missing"),
        (ox.Literal("a", language="en"), ox.Literal("a"), "missing"),
        (ox.Literal("2020", datatype=ox.NamedNode(XSD + "gYear")),
         ox.Literal("2020-01-01", datatype=ox.NamedNode(XSD + "date")), "missing"),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_may_be_written_otherwise_and_is_told(here, there, told):
    one, other = quad("a", "b", here), quad("a", "b", there)
    found = difference({one}, {other})
    if told == "rewritten":
        assert found == (set(), set(), [(one, other)])
    else:
        assert found == ({one}, {other}, [])


def test_values_that_are_rewritten_are_neither_missing_nor_sent_again(
    way: Way, server: Server, quads: set[ox.Quad], tmp_path: Path
):
    value = quad("actor/ccgs", "https://example.org/value", ox.Literal("1.50", datatype=NUMBER))
    store = stored(quads | {value}, tmp_path)
    done = way.push(store)  # Oxigraph writes 1.5
    assert (done.known, done.missing.count, done.extra.count) == (done.total, 0, 0)
    assert done.rewritten.count == 1 and not done.agrees
    assert re.search(r'"1\.50"\^\^.* as "1\.5"\^\^', done.rewritten.first)
    loads = len(server.loads)
    assert way.push(store, prune=True).rewritten.count == 1
    assert len(server.loads) == loads


REFUSALS = {
    400: r"calls what it is to load malformed \(HTTP 400\): the reason",
    401: "wants a name and a password",
    403: "does not let this be loaded",
    404: "has nothing at this address",
    405: "takes nothing by POST",
    413: "what it is to load too large",
    415: "does not take what it is to load in this format",
    500: r"failed \(HTTP 500\): the reason",
    503: "too busy or down",
    507: "no room left",
    300: "gave no answer",
}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_server_that_stops_in_the_middle_says_how_far_it_came(
    status: int, way: Way, server: Server, store: Store
):
    server.refuses = (4, Reply(b"the reason", "text/plain", status))
    with pytest.raises(NotBuildable, match=REFUSALS[status]) as told:
        way.push(store)
    far = re.search(r"\n([\d,]+) of [\d,]+ quads are known to be there; push", told.value.message)
    assert far and 0 < int(far[1].replace(",", "")) < store.manifest.quads
    assert told.value.message.startswith(f"{way.stub.url.removesuffix('/sparql')}/{way.way}: ")
    server.refuses = None
    done = way.push(store)
    assert done.agrees and done.sent <= store.manifest.quads - int(far[1].replace(",", ""))


def test_a_server_that_is_not_there(store: Store):
    with serving(Server()) as gone:
        pass
    with pytest.raises(NotBuildable, match=r"cannot be reached.*\n0 of "):
        Way(gone).push(store)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_is_loaded_into_another_server(status: int, way: Way, server: Server, store: Store):
    with serving(Server()) as other:
        to = other.url.replace("/sparql", "/store?default")
        server.refuses = (1, Reply(b"", "", status, {"Location": to}))
        with pytest.raises(NotBuildable, match="redirects what it is to load to"):
            way.push(store)
    assert other.requests == []


def test_what_is_to_be_loaded_follows_to_another_path(by_update: Way, server: Server, store: Store):
    base = by_update.stub.url.removesuffix("/sparql")
    moved = Reply(b"", "", 308, {"Location": "/update"})
    by_update.stub.replies = lambda request: moved if request.path == "/old" else server(request)
    there = Replica(
        Endpoint(f"{base}/query", store.manifest, 5), Ways(None, Exchange(f"{base}/old", 5))
    )
    assert push(store, there, lambda _: None).agrees


@pytest.mark.parametrize("checking", [False, True])
def test_virtuoso_needs_a_graph_for_the_default_one(
    checking: bool, by_store: Way, server: Server, store: Store
):
    server.headers = {"Server": "Virtuoso/07.20.3229 (Linux)"}
    there = by_store.replica(store)
    with pytest.raises(UsageError, match=rf"Virtuoso.*no default graph(?s:.*)--graph {GRAPH}"):
        (compare if checking else push)(store, there, lambda _: None)
    assert server.loads == []
    assert by_store.push(store, GRAPH).agrees


def test_a_server_that_says_it_has_no_default_graph(way: Way, server: Server, store: Store):
    words = b"the endpoint is not configured to have default graph"
    server.refuses = (4, Reply(words, "text/plain", 500))
    with pytest.raises(NotBuildable) as told:
        way.push(store)
    assert told.value.hint.endswith(f"--graph {GRAPH}")


def test_a_graph_needs_an_iri(store: Store, by_store: Way):
    with pytest.raises(UsageError, match="`my graph` is no IRI"):
        by_store.replica(store, "my graph")


# What is there besides


@pytest.fixture
def less(quads: set[ox.Quad], tmp_path: Path) -> tuple[Store, set[ox.Quad]]:
    """The dataset without one of its claims, and what it then lacks."""
    named = sorted({str(q.graph_name) for q in quads} - {str(ox.DefaultGraph())})
    claim = named[0][:-1]
    gone = {q for q in quads if str(q.graph_name) == f"{claim}>" or str(q).startswith(claim)}
    return stored(quads - gone, tmp_path), gone


@pytest.mark.parametrize("graph", ["", GRAPH])
def test_what_the_dataset_no_longer_has_is_told_and_removed_when_asked(
    graph: str, way: Way, server: Server, store: Store, less: tuple[Store, set[ox.Quad]]
):
    fewer, gone = less
    note = quad("actor/ccgs", "https://example.org/note", ox.Literal("ours, or not?"), graph)
    server.engine.extend(OTHERS)
    way.push(store, graph)
    server.engine.add(note)
    before = set(server.engine)
    told = way.push(fewer, graph)
    assert (told.extra.count, told.removed, told.sent) == (len(gone) + 1, 0, 0)
    assert set(server.engine) == before
    pruned = way.push(fewer, graph, prune=True)
    assert (pruned.removed, pruned.extra.count, pruned.agrees) == (len(gone) + 1, 0, True)
    left = {
        q if q.graph_name != ox.DefaultGraph() or not graph else _in(q, graph)
        for q in fewer.quads()
    }
    assert set(server.engine) == left | set(OTHERS)
    removing = [load.form["update"][0] for load in server.loads if "update" in load.form]
    assert not any(
        re.search(r"\b(CLEAR|DROP|WHERE|PUT)\b", text.split("{")[0]) for text in removing
    )
    assert all(load.method == "POST" for load in server.loads)


def test_what_cannot_be_removed_alone_stays_and_is_told(
    by_update: Way, server: Server, store: Store
):
    by_update.push(store)
    blank = quad("actor/ccgs", "https://example.org/note", ox.BlankNode("n"))
    shared = quad("actor/ccgs", "https://example.org/note", ox.Literal("shared"))
    server.engine.extend([blank, shared, _in(shared, "https://example.org/g")])
    before = set(server.engine)
    done = by_update.push(store, prune=True)
    assert (done.kept.count, done.extra.count, done.removed) == (2, 2, 0)
    assert set(server.engine) == before


def test_where_all_graphs_are_read_as_one_nothing_of_others_is_removed(
    by_update: Way, server: Server, store: Store
):
    server.union = True
    server.engine.extend(OTHERS)  # one of them says something of an actor of ours
    assert by_update.push(store).extra.count == 1
    before = set(server.engine)
    done = by_update.push(store, prune=True)
    assert (done.removed, done.kept.count) == (0, 1)
    assert set(server.engine) == before


def test_what_others_say_of_others_is_nobodys_business(
    by_update: Way, server: Server, quads: set[ox.Quad], tmp_path: Path
):
    foaf = "http://xmlns.com/foaf/0.1/Person"
    store = stored(quads | {quad(foaf, "https://example.org/label", ox.Literal("x"))}, tmp_path)
    server.engine.add(quad(foaf, "https://example.org/note", ox.Literal("theirs")))
    done = by_update.push(store, prune=True)
    assert done.agrees and done.removed == 0


def test_a_server_that_removes_nothing_is_told(
    by_update: Way, server: Server, store: Store, less: tuple[Store, set[ox.Quad]]
):
    by_update.push(store)
    count = len(server.loads)
    server.refuses = (count + 1, Reply(b"", "", 200))
    with pytest.raises(NotBuildable, match=r"\d+ quads that it was to remove are still there"):
        by_update.push(less[0], prune=True)


# The file here


def test_a_damaged_file_is_not_pushed(by_store: Way, server: Server, store: Store, tmp_path: Path):
    path = tmp_path / "damaged.nq"
    path.write_bytes(store.nquads.read_bytes()[:-9])
    with pytest.raises(NotBuildable, match="is damaged: its digest"):
        by_store.push(Store(store.manifest, path, None))
    assert server.loads == []
