"""A name is known again in other case, typography and number, and with its article."""

from __future__ import annotations

import pytest

from ccgkg.corpus.names import Names
from ccgkg.corpus.stems import stems

SAME = [
    ("NHS England", "nhs england"),
    ("The King's Fund", "King’s Fund"),
    ("the King’s Fund", "King's Funds'"),
    ("CCG", "CCGs"),
    ("GPs", "GP’s"),
    ("practices", "a practice"),
    ("Health and Wellbeing Boards", "Health and Wellbeing Board"),
    ("policy-maker", "policy makers"),
    ("long-term conditions", "long\u2011term  condition"),
    ("bodies", "body"),
    ("classes", "class"),
    ("boxes", "box"),
    ("the NHS", "NHS"),
]

OTHER = [
    ("GPs", "GP practices"),
    ("the board", "the boarder"),
    ("as", "a"),
    ("A&E", "E"),
    ("his", "hi there"),
    ("class", "clas"),
    ("area teams", "team areas"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_a_name_is_the_same_in_other_form(one: str, two: str) -> None:
    assert stems(one) == stems(two) != ()


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_other_words_are_another_name(one: str, two: str) -> None:
    assert stems(one) != stems(two)


@pytest.fixture
def names(tiny) -> Names:
    known = {"kind": "group", "tier": "local", "known": {"inferred": "made up"}}
    labels = {"gps": ["GPs", "general practitioners"], "idle-gps": ["GPs without a role"]}
    actors = {k: {"label": v[0], "aliases": v[1:], **known} for k, v in labels.items()}
    tiny.text("Text.").put("actors.yaml", {"paper": {"label": "P", **known}, **actors})
    return Names.of(tiny.read().corpus.registers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Some GPs wait.", [("gps", "GPs")]),
        ("A general practitioner’s wait", [("gps", "general practitioner’s")]),
        ("GPs without a role", [("gps", "GPs"), ("idle-gps", "GPs without a role")]),
        ("GPs with­out a role", [("gps", "GPs"), ("idle-gps", "GPs with­out a role")]),
        ("The gp\nwithout a\u00a0role", [("gps", "gp"), ("idle-gps", "gp\nwithout a\u00a0role")]),
        ("GPS-without-a-role", [("gps", "GPS"), ("idle-gps", "GPS-without-a-role")]),
        ("Money for general practice", [("money", "Money")]),
        ("Nobody.", []),
    ],
)
def test_a_text_mentions_what_it_names_and_where(names: Names, text: str, found) -> None:
    told = [(m.key, text[m.span.start : m.span.end]) for m in names.mentions(text)]
    assert sorted(told) == sorted(found)
