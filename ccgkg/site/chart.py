"""The chart of figures: by wave and population, and joined only where they may be compared.

A line between two points says that one can be held against the other; most figures of a corpus
cannot. So points are joined only where the query `comparable` says yes, and the shape of a point
tells a bound (“over 70%”) from a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ccgkg.dataset.prefixes import CCG, DCTERMS
from ccgkg.site.claims import ClaimView, FigureView
from ccgkg.site.evidence import Evidence

__all__ = ["Chart", "Column", "Line", "Point", "chart_of"]

MOST_POINTS = 40
"""Figures that one chart can hold and still be read."""

WIDTH, HEIGHT = 880, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 20, 76
_LABEL_GAP = 76
_WRAP = 36
_WAVE_WRAP = 26
_UP, _DOWN = ("gt", "at-least", "just-over"), ("lt", "at-most", "just-under")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure on the chart.

    Attributes:
        claim, figure: what it tells.
        x, y: of the mark, in the units of the drawing.
        label_y: of its label, moved so that no two overlap.
        shape: `value`, `over`, `under` or `about`.
        lines: the label, wrapped.
        series: number of its measure and population.
        compared: the claims whose figures it may be compared with.
    """

    claim: ClaimView
    figure: FigureView
    x: float
    y: float
    label_y: float
    shape: str
    lines: tuple[str, ...]
    series: int
    compared: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A wave: its name, also wrapped, and where it stands."""

    label: str
    lines: tuple[str, ...]
    x: float
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Two points that may be compared."""

    x1: float
    y1: float
    x2: float
    y2: float
    series: int


@dataclass(frozen=True, slots=True)
class Chart:
    """All of it, ready to draw; `left_out` figures found no room."""

    width: int
    height: int
    left: int
    right: int
    floor: int
    grid: tuple[tuple[float, str], ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    left_out: int


def chart_of(
    evidence: Evidence, claims: Iterable[ClaimView], pairs: Iterable[tuple[str, str]]
) -> Chart | None:
    """The shares that some claims give, and the others of the same studies, as a chart.

    Args:
        evidence: all claims.
        claims: whose figures are drawn, if they are shares.
        pairs: short ids of claims whose figures may be compared.

    Returns:
        None where there are fewer than two shares.
    """
    asked = [_study(evidence, figure) for _, figure in _shares(claims)]
    everything = _shares(evidence.standing) if any(asked) else []
    of_studies = [each for each in everything if _study(evidence, each[1]) in set(asked) - {""}]
    found = list(dict.fromkeys([*_shares(claims), *of_studies]))
    shown = found[:MOST_POINTS]
    if len(shown) < 2:
        return None
    joined = [(a, b) for a, b in pairs if a != b]
    waves: dict[str, list[tuple[ClaimView, FigureView]]] = {}
    for claim, figure in shown:
        waves.setdefault(_wave(figure), []).append((claim, figure))
    order = sorted(waves, key=lambda wave: (_day(evidence, waves[wave][0]), wave))
    series = list(dict.fromkeys((f.measure.iri, f.population.iri) for _, f in shown))
    step = (WIDTH - _LEFT - _RIGHT) / len(order)
    columns = []
    for place, wave in enumerate(order):
        x = _LEFT + step * place + 28
        told = _points(waves[wave], x, series, _with(evidence, joined))
        columns.append(Column(wave, _wrapped(wave, _WAVE_WRAP), x, told))
    return Chart(
        WIDTH,
        HEIGHT,
        _LEFT,
        WIDTH - _RIGHT,
        HEIGHT - _BOTTOM,
        tuple((_height(part / 4), f"{part * 25}%") for part in range(5)),
        tuple(columns),
        tuple(_lines([p for column in columns for p in column.points], joined)),
        len(found) - len(shown),
    )


def _shares(claims: Iterable[ClaimView]) -> list[tuple[ClaimView, FigureView]]:
    return [(claim, claim.figure) for claim in claims if claim.figure and claim.figure.ratio]


def _study(evidence: Evidence, figure: FigureView) -> str:
    """The study of whose waves a figure's is one."""
    return evidence.facts.one(figure.wave.iri, DCTERMS + "isPartOf") if figure.wave else ""


def _wave(figure: FigureView) -> str:
    return figure.wave.label if figure.wave else "no wave named"


def _day(evidence: Evidence, told: tuple[ClaimView, FigureView]) -> str:
    """The day by which a wave is put in order."""
    claim, figure = told
    wave = figure.wave.iri if figure.wave else ""
    facts = evidence.facts
    time = facts.one(wave, CCG + "time")
    return facts.one(time, CCG + "earliest") or claim.source.year


def _with(
    evidence: Evidence, joined: Sequence[tuple[str, str]]
) -> dict[str, tuple[ClaimView, ...]]:
    found: dict[str, tuple[ClaimView, ...]] = {}
    for one, other in joined:
        for here, there in ((one, other), (other, one)):
            if there in evidence.claims:
                found[here] = (*found.get(here, ()), evidence.claims[there])
    return found


def _height(ratio: float) -> float:
    return round(HEIGHT - _BOTTOM - ratio * (HEIGHT - _TOP - _BOTTOM), 1)


def _points(
    told: Sequence[tuple[ClaimView, FigureView]],
    x: float,
    series: Sequence[tuple[str, str]],
    compared: dict[str, tuple[ClaimView, ...]],
) -> tuple[Point, ...]:
    made = []
    lowest = float("-inf")
    for claim, figure in sorted(told, key=lambda each: -float(each[1].ratio)):
        y = _height(float(figure.ratio))
        label_y = max(y, lowest + _LABEL_GAP)
        lowest = label_y
        made.append(
            Point(
                claim=claim,
                figure=figure,
                x=round(x, 1),
                y=y,
                label_y=label_y,
                shape=_shape(figure.comparator),
                lines=(
                    *_wrapped(figure.measure.label, _WRAP),
                    *_wrapped(f"of {figure.population.label}", _WRAP),
                ),
                series=series.index((figure.measure.iri, figure.population.iri)),
                compared=compared.get(claim.short, ()),
            )
        )
    return tuple(made)


def _shape(comparator: str) -> str:
    if comparator in _UP:
        return "over"
    if comparator in _DOWN:
        return "under"
    return "about" if comparator == "about" else "value"


def _wrapped(words: str, width: int) -> tuple[str, ...]:
    """A label in at most two lines."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][: width - 1]}…"]
    return tuple(line[:width] for line in lines)


def _lines(points: Sequence[Point], joined: Iterable[tuple[str, str]]) -> Iterable[Line]:
    at = {point.claim.short: point for point in points}
    for one, other in joined:
        if one in at and other in at:
            a, b = at[one], at[other]
            yield Line(a.x, a.y, b.x, b.y, a.series)
