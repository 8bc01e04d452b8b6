"""Settings: what whoever starts the server decides, and what is decided for all."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

__all__ = ["Settings", "is_loopback"]

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server serves.

    Attributes:
        host: address that it listens at.
        port: 0 for one that is free.
        workers: processes that evaluate queries.
        timeout: seconds that a query may take; it waits as long, and a little longer, for a worker.
        memory: megabytes that a query may take beyond the store.
        max_bytes: of one answer.
        hosts: names by which it may be called beside those of the loopback.
        most_query: bytes of a query, and of a request's body.
        most_waiting: requests that wait for a worker; the next is turned away.
        most_of_one: requests of one address that wait or are answered at once.
        most_kept: bytes of answers that are kept for whoever asks the same.
        most_sending: bytes of answers that clients are taking at once.
        patience: seconds for a request to arrive, and for a client to take each part of an answer.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    timeout: float = 10
    memory: int = 1024
    max_bytes: int = 20_000_000
    hosts: tuple[str, ...] = ()
    most_query: int = 500_000
    most_waiting: int = 128
    most_of_one: int = 64
    most_kept: int = 64_000_000
    most_sending: int = 128_000_000
    patience: float = 15

    @property
    def called(self) -> frozenset[str] | None:
        """The names that a `Host` header may have, without port; None where any may be."""
        if not is_loopback(self.host) and not self.hosts:
            return None
        own = f"[{self.host}]" if ":" in self.host else self.host
        return frozenset(name.casefold() for name in (*_LOOPBACK, own, *self.hosts))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
