"""Shards: the cards of a large corpus, as scripts that lie beside its map.

A page opened from a folder may fetch nothing, but it may run a script that lies there. Claims
about the same two ends stand side by side, so that a line mostly opens with one shard or two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ccgkg.site.claims import ClaimView
from ccgkg.site.rendering import environment, json_for_script

__all__ = ["MOST_IN_PAGE", "Shards", "shards_of"]

MOST_IN_PAGE = 4_000_000
"""Bytes of cards that the map itself may hold; with the rest it stays below six megabytes."""

_SHARD = 250_000
"""Bytes of one shard, about."""

_SAMPLE = 64
"""Cards by which the size of all is told; the limits leave room for being somewhat wrong."""


@dataclass(frozen=True)
class Shards:
    """The cards of a corpus beside its map.

    Attributes:
        parts: the claims of each shard.
        root: the way from the map to the site's root.
    """

    parts: Sequence[Sequence[ClaimView]]
    root: str

    @property
    def numbers(self) -> Mapping[str, int]:
        """Short id of a claim to the number of its shard."""
        return {claim.short: at for at, part in enumerate(self.parts) for claim in part}

    def scripts(self) -> Iterator[tuple[str, str]]:
        """Each shard: path from the map, and content; made one by one while they are written."""
        for at, part in enumerate(self.parts):
            held = json_for_script({claim.short: _card(claim, self.root) for claim in part})
            yield f"cards/{at}.js", f"ccgkgCards({at},{held});\n"


def shards_of(claims: Sequence[ClaimView], root: str, most: int = MOST_IN_PAGE) -> Shards | None:
    """The cards of some claims as scripts; None where they are few enough to stand in the map.

    Args:
        claims: that the map may show.
        root: the way from the map to the site's root.
        most: bytes of cards that the map may hold.
    """
    sample = claims[:: max(1, len(claims) // _SAMPLE)]
    size = sum(len(_card(claim, root).encode()) for claim in sample) // max(1, len(sample))
    if size * len(claims) <= most:
        return None
    ordered = sorted(claims, key=_ends)
    each = max(1, _SHARD // size)
    parts = [ordered[start : start + each] for start in range(0, len(ordered), each)]
    return Shards(parts, root)


def _card(claim: ClaimView, root: str) -> Markup:
    macros: Any = environment().get_template("_claim.html").module
    told: Markup = macros.claim_card(claim, root)
    return told


def _ends(claim: ClaimView) -> tuple[list[str], list[str], str]:
    subjects = [thing.iri for thing in claim.subjects]
    return subjects, [thing.iri or thing.label for thing in claim.objects], claim.short
