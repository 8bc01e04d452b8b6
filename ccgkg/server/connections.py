"""Connections: what uvicorn leaves to a proxy and a server without one must see to.

A client that sends its request one byte at a time, or a head without end, holds a connection
for ever (uvicorn 0.54); one that does not read its answer holds the answer's bytes.
"""

from __future__ import annotations

import asyncio

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
        loop = asyncio.get_running_loop()
        begun = scope.get("extensions", {}).get(_ABORT)

        async def sent(message: Message) -> None:
            # Closing would wait until the client has read what it does not read.
            timer = loop.call_later(self._seconds, begun["abort"]) if begun else None
            try:
                await send(message)
            finally:
                if timer is not None:
                    timer.cancel()

        async def parted(message: Message) -> None:
            body = message.get("body", b"")
            for start in range(_PART, len(body) + _PART, _PART):
                more = start < len(body) or message.get("more_body", False)
                part = body[start - _PART : start]
                await sent({**message, "body": part, "more_body": more})
            if not body:
                await sent(message)

        await self._app(scope, receive, parted if scope["type"] == "http" else send)
