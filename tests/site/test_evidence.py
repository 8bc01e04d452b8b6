"""The law: a page shows of a claim what the dataset says of it, in the source's own words."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from ccgkg.dataset.cards import read_card
from ccgkg.dataset.opening import open_store
from ccgkg.dataset.prefixes import CCG
from ccgkg.errors import NotBuildable
from ccgkg.site.evidence import Evidence
from ccgkg.site.pages import pages, site_of
from ccgkg.site.passages import around, fragment, pieces
from ccgkg.site.sources import read_sources
from ccgkg.site.ties import ties_between


def test_every_claim_of_the_dataset_is_there_as_it_is_cited(evidence: Evidence):
    store = evidence.facts.store
    iris = store.subjects("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", CCG + "Claim")
    assert sorted(claim.card.iri for claim in evidence.claims.values()) == iris
    for claim in evidence.claims.values():
        assert claim.card == read_card(store, claim.card.iri)


def test_claims_stand_in_the_order_of_their_texts(evidence: Evidence):
    starts = [
        (claim.source.key, min(p.stretches[0] for p in claim.card.passages if p.source == key))
        for claim in evidence.standing
        for key in [claim.source.key]
    ]
    assert starts == sorted(starts)


def test_a_quote_is_marked_in_the_whole_sentence_that_holds_it(evidence: Evidence):
    for claim in evidence.standing:
        cards = {(card.source, card.quote) for card in claim.card.passages}
        assert {(p.source, p.quote) for p in (*claim.passages, *claim.again)} == cards
        for passage in (*claim.passages, *claim.again):
            source = evidence.sources[passage.source]
            shown = "".join(piece.text for piece in passage.pieces)
            start = source.text.index(shown)
            assert start in {first for first, _ in source.sentences}
            assert start + len(shown) in {last for _, last in source.sentences}


@pytest.mark.parametrize(
    ("stretches", "whole", "cut"),
    [
        ([(4, 6)], (0, 10), ["abcd", "*ef", "ghij"]),
        ([(0, 2), (7, 10)], (0, 10), ["*ab", "cdefg", "*hij"]),
        ([(9, 13)], (0, 20), ["abcdefghi", "*jKLM", "NOPQRST"]),
        ([(0, 10)], (0, 10), ["*abcdefghij"]),
    ],
)
def test_passages_are_cut_at_the_parts_of_their_quote(stretches, whole, cut):
    text, sentences = "abcdefghijKLMNOPQRST", [(0, 10), (10, 20)]
    assert around(sentences, stretches) == whole
    told = [("*" if piece.marked else "") + piece.text for piece in pieces(text, whole, stretches)]
    assert told == cut


@pytest.mark.parametrize(
    ("address", "quotes", "found"),
    [
        ("", ["three words here"], ""),
        ("https://a.example/x", ["two-thirds, maybe"], "#:~:text=two%2Dthirds%2C%20maybe"),
        ("https://a.example/x#part", ["a b c"], ":~:text=a%20b%20c"),
        ("https://a.example/x", ["a b c", "d e f"], "#:~:text=a%20b%20c&text=d%20e%20f"),
        ("https://a.example/x", ["no\u00a0break &amp;"], "#:~:text=no%20break%20%26amp%3B"),
        (
            "https://a.example/x",
            ["one two three four five six seven eight nine ten eleven twelve thirteen"],
            "#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen",
        ),
    ],
)  # fmt: skip
def test_a_quote_is_found_on_the_original_page(address, quotes, found):
    assert fragment(address, quotes) == address + found


def test_fragments_lead_to_the_words_of_the_quote(evidence: Evidence):
    for claim in evidence.standing:
        for passage in claim.passages:
            said = [unquote(part) for part in passage.original.partition("text=")[2].split(",")]
            words = " ".join(passage.quote.split())
            if " … " not in passage.quote:
                assert words.startswith(said[0])
                assert words.endswith(said[-1])


@pytest.mark.parametrize(
    ("claim", "words", "other"),
    [
        ("pulse-2016/influence-20", "updates", "pulse-2016/influence-35"),
        ("pulse-2016/influence-35", "is updated by", "pulse-2016/influence-20"),
        ("pulse-2016/practices-unable", "is qualified by", "pulse-2016/influence-20"),
        ("holder-2014/muddying", "holds only if", "holder-2014/at-odds"),
        ("holder-2014/at-odds", "is the condition of", "holder-2014/muddying"),
    ],
)
def test_a_tie_is_told_from_both_of_its_ends(evidence: Evidence, claim, words, other):
    ties = [(tie.words, tie.other.short) for tie in evidence.claims[claim].ties]
    assert (words, other) in ties


def test_every_tie_has_its_other_end_and_curators_links_a_reason(evidence: Evidence):
    for claim in evidence.standing:
        for tie in claim.ties:
            back = [each.other.short for each in evidence.claims[tie.other.short].ties]
            assert claim.short in back
            if tie.kind in ("disputes", "updates", "qualifies", "supports", "sameUtterance"):
                assert tie.because


def test_ties_to_what_may_not_be_shown_are_left_out(evidence: Evidence):
    brief = evidence.claims["pulse-2016/influence-20"].brief
    alone = {evidence.claims["pulse-2016/influence-20"].card.iri: brief}
    assert ties_between(evidence.facts, alone) == {}


def test_what_is_printed_twice_is_one_claim_with_the_other_printing_beside_it(evidence: Evidence):
    again = [claim for claim in evidence.standing if claim.again]
    assert again
    for claim in again:
        assert {passage.source for passage in claim.again} == {"naylor-2013-kingsfund"}
        assert claim.again[0].reader.endswith(f"#{claim.short}")


def test_a_claim_on_an_issue_names_its_side_and_the_reason(evidence: Evidence):
    (bearing,) = evidence.claims["pulse-2016/influence-20"].bearings
    assert (bearing.side, bearing.issue.page) == (
        "against",
        "lens/disagreements.html#gps-influence-ccgs",
    )
    assert "one in five" in bearing.because


def test_a_text_that_has_changed_since_the_build_is_refused(evidence: Evidence, tmp_path):
    views = evidence.facts.store.views()["sources"]
    cards = {source.card.iri: source.card for source in evidence.sources.values()}
    other = tmp_path / "source.txt"
    other.write_text("other words", encoding="utf-8")
    changed = {key: {**view, "path": str(other)} for key, view in views.items()}
    with pytest.raises(NotBuildable, match="is not the text that was built"):
        read_sources(evidence.things, cards, changed)


@pytest.mark.slow
def test_a_withdrawn_claim_is_on_its_own_page_and_nowhere_else(corpus, spoil, cache):
    spoil(
        "seeds/holder-2014/claims.yaml",
        "{id: needs-joint-working,",
        "{id: needs-joint-working, withdrawn: {why: misread by us, successor: needs-efficiency},",
    )
    told = dict(pages(site_of(open_store(corpus.root, cache))))
    own = "claim/holder-2014/needs-joint-working.html"
    assert "misread by us" in told[own]
    assert "needs-efficiency.html" in told[own]
    assert [path for path, page in told.items() if "needs-joint-working" in page] == [own]
