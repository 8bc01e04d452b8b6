"""A named query says what it answers and what it takes, or is refused with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ccgkg.corpus.parameters import PARAMETER_TYPES, parameters_in
from ccgkg.corpus.places import shipped
from ccgkg.corpus.queryfiles import QueryFile, read_query, refuse_shared_places
from ccgkg.errors import QueryError

HEADER = "#+ summary: Who pays whom.\n#+ description: Each claim.\n"
BODY = "SELECT ?claim { ?claim ?p ?_who_iri . FILTER(?n > ?_least_integer) }\n"


LENS = "{place: 1, title: Pay, says: They pay those to whom the arrow points.}"


def lens(content: str, body: str = "SELECT ?claim { ?claim ?a ?b }") -> str:
    """A query with a lens, its header line the third."""
    return f"{HEADER}#+ lens: {content}\n{body}\n"


def read(folder: Path, content: str | bytes, name: str = "who-pays.rq") -> QueryFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_query(path)


# ---- the header


def test_a_query_is_named_by_its_file_and_described_by_its_header(tmp_path: Path) -> None:
    header = (
        "#+ summary: Who pays whom.\n"
        "#+ description: >\n"
        "#+   Each claim that\n"
        "#+   somebody pays.\n"
        "#+ tags:\n"
        "#+   - levers\n"
        "#+   - money\n"
        "#+ defaults: {least: 3}\n"
    )
    query = read(tmp_path, f"{header}# a remark\n{BODY}")
    assert query.name == "who-pays"
    assert query.summary == "Who pays whom."
    assert query.description == "Each claim that somebody pays."
    assert query.tags == ("levers", "money")
    assert query.parameters == {"who": "iri", "least": "integer"}
    assert query.defaults == {"least": "3"}
    assert query.path == str(tmp_path / "who-pays.rq")


def test_what_a_header_leaves_out_is_empty(tmp_path: Path) -> None:
    query = read(tmp_path, f"{HEADER}SELECT ?a {{ ?a ?b ?c }}\n")
    assert (query.tags, query.parameters, query.defaults, query.lens) == ((), {}, {}, None)


@pytest.mark.parametrize("content", [HEADER + BODY, lens(LENS)], ids=["plain", "a lens"])
def test_a_query_goes_through_json_as_it_is(tmp_path: Path, content: str) -> None:
    query = read(tmp_path, content)
    told = json.loads(json.dumps(query.to_json()))
    assert QueryFile(**{**told, "tags": tuple(told["tags"])}) == query


@pytest.mark.parametrize(
    "header", [f"{HEADER}\n", f"# a licence\n\n{HEADER}", HEADER.replace("#+ ", "#+")]
)
def test_a_header_may_have_remarks_and_space_around_it(tmp_path: Path, header: str) -> None:
    assert read(tmp_path, header + BODY).summary == "Who pays whom."


# the file, the line that the error names (0: the file as a whole), words of the error
REFUSED = {
    "no header": (BODY, 1, "summary"),
    "an empty file": ("", 1, "summary"),
    "no summary": ("#+ description: x\n" + BODY, 1, "summary"),
    "no description": ("#+ summary: x\n" + BODY, 1, "description"),
    "an empty summary": ("#+ summary: ' '\n#+ description: x\n" + BODY, 1, "summary"),
    "an unknown field": (HEADER + "#+ sumary: x\n" + BODY, 3, "sumary"),
    "no mapping": ("#+ who pays whom\n" + BODY, 1, "header"),
    "a list": ("#+ - who pays whom\n" + BODY, 1, "header"),
    "not YAML": (HEADER + "#+ tags: ]\n" + BODY, 3, "not YAML"),
    "not YAML, below remarks": ("# a remark\n\n#+ summary: a: b\n" + BODY, 3, "not YAML"),
    "tags that are none": (HEADER + "#+ tags: {a: b}\n" + BODY, 3, "tags"),
    "a lens that is no mapping": (HEADER + "#+ lens: Who pays\n" + BODY, 3, "place, title, says"),
    "a lens without a place": (lens("{title: Pay, says: It pays.}"), 3, "lens.place"),
    "a lens with a place that is no number": (
        lens("{place: first, title: Pay, says: It pays.}"),
        3,
        "lens.place",
    ),
    "a lens with a place that is true": (
        lens("{place: true, title: Pay, says: It pays.}"),
        3,
        "lens.place",
    ),
    "a lens before the first": (lens("{place: 0, title: Pay, says: It pays.}"), 3, "lens.place"),
    "a lens without a title": (lens("{place: 1, says: It pays.}"), 3, "lens.title"),
    "a lens that says nothing": (lens("{place: 1, title: Pay}"), 3, "lens.says"),
    "a lens that says no sentence": (
        lens("{place: 1, title: Pay, says: Who pays whom}"),
        3,
        "not one sentence",
    ),
    "a lens that says two sentences": (
        lens("\n#+   place: 1\n#+   title: Pay\n#+   says: They pay. They get."),
        6,
        "not one sentence",
    ),
    "an unknown field of a lens": (
        lens("\n#+   place: 1\n#+   titel: Pay\n#+   says: They pay."),
        5,
        "place, title, says, topics",
    ),
    "a lens that may matter": (
        lens("{place: 1, title: Pay, says: It pays., topics: perhaps}"),
        3,
        "lens.topics",
    ),
    "a lens without claims": (
        lens(LENS, "SELECT ?from ?to { ?claim ?from ?to }"),
        3,
        "?claim",
    ),
    "a lens that counts claims": (
        lens(LENS, "SELECT ?who (COUNT(DISTINCT ?claim) AS ?n) { ?claim ?a ?who } GROUP BY ?who"),
        3,
        "?claim",
    ),
    "a lens of triples": (
        lens(LENS, "CONSTRUCT { ?claim ?a ?b } { SELECT ?claim ?a ?b { ?claim ?a ?b } }"),
        3,
        "?claim",
    ),
    "a lens that must be asked something": (lens(LENS, BODY), 3, "least, who"),
    "a default of no parameter": (HEADER + "#+ defaults: {most: 3}\n" + BODY, 3, "most"),
    "a default that is a list": (HEADER + "#+ defaults: {least: [3]}\n" + BODY, 3, "defaults"),
    "a default of another type": (HEADER + "#+ defaults: {least: many}\n" + BODY, 3, "`least`"),
    "a header in two places": (HEADER + BODY + "#+ tags: [a]\n", 1, "header"),
    "a field given twice": (HEADER + "#+ summary: Another.\n" + BODY, 3, "twice"),
    "an unknown type": (HEADER + "SELECT ?a { ?a ?b ?_who_url }", 3, "?_who_url"),
    "another encoding": ((HEADER + "# caf\u00e9\n").encode("latin-1"), 3, "UTF-8"),
    "binary": (b"\x00\x01", 1, "NUL"),
}


@pytest.mark.parametrize(("content", "line", "words"), REFUSED.values(), ids=REFUSED)
def test_a_query_that_does_not_say_what_it_is_is_refused(
    tmp_path: Path, content: str | bytes, line: int, words: str
) -> None:
    with pytest.raises(QueryError) as error:
        read(tmp_path, content)
    path = tmp_path / "who-pays.rq"
    assert error.value.message.startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert words in error.value.message


def test_a_query_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="cannot be read"):
        read_query(tmp_path / "missing.rq")


# ---- lenses


@pytest.mark.parametrize(
    "body",
    [
        "SELECT ?from ?claim { ?claim ?from ?to }",
        "# SELECT ?who\nPREFIX a: <http://x.org/> select distinct $claim where { $claim ?a a:b }",
        "SELECT (?c AS ?claim) (EXISTS { ?c ?a 1 } AS ?one) { ?c ?a ?b }",
        "SELECT * FROM <http://x.org/> { ?claim ?a '{' }",
    ],
)
def test_a_lens_is_read_where_the_query_has_a_column_of_claims(tmp_path: Path, body: str) -> None:
    assert read(tmp_path, lens(LENS, body)).lens == {
        "place": 1,
        "title": "Pay",
        "says": "They pay those to whom the arrow points.",
        "topics": False,
    }


def test_a_lens_may_have_parameters_that_have_defaults(tmp_path: Path) -> None:
    content = f"{HEADER}#+ lens: {LENS}\n#+ defaults: {{least: 3, who: nhs-england}}\n{BODY}"
    assert read(tmp_path, content).lens is not None


def test_two_lenses_have_two_places(tmp_path: Path) -> None:
    first = read(tmp_path, lens(LENS), "first.rq")
    plain = read(tmp_path, HEADER + BODY, "plain.rq")
    second = read(tmp_path, lens(LENS.replace("1", "2")), "second.rq")
    refuse_shared_places([first, plain, second])
    third = read(tmp_path, lens(LENS.replace("1", "2", 1)), "third.rq")
    with pytest.raises(QueryError) as error:
        refuse_shared_places([first, plain, second, third])
    assert error.value.message.startswith(f"{tmp_path / 'third.rq'}:3: ")
    assert "of second" in error.value.message
    assert "1 first, 2 second" in error.value.hint


# ---- parameters


@pytest.mark.parametrize("kind", PARAMETER_TYPES)
@pytest.mark.parametrize("mark", "?$")
def test_a_variable_with_a_type_is_a_parameter(mark: str, kind: str) -> None:
    assert parameters_in(f"SELECT ?a {{ ?a ?b {mark}_who_{kind} }}") == {"who": kind}


@pytest.mark.parametrize(
    "text", ["?a ?_", "?who_iri", "?_who", "<http://x.org/_who_iri>", "_:_who_iri"]
)
def test_another_variable_is_none(text: str) -> None:
    assert parameters_in(text) == {}


def test_a_parameter_may_stand_in_several_places() -> None:
    assert parameters_in("?_a_iri ?_b_date ?_a_iri") == {"a": "iri", "b": "date"}


def test_an_unknown_type_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(QueryError) as error:
        read(tmp_path, HEADER + "SELECT ?a { ?a ?b ?_who_url }")
    assert all(kind in error.value.message for kind in PARAMETER_TYPES)


def test_what_stands_in_a_comment_or_a_string_is_no_parameter(tmp_path: Path) -> None:
    body = "# not ?_old_url\nSELECT ?a { ?a ?b '?_x_iri', ?_who_iri }\n"
    assert read(tmp_path, HEADER + body).parameters == {"who": "iri"}


def test_one_parameter_has_one_type(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="who"):
        read(tmp_path, HEADER + "SELECT ?a { ?a ?b ?_who_iri, ?_who_string }")


def test_a_variable_that_only_looks_like_a_parameter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="at_least"):
        read(tmp_path, HEADER + "SELECT ?a { ?a ?b ?c FILTER(?c > ?_at_least_integer) }")


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("integer", "3", "3"),
        ("string", "'no'", "no"),
        ("string", "no", "no"),
        ("iri", "board", "board"),
        ("date", "'2014-04-01'", "2014-04-01"),
        ("date", "2014-04-01", "2014-04-01"),
        ("boolean", "true", "true"),
        ("boolean", "false", "false"),
    ],
)
def test_a_default_is_what_a_user_would_type(
    tmp_path: Path, kind: str, typed: str, value: str
) -> None:
    header = f"{HEADER}#+ defaults: {{it: {typed}}}\n"
    assert read(tmp_path, f"{header}SELECT ?a {{ ?a ?b ?_it_{kind} }}").defaults == {"it": value}


# ---- the shipped queries


@pytest.mark.parametrize("path", shipped().queries(), ids=lambda path: path.stem)
def test_every_shipped_query_says_what_it_answers(path: Path) -> None:
    query = read_query(path)
    assert query.name == path.stem
    assert "\n" not in query.summary
    assert set(query.defaults) <= set(query.parameters)
    assert set(query.parameters.values()) <= set(PARAMETER_TYPES)
