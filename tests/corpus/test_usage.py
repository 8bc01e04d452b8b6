"""What is registered or declared is used, under a name of its own, and no relation carries all."""

from __future__ import annotations

from typing import Any

import pytest

from ccgkg.corpus.findings import Finding
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.rules import LEAST_CLAIMS

PAYS = {"quote": "The board pays the clinics", "id": "c"}
TEXT = "The board pays the clinics. The clinics wait."


def told(tiny, rule: str) -> list[Finding]:
    """The warnings and notes of one rule; no error may be among them."""
    read = tiny.read()
    assert [str(error) for error in read.errors] == []
    return [finding for finding in (*read.warnings, *read.notes) if finding.rule == rule]


# ---- unused actors and topics

IDLE = {"label": "the idle"}

NAMED_BY: dict[str, dict[str, Any]] = {
    "subject": {"edge": ["idle", "pays", "clinics"]},
    "object": {"edge": ["board", "pays", "idle"]},
    "about": {"about": "idle"},
    "by": {"by": ["care", "idle"]},
    "from": {"from": "idle"},
    "to": {"to": "idle"},
    "compare": {"compare": {"direction": "more", "than": "idle"}},
    "population": {
        "figure": {"said": "£5", "unit": "count", "measure": "felt-able", "population": "idle"}
    },
    "chain": {"chain": ["idle"]},
    "further down the chain": {"chain": ["leaders", "idle"]},
    "condition": {"if": {"id": "s", "edge": ["idle", "begins"], "text": "They begin."}},
}


@pytest.mark.parametrize("fields", NAMED_BY.values(), ids=NAMED_BY)
def test_an_actor_that_a_claim_names_is_used(tiny, fields: dict[str, Any]) -> None:
    tiny.actors(idle=IDLE).text(TEXT).claims(PAYS)
    place = tiny.read().corpus.registers.places["idle"]
    (unused,) = [w for w in told(tiny, "unused-actor") if "`idle`" in w.message]
    assert (tiny.root / unused.path, unused.line) == place
    tiny.claims({**PAYS, **fields})
    assert [w for w in told(tiny, "unused-actor") if "`idle`" in w.message] == []


TIES = ("broader", "part-of", "members", "succeeds", "post")


@pytest.mark.parametrize("tie", TIES)
def test_an_actor_that_another_actor_names_is_used(tiny, tie: str) -> None:
    tiny.actors(idle=IDLE, other={"label": "the other", tie: "idle"}).text(TEXT).claims(PAYS)
    unused = [w.message for w in told(tiny, "unused-actor")]
    assert not any("`idle`" in message for message in unused)
    assert any("`other`" in message for message in unused)


WHY = {"why": "for a test"}
REGISTERS: dict[str, tuple[str, Any]] = {
    "an issue": (
        "issues.yaml",
        {
            "who-pays": {
                "label": "Who pays?",
                "about": "idle",
                "for": {"claim": "paper-2014/c", **WHY},
                "against": {"claim": "paper-2014/d", **WHY},
            }
        },
    ),
    "a topic": ("topics.yaml", {"care": {"label": "care", "of": "idle"}}),
    "a work": ("works.yaml", {"works": {"s": {"label": "s", "type": "report", "by": "idle"}}}),
    "a wave": (
        "works.yaml",
        {
            "works": {"s": {"label": "s", "type": "report"}},
            "waves": {"w": {"label": "w", "of": "s", "respondents": "idle"}},
        },
    ),
}


@pytest.mark.parametrize(("file", "content"), REGISTERS.values(), ids=REGISTERS)
def test_an_actor_that_another_register_names_is_used(tiny, file: str, content: Any) -> None:
    tiny.actors(idle=IDLE).text(TEXT).claims(PAYS, {**PAYS, "id": "d"}).put(file, content)
    assert not any("`idle`" in w.message for w in told(tiny, "unused-actor"))


@pytest.mark.parametrize("agents", [{"author": "idle"}, {"publisher": "idle"}], ids=str)
def test_an_actor_that_a_source_names_is_used(tiny, agents: dict[str, str]) -> None:
    tiny.actors(idle=IDLE).text(TEXT, agents=agents).claims(PAYS)
    assert not any("`idle`" in w.message for w in told(tiny, "unused-actor"))


def test_a_topic_is_used_by_a_claim_or_by_a_narrower_topic(tiny) -> None:
    topics = {name: {"label": name} for name in ("care", "money", "idle")}
    topics["narrow"] = {"label": "narrow", "broader": "care"}
    tiny.text(TEXT).claims({**PAYS, "about": "money"}).put("topics.yaml", topics)
    found = told(tiny, "unused-topic")
    assert [w.message.split("`")[1] for w in found] == ["idle", "narrow"]
    assert {w.path for w in found} == {"seeds/topics.yaml"}


def test_the_reserved_actor_is_never_unused(tiny) -> None:
    tiny.actors(unstated={"label": "somebody"}).text(TEXT).claims(PAYS)
    assert not any("`unstated`" in w.message for w in told(tiny, "unused-actor"))


@pytest.mark.parametrize("fields", [{"modality": "facts"}, {"quote": "Nobody pays anybody here"}])
def test_nothing_is_called_unused_while_there_are_errors(tiny, fields: dict[str, str]) -> None:
    read = tiny.actors(idle=IDLE).text(TEXT).claims({**PAYS, **fields}).read()
    assert len(read.errors) == 1
    assert not [finding for finding in (*read.warnings, *read.notes) if "unused" in finding.rule]


# ---- answers in the registers


def test_an_entry_may_stay_unused_for_a_reason(tiny) -> None:
    idle = {**IDLE, "accept": {"unused-actor": "a source to come speaks of it"}}
    tiny.actors(idle=idle).text(TEXT).claims(PAYS)
    assert not any("`idle`" in w.message for w in told(tiny, "unused-actor"))


@pytest.mark.parametrize(
    ("file", "accept"),
    [
        ("actors.yaml", {"unused-actor": "why"}),
        ("actors.yaml", {"unused-topic": "why"}),
        ("actors.yaml", {"board": "why"}),
        ("topics.yaml", {"alias-shared": "why"}),
    ],
)
def test_an_answer_to_nothing_is_an_error_at_its_entry(tiny, file: str, accept) -> None:
    if file == "actors.yaml":
        tiny.actors(board={"label": "the board", "accept": accept})
    else:
        topics = {"money": {"label": "money"}, "care": {"label": "care", "accept": accept}}
        tiny.put(file, topics)
    tiny.text(TEXT).claims({**PAYS, "about": ["care", "money"]})
    error = tiny.read().only("accept-unused")
    assert error.path == f"seeds/{file}"
    assert error.line > 1
    assert next(iter(accept)) in error.message


def test_a_work_accepts_nothing(tiny) -> None:
    works = {"works": {"s": {"label": "s", "type": "report", "accept": {"x": "why"}}}}
    tiny.text(TEXT).claims(PAYS).put("works.yaml", works)
    assert "`accept`" in tiny.read().only("field-unknown").message


# ---- names of two things

SHARED: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "the same label": ({"label": "the few"}, {"label": "the few"}, ["the few"]),
    "in other case and typography": ({"label": "Few–Men"}, {"label": "few men"}, ["few men"]),
    "without the article, in the plural": (
        {"label": "the few man"},
        {"label": "a few mans"},
        ["a few mans"],
    ),
    "label and alias": ({"label": "few"}, {"label": "x", "aliases": ["many", "Few"]}, ["few"]),
    "two aliases": (
        {"label": "x", "aliases": ["few", "rare"]},
        {"label": "y", "aliases": ["few", "rare"]},
        ["few", "rare"],
    ),
    "nothing": ({"label": "few"}, {"label": "few men"}, []),
}


@pytest.mark.parametrize(("one", "two", "names"), SHARED.values(), ids=SHARED)
@pytest.mark.parametrize("register", ["actors", "topics"])
def test_a_name_belongs_to_one_actor_and_to_one_topic(
    tiny, register: str, one: dict[str, Any], two: dict[str, Any], names: list[str]
) -> None:
    def put(**more: Any) -> list[Finding]:
        if register == "actors":
            tiny.actors(one=one, two={**two, **more})
        else:
            tiny.put("topics.yaml", {"one": one, "two": {**two, **more}})
        return told(tiny, "alias-shared")

    tiny.text(TEXT).claims({**PAYS, "edge": ["board", "begins"]})
    found = put()
    assert sorted(w.message.split("“")[1].split("”")[0] for w in found) == names
    assert all(w.message.startswith("`two`: ") and "`one` (" in w.message for w in found)
    if names:
        assert put(accept={"alias-shared": "both are called so"}) == []
        assert put(accept=dict.fromkeys(names, "both are called so")) == []


def test_a_label_that_is_also_an_alias_of_the_same_entry_is_no_matter(tiny) -> None:
    tiny.actors(few={"label": "the few", "aliases": ["The Few", "few"]}).text(TEXT).claims(PAYS)
    assert told(tiny, "alias-shared") == []


def test_an_actor_and_a_topic_may_have_one_name(tiny) -> None:
    tiny.actors(carers={"label": "care"}).text(TEXT).claims(PAYS)
    assert told(tiny, "alias-shared") == []


# ---- relations


def many(count: int, of: str, rest: int = 0) -> list[dict[str, Any]]:
    """`count` claims with one relation, and `rest` with six others."""
    others = ("directs", "rewards", "funds", "influences", "raises", "explains")
    edges = [["board", of, "clinics"]] * count
    for number in range(rest):
        name = others[number % len(others)]
        ends = ["care", "money"] if name in ("raises", "explains") else ["board", "clinics"]
        edges.append([ends[0], name, ends[1]])
    return [{**PAYS, "id": f"c-{at}", "edge": edge} for at, edge in enumerate(edges)]


@pytest.mark.parametrize(
    ("count", "rest", "raised"),
    [(5, 45, False), (6, 44, True), (6, LEAST_CLAIMS - 7, False)],
    ids=["a tenth", "more than a tenth", "of too few claims"],
)
def test_a_relation_that_carries_more_than_a_tenth_is_a_dustbin(
    tiny, count: int, rest: int, raised: bool
) -> None:
    tiny.text(TEXT).claims(*many(count, "pays", rest))
    found = [w for w in told(tiny, "dustbin") if "`pays`" in w.message]
    assert len(found) == raised
    if raised:
        assert found[0].path == "seeds/corpus.yaml"
        assert "6 of 50 claims (12%)" in found[0].message


@pytest.mark.parametrize("key", ["pays", "dustbin"])
def test_a_dustbin_is_accepted_in_corpus_yaml(tiny, key: str) -> None:
    tiny.text(TEXT).claims(*many(LEAST_CLAIMS, "pays"))
    assert len(told(tiny, "dustbin")) == 1
    tiny.form(accept={key: "one act is all that the paper tells"})
    assert told(tiny, "dustbin") == []
    tiny.claims(PAYS)
    error = tiny.read().only("accept-unused")
    assert (error.path, f"“{key}”" in error.message) == ("seeds/corpus.yaml", True)


def test_a_relation_that_no_claim_uses_is_a_note(tiny) -> None:
    tiny.text(TEXT).claims(PAYS, {**PAYS, "id": "d", "edge": ["board", "begins"]})
    notes = told(tiny, "unused-relation")
    used = {"pays", "begins"}
    relations = set(tiny.read().corpus.vocabulary.relations)
    assert {note.message.split("`")[1] for note in notes} == relations - used
    assert {(note.path, note.level) for note in notes} == {("ontology/tiny.ttl", "note")}


# ---- the shipped corpus


def test_every_shipped_relation_names_the_file_that_declares_it(shipped_corpus: Corpus) -> None:
    homes = {r.term.home for r in shipped_corpus.vocabulary.relations.values()}
    assert {home.name for home in homes} == {"nhs.ttl"}
