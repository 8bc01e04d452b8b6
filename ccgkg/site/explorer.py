"""The map as a page: the network, its lenses and its evidence, ready to be explored.

Everything stands in one file, cards of evidence included, so that it opens from anywhere. In a
site of many claims the cards lie beside it, in scripts that are fetched when a card is opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from ccgkg.dataset.store import Store
from ccgkg.network.arranging import Band, Place, Plan, anneal, arrange, bands_for
from ccgkg.network.drawing import Line, Look, busiest, lines_of
from ccgkg.network.page import EvidenceNetwork
from ccgkg.network.picture import Links, svg
from ccgkg.network.statements import STANDINGS, Statements, read_statements
from ccgkg.network.ties import Drawn, network_of, of_answer, of_claims
from ccgkg.queries.running import bound, load
from ccgkg.site.claims import ClaimView
from ccgkg.site.evidence import Evidence
from ccgkg.site.packing import packed
from ccgkg.site.rendering import Edition, environment, sealed

__all__ = ["Atlas", "DrawnLens", "json_for_script", "lens_picture", "map_page"]

_UNNAMED = "actor/unstated"
_APP = ("1-model.js", "2-state.js", "3-canvas.js", "4-panel.js", "5-picture.js", "6-start.js")
_SAYS = (
    "Who is said to do what to whom: each line is one or more claims, and opens with the words "
    "in which they are printed and the people who said them."
)


@dataclass(frozen=True)
class DrawnLens:
    """One reading of the network.

    Attributes:
        name, title, says: as its query's header has them.
        matters: whether topics and works are drawn beside actors.
        drawn: its ties and claims.
        own: whether its ties are not those of the claims themselves.
    """

    name: str
    title: str
    says: str
    matters: bool
    drawn: Drawn
    own: bool


class Atlas:
    """The network of a dataset, with its lenses, and where everything stands.

    Attributes:
        store: the dataset.
        statements: its claims.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.statements: Statements = read_statements(store)
        self._views: Mapping[str, Any] = store.views()

    @cached_property
    def whole(self) -> Drawn:
        """The ties of all claims."""
        return of_claims(self.statements, self.statements.claims)

    @cached_property
    def lenses(self) -> list[DrawnLens]:
        """The lenses that the queries' headers declare, in their order."""
        headed = [query for query in self.store.manifest.queries if query.get("lens")]
        return [self._lens(query) for query in sorted(headed, key=lambda q: q["lens"]["place"])]

    def _lens(self, query: Mapping[str, Any]) -> DrawnLens:
        text = bound(self.store, load(self.store, query["name"]), {})
        drawn = of_answer(self.statements, self.store.ask(text), self.store)
        own = drawn.ties != of_claims(self.statements, drawn.claims).ties
        lens = query["lens"]
        return DrawnLens(query["name"], lens["title"], lens["says"], lens["matters"], drawn, own)

    @cached_property
    def bands(self) -> list[Band]:
        """The bands as the corpus's map has them."""
        given = self._views["map"]["bands"]
        return [Band(band["label"], tuple(band["tiers"])) for band in given]

    @cached_property
    def kept(self) -> dict[str, Place]:
        """The places of the corpus's map, by id of the thing."""
        places = self._views["map"]["places"]
        return {f"actor/{key}": (place[0], place[1]) for key, place in places.items()}

    @cached_property
    def networks(self) -> list[Drawn]:
        """Everything that any page draws."""
        return [self.whole, *(lens.drawn for lens in self.lenses)]

    @cached_property
    def all_look(self) -> Look:
        """What the things and kinds of all of it are called."""
        return self.look(self.networks)

    @property
    def story(self) -> Sequence[Mapping[str, Any]]:
        """The saved views of the corpus, in the order told."""
        scenes: Sequence[Mapping[str, Any]] = self._views["story"]
        return scenes

    @cached_property
    def all_plan(self) -> Plan:
        """Where the actors of all of it stand."""
        return self.plan(self.networks, self.all_look)

    def plan(self, drawn: Iterable[Drawn], look: Look) -> Plan:
        """Where the actors stand."""
        actors = {key: thing for key, thing in look.things.items() if is_actor(thing.type)}
        ties = [
            tie
            for one in drawn
            for tie in one.ties
            if tie.source in actors and tie.target in actors
        ]
        return arrange(network_of(dict.fromkeys(ties)), actors, self.bands, self.kept)

    def arranged(self) -> tuple[list[dict[str, Any]], Mapping[str, Place]]:
        """Bands and places for `map.yaml`: every placed actor where it is, the others placed.

        Where no actor has a place yet, all of them change places until the ties are short.
        """
        look = self.all_look
        actors = {key: thing for key, thing in look.things.items() if thing.type == "actor"}
        plan = self.plan(self.networks, Look(actors, look.kinds))
        network = network_of(
            tie for tie in self.whole.ties if tie.source in actors and tie.target in actors
        )
        filled = bands_for(actors.values(), self.bands)
        if not self.kept:
            tied = [
                [member.id for member in members if member.id in network] for _, members in filled
            ]
            plan = anneal(network, plan, tied)
        bands = [{"label": b.label, "tiers": list(b.tiers)} for b in self.bands]
        return bands or [
            {"label": band.label, "tiers": list(band.tiers)}
            for band, _ in filled
            if band.tiers != ("",)
        ], {**self.kept, **plan.places}

    def look(self, drawn: Iterable[Drawn]) -> Look:
        """What the things and kinds of some networks are called."""
        things, kinds = dict(self.statements.things), dict(self.statements.kinds)
        for one in drawn:
            things |= one.things
            kinds |= one.kinds
        return Look(things, kinds)

    def with_matters(self, drawn: Drawn, look: Look, plan: Plan) -> Plan:
        """A plan in which the topics and works of a network have places too, below the actors."""
        ends = {end for tie in drawn.ties for end in (tie.source, tie.target)}
        shown = {key: look.things[key] for key in ends | set(plan.places)}
        return arrange(network_of(drawn.ties), shown, self.bands, plan.places)


def is_actor(kind: str) -> bool:
    """Whether a thing of this type has a place of its own on the map."""
    return kind in ("actor", "")


def json_for_script(value: Any) -> Markup:
    r"""JSON that may stand inside a `<script>` element.

    >>> json_for_script({"quote": "</script>"})
    Markup('{"quote":"\\u003c/script\\u003e"}')
    """
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
    # Line ends of JavaScript, though not of JSON.
    escapes |= {"\u2028": "\\u2028", "\u2029": "\\u2029"}
    for sign, escape in escapes.items():
        told = told.replace(sign, escape)
    return Markup(told)  # noqa: S704  (nothing in it ends the element)


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


def lens_picture(atlas: Atlas, name: str, root: str) -> dict[str, Any]:
    """The static picture of a lens, with what its lines mean, as a template takes them.

    Args:
        atlas: the network.
        name: of the lens.
        root: the way from the page to the site's root.
    """
    lens = next(lens for lens in atlas.lenses if lens.name == name)
    look, plan = atlas.all_look, atlas.all_plan
    if lens.matters:
        plan = atlas.with_matters(lens.drawn, look, plan)
    ties = [tie for tie in lens.drawn.ties if {tie.source, tie.target} <= set(plan.places)]
    drawn = svg(busiest(network_of(ties)), look, plan, lens.title, links(atlas, root))
    return {
        "picture": drawn if ties else "",
        "kinds": [look.kinds[kind] for kind in sorted({tie.kind for tie in ties})],
        "standings": STANDINGS,
    }


def links(atlas: Atlas, root: str | None) -> Links:
    """Where boxes and lines of a picture lead: to the pages of things and of claims."""
    if root is None:
        return Links(lambda _: "", lambda _: "")

    def line(drawn: Line) -> str:
        return f"{root}claim/{drawn.claims[0]}.html" if drawn.claims[0] else ""

    def thing(key: str) -> str:
        page = page_of(atlas, key)
        return f"{root}{page}" if page else ""

    return Links(thing, line)


def page_of(atlas: Atlas, key: str) -> str:
    """The page of a thing, from the site's root; empty where it has none."""
    thing = atlas.statements.things.get(key)
    has_page = thing is not None and thing.type in ("actor", "topic", "work", "claim")
    return f"{key}.html" if has_page else ""


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
        wide = atlas.with_matters(base, look, plan)
        network.take(network_of(base.ties), look, wide)
        for lens in lenses:
            if lens.own:
                network.take(network_of(lens.drawn.ties), look, plan, lens.name)
        for thing in look.things:
            network.add_thing(thing, look, plan)
        actors = [tie for tie in base.ties if {tie.source, tie.target} <= set(plan.places)]
        matters = self.only is not None and self.only.matters
        shown = network_of(base.ties if matters else actors)
        title = self.only.title if self.only else f"Map: {atlas.store.manifest.corpus['title']}"
        model = self._model(network, lenses, look, plan, wide)
        page = network.generate_html(
            title=title,
            heading=self.only.title if self.only else "Who does what to whom",
            says=self.only.says if self.only else _SAYS,
            counted=_counted(base, lines_of(busiest(shown)), shown.number_of_edges()),
            edition=Edition.of(atlas.store),
            root=self.root,
            here="map.html",
            lenses=lenses,
            story=[] if self.only else atlas.story,
            kinds=[look.kinds[kind] for kind in sorted({tie.kind for tie in base.ties})],
            standings=STANDINGS,
            picture=svg(busiest(shown), look, wide, title, links(atlas, self.root)),
            model=json_for_script(model if self.shards is None else packed(model)),
            app=app_script(),
            cards=self._cards(networks),
        )
        return sealed(page, beside=self.shards is not None)

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
        networks = [lens.drawn for lens in lenses] or ([self.only.drawn] if self.only else [])
        shown = {c for drawn in (networks if self.only else [atlas.whole]) for c in drawn.claims}
        claims = [claim for key, claim in atlas.statements.claims.items() if key in shown]
        return {
            "base": manifest.corpus["base"],
            "credit": f"{manifest.corpus['name']} {manifest.corpus['version']}, "
            f"dataset sha256:{manifest.digest[:12]}, {manifest.corpus['base']}",
            "says": self.only.says if self.only else _SAYS,
            "standings": STANDINGS,
            "most": {"things": 150, "edges": 400},
            "sources": {key: source.label for key, source in self.evidence.sources.items()},
            "tiers": {t.tier: t.tier_label for t in look.things.values() if t.tier},
            "bands": plan.bands,
            "matterBands": [band for band in wide.bands if band not in plan.bands],
            "matterPlaces": _only_matters(wide, plan),
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
        if thing == _UNNAMED:
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
            "matters": lens.matters,
            "own": lens.own,
            "claims": lens.drawn.claims,
        }
        if lens.matters:
            wide = self.atlas.with_matters(lens.drawn, look, plan)
            told["places"] = _only_matters(wide, plan)
            told["bands"] = [band for band in wide.bands if band not in plan.bands]
        return told

    def _claim(self, claim: Any) -> dict[str, Any]:
        told = {
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


def _only_matters(wide: Plan, plan: Plan) -> dict[str, Place]:
    return {key: place for key, place in wide.places.items() if key not in plan.places}


def _edge(edge: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in edge.items() if key != "arrows"}


def app_script() -> Markup:
    """Our own scripts, as one."""
    folder = files("ccgkg.site") / "static" / "map"
    told = "\n".join((folder / name).read_text(encoding="utf-8") for name in _APP)
    return Markup(f"(() => {{\n{told}}})();")  # noqa: S704  (our own files)
