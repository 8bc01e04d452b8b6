"""Answers that were worked out by hand: of each named query, and the evidence of others."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C where it is there: every worker of the tests reads all of them."""

NAMES = sorted(path.stem for path in (_HERE / "answers").glob("*.yaml"))
"""Of the queries that have an answer."""
EVIDENCE = sorted((_HERE / "evidence").glob("*.yaml"))
"""A file for each other query."""


@cache
def read(path: Path) -> dict[str, Any]:
    """What stands in one of the files; not to be changed."""
    return yaml.load(path.read_text(encoding="utf-8"), _LOADER)


def expected(name: str) -> dict[str, Any]:
    """The answer of a named query."""
    return read(_HERE / "answers" / f"{name}.yaml")
