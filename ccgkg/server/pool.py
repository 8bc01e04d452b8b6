"""The pool: workers that answer, are killed when they must be, and are replaced."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ccgkg.dataset.store import Store
from ccgkg.server.frames import Frame, frame
from ccgkg.server.problems import Problem
from ccgkg.server.processes import NotBegun, Worker, opening
from ccgkg.server.settings import Settings
from ccgkg.server.turns import Turns

__all__ = ["Pool"]

_REPLACED_SECONDS = 5
_AGAIN_SECONDS = 1
"""Before a worker that could not be started is tried again."""


class Pool:
    """Workers over one dataset."""

    def __init__(self, store: Store, settings: Settings, log: Callable[..., None]) -> None:
        self._settings, self._log = settings, log
        self._first = opening(store, settings.max_bytes, settings.memory)
        self._turns: Turns[Worker] = Turns()
        self._alive: set[Worker] = set()
        self._slots: list[asyncio.Task[None]] = []
        self._of: Counter[str] = Counter()
        self._stopping = False

    @property
    def waiting(self) -> int:
        """How many requests wait for a worker."""
        return self._turns.waiting

    @property
    def alive(self) -> int:
        """How many workers hold the store."""
        return len(self._alive)

    async def start(self) -> None:
        """Start all workers.

        Raises:
            OSError: one cannot be started.
        """
        workers = await asyncio.gather(
            *(Worker.start(self._first) for _ in range(self._settings.workers))
        )
        self._slots = [asyncio.create_task(self._keep(worker)) for worker in workers]

    async def _keep(self, worker: Worker | None) -> None:
        """One place in the pool: whenever its worker ends, another takes the place."""
        before: Worker | None = None
        while not self._stopping:
            if worker is None:
                try:
                    worker = await Worker.start(self._first)
                except Exception as error:  # whatever it is, the place must not stay empty
                    self._log("worker", problem=repr(error))
                    await asyncio.sleep(_AGAIN_SECONDS)
                    continue
            self._alive.add(worker)
            self._turns.put(worker)
            if before is not None:
                before.replaced.set()
            try:
                status = await worker.process.wait()
                self._log("worker", ended=status)
            finally:
                self._alive.discard(worker)
                worker.kill()
            before, worker = worker, None

    async def stop(self) -> None:
        """End all workers."""
        self.refuse()
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)

    def refuse(self) -> None:
        """Let nothing more begin."""
        self._stopping = True
        self._turns.refuse(_stopped())

    def end(self) -> None:
        """End what is being answered."""
        for worker in self._alive:
            worker.kill()

    async def ask(self, request: dict[str, Any], address: str) -> Frame:
        """An answer to a request, from whichever worker is free first.

        Cancelled while a worker answers, it kills that worker: nobody waits for the answer.

        Args:
            request: the header of a frame.
            address: of the client.

        Raises:
            Problem: there are too many requests, or the answer takes too long or too much.
        """
        most = self._settings.most_of_one
        if self._of[address] >= most:
            raise Problem(429, f"{most} requests of yours are being answered", headers=_LATER)
        self._of[address] += 1
        sent = frame(request)
        try:
            try:
                return await self._answered(await self._free(address), sent)
            except _Unread:
                return await self._answered(await self._free(address), sent)
        finally:
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]

    async def _free(self, address: str) -> Worker:
        if self._stopping:
            raise _stopped()
        if self.waiting >= self._settings.most_waiting:
            raise Problem(503, "too many requests are waiting", headers=_LATER)
        try:
            # A worker is free after the time that a query may take, and that of replacing one.
            async with asyncio.timeout(self._settings.timeout + _REPLACED_SECONDS):
                while True:
                    worker = await self._turns.get(address)
                    if worker.process.returncode is None:
                        return worker
        except TimeoutError:
            raise Problem(503, "all workers are busy", headers=_LATER) from None

    async def _answered(self, worker: Worker, request: bytes) -> Frame:
        seconds = self._settings.timeout
        try:
            async with asyncio.timeout(seconds):
                answer = await worker.ask(request)
        except TimeoutError:
            worker.kill()
            await self._replaced(worker)
            raise Problem(504, f"the query takes more than {seconds:g} seconds") from None
        except NotBegun:
            worker.kill()
            raise _Unread(503, _ENDED, headers=_LATER) from None
        except (OSError, EOFError):
            raise await self._died(worker) from None
        except BaseException:
            worker.kill()
            raise
        self._turns.put(worker)
        return answer

    async def _replaced(self, worker: Worker) -> None:
        """Wait until another holds the place of a worker that has been ended.

        Whoever is told earlier asks the same again, takes the next worker, and keeps everybody
        else waiting while the first is still being replaced.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_REPLACED_SECONDS):
                await worker.replaced.wait()

    async def _died(self, worker: Worker) -> Problem:
        """Why there is no answer from a worker that has ended."""
        worker.kill()
        status = await worker.process.wait()
        if self._stopping:
            return _stopped()
        await self._replaced(worker)
        if status == -signal.SIGSEGV:
            # The engine walks a query by recursion: what nests too deep exhausts its stack.
            return Problem(400, "the query is nested too deeply, or has too many parts")
        if status == -signal.SIGABRT:
            most = self._settings.memory
            return Problem(503, f"the query needs more than {most} megabytes", headers=_LATER)
        return Problem(503, _ENDED, headers=_LATER)


class _Unread(Problem):
    """The worker had ended when the request came; it is not the request that ends workers.

    So another worker gets it, once: whatever ends them all must not be fed with new ones.
    """


def _stopped() -> Problem:
    return Problem(503, "the server is being stopped", headers=_LATER)


_ENDED = "the worker that answered has ended"
_LATER = {"Retry-After": "1"}
