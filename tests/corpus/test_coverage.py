"""Every sentence carries a claim or says why not, and what stands in no passage is counted."""

from __future__ import annotations

import pytest

from ccgkg.corpus.coverage import MOST_NO_CLAIM, MOST_OUTSIDE, Coverage
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.rules import rules_accepted_in

SOURCE_RULES = rules_accepted_in("source.yaml")

# Sentences of 4, 10, 5, 6 and 3 words; the first is a heading, the last boilerplate.
TEXT = (
    "Who pays the clinics\n"
    "Now the board pays the clinics a lot of money. "
    "Let us look more closely. "
    "The clinics wait for their money.\n"
    "Printed in London.\n"
)
REGIONS = [
    {"id": "title", "kind": "heading", "quote": "Who pays the clinics"},
    {"id": "footer", "kind": "boilerplate", "quote": "Printed in London."},
]
PAYS = {"quote": "the board pays the clinics", "id": "pays"}
LOOK = {"quote": "Let us look more closely.", "no-claim": "lead-in"}
WAIT = {"quote": "clinics wait for their money", "id": "wait"}


def covered(tiny, *entries) -> Coverage:
    voices = {"body": ["paper"], "heading": ["paper"]}
    read = tiny.text(TEXT, regions=REGIONS).claims(*entries, voices=voices).read()
    assert read.errors == []
    return read.corpus.coverage[tiny.key]


def test_sentences_are_claimed_declared_or_open(tiny) -> None:
    counted = covered(tiny, PAYS, LOOK)
    assert (counted.sentences, counted.claimed) == (5, 1)
    assert counted.declared == {"lead-in": 1, "heading": 1, "boilerplate": 1}
    assert [TEXT[span.start : span.end] for span in counted.open] == [
        "The clinics wait for their money."
    ]


def test_the_words_of_claimed_sentences_that_stand_in_no_passage(tiny) -> None:
    assert covered(tiny, PAYS, LOOK).outside == 5 / 10
    assert covered(tiny, PAYS, LOOK, WAIT).outside == (5 + 1) / (10 + 6)
    assert covered(tiny, {**PAYS, "also": ["pays the clinics a lot of"]}).outside == 2 / 10


@pytest.mark.parametrize(
    ("quote", "outside"),
    [
        ("Now the board pays the clinics a lot of money.", 0),
        ("Now the board … a lot of money.", 3),
        ("[Then] Now the board pays the clinics", 4),
        ("the clinics a lot of", 5),
    ],
)
def test_a_passage_covers_the_words_of_its_stretches(tiny, quote: str, outside: int) -> None:
    accept = {"accept": {"clinics": "of the same sentence"}} if "…" in quote else {}
    assert covered(tiny, {"quote": quote, "id": "c", **accept}).outside == outside / 10


def test_several_passages_of_a_sentence_count_each_word_once(tiny) -> None:
    entries = [
        {"quote": "Now the board pays", "id": "one"},
        {"quote": "board pays the clinics", "id": "two"},
        {"quote": "board pays the", "id": "three"},
        {"quote": "a lot of money", "id": "four"},
    ]
    for order in (entries, entries[::-1]):
        assert covered(tiny, *order).outside == 0


def test_the_share_declared_no_claim_is_of_body_and_comments(tiny) -> None:
    assert covered(tiny, PAYS, LOOK, WAIT).no_claim == 5 / (10 + 5 + 6)


def test_an_open_sentence_does_not_raise_the_share_declared_no_claim(tiny) -> None:
    assert covered(tiny, PAYS, LOOK).no_claim == 5 / (10 + 5 + 6)


def test_a_heading_counts_neither_for_nor_against_the_share_declared_no_claim(tiny) -> None:
    heading = {
        "quote": "Who pays the clinics",
        "id": "t",
        "chain": [{"who": "paper", "in": "title"}],
    }
    assert covered(tiny, heading, PAYS, LOOK, WAIT).no_claim == 5 / (10 + 5 + 6)
    declared = {"quote": "Who pays the clinics", "no-claim": "heading"}
    assert covered(tiny, declared, PAYS, LOOK, WAIT).no_claim == 5 / (10 + 5 + 6)


def test_a_context_covers_nothing(tiny) -> None:
    counted = covered(tiny, {**PAYS, "context": ["The clinics wait for"]}, LOOK)
    assert len(counted.open) == 1


def test_a_condition_stands_on_the_passage_of_its_claim(tiny) -> None:
    condition = {"id": "s", "edge": ["board", "begins"], "text": "There is a board."}
    counted = covered(tiny, {**PAYS, "if": condition})
    assert (counted.claimed, counted.outside) == (1, 5 / 10)


def test_a_claim_that_is_no_longer_made_covers_nothing(tiny) -> None:
    counted = covered(tiny, {**PAYS, "withdrawn": {"why": "misread"}}, LOOK, WAIT)
    assert [TEXT[span.start : span.end] for span in counted.open] == [TEXT.split("\n")[1][:46]]


def test_a_condition_of_a_claim_that_is_no_longer_made_covers_nothing(tiny) -> None:
    condition = {"id": "s", "edge": ["board", "begins"], "text": "There is a board."}
    entry = {**PAYS, "withdrawn": {"why": "misread"}, "if": condition}
    assert covered(tiny, entry, LOOK, WAIT).claimed == 1


def test_a_sentence_whose_claim_is_withdrawn_may_be_declared_none(tiny) -> None:
    withdrawn = {"quote": "us look more closely", "id": "look", "withdrawn": {"why": "misread"}}
    assert covered(tiny, PAYS, withdrawn, LOOK, WAIT).declared["lead-in"] == 1


def test_a_source_without_claims_is_open_but_for_its_regions(tiny) -> None:
    corpus = tiny.text(TEXT, regions=REGIONS).read().corpus
    counted = corpus.coverage[tiny.key]
    assert (counted.sentences, counted.claimed, len(counted.open)) == (5, 0, 3)
    assert (counted.outside, counted.no_claim) == (0, 0)


# ---- what is said about it


def warnings(tiny, *entries, text: str = TEXT, **changes) -> dict[str, list[str]]:
    tiny.text(text, regions=REGIONS if text == TEXT else (), **changes)
    if entries:
        tiny.claims(*entries)
    found: dict[str, list[str]] = {}
    for finding in tiny.read().warnings:
        if finding.rule in SOURCE_RULES:
            found.setdefault(finding.rule, []).append(finding.message)
    return found


def test_each_open_sentence_is_named_with_its_line_in_the_source(tiny) -> None:
    tiny.text(TEXT, regions=REGIONS).claims(PAYS, LOOK)
    (warning,) = (w for w in tiny.read().warnings if w.rule == "sentence-open")
    assert "The clinics wait for their money." in warning.message
    assert (warning.path, warning.line) == (f"seeds/{tiny.key}/source.txt", 2)


def of_words(covered: int, outside: int) -> str:
    return f"{'in ' * covered}{'out ' * outside}".strip().capitalize() + ".\n"


@pytest.mark.parametrize(("inside", "raised"), [(85, False), (84, True)])
def test_more_words_in_no_passage_than_the_limit_is_a_warning(
    tiny, inside: int, raised: bool
) -> None:
    text = of_words(inside, 100 - inside)
    quote = {"quote": text.partition(" out")[0], "id": "c"}
    assert pytest.approx(0.15) == MOST_OUTSIDE
    assert ("words-outside" in warnings(tiny, quote, text=text)) is raised


@pytest.mark.parametrize(("declared", "raised"), [(10, False), (11, True)])
def test_more_words_declared_no_claim_than_the_limit_is_a_warning(
    tiny, declared: int, raised: bool
) -> None:
    claimed, rest = of_words(100 - declared, 0), of_words(0, declared)
    entries = [
        {"quote": claimed.strip(), "id": "c"},
        {"quote": rest.strip(), "no-claim": "lead-in"},
    ]
    assert pytest.approx(0.10) == MOST_NO_CLAIM
    assert ("no-claim-share" in warnings(tiny, *entries, text=claimed + rest)) is raised


def test_a_warning_names_the_share(tiny) -> None:
    assert warnings(tiny, PAYS, LOOK, WAIT)["words-outside"][0].startswith("38%")


def test_a_source_that_is_not_curated_is_one_warning(tiny) -> None:
    assert set(warnings(tiny)) == {"not-curated", "not-pinned"}


@pytest.mark.parametrize(
    ("entries", "rules"),
    [
        ((), {"not-curated"}),
        ((PAYS, LOOK), {"sentence-open", "words-outside", "no-claim-share"}),
    ],
)
def test_a_warning_about_a_source_is_answered_in_its_record(tiny, entries, rules) -> None:
    assert rules < set(warnings(tiny, *entries)) <= {*rules, "not-pinned"}
    accept = dict.fromkeys([*rules, "not-pinned"], "a reason")
    assert warnings(tiny, *entries, accept=accept) == {}
    assert tiny.read().errors == []


@pytest.mark.parametrize("rule", sorted(SOURCE_RULES))
def test_an_answer_to_no_warning_is_an_error(tiny, rule: str) -> None:
    quote = {"quote": "The board pays the clinics.", "id": "c"}
    spans = "[[0, 27]]"
    tiny.text("The board pays the clinics.\n", accept={rule: "a reason"}).claims(quote)
    digest = tiny.read().source.text.digest
    tiny.put(f"{tiny.key}/sentences.yaml", f"sha256: {digest}\nspans: {spans}\n")
    read = tiny.read()
    assert not SOURCE_RULES & {warning.rule for warning in read.warnings}
    assert f"`{rule}`" in read.only("accept-unused").message


# ---- the shipped corpus


def test_every_curated_shipped_source_is_covered(shipped_corpus: Corpus) -> None:
    curated = [key for key in shipped_corpus.sources if key in shipped_corpus.readings]
    assert curated
    for key in curated:
        counted = shipped_corpus.coverage[key]
        assert counted.open == (), key
        assert counted.outside <= MOST_OUTSIDE, key
        assert counted.no_claim <= MOST_NO_CLAIM, key
        assert counted.claimed + sum(counted.declared.values()) == counted.sentences, key
