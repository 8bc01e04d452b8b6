"""The site in a real browser: what its pages do when they are read, with scripts and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccgkg.dataset.opening import open_store
from ccgkg.site.pages import pages, site_of
from ccgkg.site.writing import write_site

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


@pytest.fixture(scope="session")
def out(cache: Path, tmp_path_factory) -> Path:
    store = open_store(None, cache)
    target = tmp_path_factory.mktemp("pages") / "site"
    return write_site(target, pages(site_of(store)), store.manifest.digest).folder


@pytest.fixture(scope="session")
def hostile_out(hostile, cache: Path, tmp_path_factory) -> Path:
    store = open_store(hostile.root, cache)
    target = tmp_path_factory.mktemp("hostile-pages") / "site"
    return write_site(target, pages(site_of(store)), store.manifest.digest).folder


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)], ids=["wide", "narrow"])
def test_nobody_is_hindered(out: Path, screen, axe, path, width, dark):
    page = screen(width, dark=dark)
    page.goto((out / path).as_uri())
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"


def test_hostile_words_are_only_words(hostile_out: Path, screen):
    page = screen(390)
    for path in sorted(hostile_out.rglob("*.html")):
        if path.name == "map.html":
            continue
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.locator("script[src], img, [onload], [onerror]").count() == 0


@pytest.mark.parametrize(
    ("button", "held", "said"),
    [
        ("Copy citation", "said by GPs without a formal commissioning role", "Citation copied"),
        ("Copy BibTeX", "@article{pulse-2016,", "BibTeX copied"),
        ("Copy address", "https://w3id.org/ccgkg/claim/pulse-2016/influence-20", "Address copied"),
    ],
)
def test_a_citation_is_copied_and_that_is_said(out: Path, page, button, held, said):
    page.goto((out / "claim/pulse-2016/influence-20.html").as_uri())
    page.get_by_role("button", name=button).click()
    page.get_by_role("status").get_by_text(said).wait_for(state="attached")
    assert held in page.evaluate("navigator.clipboard.readText()")


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


def test_words_find_rows(out: Path, page):
    page.goto((out / "claims.html").as_uri())
    page.get_by_label("Find in this table").fill("stick AREA teams")
    rows = page.locator("tbody tr:visible")
    assert 0 < rows.count() < 10
    assert "area teams" in rows.first.text_content()
    assert f"{rows.count()} of " in page.locator("[data-found]").text_content()


def test_a_passage_shows_its_claims_and_keeps_the_address(out: Path, page):
    page.goto((out / READER).as_uri())
    page.locator("mark", has_text="just one in five").click()
    assert page.locator(".margin li.on").get_attribute("data-c") == "influence-20"
    assert page.url.endswith("#influence-20")


def test_an_address_opens_the_reader_at_a_passage(out: Path, page):
    page.goto(f"{(out / READER).as_uri()}#crowd-out")
    assert page.locator("mark.on").first.is_visible()
    assert "top-down direction" in page.locator("mark.on").first.text_content()
    inside = (
        "e => e.getBoundingClientRect().top < innerHeight && e.getBoundingClientRect().top >= 0"
    )
    assert page.locator("mark.on").first.evaluate(inside)


def test_from_a_number_in_the_text_to_the_claim_and_back_with_keys_alone(out: Path, page):
    page.goto((out / READER).as_uri())
    page.get_by_role("link", name="Claim 6", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#_influence-20")
    page.get_by_role("link", name="Claim 6 in the text").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#influence-20")


def test_everything_is_there_without_scripts(out: Path, screen):
    page = screen(script=False)
    page.goto((out / READER).as_uri())
    assert page.locator(".script-only:visible").count() == 0
    silent = page.locator(".silent").first
    after = "e => getComputedStyle(e, '::after').content"
    assert silent.evaluate(after) == "none"
    page.get_by_label("Say why a sentence carries no claim").check()
    assert "no claim: " in silent.evaluate(after)
    page.goto((out / "claims.html").as_uri())
    assert page.locator("tbody tr").count() > 200


def test_a_theme_is_chosen_and_kept(out: Path, page):
    page.goto((out / "index.html").as_uri())
    light = page.evaluate("getComputedStyle(document.body).color")
    toggle = page.get_by_role("button", name="Dark")
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "true"
    assert page.evaluate("getComputedStyle(document.body).color") != light
    page.goto((out / "sources.html").as_uri())
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_print_leaves_out_what_only_a_screen_can_use(out: Path, page):
    page.goto((out / READER).as_uri())
    page.emulate_media(media="print")
    assert page.locator("nav[aria-label=Pages]").is_hidden()
    assert page.locator(".margin li").last.is_visible()
