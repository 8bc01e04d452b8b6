"""Processes: starting a worker, asking it, ending it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import ccgkg
from ccgkg.dataset.store import Store
from ccgkg.server.frames import Frame, frame, receive_frame

__all__ = ["NotBegun", "Worker", "opening"]

_PROGRAM = """\
import os
if hasattr(os, "nice"):
    os.nice(10)
from ccgkg.server.worker import main
main()
"""
"""A worker stands back from its first breath: neither a query that runs away nor the start of
another worker may keep the server from answering."""

_START_SECONDS = 120
"""For a worker to open the store."""


class NotBegun(EOFError):
    """A worker has ended before it read a request: nothing of that has been done."""


class Worker:
    """One worker process.

    Attributes:
        process: as asyncio has it.
        replaced: set when another holds its place.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.replaced = asyncio.Event()

    @classmethod
    async def start(cls, first: bytes) -> Worker:
        """A worker that holds the store.

        Raises:
            OSError: no process can be started, or it cannot open the store.
        """
        home = str(Path(ccgkg.__file__).parent.parent)
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _PROGRAM),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready, _ = await worker.ask(first)
        except (OSError, EOFError, TimeoutError) as error:
            worker.kill()
            raise OSError(f"a worker did not start: {error!r}") from None
        except BaseException:
            worker.kill()
            raise
        if "error" in ready:
            worker.kill()
            raise OSError(ready["message"])
        return worker

    async def ask(self, request: bytes) -> Frame:
        """Send a frame and wait for the answer.

        Raises:
            NotBegun: the worker had ended when the request came.
            OSError, EOFError: it has ended since.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(request)
            await self.process.stdin.drain()
            await receive_frame(self.process.stdout)
        except (OSError, EOFError) as error:
            raise NotBegun(*error.args) from None
        return await receive_frame(self.process.stdout)

    def kill(self) -> None:
        """End it, whatever it does."""
        with suppress(ProcessLookupError):
            self.process.kill()


def opening(store: Store, most: int, memory: int | None) -> bytes:
    """The first frame to a worker.

    Args:
        store: what it holds.
        most: bytes that an answer may have.
        memory: megabytes that it may take beyond the store; None for as many as there are.
    """
    spec: dict[str, Any] = {
        "manifest": store.manifest._asdict(),
        "nquads": str(store.nquads),
        "folder": store.folder and str(store.folder),
        "memory": memory,
        "most": most,
    }
    return frame(spec)
