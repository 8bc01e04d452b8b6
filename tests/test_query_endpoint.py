"""`ccgkg query --endpoint` prints what `ccgkg query` prints, whichever engine answers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from byhand import NAMES, expected
from stubs import JSON, TURTLE, Reply, Request, Stub, answering, description, serving

import ccgkg
from ccgkg.dataset.endpoint import Endpoint
from ccgkg.dataset.store import Store
from ccgkg.queries.running import bound, load

ANSWERS = {name: expected(name)["parameters"] for name in NAMES}
FORMATS = ("table", "markdown", "csv", "tsv", "json", "xml")
GONE = "http://127.0.0.1:9/sparql"


@pytest.fixture(scope="module")
def store() -> Store:
    return ccgkg.open().store


@pytest.fixture(scope="module")
def stub(store: Store) -> Iterator[Stub]:
    """An endpoint that holds our dataset and describes it."""
    base = store.manifest.corpus["base"]
    asked = answering(store.engine)

    def replies(request: Request) -> Reply:
        if request.path == "/.well-known/void":
            return Reply(description(f"{base}dataset", store.manifest.digest), TURTLE)
        return asked(request)

    with serving(replies) as started:
        yield started


@pytest.fixture(scope="module")
def in_named_graphs(store: Store) -> Iterator[Stub]:
    """An engine as Virtuoso is: all in named graphs, and its default graph is their union."""
    home = ox.NamedNode("https://x.org/all")
    engine = ox.Store()
    engine.bulk_extend(
        ox.Quad(q.subject, q.predicate, q.object, home)
        if isinstance(q.graph_name, ox.DefaultGraph)
        else q
        for q in ox.parse(path=str(store.nquads), format=ox.RdfFormat.N_QUADS)
    )
    with serving(answering(engine, union=True)) as started:
        yield started


def named(name: str) -> list[str]:
    return ["query", name, *(f"{key}={value}" for key, value in ANSWERS[name].items())]


@pytest.mark.parametrize("name", ANSWERS)
def test_every_named_query_is_answered_alike_in_every_format(
    name: str, store: Store, run: Callable, stub: Stub
) -> None:
    there = run(*named(name), "--endpoint", stub.url)
    assert there.code == 0
    assert there == run(*named(name))
    text = bound(store, load(store, name), ANSWERS[name])
    endpoint = Endpoint(stub.url, store.manifest, 30)
    for format in ("csv", "tsv", "json", "xml"):
        written = [BytesIO(), BytesIO()]
        for place, out in zip((store, endpoint), written, strict=True):
            assert place.ask(text).write(format, out)
        assert written[0].getvalue() == written[1].getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_printed_alike(format: str, run: Callable, stub: Stub) -> None:
    args = ["query", "figures", "--format", format]
    assert run(*args, "--endpoint", stub.url) == run(*args)


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERS)
def test_a_union_default_graph_changes_nothing(
    name: str, run: Callable, in_named_graphs: Stub
) -> None:
    args = [*named(name), "--format", "csv"]
    there = run(*args, "--endpoint", in_named_graphs.url)
    here = run(*args)
    assert (there.code, there.err) == (0, here.err)
    assert sorted(there.out.splitlines()) == sorted(here.out.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERS)
def test_citations_are_those_of_here_for_few_requests(name: str, run: Callable, stub: Stub) -> None:
    args = [*named(name), "--cite", "--format", "markdown"]
    stub.requests.clear()
    there = run(*args, "--endpoint", stub.url)
    here = run(*args)
    assert there == here
    claims = here.out.count("https://w3id.org/ccgkg/claim/")
    # The query, the claims in lots, their names, the dataset, the service; and each parameter.
    assert len(stub.requests) <= 5 + claims // 50 + 3 * len(ANSWERS[name])


@pytest.mark.parametrize(
    "text",
    [
        "ASK { act:ccgs a ccg:Actor }",
        "ASK { act:ccgs a ccg:Claim }",
        "CONSTRUCT { ?a nhs:pays ?b } WHERE { ?a nhs:pays ?b }",
        "DESCRIBE act:ccgs",
        "SELECT ?label { act:ccgs rdfs:label ?label }",
        "PREFIX ccg: <https://w3id.org/ccgkg/ns/>\nSELECT (COUNT(*) AS ?n) { ?c a ccg:Claim }",
    ],
)
def test_every_kind_of_query_is_answered_alike(text: str, run: Callable, stub: Stub) -> None:
    here = run("query", "--sparql", text)
    assert here.code == 0
    assert run("query", "--sparql", text, "--endpoint", stub.url) == here


@pytest.mark.parametrize("way", ["file", "-", "parameter"])
def test_every_way_to_ask_goes_to_the_endpoint(
    way: str, run: Callable, stub: Stub, tmp_path: Path
) -> None:
    text = "SELECT ?label { ?_who_iri rdfs:label ?label }"
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")
    args, stdin = {
        "file": ([file, "who=NHS England"], None),
        "-": (["-", "who=NHS England"], text),
        "parameter": (["--sparql", text, "who=NHS England"], None),
    }[way]
    stub.requests.clear()
    assert run("query", *args, "--endpoint", stub.url, stdin=stdin) == run(
        "query", *args, stdin=stdin
    )
    assert 0 < len(stub.requests) <= 3


def test_slips_are_told_of_the_dataset_here_only(run: Callable, stub: Stub) -> None:
    text = "SELECT ?a { ?a ccg:polarty ?b }"
    assert "Warning" in run("query", "--sparql", text).err
    stub.requests.clear()
    assert run("query", "--sparql", text, "--endpoint", stub.url).err == "no rows\n"
    assert len(stub.requests) == 1


def test_the_list_of_queries_asks_nobody(run: Callable) -> None:
    assert run("query", "--endpoint", GONE) == run("query")


def test_the_example_of_the_help_works_where_an_endpoint_is(run: Callable, stub: Stub) -> None:
    shown = run("query", "--help").out.partition("Example:\n")[2]
    line = re.search(r"^ *(ccgkg query .*--endpoint .*)$", shown, re.MULTILINE)[1]
    args = shlex.split(line)[1:]
    args[args.index("--endpoint") + 1] = stub.url
    assert run(*args).out == run("query", "figures").out


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["figures", "--endpoint", GONE], 4, f"Error: {GONE}: cannot be reached"),
        (["figures", "--endpoint", "ftp://x.org/"], 2, "is no http(s) address"),
        (["figures", "--timeout", "5"], 2, "--timeout goes with --endpoint"),
        (["figures", "--endpoint", GONE, "--timeout", "0"], 2, "0 is not in the range"),
        (["figures", "--endpoint", GONE, "--timeout", "nan"], 2, "not a valid integer"),
        (["no-such-query", "--endpoint", GONE], 2, "there is no query and no file"),
        (["--sparql", "SELECT", "--endpoint", GONE], 3, "line 1, column"),
        (["--sparql", "CLEAR ALL", "--endpoint", GONE], 3, "CLEAR is refused"),
        (["said-by", "who=nobody", "--endpoint", GONE], 4, "cannot be reached"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_goes_wrong_is_told_with_its_exit_code(
    args: list[str], code: int, says: str, run: Callable
) -> None:
    result = run("query", *args)
    assert (result.code, result.out) == (code, "")
    assert says in result.err


@pytest.mark.parametrize(
    "args",
    [["figures"], ["figures", "--cite"], ["figures", "--format", "csv"], ["said-by", "who=doyle"]],
    ids=" ".join,
)
def test_another_dataset_is_told_and_not_taken_for_an_empty_one(
    args: list[str], run: Callable
) -> None:
    with serving(answering(ox.Store())) as elsewhere:
        result = run("query", *args, "--endpoint", elsewhere.url)
    assert result.code == 4
    assert f"{elsewhere.url}: holds no claim of ccg" in result.err


def test_a_name_that_nothing_has_is_told_as_here(run: Callable, stub: Stub) -> None:
    here = run("query", "said-by", "who=nobody")
    assert here.code == 2
    assert run("query", "said-by", "who=nobody", "--endpoint", stub.url) == here


@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_an_empty_answer_is_told_as_here(format: str, run: Callable, stub: Stub) -> None:
    args = ["query", "between", "from=patients", "to=ccgs", "--format", format]
    here = run(*args)
    assert (here.code, here.err.startswith("no rows for")) == (0, True)
    assert run(*args, "--endpoint", stub.url) == here


def test_an_answer_that_is_cut_prints_nothing(run: Callable, store: Store) -> None:
    asked = answering(store.engine)
    with serving(lambda request: Reply(asked(request).content[:-9], JSON)) as cut:
        for format in FORMATS:
            result = run("query", "figures", "--format", format, "--endpoint", cut.url)
            assert (result.code, result.out) == (4, "")
            assert "its answer is cut or broken" in result.err


def test_what_an_endpoint_answers_gives_no_orders_to_a_terminal(run: Callable) -> None:
    content = (
        b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal",'
        rb'"value":"red \u001b[31m \u009b2J \u0007 caf\u00e9"}}]}}'
    )
    with serving(lambda _: Reply(content)) as hostile:
        args = ["query", "--sparql", "SELECT ?a { ?a ?b ?c }", "--endpoint", hostile.url]
        for format in ("table", "markdown"):
            shown = run(*args, "--format", format).out
            assert "caf\u00e9" in shown
            assert not set(shown) & set("\x1b\x9b\x07")
        assert "\x1b" in run(*args, "--format", "csv").out
