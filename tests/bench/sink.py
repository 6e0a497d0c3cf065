"""An SMTP server that takes everything at once: a process of its own, so that only the sender is measured.

`python -m tests.bench.sink` writes its port to stdout, serves until stdin ends, and then writes how many letters came
and how many of them bore a Message-ID of their own.
"""

import asyncio
import re
import sys

import uvloop

END = b"\r\n.\r\n"
MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)


class Sink(asyncio.Protocol):
    letters: list[bytes]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport, self.received, self.in_letter = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.received += data
        while self.letter_ended() if self.in_letter else self.line_ended():
            pass

    def letter_ended(self) -> bool:
        letter, end, rest = self.received.partition(END)
        if not end:
            return False
        found = MESSAGE_ID.search(letter)
        self.letters.append(found[1] if found else b"")
        self.received, self.in_letter = rest, False
        self.transport.write(b"250 taken\r\n")
        return True

    def line_ended(self) -> bool:
        line, end, self.received = self.received.partition(b"\r\n")
        if not end:
            self.received = line
            return False
        word = line[:4].upper()
        self.in_letter = word == b"DATA"
        self.transport.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 well\r\n"))
        if word == b"QUIT":
            self.transport.close()
        return True


async def serve() -> None:
    loop, letters = asyncio.get_running_loop(), list[bytes]()
    Sink.letters = letters
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    print(len(letters), len(set(letters)), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
