"""Arranging: where each thing stands on the map.

Tiers are bands, one below the other, so that position means something and power flows down
the page. Within its band an actor may stand anywhere; the places are chosen so that ties are
short and run under few foreign boxes. An actor that has a place keeps it: one that has none
takes a free one and moves nobody, or readers would lose their mental map.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import networkx as nx

from ccgkg.network.statements import Thing

__all__ = ["COLUMN", "ROW", "Band", "Plan", "anneal", "arrange", "bands_for"]

COLUMN = 190
"""Pixels between the middles of two boxes side by side; a box is at most 186 wide."""
ROW = 84
"""Pixels between the middles of two rows; a box of three lines is at most 67 high."""
_GAP = 26
"""Pixels between two bands, for the name of the lower one."""
_COLUMNS = 7
_UNDER = 420
"""What an edge under a foreign box costs, in pixels of length: found by trying, with few
crossings of boxes and no edge across the whole page."""
_BESIDE_ACTORS = "Topics and works"
"""Name of the band of what has no tier."""
_STEPS = 12_000
_SEEDS = (1, 2, 3)
"""Three tries, of which the best is taken: one may end in a bad corner."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Band:
    """One horizontal band of the map: its name and the tiers that stand in it."""

    label: str
    tiers: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The map before anything is drawn on it.

    Attributes:
        places: id of a thing to the middle of its box, in pixels.
        bands: label, top and bottom of each band that holds something, in pixels.
    """

    places: Mapping[str, Place]
    bands: Sequence[tuple[str, int, int]] = field(default=())


def bands_for(things: Iterable[Thing], given: Sequence[Band]) -> list[tuple[Band, list[Thing]]]:
    """The bands with what stands in each, empty ones left out.

    A tier that no given band names has a band of its own, below these; topics, works and
    whatever else has no tier stand in the last one.
    """
    by_tier: dict[str, list[Thing]] = defaultdict(list)
    labels = {}
    for thing in things:
        by_tier[thing.tier].append(thing)
        labels[thing.tier] = thing.tier_label
    named = {tier for band in given for tier in band.tiers}
    own = [Band(labels[tier], (tier,)) for tier in sorted(by_tier) if tier and tier not in named]
    bands = [*given, *own, Band(_BESIDE_ACTORS, ("",))]
    filled = [(band, [t for tier in band.tiers for t in by_tier[tier]]) for band in bands]
    return [(band, members) for band, members in filled if members]


def arrange(
    network: nx.MultiDiGraph,
    things: Mapping[str, Thing],
    bands: Sequence[Band],
    kept: Mapping[str, Place],
) -> Plan:
    """A place for every thing of the network, those that have one where they are.

    Args:
        network: the ties.
        things: by id; those outside the network are placed as well, at the ends of the rows.
        bands: as the corpus gives them, from the top.
        kept: id to place; nobody takes the place of one that is not among the things.
    """
    places = {thing: place for thing, place in kept.items() if thing in things}
    around = _neighbours(network)
    rows = _Rows(kept.values())
    top = 0
    for _, members in bands_for(things.values(), bands):
        placed = [places[m.id][1] for m in members if m.id in places]
        tied = sum(member.id in network for member in members)
        lines = rows.of_band(placed, tied or len(members), top)
        for member in _by_weight(members, network, places):
            at = rows.free(lines, _aim(around[member.id], places))
            places[member.id] = at
            rows.take(at)
        top = max(lines) + ROW + _GAP
    return Plan(places, _extents(bands_for(things.values(), bands), places))


def _neighbours(network: nx.MultiDiGraph) -> Mapping[str, list[str]]:
    around: dict[str, list[str]] = defaultdict(list)
    for source, target in network.edges():
        around[source].append(target)
        around[target].append(source)
    return around


def _by_weight(
    members: Iterable[Thing], network: nx.MultiDiGraph, places: Mapping[str, Place]
) -> list[Thing]:
    """Those without a place, the busiest first: it takes the middle."""

    def weight(thing: Thing) -> int:
        return network.degree(thing.id) if thing.id in network else 0

    waiting = [member for member in members if member.id not in places]
    return sorted(waiting, key=lambda thing: (-weight(thing), thing.id))


def _aim(neighbours: Iterable[str], places: Mapping[str, Place]) -> float:
    """Where along its row a thing would best stand: amid those it is tied to."""
    xs = [places[other][0] for other in neighbours if other in places]
    return sum(xs) / len(xs) if xs else 0.0


class _Rows:
    """Which spots of the grid are taken."""

    def __init__(self, taken: Iterable[Place]) -> None:
        self._near: dict[Place, list[Place]] = defaultdict(list)
        self._lowest: int | None = None
        self._filled: dict[int, int] = defaultdict(int)
        for spot in taken:
            self.take(spot)

    def of_band(self, placed: Sequence[int], members: int, top: int) -> list[int]:
        """The heights of a band's rows: where its members stand, else as many as it needs."""
        if placed:
            return sorted(set(placed))
        columns = max(_COLUMNS, math.isqrt(members * 3))
        first = top if self._lowest is None else max(top, self._lowest + ROW + _GAP)
        return [first + ROW * line for line in range(math.ceil(members / columns))]

    def take(self, spot: Place) -> None:
        """Let nobody else stand there, nor so near that the boxes touch."""
        x, y = spot
        self._near[x // COLUMN, y // ROW].append(spot)
        self._lowest = y if self._lowest is None else max(y, self._lowest)

    def free(self, lines: Sequence[int], aim: float) -> Place:
        """The free spot that is nearest to where one would stand, from the middle outwards."""
        best: tuple[float, int, int, Place] | None = None
        for at, y in enumerate(lines):
            for step in count(self._full_to(y)):
                # Further out every spot costs more than the best one.
                if best is not None and 0.4 * COLUMN * step + at > best[0]:
                    break
                for side in (-1, 1):
                    x = side * COLUMN * step
                    spot = abs(x - aim) + 0.4 * abs(x) + at, 2 * step + side, at, (x, y)
                    if (best is None or spot < best) and not self._blocked(x, y):
                        best = spot
        assert best is not None, "a band has at least one row"
        return best[3]

    def _full_to(self, y: int) -> int:
        """The first step from the middle of a row with a free spot: none is ever freed."""
        step = self._filled[y]
        while self._blocked(-COLUMN * step, y) and self._blocked(COLUMN * step, y):
            step += 1
        self._filled[y] = step
        return step

    def _blocked(self, x: int, y: int) -> bool:
        column, row = x // COLUMN, y // ROW
        # A box near it counts as taken too, if somebody put one between two spots.
        return any(
            abs(x - other[0]) < COLUMN and abs(y - other[1]) < ROW
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in self._near.get((across, down), ())
        )


def _extents(
    bands: Iterable[tuple[Band, Sequence[Thing]]], places: Mapping[str, Place]
) -> list[tuple[str, int, int]]:
    found = []
    for band, members in bands:
        ys = [places[member.id][1] for member in members]
        found.append((band.label, min(ys) - ROW // 2, max(ys) + ROW // 2))
    return found


def anneal(network: nx.MultiDiGraph, plan: Plan, groups: Iterable[Sequence[str]]) -> Plan:
    """A better plan: boxes of one group change places as long as that shortens the ties.

    Simulated annealing over swaps, deterministic for one input; the cost of a tie is its length
    and `_UNDER` for each foreign box that it runs under, times the `weight` of its edges, if they
    have one.

    Args:
        network: the ties.
        plan: to start from.
        groups: ids that may change places with one another.
    """
    movable = [sorted(group) for group in groups if len(group) > 1]
    tries = [_annealed(network, plan, movable, seed) for seed in _SEEDS]
    best = min(tries, key=lambda board: board.total())
    return Plan(dict(best.places), plan.bands)


def _annealed(
    network: nx.MultiDiGraph, plan: Plan, movable: Sequence[Sequence[str]], seed: int
) -> _Board:
    board = _Board(network, plan.places)
    chance = random.Random(seed)  # noqa: S311  (a picture, no secret)
    spots = [board.spots(group) for group in movable]
    weights = [len(group) for group in movable]
    for step in range(_STEPS if movable else 0):
        heat = 300.0 * (1 - step / _STEPS) ** 2 + 0.1
        (at,) = chance.choices(range(len(movable)), weights)
        mover, spot = chance.choice(movable[at]), chance.choice(spots[at])
        gain = board.swap(mover, spot)
        if gain < 0 and chance.random() > math.exp(gain / heat):
            board.undo()
    return board


class _Board:
    """Places with the cost of their ties; swaps that can be undone."""

    def __init__(self, network: nx.MultiDiGraph, places: Mapping[str, Place]) -> None:
        self.places = dict(places)
        self._at = {place: thing for thing, place in places.items()}
        self._weights: dict[tuple[str, str], int] = defaultdict(int)
        for source, target, weight in network.edges(data="weight", default=1):
            if source != target:
                self._weights[min(source, target), max(source, target)] += weight
        self._ties = sorted(self._weights)
        self._of: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for tie in self._ties:
            for end in tie:
                self._of[end].append(tie)
        self._undo: tuple[str, Place] = ("", (0, 0))

    def spots(self, group: Sequence[str]) -> list[Place]:
        """Every spot that a group fills, and the free ones between and beside them."""
        xs = [self.places[thing][0] for thing in group]
        ys = sorted({self.places[thing][1] for thing in group})
        side = max(*map(abs, xs), COLUMN * (_COLUMNS // 2))
        return [(x, y) for y in ys for x in range(-side, side + 1, COLUMN)]

    def total(self) -> float:
        """What all ties cost."""
        return math.fsum(map(self._alone, self._ties))

    def swap(self, mover: str, spot: Place) -> float:
        """Put one thing on a spot, and whatever stands there on its own; what that saves."""
        home = self.places[mover]
        other = self._at.get(spot)
        touched = {mover, other} - {None}
        before = self._cost(touched, (home, spot))
        self._move(mover, spot, other, home)
        self._undo = (mover, home)
        return before - self._cost(touched, (home, spot))

    def undo(self) -> None:
        """Take the last swap back."""
        mover, home = self._undo
        self._move(mover, home, self._at.get(home), self.places[mover])

    def _move(self, mover: str, spot: Place, other: str | None, home: Place) -> None:
        self._at.pop(home, None)
        if other is not None and other != mover:
            self.places[other] = home
            self._at[home] = other
        self.places[mover] = spot
        self._at[spot] = mover

    def _cost(self, touched: Iterable[str | None], spots: Sequence[Place]) -> float:
        own = {tie for thing in touched if thing is not None for tie in self._of[thing]}
        # Exactly, or the order of the set would decide which swap is the better one.
        cost = math.fsum(self._alone(tie) for tie in own)
        for spot in spots:
            thing = self._at.get(spot)
            if thing is not None:
                others = (tie for tie in self._ties if tie not in own)
                cost += sum(self._hidden(tie) for tie in others if self._under(tie, thing))
        return cost

    def _alone(self, tie: tuple[str, str]) -> float:
        (x1, y1), (x2, y2) = (self.places[end] for end in tie)
        under = sum(self._under(tie, thing) for thing in self._of if thing not in tie)
        return math.hypot(x2 - x1, y2 - y1) + self._hidden(tie) * under

    def _hidden(self, tie: tuple[str, str]) -> int:
        """What it costs that a box lies on a tie."""
        return _UNDER * self._weights[tie]

    def _under(self, tie: tuple[str, str], thing: str) -> bool:
        if thing in tie:
            return False
        (x1, y1), (x2, y2) = (self.places[end] for end in tie)
        x, y = self.places[thing]
        return _meets((x1 - x, y1 - y), (x2 - x, y2 - y))


_HALF = (COLUMN * 0.4, ROW * 0.32)


def _meets(start: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether a line meets the box around the origin (Liang and Barsky)."""
    first, last = 0.0, 1.0
    for at, half in enumerate(_HALF):
        span = end[at] - start[at]
        if span == 0:
            if abs(start[at]) > half:
                return False
            continue
        near, far = sorted(((-half - start[at]) / span, (half - start[at]) / span))
        first, last = max(first, near), min(last, far)
        if first > last:
            return False
    return True
