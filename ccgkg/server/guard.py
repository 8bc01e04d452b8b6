"""The guard: what holds for every request, whoever answers it.

It turns away whoever calls the server by a name that is not its own (a page elsewhere could
otherwise read a server on the loopback by a name that leads there), lets pages of any origin
read, and writes the log.
"""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccgkg.server.logs import log
from ccgkg.server.settings import Settings

__all__ = ["Guard", "tell"]

_TOLD = "ccgkg.told"
_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_READING = "GET, HEAD, OPTIONS"
_ALWAYS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Ccgkg-Empty-Graphs, ETag, Link, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def tell(scope: Scope, **told: Any) -> None:
    """Let the log's line of a request say more."""
    scope[_TOLD].update(told)


class Guard:
    """An application behind its guard.

    Args:
        app: the application.
        settings: how it serves.
        log: writes a line of the log.
    """

    def __init__(self, app: ASGIApp, settings: Settings, log: Callable[..., None] = log) -> None:
        self._app, self._called, self._log = app, settings.called, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and write its line."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began = time.perf_counter()
        told: dict[str, Any] = {"status": 0, "bytes": 0}
        scope[_TOLD] = {}

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                message["headers"] = [*message["headers"], *_ALWAYS]
            else:
                told["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            answer = self._at_once(scope) or self._app
            await answer(scope, receive, sent)
        except Exception:  # a bug of ours, of which the client has been told
            tell(scope, problem=traceback.format_exc())
        finally:
            self._log(
                "request",
                client=(scope.get("client") or ("",))[0][:64],
                method=scope["method"],
                path=scope["path"][:200],
                ms=round((time.perf_counter() - began) * 1000, 1),
                **told,
                **scope[_TOLD],
            )
        return None

    def _at_once(self, scope: Scope) -> Response | None:
        """The answer to what needs no looking up: a wrong name, or what may be asked."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 and (hosts or scope["http_version"] != "1.0"):
            return _text(400, "a request names one host")
        if hosts and not _HOST.fullmatch(hosts[0]):
            return _text(400, "the request's `Host` is no name of a host")
        name = re.sub(r":\d+$", "", hosts[0]).casefold() if hosts else ""
        if self._called is not None and hosts and name not in self._called:
            known = ", ".join(sorted(self._called))
            hint = f"Start it with --allow-host {name} to serve under that name."
            return _text(421, f"this server is not called {name}; it is {known}\n{hint}")
        if scope["method"] != "OPTIONS":
            return None
        methods = _READING.replace("HEAD,", "HEAD, POST,") if _is_asked(scope) else _READING
        return Response(
            status_code=204,
            headers={
                "Allow": methods,
                "Access-Control-Allow-Methods": methods,
                "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
                "Access-Control-Max-Age": "86400",
            },
        )


def _is_asked(scope: Scope) -> bool:
    return scope["path"] in {"/sparql", "/sparql/", "/evidence.json"}


def _text(status: int, told: str) -> Response:
    return Response(f"{told}\n", status, media_type="text/plain")
