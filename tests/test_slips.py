"""A slip in a user's own SPARQL is told on stderr; the answer and the exit code stay.

What the dataset lacks is told always, what is only unusual where nothing was found; a
query without a slip is met with silence.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import ccgkg
from ccgkg.dataset.store import Store
from ccgkg.queries.mentions import mentions
from ccgkg.queries.slips import slips

CCG = "https://w3id.org/ccgkg/ns/"
CLAIM = "https://w3id.org/ccgkg/claim/"
PREFIXES = {"x": "https://x.org/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}


@pytest.fixture(scope="module")
def opened() -> ccgkg.api.OpenCorpus:
    return ccgkg.open()


@pytest.fixture(scope="module")
def store(opened) -> Store:
    return opened.store


UNKNOWN = {
    "ccg:polarty": ("ccg:polarity", "ccgkg terms polarity"),
    "act:ccg": ("act:ccgs", "ccgkg terms ccgs"),
    "nhs:hold-contract-of": ("nhs:holds-contract-of", "ccgkg terms holds-contract-of"),
    "nhs:finding": ("modality:finding", "ccgkg terms finding"),
    "act:autonomy": ("topic:autonomy", "ccgkg terms autonomy"),
    "act:zebraquagga": ("", "ccgkg terms actors"),
    "ccg:zebraquagga": ("", "ccgkg terms"),
    f"<{CCG}polarty>": ("ccg:polarity", "ccgkg terms polarity"),
    f"<{CLAIM}pulse-2016/influence-21>": (
        f"<{CLAIM}pulse-2016/influence-20>",
        "ccgkg cite pulse-2016/influence-20",
    ),
}


@pytest.mark.parametrize("term", UNKNOWN)
def test_what_the_dataset_lacks_is_told_with_the_nearest(term: str, store: Store) -> None:
    near, command = UNKNOWN[term]
    (told,) = slips(store, f"SELECT * {{ {{ ?s ?p {term} }} UNION {{ ?s a ccg:Issue }} }}")
    shown = "ccg:polarty" if "polarty" in term else term
    assert told.startswith(f"{shown} stands nowhere in the dataset")
    assert (
        re.search(r"nearest: (\S+?)[,.]? ", f"{told} ")[1] == near if near else "near" not in told
    )
    assert told.endswith(f"Look it up: {command}")


@pytest.mark.parametrize(
    "told_command", [command for _, command in UNKNOWN.values() if "WORDS" not in command]
)
def test_the_command_that_is_told_works(told_command: str, run: Callable) -> None:
    import shlex

    result = run(*shlex.split(told_command)[1:])
    assert (result.code, result.err) == (0, "")
    assert result.out.strip()


@pytest.mark.parametrize("place", ["?s {} ?o", "{} ?p ?o", "?s ?p {}", "?s ccg:quote/^{} ?o"])
@pytest.mark.parametrize("form", ["SELECT * {{ {} }}", "ASK {{ {} }}", "DESCRIBE ?s {{ {} }}"])
def test_it_is_found_in_any_place(place: str, form: str, store: Store) -> None:
    (told,) = slips(store, form.format(place.format("ccg:polarty")))
    assert told.startswith("ccg:polarty stands nowhere")


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ('?a rdfs:label "CCGs"', '"CCGs"@en is the rdfs:label of act:ccgs'),
        ("?a rdfs:label 'GPs', 'CCGs'", "'CCGs'@en is the rdfs:label of act:ccgs"),
        ('?a rdfs:label ?l FILTER(?l = "CCGs")', '"CCGs"@en is the rdfs:label of act:ccgs'),
        ('VALUES ?l { "CCGs" } ?a rdfs:label ?l', '"CCGs"@en is the rdfs:label of act:ccgs'),
        ('?a ccg:modality "finding"', '"finding"@en is the skos:prefLabel of modality:finding'),
        ("?a nhs:directs ?b", "Ask the claims (2): ?claim rdf:subject ?a ; rdf:predicate nhs:d"),
        ("?a nhs:pays/nhs:directs+ ?b", "no bare triple has nhs:directs"),
        ("?a a ccg:Actor; nhs:directs [ a ccg:Actor ]", "no bare triple has nhs:directs"),
        ("?b ^nhs:directs ?a .", "no bare triple has nhs:directs"),
        ("?a nhs:paid-by ?b", "nhs:paid-by as its predicate; it is the inverse of nhs:pays"),
        ("?a foaf:name ?b", "no triple has foaf:name as its predicate"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize(
    "form", ["SELECT ?a {{ {} }}", "SELECT (COUNT(*) AS ?n) {{ {} }}", "ASK {{ {} }}",
             "CONSTRUCT {{ ?a a ccg:Made }} WHERE {{ {} }}"],
    ids=["select", "count", "ask", "construct"],
)  # fmt: skip
def test_the_unusual_is_told_where_nothing_is_found(
    where: str, says: str, form: str, store: Store
) -> None:
    assert says in " | ".join(slips(store, form.format(where)))
    found = f"{{ {where} }} UNION {{ ?a a ccg:Issue }}"
    assert list(slips(store, form.format(found))) == []


@pytest.mark.parametrize("format", ["table", "csv"])
def test_a_column_that_nothing_binds_is_told_with_or_without_rows(
    format: str, run: Callable
) -> None:
    for limit in (1, 0):
        text = f"SELECT ?claim ?qoute {{ ?claim ccg:quote ?quote }} ORDER BY ?qoute LIMIT {limit}"
        result = run("query", "--sparql", text, "--format", format)
        assert result.code == 0
        assert result.err.removeprefix("no rows\n") == (
            "Warning: nothing in the pattern binds ?qoute, so its column is empty; "
            "nearest: ?quote\n"
        )


@pytest.mark.parametrize(
    ("text", "unbound"),
    [
        ("SELECT * { ?a ?b ?c }", ()),
        ("SELECT ?a (COUNT(?b) AS ?n) { ?a x:p ?b } GROUP BY ?a", ()),
        ("SELECT ?g { ?a x:p ?b } GROUP BY (STR(?b) AS ?g)", ()),
        ("SELECT ?g { BIND(1 AS ?g) }", ()),
        ("SELECT ?v { } VALUES ?v { 1 }", ()),
        ("SELECT ?a { { SELECT ?a { ?a x:p ?b } } }", ()),
        ("SELECT ?a ?z { ?a x:p ?b FILTER(?z > 3) }", ("z",)),
        ("SELECT ?a ?z { ?a x:p ?b FILTER NOT EXISTS { ?z x:p ?b } }", ("z",)),
        ("SELECT ?a ?z { ?a x:p ?b MINUS { ?z x:p ?b } } ORDER BY ?z", ("z",)),
        ("PREFIX y: <https://y.org/>\nselect distinct ?z where { ?a y:p ?b }", ("z",)),
        ("ASK { { SELECT ?z { ?a x:p ?b } } }", ()),
    ],
    ids=ascii,
)
def test_what_a_pattern_binds(text: str, unbound: tuple[str, ...]) -> None:
    assert mentions(text, PREFIXES).unbound == unbound


@pytest.mark.parametrize(
    ("text", "iris"),
    [
        ("ASK { ?a x:p. ?b ?c x:q.r . }", ["x.org/p", "x.org/q.r"]),
        ("BASE <https://y.org/> PREFIX : <n#> ASK { <a> :b _:c }", ["y.org/a", "y.org/n#b"]),
        ("PREFIX x: <https://y.org/> ASK { ?a x:p ?b }", ["y.org/p"]),
        ("CONSTRUCT { ?a x:made ?b } WHERE { ?a x:p ?b }", ["x.org/p"]),
        ("CONSTRUCT WHERE { ?a x:p ?b }", ["x.org/p"]),
        ('ASK { ?a ?b "<https://y.org/>" } # x:p', []),
        (r"ASK { ?a ?b x:a\/b }", ["x.org/a/b"]),
        ("ASK FROM <https://y.org/g> { ?a ?b ?c }", ["y.org/g"]),
    ],
    ids=ascii,
)
def test_the_iris_of_a_query(text: str, iris: list[str]) -> None:
    assert [iri.removeprefix("https://") for iri in mentions(text, PREFIXES).iris] == iris


@pytest.mark.parametrize(
    ("where", "predicates"),
    [
        ("?a x:p ?b ; x:q ?c", ("p", "q")),
        ("?a (x:p|x:q)+/^x:r ?b", ("p", "q", "r")),
        ("?a rdf:predicate x:p . x:q rdf:type x:r", ()),
        ("?a rdf:predicate x:p FILTER(?a = x:q || ?a IN (x:r, x:s))", ()),
        ("VALUES ?p { x:p x:q x:r } ?a ?p ?b", ()),
    ],
    ids=ascii,
)
def test_where_a_predicate_stands(where: str, predicates: tuple[str, ...]) -> None:
    found = mentions(f"ASK {{ {where} }}", PREFIXES).predicates
    ours = [iri.removeprefix(PREFIXES["x"]) for iri in found if iri.startswith(PREFIXES["x"])]
    assert tuple(ours) == predicates


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?a { ?a rdfs:label ?l FILTER(STR(?l) = "no such label") }',
        'SELECT ?a { ?a rdfs:label ?l FILTER(CONTAINS(?l, "CCGs") && false) }',
        'SELECT ?a { ?a ccg:quote "CCGs"@en }',
        'SELECT ?a { ?a ccg:quote "CCGs"^^xsd:string FILTER(false) }',
        "SELECT ?a { ?a rdf:predicate nhs:directs ; ccg:polarity polarity:denied }",
        "SELECT ?a { ?a a <https://example.org/elsewhere> }",
        "SELECT ?a { GRAPH ?a { ?s nhs:pays ?o } }",
    ],
    ids=ascii,
)
def test_a_query_without_a_slip_is_met_with_silence(text: str, store: Store) -> None:
    assert list(slips(store, text)) == []


def test_no_shipped_query_is_a_slip(opened, root: Path) -> None:
    for path in root.glob("queries/*.rq"):
        text = re.sub(r"\?_\w+_iri\b", "act:ccgs", path.read_text(encoding="utf-8"))
        text = re.sub(r"\?_\w+_(string|integer)\b", "2014", text)
        assert list(slips(opened.store, text)) == [], path.name
    examples = (root / "ontology" / "README.md").read_text(encoding="utf-8")
    texts = re.findall(r"```sparql\n(.*?)```", examples, re.DOTALL)
    assert texts
    for text in texts:
        assert list(slips(opened.store, text)) == [], text


@pytest.mark.parametrize("way", ["--sparql", "file", "-", "parameter"])
def test_every_way_to_ask_in_sparql_is_warned(way: str, run: Callable, tmp_path: Path) -> None:
    text = 'SELECT ?a { ?a ccg:polarty ?b ; rdfs:label "CCGs" }'
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")
    result = {
        "--sparql": lambda: run("query", "--sparql", text),
        "file": lambda: run("query", file),
        "-": lambda: run("query", "-", stdin=text),
        "parameter": lambda: run(
            "query", "--sparql", text.replace('"CCGs"', "?_l_string"), "l=CCGs"
        ),
    }[way]()
    assert (result.code, result.out.split()) == (0, ["a", "─"])
    first, *told = result.err.splitlines()
    assert first == "no rows"
    assert [line.split()[:2] for line in told] == [
        ["Warning:", "ccg:polarty"],
        ["Warning:", '"CCGs"'],
    ]


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "tsv", "json", "xml"])
def test_a_named_query_without_rows_says_for_which_values(format: str, run: Callable) -> None:
    result = run("query", "between", "from=patients", "to=ccgs", "--format", format)
    assert result.code == 0
    assert result.err == (
        "no rows for from=patients, to=ccgs; for other values: ccgkg terms WORD\n"
    )
    assert run("query", "between", "from=gps-no-role", "to=ccgs", "--format", format).err == ""


def test_a_construct_without_triples_says_so(run: Callable) -> None:
    result = run("query", "--sparql", "CONSTRUCT WHERE { ?a rdfs:label 1 }")
    assert (result.code, result.out, result.err) == (0, "", "no triples\n")


def test_cite_says_what_to_select_where_there_is_no_claim(run: Callable) -> None:
    result = run("query", "--sparql", "SELECT ?quote { ?c ccg:quote ?quote } LIMIT 2", "--cite")
    assert (result.code, result.out) == (2, "")
    assert "no claim in this answer" in result.err
    assert "SELECT ?claim" in result.err


def test_in_python_a_slip_is_a_warning_where_the_call_stands(opened) -> None:
    with pytest.warns(UserWarning, match="ccg:polarty stands nowhere") as told:
        assert opened.query("SELECT ?a { ?a ccg:polarty ?b }") == []
    assert [warning.filename for warning in told] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert opened.query("between", **{"from": "patients", "to": "ccgs"}) == []
        assert opened.query("SELECT ?a { ?a ccg:polarity ?b } LIMIT 1")
