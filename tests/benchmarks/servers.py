"""The servers that are measured side by side: ours, and two others in an environment of their own.

`rdflib-endpoint` and the binary of Oxigraph are no dependencies of the tool, and the first brings
a web framework of its own choice: both are installed into a virtual environment that is thrown
away. One that cannot be installed is said to be missing, and the rest is measured.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import ProxyHandler, build_opener

from asking import Place
from measuring import CCGKG

__all__ = ["OURS", "Server", "install", "running"]

OURS = "ccgkg serve"
OTHERS = {
    "rdflib-endpoint": ("rdflib-endpoint[cli]==0.6.3", "rdflib==7.6.0"),
    "oxigraph serve-read-only": ("oxigraph==0.5.13",),
}
"""What the table calls them, and what pip is asked for."""

PATIENCE = 60
"""Seconds until a server must answer its first query; rdflib reads the dataset for some."""


class Server(NamedTuple):
    """A server that can be started.

    Attributes:
        name: what the table calls it.
        command: how to start it; `{port}` stands for the port.
        path: of its SPARQL service.
    """

    name: str
    command: Sequence[str]
    path: str


def ours(data: Path, limit: int) -> Server:
    """Our server with two workers and a time limit in seconds."""
    options = ["--port", "{port}", "--workers", "2", "--timeout", str(limit)]
    return Server(OURS, [*CCGKG, "serve", "--dataset", str(data), *options], "/sparql")


def install(data: Path, folder: Path, limit: int) -> list[Server]:
    """Our server, and those of the others that could be installed.

    Args:
        data: the dataset as N-Quads, which all of them serve.
        folder: where the environment and Oxigraph's store go.
        limit: the time limit of our server, in seconds.
    """
    programs = folder / "others" / "bin"
    subprocess.run([sys.executable, "-m", "venv", str(programs.parent)], check=True)
    there = {name for name, wanted in OTHERS.items() if _installed(programs, name, wanted)}
    servers = [ours(data, limit)]
    if "rdflib-endpoint" in there:
        bound = ["--host", "127.0.0.1", "--port", "{port}"]
        program = str(programs / "rdflib-endpoint")
        servers.append(Server("rdflib-endpoint", [program, "serve", *bound, str(data)], "/"))
    if "oxigraph serve-read-only" in there:
        program, store = str(programs / "oxigraph"), str(folder / "store")
        load = [program, "load", "--location", store, "--file", str(data)]
        subprocess.run(load, check=True, capture_output=True)
        command = [program, "serve-read-only", "--location", store, "--bind", "127.0.0.1:{port}"]
        servers.append(Server("oxigraph serve-read-only", command, "/query"))
    return servers


def _installed(programs: Path, name: str, wanted: Sequence[str]) -> bool:
    """Whether pip could install it; if not, why is told."""
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--retries", "1", *wanted]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "ERROR" in line] or [""]
        print(f"(not measured: {name}, which pip could not install: {lines[-1]})", flush=True)
    return not done.returncode


@contextmanager
def running(server: Server, folder: Path) -> Iterator[Place]:
    """A server that answers, until the block ends; then it is stopped, if need be by force."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    place = Place(server.name, port, server.path)
    talk = folder / f"{server.name.split()[0]}.txt"
    with talk.open("wb") as file:
        child = subprocess.Popen(
            [each.format(port=port) for each in server.command],
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        _await_answer(place, child, talk)
        yield place
    finally:
        _stop(child)


def _await_answer(place: Place, child: subprocess.Popen, talk: Path) -> None:
    """Return when a server answers queries; end the benchmark if it never does."""
    address = f"http://127.0.0.1:{place.port}{place.path}?query=ASK%20%7B%7D"
    direct = build_opener(ProxyHandler({}))
    end = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < end:
        try:
            direct.open(address, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    said = talk.read_text(encoding="utf-8", errors="replace")[-1000:]
    sys.exit(f"failed: {' '.join(child.args)}\n{said}")


def _stop(child: subprocess.Popen) -> None:
    """Ask a server to end, then end it and all that it started."""
    child.terminate()
    try:
        child.wait(2)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
