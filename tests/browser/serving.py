"""A server for the tests of its pages: `ccgkg serve`, on a port that is free."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
_AT = re.compile(r"^serving .* at (http://\S+/)", re.MULTILINE)


@contextmanager
def serving(*arguments: str, package: Path = ROOT) -> Iterator[str]:
    """The address of a server that runs until the end.

    Args:
        arguments: of `ccgkg serve`.
        package: the folder in which the package lies that serves.

    Raises:
        AssertionError: it did not begin, with what it said.
    """
    command = [sys.executable, "-m", "ccgkg", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command,
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package)},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            said = ""
            while not (found := _AT.search(said)):
                line = server.stderr.readline()
                assert line, f"the server did not begin: {said}"
                said += line
            drain(server)
            yield found[1]
        finally:
            server.terminate()
            server.wait(20)


def await_pages(address: str) -> None:
    """Wait until the pages of the site are written, which happens beside the first queries."""
    for _ in range(60):
        with suppress(HTTPError), urlopen(f"{address}index.html", timeout=60):
            return
        sleep(1)
    raise AssertionError("the pages were never written")


def drain(server: subprocess.Popen[str]) -> None:
    """Read on, so that a full pipe holds nobody up."""
    Thread(target=lambda: [None for _ in server.stderr], daemon=True).start()
