"""ccgkg: a knowledge graph in which every edge has a receipt.

>>> import ccgkg
>>> corpus = ccgkg.open()
>>> print(corpus.claim("holder-2014/nhse-holds-contracts").label)
NHS England holds the contracts of GPs.

Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ccgkg.api import build as build
    from ccgkg.api import open as open

__all__ = ["__version__", "build", "open"]


def __getattr__(name: str) -> Any:
    if name in ("build", "open"):
        from ccgkg import api

        return getattr(api, name)
    raise AttributeError(f"module 'ccgkg' has no attribute {name!r}")
