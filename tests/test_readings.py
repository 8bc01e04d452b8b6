"""The blind check of the curation: complete, decided, and about the corpus as it stands.

What the files under `agreement/` are is said in `readings.py`, which computes the figures.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import readings
import yaml

FIELDS = ("speaker", "modality", "polarity", "direction")
DECISIONS = {
    "pairs": {"kept", "changed", "both-hold"},
    "only-blind": {"added", "declined"},
    "only-curation": {"kept", "dropped"},
}


def test_the_guideline_shows_the_figures():
    text = readings.PAGE.read_text(encoding="utf-8")
    assert readings.page(text) == text, "run: python tests/docs.py"


def test_every_source_was_read_blind():
    assert set(readings.SOURCES) == set(readings.corpus().sources)


@pytest.mark.parametrize("key", readings.SOURCES)
def test_blind_quotes_are_in_the_text(key: str):
    text = readings.corpus().sources[key].text.content
    entries = readings.read(key, "blind.yaml")["claims"]
    assert [entry["id"] for entry in entries if entry["quote"] not in text] == []


@pytest.mark.parametrize("key", readings.SOURCES)
def test_each_claim_of_both_lists_is_compared(key: str):
    told = readings.compared(key)
    theirs = [pair["blind"] for pair in (*told.pairs, *told.only_blind)]
    ours = [claim for pair in told.pairs for claim in pair["claims"]]
    ours += [alone["claim"] for alone in told.only_curation]
    assert set(theirs) == set(told.blind)
    assert set(ours) == set(told.curation)
    assert not {alone["blind"] for alone in told.only_blind} & {p["blind"] for p in told.pairs}
    assert not {a["claim"] for a in told.only_curation} & {
        claim for pair in told.pairs for claim in pair["claims"]
    }


@pytest.mark.parametrize("key", readings.SOURCES)
def test_each_difference_is_decided_and_the_reason_written_down(key: str):
    told = readings.compared(key)
    alone = {"only-blind": told.only_blind, "only-curation": told.only_curation}
    for name, entries in alone.items():
        for entry in entries:
            assert entry["decision"] in DECISIONS[name] and entry["why"], entry
    for pair in told.pairs:
        if not all(told.agrees(pair, field) for field in FIELDS) or len(pair["claims"]) > 1:
            assert pair.get("decision") in DECISIONS["pairs"] and pair.get("why"), pair


@pytest.mark.parametrize("key", readings.SOURCES)
def test_a_direction_is_not_called_the_same_where_the_actors_are_swapped(key: str):
    told = readings.compared(key)
    actors = set(readings.corpus().registers.actors)
    for pair in told.pairs:
        one, others = told.blind[pair["blind"]], [told.curation[c] for c in pair["claims"]]
        ends = [set(one[end]) & actors if end in one else set() for end in ("subject", "object")]
        for other in others:
            swapped = ends[0] & set(other["object"]) and ends[1] & set(other["subject"])
            straight = ends[0] & set(other["subject"]) and ends[1] & set(other["object"])
            assert not (swapped and not straight and pair["direction"] == "same"), pair


@pytest.mark.parametrize("key", readings.SOURCES)
def test_the_last_verdicts_are_about_the_claims_as_they_stand(key: str):
    judged = {entry["claim"]: entry["digest"] for entry in readings.rounds(key)[-1]["claims"]}
    assert judged == {claim.id: readings.digest(claim) for claim in readings.curated(key)}


def test_no_claim_is_rejected_and_one_in_a_hundred_at_most_has_a_blemish():
    final = sum((readings.counted(readings.rounds(key)[-1]) for key in readings.SOURCES), Counter())
    assert set(final) <= set(readings.VERDICTS)
    assert final["no"] == 0
    assert final["minor"] <= 0.01 * final.total()


@pytest.mark.parametrize("key", readings.SOURCES)
def test_every_objection_has_a_reason_and_an_answer(key: str):
    for told in readings.rounds(key):
        for entry in told["claims"]:
            if entry["verdict"] != "yes":
                assert entry["why"] and entry["answer"], (key, told["round"], entry["claim"])


@pytest.mark.parametrize("key", readings.SOURCES)
def test_the_last_round_with_a_no_is_kept_beside_the_final_one(key: str):
    kept = readings.rounds(key)
    numbers = [told["round"] for told in kept]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1 or readings.counted(kept[0])["no"]


def test_no_one_has_reviewed_until_somebody_has(root: Path):
    for path in root.glob("seeds/*/source.yaml"):
        assert not yaml.safe_load(path.read_text(encoding="utf-8")).get("reviewed-by")


WORDS = [frozenset(range(start, end)) for start, end in ((0, 4), (4, 8), (8, 12))]


@pytest.mark.parametrize(
    ("theirs", "ours", "figure"),
    [
        ({WORDS[0]}, {WORDS[0]}, 1.0),
        ({WORDS[0]}, {WORDS[1]}, 0.0),
        ({WORDS[0]}, {WORDS[0] | WORDS[1]}, 1.0),
        ({WORDS[0]}, {WORDS[0] | WORDS[1] | WORDS[2]}, 0.0),
        ({WORDS[0], WORDS[1]}, {WORDS[0]}, 2 / 3),
    ],
)
def test_passages_agree_if_they_share_half_of_their_words(theirs, ours, figure):
    assert readings.span_f1([(theirs, ours)]) == pytest.approx(figure)
