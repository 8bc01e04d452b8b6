"""On a cluster of Dask the same bytes come out, also when a worker dies in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

import ccgkg
from ccgkg.dataset.compiling import SHARED

distributed = pytest.importorskip("distributed", reason="Dask is not installed: the test extra")

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "tests/benchmarks"))

import synthetic  # noqa: E402

SOURCES = 100
DONE_BEFORE = 10
"""Sources that are compiled before a worker is killed."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL to send"),
]


class Cluster:
    """A scheduler and two workers, each a process of its own on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.processes: list[subprocess.Popen] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        for _ in range(2):
            self._start("worker", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")

    @property
    def workers(self) -> list[subprocess.Popen]:
        return self.processes[1:]

    def _start(self, kind: str, *args: str) -> None:
        told = ["--scheduler-file", str(self.file), "--no-dashboard"]
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *args, *told],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / f"{kind}.log").open("ab"),
        )
        self.processes.append(process)
        until = time.monotonic() + 60
        while not (self.file.exists() and self.file.read_text(encoding="utf-8").endswith("}")):
            assert process.poll() is None, (self.folder / f"{kind}.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.05)

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster")
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    patch = pytest.MonkeyPatch()
    patch.setattr(synthetic, "PER_SOURCE", 20)
    folder = tmp_path_factory.mktemp("many") / "library"
    synthetic.write_corpus(folder, 60, SOURCES * 20)
    patch.undo()
    return folder.resolve()


class Watched:
    """An executor that kills a worker when some sources are compiled."""

    def __init__(self, executor: object, worker: subprocess.Popen) -> None:
        self._executor, self._worker = executor, worker
        self._lock = threading.Lock()
        self.submitted = self.done = self.done_at_death = 0

    def submit(self, function: object, *args: object) -> Future:
        future = self._executor.submit(function, *args)
        with self._lock:
            self.submitted += 1
        future.add_done_callback(self._count)
        return future

    def _count(self, _: Future) -> None:
        with self._lock:
            self.done += 1
            if self.done == DONE_BEFORE:
                os.kill(self._worker.pid, signal.SIGKILL)
                self._worker.wait()
                self.done_at_death = self.done


def test_a_worker_dies_and_the_dataset_is_the_same(
    cluster: Cluster, library: Path, tmp_path: Path
) -> None:
    doomed, other = cluster.workers
    with distributed.Client(scheduler_file=str(cluster.file)) as client:
        client.wait_for_workers(2, timeout=60)
        watched = Watched(client.get_executor(pure=False), doomed)
        shards = tmp_path / "shards"
        corpus = ccgkg.build(library, cache=tmp_path / "there", executor=watched, shards=shards)
        alive = client.scheduler_info()["workers"]
    assert doomed.returncode == -signal.SIGKILL
    assert other.poll() is None
    assert len(alive) == 1
    assert watched.submitted == SOURCES
    assert watched.done_at_death == DONE_BEFORE < SOURCES, "it died when all was done"
    alone = ccgkg.build(library, cache=tmp_path / "here")
    assert corpus.store.manifest.digest == alone.store.manifest.digest
    assert len(list(shards.glob("*.nq"))) == SOURCES + 1
    assert (shards / SHARED).is_file()
    assert corpus.query("SELECT (COUNT(*) AS ?n) { ?c a ccg:Claim }") == [{"n": str(SOURCES * 20)}]


def test_faults_come_back_from_the_cluster(cluster: Cluster, library: Path, tmp_path: Path) -> None:
    told = []
    for spoilt in (False, True):
        path = library / "seeds/report-007/claims.yaml"
        before = path.read_text(encoding="utf-8")
        try:
            if spoilt:
                path.write_text(before.replace('"quote": "', '"quote": "Nobody said that ', 1))
            with distributed.Client(scheduler_file=str(cluster.file)) as client:
                ccgkg.build(
                    library, cache=tmp_path / "there", executor=client.get_executor(pure=False)
                )
            told.append("")
        except ccgkg.errors.SeedError as error:
            told.append(str(error))
        finally:
            path.write_text(before, encoding="utf-8")
    assert told[0] == ""
    assert told[1].startswith("seeds/report-007/claims.yaml:4: error: quote “Nobody said that ")
