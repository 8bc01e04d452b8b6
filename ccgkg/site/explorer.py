"""The map as a page: the network, its lenses and its evidence, ready to be explored.

Everything stands in one file, cards of evidence included, so that it opens from anywhere. In a
site of many claims the cards lie beside it, in scripts that are fetched when a card is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from ccgkg.corpus.vocabulary import UNSTATED
from ccgkg.network.arranging import Place, Plan
from ccgkg.network.drawing import MOST_EDGES, MOST_THINGS, Line, Look, busiest, lines_of
from ccgkg.network.page import EvidenceNetwork
from ccgkg.network.picture import svg
from ccgkg.network.statements import STANDINGS, Statement
from ccgkg.network.ties import Drawn, network_of
from ccgkg.site.atlas import Atlas, DrawnLens
from ccgkg.site.claims import ClaimView
from ccgkg.site.evidence import Evidence
from ccgkg.site.packing import packed
from ccgkg.site.pictures import links, page_of
from ccgkg.site.rendering import environment, json_for_script, sealed

__all__ = ["map_page"]

_APP = ("1-model.js", "2-state.js", "3-canvas.js", "4-panel.js", "5-picture.js", "6-start.js")
_SAYS = (
    "Who is said to do what to whom: each line is one or more claims, and opens with the words "
    "in which they are printed and the people who said them."
)


def map_page(
    atlas: Atlas,
    evidence: Evidence,
    root: str | None,
    *,
    only: DrawnLens | None = None,
    shards: Mapping[str, int] | None = None,
) -> str:
    """The page of the map.

    Args:
        atlas: the network.
        evidence: the claims with all that a card shows.
        root: the way to the site's root; None for a page that stands alone.
        only: the one network that is shown, where a user asked for one; else all lenses.
        shards: short id to the number of the script that holds its card; None where the cards
            stand in the page.
    """
    return _Page(atlas, evidence, root, only, shards).render()


@dataclass(frozen=True)
class _Page:
    atlas: Atlas
    evidence: Evidence
    root: str | None
    only: DrawnLens | None
    shards: Mapping[str, int] | None

    def render(self) -> str:
        atlas = self.atlas
        base = self.only.drawn if self.only else atlas.whole
        lenses = [] if self.only else atlas.lenses
        networks = [base] if self.only else atlas.networks
        look = atlas.look(networks)
        plan = atlas.plan(networks, look) if self.only else atlas.all_plan
        network = EvidenceNetwork(environment().get_template("map.html"))
        wide = atlas.with_topics(base, look, plan)
        network.take(network_of(base.ties), look, wide)
        for lens in lenses:
            if lens.own:
                network.take(network_of(lens.drawn.ties), look, plan, lens.name)
        for thing in look.things:
            network.add_thing(thing, look, plan)
        actors = [tie for tie in base.ties if {tie.source, tie.target} <= set(plan.places)]
        topics = self.only is not None and self.only.topics
        shown = network_of(base.ties if topics else actors)
        drawn = busiest(shown)
        title = self.only.title if self.only else f"Map: {atlas.store.manifest.corpus['title']}"
        model = self._model(network, lenses, look, plan, wide)
        page = network.generate_html(
            title=title,
            heading=self.only.title if self.only else "Who does what to whom",
            says=self.only.says if self.only else _SAYS,
            whole=self._whole,
            counted=_counted(base, lines_of(drawn), shown.number_of_edges()),
            edition=atlas.edition,
            root=self.root,
            here="map.html",
            lenses=lenses,
            story=[] if self.only else atlas.story,
            kinds=[look.kinds[kind] for kind in sorted({tie.kind for tie in base.ties})],
            standings=STANDINGS,
            picture=svg(drawn, look, wide, title, links(atlas, self.root)),
            model=json_for_script(model if self.shards is None else packed(model)),
            app=app_script(),
            cards=self._cards(networks),
        )
        return sealed(page, beside=self.shards is not None)

    @property
    def _whole(self) -> str:
        """What all of the drawn network is called."""
        return self.only.title if self.only else "The whole map"

    def _cards(self, networks: Iterable[Drawn]) -> list[ClaimView]:
        if self.shards is not None:
            return []
        wanted = {claim for drawn in networks for claim in drawn.claims}
        return [claim for claim in self.evidence.standing if claim.card.short in wanted]

    def _model(
        self,
        network: EvidenceNetwork,
        lenses: Sequence[DrawnLens],
        look: Look,
        plan: Plan,
        wide: Plan,
    ) -> dict[str, Any]:
        atlas, manifest = self.atlas, self.atlas.store.manifest
        shown = set(self.only.drawn.claims) if self.only else set(atlas.statements.claims)
        claims = [claim for key, claim in atlas.statements.claims.items() if key in shown]
        return {
            "base": manifest.corpus["base"],
            "credit": f"{manifest.corpus['name']} {manifest.corpus['version']}, "
            f"dataset sha256:{manifest.digest[:12]}, {manifest.corpus['base']}",
            "says": self.only.says if self.only else _SAYS,
            "title": self._whole,
            "standings": STANDINGS,
            "most": {"things": MOST_THINGS, "edges": MOST_EDGES},
            "sources": {key: source.label for key, source in self.evidence.sources.items()},
            "tiers": {t.tier: t.tier_label for t in look.things.values() if t.tier},
            "bands": plan.bands,
            "topicBands": [band for band in wide.bands if band not in plan.bands],
            "topicPlaces": _only_topics(wide, plan),
            "nodes": [self._node(node) for node in network.nodes],
            "edges": [_edge(edge) for edge in network.edges],
            "kinds": [
                {"id": k.id, "label": k.label, "colour": k.colour, "dash": k.dash, "lever": k.lever}
                for k in look.kinds.values()
            ],
            "lenses": [self._lens(lens, look, plan) for lens in lenses],
            "claims": [self._claim(claim) for claim in claims],
            "story": [] if self.only else list(atlas.story),
        }

    def _node(self, node: Mapping[str, Any]) -> dict[str, Any]:
        kept = ("id", "label", "name", "aliases", "type", "tier")
        told: dict[str, Any] = {key: node[key] for key in kept}
        thing = node["id"]
        told["x"], told["y"] = node.get("x"), node.get("y")
        told["mentions"] = self._mentions.get(thing, 0)
        if thing == f"actor/{UNSTATED}":
            told["unnamed"] = True
        if self.root is not None and (page := page_of(self.atlas, thing)):
            told["href"] = self.root + page
        return told

    @cached_property
    def _mentions(self) -> Mapping[str, int]:
        counted: dict[str, int] = {}
        for claim in self.atlas.statements.claims.values():
            for end in {*claim.subjects, *claim.objects, *claim.voices}:
                counted[end] = counted.get(end, 0) + 1
        return counted

    def _lens(self, lens: DrawnLens, look: Look, plan: Plan) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": lens.name,
            "title": lens.title,
            "says": lens.says,
            "topics": lens.topics,
            "own": lens.own,
            "claims": lens.drawn.claims,
        }
        if lens.topics:
            wide = self.atlas.with_topics(lens.drawn, look, plan)
            told["places"] = _only_topics(wide, plan)
            told["bands"] = [band for band in wide.bands if band not in plan.bands]
        return told

    def _claim(self, claim: Statement) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": claim.id,
            "label": claim.label,
            "subjects": claim.subjects,
            "objects": claim.objects,
            "relation": claim.relation,
            "levers": claim.levers,
            "modality": claim.modality,
            "source": claim.source,
            "voices": claim.voices,
            "years": claim.years,
        }
        if self.shards is None:
            told["quote"] = claim.quote
        else:
            told["shard"] = self.shards[claim.id]
        return told


def _counted(base: Drawn, lines: Sequence[Line], of: int) -> str:
    tied = {claim for line in lines for claim in line.claims if claim}
    told = f"{len(lines)} of {of} lines, the busiest" if len(lines) < of else f"{of} lines"
    return f"{told}, from {len(tied)} of {len(base.claims)} claims."


def _only_topics(wide: Plan, plan: Plan) -> dict[str, Place]:
    return {key: place for key, place in wide.places.items() if key not in plan.places}


def _edge(edge: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in edge.items() if key != "arrows"}


def app_script() -> Markup:
    """Our own scripts, as one."""
    folder = files("ccgkg.site") / "static" / "map"
    told = "\n".join((folder / name).read_text(encoding="utf-8") for name in _APP)
    return Markup(f"(() => {{\n{told}}})();")  # noqa: S704  (our own files)
