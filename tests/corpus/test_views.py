"""Map, story and glossary: every actor, tier, claim and thing they name exists, with its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ccgkg.corpus.views import VIEW_FILES, Views

TEXT = "The board pays the clinics. It may be that they are paid late. Leaders said so at once.\n"
CLAIMS = (
    {"quote": "The board pays the clinics.", "id": "pays"},
    {"quote": "they are paid late", "id": "late", "accept": {"may": "a test"}},
    {"quote": "Leaders said so at once.", "id": "said"},
)
WITHDRAWN = {
    "quote": "It may be that",
    "id": "maybe",
    "withdrawn": {"why": "misread", "successor": "late"},
}
MAP = """\
bands:
- {label: At the top, tiers: [national]}
- label: Below
  tiers:
  - local
  - observer
places:
  board: [0, -40]
  clinics: [120, 80]
"""
STORY = """\
the-money:
  title: Where the money goes
  lens: money
  focus: board
  claim: paper-2014/pays
  caption:
  - {says: The board pays., claims: paper-2014/pays}
  - says: Some say that it pays late.
    claims: [paper-2014/late, paper-2014/said]
board:
  title: The least scene
  caption: {says: Leaders speak., claims: paper-2014/said}
"""
GLOSSARY = """\
CCG:
  stands-for: clinical commissioning group
  means: who buys care
  thing: clinics
  stated: [paper-2014/pays, "“the clinics (CCGs)”"]
GP: {stands-for: general practitioner, means: a doctor, inferred: as everybody says}
“the Board”: {stands-for: the board, means: who pays, thing: study, outside: "https://example.org/"}
"""
FILES = dict(zip(VIEW_FILES, (MAP, STORY, GLOSSARY), strict=True))


@pytest.fixture
def paper(tiny):
    """A source with three claims that stand and one that is withdrawn."""
    return tiny.text(TEXT).claims(*CLAIMS, WITHDRAWN)


@pytest.fixture
def shown(paper):
    """The same, with map, story and glossary."""
    for name, content in FILES.items():
        paper.put(name, content)
    return paper


def test_the_three_files_are_read_in_their_order(shown) -> None:
    read = shown.read()
    assert read.errors == []
    views = read.corpus.views
    assert [(band.label, band.tiers) for band in views.map.bands] == [
        ("At the top", ("national",)),
        ("Below", ("local", "observer")),
    ]
    assert views.map.places == {"board": (0, -40), "clinics": (120, 80)}
    assert list(views.story) == ["the-money", "board"]
    money, least = views.story.values()
    assert (money.lens, money.focus, money.claim) == ("money", "board", "paper-2014/pays")
    assert (least.lens, least.focus, least.claim) == (None, None, None)
    assert [(sentence.says, sentence.claims) for sentence in money.caption] == [
        ("The board pays.", ("paper-2014/pays",)),
        ("Some say that it pays late.", ("paper-2014/late", "paper-2014/said")),
    ]
    assert [(term, form.thing, form.basis) for term, form in views.glossary.items()] == [
        ("CCG", "clinics", "stated"),
        ("GP", None, "inferred"),
        ("“the Board”", "study", "outside"),
    ]


def test_what_they_name_is_known_with_its_line(shown) -> None:
    views = shown.read().corpus.views
    assert [(named.whose, named.name, named.path.name, named.line) for named in views.lenses] == [
        ("`the-money` shows", "money", "story.yaml", 3)
    ]
    assert [(named.whose, named.name, named.line) for named in views.claims] == [
        ("`the-money` shows", "paper-2014/pays", 5),
        ("`the-money` names", "paper-2014/pays", 7),
        ("`the-money` names", "paper-2014/late", 9),
        ("`the-money` names", "paper-2014/said", 9),
        ("`board` names", "paper-2014/said", 12),
        ("`CCG` rests on", "paper-2014/pays", 5),
        ("`CCG` rests on", "“the clinics (CCGs)”", 5),
    ]


@pytest.mark.parametrize("name", VIEW_FILES)
def test_a_corpus_may_do_without_each_of_them(shown, name: str) -> None:
    (shown.seeds / name).unlink()
    assert shown.read().errors == []


def test_a_corpus_may_do_without_all_of_them(paper) -> None:
    read = paper.read()
    assert read.errors == []
    assert read.corpus.views == Views()


def test_nobody_is_used_by_being_placed_told_of_or_explained(shown) -> None:
    """A claim must name an actor; a place on the map is no reason to keep one."""
    shown.actors(idle={"label": "the idle"})
    shown.put("map.yaml", "places: {idle: [1, 2]}")
    assert any("`idle`" in warning.message for warning in shown.read().warnings)


# file, the old words, the new, the rule, what the error says and on which line

REFUSED: dict[str, tuple[str, str, str, str, tuple[str, ...], int]] = {
    "an unknown tier": (
        "map.yaml",
        "[national]",
        "[nationl]",
        "field-value",
        ("unknown tier `nationl`", "nearest: national"),
        2,
    ),
    "a tier in two bands": (
        "map.yaml",
        "- observer",
        "- national",
        "band",
        ("tier `national` stands in band “At the top” already",),
        6,
    ),
    "a tier twice in one band": (
        "map.yaml",
        "[national]",
        "[national, national]",
        "band",
        ("tier `national` stands in band “At the top” already",),
        2,
    ),
    "a band without tiers": (
        "map.yaml",
        "[national]",
        "[]",
        "field-missing",
        ("`tiers` is missing: a band holds the actors of a tier",),
        2,
    ),
    "a band without a label": (
        "map.yaml",
        "label: At the top, ",
        "",
        "field-missing",
        ("`label` is missing",),
        2,
    ),
    "an unknown part of the map": ("map.yaml", "places:", "spots:", "field-unknown", ("spots",), 7),
    "a place of three numbers": (
        "map.yaml",
        "[120, 80]",
        "[120, 80, 3]",
        "field-value",
        ("places.clinics: a place is [x, y], two whole numbers of pixels",),
        9,
    ),
    "a place of one number": ("map.yaml", "[120, 80]", "120", "field-value", ("two whole",), 9),
    "a place of words": ("map.yaml", "[120, 80]", "[left, up]", "field-value", ("two whole",), 9),
    "a place of booleans": ("map.yaml", "[120, 80]", "[1, true]", "field-value", ("whole",), 9),
    "a place of decimals": ("map.yaml", "[120, 80]", "[1.5, 80]", "field-value", ("whole",), 9),
    "a place out of sight": ("map.yaml", "[120,", "[99999999,", "field-value", ("two whole",), 9),
    "no place": ("map.yaml", "[120, 80]", "", "field-value", ("two whole",), 9),
    "a stale place": (
        "map.yaml",
        "clinics:",
        "clinix:",
        "place",
        (
            "`clinix` is no actor of the register; nearest: clinics",
            "`ccgkg network --arrange` drops its place",
        ),
        9,
    ),
    "a place of a topic": ("map.yaml", "clinics:", "care:", "place", ("`care` is no actor",), 9),
    "two on one spot": (
        "map.yaml",
        "[120, 80]",
        "[0, -40]",
        "place",
        ("`clinics` stands on the spot of `board`", "`ccgkg network --arrange` finds another"),
        9,
    ),
    "a place twice": (
        "map.yaml",
        "clinics:",
        "board:",
        "unreadable",
        ("`board` is given twice",),
        9,
    ),
    "a scene twice": (
        "story.yaml",
        "\nboard:",
        "\nthe-money:",
        "unreadable",
        ("`the-money` is given twice",),
        10,
    ),
    "a scene whose key is none": (
        "story.yaml",
        "the-money:",
        "The money:",
        "key",
        ("`The money` is no key",),
        1,
    ),
    "a scene without a title": (
        "story.yaml",
        "  title: The least scene\n",
        "",
        "field-missing",
        ("`title` is missing",),
        10,
    ),
    "a scene without a caption": (
        "story.yaml",
        "  caption: {says: Leaders speak., claims: paper-2014/said}\n",
        "",
        "field-missing",
        ("`caption` is missing: a list of sentences",),
        10,
    ),
    "an unknown focus": (
        "story.yaml",
        "focus: board",
        "focus: boards",
        "field-value",
        ("focus: unknown actor `boards`; nearest: board",),
        4,
    ),
    "a topic as focus": (
        "story.yaml",
        "focus: board",
        "focus: care",
        "field-value",
        ("focus: unknown actor `care`",),
        4,
    ),
    "an unknown field of a scene": (
        "story.yaml",
        "focus:",
        "actor:",
        "field-unknown",
        ("unknown field `actor`",),
        4,
    ),
    "an unknown claim that is shown": (
        "story.yaml",
        "claim: paper-2014/pays",
        "claim: paper-2014/payed",
        "reference",
        ("`the-money` shows a claim that does not exist: `paper-2014/payed`; nearest:",),
        5,
    ),
    "a caption whose sentence has no claims": (
        "story.yaml",
        ", claims: paper-2014/pays",
        "",
        "field-missing",
        ("`claims` is missing: each sentence of a caption rests on claims",),
        7,
    ),
    "a caption whose sentence has an empty list of claims": (
        "story.yaml",
        "[paper-2014/late, paper-2014/said]",
        "[]",
        "field-missing",
        ("`claims` is missing: each sentence of a caption rests on claims",),
        8,
    ),
    "a caption without words": (
        "story.yaml",
        "says: Leaders speak.",
        'says: " "',
        "field-value",
        ("caption.says",),
        12,
    ),
    "an unknown claim of a caption": (
        "story.yaml",
        "paper-2014/late,",
        "paper-2014/lat,",
        "reference",
        (
            "`the-money` names a claim that does not exist: `paper-2014/lat`",
            "nearest: paper-2014/late",
        ),
        9,
    ),
    "a claim without its source": (
        "story.yaml",
        "paper-2014/late,",
        "late,",
        "field-value",
        ("`late` is not a claim: source-key/its-id",),
        9,
    ),
    "a withdrawn claim of a caption": (
        "story.yaml",
        "paper-2014/late,",
        "paper-2014/maybe,",
        "reference",
        (
            "`the-money` names a claim that is withdrawn: `paper-2014/maybe`",
            "its successor: paper-2014/late",
        ),
        9,
    ),
    "a term twice": (
        "glossary.yaml",
        "\nGP:",
        "\nCCG:",
        "unreadable",
        ("`CCG` is given twice",),
        6,
    ),
    "an unknown thing": (
        "glossary.yaml",
        "thing: clinics",
        "thing: clinic",
        "field-value",
        ("thing: unknown entry `clinic`; nearest: clinics",),
        4,
    ),
    "a thing that has no page": (
        "glossary.yaml",
        "thing: clinics",
        "thing: first-wave",
        "field-value",
        ("thing: unknown entry `first-wave`",),
        4,
    ),
    "a term that stands for nothing": (
        "glossary.yaml",
        "stands-for: general practitioner, ",
        "",
        "field-missing",
        ("`stands-for` is missing",),
        6,
    ),
    "a term of which nobody says how it is known": (
        "glossary.yaml",
        ", inferred: as everybody says",
        "",
        "field-value",
        ("say one of `stated:`, `inferred:` (why) or `outside:` (where)",),
        6,
    ),
    "a term that is known in two ways": (
        "glossary.yaml",
        "inferred: as everybody says",
        "inferred: x, stated: y",
        "field-value",
        ("say one of `stated:`",),
        6,
    ),
    "an unknown claim that states a term": (
        "glossary.yaml",
        "paper-2014/pays",
        "paper-2014/payed",
        "reference",
        ("`CCG` rests on a claim that does not exist: `paper-2014/payed`",),
        5,
    ),
    "a withdrawn claim that states a term": (
        "glossary.yaml",
        "paper-2014/pays",
        "paper-2014/maybe",
        "reference",
        ("`CCG` rests on a claim that is withdrawn: `paper-2014/maybe`",),
        5,
    ),
}


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "says", "line"), REFUSED.values(), ids=REFUSED
)
def test_what_they_may_not_say_has_its_line(
    shown, file: str, old: str, new: str, rule: str, says: tuple[str, ...], line: int
) -> None:
    assert FILES[file].count(old) == 1
    shown.put(file, FILES[file].replace(old, new))
    error = shown.read().only(rule)
    assert (error.path, error.line) == (f"seeds/{file}", line)
    assert [words for words in says if words not in error.message] == [], error.message


@pytest.mark.parametrize(
    ("file", "content", "rule"),
    [
        ("map.yaml", "- x\n", "field-value"),
        ("story.yaml", "- x\n", "not-a-register"),
        ("glossary.yaml", "- x\n", "not-a-register"),
        *((file, "x: [", "unreadable") for file in VIEW_FILES),
        *((file, "", "unreadable") for file in VIEW_FILES),
    ],
)
def test_a_file_that_holds_something_else_is_named(
    shown, file: str, content: str, rule: str
) -> None:
    shown.put(file, content)
    assert shown.read().only(rule).path == f"seeds/{file}"


def test_one_fault_does_not_hide_the_next(shown) -> None:
    shown.put("map.yaml", "places: {x: [0, 0], y: [0, 1], board: [1, 1], clinics: [1, 1]}\n")
    shown.put("story.yaml", "a: {title: A}\nb: {title: B}\n")
    assert shown.read().rules == ["field-missing", "field-missing", "place", "place", "place"]


ELSEWHERE: dict[str, Callable] = {
    "an actor that does not hold": lambda paper: paper.actors(
        clinics={"label": "clinics", "kind": "club"}
    ),
    "a claim that does not hold": lambda paper: paper.claims(
        *CLAIMS[1:], {**CLAIMS[0], "modality": "facts"}
    ),
    "a source that cannot be read": lambda paper: paper.put("paper-2014/source.yaml", "- x\n"),
    "a register that cannot be read": lambda paper: paper.put("actors.yaml", "a: ["),
}


@pytest.mark.parametrize("spoil", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_is_wrong_elsewhere_is_not_blamed_on_them(shown, spoil: Callable) -> None:
    shown.put("glossary.yaml", GLOSSARY.replace("  thing: clinics\n", ""))
    spoil(shown)
    errors = shown.read().errors
    assert errors
    assert [str(error) for error in errors if error.path[6:] in VIEW_FILES] == []
