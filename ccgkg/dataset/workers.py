"""Worker processes that compile sources, on this machine.

They end with the process that started them, however that ends: Ctrl-C in a terminal is for it
alone, and one that is killed takes them with it.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess

__all__ = ["workers"]

_PATIENCE = 1.0
"""Seconds that a process may take for the source it is at, when nobody waits for it any more."""


@contextmanager
def workers(count: int) -> Iterator[Executor]:
    """Start processes, and end them.

    Args:
        count: how many.
    """
    before = set(multiprocessing.active_children())
    # Spawned, not forked: the engine and its threads bear no fork.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    try:
        # If one has ended already, whoever submits next is told.
        with _deaf(), suppress(BrokenExecutor):
            for _ in range(count):
                executor.submit(os.getpid)
        yield executor
    except BaseException:
        # Its own thread must have ended before Python does, or that prints a traceback.
        closing = threading.Thread(target=executor.shutdown, kwargs={"cancel_futures": True})
        closing.start()
        _end(set(multiprocessing.active_children()) - before)
        closing.join()
        raise
    else:
        executor.shutdown()


@contextmanager
def _deaf() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C, which a terminal sends to all of them.

    They, and the threads started meanwhile, inherit that it is blocked. Here it waits to be heard
    at the end; were it ignored instead, it would be lost.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(processes: Iterable[BaseProcess]) -> None:
    """Let processes end what they are at, and kill those that take long."""
    running = {process.sentinel: process for process in processes}
    until = time.monotonic() + _PATIENCE
    while running and (left := until - time.monotonic()) > 0:
        for sentinel in multiprocessing.connection.wait(list(running), left):
            assert isinstance(sentinel, int)
            del running[sentinel]
    for process in running.values():
        process.kill()


def _begin() -> None:
    """Leave Ctrl-C to the process that started this one, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
