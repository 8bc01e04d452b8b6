"""What benchmarks share: whole processes timed in pairs, and a table of ratios with marks."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

__all__ = ["CCGKG", "ROOT", "Table", "paired", "process"]

ROOT = Path(__file__).resolve().parent.parent.parent
CCGKG = [str(Path(sys.executable).with_name("ccgkg"))]


def process(
    command: list[str], cache: Path, allowed: Collection[int] = (0,)
) -> tuple[float, float]:
    """Seconds and peak megabytes of one whole process, which ends with a code that is allowed."""
    environment = {**os.environ, "CCGKG_CACHE": str(cache)}
    null = os.open(os.devnull, os.O_RDWR)
    began = time.perf_counter()
    child = os.posix_spawn(
        command[0],
        command,
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)],
    )
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - began
    os.close(null)
    if os.waitstatus_to_exitcode(status) not in allowed:
        sys.exit(f"failed: {' '.join(command)}")
    return seconds, usage.ru_maxrss / 1024


def paired(one: Callable[[], float], other: Callable[[], float], runs: int) -> tuple[float, ...]:
    """Median of the ratios one/other, and the median of each."""
    one(), other()
    pairs = [(one(), other()) for _ in range(runs)]
    ratios = [a / b for a, b in pairs]
    return (
        statistics.median(ratios),
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
    )


class Table:
    """Figures beside their marks, printed as they come.

    Attributes:
        missed: whether one of them missed its mark.
    """

    def __init__(self) -> None:
        self.missed = False
        print(f"{'what':<58} {'medians':>24}    ratio")

    def at_most(self, what: str, figure: str, value: float, most: float) -> None:
        """A figure that is to be small."""
        self._row(what, figure, value, f"at most {most:g}", missed=value > most)

    def at_least(self, what: str, figure: str, value: float, least: float) -> None:
        """A figure that is to be large."""
        self._row(what, figure, value, f"at least {least:g}", missed=value < least)

    def told(self, what: str, figure: str, value: float) -> None:
        """A figure without a mark."""
        self._row(what, figure, value, "told only", missed=False)

    def _row(self, what: str, figure: str, value: float, mark: str, *, missed: bool) -> None:
        self.missed |= missed
        print(f"{what:<58} {figure:>24}   {value:6.2f}   ({mark})", flush=True)
