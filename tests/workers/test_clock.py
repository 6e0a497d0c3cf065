import asyncio
from datetime import timedelta

from workers.clock import every


async def test_a_chore_that_fails_is_done_again() -> None:
    stop, done = asyncio.Event(), []

    async def chore() -> None:
        done.append(1)
        if len(done) == 3:
            stop.set()
        raise ZeroDivisionError

    await asyncio.wait_for(every(timedelta(milliseconds=1), chore, stop), 5)
    assert len(done) == 3


async def test_a_stop_wakes_the_one_that_waits() -> None:
    stop = asyncio.Event()

    async def chore() -> None:
        asyncio.get_running_loop().call_soon(stop.set)

    await asyncio.wait_for(every(timedelta(days=1), chore, stop), 5)
