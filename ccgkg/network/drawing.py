"""Drawing: boxes and lines of a network, the same for the static picture and the map.

Labels are the boxes, wrapped, and the spots of the plan are wider than boxes: labels never
overlap. Lines between the same two boxes are bent apart, each by its own number of pixels.
"""

from __future__ import annotations

import math
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx

from ccgkg.network.arranging import Place, Plan
from ccgkg.network.statements import Kind, Thing

__all__ = [
    "MOST_EDGES",
    "MOST_THINGS",
    "Box",
    "Line",
    "Look",
    "boxes_of",
    "busiest",
    "lines_of",
    "wrapped",
]

MOST_THINGS, MOST_EDGES = 150, 400
"""What is drawn at once, whatever the corpus: beyond it every renderer shows a grey ball."""

_LETTERS = 20
_LINES = 3
_LETTER, _LEADING, _PADDING = 8.4, 18, 9
_LANE = 13
"""Pixels by which the middles of two lines between the same boxes are apart."""


def wrapped(label: str) -> tuple[str, ...]:
    """A label in at most three lines of at most twenty letters; what is longer ends in “…”.

    >>> wrapped("research team of the Nuffield Trust and The King's Fund")
    ('research team of the', 'Nuffield Trust and', "The King's Fund")
    """
    plain = " ".join("".join(c if c.isprintable() else " " for c in label).split()) or "?"
    return tuple(textwrap.wrap(plain, _LETTERS, max_lines=_LINES, placeholder=" …"))


@dataclass(frozen=True, slots=True)
class Box:
    """Where a thing is drawn: the middle, half its width and height, in pixels."""

    x: float
    y: float
    half_width: float
    half_height: float

    @classmethod
    def of(cls, lines: Sequence[str], place: Place) -> Box:
        """The box around a wrapped label."""
        width = max(map(len, lines)) * _LETTER
        return cls(
            place[0], place[1], width / 2 + _PADDING, len(lines) * _LEADING / 2 + _PADDING * 0.7
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return abs(x - self.x) <= self.half_width and abs(y - self.y) <= self.half_height


class Line(NamedTuple):
    """One drawn edge.

    Attributes:
        source, target: ids of things.
        kind: id of what it is drawn as.
        standing: `affirmed`, `open` or `denied`.
        claims: short ids; one empty id where the query gave none.
        bend: how far its middle is off the straight line, in pixels to the right of its way.
    """

    source: str
    target: str
    kind: str
    standing: str
    claims: tuple[str, ...]
    bend: float

    def curve(self, boxes: Mapping[str, Box]) -> list[tuple[float, float]]:
        """Start, control and end point of its quadratic curve, from border to border."""
        start, end = boxes[self.source], boxes[self.target]
        if self.source == self.target:
            x, y, out = start.x + start.half_width, start.y, 44 + self.bend
            return [(x - 24, y - start.half_height), (x + out, y - 8 - out), (x, y - 4)]
        dx, dy = end.x - start.x, end.y - start.y
        length = math.hypot(dx, dy) or 1.0
        middle = (
            (start.x + end.x) / 2 - dy / length * self.bend * 2,
            (start.y + end.y) / 2 + dx / length * self.bend * 2,
        )
        return [_border(start, middle), middle, _border(end, middle)]


def _border(box: Box, toward: tuple[float, float]) -> tuple[float, float]:
    """Where the way from the middle of a box toward a point leaves it."""
    dx, dy = toward[0] - box.x, toward[1] - box.y
    reach = max(abs(dx) / box.half_width, abs(dy) / box.half_height, 1e-9)
    return box.x + dx / reach, box.y + dy / reach


def lines_of(network: nx.MultiDiGraph) -> list[Line]:
    """The drawn edges of a network, bent apart, in the order of their ends."""
    pairs: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for source, target, key in sorted(network.edges(keys=True)):
        pairs[min(source, target), max(source, target)].append((source, target, key))
    found = []
    for (first, _), edges in sorted(pairs.items()):
        for lane, (source, target, key) in enumerate(edges):
            side = (lane - (len(edges) - 1) / 2) * _LANE
            held = network.edges[source, target, key]
            found.append(
                Line(
                    source,
                    target,
                    held["kind"],
                    held["standing"],
                    tuple(held["claims"]),
                    side if source == first else -side,
                )
            )
    return found


def busiest(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The part of a network that is drawn: its busiest things and what joins them."""
    weight: dict[str, int] = defaultdict(int)
    for source, target, claims in network.edges(data="claims"):
        for end in (source, target):
            weight[end] += len(claims)
    chosen = sorted(network, key=lambda thing: (-weight[thing], thing))[:MOST_THINGS]
    part = network.subgraph(chosen)
    edges = sorted(part.edges(keys=True, data="claims"), key=lambda edge: (-len(edge[3]), edge[:3]))
    return part.edge_subgraph([edge[:3] for edge in edges[:MOST_EDGES]])


class Look(NamedTuple):
    """What a picture needs beside its plan.

    Attributes:
        things: by id.
        kinds: by id.
    """

    things: Mapping[str, Thing]
    kinds: Mapping[str, Kind]


def boxes_of(things: Iterable[str], look: Look, plan: Plan) -> dict[str, Box]:
    """The boxes of some things."""
    return {
        thing: Box.of(wrapped(look.things[thing].label), plan.places[thing]) for thing in things
    }
