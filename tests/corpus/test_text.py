"""Typography folds and nothing else does; every folded place leads back to its characters."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccgkg.corpus.text import Span, Text, fold, is_boundary, stops_inside, words

few = settings(derandomize=True, max_examples=60, deadline=None)

QUOTES = "'\"‘’‚‛“”„‟′″«»‹›"
SPACES = (
    " \t\n\r\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
LETTERS = "aAbGPsßéİﬁ09½%£.,;:!?()[]…𝔸😀"

typeset = st.text(alphabet=LETTERS + QUOTES + SPACES + DASHES + INVISIBLE, max_size=40)


def coded(characters: str) -> list[str]:
    return [f"U+{ord(c):04X}" for c in characters]


@pytest.mark.parametrize("mark", QUOTES, ids=coded(QUOTES))
def test_the_shape_of_a_quotation_mark_folds(mark: str) -> None:
    assert fold(f"GPs{mark} role").content == fold("GPs' role").content


@pytest.mark.parametrize("space", SPACES, ids=coded(SPACES))
def test_the_kind_of_a_space_folds(space: str) -> None:
    assert fold(f"GPs{space}role").content == fold("GPs role").content


@pytest.mark.parametrize("dash", DASHES, ids=coded(DASHES))
def test_the_length_of_a_dash_and_the_spaces_around_it_fold(dash: str) -> None:
    assert fold(f"long{dash}term").content == fold("long-term").content
    assert fold(f"so {dash} then").content == fold("so-then").content


@pytest.mark.parametrize("invisible", INVISIBLE, ids=coded(INVISIBLE))
def test_what_is_not_seen_is_not_compared(invisible: str) -> None:
    assert fold(f"com{invisible}missioning").content == "commissioning"


@pytest.mark.parametrize("runs", [" \n\t ", " – ", "\u00a0\u00ad ", "--", " \u200b- \u2060"])
def test_a_run_of_spaces_and_dashes_folds_to_one_space(runs: str) -> None:
    assert fold(f"a{runs}b").content == "a b"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPs", "gps"),
        ("CCG", "CCGs"),
        ("straße", "strasse"),
        ("cafe", "café"),
        ("ﬁnd", "find"),
        ("½", "1/2"),
        ("1.50", "1.5"),
        ("…", "..."),
        ("co-operate", "cooperate"),
        ("GPs'", "GPs"),
        ("£65", "65"),
    ],
)
def test_no_letter_digit_or_case_folds(one: str, other: str) -> None:
    assert fold(one).content != fold(other).content


@few
@given(typeset)
def test_letters_stay_as_they_are_and_in_their_order(text: str) -> None:
    typography = set(QUOTES + SPACES + DASHES + INVISIBLE)
    kept = [c for c in fold(text).content if c not in "' "]
    assert kept == [c for c in text if c not in typography]


@few
@given(typeset)
def test_what_is_folded_folds_to_itself(text: str) -> None:
    once = fold(text).content
    assert fold(once).content == once


@few
@given(typeset, st.data())
def test_a_folded_span_leads_back_to_characters_that_fold_to_it(
    text: str, data: st.DataObject
) -> None:
    folded = fold(text)
    if not folded.content:
        return
    start = data.draw(st.integers(0, len(folded.content) - 1))
    end = data.draw(st.integers(start + 1, len(folded.content)))
    span = folded.unfold(start, end)
    assert 0 <= span.start < span.end <= len(text)
    assert fold(text[span.start : span.end]).content == folded.content[start:end]
    assert text[span.start] not in INVISIBLE
    assert text[span.end - 1] not in INVISIBLE


@few
@given(typeset)
def test_there_is_a_way_back_from_every_folded_character_and_from_the_end(text: str) -> None:
    folded = fold(text)
    assert len(folded.offsets) == len(folded.content) + 1
    assert list(folded.offsets) == sorted(set(folded.offsets))
    assert folded.offsets[-1] == len(text)


@pytest.mark.parametrize("stop", [",", "."])
def test_a_comma_or_full_stop_may_stand_on_either_side_of_a_closing_mark(stop: str) -> None:
    outside, inside = fold(f"some “buy in”{stop} so"), fold(f"some ‘buy in{stop}’ so")
    assert outside.content != inside.content
    assert outside.stops_inside == inside.stops_inside


@pytest.mark.parametrize("stop", [";", ":", "!", "?", ")"])
def test_no_other_stop_changes_sides(stop: str) -> None:
    assert fold(f"“buy in”{stop}").stops_inside != fold(f"“buy in{stop}”").stops_inside


def test_a_stop_that_touches_no_quotation_mark_stays() -> None:
    assert stops_inside("so, it was. Then 'buy in' came") == "so, it was. Then 'buy in' came"


@few
@given(typeset)
def test_moving_stops_keeps_every_offset_but_of_the_two_that_change_places(text: str) -> None:
    folded = fold(text)
    assert len(folded.stops_inside) == len(folded.content)
    assert sorted(folded.stops_inside) == sorted(folded.content)


@pytest.mark.parametrize(
    ("text", "at", "boundary"),
    [
        ("part", 0, True),
        ("part", 1, False),
        ("part", 4, True),
        ("a part", 2, True),
        ("20%", 2, True),
        ("long-term", 4, True),
        ("(CCGs)", 1, True),
        ("cannot", 3, False),
        ("can't", 3, False),
        ("can’t", 3, False),
        ("cafe\u0301", 4, False),
        ("‘so’, he", 3, True),
        ("‘so’, he", 4, True),
        ("CCGs’ role", 4, True),
        ("‘buy in’2 so", 7, True),
        ("‘buy in’2 so", 8, True),
    ],
)
def test_a_word_neither_starts_nor_ends_within_a_word(text: str, at: int, boundary: bool) -> None:
    assert is_boundary(text, at) is boundary


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", []),
        ("…, – ’", []),
        ("GPs’ buy-in, 20%", ["GPs", "buy", "in", "20"]),
        ("it doesn't, nor can’t", ["it", "doesn't", "nor", "can’t"]),
    ],
)
def test_words_are_counted_without_their_typography(text: str, counted: list[str]) -> None:
    assert words(text) == counted


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (Span(0, 2), Span(2, 4), False),
        (Span(0, 3), Span(2, 4), True),
        (Span(0, 9), Span(2, 4), True),
        (Span(5, 6), Span(0, 5), False),
    ],
)
def test_half_open_spans_share_a_character_or_do_not(one: Span, other: Span, overlap: bool) -> None:
    assert one.overlaps(other) is other.overlaps(one) is overlap


def test_a_text_counts_code_points_and_its_digest_is_of_its_bytes() -> None:
    text = Text("😀 GPs\r\nand CCGs’")
    assert text[Span(2, 5)] == "GPs"
    assert len(text) == 16
    assert text.digest == hashlib.sha256("😀 GPs\r\nand CCGs’".encode()).hexdigest()


@few
@given(st.lists(st.text(alphabet="a\u2028\r é", max_size=5), min_size=1, max_size=6))
def test_the_line_of_an_offset_counts_line_feeds_alone(lines: list[str]) -> None:
    text = Text("\n".join(lines))
    at = 0
    for number, line in enumerate(lines, 1):
        assert text.line(at) == number
        at += len(line) + 1
