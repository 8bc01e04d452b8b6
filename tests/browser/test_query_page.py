"""The query page in a real browser, with its editor and without.

Both forms do the same: each test that says `form` runs with both, except for those that are marked
`PLAIN`, of what does not touch the text. The editor is bundled by the build hook itself; where npm
cannot do that, its tests are skipped, unless `CCGKG_REQUIRE_EDITOR=1`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest
from bundling import hook
from server.serving import await_pages, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLAIN = pytest.mark.parametrize("form", ["plain"])
"""What an answer shows is the same whichever form the query was written in."""

TEXT = "() => document.getElementById('_query').value"
CLAIMS = "SELECT ?claim ?label { ?claim a ccg:Claim ; rdfs:label ?label } ORDER BY ?claim LIMIT 5"
TIES = "SELECT ?claim ?from ?to { ?claim rdf:subject ?from ; rdf:object ?to } LIMIT 20"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
TRIPLES = """
CONSTRUCT { ?from ccg:over ?to ; rdfs:label "a ; b , c . \\" ." } WHERE {
  { SELECT * { ?claim rdf:subject ?from ; rdf:object ?to } ORDER BY ?claim LIMIT 6 }
}"""
MANY = "SELECT ?a ?b { ?a a ccg:Claim . ?b a ccg:Claim } LIMIT 50000"
BROKEN = 'SELECT ?s {\n  ?s rdfs:label "ü😀" . ?s rdfs:label FOO . ?a ?b ?c }'
"""Its fault stands behind FOO, and behind a sign that JavaScript counts as two."""

HOSTILE = r"""
SELECT * { VALUES (?x ?y) {
  (<javascript:alert(1)> "<img src=x onerror=alert(1)>")
  (<data:text/html,%3Cscript%3Ealert(1)%3C/script%3E> "</script><script>alert(1)</script>"@en)
  (<https://w3id.org/ccgkg/javascript:alert(1)> "\u202Egnp.exe")
  (<https://w3id.org/ccgkg///evil.example/x> 1)
  (<https://w3id.org/ccgkg/claim/../../evil> 2)
  (<https://evil.example/\u0022onmouseover=\u0022alert(1)> 3)
} }""".replace(r"\u0022", "%22")


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The checkout, which has no bundled editor."""
    with serving("--workers", 2) as server:
        await_pages(server)
        yield f"{server.url}/"


@pytest.fixture(scope="session")
def bundled(tmp_path_factory) -> Path:
    """The folder with the editor, bundled once in a run: whichever process comes first does it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, made = shared / "editor", hook()
    with (shared / "editor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        try:
            made.bundle(folder)
        except made.NoEditor as problem:
            if os.environ.get("CCGKG_REQUIRE_EDITOR") == "1":
                pytest.fail(f"no editor: {problem}", pytrace=False)
            pytest.skip(f"no editor: {problem}")
    return folder


@pytest.fixture(scope="session")
def served_with_editor(bundled: Path, root: Path, tmp_path_factory) -> Iterator[str]:
    """An installation as from a wheel: with the editor that the build hook makes."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(root / "ccgkg", folder / "ccgkg", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("seeds", "ontology", "queries"):
        (folder / name).symlink_to(root / name)
    shutil.copytree(bundled, folder / "ccgkg" / "server" / "static", dirs_exist_ok=True)
    with serving("--workers", 2, package=folder) as server:
        await_pages(server)
        yield f"{server.url}/"


@pytest.fixture(params=["plain", pytest.param("editor", marks=pytest.mark.slow)])
def form(request) -> str:
    """Which of the two forms."""
    return request.param


@pytest.fixture
def origin(form, request) -> str:
    """The server that has this form."""
    return request.getfixturevalue("served" if form == "plain" else "served_with_editor")


@pytest.fixture
def opened(screen, origin) -> Callable[..., Page]:
    """The query page, with a query in its address or without: `opened(CLAIMS, dark=True)`."""

    def open_page(
        query: str = "", *, view: str = "", evidence: bool = False, **how: object
    ) -> Page:
        page = screen(origin=origin, **how)
        show(page, origin, query, (f"&view={view}" if view else "") + "&evidence=1" * evidence)
        return page

    return open_page


def show(page: Page, origin: str, query: str = "", more: str = "") -> None:
    asked = f"#query={quote(query, safe='')}{more}"
    page.goto("about:blank")
    page.goto(origin + (asked if query else ""))
    page.wait_for_selector("form[data-ready]", state="attached")
    if query:
        page.wait_for_selector("#_answer:not([hidden]), #_problem:not([hidden])")


def write(page: Page, form: str, text: str) -> None:
    """Put a query in as somebody who types it."""
    place = page.locator(".cm-content" if form == "editor" else "#_query")
    place.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    assert page.evaluate(TEXT) == text


def until(page: Page, expression: str) -> None:
    """Wait until something holds; the page's policy refuses Playwright's own way."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never so: {expression}")


def rows(page: Page) -> int:
    return page.locator("#_answer tbody tr").count()


# ---- asking


@pytest.mark.core
def test_a_query_is_asked_and_a_row_leads_to_its_evidence(form, opened):
    page = opened()
    assert page.locator(".cm-editor").count() == (1 if form == "editor" else 0)
    assert page.locator("#_plain").is_visible() == (form == "plain")
    page.click("#_run")
    page.wait_for_selector("#_answer table")
    assert rows(page) == 20
    assert "20 rows in" in page.inner_text(".measure")
    button = page.locator("#_answer .evidence").first
    claim = button.get_attribute("aria-label").removeprefix("Evidence for ")
    button.click()
    card = page.locator("#_card article.claim")
    assert card.get_attribute("data-claim") == claim
    assert card.locator("mark").count()
    shut = page.locator(".shut").bounding_box()
    assert card.bounding_box()["y"] >= shut["y"] + shut["height"]
    page.locator("#_cite").click()
    page.wait_for_selector("#_cite.done")
    assert (
        claim.partition("/")[0][:4].casefold()
        in page.evaluate("navigator.clipboard.readText()").casefold()
    )
    links = card.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
    assert any(link.endswith(f"claim/{claim}") for link in links)
    page.keyboard.press("Escape")
    assert not page.locator("#_drawer").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == (
        f"Evidence for {claim}"
    )


def test_the_keyboard_runs_a_query_and_leaves_the_text(form, opened):
    page = opened()
    write(page, form, CLAIMS)
    page.keyboard.press("ControlOrMeta+Enter")
    page.wait_for_selector("#_answer table")
    assert rows(page) == 5
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "_run"


def test_typing_over_what_is_selected_keeps_to_the_policy(form, opened):
    page = opened()
    page.locator(".cm-content" if form == "editor" else "#_query").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("ASK {")
    assert page.evaluate(TEXT) == ("ASK {}" if form == "editor" else "ASK {")


@PLAIN
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s a ccg:Claim }", "Yes"),
        ("ASK { ?s a ccg:Clam }", "No"),
        ("CONSTRUCT WHERE { ?s a ccg:Lever }", "a ccg:Lever"),
        ("DESCRIBE <https://w3id.org/ccgkg/actor/ccgs>", "ccgs"),
        ("SELECT ?s { ?s a ccg:Clam }", "No rows"),
        ("SELECT ?s { ?s a ccg:Clam }", "ccg:Clam stands nowhere in the dataset"),
        ("CONSTRUCT { ?s a ccg:Claim } { ?s a ccg:Clam }", "No triples"),
        ("SELECT ?s FROM <https://example.org/none> { ?s ?p ?o }", "https://example.org/none"),
    ],
)
def test_each_kind_of_answer_is_shown(form, opened, query: str, shown: str):
    assert shown in opened(query).inner_text("#_answer")


@PLAIN
def test_many_rows_are_shown_by_and_by(form, opened):
    page = opened(MANY)
    assert "50,000 rows in" in page.inner_text(".measure")
    assert rows(page) == 200
    page.click(".more button")
    assert rows(page) == 400
    page.get_by_role("button", name="b", exact=True).click()
    shown = page.locator("#_answer tbody td:nth-child(2) a").all_inner_texts()
    assert len(shown) == 400
    assert shown == sorted(shown)


@PLAIN
def test_numbers_are_sorted_as_numbers_and_gaps_come_last(form, opened):
    page = opened("SELECT ?n { VALUES ?n { 10 9 UNDEF 100 } }")
    head = page.get_by_role("button", name="n", exact=True)
    for wanted in (["9", "10", "100", ""], ["100", "10", "9", ""]):
        head.click()
        assert page.locator("#_answer tbody td").all_inner_texts() == wanted


LONG = """
SELECT ?claim ?who ?printed_in ?quote {
  VALUES (?who ?printed_in ?quote) { ("CCGs" "Pulse" "%s") }
  ?claim a ccg:Claim
} LIMIT 3""" % ("some words that are long " * 12)


def test_long_texts_have_the_room(form, opened):
    page = opened(LONG, width=1280)
    widths = (
        page.locator("#_answer tbody tr >> nth=0")
        .locator("td")
        .evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    )
    assert widths[3] > 2 * max(widths[:3])
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.scroll'))")


def test_rows_are_cards_on_a_narrow_screen(form, opened, axe):
    page = opened(LONG, width=390)
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.scroll'))")
    row = page.get_by_role("row").nth(1)
    assert row.get_by_role("cell").count() == 4
    assert row.get_by_role("cell").nth(2).get_attribute("data-label") == "printed in"
    assert axe(page) == []
    page.get_by_role("button", name="claim", exact=True).click()
    assert page.get_by_role("columnheader").first.get_attribute("aria-sort") == "ascending"


def test_a_running_query_is_stopped(form, opened):
    page = opened()
    write(page, form, SLOW)
    page.click("#_run")
    page.wait_for_selector("#_answer[aria-busy]", state="attached")
    page.click("#_stop")
    until(page, "document.getElementById('_clock').textContent === 'Stopped.'")
    assert page.locator("#_stop").is_hidden()
    assert page.evaluate("document.activeElement.id") == "_run"
    write(page, form, "ASK {}")
    page.click("#_run")
    page.wait_for_selector(".verdict")


# ---- what goes wrong


@pytest.mark.core
def test_an_error_shows_its_place(form, opened):
    page = opened(BROKEN)
    said = page.inner_text("#_problem")
    column = BROKEN.splitlines()[1].index("FOO") + 1
    assert f"Line 2, column {column}" in said
    pointed = page.locator("#_problem pre").inner_text().splitlines()
    assert pointed == [BROKEN.splitlines()[1], " " * (column - 1) + "^"]
    at = BROKEN.index("FOO") + 1  # in the units of JavaScript, of which an emoji takes two
    if form == "plain":
        assert page.evaluate("document.getElementById('_query').selectionStart") == at
        assert page.locator("#_query[aria-invalid=true]").count() == 1
    else:
        assert page.locator(".cm-lintRange-error").text_content() == "F"
        assert page.locator(".cm-lint-marker-error").count() == 1
    page.get_by_role("button", name="Go to line 2").click()
    page.keyboard.insert_text("?")
    assert page.evaluate(TEXT) == BROKEN.replace("FOO", "?FOO")
    assert page.locator("#_problem").is_hidden()


@PLAIN
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "SERVICE"),
        ("DELETE WHERE { ?s ?p ?o }", ""),
    ],
)
def test_a_refusal_says_why(form, opened, query: str, said: str):
    problem = opened(query).inner_text("#_problem")
    assert problem.strip()
    assert said in problem


def test_no_query_is_asked_when_there_is_none(form, opened):
    page = opened()
    write(page, form, " ")
    page.keyboard.press("ControlOrMeta+Enter")
    assert "There is nothing to ask" in page.inner_text("#_problem")
    until(page, "document.getElementById('_said').textContent === 'Failed'")


@PLAIN
def test_hostile_answers_do_nothing(form, opened, origin):
    page = opened(HOSTILE)
    assert rows(page) == 6
    links = page.locator("#_answer td a").evaluate_all("all => all.map(a => a.href)")
    assert len(links) == 4
    assert [link for link in links if not link.startswith(origin)] == [
        "https://evil.example/%22onmouseover=%22alert(1)"
    ]
    assert page.locator("#_answer td img, #_answer td script").count() == 0
    assert page.locator("#_answer td a[rel='external noreferrer']").count() == 1


def test_slips_of_ones_own_query_are_shown(form, opened, screen, origin):
    page = screen(origin=origin)
    words = "the dataset has no `ccg:Clam`; nearest: `ccg:Claim` <img src=x onerror=alert(1)>"
    asked = []

    def told(route):
        asked.append(route.request.url)
        route.fulfill(json=[f"{words} Look it up: ccgkg terms Claim"])

    page.route("**/slips.json?*", told)
    show(page, origin, "SELECT ?s { ?s a ccg:Clam }")
    page.wait_for_selector(".slips li")
    assert page.inner_text(".slips") == f"{words} “Insert a term” lists all names."
    assert unquote(asked.pop().replace("+", " ")).endswith("?query=SELECT ?s { ?s a ccg:Clam }")
    page.click("#_list li:has-text('levers ·') button")
    page.wait_for_selector("#_answer table")
    page.wait_for_timeout(200)
    assert not asked


# ---- the evidence of each row


PAYS = "SELECT ?who ?whom { ?who nhs:pays ?whom }"
COUNTED = "SELECT ?l (COUNT(?c) AS ?n) { ?c ccg:lever ?l } GROUP BY ?l"
MIXED = "SELECT ?l { { act:gps rdfs:label ?l } UNION { ?l nhs:pays act:gps } } ORDER BY ?l"
UNTRACED = "SELECT ?a {\n  ?a nhs:pays ?b\n  MINUS { ?b nhs:pays ?k }\n}"
ASKED = """performance.getEntriesByType('resource')
  .filter(one => /(sparql|evidence\\.json)$/.test(one.name)).length"""
GROUNDS = "#_answer td.grounds"


def heads(page: Page) -> list[str]:
    return page.locator("#_answer th").all_inner_texts()


@pytest.mark.core
def test_a_switch_shows_the_claims_of_each_row(form, opened):
    page = opened(PAYS)
    switch = page.get_by_label("Evidence of each row")
    assert not switch.is_checked()
    assert heads(page) == ["who", "whom"]
    switch.focus()
    page.keyboard.press("Space")
    page.wait_for_selector(GROUNDS)
    assert heads(page) == ["who", "whom", "evidence"]
    assert page.evaluate("document.activeElement.id") == "_evidence"
    claim = page.locator(f"{GROUNDS} a")
    assert claim.inner_text() == "holder-2014/nhse-pays-gps"
    assert claim.get_attribute("href") == "./claim/holder-2014/nhse-pays-gps"
    page.get_by_role("button", name="Evidence for holder-2014/nhse-pays-gps").click()
    page.wait_for_selector("#_card article.claim mark")
    assert page.locator("#_cite").is_visible()
    page.keyboard.press("Escape")
    switch.uncheck()
    assert heads(page) == ["who", "whom"]
    assert page.evaluate(ASKED) == 2
    write(page, form, MIXED)
    switch.check()  # of what is shown, not of what is being written
    page.wait_for_selector(GROUNDS)
    assert heads(page) == ["who", "whom", "evidence"]
    assert page.locator(".measure span").is_visible()
    page.click("#_run")
    until(page, "document.querySelector('#_answer th')?.textContent === 'l'")
    assert heads(page) == ["l", "evidence"]


@PLAIN
def test_the_address_holds_the_switch(form, opened, origin, screen):
    page = opened(PAYS, evidence=True)
    assert page.is_checked("#_evidence")
    assert heads(page)[-1] == "evidence"
    page.click("#_tab-download")
    assert page.url.endswith("&view=download&evidence=1")
    page.uncheck("#_evidence")
    assert page.locator("#_view-download").is_visible()
    assert page.url.endswith("&view=download")
    page.check("#_evidence")
    page.wait_for_selector("#_view-download a[href^='evidence.json']")
    page.click("#_share")
    page.wait_for_selector("#_share.done")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{origin}?query={quote(PAYS, safe='')}&evidence=1"
    other = screen(origin=origin)
    other.goto(link)
    other.wait_for_selector(GROUNDS)
    write(other, form, "ASK {}")
    other.uncheck("#_evidence")
    other.click("#_run")
    other.wait_for_selector(".verdict")
    other.go_back()
    other.wait_for_selector("#_answer table")
    assert heads(other) == ["who", "whom"]
    assert not other.is_checked("#_evidence")


@PLAIN
def test_the_switch_brings_no_earlier_answer_back(form, opened):
    page = opened()
    start = page.url
    for query in (PAYS, BROKEN):
        write(page, form, query)
        page.click("#_run")
        page.wait_for_selector("#_answer table" if query == PAYS else "#_problem:not([hidden])")
    for switch in (page.check, page.uncheck):
        switch("#_evidence")
        assert page.locator("#_answer").is_hidden()
        assert "Line 2, column" in page.inner_text("#_problem")
    assert unquote(page.url.partition("#query=")[2]) == BROKEN
    page.go_back()
    page.go_back()
    page.wait_for_selector("#_answer", state="hidden")
    page.check("#_evidence")
    assert page.locator("#_answer").is_hidden()
    assert page.url == start


@PLAIN
def test_many_claims_are_unfolded_and_sorted_by_their_number(form, opened):
    page = opened(COUNTED, evidence=True)
    head = page.get_by_role("button", name="evidence", exact=True)
    numbers = page.locator("#_answer tbody td:nth-child(2)")
    head.click()
    told = list(map(int, numbers.all_inner_texts()))
    assert told == sorted(told)
    head.click()
    most = max(told)
    assert numbers.first.inner_text() == str(most)
    cell = page.locator(GROUNDS).first
    assert cell.locator("a").count() == 3
    cell.get_by_role("button", name=f"… and {most - 3} more", exact=True).press("Enter")
    assert cell.locator("a").count() == most
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == cell.locator("a").nth(3).inner_text()


@PLAIN
def test_rows_that_rest_on_no_claim_are_counted(form, opened):
    page = opened(MIXED, evidence=True)
    assert "1 of 2 rows rest on no claim" in page.inner_text("#_answer .notice")
    told = page.locator(GROUNDS).all_inner_texts()
    assert [words for words in told if "/" not in words] == ["no claim"]
    assert page.locator(".slips").is_hidden()


def test_what_is_not_traced_is_said_and_found(form, opened):
    page = opened(UNTRACED, evidence=True)
    slip = page.locator(".slips li")
    assert slip.inner_text().startswith("Not traced: line 3, column 3: MINUS")
    assert page.locator(f"{GROUNDS} a").count() == 1
    go = page.get_by_role("button", name="Go to line 3")
    go.click()
    page.keyboard.insert_text("# ")
    assert page.evaluate(TEXT) == UNTRACED.replace("MINUS", "# MINUS")
    assert go.is_hidden()


@PLAIN
def test_where_a_query_is_not_traced_no_row_is_said_to_rest_on_nothing(form, opened):
    page = opened("SELECT ?l { act:gps rdfs:label ?l MINUS { ?l nhs:pays ?k } }", evidence=True)
    assert "no claim is found in what is traced" in page.inner_text("#_answer .notice")
    assert page.inner_text(GROUNDS) == "no claim traced"


@PLAIN
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s a ccg:Claim }", "Yes"),
        ("# SELECT\nCONSTRUCT WHERE { ?s a ccg:Lever }", "a ccg:Lever"),
        ("SELECT ?s { ?s a ccg:Clam }", "No rows"),
        ("SELECT ?s FROM <https://example.org/none> { ?s ?p ?o }", "https://example.org/none"),
    ],
)
def test_what_has_no_evidence_is_answered_as_ever(form, opened, query: str, shown: str):
    page = opened(query, evidence=True)
    assert shown in page.inner_text("#_answer")
    assert page.locator(GROUNDS).count() == 0
    page.uncheck("#_evidence")
    assert shown in page.inner_text("#_answer")
    assert "evidence" not in page.url


@PLAIN
def test_an_error_shows_its_place_with_the_switch_on(form, opened):
    page = opened(BROKEN, evidence=True)
    assert "Line 2, column" in page.inner_text("#_problem")
    assert page.locator("#_answer").is_hidden()


@PLAIN
def test_a_column_of_that_name_keeps_it(form, opened):
    page = opened("SELECT ?evidence { ?evidence nhs:pays ?b }", evidence=True)
    assert heads(page) == ["evidence", "evidence 2"]


@PLAIN
def test_the_evidence_is_kept_with_the_answer(form, opened, origin):
    page = opened(PAYS, view="download", evidence=True)
    link = page.locator("#_view-download a").last
    answer = page.request.get(origin + link.get_attribute("href"))
    assert answer.json()["evidence"]["claims"]
    assert link.get_attribute("download") == "evidence.srj"


@PLAIN
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["light", "dark"])
@pytest.mark.parametrize("query", [UNTRACED, MIXED, COUNTED])
def test_nothing_hinders_people_in_evidence(form, opened, axe, query: str, width: int, dark: bool):
    page = opened(query, evidence=True, width=width, dark=dark)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# ---- examples and terms


@pytest.mark.core
def test_an_example_asks_for_its_values(form, opened):
    page = opened()
    page.fill("#_words", "said about actor topic work")
    page.click("#_list button:visible")
    assert "?_thing_iri" in page.evaluate(TEXT)
    page.click("#_run")
    assert "thing needs a value" in page.inner_text("#_wrong")
    assert page.evaluate("document.activeElement.id") == "_value-thing"
    page.fill("#_value-thing", "ccgz")
    assert page.inner_text("#_wrong") == ""
    page.click("#_run")
    until(page, "document.getElementById('_wrong').textContent.includes('Nearest')")
    assert "“Insert a term” lists all names." in page.inner_text("#_wrong")
    assert "ccgkg" not in page.inner_text("#_wrong")
    page.fill("#_value-thing", "CCGs")
    page.click("#_run")
    page.wait_for_selector("#_answer table")
    assert "<https://w3id.org/ccgkg/actor/ccgs>" in page.evaluate(TEXT)
    assert rows(page) > 50
    assert unquote(page.url.partition("#query=")[2]) == page.evaluate(TEXT)


@PLAIN
def test_a_value_that_changes_is_asked_anew(form, opened):
    page = opened()
    page.fill("#_words", "said about actor topic work")
    page.click("#_list button:visible")
    for name, key in (("NHS England", "nhs-england"), ("CCGs", "ccgs")):
        page.fill("#_value-thing", name)
        page.click("#_run")
        until(page, f"({TEXT})().includes('actor/{key}>')")


@PLAIN
def test_a_value_is_bound_as_a_term_and_never_as_text(form, opened):
    page = opened()
    page.fill("#_words", "said about actor topic work")
    page.click("#_list button:visible")
    page.fill("#_value-thing", "> } DELETE WHERE { ?s ?p ?o } #")
    page.click("#_run")
    until(page, "document.getElementById('_wrong').textContent !== ''")
    assert "DELETE" not in page.evaluate(TEXT)


def test_values_go_into_a_query_that_was_changed(form, opened):
    page = opened()
    page.fill("#_words", "said about actor topic work")
    page.click("#_list button:visible")
    write(page, form, page.evaluate(TEXT) + "\nLIMIT 3 # of ?_thing_iri")
    for name, key in (("NHS England", "nhs-england"), ("ccgs", "ccgs")):
        page.fill("#_value-thing", name)
        page.click("#_run")
        until(page, f"({TEXT})().includes('actor/{key}>')")
        page.wait_for_selector("#_answer table")
        assert rows(page) == 3
        assert page.evaluate(TEXT).endswith("LIMIT 3 # of ?_thing_iri")
    page.fill("#_value-thing", "nobody at all")
    page.click("#_run")
    until(page, "document.getElementById('_wrong').textContent.includes('one from the list')")


VALUES = [
    ("https://example.org/a", "iri", "<https://example.org/a>"),
    ("https://example.org/> } #", "iri", None),
    ("} DROP ALL #", "iri", None),
    ('a "quote" \\ and\nmore', "string", r'"a \"quote\" \\ and\nmore"'),
    ("-3", "integer", "-3"),
    ("3 } #", "integer", None),
    ("2014-04-01", "date", '"2014-04-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ('2014-04-01"', "date", None),
    ("true", "boolean", "true"),
    ("true } #", "boolean", None),
]


def test_a_value_becomes_one_term_or_none(served, screen):
    page = screen(origin=served)
    show(page, served)
    for value, kind, written in VALUES:
        made = page.evaluate(
            """async ([value, kind]) => {
                const {term} = await import('./static/binding.js');
                return term(value, kind, {things: []});
            }""",
            [value, kind],
        )
        assert made == written, value


def test_only_variables_are_replaced(served, screen):
    page = screen(origin=served)
    show(page, served)
    kept = r'''?_a_irix "?_a_iri \" ?_a_iri" """?_a_iri " ?_a_iri""" '?_a_iri' <?_a_iri>'''
    made = page.evaluate(
        """async text => {
            const {put} = await import('./static/binding.js');
            return put(text, new Map([['_a_iri', 'X']]));
        }""",
        f"?_a_iri $_a_iri {kept} 1 < ?_a_iri # ?_a_iri",
    )
    assert made == f"X X {kept} 1 < X # ?_a_iri"


@PLAIN
def test_examples_are_found_by_words_and_tags(form, opened):
    page = opened()
    total = page.locator("#_list li").count()
    assert page.inner_text("#_found") == f"{total} questions"
    page.select_option("#_tag", "levers")
    shown = page.locator("#_list li:visible")
    assert 0 < shown.count() < total
    assert all("levers" in text for text in shown.all_inner_texts())
    page.fill("#_words", "no such words anywhere")
    assert shown.count() == 0


def test_each_example_runs_or_asks_for_its_values(served, screen):
    page = screen(origin=served)
    show(page, served)
    for at in range(page.locator("#_list button").count()):
        page.locator("#_list button").nth(at).click()
        if page.locator("#_values").is_visible():
            assert page.locator("#_answer").is_hidden()
            assert page.inner_text("#_start") == "Fill in and Run."
            assert page.evaluate("document.activeElement.closest('#_fields') !== null")
            if page.locator("#_fields input").evaluate_all(
                "all => all.some(one => one.value === '')"
            ):
                continue
            page.click("#_run")
        page.wait_for_selector("#_answer:not([hidden]):not([aria-busy])")
        assert page.locator("#_problem").is_hidden(), page.inner_text("#_problem")


@pytest.mark.core
def test_no_answer_stands_below_another_question(form, opened):
    page = opened(CLAIMS)
    past = page.locator(".measure span")
    assert not past.is_visible()
    write(page, form, f"{CLAIMS}0")
    assert past.is_visible()
    write(page, form, CLAIMS)
    assert not past.is_visible()
    page.fill("#_words", "said about actor topic work")
    page.click("#_list button:visible")
    assert page.locator("#_answer").is_hidden()
    page.keyboard.insert_text("CCGs")
    page.keyboard.press("Enter")
    page.wait_for_selector("#_answer table")
    page.fill("#_value-thing", "NHS England")
    assert past.is_visible()
    page.keyboard.press("ControlOrMeta+Enter")
    until(page, f"({TEXT})().includes('actor/nhs-england>')")
    page.wait_for_selector("#_answer table")
    assert not past.is_visible()


def test_a_term_is_found_by_its_label_and_brings_its_prefix(form, opened):
    page = opened()
    write(page, form, "# mine\nSELECT ?s { ?s a ")
    if form == "editor":
        page.keyboard.type("engagement")
        page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('topic:engagement')")
        page.locator(".cm-tooltip-autocomplete li", has_text="topic:engagement").first.click()
    else:
        page.click("#_term-shelf summary")
        page.fill("#_term-words", "engagement")
        page.get_by_role("button", name="topic:engagement", exact=True).click()
    text = page.evaluate(TEXT)
    assert text.startswith("# mine\nPREFIX topic: <https://w3id.org/ccgkg/topic/>\nSELECT")
    assert "?s a topic:engagement" in text
    page.keyboard.type(" x")
    assert "?s a topic:engagement x" in page.evaluate(TEXT)


def test_completion_knows_variables_and_definitions(served_with_editor, screen):
    page = screen(origin=served_with_editor)
    show(page, served_with_editor)
    write(page, "editor", "SELECT ?statement { ?x a ")
    page.keyboard.type("ccg:Clai")
    page.wait_for_selector(".cm-completionInfo:has-text('statement that somebody makes')")
    page.keyboard.press("Enter")
    page.keyboard.type(" . ?st")
    page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('?statement')")
    page.keyboard.press("Escape")
    write(page, "editor", "# a comment about ")
    page.keyboard.type("engage")
    page.wait_for_timeout(300)
    assert page.locator(".cm-tooltip-autocomplete").count() == 0


def test_what_begins_so_and_is_of_the_corpus_comes_first(served, screen):
    page = screen(origin=served)
    show(page, served)
    found = page.evaluate(
        """async () => {
            const {Terms} = await import('./static/terms.js');
            const base = 'https://w3id.org/ccgkg/', told = [
                ['https://example.org/engages', 'oa:engages', ''],
                ['https://example.org/disengaged', 'void:disengaged', ''],
                [`${base}topic/gps`, 'topic:gps', 'a GP who is engaged'],
                [`${base}topic/taking-part`, 'topic:taking-part', 'engagement of GPs'],
                [`${base}actor/engaged-gps`, 'act:engaged-gps', 'GPs who take part'],
            ].map(([iri, name, label]) => ({iri, name, label, kind: 'thing'}));
            const terms = new Terms({prefixes: {}, terms: told}, base);
            return terms.search('engage').map(term => term.name);
        }"""
    )
    assert found == [
        *("act:engaged-gps", "topic:taking-part", "oa:engages", "topic:gps", "void:disengaged")
    ]


TERM = "{iri: 'https://w3id.org/ccgkg/ns/Claim', name: 'ccg:Claim', kind: 'class', label: 'claim'}"
PREFIX = "PREFIX ccg: <https://w3id.org/ccgkg/ns/>"
WRITTEN = [
    ("", f"{PREFIX}\nccg:Claim"),
    ("# mine\n\nASK { ?s a ", f"# mine\n\n{PREFIX}\nASK {{ ?s a ccg:Claim"),
    (f"{PREFIX}\nASK {{ ?s a ", f"{PREFIX}\nASK {{ ?s a ccg:Claim"),
    ("prefix ccg:<https://w3id.org/ccgkg/ns/> ASK {", None),
    ("PREFIX ccg: <https://example.org/>\n", "PREFIX ccg: <https://example.org/>\n<{iri}>"),
    ("PREFIX a: <b:c>", f"PREFIX a: <b:c>\n{PREFIX}\nccg:Claim"),
    ("PREFIX a: <b:c> ASK {", f"{PREFIX}\nPREFIX a: <b:c> ASK {{ccg:Claim"),
]


def test_a_prefix_is_declared_once(served, screen):
    page = screen(origin=served)
    show(page, served)
    for text, written in WRITTEN:
        made = page.evaluate(
            f"""async text => {{
                const {{Terms, inserted}} = await import('./static/terms.js');
                const told = {{prefixes: {{ccg: 'https://w3id.org/ccgkg/ns/'}}, terms: [{TERM}]}};
                const terms = new Terms(told);
                return inserted(text, text.length, text.length, terms.written(terms.all[0], text));
            }}""",
            text,
        )
        wanted = (text + "ccg:Claim") if written is None else written
        assert made["text"] == wanted.replace("{iri}", "https://w3id.org/ccgkg/ns/Claim")
        assert made["caret"] == len(made["text"])


# ---- addresses, views and downloads


@pytest.mark.core
def test_a_link_holds_the_query_and_its_view(form, opened, origin, screen):
    page = opened(CLAIMS)
    page.click("#_tab-download")
    page.click("#_share")
    page.wait_for_selector("#_share.done")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{origin}?query=")
    assert "view=download" in page.url
    page.reload()
    page.wait_for_selector("#_view-download:visible a")
    other = screen(origin=origin)
    other.goto(link)
    other.wait_for_selector("#_answer table")
    assert other.evaluate(TEXT) == CLAIMS
    write(other, form, "ASK {}")
    other.keyboard.press("ControlOrMeta+Enter")
    other.wait_for_selector(".verdict")
    assert other.url == f"{origin}#query=ASK%20%7B%7D"
    other.go_back()
    other.wait_for_selector("#_answer table")


def test_a_long_query_is_linked_as_well(form, opened, screen, origin):
    query = f"ASK {{}} # {'long ' * 3000}"
    page = opened(query)
    page.click("#_share")
    page.wait_for_selector("#_share.done")
    other = screen(origin=origin)
    other.goto(page.evaluate("navigator.clipboard.readText()"))
    other.wait_for_selector(".verdict")
    assert other.evaluate(TEXT) == query


def test_back_and_forward_go_through_what_was_asked(form, opened):
    page = opened()
    start = page.evaluate(TEXT)
    for query in ("ASK {}", CLAIMS):
        write(page, form, query)
        page.keyboard.press("ControlOrMeta+Enter")
        page.wait_for_selector(".verdict" if query == "ASK {}" else "#_answer table")
    page.go_back()
    page.wait_for_selector(".verdict")
    assert page.evaluate(TEXT) == "ASK {}"
    page.go_back()
    page.wait_for_selector("#_answer", state="hidden")
    assert page.evaluate(TEXT) == start
    page.go_forward()
    page.wait_for_selector(".verdict")


@PLAIN
@pytest.mark.parametrize(
    ("query", "types"),
    [
        (CLAIMS, ["text/csv", "text/tab-separated-values", "results+json", "results+xml"]),
        ("ASK {}", ["results+json", "results+xml"]),
        (
            "CONSTRUCT WHERE { ?s a ccg:Lever }",
            ["turtle", "n-triples", "ld+json", "rdf+xml", "trig", "n-quads"],
        ),
    ],
    ids=["select", "ask", "construct"],
)
def test_an_answer_is_kept_in_the_formats_of_its_kind(
    form, opened, origin, query: str, types: list[str]
):
    page = opened(query, view="download")
    links = page.locator("#_view-download a")
    assert links.count() == len(types)
    for at, wanted in enumerate(types):
        link = links.nth(at)
        assert link.get_attribute("download").startswith("answer.")
        answer = page.request.get(origin + link.get_attribute("href"))
        assert answer.status == 200
        assert wanted in answer.headers["content-type"]


@PLAIN
def test_the_network_of_an_answer_stands_in_the_page(form, opened):
    page = opened(TIES, view="network")
    frame = page.frame_locator(".network iframe")
    frame.locator("#_main").wait_for()
    until(page, "document.querySelector('.network [role=status]').hidden")
    assert frame.locator(".top").count() == 0
    assert frame.locator("h1").inner_text() == "This answer"
    assert page.get_by_role("link", name="Open the network alone").is_visible()
    page.click("#_tab-rows")
    assert rows(page) == 20


@PLAIN
def test_triples_are_counted_and_drawn(form, opened, origin):
    page = opened(TRIPLES)
    lines = page.request.get(f"{origin}sparql?format=ntriples&query={quote(TRIPLES)}").text()
    assert page.inner_text(".measure").startswith(f"{len(lines.splitlines())} triples in")
    page.click("#_tab-network")
    page.frame_locator(".network iframe").locator("#_main").wait_for()
    until(page, "document.querySelector('.network [role=status]').hidden")


@PLAIN
def test_the_frame_of_an_example_has_its_question(form, opened):
    page = opened()
    button = page.get_by_role("button", name="Who stands over those who stand over others?")
    button.click()
    page.wait_for_selector("#_answer table")
    page.click("#_tab-network")
    title = page.frame_locator(".network iframe").locator("h1")
    title.wait_for()
    until(page, "document.querySelector('.network [role=status]').hidden")
    assert title.inner_text() == button.inner_text()


@PLAIN
def test_what_is_no_network_says_why(form, opened):
    page = opened("SELECT (1 AS ?n) {}", view="network")
    page.wait_for_selector("#_view-network .notice")
    assert "no column holds claims" in page.inner_text("#_view-network")


def test_the_form_works_without_a_script(screen, served):
    page = screen(origin=served, script=False)
    page.goto(served)
    assert page.locator("#_query").is_visible()
    assert page.locator(".script-only:visible").count() == 0
    assert not page.get_by_label("Evidence of each row").is_visible()
    assert page.input_value("select[name=format]") == "csv"
    example = page.locator("section.script-less a").first.get_attribute("href")
    assert "SELECT" in page.request.get(served + example).text()
    page.fill("#_query", "ASK {}")
    page.select_option("select[name=format]", "json")
    page.click("#_run")
    assert '"boolean":true' in page.inner_text("body").replace(" ", "")


def test_a_link_holds_the_query_without_a_script(screen, served):
    page = screen(origin=served, script=False)
    query = 'SELECT ?s { ?s rdfs:label "</textarea><script>alert(1)</script>" }'
    page.goto(f"{served}?query={quote(query)}")
    assert page.input_value("#_query") == query


# ---- for everybody


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("form", "query"),
    [
        *(("plain", query) for query in ("", CLAIMS, BROKEN, "SELECT ?s { ?s a ccg:Clam }")),
        *(("editor", query) for query in ("", BROKEN)),  # what it shows itself
    ],
)
def test_nothing_hinders_people(form, opened, axe, query: str, width: int, dark: bool):
    page = opened(query, width=width, dark=dark)
    if not query:
        comment = '# of claims\nSELECT (COUNT(?s) AS ?n) { ?s a ccg:Claim ; ?p "x"@en, <a:b>, 1.5 }'
        write(page, form, comment)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@PLAIN
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_hinders_people_in_what_opens(form, opened, axe, dark: bool):
    page = opened(CLAIMS, dark=dark)
    page.locator("#_answer .evidence").first.click()
    page.wait_for_selector("#_card article")
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.click("#_term-shelf summary")
    page.click("#_tab-download")
    assert axe(page) == []


@PLAIN
def test_the_tabs_are_walked_by_arrows(form, opened):
    page = opened(CLAIMS)
    page.focus("#_tab-rows")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "_tab-download"
    assert page.locator("#_view-download").is_visible()
    assert "view=download" in page.url


@PLAIN
def test_what_happens_is_said(form, opened):
    page = opened(CLAIMS)
    until(page, "document.getElementById('_said').textContent.startsWith('Done: 5 rows')")


@PLAIN
def test_print_has_the_query_and_its_answer_alone(form, opened):
    page = opened(CLAIMS)
    page.emulate_media(media="print")
    assert page.locator("#_answer table").is_visible()
    printed = page.inner_text("#_printed")
    assert printed.startswith("This answer (")
    assert page.url.partition("#")[0] in printed
    for aside in (".shelves", ".run", "[role=tablist]", ".evidence >> nth=0"):
        assert not page.locator(aside).is_visible(), aside


def test_a_dataset_without_a_corpus_is_asked_as_well(screen, tmp_path: Path):
    file = tmp_path / "other.nq"
    triple = '<https://example.org/s> <https://example.org/p> "o"'
    file.write_text(f"{triple} .\n{triple} <https://example.org/g> .\n", encoding="utf-8")
    with serving("--dataset", file, "--workers", 2) as server:
        address = f"{server.url}/"
        page = screen(origin=address)
        show(page, address)
        assert page.locator("nav").count() == 0
        assert page.locator("#_examples").is_hidden()
        assert page.locator("#_evidence").count() == 0
        page.click("#_run")
        page.wait_for_selector("#_answer table")
        assert rows(page) == 2
        links = page.locator("#_answer td a").evaluate_all("all => all.map(one => one.href)")
        assert links.count("https://example.org/s") == 2
        assert links.count("https://example.org/g") == 1
        assert page.locator("[role=tab]").all_inner_texts() == ["Table", "Download"]
        for words in ("claim", "example", "corpus"):
            assert words not in page.inner_text("main").replace("example.org", "").lower()
