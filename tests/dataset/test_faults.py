"""A broken query is told so that it can be mended: at its place, in words, never as a grammar."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from ccgkg.corpus.places import shipped
from ccgkg.dataset.compiling import syntax_error
from ccgkg.dataset.probing import pieces
from ccgkg.dataset.store import evaluated
from ccgkg.errors import QueryError

QUERIES = sorted((shipped().root / "queries").glob("*.rq"))
PREFIXES = {
    "ccg": "https://w3id.org/ccgkg/ns/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}


def told(text: str) -> QueryError:
    """The error of a broken query."""
    with pytest.raises(QueryError) as error:
        evaluated(ox.Store(), text.replace("¦", ""), PREFIXES)
    return error.value


# Each query has a ¦ where the mark stands.
BROKEN = {
    "a point is missing": (
        "SELECT ?c {\n  ?c a ccg:Claim\n  ¦?c ccg:hedge ?h .\n}",
        "the triple before `?c` is complete: is a `.` missing before it?",
    ),
    "a comma is missing": (
        "SELECT ?c { ?c ccg:hedge ccg:x ¦ccg:y . }",
        "the triple before `ccg:y` is complete: is a `,` missing before it?",
    ),
    "a point or semicolon is missing": (
        "SELECT ?c { ?c a ccg:Claim ¦ccg:hedge ?h }",
        "the triple before `ccg:hedge` is complete: is a `;` missing before it?",
    ),
    "a bracket is open at the end": (
        "SELECT ?c {\n  ?c a ccg:Claim .\n  OPTIONAL { ?c ccg:hedge ?h }¦\n",
        "the query ends here without `}`; still open: the `{` of line 1",
    ),
    "two brackets are open at the end": (
        "SELECT ?c {\n FILTER (?c = 1¦",
        "without `) }`; still open: the `(` of line 2 and the `{` of line 1",
    ),
    "a bracket is closed that was not open": (
        "SELECT ?c { ?c a ccg:Claim } ¦}",
        "`}` closes nothing: no `{` is open",
    ),
    "another bracket is open": (
        "SELECT ?c {\n FILTER (?c = 1 ¦}",
        "`)` is missing before this `}`: the `(` of line 2 is not closed",
    ),
    "a bracket is missing between": (
        "SELECT ?c { ?c a ccg:Claim\n¦ORDER BY ?c",
        "is a `}` missing before `ORDER`? the `{` of line 1 is open",
    ),
    "a string is open": (
        'SELECT ?c {\n  ?c rdfs:label ¦"area teams .\n}',
        'the string that begins here has no closing `"` in its line',
    ),
    "a long string is open": ("SELECT ?c { ?c a ¦'''x\n\n }", "has no closing `'''`"),
    "an IRI is open": (
        "SELECT ?c { ?c a ¦<http://x.org/y }",
        "the IRI that begins here has no `>` before the next space",
    ),
    "an IRI is relative": ("SELECT ?c { ?c a ¦<x> }", "`<x>` is no whole IRI"),
    "an IRI has no brackets": (
        "SELECT ?c { ¦https://x.org/y a ?c }",
        "an IRI stands in angle brackets: `<https://x.org/y>`",
    ),
    "an escape that there is not": (
        r'SELECT ?c { ?c a ?b FILTER REGEX(?b, "¦\d+") }',
        r"a string has no `\d`; for the backslash itself write two: `\\d`",
    ),
    "quotation marks of a word processor": (
        "SELECT ?c { ?c rdfs:label ¦“stick” }",
        "`“` is no quotation mark of SPARQL",
    ),
    "English": (
        "¦Which claims are about the GPs' powers?",
        "this is no SPARQL query: it begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its",
    ),
    "nothing": ("¦", "there is no query here"),
    "the prefix of another language": ("¦@prefix x: <x:> . ASK {}", "SPARQL writes PREFIX"),
    "half a prefix": ("¦PREFIX x <x:> ASK {}", "it is `PREFIX name: <IRI>`"),
    "SELECT misspelt": ("¦SELCT ?c { ?c a ?b }", "`SELCT` is no keyword; nearest: SELECT"),
    "FILTER misspelt": (
        "SELECT ?q { ?q a ccg:Claim . ¦FILTR (?q) }",
        "`FILTR` is no keyword; nearest: FILTER",
    ),
    "ORDER misspelt": ("SELECT ?c { ?c a ?b } ¦ordr BY ?c", "nearest: ORDER"),
    "a function misspelt": ("SELECT ?c { ?c a ?b FILTER (¦REGX(?b, 'x')) }", "nearest: REGEX"),
    "a variable without a mark": ("SELECT ¦c { ?c a ?b }", "a variable is `?c`"),
    "a name without a prefix": (
        "SELECT ?c { ?c ¦hedge ?h }",
        "`hedge` stands alone: a variable is `?hedge`; a name has a prefix, as in `ccg:hedge`",
    ),
    "a text without quotes": ("ASK { ?c rdfs:label ¦stick@en }", '`"stick"@en`'),
    "a comma in SELECT": ("SELECT ?a¦, ?b { ?a a ?b }", "stand side by side, without `,`"),
    "an equals sign in a triple": ("ASK { ?a ¦= ?b }", "`=` compares only inside brackets"),
    "AND": ("ASK { FILTER (1 = 1 ¦AND 2 = 2) }", "SPARQL writes `&&` here, not `AND`"),
    "two equals signs": ("ASK { FILTER (1 ¦== 1) }", "SPARQL writes `=` here, not `==`"),
    "UNION of bare triples": ("ASK { ?a a ?b ¦UNION ?c a ?d }", "`{ … } UNION { … }`"),
    "FILTER without brackets": ("ASK { ?a a ?b FILTER ¦?a = 1 }", "is `(` missing before `?a`?"),
    "COUNT without brackets": (
        "SELECT ¦COUNT(?a) { ?a a ?b }",
        "a value in SELECT has brackets and a name: `(COUNT(…) AS ?name)`",
    ),
    "a column that is not grouped": (
        "¦SELECT ?b (COUNT(?a) AS ?n) { ?a a ?b }",
        "SELECT shows a variable that is neither in GROUP BY nor inside COUNT",
    ),
    "BIND of what there is": (
        "SELECT ?a { ?a a ?b BIND (1 AS ¦?a) }",
        "`?a` has a value already: BIND takes a new name",
    ),
    "GROUP without BY": ("SELECT ?a { ?a a ?b } GROUP ¦?a", "is `BY` missing before `?a`?"),
    "NOT EXISTS without FILTER": (
        "ASK { ?a a ?b ¦NOT EXISTS { ?a ?c ?d } }",
        "is `FILTER` missing before `NOT`?",
    ),
    "clauses in another order": (
        "SELECT ?a { ?a a ?b } LIMIT 1 ¦ORDER BY ?a",
        "ORDER BY stands before LIMIT",
    ),
    "an object is missing": (
        "ASK { ?a a ¦}",
        "before `}` something is missing: a variable, a prefixed name or a string",
    ),
    "a space before a bracket": (
        "ASK { ?a a ?b BIND (COALESCE ¦(?a, ?b) AS ?c) }",
        "`COALESCE` and its `(` have no space between",
    ),
    "a sign too many": ("ASK { ?a a ?b .¦. }", "`.` is too much here"),
    "a number is missing": ("SELECT ?a { ?a a ?b } LIMIT¦", "too early; expected: a number"),
    "a word for a number": (
        "SELECT ?a { ?a a ?b } LIMIT ¦ten",
        "`ten` cannot stand here; expected: a number",
    ),
    "characters, not bytes": ("ASK { ?é rdfs:label 'é😀é' ¦?b ?c }", "is a `;` missing"),
    "a comment between": ("ASK { ?a a ccg:Claim # so\n# on\n ¦?b a ?c }", "is a `.` missing"),
    "a prefix that nobody declares": (
        "ASK { ?a ¦cgc:hedge ?b }",
        "a prefix is not declared: `cgc:` (nearest: ccg)",
    ),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_told_at_its_place(text: str, says: str):
    error = told(text)
    at = text.index("¦")
    place = (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
    assert says in error.message
    assert (error.line, error.column) == place
    first, shown, mark = error.message.split("\n")
    assert first.startswith(f"line {place[0]}, column {place[1]}: ")
    assert shown == f"    {text.replace('¦', '').split(chr(10))[place[0] - 1]}"
    assert mark == " " * (4 + place[1] - 1) + "^"


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_no_message_speaks_as_the_parser(text: str, says: str):
    assert not [
        word for word in ("..=", "\\u{", "[_]", "<unreported>") if word in told(text).message
    ]


def test_the_mark_stands_below_its_place_after_a_tab():
    shown, mark = told("ASK {\r\n\t?a = ?b }").message.split("\n")[1:]
    assert (shown, mark) == ("    \t?a = ?b }", "    \t   ^")


def test_a_text_without_its_prefixes_is_told_as_a_file_is_checked():
    assert syntax_error("ASK {}") is None
    assert syntax_error("# first\nASK { ?a ccg:hedge ?b }") == (
        *(2, 10),
        "a prefix is not declared: `ccg:`",
    )


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_the_tokens_of_a_query_that_stand_apart(path: Path):
    # On this rests the place that is told: only the fault is left to be found.
    text = path.read_text(encoding="utf-8")
    end = text.rindex("}")
    error = told(f"{text[:end]} ?a = ?b {text[end:]}")
    at = end + len(" ?a ")
    assert "`=` compares only inside brackets" in error.message
    assert (error.line, error.column) == (
        text.count("\n", 0, end) + 1,
        at - text.rfind("\n", 0, end),
    )


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_of_a_query_cut_short_the_end_is_told(path: Path):
    whole = pieces(path.read_text(encoding="utf-8"))
    opened = next(at for at, piece in enumerate(whole) if piece.text == "{")
    text = "\n".join(piece.text for piece in whole[: opened + 3])
    error = told(text)
    assert error.line == text.count("\n") + 1
    assert "the query ends here without `" in error.message


def test_in_a_long_query_the_place_is_told_and_nothing_is_tried():
    error = told("ASK {\n" + "?a a ccg:Claim .\n" * 1000 + "¦?b = 1 }")
    assert (error.line, error.column) == (1002, 4)
    assert "`=` compares only inside brackets" in error.message
    error = told("ASK {\n" + "?a a ccg:Claim .\n" * 1000 + "?b c ?d }")
    assert (error.line, error.column) == (1002, 4)
    assert "`c` cannot stand here" in error.message
