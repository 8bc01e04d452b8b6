"""A doubt is raised where a claim and its passage differ, and nowhere else.

Each table says of a text, a quote and the fields of its claim which words are asked about.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from ccgkg.corpus.rules import MOST_CLAIMS, RULES
from ccgkg.corpus.vocabulary import Vocabulary


def doubts(tiny, text: str, *entries: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Claim, rule and first quoted word of each doubt; no error may be among them."""
    read = tiny.text(text).claims(*entries).read()
    assert [str(error) for error in read.errors] == []
    of_claims = [w for w in read.warnings if RULES[w.rule].accept == "claim"]
    found = []
    for warning in of_claims:
        claim = re.match("`(.+?)`", warning.message)
        word = re.search("“(.+?)”", warning.message)
        found.append((claim.group(1), warning.rule, word.group(1) if word else ""))
    return found


def of_one(tiny, text: str, rule: str, **fields: Any) -> list[str]:
    """The words that a rule asks about in the only claim, which quotes the whole sentence."""
    found = doubts(tiny, text, {"quote": text, "id": "c", **fields})
    return sorted(word for _, raised, word in found if raised == rule)


# ---- hedges

HEDGED = "The board may pay the clinics."
COULD = "The board could pay the clinics."
FIGURE = {"said": "half", "unit": "share", "measure": "felt-able", "population": "clinics"}

HEDGES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "nowhere": (HEDGED, {}, ["may"]),
    "in the hedge": (HEDGED, {"hedge": "may"}, []),
    "in another hedge": (HEDGED, {"hedge": "might"}, ["may"]),
    "in the words of the chain": (
        "As might be said, the board pays the clinics.",
        {"chain": [{"who": "leaders", "words": "As might be said"}]},
        [],
    ),
    "by the modality": (HEDGED, {"modality": "prediction"}, []),
    "by no such modality": (HEDGED, {"modality": "finding"}, ["may"]),
    "not by the modality": (
        "It appears that the board may pay the clinics.",
        {"modality": "prediction"},
        ["appears"],
    ),
    "by a comparison": (
        "The board is more likely to pay the clinics.",
        {"compare": {"direction": "more", "of": "likelihood"}},
        [],
    ),
    "by a comparison of something else": (
        "The board is more likely to pay the clinics.",
        {"compare": {"direction": "more", "of": "amount"}},
        ["likely"],
    ),
    "in the literal object": (
        "The board seems generous.",
        {"edge": ["board", "is", "what seems generous"]},
        [],
    ),
    "in a condition": (
        "If it could be so, the board pays the clinics.",
        {"if": "it could be so"},
        [],
    ),
    "in what a figure counts": (
        "Half of the clinics felt they could wait for the board.",
        {"figure": FIGURE, "chain": ["clinics"]},
        [],
    ),
    "twice the same": ("The board may, or may not, pay the clinics.", {"denied": True}, ["may"]),
    "two": ("The board might, or may, pay the clinics.", {}, ["might", "may"]),
    "accepted by its word": (HEDGED, {"accept": {"May": "for a test"}}, []),
    "accepted by the rule": (COULD, {"accept": {"hedge-missing": "for a test"}}, []),
}


@pytest.mark.parametrize(("text", "fields", "words"), HEDGES.values(), ids=HEDGES)
def test_a_hedge_of_the_passage_is_carried_or_asked_about(
    tiny, text: str, fields: dict[str, Any], words: list[str]
) -> None:
    works = {"measures": {"felt-able": {"label": "felt able", "wording": "could wait"}}}
    tiny.put("works.yaml", works)
    assert of_one(tiny, text, "hedge-missing", **fields) == sorted(words)


def test_a_hedge_beside_the_passage_is_the_law_s_and_not_a_doubt(tiny) -> None:
    entry = {"quote": "the board pays", "id": "c", "accept": {"appears": "for a test"}}
    assert doubts(tiny, "It appears that the board pays the clinics.", entry) == []


def test_a_claim_about_a_claim_carries_what_that_one_carries(tiny) -> None:
    text = "The board seems to pay the clinics, which could explain care."
    edge = [f"{tiny.key}/c", "explains", "care"]
    pays = {"quote": "The board seems to pay the clinics", "id": "c", "hedge": "seems"}
    why = {"quote": text, "id": "why", "edge": edge, "hedge": "could"}
    accept = {"accept": {"could": "belongs to the reason"}}
    assert doubts(tiny, text, {**pays, **accept}, why) == []
    accept = {"seems": "for a test", "could": "too", "at first": "for a test"}
    pays = {**pays, "hedge": "at first", "accept": accept}
    assert doubts(tiny, text, pays, why) == [("why", "hedge-missing", "seems")]


# ---- negations

NOT = "The board does not pay the clinics."

NEGATIONS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "denied": (NOT, {"denied": True}, []),
    "not denied": (NOT, {}, ["not"]),
    "denied without a word": ("The board pays the clinics.", {"denied": True}, ["DENIED"]),
    "neither": ("The board pays the clinics.", {}, []),
    "by the relation": (
        "The clinics are without money from the board.",
        {"edge": ["clinics", "lacks", "money"]},
        [],
    ),
    "by the comparison": (
        "The board pays the clinics no more than before.",
        {"compare": {"direction": "little-or-none", "of": "amount"}},
        [],
    ),
    "not by any comparison": (
        "The board pays the clinics no more than before.",
        {"compare": {"direction": "more", "of": "amount"}},
        ["no"],
    ),
    "by the extent": ("No board pays the clinics.", {"extent": "none"}, []),
    "in the words of the extent": (
        "Not every board pays the clinics.",
        {"extent": {"value": "most", "words": "Not every"}},
        [],
    ),
    "in the literal": ("The board cannot pay.", {"edge": ["board", "is", "cannot pay"]}, []),
    "only in a hedge": (
        "The board pays, not necessarily, the clinics.",
        {"hedge": "not necessarily"},
        ["not"],
    ),
    "only in the words of the chain": (
        "The board, as not all say, pays the clinics.",
        {"chain": [{"who": "leaders", "words": "as not all say"}]},
        ["not"],
    ),
    "in the name of an end": (
        "The board pays the clinics without a roof.",
        {"edge": ["board", "pays", "roofless"]},
        [],
    ),
    "in the name of nobody here": ("The board pays the clinics without a roof.", {}, ["without"]),
    "a contraction": ("The board can’t pay the clinics.", {}, ["can't"]),
    "accepted by its word": (NOT, {"accept": {"not": "for a test"}}, []),
    "accepted by the rule": (NOT, {"accept": {"negation-one-sided": "for a test"}}, []),
    "denied without a word, accepted": (
        "The board refuses to pay the clinics.",
        {"denied": True, "accept": {"negation-one-sided": "“refuses” denies"}},
        [],
    ),
}


@pytest.mark.parametrize(("text", "fields", "words"), NEGATIONS.values(), ids=NEGATIONS)
def test_a_negation_is_on_both_sides_or_on_neither(
    tiny, text: str, fields: dict[str, Any], words: list[str]
) -> None:
    tiny.actors(roofless={"label": "clinics without a roof"})
    found = of_one(tiny, text, "negation-one-sided", **fields)
    assert [word or "DENIED" for word in found] == words


def test_a_denial_may_stand_in_the_context(tiny) -> None:
    text = "The board does not pay. The clinics wait for the board."
    entry = {"quote": "The clinics wait for the board", "id": "c", "denied": True}
    assert [rule for _, rule, _ in doubts(tiny, text, entry)] == ["negation-one-sided"]
    assert doubts(tiny, text, {**entry, "context": ["The board does not pay"]}) == []


def test_a_negation_that_another_claim_denies_by_is_told_apart(tiny) -> None:
    text = "The board pays the clinics, which cannot be funded by the team."
    pays = {"quote": text, "id": "c"}
    funds = {"quote": "which cannot be funded by the team", "id": "d", "denied": True}
    funds |= {"edge": ["team", "funds", "clinics"]}
    assert doubts(tiny, text, pays, funds) == []
    assert doubts(tiny, text, pays, {**funds, "quote": text}) == [
        ("c", "negation-one-sided", "cannot")
    ], "on the same words nobody has told the two apart"


@pytest.mark.parametrize("relation", ["lacks", "prevents", "hinders", "protects", "opposes"])
def test_the_shipped_ontology_says_which_relations_negate(
    shipped_vocabulary: Vocabulary, relation: str
) -> None:
    assert "negation" in shipped_vocabulary.relations[relation].term.carries


@pytest.mark.parametrize(
    ("scheme", "name", "words"),
    [
        ("modality", "prediction", {"could", "may", "might"}),
        ("modality", "finding", set()),
        ("quantity", "likelihood", {"likely", "unlikely"}),
    ],
)
def test_the_shipped_ontology_says_which_terms_carry_a_hedge(
    shipped_vocabulary: Vocabulary, scheme: str, name: str, words: set[str]
) -> None:
    assert shipped_vocabulary.schemes[scheme][name].carries_words == words


# ---- figures

SIX = "The board pays six clinics."


def counted(said: str) -> dict[str, Any]:
    return {"figure": {**FIGURE, "said": said, "unit": "count"}}


COUNTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "nowhere": (SIX, {}, ["six"]),
    "in the figure": (SIX, counted("six"), []),
    "in a longer figure": (SIX, counted("no more than Six clinics"), []),
    "in another figure": (SIX, counted("five"), ["six"]),
    "in part of another figure": ("The board pays 5 clinics.", counted("35%"), ["5"]),
    "a year": ("The board pays the clinics since 2013.", {}, []),
    "a percentage": ("The board pays 20% of the clinics.", {}, ["20%"]),
    "both halves of it": ("One in five (20%) of the clinics wait.", {}, ["one in five", "20%"]),
    "one half of it": (
        "One in five (20%) of the clinics wait.",
        counted("one in five"),
        ["20%"],
    ),
    "in the words of the time": (
        "The board pays the clinics for three years.",
        {"time": {"said": "for three years", "known": "unknown"}},
        [],
    ),
    "in the name of a time": (
        "The board pays the clinics for 18 months.",
        {"time": "trial"},
        [],
    ),
    "in the name of an end": (
        "The board pays the three wise clinics.",
        {"edge": ["board", "pays", "wise"]},
        [],
    ),
    "accepted by its words": (SIX, {"accept": {"six": "for a test"}}, []),
    "accepted by the rule": (SIX, {"accept": {"figure-unstructured": "for a test"}}, []),
}


@pytest.mark.parametrize(("text", "fields", "words"), COUNTS.values(), ids=COUNTS)
def test_a_figure_of_the_passage_is_structured_or_asked_about(
    tiny, text: str, fields: dict[str, Any], words: list[str]
) -> None:
    tiny.actors(wise={"label": "the three wise clinics"})
    tiny.put("times.yaml", {"trial": {"label": "the trial", "aliases": ["for 18 months"]}})
    assert of_one(tiny, text, "figure-unstructured", **fields) == sorted(words)


def test_a_figure_is_asked_about_once_and_any_claim_on_it_may_have_it(tiny) -> None:
    one = {"quote": SIX, "id": "one"}
    two = {"quote": "pays six clinics", "id": "two"}
    assert doubts(tiny, SIX, one, two) == [("one", "figure-unstructured", "six")]
    assert doubts(tiny, SIX, one, {**two, **counted("six")}) == []
    assert doubts(tiny, SIX, {**one, "accept": {"six": "why"}}, two) == []
    both = {"accept": {"six": "beside the quote it holds for each claim"}}
    assert doubts(tiny, SIX, {**one, **both}, {**two, **both}) == []


# ---- speakers

SPEECHES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "before the verb": ("Leaders said the board pays.", {}, ["Leaders said"]),
    "with a comma": ("Leaders, said to be slow, pay the board.", {}, []),
    "with an auxiliary": ("Leaders have also said the board pays.", {}, ["Leaders have also said"]),
    "of another name": ("The leader said the board pays.", {}, ["leader said"]),
    "after a quotation": ("‘The board pays,’ said the leaders.", {}, ["said the leaders"]),
    "after a comma": ("The board pays, said the team.", {}, ["said the team"]),
    "after no stop": ("He said leaders would pay the board.", {}, []),
    "according to": ("The board pays, according to the team.", {}, ["according to the team"]),
    "according to, first": ("According to leaders the board pays.", {}, ["According to leaders"]),
    "a role and its holder": ("‘Yes,’ said the editor Ann Lee.", {"chain": ["lee"]}, []),
    "its holder and nobody": ("‘Yes,’ said the editor Ann Lee.", {}, ["said the editor"]),
    "set apart before the verb": (
        "The board pays leaders, said the team.",
        {"chain": ["team"]},
        [],
    ),
    "one of two": ("The board and leaders said so.", {"chain": ["board"]}, []),
    "in the chain": ("Leaders said the board pays.", {"chain": ["leaders"]}, []),
    "further down the chain": ("Leaders said so.", {"chain": ["board", "leaders"]}, []),
    "another in the chain": ("Leaders said the board pays.", {"chain": ["team"]}, ["Leaders said"]),
    "a sub-group in the chain": ("Leaders said so.", {"chain": ["young"]}, []),
    "the whole in the chain": ("Young leaders said so.", {"chain": ["leaders"]}, []),
    "a team of the speaker": ("The Paper said so, and the desk.", {"chain": ["desk"]}, []),
    "no speaker": ("The board pays the clinics.", {}, []),
    "a possessive": ("The leaders' report said the board pays.", {}, []),
    "a possessive in s": ("The team’s report said the board pays.", {}, []),
    "far from the verb": ("Leaders of the future said the board pays.", {}, []),
    "no actor": ("Care said a lot to the board.", {}, []),
    "what is felt is the matter": (
        "The board needs leaders who wait till leaders felt safe.",
        {"edge": ["board", "influences", "safety"]},
        [],
    ),
    "accepted by the name": (
        "Leaders said the board pays.",
        {"accept": {"leaders": "for a test"}},
        [],
    ),
    "accepted by the rule": (
        "Leaders said the board pays.",
        {"accept": {"speaker-missing": "for a test"}},
        [],
    ),
}


@pytest.mark.parametrize(("text", "fields", "words"), SPEECHES.values(), ids=SPEECHES)
def test_who_speaks_in_the_passage_is_in_the_chain_or_asked_about(
    tiny, text: str, fields: dict[str, Any], words: list[str]
) -> None:
    tiny.actors(
        young={"label": "young leaders", "broader": "leaders"},
        lee={"label": "Ann Lee"},
        desk={"label": "the desk", "members": ["paper", "team"]},
    )
    topics = {"safety": {"label": "safety of leaders", "of": "leaders"}}
    tiny.put("topics.yaml", {"care": {"label": "care"}, **topics})
    assert of_one(tiny, text, "speaker-missing", **fields) == sorted(words)


def test_a_claim_about_a_claim_hears_who_says_that_one(tiny) -> None:
    text = "Leaders said the board pays."
    said = {"quote": text, "id": "c", "chain": ["leaders"]}
    edge = [f"{tiny.key}/c", "explains", "care"]
    assert doubts(tiny, text, said, {"quote": text, "id": "why", "edge": edge}) == []


# ---- mentions

MENTIONED: dict[str, tuple[str, dict[str, Any], bool]] = {
    "the subject": ("The Board’s money comes late.", {}, True),
    "the object": ("A clinic gets money.", {}, True),
    "neither": ("They pay them well.", {}, False),
    "in the context": ("They pay them well.", {"context": ["So says the board"]}, True),
    "in a bracket": ("They pay them well.", {"quote": "They [the board] pay them"}, True),
    "in a further passage": ("They pay them well.", {"also": ["So says the board"]}, True),
    "by an alias": ("The payers pay them.", {"edge": ["funders", "pays", "clinics"]}, True),
    "by the name of a sub-group": (
        "The young ones pay them.",
        {"edge": ["leaders", "influences", "care"]},
        False,
    ),
    "by a whole's name": ("Leaders pay them.", {"edge": ["young", "influences", "care"]}, False),
    "a literal": ("They are good.", {"edge": ["board", "is", "good"]}, True),
    "nobody and the object": ("They wait here.", {"edge": ["unstated", "pays", "clinics"]}, False),
    "nobody, and the object is there": (
        "Clinics get money.",
        {"edge": ["unstated", "pays", "clinics"]},
        True,
    ),
    "one of two": ("The team pays.", {"edge": [["board", "team"], "pays", "clinics"]}, True),
    "no object": ("It starts today, at last.", {"edge": ["board", "begins"]}, False),
    "those who speak": (
        "We shall pay them.",
        {"edge": ["leaders", "influences", "care"], "chain": ["leaders"]},
        True,
    ),
    "others who speak": (
        "We shall pay them.",
        {"edge": ["leaders", "influences", "care"], "chain": ["team"]},
        False,
    ),
    "accepted": ("They pay them well.", {"accept": {"unmentioned": "for a test"}}, True),
}


@pytest.mark.parametrize(("text", "fields", "quiet"), MENTIONED.values(), ids=MENTIONED)
def test_passage_or_context_names_subject_or_object(
    tiny, text: str, fields: dict[str, Any], quiet: bool
) -> None:
    tiny.actors(
        young={"label": "the young ones", "broader": "leaders"},
        funders={"label": "those with money", "aliases": ["the payers"]},
    )
    entry = {"quote": text.rstrip("."), "id": "c", **fields}
    found = doubts(tiny, f"{text} So says the board.", entry)
    assert [rule for _, rule, _ in found if rule == "unmentioned"] == (
        [] if quiet else ["unmentioned"]
    )


def test_a_claim_as_an_end_is_mentioned(tiny) -> None:
    text = "They pay them well."
    pays = {"quote": text, "id": "c", "accept": {"unmentioned": "for a test"}}
    why = {"quote": text, "id": "why", "edge": [f"{tiny.key}/c", "explains", "care"]}
    assert doubts(tiny, text, pays, why) == []


# ---- crowds

PAYS = "The board pays the clinics."


@pytest.mark.parametrize("beside", [{}, {"accept": {"crowded-passage": "a list of six"}}], ids=str)
@pytest.mark.parametrize("count", [MOST_CLAIMS, MOST_CLAIMS + 1])
def test_a_quote_with_too_many_claims_is_asked_about_once(tiny, count: int, beside) -> None:
    says = [
        {"id": f"c-{n}", "edge": ["board", "pays", "clinics"], "modality": "fact", "text": "T."}
        for n in range(count)
    ]
    entry = {"quote": PAYS, "says": says, **(beside if count > MOST_CLAIMS else {})}
    raised = count > MOST_CLAIMS and not beside
    assert doubts(tiny, PAYS, entry) == [("c-0", "crowded-passage", PAYS)] * raised


# ---- whose doubts


def test_of_a_claim_no_longer_made_nothing_is_asked_and_what_it_accepts_may_stay(tiny) -> None:
    entry = {"quote": HEDGED, "id": "c", "withdrawn": {"why": "misread"}}
    assert doubts(tiny, HEDGED, entry) == []
    assert doubts(tiny, HEDGED, {**entry, "accept": {"may": "for a test"}}) == []


def test_of_a_condition_nothing_is_asked_beside_its_claim(tiny) -> None:
    text = "If they may, the board pays the clinics."
    supposed = {"id": "s", "edge": ["leaders", "influences", "care"], "text": "They may."}
    assert doubts(tiny, text, {"quote": text, "id": "c", "hedge": "may", "if": supposed}) == []


@pytest.mark.parametrize("accept", [{"hedge-missing": "why"}, {"could": "why"}])
def test_an_acceptance_that_no_doubt_asks_is_an_error_that_says_what_is_asked(
    tiny, accept: dict[str, str]
) -> None:
    entry = {"quote": NOT, "id": "c", "accept": accept}
    error = tiny.text(NOT).claims(entry).read().only("accept-unused")
    assert next(iter(accept)) in error.message
    assert "asked here: negation-one-sided, not" in error.message


# ---- the source's own words

OWN = "On Monday the board, it seems, pays most of the clinics, leaders said."

OWN_WORDS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all printed": (
        {
            "hedge": "it seems",
            "chain": [{"who": "leaders", "words": "said"}],
            "extent": {"value": "most", "words": "most of"},
        },
        [],
    ),
    "with an elision": ({"hedge": "it … seems"}, []),
    "in other case and typography": ({"hedge": "It  Seems"}, []),
    "a hedge of one's own": ({"hedge": "perhaps"}, ["perhaps"]),
    "part of a printed word": ({"hedge": "seem"}, ["seem"]),
    "a speech word of one's own": (
        {"hedge": "it seems", "chain": [{"who": "leaders", "words": "exclaimed"}]},
        ["exclaimed"],
    ),
    "a judgement of one's own": ({"edge": ["board", "is", "generous"]}, ["generous"]),
    "a time of one's own": ({"time": {"said": "on Tuesday"}}, ["on Tuesday"]),
    "accepted": ({"hedge": "perhaps", "accept": {"perhaps": "for a test"}}, []),
}


@pytest.mark.parametrize(("fields", "words"), OWN_WORDS.values(), ids=OWN_WORDS)
def test_the_source_s_own_words_are_printed_there(
    tiny, fields: dict[str, Any], words: list[str]
) -> None:
    found = doubts(tiny, OWN, {"quote": OWN, "id": "c", **fields})
    assert [word for _, rule, word in found if rule == "not-printed"] == words


@pytest.mark.parametrize(
    ("figure", "raised"),
    [
        ({"said": "20%", "value": 20, "unit": "percent"}, False),
        ({"said": "20%", "value": 25, "unit": "percent"}, True),
        ({"said": "20%", "value": "0.2", "unit": "share"}, False),
        ({"said": "20%", "value": 20, "unit": "share"}, True),
        ({"said": "half", "value": "0.5", "unit": "share"}, False),
        ({"said": "half", "value": -1, "unit": "percent"}, True),
        ({"said": "65 thousand", "value": 65000, "unit": "count"}, False),
        ({"said": "65 thousand", "value": 56000, "unit": "count"}, True),
    ],
)
def test_a_value_is_that_of_its_words(tiny, figure: dict[str, Any], raised: bool) -> None:
    text = f"The board pays {figure['said']} to the clinics."
    given = FIGURE | figure
    found = doubts(tiny, text, {"quote": text, "id": "c", "figure": given})
    assert ("figure-value" in {rule for _, rule, _ in found}) is raised
