"""The atlas: the network of a dataset, its lenses, and where everything stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ccgkg.dataset.store import Store
from ccgkg.network.arranging import Band, Place, Plan, anneal, arrange, bands_for
from ccgkg.network.drawing import Look
from ccgkg.network.statements import Statements, read_statements
from ccgkg.network.ties import Drawn, network_of, of_answer, of_claims
from ccgkg.queries.running import bound, load
from ccgkg.site.rendering import Edition

__all__ = ["Atlas", "DrawnLens", "is_actor"]

_LEVER = 5
"""How much worse it is that a box lies on a line of a lever than on another."""


@dataclass(frozen=True)
class DrawnLens:
    """One reading of the network.

    Attributes:
        name, title, says: as its query's header has them.
        topics: whether topics and works are drawn beside actors.
        drawn: its ties and claims.
        own: whether its ties are not those of the claims themselves.
    """

    name: str
    title: str
    says: str
    topics: bool
    drawn: Drawn
    own: bool


class Atlas:
    """The network of a dataset, with its lenses, and where everything stands.

    Attributes:
        store: the dataset.
        edition: what its pages say of it.
        statements: its claims.
    """

    def __init__(self, store: Store, *, served: bool = False) -> None:
        self.store = store
        self.edition = Edition.of(store, served=served)
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
        return DrawnLens(query["name"], lens["title"], lens["says"], lens["topics"], drawn, own)

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
            # What moves whom is what one looks for first: least of all may it be hidden.
            for *_, held in network.edges(data=True):
                held["weight"] = _LEVER if look.kinds[held["kind"]].lever else 1
            plan = anneal(network, plan, tied)
        bands = self.bands or [band for band, _ in filled]
        told = [{"label": band.label, "tiers": list(band.tiers)} for band in bands]
        return told, {**self.kept, **plan.places}

    def look(self, drawn: Iterable[Drawn]) -> Look:
        """What the things and kinds of some networks are called."""
        things, kinds = dict(self.statements.things), dict(self.statements.kinds)
        for one in drawn:
            things |= one.things
            kinds |= one.kinds
        return Look(things, kinds)

    def with_topics(self, drawn: Drawn, look: Look, plan: Plan) -> Plan:
        """A plan in which the topics and works of a network have places too, below the actors."""
        ends = {end for tie in drawn.ties for end in (tie.source, tie.target)}
        shown = {key: look.things[key] for key in ends | set(plan.places)}
        return arrange(network_of(drawn.ties), shown, self.bands, plan.places)


def is_actor(kind: str) -> bool:
    """Whether a thing of this type has a place of its own on the map."""
    return kind in ("actor", "")
