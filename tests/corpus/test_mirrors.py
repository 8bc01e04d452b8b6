"""One article printed twice is one set of claims with passages in two sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wholecorpus import read_corpus

import ccgkg
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.places import CorpusPlace, corpus_at
from ccgkg.dataset.ontology import read_ontology

BMJ, KINGSFUND = "naylor-2013-bmj", "naylor-2013-kingsfund"
MIRROR = f"seeds/{KINGSFUND}/claims.yaml"


def read(place: CorpusPlace) -> tuple[Corpus, Findings]:
    findings = Findings(place.root)
    vocabulary = read_ontology(place.vocabularies()).vocabulary
    return read_corpus(place, vocabulary, findings), findings


@pytest.fixture(scope="module")
def shipped() -> Corpus:
    return read(corpus_at(None))[0]


def test_every_claim_of_the_article_has_its_passages_in_both_printings(shipped: Corpus) -> None:
    reading = shipped.readings[KINGSFUND]
    claims = {claim.short: claim for claim in shipped.readings[BMJ].claims}
    absent = {f"{BMJ}/{name}" for name in reading.mirrors.absent}
    assert set(reading.mirrored) == set(claims) - absent
    text = shipped.sources[KINGSFUND].text
    for short, passages in reading.mirrored.items():
        assert len(passages) == len(claims[short].passages)
        for passage in passages:
            assert passage.source == KINGSFUND
            assert passage.region == "body"
            assert all(text[span].strip() for span in passage.spans)


def test_the_printings_differ_in_typography_and_are_found_all_the_same(shipped: Corpus) -> None:
    verdicts = [p.verdict for ps in shipped.readings[KINGSFUND].mirrored.values() for p in ps]
    assert {"exact", "folded"} == set(verdicts)


def test_it_is_no_second_confirmation() -> None:
    corpus = ccgkg.open()
    rows = corpus.query(
        "SELECT ?source ?again WHERE { ?claim ccg:alsoPrintedIn ?again ; ccg:source ?source }"
    )
    assert len(rows) > 40
    for row in rows:
        assert row["source"].endswith(BMJ) and row["again"].endswith(KINGSFUND)
    works = corpus.query("SELECT DISTINCT ?work WHERE { ?source ccg:prints ?work }")
    assert [row["work"].rpartition("/")[2] for row in works] == ["naylor-2013"]


def test_a_citation_names_both_printings() -> None:
    cited = ccgkg.open().cite(f"{BMJ}/chance-to-succeed")
    assert f"printed again in {KINGSFUND}" in cited
    assert cited.count("Naylor, C. (2013)") == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (f"source: {BMJ}\n", "source: nobody-2013\n", "`nobody-2013` has no claims of its own"),
        (f"source: {BMJ}\n", "source: naylor-2013-bjm\n", f"nearest: {BMJ}"),
        (
            "absent: [title-pessimism, ",
            "absent: [",
            "title-pessimism` is not found in this printing",
        ),
        ("absent: [title-pessimism", "absent: [chance-to-succeed, title-pessimism", "prints it"),
        (
            "absent: [title-pessimism",
            "absent: [no-such-claim, title-pessimism",
            "no claim `no-such",
        ),
    ],
)
def test_a_mirror_that_does_not_hold_is_an_error_with_its_line(
    old: str, new: str, message: str, corpus: CorpusPlace, spoil
) -> None:
    text = spoil(MIRROR, old, new).read_text(encoding="utf-8").splitlines()
    line = text.index("mirrors:") + 1
    (finding,) = [f for f in read(corpus)[1].of("error") if f.rule == "mirror"]
    assert (Path(finding.path), finding.line) == (Path(MIRROR), line)
    assert message in finding.message


@pytest.mark.parametrize(
    ("rendering", "message"),
    [
        ("Give localism and the CCGs a fair chance", "stands in `comments-continued` (comments)"),
        ("Add your comment", "stands in `add-comment` (boilerplate)"),
        ("will need to be part of this. CCGs will not be able", "runs over several sentences"),
        ("CCGs will … be able to develop new", "the elision drops the negation “not”"),
    ],
)
def test_a_rendering_is_held_to_the_laws_of_a_quote(
    rendering: str, message: str, corpus: CorpusPlace, spoil
) -> None:
    given = f"mirrors:\n  renderings: {{chance-to-succeed: {json.dumps(rendering)}}}\n"
    spoil(MIRROR, "mirrors:\n", given)
    (finding,) = [f for f in read(corpus)[1].of("error") if f.rule == "mirror"]
    assert "`naylor-2013-bmj/chance-to-succeed` is not found" in finding.message
    assert message in finding.message


def test_words_that_stand_only_in_the_comments_do_not_print_a_claim(
    corpus: CorpusPlace, spoil
) -> None:
    spoil(MIRROR, "absent: [", "absent: [chance-to-succeed, ")
    rendering = '{chance-to-succeed: "Give localism and the CCGs a fair chance"}'
    spoil(MIRROR, "mirrors:\n", f"mirrors:\n  renderings: {rendering}\n")
    assert not [f for f in read(corpus)[1].of("error") if f.rule == "mirror"]


def test_a_rendering_gives_the_words_of_the_other_printing(corpus: CorpusPlace, spoil) -> None:
    spoil(MIRROR, "mirrors:\n", "mirrors:\n  renderings: {chance-to-succeed: give CCGs a chance}\n")
    (finding,) = [f for f in read(corpus)[1].of("error") if f.rule == "mirror"]
    assert "chance-to-succeed" in finding.message
