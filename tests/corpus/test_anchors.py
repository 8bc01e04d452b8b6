"""A quote is found again, or the curator is told how far it is from the text; nothing between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccgkg.corpus.anchors import CONTEXT, Anchor, Hints, Match, Quote, describe, locate, resolve
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.nearest import CUTOFF, nearest_passage
from ccgkg.corpus.sentences import segment
from ccgkg.corpus.text import Span, Text, fold, is_boundary, words

few = settings(derandomize=True, max_examples=60, deadline=None)

ONE_SENTENCE = (
    "Area teams “wield the stick”, while CCGs – so far – give out the carrots to GPs’ practices."
)


def find(content: str, quote: str, hints: Hints | None = None) -> Match:
    """Where a quote stands in a text, sentences cut as for a source."""
    text = Text(content)
    return locate(text, Quote.parse(quote, text), hints, segment(text))


def found(content: str, quote: str, hints: Hints | None = None) -> tuple[str, list[str]]:
    """The verdict on a quote, and the passage."""
    match = find(content, quote, hints)
    return match.verdict, [content[span.start : span.end] for span in match.spans]


# ---- the five verdicts


@pytest.mark.parametrize(
    ("quote", "verdict", "passage"),
    [
        ("give out the carrots", "exact", "give out the carrots"),
        ("“wield the stick”, while CCGs", "exact", "“wield the stick”, while CCGs"),
        ('"wield the stick", while', "folded", "“wield the stick”, while"),
        ("'wield the stick,' while", "folded", "“wield the stick”, while"),
        ("CCGs - so far - give out", "folded", "CCGs – so far – give out"),
        ("CCGs\u00a0– so far", "folded", "CCGs – so far"),
        ("to GPs' practices", "folded", "to GPs’ practices"),
    ],
)
def test_a_quote_holds_exactly_or_but_for_typography(
    quote: str, verdict: str, passage: str
) -> None:
    assert found(ONE_SENTENCE, quote) == (verdict, [passage])


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("give out the Carrots", "drifted"),
        ("give out the carrot", "drifted"),
        ("gives out the carrots", "drifted"),
        ("wield the big stick, while CCGs", "drifted"),
        ("give out the carrots to GPs’ practices now", "drifted"),
        ("nothing of this kind was ever printed in it", "lost"),
        ("0123456789 0123456789 0123456789", "lost"),
    ],
)
def test_a_quote_that_is_not_there_is_no_evidence(quote: str, verdict: str) -> None:
    match = find(ONE_SENTENCE, quote)
    assert match.verdict == verdict
    assert match.spans == ()
    assert match.problem


def test_a_drifted_quote_shows_line_nearest_passage_and_difference() -> None:
    match = find(
        "First line.\nThe board supports all of the clinics.", "supports none of the clinics"
    )
    assert match.verdict == "drifted"
    for shown in ("line 2", "“supports all of the clinics”", "-“none”", "+“all”"):
        assert shown in match.problem


def test_a_quote_that_stands_twice_is_ambiguous_and_all_its_lines_are_named() -> None:
    match = find("It works for GPs.\nSo it works for GPs.", "works for GPs")
    assert (match.verdict, match.spans, match.places) == ("ambiguous", (), (3, 24))
    assert "lines 1, 2" in match.problem


@pytest.mark.parametrize("quote", ["of the whole", "the … of … the … whole"])
def test_an_error_stays_readable_however_often_a_quote_stands_there(quote: str) -> None:
    match = find("The whole of it, " + "and of the whole " * 30 + "at last.", quote)
    assert match.verdict == "ambiguous"
    assert len(match.problem) < 500


def test_an_exact_place_outweighs_one_that_matches_but_for_typography() -> None:
    assert found("the GPs’ role; the GPs' role", "the GPs' role") == ("exact", ["the GPs' role"])


# ---- words


@pytest.mark.parametrize(
    "quote", ["art of the whole", "part of the who", "hole of a part", "he whole of a part"]
)
def test_a_quote_neither_starts_nor_ends_within_a_word(quote: str) -> None:
    assert find("It is part of the whole of a part.", quote).spans == ()


@pytest.mark.parametrize("quote", ["so they can", "so they won"])
@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_a_quote_does_not_cut_a_negation_from_its_verb(quote: str, apostrophe: str) -> None:
    assert find(f"Asked again, {quote}{apostrophe}t agree to that.", quote).spans == ()


def test_a_place_within_a_word_does_not_make_a_quote_ambiguous() -> None:
    assert found("apart of it all, a part of it", "part of it") == ("exact", ["part of it"])


@pytest.mark.parametrize(
    "quote", ["CCGs", "the carrots", "… the carrots", "[all of] the carrots", "–"]
)
def test_a_quote_has_at_least_three_words_of_the_source(quote: str) -> None:
    match = find(ONE_SENTENCE, quote)
    assert match.verdict == "lost"
    assert "3 words" in match.problem


# ---- hints

TWICE = "First, GPs are paid to wait; then GPs are paid to act; last “GPs are paid” once more."


@pytest.mark.parametrize(
    ("hints", "at"),
    [
        (Hints(occurrence=1), 7),
        (Hints(occurrence=2), 34),
        (Hints(occurrence=3), 61),
        (Hints(prefix="First, "), 7),
        (Hints(prefix="then"), 34),
        (Hints(suffix="to wait"), 7),
        (Hints(suffix=" to act"), 34),
        (Hints(prefix='"'), 61),
        (Hints(suffix="' once"), 61),
        (Hints(suffix="to", occurrence=2), 34),
        (Hints(prefix="then", suffix="to act"), 34),
    ],
)
def test_prefix_suffix_or_occurrence_decides_between_places(hints: Hints, at: int) -> None:
    match = find(TWICE, "GPs are paid", hints)
    assert (match.verdict, match.spans) == ("exact", (Span(at, at + 12),))


def test_a_hint_that_leaves_two_places_does_not_decide() -> None:
    match = find(TWICE, "GPs are paid", Hints(suffix="to"))
    assert (match.verdict, match.places) == ("ambiguous", (7, 34))


@pytest.mark.parametrize(
    "hints", [Hints(occurrence=4), Hints(prefix="never"), Hints(suffix="never")]
)
def test_a_hint_that_leaves_no_place_is_what_the_error_is_about(hints: Hints) -> None:
    match = find(TWICE, "GPs are paid", hints)
    assert match.spans == ()
    assert "upper and lower case" not in match.problem


def test_a_hint_may_decide_for_a_place_that_matches_but_for_typography() -> None:
    content = "The GPs' own role. Later the GPs’ own role."
    assert found(content, "GPs' own role", Hints(prefix="Later the")) == (
        "folded",
        ["GPs’ own role"],
    )


# ---- elisions and insertions


@pytest.mark.parametrize(
    ("typed", "parts", "insertions"),
    [
        ("all of it stands", ("all of it stands",), ()),
        ("some … left out", ("some", "left out"), ()),
        ("some…left … out", ("some", "left", "out"), ()),
        ("they [the GPs] engage", ("they engage",), ("the GPs",)),
        ("[the GPs] engage", ("engage",), ("the GPs",)),
        ("they … [have to] engage", ("they", "engage"), ("have to",)),
        ("… in the middle …", ("in the middle",), ()),
    ],
)
def test_a_typed_quote_is_read_as_parts_and_insertions(
    typed: str, parts: tuple[str, ...], insertions: tuple[str, ...]
) -> None:
    assert Quote.parse(typed) == Quote(parts, insertions)


@pytest.mark.parametrize(
    ("quote", "verdict", "passage"),
    [
        ("Area teams … give out the carrots", "exact", ["Area teams", "give out the carrots"]),
        ("Area teams … so far … to GPs’", "exact", ["Area teams", "so far", "to GPs’"]),
        ("Area teams … to GPs' practices", "folded", ["Area teams", "to GPs’ practices"]),
        ("CCGs … give out [only] the carrots", "exact", ["CCGs", "give out the carrots"]),
    ],
)
def test_the_parts_of_an_elided_quote_stand_in_their_order(
    quote: str, verdict: str, passage: list[str]
) -> None:
    assert found(ONE_SENTENCE, quote) == (verdict, passage)


def test_parts_in_another_order_are_no_quote() -> None:
    match = find(ONE_SENTENCE, "give out the carrots … Area teams")
    assert match.verdict == "lost"
    assert "another order" in match.problem


def test_parts_in_two_sentences_are_no_quote() -> None:
    match = find("The board pays. The clinics wait for it.", "The board … wait for it")
    assert match.verdict == "lost"
    assert "different sentences" in match.problem


def test_parts_overlap_nowhere() -> None:
    assert find("The board pays the clinics.", "The board pays … pays the clinics").spans == ()


def test_a_part_that_is_not_there_is_named_by_its_nearest_passage() -> None:
    match = find(ONE_SENTENCE, "Area teams … give out the carots")
    assert match.verdict == "drifted"
    assert "give out the carrots" in match.problem


def test_an_elided_quote_that_stands_in_two_sentences_is_ambiguous_until_a_hint_decides() -> None:
    content = "Here the board pays the clinics. There the board now pays the clinics."
    assert find(content, "the board … the clinics").verdict == "ambiguous"
    decided = find(content, "the board … the clinics", Hints(prefix="There"))
    assert [span.start for span in decided.spans] == [39, 58]


@pytest.mark.parametrize(
    ("hints", "last"),
    [
        (Hints(suffix="and nurses"), 23),
        (Hints(suffix="who wait"), 43),
        (Hints(occurrence=1), 23),
        (Hints(occurrence=2), 43),
    ],
)
def test_hints_decide_on_an_elided_quote_as_a_whole(hints: Hints, last: int) -> None:
    match = find(
        "The plan we made helps GPs and nurses, and GPs who wait.", "The plan … GPs", hints
    )
    assert [span.start for span in match.spans] == [0, last]


def test_a_part_may_hold_but_for_typography_though_another_sentence_prints_it_exactly() -> None:
    content = "The GPs' role is small. Yet the GPs’ role grew and grew in the year."
    assert found(content, "GPs' role … in the year") == ("folded", ["GPs’ role", "in the year"])


PRINTED = "The ‘big [sic] plan’ was … well, it was big."


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("The ‘big [sic] plan’ was", "exact"),
        ("plan’ was … well, it", "exact"),
        ("The 'big [sic] plan' was", "folded"),
        ("plan' was … well, it", "folded"),
    ],
)
def test_brackets_and_dots_that_the_source_prints_are_its_own(quote: str, verdict: str) -> None:
    text = Text(PRINTED)
    assert Quote.parse(quote, text) == Quote((quote,))
    assert find(PRINTED, quote).verdict == verdict


# ---- describe and resolve

letters = st.text(alphabet="aéß𝔸😀 \n“’–-.", min_size=0, max_size=30)


@few
@given(letters, st.data())
def test_every_passage_is_found_again_from_its_anchor(content: str, data: st.DataObject) -> None:
    edges = [at for at in range(len(content) + 1) if is_boundary(content, at)]
    start, end = sorted(data.draw(st.tuples(st.sampled_from(edges), st.sampled_from(edges))))
    if start == end:
        return
    text = Text(content)
    assert resolve(text, describe(text, Span(start, end))) == Match("exact", (Span(start, end),))


@few
@given(letters, letters)
def test_an_anchor_counts_code_points_and_keeps_the_sources_own_characters(
    before: str, after: str
) -> None:
    passage = "GPs 😀 wait"
    text = Text(before + passage + after)
    anchor = describe(text, Span(len(before), len(before) + len(passage)))
    assert anchor == Anchor(
        exact=passage,
        prefix=before[-CONTEXT:],
        suffix=after[:CONTEXT],
        start=len(before),
        end=len(before) + 10,
        digest=text.digest,
    )


OLD = Text("Before. The board pays the clinics under contract. After.")
ANCHOR = describe(OLD, Span(8, 50))


@pytest.mark.parametrize(
    ("new", "verdict", "passage"),
    [
        ("The board pays the clinics under contract.", "exact", ANCHOR.exact),
        ("😀" * 40 + f"Much before. {ANCHOR.exact} After.", "exact", ANCHOR.exact),
        (
            OLD.content.replace("pays the", "pays\u00a0the"),
            "folded",
            "The board pays\u00a0the clinics under contract.",
        ),
        (OLD.content.replace("under", "without"), "drifted", None),
        (OLD.content.replace(ANCHOR.exact, "Now."), "lost", None),
        (f"{OLD.content} {ANCHOR.exact}", "exact", ANCHOR.exact),
        ("", "lost", None),
    ],
    ids=["cut", "moved", "typography", "edited", "deleted", "printed again", "empty"],
)
def test_an_anchor_is_sought_in_a_changed_text(new: str, verdict: str, passage: str | None) -> None:
    match = resolve(Text(new), ANCHOR)
    assert match.verdict == verdict
    assert [new[s.start : s.end] for s in match.spans] == ([passage] if passage else [])


def test_a_moved_passage_that_stands_twice_is_known_by_its_surroundings() -> None:
    old = Text("Here the board pays the clinics. There the board pays the clinics.")
    second = describe(old, Span(39, 65))
    new = Text(f"A new first line. {old.content}")
    assert resolve(new, second) == Match("exact", (Span(57, 83),))


def test_a_passage_that_stands_twice_in_new_surroundings_is_ambiguous_and_has_not_drifted() -> None:
    anchor = describe(Text("GPs wait here. Now GPs wait here."), Span(0, 13))
    assert resolve(Text("Then GPs wait here! But GPs wait here?"), anchor).verdict == "ambiguous"


def test_a_passage_is_not_found_within_a_word_of_a_changed_text() -> None:
    anchor = describe(Text(" art of the whole"), Span(1, 17))
    assert resolve(Text("part of the whole"), anchor).spans == ()


def test_a_short_passage_of_an_elided_quote_is_found_again_where_it_moved() -> None:
    anchor = describe(Text("now CCGs wait"), Span(4, 8))
    assert resolve(Text("so now CCGs wait"), anchor) == Match("exact", (Span(7, 11),))


# ---- the shipped curation


def test_every_quote_of_the_shipped_curation_round_trips(shipped_corpus: Corpus) -> None:
    seen = 0
    for claim in shipped_corpus.claims.values():
        for passage in (*claim.passages, *claim.context):
            source = shipped_corpus.sources[passage.source]
            printed = [source.text[span] for span in passage.spans]
            parts = Quote.parse(passage.typed, source.text).parts
            assert [fold(p).content.strip() for p in parts] == [fold(p).content for p in printed]
            for span in passage.spans:
                seen += 1
                anchor = describe(source.text, span)
                assert resolve(source.text, anchor) == Match("exact", (span,)), claim.short
    assert seen > len(shipped_corpus.claims) > 0


def test_every_quote_of_the_shipped_curation_is_found_below_a_new_first_line(
    shipped_corpus: Corpus,
) -> None:
    shift = "A line that the publisher put first.\n"
    moved = {key: Text(shift + s.text.content) for key, s in shipped_corpus.sources.items()}
    for claim in shipped_corpus.claims.values():
        for passage in claim.passages:
            for span in passage.spans:
                anchor = describe(shipped_corpus.sources[passage.source].text, span)
                there = Span(span.start + len(shift), span.end + len(shift))
                assert resolve(moved[passage.source], anchor) == Match("exact", (there,))


# ---- the nearest passage

ARTICLE = (
    "It is clear that engaging member practices will, at times, be challenging, particularly "
    "when CCGs have difficult decisions to make. Nonetheless, we found some grounds for optimism "
    "in our research. The extent of clinical involvement was generally felt to be improved."
)


@few
@given(st.permutations(range(8)), st.integers(1, 4))
def test_a_closer_quote_scores_higher(order: list[int], more: int) -> None:
    text = Text(ARTICLE)
    printed = words("The extent of clinical involvement was generally felt")

    def score(changed: int) -> float:
        typed = ["Xylophon" if at in order[:changed] else word for at, word in enumerate(printed)]
        near = nearest_passage(text, " ".join(typed), cutoff=0)
        assert near is not None
        return near.similarity

    assert 100 == score(0) > score(1) >= score(1 + more) > 0


@pytest.mark.parametrize("quote", ["grounds for optimism", "member practices will at times"])
def test_the_nearest_passage_is_whole_words_of_the_text_where_it_says(quote: str) -> None:
    text = Text(f"A first line.\n{ARTICLE}")
    near = nearest_passage(text, quote.replace("i", "y"))
    assert near is not None
    assert near.passage == text[near.span] == near.passage.strip()
    assert is_boundary(text.content, near.span.start)
    assert is_boundary(text.content, near.span.end)
    assert near.line == 2
    assert CUTOFF <= near.similarity < 100


def test_the_nearest_passage_is_found_though_a_letter_is_longer_in_lower_case() -> None:
    text = Text(f"{'İ' * 60} said that the committee shall meet on every Monday")
    near = nearest_passage(text, "the committee will meet on every Monday")
    assert near is not None
    assert near.passage == "the committee shall meet on every Monday"


def test_what_is_like_nothing_has_no_nearest_passage() -> None:
    assert nearest_passage(Text(ARTICLE), "0123456789 0123456789 0123456789") is None
