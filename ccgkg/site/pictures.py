"""Pictures: a lens as it stands in a page, and where boxes and lines lead."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ccgkg.network.drawing import Line, busiest
from ccgkg.network.picture import Links, svg
from ccgkg.network.statements import STANDINGS
from ccgkg.network.ties import network_of
from ccgkg.site import things
from ccgkg.site.atlas import Atlas

__all__ = ["lens_picture", "links", "page_of"]


def lens_picture(atlas: Atlas, name: str, root: str) -> dict[str, Any]:
    """The static picture of a lens, with what its lines mean, as a template takes them.

    Args:
        atlas: the network.
        name: of the lens.
        root: the way from the page to the site's root.
    """
    lens = next(lens for lens in atlas.lenses if lens.name == name)
    look, plan = atlas.all_look, atlas.all_plan
    if lens.topics:
        plan = atlas.with_topics(lens.drawn, look, plan)
    ties = [tie for tie in lens.drawn.ties if {tie.source, tie.target} <= set(plan.places)]
    drawn = svg(busiest(network_of(ties)), look, plan, lens.title, links(atlas, root, name))
    return {
        "picture": drawn if ties else "",
        "kinds": [look.kinds[kind] for kind in sorted({tie.kind for tie in ties})],
        "standings": STANDINGS,
    }


def links(atlas: Atlas, root: str | None, lens: str = "") -> Links:
    """Where a picture leads: boxes to the pages of things, a line to the page of its claim.

    A line of several claims leads to the map, where they stand together; in the twin of the map
    itself (no `lens`), which is for those without scripts, to the page of whom it starts from.
    """
    if root is None:
        return Links(lambda _: "", lambda _: "")

    def line(drawn: Line) -> str:
        if len(drawn.claims) > 1 and lens:
            key = ">".join([drawn.source, drawn.target, drawn.kind, drawn.standing])
            return f"{root}map.html#lens={lens}&edge={quote(key, safe='/>')}"
        if len(drawn.claims) > 1:
            return thing(drawn.source)
        return f"{root}claim/{drawn.claims[0]}.html" if drawn.claims[0] else ""

    def thing(key: str) -> str:
        page = page_of(atlas, key)
        return f"{root}{page}" if page else ""

    return Links(thing, line)


def page_of(atlas: Atlas, key: str) -> str:
    """The page of a thing that claims name, from the site's root; empty where it has none."""
    kind, _, rest = key.partition("/")
    return things.page_of(kind, rest) if key in atlas.statements.things else ""
