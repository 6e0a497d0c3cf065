"""The load: a process of its own that sends prepared requests over open connections and notes each answer's time.

`python -m tests.bench.generator` reads a Plan from stdin and writes a Tally to stdout. It parses only as much of
HTTP/1.1 as our own server says: a status line and a Content-Length.
"""

import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import msgspec
import uvloop

MOST_CONNECTIONS = 4_000
LONGEST = 60.0  # seconds; then whatever is not answered counts as lost
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Plan(msgspec.Struct):
    """`seconds` 0: each request once. Otherwise the requests again and again, for so long."""

    port: int
    connections: int
    requests: list[bytes]
    seconds: float = 0.0


class Tally(msgspec.Struct):
    """`seconds`: from first request to last answer; `took`: ms of each request; `strange`: a few bad bodies."""

    seconds: float
    statuses: dict[str, int]
    lost: int
    took: list[float]
    strange: list[str]


class Load:
    def __init__(self, plan: Plan, done: "asyncio.Future[None]") -> None:
        self.requests: Iterator[bytes] = cycle(plan.requests) if plan.seconds else iter(plan.requests)
        self.ends = time.perf_counter() + (plan.seconds or LONGEST)
        self.done = done
        self.statuses: Counter[int] = Counter()
        self.took: list[float] = []
        self.strange: list[str] = []
        self.under_way = self.lost = 0

    def next_request(self) -> bytes | None:
        request = next(self.requests, None) if time.perf_counter() < self.ends else None
        self.under_way += request is not None
        return request

    def answered(self, status: int, seconds: float, body: bytes) -> None:
        self.statuses[status] += 1
        self.took.append(1000 * seconds)
        if status not in (200, 201, 409) and len(self.strange) < 3:
            self.strange.append(body[:300].decode(errors="replace"))
        self.ended()

    def cut_off(self) -> None:
        self.lost += 1
        self.ended()

    def ended(self) -> None:
        self.under_way -= 1

    def look_whether_all_is_done(self) -> None:
        if not self.under_way and not self.done.done():
            self.done.set_result(None)


class Line(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last one is whole."""

    load: Load

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport, self.received, self.needs, self.waits = transport, b"", 0, False

    def send(self) -> None:
        request = self.load.next_request()
        if request is None:
            self.load.look_whether_all_is_done()
            return
        self.sent, self.waits = time.perf_counter(), True
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received = self.received + data if self.received else data
        if not self.needs:
            head = self.received.find(b"\r\n\r\n")
            if head < 0:
                return
            length = LENGTH.search(self.received, 0, head + 2)
            self.needs = head + 4 + (int(length[1]) if length else 0)
        if len(self.received) >= self.needs:
            answer, self.received, self.needs, self.waits = self.received, b"", 0, False
            self.load.answered(int(answer[9:12]), time.perf_counter() - self.sent, answer)
            self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if self.waits:
            self.load.cut_off()
            self.load.look_whether_all_is_done()


async def fire(plan: Plan) -> Tally:
    loop = asyncio.get_running_loop()
    count = min(plan.connections, MOST_CONNECTIONS)
    lines = [(await loop.create_connection(Line, "127.0.0.1", plan.port))[1] for _ in range(count)]
    load = Load(plan, loop.create_future())
    began = time.perf_counter()
    for line in lines:
        line.load = load
        line.send()
    try:
        await asyncio.wait_for(load.done, LONGEST)
    except TimeoutError:
        load.lost += load.under_way
    seconds = time.perf_counter() - began
    for line in lines:
        line.waits = False
        line.transport.close()
    return Tally(seconds, {str(each): n for each, n in load.statuses.items()}, load.lost, load.took, load.strange)


if __name__ == "__main__":
    given = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(fire(given))))
