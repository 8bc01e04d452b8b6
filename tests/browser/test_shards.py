"""The map of a large corpus, opened from a folder: its cards come from the scripts beside it.

The shipped corpus stands for a large one: its cards are sharded however few they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ccgkg.dataset.opening import open_store
from ccgkg.site.explorer import map_page
from ccgkg.site.pages import site_of
from ccgkg.site.shards import shards_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

STICK = "holder-2014/stick-contracts"
STATES = ["", "topics=yes", "lens=attributions", "lens=influence&focus=ccgs", "modality=opinion"]


@pytest.fixture(scope="module")
def maps(cache: Path, tmp_path_factory) -> Mapping[str, Path]:
    """The same map with its cards inside, and with its cards beside it."""
    site = site_of(open_store(None, cache))
    shards = shards_of(site.evidence.standing, "", most=0)
    assert shards is not None
    folder = tmp_path_factory.mktemp("large")
    (folder / "cards").mkdir()
    for name, content in shards.scripts():
        (folder / name).write_text(content, encoding="utf-8")
    made = {"inside": folder / "inside.html", "beside": folder / "map.html"}
    whole = map_page(site.atlas, site.evidence, "")
    made["inside"].write_text(whole, encoding="utf-8")
    page = map_page(site.atlas, site.evidence, "", shards=shards.numbers)
    made["beside"].write_text(page, encoding="utf-8")
    return made


def opened(page: Page, path: Path, state: str) -> Page:
    page.goto("about:blank")
    page.goto(f"{path.as_uri()}#{state}")
    return page


def test_a_claim_opens_its_card_from_the_shard(page, maps):
    cards = []
    for path in maps.values():
        opened(page, path, f"claim={STICK}")
        card = page.locator(f'#panel article[data-claim="{STICK}"]')
        card.wait_for()
        cards.append(card.inner_html())
    assert cards[0] == cards[1]
    loaded = page.evaluate("[...document.head.querySelectorAll('script[src]')].map(s => s.src)")
    assert [Path(name).parent.name for name in loaded] == ["cards"]


def test_a_line_opens_all_its_claims_and_each_shard_is_asked_for_once(page, maps):
    opened(page, maps["beside"], "")
    for _ in range(2):
        page.locator("#panel .edge-link").first.click()
        page.locator("#panel article").first.wait_for()
        held = page.locator("#panel .held").count()
        assert held == page.locator("#panel .held article").count() > 1
        page.locator("#panel .back button").click()
    names = page.evaluate("[...document.head.querySelectorAll('script[src]')].map(s => s.src)")
    assert len(names) == len(set(names)) > 0


def test_numbers_in_place_of_ids_change_nothing_that_is_shown(page, maps):
    for state in STATES:
        told = []
        for path in maps.values():
            opened(page, path, state)
            page.locator("#panel h2").wait_for()
            told.append(
                [page.locator(part).inner_text() for part in ("#legend", "#panel", "#shown")]
            )
        assert told[0] == told[1], state
