"""The tool is general: a second corpus brings its own words and touches nothing of the first."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from smallcorpora import SCHOOLS, write

from ccgkg.dataset.opening import open_store
from ccgkg.dataset.store import Store

TEXT = SCHOOLS["seeds/news-2019/source.txt"]


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    return write(tmp_path / "schools", SCHOOLS)


def test_it_is_checked_pinned_built_asked_and_cited(schools: Path, run):
    before = {path: path.read_bytes() for path in schools.rglob("*") if path.is_file()}
    unpinned = run("--corpus", schools, "check")
    assert unpinned.code == 1
    assert "not-pinned" in unpinned.out
    assert run("--corpus", schools, "check", "--pin").code in (0, 1)
    checked = run("--corpus", schools, "check")
    assert (checked.code, "0 errors, 0 warnings" in checked.out) == (0, True), checked.out
    assert run("--corpus", schools, "build").code == 0
    asked = run("--corpus", schools, "query", "who-inspects", "--format", "csv")
    assert "https://example.org/schools/claim/news-2019/visited" in asked.out
    cited = run("--corpus", schools, "cite", "news-2019/might-close").out
    assert "head teachers (“said”), as told by the newsletter" in cited
    assert "hedged: “might”" in cited and "results improve" in cited
    after = {path: path.read_bytes() for path in before}
    assert after == before, "the tool rewrites nothing of a curator's"


def test_it_gets_the_queries_that_need_nothing_of_the_first(schools: Path, run):
    listed = run("--corpus", schools, "query").out
    assert "who-inspects" in listed and "said-by" in listed
    assert "carrots-and-sticks" not in listed and "contracts" not in listed
    said = run("--corpus", schools, "query", "said-by", "who=heads", "--format", "csv").out
    assert "might-close" in said
    stated = run("--corpus", schools, "query", "established", "--format", "csv").out
    assert "news-2019/pays" in stated and "might-close" not in stated


def test_slips_are_told_in_its_own_names(schools: Path, run):
    text = "SELECT ?a { ?a sch:inspekts ?b ; ccg:polarty ?c ; nhs:directs ?d }"
    text = f"PREFIX nhs: <https://w3id.org/ccgkg/nhs/> {text}"
    told = run("--corpus", schools, "query", "--sparql", text).err
    assert "sch:inspekts stands nowhere in the dataset; nearest: sch:inspects" in told
    assert "ccg:polarty stands nowhere in the dataset; nearest: ccg:polarity" in told
    assert "directs> stands nowhere" not in told, "what is not its own has no nearest here"


def test_it_knows_no_relation_of_the_first(schools: Path, run):
    claims = schools / "seeds/news-2019/claims.yaml"
    claims.write_text(claims.read_text(encoding="utf-8").replace("employs", "holds-contract-of"))
    checked = run("--corpus", schools, "check")
    assert checked.code == 3
    assert (
        "claims.yaml:5: error: edge.relation: unknown relation `holds-contract-of`" in checked.out
    )


ISSUE = """\
strict:
  label: Are inspectors strict?
  about: inspectors
  for:
  - {claim: news-2019/might-close, why: they might close schools}
  qualifies: {claim: news-2019/visited, why: "visits alone are not strict"}
"""
ASKED = """SELECT ?issue ?side ?claim ?because WHERE {
  ?bearing ccg:issue/rdfs:label ?issue ; ccg:claim ?claim ; ccg:side/skos:prefLabel ?side ;
    ccg:because ?because . ?claim ccg:bearsOn/dcterms:subject act:inspectors }"""


def test_it_may_have_issues_or_none(schools: Path, run):
    asked = ("--corpus", schools, "query", "--format", "csv", "--sparql", ASKED)
    assert run(*asked).out.splitlines() == ["issue,side,claim,because"]
    (schools / "seeds/issues.yaml").write_text(ISSUE, encoding="utf-8")
    claims = "https://example.org/schools/claim/news-2019"
    assert sorted(run(*asked).out.splitlines()[1:]) == [
        f"Are inspectors strict?,for,{claims}/might-close,they might close schools",
        f"Are inspectors strict?,qualifies,{claims}/visited,visits alone are not strict",
    ]


MAP = "bands: [{label: Top, tiers: state}]\nplaces: {schools: [40, 20], heads: [0, 20]}\n"
STORY = """\
visits:
  title: Who visits
  lens: who-inspects
  focus: inspectors
  caption: [{says: Inspectors visit., claims: news-2019/visited}]
"""
GLOSSARY = "heads: {stands-for: head teachers, means: who lead a school, inferred: so they are}\n"


def test_it_may_have_views_or_none(schools: Path, run):
    """What the pages show is left beside the dataset, and is no part of it."""
    digest = _built(schools, run).manifest.digest
    bare = _built(schools, run).views()
    assert bare["corpus"] == {
        "title": "Who inspects whom",
        "description": "A newsletter about school inspection.",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "publisher": "a test",
        "language": "en-GB",
    }
    assert (bare["map"], bare["story"], bare["glossary"]) == ({"bands": [], "places": {}}, [], [])
    for name, content in (("map", MAP), ("story", STORY), ("glossary", GLOSSARY)):
        (schools / f"seeds/{name}.yaml").write_text(content, encoding="utf-8")
    store = _built(schools, run)
    views = store.views()
    assert store.manifest.digest == digest
    assert views["map"] == {
        "bands": [{"label": "Top", "tiers": ["state"]}],
        "places": {"heads": [0, 20], "schools": [40, 20]},
    }
    caption = [{"says": "Inspectors visit.", "claims": ["news-2019/visited"]}]
    shown = {"lens": "who-inspects", "focus": "inspectors", "claim": None, "caption": caption}
    assert views["story"] == [{"id": "visits", "title": "Who visits", **shown}]
    known = {"thing": None, "known": "inferred", "because": ["so they are"]}
    explained = {"stands_for": "head teachers", "means": "who lead a school", **known}
    assert views["glossary"] == [{"term": "heads", **explained}]
    assert (views["corpus"], views["sources"]) == (bare["corpus"], bare["sources"])


def test_its_texts_are_told_with_regions_and_sentences(schools: Path, run):
    (source,) = _built(schools, run).views()["sources"].values()
    text = Path(source["path"]).read_text(encoding="utf-8")
    assert Path(source["path"]) == schools.resolve() / "seeds/news-2019/source.txt"
    assert (text, source["rights"]) == (TEXT, "a test")
    assert source["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert source["regions"] == [{"id": "title", "kind": "heading", "start": 0, "end": 26}]
    sentences = [text[start:end] for start, end in source["sentences"]]
    assert (len(sentences), sentences[1]) == (5, "Inspectors visited every school in 2019.")
    silent = {text[s["start"] : s["end"]]: s["reason"] for s in source["unclaimed"]}
    assert silent == {
        "School boards in the north": "heading",
        "Welcome to our newsletter.": "greeting",
    }


def _built(schools: Path, run) -> Store:
    run("--corpus", schools, "check", "--pin")
    return open_store(schools, None)


@pytest.mark.parametrize(
    ("lens", "near"), [("who-inspect", "; nearest: who-inspects"), ("carrots-and-sticks", " ")]
)
def test_its_story_shows_its_own_lenses(schools: Path, run, lens: str, near: str):
    story = STORY.replace("who-inspects", lens)
    (schools / "seeds/story.yaml").write_text(story, encoding="utf-8")
    told = run("--corpus", schools, "check")
    assert told.code == 3
    wrong = f"seeds/story.yaml:3: error: `visits` shows a lens that does not exist: `{lens}`"
    assert f"{wrong}{near}" in told.out


def test_its_levers_are_its_own(schools: Path, run):
    query = "SELECT ?claim WHERE { ?claim ccg:defaultLever lever:inspection }"
    asked = run("--corpus", schools, "query", "--sparql", query, "--format", "csv")
    assert asked.out.count("/claim/") == 1


def test_it_says_who_has_reviewed_it(schools: Path, run):
    query = "SELECT ?who WHERE { ?source ccg:reviewedBy ?who }"
    assert not run("--corpus", schools, "query", "--sparql", query, "--format", "csv").out.strip(
        "who\r\n"
    )
    source = schools / "seeds/news-2019/source.yaml"
    source.write_text(source.read_text(encoding="utf-8") + "reviewed-by: An Expert (May 2020)\n")
    asked = run("--corpus", schools, "query", "--sparql", query, "--format", "csv")
    assert "An Expert (May 2020)" in asked.out


def test_a_faulty_actor_to_whom_others_are_tied_is_told_and_nothing_crashes(schools: Path, run):
    actors = schools / "seeds/actors.yaml"
    text = actors.read_text(encoding="utf-8")
    text = text.replace("inspectors: {label: inspectors,", "inspectors: {labl: inspectors,")
    actors.write_text(text.replace("heads: {", "heads: {broader: inspectors, "), encoding="utf-8")
    for command in (["check"], ["query", "established"]):
        told = run("--corpus", schools, *command)
        assert told.code == 3
        assert "actors.yaml:1: error" in told.out + told.err


def test_what_is_withdrawn_is_no_longer_found_nor_built_upon(schools: Path, run):
    claims = schools / "seeds/news-2019/claims.yaml"
    text = claims.read_text(encoding="utf-8")
    gone = "id: pays, withdrawn: {why: misread, successor: news-2019/visited},"
    claims.write_text(text.replace("id: pays,", gone), encoding="utf-8")
    run("--corpus", schools, "check", "--pin")
    asked = run("--corpus", schools, "query", "said-by", "who=newsletter", "--format", "csv")
    assert "visited" in asked.out and "pays" not in asked.out
    assert "pays" not in run("--corpus", schools, "find", "school").out
    assert "WITHDRAWN: misread" in run("--corpus", schools, "cite", "news-2019/pays").out

    built_upon = "id: visited, supports: [{claim: pays, why: the same},"
    spoilt = claims.read_text(encoding="utf-8").replace("id: visited,", f"{built_upon[:-1]}],")
    claims.write_text(spoilt, encoding="utf-8")
    told = run("--corpus", schools, "check")
    assert told.code == 3
    assert "supports a claim that is withdrawn: `news-2019/pays`; its successor" in told.out


def test_what_pin_has_written_is_no_longer_asked_for(schools: Path, run):
    pinned = run("--corpus", schools, "check", "--pin")
    assert pinned.code == 0
    assert "not-pinned" not in pinned.out and "wrote" in pinned.err


def test_an_actor_is_not_within_itself_by_different_ties(schools: Path, run):
    actors = schools / "seeds/actors.yaml"
    text = actors.read_text(encoding="utf-8")
    text = text.replace("schools: {", "schools: {broader: heads, ")
    actors.write_text(text.replace("heads: {", "heads: {part-of: schools, "), encoding="utf-8")
    told = run("--corpus", schools, "check")
    assert told.code == 3
    assert "a cycle in broader, part-of, post and members" in told.out
