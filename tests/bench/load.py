"""Requests as bytes, and the process that fires them."""

import asyncio
import sys
from collections.abc import Mapping, Sequence

import msgspec

from tests.bench.generator import Plan, Tally


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def post(path: str, body: object, headers: Mapping[str, str]) -> bytes:
    content = msgspec.json.encode(body)
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content


async def fire(port: int, requests: Sequence[bytes], connections: int, seconds: float = 0.0) -> Tally:
    """Each request once, or for so many seconds again and again. Raises AssertionError if any got no answer."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.generator"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _ = await child.communicate(msgspec.msgpack.encode(Plan(port, connections, list(requests), seconds)))
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    assert child.returncode == 0, "the load generator failed"
    tally = msgspec.msgpack.decode(said, type=Tally)
    assert tally.lost == 0, f"{tally.lost} requests got no answer: {tally.statuses}"
    return tally


def only(tally: Tally, *statuses: int) -> int:
    """How many answers there were. Raises AssertionError when one has another status than these."""
    others = {each: n for each, n in tally.statuses.items() if int(each) not in statuses}
    assert not others, f"unexpected answers: {others}; {tally.strange}"
    return sum(tally.statuses.values())
