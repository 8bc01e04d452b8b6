"""Hostile words go through unharmed, and where an address is asked for they are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile import ADDRESS, ASSAULT, LONG, REFUSED, Hostile, write_hostile
from pydantic import TypeAdapter, ValidationError

import ccgkg
from ccgkg.corpus.forms import Address

UNTOLD = {
    *("acceptance", "lever reason", "work reason"),  # for curators alone
    *("query summary", "query description"),  # of the query, not of the dataset
    *("band label", "scene title", "caption"),  # of map and story
    *("term", "term stands for", "term means", "term reason"),  # of the glossary
}
FIELDS = {
    "corpus": ("seeds/corpus.yaml", "https://creativecommons.org/licenses/by/4.0/", "licence"),
    "base": ("seeds/corpus.yaml", "https://example.org/hostile/", "base"),
    "work": ("seeds/works.yaml", ADDRESS, "address"),
    "source": ("seeds/constructor/source.yaml", ADDRESS, "URL"),
}


@pytest.fixture
def spoilt(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A hostile corpus in which one value of one file is another one."""

    def spoil(file: str, old: str, new: str) -> Path:
        path = write_hostile(tmp_path).root / file
        text = path.read_text(encoding="utf-8")
        assert json.dumps(old) in text
        changed = text.replace(json.dumps(old), json.dumps(new), 1)
        path.write_text(changed, encoding="utf-8", newline="\n")
        return tmp_path

    return spoil


def test_it_is_checked_and_built_without_an_error(hostile: Hostile, run):
    checked = run("--corpus", hostile.root, "check")
    assert "\n0 errors, " in checked.out, checked.out
    assert run("--corpus", hostile.root, "build").code in (0, 1), "warnings are no matter here"
    assert len(LONG) == 10_000 and LONG in hostile.texts.values()
    assert sum(ASSAULT in text for text in hostile.texts.values()) > 40


def test_the_dataset_has_every_word_as_it_was_written(hostile: Hostile):
    import rdflib

    objects = {quad[2] for quad in ccgkg.open(hostile.root).dataset().quads()}
    literals = [str(value) for value in objects if isinstance(value, rdflib.Literal)]
    for field, text in hostile.texts.items():
        told = any(text in literal for literal in literals)
        assert told == (field not in UNTOLD), field


def test_no_address_of_the_dataset_runs_anything(hostile: Hostile):
    import rdflib

    terms = {term for quad in ccgkg.open(hostile.root).dataset().quads() for term in quad}
    addresses = {str(term) for term in terms if isinstance(term, rdflib.URIRef)}
    assert ADDRESS in addresses
    assert {address.partition(":")[0] for address in addresses} <= {"http", "https", "urn"}


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(ValidationError, match="is no address that starts with http:// or https://"):
        TypeAdapter(Address).validate_python(address)


@pytest.mark.parametrize(("file", "old", "field"), FIELDS.values(), ids=FIELDS)
def test_where_an_address_is_asked_for_nothing_else_is_taken(
    spoilt, run, file: str, old: str, field: str
):
    told = run("--corpus", spoilt(file, old, REFUSED[0]), "check")
    said = told.out + told.err
    assert told.code == 3
    assert f"{Path(file).name}:" in said
    assert f"{field}: `{REFUSED[0]}` is no address that starts with http:// or https://" in said


@pytest.mark.parametrize("key", ["__proto__", "<img src=x>", "hasOwnProperty", "../up", "a\u202eb"])
def test_what_is_no_key_is_refused(spoilt, run, key: str):
    told = run("--corpus", spoilt("seeds/topics.yaml", "visits", key), "check")
    assert told.code == 3
    assert f"topics.yaml:2: error: `{key}` is no key" in told.out
