"""Starting a program under another account, seeing whether it still runs, and reading what it said last."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from workers.cli.account import Account
from workers.cli.problem import ServerError

LARGEST_LOG = 10_000_000  # bytes; a larger log is set aside at the next start
LOOK_EVERY = 0.01  # seconds between two looks at a server that is starting or stopping
LOOKS_AT_THE_NAMELESS = 50  # a process has no command line for a moment, both when it begins and when it ends
IGNORE = subprocess.DEVNULL
IN_BACKGROUND = '"$@" >&2 </dev/null & echo $!'  # the shell leaves at once, so nobody has to reap the server


def run_as(account: Account | None, command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
    """Runs a command to its end under an account (None: our own), with its words captured. Raises ServerError."""
    return _run(account, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def spawn(account: Account | None, command: Sequence[str | Path], log: Path) -> int:
    """Starts a server in a session of its own, so that Ctrl-C is ours alone; returns its process id."""
    with log.open("ab") as words:
        started = _run(account, ["/bin/sh", "-c", IN_BACKGROUND, "sh", *command], subprocess.PIPE, words.fileno())
    return int(started.stdout)


def _run(
    account: Account | None, command: Sequence[str | Path], stdout: int, stderr: int
) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # noqa: S603 - every command is ours
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            encoding="utf-8",
            errors="replace",
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            check=False,
            **(account.run_as if account else {}),
        )
    except PermissionError as error:
        who = f" as {account.name}" if account else ""
        raise ServerError(f"{command[0]} cannot be run{who}: {error.strerror}.") from error


def is_running(pid: int, argument: str) -> bool:
    """Whether this process lives and was started with this very argument: process ids are used again."""
    if not Path("/proc/self").exists():
        return argument in _run(None, ["/bin/ps", "-o", "command=", "-p", str(pid)], subprocess.PIPE, IGNORE).stdout
    for _ in range(LOOKS_AT_THE_NAMELESS):
        try:
            if command := Path(f"/proc/{pid}/cmdline").read_bytes():
                return argument.encode() in command.split(b"\0")
            if Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] in "ZX":
                return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(LOOK_EVERY / 10)
    return False


def wait_until(done: Callable[[], bool], within: float) -> bool:
    """True as soon as `done` is; False when it is not within so many seconds."""
    end = time.monotonic() + within
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_EVERY)
    return True


def open_log(log: Path) -> int:
    """Sets a large log aside; returns the offset at which the words of this start will begin."""
    log.parent.mkdir(mode=0o700, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    return log.stat().st_size if log.exists() else 0


def last_words(log: Path, since: int, lines: int = 8) -> str:
    """The last lines that a server wrote after an offset, indented, or a sentence that it wrote none."""
    with log.open("rb") as words:
        words.seek(since)
        said = words.read().decode(errors="replace").splitlines()[-lines:]
    return f"\nLast lines of {log}:\n  " + "\n  ".join(said) if said else f"\n{log} says nothing."
