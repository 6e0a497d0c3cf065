"""The whole house, started and stopped as an operator does it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers.cli.conftest import Yantu, clean_environment
from workers.cli.launch import is_running, wait_until
from workers.cli.postgres import Postgres
from workers.cli.valkey import Valkey

READY_WITHIN = 60.0  # seconds


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class House:
    def __init__(self, data: Path, words: Path) -> None:
        self.data, self.words, self.port = data, words, free_port()
        self.environment = {"YANTU_DATA": str(data), "YANTU_PORT": str(self.port), "YANTU_WEB_PROCESSES": "1"}

    def begin(self) -> None:
        with self.words.open("w") as words:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers.cli.main", "up"],
                env=clean_environment() | self.environment,
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        ready = f"yantu: ready at http://127.0.0.1:{self.port} "
        wait_until(lambda: ready in self.words.read_text() or self.process.poll() is not None, READY_WITHIN)
        assert ready in self.words.read_text(), self.words.read_text()

    def answer(self) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/health/live")
            return line.getresponse().status
        finally:
            line.close()

    def child(self, word: str) -> int:
        """The process id of our child that was started with this word."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next((int(each) for each in children if is_running(int(each), word)), 0)

    def is_silent(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except ConnectionRefusedError:
            return True
        return False


@pytest.fixture
def house(open_folder: Path, tmp_path: Path) -> Iterator[House]:
    house = House(open_folder / "data", tmp_path / "words")
    house.begin()
    yield house
    house.process.terminate()
    house.process.wait(30)


def test_up_serves_until_it_is_stopped_and_then_nothing_of_it_is_left(house: House, yantu: Yantu) -> None:
    assert house.answer() == 200
    second = yantu("up", **house.environment)
    assert second.returncode == 1
    assert f"(process {house.process.pid}, port {house.port})" in second.stderr

    worker = house.child("worker")
    os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: house.child("worker") not in (0, worker), 10)
    assert "yantu: worker ended (killed by SIGKILL); it is started again in 0.5 s.\n" in house.words.read_text()

    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(30) == 0
    assert house.is_silent()
    assert not Postgres(house.data).is_running()
    assert not Valkey(house.data).is_running()


def test_up_takes_over_after_an_up_that_was_killed(house: House) -> None:
    house.process.kill()
    house.process.wait()
    assert wait_until(house.is_silent, 20)
    assert Postgres(house.data).is_running()

    house.begin()
    assert house.answer() == 200
    house.process.terminate()
    assert house.process.wait(30) == 0
    assert not Postgres(house.data).is_running()
