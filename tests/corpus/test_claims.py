"""A bare triple stands only for what a source plainly affirms; a digest is of what a claim says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ccgkg.corpus.claims import Claim, End, end_types, states, takes
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.vocabulary import UNSTATED, Vocabulary

TEXT = "The board pays the clinics under contract.\nThe clinics wait for it.\n"
PLAIN = {
    "quote": "The board pays the clinics",
    "id": "c",
    "edge": ["board", "pays", "clinics"],
    "modality": "fact",
    "text": "The board pays the clinics.",
}
SUPPOSED = {"id": "s", "edge": ["clinics", "begins"], "text": "The clinics begin."}


def claim(tiny, **fields: Any) -> Claim:
    read = tiny.text(TEXT).claims({**PLAIN, **fields}).read()
    assert read.errors == []
    return read.claims["c"]


# ---- what the corpus establishes

OF_CLINICS = {"population": "clinics"}

STATED = {
    "a fact": {},
    "a finding": {"modality": "finding"},
    "of all": {"extent": "all"},
    "hedged only in frequency": {"hedge": "tended to"},
    "hedged only in extent": {"hedge": "largely"},
    "told by another": {"chain": [{"who": "team", "words": "found", "form": "paraphrase"}]},
    "endorsed": {"chain": ["team", {"who": "paper", "stance": "endorses"}]},
    "a sum": {
        "figure": {"said": "£5", "value": 5, "unit": "count", "measure": "felt-able", **OF_CLINICS}
    },
    "plain by its own word": {"tone": ["plain"], "reading": "explicit"},
    "with all that does not qualify": {
        "about": "care",
        "by": "money",
        "from": "board",
        "to": "clinics",
        "time": "year-2014",
        "lever": {"judged": ["stick"]},
        "note": "a note",
    },
    "of two": {"edge": [["board", "team"], "pays", "clinics"]},
    "in the source's own words": {"edge": ["board", "is", "generous"]},
}


@pytest.mark.parametrize("fields", STATED.values(), ids=STATED)
def test_what_is_plainly_affirmed_is_stated(tiny, vocabulary: Vocabulary, fields) -> None:
    assert states(claim(tiny, **fields), vocabulary)


DESCRIBED = {
    "denied": {"denied": True},
    "hedged": {"hedge": "it appears"},
    "hedged among other words": {"hedge": "to some extent it MAY be"},
    "on a condition": {"if": "all is well"},
    "on a condition that is a claim": {"if": SUPPOSED},
    "unless": {"unless": "all is lost"},
    "one of several": {"one-of": "reasons"},
    "a percentage": {
        "figure": {
            "said": "20%",
            "value": 20,
            "unit": "percent",
            "measure": "felt-able",
            **OF_CLINICS,
        }
    },
    "a share": {
        "figure": {"said": "one in five", "unit": "share", "measure": "felt-able", **OF_CLINICS}
    },
    "compared": {"compare": {"direction": "more", "than": "team"}},
    "distanced": {"chain": ["leaders", {"who": "paper", "stance": "distances"}]},
    "rejected": {"chain": ["leaders", {"who": "paper", "stance": "rejects"}]},
    "unclear who says it": {"chain": [{"who": "leaders", "sure": "unclear", "why": "no mark"}]},
    "sarcastic": {"tone": ["sarcastic"]},
    "figurative": {"tone": "figurative"},
    "rhetorical among others": {"tone": ["plain", "rhetorical"]},
    "implied": {"reading": "implied"},
    "of nobody named": {"edge": [UNSTATED, "pays", "clinics"]},
    "of somebody and nobody named": {"edge": [["board", UNSTATED], "pays", "clinics"]},
    "to nobody named": {"edge": ["board", "pays", UNSTATED]},
    "without an object": {"edge": ["board", "begins"]},
    "withdrawn": {"withdrawn": {"why": "misread"}},
    **{
        f"of {extent}": {"extent": extent}
        for extent in ("most", "some", "few", "none", "one", "not-all")
    },
    **{
        f"a {modality}": {"modality": modality}
        for modality in (
            "question",
            "perception",
            "intention",
            "recommendation",
            "proposal",
            "prediction",
            "opinion",
        )
    },
}


@pytest.mark.parametrize("fields", DESCRIBED.values(), ids=DESCRIBED)
def test_whatever_qualifies_a_claim_keeps_it_from_being_stated(
    tiny, vocabulary: Vocabulary, fields
) -> None:
    assert not states(claim(tiny, **fields), vocabulary)


def test_a_condition_is_never_stated(tiny, vocabulary: Vocabulary) -> None:
    (_, condition), *_ = claim(tiny, **{"if": SUPPOSED}).conditions
    assert condition.modality == "supposition"
    assert not states(condition, vocabulary)


HEDGES = ("appears", "seems", "suggests", "may", "might", "could", "likely")


@pytest.mark.parametrize(
    ("hedge", "stated"),
    [
        *((hedge, False) for hedge in HEDGES),
        ("it seems that", False),
        ("tended to", True),
        ("often", True),
        ("largely", True),
    ],
)
def test_the_shipped_ontology_tells_hedges_of_certainty_from_others(
    tiny, shipped_vocabulary: Vocabulary, hedge: str, stated: bool
) -> None:
    assert states(claim(tiny, hedge=hedge), shipped_vocabulary) is stated


def test_no_shipped_opinion_denial_or_condition_is_stated(shipped_corpus: Corpus) -> None:
    stated = [c for c in shipped_corpus.claims.values() if states(c, shipped_corpus.vocabulary)]
    assert stated
    assert {c.modality for c in stated} <= {"fact", "finding"}
    assert not any(c.full is None or c.full.denied or c.conditions for c in stated)


# ---- the digest


def digest(tiny, printed: str = TEXT, **fields: Any) -> str:
    """The digest of the claim, over the quotes as the source prints them."""
    tiny.text(printed).claims({**PLAIN, **fields}, *OTHERS)
    read = tiny.read()
    assert read.errors == []
    made = read.claims["c"]
    quotes = [read.source.text[span] for passage in made.passages for span in passage.spans]
    return made.digest(quotes)


ASKED = {**PLAIN, "quote": "The clinics wait for it.", "modality": "question"}
OTHERS = [{**ASKED, "id": other} for other in ("d", "e")]

CHANGES: dict[str, dict[str, Any]] = {
    "quote": {"quote": "The board pays the clinics under contract"},
    "also": {"also": ["clinics under contract"]},
    "edge": {"edge": ["board", "funds", "clinics"]},
    "modality": {"modality": "finding"},
    "text": {"text": "It pays."},
    "denied": {"denied": True},
    "hedge": {"hedge": "largely"},
    "chain": {"chain": ["leaders"]},
    "words of the chain": {"chain": [{"who": "paper", "words": "says"}]},
    "about": {"about": "care"},
    "by": {"by": "care"},
    "from": {"from": "board"},
    "to": {"to": "board"},
    "extent": {"extent": "most"},
    "compare": {"compare": {"direction": "more"}},
    "figure": {"figure": {"said": "£5", "unit": "count", "measure": "felt-able", **OF_CLINICS}},
    "time": {"time": "year-2014"},
    "if": {"if": "all is well"},
    "unless": {"unless": "all is well"},
    "one-of": {"one-of": "reasons"},
    "answers": {"answers": "d"},
    "lever": {"lever": {"none": "no power"}},
    "tone": {"tone": "figurative"},
    "reading": {"reading": "implied"},
}


def test_a_digest_changes_with_each_thing_that_a_claim_says(tiny) -> None:
    digests = {name: digest(tiny, **fields) for name, fields in CHANGES.items()}
    digests["as it was"] = digest(tiny)
    twins = [name for name, value in digests.items() if list(digests.values()).count(value) > 1]
    assert twins == []


def test_a_digest_changes_with_the_words_of_a_condition(tiny) -> None:
    one = digest(tiny, **{"if": SUPPOSED})
    assert one != digest(tiny, **{"if": {**SUPPOSED, "text": "They do."}})
    assert one != digest(tiny, **{"if": {**SUPPOSED, "denied": True}})
    assert one != digest(tiny, unless=SUPPOSED)


REASONS = [{"claim": "d", "why": "a reason"}, {"claim": "e", "why": "another"}]

KEEPS: dict[str, dict[str, Any]] = {
    "note": {"note": "a note"},
    "supports": {"supports": REASONS},
    "disputes": {"disputes": REASONS},
    "updates": {"updates": REASONS[0]},
    "qualifies": {"qualifies": REASONS},
    "utterance": {"utterance": REASONS},
    "defaults": {"denied": False, "reading": "explicit", "tone": []},
    "the voice of the region, typed": {"chain": ["paper"]},
    "typography": {"quote": "The board\u00a0pays the clinics"},
    "context": {"context": ["The clinics wait for"]},
    "occurrence": {"occurrence": 1},
}


@pytest.mark.parametrize("fields", KEEPS.values(), ids=KEEPS)
def test_a_digest_stays_with_what_the_curator_says_beside_the_claim(tiny, fields) -> None:
    assert digest(tiny, **fields) == digest(tiny)


def test_a_digest_changes_with_the_levers_that_a_relation_brings(tiny) -> None:
    made = claim(tiny)
    assert made.levers == {"money": "default"}
    assert replace(made, levers={}).digest([]) != made.digest([])


def test_a_digest_stays_when_a_further_quote_is_typed_otherwise(tiny) -> None:
    typed = ("clinics under contract", "clinics\u00a0under contract")
    assert len({digest(tiny, also=[quote]) for quote in typed}) == 1


def test_a_digest_stays_when_the_passage_moves(tiny) -> None:
    assert digest(tiny, printed=f"A new first line.\n{TEXT}") == digest(tiny)


def test_a_digest_stays_when_a_word_is_accepted(tiny) -> None:
    text = TEXT.replace("under contract", "as somebody said")
    read = tiny.text(text).claims({**PLAIN, "accept": {"said": "of the sum"}}, *OTHERS).read()
    assert read.errors == []
    assert read.claims["c"].digest(["The board pays the clinics"]) == digest(tiny)


def test_a_digest_stays_when_a_condition_gets_a_note(tiny) -> None:
    noted = {**SUPPOSED, "note": "a note"}
    assert digest(tiny, **{"if": noted}) == digest(tiny, **{"if": SUPPOSED})


def test_a_digest_of_a_claim_is_of_that_claim(shipped_corpus: Corpus) -> None:
    digests = [c.digest([]) for c in shipped_corpus.claims.values()]
    assert len(set(digests)) == len(digests)


# ---- what else a claim knows of itself


def test_a_claim_knows_its_short_id_and_who_speaks_first_and_last(tiny) -> None:
    made = claim(tiny, chain=["leaders", "team"])
    assert made.short == f"{tiny.key}/c"
    assert (made.asserter, made.teller) == ("leaders", "paper")
    assert made.short_of("d") == f"{tiny.key}/d"
    assert made.short_of("other-2015/d") == "other-2015/d"


def test_a_claim_lists_its_links_by_kind(tiny) -> None:
    fields = {"supports": REASONS, "disputes": REASONS[0]}
    read = tiny.text(TEXT).claims({**PLAIN, **fields}, *OTHERS).read()
    listed = [(kind, reason.claim) for kind, reason in read.claims["c"].reasons()]
    assert listed == [("supports", "d"), ("supports", "e"), ("disputes", "d")]


def test_a_relation_says_what_it_takes(vocabulary: Vocabulary) -> None:
    funds, is_ = vocabulary.relations["funds"], vocabulary.relations["is"]
    assert takes(funds, End("topic", "care"), "range")
    assert not takes(funds, End("topic", "care"), "domain")
    assert end_types(funds, "range") == "actor or topic"
    assert end_types(is_, "range") == "the source's own words"
    assert end_types(vocabulary.relations["begins"], "range") == "nothing"
