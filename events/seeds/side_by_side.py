"""Runs many things at once, but only so many."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

AT_ONCE: Final = 6  # fewer than the pool has connections
Item = TypeVar("Item")
Result = TypeVar("Result")


async def side_by_side(act: Callable[[Item], Awaitable[Result]], items: Iterable[Item]) -> list[Result]:
    """The results in the order of the items. Never inside a transaction."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> Result:
        async with turns:
            return await act(item)

    return list(await asyncio.gather(*map(one, items)))
