"""Connections: what uvicorn leaves to a proxy and a server without one must see to.

A client that sends its request one byte at a time, or a head without end, holds a connection
for ever (uvicorn 0.54); one that does not read its answer holds the answer's bytes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["Connection", "Patient"]

MOST_HEAD = 256 * 1024
"""Bytes of a request's line and headers."""

HEAD_SECONDS = 15
"""For the head of a request to arrive."""

_PART = 64 * 1024
_ABORT = "ccgkg.abort"


class Connection(HttpToolsProtocol):
    """A connection whose requests arrive in time and within measure."""

    _head = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._head_is_here()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {_ABORT: {"abort": self.transport.abort}}
        self._await_head()

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self._head_is_here()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Part of a request has come."""
        super().data_received(data)
        if self._timer is not None and not self.transport.is_closing():
            self._head += len(data)
            if self._head > MOST_HEAD:
                self._refuse(b"431 Request Header Fields Too Large")

    def _await_head(self) -> None:
        if self._timer is None:
            self._head = 0
            self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _head_is_here(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        self._head_is_here()
        self.transport.write(
            b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status
        )
        self.transport.close()


class Patient:
    """An application whose clients take their answers in time, part by part.

    Args:
        app: the application.
        seconds: for a client to take a part.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def sent(message: Message) -> None:
            body = message.get("body", b"")
            if len(body) <= _PART:
                return await self._timely(scope, send(message))
            rest = memoryview(body)
            while rest:
                part, rest = rest[:_PART], rest[_PART:]
                more = bool(rest) or message.get("more_body", False)
                await self._timely(scope, send({**message, "body": bytes(part), "more_body": more}))
            return None

        await self._app(scope, receive, sent if scope["type"] == "http" else send)

    async def _timely(self, scope: Scope, sending: Any) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await sending
        except TimeoutError:
            # Closing would wait until the client has read what it does not read.
            scope["extensions"][_ABORT]["abort"]()
            raise ConnectionAbortedError("the client does not read its answer") from None
