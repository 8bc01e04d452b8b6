"""Fixtures of the tests in a real browser.

`page` is a page 1440 pixels wide in light colours; `screen(width, dark=…)` gives others, and
`screen(origin=…)` one that may ask a server. Whatever they do is watched: see `guard.py`.
`page.goto(path.as_uri())` opens a file as a double click does, and `axe(page)` lists what hinders
people there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.guard import ARGUMENTS, grave, program, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser takes its time: by default it does only what is marked `core`."""
    for item in items:
        if item.path.parent == Path(__file__).parent and not item.get_closest_marker("core"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this folder that a process runs in a row.

    Playwright's sync API leaves an event loop running in the thread, in which nobody else's
    `asyncio.run` works: hence it is stopped before any test outside this folder starts.
    """
    path = program()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page on a screen of one's choice: `screen(390, dark=True)`, `screen(script=False)`."""
    with ExitStack() as contexts:

        def show(
            width: int = 1440, *, dark: bool = False, script: bool = True, origin: str = ""
        ) -> Page:
            context = watched(
                browser,
                origin,
                viewport={"width": width, "height": 844 if width < 800 else 900},
                color_scheme="dark" if dark else "light",
                java_script_enabled=script,
            )
            return contexts.enter_context(context).new_page()

        yield show


@pytest.fixture
def page(screen: Callable[..., Page]) -> Page:
    """A page 1440 pixels wide in light colours."""
    return screen()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds serious or critical, one line for each element: `axe(page) == []`."""
    from axe_playwright_python.sync_playwright import Axe

    return lambda page: grave(Axe().run(page).response)
