"""What `ccgkg serve` costs beside two other servers of the same data, as ratios of one run.

    python tests/benchmarks/serving.py [--runs N] [--quick]

All serve the shipped dataset's N-Quads on the loopback address and answer in JSON: `ccgkg serve`
with two workers, `rdflib-endpoint` (rdflib's dataset in memory) and `oxigraph serve-read-only`
(a RocksDB folder). The other two are installed by pip, as pinned in `servers.py`, into an
environment that is thrown away; without them the rest is measured, and what is missing is said.

The cheap query asks for the quotes of one claim. Four connections that are kept ask it over and
over: with another claim and another number each time, so that no server has seen the text before,
or always the same. The servers take turns within each run, and the figure is the median of the
runs' ratios. Every answer is checked once the clock has stopped; a wrong one ends the benchmark.

Then one client asks such new queries twenty times a second, first alone, then while another client
counts a three-way product, again as soon as that ends; ours ends it at its time limit, with a new
worker each time. The others never end it, so that only killing them does; a query that
`rdflib-endpoint` leaves unanswered meanwhile counts as long as it has waited, which depends on how
long we look. `--quick` looks shorter. Exits with 1 if a figure misses its mark.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from asking import Asked, Place, paced, runaways, together
from measuring import CCGKG, Table, process
from servers import OURS, Server, install, running

CONNECTIONS = 4
RATE = 20
LIMIT = 2
"""Seconds that our server gives a query: a look at a runaway sees some of them end."""

Quotes = Mapping[str, Sequence[str]]
Times = Sequence[float]


class Look(NamedTuple):
    """How long to look.

    Attributes:
        runs: how often all servers take their turn.
        throughput: seconds for one rate.
        latency: seconds for cheap queries at a fixed rate.
    """

    runs: int
    throughput: float
    latency: float


class Clients:
    """The clients, each in a process of its own.

    Args:
        quotes: each claim's quotes.
        processes: two.
    """

    def __init__(self, quotes: Quotes, processes: ProcessPoolExecutor) -> None:
        self._quotes, self._processes = quotes, processes
        self._numbers = count(1_000_000, 1_000_000)

    def _asked(self, place: Place, *, fresh: bool) -> Asked:
        return Asked(place, self._quotes, next(self._numbers) if fresh else 0, fresh=fresh)

    def rate(self, place: Place, seconds: float, *, fresh: bool) -> float:
        """Cheap queries a second."""
        asked = self._asked(place, fresh=fresh)
        return self._processes.submit(together, asked, CONNECTIONS, seconds).result()

    def alone(self, place: Place, seconds: float) -> list[float]:
        """Seconds that each cheap query takes while nothing else is asked."""
        return self._processes.submit(paced, self._asked(place, fresh=True), RATE, seconds).result()

    def besides(self, place: Place, seconds: float) -> list[float]:
        """The same while another client asks queries that never end."""
        other = self._processes.submit(runaways, place, seconds)
        times = self.alone(place, seconds)
        if set(other.result()) - {503, 504}:
            sys.exit(f"{place.name}: a runaway query was answered: {other.result()}")
        return times


def quotes_of(cache: Path) -> Quotes:
    """The quotes of each claim of the shipped corpus."""
    from ccgkg.dataset.opening import open_store

    quotes = defaultdict(list)
    for claim, quote in open_store(None, cache).rows("SELECT ?c ?q WHERE { ?c ccg:quote ?q }"):
        quotes[claim.text].append(quote.text)
    return dict(quotes)


def beside(table: Table, what: str, rates: Mapping[str, Sequence[float]], least: float) -> None:
    """Our rates beside those of each other server; the mark is rdflib-endpoint's."""
    for name in (each for each in rates if each != OURS):
        ratio = statistics.median(a / b for a, b in zip(rates[OURS], rates[name], strict=True))
        medians = (f"{statistics.median(rates[each]):,.0f}" for each in (OURS, name))
        row = (f"{what}: ccgkg / {name.split()[0]}", f"{' / '.join(medians)} a second", ratio)
        if name == "rdflib-endpoint":
            table.at_least(*row, least)
        else:
            table.told(*row)


def throughput(
    table: Table, clients: Clients, servers: Sequence[Server], look: Look, folder: Path
) -> None:
    """Rates of the cheap query, new each time and repeated."""
    rates: dict[bool, dict[str, list[float]]] = {True: {}, False: {}}
    with ExitStack() as stack:
        places = [stack.enter_context(running(each, folder)) for each in servers]
        for fresh in rates:
            for place in places:
                clients.rate(place, 0.5, fresh=fresh)  # warm-up
        for _ in range(look.runs):
            for fresh, of in rates.items():
                for place in places:
                    rate = clients.rate(place, look.throughput, fresh=fresh)
                    of.setdefault(place.name, []).append(rate)
    beside(table, "queries not seen before", rates[True], 1)
    beside(table, "one query repeated", rates[False], 3)


def p95(times: Sequence[float]) -> float:
    """What 95 of 100 do not exceed."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def latency(
    table: Table, clients: Clients, servers: Sequence[Server], look: Look, folder: Path
) -> None:
    """Times of cheap queries while a runaway query runs, beside those of an idle server."""
    pairs: dict[str, list[tuple[Times, Times]]] = defaultdict(list)
    for _ in range(look.runs):
        for server in servers:
            # Started anew each time: what never ends must not run on beside the next.
            with running(server, folder) as place:
                clients.alone(place, 1)  # warm-up
                idle = clients.alone(place, look.latency)
                pairs[server.name].append((clients.besides(place, look.latency), idle))
    for name, of in pairs.items():
        for what, figure, most in (("median", statistics.median, 2), ("p95", p95, 5)):
            busy, idle = zip(*((figure(one), figure(other)) for one, other in of), strict=True)
            medians = (
                f"{statistics.median(busy) * 1e3:.2f} / {statistics.median(idle) * 1e3:.2f} ms"
            )
            ratio = statistics.median(a / b for a, b in zip(busy, idle, strict=True))
            row = (f"{what} during a runaway / idle: {name.split()[0]}", medians, ratio)
            if name == OURS:
                table.at_most(*row, most)
            else:
                table.told(*row)


def main() -> None:
    """Run all of it and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="shorter looks")
    given = parser.parse_args()
    look = Look(given.runs, 1, 3) if given.quick else Look(given.runs, 2, 6)
    table = Table()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        data = folder / "dataset.nq"
        process([*CCGKG, "export", "-o", str(data)], folder / "cache")
        servers = install(data, folder, LIMIT)
        with ProcessPoolExecutor(2, get_context("spawn")) as processes:
            clients = Clients(quotes_of(folder / "cache"), processes)
            throughput(table, clients, servers, look, folder)
            latency(table, clients, servers, look, folder)
    sys.exit(1 if table.missed else 0)


if __name__ == "__main__":
    main()
