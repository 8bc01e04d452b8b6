"""`ccgkg/SCALING.md`, run as it stands there: processes, Dask, shards, Virtuoso loaded with them.

Only addresses, folders and the administrator's password are those of the servers of the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from byhand import NAMES, expected

import ccgkg
from ccgkg.dataset.endpoint import Endpoint
from ccgkg.dataset.store import Store
from ccgkg.queries.binding import bind
from ccgkg.queries.running import load
from engines.running import PASSWORD, Virtuoso, program, virtuoso

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scaling")]

BLOCKS = ["workers", "dask-cluster", "dask-build", "shards", "merge", "virtuoso", "ask"]


def printed(root: Path) -> dict[str, str]:
    text = (root / "ccgkg" / "SCALING.md").read_text(encoding="utf-8")
    return dict(re.findall(r"<!-- (\S+) -->\n```(?:sh|python)\n(.*?)```", text, re.DOTALL))


def test_the_page_has_the_blocks_that_are_run(root: Path):
    assert list(printed(root)) == BLOCKS


def test_the_readme_names_the_page(root: Path):
    assert "(ccgkg/SCALING.md)" in (root / "README.md").read_text(encoding="utf-8")


class Desk:
    """A folder with the library, in which the commands of the page are run one after the other."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder, self.blocks = folder, printed(root)
        for name in ("seeds", "ontology", "queries"):
            shutil.copytree(root / name, folder / "library" / name)
        programs = folder / "bin"
        programs.mkdir()
        (programs / "ccgkg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ccgkg "$@"\n')
        (programs / "ccgkg").chmod(0o755)
        path = os.pathsep.join(
            (str(programs), str(Path(sys.executable).parent), os.environ["PATH"])
        )
        self.environment = {**os.environ, "PATH": path, "PYTHONPATH": str(root)}
        self.environment["CCGKG_CACHE"] = str(folder / "cache")

    def run(self, block: str, addresses: Mapping[str, str] | None = None) -> str:
        """What a block prints."""
        script = self.blocks[block]
        for old, new in (addresses or {}).items():
            assert old in script
            script = script.replace(old, new)
        language = [sys.executable, "-c"] if block == "dask-build" else ["bash", "-ec"]
        done = subprocess.run(
            [*language, script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def cluster(self) -> subprocess.Popen:
        """The cluster of the page, in a session of its own that ends as a whole."""
        with (self.folder / "cluster.log").open("wb") as log:
            process = subprocess.Popen(
                ["bash", "-ec", self.blocks["dask-cluster"] + "wait\n"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while not (self.folder / "cluster.json").exists():
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.1)
        return process


@pytest.fixture(scope="module")
def desk(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(root, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def store() -> Store:
    return ccgkg.open().store


def test_more_processes_build_the_same(desk: Desk, store: Store):
    assert f"sha256:{store.manifest.digest[:12]}" in desk.run("workers")


@pytest.mark.skipif(sys.platform == "win32", reason="no bash")
def test_dask_builds_the_same(desk: Desk, store: Store):
    pytest.importorskip("distributed", reason="Dask is not installed: the test extra")
    cluster = desk.cluster()
    try:
        assert desk.run("dask-build") == f"{store.manifest.digest}\n"
    finally:
        os.killpg(cluster.pid, signal.SIGKILL)
        cluster.wait()


def test_the_shards_merged_have_the_digest(desk: Desk, store: Store):
    desk.run("shards")
    assert desk.run("merge") == f"{store.manifest.digest}  dataset.nq\n"


@pytest.fixture(scope="module")
def loaded(desk: Desk) -> Iterator[Virtuoso]:
    """Virtuoso with the shards, loaded as the page says; it reads them back and compares."""
    program("isql-vt")
    desk.run("shards")
    with virtuoso(desk.folder) as engine:
        told = desk.run("virtuoso", addresses(engine))
        assert told.endswith(f" quads are at {engine.query}\n")
        yield engine


def addresses(engine: Virtuoso) -> dict[str, str]:
    return {
        "isql-vt 1111 dba dba": f"isql-vt 127.0.0.1:{engine.sql} dba {PASSWORD}",
        "127.0.0.1:8890": re.sub(r"^http://|/sparql$", "", engine.query),
    }


def test_every_quad_is_in_virtuoso(loaded: Virtuoso, store: Store):
    assert loaded.quads() == set(store.quads())


def test_the_page_asks_there(desk: Desk, loaded: Virtuoso):
    (_, address), *_ = reversed(addresses(loaded).items())
    assert "holder-2014/stick-contracts" in desk.run("ask", {"127.0.0.1:8890": address})


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_query_is_answered_there_as_here(name: str, loaded: Virtuoso, store: Store):
    query = load(store, name)
    given = expected(name)["parameters"]
    text = bind(store, query.text, query.parameters, {**query.defaults, **given}, print)
    here = list(store.ask(text).rows())
    there = list(Endpoint(loaded.query, store.manifest, 60).ask(text).rows())
    assert Counter(there) == Counter(here)
    assert there == here
