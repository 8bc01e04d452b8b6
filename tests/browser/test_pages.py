"""The site in a real browser: what its pages do when they are read, with scripts and without.

The pages are written once, through the command line. `parsed` lets the browser itself read many
of them at once, without opening each.
"""

from __future__ import annotations

import html
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import yaml

from ccgkg.dataset.opening import open_store

if TYPE_CHECKING:
    from playwright.sync_api import Page

KINDS = [
    "index.html",
    "story.html",
    "claims.html",
    "sources.html",
    "register.html",
    "glossary.html",
    "ontology.html",
    "questions.html",
    "actor/ccgs.html",
    "topic/engagement.html",
    "claim/pulse-2016/practices-unable.html",
    "lens/carrots-and-sticks.html",
    "lens/disagreements.html",
    "lens/engagement.html",
    "query/figures.html",
    "query/actor.html",
    "source/naylor-2013-kingsfund.html",
]
"""One page of each kind."""

READER = "source/pulse-2016.html"
SOURCES = [
    "holder-2014",
    "kingsfund-2014",
    "naylor-2013-bmj",
    "naylor-2013-kingsfund",
    "pulse-2016",
]
LENSES = [
    *("carrots-and-sticks", "contracts-and-money", "influence", "engagement"),
    *("succession", "disagreements", "attributions"),
]
CITED = ["pulse-2016/influence-20", "holder-2014/stick-contracts", "naylor-2013-bmj/goodwill"]
SCREENS = [(390, False), (390, True), (1440, False), (1440, True)]
SHARES = 4
"""In which all pages are looked at, side by side."""


def squeezed(text: str) -> str:
    """With all white space alike."""
    return " ".join(text.split())


def written(run, target: Path, *corpus: object, excerpts: bool = False) -> Path:
    told = run(*corpus, "site", "-o", target, *(["--excerpts"] if excerpts else []))
    assert told.code == 0, told.err
    return target


@pytest.fixture(scope="session")
def out(run, tmp_path_factory) -> Path:
    """The site of the shipped corpus."""
    return written(run, tmp_path_factory.mktemp("pages") / "site")


@pytest.fixture(scope="session")
def hostile_out(run, hostile, tmp_path_factory) -> Path:
    """The site of the hostile corpus."""
    return written(run, tmp_path_factory.mktemp("hostile") / "site", "--corpus", hostile.root)


@pytest.fixture(scope="session")
def sources(cache: Path) -> Mapping[str, Any]:
    """What the build left of each source."""
    return open_store(None, cache).views()["sources"]


@pytest.fixture
def parsed(page: Page) -> Callable[[str, list[Path]], list[Any]]:
    """What a function of a document finds in each file, as the browser parses it."""

    def ask(function: str, files: list[Path]) -> list[Any]:
        texts = [path.read_text(encoding="utf-8") for path in files]
        return page.evaluate(
            f"""texts => texts.map(text =>
                ({function})(new DOMParser().parseFromString(text, 'text/html')))""",
            texts,
        )

    return ask


def seeds(root: Path, name: str) -> Any:
    return yaml.safe_load((root / "seeds" / name).read_text(encoding="utf-8"))


def claim_of(link: str) -> str:
    """The short id of the claim to whose page a link leads."""
    return link.partition("claim/")[2].removesuffix(".html")


# ---- every kind of page


@pytest.mark.parametrize(
    ("path", "width", "dark"),
    [
        pytest.param(
            path,
            width,
            dark,
            marks=() if path in (READER, "claims.html") else pytest.mark.slow,
            id=f"{path}-{width}-{'dark' if dark else 'light'}",
        )
        # Every page in both widths and both themes; the pages are made of the same parts, so each
        # part is seen in all four.
        for at, path in enumerate([READER, *KINDS])
        for width, dark in (SCREENS[at % 2], SCREENS[3 - at % 2])
    ],
)
def test_nobody_is_hindered(out: Path, screen, axe, path, width, dark):
    page = screen(width, dark=dark)
    page.goto((out / path).as_uri())
    # The rows of a table are made alike, and axe takes seconds for hundreds of them.
    page.evaluate(
        "document.querySelectorAll('tbody tr:nth-child(n + 12)').forEach(row => row.remove())"
    )
    assert axe(page) == []


def wide(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def sticking_out(page: Page, out: Path, paths: Iterable[str]) -> list[str]:
    """The pages that are wider than the screen."""
    found = []
    for path in paths:
        page.goto((out / path).as_uri(), wait_until="commit")
        page.locator("footer").wait_for(state="attached")
        if wide(page) > page.viewport_size["width"]:
            found.append(path)
    return found


@pytest.mark.parametrize("width", [390, 1440])
def test_no_kind_of_page_runs_out_sideways(out: Path, screen, width: int):
    assert sticking_out(screen(width), out, KINDS) == []


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_no_page_at_all_runs_out_sideways(out: Path, screen, share: int):
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.html"))
    assert len(found) > 500
    assert sticking_out(screen(390), out, found[share::SHARES]) == []


def test_a_theme_is_chosen_and_kept(out: Path, page):
    page.goto((out / "index.html").as_uri())
    light = page.evaluate("getComputedStyle(document.body).color")
    toggle = page.get_by_role("button", name="Dark")
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "true"
    assert page.evaluate("getComputedStyle(document.body).color") != light
    # The next page may run in another process, which learns of the choice a moment later.
    for _ in range(20):
        page.goto((out / "sources.html").as_uri())
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
        page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("path", [READER, "claims.html", "lens/engagement.html"])
def test_print_has_dark_ink_and_leaves_out_what_only_a_screen_can_use(out: Path, screen, path):
    page = screen(dark=True)
    page.goto((out / path).as_uri())
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Dark").click()
    inks = """() => [document.body, ...document.querySelectorAll('main :is(p, h1, h2, td, th, li)')]
        .filter(e => e.checkVisibility())
        .map(e => getComputedStyle(e).color.match(/[\\d.]+/g).slice(0, 3).map(Number))"""
    assert any(sum(ink) > 450 for ink in page.evaluate(inks)), "on a dark screen it is light"
    page.emulate_media(media="print")
    assert [ink for ink in page.evaluate(inks) if sum(ink) > 450] == []
    for gone in ("nav[aria-label=Pages]", "#_theme", ".skip", ".finder"):
        assert page.locator(gone).count() == 0 or page.locator(gone).is_hidden(), gone
    assert page.locator(".foot").is_visible()
    if path == READER:
        assert page.locator(".margin li").last.is_visible()


# ---- the reader


@pytest.mark.core
@pytest.mark.parametrize("key", SOURCES)
def test_the_reader_shows_the_text_and_nothing_else(out: Path, page, sources, key):
    page.goto((out / f"source/{key}.html").as_uri())
    text = page.locator("#_text")
    assert squeezed(text.evaluate("e => e.textContent")) == squeezed(
        Path(sources[key]["path"]).read_text(encoding="utf-8")
    )
    assert text.locator("mark mark").count() == 0
    assert text.locator("mark").count() > 20


@pytest.mark.parametrize("key", SOURCES)
def test_each_address_shows_its_own_passage(out: Path, page, key):
    page.goto((out / f"source/{key}.html").as_uri())
    found = page.evaluate(
        """async () => {
            const told = [];
            for (const item of document.querySelectorAll('.margin li')) {
                const name = item.dataset.c;
                const moved = new Promise(
                    done => addEventListener('hashchange', done, { once: true }));
                location.hash = encodeURIComponent(name);
                await moved;
                const own = [...document.querySelectorAll('mark')]
                    .filter(mark => mark.dataset.c.split(' ').includes(name));
                const on = [...document.querySelectorAll('mark.on')];
                const { top } = (own[0] || document.body).getBoundingClientRect();
                told.push([name, own.length > 0 && own.every(mark => on.includes(mark)),
                    own.length === on.length, top >= 0 && top < innerHeight,
                    document.querySelectorAll('li.on').length === 1 && item.matches('.on')]);
            }
            return told;
        }"""
    )
    assert len(found) > 30
    assert [each for each in found if not all(each)] == []


def test_without_scripts_the_address_still_shows_its_passage(out: Path, screen):
    page = screen(script=False)
    address = (out / "source/kingsfund-2014.html").as_uri()
    page.goto(address)
    names = page.locator(".margin li").evaluate_all("all => all.map(item => item.dataset.c)")
    outlined = """all => all.filter(e => getComputedStyle(e).outlineStyle === 'solid')
        .map(e => e.dataset.c.split(' '))"""
    shown = {}
    for name in names:
        page.goto(f"{address}#{name}")
        shown[name] = page.locator("mark").evaluate_all(outlined)
    assert [name for name, marks in shown.items() if len(marks) != 1 or name not in marks[0]] == []


def test_a_passage_of_several_claims_shows_all_of_them(out: Path, page):
    page.goto((out / READER).as_uri())
    several = page.locator("mark[data-c*=' ']").first
    names = several.get_attribute("data-c").split()
    several.click()
    shown = page.locator(".margin li.on").evaluate_all("all => all.map(item => item.dataset.c)")
    assert sorted(shown) == sorted(names) and len(names) > 1
    assert page.url.endswith(f"#{names[0]}")


def test_a_claim_in_the_margin_shows_its_passage(out: Path, page):
    page.goto((out / READER).as_uri())
    item = page.locator(".margin li").last
    item.locator(".small").first.click(position={"x": 3, "y": 3})
    name = item.get_attribute("data-c")
    assert name in page.locator("mark.on").first.get_attribute("data-c").split()
    assert page.locator("mark.on").first.evaluate(
        "e => e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().bottom <= innerHeight"
    )


@pytest.mark.core
def test_a_passage_shows_its_claims_and_keeps_the_address(out: Path, page):
    page.goto((out / READER).as_uri())
    page.locator("mark", has_text="just one in five").click()
    assert page.locator(".margin li.on").get_attribute("data-c") == "influence-20"
    assert page.url.endswith("#influence-20")


def test_from_a_number_in_the_text_to_the_claim_and_back_with_keys_alone(out: Path, page):
    page.goto((out / READER).as_uri())
    page.get_by_role("link", name="Claim 6", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#_influence-20")
    page.get_by_role("link", name="Claim 6 in the text").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#influence-20")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_sentences_without_a_claim_say_why_when_asked(out: Path, screen, sources, script: bool):
    page = screen(script=script)
    for key in ("pulse-2016", "naylor-2013-kingsfund"):
        page.goto((out / f"source/{key}.html").as_uri())
        told = """all => all.map(e => [e.dataset.why, getComputedStyle(e, '::after').content])"""
        before = page.locator(".silent").evaluate_all(told)
        assert {content for _, content in before} == {"none"}
        page.get_by_label("Say why a sentence carries no claim").check()
        after = page.locator(".silent").evaluate_all(told)
        assert all("no claim: " in content for _, content in after)
        assert {why for why, _ in after} == {one["reason"] for one in sources[key]["unclaimed"]}


def test_comments_look_like_comments(out: Path, page):
    page.goto((out / "source/naylor-2013-kingsfund.html").as_uri())
    comments = page.get_by_role("group", name="Readers’ comments")
    assert comments.count() > 0
    style = "e => [getComputedStyle(e).borderLeftStyle, getComputedStyle(e, '::before').content]"
    assert comments.first.evaluate(style) == ["solid", '"Readers’ comments"']
    assert comments.locator("mark").count() > 5
    names = comments.locator("mark").evaluate_all("all => all.map(e => e.dataset.c.split(' ')[0])")
    for name in dict.fromkeys(names):
        speaker = page.locator(f".margin li[data-c='{name}'] .small").inner_text()
        assert not speaker.startswith(("Chris Naylor", "the King’s Fund"))


def test_what_is_printed_twice_says_so_on_both_pages(out: Path, page):
    page.goto((out / "source/naylor-2013-bmj.html").as_uri())
    main = page.locator("main")
    assert "is also printed in" in main.inner_text()
    main.locator("p", has_text="is also printed in").get_by_role("link").click()
    assert page.url.endswith("source/naylor-2013-kingsfund.html")
    main.locator("p", has_text="is also printed in").get_by_role("link").click()
    assert page.url.endswith("source/naylor-2013-bmj.html")


def test_reference_managers_read_the_record(out: Path, parsed, root: Path):
    found = parsed(
        """page => [
            [...page.querySelectorAll('meta[name^=citation_]')].map(m => [m.name, m.content]),
            JSON.parse(page.querySelector('script[type="application/ld+json"]').textContent),
        ]""",
        [out / f"source/{key}.html" for key in SOURCES],
    )
    for key, (tags, record) in zip(SOURCES, found, strict=True):
        csl = seeds(root, f"{key}/source.yaml")["record"]
        day = [f"{part:02}" for part in csl["issued"]["date-parts"][0]]
        names = [f"{one['given']} {one['family']}" for one in csl.get("author", [])]
        assert [value for name, value in tags if name == "citation_author"] == names
        told = dict(tags)
        assert told["citation_title"] == record["name"] == csl["title"]
        assert told["citation_publication_date"] == "/".join(day)
        assert record["datePublished"] == "-".join(day)
        assert told.get("citation_public_url") == record.get("url") == csl.get("URL")
        assert [one["name"] for one in record.get("author", [])] == names
        assert record.get("publisher", {}).get("name") == csl.get("publisher")
        assert record["@context"] == "https://schema.org"


@pytest.mark.parametrize(
    "claim",
    [
        "pulse-2016/influence-20",
        "naylor-2013-kingsfund/always-a-beating",
        "naylor-2013-bmj/stacked-against",
    ],
)
def test_from_a_claim_to_the_same_words_in_the_reader(out: Path, page, claim: str):
    page.goto((out / f"claim/{claim}.html").as_uri())
    quote = page.locator(".passage").first.locator("mark").all_inner_texts()
    page.get_by_role("link", name="In the reader").first.click()
    assert page.locator("mark.on").first.is_visible()
    assert squeezed("".join(page.locator("mark.on").all_text_contents())) == squeezed(
        "".join(quote)
    )


# ---- the table


@pytest.mark.core
def test_the_table_sorts_both_ways_and_says_so(out: Path, page):
    page.goto((out / "claims.html").as_uri())
    head = page.get_by_role("columnheader", name="Year")
    years = page.locator("tbody tr td:last-child")
    for direction, first in (("ascending", "2013"), ("descending", "2016")):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == direction
        assert years.first.text_content() == first
    page.get_by_role("columnheader", name="Claim").get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None


def test_every_column_sorts_by_keyboard_and_loses_no_row(out: Path, page):
    page.goto((out / "claims.html").as_uri())
    heads = page.locator("thead th button")
    column = """at => {
        const rows = [...document.querySelectorAll('tbody tr')];
        const cells = rows.map(row => row.cells[at].textContent.trim());
        const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
        const full = cells.filter(Boolean);
        return [rows.length, new Set(rows.map(row => row.innerHTML)).size,
            full.every((cell, i) => !i || order.compare(full[i - 1], cell) <= 0),
            cells.slice(full.length).every(cell => cell === '')];
    }"""
    rows = page.locator("tbody tr").count()
    for at in range(heads.count()):
        heads.nth(at).focus()
        page.keyboard.press("Space" if at % 2 else "Enter")
        assert page.evaluate(column, at) == [rows, rows, True, True]
        assert page.locator("thead th[aria-sort]").count() == 1
        assert page.locator("thead th").nth(at).get_attribute("aria-sort") == "ascending"
        assert heads.nth(at).evaluate("e => e === document.activeElement")


def test_words_find_rows(out: Path, page):
    page.goto((out / "claims.html").as_uri())
    field = page.get_by_label("Find in this table")
    field.fill("stick AREA teams")
    rows = page.locator("tbody tr:visible")
    assert 0 < rows.count() < 10
    assert "area teams" in rows.first.text_content()
    assert f"{rows.count()} of " in page.locator("[data-found]").text_content()
    page.get_by_role("columnheader", name="Source").get_by_role("button").click()
    found = rows.count()
    field.fill("King's fund")
    typed = rows.count()
    field.fill("king’s FUND")
    assert typed == rows.count() > found
    field.fill("xyzzy")
    assert rows.count() == 0
    assert page.locator("[data-found]").text_content().startswith("0 of ")
    field.fill("")
    assert rows.count() > 200 and page.locator("[data-found]").text_content() == ""


def test_everything_is_there_without_scripts(out: Path, screen):
    page = screen(script=False)
    page.goto((out / "claims.html").as_uri())
    assert page.locator(".script-only:visible").count() == 0
    rows = page.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => row.querySelector('td a[href^=\"source/\"]').getAttribute('href'))"
    )
    assert len(rows) > 200
    by_source: dict[str, list[str]] = {}
    for link in rows:
        source, _, name = link.partition("#")
        by_source.setdefault(source, []).append(name)
    runs = [
        a for a, b in zip(rows, [*rows[1:], "#"], strict=True) if a.split("#")[0] != b.split("#")[0]
    ]
    assert len(runs) == len(by_source), "the rows of a source stand together"
    for source, names in by_source.items():
        page.goto((out / source).as_uri())
        assert page.locator(".script-only:visible").count() == 0
        beside = page.locator(".margin li").evaluate_all("all => all.map(e => e.dataset.c)")
        assert names == [name for name in beside if "/" not in name]


# ---- a claim


@pytest.mark.core
@pytest.mark.parametrize("claim", CITED)
def test_what_is_copied_is_what_the_command_line_cites(out: Path, page, run, claim: str):
    page.goto((out / f"claim/{claim}.html").as_uri())
    for name, arguments in (("citation", []), ("BibTeX", ["--format", "biblatex"])):
        page.get_by_role("button", name=f"Copy {name}").click()
        said = f"{name[0].upper()}{name[1:]} copied"
        page.get_by_role("status").get_by_text(said).wait_for(state="attached")
        cited = run("cite", claim, *arguments)
        assert page.evaluate("navigator.clipboard.readText()") == cited.out.removesuffix("\n")
    page.get_by_role("button", name="Copy address").click()
    page.get_by_role("status").get_by_text("Address copied").wait_for(state="attached")
    address = f"https://w3id.org/ccgkg/claim/{claim}"
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert page.locator(".cite").text_content() == run("cite", claim).out.removesuffix("\n")


def test_links_to_the_original_find_the_words_there(out: Path, parsed):
    """As the specification reads them: what is not encoded is syntax."""
    files = sorted((out / "claim").rglob("*.html"))
    found = parsed(
        """page => [
            page.querySelector('.actions a[rel~=external]')?.getAttribute('href') ?? '',
            [...page.querySelector('.passage').querySelectorAll('mark')].map(m => m.textContent),
        ]""",
        files,
    )
    assert sum(bool(link) for link, _ in found) > 200
    for path, (link, quotes) in zip(files, found, strict=True):
        if not link:
            continue
        address, _, told = link.partition("#:~:")
        assert address.startswith(("https://", "http://")) and "#" not in address, path
        directives = told.split("&")
        assert len(directives) == len(quotes), path
        for directive, quote in zip(directives, quotes, strict=True):
            name, _, value = directive.partition("=")
            ends = value.split(",")
            assert name == "text" and 1 <= len(ends) <= 2 and "-" not in value, path
            words = squeezed(quote)
            assert words.startswith(unquote(ends[0])) and words.endswith(unquote(ends[-1])), path
            assert len(ends) == 2 or unquote(ends[0]) == words, path


# ---- the story, the lenses, the questions


def test_the_story_is_told_with_what_each_sentence_rests_on(out: Path, page, root: Path):
    page.goto((out / "story.html").as_uri())
    scenes = seeds(root, "story.yaml")
    assert page.locator(".scenes > li").evaluate_all("all => all.map(e => e.id)") == list(scenes)
    for name, scene in scenes.items():
        here = page.locator(f"[id='{name}']")
        assert here.locator("h2").inner_text().endswith(scene["title"])
        for said, caption in zip(here.locator(".said").all(), scene["caption"], strict=True):
            assert said.locator(".lead").inner_text() == caption["says"]
            assert said.locator(".receipts").is_hidden()
            said.locator("summary").click()
            links = said.locator(".receipts .label a").evaluate_all(
                "all => all.map(e => e.getAttribute('href'))"
            )
            assert [claim_of(link) for link in links] == caption["claims"]
            assert said.locator(".receipts mark").first.is_visible()
        to_map = here.get_by_role("link", name="See it on the map")
        assert to_map.get_attribute("href") == f"map.html#story={name}"


def test_an_issue_has_its_claims_on_their_sides(out: Path, page, root: Path):
    page.goto((out / "lens/disagreements.html").as_uri())
    found = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.board')].map(board =>
            [board.id, Object.fromEntries(['for', 'against', 'qualifies'].map(side => [side,
                [...board.querySelectorAll(`.side-${side} .label a`)]
                    .map(link => link.getAttribute('href'))]))]))"""
    )
    issues = seeds(root, "issues.yaml")
    assert len(found) > 5
    for key, sides in found.items():
        for side, links in sides.items():
            told = {bearing["claim"] for bearing in issues[key].get(side, [])}
            assert {claim_of(link) for link in links} == told, (key, side)
    disputed = {key for key, issue in issues.items() if issue.get("for") and issue.get("against")}
    assert disputed <= set(found)


def test_the_chart_joins_35_and_20_percent_and_no_other_pair(out: Path, page):
    page.goto((out / "lens/engagement.html").as_uri())
    chart = page.locator("svg.chart")
    assert chart.locator(".joined").count() == 1
    ends = chart.locator(".joined").evaluate(
        "e => [['x1', 'y1'], ['x2', 'y2']].map(end => end.map(name => e.getAttribute(name)))"
    )
    points = chart.locator(".point").evaluate_all(
        """all => all.map(e => [e.querySelector('.figure').textContent,
            ['cx', 'cy'].map(name => e.querySelector('circle')?.getAttribute(name))])"""
    )
    joined = {said for said, place in points if place in ends}
    assert joined == {"35%", "just one in five (20%)"}
    rows = page.get_by_role("table", name="The same figures as a table").locator("tbody tr")
    twin = rows.evaluate_all(
        "all => all.map(row => [row.cells[0].innerText, row.cells[4].innerText])"
    )
    assert [said for said, _ in twin] == [said for said, _ in points]
    assert {pair for pair in map(tuple, twin) if pair[1] != "none"} == {
        ("35%", "just one in five (20%)"),
        ("just one in five (20%)", "35%"),
    }
    heights = chart.locator(".figure").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().toJSON())"
    )
    for one in heights:
        for other in heights:
            apart = one is other or one["right"] <= other["left"] or one["left"] >= other["right"]
            assert apart or one["bottom"] <= other["top"] or one["top"] >= other["bottom"]


@pytest.mark.parametrize("lens", LENSES)
def test_a_picture_leads_to_claims(out: Path, page, lens: str):
    address = (out / f"lens/{lens}.html").as_uri()
    page.goto(address)
    lines = page.locator("svg.picture a.line")
    links = lines.evaluate_all("all => all.map(e => e.getAttribute('href'))")
    single = [link for link in links if claim_of(link)]
    several = [link for link in links if link not in single]
    assert single and all((out / "lens" / link).is_file() for link in single)
    assert all(link.startswith(f"../map.html#lens={lens}&edge=") for link in several)
    titles = lines.locator("title").all_text_contents()
    assert len(titles) == len(links) and all(" → " in title for title in titles)
    for link in [*single[:1], *several[:1]]:
        page.goto(address)
        lines.nth(links.index(link)).focus()
        page.keyboard.press("Enter")
        page.locator("article.claim mark").first.wait_for()


def test_a_page_of_each_query_asks_and_answers(out: Path, parsed, root: Path):
    files = sorted((out / "query").glob("*.html"))
    asked = {
        path.stem: path.read_text(encoding="utf-8") for path in (root / "queries").glob("*.rq")
    }
    assert {path.stem for path in files} == set(asked)
    found = parsed(
        """page => [page.querySelector('h1').textContent,
            page.querySelector('pre[aria-label]').textContent,
            page.querySelectorAll('tbody tr').length,
            page.querySelectorAll('tbody a[href*="claim/"]').length,
            page.querySelector('main').textContent]""",
        files,
    )
    answered = 0
    for path, (title, sparql, rows, claims, told) in zip(files, found, strict=True):
        header = [line[2:] for line in asked[path.stem].splitlines() if line.startswith("#+")]
        summary = yaml.safe_load("\n".join(header))["summary"]
        body = [line for line in asked[path.stem].splitlines() if not line.startswith("#+")]
        assert title == summary and squeezed(sparql) == squeezed("\n".join(body)), path
        assert rows == 0 or claims > 0, f"{path}: rows that cannot be cited"
        assert rows or "Ask it on the command line" in told or "Nothing in this" in told, path
        answered += bool(rows)
    assert answered > 20


def test_the_answer_of_a_question_sorts(out: Path, page):
    page.goto((out / "query/figures.html").as_uri())
    page.locator("thead th button").first.press("Enter")
    assert page.locator("thead th").first.get_attribute("aria-sort") == "ascending"


# ---- the first page, the glossary, the ontology


@pytest.mark.core
def test_the_first_page_says_what_this_is_and_opens_every_door(out: Path, page, root: Path):
    page.goto((out / "index.html").as_uri())
    corpus = seeds(root, "corpus.yaml")
    assert page.get_by_role("heading", level=1).inner_text() == corpus["title"]
    assert squeezed(page.locator(".lead").inner_text()).startswith(squeezed(corpus["description"]))
    links = page.locator("main a").evaluate_all("all => all.map(e => e.getAttribute('href'))")
    doors = ["map", "story", "claims", "register", "questions", "ontology", "glossary"]
    assert {f"{name}.html" for name in doors} <= set(links)
    assert {f"lens/{name}.html" for name in LENSES} <= set(links)
    assert {f"source/{name}.html" for name in SOURCES} <= set(links)


def test_the_first_page_is_left_by_keyboard(out: Path, page):
    page.goto((out / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "map.html"


def test_the_glossary_has_every_term_and_how_it_is_known(out: Path, page, root: Path):
    page.goto((out / "glossary.html").as_uri())
    terms = seeds(root, "glossary.yaml")
    assert page.locator(".term").count() == len(terms)
    for at, (term, told) in enumerate(terms.items()):
        text = squeezed(page.locator(".term").nth(at).text_content())
        assert text.startswith(f"{term} {squeezed(told['stands-for'])}")
        assert squeezed(told["means"]) in text
        known = next(word for word in ("stated", "inferred", "outside") if word in told)
        assert known.capitalize() in text


def test_a_term_of_the_ontology_is_marked_when_it_is_asked_for(out: Path, page):
    page.goto((out / "claim/holder-2014/stick-contracts.html").as_uri())
    page.locator(".edge .relation a").click()
    name = page.url.partition("#")[2]
    assert "/ontology.html" in page.url and name
    term = page.locator(f"[id='{name}']")
    other = page.locator(".term:not(:target)").first
    shade = "e => getComputedStyle(e).backgroundColor"
    assert term.is_visible() and term.evaluate(shade) != other.evaluate(shade)
    assert term.locator("dd p").first.inner_text()


# ---- excerpts


@pytest.fixture(scope="session")
def excerpted(run, tmp_path_factory) -> Path:
    return written(run, tmp_path_factory.mktemp("excerpts") / "site", excerpts=True)


def test_excerpts_print_no_sentence_that_carries_no_claim(excerpted: Path, sources):
    # The glossary has the curators' words alone, who may quote.
    files = [path for path in excerpted.rglob("*.html") if path.name != "glossary.html"]
    everything = squeezed(html.unescape("\n".join(map(Path.read_text, files))))
    silent = []
    for key, source in sources.items():
        text = Path(source["path"]).read_text(encoding="utf-8")
        titles = {text[r["start"] : r["end"]] for r in source["regions"] if r["kind"] == "heading"}
        unclaimed = {text[one["start"] : one["end"]] for one in source["unclaimed"]}
        # Titles stand in the record, and a date or “Comments” anywhere.
        silent += [squeezed(one) for one in unclaimed - titles if len(one.split()) > 7]
        reader = (excerpted / f"source/{key}.html").read_text(encoding="utf-8")
        assert "Only the sentences that carry a claim" in reader
    assert silent
    assert [sentence for sentence in silent if sentence in everything] == []


# ---- hostile words


NOT_SHOWN = {
    *("file name", "acceptance", "reviewer", "claim note", "time note"),
    *("measure wording", "measure scale", "work reason", "lever reason"),
}
"""Fields of the files that no page tells."""


def evil_links(page: Page) -> list[str]:
    return page.evaluate(
        """() => [...document.querySelectorAll('a')]
            .filter(a => a.hasAttribute('href') || a.hasAttribute('xlink:href'))
            .map(a => [a.getAttribute('href') ?? a.getAttribute('xlink:href'), a.protocol])
            .filter(([href, scheme]) => !['file:', 'http:', 'https:', undefined].includes(scheme)
                || /^\\s*(javascript|data|vbscript):/i.test(href)).map(([href]) => href)"""
    )


HOSTILE = [
    *("index", "story", "claims", "register", "glossary", "ontology", "lens/attributions"),
    *("claim/constructor/constructor", "claim/constructor/counted", "claim/constructor/visited"),
    *("actor/inspectors", "source/constructor"),
]


@pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_hostile_words_are_only_words(hostile_out: Path, screen, everything: bool):
    page = screen(390)
    found = sorted(hostile_out.rglob("*.html"))
    for path in found if everything else [hostile_out / f"{name}.html" for name in HOSTILE]:
        page.goto(path.as_uri())
        if path.name != "map.html":
            assert (path, wide(page)) == (path, 390)
        assert page.locator("script[src], img, [onload], [onerror], [onclick]").count() == 0
        assert evil_links(page) == [], path


@pytest.mark.core
def test_hostile_texts_are_shown_as_they_are(hostile_out: Path, hostile, parsed):
    files = [path for path in sorted(hostile_out.rglob("*.html")) if path.name != "map.html"]
    pages = parsed("page => page.body.textContent + ' ' + page.title", files)
    everything = squeezed("\n".join(pages))
    hidden = {name for name, text in hostile.texts.items() if squeezed(text) not in everything}
    assert hidden <= NOT_SHOWN


# ---- a run that is killed


@pytest.mark.slow
@pytest.mark.parametrize("pages", [1, 60, 400])
def test_a_run_that_is_killed_leaves_the_earlier_site_whole(out: Path, run, tmp_path, cache, pages):
    target = written(run, tmp_path / "site")

    def state() -> dict[str, tuple[int, bytes]]:
        return {
            str(path.relative_to(target)): (path.stat().st_ino, path.read_bytes())
            for path in target.rglob("*")
            if path.is_file()
        }

    before = state()
    assert len(before) > 500
    program = [sys.executable, "-m", "ccgkg", "site", "-o", str(target)]
    running = subprocess.Popen(
        program, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=os.environ
    )
    try:
        deadline = time.monotonic() + 60
        while sum(1 for _ in tmp_path.glob(".site.*.tmp/**/*.html")) < pages:
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.002)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert running.returncode == -signal.SIGKILL
    assert state() == before
    assert written(run, target) == target
    assert state().keys() == before.keys()
