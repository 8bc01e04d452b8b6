"""Running: a service on a socket, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvicorn

from ccgkg.dataset.holding import hold, hold_file
from ccgkg.dataset.store import Store
from ccgkg.errors import NotBuildable
from ccgkg.server.app import application
from ccgkg.server.connections import Connection
from ccgkg.server.logs import log
from ccgkg.server.service import Service
from ccgkg.server.settings import Settings, is_loopback

__all__ = ["serve"]

_BACKLOG = 2048
_STOP_SECONDS = 4
"""For what is being answered to come to its end, and again for answers to be taken."""


def serve(source: Store | Path, settings: Settings, talk: Callable[[str], None]) -> None:
    """Serve a dataset until a signal ends it.

    Args:
        source: the store of a corpus, or a file of N-Quads or TriG.
        settings: how.
        talk: told where, once it listens, and what to be wary of.

    Raises:
        NotBuildable: it cannot listen there, or no worker can hold the dataset.
        UsageError, BadInput: the file is none, or is broken.
    """
    listener = _listener(settings)
    with tempfile.TemporaryDirectory(prefix="ccgkg-serve-") as scratch, listener:
        folder = Path(scratch)
        held = hold_file(source, folder) if isinstance(source, Path) else hold(source, folder)
        service = Service(held, settings, folder)
        if not held.manifest.quads:
            talk("Warning: the dataset is empty")
        if not is_loopback(settings.host):
            talk(
                f"Warning: everybody who reaches {settings.host} can ask queries; put a server "
                "before it that speaks HTTPS and limits them"
            )
        try:
            _Server(service, settings, talk).run(sockets=[listener])
        except SystemExit:  # uvicorn's way to say that it has not begun
            raise NotBuildable(f"the dataset cannot be served: {service.failed}") from None


def _listener(settings: Settings) -> socket.socket:
    """The socket, bound first, so that nothing is read for a port that is taken."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            settings.host,
            settings.port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
        )[0]
        listener = socket.socket(family, kind, number)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except socket.gaierror as error:
        raise NotBuildable(
            f"cannot listen at {settings.host}: {error.strerror}",
            hint="Give an address of this machine: ccgkg serve --host 127.0.0.1",
        ) from None
    except OSError as error:
        raise NotBuildable(
            f"cannot listen at {settings.host}, port {settings.port}: {error.strerror or error}",
            hint="Choose another port, or 0 for one that is free: ccgkg serve --port 0",
        ) from None
    return listener


class _Server(uvicorn.Server):
    """uvicorn, which says where it listens, and stops without a fault when it is told to."""

    def __init__(self, service: Service, settings: Settings, talk: Callable[[str], None]) -> None:
        self._service, self._talk = service, talk
        logger = logging.getLogger("uvicorn.error")
        logger.handlers, logger.propagate = [_Lines()], False
        super().__init__(
            uvicorn.Config(
                application(service),
                http=Connection,
                ws="none",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                backlog=_BACKLOG,
                proxy_headers=bool(settings.hosts),
                timeout_graceful_shutdown=2 * _STOP_SECONDS,
            )
        )

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes."""
        # uvicorn raises a signal again when it has stopped; ours have been heard by then.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        super().run(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say where."""
        assert sockets is not None
        await super().startup(sockets)
        host, port = sockets[0].getsockname()[:2]
        named = f"[{host}]" if ":" in host else host
        self._talk(f"serving {self._service.title} at http://{named}:{port}/ (Control-C stops it)")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let what is being answered come to its end, and refuse what waits."""
        pool = self._service.pool
        pool.refuse()
        ending = asyncio.get_running_loop().call_later(_STOP_SECONDS, pool.end)
        await super().shutdown(sockets)
        ending.cancel()


class _Lines(logging.Handler):
    """What uvicorn has to say, as lines of the log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one."""
        log("server", problem=record.getMessage())
