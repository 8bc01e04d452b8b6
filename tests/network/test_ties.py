"""What of a query's answer is a network, and what the message says where it is none."""

from __future__ import annotations

import pytest

from ccgkg.dataset.store import Store
from ccgkg.errors import QueryError
from ccgkg.network.statements import Statements
from ccgkg.network.ties import Drawn, Tie, network_of, of_answer, of_claims

STICK = "holder-2014/stick-contracts"
SELECTED = f"VALUES ?claim {{ <BASEclaim/{STICK}> }}"
TEAMS, GPS = "<BASEactor/area-teams>", "<BASEactor/gps>"


@pytest.fixture
def drawn(shipped: Store, statements: Statements, base: str):
    def draw(query: str) -> Drawn:
        return of_answer(statements, shipped.ask(query.replace("BASE", base)), shipped)

    return draw


def test_a_claim_ties_each_subject_to_each_object(statements: Statements):
    whole = of_claims(statements, statements.claims)
    claim = next(c for c in statements.claims.values() if len(c.subjects) * len(c.objects) > 1)
    ends = {(tie.source, tie.target) for tie in whole.ties if tie.claim == claim.id}
    assert ends == {(one, other) for one in claim.subjects for other in claim.objects}
    assert whole.claims == tuple(statements.claims)
    assert of_claims(statements, [STICK, "no/such", STICK]).claims == (STICK,)


def test_a_column_of_claims_is_a_network_of_their_own_ties(drawn, statements: Statements):
    found = drawn(f"SELECT ?claim ?x {{ {SELECTED} VALUES ?x {{ 1 2 }} }}")
    assert found == of_claims(statements, [STICK])
    assert found.ties[0].kind == "nhs/lever/stick"


def test_pairs_of_things_are_drawn_as_the_word_beside_them(drawn):
    pairs = f'{SELECTED} VALUES (?from ?to ?as) {{ ({TEAMS} {GPS} "leans on") }}'
    found = drawn(f"SELECT ?claim ?from ?to ?as {{ {pairs} }}")
    assert found.ties == (Tie("actor/area-teams", "actor/gps", "as/leans on", "affirmed", STICK),)
    assert found.kinds["as/leans on"].label == "leans on"
    assert found.claims == (STICK,)


def test_pairs_need_neither_claim_nor_word_nor_a_corpus(drawn):
    found = drawn(
        "SELECT ?from ?to { VALUES (?from ?to) { "
        "(<http://else.example/a#b> <http://else.example/c/>) (<BASEactor/gps> UNDEF) } }"
    )
    assert [(tie.source, tie.target, tie.claim) for tie in found.ties] == [
        ("http://else.example/a#b", "http://else.example/c/", "")
    ]
    assert {key: thing.label for key, thing in found.things.items()} == {
        "http://else.example/a#b": "b",
        "http://else.example/c/": "c",
    }
    assert [kind.label for kind in found.kinds.values()] == ["joined by the query"]


def test_pairs_that_are_only_words_leave_the_claims_to_be_drawn(drawn, statements: Statements):
    found = drawn(f'SELECT ?claim ?from ?to {{ {SELECTED} BIND("a" AS ?from) BIND("b" AS ?to) }}')
    assert found == of_claims(statements, [STICK])


def test_constructed_triples_rest_on_the_claims_that_say_them(drawn, statements: Statements):
    claim = statements.claims[STICK]
    end = claim.objects[0]
    found = drawn(
        f"CONSTRUCT {{ {TEAMS} <BASE{claim.predicate}> <BASE{end}> . "
        f'{TEAMS} rdfs:seeAlso {GPS} . {TEAMS} rdfs:label "x" }} WHERE {{}}'
    )
    assert {(tie.kind, tie.claim) for tie in found.ties} >= {
        ("nhs/lever/stick", STICK),
        ("as/http://www.w3.org/2000/01/rdf-schema#seeAlso", ""),
    }
    assert [kind.label for kind in found.kinds.values()] == ["seeAlso"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?claim { FILTER(false) }",
        "SELECT ?x { FILTER(false) }",
        "CONSTRUCT { ?s ?p ?o } { FILTER(false) }",
    ],
)
def test_an_empty_answer_is_an_empty_network(drawn, query: str):
    assert drawn(query).ties == ()


NONE = {
    "ASK {}": "an ASK query is no network: it answers yes or no",
    "SELECT ?a ?b { BIND(1 AS ?a) BIND(2 AS ?b) }": (
        "no column holds claims, and there are no columns ?from and ?to that hold things; "
        "columns: ?a, ?b"
    ),
    'SELECT ?from ?to { BIND("a" AS ?from) BIND("b" AS ?to) }': "columns: ?from, ?to",
    "SELECT ?claim { BIND(<BASEclaim/no/such> AS ?claim) }": "no column holds claims",
    'CONSTRUCT { ?s rdfs:label "x" } { ?s a ccg:Claim }': "none of its triples joins two things",
    "CONSTRUCT { [] rdfs:seeAlso ?s } { ?s a ccg:Claim }": "a literal or a blank node at one end",
}


@pytest.mark.parametrize(("query", "told"), NONE.items())
def test_what_is_no_network_says_what_it_lacks(drawn, query: str, told: str):
    with pytest.raises(QueryError) as error:
        drawn(query)
    assert told in error.value.message


def test_a_network_has_one_edge_for_each_pair_kind_and_standing():
    ties = [
        Tie("a", "b", "k", "affirmed", "s/1"),
        Tie("a", "b", "k", "affirmed", "s/2"),
        Tie("a", "b", "k", "affirmed", "s/1"),
        Tie("a", "b", "k", "denied", "s/3"),
        Tie("b", "a", "k", "affirmed", "s/4"),
        Tie("a", "b", "l", "affirmed", "s/5"),
    ]
    edges = {
        (s, t, key): list(c) for s, t, key, c in network_of(ties).edges(keys=True, data="claims")
    }
    assert edges == {
        ("a", "b", "k|affirmed"): ["s/1", "s/2"],
        ("a", "b", "k|denied"): ["s/3"],
        ("b", "a", "k|affirmed"): ["s/4"],
        ("a", "b", "l|affirmed"): ["s/5"],
    }


def test_every_lens_has_lines_and_a_sentence(atlas):
    assert [lens.name for lens in atlas.lenses] == [
        "carrots-and-sticks",
        "contracts-and-money",
        "influence",
        "engagement",
        "succession",
        "disagreements",
        "attributions",
    ]
    actors = set(atlas.all_plan.places)
    for lens in atlas.lenses:
        assert lens.says.endswith(".") and lens.title
        shown = [tie for tie in lens.drawn.ties if {tie.source, tie.target} <= actors]
        assert shown or lens.topics, lens.name
        assert lens.drawn.ties and set(lens.drawn.claims) <= set(atlas.statements.claims)


def test_a_thing_that_no_claim_names_has_the_name_of_the_dataset(drawn):
    pairs = "(act:nhs-clinical-commissioners act:ccgs) (act:ccgs <https://example.org/x#y>)"
    things = drawn(f"SELECT ?from ?to {{ VALUES (?from ?to) {{ {pairs} }} }}").things
    assert set(things) == {"actor/nhs-clinical-commissioners", "https://example.org/x#y"}
    named = things["actor/nhs-clinical-commissioners"]
    assert (named.label, named.tier) == ("NHS Clinical Commissioners", "commissioner")
    assert things["https://example.org/x#y"].label == "y"
