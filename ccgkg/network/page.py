"""The map as a page: pyvis's network, written with our own template.

pyvis brings vis-network and the model of nodes and edges. Its own template is never used: it
loads style sheets from elsewhere, does not escape its heading, and lets a hostile tooltip run
(pyvis 0.3.2). Positions are given and physics is off, so the first frame is the picture.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import networkx as nx
from markupsafe import Markup
from pyvis.network import Network

from ccgkg.errors import NotBuildable
from ccgkg.network.arranging import Plan
from ccgkg.network.drawing import Look, lines_of, wrapped

if TYPE_CHECKING:
    import jinja2

__all__ = ["EvidenceNetwork", "vis_script"]


def vis_script() -> Markup:
    """vis-network as the installed pyvis brings it.

    Raises:
        NotBuildable: this pyvis brings none.
    """
    folder = files("pyvis") / "templates" / "lib"
    found = sorted(
        (entry.name for entry in folder.iterdir() if entry.name.startswith("vis-")),
        key=lambda name: [int(part) for part in name[4:].split(".") if part.isdigit()],
    )
    for name in reversed(found):
        script = folder / name / "vis-network.min.js"
        if script.is_file():
            # One kind of line end, or the hash in the page's policy would not fit.
            return Markup(script.read_text("utf-8").replace("\r\n", "\n"))  # noqa: S704  (as installed)
    raise NotBuildable(
        "the installed pyvis brings no vis-network",
        hint="Install the version that ccgkg needs: pip install 'pyvis==0.3.2'",
    )


class EvidenceNetwork(Network):  # type: ignore[misc]
    """A network whose lines lead to their claims.

    Its nodes hold a thing's name, aliases, type, tier and wrapped label; its edges hold kind,
    standing, claims and bend. How they look is the page's matter.
    """

    def __init__(self, template: jinja2.Template) -> None:
        # Undirected, pyvis would drop parallel edges, and claims with them.
        super().__init__(directed=True, cdn_resources="in_line")
        self.toggle_physics(False)
        self.template = template

    def take(self, network: nx.MultiDiGraph, look: Look, plan: Plan, own: str = "") -> None:
        """Add what a network holds.

        Args:
            network: the ties.
            look: what things are called.
            plan: where they stand.
            own: name of the lens that alone shows these lines; empty for all.
        """
        for thing in sorted(network):
            self.add_thing(thing, look, plan)
        for line in lines_of(network):
            self.add_edge(
                line.source,
                line.target,
                id=len(self.edges),
                kind=line.kind,
                standing=line.standing,
                claims=list(line.claims),
                bend=round(line.bend, 1),
                own=own,
            )

    def add_thing(self, thing: str, look: Look, plan: Plan) -> None:
        """Add a thing, also one that nothing is tied to, so that it can be searched for."""
        if thing in self.node_ids:
            return
        held = look.things[thing]
        x, y = plan.places.get(thing, (None, None))
        self.add_node(
            thing,
            label="\n".join(wrapped(held.label)),
            name=held.label,
            aliases=list(held.aliases),
            type=held.type,
            tier=held.tier,
            x=x,
            y=y,
        )

    def generate_html(
        self,
        name: str = "index.html",
        local: bool = True,
        notebook: bool = False,
        **context: Any,
    ) -> str:
        """The page, rendered with our template; nothing is written.

        Args:
            name: as pyvis has it; it changes nothing here.
            local: the same.
            notebook: the same.
            context: what else the template needs.
        """
        rendered: str = self.template.render(vis=vis_script(), **context)
        return rendered
