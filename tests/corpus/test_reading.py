"""What a curator writes is read as it is meant, or named with file, line and what is nearest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ccgkg.corpus.claims import LINK_KINDS

TEXT = (
    "The Paper on money\n"
    "The board pays the clinics under contract. The clinics wait for it. The team found little.\n"
    "A reader's own words stand here.\n"
)
REGIONS = [
    {"id": "headline", "kind": "heading", "quote": "The Paper on money"},
    {"id": "letters", "kind": "comments", "quote": "A reader's own words stand here."},
]
PAYS = {"quote": "The board pays the clinics", "id": "pays"}
WAIT = {"quote": "The clinics wait for it", "id": "wait", "edge": ["clinics", "influences", "care"]}
SUPPOSED = {"id": "s", "edge": ["clinics", "begins"], "text": "The clinics begin."}


def read(tiny, *entries: Any, voices: Any = None):
    return tiny.text(TEXT, regions=REGIONS).claims(*entries, voices=voices).read()


def typed(tiny, content: str):
    """Read a claims file as typed, for its lines."""
    tiny.text(TEXT, regions=REGIONS)
    tiny.put(
        f"{tiny.key}/claims.yaml",
        f"source: {tiny.key}\nvoices: {{body: paper}}\nclaims:\n{content}",
    )
    return tiny.read()


# ---- one claim beside its quote, several under it

LEAST = """\
- quote: The board pays the clinics
  id: pays
  edge: [board, pays, clinics]
  modality: fact
  text: The board pays the clinics.
"""
UNDER = """\
- quote: The board pays the clinics
  says:
  - id: pays
    edge: [board, pays, clinics]
    modality: fact
    text: The board pays the clinics.
"""


def test_a_claim_beside_its_quote_is_the_same_claim_under_says(tiny) -> None:
    beside, under = typed(tiny, LEAST), typed(tiny, UNDER)
    assert beside.errors == under.errors == []
    (one,), (two,) = beside.claims.values(), under.claims.values()
    assert (one.line, two.line) == (4, 6)
    assert replace(one, line=0) == replace(two, line=0)


def test_what_stands_beside_the_quote_holds_for_every_claim_under_it(tiny) -> None:
    made = typed(
        tiny,
        """\
- quote: The board pays the clinics
  chain: [leaders]
  modality: finding
  hedge: largely
  time: year-2014
  about: care
  says:
  - {id: one, edge: [board, pays, clinics], text: One.}
  - id: two
    edge: [board, funds, clinics]
    text: Two.
    modality: opinion
    chain: [team]
    about: money
""",
    )
    assert made.errors == []
    one, two = made.claims["one"], made.claims["two"]
    assert [link.who for link in one.chain] == ["leaders", "paper"]
    assert [link.who for link in two.chain] == ["team", "paper"]
    assert (one.modality, two.modality) == ("finding", "opinion")
    assert (one.full.hedge, two.full.hedge) == ("largely", "largely")
    assert (one.full.time, one.full.about) == (two.full.time, ("care",))
    assert two.full.about == ("money",)
    assert one.passages == two.passages


def test_a_condition_beside_the_quote_holds_for_every_claim_under_it(tiny) -> None:
    claim = {"edge": ["board", "pays", "clinics"], "modality": "fact", "text": "A claim."}
    says = [{"id": "one", **claim}, {"id": "two", **claim}]
    made = read(tiny, {"quote": "The board pays the clinics", "if": SUPPOSED, "says": says})
    assert made.errors == []
    for claim_id in ("one", "two"):
        ((word, condition),) = made.claims[claim_id].conditions
        assert (word, condition.id) == ("if", "s")
    assert [c.id for c in made.corpus.readings[tiny.key].claims].count("s") == 1


@pytest.mark.parametrize("withdrawn", [{"one"}, {"two"}, {"one", "two"}])
def test_a_condition_stands_while_one_of_the_claims_that_share_it_does(tiny, withdrawn) -> None:
    claim = {"edge": ["board", "pays", "clinics"], "modality": "fact", "text": "A claim."}
    says = [{"id": claim_id, **claim} for claim_id in ("one", "two")]
    for made in says:
        if made["id"] in withdrawn:
            made["withdrawn"] = {"why": "misread"}
    read_as = read(tiny, {"quote": "The board pays the clinics", "if": SUPPOSED, "says": says})
    assert {c.id for c in read_as.claims.values() if c.withdrawn} == (
        {"one", "two", "s"} if len(withdrawn) == 2 else withdrawn
    )


def test_words_accepted_beside_the_quote_and_under_it_are_both_accepted(tiny) -> None:
    text = "It could not be that the board pays the clinics."
    entry = {
        "quote": "board pays the clinics",
        "accept": {"not": "of all"},
        "edge": ["board", "pays", "clinics"],
        "modality": "opinion",
        "text": "A claim.",
        "says": [{"id": "one", "accept": {"could": "of one"}}, {"id": "two", "hedge": "could"}],
    }
    assert tiny.text(text).claims(entry).read().errors == []


def test_a_condition_stands_on_the_same_ground_as_its_claim(tiny) -> None:
    made = read(tiny, {**PAYS, "chain": ["leaders"], "if": SUPPOSED, "unless": "it rains"})
    assert made.errors == []
    pays, supposed = made.claims["pays"], made.claims["s"]
    assert pays.conditions == (("if", supposed),)
    assert supposed.modality == "supposition"
    assert (supposed.chain, supposed.passages) == (pays.chain, pays.passages)


def test_claims_stand_in_the_order_of_the_file(tiny) -> None:
    made = read(tiny, WAIT, {**PAYS, "if": SUPPOSED})
    assert [c.id for c in made.corpus.readings[tiny.key].claims] == ["wait", "pays", "s"]


def test_a_passage_knows_its_region_its_verdict_and_its_insertions(tiny) -> None:
    entry = {
        **PAYS,
        "quote": "The board\u00a0pays [all] the clinics",
        "also": ["clinics under contract"],
    }
    first, further = read(tiny, entry).claims["pays"].passages
    assert (first.verdict, further.verdict) == ("folded", "exact")
    assert (first.region, first.insertions) == ("body", ("all",))
    assert first.typed == entry["quote"]


# ---- the chain

VOICES = {"body": ["paper"], "comments": ["readers", "paper"], "headline": ["editor", "paper"]}
HEADING = {"quote": "The Paper on money", "id": "h"}
LETTER = {"quote": "A reader's own words stand here", "id": "l"}
IN_HEADLINE = {"who": "editor", "in": "headline"}

# the entry, the chain that is typed, the chain that is meant
CHAINS = {
    "none": (PAYS, [], ["paper"]),
    "another": (PAYS, ["leaders"], ["leaders", "paper"]),
    "two others": (PAYS, ["leaders", "team"], ["leaders", "team", "paper"]),
    "the voice itself": (PAYS, ["paper"], ["paper"]),
    "another and the voice": (PAYS, ["leaders", "paper"], ["leaders", "paper"]),
    "the voice of another kind of region": (LETTER, [], ["readers", "paper"]),
    "the first of two voices": (LETTER, ["leaders", "readers"], ["leaders", "readers", "paper"]),
    "both voices": (LETTER, ["leaders", "readers", "paper"], ["leaders", "readers", "paper"]),
    "the voice of a region by its name": (HEADING, [IN_HEADLINE], ["editor", "paper"]),
    "who comes back": (PAYS, ["paper", "leaders"], ["paper", "leaders", "paper"]),
}


@pytest.mark.parametrize(("entry", "chain", "meant"), CHAINS.values(), ids=CHAINS)
def test_the_voice_of_the_region_ends_the_chain_once(tiny, entry, chain, meant) -> None:
    typed_chain = {"chain": chain} if chain else {}
    made = read(tiny, {**entry, **typed_chain}, voices=VOICES)
    assert made.errors == []
    assert [link.who for link in made.claims[entry["id"]].chain] == meant


def test_a_region_is_voiced_by_its_name_before_its_kind(tiny) -> None:
    voices = {"comments": ["paper"], "letters": ["readers"]}
    assert read(tiny, LETTER, voices=voices).claims["l"].asserter == "readers"


def test_what_nobody_says_is_an_error(tiny) -> None:
    error = read(tiny, LETTER).only("chain")
    assert "`letters`" in error.message


def test_a_link_keeps_what_was_typed_of_it(tiny) -> None:
    link = {
        "who": "leaders",
        "words": "found little",
        "in": "study",
        "form": "direct",
        "stance": "endorses",
        "sure": "unclear",
        "why": "no closing mark",
    }
    made = read(tiny, {**PAYS, "chain": [link]}).claims["pays"].chain[0]
    assert (made.who, made.words, made.document) == ("leaders", "found little", "study")
    assert (made.form, made.stance, made.sure, made.why) == (
        "direct",
        "endorses",
        "unclear",
        "no closing mark",
    )


# ---- levers

ACTORS, TOPIC = ["board", "funds", "clinics"], ["board", "funds", "care"]

LEVERS = {
    "the relation's own": (ACTORS, None, {"money": "default"}),
    "both of the relation's own": (
        ["board", "rewards", "clinics"],
        None,
        {"carrot": "default", "money": "default"},
    ),
    "none of the relation's own": (["board", "influences", "clinics"], None, {}),
    "none on a topic": (TOPIC, None, {}),
    "said": (ACTORS, {"said": "stick"}, {"stick": "said"}),
    "judged": (ACTORS, {"judged": ["command"]}, {"command": "judged"}),
    "one said and one judged": (
        ACTORS,
        {"said": ["contract"], "judged": ["stick"]},
        {"contract": "said", "stick": "judged"},
    ),
    "denied by the curator": (ACTORS, {"none": "no power is meant"}, {}),
    "of two who act": ([["board", "team"], "pays", "clinics"], None, {"money": "default"}),
}


@pytest.mark.parametrize(("edge", "lever", "levers"), LEVERS.values(), ids=LEVERS)
def test_a_lever_is_the_relations_own_said_judged_or_none(tiny, edge, lever, levers) -> None:
    fields = {"lever": lever} if lever else {}
    made = read(tiny, {**PAYS, "edge": edge, **fields})
    assert made.errors == []
    assert made.claims["pays"].levers == levers


REFUSED_LEVERS = {
    "two instruments": (ACTORS, {"said": ["money", "command"]}),
    "two effects": (ACTORS, {"said": ["carrot"], "judged": ["stick"]}),
    "one of them on a topic": (TOPIC, {"judged": ["stick"]}),
    "one and none": (ACTORS, {"said": ["stick"], "none": "no power is meant"}),
    "one that is said and judged": (ACTORS, {"said": ["stick"], "judged": ["stick"]}),
    "neither one nor a reason": (ACTORS, {}),
    "an unknown one": (ACTORS, {"said": ["sticks"]}),
}


@pytest.mark.parametrize(("edge", "lever"), REFUSED_LEVERS.values(), ids=REFUSED_LEVERS)
def test_levers_that_cannot_be_are_an_error(tiny, edge, lever) -> None:
    (error,) = read(tiny, {**PAYS, "edge": edge, "lever": lever}).errors
    assert "lever" in error.message or "stick" in error.message


# ---- edges

# the edge, words of the error
EDGES = {
    "a topic that acts": (
        ["care", "pays", "clinics"],
        ["actor as its subject", "`care` is a topic"],
    ),
    "a topic that is acted on": (
        ["board", "pays", "care"],
        ["actor as its object", "`care` is a topic"],
    ),
    "an actor for a topic": (
        ["board", "raises", "clinics"],
        ["topic as its object", "`clinics` is a"],
    ),
    "a work that acts": (
        ["study", "directs", "clinics"],
        ["actor as its subject", "`study` is a work"],
    ),
    "a time": (["board", "pays", "year-2014"], ["`year-2014` is a time"]),
    "a measure": (["felt-able", "pays", "clinics"], ["`felt-able` is a measure"]),
    "a claim that acts": (["paper-2014/pays", "pays", "clinics"], ["is a claim"]),
    "the second of two who act": ([["board", "care"], "pays", "clinics"], ["`care` is a topic"]),
    "no object": (["board", "pays"], ["needs an object", "actor"]),
    "an object too many": (["board", "begins", "clinics"], ["takes no object"]),
    "an unknown actor": (["bord", "pays", "clinics"], ["`bord`", "nearest: board"]),
    "an unknown object": (["board", "pays", "clinic"], ["`clinic`", "nearest: clinics"]),
    "an unknown relation": (
        ["board", "pay", "clinics"],
        ["unknown relation `pay`", "nearest: pays"],
    ),
    "a relation that is two": (["board", ["pays", "funds"], "clinics"], ["one relation"]),
    "one end": (["board"], ["[subject, relation, object]"]),
    "four": (["board", "pays", "clinics", "care"], ["[subject, relation, object]"]),
    "no list": ("board pays clinics", ["[subject, relation, object]"]),
    "nobody": ([[], "pays", "clinics"], ["subject"]),
}


@pytest.mark.parametrize(("edge", "words"), EDGES.values(), ids=EDGES)
def test_an_edge_that_cannot_be_is_named_with_what_could_be(tiny, edge, words) -> None:
    (error,) = read(tiny, {**PAYS, "edge": edge}).errors
    for word in words:
        assert word in error.message


def test_the_source_s_own_words_may_be_any(tiny) -> None:
    made = read(tiny, {**PAYS, "edge": ["board", "is", "care/full, clinics"]})
    assert made.errors == []
    assert [(end.type, end.key) for end in made.claims["pays"].objects] == [
        ("literal", "care/full, clinics")
    ]


def test_a_claim_may_be_an_end_where_the_relation_takes_claims(tiny) -> None:
    edge = [f"{tiny.key}/pays", "explains", f"{tiny.key}/wait"]
    made = read(tiny, PAYS, WAIT, {**PAYS, "id": "why", "edge": edge})
    assert made.errors == []
    assert made.claims["why"].subjects[0].key == f"{tiny.key}/pays"


# ---- ids and references


@pytest.mark.parametrize(
    "second", [{**WAIT, "id": "pays"}, {**WAIT, "if": {**SUPPOSED, "id": "pays"}}]
)
def test_an_id_is_used_once_and_the_error_names_both_lines(tiny, second) -> None:
    made = read(tiny, PAYS, second)
    error = made.only("id-twice")
    first = made.claims["pays"].line
    assert f"line {first}" in error.message
    assert error.line > first


@pytest.mark.parametrize(
    "claim_id", ["Pays", "pays_it", "pays it", "pays/it", "-pays", "pays--it", "", "é"]
)
def test_an_id_is_a_key(tiny, claim_id: str) -> None:
    assert len(read(tiny, {**PAYS, "id": claim_id}).errors) == 1


WHY = {"why": "a reason"}
REFERENCES = {
    **{
        kind: {kind: {"claim": "?", **WHY}}
        for kind in ("supports", "disputes", "updates", "qualifies", "utterance")
    },
    "the second of two": {"supports": [{"claim": "wait", **WHY}, {"claim": "?", **WHY}]},
    "answers": {"answers": "?"},
    "compare from": {"compare": {"direction": "more", "from": "?"}},
    "compare to": {"compare": {"direction": "more", "to": "?"}},
    "successor": {"withdrawn": {"why": "misread", "successor": "?"}},
    "subject": {"edge": ["paper-2014/?", "explains", "care"]},
    "object": {"edge": ["care", "explains", "paper-2014/?"]},
}


def filled(value: Any, reference: str) -> Any:
    if isinstance(value, dict):
        return {key: filled(v, reference) for key, v in value.items()}
    if isinstance(value, list):
        return [filled(v, reference) for v in value]
    return value.replace("?", reference)


@pytest.mark.parametrize("fields", REFERENCES.values(), ids=REFERENCES)
def test_a_claim_that_is_referred_to_exists(tiny, fields) -> None:
    # A question with a figure: what an answer and a comparison want.
    figure = {"said": "half", "unit": "share", "measure": "felt-able", "population": "clinics"}
    named = {**WAIT, "modality": "question", "figure": figure}
    assert read(tiny, {**PAYS, **filled(fields, "wait")}, named).errors == []
    error = read(tiny, {**PAYS, **filled(fields, "waits")}, named).only("reference")
    assert f"`{tiny.key}/waits`" in error.message
    assert f"nearest: {tiny.key}/wait" in error.message
    assert error.path.endswith("claims.yaml")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answers": "wait"}, "answers `paper-2014/wait`, which asks nothing"),
        (
            {"compare": {"direction": "more", "from": "wait"}},
            "compares `paper-2014/wait`, which has no `figure`",
        ),
    ],
)
def test_a_claim_that_is_referred_to_is_of_the_right_kind(tiny, fields, says: str) -> None:
    assert says in read(tiny, {**PAYS, **fields}, WAIT).only("reference").message


@pytest.mark.parametrize("fields", REFERENCES.values(), ids=REFERENCES)
def test_no_claim_refers_to_itself(tiny, fields) -> None:
    errors = read(tiny, {**PAYS, **filled(fields, "pays")}, WAIT).errors
    assert [error.rule for error in errors] == ["reference"]
    assert "itself" in errors[0].message


def test_a_fault_does_not_hide_a_reference_into_a_source_that_is_not_there(tiny) -> None:
    reason = {"supports": {"claim": "paper/pays", **WHY}}
    made = read(tiny, {**PAYS, **reason}, {**WAIT, "modality": "x"})
    assert made.rules == ["field-value", "reference"]


def test_a_claim_of_another_source_may_be_referred_to(tiny) -> None:
    type(tiny)(tiny.root, "other-2015").text(TEXT).claims(PAYS)
    reason = {"supports": {"claim": "other-2015/pays", **WHY}}
    made = read(tiny, {**PAYS, **reason})
    assert made.errors == []
    assert set(made.corpus.claims) == {"other-2015/pays", "paper-2014/pays"}


# ---- sentences declared to make no claim


def test_a_sentence_declared_none_has_its_reason(tiny) -> None:
    made = read(tiny, {"quote": "The clinics wait for", "no-claim": "lead-in"})
    assert made.errors == []
    declared = made.corpus.readings[tiny.key].no_claims
    assert {made.source.text[span]: why for span, why in declared.items()} == {
        "The clinics wait for it.": "lead-in"
    }


@pytest.mark.parametrize("order", [1, -1])
def test_a_sentence_is_not_both_claimed_and_declared_none(tiny, order: int) -> None:
    none = {"quote": "clinics under contract", "no-claim": "lead-in"}
    made = read(tiny, *[PAYS, none][::order])
    error = made.only("declared-none")
    assert "`pays`" in error.message
    assert "lead-in" in error.message
    assert error.line == made.claims["pays"].line


def test_a_reason_for_no_claim_is_one_of_the_list(tiny) -> None:
    (error,) = read(tiny, {"quote": "The clinics wait for it.", "no-claim": "leadin"}).errors
    assert "nearest: lead-in" in error.message


@pytest.mark.parametrize(
    "beside", [{"id": "c"}, {"text": "A claim."}, {"says": [{"id": "c"}]}], ids=str
)
def test_an_entry_makes_claims_or_none_and_never_both(tiny, beside) -> None:
    least = {"edge": ["board", "pays", "clinics"], "modality": "fact", "text": "A claim."}
    if "says" in beside:
        beside = {"says": [{**least, "id": "c"}]}
    none = {"quote": "The clinics wait for it.", "no-claim": "lead-in"}
    assert len(read(tiny, none | beside).errors) >= 1


# ---- quotes that do not hold


@pytest.mark.parametrize(
    ("quote", "rule"),
    [
        ("The board pays no clinics under contract", "quote-drifted"),
        ("0123456789 0123456789 0123456789", "quote-lost"),
        ("The board", "quote-lost"),
    ],
)
@pytest.mark.parametrize("where", ["quote", "also", "context"])
def test_a_quote_that_does_not_hold_is_an_error_wherever_it_stands(
    tiny, quote: str, rule: str, where: str
) -> None:
    entry = {**PAYS, where: quote if where == "quote" else [quote]}
    error = read(tiny, entry).only(rule)
    assert quote in error.message


@pytest.mark.parametrize("where", ["quote", "also", "context"])
def test_a_quote_stays_within_one_sentence(tiny, where: str) -> None:
    quote = "under contract. The clinics wait"
    entry = {**PAYS, where: quote if where == "quote" else [quote]}
    assert "one sentence" in read(tiny, entry).only("quote-sentences").message


def test_a_quote_that_stands_twice_is_an_error_until_it_is_decided(tiny) -> None:
    text = "Here the board pays the clinics. There the board pays the clinics.\n"
    entry = {**PAYS, "quote": "the board pays the clinics"}
    assert tiny.text(text).claims(entry).read().only("quote-ambiguous")
    made = tiny.claims({**entry, "prefix": "There"}).read()
    assert made.claims["pays"].passages[0].spans[0].start == text.rindex("the board")


# ---- what is refused: entry, line of the error, words of the error

REFUSED: dict[str, tuple[str, int, str]] = {
    "an unknown field beside the quote": (LEAST + "  colour: red\n", 9, "`colour`"),
    "an unknown field under says": (UNDER + "    colour: red\n", 10, "`colour`"),
    "a missing field": (LEAST.replace("  modality: fact\n", ""), 4, "`modality` is missing"),
    "a missing field under says": (
        UNDER.replace("    modality: fact\n", ""),
        6,
        "`modality` is missing",
    ),
    "no quote": (
        "- {id: x, edge: [board, begins], modality: fact, text: X.}\n",
        4,
        "`quote` is missing",
    ),
    "no mapping": ("- The board pays\n", 4, "mapping"),
    "no claim under says": (
        "- quote: The board pays the clinics\n  says: []\n",
        4,
        "list of claims",
    ),
    "words under says": ("- quote: The board pays the clinics\n  says: [yes]\n", 4, "mapping"),
    "an unknown modality": (LEAST.replace("modality: fact", "modality: facts"), 7, "nearest: fact"),
    "an unknown modality under says": (
        UNDER.replace("modality: fact", "modality: facts"),
        8,
        "nearest: fact",
    ),
    "a supposition": (LEAST.replace("modality: fact", "modality: supposition"), 4, "`if:`"),
    "a boolean that is none": (LEAST + "  denied: no\n", 9, "denied"),
    "an empty hedge": (LEAST + '  hedge: ""\n', 9, "hedge"),
    "an unknown actor in the chain": (
        LEAST + "  chain:\n  - board\n  - {who: teem}\n",
        11,
        "nearest: team",
    ),
    "an unknown document in the chain": (
        LEAST + "  chain: [{who: team, in: studies}]\n",
        9,
        "nearest: study",
    ),
    "an unclear link without why": (LEAST + "  chain: [{who: team, sure: unclear}]\n", 9, "`why:`"),
    **{
        f"a figure of nobody, in {unit}": (
            LEAST + f"  figure: {{said: five, value: 5, unit: {unit}, measure: felt-able{of}}}\n",
            9,
            "`population` is missing: a figure counts somebody",
        )
        for unit, of in (("share", ""), ("percent", ""), ("count", ", population: "))
    },
    "a value that is no number": (
        LEAST + "  figure:\n    {said: five, value: five, unit: count, measure: felt-able,\n"
        "    population: clinics}\n",
        10,
        "value",
    ),
    **{
        f"a chain of nobody, {chain!r}": (LEAST + f"  chain: {chain}\n", 9, "an empty chain")
        for chain in ("[]", "")
    },
    "a chain of nobody, under says": (UNDER + "    chain: []\n", 10, "an empty chain"),
    **{
        f"a chain whose first link is {link}": (
            LEAST + f"  chain:\n  - {link}\n  - team\n",
            10,
            "`who` is missing: a link of a chain is an actor",
        )
        for link in ("{words: it is said}", "{in: study}", "{who: }", "")
    },
    "an inferred time without why": (
        LEAST + "  time: {said: then, known: inferred}\n",
        9,
        "`why:`",
    ),
    "a time that ends before it begins": (
        LEAST + "  time: {from: 2014-02-01, until: 2014-01-01}\n",
        9,
        "after",
    ),
    "a day that is none": (LEAST + "  time: {from: 2014-02-30}\n", 9, "from"),
    "an unknown time": (LEAST + "  time: year-2015\n", 9, "nearest: year-2014"),
    "half a condition": (LEAST + "  if: {id: x, text: It is.}\n", 9, "id, edge and text"),
    "a condition of both": (
        LEAST + "  if: {id: x, edge: [board, begins], text: It is., words: it is}\n",
        9,
        "not both",
    ),
    **{
        f"a link without why: {kind}": (
            LEAST + f"  {kind}:\n  - {{claim: x}}\n",
            10,
            "`why` is missing: the link is the curator's",
        )
        for kind in LINK_KINDS
    },
    "a link with an empty why": (LEAST + "  disputes: [{claim: x, why: ' '}]\n", 9, "why"),
    "a link that is one word": (LEAST + "  disputes: x\n", 9, "`claim` is missing"),
    "an acceptance that is none": (LEAST + "  accept: not\n", 9, "accept"),
    "an acceptance under another that is none": (
        "- quote: The board pays the clinics\n  accept: {not: why}\n  says:\n"
        "  - {id: x, edge: [board, begins], modality: fact, text: X., accept: not}\n",
        7,
        "accept",
    ),
    "an occurrence below one": (LEAST + "  occurrence: -1\n", 9, "occurrence"),
    "a further quote that does not hold": (
        LEAST + "  also:\n  - clinics under contract\n  - board pays no clinics\n",
        11,
        "nearest passage",
    ),
    "a further quote under says that does not hold": (
        UNDER + "    also: [clinics under contract,\n      board pays no clinics]\n",
        11,
        "nearest passage",
    ),
    "a context that does not hold": (
        LEAST + "  context:\n  - clinics under contract\n  - board pays no clinics\n",
        11,
        "nearest passage",
    ),
    "a withdrawal without why": (LEAST + "  withdrawn: {successor: x}\n", 9, "`why` is missing"),
}


@pytest.mark.parametrize(("content", "line", "words"), REFUSED.values(), ids=REFUSED)
def test_what_an_entry_may_not_say_has_its_line(tiny, content: str, line: int, words: str) -> None:
    errors = typed(tiny, content).errors
    places = {(error.path, error.line) for error in errors}
    assert places == {(f"seeds/{tiny.key}/claims.yaml", line)}
    assert any(words in error.message for error in errors)


def test_one_faulty_entry_does_not_hide_the_next(tiny) -> None:
    faulty = [
        {**PAYS, "modality": "x"},
        {**PAYS, "quote": "The board"},
        {**PAYS, "edge": ["x", "y"]},
    ]
    made = read(tiny, faulty[0], WAIT, faulty[1], faulty[2])
    assert len(made.errors) == 3
    assert set(made.claims) == {"wait"}


HEADS = {
    "a list": ("- quote: x\n", "`claims:`"),
    "no claims": ("source: paper-2014\nvoices: {}\n", "`claims:`"),
    "another source": ("source: paper-2015\nvoices: {}\nclaims: []\n", "nearest: paper-2014"),
    "no voices": ("source: paper-2014\nclaims: []\n", "`voices` is missing"),
    "the voice of no region": (
        "source: paper-2014\nvoices: {headlin: paper}\nclaims: []\n",
        "nearest: headline",
    ),
    "the voice of nobody": (
        "source: paper-2014\nvoices: {body: papr}\nclaims: []\n",
        "nearest: paper",
    ),
    "an unknown field": ("source: paper-2014\nvoices: {}\nclaims: []\nclaim: []\n", "`claim`"),
}


@pytest.mark.parametrize(("content", "words"), HEADS.values(), ids=HEADS)
def test_a_file_says_whose_claims_it_holds_and_who_speaks(tiny, content: str, words: str) -> None:
    tiny.text(TEXT, regions=REGIONS).put(f"{tiny.key}/claims.yaml", content)
    made = tiny.read()
    (error,) = made.errors
    assert words in error.message
    assert made.claims == {}


def test_a_file_that_cannot_be_read_is_named_with_its_line(tiny) -> None:
    tiny.text(TEXT).put(f"{tiny.key}/claims.yaml", "source: x\nsource: y\n")
    assert "claims.yaml:2" in str(tiny.read().only("unreadable"))


def test_an_id_beside_says_would_be_nobody_s(tiny) -> None:
    errors = read(tiny, {**PAYS, "says": [{"id": "wait", "modality": "fact"}]}).errors
    assert any("`id:` stands beside `says:`" in error.message for error in errors)
