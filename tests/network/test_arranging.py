"""Where things stand: no box on another, tiers down the page, and nobody is ever moved."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccgkg.network import arranging
from ccgkg.network.arranging import COLUMN, ROW, Band, Plan, anneal, arrange, bands_for
from ccgkg.network.drawing import Box, Look, boxes_of
from ccgkg.network.statements import Statements, Thing
from ccgkg.network.ties import Tie, network_of, of_claims
from ccgkg.site.atlas import Atlas
from network.conftest import TIERS, random_network, things_of

BANDS = (Band("Above", ("top",)), Band("Between", ("middle", "low")))


def overlapping(boxes: Mapping[str, Box]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes.items(), 2)
        if abs(a.x - b.x) < a.half_width + b.half_width
        and abs(a.y - b.y) < a.half_height + b.half_height
    ]


def boxes(things: Mapping[str, Thing], plan: Plan) -> dict[str, Box]:
    return boxes_of(things, Look(things, {}), plan)


def in_order(extents: Iterable[tuple[str, int, int]]) -> bool:
    spans = list(extents)
    return all(top < bottom for _, top, bottom in spans) and all(
        upper[2] < lower[1] for upper, lower in itertools.pairwise(spans)
    )


@pytest.mark.parametrize("number", [1, 5, 60, 500])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_box_touches_another_and_bands_follow_one_another(number: int, seed: int):
    network, things = random_network(number, seed)
    plan = arrange(network, things, BANDS, {})
    assert set(plan.places) == set(things)
    assert overlapping(boxes(things, plan)) == []
    assert in_order(plan.bands)
    found = {label: (top, bottom) for label, top, bottom in plan.bands}
    for band, members in bands_for(things.values(), BANDS):
        top, bottom = found[band.label]
        assert all(top < plan.places[member.id][1] < bottom for member in members)


def test_the_widest_label_fits_between_two_spots():
    widest = Box.of(("W" * 20,) * 3, (0, 0))
    assert 2 * widest.half_width < COLUMN and 2 * widest.half_height < ROW


def test_the_shipped_map_has_no_box_on_another(atlas: Atlas):
    plan, look = atlas.all_plan, atlas.all_look
    for drawn in (atlas.whole, *(lens.drawn for lens in atlas.lenses)):
        wide = atlas.with_topics(drawn, look, plan)
        placed = boxes_of(wide.places, look, wide)
        assert overlapping(placed) == []
        assert in_order(wide.bands)
    assert [label for label, *_ in plan.bands] == [band.label for band in atlas.bands]


def test_the_shipped_map_places_everyone_whom_a_claim_names(atlas: Atlas):
    named = {key for key, thing in atlas.all_look.things.items() if thing.type == "actor"}
    missing = sorted(named - set(atlas.kept))
    assert missing == [], "run `ccgkg network --arrange`"


def test_a_tier_without_a_band_has_its_own_and_what_has_none_stands_last():
    filled = bands_for(things_of(8).values(), [Band("Above", ("top",)), Band("Empty", ("none",))])
    assert [band.label for band, _ in filled] == ["Above", "low", "middle", "Topics and works"]
    assert [len(members) for _, members in filled] == [2, 2, 2, 2]
    assert bands_for([], BANDS) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.integers(0, 40), st.integers(0, 9))
def test_nobody_who_has_a_place_is_moved(number: int, placed: int, seed: int):
    network, things = random_network(number, seed)
    first = arrange(network, things, BANDS, {})
    kept = dict(sorted(first.places.items())[:placed])
    again = arrange(network, things, BANDS, kept)
    assert kept.items() <= again.places.items()
    assert overlapping(boxes(things, again)) == []


def test_a_new_thing_takes_a_free_spot_of_its_band_near_those_it_is_tied_to():
    network, things = random_network(40)
    kept = dict(arrange(network, things, BANDS, {}).places)
    rightmost = max(kept, key=lambda key: kept[key])
    rows = {kept[key][1] for key, thing in things.items() if thing.tier == "top"}
    things["actor/new"] = Thing("actor/new", "new", (), "actor", "top", "top")
    network.add_edge("actor/new", rightmost, "k|affirmed", claims={})
    plan = arrange(network, things, BANDS, kept)
    x, y = plan.places.pop("actor/new")
    assert plan.places == kept
    assert (x, y) not in kept.values()
    assert y in rows and x > 0


def test_the_spot_of_one_who_is_away_stays_free():
    network, things = random_network(20)
    kept = dict(arrange(network, things, BANDS, {}).places)
    away = kept["actor/away"] = kept.pop("actor/a0")
    plan = arrange(network, things, BANDS, kept)
    assert "actor/away" not in plan.places
    assert away not in plan.places.values()


def test_a_box_between_two_spots_blocks_both():
    things = things_of(1) | {"actor/b": Thing("actor/b", "b", (), "actor", "top")}
    plan = arrange(network_of([]), things, BANDS, {"actor/a0": (95, 10)})
    assert overlapping(boxes(things, plan)) == []


MADE = """
from network.conftest import random_network
from network.test_arranging import BANDS, groups_of
from ccgkg.network import arranging
arranging._STEPS = 150
network, things = random_network(30)
plan = arranging.arrange(network, things, BANDS, {})
print(sorted(arranging.anneal(network, plan, groups_of(things)).places.items()))
"""


def groups_of(things: Mapping[str, Thing]) -> list[list[str]]:
    return [[key for key, thing in things.items() if thing.tier == tier] for tier in TIERS]


@pytest.mark.slow
def test_places_do_not_hang_on_the_order_of_a_set(root):
    told = set()
    for seed in ("0", "1"):
        path = os.pathsep.join([str(root), str(root / "tests")])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", MADE],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        told.add(done.stdout)
    assert len(told) == 1
    assert "actor/a29" in told.pop()


def cost(network, plan: Plan) -> float:
    return arranging._Board(network, plan.places).total()


@pytest.mark.parametrize("number", [5, 20])
def test_annealing_never_makes_it_worse_and_moves_within_groups_only(monkeypatch, number: int):
    monkeypatch.setattr(arranging, "_STEPS", 300)
    network, things = random_network(number)
    plan = arrange(network, things, BANDS, {})
    better = anneal(network, plan, groups_of(things))
    assert cost(network, better) <= cost(network, plan)
    assert overlapping(boxes(things, better)) == []
    assert {key: y for key, (_, y) in better.places.items()}.keys() == plan.places.keys()
    for group in groups_of(things):
        rows = {plan.places[key][1] for key in group}
        assert {better.places[key][1] for key in group} <= rows


def test_the_best_plan_already_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(arranging, "_STEPS", 50)
    things = things_of(1)
    network = network_of([])
    plan = arrange(network, things, BANDS, {})
    assert anneal(network, plan, groups_of(things)).places == plan.places
    lone = network_of([Tie("actor/a0", "actor/a4", "k", "affirmed", "s/c")])
    pair = {key: thing for key, thing in things_of(5).items() if key in lone}
    best = Plan({"actor/a0": (0, 0), "actor/a4": (COLUMN, 0)})
    assert cost(lone, anneal(lone, best, groups_of(pair))) == COLUMN


@pytest.mark.slow
def test_many_things_are_placed_soon(statements: Statements):
    """Places are sought row by row from where the free ones begin, not among all things."""
    network, things = random_network(2000)
    plan = arrange(network, things, BANDS, {})
    assert len(set(plan.places.values())) == 2000
    ties = of_claims(statements, statements.claims).ties
    assert len(arrange(network_of(ties), statements.things, (), {}).places) > 200
