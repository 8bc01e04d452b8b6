"""The static picture stands alone: well-formed, titled, linked, and harmless."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hostile import ASSAULT, LONG

from ccgkg.network.arranging import arrange
from ccgkg.network.drawing import Look, busiest
from ccgkg.network.picture import Links, svg
from ccgkg.network.statements import Kind, Thing
from ccgkg.network.ties import Tie, network_of
from network.conftest import random_network

SVG = "{http://www.w3.org/2000/svg}"
KINDS = {
    "k/one": Kind("k/one", "one", "#c2410c", (6, 4)),
    "k/two": Kind("k/two", "two", "#2f6fde"),
}
LINKS = Links(lambda key: f"{key}.html", lambda line: f"claim/{line.claims[0]}.html")
NOWHERE = Links(lambda _: "", lambda _: "")
EVIL = f"evil {ASSAULT} \x01\x0b\ufffe"


def drawn(network, things, kinds=KINDS, links=LINKS, title="A picture") -> ElementTree.Element:
    look = Look(things, kinds)
    plan = arrange(network, things, (), {})
    return ElementTree.fromstring(str(svg(network, look, plan, title, links)))


@pytest.mark.parametrize("number", [1, 5, 60, 150])
def test_every_line_and_box_has_a_title_and_a_link(number: int):
    network, things = random_network(number)
    part = busiest(network)
    picture = drawn(part, things)
    links = picture.findall(f"{SVG}a")
    assert len(links) == part.number_of_nodes() + part.number_of_edges()
    for link in links:
        assert link.get("href", "").endswith(".html")
        title = link.find(f"{SVG}title")
        assert title is not None and title.text
    assert picture.get("aria-label") == "A picture"


def test_everything_is_inside_the_picture_and_no_number_is_missing():
    network, things = random_network(60)
    picture = drawn(network, things)
    left, top, width, height = map(float, picture.get("viewBox", "").split())
    for box in picture.iter(f"{SVG}rect"):
        x, y, wide, high = (float(box.get(name, "nan")) for name in ("x", "y", "width", "height"))
        assert left <= x and x + wide <= left + width
        assert top <= y and y + high <= top + height
    assert "nan" not in ElementTree.tostring(picture, "unicode")


def test_the_shipped_map_goes_on_a_page_of_paper(atlas):
    look, plan = atlas.all_look, atlas.all_plan
    ties = [tie for tie in atlas.whole.ties if {tie.source, tie.target} <= set(plan.places)]
    told = svg(busiest(network_of(ties)), look, plan, "The map", NOWHERE)
    picture = ElementTree.fromstring(str(told))
    _, _, width, height = map(float, picture.get("viewBox", "").split())
    # A4 across is 277 mm wide within its margins; letters of 14 units stay above 5 points.
    assert 14 * 277 / max(width, height * 277 / 190) * 72 / 25.4 > 5
    assert not list(picture.iter(f"{SVG}a")), "where there are no pages, nothing links"


def test_how_a_relation_stands_is_to_be_seen_and_to_be_read():
    things = {key: Thing(key, key) for key in ("x", "y")}
    ties = [
        Tie("x", "y", "k/one", standing, f"s/{standing}{at}")
        for standing, many in {"affirmed": 3, "open": 1, "denied": 1}.items()
        for at in range(many)
    ]
    lines = drawn(network_of(ties), things).findall(f"{SVG}a[@class='line']")
    told = {}
    for line in lines:
        path, count = line.find(f"{SVG}path"), line.find(f"{SVG}text")
        assert path is not None and count is not None
        told[line.findtext(f"{SVG}title")] = (
            path.get("marker-end", "").rpartition("-")[2].rstrip(")"),
            path.get("opacity"),
            path.get("stroke-width"),
            count.text,
        )
    assert told == {
        "x → y: one, said to be so; 3 claims": ("affirmed", "0.9", "4.2", "3"),
        "x → y: one, asked, wanted, proposed or expected; 1 claim": ("open", "0.5", "1.6", "?"),
        "x → y: one, said not to be so; 1 claim": ("denied", "0.9", "1.6", "not"),
    }


@pytest.mark.parametrize("label", [EVIL, LONG, "", "\u202eesrever"])
def test_hostile_words_stand_there_as_text(label: str):
    things = {
        "x": Thing("x", label, (), "actor", "t", label),
        "y": Thing("y", "y", (), "actor", "t", label),
    }
    network = network_of([Tie("x", "y", "k", "denied", "s/c"), Tie("x", "x", "k", "open", "s/d")])
    evil = Links(lambda key: f'javascript:alert(1)"{key}', lambda _: "' onload='alert(2)")
    picture = drawn(network, things, {"k": Kind("k", label)}, evil, label)
    allowed = {"svg", "defs", "marker", "path", "g", "rect", "text", "tspan", "title", "a"}
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} <= allowed
    attributes = {name for element in picture.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on")}
    printable = "".join(c for c in label if c not in "\x01\x0b\ufffe")
    titles = [title.text or "" for title in picture.iter(f"{SVG}title")]
    assert printable in titles


def test_nothing_at_all_is_a_picture_too():
    picture = drawn(network_of([]), {})
    assert len(list(picture)) == 1
