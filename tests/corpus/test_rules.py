"""One table holds every rule: the code raises no other, each is raised, and each can be explained.

A case spoils a small corpus; the rule of its name must be among those that it breaks. To add
a rule, add it to the table and a case here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ccgkg.corpus import rules
from ccgkg.corpus.rules import LEVELS, RULES, explained, listed, rules_accepted_in
from ccgkg.errors import UsageError

PACKAGE = Path(rules.__file__).parent.parent
TEXT = "The board pays the clinics. The clinics do not wait for money, said the team.\n"
PAYS = {"quote": "The board pays the clinics", "id": "c"}
WAIT = {
    "quote": "The clinics do not wait for money",
    "id": "w",
    "edge": ["clinics", "influences", "money"],
    "denied": True,
    "accept": {"said": "for a test"},
}
ACTOR = {"label": "A", "kind": "group", "tier": "local", "known": {"inferred": "for a test"}}


# ---- what breaks each rule


def of_claims(*entries: Any, text: str = TEXT, **source: Any) -> Callable:
    return lambda tiny: tiny.text(text, **source).claims(*entries)


def of_claim(**fields: Any) -> Callable:
    return of_claims({**PAYS, **fields})


def of_file(name: str, content: Any) -> Callable:
    return lambda tiny: tiny.text(TEXT).claims(PAYS) and tiny.put(name, content)


def without_text(tiny) -> None:
    tiny.text(TEXT).put(f"{tiny.key}/source.txt", "Another text.\n")


def mirrors_nothing(tiny) -> None:
    claims = {"source": tiny.key, "voices": {}, "mirrors": "nowhere", "claims": []}
    tiny.text(TEXT).put(f"{tiny.key}/claims.yaml", claims)


def of_actors(**actors: Any) -> Callable:
    return lambda tiny: tiny.text("T.").put("actors.yaml", {"paper": ACTOR, **actors})


TITLE = [{"id": "title", "kind": "heading", "quote": "The board pays the clinics."}]
FOOTER = [{"id": "footer", "kind": "boilerplate", "quote": "The board pays the clinics."}]
LETTER = [{"id": "letter", "kind": "comments", "quote": "The board pays the clinics."}]
BEARS = {"claim": "paper-2014/c", "why": "for a test"}
MANY = [{**PAYS, "id": f"c-{number}"} for number in range(rules.LEAST_CLAIMS)]

FIGURE = {"unit": "percent", "measure": "felt-able", "population": "clinics"}

CASES: dict[str, Callable] = {
    "accept-unused": of_claim(accept={"whether": "for a test"}),
    "alias-shared": of_actors(a=ACTOR | {"label": "the Boards"}, b=ACTOR | {"label": "board"}),
    "band": of_file("map.yaml", {"bands": [{"label": "B", "tiers": ["local", "local"]}]}),
    "boilerplate": of_claims(PAYS, regions=FOOTER),
    "chain": of_claims(PAYS, regions=LETTER),
    "claim-twice": of_file(
        "issues.yaml",
        {"pay": {"label": "Who pays?", "for": [BEARS, BEARS]}},
    ),
    "crowded-passage": of_claims(*MANY),
    "cycle": of_actors(a=ACTOR | {"succeeds": "a"}),
    "declared-none": of_claims(PAYS, {"quote": "board pays the clinics", "no-claim": "lead-in"}),
    "dustbin": of_claims(*MANY),
    "edge": of_claim(edge=["board", "pays", "nobody"]),
    "elision": of_claims({**WAIT, "quote": "The clinics … wait for money"}),
    "field-missing": of_claims({"quote": PAYS["quote"], "text": "T."}),
    "field-unknown": of_claim(colour="red"),
    "field-value": of_claim(modality="facts"),
    "figure-value": of_claim(figure=FIGURE | {"said": "25% of clinics", "value": 20}),
    "figure-unstructured": of_claims(PAYS | {"quote": "board pays £5"}, text="The board pays £5."),
    "heading": of_claims(PAYS, regions=TITLE),
    "hedge-missing": of_claims(PAYS | {"quote": "board may pay"}, text="The board may pay."),
    "id-twice": of_claims(PAYS, WAIT | {"id": "c"}),
    "insertion": of_claim(quote="The board [not] pays the clinics"),
    "key": of_file("topics.yaml", {"The Care": {"label": "c"}}),
    "key-twice": of_file("topics.yaml", {"board": {"label": "b"}}),
    "lever": of_claim(edge=["board", "funds", "care"], lever={"said": "carrot"}),
    "mirror": mirrors_nothing,
    "negation-one-sided": of_claims({**WAIT, "denied": False}),
    "no-claim-share": of_claims(PAYS, {"quote": "The clinics do not wait", "no-claim": "lead-in"}),
    "no-source": lambda tiny: None,
    "not-a-register": of_file("topics.yaml", ["care"]),
    "not-claims": lambda tiny: tiny.text(TEXT).put(f"{tiny.key}/claims.yaml", ["c"]),
    "not-curated": lambda tiny: tiny.text(TEXT),
    "not-pinned": of_claims(PAYS, WAIT),
    "not-printed": of_claim(hedge="perhaps"),
    "place": of_file("map.yaml", {"places": {"nobody": [0, 0]}}),
    "quote-ambiguous": of_claims({**PAYS, "quote": "pays the clinics"}, text=TEXT + TEXT),
    "quote-drifted": of_claim(quote="The board paid the clinics"),
    "quote-lost": of_claim(quote="0123456789 0123456789 0123456789"),
    "quote-sentences": of_claim(quote="pays the clinics. The clinics"),
    "reference": of_claim(supports={"claim": "w", "why": "for a test"}),
    "region": of_claims(PAYS, regions=[TITLE[0] | {"quote": "The board pays nobody."}]),
    "sentence": of_claims(WAIT | {"accept": {}}),
    "sentence-open": of_claims(PAYS),
    "sentences": lambda tiny: (
        tiny.text(TEXT).claims(PAYS) and tiny.put(f"{tiny.key}/sentences.yaml", "spans: []\n")
    ),
    "speaker-missing": of_claims({**WAIT, "quote": "wait for money, said the team"}),
    "stray-file": of_file("actor.yaml", {}),
    "text-changed": without_text,
    "unknown-section": of_file("works.yaml", {"books": {}}),
    "unmentioned": of_claim(edge=["readers", "influences", "care"]),
    "unreadable": of_file("topics.yaml", "care: [open\n"),
    "unused-actor": of_claims(PAYS, WAIT),
    "unused-relation": of_claims(PAYS, WAIT),
    "unused-topic": of_claims(PAYS, WAIT),
    "words-outside": of_claims({**PAYS, "quote": "The board pays"}),
}


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_is_broken_by_something(tiny, rule: str) -> None:
    CASES[rule](tiny)
    read = tiny.read()
    broken = (*read.errors, *read.warnings, *read.notes)
    assert rule in {finding.rule for finding in broken}, [str(finding) for finding in broken]
    assert all(finding.level == RULES[finding.rule].level for finding in broken)


def test_every_rule_has_a_case() -> None:
    # Shapes are of the dataset, which this room cannot make: tests/dataset/test_shapes.py.
    assert set(CASES) == set(RULES) - {"shape"}


# ---- what the code raises


def raised() -> Iterator[tuple[str, str]]:
    """File and rule of every finding in the code; `*` stands for what is filled in."""
    place = {"add": 2, "_fault": 1, "blame": 1, "Fault": 0}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            rule: ast.AST | None = None
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                at = place.get(name, len(node.args))
                rule = node.args[at] if len(node.args) > at else None
            elif isinstance(node, ast.Yield) and path.name == "library.py":
                rule = node.value.elts[0]  # the doubts about a source as a whole
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_RULES":
                yield from ((path.name, value.value) for value in node.value.values)
            if isinstance(rule, ast.Constant):
                yield path.name, rule.value
            elif isinstance(rule, ast.JoinedStr):
                parts = (getattr(part, "value", None) for part in rule.values)
                yield path.name, "".join(p if isinstance(p, str) else "*" for p in parts)


def test_the_code_raises_the_rules_of_the_table_and_no_others() -> None:
    found = {rule for _, rule in raised()} | {"field-value"}  # what is neither missing nor unknown
    for pattern in [rule for rule in found if "*" in rule]:
        found.remove(pattern)
        filled = {rule for rule in RULES if rule.startswith(pattern.partition("*")[0])}
        assert filled, pattern
        found |= filled
    assert found == set(RULES)


# ---- what is told of a rule


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_explained_with_its_level_and_what_to_do(rule: rules.Rule) -> None:
    text = " ".join(explained(rule.name).split())
    assert text.startswith(f"{rule.name}: {rule.level}, {LEVELS[rule.level]}")
    assert rule.means in text
    assert f"What to do: {rule.remedy}" in text
    assert ("To accept: " in text) is bool(rule.accept)


@pytest.mark.parametrize(
    ("typed", "near"),
    [("hedge-mising", "hedge-missing"), ("quote", "quote-lost"), ("Dustbin", "dustbin")],
)
def test_an_unknown_rule_is_answered_with_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(UsageError) as error:
        explained(typed)
    assert near in str(error.value)
    assert "ccgkg check --explain all" in str(error.value)


def test_the_list_holds_every_rule_by_level_and_name() -> None:
    rows = [(list(LEVELS).index(level), name) for name, level, _ in listed()]
    assert rows == sorted(rows)
    assert {name for _, name in rows} == set(RULES)


def test_an_error_is_accepted_by_the_very_word_and_never_by_its_name() -> None:
    named = {
        name
        for place in ("claim", "entry", "source.yaml", "corpus.yaml")
        for name in rules_accepted_in(place)
    }
    assert named
    assert {RULES[name].level for name in named} == {"warning"}
