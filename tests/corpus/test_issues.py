"""Issues: claims that exist take one side each of a question, with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ccgkg.corpus.library import Corpus

TEXT = "The board pays the clinics. It may be that they are paid late. Leaders said so at once.\n"
CLAIMS = (
    {"quote": "The board pays the clinics.", "id": "pays"},
    {"quote": "they are paid late", "id": "late", "accept": {"may": "a test"}},
    {"quote": "Leaders said so at once.", "id": "said"},
)
WITHDRAWN = {"quote": "It may be that", "id": "maybe", "withdrawn": {"why": "misread"}}
PAID = """\
well-paid:
  label: Are clinics well paid?
  about: [clinics, care]
  for:
  - {claim: paper-2014/pays, why: they are paid}
  against: {claim: paper-2014/late, why: late}
  qualifies: [{claim: paper-2014/said, why: leaders say so}]
  note: Of pay only.
"""


@pytest.fixture
def paper(tiny):
    """A source with three claims that stand and one that is withdrawn."""
    return tiny.text(TEXT).claims(*CLAIMS, WITHDRAWN)


def test_an_issue_gathers_its_claims_by_side_with_reason_and_line(paper) -> None:
    paper.put("issues.yaml", PAID)
    read = paper.read()
    assert read.errors == []
    (issue,) = read.corpus.issues.values()
    assert (issue.form.label, issue.form.note) == ("Are clinics well paid?", "Of pay only.")
    assert issue.form.about == ("clinics", "care")
    assert (issue.path, issue.line) == (paper.seeds / "issues.yaml", 1)
    assert [(b.side, b.claim, b.why, b.line) for b in issue.bearings] == [
        ("for", "paper-2014/pays", "they are paid", 5),
        ("against", "paper-2014/late", "late", 6),
        ("qualifies", "paper-2014/said", "leaders say so", 7),
    ]


def test_a_corpus_may_do_without_issues(paper) -> None:
    read = paper.read()
    assert read.errors == []
    assert read.corpus.issues == {}


def test_a_claim_may_bear_on_two_issues_and_take_another_side_there(paper) -> None:
    late = {"claim": "paper-2014/late", "why": "they are"}
    pays = {"claim": "paper-2014/pays", "why": "at all"}
    issues = {
        "paid": {"label": "Are they paid?", "for": [pays, late]},
        "at-once": {"label": "Are they paid at once?", "for": pays, "against": late},
    }
    paper.put("issues.yaml", issues)
    read = paper.read()
    assert read.errors == []
    sides = [[b.side for b in issue.bearings] for issue in read.corpus.issues.values()]
    assert sides == [["for", "for"], ["for", "against"]]


# what is changed in PAID: the old words, the new, the rule, what the error says and on which line

REFUSED: dict[str, tuple[str, str, str, tuple[str, ...], int]] = {
    "no such claim": (
        "paper-2014/pays",
        "paper-2014/payed",
        "reference",
        (
            "`well-paid` names a claim that does not exist: `paper-2014/payed`",
            "nearest: paper-2014/pa",
        ),
        5,
    ),
    "no such source": (
        "paper-2014/late",
        "paper-2041/late",
        "reference",
        ("`paper-2041/late`", "nearest: paper-2014/late"),
        6,
    ),
    "a claim without its source": (
        "paper-2014/late",
        "late",
        "field-value",
        ("against.claim: `late` is not a claim: source-key/its-id",),
        6,
    ),
    "a withdrawn claim": (
        "paper-2014/said",
        "paper-2014/maybe",
        "reference",
        ("`well-paid` names a claim that is withdrawn: `paper-2014/maybe`",),
        7,
    ),
    "no reason": (", why: leaders say so", "", "field-missing", ("`why` is missing",), 7),
    "an empty reason": ("why: late", 'why: " "', "field-value", ("against.why",), 6),
    "a claim on two sides": (
        "paper-2014/said",
        "paper-2014/pays",
        "claim-twice",
        ("`paper-2014/pays` bears on `well-paid` already, under `for:` on line 5", "one side"),
        7,
    ),
    "a claim twice on one side": (
        "qualifies: [",
        "qualifies: [{claim: paper-2014/said, why: once}, ",
        "claim-twice",
        ("`paper-2014/said` bears on `well-paid` already, under `qualifies:` on line 7",),
        7,
    ),
    "an unknown side": ("qualifies:", "quallifies:", "field-unknown", ("`quallifies`",), 7),
    "an unknown topic": ("care]", "cares]", "field-value", ("`cares`", "nearest: care"), 3),
    "no question": (
        "  label: Are clinics well paid?\n",
        "",
        "field-missing",
        ("`label` is missing",),
        1,
    ),
    "a key that is no key": ("well-paid:", "Well paid:", "key", ("`Well paid` is no key",), 1),
    "a key of another register": (
        "well-paid:",
        "board:",
        "key-twice",
        ("`board` is also in actors.yaml:",),
        1,
    ),
}


@pytest.mark.parametrize(("old", "new", "rule", "says", "line"), REFUSED.values(), ids=REFUSED)
def test_what_an_issue_may_not_say_has_its_line(
    paper, old: str, new: str, rule: str, says: tuple[str, ...], line: int
) -> None:
    assert PAID.count(old) == 1
    paper.put("issues.yaml", PAID.replace(old, new))
    error = paper.read().only(rule)
    assert (error.path, error.line) == ("seeds/issues.yaml", line)
    assert [words for words in says if words not in error.message] == [], error.message


FEW = {
    "none": "x: {label: Is it?}\n",
    "one": "x: {label: Is it?, for: [{claim: paper-2014/pays, why: it is}]}\n",
}


@pytest.mark.parametrize("content", FEW.values(), ids=FEW)
def test_at_least_two_claims_bear_on_an_issue(paper, content: str) -> None:
    paper.put("issues.yaml", f"# one\n{content}")
    error = paper.read().only("field-value")
    assert (error.path, error.line) == ("seeds/issues.yaml", 2)
    assert "at least two claims" in error.message
    assert "`for:`, `against:`, `qualifies:`" in error.message


@pytest.mark.parametrize(
    ("content", "rule"),
    [("- x\n", "not-a-register"), ("x: [", "unreadable"), ("", "unreadable")],
    ids=["a list", "not YAML", "empty"],
)
def test_a_file_that_holds_no_issues_is_named(paper, content: str, rule: str) -> None:
    paper.put("issues.yaml", content)
    assert paper.read().only(rule).path == "seeds/issues.yaml"


def test_one_faulty_issue_does_not_hide_the_next(paper) -> None:
    paper.put("issues.yaml", FEW["one"] + PAID.replace("paper-2014/late", "paper-2014/lat"))
    assert paper.read().rules == ["field-value", "reference"]


def test_a_withdrawn_claim_leads_to_its_successor(paper) -> None:
    successor = {**WITHDRAWN, "withdrawn": {"why": "misread", "successor": "late"}}
    paper.claims(*CLAIMS, successor).put("issues.yaml", PAID.replace("/said", "/maybe"))
    assert paper.read().only("reference").message.endswith("its successor: paper-2014/late")


FAULTS: dict[str, Callable] = {
    "a claim that does not hold": lambda paper: paper.claims(
        *CLAIMS[1:], {**CLAIMS[0], "modality": "facts"}
    ),
    "a source that cannot be read": lambda paper: paper.put("paper-2014/source.yaml", "- x\n"),
    "a register that cannot be read": lambda paper: paper.put("topics.yaml", "a: ["),
}


@pytest.mark.parametrize("spoil", FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_elsewhere_is_not_blamed_on_the_issue(paper, spoil: Callable) -> None:
    paper.put("issues.yaml", PAID)
    spoil(paper)
    errors = paper.read().errors
    assert errors
    assert [str(error) for error in errors if error.path == "seeds/issues.yaml"] == []


# ---- the shipped issues


def test_no_side_of_a_shipped_issue_rests_on_a_question_or_a_supposition(
    shipped_corpus: Corpus,
) -> None:
    """Who only asks or supposes takes no side."""
    assert len(shipped_corpus.issues) >= 5
    for key, issue in shipped_corpus.issues.items():
        for bearing in issue.bearings:
            modality = shipped_corpus.claims[bearing.claim].modality
            assert modality not in ("question", "supposition"), (key, bearing.claim)
