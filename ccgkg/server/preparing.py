"""Preparing: what is read out of the whole dataset once, beside the queries.

The sizes of the dataset, the terms that a query may use and the pages of the site are made by a
worker without limits when the server begins; whoever asks for them earlier waits a little.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from ccgkg.dataset.store import Store
from ccgkg.server.frames import frame
from ccgkg.server.logs import log
from ccgkg.server.problems import Problem
from ccgkg.server.processes import Worker, opening

__all__ = ["Preparation"]

_SECONDS = 1800
_TRIES = 3
_MOST = 1 << 30
"""Bytes of one of the things that are prepared."""

_LATER = {"Retry-After": "5"}


class Preparation:
    """What a server makes of its dataset once.

    Args:
        store: the dataset.
        folder: where the pages of the site come to lie.
        patience: seconds for which a request waits.
    """

    def __init__(self, store: Store, folder: Path, patience: float) -> None:
        self._store, self._folder, self._patience = store, folder, patience
        self._made: dict[str, bytes] = {}
        self._pages: dict[str, Path] = {}
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._over = False

    def begin(self) -> None:
        """Begin to prepare."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop, whatever is being made."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sizes(self) -> dict[str, Any]:
        """How large the dataset is.

        Raises:
            Problem: it is not measured yet.
        """
        sizes: dict[str, Any] = json.loads(await self._wait("sizes"))
        return sizes

    async def terms(self) -> bytes:
        """The prefixes and terms that a query may use, as JSON.

        Raises:
            Problem: they are not collected yet.
        """
        return await self._wait("terms")

    async def page(self, path: str) -> Path | None:
        """The file of a page of the site; None where there is no such page.

        Raises:
            Problem: the pages are not written yet.
        """
        if not self._store.manifest.views:  # a file without a corpus
            return None
        await self._wait("site")
        return self._pages.get(path)

    async def _wait(self, what: str) -> bytes:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while what not in self._made and not self._over:
                    await self._news.wait()
        if what in self._made:
            return self._made[what]
        if self._over:
            raise Problem(500, f"the {what} of the dataset could not be made; the log says why")
        raise Problem(503, f"the {what} of the dataset are being made", headers=_LATER)

    async def _run(self) -> None:
        wanted = ["sizes", "terms", *(["site"] if self._store.manifest.views else [])]
        for _ in range(_TRIES):
            try:
                async with asyncio.timeout(_SECONDS):
                    await self._prepare([what for what in wanted if what not in self._made])
                break
            except Exception as error:  # whatever it is, those who wait must hear that it is over
                log("preparing", problem=repr(error))
        self._over = True
        self._tell()

    async def _prepare(self, wanted: list[str]) -> None:
        worker = await Worker.start(opening(self._store, _MOST, None))
        folder = self._folder / "site"
        try:
            for what in wanted:
                told, body = await worker.ask(frame({"op": what, "into": str(folder)}))
                if "error" in told:
                    log("preparing", what=what, problem=told["message"])
                    continue
                if what == "site":
                    files = [file for file in folder.rglob("*") if file.name[0] != "."]
                    self._pages = {file.relative_to(folder).as_posix(): file for file in files}
                self._made[what] = body
                self._tell()
        finally:
            worker.kill()

    def _tell(self) -> None:
        """Wake whoever waits."""
        self._news.set()
        self._news = asyncio.Event()
