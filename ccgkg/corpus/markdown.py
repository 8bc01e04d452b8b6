"""Text that Markdown shows as it is."""

from __future__ import annotations

import re

__all__ = ["escaped"]

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&]")
_LIST = re.compile(r"^([-+=]|\d+(?=[.)]))")


def escaped(text: str) -> str:
    r"""One line in which nothing is markup: no list, heading, link, entity or emphasis.

    >>> print(escaped("1. *not* a\n# list & <b>"))
    1\. \*not\* a \# list \& \<b\>
    """
    flat = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    return _LIST.sub(lambda m: f"\\{m[1]}" if m[1] in "-+=" else f"{m[1]}\\", flat)
