"""A running `ccgkg serve`: started, asked, measured and stopped as its users do it.

`with serving("--timeout", "2") as server:` starts a process on a free port and waits for the line
that tells the address; at the end SIGTERM must stop it with exit code 0 and without a traceback.
`server.ask("ASK {}")` sends a query, `server.get("/health")` reads a page, and `server.raw(b"…")`
sends bytes that no well-behaved client would. The tests in a browser start their servers here too.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

PROGRAM = (sys.executable, "-m", "ccgkg")
ADDRESS = re.compile(r"\bat (http://\S+?)/?(?:\s|$)")
QUICKLY = 30.0
"""Seconds in which a server starts or stops, and a request ends, on a busy machine."""


@dataclass(frozen=True)
class Answer:
    """What came back for one request; the names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body, which must be UTF-8."""
        return self.body.decode("utf-8")

    @property
    def type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    def json(self) -> Any:
        """The body, which must be JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """A running server.

    Attributes:
        url: its address without the last slash.
        process: the process that listens.
        lines: what it has written on stderr up to now.
    """

    url: str
    process: subprocess.Popen[bytes]
    lines: list[str] = field(default_factory=list)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 80

    @property
    def authority(self) -> str:
        """What belongs into the Host header."""
        return urlsplit(self.url).netloc

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines of the log, one a request."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    @property
    def talk(self) -> list[str]:
        """The lines on stderr that are no lines of the log."""
        return [line for line in self.lines if not line.startswith("{")]

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | str | None = None,
        timeout: float = QUICKLY,
    ) -> Answer:
        """Send one request over a connection of its own; redirections are not followed."""
        connection = http.client.HTTPConnection(*self.address, timeout=timeout)
        start = time.monotonic()
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was all sent
                connection.request(
                    method,
                    path,
                    body.encode() if isinstance(body, str) else body,
                    {"Connection": "close"} | dict(headers or {}),
                )
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        # A header that stands there twice is joined, as RFC 9110 has it.
        told: dict[str, str] = {}
        for name, value in response.getheaders():
            known = told.get(name.lower())
            told[name.lower()] = value if known is None else f"{known}, {value}"
        return Answer(response.status, told, content, time.monotonic() - start)

    def get(self, path: str, accept: str | None = None, **headers: str) -> Answer:
        """Read an address; `if_none_match=…` sends the header If-None-Match."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", path, sent if accept is None else {"Accept": accept} | sent)

    def ask(self, query: str, accept: str | None = None, **parameters: str | list[str]) -> Answer:
        """Send a query by GET; `default_graph_uri=[…]` is the parameter default-graph-uri."""
        sent = {name.replace("_", "-"): value for name, value in parameters.items()}
        return self.get(f"/sparql?{urlencode({'query': query} | sent, doseq=True)}", accept)

    def post(
        self, body: bytes | str, media: str | None, path: str = "/sparql", **headers: str
    ) -> Answer:
        """POST a body of a media type."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, ({"Content-Type": media} if media else {}) | sent, body)

    def connect(self, timeout: float = QUICKLY) -> socket.socket:
        """A connection of one's own."""
        return socket.create_connection(self.address, timeout)

    def raw(self, sent: bytes, timeout: float = QUICKLY, *, finish: bool = False) -> bytes:
        """Send bytes as they stand and read until the server closes or falls silent.

        Args:
            sent: the bytes.
            timeout: how many seconds to wait for more.
            finish: whether to say that nothing more will come.
        """
        with self.connect(timeout) as connection:
            with suppress(ConnectionError):  # it may have enough before the end
                connection.sendall(sent)
                if finish:
                    connection.shutdown(socket.SHUT_WR)
            return received(connection)

    def family(self) -> list[int]:
        """The process and its descendants."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended meanwhile
        found = [self.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def workers(self) -> list[int]:
        """The processes that evaluate; none of them is the one that listens."""
        return [pid for pid in self.family()[1:] if b"worker" in _command(pid)]

    def memory(self) -> float:
        """The megabytes that the process and its descendants hold (resident, summed)."""
        return sum(_resident(pid) for pid in self.family()) / 1024

    def descriptors(self) -> int:
        """How many files and connections the process has open."""
        return sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) if found else 0


def received(connection: socket.socket) -> bytes:
    """All that comes until the other side closes, resets or falls silent."""
    parts = []
    with suppress(TimeoutError, ConnectionError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def status_of(answer: bytes) -> int:
    """The status of a raw answer; 0 when there was none."""
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return int(found[1]) if found else 0


def until(true: Callable[[], Any], seconds: float = QUICKLY) -> bool:
    """Wait until something is so; whether it came to be."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def await_pages(server: Server) -> None:
    """Wait until the pages of the site are written, which happens beside the first queries."""
    written = until(lambda: server.get("/index.html").status == 200, 2 * QUICKLY)
    assert written, "the pages were never written"


def start(
    *options: object,
    corpus: Path | None = None,
    package: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Server:
    """Start a server on a free port, and wait until it listens.

    Args:
        options: of `ccgkg serve`.
        corpus: the corpus to serve instead of the shipped one.
        package: the folder in which the package lies that serves, if it is another than ours.
        env: variables that it gets beside ours.
    """
    place = () if corpus is None else ("--corpus", str(corpus))
    port = () if "--port" in options else ("--port", "0")
    process = subprocess.Popen(
        [*PROGRAM, *place, "serve", *port, *map(str, options)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=package,
        env=os.environ
        | {"PYTHONUNBUFFERED": "1"}
        | ({"PYTHONPATH": str(package)} if package else {})
        | dict(env or {}),
        start_new_session=True,  # Ctrl-C is for the tests; they end it in their own way
    )
    server = Server("", process)
    threading.Thread(target=_listen, args=(server,), daemon=True).start()
    found = until(lambda: server.url or process.poll() is not None, 2 * QUICKLY)
    if not found or not server.url:
        end(server)
        raise AssertionError("the server did not start:\n" + "\n".join(server.lines))
    return server


def _listen(server: Server) -> None:
    assert server.process.stderr is not None
    for line in server.process.stderr:
        text = line.decode("utf-8", "replace").rstrip("\n")
        server.lines.append(text)
        if not server.url and (match := ADDRESS.search(text)):
            server.url = match[1]


def end(server: Server) -> None:
    """End what is left of a server, whatever its state."""
    for pid in server.family() if server.process.poll() is None else ():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.process.wait(QUICKLY)


def stop(server: Server) -> int:
    """Ask a server to stop; its exit code."""
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(QUICKLY)


@contextmanager
def serving(*options: object, **how: Any) -> Iterator[Server]:
    """A server for a while, which must stop in peace: exit code 0, no traceback, nobody left.

    Args:
        options: of `ccgkg serve`.
        how: what else `start` takes.
    """
    server = start(*options, **how)
    try:
        yield server
        assert server.process.poll() is None, "it ended early:\n" + "\n".join(server.talk[-40:])
        family = server.family()
        code = stop(server)
        told = "\n".join(server.talk)
        assert code == 0, f"exit code {code}:\n{told}"
        assert "Traceback" not in told, told
        assert until(lambda: not any(map(_command, family))), "a worker outlived the server"
    finally:
        end(server)


def refused(*options: object, timeout: float = QUICKLY) -> tuple[int, str]:
    """The exit code and the words of a `ccgkg serve` that must not start."""
    done = subprocess.run(
        [*PROGRAM, "serve", *map(str, options)], capture_output=True, timeout=timeout, check=False
    )
    return done.returncode, done.stderr.decode()
