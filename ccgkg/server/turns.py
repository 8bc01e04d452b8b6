"""Turns: free workers for those who wait, one address after the other.

Whoever asks much waits for their own requests, not others for them.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import Generic, TypeVar

__all__ = ["Turns"]

T = TypeVar("T")


class Turns(Generic[T]):
    """What is free, and who waits for it.

    Attributes:
        waiting: how many wait.
    """

    def __init__(self) -> None:
        self._free: deque[T] = deque()
        self._lines: OrderedDict[str, deque[asyncio.Future[T]]] = OrderedDict()
        self.waiting = 0

    def put(self, free: T) -> None:
        """Give what is free to the next in turn, or keep it for whoever comes."""
        while self._lines:
            address, line = self._lines.popitem(last=False)
            waiting = line.popleft()
            if line:
                self._lines[address] = line
            if not waiting.done():
                waiting.set_result(free)
                return
        self._free.append(free)

    async def get(self, address: str) -> T:
        """What is free, when it is this address's turn."""
        if self._free:
            return self._free.popleft()
        mine: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(address, deque()).append(mine)
        self.waiting += 1
        try:
            return await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self.put(mine.result())  # it came when nobody waited any more
            elif mine in (line := self._lines.get(address, deque())):
                line.remove(mine)
                if not line:
                    del self._lines[address]
            raise
        finally:
            self.waiting -= 1

    def refuse(self, reason: Exception) -> None:
        """Let everybody who waits go."""
        for line in self._lines.values():
            for waiting in line:
                if not waiting.done():
                    waiting.set_exception(reason)
        self._lines.clear()
