"""The one command line: `yantu up`, and the chores of an operator."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from events.settings import BadSetting, Settings
from workers.cli import chores, founding, processes
from workers.cli.children import say
from workers.cli.problem import Problem
from workers.cli.up import up

EXPLAINED = 1  # exit code of a command that met a problem and said so
INTERRUPTED = 130  # exit code of a command that Ctrl-C or SIGTERM ended

Command = Callable[[Settings, argparse.Namespace], int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    chosen = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return chosen.run(Settings.from_environment(), chosen) or 0
    except (Problem, BadSetting) as problem:
        say(str(problem))
        return EXPLAINED
    except KeyboardInterrupt:
        return INTERRUPTED


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    whole = argparse.ArgumentParser(prog="yantu", description="Yantu 燕途: booking, tickets, gates and counts.")
    commands = whole.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Command, meaning: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=meaning, description=f"{meaning[0].upper()}{meaning[1:]}.")
        added.set_defaults(run=run)
        return added

    command("up", lambda settings, chosen: up(settings), "run everything: servers, web processes, worker")
    for name, run, meaning in (
        ("web", processes.web, "run web processes"),
        ("worker", processes.worker, "run a worker"),
    ):
        command(name, run, meaning).add_argument("--parent", type=int, help=argparse.SUPPRESS)
    command("migrate", chores.migrate, "bring the database to this version")
    founded = command("department", founding.department, "make a department, if there is none with this code")
    for name in ("code", "name"):
        founded.add_argument(name)
    founded.add_argument("--english", default="", help="its name in English")
    founded.add_argument("--parent", help="code of the department above it")
    owned = command("owner", founding.owner, "let somebody own a department")
    for name in ("name", "email", "code"):
        owned.add_argument(name)
    command("demo", chores.demo, "fill in the demo")
    imported = command("import", chores.import_roster, "read a roster of students (XLSX or CSV)")
    imported.add_argument("file", type=Path)
    imported.add_argument("--school", help="the school of rows that name none")
    command("doctor", chores.doctor, "examine this installation")
    command("backup", chores.backup, "write the database to a file").add_argument("file", type=Path)
    restored = command("restore", chores.restore, "replace the database by a backup")
    restored.add_argument("file", type=Path)
    restored.add_argument("--force", action="store_true", help="replace a database that is not empty")
    return whole


if __name__ == "__main__":
    sys.exit(main())
