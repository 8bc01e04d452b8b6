"""A passage does not mislead: nothing that turns its sense is left out, put in or left beside it.

What no machine can decide the curator accepts, word by word and with a reason; what
needs no acceptance must not be accepted.
"""

from __future__ import annotations

import re

import pytest

from ccgkg.corpus.vocabulary import Cues, Vocabulary

PAYS = {"id": "c", "edge": ["board", "pays", "clinics"], "modality": "opinion", "text": "A claim."}


def faults(tiny, text: str, entry: dict[str, object], **more) -> list[tuple[str, str]]:
    """The law that each error breaks, and the word in question."""
    regions = more.pop("regions", ())
    read = tiny.text(text, regions=regions).claims({**PAYS, **entry}, **more).read()
    found = []
    for error in read.errors:
        word = re.search("“(.+?)”", error.message)
        found.append((error.rule, word.group(1) if word else ""))
    return found


# ---- cues


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("It cannot, and can’t, be.", "negation", ["cannot", "can't"]),
        ("It is no longer so; NOT SO.", "negation", ["no longer", "not"]),
        ("A notable nothing, knotted.", "negation", []),
        ("The month of May may pass.", "hedge", ["may", "may"]),
        ("Iffy.", "condition", []),
        ("It is so.", "of no such kind", []),
    ],
)
def test_a_cue_is_a_whole_word_in_any_case_and_with_any_apostrophe(
    text: str, kind: str, found: list[str]
) -> None:
    cues = {"negation": ("not", "no", "no longer", "can't", "cannot"), "hedge": ("may",)}
    assert Cues({**cues, "condition": ("if",)}).found(text, kind) == found


@pytest.mark.parametrize("kind", ["negation", "hedge", "condition", "speech"])
def test_the_shipped_ontology_lists_cues_of_every_kind(
    shipped_vocabulary: Vocabulary, kind: str
) -> None:
    assert len(shipped_vocabulary.cues.words[kind]) > 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("do not know whether", "negation"),
        ("won’t", "negation"),
        ("cannot", "negation"),
        ("appears to", "hedge"),
        ("might have", "hedge"),
        ("if they wanted to", "condition"),
        ("unless", "condition"),
        ("according to them", "speech"),
        ("felt that", "speech"),
    ],
)
def test_the_shipped_ontology_knows_the_cues_that_its_sources_need(
    shipped_vocabulary: Vocabulary, words: str, kind: str
) -> None:
    assert shipped_vocabulary.cues.found(words, kind)


# ---- elisions: what is left out between two parts of a quote

LEFT_OUT = {
    "negation": ("does not, in truth, pay", "not"),
    "hedge": ("may, it is thought, pay", "may"),
    "condition": ("will, if it must, pay", "if"),
    "speech": ("as somebody said, will pay", "said"),
}


@pytest.mark.parametrize(("middle", "word"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_an_elision_drops_no_cue(tiny, middle: str, word: str) -> None:
    found = faults(tiny, f"The board {middle} the clinics.", {"quote": "The board … the clinics"})
    assert ("elision", word) in found


@pytest.mark.parametrize("name", ["leaders", "the team", "The Paper"])
def test_an_elision_drops_no_actor(tiny, name: str) -> None:
    text = f"The board waits, {name} pay the clinics."
    assert faults(tiny, text, {"quote": "The board … pay the clinics"}) == [("elision", name)]


def test_an_elision_drops_no_actor_by_its_alias(tiny) -> None:
    actors = {"board": {"label": "the board", "kind": "group", "tier": "local"}}
    actors["clinics"] = {**actors["board"], "label": "clinics"}
    actors["paper"] = {**actors["board"], "label": "P", "aliases": ["the weekly"]}
    for entry in actors.values():
        entry["known"] = {"inferred": "made up"}
    tiny.put("actors.yaml", actors)
    text = "The board waits, the weekly pays the clinics."
    assert faults(tiny, text, {"quote": "The board … pays the clinics"}) == [
        ("elision", "the weekly")
    ]


def test_an_elision_may_drop_all_else(tiny) -> None:
    text = "The board gladly, fully and often pays the clinics."
    assert faults(tiny, text, {"quote": "The board … pays the clinics"}) == []


def test_a_word_that_holds_a_cue_or_a_name_is_neither(tiny) -> None:
    text = "The board, a notable misleaders' club, pays the clinics."
    assert faults(tiny, text, {"quote": "The board … pays the clinics"}) == []


@pytest.mark.parametrize(
    ("middle", "accept"),
    [
        ("does not, in truth, pay", {"not": "ironic"}),
        ("can’t, in truth, pay", {"can't": "ironic"}),
        ("can’t, in truth, pay", {"Can’t": "ironic"}),
        ("waits, the team pays", {"the team": "in between"}),
        ("waits, The Paper pays", {"The Paper": "in between"}),
    ],
)
def test_what_an_elision_drops_may_be_accepted_word_by_word(tiny, middle: str, accept) -> None:
    entry = {"quote": "The board … the clinics", "accept": accept}
    assert faults(tiny, f"The board {middle} the clinics.", entry) == []


def test_an_actor_with_a_curly_apostrophe_may_be_accepted(tiny) -> None:
    label = {"kind": "group", "tier": "local", "known": {"inferred": "made up"}}
    keys = {"board": "the board", "clinics": "clinics", "paper": "The King’s Fund"}
    tiny.put("actors.yaml", {key: {"label": name, **label} for key, name in keys.items()})
    entry = {"quote": "The board … the clinics", "accept": {"The King’s Fund": "in between"}}
    assert faults(tiny, "The board waits, The King’s Fund pays the clinics.", entry) == []


# ---- insertions


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("They [the board] pay the clinics", []),
        ("They [do not] pay the clinics", [("insertion", "not")]),
        ("They [can’t] pay the clinics", [("insertion", "can't")]),
        ("[No board but they] pay the clinics", [("insertion", "no")]),
    ],
)
def test_an_insertion_adds_no_negation(tiny, quote: str, found: list[tuple[str, str]]) -> None:
    assert faults(tiny, "They pay the clinics.", {"quote": quote}) == found


def test_an_insertion_stands_for_no_negation_that_the_source_prints(tiny) -> None:
    entry = {"quote": "They [do] pay the clinics"}
    assert faults(tiny, "They do not pay the clinics.", entry) != []


def test_an_added_negation_cannot_be_accepted(tiny) -> None:
    entry = {"quote": "They [do not] pay the clinics", "accept": {"not": "it is meant"}}
    assert ("insertion", "not") in faults(tiny, "They pay the clinics.", entry)


# ---- the rest of the sentence

BESIDE = {
    "negation": ("It is not so that the board pays the clinics.", "not"),
    "hedge": ("It appears that the board pays the clinics.", "appears"),
    "condition": ("If all is well the board pays the clinics.", "if"),
    "speech": ("Somebody said that the board pays the clinics.", "said"),
}
QUOTE = {"quote": "the board pays the clinics"}


@pytest.mark.parametrize(("text", "word"), BESIDE.values(), ids=BESIDE)
def test_a_cue_beside_the_passage_must_be_carried(tiny, text: str, word: str) -> None:
    assert faults(tiny, text, QUOTE) == [("sentence", word)]


@pytest.mark.parametrize(("text", "word"), BESIDE.values(), ids=BESIDE)
def test_a_cue_in_the_passage_needs_nothing(tiny, text: str, word: str) -> None:
    assert word in text.lower()
    assert faults(tiny, text, {"quote": text}) == []


@pytest.mark.parametrize(("text", "word"), BESIDE.values(), ids=BESIDE)
def test_a_cue_in_another_sentence_needs_nothing(tiny, text: str, word: str) -> None:
    other = text.replace("the board pays the clinics", "it rains").capitalize()
    assert word in other.lower()
    assert faults(tiny, f"{other} Today the board pays the clinics. {other}", QUOTE) == []


SUPPOSED = {"id": "s", "edge": ["board", "begins"], "text": "There is a board."}

# text, the fields by which the claim carries its cue
CARRIED = {
    "denied": (BESIDE["negation"][0], {"denied": True}),
    "denied, in a contraction": ("It can’t be that the board pays the clinics.", {"denied": True}),
    "a hedge": (BESIDE["hedge"][0], {"hedge": "It appears"}),
    "if, in words": (BESIDE["condition"][0], {"if": "all is well"}),
    "if, a claim": (BESIDE["condition"][0], {"if": SUPPOSED}),
    "unless": ("Unless all is lost the board pays the clinics.", {"unless": "all is lost"}),
    "a chain of two": (BESIDE["speech"][0], {"chain": ["leaders"]}),
    "words of a chain": (
        BESIDE["speech"][0],
        {"chain": [{"who": "paper", "words": "somebody said"}]},
    ),
    "a question": ("Somebody asks whether the board pays the clinics.", {"modality": "question"}),
    "words of extent": (
        "For no small part the board pays the clinics.",
        {"extent": {"value": "most", "words": "for no small part"}},
    ),
    "words of time": (
        "Not before 2014 the board pays the clinics.",
        {"time": {"said": "not before 2014", "known": "unknown"}},
    ),
    "words of a figure": (
        "With no less than £5 the board pays the clinics.",
        {
            "figure": {
                "said": "no less than £5",
                "unit": "count",
                "measure": "felt-able",
                "population": "clinics",
            }
        },
    ),
    "a hedge in the words of a chain": (
        "As might be said, the board pays the clinics.",
        {"chain": [{"who": "leaders", "words": "As might be said"}]},
    ),
    "a hedge in a condition": (
        "If it could be so the board pays the clinics.",
        {"if": "it could be so"},
    ),
    "a further passage": (
        BESIDE["speech"][0],
        {"also": ["Somebody said that the board"]},
    ),
}


@pytest.mark.parametrize(("text", "fields"), CARRIED.values(), ids=CARRIED)
def test_every_way_to_carry_a_cue(tiny, text: str, fields: dict[str, object]) -> None:
    assert faults(tiny, text, QUOTE) != []
    assert faults(tiny, text, {**QUOTE, **fields}) == []


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (BESIDE["negation"][0], {"hedge": "It is"}),
        (BESIDE["hedge"][0], {"hedge": "it seems"}),
        (BESIDE["hedge"][0], {"denied": True}),
        (BESIDE["condition"][0], {"modality": "prediction"}),
        (BESIDE["speech"][0], {"chain": ["paper"]}),
        ("It may not be so that the board pays the clinics.", {"hedge": "It may be"}),
        ("It appears, or seems, that the board pays the clinics.", {"hedge": "appears"}),
    ],
)
def test_one_cue_is_not_carried_by_what_carries_another(tiny, text: str, fields) -> None:
    found = faults(tiny, text, {**QUOTE, **fields})
    assert [rule for rule, _ in found] == ["sentence"]


def test_a_passage_within_another_leaves_nothing_beside_it(tiny) -> None:
    text = "The board pays the clinics, somebody said, in full."
    entry = {"quote": text, "also": ["board pays the clinics"]}
    assert faults(tiny, text, entry) == []


def test_a_context_carries_nothing(tiny) -> None:
    entry = {**QUOTE, "context": ["It appears that the board"]}
    assert faults(tiny, BESIDE["hedge"][0], entry) == [("sentence", "appears")]


def test_no_cue_is_found_across_a_passage(tiny) -> None:
    actors_text = "This is no board that pays more, longer than the clinics wait."
    found = faults(tiny, actors_text, {"quote": "board that pays more,", "accept": {"no": "x"}})
    assert found == []


def test_the_error_says_what_would_carry_it(tiny) -> None:
    for text, word in BESIDE.values():
        read = tiny.text(text).claims({**PAYS, **QUOTE}).read()
        message = read.only("sentence").message
        assert f"accept: {{'{word}'" in message
        assert any(way in message for way in ("`denied`", "`hedge`", "`if`", "`chain`"))


# ---- accepting


@pytest.mark.parametrize(("text", "word"), BESIDE.values(), ids=BESIDE)
def test_a_cue_is_accepted_by_its_word(tiny, text: str, word: str) -> None:
    assert faults(tiny, text, {**QUOTE, "accept": {word: "belongs elsewhere"}}) == []


def test_two_words_are_accepted_each_by_itself(tiny) -> None:
    text = "It could not be that the board pays the clinics."
    assert faults(tiny, text, {**QUOTE, "accept": {"not": "why"}}) == [("sentence", "could")]
    assert faults(tiny, text, {**QUOTE, "accept": {"not": "why", "could": "why"}}) == []


@pytest.mark.parametrize("accept", [{"not": "why"}, {"": "why"}, {"sentence": "why"}])
def test_what_nothing_asks_to_accept_is_an_error(tiny, accept: dict[str, str]) -> None:
    (found,) = faults(tiny, "Today the board pays the clinics.", {**QUOTE, "accept": accept})
    assert found[0] == "accept-unused"


def test_an_acceptance_needs_a_reason(tiny) -> None:
    assert faults(tiny, BESIDE["hedge"][0], {**QUOTE, "accept": {"appears": " "}}) != []


# ---- headings and boilerplate

PAGE = (
    "The board pays the clinics\n"
    "Once a year the board pays the clinics.\n"
    "Sent by the board to us.\n"
)
REGIONS = [
    {"id": "headline", "kind": "heading", "quote": "The board pays the clinics", "occurrence": 1},
    {"id": "footer", "kind": "boilerplate", "quote": "Sent by the board to us."},
]
VOICES = {"body": ["paper"], "heading": ["paper"], "boilerplate": ["paper"]}

EVIDENCE = {
    "the body": ({"quote": "year the board pays the clinics"}, []),
    "a heading": ({"quote": "The board pays the clinics"}, ["heading"]),
    "a heading, of what it says": (
        {"quote": "The board pays the clinics", "chain": [{"who": "paper", "in": "headline"}]},
        [],
    ),
    "a heading, of what another says in it": (
        {
            "quote": "The board pays the clinics",
            "chain": ["leaders", {"who": "paper", "in": "headline"}],
        },
        ["heading"],
    ),
    "boilerplate": ({"quote": "Sent by the board"}, ["boilerplate"]),
    "boilerplate, of what it says": (
        {"quote": "Sent by the board", "chain": [{"who": "paper", "in": "footer"}]},
        ["boilerplate"],
    ),
    "the body, and a heading as well": (
        {"quote": "year the board pays the clinics", "also": ["The board pays the clinics"]},
        ["heading"],
    ),
    "the body, and boilerplate as well": (
        {"quote": "year the board pays the clinics", "also": ["Sent by the board"]},
        ["boilerplate"],
    ),
}


@pytest.mark.parametrize(("entry", "rules"), EVIDENCE.values(), ids=EVIDENCE)
def test_boilerplate_is_no_evidence_and_a_heading_only_of_what_it_says(
    tiny, entry: dict[str, object], rules: list[str]
) -> None:
    found = faults(tiny, PAGE, entry, regions=REGIONS, voices=VOICES)
    assert [rule for rule, _ in found] == rules


@pytest.mark.parametrize("word", ["boilerplate", "footer", ""])
def test_boilerplate_cannot_be_accepted(tiny, word: str) -> None:
    entry = {"quote": "Sent by the board", "accept": {word: "it is true all the same"}}
    found = faults(tiny, PAGE, entry, regions=REGIONS, voices=VOICES)
    assert "boilerplate" in [rule for rule, _ in found]


def test_boilerplate_may_be_context(tiny) -> None:
    entry = {"quote": "year the board pays the clinics", "context": ["Sent by the board"]}
    assert faults(tiny, PAGE, entry, regions=REGIONS, voices=VOICES) == []
