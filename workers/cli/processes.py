"""What `yantu up` runs beside itself, and an operator with servers of their own runs alone."""

import os
import shutil
import sys
from argparse import Namespace
from pathlib import Path

from events.settings import Settings
from workers.cli.children import end_with_parent
from workers.cli.up import up

WEB_APP = "web.app:create_app"
WORKERS_FINISH_WITHIN = 15  # seconds; less than the supervisor's own patience


def web(settings: Settings, chosen: Namespace) -> None:
    """Becomes granian; with an embedded server missing, watches over one instead."""
    if needs_servers(settings):
        up(settings, ("web",))
    else:
        end_with_parent(chosen.parent)
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(empty_folder(settings.data_dir / "metrics")))
        os.execv(sys.executable, granian(settings))  # noqa: S606 - the command is ours


def worker(settings: Settings, chosen: Namespace) -> None:
    """Works until it is told to stop; with an embedded server missing, watches over a worker instead."""
    if needs_servers(settings):
        up(settings, ("worker",))
    else:
        end_with_parent(chosen.parent)
        from workers import main

        main.run()


def empty_folder(folder: Path) -> Path:
    """Where the web processes add up their metrics; what an earlier start left there would be counted again."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def needs_servers(settings: Settings) -> bool:
    return not (settings.database_url and settings.redis_url)


def granian(settings: Settings) -> list[str]:
    """The command line of the web processes."""
    options = {
        "--interface": "asgi",
        "--loop": "uvloop",
        "--host": settings.host,
        "--port": settings.port,
        "--workers": settings.web_processes,
        "--workers-kill-timeout": WORKERS_FINISH_WITHIN,
        "--log-level": "warning",
    }
    words = [str(word) for pair in options.items() for word in pair]
    return [sys.executable, "-P", "-m", "granian", *words, "--factory", "--respawn-failed-workers", "--no-ws", WEB_APP]
