"""A curation file says what its author typed, line by line, or says where it cannot be read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ccgkg.corpus.yamlfile import Document, read_text, read_yaml
from ccgkg.errors import SeedError


def parsed(folder: Path, content: str | bytes) -> Document:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(path)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("true", True),
        ("false", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("True", "True"),
        ("n", "n"),
        ('"true"', "true"),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", "Null"),
        ("20", 20),
        ("-3", -3),
        ("2013-04-01", "2013-04-01"),
        ("2013-04-01 12:30:00", "2013-04-01 12:30:00"),
        ("12:30:00", "12:30:00"),
        ("1.50", "1.50"),
        (".5", ".5"),
        ("1e5", "1e5"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("20%", "20%"),
        ('"20"', "20"),
        ("= ", "="),
        ("2014", 2014),
        ("1" * 5_000, "1" * 5_000),
    ],
)
def test_only_what_looks_like_nothing_else_is_no_text(
    tmp_path: Path, typed: str, value: Any
) -> None:
    read = parsed(tmp_path, f"a: {typed}\n").content["a"]
    assert (type(read), read) == (type(value), value)


def test_every_value_has_its_line(tmp_path: Path) -> None:
    document = parsed(
        tmp_path,
        "# a remark\n"
        "source: x\n"
        "claims:\n"
        "- quote: >\n"
        "    over two\n"
        "    lines\n"
        "  edge: [a,\n"
        "         b]\n"
        "- {quote: y, says: [{id: z}]}\n",
    )
    lines = {
        ("source",): 2,
        ("claims",): 3,
        ("claims", 0): 4,
        ("claims", 0, "quote"): 4,
        ("claims", 0, "edge"): 7,
        ("claims", 0, "edge", 1): 8,
        ("claims", 1, "says", 0, "id"): 9,
    }
    assert {loc: document.line(loc) for loc in lines} == lines


def test_a_value_that_is_missing_has_the_line_of_what_should_hold_it(tmp_path: Path) -> None:
    document = parsed(tmp_path, "a: 1\nb:\n  c:\n    d: 2\n")
    assert document.line(("b", "c", "missing", 0)) == 3
    assert document.line(("missing",)) == 1


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert parsed(tmp_path, b"\xef\xbb\xbfa: 1\n").content == {"a": 1}


# what is in the file, the line that the error names, a word of the error
REFUSED = {
    "a key twice": ("a: 1\nb: 2\na: 3\n", 3, "twice"),
    "a key twice, deeper": ("x:\n  a: 1\n  a: 1\n", 3, "twice"),
    "not YAML": ("a: 1\nb: [1, 2\n", 3, "not YAML"),
    "a tab for indentation": ("a:\n\tb: 1\n", 2, "not YAML"),
    "two documents": ("a: 1\n---\nb: 1\n", 2, "document"),
    "a key of two": ("a: 1\n? [b, c]\n: 2\n", 2, "key"),
    "a boolean by its tag": ("a: 1\nb: !!bool yes\n", 2, ""),
    "a tag of another program": ("a: 1\nb: !!python/name:os.system\n", 2, ""),
    "a word tagged as a number": ("a: 1\nb: !!int word\n", 2, ""),
    "a NUL": ("a: 1\nb: \x00\n", 2, "NUL"),
    "another encoding": ("a: 1\nb: caf\u00e9\n".encode("latin-1"), 2, "UTF-8"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "binary"),
}


@pytest.mark.parametrize(("content", "line", "word"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_names_file_and_line(
    tmp_path: Path, content: str | bytes, line: int, word: str
) -> None:
    with pytest.raises(SeedError) as error:
        parsed(tmp_path, content)
    assert error.value.message.startswith(f"{tmp_path / 'file.yaml'}:{line}: ")
    assert word in error.value.message


# what is in the file, the lines on which the anchor and the alias stand
ALIASED = {
    "of a list": ("a: &x [1]\nb: 1\nc: *x\n", (1, 3)),
    "of a word": ("b: 1\na: &x word\nc: *x\n", (2, 3)),
    "as a key": ("a: &x word\n*x : b\n", (1, 2)),
    "of itself": ("a: &x [*x]\n", (1,)),
    "that grows": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", (1, 2)),
}


@pytest.mark.parametrize(("content", "lines"), ALIASED.values(), ids=ALIASED)
def test_an_alias_is_an_error(tmp_path: Path, content: str, lines: tuple[int, ...]) -> None:
    with pytest.raises(SeedError, match="alias") as error:
        parsed(tmp_path, content)
    places = [f"{tmp_path / 'file.yaml'}:{line}: " for line in lines]
    assert error.value.message.startswith(tuple(places))


@pytest.mark.parametrize("content", ["", "\n\n", "# only a remark\n", "\ufeff"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(SeedError, match=r"file\.yaml: is empty"):
        parsed(tmp_path, content)


def test_a_control_character_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"file\.yaml"):
        parsed(tmp_path, "a: b\x01c\n")


@pytest.mark.parametrize(
    ("opens", "closes"), [("[", "]"), ("- ", ""), ("{a: ", "}")], ids=["list", "block", "mapping"]
)
def test_deep_nesting_is_an_error(tmp_path: Path, opens: str, closes: str) -> None:
    with pytest.raises(SeedError, match="nested"):
        parsed(tmp_path, f"{opens * 2_000}1{closes * 2_000}")


def test_very_deep_nesting_does_not_kill_the_process(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("[" * 50_000 + "]" * 50_000, encoding="utf-8")
    read = (
        "import sys; from pathlib import Path; from ccgkg.corpus.yamlfile import read_yaml;"
        "from ccgkg.errors import SeedError\n"
        "try: read_yaml(Path(sys.argv[1]))\n"
        "except SeedError: sys.exit(3)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", read, str(path)], capture_output=True, check=False
    )
    assert ended.returncode == 3, ended.stderr[-300:]


def test_nesting_that_a_curator_may_need_is_read(tmp_path: Path) -> None:
    assert parsed(tmp_path, "[" * 50 + "1" + "]" * 50).line((0,) * 50) == 1


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("12345", encoding="utf-8")
    assert read_text(path, most_bytes=5) == "12345"
    with pytest.raises(SeedError, match="more than") as error:
        read_text(path, most_bytes=4)
    assert error.value.hint


def test_line_ends_are_left_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(b"a\r\nb\rc\n")
    assert read_text(path) == "a\r\nb\rc\n"


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_is_none_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(SeedError, match="cannot be read"):
        read_yaml(tmp_path / name)
