"""Every shipped query gives the answer that was worked out by hand from the texts.

The answers in `answers/*.yaml` were written before the queries. They are compared as
multisets of values: every row, in any order, in pyoxigraph and in rdflib.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from byhand import NAMES, expected

import ccgkg
from ccgkg.corpus.text import fold
from ccgkg.queries.binding import bind
from ccgkg.queries.running import load

SLOW_OR_WRONG_IN_RDFLIB: dict[str, str] = {}
"""Queries that rdflib does not answer right within 5 s, with the reason."""


@pytest.fixture(scope="module")
def opened() -> ccgkg.api.OpenCorpus:
    return ccgkg.open()


@pytest.fixture(scope="module")
def in_rdflib(opened):
    return opened.dataset()


def told(value: object) -> str:
    """A value as the answers write it: claims by short id, all else by its characters."""
    text = "" if value is None else str(value)
    return text.partition("/claim/")[2] if "/claim/" in text else text


def bound(opened, name: str, parameters: dict[str, str]) -> str:
    query = load(opened.store, name)
    return bind(opened.store, query.text, query.parameters, {**query.defaults, **parameters}, print)


def test_every_query_has_an_answer_and_every_answer_a_query(opened):
    assert [query["name"] for query in opened.store.manifest.queries] == NAMES
    assert len(NAMES) >= 25
    assert sum(not expected(name)["parameters"] for name in NAMES) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_the_quotes_that_an_answer_rests_on_are_in_the_texts(name: str, root: Path):
    for reason in expected(name)["rests_on"]:
        text = (root / "seeds" / reason["source"] / "source.txt").read_text(encoding="utf-8")
        assert fold(reason["quote"]).content.strip() in fold(text).content, reason["quote"]


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_in_pyoxigraph(name: str, opened):
    answer = expected(name)
    rows = opened.query(name, **answer["parameters"])
    assert rows, "a shipped query that answers nothing on the shipped corpus shows nothing"
    assert list(rows[0]) == answer["columns"]
    got = Counter(tuple(told(value) for value in row.values()) for row in rows)
    assert got == Counter(tuple(map(str, row)) for row in answer["rows"])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(NAMES) - set(SLOW_OR_WRONG_IN_RDFLIB)))
def test_the_answer_in_rdflib(name: str, opened, in_rdflib):
    answer = expected(name)
    began = time.perf_counter()
    result = in_rdflib.query(bound(opened, name, answer["parameters"]))
    got = Counter(tuple(told(value) for value in row) for row in result)
    assert time.perf_counter() - began < 5, "list it in SLOW_OR_WRONG_IN_RDFLIB, with the reason"
    assert got == Counter(tuple(map(str, row)) for row in answer["rows"])


@pytest.fixture(scope="module")
def all_withdrawn(opened) -> ox.Store:
    """The dataset with every claim withdrawn."""
    store = ox.Store()
    store.bulk_load(opened.store.nquads.read_bytes(), format=ox.RdfFormat.N_QUADS)
    store.update(
        "PREFIX ccg: <https://w3id.org/ccgkg/ns/>"
        "INSERT { ?claim ccg:withdrawnBecause 'for a test' } WHERE { ?claim a ccg:Claim }"
    )
    return store


@pytest.mark.parametrize("name", NAMES)
def test_what_is_withdrawn_is_in_no_answer(name: str, opened, all_withdrawn: ox.Store):
    text = bound(opened, name, expected(name)["parameters"])
    assert list(all_withdrawn.query(text)) == []


LENSES = [
    "carrots-and-sticks",
    "contracts-and-money",
    "influence",
    "engagement",
    "succession",
    "disagreements",
    "attributions",
]


def test_the_lenses_stand_in_their_order(opened):
    placed = {q["lens"]["place"]: q["name"] for q in opened.store.manifest.queries if q["lens"]}
    assert [placed[place] for place in sorted(placed)] == LENSES
    assert sorted(placed) == list(range(1, len(LENSES) + 1))


def test_attributions_walk_each_chain_from_its_asserter_to_its_teller(opened):
    chains = opened.query(
        "SELECT ?claim ?first ?last { ?claim ccg:asserter ?first ; ccg:teller ?last ; ccg:depth ?d "
        "FILTER(?d > 1) }"
    )
    walked: dict[str, list[str]] = {}
    for row in opened.query("attributions"):
        path = walked.setdefault(row["claim"], [row["from"]])
        assert path[-1] == row["from"]
        path.append(row["to"])
    told = {claim: (path[0], path[-1]) for claim, path in walked.items()}
    assert told == {row["claim"]: (row["first"], row["last"]) for row in chains}


@pytest.mark.parametrize("kind", ["ccg:Time", "skos:Concept", "ccg:Actor", "ccg:Source"])
def test_asking_for_labels_drops_nothing(kind: str, opened):
    things = f"SELECT ?thing WHERE {{ ?thing a {kind} "
    assert opened.query(things + "}")
    assert opened.query(things + "FILTER NOT EXISTS { ?thing rdfs:label ?label } }") == []


@pytest.mark.parametrize("name", NAMES)
def test_every_row_names_its_claim_and_shows_modality_and_polarity(name: str, opened):
    rows = opened.query(name, **expected(name)["parameters"])
    for row in rows:
        assert "/claim/" in (row["claim"] or "")
        assert row["modality"] and row["polarity"]
        assert row["quote"] and row["who"] and row["printed_in"]
