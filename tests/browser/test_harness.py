"""The harness itself: a page that does what no page may is caught, and a decent one passes.

To add a fault, add an entry to `FAULTS`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from browser.guard import program, watched

POLICY = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
FAULTS = {
    "image": ("<img src='https://outside.example/a.png'>", "outside request: https://outside.ex"),
    "beacon": (
        "<script>navigator.sendBeacon('https://outside.example/b')</script>",
        "outside request: https://outside.example/b",
    ),
    "socket": ("<script>new WebSocket('wss://outside.example')</script>", "console error: WebSock"),
    "preconnect": (
        "<link rel=preconnect href='https://outside.example/'>",
        "outside address: preconnect https://outside.example/",
    ),
    "blocked by the policy": (
        f"{POLICY}<img src='https://outside.example/a.png'>",
        "outside request: https://outside.example/a.png",
    ),
    "logged error": ("<script>console.error('gone wrong')</script>", "console error: gone wrong"),
    "thrown late": ("<script>setTimeout(() => { throw 'late' })</script>", "page error: late"),
    "refused promise": ("<script>Promise.reject(new Error('no'))</script>", "page error: no"),
    "dialog": ("<script>alert('here I am')</script>", "dialog: here I am"),
    "dialog of a pop-up": (
        "<script>open('about:blank').eval('confirm(\"me too\")')</script>",
        "dialog: me too",
    ),
    "inline handler": (f"{POLICY}<img src='data:,' onerror='alert(1)'>", "inline event handler"),
    "inline style": (f"{POLICY}<p style='color: red'>red</p>", "Applying inline style violates"),
    "inline script": (f"{POLICY}<script>document.title = 1</script>", "inline script violates"),
}
DECENT = """<!doctype html><html lang="en"><title>Decent</title><main><h1>Decent</h1>
<button>Copy</button><p>Grey</p></main>
<style>p { color: #777; background: #fff }
@media (prefers-color-scheme: dark) { p { color: #000; background: #777 } }</style>
<noscript><p>Without script</p></noscript>
<script>document.querySelector('button').onclick = () => navigator.clipboard.writeText('“copied”')
</script>"""


@pytest.fixture
def written(tmp_path: Path):
    """Write a page; what is given back is its address."""

    def write(html: str) -> str:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        return path.as_uri()

    return write


@pytest.mark.core
@pytest.mark.parametrize(("body", "told"), FAULTS.values(), ids=FAULTS)
def test_what_no_page_may_do_is_caught(browser, written, body: str, told: str):
    address = written(f"<!doctype html><html lang=en><title>Bad</title>{body}")
    with pytest.raises(AssertionError) as caught, watched(browser) as context:
        context.new_page().goto(address)
    assert told in str(caught.value)


@pytest.mark.core
def test_what_a_page_does_when_it_is_used_is_caught(browser, written):
    address = written("<button onclick=\"location.href = 'https://outside.example/'\">Go</button>")
    with pytest.raises(AssertionError, match="outside request"), watched(browser) as context:
        used = context.new_page()
        used.goto(address)
        used.get_by_role("button").click(no_wait_after=True)


@pytest.mark.core
def test_a_decent_page_opens_and_copies(page, written):
    page.goto(written(DECENT))
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == "“copied”"
    assert page.evaluate("[innerWidth, navigator.language]") == [1440, "en-GB"]


def test_a_screen_has_the_width_and_the_colours_asked_for(screen, written):
    small, plain = screen(390, dark=True), screen(script=False)
    small.goto(written(DECENT))
    plain.goto(written(DECENT))
    dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    assert small.evaluate(f"[innerWidth, {dark}]") == [390, True]
    assert plain.evaluate(f"[innerWidth, {dark}]") == [1440, False]
    # Playwright's own search by text passes over <noscript>.
    assert plain.locator("noscript p").is_visible()
    assert not small.locator("noscript p").is_visible()


@pytest.mark.core
def test_axe_tells_what_is_serious_and_nothing_less(page, axe, written):
    page.goto(written(DECENT))
    (contrast,) = axe(page)
    assert contrast.startswith("color-contrast (serious)") and "<p>Grey</p>" in contrast
    page.goto(written(DECENT.replace("#777", "#555").replace("<h1>", "<h3>")))
    assert axe(page) == [], "a heading out of order is moderate"


def test_the_browser_is_the_one_named_or_the_first_found(monkeypatch, tmp_path: Path):
    for name in ("google-chrome", "chromium", "mine"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CCGKG_CHROMIUM", raising=False)
    assert program() == str(tmp_path / "chromium")
    monkeypatch.setenv("CCGKG_CHROMIUM", str(tmp_path / "mine"))
    assert program() == str(tmp_path / "mine")


@pytest.mark.core
@pytest.mark.parametrize(
    ("required", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
@pytest.mark.parametrize("named", ["", "/nowhere/chromium"])
def test_without_a_browser_the_tests_are_skipped_unless_it_is_required(
    monkeypatch, tmp_path: Path, named: str, required: str, outcome: type[BaseException]
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CCGKG_CHROMIUM", named)
    monkeypatch.setenv("CCGKG_REQUIRE_BROWSER", required)
    with pytest.raises(outcome, match=f"no browser: .*{named or 'google-chrome'}.* README"):
        program()


TREE = {
    "pages/__init__.py": "",
    "pages/conftest.py": "from browser.conftest import browser, page, screen\n",
    "pages/test_a.py": "def test_bad(page): page.set_content('<script>alert(1)</script>')\n",
    "pages/test_b.py": "def test_good(page): page.set_content('<p>well</p>')\n",
    "test_c.py": "import asyncio\ndef test_after(): asyncio.run(asyncio.sleep(0))\n",
}
TREE_ARGUMENTS = ["-p", "no:cacheprovider", "pages", "test_c.py"]


@pytest.mark.slow
def test_the_fixture_tells_faults_and_leaves_the_process_as_it_was(root: Path, tmp_path: Path):
    program()
    for name, content in TREE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", *TREE_ARGUMENTS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{root}:{root / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "AssertionError: dialog: 1" in done.stdout, done.stdout + done.stderr
    assert "ERROR pages/test_a.py::test_bad" in done.stdout
    assert "PASSED pages/test_b.py::test_good" in done.stdout
    assert "PASSED test_c.py::test_after" in done.stdout
    assert "3 passed, 1 error" in done.stdout
