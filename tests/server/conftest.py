"""One server of the shipped corpus for all quick tests; the heavy ones start their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.serving import Server, await_pages, serving


@pytest.fixture(scope="session")
def server(cache: Path) -> Iterator[Server]:
    """`ccgkg serve` over the shipped corpus, with limits at which nothing cheap arrives."""
    with serving("--workers", 2) as running:
        await_pages(running)
        yield running
