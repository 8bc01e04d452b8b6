"""Shards: every card of a large corpus lies in one script, and only its map may run them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ccgkg.dataset.opening import open_store
from ccgkg.site.explorer import map_page
from ccgkg.site.packing import packed
from ccgkg.site.pages import Site, pages, site_of
from ccgkg.site.shards import MOST_IN_PAGE, shards_of

CALL = re.compile(r"ccgkgCards\((\d+),(\{.*\})\);\n")


@pytest.fixture(scope="module")
def site(hostile, tmp_path_factory) -> Site:
    return site_of(open_store(hostile.root, tmp_path_factory.mktemp("cache")))


def test_each_claim_has_its_card_in_the_shard_of_its_number(site: Site, monkeypatch):
    monkeypatch.setattr("ccgkg.site.shards._SHARD", 1)
    claims = site.evidence.standing
    shards = shards_of(claims, "", most=0)
    assert shards is not None
    found = {}
    for number, (path, content) in enumerate(shards.scripts()):
        call = CALL.fullmatch(content)
        assert call is not None and path == f"cards/{number}.js" and int(call[1]) == number
        assert not re.search("[<>\u2028\u2029]", content), "it may stand in a script"
        found |= {short: (number, card) for short, card in json.loads(call[2]).items()}
    assert len(claims) > 2 and {short: number for short, (number, _) in found.items()} == (
        shards.numbers
    )
    assert set(found) == {claim.short for claim in claims}
    assert all(f'data-claim="{short}"' in card for short, (_, card) in found.items())


def test_claims_between_the_same_two_stand_side_by_side(site: Site):
    shards = shards_of(site.evidence.standing, "", most=0)
    assert shards is not None
    ends = [(claim.subjects, claim.objects) for part in shards.parts for claim in part]
    runs = [end for place, end in enumerate(ends) if place == 0 or ends[place - 1] != end]
    assert len(runs) == len(set(runs))


def test_few_claims_have_no_shards_and_their_map_runs_nothing_beside_it(site: Site):
    assert shards_of(site.evidence.standing, "", most=MOST_IN_PAGE) is None
    assert shards_of([], "", most=0) is None
    written = dict(pages(site))
    assert not [path for path in written if path.startswith("cards/")]
    assert not [path for path, page in written.items() if "file:" in policy(page)]


def test_the_map_of_a_large_corpus_runs_what_lies_beside_it_and_no_other_page_does(
    site: Site, monkeypatch
):
    monkeypatch.setattr(
        "ccgkg.site.pages.shards_of", lambda claims, root: shards_of(claims, root, most=0)
    )
    written = dict(pages(site))
    loose = [path for path, page in written.items() if re.search("file:|'self'", policy(page))]
    assert loose == ["map.html"]
    (scripts,) = re.findall("script-src ([^;]*);", policy(written["map.html"]))
    assert scripts.endswith(" 'self' file:")
    assert "cards/0.js" in written and "<template" not in written["map.html"]


def policy(page: str) -> str:
    found = re.search('Content-Security-Policy" content="([^"]*)"', page)
    return found[1] if found else ""


def model_of(page: str) -> dict:
    found = re.search('<script type="application/json" id="model">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def test_a_packed_model_says_the_same_in_less_room(cache: Path):
    site = site_of(open_store(None, cache))
    plain = model_of(map_page(site.atlas, site.evidence, ""))
    small = packed(plain)
    assert len(json.dumps(small["edges"])) < len(json.dumps(plain["edges"])) / 1.5
    names = {name: [item["id"] for item in plain[name]] for name in ("nodes", "claims", "kinds")}
    usual = {"own": "", "bend": 0, "standing": "affirmed"}
    for edge, full in zip(small["edges"], plain["edges"], strict=True):
        told = usual | edge
        told |= {end: names["nodes"][edge[end]] for end in ("from", "to")}
        told |= {"kind": names["kinds"][edge["kind"]]}
        assert told | {"claims": [names["claims"][at] for at in edge["claims"]]} == full
    for claim, full in zip(small["claims"], plain["claims"], strict=True):
        ends = ("subjects", "objects", "voices")
        told = {end: [names["nodes"][at] for at in claim[end]] for end in ends}
        assert claim | told | {"source": claim["id"].partition("/")[0]} == full
    for lens, full in zip(small["lenses"], plain["lenses"], strict=True):
        assert lens | {"claims": [names["claims"][at] for at in lens["claims"]]} == full
    assert plain == model_of(map_page(site.atlas, site.evidence, "")), "packing changes a copy"


def test_an_edge_without_a_claim_keeps_none():
    edge = {"id": 0, "from": "a", "to": "b", "kind": "k", "claims": [""], "standing": "open"}
    model = {"nodes": [{"id": "b"}], "claims": [], "kinds": [{"id": "k"}], "lenses": []}
    assert packed({**model, "edges": [edge]})["edges"] == [
        {"id": 0, "from": "a", "to": 0, "kind": 0, "claims": [""], "standing": "open"}
    ]
