"""Every word of a source stands in exactly one sentence, and pinned sentences stay as they are."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccgkg.corpus.places import shipped
from ccgkg.corpus.sentences import PINNED, pin, pinned, segment
from ccgkg.corpus.text import Span, Text, words
from ccgkg.corpus.yamlfile import read_text
from ccgkg.errors import CcgkgError, SeedError

few = settings(derandomize=True, max_examples=100, deadline=None)

SOURCES = sorted(folder.name for folder in shipped().source_folders())
TEXT = Text("One two. Three four.\n")


def sentences(content: str, *borders: int) -> list[str]:
    return [content[s.start : s.end] for s in segment(Text(content), borders=borders)]


def each_word_once(text: Text, spans: tuple[Span, ...]) -> bool:
    apart = all(one.end <= two.start for one, two in pairwise(spans))
    inside = [c for span in spans for c in text[span] if not c.isspace()]
    return apart and inside == [c for c in text.content if not c.isspace()]


# ---- pinned boundaries


@pytest.mark.parametrize("key", SOURCES)
def test_the_pinned_sentences_of_a_shipped_source_hold_each_word_once(key: str) -> None:
    folder = shipped().seeds / key
    text = Text(read_text(folder / "source.txt"))
    spans = pinned(folder, text)
    assert spans is not None
    assert each_word_once(text, spans)
    assert [w for span in spans for w in words(text[span])] == words(text.content)


def test_a_source_without_pins_has_none(tmp_path: Path) -> None:
    assert pinned(tmp_path, TEXT) is None


def pins(rows: str, digest: str = TEXT.digest) -> str:
    return f"segmenter: x\nsha256: {digest}\nspans:\n{rows}"


GOOD = "- [0, 8]\n- [9, 20]\n"

# the file, the line that the error names (0: the file as a whole)
MALFORMED = {
    "of another text": (pins(GOOD, "0" * 64), 2),
    "no digest": (f"spans:\n{GOOD}", 1),
    "no spans": (f"sha256: {TEXT.digest}\n", 0),
    "spans that are no list": (f"sha256: {TEXT.digest}\nspans: 5\n", 0),
    "a list": (GOOD, 0),
    "no YAML": ("a: ]\n", 1),
    "a sentence too few": (pins("- [0, 8]\n"), 0),
    "no sentence": (f"sha256: {TEXT.digest}\nspans: []\n", 0),
    "overlap": (pins("- [0, 8]\n- [7, 20]\n"), 5),
    "words between two": (pins("- [0, 3]\n- [9, 20]\n"), 5),
    "words before the first": (pins("- [2, 8]\n- [9, 20]\n"), 4),
    "another order": (pins("- [9, 20]\n- [0, 8]\n"), 4),
    "beyond the text": (pins("- [0, 8]\n- [9, 99]\n"), 5),
    "before the text": (pins("- [-1, 8]\n- [9, 20]\n"), 4),
    "an empty sentence": (pins("- [0, 8]\n- [8, 8]\n- [9, 20]\n"), 5),
    "backwards": (pins("- [8, 0]\n- [9, 20]\n"), 4),
    "a sentence of three numbers": (pins("- [0, 8]\n- [9, 12, 20]\n"), 5),
    "a sentence of words": (pins("- [0, 8]\n- [nine, 20]\n"), 5),
    "a sentence of booleans": (pins("- [false, 8]\n- [9, 20]\n"), 4),
    "a number alone": (pins("- [0, 8]\n- 20\n"), 5),
}


@pytest.mark.parametrize(("content", "line"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_pins_are_an_error_that_names_file_and_line(
    tmp_path: Path, content: str, line: int
) -> None:
    path = tmp_path / PINNED
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SeedError) as error:
        pinned(tmp_path, TEXT)
    place = f"{path}:{line}: " if line else f"{path}: "
    assert error.value.message.startswith(place)


def test_pins_say_how_to_make_them_anew(tmp_path: Path) -> None:
    (tmp_path / PINNED).write_text(pins(GOOD, "0" * 64), encoding="utf-8")
    with pytest.raises(SeedError) as error:
        pinned(tmp_path, TEXT)
    assert "--pin" in error.value.hint


# ---- pinning

AWKWARD = {
    "marks of YAML": "- [a]: 'b' # \"c\" {d}, &e *f.\nG: !!h | > %i @j `k`.",
    "line ends": "One two.\r\nThree four.\n\n\n",
    "other line breaks": "One\u2028two.\nThree\u0085four\u000bfive\u000csix.",
    "beyond the basic plane": "😀 Two.\n𝔸 four.",
    "control characters": "One \x1b[1mtwo\x07.\nThree \x7f four\x01.",
    "no characters": "One \ufffe two.\nThree \uffff four.",
    "a mark of order": "\ufeffOne two.\nThree.",
    "a long sentence": "word " * 100 + "end.\n",
    "one word": "a",
}


@pytest.mark.parametrize("content", AWKWARD.values(), ids=AWKWARD)
def test_what_is_pinned_is_read_back_as_it_was(tmp_path: Path, content: str) -> None:
    text = Text(content)
    spans = segment(text)
    assert pin(tmp_path, text, spans) == tmp_path / PINNED
    assert pinned(tmp_path, text) == spans


def test_pins_are_never_written_over_others(tmp_path: Path) -> None:
    path = tmp_path / PINNED
    path.write_text("corrected by hand\n", encoding="utf-8")
    with suppress(CcgkgError, FileExistsError):
        pin(tmp_path, TEXT, segment(TEXT))
    assert path.read_text(encoding="utf-8") == "corrected by hand\n"


def test_pinning_leaves_nothing_else_behind(tmp_path: Path) -> None:
    pin(tmp_path, TEXT, segment(TEXT))
    assert [path.name for path in tmp_path.iterdir()] == [PINNED]


def test_each_pin_shows_its_sentence(tmp_path: Path) -> None:
    content = pin(tmp_path, TEXT, segment(TEXT)).read_text(encoding="utf-8")
    assert re.findall(r"^- (.*?)  # (.*)$", content, re.MULTILINE) == [
        ("[0, 8]", "One two."),
        ("[9, 20]", "Three four."),
    ]


# ---- segmenting


@pytest.mark.parametrize(
    ("content", "cut"),
    [
        ("One two. Three four.", ["One two.", "Three four."]),
        ("A heading\nThe body of it.", ["A heading", "The body of it."]),
        ("A heading\r\nThe body of it.\r\n", ["A heading", "The body of it."]),
        ("One two.\u00a0Three four.", ["One two.", "Three four."]),
        ("\n\n  One two.  \n\t\nThree four.\n", ["One two.", "Three four."]),
        ("It cost £1.50 per day. So be it.", ["It cost £1.50 per day.", "So be it."]),
        ("", []),
        (" \n\u00a0\n", []),
    ],
)
def test_a_text_is_cut_into_sentences_without_the_space_around_them(
    content: str, cut: list[str]
) -> None:
    assert sentences(content) == cut


def test_a_border_of_a_region_ends_a_sentence() -> None:
    content = "The heading of it The body of it."
    assert sentences(content, 18) == ["The heading of it", "The body of it."]
    assert sentences(content, 0, len(content)) == [content]


@few
@given(
    st.text(alphabet="aB. \n\r\u00a0\u2028\u0085!?“”’()1…😀", max_size=60),
    st.sets(st.integers(0, 60), max_size=3),
)
def test_every_character_stands_in_one_sentence_wherever_regions_end(
    content: str, borders: set[int]
) -> None:
    text = Text(content)
    borders = {border for border in borders if border <= len(text)}
    spans = segment(text, borders=borders)
    assert each_word_once(text, spans)
    for span in spans:
        assert not any(span.start < border < span.end for border in borders)
        assert "\n" not in text[span]
        assert text[span] == text[span].strip() != ""
