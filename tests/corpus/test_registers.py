"""A key means one thing, every fact says how it is known, and nothing contains itself."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ccgkg.corpus.library import Corpus
from ccgkg.corpus.registers import KnownForm
from ccgkg.corpus.vocabulary import UNSTATED

KNOWN = {"inferred": "made up"}


def actor(**fields: Any) -> dict[str, Any]:
    return {"label": "an actor", "kind": "group", "tier": "local", "known": KNOWN, **fields}


def test_a_key_leads_to_its_register_and_its_label(tiny) -> None:
    registers = tiny.text("Text.").read().corpus.registers
    types = {key: registers.type_of(key) for key in ("board", "care", "study", "first-wave")}
    assert types == {"board": "actor", "care": "topic", "study": "work", "first-wave": "wave"}
    assert registers.type_of("felt-able") == "measure"
    assert registers.type_of("year-2014") == "time"
    assert registers.type_of("nobody") is None
    assert registers.label("clinics") == "clinics"


def test_what_an_entry_leaves_out_has_its_default(tiny) -> None:
    tiny.text("Text.").put("actors.yaml", {"paper": actor(label="The Paper")})
    tiny.put("topics.yaml", {"care": {"label": "care"}})
    registers = tiny.read().corpus.registers
    paper = registers.actors["paper"]
    assert paper.named is True
    assert paper.aliases == paper.broader == paper.part_of == paper.succeeds == ()
    assert paper.from_ is paper.until is None
    assert registers.topics["care"].broader == ()


def test_one_may_stand_without_brackets_where_several_may_stand(tiny) -> None:
    entries = {
        "paper": actor(),
        "board": actor(aliases="the Board"),
        "clinics": actor(broader="board", succeeds={"actor": "paper", "stated": "they say so"}),
    }
    tiny.text("Text.").put("actors.yaml", entries)
    actors = tiny.read().corpus.registers.actors
    assert actors["board"].aliases == ("the Board",)
    assert [tie.actor for tie in actors["clinics"].broader] == ["board"]
    assert [tie.known.reasons for tie in actors["clinics"].succeeds] == [("they say so",)]


def test_the_reserved_actor_is_there_and_may_be_described_anew(tiny) -> None:
    assert tiny.text("Text.").read().corpus.registers.actors[UNSTATED].named is False
    tiny.put("actors.yaml", {"paper": actor(), UNSTATED: actor(label="somebody", named=False)})
    assert tiny.read().corpus.registers.label(UNSTATED) == "somebody"


def test_the_names_of_actors_are_labels_and_aliases_longest_first(tiny) -> None:
    entries = {"paper": actor(label="B"), "board": actor(label="the Board", aliases=["A", "Board"])}
    tiny.text("Text.").put("actors.yaml", entries)
    names = tiny.read().corpus.registers.actor_names()
    assert set(names) >= {"A", "B", "Board", "the Board"}
    assert list(names) == sorted(names, key=lambda name: (-len(name), name))


# ---- what is refused: register, its content, what the error says and on which line

REFUSED: dict[str, tuple[str, str, str, int]] = {
    "an unknown kind": (
        "actors.yaml",
        "paper:\n  label: P\n  kind: organization\n  tier: local\n  known: {inferred: x}\n",
        "nearest: organisation",
        3,
    ),
    "an unknown actor": (
        "topics.yaml",
        "care:\n  label: care\n  of: [leaders,\n    clinic]\n",
        "nearest: clinics",
        4,
    ),
    "an unknown topic": (
        "topics.yaml",
        "care: {label: c}\nx:\n  label: x\n  broader: car\n",
        "care",
        4,
    ),
    "an unknown work": ("works.yaml", "waves:\n  w: {label: w, of: studdy}\n", "unknown work", 2),
    "an unknown field": ("topics.yaml", "care:\n  label: care\n  colour: red\n", "`colour`", 3),
    "no label": ("topics.yaml", "money: {label: m}\ncare: {of: board}\n", "`label` is missing", 2),
    "an empty label": ("topics.yaml", 'care: {label: " "}\n', "label", 1),
    "an unknown section": ("works.yaml", "works: {}\nbooks: {}\n", "`books`", 2),
    "no mapping": ("topics.yaml", "- care\n", "mapping", 1),
    "an entry of nothing": ("topics.yaml", "money: {label: m}\ncare:\n", "", 2),
    "a key twice": ("topics.yaml", "care: {label: c}\ncare: {label: c}\n", "twice", 2),
    "a day that is none": (
        "times.yaml",
        "t:\n  label: t\n  from: 2014-02-30\n",
        "from",
        3,
    ),
    "a day of another form": ("times.yaml", "t:\n  label: t\n  from: 1 April 2014\n", "from", 3),
    "a time that ends before it begins": (
        "times.yaml",
        "t:\n  label: t\n  from: 2014-02-01\n  until: 2014-01-01\n",
        "",
        1,
    ),
    "a key that is no key": (
        "topics.yaml",
        "care: {label: c}\nThe Care: {label: c}\n",
        "The Care",
        2,
    ),
    "a key like a claim's": ("topics.yaml", "care: {label: c}\na/b: {label: c}\n", "a/b", 2),
}


@pytest.mark.parametrize(("file", "content", "says", "line"), REFUSED.values(), ids=REFUSED)
def test_what_a_register_may_not_say_has_its_line(
    tiny, file: str, content: str, says: str, line: int
) -> None:
    tiny.text("Text.").put(file, content)
    errors = tiny.read().errors
    assert [error for error in errors if error.path == f"seeds/{file}"] == errors[:1] != []
    assert says in errors[0].message
    assert errors[0].line == line


def test_one_faulty_entry_does_not_hide_the_next(tiny) -> None:
    content = {"care": {"label": "c", "colour": "red"}, "money": {"label": "m", "of": "nobody"}}
    tiny.text("Text.").put("topics.yaml", content)
    assert len(tiny.read().errors) == 2


def test_a_register_that_is_not_there_is_empty(tiny) -> None:
    tiny.text("Text.")
    (tiny.seeds / "topics.yaml").unlink()
    read = tiny.read()
    assert read.errors == []
    assert read.corpus.registers.topics == {}


@pytest.mark.parametrize(
    ("file", "content", "key"),
    [
        ("topics.yaml", {"board": {"label": "the board as a matter"}}, "board"),
        ("times.yaml", {"care": {"label": "a time of care"}}, "care"),
        ("works.yaml", {"works": {"paper": {"label": "a work", "type": "report"}}}, "paper"),
        (
            "works.yaml",
            {
                "measures": {"one": {"label": "a"}},
                "waves": {"one": {"label": "b", "of": "s"}},
                "works": {"s": {"label": "s", "type": "survey"}},
            },
            "one",
        ),
    ],
    ids=["actor and topic", "topic and time", "actor and work", "measure and wave"],
)
def test_a_key_is_used_once_in_all_registers_together(tiny, file: str, content, key: str) -> None:
    error = tiny.text("Text.").put(file, content) and tiny.read().only("key-twice")
    assert f"`{key}`" in error.message
    assert ".yaml:" in error.message


# ---- how facts are known

WAYS = [
    ({"stated": ["paper-2014/c"]}, "stated", ("paper-2014/c",)),
    ({"stated": "first line"}, "stated", ("first line",)),
    ({"inferred": "its name"}, "inferred", ("its name",)),
    ({"outside": "https://x.org/"}, "outside", ("https://x.org/",)),
]


@pytest.mark.parametrize(("given", "basis", "reasons"), WAYS)
def test_a_fact_is_stated_inferred_or_from_outside(given, basis: str, reasons) -> None:
    known = KnownForm.model_validate(given)
    assert (known.basis, known.reasons) == (basis, reasons)


NOT_ONE_WAY = [
    {},
    {"stated": ["x"], "inferred": "y"},
    {"inferred": "y", "outside": "z"},
    {"stated": []},
    {"inferred": ""},
    {"guessed": "x"},
]


@pytest.mark.parametrize("known", NOT_ONE_WAY, ids=str)
def test_an_entry_is_known_in_exactly_one_way(tiny, known) -> None:
    tiny.text("Text.").put("actors.yaml", {"paper": actor(), "board": actor(known=known)})
    errors = tiny.read().errors
    assert len(errors) == 1
    assert errors[0].path == "seeds/actors.yaml"


@pytest.mark.parametrize(
    "known", [{"stated": ["x"], "inferred": "y"}, {"stated": []}, {"inferred": ""}], ids=str
)
@pytest.mark.parametrize(
    ("field", "value"), [("part-of", {"actor": "paper"}), ("from", {"day": "2014-01-01"})]
)
def test_a_fact_of_an_actor_is_known_in_exactly_one_way(
    tiny, field: str, value: dict[str, str], known
) -> None:
    board = actor(**{field: {**value, **known}})
    tiny.text("Text.").put("actors.yaml", {"paper": actor(), "board": board})
    errors = tiny.read().errors
    assert len(errors) == 1
    assert errors[0].path == "seeds/actors.yaml"


@pytest.mark.parametrize("field", ["broader", "part-of", "members", "succeeds", "post"])
def test_a_fact_may_say_for_itself_how_it_is_known(tiny, field: str) -> None:
    board = actor(**{field: {"actor": "paper", "outside": "https://x.org/"}})
    read = tiny.text("Text.").put("actors.yaml", {"paper": actor(), "board": board}) and tiny.read()
    assert read.errors == []
    (tie,) = getattr(read.corpus.registers.actors["board"], field.replace("-", "_"))
    assert tie.known.basis == "outside"


def test_no_actor_is_known_in_no_way_at_all(tiny) -> None:
    nameless = actor()
    del nameless["known"]
    tiny.text("Text.").put("actors.yaml", {"paper": actor(), "board": nameless})
    (error,) = tiny.read().errors
    assert "known" in error.message


def test_a_fact_that_a_claim_is_said_to_state_needs_that_claim(tiny) -> None:
    known = {"stated": ["paper-2014/contracts"]}
    tiny.put("actors.yaml", {**copy.deepcopy(ACTORS), "board": actor(known=known)})
    tiny.text("The board pays the clinics.")
    tiny.claims({"quote": "board pays the clinics", "id": "contract"})
    error = tiny.read().only("reference")
    assert error.path == "seeds/actors.yaml"
    assert "nearest: paper-2014/contract" in error.message
    tiny.claims({"quote": "board pays the clinics", "id": "contracts"})
    assert tiny.read().errors == []


@pytest.mark.parametrize(
    ("field", "value"), [("post", {"actor": "paper"}), ("until", {"day": "2014-01-01"})]
)
def test_a_tie_that_a_claim_is_said_to_state_needs_that_claim(
    tiny, field: str, value: dict[str, str]
) -> None:
    board = actor(**{field: {**value, "stated": ["paper-2014/pays"]}})
    tiny.put("actors.yaml", {**copy.deepcopy(ACTORS), "board": board})
    tiny.text("The board pays the clinics.")
    tiny.claims({"quote": "board pays the clinics", "id": "paid"})
    assert "`paper-2014/pays`" in tiny.read().only("reference").message
    tiny.claims({"quote": "board pays the clinics", "id": "pays"})
    assert tiny.read().errors == []


ACTORS = {key: actor() for key in ("paper", "clinics", "leaders", "team", "editor", "readers")}


@pytest.mark.parametrize(
    "words", ["Published: 01/04/2014", "see https://x.org/a/b", "GPs and/or practices"]
)
def test_words_that_state_a_fact_are_no_claim_though_they_hold_a_stroke(tiny, words: str) -> None:
    tiny.put("actors.yaml", {**copy.deepcopy(ACTORS), "board": actor(known={"stated": words})})
    assert tiny.text("Text.").read().errors == []


# ---- nothing contains, precedes or narrows itself

CYCLES = {
    "itself": {"one": "one"},
    "each other": {"one": "two", "two": "one"},
    "a round of three": {"one": "two", "two": "three", "three": "one"},
}


@pytest.mark.parametrize("ties", CYCLES.values(), ids=CYCLES)
@pytest.mark.parametrize("field", ["succeeds", "part-of", "broader"])
def test_no_actor_comes_after_lies_in_or_narrows_itself(tiny, field: str, ties) -> None:
    entries = {
        key: actor(**({field: ties[key]} if key in ties else {}))
        for key in ("one", "two", "three", "paper")
    }
    tiny.text("Text.").put("actors.yaml", entries)
    error = tiny.read().only("cycle")
    assert error.path == "seeds/actors.yaml"
    assert error.line >= 1
    assert f"cycle in {field}" in error.message
    assert all(key in error.message for key in ties)


@pytest.mark.parametrize("ties", CYCLES.values(), ids=CYCLES)
def test_no_topic_narrows_itself(tiny, ties) -> None:
    entries = {
        key: {"label": key, **({"broader": ties[key]} if key in ties else {})}
        for key in ("one", "two", "three")
    }
    tiny.text("Text.").put("topics.yaml", entries)
    assert tiny.read().only("cycle").path == "seeds/topics.yaml"


def test_two_ways_to_one_whole_are_no_cycle(tiny) -> None:
    entries = {
        "paper": actor(),
        "whole": actor(broader="paper"),
        "left": actor(broader="whole"),
        "right": actor(broader="whole", part_of=[]) | {"part-of": "left"},
        "both": actor(broader=["left", "right"], succeeds="paper"),
    }
    del entries["right"]["part_of"]
    tiny.text("Text.").put("actors.yaml", entries)
    assert tiny.read().errors == []


# ---- the shipped registers


def test_every_shipped_actor_says_how_it_is_known(shipped_corpus: Corpus) -> None:
    for key, entry in shipped_corpus.registers.actors.items():
        assert entry.known is not None or key == UNSTATED, key
