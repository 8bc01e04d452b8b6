"""A worker that dies is replaced, and SIGTERM ends the server in peace."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.serving import PROGRAM, Answer, Server, await_pages, end, serving, start, until

pytestmark = pytest.mark.slow

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?s ?p ?o }"


class Asking(threading.Thread):
    """A query that somebody asks meanwhile."""

    def __init__(self, server: Server, query: str) -> None:
        super().__init__(daemon=True)
        self.server, self.query = server, query
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.answer = self.server.ask(self.query)
        except OSError as error:
            self.error = error

    @property
    def status(self) -> int:
        """The status, once it is there; 0 when the connection was closed."""
        self.join(30)
        assert not self.is_alive()
        return self.answer.status if self.answer else 0


@pytest.fixture(scope="module")
def shared(cache) -> Iterator[Server]:
    with serving("--timeout", 5, "--workers", 2) as running:
        await_pages(running)  # whose writer is a worker too
        yield running


@pytest.fixture
def server(shared: Server) -> Server:
    """The same for all that it must outlive, with both of its workers."""
    assert until(lambda: len(shared.workers()) == 2)
    return shared


def fresh(server: Server) -> Answer:
    """A cheap query that nobody has asked before."""
    return server.ask(f"{COUNT} # {time.monotonic()}", "text/csv")


def busy(server: Server) -> set[int]:
    """The workers that compute just now."""

    def ticks() -> dict[int, int]:
        found = {}
        for pid in server.workers():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            found[pid] = sum(map(int, fields[11:13]))
        return found

    first = ticks()
    time.sleep(0.3)
    return {pid for pid, used in ticks().items() if used > first.get(pid, used) + 3}


def runs(pid: int) -> bool:
    """Whether a process is there, and no mere name that waits to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_who_asked_too_much_is_told_when_another_worker_is_ready(cache):
    # Told earlier, a client that asks the same again would take one worker after the other.
    with serving("--workers", "1", "--timeout", "0.5") as alone:
        for number in range(3):
            assert alone.ask(f"{RUNAWAY} #{number}").status == 504
            assert alone.get("/health").json()["workers"] == 1


def test_a_killed_worker_is_replaced(server: Server):
    wanted = fresh(server).text
    workers = server.workers()
    assert len(workers) == 2
    for _ in range(3):
        os.kill(server.workers()[0], signal.SIGKILL)
        # Who is given to it while it dies does not notice.
        for _ in range(5):
            again = fresh(server)
            assert (again.status, again.text) == (200, wanted)
    assert until(lambda: len(server.workers()) == 2)
    assert until(lambda: server.get("/health").json()["workers"] == 2)


def test_what_a_worker_has_not_read_when_it_is_killed_another_answers(cache):
    with serving("--workers", 1) as alone:
        wanted = fresh(alone).text
        (worker,) = alone.workers()[:1]
        os.kill(worker, signal.SIGSTOP)
        asking = Asking(alone, f"{COUNT} # not read")
        time.sleep(0.5)  # it has been given to the worker
        os.kill(worker, signal.SIGKILL)
        assert asking.status == 200
        assert asking.answer and asking.answer.body
        assert fresh(alone).text == wanted


def test_all_workers_killed_at_once(server: Server):
    wanted = fresh(server).text
    for pid in server.workers():
        os.kill(pid, signal.SIGKILL)
    answer = fresh(server)
    assert answer.status in {200, 503}
    assert until(lambda: fresh(server).text == wanted)
    assert until(lambda: len(server.workers()) == 2)


def test_a_stopped_worker_is_timed_out_and_replaced(server: Server):
    """SIGSTOP: it neither answers nor dies."""
    wanted = fresh(server).text
    for pid in server.workers():
        os.kill(pid, signal.SIGSTOP)
    assert fresh(server).status in {200, 503, 504}
    assert until(lambda: fresh(server).text == wanted)


def test_a_worker_killed_in_a_query_is_503_and_then_all_is_well(server: Server):
    asking = Asking(server, RUNAWAY)
    assert until(lambda: busy(server), 4)
    for pid in busy(server):
        os.kill(pid, signal.SIGKILL)
    assert asking.status == 503
    assert asking.answer and "retry-after" in asking.answer.headers
    assert fresh(server).status == 200


def test_pages_are_written_although_their_writer_is_killed(cache):
    with serving("--workers", 1) as server:
        (evaluating,) = server.workers()[:1]
        assert until(lambda: len(server.workers()) == 2, 10)
        for pid in server.workers():
            if pid != evaluating:
                os.kill(pid, signal.SIGKILL)
        assert until(lambda: server.get("/claims.html").status == 200)


def test_workers_killed_again_and_again(server: Server):
    for _ in range(10):
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    assert until(lambda: fresh(server).status == 200)
    assert until(lambda: len(server.workers()) == 2)


def test_sigterm_with_queries_in_flight(cache):
    server = start("--timeout", 60, "--workers", 2)
    try:
        asking = [Asking(server, RUNAWAY) for _ in range(4)]
        asking.append(Asking(server, LARGE))
        assert until(lambda: busy(server))
        family = server.family()
        begin = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        assert server.process.wait(15) == 0
        assert time.monotonic() - begin < 10
        assert {one.status for one in asking} <= {0, 200, 503}
        assert not any(map(runs, family[1:]))
        assert "Traceback" not in "\n".join(server.talk)
    finally:
        end(server)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_peace(number: signal.Signals, cache):
    server = start("--workers", 2)
    try:
        family = server.family()
        with server.connect() as idle:  # somebody who says nothing does not hold it up
            begin = time.monotonic()
            os.kill(server.pid, number)
            assert server.process.wait(15) == 0
            assert time.monotonic() - begin < 8
            assert idle.recv(1) == b""
        assert until(lambda: not any(map(runs, family)), 5)
        assert "Traceback" not in "\n".join(server.talk), server.talk
    finally:
        end(server)


def test_a_signal_before_it_listens(cache):
    """At any moment of the start: it ends, and leaves nobody."""
    for wait in (0.2, 0.4, 0.7, 1.0, 1.5):
        process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        time.sleep(wait)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)
        assert process.returncode in {0, -signal.SIGTERM, 143}, told.decode()
        assert b"Traceback" not in told, told.decode()


def test_workers_end_when_the_server_is_killed(cache):
    server = start("--workers", 2)
    try:
        family = server.family()
        assert len(family) > 2
        os.kill(server.pid, signal.SIGKILL)
        server.process.wait(5)
        assert until(lambda: not any(map(runs, family[1:])), 10), "workers without a server"
    finally:
        end(server)


def test_busy_workers_end_when_the_server_is_killed(cache):
    server = start("--workers", 2, "--timeout", 5)
    family = server.family()
    try:
        Asking(server, RUNAWAY)
        assert until(lambda: busy(server), 5)
        family = server.family()
        os.kill(server.pid, signal.SIGKILL)
        server.process.wait(5)
        assert until(lambda: not any(map(runs, family[1:])), 15), "a runaway lives on"
    finally:
        for pid in family[1:]:
            if runs(pid):
                os.kill(pid, signal.SIGKILL)


def test_a_cache_that_is_thrown_away_does_not_disturb_it(tmp_path: Path):
    """Workers that are replaced after it are as good as the first."""
    with serving("--workers", 2, env={"CCGKG_CACHE": str(tmp_path / "cache")}) as server:
        wanted = fresh(server).text
        shutil.rmtree(tmp_path / "cache")
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
        assert until(lambda: fresh(server).text == wanted, 10), fresh(server).text
