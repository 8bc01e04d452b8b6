"""The map in a browser: from the picture to the quote, by mouse, by keyboard, by address.

The page of the shipped corpus is written once, through the command line, and read through its
DOM, its canvas and its address; `model` is the JSON that it draws.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

STICK = "holder-2014/stick-contracts"
EDGE = "actor/area-teams>actor/practices>nhs/lever/stick>affirmed"
SVG = "{http://www.w3.org/2000/svg}"
LENSES = [
    *("carrots-and-sticks", "contracts-and-money", "influence", "engagement"),
    *("succession", "disagreements", "attributions"),
]


@pytest.fixture(scope="session")
def written(run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the shipped corpus."""
    path = tmp_path_factory.mktemp("map") / "map.html"
    told = run("network", "-o", path)
    assert told.code == 0, told.err
    return path


@pytest.fixture(scope="session")
def model(written: Path) -> dict[str, Any]:
    text = written.read_text(encoding="utf-8")
    found = re.search('<script type="application/json" id="model">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])


@pytest.fixture(scope="session")
def names(model) -> Mapping[str, str]:
    return {node["id"]: node["name"] for node in model["nodes"]}


@pytest.fixture
def at(page: Page, written: Path) -> Callable[[str], Page]:
    """Open the map at a hash, afresh."""

    def open_at(state: str = "") -> Page:
        page.goto("about:blank")
        page.goto(f"{written.as_uri()}#{state}" if state else written.as_uri())
        return page

    return open_at


def panel(page: Page) -> str:
    return page.locator("#panel").inner_text()


def heading(page: Page) -> str:
    return page.locator("#panel h2").first.inner_text()


def address(page: Page) -> str:
    return page.evaluate("decodeURIComponent(location.hash)")


def view(page: Page) -> dict[str, Any]:
    """All that a reader sees of a state."""
    return page.evaluate(
        """() => ({
            panel: document.getElementById('panel').innerText,
            story: document.getElementById('story').hidden ? '' :
                document.getElementById('story').innerText,
            shown: document.getElementById('shown').textContent,
            legend: document.getElementById('legend').innerText,
            pressed: [...document.querySelectorAll('#legend [aria-pressed=false]')]
                .map(chip => chip.dataset.key),
            picture: document.body.classList.contains('as-picture'),
            controls: [...document.querySelectorAll('.tools select, .tools input')]
                .map(control => control.type === 'checkbox' ? control.checked : control.value),
        })"""
    )


def ink(page: Page) -> int:
    """How many colours the canvas shows."""
    return page.evaluate(
        """() => {
            const canvas = document.querySelector('#canvas canvas');
            const pixels = new Uint32Array(canvas.getContext('2d')
                .getImageData(0, 0, canvas.width, canvas.height).data.buffer);
            return new Set(pixels).size;
        }"""
    )


# ---- what stands there at first


@pytest.mark.core
def test_the_first_picture_has_the_network_and_the_panel_its_lines(at, model, names):
    page = at()
    assert ink(page) > 50
    drawn = [edge for edge in model["edges"] if not edge["own"]]
    tied = {
        c for edge in drawn for c in edge["claims"] if "topic/" not in edge["from"] + edge["to"]
    }
    rows = page.locator("#panel .edge-link")
    assert rows.count() == 15
    first = rows.first.inner_text()
    assert "claims" in first and "→" in first
    assert page.locator("#shown").inner_text().endswith(f"of {len(model['claims'])} claims.")
    assert tied


def test_the_panel_lists_every_line_when_asked(at):
    page = at()
    lines = int(re.search(r"(\d+) lines", page.locator("#shown").inner_text())[1])
    page.locator("#panel .more").first.click()
    assert page.locator("#panel h3 + .rows .edge-link").count() == lines


def positions(page: Page, model: Mapping[str, Any], thing: str) -> tuple[float, float]:
    """Where on the screen a thing of the whole map stands, if the whole is in view."""
    node = next(node for node in model["nodes"] if node["id"] == thing)
    drawn = [n for n in model["nodes"] if n["type"] == "actor"]
    tied = {
        end
        for edge in model["edges"]
        if not edge["own"]
        for end in (edge["from"], edge["to"])
        if {edge["from"], edge["to"]} <= {n["id"] for n in drawn}
    }
    xs = [n["x"] for n in drawn if n["id"] in tied]
    left, right = min(xs) - 200, max(xs) + 110
    inside = [
        band
        for band in model["bands"]
        if any(band[1] < n["y"] < band[2] for n in drawn if n["id"] in tied)
    ]
    top, bottom = min(b[1] for b in inside), max(b[2] for b in inside)
    box = page.locator("#canvas").bounding_box()
    wide, high = page.evaluate(
        "(e => [e.clientWidth, e.clientHeight])(document.getElementById('canvas'))"
    )
    scale = min(wide / (right - left + 20), high / (bottom - top + 20), 1.3)
    assert scale >= 0.42
    return (
        box["x"] + box["width"] / 2 + (node["x"] - (left + right) / 2) * scale,
        box["y"] + box["height"] / 2 + (node["y"] - (top + bottom) / 2) * scale,
    )


def test_a_box_on_the_canvas_opens_what_is_said_of_it(at, model, names):
    page = at()
    page.mouse.click(*positions(page, model, "actor/ccgs"))
    assert address(page) == "#focus=ccgs"
    assert heading(page) == names["actor/ccgs"]
    assert "From it (" in panel(page) and "Towards it (" in panel(page)


@pytest.mark.core
def test_a_line_on_the_canvas_opens_its_evidence(at, model):
    page = at()
    page.locator("#panel .edge-link").first.click()
    key = address(page).partition("edge=")[2]
    source, target, *_ = key.split(">")
    page.locator("#panel .back button").click()
    ends = [positions(page, model, end) for end in (source, target)]
    # Somewhere along the way lies the line, a few pixels to one side of the straight one.
    for part in (0.5, 0.4, 0.6, 0.3, 0.7):
        x, y = (a + (b - a) * part for a, b in zip(*ends, strict=True))
        for off in range(-8, 9, 2):
            page.mouse.click(x + off, y + off)
            if "edge=" in address(page):
                assert page.locator("#panel .claim mark").count() > 0
                return
    pytest.fail("no line was hit")


# ---- search


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("area team", "actor/area-teams"),
        ("PCT", "actor/pcts"),
        ("King's Fund", "actor/kings-fund"),
        ("KING’S FUND", "actor/kings-fund"),
    ],
)
def test_search_leads_to_the_actor_by_any_name(at, names, words: str, actor: str):
    page = at()
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    assert heading(page) == names[actor]
    assert address(page) == f"#focus={actor.removeprefix('actor/')}"


@pytest.mark.core
def test_search_finds_words_of_a_quote_and_says_where_there_are_none(at):
    page = at()
    search = page.locator("#search")
    search.fill("worthy of a beating")
    page.locator("#panel h2", has_text="Found for").wait_for()
    page.locator("#panel .claim-link").first.click()
    assert "worthy of a beating" in page.locator("#panel mark").all_inner_texts()[0]
    search.fill("xyzzy")
    page.locator("#panel", has_text="Nothing has these words").wait_for()
    page.keyboard.press("Escape")
    assert heading(page) == "The whole map"
    assert search.input_value() == ""


def test_enter_in_an_empty_search_opens_nothing(at):
    page = at()
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    assert address(page) == "" and heading(page) == "The whole map"


# ---- the keyboard


@pytest.mark.core
def test_the_keyboard_alone_leads_from_the_page_to_a_quote(at):
    page = at()
    tabs = 0
    while not page.evaluate("document.activeElement.matches('#panel .edge-link')"):
        page.keyboard.press("Tab")
        tabs += 1
        assert tabs < 60, "no line is reached"
    page.keyboard.press("Enter")
    assert page.locator("#panel .claim mark").count() > 0
    assert tabs <= 45
    page.keyboard.press("Escape")
    assert heading(page) == "The whole map"


def test_with_the_search_three_keys_lead_to_a_quote(at):
    page = at()
    page.keyboard.type("/")
    page.keyboard.type("wield the stick")
    page.keyboard.press("Enter")
    assert page.locator("#panel mark").count() > 0
    assert page.evaluate("document.activeElement.id") == "panel"


# ---- an edge and its evidence


@pytest.mark.core
def test_an_edge_opens_quote_chain_source_date_and_modality(at):
    page = at(f"claim={STICK}")
    card = page.locator("#panel .claim").first
    text = card.inner_text()
    assert "wield the stick" in " ".join(card.locator("mark").all_inner_texts())
    for told in ("Put as", "as told by Holly Holder", "2014", "area teams"):
        assert told in text, told
    assert card.locator(".source-line cite").count() == 1
    assert card.locator("a[rel~=external]").get_attribute("href").startswith("https://")


def test_a_quote_stands_in_its_whole_sentence(at):
    page = at()
    lengths = page.evaluate(
        """() => [...document.querySelectorAll('template')].map(card => card.content)
            .map(card => ['blockquote', 'mark'].map(
                name => card.querySelector(name).textContent.trim().length))"""
    )
    assert all(quote >= mark > 0 for quote, mark in lengths)
    assert sum(quote > mark for quote, mark in lengths) > 20


@pytest.mark.core
@pytest.mark.parametrize(("standing", "sign"), [("denied", "said not to be so"), ("open", "asked")])
def test_denied_and_open_are_told_apart_from_affirmed(at, model, standing: str, sign: str):
    edge = next(e for e in model["edges"] if e["standing"] == standing and not e["own"])
    key = ">".join((edge["from"], edge["to"], edge["kind"], standing))
    page = at(f"topics=yes&edge={key}")
    assert sign in page.locator("#panel .lede").inner_text()
    card = page.locator("#panel .claim").first
    assert (card.locator(".not").count() > 0) == (standing == "denied")


def test_an_edge_shows_each_of_its_claims_once(at, model):
    edge = max((e for e in model["edges"] if not e["own"]), key=lambda e: len(e["claims"]))
    page = at("topics=yes&edge=" + ">".join(edge[k] for k in ("from", "to", "kind", "standing")))
    shown = [card.get_attribute("data-claim") for card in page.locator("#panel .held").all()]
    assert shown == edge["claims"][:25]


@pytest.mark.core
@pytest.mark.parametrize(
    ("button", "arguments"),
    [("Copy citation", []), ("Copy BibTeX", ["--format", "biblatex"]), ("Copy address", None)],
)
def test_what_is_copied_is_what_the_command_line_cites(at, run, model, button: str, arguments):
    page = at(f"claim={STICK}")
    page.locator("#panel .claim").first.get_by_role("button", name=button).click()
    page.locator("#_said", has_text="copied").wait_for(state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    if arguments is None:
        assert copied == f"{model['base']}claim/{STICK}"
    else:
        cited = run("cite", STICK, *arguments)
        assert cited.code == 0 and copied.strip() == cited.out.strip()


# ---- filters, legend, lenses


def values_of(claim: Mapping[str, Any], facet: str, nodes: Mapping[str, Any]) -> set[str]:
    first, last = claim["years"]
    return {
        "lever": lambda: set(claim["levers"]),
        "modality": lambda: {claim["modality"]},
        "source": lambda: {claim["source"]},
        "speaker": lambda: set(claim["voices"]),
        "year": lambda: {str(y) for y in range(first or last, (last or first) + 1)} - {"0"},
        "tier": lambda: {nodes[e]["tier"] for e in claim["subjects"] + claim["objects"]} - {""},
    }[facet]()


def legend(page: Page) -> dict[str, int]:
    return {
        chip.get_attribute("data-key"): int(chip.locator(".number").inner_text())
        for chip in page.locator("#legend .chip").all()
    }


def counted(model: Mapping[str, Any], passes: Callable[[dict[str, Any]], bool]) -> dict[str, int]:
    """How many claims each kind and standing of the whole map has, by the model alone."""
    passing = {claim["id"] for claim in model["claims"] if passes(claim)}
    placed = {node["id"] for node in model["nodes"] if node["type"] in ("actor", "")}
    found: dict[str, set[str]] = {}
    for edge in model["edges"]:
        if not edge["own"] and {edge["from"], edge["to"]} <= placed:
            for key in (edge["kind"], edge["standing"]):
                found.setdefault(key, set()).update(set(edge["claims"]) & passing)
    return {key: len(claims) for key, claims in found.items() if claims}


@pytest.mark.parametrize(
    "facet",
    [
        *("lever", "year", "tier"),
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("modality", "source", "speaker")),
    ],
)
def test_each_filter_counts_and_filters(at, model, facet: str):
    nodes = {node["id"]: node for node in model["nodes"]}
    page = at()
    assert legend(page) == counted(model, lambda claim: True)
    page.locator("#filters summary").click()
    select = page.locator(f"#filter-{facet}")
    options = select.locator("option").all()
    assert len(options) > 2
    expected: dict[str, int] = {}
    for claim in model["claims"]:
        for value in values_of(claim, facet, nodes):
            expected[value] = expected.get(value, 0) + 1
    told = {
        option.get_attribute("value"): int(option.inner_text().rpartition("(")[2].rstrip(")"))
        for option in options[1:]
    }
    assert told == expected
    value = max(expected, key=lambda key: (expected[key] < len(model["claims"]), expected[key]))
    select.select_option(value)
    assert legend(page) == counted(model, lambda claim: value in values_of(claim, facet, nodes))
    assert page.locator("#filters-count").inner_text() == " (1 on)"
    before = view(page)
    page.reload()
    assert view(page) == before


def test_filters_that_leave_nothing_say_so_and_are_cleared_at_once(at):
    page = at("year=1066")
    assert "No claim passes these filters" in panel(page)
    page.get_by_role("button", name="Clear all filters").click()
    assert address(page) == "" and page.locator("#panel .edge-link").count() == 15


@pytest.mark.core
def test_the_legend_shows_one_kind_alone_then_others_beside_it(at):
    page = at("lens=carrots-and-sticks")
    lines = page.locator("#panel .edge-link").count()
    stick = page.locator("#legend .chip[data-key='nhs/lever/stick']")
    carrot = page.locator("#legend .chip[data-key='nhs/lever/carrot']")
    stick.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.key") == "nhs/lever/stick"
    assert stick.get_attribute("aria-pressed") == "true"
    assert carrot.get_attribute("aria-pressed") == "false"
    alone = page.locator("#panel .edge-link").count()
    assert 0 < alone < lines
    assert "nhs/lever/carrot" in address(page) and "nhs/lever/stick" not in address(page)
    carrot.click()
    assert alone < page.locator("#panel .edge-link").count() < lines
    carrot.click()
    stick.click()
    assert page.locator("#panel .edge-link").count() == lines
    assert "off=" not in address(page)


def test_topics_add_topics(at):
    page = at()
    before = legend(page)
    page.locator("#topics").check()
    after = legend(page)
    assert sum(after.values()) > sum(before.values())
    assert all(after[key] >= number for key, number in before.items())
    assert "actors and topics" in page.locator("#shown").inner_text()


def test_each_lens_says_what_one_sees_and_draws_lines(at, model):
    page = at()
    assert [lens["name"] for lens in model["lenses"]] == LENSES
    for lens in model["lenses"]:
        page.locator("#lens").select_option(lens["name"])
        assert page.locator("#says").inner_text() == lens["says"]
        assert heading(page) == lens["title"]
        assert page.locator("#panel h3 + .rows .edge-link").count() > 0
        assert address(page) == f"#lens={lens['name']}"
        # The picture of what is drawn lacks no place, with topics and without.
        for _ in range(2):
            page.evaluate("document.getElementById('view').click()")
            picture = page.locator("#picture svg").evaluate("svg => svg.outerHTML")
            assert not re.search(r'"[^"<>]*(NaN|null|undefined|Infinity)', picture)
            page.evaluate("document.getElementById('view').click()")
            page.evaluate("document.getElementById('topics').click()")


# ---- the address


STATES = {
    "lens": "lens=influence",
    "focus": "focus=area-teams",
    "depth": "focus=area-teams&depth=2",
    "edge": "EDGE",
    "claim": f"claim={STICK}",
    "path": "from=department-of-health&to=patients",
    "a list": "list=path",
    "words": "q=stick",
    "story": "story=carrots-and-sticks",
    "a story left": "story=what-ccgs-are&focus=",
    "off": "off=nhs/lever/stick,open",
    "topics": "topics=yes",
    "no topics": "lens=engagement&topics=no",
    "picture": "view=picture",
    "two filters": "source=holder-2014&year=2014",
    "all at once": "lens=disagreements&focus=ccgs&depth=3&off=denied&tier=practice",
    "nonsense": "lens=x&focus=y&depth=99&edge=a>b&claim=z/z&story=none&from=p&to=q&speaker=nobody",
}


USUAL = ("focus", "edge", "path", "story", "a story left", "all at once", "nonsense")


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(state, id=name, marks=() if name in USUAL else pytest.mark.slow)
        for name, state in STATES.items()
    ],
)
def test_an_address_gives_the_same_view_again(at, model, state: str):
    edge = next(e for e in model["edges"] if e["kind"] == "nhs/lever/stick" and not e["own"])
    key = ">".join(edge[k] for k in ("from", "to", "kind", "standing"))
    state = state.replace("EDGE", f"edge={key}")
    page = at(state)
    before = view(page)
    page.reload()
    assert view(page) == before
    start = view(at())
    assert (before != start) == (state != "story=none")


def test_a_story_that_was_left_half_way_is_so_after_a_reload(at):
    page = at("story=what-ccgs-are")
    page.locator("#panel .back button").click()
    before = view(page)
    assert before["story"] and "Overview" not in before["panel"]
    page.reload()
    assert view(page) == before


def test_the_back_button_goes_back_one_step_at_a_time(at):
    page = at()
    views = [view(page)]
    for step in (
        lambda: page.locator("#lens").select_option("contracts-and-money"),
        page.locator("#panel .edge-link").first.click,
        page.locator("#panel .back button").click,
        page.locator("#legend .chip").first.click,
    ):
        step()
        views.append(view(page))
    # What changes nothing is no step: the same line again.
    for expected in reversed(views[:-1]):
        page.go_back()
        assert view(page) == expected
    page.go_forward()
    assert view(page) == views[1]


def test_what_changes_nothing_is_no_step(at):
    page = at("focus=ccgs")
    before = page.evaluate("history.length")
    for _ in range(3):
        page.get_by_role("button", name="2", exact=True).click()
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    assert address(page) == "#focus=ccgs"


# ---- paths


def shortest(model: Mapping[str, Any], start: str) -> dict[str, int]:
    """Steps along the arrows to every actor, none through whoever is not stated."""
    nodes = {node["id"]: node for node in model["nodes"]}
    ties = {
        (edge["from"], edge["to"])
        for edge in model["edges"]
        if not edge["own"] and {nodes[edge[e]]["type"] for e in ("from", "to")} == {"actor"}
    }
    steps, front = {start: 0}, [start]
    while front:
        here = front.pop(0)
        if here == start or not nodes[here].get("unnamed"):
            for target in sorted(b for a, b in ties if a == here and b not in steps):
                steps[target] = steps[here] + 1
                front.append(target)
    return steps


def test_a_path_is_the_shortest_and_has_a_quote_at_each_step(at, model, names):
    steps = shortest(model, "actor/nhs-england")
    target = max(steps, key=lambda key: (steps[key], key))
    assert steps[target] >= 2
    page = at()
    page.locator("#path").click()
    page.locator("#panel select[name=from]").select_option("actor/nhs-england")
    page.locator("#panel select[name=to]").select_option(target)
    hops = page.locator("#panel > h3").all_inner_texts()
    assert len(hops) == steps[target]
    assert page.locator("#panel > h3 + .cards").count() == len(hops)
    for cards in page.locator("#panel .cards").all():
        assert cards.locator("mark").count() > 0
    joined = [hop.split(" → ") for hop in hops]
    assert joined[0][0] == names["actor/nhs-england"] and joined[-1][1] == names[target]
    assert all(one[1] == other[0] for one, other in itertools.pairwise(joined))


def test_no_path_leads_through_whoever_is_not_stated(at, model):
    unnamed = next(node for node in model["nodes"] if node.get("unnamed"))
    page = at()
    reached = page.evaluate(
        """([ends, unnamed]) => ends.map(([from, to]) => {
            location.hash = `from=${from}&to=${to}`;
            dispatchEvent(new HashChangeEvent('hashchange'));
            return [...document.querySelectorAll('#panel > h3')].map(h => h.textContent);
        })""",
        [
            [
                (a["id"], b["id"])
                for a in model["nodes"]
                for b in model["nodes"]
                if a["type"] == b["type"] == "actor" and a != b and unnamed not in (a, b)
            ][::150],
            unnamed["id"],
        ],
    )
    assert any(reached)
    for hops in reached:
        assert not any(unnamed["name"] in hop.split(" → ") for hop in hops)


# ---- the story


def test_the_story_is_told_to_its_end_and_each_note_opens_its_claim(at, model):
    page = at()
    page.get_by_role("button", name="Story", exact=True).click()
    story = page.locator("#story")
    told = []
    for scene in model["story"]:
        opened = page.evaluate(
            """() => [...document.querySelectorAll('#story .note')].map((_, at) => {
                document.querySelectorAll('#story .note')[at].click();
                return document.querySelector('#panel .claim').dataset.claim;
            })"""
        )
        assert opened == [claim for sentence in scene["caption"] for claim in sentence["claims"]]
        words = story.inner_text()
        assert all(sentence["says"] in words for sentence in scene["caption"])
        told.append(story.locator("h2").inner_text())
        if scene is not model["story"][-1]:
            story.get_by_role("button", name="Next →").click()
    assert story.get_by_role("button", name="Next →").count() == 0
    assert told == [scene["title"] for scene in model["story"]]
    story.get_by_role("button", name="← Back").click()
    assert story.locator("h2").inner_text() == told[-2]
    story.get_by_role("button", name="Leave the story").click()
    assert story.is_hidden() and "story" not in address(page)


# ---- files


def saved(page: Page, button: str) -> str:
    page.locator("#exports summary").click()
    with page.expect_download() as told:
        page.locator(button).click()
    return Path(told.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("state", ["", "lens=attributions&topics=yes", "year=1066"])
def test_the_saved_picture_is_whole_and_says_whence_it_comes(at, model, state: str):
    page = at(state)
    legend_words = page.locator("#legend .chip span:first-of-type").all_inner_texts()
    picture = ElementTree.fromstring(saved(page, "#save-svg"))
    words = [element.text or "" for element in picture.iter(f"{SVG}text")]
    assert any(model["credit"] in word for word in words)
    standings = set(model["standings"].values())
    assert {word.strip() for word in legend_words} - standings <= set(words)
    titles = {title.text for title in picture.iter(f"{SVG}title")}
    shown = page.locator("#panel h3 + .rows")
    if shown.locator(".more").count():
        shown.locator(".more").click()
    lines = shown.locator(".edge-link").count()
    assert sum(" → " in (title or "") for title in titles) == lines


def test_the_saved_table_has_a_row_for_each_line_and_claim(at, model, names):
    text = saved(at("lens=influence"), "#save-csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    lens = next(one for one in model["lenses"] if one["name"] == "influence")
    actors = {node["id"] for node in model["nodes"] if node["type"] == "actor"}
    expected = {
        (names[edge["from"]], names[edge["to"]], claim)
        for edge in model["edges"]
        if not edge["own"] and {edge["from"], edge["to"]} <= actors
        for claim in edge["claims"]
        if claim in lens["claims"]
    }
    assert {(row["from"], row["to"], row["claim"]) for row in rows} == expected
    for row in rows:
        assert row["quote"] and row["statement"] and row["said by"]
        assert row["address"] == f"{model['base']}claim/{row['claim']}"


# ---- how it looks


def test_the_theme_is_toggled_and_the_canvas_drawn_again(at):
    page = at()
    shot = "document.querySelector('#canvas canvas').toDataURL()"
    light = page.evaluate(shot)
    page.locator("#_theme").click()
    page.wait_for_timeout(150)
    dark = page.evaluate(shot)
    assert dark != light
    ink_of = "getComputedStyle(document.body).color"
    page.emulate_media(media="print")
    assert page.evaluate(ink_of) == "rgb(33, 30, 26)", "on paper the ink is dark"
    page.emulate_media(media="screen")
    assert page.evaluate(ink_of) != "rgb(33, 30, 26)"
    page.locator("#_theme").click()
    page.wait_for_timeout(150)
    assert page.evaluate(shot) == light


def test_in_print_there_is_the_picture_and_no_tool(at):
    page = at("lens=carrots-and-sticks")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#picture svg").is_visible()
    for gone in (".tools", "#legend", "#canvas", ".top nav", "#_theme"):
        assert page.locator(gone).count() == 0 or page.locator(gone).is_hidden(), gone
    assert page.locator("#says").is_visible()
    box = page.locator("#picture svg").bounding_box()
    assert box["width"] > 300 and box["height"] > 100
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("#canvas").is_visible()
    assert len(page.pdf(format="A4", landscape=True)) > 20_000


@pytest.mark.core
def test_without_script_the_picture_and_its_key_stand_there(screen, written: Path):
    page = screen(script=False)
    page.goto(written.as_uri())
    assert page.locator(".tools").is_hidden() and page.locator("#canvas").is_hidden()
    assert page.locator(".without-script .key li").count() > 5
    picture = page.locator(".without-script svg.picture")
    assert picture.is_visible()
    told = page.locator(".without-script p").nth(1).inner_text()
    lines, tied = map(int, re.findall(r"(\d+)", told)[:2])
    assert picture.locator(".line").count() == lines
    titles = picture.locator(".line > title").all_text_contents()
    claims = [int(re.search(r"(\d+) claims?$", title)[1]) for title in titles]
    assert 0 < tied <= sum(claims)
    assert picture.locator(".line").count() > 30 and picture.locator(".thing").count() > 20
    parts = picture.locator(".line, .thing").count()
    assert picture.locator(".line > title, .thing > title").count() == parts


@pytest.fixture(scope="session")
def site(run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "site"
    told = run("site", "-o", folder)
    assert told.code == 0, told.err
    return folder


@pytest.mark.slow
def test_in_a_site_every_line_and_box_of_the_twin_leads_to_a_page(screen, site: Path):
    page = screen(script=False)
    page.goto((site / "map.html").as_uri())
    links = page.locator(".without-script svg.picture a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(links) > 80
    assert [link for link in set(links) if not (site / link).is_file()] == []
    page.locator(".without-script svg.picture a.line").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/claim/**")
    assert page.locator("mark").count() > 0


def sideways(page: Page) -> list[str]:
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => e.checkVisibility() && !e.closest('svg, .scroll, #canvas, .away'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
            .map(e => e.tagName + '.' + e.className)"""
    )


VIEWS = {
    "start": "",
    "edge": f"claim={STICK}",
    "focus": "focus=ccgs",
    "search": "q=stick",
    "story": "story=carrots-and-sticks",
    "path": "from=department-of-health&to=patients",
    "lens": "lens=attributions",
}


def test_on_a_narrow_screen_nothing_runs_out_sideways(screen, written: Path):
    page = screen(390)
    page.goto(written.as_uri())
    page.locator("#filters summary").click()
    for name, state in VIEWS.items():
        page.evaluate(f"location.hash = {json.dumps(state)}")
        page.wait_for_timeout(30)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (name, wide, sideways(page)) == (name, 390, [])


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        (390, False),
        pytest.param(1440, True, marks=pytest.mark.slow),
        pytest.param(390, True, marks=pytest.mark.slow),
        pytest.param(1440, False, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious(screen, axe, written: Path, width: int, dark: bool):
    page = screen(width, dark=dark)
    page.goto(written.as_uri())
    for name, state in VIEWS.items():
        page.evaluate(f"location.hash = {json.dumps(state)}")
        page.wait_for_timeout(30)
        assert (name, axe(page)) == (name, [])


# ---- hostile words


SHOWN = (
    *("corpus title", "source title", "scene title", "caption"),
    *("actor label", "actor alias", "topic label", "relation label", "lever label"),
    *("claim text", "quote", "hedge", "condition", "comment", "figure said", "time said"),
    *("chain reason", "dispute reason"),
)
"""Fields that the map shows."""


@pytest.fixture(scope="session")
def evil(run, hostile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evil") / "map.html"
    told = run("--corpus", hostile.root, "network", "-o", path)
    assert told.code == 0, told.err
    return path


@pytest.mark.core
def test_hostile_words_are_shown_as_text_and_do_nothing(page, evil: Path, hostile):
    page.goto(evil.as_uri())
    claims = page.evaluate(
        "JSON.parse(document.getElementById('model').textContent).claims.map(c => c.id)"
    )
    seen = []
    states = [
        "", "topics=yes", "focus=inspectors", "focus=long", "story=constructor", "q=actor",
        "view=picture&topics=yes", "list=path", "from=inspectors&to=schools",
        *(f"claim={claim}" for claim in claims),
        "lens=</script><img src=x onerror=alert(1)>&q=<svg onload=alert(2)>",
        "claim=<img src=x onerror=alert(3)>", "edge=<b>>__proto__>constructor>x", "focus=__proto__",
        "off=__proto__,constructor&speaker=<img src=x onerror=alert(4)>",
    ]  # fmt: skip
    for state in states:
        page.evaluate("state => { location.hash = state; }", state)
        page.wait_for_timeout(20)
        seen.append(page.evaluate("document.body.textContent + document.title"))
        assert page.locator("#panel img, #panel script, #story img, #picture script").count() == 0
    text = re.sub(r"\s+", " ", "\n".join(seen))
    missing = [field for field in SHOWN if re.sub(r"\s+", " ", hostile.texts[field]) not in text]
    assert missing == []
    handlers = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]
            .filter(a => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value) &&
                ['href', 'src', 'action'].includes(a.name)).map(a => a.name + '=' + a.value))"""
    )
    assert handlers == []


def test_a_cell_that_begins_like_a_formula_is_defused(page, run, tmp_path: Path):
    path = tmp_path / "formula.html"
    query = (
        'SELECT ?claim ?from ?to ?as { VALUES ?as { "=1+1" "@x" "a, b\\"c" "-2" } '
        "?claim rdf:predicate ?p ; rdf:subject ?from ; rdf:object ?to FILTER(isIRI(?to)) }"
    )
    assert run("network", "--sparql", query, "-o", path).code == 0
    page.goto(f"{path.as_uri()}#topics=yes")
    text = saved(page, "#save-csv").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["drawn as"] for row in rows} == {"'=1+1", "'@x", "'-2", 'a, b"c'}
    page.locator("#legend .chip", has_text="a, b").click()
    before = view(page)
    assert sorted(before["pressed"]) == ["as/-2", "as/=1+1", "as/@x"]
    page.reload()
    assert view(page) == before
