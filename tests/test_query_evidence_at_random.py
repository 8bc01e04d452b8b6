"""The evidence of queries that nobody wrote: walks through the dataset, made into patterns."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import islice

import pyoxigraph as ox
import pytest
from ground import Ground, written

import ccgkg
from ccgkg.queries.evidence import evidence

SEEDS = range(40)
PER_SEED = 5
MOST_ROWS = 100
PATHS = ("{p}", "{p}", "{p}", "{p}+", "({p}|rdf:type)", "{p}/{p}", "!({p})", "^(^{p})")
WRAPS = (
    "{one} OPTIONAL {{ {other} }}",
    "{one} {{ {other} }} UNION {{ {other} {one} }}",
    "{one} FILTER EXISTS {{ {other} }}",
    "{one} {{ SELECT * {{ {other} }} }}",
    "{one} {{ SELECT DISTINCT * {{ {other} }} }}",
    "{one} {{ {other} }}",
    "{one} {other}",
)


class Walker:
    """Makes patterns of quads that hang together."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.chance = random.Random(seed)
        self.bare = [q for q in ground.whole if isinstance(q.graph_name, ox.NamedNode)]
        self.described = [q for q in ground.whole if not isinstance(q.graph_name, ox.NamedNode)]
        self.near = defaultdict(list)
        for quad in self.described:
            self.near[quad.subject].append(quad)
            if isinstance(quad.object, ox.NamedNode):
                self.near[quad.object].append(quad)

    def query(self) -> str:
        first = self.chance.choice(self.bare if self.chance.random() < 0.5 else self.described)
        quads = [first]
        while len(quads) < 3:
            last = quads[-1]
            ends = [end for end in (last.subject, last.object) if 0 < len(self.near[end]) < 60]
            quads.append(self.chance.choice(self.near[self.chance.choice(ends)]) if ends else first)
        names: dict[object, str] = {}
        told = [self.triple(quad, names) for quad in quads]
        for _ in range(2):
            wrap = self.chance.choice(WRAPS)
            told = [wrap.format(one=told[0], other=told[1]), *told[2:]]
        variables = sorted({name for name in names.values() if name.startswith("?")})
        if not variables:
            return self.query()
        form = self.chance.choice(("SELECT *", "SELECT {some}", "SELECT DISTINCT {some}"))
        some = " ".join(self.chance.sample(variables, self.chance.randint(1, len(variables))))
        return f"{form.format(some=some)} {{ {told[0]} }}"

    def triple(self, quad: ox.Quad, names: dict[object, str]) -> str:
        path = self.chance.choice(PATHS).format(p=quad.predicate)
        return f"{self.term(quad.subject, names)} {path} {self.term(quad.object, names)} ."

    def term(self, term, names: dict[object, str]) -> str:
        fixed = self.chance.random() < 0.3
        return names.setdefault(term, str(term) if fixed else f"?v{len(names)}")


@pytest.fixture(scope="module")
def store():
    return ccgkg.open().store


@pytest.fixture(scope="module")
def ground(store) -> Ground:
    return Ground(store)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_needs_its_claims_and_no_others(seed: int, store, ground):
    """Except for what is left open: with fewer claims those rows are others."""
    walker, tried = Walker(ground, seed), 0
    while tried < PER_SEED:
        text = walker.query()
        rows = list(islice(store.ask(text).rows(), MOST_ROWS + 1))
        if not 0 < len(rows) <= MOST_ROWS:
            continue
        tried += 1
        found = evidence(store, text)
        assert list(found.rows) == rows, text
        assert not found.untraced, text
        if "OPTIONAL" in text:
            continue
        alike = defaultdict(list)
        for row, claims in zip(rows, found.claims, strict=True):
            alike[row].append(claims)
        for row, told in alike.items():
            for claims in dict.fromkeys(told):
                assert written(row) in ground.with_only(claims, text), text
            # A row that also comes about without any claim stays, whatever is gone.
            if all(told) and "DISTINCT" not in text:
                assert written(row) not in ground.without({c for some in told for c in some}, text)
