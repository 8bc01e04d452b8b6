"""Boxes and lines: every label fits its box, every line is to be seen."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgkg.network.arranging import arrange
from ccgkg.network.drawing import MOST_EDGES, Look, boxes_of, busiest, lines_of, wrapped
from ccgkg.network.ties import Tie, network_of
from network.conftest import random_network, things_of

LABELS = {
    "": ("?",),
    " \u200b\u2028 ": ("?",),
    "GPs": ("GPs",),
    "W" * 10_000: ("W" * 20, "W" * 20, "…"),
    "long " * 2_000: ("long long long long", "long long long long", "long long long …"),
    "zero\u200bwidth \u202eesrever\u202c": ("zero width esrever",),
    "عيادات الأطباء العامين في إنجلترا": ("عيادات الأطباء", "العامين في إنجلترا"),
    "line\u2028separator\nand\ttab": ("line separator and", "tab"),
    "</script>&lt;": ("</script>&lt;",),
}


@pytest.mark.parametrize(("label", "lines"), LABELS.items(), ids=range(len(LABELS)))
def test_a_label_is_wrapped(label: str, lines: tuple[str, ...]):
    assert wrapped(label) == lines


@given(st.text(max_size=200))
def test_no_label_is_more_than_three_lines_of_twenty_letters(label: str):
    lines = wrapped(label)
    assert 1 <= len(lines) <= 3
    assert all(0 < len(line) <= 20 and line.isprintable() for line in lines)


def test_a_long_label_says_that_it_goes_on():
    assert (
        wrapped("one two three four five six seven eight nine ten eleven twelve " * 2)[-1][-1]
        == "…"
    )


def lanes(count: int):
    kinds = [f"k{at}" for at in range(count)]
    ties = [Tie("actor/a0", "actor/a1", kind, "affirmed", f"s/{kind}") for kind in kinds]
    back = [Tie("actor/a1", "actor/a0", kind, "denied", f"s/{kind}") for kind in kinds]
    return network_of([*ties, *back])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_all_lines_between_two_boxes_are_apart(count: int):
    network, things = lanes(count), things_of(2)
    plan = arrange(network, things, (), {})
    boxes = boxes_of(things, Look(things, {}), plan)
    lines = lines_of(network)
    assert len(lines) == 2 * count
    middles = [line.curve(boxes)[1] for line in lines]
    for (x, y), (ox, oy) in itertools.combinations(middles, 2):
        assert abs(x - ox) + abs(y - oy) > 12


def test_a_single_line_is_straight_and_runs_from_border_to_border():
    network, things = network_of([Tie("actor/a0", "actor/a1", "k", "open", "s/c")]), things_of(2)
    plan = arrange(network, things, (), {})
    boxes = boxes_of(things, Look(things, {}), plan)
    (line,) = lines_of(network)
    start, middle, end = line.curve(boxes)
    one, other = boxes["actor/a0"], boxes["actor/a1"]
    assert line.bend == 0
    assert middle == ((one.x + other.x) / 2, (one.y + other.y) / 2)
    assert one.holds(*start) and other.holds(*end)


def test_lines_back_to_their_own_box_are_loops_of_their_own():
    network = network_of(
        Tie("actor/a0", "actor/a0", kind, "affirmed", "s/c") for kind in ("k", "l", "m")
    )
    things = things_of(1)
    boxes = boxes_of(things, Look(things, {}), arrange(network, things, (), {}))
    curves = [tuple(line.curve(boxes)) for line in lines_of(network)]
    assert len(set(curves)) == 3
    for start, middle, end in curves:
        assert start != end and not boxes["actor/a0"].holds(*middle)


def test_the_busiest_part_keeps_the_caps_and_the_busiest():
    network, _ = random_network(900)
    part = busiest(network)
    assert part.number_of_nodes() <= 150
    assert 0 < part.number_of_edges() <= MOST_EDGES
    weight = dict.fromkeys(network, 0)
    for source, target, claims in network.edges(data="claims"):
        weight[source] += len(claims)
        weight[target] += len(claims)
    assert max(weight, key=lambda thing: weight[thing]) in part
    small, _ = random_network(20)
    assert sorted(busiest(small).edges(keys=True)) == sorted(small.edges(keys=True))


def test_of_too_many_lines_those_with_most_claims_are_drawn():
    ties = [
        Tie(f"t{at % 30}", f"t{at // 30}", "k", "affirmed", f"s/{at}-{nth}")
        for at in range(900)
        for nth in range(1 + at % 3)
    ]
    drawn = busiest(network_of(ties))
    assert drawn.number_of_edges() == MOST_EDGES
    assert min(len(claims) for *_, claims in drawn.edges(data="claims")) >= 2
