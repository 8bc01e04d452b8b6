"""Builds in several processes end well, or say why they do not, and leave nobody behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import pytest

from ccgkg.corpus.places import CorpusPlace
from ccgkg.dataset.cache import Cache
from ccgkg.dataset.workers import workers

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "tests/benchmarks"))

import synthetic  # noqa: E402

SOURCES = 60

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many small sources, so that a build can be disturbed between them."""
    patch = pytest.MonkeyPatch()
    patch.setattr(synthetic, "PER_SOURCE", 20)
    folder = tmp_path_factory.mktemp("many") / "library"
    synthetic.write_corpus(folder, 40, SOURCES * 20)
    patch.undo()
    return folder.resolve()


class Build:
    """`ccgkg build --workers 2` in a session of its own, as a terminal starts it."""

    def __init__(self, library: Path, folder: Path) -> None:
        self.kept = Cache.of(CorpusPlace(library), folder / "cache")
        self.shards = folder / "shards"
        args = ["--corpus", library, "--cache", folder / "cache", "build", "--workers", "2"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ccgkg", *map(str, args), "--shards", str(self.shards)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.started: set[int] = set()

    def workers(self) -> set[int]:
        """The processes that it has started and that compile, as far as they live."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = map(int, listed.read_text(encoding="ascii").split())
        spawned = {pid for pid in children if b"spawn_main" in _command(pid)}
        self.started |= spawned
        return spawned

    def has_begun(self) -> int:
        """Wait until some sources are compiled; how many."""
        done = 0
        _wait(lambda: len(self.workers()) == 2)
        while done < 3:
            assert self.process.poll() is None, self.process.communicate()
            done = len(list(self.shards.glob("parts-*.tmp/*.nq")))
            time.sleep(0.01)
        return done

    def ended(self) -> tuple[int, str, str]:
        """Its exit code and what it said."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err

    def leaves_nothing(self) -> bool:
        """Whether none of its processes is left and nothing half written."""
        _wait(lambda: not any(map(_command, self.started)))
        drafts = [*self.shards.glob("*"), *self.kept.folder.glob("*")]
        return self.kept.manifest() is None and drafts == []


def _command(pid: int) -> bytes:
    """How a process was called; nothing of one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _wait(ready: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def build(library: Path, tmp_path: Path) -> Build:
    build = Build(library, tmp_path)
    yield build
    if build.process.poll() is None:
        os.killpg(build.process.pid, signal.SIGKILL)
        build.process.communicate()


def test_a_killed_worker_is_told_and_nothing_is_written(build: Build) -> None:
    assert build.has_begun() < SOURCES
    os.kill(min(build.workers()), signal.SIGKILL)
    code, out, err = build.ended()
    assert (code, out) == (4, "")
    assert "a process that compiled sources has ended: it was killed, or had no memory" in err
    assert "ccgkg build --workers 1" in err
    assert "Traceback" not in err
    assert build.leaves_nothing()


@pytest.mark.parametrize("moment", ["first starts", "second starts", "compiling"])
def test_ctrl_c_ends_all_processes(moment: str, build: Build) -> None:
    if moment == "compiling":
        assert build.has_begun() < SOURCES
    else:
        some = 1 if moment == "first starts" else 2
        _wait(lambda: len(build.workers()) >= some)
    os.killpg(build.process.pid, signal.SIGINT)  # as a terminal does it
    code, out, err = build.ended()
    assert (code, out) == (1, "")
    assert err.strip() == "Aborted!"
    assert build.leaves_nothing()


def test_ctrl_c_while_processes_are_started_is_heard_when_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit = ProcessPoolExecutor.submit

    def disturbed(*args: object) -> Future[object]:
        signal.raise_signal(signal.SIGINT)
        return submit(*args)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", disturbed)
    with pytest.raises(KeyboardInterrupt), workers(2):
        pytest.fail("Ctrl-C was lost")
    assert multiprocessing.active_children() == []


def test_processes_do_not_hear_ctrl_c_themselves() -> None:
    with workers(2) as executor:
        assert executor.submit(len, "up").result() == 2
        children = {process.pid for process in multiprocessing.active_children()}
        for pid in children:
            os.kill(pid, signal.SIGINT)
        assert len(children) == 2
        assert executor.submit(len, "still up").result() == 8
        assert {process.pid for process in multiprocessing.active_children()} == children


def test_workers_end_with_a_build_that_is_killed(build: Build) -> None:
    assert build.has_begun() < SOURCES
    build.process.kill()
    assert build.ended()[0] == -signal.SIGKILL
    _wait(lambda: not any(map(_command, build.started)), seconds=5)
    assert build.kept.manifest() is None


def test_it_ends_well_when_it_is_left_alone(build: Build, library: Path, run: Callable) -> None:
    code, out, _ = build.ended()
    assert code in (0, 1)
    assert len(list(build.shards.glob("*.nq"))) == SOURCES + 1
    assert list(build.shards.glob("*.tmp")) == []
    digest = build.kept.manifest().digest
    assert f"sha256:{digest[:12]}" in out
    alone = run("--corpus", library, "--cache", build.shards.parent / "other", "build")
    assert f"sha256:{digest[:12]}" in alone.out
