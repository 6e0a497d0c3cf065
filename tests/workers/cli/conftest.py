"""Folders that the servers' account can reach: pytest's own are closed to everybody else."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workers.cli.postgres import Postgres
from workers.cli.valkey import Valkey

Yantu = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """One for all tests, so that PostgreSQL's files are created once."""
    folder = Path(tempfile.mkdtemp(prefix="yantu-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postgres(open_folder: Path) -> Iterator[Postgres]:
    server = Postgres(open_folder / "data")
    yield server
    server.stop()


@pytest.fixture
def valkey(open_folder: Path) -> Iterator[Valkey]:
    server = Valkey(open_folder / "data")
    yield server
    server.stop()


@pytest.fixture
def yantu(open_folder: Path) -> Yantu:
    """Runs the command line as an operator would, on the data of this file."""

    def run(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "workers.cli.main", *map(str, arguments)],
            env=clean_environment() | {"YANTU_DATA": str(open_folder / "data")} | environment,
            capture_output=True,
            text=True,
            timeout=30,
        )

    return run


def clean_environment() -> dict[str, str]:
    """Ours, without any setting of Yantu."""
    settings = ("YANTU_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(settings)}
