"""Claims as the network needs them."""

from __future__ import annotations

import re

import pytest
from smallcorpora import SCHOOLS, write

from ccgkg.dataset.opening import open_store
from ccgkg.network.statements import STANDINGS, Statements, read_statements


def test_every_claim_that_is_still_made_is_there(shipped, statements: Statements):
    (counted,) = next(
        iter(
            shipped.rows(
                "SELECT (COUNT(?c) AS ?n) { ?c a ccg:Claim "
                "FILTER NOT EXISTS { ?c ccg:withdrawnBecause ?w } }"
            )
        )
    )
    assert counted is not None and int(counted.text) == len(statements.claims)


@pytest.mark.parametrize(
    ("claim", "expected"),
    {
        "holder-2014/stick-contracts": {
            "subjects": ("actor/area-teams",),
            "kinds": ("nhs/lever/stick",),
            "standing": "affirmed",
            "source": "holder-2014",
        },
        "holder-2014/fully-to-ccgs-asked": {"standing": "open"},
    }.items(),
)
def test_a_claim_has_its_ends_its_kind_and_its_standing(
    statements: Statements, claim: str, expected: dict
):
    found = statements.claims[claim]
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.quote and found.label and found.relation and found.voices


def test_whatever_a_claim_names_is_described(statements: Statements):
    assert {claim.standing for claim in statements.claims.values()} == set(STANDINGS)
    for claim in statements.claims.values():
        assert {*claim.subjects, *claim.objects, *claim.voices} <= set(statements.things)
        assert set(claim.kinds) <= set(statements.kinds)
        assert claim.kinds
    for thing in statements.things.values():
        assert thing.label and "://" not in thing.label
        assert bool(thing.tier) == bool(thing.tier_label)
    for kind in statements.kinds.values():
        assert re.fullmatch("#[0-9a-f]{6}", kind.colour) and kind.label
    levers = [kind for kind in statements.kinds.values() if kind.lever]
    assert {kind.label for kind in levers} == {"carrot", "stick", "sermon"}
    looks = [(kind.colour, kind.dash) for kind in statements.kinds.values()]
    assert len(set(looks)) == len(looks), "no two kinds look the same"


def test_a_claim_withdrawn_is_not_drawn(hostile):
    found = read_statements(open_store(hostile.root, None))
    assert "constructor/visited" in found.claims
    assert "constructor/withdrawn" not in found.claims


@pytest.mark.parametrize(
    ("colour", "taken"),
    [
        ("#c2410c", "#c2410c"),
        ("red", "#6b7c93"),
        ('#fff\\"/><script>', "#6b7c93"),
        ("#c2410c\\n", "#6b7c93"),
    ],
)
def test_what_is_no_colour_is_none_and_a_dash_is_numbers(tmp_path, colour: str, taken: str):
    ontology = SCHOOLS["ontology/schools.ttl"]
    drawn = f'a ccg:Relation ; ccg:colour "{colour}" ; ccg:dash "6 x -4 4" ;'
    changed = ontology.replace("sch:inspects a ccg:Relation ;", f"sch:inspects {drawn}")
    assert changed != ontology
    write(tmp_path, SCHOOLS | {"ontology/schools.ttl": changed})
    kind = read_statements(open_store(tmp_path, None)).kinds["ns/inspects"]
    assert (kind.colour, kind.dash, kind.lever) == (taken, (6, 4), False)
