import asyncio
import sys
import time
from pathlib import Path

import pytest

from workers.cli import children
from workers.cli.children import Child, finish
from workers.cli.launch import wait_until

COUNT_AND_DIE = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(3)"
DEAF = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], 'a').write('x')
time.sleep(60)
"""


async def grown(file: Path, size: int) -> None:
    assert await asyncio.to_thread(wait_until, lambda: file.exists() and file.stat().st_size >= size, 10)


def child(program: str, file: Path) -> Child:
    return Child("gate", (sys.executable, "-c", program, str(file)))


async def test_a_child_that_dies_is_started_again_and_the_operator_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(children, "FIRST_PAUSE", 0.01)
    dying = child(COUNT_AND_DIE, tmp_path / "lives")
    keeping = asyncio.create_task(dying.keep_running())
    await grown(tmp_path / "lives", 3)
    await finish([dying], [keeping])
    told = capsys.readouterr().err.splitlines()
    assert told[:2] == [
        "yantu: gate ended (exit code 3); it is started again in 0.01 s.",
        "yantu: gate ended (exit code 3); it is started again in 0.02 s.",
    ]


async def test_a_child_that_does_not_listen_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(children, "DRAIN", 0.2)
    deaf = child(DEAF, tmp_path / "lives")
    keeping = asyncio.create_task(deaf.keep_running())
    await grown(tmp_path / "lives", 1)
    began = time.monotonic()
    await finish([deaf], [keeping])
    assert time.monotonic() - began < 5
    assert deaf.process is not None
    assert deaf.process.returncode == -9
    assert capsys.readouterr().err == "yantu: gate did not finish within 0.2 s and is ended.\n"


async def test_a_child_told_to_stop_before_it_began_leaves_nobody_behind(tmp_path: Path) -> None:
    late = child(DEAF.replace("SIG_IGN", "SIG_DFL"), tmp_path / "lives")
    keeping = asyncio.create_task(late.keep_running())
    await asyncio.sleep(0)
    await finish([late], [keeping])
    assert late.process is None or late.process.returncode is not None
