"""ORDER BY sorts what the engine alone cannot: numbers among other literals abort its process."""

from __future__ import annotations

import random
import subprocess
import sys

import pyoxigraph as ox
import pytest

import ccgkg
from ccgkg.dataset.ordering import sortable
from ccgkg.dataset.store import evaluated
from ccgkg.errors import QueryError

XSD = "http://www.w3.org/2001/XMLSchema#"
THING, HAS = ox.NamedNode("https://x.org/thing"), ox.NamedNode("https://x.org/has")


@pytest.fixture(scope="module")
def mixed() -> ox.Store:
    """Numbers, and strings that begin with digits, so that no order has both as it should."""
    rng = random.Random(7)
    store = ox.Store()
    for number in range(400):
        text = str(rng.randrange(10_000))
        integer = ox.Literal(text, datatype=ox.NamedNode(f"{XSD}integer"))
        store.add(ox.Quad(THING, HAS, integer))
        store.add(ox.Quad(THING, HAS, ox.Literal(f"{rng.randrange(10_000)}x{number}")))
        store.add(ox.Quad(THING, HAS, ox.NamedNode(f"https://x.org/{number}")))
    return store


def values(store: ox.Store, order: str) -> list:
    found = evaluated(store, f"SELECT ?o {{ ?s ?p ?o }} ORDER BY {order}", {})
    return [row["o"] for row in found]


def is_number(term) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value == f"{XSD}integer"


def expected(store: ox.Store) -> list:
    """IRIs, strings, numbers; each among themselves."""
    terms = [quad.object for quad in store]
    return [
        *sorted((t for t in terms if isinstance(t, ox.NamedNode)), key=lambda t: t.value),
        *sorted(
            (t for t in terms if isinstance(t, ox.Literal) and not is_number(t)),
            key=lambda t: t.value,
        ),
        *sorted(filter(is_number, terms), key=lambda t: int(t.value)),
    ]


@pytest.mark.parametrize("order", ["?o", "$o", "(?o)", "ASC(?o)", "?s ?o", "?o # all\n"])
def test_numbers_come_after_all_else(order: str, mixed: ox.Store):
    assert values(mixed, order) == expected(mixed)


@pytest.mark.parametrize("order", ["DESC(?o)", "desc ( ?o )", "?s DESC(?o) LIMIT 5000"])
def test_backwards_they_come_first(order: str, mixed: ox.Store):
    assert values(mixed, order) == expected(mixed)[::-1]


def test_what_aborted_the_process_is_answered():
    query = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
    code = "from ccgkg.cli import main; main()"
    command = [sys.executable, "-c", code, "query", "--format", "csv", "--sparql", query]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    default = ccgkg.open().query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"]
    assert len(ccgkg.open().query(query)) == int(default)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * { ?s ?p ?o }", None),
        ("SELECT * { ?s ?p 'ORDER BY ?o' } # ORDER BY ?s", None),
        ("SELECT * { ?s ex:order ?by }", None),
        (
            "SELECT * { { SELECT ?a { ?a ?b ?c } order by ?c LIMIT 2 } } ORDER BY STR(?a) OFFSET 1",
            "SELECT * { { SELECT ?a { ?a ?b ?c } order by isNumeric(?c) ?c LIMIT 2 } } "
            "ORDER BY isNumeric(STR(?a)) STR(?a) OFFSET 1",
        ),
        (
            "SELECT ?a { ?a ?b ?c } GROUP BY ?a ORDER BY COUNT(?c) <f>(?a) VALUES ?a { 1 }",
            "SELECT ?a { ?a ?b ?c } GROUP BY ?a ORDER BY isNumeric(COUNT(?c)) "
            "COUNT(?c) isNumeric(<f>(?a)) <f>(?a) VALUES ?a { 1 }",
        ),
        (
            "SELECT * { ?s ?p ?o } ORDER BY NOT EXISTS { ?o ?p ?s } EXISTS { ?s ?s (1) } ?s",
            "SELECT * { ?s ?p ?o } ORDER BY NOT EXISTS { ?o ?p ?s } EXISTS { ?s ?s (1) } "
            "isNumeric(?s) ?s",
        ),
    ],
)
def test_what_is_put_before_a_key(query: str, told: str | None):
    assert sortable(query) == (told or query)


@pytest.mark.parametrize(
    "order",
    [
        "",
        "?o FILTR",
        "DESC",
        "DESC(",
        "(?o",
        "ASC ?o",
        "?o ?o)",
        "LIMIT 3",
        "}",
        "STR",
        "1",
        "NOT ?o",
    ],
)
def test_a_fault_is_told_at_its_place_in_the_text(order: str, mixed: ox.Store):
    text = f"SELECT ?o {{ ?s ?p ?o }}\nORDER BY {order}"
    with pytest.raises(QueryError) as error:
        evaluated(mixed, text, {})
    assert error.value.line == 2
    assert "isNumeric" not in str(error.value)
