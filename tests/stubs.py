"""Stub servers for tests of what asks an endpoint: on loopback, in a thread, on a free port."""

from __future__ import annotations

import io
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox

from ccgkg.dataset.store import Answer

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
TURTLE = "text/turtle"


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    form: Mapping[str, list[str]]
    content: bytes = b""

    @property
    def query(self) -> str:
        return self.form["query"][0]


@dataclass(frozen=True)
class Reply:
    """What goes out; `parts` are sent one after the other, `length` is what is announced."""

    content: bytes = b""
    media: str = JSON
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    parts: Callable[[], Iterator[bytes]] | None = None


@dataclass
class Stub:
    """A running server: its address, what it was asked, and how it answers."""

    url: str
    replies: Callable[[Request], Reply]
    requests: list[Request] = field(default_factory=list)


@contextmanager
def serving(replies: Callable[[Request], Reply]) -> Iterator[Stub]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # headers and body in one packet: two would wait for each other

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Request(self.command, self.path, self.headers, parse_qs(body.decode()), body)
            stub.requests.append(asked)
            reply = stub.replies(asked)
            named = "Server" in reply.headers
            (self.send_response_only if named else self.send_response)(reply.status)
            if reply.media:
                self.send_header("Content-Type", reply.media)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            length = len(reply.content) if reply.length is None else reply.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            try:
                for part in reply.parts() if reply.parts else [reply.content]:
                    self.wfile.write(part)
                    self.wfile.flush()
            except OSError:
                self.close_connection = True  # whoever asked has gone
            if length != len(reply.content):
                self.close_connection = True

        do_POST = do_GET  # noqa: N815

    class Server(ThreadingHTTPServer):
        def handle_error(self, *asked: object) -> None:
            if not isinstance(sys.exception(), OSError):  # whoever asked may go at any time
                super().handle_error(*asked)

    server = Server(("127.0.0.1", 0), Handler)
    stub = Stub(f"http://127.0.0.1:{server.server_port}/sparql", replies)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()


def description(dataset: str, digest: str) -> bytes:
    """How a server tells the digest of a dataset's N-Quads, in Turtle."""
    return f"""
        @prefix dcat: <http://www.w3.org/ns/dcat#> .
        @prefix spdx: <http://spdx.org/rdf/terms#> .
        <{dataset}> dcat:distribution <#file>, <#other> .
        <#file> spdx:checksum <#sum> ; dcat:mediaType
            <https://www.iana.org/assignments/media-types/application/n-quads> .
        <#sum> spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "{digest}" .
        <#other> spdx:checksum [ spdx:checksumValue "{"f" * 64}" ] .
    """.encode()


def answering(engine: ox.Store, *, union: bool = False) -> Callable[[Request], Reply]:
    """The replies of an endpoint over an engine, which knows no prefix of ours."""

    def replies(request: Request) -> Reply:
        if request.method == "GET":
            return Reply(b"<html><h1>SPARQL</h1></html>", "text/html")
        try:
            result = engine.query(request.query, use_default_graph_as_union=union)
        except SyntaxError as error:
            return Reply(str(error).encode(), "text/plain", 400)
        out = io.BytesIO()
        answer = Answer(result, {}, lambda error: error)
        triples = answer.kind == "construct"
        answer.write("turtle" if triples else "json", out)
        return Reply(out.getvalue(), TURTLE if triples else JSON)

    return replies


@contextmanager
def speaking(parts: Callable[[], Iterator[bytes]]) -> Iterator[str]:
    """The address of a server that says whatever it likes, once it has been asked."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed
            with connection:
                try:
                    connection.recv(65_536)
                    for part in parts():
                        connection.sendall(part)
                except OSError:
                    continue  # whoever asked has gone

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
