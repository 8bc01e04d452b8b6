"""Section 6 and law 8: the cache is disposable, and what is in force is always whole.

The manifest is renamed into place last. Whatever happens before (a kill, a full disk, another
build, a garbled file), a query is answered from a whole dataset, old or new, or is refused
with what to do; it is never answered from a piece of one. In memory and in RocksDB alike.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ccgkg.corpus.places import CorpusPlace
from ccgkg.dataset import cache as caching
from ccgkg.dataset.cache import Cache, Manifest, cache_root
from ccgkg.dataset.store import Store
from ccgkg.errors import NotBuildable
from ccgkg.queries import running

CCG = "https://w3id.org/ccgkg/ns/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CLAIMS = "SELECT ?c { ?c a ccg:Claim } ORDER BY ?c"
ENGINES = {"memory": 10**9, "rocksdb": -1}
"""The most quads that are loaded into memory, to force the one or the other."""

VIEWS = b'{"story":[]}'


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(caching, "MEMORY_QUADS", ENGINES[request.param])
    return request.param


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache" / "tiny-00000000")


def claims(*names: str) -> bytes:
    """A dataset of claims with these names."""
    lines = (f"<https://example.org/{name}> <{RDF_TYPE}> <{CCG}Claim> .\n" for name in names)
    return "".join(sorted(lines)).encode()


def manifest_of(nquads: bytes) -> Manifest:
    return Manifest(
        digest=hashlib.sha256(nquads).hexdigest(),
        quads=nquads.count(b"\n"),
        corpus={"name": "x", "title": "X", "version": "0.1.0", "base": "https://example.org/"},
        prefixes={"ccg": CCG},
        queries=[],
        inputs={},
        table=[],
        warnings=[],
        views=hashlib.sha256(VIEWS).hexdigest(),
    )


def install(kept: Cache, *names: str) -> Manifest:
    """Put a dataset of claims with these names in force."""
    nquads, before = claims(*names), kept.manifest()
    manifest = manifest_of(nquads)
    if before is not None:
        same = before.digest == manifest.digest
        manifest = manifest._replace(previous=before.previous if same else before.digest)
    kept.install(manifest, draft(kept, nquads), VIEWS)
    return manifest


def draft(kept: Cache, nquads: bytes) -> Path:
    """A dataset as a build leaves it for the cache, which moves it away."""
    kept.folder.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(suffix=".tmp", dir=kept.folder)) / "dataset.nq"
    path.write_bytes(nquads)
    return path


def answer(kept: Cache) -> list[str]:
    """The names of the claims of the dataset in force."""
    manifest = kept.manifest()
    assert manifest is not None
    rows = Store.at(kept, manifest).rows(CLAIMS)
    return [claim.text.rpartition("/")[2] for (claim,) in rows]


ONE, TWO = [f"a{n:03}" for n in range(300)], [f"b{n:03}" for n in range(200)]


# -- one dataset after the other


def test_what_was_installed_answers(engine: str, kept: Cache) -> None:
    manifest = install(kept, *ONE)
    assert answer(kept) == ONE
    assert (Store.at(kept, manifest).folder is not None) == (engine == "rocksdb")
    install(kept, *TWO)
    assert answer(kept) == TWO


@pytest.mark.usefixtures("engine")
def test_a_reader_of_the_dataset_before_is_not_disturbed(kept: Cache) -> None:
    before = install(kept, *ONE)
    install(kept, *TWO)
    assert len(Store.at(kept, before).rows(CLAIMS)) == len(ONE)


@pytest.mark.usefixtures("engine")
def test_only_two_datasets_are_kept(kept: Cache) -> None:
    for name in "abcd":
        install(kept, name)
        for path in kept.folder.iterdir():
            os.utime(path, (0, 0))  # as if nobody had built anything for years
    install(kept, "d")
    assert len(list(kept.folder.glob("dataset-*.nq"))) == 2
    assert len(list(kept.folder.glob("store-*"))) in (0, 2)
    assert answer(kept) == ["d"]


def with_views(kept: Cache, views: bytes) -> Store:
    """The same dataset in force, with other views."""
    manifest = manifest_of(claims("a"))._replace(views=hashlib.sha256(views).hexdigest())
    kept.install(manifest, draft(kept, claims("a")), views)
    return Store.at(kept, manifest)


def test_the_views_of_the_manifest_before_are_kept_and_no_older_ones(kept: Cache) -> None:
    *_, before, last = [with_views(kept, b'{"n":%d}' % n) for n in range(4)]
    for path in kept.folder.iterdir():
        os.utime(path, (0, 0))  # as if nobody had built anything for years
    newest = with_views(kept, b'{"n":4}')
    assert (newest.views(), last.views()) == ({"n": 4}, {"n": 3})
    with pytest.raises(NotBuildable):
        before.views()
    assert len(list(kept.folder.glob("views-*"))) == 2


@pytest.mark.usefixtures("engine")
def test_a_build_that_ends_between_the_steps_of_another_harms_neither(
    kept: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(kept, "old")
    write, ended = caching.write_atomically, []

    def late(path: Path, content: bytes) -> None:
        """The other build ends after this one wrote its dataset, before its manifest."""
        if path.suffix == ".json" and not ended:
            ended.append(path)
            install(kept, *TWO)
            assert answer(kept) == TWO
        write(path, content)

    monkeypatch.setattr(caching, "write_atomically", late)
    install(kept, *ONE)
    assert ended
    assert answer(kept) == ONE


def test_the_draft_of_another_build_may_vanish_at_any_time(kept: Cache) -> None:
    install(kept, "old")
    # As listed by one build and renamed by the other before the first looks at it.
    (kept.folder / "manifest.json.1.tmp").symlink_to(kept.folder / "gone")
    install(kept, *ONE)
    assert answer(kept) == ONE


# -- garbled files


def damage(path: Path) -> Iterator[tuple[str, bytes | None]]:
    """Ways in which a file may be garbled."""
    content = path.read_bytes()
    line = content.index(b"\n", len(content) // 2) + 1
    yield "gone", None
    yield "empty", b""
    yield "cut between two lines", content[:line]
    yield "cut inside a line", content[: line - 9]
    yield "garbage", b"\x00\xffgarbage\n" * 9
    yield "longer", content + claims("invented")


def test_no_query_is_answered_from_a_piece_of_a_dataset(engine: str, kept: Cache) -> None:
    manifest = install(kept, *ONE)
    folder = kept.store(manifest.digest)
    files = [kept.nquads(manifest.digest)]
    if engine == "rocksdb":
        files += [folder / "CURRENT", *folder.glob("*.sst"), *folder.glob("MANIFEST-*")]
        assert len(files) > 3
    for path in files:
        whole = path.read_bytes()
        for how, content in damage(path) if path.suffix == ".nq" else [("cut", whole[:40])]:
            path.unlink() if content is None else path.write_bytes(content)
            try:
                assert answer(kept) == ONE, f"{path.name} {how}"
            except NotBuildable as error:
                assert "ccgkg build" in error.hint, f"{path.name} {how}"
            path.write_bytes(whole)
    assert answer(kept) == ONE


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read"), (b"", "is damaged"), (VIEWS[:-2], "is damaged")],
    ids=["gone", "empty", "cut"],
)
def test_no_page_is_made_from_a_piece_of_the_views(
    content: bytes | None, says: str, kept: Cache
) -> None:
    manifest = install(kept, *ONE)
    store, path = Store.at(kept, manifest), kept.views(manifest.views)
    assert (store.views(), kept.holds(manifest)) == (json.loads(VIEWS), True)
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(NotBuildable, match=says) as error:
        store.views()
    assert str(path) in str(error.value)
    assert "ccgkg build" in error.value.hint
    assert not kept.holds(manifest), "`ccgkg build` makes them anew"
    assert answer(kept) == ONE, "a query needs none"


@pytest.mark.parametrize("format", ["nquads", "trig", "jsonld"])
def test_no_piece_of_a_dataset_is_exported(format: str, kept: Cache) -> None:
    manifest = install(kept, *ONE)
    path = kept.nquads(manifest.digest)
    for how, content in list(damage(path)):
        path.unlink(missing_ok=True) if content is None else path.write_bytes(content)
        with pytest.raises(NotBuildable, match="dataset-"):
            Store.at(kept, manifest).export(format, io.BytesIO())
            pytest.fail(f"exported although {how}")


def garbled() -> dict[str, str]:
    whole = manifest_of(claims("a"))._asdict()
    return {
        "empty": "",
        "cut": json.dumps(whole)[:99],
        "null": "null",
        "a-list": "[]",
        "a-number": "7",
        "nested": "[" * 100_000,
        "no-digest": json.dumps({k: v for k, v in whole.items() if k != "digest"}),
        "digest-is-a-number": json.dumps({**whole, "digest": 7}),
        "inputs-are-null": json.dumps({**whole, "inputs": None}),
        "queries-are-null": json.dumps({**whole, "queries": None}),
        "of-a-later-format": json.dumps({**whole, "format": 99}),
        "of-a-later-tool": json.dumps({**whole, "later": True}),
    }


@pytest.mark.parametrize("how", garbled())
def test_a_garbled_manifest_is_none(how: str, kept: Cache) -> None:
    install(kept, "a")
    assert kept.manifest() is not None
    (kept.folder / "manifest.json").write_text(garbled()[how], encoding="utf-8")
    assert kept.manifest() is None


def test_a_binary_manifest_is_none(kept: Cache) -> None:
    install(kept, "a")
    (kept.folder / "manifest.json").write_bytes(b"\xff\xfe{}")
    assert kept.manifest() is None


# -- where it lies


@pytest.mark.parametrize(
    ("platform", "set_", "where"),
    [
        ("linux", {"CCGKG_CACHE": "/c"}, "/c"),
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/ccgkg"),
        ("linux", {}, "/home/me/.cache/ccgkg"),
        ("darwin", {"XDG_CACHE_HOME": "/x"}, "/home/me/Library/Caches/ccgkg"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/ccgkg"),
    ],
)
def test_the_users_own_folder(
    platform: str, set_: dict[str, str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CCGKG_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    assert cache_root(None) == Path(where)
    assert cache_root(Path("given")) == Path("given")


def test_two_corpora_of_one_name_do_not_share(tmp_path: Path) -> None:
    one, two = (Cache.of(CorpusPlace(tmp_path / x / "corpus"), tmp_path) for x in "ab")
    assert one.folder != two.folder


# -- with the corpus


@dataclass(frozen=True)
class Built:
    """A copy of the shipped corpus, built."""

    root: Path
    cache: Cache
    manifest: Manifest


TEXT = "CCGs have a duty to support GPs."
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()
OLD = "text: CCGs have a duty to support GPs."
NEW = "text: It is the duty of CCGs to support GPs."
DUTY = "seeds/author-2014/claims.yaml"
TINY = {
    "seeds/corpus.yaml": """
        name: tiny
        title: A corpus of one sentence
        description: For tests that build often.
        base: https://example.org/tiny/
        licence: https://creativecommons.org/licenses/by/4.0/
        version: 0.1.0
        publisher: nobody
        """,
    "seeds/actors.yaml": """
        author: {label: An author, kind: person, tier: observer, known: {inferred: x}}
        ccgs: {label: CCGs, kind: group, tier: commissioner, known: {inferred: x}}
        gps: {label: GPs, kind: group, tier: practice, known: {inferred: x}}
        """,
    "seeds/author-2014/source.txt": TEXT,
    "seeds/author-2014/source.yaml": f"""
        key: author-2014
        file: {{name: a.txt, sha256: {DIGEST}}}
        record: {{type: webpage, title: A page}}
        known: {{title: {{stated: first line}}}}
        agents: {{author: author}}
        rights: nobody's
        """,
    "seeds/author-2014/sentences.yaml": f"sha256: {DIGEST}\nspans:\n- [0, {len(TEXT)}]\n",
    DUTY: f"""
        source: author-2014
        voices: {{body: [author]}}
        claims:
        - quote: CCGs have a duty to support GPs
          id: duty
          edge: [ccgs, supports, gps]
          modality: fact
          {OLD}
        """,
}
LABEL = "SELECT ?l { <https://example.org/tiny/claim/author-2014/duty> rdfs:label ?l }"


def tiny(root: Path, folder: Path) -> Path:
    """A corpus of one claim, in the ontology of the shipped one."""
    place = folder / "corpus"
    for name, text in TINY.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(textwrap.dedent(text), encoding="utf-8", newline="\n")
    shutil.copytree(root / "ontology", place / "ontology")
    (place / "queries").mkdir()
    return place.resolve()


def copied(root: Path, folder: Path) -> Path:
    for name in ("seeds", "ontology", "queries"):
        shutil.copytree(root / name, folder / "corpus" / name)
    return (folder / "corpus").resolve()


def change(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


@pytest.fixture(scope="module")
def built(
    root: Path, tmp_path_factory: pytest.TempPathFactory, cache: Path, run: Callable
) -> Built:
    folder = copied(root, tmp_path_factory.mktemp("cache-of"))
    assert run("--corpus", folder, "build").code == 0
    kept = Cache.of(CorpusPlace(folder), cache)
    return Built(folder, kept, kept.manifest())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the shapes, which take most of a build and are tested elsewhere."""
    monkeypatch.setattr("ccgkg.dataset.shapes.breaches", lambda *_: [])


@pytest.mark.slow
def test_memory_and_rocksdb_answer_alike(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nquads = built.cache.nquads(built.manifest.digest).read_bytes()
    views = built.cache.views(built.manifest.views).read_bytes()
    stores = {}
    for name, most in ENGINES.items():
        monkeypatch.setattr(caching, "MEMORY_QUADS", most)
        kept = Cache(tmp_path / name)
        kept.install(built.manifest, draft(kept, nquads), views)
        stores[name] = Store.at(kept, kept.manifest())
    assert [store.folder is None for store in stores.values()] == [True, False]
    named = [query["name"] for query in built.manifest.queries if not query["parameters"]]
    texts = [running.load(stores["memory"], name).text for name in named]
    texts += [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?sum) { ?f ccg:value ?v }",
    ]
    for text in texts:
        rows = [sorted(map(str, store.rows(text))) for store in stores.values()]
        assert rows[0] == rows[1]
        assert rows[0]
    card = [store.objects(f"{CCG}Claim", "http://www.w3.org/2000/01/rdf-schema#label")
            for store in stores.values()]  # fmt: skip
    assert card[0] == card[1] != []


@pytest.fixture
def own(root: Path, tmp_path: Path, run: Callable, quick: None) -> Callable:
    """A corpus of one's own, built into a cache of one's own, and the command line on both."""
    folder = tiny(root, tmp_path)
    cache = tmp_path / "cache"
    assert run("--corpus", folder, "--cache", cache, "build").code == 0
    return lambda *args: run("--corpus", folder, "--cache", cache, *args)


@pytest.mark.parametrize(
    ("what", "garbled"),
    [("manifest.json", False), ("dataset-*.nq", False), ("dataset-*.nq", True), ("*", True)],
)
def test_a_build_mends_what_was_lost(
    what: str, garbled: bool, own: Callable, tmp_path: Path
) -> None:
    paths = list((tmp_path / "cache").glob(f"*/{what}"))
    assert paths
    for path in paths:
        path.write_bytes(b"garbled") if garbled else path.unlink()
    assert own("build").code == 0
    answer = own("query", "--sparql", LABEL)
    assert (answer.code, answer.err) == (0, "")
    assert OLD.removeprefix("text: ") in answer.out


def test_without_a_dataset_one_is_built_and_stderr_says_so(own: Callable, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "cache")
    answer = own("query", "--sparql", LABEL)
    assert answer.code == 0
    assert answer.out.splitlines()[2:] == [OLD.removeprefix("text: ")]
    assert re.fullmatch(r"building the dataset \(.*\byet\) …\n", answer.err)


def _another_claim(root: Path) -> None:
    change(root, DUTY, OLD, NEW)


def _another_label(root: Path) -> None:
    change(root, "ontology/nhs.ttl", 'rdfs:label "pays"@en', 'rdfs:label "pays for"@en')


def _another_query(root: Path) -> None:
    header = "#+ summary: A\n#+ description: B\n"
    (root / "queries" / "new.rq").write_text(f"{header}SELECT * {{ ?s ?p ?o }}\n", encoding="utf-8")


def _touch(root: Path) -> None:
    path = root / DUTY
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 10**9))


@pytest.mark.parametrize(
    ("alter", "digest_changes"),
    [(_another_claim, True), (_another_label, True), (_another_query, False), (_touch, False)],
    ids=["claim", "ontology", "query", "touched"],
)
def test_a_changed_input_is_built_once_and_stderr_says_so(
    alter: Callable[[Path], None], digest_changes: bool, own: Callable, tmp_path: Path
) -> None:
    kept = Cache.of(CorpusPlace((tmp_path / "corpus").resolve()), tmp_path / "cache")
    before = kept.manifest()
    alter(tmp_path / "corpus")
    first, second = own("query", "--sparql", LABEL), own("query", "--sparql", LABEL)
    assert (first.code, first.err) == (0, "building the dataset (an input changed) …\n")
    assert (second.code, second.out, second.err) == (0, first.out, "")
    after = kept.manifest()
    assert (after.digest != before.digest) == digest_changes
    assert after.previous == (before.digest if digest_changes else before.previous)
    if alter is _another_claim:
        assert NEW.removeprefix("text: ") in first.out
    if alter is _another_query:
        assert after.query("new") is not None


def test_nothing_is_written_but_the_cache(own: Callable, tmp_path: Path, cache: Path) -> None:
    def tree() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (tmp_path / "corpus").rglob("*")}

    elsewhere = sorted(cache.rglob("*"))
    paths = [tmp_path / "corpus", *(tmp_path / "corpus").rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        before = tree()
        shutil.rmtree(tmp_path / "cache")
        for args in (["query", "--sparql", LABEL], ["find", "duty"], ["export"], ["build"]):
            assert own(*args).code == 0
        assert tree() == before
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert sorted(cache.rglob("*")) == elsewhere
    assert {path.name for path in tmp_path.iterdir()} == {"corpus", "cache"}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("args", [["build"], ["query"], ["find", "carrots"]], ids=" ".join)
def test_a_cache_that_cannot_be_written_is_named(
    args: list[str], built: Built, run: Callable, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    result = run("--corpus", built.root, "--cache", tmp_path / "file" / "cache", *args)
    assert (result.code, result.out) == (4, "")
    assert f"{tmp_path / 'file' / 'cache'}" in result.err
    assert "cannot be written" in result.err
    assert "--cache" in result.err
    assert "CCGKG_CACHE" in result.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_cache_without_permission_is_named(built: Built, run: Callable, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        result = run("--corpus", built.root, "--cache", tmp_path / "cache", "build")
    finally:
        tmp_path.chmod(0o755)
    assert (result.code, result.out) == (4, "")
    assert "CCGKG_CACHE" in result.err


@pytest.mark.parametrize("most", [1_000, 300_000])
def test_a_full_disk_leaves_the_dataset_of_before(most: int, own: Callable, tmp_path: Path) -> None:
    resource = pytest.importorskip(
        "resource", reason="limits the size of files as a full disk does"
    )
    kept = Cache.of(CorpusPlace((tmp_path / "corpus").resolve()), tmp_path / "cache")
    before = kept.manifest()
    change(tmp_path / "corpus", DUTY, OLD, NEW)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        result = own("build")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (result.code, result.out) == (4, "")
    assert "cannot be written" in result.err
    assert kept.manifest() == before
    rows = Store.at(kept, before).rows(LABEL)
    assert rows[0][0].text == OLD.removeprefix("text: ")
    assert own("build").code == 0


# -- processes: kills, races, Ctrl-C


START = "from ccgkg.cli import main; main()"
FORCED = "import ccgkg.dataset.cache as c; c.MEMORY_QUADS = {}; "
KILLED = """
import os, signal, sys
left, watched = int(sys.argv.pop(1)), sys.argv.pop(1)

def hook(event, args):
    global left
    paths = [a for a in args if isinstance(a, (str, bytes, os.PathLike))]
    if event.startswith(("open", "os.", "shutil.")) and watched in "".join(map(os.fsdecode, paths)):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
"""
STEPS = KILLED.replace(
    "sys.addaudithook(hook)",
    """
import pyshacl, ccgkg.dataset.compiling, ccgkg.dataset.shapes, ccgkg.corpus.library
from ccgkg.cli import main

for line in sys.stdin:
    child = os.fork()
    if not child:
        left = int(line)
        os.dup2(2, 1)
        sys.addaudithook(hook)
        main()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
""",
)
"""Builds that are killed at a step, one after the other: the imports, which take long, once."""


def start(code: str, *args: object) -> subprocess.Popen:
    root = str(Path(__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        env={**os.environ, "PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@dataclass(frozen=True)
class Race:
    """A corpus and a cache of their own, in which builds are killed or run at once."""

    root: Path
    cache: Path

    @property
    def kept(self) -> Cache:
        return Cache.of(CorpusPlace(self.root), self.cache)

    def args(self, *args: str) -> tuple[object, ...]:
        return "--corpus", self.root, "--cache", self.cache, *args

    def label(self) -> str:
        """What the dataset in force says of the claim that is changed."""
        manifest = self.kept.manifest()
        return f"text: {Store.at(self.kept, manifest).rows(LABEL)[0][0].text}"


@pytest.fixture
def race(root: Path, tmp_path: Path, run: Callable) -> Race:
    """Built as it was, then changed: the next build has something to do."""
    race = Race(tiny(root, tmp_path), tmp_path / "cache")
    assert run(*race.args("build")).code == 0
    change(race.root, DUTY, OLD, NEW)
    return race


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("most", ENGINES.values(), ids=ENGINES)
def test_a_build_killed_at_any_step_leaves_a_whole_dataset(most: int, race: Race) -> None:
    steps = start(FORCED.format(most) + STEPS, 0, race.kept.folder.name, *race.args("build"))
    killed = 0
    for step in range(100):
        steps.stdin.write(f"{step}\n")
        steps.stdin.flush()
        code = int(steps.stdout.readline())
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
        assert race.label() in (OLD, NEW)
    _, err = steps.communicate(timeout=60)
    assert "Traceback" not in err
    assert killed > 4
    assert race.label() == NEW


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 1.0])
def test_a_build_killed_at_any_time_leaves_a_whole_dataset(share: float, race: Race) -> None:
    code = FORCED.format(-1) + START
    other = race.cache.parent / "other"
    began = time.monotonic()
    first = start(code, "--corpus", race.root, "--cache", other, "build")
    first.communicate(timeout=60)
    assert first.returncode == 0
    took = time.monotonic() - began
    second = start(code, *race.args("build"))
    time.sleep(share * took)
    second.kill()
    second.communicate(timeout=60)
    assert race.label() in (OLD, NEW)
    third = start(code, *race.args("build"))
    third.communicate(timeout=60)
    assert (third.returncode, race.label()) == (0, NEW)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "engine"),
    [
        (["build"], "memory"),
        (["build"], "rocksdb"),
        (["query", "--sparql", LABEL], "rocksdb"),
    ],
    ids=["build-memory", "build-rocksdb", "query-rocksdb"],
)
def test_builds_at_once_all_end_well(command: list[str], engine: str, race: Race) -> None:
    code = FORCED.format(ENGINES[engine]) + START
    for _ in range(2):
        shutil.rmtree(race.cache)
        together = [start(code, *race.args(*command)) for _ in range(3)]
        for process in together:
            out, err = process.communicate(timeout=90)
            assert process.returncode == 0, err
            assert out
        assert race.label() == NEW
        assert list(race.kept.folder.glob("*.tmp")) == []


RUNAWAY = "SELECT {} {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send")
@pytest.mark.parametrize("most", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("columns", ["(COUNT(*) AS ?n)", "*"], ids=["count", "rows"])
def test_ctrl_c_stops_a_runaway_query_at_once(columns: str, most: int, race: Race) -> None:
    built = start(FORCED.format(most) + START, *race.args("build"))
    built.communicate(timeout=60)
    process = start(START, *race.args("query", "--sparql", RUNAWAY.format(columns)))
    time.sleep(2)
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 1
    assert process.returncode in (-signal.SIGINT, 1, 130)
    assert out == ""
    assert "Traceback" not in err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send")
def test_ctrl_c_stops_a_build_and_leaves_the_dataset_of_before(race: Race) -> None:
    interrupted = KILLED.replace("SIGKILL", "SIGINT").replace("left < 0", "left == -1")
    process = start(interrupted + START, 1, race.kept.folder.name, *race.args("build"))
    _, err = process.communicate(timeout=60)
    assert process.returncode not in (0, 3)
    assert "Traceback" not in err
    assert race.label() == OLD


def test_the_fields_of_a_manifest_survive(kept: Cache) -> None:
    manifest = manifest_of(claims("a"))._replace(warnings=["w: “é”"], inputs={"/x": [1, 2]})
    kept.install(manifest, draft(kept, claims("a")), VIEWS)
    assert kept.manifest() == manifest
