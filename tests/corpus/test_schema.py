"""The schemas accept what the reader accepts, and refuse what an editor can know is wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ccgkg.corpus.places import CorpusPlace, shipped
from ccgkg.corpus.schema import SCHEMAS, schema_text
from ccgkg.corpus.vocabulary import Vocabulary
from ccgkg.corpus.yamlfile import read_yaml

SEEDS = shipped().seeds
FILES = [
    *((path.stem, path) for path in sorted(SEEDS.glob("*.yaml"))),
    *(("source", path) for path in sorted(SEEDS.glob("*/source.yaml"))),
    *(("claims", path) for path in sorted(SEEDS.glob("*/claims.yaml"))),
]


@pytest.fixture(scope="module")
def validators(shipped_vocabulary: Vocabulary) -> dict[str, Draft202012Validator]:
    """A validator for each schema of the shipped corpus."""
    return {
        name: Draft202012Validator(json.loads(schema_text(name, shipped(), shipped_vocabulary)))
        for name in SCHEMAS
    }


@pytest.fixture
def small(tiny, vocabulary: Vocabulary) -> Callable[[str], Draft202012Validator]:
    """A validator of a tiny corpus."""
    return lambda name: Draft202012Validator(
        json.loads(schema_text(name, CorpusPlace(tiny.root), vocabulary))
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_schema(validators, name: str) -> None:
    schema = validators[name].schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_written_alike_each_time(small, tiny, vocabulary, name: str) -> None:
    place = CorpusPlace(tiny.root)
    assert schema_text(name, place, vocabulary) == schema_text(name, place, vocabulary)


@pytest.mark.parametrize(
    ("name", "path"), FILES, ids=[path.relative_to(SEEDS).as_posix() for _, path in FILES]
)
def test_every_shipped_file_is_accepted(validators, name: str, path: Path) -> None:
    errors = list(validators[name].iter_errors(read_yaml(path).content))
    assert [error.message[:200] for error in errors] == []


# ---- what an editor refuses

CLAIM: dict[str, Any] = {
    "quote": "The board pays the clinics",
    "id": "pays",
    "edge": ["board", "pays", "clinics"],
    "modality": "fact",
    "text": "The board pays the clinics.",
}
LEVER = {"said": ["stick"]}
FIGURE = {
    "said": "20%",
    "value": 20,
    "unit": "percent",
    "measure": "felt-able",
    "population": "clinics",
}
SAYS = {key: value for key, value in CLAIM.items() if key != "quote"}

ACCEPTED: dict[str, dict[str, Any]] = {
    "the least": CLAIM,
    "several": {"quote": "a b c", "says": [SAYS, {**SAYS, "id": "two"}]},
    "several that share fields": {
        "quote": "a b c",
        "modality": "fact",
        "says": [{key: value for key, value in SAYS.items() if key != "modality"}],
    },
    "none": {"quote": "a b c", "no-claim": "lead-in"},
    "two who act": {**CLAIM, "edge": [["board", "team"], "pays", "clinics"]},
    "no object": {**CLAIM, "edge": ["board", "begins"]},
    "own words": {**CLAIM, "edge": ["board", "is", "too big to fail"]},
    "a claim as an end": {**CLAIM, "edge": ["paper-2014/x", "explains", "care"]},
    "a bare link": {**CLAIM, "chain": ["leaders"]},
    "one link": {**CLAIM, "chain": {"who": "leaders"}},
    "a full link": {**CLAIM, "chain": [{"who": "leaders", "in": "study", "stance": "distances"}]},
    "an extent": {**CLAIM, "extent": "most"},
    "an extent in words": {**CLAIM, "extent": {"value": "most", "words": "in most places"}},
    "a time": {**CLAIM, "time": "year-2014"},
    "a time in words": {**CLAIM, "time": {"said": "then", "known": "inferred", "why": "so"}},
    "a condition in words": {**CLAIM, "if": "all is well"},
    "a condition that is a claim": {
        **CLAIM,
        "unless": {"id": "s", "edge": ["board", "begins"], "text": "It begins."},
    },
    "a figure": {**CLAIM, "figure": FIGURE},
    "a figure of a wave": {**CLAIM, "figure": {**FIGURE, "wave": "first-wave"}},
    "a printed decimal": {**CLAIM, "figure": {**FIGURE, "value": "1.50"}},
    "a lever": {**CLAIM, "lever": LEVER},
    "a bare lever": {**CLAIM, "lever": {"judged": "stick"}},
    "a link to another claim": {**CLAIM, "supports": [{"claim": "x", "why": "y"}]},
    "an accepted word": {**CLAIM, "accept": {"not": "why"}},
    "further quotes": {**CLAIM, "also": ["a b c", {"quote": "d e f", "occurrence": 2}]},
}

REFUSED: dict[str, dict[str, Any]] = {
    "an unknown field": {**CLAIM, "colour": "red"},
    "an unknown field under says": {"quote": "a b c", "says": [{**SAYS, "colour": "red"}]},
    "an unknown field of a link": {**CLAIM, "chain": [{"who": "leaders", "said": "x"}]},
    "no quote": SAYS,
    "no modality": {key: value for key, value in CLAIM.items() if key != "modality"},
    "only a quote": {"quote": "a b c"},
    "an unknown relation": {**CLAIM, "edge": ["board", "pay", "clinics"]},
    "an unknown relation under says": {
        "quote": "a b c",
        "says": [{**SAYS, "edge": ["board", "pay", "clinics"]}],
    },
    "one end": {**CLAIM, "edge": ["board"]},
    "four": {**CLAIM, "edge": ["board", "pays", "clinics", "care"]},
    "words for an edge": {**CLAIM, "edge": "board pays clinics"},
    "an unknown modality": {**CLAIM, "modality": "facts"},
    "an unknown actor": {**CLAIM, "chain": ["leader"]},
    "an unknown matter": {**CLAIM, "about": "cares"},
    "an unknown time": {**CLAIM, "time": "year-2015"},
    "an unknown lever": {**CLAIM, "lever": {"said": ["sticks"]}},
    "an unknown unit": {**CLAIM, "figure": {**FIGURE, "unit": "pc"}},
    "an unknown measure": {**CLAIM, "figure": {**FIGURE, "measure": "felt"}},
    "an unknown reason for no claim": {"quote": "a b c", "no-claim": "leadin"},
    "an id that is no key": {**CLAIM, "id": "It pays"},
    "a boolean in words": {**CLAIM, "denied": "yes"},
    "an empty text": {**CLAIM, "text": ""},
    "a link without why": {**CLAIM, "supports": [{"claim": "x"}]},
    "an occurrence below one": {**CLAIM, "occurrence": -1},
}


def file_of(entry: dict[str, Any]) -> dict[str, Any]:
    return {"source": "paper-2014", "voices": {"body": ["paper"]}, "claims": [entry]}


@pytest.mark.parametrize("entry", ACCEPTED.values(), ids=ACCEPTED)
def test_what_a_curator_may_write_is_accepted(small, entry: dict[str, Any]) -> None:
    assert [e.message for e in small("claims").iter_errors(file_of(entry))] == []


@pytest.mark.parametrize("entry", REFUSED.values(), ids=REFUSED)
def test_what_a_curator_may_not_write_is_refused_by_editor_and_reader(
    small, tiny, entry: dict[str, Any]
) -> None:
    assert not small("claims").is_valid(file_of(entry))
    tiny.text("The board pays the clinics. Now a b c, and d e f.\n")
    tiny.put(f"{tiny.key}/claims.yaml", file_of(entry))
    assert tiny.read().errors != []


@pytest.mark.parametrize("spoilt", [{"claims": []}, {"source": "x", "voices": {}}, {}, []], ids=str)
def test_a_claims_file_has_source_voices_and_claims(small, spoilt) -> None:
    assert not small("claims").is_valid(spoilt)


BEARING = {"claim": "paper-2014/x", "why": "so"}
ISSUE: dict[str, Any] = {"label": "Is it?", "for": [BEARING], "against": BEARING}

REFUSED_ISSUES: dict[str, dict[str, Any]] = {
    "an unknown field": {**ISSUE, "colour": "red"},
    "no question": {"for": [BEARING, BEARING]},
    "a bare claim": {**ISSUE, "for": ["paper-2014/x"]},
    "a claim without its source": {**ISSUE, "against": {**BEARING, "claim": "x"}},
    "a claim without why": {**ISSUE, "for": {"claim": "paper-2014/x"}},
    "an unknown matter": {**ISSUE, "about": "cares"},
}


def test_an_issue_is_accepted(small) -> None:
    issue = {**ISSUE, "about": ["care", "board"], "qualifies": [BEARING], "note": "x"}
    assert [e.message for e in small("issues").iter_errors({"one": ISSUE, "two": issue})] == []


@pytest.mark.parametrize("issue", REFUSED_ISSUES.values(), ids=REFUSED_ISSUES)
def test_what_no_issue_may_say_is_refused_by_editor_and_reader(
    small, tiny, issue: dict[str, Any]
) -> None:
    assert not small("issues").is_valid({"one": issue})
    tiny.text("Some text.\n").put("issues.yaml", {"one": issue})
    assert [error for error in tiny.read().errors if error.rule != "reference"] != []


VIEWS: dict[str, dict[str, Any]] = {
    "map": {"bands": [{"label": "A", "tiers": "local"}], "places": {"board": [1, -2]}},
    "story": {"one": {"title": "A", "caption": [{"says": "B.", "claims": "paper-2014/x"}]}},
    "glossary": {"CCG": {"stands-for": "a", "means": "b", "thing": "care", "outside": "c"}},
}

REFUSED_VIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "an unknown tier": ("map", {"bands": [{"label": "A", "tiers": "lokal"}]}),
    "an unknown part": ("map", {"spots": {}}),
    "an unknown actor": ("map", {"places": {"care": [1, 2]}}),
    "one number": ("map", {"places": {"board": [1]}}),
    "half a pixel": ("map", {"places": {"board": ["1.5", 2]}}),
    "an unknown focus": ("story", {"one": {**VIEWS["story"]["one"], "focus": "care"}}),
    "a scene without caption": ("story", {"one": {"title": "A"}}),
    "a sentence without claims": ("story", {"one": {"title": "A", "caption": {"says": "B."}}}),
    "an unknown thing": ("glossary", {"CCG": {**VIEWS["glossary"]["CCG"], "thing": "cares"}}),
    "a term without meaning": ("glossary", {"CCG": {"stands-for": "a", "outside": "c"}}),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_the_pages_show_is_accepted(small, name: str) -> None:
    assert [e.message for e in small(name).iter_errors(VIEWS[name])] == []


@pytest.mark.parametrize(("name", "content"), REFUSED_VIEWS.values(), ids=REFUSED_VIEWS)
def test_what_the_pages_may_not_show_is_refused_by_editor_and_reader(
    small, tiny, name: str, content: dict[str, Any]
) -> None:
    assert not small(name).is_valid(content)
    tiny.text("Some text.\n").put(f"{name}.yaml", content)
    assert [error for error in tiny.read().errors if error.rule != "reference"] != []


Spoil = Callable[[dict[str, Any]], Any]

# schema, file, how to spoil it
SPOILT: dict[str, tuple[str, str, Spoil]] = {
    "a field of an actor": ("actors", "actors.yaml", lambda d: d["board"].update(colour="red")),
    "the kind of an actor": ("actors", "actors.yaml", lambda d: d["board"].update(kind="club")),
    "the tier of an actor": ("actors", "actors.yaml", lambda d: d["board"].update(tier="top")),
    "an actor without label": ("actors", "actors.yaml", lambda d: d["board"].pop("label")),
    "the whole of an actor": (
        "actors",
        "actors.yaml",
        lambda d: d["board"].update({"part-of": "nobody"}),
    ),
    "a field of a topic": ("topics", "topics.yaml", lambda d: d["care"].update(colour="red")),
    "the broader of a topic": ("topics", "topics.yaml", lambda d: d["care"].update(broader="x")),
    "the actor of a topic": ("topics", "topics.yaml", lambda d: d["care"].update(of="nobody")),
    "a field of a time": ("times", "times.yaml", lambda d: d["year-2014"].update(to="x")),
    "a day of a time": ("times", "times.yaml", lambda d: d["year-2014"].update(until="soon")),
    "a field of a work": ("works", "works.yaml", lambda d: d["works"]["study"].update(x="y")),
    "the type of a work": ("works", "works.yaml", lambda d: d["works"]["study"].update(type="x")),
    "the study of a wave": (
        "works",
        "works.yaml",
        lambda d: d["waves"]["first-wave"].update(of="x"),
    ),
    "a section of works": ("works", "works.yaml", lambda d: d.update(books={})),
    "a wave among works": ("works", "works.yaml", lambda d: d["works"].update(d["waves"])),
    "a field of a source": ("source", "{}/source.yaml", lambda d: d.update(colour="red")),
    "a field of a record": ("source", "{}/source.yaml", lambda d: d["record"].update(x="y")),
    "the type of a record": ("source", "{}/source.yaml", lambda d: d["record"].update(type="x")),
    "a digest": ("source", "{}/source.yaml", lambda d: d["file"].update(sha256="x")),
    "a publisher": ("source", "{}/source.yaml", lambda d: d["agents"].update(publisher="x")),
    "an accepted rule": ("source", "{}/source.yaml", lambda d: d.update(accept={"x": "y"})),
    "a kind of region": (
        "source",
        "{}/source.yaml",
        lambda d: d.update(regions=[{"id": "x", "kind": "page", "quote": "y"}]),
    ),
    "a source without rights": ("source", "{}/source.yaml", lambda d: d.pop("rights")),
    "a field of a corpus": ("corpus", "corpus.yaml", lambda d: d.update(colour="red")),
    "the base of a corpus": ("corpus", "corpus.yaml", lambda d: d.update(base="nowhere")),
    "the version of a corpus": ("corpus", "corpus.yaml", lambda d: d.update(version="one")),
}


@pytest.mark.parametrize(("name", "file", "spoil"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_file_is_refused(small, tiny, name: str, file: str, spoil: Spoil) -> None:
    tiny.text("Some text.\n")
    validator = small(name)
    content = read_yaml(tiny.seeds / file.format(tiny.key)).content
    assert validator.is_valid(content)
    spoilt = copy.deepcopy(content)
    spoil(spoilt)
    assert not validator.is_valid(spoilt)


def test_keys_are_completed_from_registers_and_ontology(small) -> None:
    text = json.dumps(small("claims").schema)
    for key in ("clinics", "care", "first-wave", "felt-able", "year-2014", "pays", "lead-in"):
        assert f'"{key}"' in text
