"""The site of the shipped corpus, read once for all tests of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccgkg.dataset.opening import open_store
from ccgkg.site.evidence import Evidence
from ccgkg.site.pages import Site, pages, site_of


@pytest.fixture(scope="session")
def site(cache: Path) -> Site:
    return site_of(open_store(None, cache))


@pytest.fixture(scope="session")
def evidence(site: Site) -> Evidence:
    return site.evidence


@pytest.fixture(scope="session")
def told(site: Site) -> dict[str, str]:
    """Every page, by its path."""
    return dict(pages(site))
