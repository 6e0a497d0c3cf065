import os
import signal
from pathlib import Path

from arq import create_pool
from arq.connections import RedisSettings
from redis.asyncio import Redis

from workers.cli.valkey import Valkey


def owner(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


async def test_arq_and_redis_speak_to_it_by_its_address(valkey: Valkey) -> None:
    url = valkey.start()
    pool = await create_pool(RedisSettings.from_dsn(url))
    job = await pool.enqueue_job("ring")
    assert job is not None
    await pool.aclose()
    line = Redis.from_url(url)
    assert await line.zcard("arq:queue") == 1
    assert (await line.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"
    await line.aclose()


def test_it_stops_and_starts_again(valkey: Valkey) -> None:
    valkey.start()
    valkey.stop()
    assert not valkey.is_running()
    valkey.start()
    assert valkey.is_running()


async def test_it_starts_again_after_a_kill_and_is_never_root(valkey: Valkey) -> None:
    line = Redis.from_url(valkey.start())
    pid = (await line.info("server"))["process_id"]
    await line.aclose()
    assert owner(pid) != 0
    os.kill(pid, signal.SIGKILL)

    valkey.start()
    assert valkey.is_running()


def test_a_second_start_joins_and_the_last_one_to_leave_stops_it(valkey: Valkey, open_folder: Path) -> None:
    valkey.start()
    other = Valkey(open_folder / "data")
    assert other.start() == valkey.url
    valkey.stop()
    assert other.is_running()
    other.stop()
    assert not other.is_running()
