"""Connections: what uvicorn leaves to a proxy and a server without one must see to.

A client that sends its request one byte at a time, or a head without end, holds a connection
for ever (uvicorn 0.54); one that does not read its answer holds the answer's bytes.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ccgkg.server.logs import log

__all__ = ["Connection", "Timely"]

MOST_HEAD = 256 * 1024
"""Bytes of a request's line and headers."""

MOST = 2000
"""Connections of all."""

MOST_OF_ONE = 400
"""Connections of one address."""

HEAD_SECONDS = 15
"""For the head of a request to arrive."""

_PART = 64 * 1024
_ABORT = "ccgkg.abort"
_OPEN: Counter[str] = Counter()
"""Connections by address."""


class Connection(HttpToolsProtocol):
    """A connection whose requests arrive in time and within measure."""

    _head = 0
    _address = ""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        _OPEN[self._address] += 1
        if _OPEN[self._address] > MOST_OF_ONE:
            self._refuse(b"429 Too Many Requests")
        elif _OPEN.total() > MOST:
            self._refuse(b"503 Service Unavailable")
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._head_is_here()
        _OPEN[self._address] -= 1
        if not _OPEN[self._address]:
            del _OPEN[self._address]
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

    def on_url(self, url: bytes) -> None:
        """Part of its address has come."""
        self._weigh(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers has come."""
        self._weigh(name, value)
        super().on_header(name, value)

    def data_received(self, data: bytes) -> None:
        """Part of a request has come; of one that was refused nothing more is read."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        # uvicorn forgets its own timer at the first byte, also where no request begins with it.
        between = self.cycle is None or self.cycle.response_complete
        if between and self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, unless it has been refused before."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def _weigh(self, *parts: bytes) -> None:
        """Refuse a head that has become too large."""
        self._head += sum(map(len, parts)) + len(parts)
        if self._head > MOST_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")
            raise ValueError("the head of the request is too large")

    def _await_head(self) -> None:
        self._head = 0
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _head_is_here(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._timer = None  # the answer to the request before it is still under way
            self.cycle.keep_alive = False
        else:
            self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        self._head_is_here()
        log("refused", client=self._address, status=int(status[:3]))
        self.transport.write(
            b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status
        )
        self.transport.close()


class Timely:
    """An application whose clients take their answers in time, part by part.

    Args:
        app: the application.
        seconds: for a client to take a part.
        most: bytes of answers that all clients are taking at once.
    """

    def __init__(self, app: ASGIApp, seconds: float, most: int) -> None:
        self._app, self._seconds, self._most = app, seconds, most
        self._sending = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        delivery = _Delivery(scope, send, self._seconds)
        size = 0

        async def sent(message: Message) -> None:
            nonlocal size
            size += len(message.get("body", b""))
            self._sending += len(message.get("body", b""))
            if self._sending > self._most and delivery.has_not_begun:
                return await delivery.refuse()
            return await delivery.take(message)

        try:
            return await self._app(scope, receive, sent)
        finally:
            self._sending -= size


class _Delivery:
    """One answer, on its way to its client."""

    def __init__(self, scope: Scope, send: Send, seconds: float) -> None:
        self._send, self._seconds = send, seconds
        self._abort = scope.get("extensions", {}).get(_ABORT)
        self._start: Message | None = None
        self._refused = False

    @property
    def has_not_begun(self) -> bool:
        """Whether nothing of it has been sent yet."""
        return self._start is not None

    async def refuse(self) -> None:
        """Send that it cannot be sent."""
        told = b"too many answers are being taken\n"
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(told)).encode()),
            (b"retry-after", b"5"),
        ]
        self._start, self._refused = None, True
        await self._timely({"type": "http.response.start", "status": 503, "headers": headers})
        await self._timely({"type": "http.response.body", "body": told})

    async def take(self, message: Message) -> None:
        """Send a part of it; the head waits for the first of its body."""
        if self._refused:
            return
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is not None:
            start, self._start = self._start, None
            await self._timely(start)
        body = message.get("body", b"")
        for end in range(_PART, max(len(body), 1) + _PART, _PART):
            more = end < len(body) or message.get("more_body", False)
            await self._timely({**message, "body": body[end - _PART : end], "more_body": more})

    async def _timely(self, message: Message) -> None:
        # Closing would wait until the client has read what it does not read.
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._seconds, self._abort["abort"]) if self._abort else None
        try:
            await self._send(message)
        finally:
            if timer is not None:
                timer.cancel()
