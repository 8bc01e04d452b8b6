"""A source is its text as received: digest, record and regions hold, or the fault has its line."""

from __future__ import annotations

import pytest

from ccgkg.corpus.library import Corpus
from ccgkg.corpus.sources import SourceForm, issued

TEXT = (
    "A heading of four words\n"
    "Comments\n"
    "The board pays the clinics under contract. The clinics wait.\n"
    "The board pays the clinics in the end.\n"
    "Comments\n"
    "One reader says so. Another reader does not.\n"
)


def line_of(tiny, words: str, file: str = "source.yaml") -> int:
    content = (tiny.folder / file).read_text(encoding="utf-8")
    return content[: content.index(words)].count("\n") + 1


def test_a_source_is_its_text_to_the_last_byte(tiny) -> None:
    content = "\ufeffThe board\r\npays 😀 the clinics.\r\n"
    read = tiny.text(content).read()
    assert read.errors == []
    assert read.source.text.content == content
    assert read.source.key == tiny.key


def test_a_changed_text_names_both_digests_and_the_line_of_the_record(tiny) -> None:
    tiny.text(TEXT)
    was = tiny.read().source.text.digest
    tiny.put(f"{tiny.key}/source.txt", TEXT.replace("wait", "wait "))
    read = tiny.read()
    error = read.only("text-changed")
    assert error.path.endswith("source.txt")
    assert was in error.message
    assert f"line {line_of(tiny, 'sha256')}" in error.message
    assert read.corpus.sources == {}


def test_one_faulty_source_does_not_hide_the_next(tiny) -> None:
    tiny.text(TEXT, key="another-key")
    type(tiny)(tiny.root, "second-2015").text(TEXT, file={"name": "a.txt", "sha256": "0" * 64})
    assert tiny.read().rules == ["key", "text-changed"]


def test_a_key_that_is_not_the_folders_name_has_its_line(tiny) -> None:
    error = tiny.text(TEXT, key="another-key").read().only("key")
    assert "another-key" in error.message
    assert error.line == line_of(tiny, '"key"')


@pytest.mark.parametrize("file", ["source.txt", "source.yaml"])
def test_a_file_that_cannot_be_read_is_named(tiny, file: str) -> None:
    tiny.text(TEXT)
    (tiny.folder / file).write_bytes(b"a\n\xff\n")
    error = tiny.read().only("unreadable")
    assert f"{file}:2" in str(error)


# ---- the record


def test_each_field_of_the_record_says_how_it_is_known(tiny) -> None:
    record = {"type": "report", "title": "A paper", "publisher": "P", "URL": "https://x.org/"}
    tiny.text(TEXT, record=record, known={"title": {"stated": "first line"}})
    (error,) = tiny.read().errors
    assert "known" in error.message
    assert "URL, publisher" in error.message


def test_nothing_is_known_of_a_field_that_the_record_lacks(tiny) -> None:
    known = {name: {"inferred": "a guess"} for name in ("title", "genre", "issued")}
    (error,) = tiny.text(TEXT, known=known).read().errors
    assert "genre, issued" in error.message


@pytest.mark.parametrize(
    "ways",
    [{}, {"stated": "so", "inferred": "so"}, {"guessed": "so"}, "so"],
    ids=["none", "two", "another", "bare"],
)
def test_a_field_is_known_in_exactly_one_way(tiny, ways) -> None:
    assert len(tiny.text(TEXT, known={"title": ways}).read().errors) == 1


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"agents": {"publisher": "papr"}}, "paper"),
        ({"prints": "studi"}, "study"),
        ({"accept": {"not-curatd": "why"}}, "not-curated"),
        ({"record": {"type": "reprt", "title": "A paper"}}, "report"),
        ({"regions": [{"id": "x", "kind": "headline", "quote": "A heading of"}]}, "heading"),
        ({"file": {"name": "a", "sha256": "XYZ"}}, "sha256"),
        ({"licence": "none"}, "licence"),
    ],
)
def test_what_a_record_may_not_say_is_named_with_the_nearest_right_thing(
    tiny, change, word: str
) -> None:
    (error,) = tiny.text(TEXT, **change).read().errors
    assert error.path.endswith("source.yaml")
    assert error.line > 1
    assert word in error.message


# ---- regions


def regions(tiny, *forms) -> dict[str, str]:
    read = tiny.text(TEXT, regions=forms).read()
    assert read.errors == []
    return {region.id: read.source.text[region.span] for region in read.source.regions}


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ({"quote": "A heading of four words"}, "A heading of four words"),
        ({"quote": "The board pays the clinics", "occurrence": 2}, "The board pays the clinics"),
        ({"starts": "One reader says so.", "ends": "reader does not."}, TEXT.splitlines()[-1]),
        ({"starts": "A heading of", "ends": "The clinics wait."}, TEXT[: TEXT.index("wait") + 5]),
    ],
)
def test_a_region_is_found_by_its_words(tiny, form, printed: str) -> None:
    assert regions(tiny, {"id": "it", "kind": "heading", **form}) == {"it": printed}


def test_a_region_of_one_word_is_a_line_of_its_own(tiny) -> None:
    form = {"id": "it", "kind": "boilerplate", "quote": "Comments", "occurrence": 2}
    read = tiny.text(TEXT, regions=[form]).read()
    assert read.source.regions[0].span.start == TEXT.rindex("Comments")


# the regions, a word of the error
FAULTY = {
    "not there": ([{"quote": "words that are not there"}], "not there"),
    "there twice": ([{"quote": "The board pays the clinics"}], "2 times"),
    "a short line there twice": ([{"quote": "Comments"}], "Comments"),
    "a short line that is part of another": ([{"quote": "wait."}], "wait"),
    "an end that is not there": ([{"starts": "A heading of", "ends": "no such end"}], "no such"),
    "ends before it starts": ([{"starts": "One reader says", "ends": "A heading of"}], "before"),
    "overlap": (
        [{"quote": "A heading of four words"}, {"starts": "four words", "ends": "clinics wait."}],
        "four words",
    ),
}


@pytest.mark.parametrize(("forms", "word"), FAULTY.values(), ids=FAULTY)
def test_a_region_that_is_not_found_has_its_line(tiny, forms, word: str) -> None:
    named = [{"id": f"r{at}", "kind": "heading", **form} for at, form in enumerate(forms)]
    error = tiny.text(TEXT, regions=named).read().only("region")
    assert error.line == line_of(tiny, f'"r{len(forms) - 1}"') - 1
    assert word in error.message


def test_two_regions_that_overlap_are_both_named(tiny) -> None:
    forms = [
        {"id": "one", "kind": "heading", "quote": "A heading of four words"},
        {"id": "two", "kind": "heading", "starts": "heading of four", "ends": "The clinics wait."},
    ]
    error = tiny.text(TEXT, regions=forms).read().only("region")
    assert "`one`" in error.message
    assert "`two`" in error.message


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"quote": "A heading of", "starts": "A heading of", "ends": "four words"},
        {"starts": "A heading of"},
        {"ends": "A heading of"},
    ],
)
def test_a_region_is_found_in_exactly_one_way(tiny, form) -> None:
    read = tiny.text(TEXT, regions=[{"id": "it", "kind": "heading", **form}]).read()
    assert len(read.errors) == 1


def test_two_regions_of_one_name_are_told_apart_by_nobody(tiny) -> None:
    forms = [
        {"id": "it", "kind": "heading", "quote": "A heading of four words"},
        {"id": "it", "kind": "boilerplate", "quote": "One reader says so"},
    ]
    (error,) = tiny.text(TEXT, regions=forms).read().errors
    assert "`it`" in error.message


def test_no_region_is_called_body(tiny) -> None:
    forms = [{"id": "body", "kind": "heading", "quote": "A heading of four words"}]
    assert "`body`" in tiny.text(TEXT, regions=forms).read().only("region").message


def test_what_lies_in_no_region_is_body(tiny) -> None:
    forms = [{"id": "title", "kind": "heading", "quote": "A heading of four words"}]
    source = tiny.text(TEXT, regions=forms).read().source
    end = len("A heading of four words")
    kinds = [source.region_at(at).id for at in (0, end - 1, end, len(TEXT) - 1)]
    assert kinds == ["title", "title", "body", "body"]


def test_regions_stand_in_the_order_of_the_text(tiny) -> None:
    forms = [
        {"id": "later", "kind": "comments", "quote": "One reader says so"},
        {"id": "first", "kind": "heading", "quote": "A heading of four words"},
    ]
    assert list(regions(tiny, *forms)) == ["first", "later"]


def test_a_border_of_a_region_ends_a_sentence_of_a_source_that_is_not_pinned(tiny) -> None:
    forms = [{"id": "lead", "kind": "heading", "quote": "The board pays the clinics under"}]
    read = tiny.text(TEXT, regions=forms).read()
    cut = [read.source.text[span] for span in read.source.sentences]
    assert "The board pays the clinics under" in cut
    assert not read.source.is_pinned
    assert "not-pinned" in [finding.rule for finding in read.warnings]


def test_malformed_pins_stop_the_reading_of_the_source(tiny) -> None:
    tiny.text(TEXT).put(f"{tiny.key}/sentences.yaml", {"sha256": "0" * 64, "spans": []})
    assert "another text" in tiny.read().only("sentences").message


def test_a_passage_touches_the_sentences_that_it_overlaps(tiny) -> None:
    source = tiny.text(TEXT).read().source
    for sentence in source.sentences:
        assert source.sentences_of(sentence) == (sentence,)
    first, second = source.sentences[2:4]
    across = type(first)(first.start, second.start + 1)
    assert source.sentences_of(across) == (first, second)


# ---- dates


def form_of(tiny, parts: list[int]) -> SourceForm:
    record = {"type": "report", "title": "A paper", "issued": {"date-parts": [parts]}}
    known = {name: {"inferred": "made up"} for name in ("title", "issued")}
    return tiny.text(TEXT, record=record, known=known).read().source.form


@pytest.mark.parametrize(
    ("parts", "days"),
    [
        ([2014], ("2014-01-01", "2014-12-31")),
        ([2014, 4], ("2014-04-01", "2014-04-30")),
        ([2014, 2], ("2014-02-01", "2014-02-28")),
        ([2016, 2], ("2016-02-01", "2016-02-29")),
        ([2014, 12], ("2014-12-01", "2014-12-31")),
        ([2014, 4, 1], ("2014-04-01", "2014-04-01")),
    ],
)
def test_a_date_says_the_first_and_the_last_day_that_it_can_mean(tiny, parts, days) -> None:
    assert issued(form_of(tiny, parts)) == days


def test_a_source_without_a_date_has_none(tiny) -> None:
    assert issued(tiny.text(TEXT).read().source.form) is None


@pytest.mark.parametrize(
    "parts",
    [[], [2014, 13], [2014, 0], [2014, 2, 30], [2014, 4, 0], [2014, 4, 1, 1]],
    ids=str,
)
def test_a_date_that_is_no_day_of_the_calendar_is_an_error_with_its_line(tiny, parts) -> None:
    record = {"type": "report", "title": "A paper", "issued": {"date-parts": [parts]}}
    known = {name: {"inferred": "made up"} for name in ("title", "issued")}
    (error,) = tiny.text(TEXT, record=record, known=known).read().errors
    assert error.line >= line_of(tiny, '"issued"')


# ---- the shipped sources


def test_every_shipped_source_is_pinned_and_dated(shipped_corpus: Corpus) -> None:
    for source in shipped_corpus.sources.values():
        assert source.is_pinned
        first, last = issued(source.form) or ("", "")
        assert "2013-04-01" <= first <= last <= "2016-12-31"
        assert all(
            region.span.start < region.span.end <= len(source.text) for region in source.regions
        )
