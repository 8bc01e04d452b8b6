"""ORDER BY sorts what the engine alone cannot: numbers among other literals abort its process."""

from __future__ import annotations

import random
import subprocess
import sys

import pyoxigraph as ox
import pytest

import ccgkg
from ccgkg.dataset.ordering import kind, sortable
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


def of_any_kind(rng: random.Random) -> str:
    """A value as SPARQL text."""
    day, hour = rng.randint(1, 9), rng.randint(0, 23)
    zone = rng.choice(["", "Z", "+12:00", "-11:30"])
    return rng.choice(
        [
            f'"2020-01-0{day}T{hour:02}:00:00{zone}"^^xsd:dateTime',
            f'"2020-01-0{day}{zone}"^^xsd:date',
            f'"{hour:02}:00:00{zone}"^^xsd:time',
            f'"2020{zone}"^^xsd:gYear',
            f'"2020-01-0{day}T1"',
            f'"PT{hour}H"^^xsd:dayTimeDuration',
            f'"P{hour}M"^^xsd:yearMonthDuration',
            f'"P{hour}D"^^xsd:duration',
            f'"P{day}M"^^xsd:duration',
            f'"P{hour}x"@en',
            f"<https://x.org/{day}>",
            rng.choice(["true", "UNDEF", '"NaN"^^xsd:double', str(hour), str(hour / 7)]),
        ]
    )


@pytest.mark.parametrize("order", ["?o", "DESC(?o)"])
def test_values_of_any_kind_are_sorted(order: str):
    rng, none = random.Random(3), ox.Store()
    for _ in range(20):  # without the kinds half of these abort the process
        listed = " ".join(of_any_kind(rng) for _ in range(300))
        query = f"SELECT * {{ VALUES ?o {{ {listed} }} }} ORDER BY {order}"
        assert len(list(evaluated(none, query, {"xsd": XSD}))) == 300


def test_times_and_durations_are_in_order():
    listed = """
      "2014-03"^^xsd:gYearMonth "2014"^^xsd:gYear "2014-03-07" "2014-03-05"^^xsd:date "2013"
      "2014-03-07T01:00:00+05:00"^^xsd:dateTime "2014-03-06T21:00:00Z"^^xsd:dateTime 12
      "PT10H"^^xsd:dayTimeDuration "PT2H"^^xsd:dayTimeDuration
      "P9M"^^xsd:duration "P274D"^^xsd:duration "P273DT18H"^^xsd:duration
    """
    query = f"SELECT * {{ VALUES ?o {{ {listed} }} }} ORDER BY ?o"
    assert [row["o"].value for row in evaluated(ox.Store(), query, {"xsd": XSD})] == [
        *("2013", "2014", "2014-03", "2014-03-05", "2014-03-07"),
        *("P273DT18H", "P274D", "P9M"),
        *("2014-03-07T01:00:00+05:00", "2014-03-06T21:00:00Z"),
        *("PT2H", "PT10H"),
        "12",
    ]


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
            f"SELECT * {{ {{ SELECT ?a {{ ?a ?b ?c }} order by {kind('?c')} ?c LIMIT 2 }} }} "
            f"ORDER BY {kind('STR(?a)')} STR(?a) OFFSET 1",
        ),
        (
            "SELECT ?a { ?a ?b ?c } GROUP BY ?a ORDER BY COUNT(?c) <f>(?a) VALUES ?a { 1 }",
            f"SELECT ?a {{ ?a ?b ?c }} GROUP BY ?a ORDER BY {kind('COUNT(?c)')} "
            f"COUNT(?c) {kind('<f>(?a)')} <f>(?a) VALUES ?a {{ 1 }}",
        ),
        (
            "SELECT * { ?s ?p ?o } ORDER BY NOT EXISTS { ?o ?p ?s } EXISTS { ?s ?s (1) } ?s",
            "SELECT * { ?s ?p ?o } ORDER BY NOT EXISTS { ?o ?p ?s } EXISTS { ?s ?s (1) } "
            f"{kind('?s')} ?s",
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
    assert "DATATYPE" not in str(error.value)
