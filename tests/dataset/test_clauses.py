"""Which graphs a query reads: several default graphs are merged, whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccgkg.dataset.clauses import Graphs, asked_graphs
from ccgkg.dataset.holding import hold_file
from ccgkg.dataset.store import Store

N = "(COUNT(*) AS ?n)"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two graphs that share a triple."""
    path = tmp_path / "graphs.trig"
    path.write_text(
        "@prefix : <http://x/> . :g1 { :s :p :o . :s :p 1 } :g2 { :s :p :o . :s :p 2 }\n"
    )
    return hold_file(path, tmp_path)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (f"SELECT {N} FROM <http://x/g1> {{ ?s ?p ?o }}", 2),
        (f"SELECT {N} FROM <http://x/g1> FROM <http://x/g2> {{ ?s ?p ?o }}", 3),
        (f"PREFIX x: <http://x/> SELECT {N} from x:g1 from x:g2 {{ ?s ?p ?o }}", 3),
        (f"SELECT {N} FROM <http://x/g1> FROM <http://no/> {{ ?from ?p ?o }}", 2),
        (
            f"SELECT {N} FROM <http://x/g1> FROM <http://x/g2> FROM NAMED <http://x/g1> "
            "{ ?s ?p ?o GRAPH ?g { ?s ?p ?o } }",
            2,
        ),
        (f"SELECT {N} {{ GRAPH ?from {{ ?s ?p ?o }} FILTER('from' != 'from a to b') }}", 4),
    ],
)
def test_a_triple_in_several_default_graphs_counts_once(store: Store, query: str, number: int):
    ((counted,),) = store.rows(query)
    assert counted is not None
    assert counted.text == str(number)


@pytest.mark.parametrize(
    ("query", "graphs"),
    [
        ("SELECT * { ?from ?to 'FROM <a>' } # FROM <b>", None),
        ("CONSTRUCT { ?s ?p ?o } FROM <a> WHERE { ?s ?p ?o }", Graphs(("http://b/a",))),
        ("SELECT (EXISTS { ?a ?b ?c } AS ?e) FROM <a> {}", Graphs(("http://b/a",))),
        (r"ASK FROM NAMED <HTTP://x/\u0061> {}", Graphs((), ("HTTP://x/a",))),
        ("ASK FROM <http://[x> {}", Graphs(("http://[x",))),
    ],
)
def test_the_clauses_are_read_as_the_engine_reads_them(query: str, graphs: Graphs | None):
    assert asked_graphs(query, {}, "http://b/") == graphs
