"""`ccgkg network`: what may be asked for, what is said where it may not, and the map it writes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from ccgkg.corpus.places import CorpusPlace

DRAWN = {
    "a lens": (["carrots-and-sticks"], "Carrots, sticks and sermons"),
    "a query": (["figures"], "figure"),
    "a query with parameters": (["between", "from=ccgs", "to=gps"], "from: ccgs"),
    "an actor by key": (["area-teams"], "Around "),
    "an actor by its old name": (["PCTs"], "Around "),
    "the same actor twice": (["ccgs", "CCGs"], "Around "),
    "two actors": (["area teams", "GP practices"], " and "),
    "SPARQL": (
        ["--sparql", "SELECT ?claim { ?claim a ccg:Claim } LIMIT 3"],
        "A query as a network",
    ),
    "SPARQL from standard input": (["-"], "A query as a network"),
    "a construction": (
        ["--sparql", "CONSTRUCT { ?a ccg:tier ?b } { ?a ccg:tier ?b }"],
        "A query as a network",
    ),
    "nothing found": (["--sparql", "SELECT ?claim { FILTER(false) }"], "A query as a network"),
}


def model_of(page: str) -> dict:
    found = re.search('<script type="application/json" id="model">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize(("arguments", "heading"), DRAWN.values(), ids=DRAWN)
def test_what_may_be_drawn(run, arguments: list[str], heading: str):
    told = run("network", *arguments, "-o", "-", stdin="SELECT ?claim { ?claim a ccg:Claim }")
    assert told.code == 0, told.err
    model = model_of(told.out)
    found = re.search("<h1>(.*?)</h1>", told.out)
    assert found is not None and heading in found[1]
    if arguments == ["ccgs", "CCGs"]:
        assert " and " not in found[1]
    places = {node["id"]: node["x"] for node in model["nodes"]}
    places |= {key: place[0] for key, place in model["topicPlaces"].items()}
    ends = {end for edge in model["edges"] for end in (edge["from"], edge["to"])}
    assert None not in {places[end] for end in ends}
    assert bool(ends) == ("FILTER(false)" not in arguments[-1])
    assert ("no lines: the page says so" in told.err) == (not ends)
    claims = {claim["id"] for claim in model["claims"]}
    assert {c for edge in model["edges"] for c in edge["claims"] if c} <= claims
    assert all(f'<template id="card:{claim}">' in told.out for claim in claims)


REFUSED = {
    "an unknown name": (
        ["carots-and-sticks"],
        2,
        "there is no lens, query or file `carots-and-sticks`, and no actor is called",
        "Nearest queries: carrots-and-sticks",
    ),
    "a word of a name, mistyped": (
        ["carots"],
        2,
        "no actor is called",
        "Nearest queries: carrots-and",
    ),
    "an unknown actor": (["area-temas"], 2, "no actor is called `area-temas`", "area-teams"),
    "an empty name": ([""], 2, "no lens, query or file ``", ""),
    "an unknown query with parameters": (
        ["betwen", "from=ccgs"],
        2,
        "there is no query `betwen`",
        "Nearest: between",
    ),
    "a parameter of nothing": (["from=ccgs"], 2, "`from=` is a parameter of no query", "between"),
    "a parameter twice": (
        ["between", "from=ccgs", "from=gps"],
        2,
        "the parameter `from` is given twice",
        "",
    ),
    "a parameter missing": (["between"], 2, "the parameter `from` (iri) needs a value", "from="),
    "a parameter that fits nothing": (
        ["between", "from=nobody-at-all", "to=ccgs"],
        2,
        "nothing is called `nobody-at-all`",
        "ccgkg terms",
    ),
    "a query and an actor": (["influence", "ccgs"], 2, "`influence` is a query", ""),
    "a query that is no network": (
        ["--sparql", "SELECT ?x { ?x a ccg:Source }"],
        3,
        "the answer is no network",
        "Add ?claim to the SELECT",
    ),
    "a question": (["--sparql", "ASK {}"], 3, "an ASK query is no network", ""),
    "no SPARQL": (["--sparql", "SELEC"], 3, "nearest: SELECT", ""),
    "a name and SPARQL": (["influence", "--sparql", "ASK {}"], 2, "do not go together", ""),
    "a folder": (["seeds"], 2, "there is no lens, query or file `seeds`", ""),
    "a file that is no query": (
        ["pyproject.toml"],
        3,
        "line 1, column 1: this is no SPARQL query",
        "",
    ),
    "arranging with a name": (["--arrange", "influence"], 2, "--arrange goes alone", ""),
    "arranging with force": (["--arrange", "--force"], 2, "--arrange goes alone", ""),
    "opening a stream": (["--open"], 2, "--open needs a file", ""),
}


@pytest.mark.parametrize(("arguments", "code", "told", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_drawn_is_told(
    run, root: Path, monkeypatch, arguments: list[str], code: int, told: str, hint: str
):
    monkeypatch.chdir(root)
    output = [] if "--arrange" in arguments else ["-o", "-"]
    result = run("network", *arguments, *output)
    assert (result.code, result.out) == (code, ""), result.err
    assert told in result.err and hint in result.err


@pytest.mark.slow
def test_a_page_is_written_where_it_harms_nothing(run, tmp_path: Path):
    path = tmp_path / "map.html"
    path.write_text("mine", encoding="utf-8")
    refused = run("network", "influence", "-o", path)
    assert refused.code == 2 and "ccgkg did not write" in refused.err and "--force" in refused.err
    assert path.read_text(encoding="utf-8") == "mine"
    for arguments in (["--force"], []):
        written = run("network", "influence", "-o", path, *arguments)
        assert (written.code, written.out) == (0, f"{path}\n"), written.err
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]
    folder = run("network", "influence", "-o", tmp_path)
    assert folder.code == 2 and "is a folder" in folder.err
    nowhere = run("network", "influence", "-o", path / "x.html")
    assert nowhere.code != 0 and "cannot be written" in nowhere.err


# ---- the map of the corpus


def places_of(corpus: CorpusPlace) -> dict[str, list[int]]:
    return yaml.safe_load((corpus.seeds / "map.yaml").read_text(encoding="utf-8"))["places"]


def test_arranging_the_shipped_corpus_changes_no_byte(run, corpus: CorpusPlace):
    before = (corpus.seeds / "map.yaml").read_bytes()
    told = run("--corpus", corpus.root, "network", "--arrange")
    assert told.code == 0, told.err
    assert (corpus.seeds / "map.yaml").read_bytes() == before
    assert f"{len(places_of(corpus))} where they were, 0 placed" in told.err


@pytest.mark.slow
def test_arranging_places_the_new_drops_the_stale_and_keeps_the_rest(run, corpus: CorpusPlace):
    path = corpus.seeds / "map.yaml"
    before = places_of(corpus)
    text = path.read_text(encoding="utf-8")
    new = before.pop("ccgs")
    unnamed = {"unnamed-by-any-claim": [-5000, 0]}
    assert f"  ccgs: {new}\n" in text
    stale = "  a-removed-actor: [4000, 0]\n  unnamed-by-any-claim: [-5000, 0]\n"
    path.write_text(text.replace(f"  ccgs: {new}\n", stale), encoding="utf-8")
    with (corpus.seeds / "actors.yaml").open("a", encoding="utf-8") as register:
        register.write(
            "\nunnamed-by-any-claim:\n  label: nobody's subject\n  kind: group\n"
            "  tier: national\n  known: {inferred: a test}\n"
        )
    told = run("--corpus", corpus.root, "network", "--arrange")
    assert told.code == 0, told.err
    assert "a-removed-actor" in told.err
    assert f"{len(before) + 2} actors: {len(before) + 1} where they were, 1 placed" in told.err
    after = places_of(corpus)
    placed = after.pop("ccgs")
    assert after == before | unnamed
    assert placed not in after.values()
    settled = path.read_bytes()
    assert run("--corpus", corpus.root, "network", "--arrange").code == 0
    assert path.read_bytes() == settled


@pytest.mark.slow
def test_a_corpus_without_a_map_is_arranged_from_scratch(run, hostile, tmp_path: Path):
    folder = tmp_path / "hostile"
    shutil.copytree(hostile.root, folder)
    path = folder / "seeds" / "map.yaml"
    path.unlink()
    told = run("--corpus", folder, "network", "--arrange")
    assert told.code == 0 and "from scratch" in told.err, told.err
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    spots = [tuple(spot) for spot in written["places"].values()]
    assert len(set(spots)) == len(spots) >= 5
    assert [band["tiers"] for band in written["bands"]] == [["local"]]
    assert run("--corpus", folder, "check").code in (0, 1)
