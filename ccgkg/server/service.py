"""The service: one dataset, served; what all handlers share."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from ccgkg import __version__
from ccgkg.dataset.store import Store
from ccgkg.server.frames import Frame
from ccgkg.server.guard import tell
from ccgkg.server.keeping import Keeper, Kept
from ccgkg.server.logs import log
from ccgkg.server.negotiation import HTML, takes_gzip
from ccgkg.server.pool import Pool
from ccgkg.server.preparing import Preparation
from ccgkg.server.problems import Problem
from ccgkg.server.settings import Settings

__all__ = ["Service", "answered", "not_modified", "tag"]

_GONE_SECONDS = 0.5
_STATUS = {"refused": 403, "large": 413, "malformed": 400, "unknown": 404, "memory": 503}

_VARY = "Accept, Accept-Encoding"

Headers = Mapping[str, str]
T = TypeVar("T")


class Service:
    """A dataset that is served.

    Attributes:
        store: the dataset, in a folder of the server's own.
        settings: how it is served.
        pool: the workers.
        keeper: answers that are kept.
        failed: why no worker could be started, if so.
        prepared: what is made of the dataset once.
    """

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self.store, self.settings = store, settings
        self.pool = Pool(store, settings, log)
        self.keeper = Keeper(settings.most_kept)
        self.prepared = Preparation(store, folder, settings.timeout)
        self.failed = ""

    @property
    def title(self) -> str:
        """What the dataset is called."""
        return self.store.manifest.corpus["title"]

    @property
    def base(self) -> str:
        """Base IRI of the corpus; empty without one."""
        return self.store.manifest.corpus["base"]

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Start the workers, and end them."""
        try:
            await self.pool.start()
        except OSError as error:
            self.failed = str(error)
            raise
        self.prepared.begin()
        try:
            yield
        finally:
            await self.prepared.stop()
            await self.pool.stop()

    @cached_property
    def edition(self) -> str:
        """What all answers depend on: the dataset, its views, its queries' texts, and the tool."""
        manifest = self.store.manifest
        queries = [Path(query["path"]).read_bytes() for query in manifest.queries]
        return tag(__version__, manifest.digest, manifest.views, queries)

    def tag(self, *parts: object) -> str:
        """A weak entity tag of this edition: the same parts, the same answer."""
        return tag(self.edition, *parts)

    async def told(
        self, request: Request, wanted: dict[str, Any], media: str, headers: Headers | None = None
    ) -> Response:
        """A response to what the same dataset always answers alike.

        Args:
            request: of the client.
            wanted: of a worker.
            media: type of its answer.
            headers: of the response, beside those that every answer has.

        Raises:
            Problem: there is no answer.
        """
        mark = self.tag(wanted, media)
        if self.is_known(request, mark):
            return not_modified(mark)
        kept = self.keeper.get(mark)
        if kept is None:
            kept = Kept(media, (await self.ask(request, wanted))[1])
            self.keeper.put(mark, kept)
        return await answered(request, kept, mark, headers)

    def is_known(self, request: Request, etag: str) -> bool:
        """Whether the client has what an entity tag stands for, and so needs no answer."""
        if request.method not in ("GET", "HEAD"):
            return False
        named = request.headers.get("if-none-match", "")
        if named.strip() == "*":
            return self.keeper.get(etag) is not None
        bare = etag.removeprefix("W/")
        return any(one.strip().removeprefix("W/") == bare for one in named.split(","))

    async def ask(self, request: Request, header: dict[str, Any]) -> Frame:
        """The answer of a worker; it is killed when the client goes.

        Raises:
            Problem: there is none.
        """
        address = request.client.host if request.client else ""
        told, body = await _while_here(request, self.pool.ask(header, address))
        if "error" in told:
            raise _problem_of(told, request)
        return told, body


def _problem_of(told: dict[str, Any], request: Request) -> Problem:
    kind, message = told["error"], told["message"]
    if kind == "bug":
        tell(request.scope, problem=message)
        return Problem(500, "an error of ours; the server's log has it")
    headers = {"Retry-After": "1"} if kind == "memory" else None
    place = told.get("line", 0), told.get("column", 0)
    status = _STATUS.get(kind, 500)
    return Problem(status, message, hint=told.get("hint", ""), place=place, headers=headers)


async def _while_here(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of some work, which is cancelled when the client goes.

    Raises:
        Problem: the client has gone.
    """
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            # A worker that is about to be done need not be killed and replaced.
            await asyncio.wait((task,), timeout=_GONE_SECONDS)
            raise Problem(499, "the client has gone")
        return task.result()
    finally:
        gone.cancel()
        task.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def not_modified(etag: str) -> Response:
    """The response to a client that has the answer already."""
    return Response(
        status_code=304, headers={"ETag": etag, "Vary": _VARY, "Cache-Control": "no-cache"}
    )


async def answered(
    request: Request, kept: Kept, etag: str = "", headers: Headers | None = None
) -> Response:
    """A response with a body, compressed where the client takes it."""
    told = {"Vary": _VARY, "Cache-Control": "no-cache", **(headers or {})}
    if etag:
        told["ETag"] = etag
    if kept.media == HTML:  # what else a page may do stands in it
        told["Content-Security-Policy"] = "frame-ancestors 'self'"
    if kept.is_small or not takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(kept.body, 200, told, kept.media)
    # Large answers are compressed beside the loop, which has others to serve.
    packed = await asyncio.to_thread(kept.packed)
    return Response(packed, 200, {**told, "Content-Encoding": "gzip"}, kept.media)


def tag(*parts: object) -> str:
    """A weak entity tag: the same parts, the same answer."""
    told = "\x00".join(map(repr, parts)).encode("utf-8", "surrogatepass")
    return f'W/"{hashlib.sha256(told).hexdigest()[:32]}"'
