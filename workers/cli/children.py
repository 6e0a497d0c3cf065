"""The processes under `yantu up`: started, watched, started again when they die, and stopped in order."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

FIRST_PAUSE = 0.5  # seconds before a child that died is started again; doubled each time
LONGEST_PAUSE = 30.0
SOUND_AFTER = 60.0  # seconds of life after which earlier deaths are forgotten
DRAIN = 20.0  # seconds that a child has to finish what it has begun


def say(text: str) -> None:
    print(f"yantu: {text}", file=sys.stderr, flush=True)


@dataclass
class Child:
    name: str
    command: tuple[str, ...]
    deaths: int = 0  # in a row
    process: asyncio.subprocess.Process | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep_running(self) -> None:
        """Returns when the child was asked to stop and has stopped."""
        while not self.stopping.is_set():
            began = time.monotonic()
            # A session of its own: Ctrl-C is for us, and its group can be cleared when it is dead.
            self.process = await asyncio.create_subprocess_exec(
                *self.command, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
            )
            if self.stopping.is_set():
                self.stop()
            code = await self.process.wait()
            self.kill()
            if not self.stopping.is_set():
                await self._pause(code, time.monotonic() - began)

    async def _pause(self, code: int, lived: float) -> None:
        self.deaths = 1 if lived > SOUND_AFTER else self.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        say(f"{self.name} ended ({how(code)}); it is started again in {pause:g} s.")
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), pause)

    def stop(self) -> None:
        """Asks the child to finish what it has begun."""
        self.stopping.set()
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def kill(self) -> None:
        """Ends whatever is left of the child's group at once."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


async def finish(children: Sequence[Child], keeping: Sequence["asyncio.Task[None]"]) -> None:
    """Stops all children at once, and ends those that need longer than they have."""
    for each in children:
        each.stop()
    _, late = await asyncio.wait(keeping, timeout=DRAIN)
    for each in children if late else ():
        if each.process is not None and each.process.returncode is None:
            say(f"{each.name} did not finish within {DRAIN:g} s and is ended.")
            each.kill()
    await asyncio.gather(*keeping)


def how(code: int) -> str:
    """An exit code in words."""
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def end_with_parent(parent: int | None) -> None:
    """Lets the kernel tell us to stop when the process that started us is killed (Linux only; prctl(2))."""
    if parent is None or sys.platform != "linux":
        return
    import ctypes

    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)
