"""Networks that tests make up, and that of the shipped corpus."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from ccgkg.dataset.opening import open_store
from ccgkg.dataset.store import Store
from ccgkg.network.statements import Statements, Thing, read_statements
from ccgkg.network.ties import Tie, network_of
from ccgkg.site.atlas import Atlas

TIERS = ("top", "middle", "low", "")


@pytest.fixture(scope="session")
def shipped() -> Store:
    """The dataset of the shipped corpus."""
    return open_store(None, None)


@pytest.fixture(scope="session")
def base(shipped: Store) -> str:
    return shipped.manifest.corpus["base"]


@pytest.fixture(scope="session")
def statements(shipped: Store) -> Statements:
    return read_statements(shipped)


@pytest.fixture(scope="session")
def atlas(shipped: Store) -> Atlas:
    return Atlas(shipped)


def things_of(number: int) -> dict[str, Thing]:
    """Things in all tiers, their labels of all lengths."""
    return {
        f"actor/a{at}": Thing(
            f"actor/a{at}", "word " * (at % 17) + "end", (), "actor", TIERS[at % 4], TIERS[at % 4]
        )
        for at in range(number)
    }


def random_network(number: int, seed: int = 1) -> tuple[nx.MultiDiGraph, dict[str, Thing]]:
    """A network with twice as many ties as things, few of them busy."""
    chance = random.Random(seed)
    things = things_of(number)
    keys = list(things)
    ties = [
        Tie(
            keys[int(number * chance.random() ** 3)],
            chance.choice(keys),
            chance.choice(("k/one", "k/two")),
            chance.choice(("affirmed", "denied", "open")),
            f"s/c{at}",
        )
        for at in range(2 * number)
    ]
    return network_of(ties), things
