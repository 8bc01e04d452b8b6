"""Whose turn it is: one address after the other, and nothing free is ever lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from ccgkg.server.turns import Turns


async def begun(waiting: Coroutine[Any, Any, str]) -> asyncio.Task[str]:
    task = asyncio.create_task(waiting)
    await asyncio.sleep(0)
    return task


def test_addresses_take_turns():
    async def told() -> list[str]:
        turns: Turns[str] = Turns()
        order: list[str] = []

        async def wait(address: str) -> str:
            free = await turns.get(address)
            order.append(address)
            return free

        tasks = [await begun(wait(address)) for address in ("a", "a", "a", "b", "b", "c")]
        assert turns.waiting == 6
        for number in range(6):
            turns.put(str(number))
            await asyncio.sleep(0)
        assert sorted([await task for task in tasks]) == list("012345")
        assert turns.waiting == 0
        return order

    assert asyncio.run(told()) == ["a", "b", "c", "a", "b", "a"]


def test_what_is_free_is_kept_for_whoever_comes():
    async def told() -> str:
        turns: Turns[str] = Turns()
        turns.put("one")
        return await turns.get("a")

    assert asyncio.run(told()) == "one"


@pytest.mark.parametrize("given", [False, True], ids=["while it waits", "when it was just given"])
def test_who_goes_away_takes_nothing_along(given: bool):
    async def told() -> str:
        turns: Turns[str] = Turns()
        gone = await begun(turns.get("a"))
        if given:
            turns.put("one")
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        if not given:
            turns.put("one")
        async with asyncio.timeout(1):
            return await turns.get("b")

    assert asyncio.run(told()) == "one"


def test_who_waits_is_told_that_it_is_in_vain():
    async def told() -> list[BaseException | str]:
        turns: Turns[str] = Turns()
        waiting = [await begun(turns.get(address)) for address in ("a", "b")]
        turns.refuse(RuntimeError("stopped"))
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert [str(reason) for reason in asyncio.run(told())] == ["stopped", "stopped"]
