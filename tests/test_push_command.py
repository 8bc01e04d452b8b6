"""`ccgkg push` says what it did in one line, and what is wrong with the right exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from stubs import Reply, Request, answering, serving

import ccgkg
from ccgkg.dataset.replica import Replica

GONE = "http://127.0.0.1:9/query"
NOTE = (
    '<https://w3id.org/ccgkg/actor/ccgs> <https://example.org/said> "x" .'
    '<https://w3id.org/ccgkg/actor/nobody> <https://example.org/said> "y" .'
)


@pytest.fixture(scope="module", autouse=True)
def no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        ccgkg.open()  # built before a command would tell of that
        yield


@pytest.fixture
def engine() -> ox.Store:
    return ox.Store()


@pytest.fixture
def url(engine: ox.Store) -> Iterator[str]:
    """A server at whose /query it is asked, and at whose /update it takes."""

    def replies(request: Request) -> Reply:
        if "update" not in request.form:
            return answering(engine)(request)
        engine.update(request.form["update"][0])
        return Reply(b"", "", 204)

    with serving(replies) as stub:
        yield stub.url.removesuffix("/sparql")


def shown(result) -> tuple[int, str, str]:
    return result.code, result.out, result.err


@pytest.mark.slow
def test_a_push_a_second_one_and_a_comparison(run: Callable, url: str, engine: ox.Store):
    total = f"{ccgkg.open().store.manifest.quads:,}"
    there = f"{total} quads are at {url}/query"
    query = url.replace("//", "//me:s3cret@") + "/query"
    before = run("push", query, "--check")
    assert (before.code, before.out) == (1, f"0 of {total} quads are at {url}/query\n")
    assert f"{total} quads are missing, such as: <https://" in before.err
    update = ("--update", f"{url}/update")
    assert shown(run("push", query, *update)) == (0, f"{there} (0 were there, {total} sent)\n", "")
    for options in (update, ("--check",)):
        assert shown(run("push", query, *options)) == (0, f"{there}\n", "")
    engine.load(NOTE, format=ox.RdfFormat.TURTLE)
    for options in (update, ("--check",)):
        told = run("push", query, *options)
        assert (told.code, told.out) == (1, f"{there}\n")
        assert told.err.startswith("Warning: 2 quads there are not in the dataset, such as: <")
        assert told.err.endswith("; --prune removes them\n")
    pruned = run("push", query, *update, "--prune")
    assert shown(pruned) == (0, f"{there} ({total} were there, 0 sent, 2 others removed)\n", "")


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        ([GONE], 2, "where to load the dataset is not said\nGive --store URL or --update URL"),
        ([GONE, "--store", GONE, "--prune"], 2, "--prune removes by SPARQL Update"),
        ([GONE, "--store", GONE, "--update", GONE], 2, "go together only with --prune"),
        ([GONE, "--check", "--prune"], 2, "--check sends nothing"),
        ([GONE, "--check", "--store", GONE], 2, "--check sends nothing"),
        ([GONE, "--check", "--timeout", "0"], 2, "--timeout"),
        ([GONE, "--check", "--graph", "my graph"], 2, "`my graph` is no IRI of a graph"),
        (["localhost:7878", "--check"], 2, "`localhost:7878` is no http(s) address"),
        ([GONE, "--store", "localhost:7878"], 2, "`localhost:7878` is no http(s) address"),
        ([GONE, "--check"], 4, "cannot be reached"),
        ([GONE, "--store", GONE], 4, "0 of 26,185 quads are known to be there; push again"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_goes_wrong_is_told_with_its_exit_code(
    args: list[str], code: int, says: str, run: Callable
):
    says = says.replace("26,185", f"{ccgkg.open().store.manifest.quads:,}")
    result = run("push", *args)
    assert (result.code, result.out) == (code, "")
    assert says in result.err


def test_whoever_interrupts_it_is_told_how_far_it_came(
    run: Callable, url: str, engine: ox.Store, monkeypatch: pytest.MonkeyPatch
):
    add, calls = Replica.add, []

    def interrupted(self: Replica, quads: set[ox.Quad]) -> None:
        calls.append(len(quads))
        if len(calls) == 3:
            raise KeyboardInterrupt
        add(self, quads)

    monkeypatch.setattr(Replica, "add", interrupted)
    result = run("push", f"{url}/query", "--update", f"{url}/update")
    total = f"{ccgkg.open().store.manifest.quads:,}"
    assert (result.code, result.out) == (1, "")
    told = f"{len(engine):,} of {total} quads are known to be there; push again"
    assert result.err.startswith(told) and result.err.endswith("Aborted!\n")
    assert sum(calls[:2]) == len(engine)
