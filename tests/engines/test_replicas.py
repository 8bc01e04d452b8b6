"""The dataset arrives whole in the engines of others, and every query is answered there as here.

What they held before stays as it was; what they hold is read by other means than those of
`ccgkg push`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
from byhand import EVIDENCE, NAMES, expected, read

import ccgkg
from ccgkg.dataset.asking import Askable
from ccgkg.dataset.cache import Manifest
from ccgkg.dataset.endpoint import Endpoint
from ccgkg.dataset.exchange import Exchange
from ccgkg.dataset.pushing import push
from ccgkg.dataset.replica import Replica, Ways
from ccgkg.dataset.store import Store
from ccgkg.errors import NotBuildable
from ccgkg.queries.binding import bind
from ccgkg.queries.evidence import evidence
from ccgkg.queries.running import load
from engines.running import BASE, ENGINES, Engine, oxigraph

pytestmark = pytest.mark.slow

DECIMAL, INTEGER = (
    ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("decimal", "integer")
)

_MINE, _SAID = ox.NamedNode("https://example.org/mine"), ox.NamedNode("https://example.org/said")
OTHERS = {
    ox.Quad(_MINE, _SAID, ox.Literal("before"), ox.DefaultGraph()),
    ox.Quad(_MINE, _SAID, _MINE, ox.NamedNode("https://example.org/graph")),
    ox.Quad(ox.NamedNode(f"{BASE}claim/pulse-2016/influence-20"), _SAID, ox.Literal("a note"),
            ox.NamedNode("https://example.org/notes")),
}  # fmt: skip
"""What somebody else has there: in the default graph, in a graph, and about a claim of ours."""


@pytest.fixture(scope="module")
def store() -> Store:
    return ccgkg.open().store


def replica(engine: Engine, manifest: Manifest, way: str = "--store") -> Replica:
    update = Exchange(engine.ways["--update"], 60)
    ways = Ways(Exchange(engine.ways["--store"], 60) if way == "--store" else None, update)
    return Replica(Endpoint(engine.query, manifest, 60), ways, engine.graph)


class Pushed(NamedTuple):
    """An engine to which the dataset was pushed, and how."""

    engine: Engine
    way: str
    code: int
    out: str
    err: str

    def push(self, run: Callable, *options: str) -> tuple:
        place = ["--graph", self.engine.graph] if self.engine.graph else []
        return run("push", self.engine.query, *place, *options)


KINDS = [
    pytest.param((name, way), id=f"{name}{way}", marks=pytest.mark.xdist_group(f"{name}{way}"))
    for name in ENGINES
    for way in ("--store", "--update")
]


@pytest.fixture(scope="module", params=KINDS)
def pushed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    run: Callable,
    store: Store,
) -> Iterator[Pushed]:
    name, way = request.param
    assert store.manifest.quads  # it is built before a push would tell of that
    with ENGINES[name](tmp_path_factory.mktemp(name)) as engine:
        engine.add(OTHERS)
        place = ["--graph", engine.graph] if engine.graph else []
        result = run("push", engine.query, way, engine.ways[way], *place)
        yield Pushed(engine, way, result.code, result.out, result.err)


def rewritten(pushed: Pushed, quads: set[ox.Quad]) -> set[ox.Quad]:
    """How an engine writes some quads: Virtuoso takes whole decimals in an update for integers."""
    if pushed.way == "--store" or not pushed.engine.graph:
        return quads
    return {
        ox.Quad(quad.subject, quad.predicate, ox.Literal(quad.object.value, datatype=INTEGER))
        if getattr(quad.object, "datatype", None) == DECIMAL and quad.object.value.isdigit()
        else quad
        for quad in quads
    }


def test_every_quad_arrives_and_nothing_else_changes(
    pushed: Pushed, store: Store, record_property: Callable
):
    record_property("engine", pushed.engine.version)
    here = set(ox.parse(path=str(store.nquads), format=ox.RdfFormat.N_QUADS))
    there = rewritten(pushed, here)
    assert pushed.engine.quads() == there | OTHERS
    assert len(here) == store.manifest.quads
    differ = len(here - there)
    total = f"{len(here):,}"
    assert (
        pushed.out == f"{total} quads are at {pushed.engine.query} (0 were there, {total} sent)\n"
    )
    assert pushed.code == (1 if differ else 0)
    assert pushed.err.startswith(
        f"Warning: {differ} values are written otherwise" if differ else ""
    )
    assert bool(pushed.err) == bool(differ)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_query_is_answered_as_here(name: str, pushed: Pushed, store: Store):
    query = load(store, name)
    given = expected(name)["parameters"]
    text = bind(store, query.text, query.parameters, {**query.defaults, **given}, print)
    here = list(store.ask(text).rows())
    there = list(Endpoint(pushed.engine.query, store.manifest, 60).ask(text).rows())
    if pushed.code:  # then figures have another datatype there, which was told
        here, there = (
            [tuple(each and each.text for each in row) for row in rows] for rows in (here, there)
        )
    assert "ORDER BY" in text
    assert Counter(there) == Counter(here)
    assert there == here


def test_the_evidence_of_a_row_is_the_same_there(pushed: Pushed, store: Store):
    """Where the rows are: Virtuoso reads all graphs as one, and refuses some paths."""
    endpoint = Endpoint(pushed.engine.query, store.manifest, 60)
    compared = 0
    for path in EVIDENCE:
        text = read(path)["sparql"]
        here = behind(store, text)
        try:
            there = behind(endpoint, text)
        except NotBuildable:
            assert pushed.engine.graph
            continue
        if there.keys() == here.keys():
            compared += 1
            assert there == here, path.stem
    assert compared == len(EVIDENCE) if not pushed.engine.graph else compared > 30


def behind(asked: Askable, text: str) -> dict[tuple, set[str]]:
    """The claims behind each row, its values without their types."""
    found = evidence(asked, text)
    claims = defaultdict(set)
    for row, some in zip(found.rows, found.claims, strict=True):
        claims[tuple(each and each.text for each in row)] |= set(some)
    return claims


def test_pushing_again_sends_nothing(pushed: Pushed, run: Callable, store: Store):
    way = (pushed.way, pushed.engine.ways[pushed.way])
    told = f"{store.manifest.quads:,} quads are at {pushed.engine.query}\n"
    for options in (way, ("--check",)):
        again = pushed.push(run, *options)
        assert (again.code, again.out, again.err) == (pushed.code, told, pushed.err)


def test_what_the_corpus_no_longer_has_is_told_and_pruned(
    pushed: Pushed, store: Store, tmp_path: Path
):
    here = set(store.quads())
    claim = min(quad.graph_name.value for quad in here if quad.graph_name != ox.DefaultGraph())
    less = without(store, claim, tmp_path)
    there = replica(pushed.engine, store.manifest, pushed.way)
    try:
        told = push(less, there, ignored)
        gone = len(here) - less.manifest.quads
        assert gone > 10
        assert (told.sent, told.extra.count, told.removed, told.agrees) == (0, gone, 0, False)
        assert claim in told.extra.first
        pruned = push(less, there, ignored, prune=True)
        assert (pruned.removed, pruned.extra.count) == (gone, 0)
        assert pushed.engine.quads() == rewritten(pushed, set(less.quads())) | OTHERS
    finally:
        back = push(store, there, ignored)
    assert (back.sent, back.known) == (gone, len(here))
    assert pushed.engine.quads() == rewritten(pushed, here) | OTHERS


def ignored(_: int) -> None:
    """Progress that nobody looks at."""


def without(store: Store, claim: str, folder: Path) -> Store:
    """The dataset as it would be without a claim, and without the triple that it alone proves."""
    default = ox.DefaultGraph()
    quads = list(store.quads())
    graphs = [quad for quad in quads if quad.graph_name != default]
    proved = {quad.triple for quad in graphs if quad.graph_name.value == claim}
    proved -= {quad.triple for quad in graphs if quad.graph_name.value != claim}
    kept = [
        quad
        for quad in quads
        if not (quad.graph_name == default and quad.triple in proved)
        and not quad.subject.value.startswith(claim)
        and quad.graph_name != ox.NamedNode(claim)
    ]
    content = ox.serialize(kept, format=ox.RdfFormat.N_QUADS)
    path = folder / "less.nq"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Store(store.manifest._replace(digest=digest, quads=len(kept)), path, None)


def test_a_server_that_is_killed_in_the_middle_is_gone_on_with(store: Store, tmp_path: Path):
    def kill(known: int) -> None:
        if known > 9_000:
            engine.kill()

    with oxigraph(tmp_path) as engine:
        engine.add(OTHERS)
        with pytest.raises(NotBuildable, match=r"(?s)cannot be reached|broke off") as told:
            push(store, replica(engine, store.manifest), kill)
        far = re.search(
            rf"([\d,]+) of {store.manifest.quads:,} quads are known to be there; push again",
            str(told.value),
        )
        assert far, told.value
        known = int(far[1].replace(",", ""))
        assert 9_000 < known < 12_000
        engine.start()
        done = push(store, replica(engine, store.manifest), ignored)
        assert done.agrees and done.known == done.total == known + done.sent
        assert engine.quads() == set(store.quads()) | OTHERS
