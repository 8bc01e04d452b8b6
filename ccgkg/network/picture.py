"""The static picture: the same bands, boxes and lines as SVG, without script.

Every line and box is a link and has a title. Colours are attributes, so that the file stands
alone; a page's style sheet may override them, as for the dark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import networkx as nx
from markupsafe import Markup, escape

from ccgkg.network.arranging import Plan
from ccgkg.network.drawing import Box, Line, Look, boxes_of, lines_of, wrapped
from ccgkg.network.statements import STANDINGS

__all__ = ["Links", "svg"]

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML may hold, not even escaped; a query can find it in a literal."""
_MARGIN = 24
_TITLE = 130
_WIDE = 900
"""From this width a picture is scrolled on a narrow screen rather than made illegible."""


class Links(NamedTuple):
    """Where a picture leads.

    Attributes:
        thing: address of a thing, from its id; empty where there is none.
        line: address of a line.
    """

    thing: Callable[[str], str]
    line: Callable[[Line], str]


def svg(network: nx.MultiDiGraph, look: Look, plan: Plan, title: str, links: Links) -> Markup:
    """Draw a network.

    Args:
        network: its ties.
        look: what things and kinds are called, and their colours.
        plan: where things stand.
        title: what the picture shows, for those who do not see it.
        links: where lines and boxes lead.

    Returns:
        One `<svg>` element.
    """
    # As one reads: down the page, and from left to right.
    order = sorted(network, key=lambda thing: (plan.places[thing][1], plan.places[thing][0], thing))
    boxes = boxes_of(order, look, plan)
    lines = lines_of(network)
    kinds = sorted({line.kind for line in lines})
    left = min((box.x - box.half_width for box in boxes.values()), default=0) - _MARGIN
    right = max((box.x + box.half_width for box in boxes.values()), default=300) + _MARGIN
    bands = [
        band for band in plan.bands if any(band[1] < box.y < band[2] for box in boxes.values())
    ]
    top = min((band[1] for band in bands), default=0)
    bottom = max((band[2] for band in bands), default=100)
    left -= _TITLE
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="picture{}" width="{:.0f}" '
            'viewBox="{:.0f} {:.0f} {:.0f} {:.0f}" role="group" aria-label="{}" '
            'font-family="system-ui, sans-serif" font-size="14">'
        ).format(
            " wide" if right - left > _WIDE else "",
            right - left,
            left,
            top,
            right - left,
            bottom - top,
            title,
        ),
        Markup("<defs>{}</defs>").format(
            Markup("").join(
                _marker(at, standing, look.kinds[kind].colour)
                for at, kind in enumerate(kinds)
                for standing in STANDINGS
            )
        ),
        *(_band(band, left, right) for band in bands),
        *(_line(line, boxes, look, kinds.index(line.kind), links) for line in lines),
        *(_box(thing, box, look, links) for thing, box in boxes.items()),
        Markup("</svg>"),
    ]
    return Markup(_NO_XML.sub("", Markup("\n").join(parts)))  # noqa: S704  (escaped above)


_HEADS = {
    "affirmed": '<path d="M0 0 L10 5 L0 10 z" fill="{}"/>',
    "open": '<path d="M1 1 L9 5 L1 9" fill="none" stroke="{}" stroke-width="1.6"/>',
    "denied": '<path d="M8 0 V10" fill="none" stroke="{}" stroke-width="2.6"/>',
}


def _marker(at: int, standing: str, colour: str) -> Markup:
    return Markup(
        '<marker id="head-{}-{}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
        'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">{}</marker>'
    ).format(at, standing, Markup(_HEADS[standing]).format(colour))  # noqa: S704  (a table of ours)


def _band(band: tuple[str, int, int], left: float, right: float) -> Markup:
    label, top, bottom = band
    return Markup(
        '<g class="band"><rect x="{:.0f}" y="{}" width="{:.0f}" height="{}" rx="6" fill="#f1f4f9"/>'
        '<text x="{:.0f}" y="{}" font-weight="600" fill="#475467">{}</text></g>'
    ).format(left, top, right - left, bottom - top, left + 12, top + 20, label)


def _line(line: Line, boxes: dict[str, Box], look: Look, at: int, links: Links) -> Markup:
    kind = look.kinds[line.kind]
    (x1, y1), (cx, cy), (x2, y2) = line.curve(boxes)
    count = len(line.claims)
    dash = " ".join(map(str, kind.dash))
    drawn = Markup(
        '<path d="M{:.1f} {:.1f} Q{:.1f} {:.1f} {:.1f} {:.1f}" fill="none" stroke="{}" '
        'stroke-width="{:.1f}" opacity="{}" {}marker-end="url(#head-{}-{})"/>'
    ).format(
        x1, y1, cx, cy, x2, y2, kind.colour, width_of(count),
        OPACITY[line.standing],
        Markup('stroke-dasharray="{}" ').format(dash) if dash else "",
        at, line.standing,
    )  # fmt: skip
    mark = mark_of(line.standing, count)
    if mark:
        middle = (x1 / 4 + cx / 2 + x2 / 4, y1 / 4 + cy / 2 + y2 / 4)
        drawn += Markup(
            '<text class="count" x="{:.1f}" y="{:.1f}" text-anchor="middle" font-size="12" '
            'font-weight="600" fill="{}" stroke="#fff" stroke-width="4" '
            'paint-order="stroke">{}</text>'
        ).format(*middle, kind.colour, mark)
    names = look.things[line.source].label, look.things[line.target].label
    title = f"{names[0]} → {names[1]}: {kind.label}, {STANDINGS[line.standing]}; {told(count)}"
    inside = Markup("<title>{}</title>{}").format(title, drawn)
    return _linked(inside, links.line(line), "line")


def _box(thing: str, box: Box, look: Look, links: Links) -> Markup:
    lines = wrapped(look.things[thing].label)
    first = box.y - (len(lines) - 1) * 9 + 5
    words = Markup("").join(
        Markup('<tspan x="{:.1f}" y="{:.1f}">{}</tspan>').format(box.x, first + 18 * at, line)
        for at, line in enumerate(lines)
    )
    inside = Markup(
        "<title>{}</title>"
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="5" fill="#fff" '
        'stroke="#98a2b3"/><text text-anchor="middle" fill="#101828">{}</text>'
    ).format(
        look.things[thing].label,
        box.x - box.half_width,
        box.y - box.half_height,
        box.half_width * 2,
        box.half_height * 2,
        words,
    )
    return _linked(inside, links.thing(thing), "thing")


def _linked(inside: Markup, address: str, name: str) -> Markup:
    if not address:
        return Markup('<g class="{}">{}</g>').format(name, inside)
    return Markup('<a class="{}" href="{}">{}</a>').format(name, escape(address), inside)


OPACITY = {"affirmed": "0.9", "open": "0.5", "denied": "0.9"}
"""How faint a line is: what is only asked, wanted or expected is half there."""


def width_of(claims: int) -> float:
    """How thick a line is, in pixels: its claims, up to eight."""
    return 1.6 + 1.3 * (min(claims, 8) - 1)


def mark_of(standing: str, claims: int) -> str:
    """What stands on a line: how many claims, and whether it is denied or open.

    >>> mark_of("denied", 1), mark_of("open", 2), mark_of("affirmed", 1)
    ('not', '? 2', '')
    """
    sign = {"denied": "not", "open": "?"}.get(standing, "")
    return " ".join(filter(None, (sign, str(claims) if claims > 1 else "")))


def told(claims: int) -> str:
    """A number of claims in words."""
    return "1 claim" if claims == 1 else f"{claims} claims"
