"""Section 5 and laws 4, 5, 7, 8: what each command says, to whom, and with which exit code.

Answers go to stdout, talk to stderr. Exit codes: 0 well, 1 open findings, 2 usage, 3 bad
seed, ontology or query, 4 cannot be built or written here. A value that a user types names
something or is a literal; it never becomes a piece of the query.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import click
import pyoxigraph as ox
import pytest

from ccgkg.api import OpenCorpus
from ccgkg.citations.citing import FORMATS, cite
from ccgkg.cli import COMMANDS, cli
from ccgkg.corpus.directory import REGISTERS
from ccgkg.corpus.queryfiles import read_query
from ccgkg.corpus.rules import RULES
from ccgkg.dataset.cache import Cache, Manifest
from ccgkg.dataset.cards import Card, ChainStep, PassageCard, SourceCard
from ccgkg.dataset.opening import open_store
from ccgkg.dataset.remote import refuse_remote
from ccgkg.dataset.store import Store
from ccgkg.errors import QueryError, UsageError
from ccgkg.queries import running
from ccgkg.queries.naming import resolve_iri

BASE = "https://w3id.org/ccgkg/"
HEADER = "#+ summary: {}\n#+ description: For a test.\n"
CLAIM = "pulse-2016/influence-20"
QUERIES = {
    "echo": HEADER.format("Says it again") + "SELECT ?x { BIND (?_x_string AS ?x) }\n",
    "thing": HEADER.format("What is it?") + "SELECT ?x { BIND (?_x_iri AS ?x) }\n",
    "typed": HEADER.format("Three types")
    + '#+ defaults: {n: 3, d: "2014-04-01", b: "true"}\n'
    + "SELECT ?n ?d ?b {\n"
    + "  BIND (?_n_integer AS ?n) BIND (?_d_date AS ?d) BIND (?_b_boolean AS ?b) }\n",
}
SELECT = "SELECT ?c ?q { ?c a ccg:Claim ; ccg:quote ?q } ORDER BY ?c LIMIT 3"
KINDS = {
    "select": SELECT,
    "ask": "ASK { ?c a ccg:Claim }",
    "construct": "CONSTRUCT { ?c a ccg:Claim } WHERE { ?c a ccg:Claim }",
    "describe": f"DESCRIBE <{BASE}claim/{CLAIM}>",
}


@pytest.fixture(scope="module")
def place(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped corpus with some queries of its own."""
    folder = tmp_path_factory.mktemp("cli") / "corpus"
    for name in ("seeds", "ontology", "queries"):
        shutil.copytree(root / name, folder / name)
    for name, text in QUERIES.items():
        (folder / "queries" / f"{name}.rq").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ask(place: Path, run: Callable) -> Iterator[Callable]:
    """The command line on that corpus, built and kept open: `ask("query", "figures")`."""
    assert run("--corpus", place, "build").code == 0
    opened: dict[tuple[Path, str], Store] = {}
    at = Store.at

    def once(cache: Cache, manifest: Manifest) -> Store:
        """Opening costs 20 ms and is what test_cache.py tests."""
        key = cache.folder, manifest.digest
        return opened[key] if key in opened else opened.setdefault(key, at(cache, manifest))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "at", once)
        yield lambda *args, stdin=None: run("--corpus", place, *args, stdin=stdin)


@pytest.fixture(scope="module")
def store(ask: Callable, place: Path) -> Store:
    return open_store(place, None)


def sparql(ask: Callable, text: str, *args: str) -> list[dict[str, str]]:
    """The rows of a SELECT query."""
    result = ask("query", "--sparql", text, *args, "--format", "json")
    assert result.code == 0, result.err
    rows = json.loads(result.out)["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in rows]


# -- build and check


def test_build_shows_each_source_and_then_has_nothing_to_do(ask: Callable, place: Path) -> None:
    again = ask("build")
    assert (again.code, again.err) == (0, "")
    for folder in (place / "seeds").glob("*/"):
        assert re.search(rf"^{folder.name} .*\d", again.out, re.MULTILINE)
    assert re.search(
        r"^\d+ quads; 0 open findings; sha256:[0-9a-f]{12}; nothing changed", again.out, re.M
    )


def test_check_of_a_clean_corpus_writes_nothing(ask: Callable, place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    result = ask("check")
    assert (result.code, result.err) == (0, "")
    assert re.search(r"\n0 errors, 0 warnings, \d+ notes?\n$", result.out)
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the shapes, which take most of a build and are tested elsewhere."""
    monkeypatch.setattr("ccgkg.dataset.shapes.breaches", lambda *_: [])


@pytest.mark.usefixtures("quick")
def test_open_warnings_are_listed_counted_and_change_the_exit_code(
    corpus, spoil: Callable, run: Callable
) -> None:
    spoil(
        "seeds/holder-2014/source.yaml",
        "- {id: comments-heading, kind: boilerplate, quote: Comments}\n",
        "",
    )
    (corpus.seeds / "kingsfund-2014" / "sentences.yaml").unlink()
    told = [
        "seeds/holder-2014/source.txt:47: warning: no claim and no reason why not: “Comments”",
        "seeds/kingsfund-2014/source.yaml: warning: The sentence boundaries are not pinned",
    ]
    checked = run("--corpus", corpus.root, "check")
    assert checked.code == 1
    assert [line for line in told if line not in checked.out] == []
    assert re.search(r"\n0 errors, 2 warnings, \d+ notes?\n$", checked.out)
    built = run("--corpus", corpus.root, "build")
    assert built.code == 1
    assert [line for line in told if line not in built.err] == []
    assert "; 2 open findings; " in built.out
    unchanged = run("--corpus", corpus.root, "build")
    assert (unchanged.code, unchanged.err) == (1, built.err)


def test_the_help_of_check_says_what_each_level_does(run: Callable) -> None:
    told = " ".join(run("check", "--help").out.split())
    assert "Errors stop the build; warnings are mended, or accepted" in told
    assert "notes stand apart and change no exit code" in told


@pytest.mark.usefixtures("quick")
def test_notes_stand_apart_are_counted_and_change_no_exit_code(corpus, run: Callable) -> None:
    before = run("--corpus", corpus.root, "check")
    with (corpus.root / "ontology" / "nhs.ttl").open("a", encoding="utf-8") as file:
        file.write(
            'nhs:bribes a ccg:Relation ; rdfs:label "bribes"@en ; skos:definition "Pays."@en ;\n'
            "  rdfs:domain ccg:Actor ; rdfs:range ccg:Actor .\n"
        )
    after = run("--corpus", corpus.root, "check")
    note = "ontology/nhs.ttl: note: no claim uses the relation `bribes` [unused-relation]"
    body, _, apart = after.out.rstrip().rpartition("\n\n")
    *notes, summary = apart.splitlines()
    assert note in notes
    assert all(": note: " in line for line in notes)
    assert ": note: " not in body
    assert re.search(rf", {len(notes)} notes?$", summary)
    assert (after.code, set(before.out.splitlines()) - set(after.out.splitlines())) == (
        before.code,
        {before.out.splitlines()[-1]} - {summary},
    )


# -- check --explain


@pytest.mark.parametrize("rule", ["hedge-missing", "quote-lost", "unused-relation"])
def test_a_rule_is_explained_without_reading_any_corpus(rule: str, run: Callable) -> None:
    told = run("--corpus", "/nowhere", "check", "--explain", rule)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"{rule}: {RULES[rule].level}")


def test_all_rules_are_listed_with_level_and_meaning(run: Callable) -> None:
    told = run("check", "--explain", "all")
    assert (told.code, told.err) == (0, "")
    for rule in RULES.values():
        assert re.search(rf"^{rule.name} +{rule.level}$", told.out, re.MULTILINE)
        assert " ".join(rule.means.split()) in " ".join(told.out.split())


@pytest.mark.parametrize("typed", ["hedge-mising", "hedge", "zebra", ""])
def test_an_unknown_rule_is_answered_with_the_nearest(typed: str, run: Callable) -> None:
    told = run("check", "--explain", typed)
    assert (told.code, told.out) == (2, "")
    assert f"no rule is called `{typed}`" in told.err
    assert ("hedge-missing" in told.err) is typed.startswith("hedge")
    assert "All of them: ccgkg check --explain all" in told.err


@pytest.mark.usefixtures("quick")
def test_pin_writes_what_is_missing_and_nothing_else(corpus, run: Callable) -> None:
    missing = corpus.seeds / "kingsfund-2014" / "sentences.yaml"
    pinned = missing.read_bytes()
    missing.unlink()
    before = {path: path.stat().st_mtime_ns for path in corpus.root.rglob("*") if path.is_file()}
    result = run("--corpus", corpus.root, "check", "--pin")
    assert str(missing) in result.err
    after = {path: path.stat().st_mtime_ns for path in corpus.root.rglob("*") if path.is_file()}
    assert set(after) - set(before) == {missing}
    assert {path: after[path] for path in before} == before
    spans = [line for line in pinned.splitlines() if line.startswith(b"- [")]
    assert [line for line in missing.read_bytes().splitlines() if line.startswith(b"- [")] == spans
    assert run("--corpus", corpus.root, "check").code == 0


# -- query: what to run


def test_the_list_of_queries_is_complete(ask: Callable, place: Path) -> None:
    listed = ask("query")
    assert (listed.code, listed.err) == (0, "")
    names = re.findall(r"^([\w-]+)", listed.out, re.MULTILINE)
    assert names[1:] == sorted(path.stem for path in (place / "queries").glob("*.rq"))
    for words in ("n=3 d=2014-04-01 b=true", "Three types", "x=…", "Says it again"):
        assert words in listed.out


def test_a_query_may_be_a_name_a_file_standard_input_or_text(ask: Callable, tmp_path: Path) -> None:
    text = "SELECT (?_x_string AS ?x) {}"
    file = tmp_path / "mine.rq"
    file.write_text(text, encoding="utf-8")
    ways = [
        ask("query", "echo", "x=a b"),
        ask("query", file, "x=a b"),
        ask("query", "-", "x=a b", stdin=text),
        ask("query", "--sparql", text, "x=a b"),
        ask("query", "x=a b", "--sparql", text),
    ]
    assert {(way.code, way.out, way.err) for way in ways} == {(0, "x\n───\na b\n", "")}


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["ecko"], 2, ("no query and no file `ecko`", "Nearest: echo")),
        (["nowhere/mine.rq"], 2, ("no query and no file", "ccgkg query")),
        (["."], 2, ("no query and no file",)),
        (["thing"], 2, ("`x` (iri) needs a value", "x=…")),
        (["thing", "y=ccgs"], 2, ("no parameter `y`", "parameters: x (iri)")),
        (["typed", "nn=1"], 2, ("no parameter `nn`", "nearest: n")),
        (["thing", "x=ccgs", "x=gps"], 2, ("`x` is given twice",)),
        (["thing", "ccgs"], 2, ("`ccgs` is no parameter", "name=value")),
        (["typed", "n=3.5"], 2, ("`n` is an integer", "`3.5`")),
        (["typed", "n="], 2, ("`n` is an integer",)),
        (["typed", "n=１２"], 2, ("`n` is an integer",)),
        (["typed", f"n={'9' * 5000}"], 2, ("`n` is an integer",)),
        (["typed", "d=2014-02-31"], 2, ("`d` is a date", "`2014-02-31`")),
        (["typed", "d=April"], 2, ("`d` is a date", "2014-04-01")),
        (["typed", "b=yes"], 2, ("`b` is a boolean", "true or false")),
        (
            ["thing", "x=nhs-englnd"],
            2,
            ("nothing is called `nhs-englnd`", "Nearest: NHS England (nhs-"),
        ),
        (["thing", "x="], 2, ("nothing is called",)),
        (["thing", "x=act:nhs-englnd"], 2, (f"nothing of <{BASE}actor/nhs-englnd>", "nhs-england")),
        (["thing", "x=pulse-2016/influence-2"], 2, (f"Nearest: {CLAIM}",)),
        (["thing", "x=report"], 2, ("`report` may be any of:", "work-type:report", "keys")),
        (["thing", "x=zebraquagga"], 2, ("nothing is called", "All names: ccgkg terms actors")),
        (["--sparql", SELECT, "figures"], 2, ("`figures` is no parameter",)),
        (["--sparql", ""], 3, ("line 1",)),
        (["--sparql", "INSERT DATA { <a:a> <a:b> <a:c> }"], 3, ("INSERT",)),
        (["--sparql", "SELECT * { ?s foo:bar ?o }"], 3, ("a prefix is not declared", "^")),
        (["--sparql", "SELECT ?x { SERVICE <http://localhost/> {} }"], 3, ("SERVICE is refused",)),
        (["--sparql", SELECT, "--format", "pdf"], 2, ("pdf", "csv")),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_a_wrong_call_says_what_would_be_right(
    args: list[str], code: int, says: tuple[str, ...], ask: Callable
) -> None:
    result = ask("query", *args)
    assert (result.code, result.out) == (code, "")
    assert [words for words in says if words not in result.err] == [], result.err
    assert "Traceback" not in result.err


def test_a_syntax_error_shows_line_column_and_the_line_itself(ask: Callable) -> None:
    result = ask("query", "--sparql", "SELECT * {\n  ?s ccg:says ?o .\n  ?s foo:bar ?o }")
    assert result.code == 3
    number, column = map(int, re.search(r"line (\d+), column (\d+)", result.err).groups())
    shown, pointer = result.err.splitlines()[1:3]
    assert number == 3
    assert shown == "      ?s foo:bar ?o }"
    assert pointer.index("^") == 4 + column - 1


def test_a_query_file_in_another_encoding_is_named(ask: Callable, tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_bytes("SELECT ('é' AS ?x) {}".encode("latin-1"))
    result = ask("query", file)
    assert (result.code, result.out) == (3, "")
    assert f"{file}: is not UTF-8" in result.err


@pytest.mark.parametrize(
    "text", ["SELECT ('\udcff' AS ?x) {}", "SELECT ('service \udcff' AS ?x) {}"], ids=ascii
)
def test_what_the_shell_could_not_decode_is_no_query(text: str, ask: Callable) -> None:
    result = ask("query", "--sparql", text)
    assert (result.code, result.out) == (3, "")


def test_a_default_is_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(
        HEADER.format("x")
        + "#+ defaults: {n: 3, d: 2014-04-01, b: true, s: no}\n"
        + "SELECT * { ?_n_integer ?_d_date ?_b_boolean, ?_s_string }\n",
        encoding="utf-8",
    )
    assert read_query(path).defaults == {"n": "3", "d": "2014-04-01", "b": "true", "s": "no"}


# -- query: values


@pytest.mark.parametrize(
    ("typed", "iri"),
    [
        ("ccgs", "actor/ccgs"),
        ("CCGs", "actor/ccgs"),
        ("clinical commissioning groups", "actor/ccgs"),
        ("Clinical  Commissioning Groups", "actor/ccgs"),
        ("act:ccgs", "actor/ccgs"),
        (f"{BASE}actor/ccgs", "actor/ccgs"),
        (f"<{BASE}actor/ccgs>", "actor/ccgs"),
        (" ccgs ", "actor/ccgs"),
        ("NHS England's area teams", "actor/area-teams"),
        ("NHS England’s area teams", "actor/area-teams"),
        ("gp-engagement", "topic/gp-engagement"),
        ("pulse-2016", "source/pulse-2016"),
        ("survey-2", "wave/survey-2"),
        ("gps-influence-ccgs", "issue/gps-influence-ccgs"),
        ("can gps influence their ccg?", "issue/gps-influence-ccgs"),
        (CLAIM, f"claim/{CLAIM}"),
        (f"claim:{CLAIM}", f"claim/{CLAIM}"),
        (f"{BASE}claim/{CLAIM}", f"claim/{CLAIM}"),
        ("stick", "nhs/lever/stick"),
        ("lever:stick", "nhs/lever/stick"),
        ("supports", "nhs/supports"),
    ],
)
def test_a_thing_is_found_by_any_of_its_names(typed: str, iri: str, store: Store) -> None:
    assert resolve_iri(store, typed) == BASE + iri


@pytest.mark.parametrize(
    ("typed", "kind", "told"),
    [
        ("Kings Fund", "", "The King's Fund (kings-fund)"),
        ("Naylor", "", "Chris Naylor (naylor)"),
        ("Amanda", "", "Dr Amanda Doyle (doyle)"),
        ("area team", "", "NHS England's area teams (area-teams)"),
        ("clinical commissioning group", "", "CCGs (ccgs)"),
        ("the gps", "", "GPs (gps)"),
        ("practice", "actor", "GP practices (practices)"),
        ("stick", "", "lever:stick"),
        ("GPs", "actor", ""),
        ("gps-surveyed", "actor", ""),
        ("King’s Fund", "actor", ""),
        ("lever:stick", "", ""),
        (CLAIM, "", ""),
    ],
)
def test_what_is_taken_for_an_inexact_name_is_said(
    typed: str, kind: str, told: str, store: Store
) -> None:
    said: list[str] = []
    iri = resolve_iri(store, typed, said.append, kind)
    assert said == ([f"`{typed}` is taken as {told}"] if told else [])
    assert not told or iri.endswith(f"/{re.split('[(:]', told)[-1].rstrip(')')}")


@pytest.mark.parametrize(
    ("typed", "kind", "listed"),
    [
        ("practice", "", ("tier:practice", "practices: GP practices (actor)")),
        ("Nuffield", "actor", ("nuffield-trust: ", "kf-nt-team: ")),
        ("commissioner", "actor", ("gp-commissioners: ", "nhs-clinical-commissioners: ")),
        ("of CCGs", "", ("and ", "more: ccgkg terms of CCGs")),
    ],
)
def test_several_things_are_listed_and_none_is_taken(
    typed: str, kind: str, listed: tuple[str, ...], store: Store
) -> None:
    with pytest.raises(UsageError, match=f"`{typed}` may be any of:") as error:
        resolve_iri(store, typed, pytest.fail, kind)
    lines = str(error.value).splitlines()
    assert len(lines) <= 13
    assert [words for words in listed if not any(words in line for line in lines)] == []


@pytest.mark.parametrize(
    "args", [("query", "thing", "x=Kings Fund"), ("find", "--actor", "Naylor")]
)
def test_a_command_says_on_stderr_what_it_took(args: tuple[str, ...], ask: Callable) -> None:
    result = ask(*args)
    assert result.code == 0
    assert result.err.startswith(f"`{args[-1].removeprefix('x=')}` is taken as ")
    assert "is taken as" not in result.out


def test_python_is_warned_of_what_was_taken(store: Store) -> None:
    with pytest.warns(UserWarning, match="`Naylor` is taken as Chris Naylor"):
        assert OpenCorpus(store).find(actor="Naylor")
    with pytest.warns(UserWarning, match="`Kings Fund` is taken as The King's Fund"):
        OpenCorpus(store).query("thing", x="Kings Fund")


ATTACKS = [
    "x> } ; DROP",
    '"@en . ?s ?p ?o',
    '" } # ',
    "'''",
    "a\\",
    "\\u0022 . ?s ?p ?o",
    "a\nb\r\tc",
    "?x",
    "$x ?_x_string",
    "> ?s ?p <",
    "SERVICE <http://localhost/> { }",
    "é 😀 \u2028 \u0000",
]


@pytest.mark.parametrize("attack", [*ATTACKS, ""], ids=ascii)
def test_a_string_comes_back_as_it_was_typed(attack: str, store: Store) -> None:
    answer = store.ask(running.bound(store, running.load(store, "echo"), {"x": attack}))
    assert answer.variables == ("x",)
    assert [[value.text for value in row] for row in answer.rows()] == [[attack]]


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
@pytest.mark.parametrize("around", ["{}", "<{}>", f"<{BASE}actor/ccgs> {{}}", "act:ccgs{}/"])
def test_what_names_nothing_never_enters_the_query(attack: str, around: str, store: Store) -> None:
    with pytest.raises(UsageError):
        running.bound(store, running.load(store, "thing"), {"x": around.format(attack)})


def test_an_attack_on_the_command_line_fails_alike(ask: Callable) -> None:
    assert ask("query", "echo", f"x={ATTACKS[1]}").out.splitlines()[2:] == [ATTACKS[1]]
    result = ask("query", "thing", f"x={ATTACKS[0]}")
    assert (result.code, result.out) == (2, "")


@pytest.mark.parametrize(
    ("text", "value", "answer"),
    [
        ("SELECT ?x { VALUES ?x { 1 5 9 } FILTER (?x < ?_n_integer && ?x > 2) }", "n=7", ["5"]),
        ("SELECT (10 -?_n_integer AS ?x) {}", "n=-1", ["11"]),
        ("SELECT (10-?_n_integer AS ?x) {}", "n=-1", ["11"]),
        ("SELECT ?x { VALUES ?x { 1 5 9 } } ORDER BY ?x LIMIT ?_n_integer", "n=1", ["1"]),
        ('SELECT ("?_n_integer" AS ?x) (?_n_integer AS ?y) {}', "n=1", ["?_n_integer"]),
        ("SELECT (?_n_string AS ?x) {} # ?_m_string", "n=1", ["1"]),
    ],
)
def test_a_value_stands_where_its_parameter_stood(
    text: str, value: str, answer: list[str], ask: Callable
) -> None:
    assert [row["x"] for row in sparql(ask, text, value)] == answer


def test_no_parameter_is_left_without_its_value(ask: Callable) -> None:
    # `<?_n_integer&&?x>` looks like an IRI.
    text = "SELECT ?x { VALUES ?x { 1 5 9 } FILTER(?x<?_n_integer&&?x>2) }"
    result = ask("query", "--sparql", text, "n=7")
    assert (result.code, result.out.split()[2:]) in [(0, ["5"]), (2, []), (3, [])]


def test_a_value_is_a_term_of_its_own(ask: Callable) -> None:
    assert ask("query", "--sparql", "SELECT (5?_n_integer AS ?x) {}", "n=1").code == 3


# -- query: nothing reaches out


GROUP = "<http://example.org/> { ?a ?b ?c }"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICE {GROUP} }}",
        f"SELECT * {{ service {GROUP} }}",
        f"SELECT * {{ SerVice SILENT {GROUP} }}",
        f"SELECT * {{SERVICE{GROUP}}}",
        f"SELECT * {{ SERVICE # why\n {GROUP} }}",
        f"SELECT * {{ # '\n SERVICE {GROUP} }}",
        f"SELECT * {{ S\\u0045RVICE {GROUP} }}",
        f"SELECT * {{ \\U00000053ERVICE {GROUP} }}",
        f"SELECT * {{ \\u0053\\u0065\\u0072vice {GROUP} }}",
        "SELECT * { VALUES ?x { <http://example.org/> } SERVICE ?x { ?a ?b ?c } }",
        f"SELECT * {{ ?s ?p ?o.SERVICE {GROUP} }}",
        f"SELECT * {{ ?s ?p 1SERVICE {GROUP} }}",
        f"SELECT * {{ ?s ?p 'a'SERVICE {GROUP} }}",
        f'SELECT * {{ ?s ?p "\\\\" . SERVICE {GROUP} }}',
        f"SELECT * {{ ?s ?p '''it's''' . SERVICE {GROUP} }}",
        f'SELECT * {{ ?s ?p """a " b"""SERVICE {GROUP} }}',
        f"SELECT * {{ ?s ?p <a>SERVICE {GROUP} }}",
        f"SELECT * {{ ?s ?p ?o FILTER(?o<5)SERVICE {GROUP} FILTER(?o>5) }}",
        f"ASK {{ {{ SELECT * {{ SERVICE {GROUP} }} }} }}",
        "LOAD <http://example.org/>",
        "load silent <http://example.org/> INTO GRAPH <a:b>",
        # A code point escape for a backslash: some readers unescape before they cut tokens.
        f'SELECT * {{ BIND("\\u005C" AS ?z) SERVICE {GROUP} #"\n}}',
        f"SELECT * {{ BIND('\\u005C' AS ?z) SERVICE {GROUP} #'\n}}",
        # Less-than and greater-than that together look like an IRI, which hides the word itself,
        # or the mark that opens a string or a comment: all of these reach the network.
        f"SELECT * {{ FILTER(1<2)SERVICE#>\n{GROUP} }}",
        "SELECT * { VALUES ?v { <http://example.org/> } FILTER(1<2)SERVICE?v#>\n{ ?a ?b ?c } }",
        f"SELECT * {{ FILTER(true<false)SERVICE#>\n{GROUP} }}",
        f"SELECT * {{ ?s ?p (1 <a:b#>) . FILTER(1<2)SERVICE#>\n{GROUP} }}",
        f"SELECT * {{ FILTER(1<2&&'>'!='x')SERVICE {GROUP} #'\n}}",
        f"SELECT * {{ FILTER(1<2&&2#>'''\n<3)SERVICE {GROUP} #'''\n}}",
        f"PREFIX e: <a:> SELECT * {{ FILTER(1<e:b#>'''\n)SERVICE {GROUP} #'''\n}}",
    ],
)
def test_service_and_load_are_refused_in_any_spelling(text: str) -> None:
    with pytest.raises(QueryError, match="is refused"):
        refuse_remote(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?load { ?service ?load 'SERVICE' } LIMIT 1",
        'SELECT * { ?s ?p "LOAD <x>" } LIMIT 1',
        'SELECT * { ?s ?p """ " SERVICE " """ } LIMIT 1',
        "SELECT * { ?s ?p ' \\' SERVICE ' } LIMIT 1",
        "SELECT * { <http://example.org/SERVICE/LOAD> ?p ?o } LIMIT 1",
        "# SERVICE <http://example.org/>\nSELECT * { ?s ?p ?o } LIMIT 1",
        "SELECT * { ?s ?p ?o } LIMIT 1 # LOAD",
        "SELECT * { ?s ccg:SERVICE ?o } LIMIT 1",
        "PREFIX load: <http://example.org/> SELECT * { ?s load:service ?o } LIMIT 1",
        "SELECT * { ?s ?p _:SERVICE } LIMIT 1",
        "SELECT * { ?s ?p 'x'@service } LIMIT 1",
        "SELECT * { ?s ?p ?o FILTER (?o < 5 && ?o > 3) } LIMIT 1",
        "PREFIX oa: <http://www.w3.org/ns/oa#> SELECT * { ?s a oa:Nothing } # a service",
    ],
)
def test_the_words_alone_are_no_reason_to_refuse(text: str, ask: Callable) -> None:
    result = ask("query", "--sparql", text)
    assert result.code == 0, result.err


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_a_graph_that_the_dataset_lacks_is_empty_and_not_fetched(
    clause: str, ask: Callable
) -> None:
    where = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    assert sparql(ask, f"SELECT * {clause} <http://127.0.0.1:9/> {where}") == []


def test_what_goes_wrong_while_rows_are_read_is_an_error_of_the_query(store: Store) -> None:
    # Port 9 of this machine: nobody answers, and the engine says so only when rows are read.
    with pytest.raises(QueryError):
        list(store.ask("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }").rows())


# -- query: formats


def is_table(out: str) -> bool:
    return out == "true\n" or "──" in out.splitlines()[1]


def is_csv(out: str) -> bool:
    rows = list(csv.reader(io.StringIO(out)))
    return rows[0] == ["c", "q"] and {len(row) for row in rows} == {2} and len(rows) == 4


def is_tsv(out: str) -> bool:
    lines = out.splitlines()
    return lines[0] == "?c\t?q" and {line.count("\t") for line in lines} == {1} and len(lines) == 4


def is_json(out: str) -> bool:
    answer = json.loads(out)
    return answer.get("boolean") is True or len(answer["results"]["bindings"]) == 3


def is_xml(out: str) -> bool:
    tree = ElementTree.fromstring(out)
    space = "{http://www.w3.org/2005/sparql-results#}"
    return tree.findtext(f"{space}boolean") == "true" or len(tree.findall(f".//{space}result")) == 3


def is_markdown(out: str) -> bool:
    lines = out.splitlines()
    bars = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
    return lines[0] == "| c | q |" and bars == {3} and len(lines) == 5


def is_turtle(out: str) -> bool:
    return len(list(ox.parse(input=out.encode(), format=ox.RdfFormat.TURTLE))) > 3


READERS = {
    "table": is_table,
    "csv": is_csv,
    "tsv": is_tsv,
    "json": is_json,
    "xml": is_xml,
    "markdown": is_markdown,
    "turtle": is_turtle,
}
GIVEN = {
    "select": {"table", "csv", "tsv", "json", "xml", "markdown"},
    "ask": {"table", "json", "xml"},
    "construct": {"turtle"},
    "describe": {"turtle"},
}


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_answer_in_each_format(kind: str, format: str, ask: Callable) -> None:
    result = ask("query", "--sparql", KINDS[kind], "--format", format)
    if format in GIVEN[kind]:
        assert (result.code, result.err) == (0, "")
        assert READERS[format](result.out)
    else:
        assert (result.code, result.out) == (2, "")
        assert [name for name in GIVEN[kind] if name not in result.err] == []


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_format_people_are_served(kind: str, ask: Callable) -> None:
    result = ask("query", "--sparql", KINDS[kind])
    assert READERS["turtle" if "turtle" in GIVEN[kind] else "table"](result.out)


def test_no_rows_is_no_error_and_is_said(ask: Callable) -> None:
    result = ask("query", "--sparql", "SELECT ?c { ?c a ccg:Claim FILTER (false) }")
    assert (result.code, result.out.split()[0], result.err) == (0, "c", "no rows\n")


# -- query --cite


def test_cite_numbers_every_claim_and_names_source_and_dataset(ask: Callable, store: Store) -> None:
    text = SELECT.replace("LIMIT 3", "LIMIT 40")
    table = ask("query", "--sparql", text, "--cite")
    assert (table.code, table.err) == (0, "")
    rows, notes, references, dataset = table.out.rstrip().rsplit("\n\n", 3)
    claims = [row["c"] for row in sparql(ask, text)]
    footnotes = notes.splitlines()
    assert len(footnotes) == len(claims) == 40
    for number, (claim, footnote) in enumerate(zip(claims, footnotes, strict=True), 1):
        assert footnote.startswith(f"[{number}] “")
        assert footnote.endswith(claim)
        assert f"[{number}]" in rows
    assert references.startswith("holder-2014: Holder, H. (2014)")
    assert dataset.endswith(f"sha256:{store.manifest.digest}")


def test_cite_gives_one_claim_one_number(ask: Callable) -> None:
    text = f"SELECT ?c ?d {{ VALUES ?c {{ <{BASE}claim/{CLAIM}> }} VALUES ?d {{ 1 2 }} }}"
    out = ask("query", "--sparql", text, "--cite", "--format", "markdown").out
    assert len(re.findall(r"\[1\\?\]", out)) == 3
    assert "[2" not in out


@pytest.mark.parametrize(
    "args",
    [
        ["--sparql", SELECT, "--format", "csv"],
        ["--sparql", SELECT, "--format", "json"],
        ["--sparql", KINDS["ask"]],
        ["--sparql", KINDS["construct"]],
    ],
    ids=["csv", "json", "ask", "construct"],
)
def test_cite_where_there_is_no_room_for_notes_is_refused(args: list[str], ask: Callable) -> None:
    result = ask("query", *args, "--cite")
    assert (result.code, result.out) == (2, "")
    assert "--cite goes with" in result.err


# -- find


def found(ask: Callable, *args: str) -> list[str]:
    """Short ids that `find` shows."""
    result = ask("find", *args)
    assert result.code == 0, result.err
    ids = [line for line in result.out.splitlines() if not line.startswith(" ")]
    assert result.err == f"{len(ids)} claim{'' if len(ids) == 1 else 's'}\n"
    return ids


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["carrots"], ["CARROTS"]),
        (["CCGs", "carrots"], ["clinical commissioning groups", "carrots"]),
        (["area teams", "stick"], ["local area teams", "stick"]),
        (["--quote", "NHS England’s area teams"], ["--quote", "nhs england's AREA teams"]),
        (["--quote", "wield the stick – enforcing"], ["--quote", "wield the stick - enforcing"]),
        (["--actor", "CCGs"], ["--actor", "clinical commissioning groups"]),
        (["--actor", "area-teams"], ["--actor", "NHS England's area teams"]),
        (["--actor", "gps"], ["--actor", f"{BASE}actor/gps"]),
    ],
)
def test_find_folds_case_typography_and_aliases(
    one: list[str], other: list[str], ask: Callable
) -> None:
    assert found(ask, *one) == found(ask, *other) != []


@pytest.mark.parametrize(
    ("args", "claim"),
    [
        (["wield", "stick"], "holder-2014/stick-contracts"),
        (["contract", "GPs"], "holder-2014/nhse-holds-contracts"),
        (["--quote", "just one in five"], CLAIM),
        (["--quote", "one in five (20%)", "--actor", "ccgs"], CLAIM),
        (["--actor", "Dr Amanda Doyle"], "pulse-2016/both-roles-press"),
        # A claim may have more than one passage.
        (["--quote", "given that they hold the contracts"], "holder-2014/nhse-holds-contracts"),
        (["--quote", "GPs are paid under contract"], "holder-2014/nhse-holds-contracts"),
    ],
)
def test_find_leads_to_the_claim_and_from_there_to_its_citation(
    args: list[str], claim: str, ask: Callable
) -> None:
    ids = found(ask, *args)
    assert claim in ids
    assert ask("cite", "-", stdin="\n".join(ids)).code == 0


def test_every_word_must_match(ask: Callable) -> None:
    both = set(found(ask, "stick")) & set(found(ask, "CCGs"))
    assert set(found(ask, "stick", "CCGs")) == both
    assert set(found(ask, "stick", "--actor", "ccgs")) < set(found(ask, "--actor", "ccgs"))


@pytest.mark.parametrize(
    "args",
    [["zebra"], ["--quote", "stick the wield"], ["(?:stick)"], ["[a-z]+"], ["\\"]],
    ids=ascii,
)
def test_finding_nothing_is_said(args: list[str], ask: Callable) -> None:
    assert found(ask, *args) == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], ("words, --quote or --actor",)),
        (["  "], ("words, --quote or --actor",)),
        (["--quote", ""], ("words, --quote or --actor",)),
        (["--actor", "nhs-englnd"], ("nhs-englnd", "Nearest: NHS England (nhs-england)")),
        (["--actor", "stick"], ("no actor is called `stick`", "ccgkg terms actors")),
        (["--actor", "lever:stick"], ("nhs/lever/stick> is no actor", "ccgkg terms actors")),
        (["--actor", "gp-engagement"], ("no actor is called `gp-engagement`",)),
        (["--actor", "Clinical Commissioners"], ("nhs-clinical-commissioners: NHS Cl", "(actor)")),
    ],
    ids=ascii,
)
def test_find_says_what_it_needs(args: list[str], says: tuple[str, ...], ask: Callable) -> None:
    result = ask("find", *args)
    assert (result.code, result.out) == (2, "")
    assert [words for words in says if words not in result.err] == []


# -- cite


@pytest.mark.parametrize("format", FORMATS)
def test_a_claim_is_cited_alike_however_it_is_named(format: str, ask: Callable) -> None:
    cited = [
        ask("cite", "--format", format, CLAIM),
        ask("cite", "--format", format, f"{BASE}claim/{CLAIM}"),
        ask("cite", "--format", format, f"<{BASE}claim/{CLAIM}>"),
        ask("cite", "--format", format, f"claim:{CLAIM}"),
        ask("cite", "--format", format, "-", stdin=f"{CLAIM}\n"),
        ask("cite", "--format", format, CLAIM, "-", stdin=f"\n {CLAIM}\t{CLAIM}\n"),
    ]
    assert {(one.code, one.err) for one in cited} == {(0, "")}
    assert len({one.out for one in cited}) == 1
    assert "just one in five" in cited[0].out


def test_a_citation_tells_claim_passage_speaker_source_and_digests(
    ask: Callable, store: Store
) -> None:
    out = ask("cite", CLAIM).out
    content = store.objects(f"{BASE}claim/{CLAIM}", "https://w3id.org/ccgkg/ns/digest")[0]
    for words in (
        "“just one in five (20%) of GPs without a formal commissioning role felt they could",
        "(exact, characters ",
        "said by GPs without a formal commissioning role (“felt”), as told by",
        "perception; affirmed",
        "Pulse (2016) ‘GP practice relationships with CCGs are ‘fragile’, report warns’",
        f"{BASE}claim/{CLAIM} (content {content[:12]};",
        f"sha256:{store.manifest.digest[:12]}",
    ):
        assert words in out


def test_a_claim_shown_as_text_tells_the_issues_on_which_it_bears(ask: Callable) -> None:
    told = re.findall(r"^  bears on “(.+)” \((.+)\): (.+)$", ask("cite", CLAIM).out, re.MULTILINE)
    assert [(issue, side) for issue, side, _ in told] == [
        ("Can GPs influence their CCG?", "against")
    ]
    assert told[0][2].startswith("in 2016 just one in five")
    twice = ask("cite", "holder-2014/resurface").out
    assert re.findall(r"bears on “.+” \((.+?)\)", twice) == ["against", "qualifies"]
    assert "bears on" not in ask("cite", "holder-2014/visits").out


def test_csl_json_is_an_item_per_claim(ask: Callable, store: Store) -> None:
    items = json.loads(ask("cite", CLAIM, "holder-2014/duty", "--format", "csl-json").out)
    assert [item["id"] for item in items] == [CLAIM, "holder-2014/duty"]
    assert [item["type"] for item in items] == ["article-newspaper", "post-weblog"]
    assert items[1]["author"] == [{"family": "Holder", "given": "H"}]
    assert items[0]["custom"]["dataset"] == f"sha256:{store.manifest.digest}"


def test_biblatex_is_an_entry_per_source(ask: Callable) -> None:
    out = ask("cite", CLAIM, "holder-2014/duty", "holder-2014/visits", "--format", "biblatex").out
    assert re.findall(r"^@(\w+)\{([\w-]+),$", out, re.MULTILINE) == [
        ("article", "pulse-2016"),
        ("online", "holder-2014"),
    ]
    assert "claim/holder-2014/duty" in out
    assert "claim/holder-2014/visits" in out


@pytest.mark.parametrize(
    ("args", "stdin", "says"),
    [
        (
            ["holder-2014/dutty"],
            None,
            ("no claim `holder-2014/dutty`", "Nearest: holder-2014/duty"),
        ),
        (["duty"], None, ("no claim `duty`", "Nearest: holder-2014/duty")),
        (["act:ccgs"], None, ("no claim `act:ccgs`", "ccgkg find")),
        ([f"{BASE}actor/ccgs"], None, ("no claim",)),
        ([CLAIM, "zebra"], None, ("no claim `zebra`",)),
        (["-"], " \n", ("no claim was named",)),
        (["-"], f"{CLAIM}\nzebra\n", ("no claim `zebra`",)),
        ([], None, ("CLAIM",)),
        ([CLAIM, "--format", "apa"], None, ("apa", "biblatex")),
    ],
    ids=ascii,
)
def test_an_unknown_claim_is_answered_with_the_nearest(
    args: list[str], stdin: str | None, says: tuple[str, ...], ask: Callable
) -> None:
    result = ask("cite", *args, stdin=stdin)
    assert (result.code, result.out) == (2, "")
    assert [words for words in says if words not in result.err] == [], result.err


MANIFEST = Manifest(
    digest="d" * 64,
    quads=1,
    corpus={"name": "ccg", "title": "A title", "version": "0.1.0", "base": BASE},
    prefixes={},
    queries=[],
    inputs={},
    table=[],
    warnings=[],
    views="",
)
FIELDS = ("label", "quote", "insertion", "who", "words", "document", "hedge", "condition", "title")


def card(**words: str) -> Card:
    """A card made by hand; `words` go into the fields of these names."""
    given = {name: f"a {name}" for name in FIELDS} | words
    csl = {"type": "report", "title": given["title"], "issued": {"date-parts": [[2014]]}}
    if "url" in words:
        csl["URL"] = words["url"]
    step = ChainStep(given["who"], "asserter", given["words"], given["document"], "neutral")
    return Card(
        iri=f"{BASE}claim/s-2014/c",
        short="s-2014/c",
        label=given["label"],
        subject="s",
        relation="r",
        object="o",
        polarity="affirmed",
        modality="fact",
        hedge=given["hedge"],
        conditions=(given["condition"],),
        levers=("stick",),
        chain=(step,),
        passages=(PassageCard(given["quote"], ((0, 3),), "exact", (given["insertion"],)),),
        source=SourceCard(f"{BASE}source/s-2014", "s-2014", "e" * 64, csl, {"title": "stated"}),
        digest="c" * 64,
        states=True,
        withdrawn="",
    )


SPECIAL = {
    "code": "a `b` ``c``",
    "emphasis": "*a* _b_ **c** __d__",
    "link": "[a](http://example.org) ![b](c) [d]: e",
    "html": "<script>alert(1)</script> <!-- <b>",
    "entity": "&lt;b&gt; &amp; &#60;",
    "struck-out": "~~a~~",
    "heading": "# a ## b",
    "table": "a | b",
    "escaped": "a \\* \\\\ \\",
}


def everywhere(words: str, format: str) -> list[str]:
    """What becomes of words that stand in every field of a card."""
    out = cite([card(**dict.fromkeys(FIELDS, f"BEGIN{words}END"))], MANIFEST, format)
    return re.findall(r"BEGIN(.*?)END", out, re.DOTALL)


@pytest.mark.parametrize("special", SPECIAL)
def test_markdown_shows_words_as_they_are(special: str) -> None:
    words = f" {SPECIAL[special]} "
    escape = r"\\([!-/:-@\[-`{-~])"
    shown = everywhere(words, "markdown")
    assert len(shown) == len(FIELDS)
    assert {re.sub(escape, r"\1", one) for one in shown} == {words}
    assert [one for one in shown if set(re.sub(escape, "", one)) & set("\\`*_[]<>&~#|")] == []


@pytest.mark.parametrize("broken", ["a\n\n# b", "a\n===\nb", "a\r\n- b", "a\n    b"], ids=ascii)
def test_no_line_break_opens_a_block_in_markdown(broken: str) -> None:
    plain = cite([card()], MANIFEST, "markdown")
    for field in FIELDS:
        out = cite([card(**{field: broken})], MANIFEST, "markdown")
        assert len(out.splitlines()) == len(plain.splitlines()), field


@pytest.mark.parametrize("start", ["- a", "+ a", "1. a", "1) a"])
def test_no_sentence_becomes_a_list_in_markdown(start: str) -> None:
    out = cite([card(label=start)], MANIFEST, "markdown")
    assert not re.search(r"^(?:[-+]|\d+[.)]) ", out, re.MULTILINE)


TEX = r"""\input{/etc/passwd} {a} } { 100% & $x$ #1 a_b ~ ^ "quoted" """
TEX_SHOWN = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{character}": character for character in "{}%&$#_"},
}


def test_biblatex_shows_words_as_they_are() -> None:
    shown = everywhere(TEX, "biblatex")
    assert len(shown) == len(FIELDS) - 1  # BibLaTeX cites the source: no sentence of the curator's
    for one in shown:
        pieces = re.findall(r"\\text[a-z]+\{\}|\\.|[^\\]", one, re.DOTALL)
        assert "".join(TEX_SHOWN.get(piece, piece) for piece in pieces) == TEX
        assert not {piece for piece in pieces if len(piece) == 1} & set("{}%&$#_~^")


@pytest.mark.parametrize("url", ["http://example.org/a_b%20c#d", "http://e.org/}\n@comment{"])
def test_an_address_stays_whole_and_inside_its_field(url: str) -> None:
    out = cite([card(url=url)], MANIFEST, "biblatex")
    depth, depths = 0, []
    for character in re.sub(r"\\[{}]", "", out):
        depth += {"{": 1, "}": -1}.get(character, 0)
        depths.append(depth)
    assert depths.index(0, depths.index(1)) == len(depths) - 1, out
    assert "}" in url or f"url = {{{url}}}," in out


def test_csl_json_is_json_whatever_the_words() -> None:
    words = '" \\ \n \u2028 {} </script> ' + "".join(SPECIAL.values())
    item = json.loads(cite([card(**dict.fromkeys(FIELDS, words))], MANIFEST, "csl-json"))[0]
    assert (item["id"], item["title"]) == ("s-2014/c", words)
    assert item["annote"].count(words) == len(FIELDS) - 1


# -- export


def quads(text: bytes, format: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(input=text, format=format))


def test_the_export_is_the_canonical_artefact(ask: Callable, store: Store, tmp_path: Path) -> None:
    canonical = store.nquads.read_bytes()
    lines = canonical.splitlines()
    assert lines == sorted(set(lines))
    assert ask("export").out.encode() == canonical
    assert ask("export", "-o", "-").out.encode() == canonical
    file = tmp_path / "ccg.nq"
    result = ask("export", "-o", file)
    assert (result.code, result.out, file.read_bytes()) == (0, "", canonical)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("name", "format"), [("trig", ox.RdfFormat.TRIG), ("jsonld", ox.RdfFormat.JSON_LD)]
)
def test_every_format_holds_the_same_quads(
    name: str, format: ox.RdfFormat, ask: Callable, store: Store
) -> None:
    wanted = quads(store.nquads.read_bytes(), ox.RdfFormat.N_QUADS)
    out = ask("export", "--format", name).out.encode()
    assert quads(out, format) == wanted
    assert len(wanted) == store.manifest.quads


@pytest.mark.slow
@pytest.mark.parametrize(("name", "format"), [("trig", "trig"), ("jsonld", "json-ld")])
def test_rdflib_reads_the_same_number_of_quads(
    name: str, format: str, ask: Callable, store: Store
) -> None:
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(data=ask("export", "--format", name).out, format=format)
    assert len(set(dataset.quads())) == store.manifest.quads


@pytest.mark.parametrize("where", ["nowhere/ccg.nq", "file/ccg.nq"])
def test_an_unwritable_place_is_named(where: str, ask: Callable, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    result = ask("export", "-o", tmp_path / where)
    assert (result.code, result.out) == (4, "")
    assert f"{tmp_path / where}: cannot be written" in result.err


def test_a_file_is_replaced_whole_or_not_at_all(ask: Callable, tmp_path: Path) -> None:
    resource = pytest.importorskip(
        "resource", reason="limits the size of files as a full disk does"
    )
    file = tmp_path / "ccg.nq"
    file.write_bytes(b"an earlier export")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        result = ask("export", "-o", file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (result.code, result.out) == (4, "")
    assert str(file) in result.err
    assert file.read_bytes() == b"an earlier export"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_device_is_written_to_and_never_replaced(
    ask: Callable, store: Store, tmp_path: Path
) -> None:
    # Or else `-o /dev/null`, called by root, would leave the machine without it.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    inward = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    read, written = bytearray(), threading.Event()

    def drain() -> None:
        while True:
            last = written.is_set()  # asked before reading: what was written by then is read
            try:
                read.extend(os.read(inward, 65536))
            except BlockingIOError:
                if last:
                    break
                written.wait(0.001)

    reader = threading.Thread(target=drain)
    reader.start()
    try:
        assert ask("export", "-o", pipe).code == 0
    finally:
        written.set()
        reader.join()
        os.close(inward)
    assert pipe.is_fifo()
    assert bytes(read) == store.nquads.read_bytes()


# -- terms


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], ("relations (", "schemes:", "lever: contract", "ccgkg terms WORD")),
        (["relation"], ("nhs:pays (relation): pays", "actor → actor", "inverse: is paid by")),
        (["lever"], ("lever:stick (lever): stick", "lever:carrot (lever): carrot")),
        (["contract"], ("nhs:holds-contract-of", "lever:contract", "source: ")),
        (["contract", "enforces"], ("nhs:enforces-contract-of",)),
        (["STICK"], ("lever:stick (lever)",)),
        ([], ("registers: actors (", ", issues (", "ccgkg terms topics")),
        (
            ["actors"],
            ("\n  regional\n    area-teams (unit): NHS England's area", "also “area teams”"),
        ),
        (["Topics"], ("\n  engagement: engagement; also ", "\n    gp-engagement: GPs' engagement")),
        (["works"], (", by type:", "\n    kf-nt-report-2016 (2016): ", "also “the report”")),
        (["waves"], ("\n  kf-nt-study\n", "\n    survey-2 (early-2014): ")),
        (["measures"], ("\n  could-influence: felt able",)),
        (["times"], ("\n  april-2013 (2013-04-01 to 2013-04-30): ", "\n  run-up-2013 (to 2013-")),
        (["issues"], ("\n  gps-influence-ccgs (", " against", "Can GPs influence their CCG?")),
        (["Kings", "Fund"], ("kings-fund (actor; observer; organisation): The King's Fund",)),
        (["general practitioner"], ("gps (actor; practice; group): GPs\n  also ",)),
        (["survey-2"], ("survey-2 (wave; kf-nt-study; early-2014): ",)),
        (["engagement"], ("family:engagement", "gp-engagement (topic; engagement): ")),
    ],
    ids=ascii,
)
def test_terms_shows_what_is_declared(args: list[str], says: tuple[str, ...], ask: Callable):
    result = ask("terms", *args)
    assert (result.code, result.err) == (0, "")
    assert [words for words in says if words not in result.out] == []


def test_a_scheme_shows_its_own_terms_only(ask: Callable) -> None:
    heads = re.findall(r"^\S+ \((.+?)\): ", ask("terms", "lever").out, re.MULTILINE)
    assert set(heads) == {"lever"}


def test_terms_come_before_entries(ask: Callable) -> None:
    heads = re.findall(r"^\S+ \((\w[\w-]*)[);]", ask("terms", "engagement").out, re.MULTILINE)
    entries = [kind in {"actor", "topic", "issue", "measure"} for kind in heads]
    assert True in entries
    assert entries == sorted(entries)


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_lists_each_entry_of_the_dataset(
    register: str, ask: Callable, store: Store
) -> None:
    shown = ask("terms", register).out
    kind = register.removesuffix("s")
    rows = store.rows(f"SELECT ?x ?label {{ ?x a ccg:{kind.capitalize()} ; rdfs:label ?label }}")
    labels = {iri.text.removeprefix(f"{BASE}{kind}/"): label.text for iri, label in rows}
    own = {key: label for key, label in labels.items() if not key.startswith(BASE)}
    listed = {
        match[1]: match[2]
        for line in shown.splitlines()
        if (match := re.match(r"  +([a-z0-9-]+)(?: \([^)]*\))?: (.+)", line))
    }
    assert listed.keys() == {key for key in own if "/" not in key}
    assert [key for key in listed if not listed[key].startswith(own[key])] == []
    assert f"{register} ({len(listed)})" in shown.splitlines()[0]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("levr", "lever"),
        ("suports", "supports"),
        ("actrs", "actors"),
        ("nhs-englnd", "nhs-england"),
        ("zebraquagga", "ccgkg terms"),
    ],
)
def test_an_unknown_term_is_answered_with_the_nearest(word: str, near: str, ask: Callable) -> None:
    result = ask("terms", word)
    assert (result.code, result.out) == (2, "")
    assert word in result.err
    assert near in result.err


@pytest.mark.parametrize(
    "name",
    [
        "claims",
        "source",
        "actors",
        "topics",
        "works",
        "times",
        "issues",
        "corpus",
        "map",
        "story",
        "glossary",
    ],
)
def test_the_schemas_accept_the_shipped_files_and_no_unknown_field(
    name: str, ask: Callable, place: Path
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from ccgkg.corpus.yamlfile import read_yaml

    result = ask("terms", "--json-schema", name)
    assert (result.code, result.err) == (0, "")
    schema = json.loads(result.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    accepts = jsonschema.Draft202012Validator(schema).is_valid
    files = [*(place / "seeds").glob(f"{name}.yaml"), *(place / "seeds").glob(f"*/{name}.yaml")]
    assert files
    for file in files:
        content = read_yaml(file).content
        assert accepts(content), file
        assert not accepts({**content, "suprise": {"suprise": "x"}})


# -- the whole


def test_version_names_tool_corpus_dataset_and_engine(
    place: Path, run: Callable, store: Store
) -> None:
    from importlib.metadata import version

    from ccgkg import __version__

    for args in (["--corpus", place, "--version"], ["--version", "--corpus", place]):
        result = run(*args)
        assert (result.code, result.err) == (0, "")
        assert set(result.out.splitlines()) == {
            f"ccgkg {__version__}",
            f"corpus ccg {store.manifest.corpus['version']} ({store.manifest.corpus['title']})",
            f"dataset sha256:{store.manifest.digest} ({store.manifest.quads} quads)",
            f"engine pyoxigraph {version('pyoxigraph')}",
        }


def test_the_list_of_commands_is_what_exists(run: Callable) -> None:
    shown = run("--help").out.partition("Commands:")[2]
    assert re.findall(r"^  (\w+) ", shown, re.MULTILINE) == sorted(COMMANDS)
    for name, about in COMMANDS.items():
        command = cli.get_command(click.Context(cli), name)
        assert command.help.startswith(about), name


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["buidl"], ("'buidl'", "Did you mean build?", *COMMANDS)),
        (["zebra"], ("'zebra'", *COMMANDS)),
        ([], ("build",)),
        (["--zebra"], ("--zebra",)),
        (["build", "zebra"], ("zebra",)),
        (["check", "--pinn"], ("--pin",)),
    ],
    ids=ascii,
)
def test_a_wrong_command_is_answered_with_the_nearest(
    args: list[str], says: tuple[str, ...], run: Callable
) -> None:
    result = run(*args)
    assert (result.code, result.out) == (2, "")
    assert [words for words in says if words not in result.err] == [], result.err


def helps() -> list[tuple[str, ...]]:
    return [(), *((name,) for name in sorted(COMMANDS))]


def examples(run: Callable, names: tuple[str, ...]) -> list[str]:
    """The lines below `Example:` in the help of a command."""
    shown = run(*names, "--help").out.partition("Example:\n")[2].partition("\n\n")[0]
    return [line.strip() for line in shown.splitlines()]


@pytest.mark.parametrize("names", helps(), ids=" ".join)
def test_the_examples_of_the_help_work(
    names: tuple[str, ...],
    run: Callable,
    ask: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = examples(run, names)
    assert lines
    for line in lines:
        assert line.startswith("ccgkg "), line
        served = "--endpoint" in line or names in (("serve",), ("push",))
        if "|" in line or "check" in line or served:
            continue  # pipes are run below, checks everywhere, endpoints and servers beside them
        result = ask(*shlex.split(line)[1:])
        assert result.code == 0, f"{line}\n{result.err}"


def choices(run: Callable, command: str, option: str) -> list[str]:
    shown = " ".join(run(command, "--help").out.split())
    return re.search(rf"{option} \[([\w|-]+)\]", shown).group(1).split("|")


@pytest.mark.parametrize(
    ("args", "option"),
    [(["cite", CLAIM], "--format"), (["export"], "--format"), (["terms"], "--json-schema")],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_every_choice_that_help_lists_exists(
    args: list[str], option: str, ask: Callable, run: Callable
) -> None:
    for choice in choices(run, args[0], option):
        assert ask(*args, option, choice).code == 0, choice


def test_every_format_that_help_lists_is_tested(run: Callable) -> None:
    assert set(choices(run, "query", "--format")) == set(READERS)


# -- in a shell of its own


@pytest.fixture
def shell(
    ask: Callable, place: Path, tmp_path: Path
) -> Callable[[str], subprocess.CompletedProcess]:
    """A real shell, in which `ccgkg` asks the corpus of these tests."""
    tool = tmp_path / "bin" / "ccgkg"
    tool.parent.mkdir()
    start = "from ccgkg.cli import main; main()"
    tool.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{start}" '
        f'--corpus {shlex.quote(str(place))} "$@"\n',
        encoding="utf-8",
    )
    tool.chmod(0o755)
    root = str(Path(__file__).parent.parent)
    path = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"

    def call(line: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            env={**os.environ, "PATH": path, "PYTHONPATH": root, "LC_ALL": "C", "PYTHONUTF8": "0"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return call


@pytest.mark.slow
@pytest.mark.parametrize("names", helps(), ids=" ".join)
def test_the_pipes_of_the_help_work(names: tuple[str, ...], run: Callable, shell: Callable) -> None:
    for line in examples(run, names):
        if "|" in line:
            done = shell(line.replace("less", "cat"))
            assert done.returncode == 0, f"{line}\n{done.stderr}"
            assert done.stdout


EVERYTHING = "query --sparql 'SELECT * { ?s ?p ?o }'"
LONG = [
    "export",
    "export --format trig",
    "export --format jsonld",
    "find GPs",
    "terms relation",
    EVERYTHING,
    f"{EVERYTHING} --format csv",
    f"{EVERYTHING} --format json",
    "query --sparql 'CONSTRUCT WHERE { ?s ?p ?o }'",
]


@pytest.mark.slow
@pytest.mark.parametrize("command", LONG)
def test_a_reader_who_leaves_is_no_fault(command: str, shell: Callable) -> None:
    done = shell(f"ccgkg {command} | head -c 10 > /dev/null")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("command", LONG)
def test_a_full_disk_is_an_error_and_no_traceback(command: str, shell: Callable) -> None:
    done = shell(f"ccgkg {command} > /dev/full")
    assert done.returncode not in (0, 2, 3)
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_typography_survives_any_locale(shell: Callable) -> None:
    done = shell(f"PYTHONIOENCODING=ascii ccgkg cite {CLAIM}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "“just one in five (20%)" in done.stdout
