# ruff: noqa: E501  (the curation files are as curators write them)
"""Each source is compiled alone, anywhere, and all of them together are the same dataset."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from smallcorpora import SCHOOLS, write

from ccgkg import errors
from ccgkg.corpus import references
from ccgkg.corpus.places import CorpusPlace, corpus_at
from ccgkg.dataset import merging
from ccgkg.dataset.checking import breaches_of_shared, breaches_of_source, breaches_of_whole
from ccgkg.dataset.compiling import SHARED, Compiled, compile_corpus
from ccgkg.dataset.ground import ground_of
from ccgkg.dataset.prefixes import CCG
from ccgkg.dataset.sharding import compile_shard
from ccgkg.dataset.workers import workers

from .test_shapes import LOST, WRONG

NEWS, ECHO, STUDY = "news-2019", "echo-2019", "study-2020"
_CLAIMS = f"seeds/{STUDY}/claims.yaml"
_SOURCE = SCHOOLS[f"seeds/{NEWS}/source.yaml"]
_STUDY = """A study of schools

Inspectors visited every school in 2019. The school board pays head teachers badly. That the board pays is disputed.
"""

LIBRARY: Mapping[str, str] = {
    **SCHOOLS,
    # The newsletter once more, under another name.
    f"seeds/{ECHO}/source.yaml": _SOURCE.replace(NEWS, ECHO),
    f"seeds/{ECHO}/source.txt": SCHOOLS[f"seeds/{NEWS}/source.txt"],
    f"seeds/{ECHO}/claims.yaml": f"source: {ECHO}\nvoices: {{body: [newsletter]}}\nmirrors: {{source: {NEWS}}}\nclaims:\n- {{quote: Welcome to our newsletter., no-claim: greeting}}\n",
    # A study that says the same, supports it, and speaks of what it says.
    f"seeds/{STUDY}/source.yaml": _SOURCE.replace(NEWS, STUDY)
    .replace("School boards in the north", "A study of schools")
    .replace("the year is printed", f"{NEWS}/visited")
    .replace("inferred", "stated", 1)
    .partition("accept:")[0],
    f"seeds/{STUDY}/source.txt": _STUDY,
    _CLAIMS: f"""\
source: {STUDY}
voices: {{body: [newsletter]}}
claims:
- {{quote: Inspectors visited every school in 2019., id: visits, edge: [inspectors, inspects, schools], modality: fact, text: Inspectors visited every school., supports: [{{claim: {NEWS}/visited, why: the same}}]}}
- {{quote: The school board pays head teachers badly., id: badly, edge: [school-board, employs, heads], modality: opinion, text: The board pays badly.}}
- {{quote: That the board pays is disputed., id: disputed, edge: [{NEWS}/pays, is-disputed], modality: fact, text: It is disputed that the board pays.}}
""",
    "seeds/issues.yaml": f"visits:\n  label: Are schools visited?\n  for: [{{claim: {NEWS}/visited, why: it says so}}, {{claim: {STUDY}/visits, why: it says so too}}]\n",
    "ontology/schools.ttl": SCHOOLS["ontology/schools.ttl"]
    + """sch:is-disputed a ccg:Relation ; rdfs:label "is disputed"@en ; skos:definition "Is doubted."@en ;
  rdfs:domain ccg:Claim ; ccg:objectRequired false ; dcterms:source "test" .
""",
}
"""Three sources that need each other in every way there is."""

_ELSEWHERE = """
@prefix ccg: <https://w3id.org/ccgkg/ns/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
[] a sh:PropertyShape ; sh:targetClass ccg:Actor ;
  sh:path [ sh:inversePath ccg:involves ] ; sh:maxCount 2 ; sh:message "At most two." .
"""
"""A shape of a corpus that looks at several sources at once."""


@dataclass(frozen=True)
class Fault:
    """A change of the library, and what is told of it."""

    file: str
    old: str
    new: str
    says: str


FAULTS = {
    "none": Fault("seeds/actors.yaml", "", "", ""),
    "names-nothing": Fault(_CLAIMS, f"claim: {NEWS}/visited", f"claim: {NEWS}/visitid", f"a claim that does not exist: `{NEWS}/visitid`; nearest: {NEWS}/visited"),
    "names-nothing-of-its-own": Fault(_CLAIMS, f"[{NEWS}/pays", f"[{STUDY}/pays", f"a claim that does not exist: `{STUDY}/pays`"),
    "speaks-of-no-source": Fault(_CLAIMS, f"[{NEWS}/pays", "[nobody/pays", "a claim that does not exist: `nobody/pays`"),
    "mirrors-nothing": Fault(f"seeds/{ECHO}/claims.yaml", f"source: {NEWS}}}", "source: nobody}", "`nobody` has no claims of its own"),
    "mirrors-itself": Fault(f"seeds/{ECHO}/claims.yaml", f"source: {NEWS}}}", f"source: {ECHO}}}", f"`{ECHO}` has no claims of its own"),
    "prints-something-else": Fault(f"seeds/{ECHO}/claims.yaml", f"source: {NEWS}}}", f"source: {STUDY}}}", "is not found in this printing"),
    "first-printing-unreadable": Fault(f"seeds/{NEWS}/claims.yaml", "claims:", "claims: [", "unreadable"),
    "id-twice": Fault(_CLAIMS, "id: badly", "id: visits", "claim id `visits` is also on line"),
    "quote-drifted": Fault(_CLAIMS, "quote: Inspectors visited", "quote: Inspectors visit", "quote-drifted"),
    "withdrawn": Fault(f"seeds/{NEWS}/claims.yaml", "id: visited,", "id: visited, withdrawn: {why: wrong},", f"a claim that is withdrawn: `{NEWS}/visited`"),
    "issue-names-nothing": Fault("seeds/issues.yaml", f"{STUDY}/visits", f"{STUDY}/visit", f"`visits` names a claim that does not exist: `{STUDY}/visit`"),
    "key-of-another": Fault(f"seeds/{STUDY}/source.yaml", f"key: {STUDY}", f"key: {NEWS}", "is not the folder's name"),
    "text-changed": Fault(f"seeds/{NEWS}/source.yaml", "sha256: DIGEST", f"sha256: {'0' * 64}", "text-changed"),
    "register-faulty": Fault("seeds/actors.yaml", "kind: group, tier: state", "kind: horde, tier: state", "horde"),
    "register-unreadable": Fault("seeds/actors.yaml", "inspectors:", "inspectors: [", "unreadable"),
    "actor-unused": Fault("seeds/actors.yaml", "newsletter: {", "caretakers: {label: caretakers, kind: group, tier: local, known: {inferred: made up}}\nnewsletter: {", "no claim, chain, register or source names this actor"),
    "whole-shape": Fault("ontology/shapes.ttl", "", _ELSEWHERE, "actor/inspectors: At most two."),
}  # fmt: skip


def changed(folder: Path, fault: Fault) -> Path:
    """The library with a fault."""
    before = LIBRARY.get(fault.file, "")
    assert fault.old in before
    after = before.replace(fault.old, fault.new, 1) if fault.old else before + fault.new
    return write(folder, {**LIBRARY, fault.file: after}).resolve()


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    """Two other processes, with another hash seed than this one."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONHASHSEED", "4711")
    with workers(2) as executor:
        yield executor
    patch.undo()


def compiled(
    root: Path, into: Path, executor: Executor | None
) -> tuple[Compiled, Mapping[str, bytes]]:
    """What was found, and the parts by name; what differs by the folder is left out."""
    into.mkdir()
    done = compile_corpus(CorpusPlace(root), into, executor=executor)
    parts = {path.name: path.read_bytes() for path in done.parts}
    return replace(done, parts=()), parts


@pytest.mark.parametrize("fault", FAULTS)
def test_other_processes_find_and_write_the_same(fault: str, processes: Executor, tmp_path: Path):
    root = changed(tmp_path / "library", FAULTS[fault])
    alone, parts = compiled(root, tmp_path / "alone", None)
    together, others = compiled(root, tmp_path / "together", processes)
    assert together == alone
    assert others == parts
    told = "\n".join(map(str, alone.findings))
    assert FAULTS[fault].says in told, told
    assert bool(parts) == (not alone.errors)
    assert bool(alone.errors) == (fault not in ("none", "actor-unused")), told


def test_of_many_claims_only_those_of_like_sources_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fault = FAULTS["names-nothing"]
    root = changed(tmp_path / "library", fault)
    few, _ = compiled(root, tmp_path / "few", None)
    monkeypatch.setattr(references, "MANY", 0)
    many, _ = compiled(root, tmp_path / "many", None)
    assert many == few
    assert fault.says in str(many.errors[0])


def test_the_library_needs_its_sources_as_it_says(tmp_path: Path):
    root = changed(tmp_path / "library", FAULTS["none"])
    _, parts = compiled(root, tmp_path / "parts", None)
    assert sorted(parts) == [SHARED, f"{ECHO}.nq", f"{NEWS}.nq", f"{STUDY}.nq"]
    news = b"<https://example.org/schools/claim/news-2019/visited>"
    assert news + b" <https://w3id.org/ccgkg/ns/alsoPrintedIn> " in parts[f"{ECHO}.nq"]
    assert b"/ns/restsOn> " + news in parts[f"{STUDY}.nq"]
    assert b"/cito/supports> " + news in parts[f"{STUDY}.nq"]
    assert news + b" <https://w3id.org/ccgkg/ns/bearsOn> " in parts[SHARED]
    # Two sources state it, and it counts once.
    stated = [name for name, lines in parts.items() if b"/ns/inspects> <" in lines]
    assert {f"{NEWS}.nq", f"{STUDY}.nq"} <= set(stated)
    lines = sorted({line for part in parts.values() for line in part.splitlines(True)})
    default = [q for q in ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS) if isinstance(q.graph_name, ox.DefaultGraph)]  # fmt: skip
    (size,) = (q.object.value for q in default if q.predicate.value.endswith("void#triples"))
    about = [q for q in default if q.subject.value.endswith(("schools/dataset", "schools/topics"))]
    assert int(size) == len(default) - len(about)


def test_each_source_compiles_alone_to_the_same_bytes(tmp_path: Path):
    root = changed(tmp_path / "library", FAULTS["none"])
    _, parts = compiled(root, tmp_path / "parts", None)
    for key in (STUDY, NEWS, ECHO):
        assert compile_shard(root, key).lines == parts[f"{key}.nq"]


def test_a_shard_changes_when_what_it_stands_on_does(tmp_path: Path):
    root = changed(tmp_path / "library", FAULTS["none"])
    before = compile_shard(root, NEWS)
    path = root / "seeds/actors.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert compile_shard(root, NEWS) == before
    path.write_text("", encoding="utf-8")
    assert compile_shard(root, NEWS) != before


@pytest.mark.parametrize("broken", ["ontology/schools.ttl", "seeds/corpus.yaml", "ontology/shapes.ttl"])  # fmt: skip
def test_what_stops_a_shard_stops_all(broken: str, processes: Executor, tmp_path: Path):
    root = changed(tmp_path / "library", FAULTS["none"])
    (root / broken).write_text("{ broken", encoding="utf-8")
    told = set()
    for name, executor in (("alone", None), ("together", processes)):
        with pytest.raises(errors.BadInput) as error:
            compiled(root, tmp_path / name, executor)
        told.add((str(error.value), type(error.value)))
    assert len(told) == 1
    assert broken in told.pop()[0]


class Broken:
    """An executor whose processes end when so many sources have been handed over."""

    def __init__(self, taken: int) -> None:
        self.left, self.futures = taken, []

    def submit(self, *_: object) -> Future:
        if not self.left:
            raise BrokenExecutor
        self.left -= 1
        self.futures.append(Future())
        return self.futures[-1]


@pytest.mark.parametrize("taken", [0, 2])
def test_processes_that_end_before_all_is_handed_over_are_told(
    taken: int, root: Path, tmp_path: Path
):
    broken = Broken(taken)
    with pytest.raises(errors.NotBuildable, match="a process that compiled sources has ended"):
        compiled(root, tmp_path / "parts", broken)
    assert len(broken.futures) == taken
    assert all(future.cancelled() for future in broken.futures)


@pytest.mark.parametrize(
    "error",
    [
        errors.SeedError("wrong", path=Path("a.yaml"), line=3, hint="Right."),
        errors.OntologyError("wrong", hint="Right."),
        errors.QueryError("wrong", line=1, column=2, hint="Right."),
        errors.NotBuildable("wrong", hint="Right."),
        errors.UsageError("wrong"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_the_way_from_another_process(error: errors.CcgkgError):
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


# -- the shapes, part by part


@pytest.fixture(scope="module")
def shipped_parts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[ox.Quad]]:
    """The quads of each part of the shipped dataset."""
    done = compile_corpus(corpus_at(None), tmp_path_factory.mktemp("parts"))
    return {
        path.stem: list(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))
        for path in done.parts
    }


def held(parts: Mapping[str, list[ox.Quad]]) -> list[tuple[str, str]]:
    """What breaks a shape, part by part; the same as in the whole."""
    ground = ground_of(corpus_at(None))
    shared = Path(SHARED).stem
    told = breaches_of_shared(ground, parts[shared])
    for key, quads in parts.items():
        if key != shared:
            told += breaches_of_source(ground, key, quads)
    assert sorted(told) == breaches_of_whole(ground, (q for quads in parts.values() for q in quads))
    return told


def test_part_by_part_the_shipped_dataset_breaks_no_shape(shipped_parts):
    assert held(shipped_parts) == []


@pytest.mark.slow
def test_part_by_part_whatever_is_lost_is_missed(shipped_parts):
    """All that is told of one part; what an issue says is the ground of the other parts."""
    issue = "https://w3id.org/ccgkg/issue/"
    lost = {(subject, predicate) for subject, predicate, _ in LOST if issue not in subject}
    kept = {
        key: [q for q in quads if (q.subject.value, q.predicate.value) not in lost]
        for key, quads in shipped_parts.items()
    }
    told = held(kept)
    for subject, _, message in LOST:
        if issue not in subject:
            assert any(f == subject and message in said for f, said in told), (subject, message)


_FAR = "https://w3id.org/ccgkg/claim/holder-2014/stick-contracts"


@pytest.mark.slow
@pytest.mark.parametrize(("subject", "predicate", "value", "message"), [w for w in WRONG if "/issue/" not in w[0] and "bearsOn" not in w[1]])  # fmt: skip
def test_part_by_part_what_is_wrong_is_told(subject, predicate, value, message, shipped_parts):
    more = ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))
    told = held({**shipped_parts, "pulse-2016": [*shipped_parts["pulse-2016"], more]})
    assert any(focus == subject and message in said for focus, said in told)


@pytest.mark.slow
def test_part_by_part_a_claim_of_another_source_is_a_claim_and_no_lever(shipped_parts):
    link = next(
        q.subject for q in shipped_parts["pulse-2016"] if q.object.value == CCG + "ReasonedLink"
    )
    to, lever = ox.NamedNode(CCG + "linkTo"), ox.NamedNode(CCG + "lever")
    claim = ox.NamedNode("https://w3id.org/ccgkg/claim/pulse-2016/influence-20")
    kept = [q for q in shipped_parts["pulse-2016"] if (q.subject, q.predicate) != (link, to)]
    far = ox.NamedNode(_FAR)
    assert held({**shipped_parts, "pulse-2016": [*kept, ox.Quad(link, to, far)]}) == []
    (told,) = held({**shipped_parts, "pulse-2016": [*kept, ox.Quad(link, to, far), ox.Quad(claim, lever, far)]})  # fmt: skip
    assert told == (claim.value, f"A lever is one of the ontology's. (here: {_FAR})")


# -- merging


@pytest.mark.parametrize("block", [1, 20, 1 << 15])
@pytest.mark.parametrize("seed", range(12))
def test_sorted_files_are_merged_each_line_once(
    block: int, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(merging, "_BLOCK", block)
    chance = random.Random(seed)
    parts = [{b"%d\n" % chance.randrange(60) for _ in range(chance.randrange(40))} for _ in range(seed % 6)]  # fmt: skip
    paths = [tmp_path / str(number) for number in range(len(parts))]
    for path, lines in zip(paths, parts, strict=True):
        path.write_bytes(b"".join(sorted(lines)))
    told = [line for lines in merging.merged(paths) for line in lines]
    assert told == sorted(set().union(*parts))


# -- build --shards


@pytest.fixture
def library(tmp_path: Path, run: Callable) -> Callable:
    root = changed(tmp_path / "library", FAULTS["none"])
    return lambda *args: run("--corpus", root, "--cache", tmp_path / "cache", *args)


@pytest.mark.skipif(shutil.which("sort") is None, reason="no sort")
@pytest.mark.parametrize("count", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_the_shards_merged_by_sort_are_the_dataset(count: int, library: Callable, tmp_path: Path):
    shards = tmp_path / "deep" / "shards"
    assert library("build", "--shards", shards, "--workers", count).code in (0, 1)
    names = [f"{ECHO}.nq", f"{NEWS}.nq", f"{STUDY}.nq", SHARED]
    assert sorted(path.name for path in shards.iterdir()) == sorted(names)
    merged = subprocess.run(
        ["sort", "-mu", *(shards / name for name in names)],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    assert merged.stdout.decode() == library("export", "--format", "nquads").out


def test_shards_are_made_again_though_nothing_changed(library: Callable, tmp_path: Path):
    assert "built in" in library("build").out
    assert "nothing changed" in library("build").out
    shards = tmp_path / "shards"
    assert "built in" in library("build", "--shards", shards).out
    before = {path.name: path.read_bytes() for path in shards.iterdir()}
    (shards / SHARED).write_bytes(b"spoilt")
    assert "built in" in library("build", "--shards", shards).out
    assert {path.name: path.read_bytes() for path in shards.iterdir()} == before


def test_a_folder_with_other_shards_is_refused(library: Callable, tmp_path: Path):
    shards = tmp_path / "shards"
    shards.mkdir()
    (shards / "gone-1999.nq").write_bytes(b"")
    (shards / "notes.txt").write_bytes(b"")
    result = library("build", "--shards", shards)
    assert (result.code, result.out) == (2, "")
    assert "gone-1999.nq, which is no part of this corpus" in result.err
    assert not (tmp_path / "cache").exists()
    (shards / "gone-1999.nq").unlink()
    assert library("build", "--shards", shards).code in (0, 1)


def test_a_corpus_with_errors_leaves_no_shards(library: Callable, tmp_path: Path):
    shards = tmp_path / "shards"
    library("build", "--shards", shards)
    before = {path.name: path.read_bytes() for path in shards.iterdir()}
    (tmp_path / "library" / _CLAIMS).write_text("claims: [", encoding="utf-8")
    assert library("build", "--shards", shards).code == 3
    assert {path.name: path.read_bytes() for path in shards.iterdir()} == before


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_shards_that_cannot_be_written_are_named(place: str, library: Callable, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    result = library("build", "--shards", tmp_path / place)
    assert result.code in (2, 4)
    assert str(tmp_path / "file") in result.err
    assert "Traceback" not in result.err
