"""Logs: one line of JSON for each request, on standard error.

They are written by a thread: a pipe that nobody reads must not keep the server from answering.
"""

from __future__ import annotations

import atexit
import json
import queue
import sys
import threading
import time
from contextlib import suppress
from functools import cache
from typing import Any

__all__ = ["log"]

_MOST = 10_000
"""Lines that wait to be written; more are dropped."""

_LONG = 4000
"""Characters of one value."""

_LAST_SECONDS = 1
"""For the lines that wait when the server ends."""


def log(event: str, **told: Any) -> None:
    """Write a line.

    Args:
        event: what happened: `request`, `worker` …
        told: what else is to be known; nothing that is empty is written.
    """
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    kept = {name: value for name, value in told.items() if value not in ("", None, [])}
    with suppress(queue.Full):
        short = {name: _cut(value) for name, value in kept.items()}
        _lines().put_nowait(json.dumps({"time": moment, "event": event, **short}) + "\n")


def _cut(value: Any) -> Any:
    return f"{value[:_LONG]} …" if isinstance(value, str) and len(value) > _LONG else value


@cache
def _lines() -> queue.Queue[str]:
    """The lines that wait, and the thread that writes them."""
    waiting: queue.Queue[str] = queue.Queue(_MOST)
    threading.Thread(target=_write, args=(waiting,), daemon=True).start()
    atexit.register(_finish, waiting)
    return waiting


def _write(waiting: queue.Queue[str]) -> None:
    while True:
        line = waiting.get()
        with suppress(OSError, ValueError):  # nobody reads them any more
            sys.stderr.write(line)
            sys.stderr.flush()
        waiting.task_done()


def _finish(waiting: queue.Queue[str]) -> None:
    until = time.monotonic() + _LAST_SECONDS
    while waiting.unfinished_tasks and time.monotonic() < until:
        time.sleep(0.01)
