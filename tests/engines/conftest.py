"""Each engine, started once for the tests of a module; Virtuoso takes some seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines.running import ENGINES, Engine


@pytest.fixture(
    scope="module",
    params=["oxigraph", pytest.param("virtuoso", marks=pytest.mark.slow)],
)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine that holds nothing but what it came with."""
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running
