"""What a page may not do while a test looks at it: ask outside, log an error, open a dialog.

`watched` gives a context of a browser and says at its end what happened in any page of it, pop-ups
included. So every test of a page is also a test that it works offline, keeps its own
Content-Security-Policy, and runs nothing that a text brought in.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Request

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
_INSIDE = ("file:", "data:", "blob:", "about:")
_STATUS = "Failed to load resource: the server responded with a status of 4"
_GRAVE = ("serious", "critical")
_SETTLING = 50  # milliseconds; an error event or a promise refused comes after the last action
# They ask nothing that a page could see, and open a connection all the same.
_HINTS = """() => [...document.querySelectorAll('link[rel]')]
  .filter(link => /^(preconnect|dns-prefetch|prefetch|prerender)$/i.test(link.rel))
  .map(link => link.rel + ' ' + link.href)"""


def program() -> str:
    """The browser's path; without one the test is skipped, or fails where one is required."""
    named = os.environ.get("CCGKG_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else PROGRAMS)), None)
    if found is None:
        sought = f"CCGKG_CHROMIUM={named} is no program" if named else f"no {', '.join(PROGRAMS)}"
        absent = f"no browser: {sought}; the README says how to get one"
        if os.environ.get("CCGKG_REQUIRE_BROWSER") == "1":
            pytest.fail(absent, pytrace=False)
        pytest.skip(absent)
    return found


class Watch:
    """Writes down what a context does that no page of ours may do.

    Attributes:
        faults: one line each, in the order of time.
    """

    def __init__(self, context: BrowserContext, origin: str = "") -> None:
        self.faults: list[str] = []
        self._context, self._origin = context, origin
        self._inside = (*_INSIDE, origin) if origin else _INSIDE
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        context.on("dialog", self._dialog)

    def settle(self) -> None:
        """Let what is under way happen, and look for addresses that pages only hint at."""
        from playwright.sync_api import Error

        for page in self._context.pages:
            page.wait_for_timeout(_SETTLING)
            with suppress(Error):  # on its way elsewhere: what it asks for there is a request
                self.faults += [f"outside address: {hint}" for hint in page.evaluate(_HINTS)]

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._inside):
            self.faults.append(f"outside request: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # A status from 400 up is logged by the browser, whatever the page makes of it.
        if self._origin and message.text.startswith(_STATUS):
            return
        policy = "Content Security Policy" in message.text
        if message.type == "error" or (policy and message.type == "warning"):
            self.faults.append(f"console {message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def watched(browser: Browser, origin: str = "", **options: Any) -> Iterator[BrowserContext]:
    """A context without a network; at its end, no page of it may have done what it may not.

    Args:
        browser: that the context belongs to.
        origin: of a server that its pages may ask, with a slash at its end; empty for none.
        options: of `Browser.new_context`, beside those that are the same for all tests.

    Raises:
        AssertionError: with each fault.
    """
    context = browser.new_context(
        locale="en-GB",
        timezone_id="Europe/London",
        permissions=["clipboard-read", "clipboard-write"],
        reduced_motion="reduce",
        offline=not origin,
        **options,
    )
    try:
        context.set_default_timeout(10_000)
        watch = Watch(context, origin)
        yield context
        watch.settle()
        assert not watch.faults, "\n".join(watch.faults)
    finally:
        context.close()


def grave(results: dict[str, Any]) -> list[str]:
    """The serious and critical violations that axe found, one line for each element."""
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:200]}"
        for violation in results["violations"]
        if violation["impact"] in _GRAVE
        for node in violation["nodes"]
    ]
