"""ccgkg: a knowledge graph in which every edge has a receipt.

    >>> import ccgkg
    >>> store = ccgkg.open()
    >>> store.claim("pulse-2016/influence-20").label
    '20% of GPs without a formal role felt able to influence the work of their CCG if they wanted to in 2016.'

Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ccgkg.api import open as open

__all__ = ["__version__", "open"]


def __getattr__(name: str) -> Any:
    if name == "open":
        from ccgkg.api import open as function

        return function
    raise AttributeError(f"module 'ccgkg' has no attribute {name!r}")
