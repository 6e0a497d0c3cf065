import os
from pathlib import Path

import pytest

from workers.cli.launch import run_as
from workers.cli.place import Place, settle
from workers.cli.problem import ServerError
from workers.cli.programs import package_folder, runnable


def closed_package(folder: Path) -> Path:
    """A package whose program needs a library beside the package, as auditwheel arranges it."""
    package = folder / "closed" / "server"
    (package / "install" / "bin").mkdir(parents=True)
    (package.parent / "server.libs").mkdir()
    (package.parent / "server.libs" / "library").write_text("kept")
    (package.parent / "server.libs" / "library").chmod(0o600)
    program = package / "install" / "bin" / "server"
    program.write_text('#!/bin/sh\ncat "${0%/*}/../../../server.libs/library"\n')
    program.chmod(0o700)
    package.parent.chmod(0o700)
    return package


@pytest.fixture
def place(open_folder: Path) -> Place:
    return settle(open_folder / "data")


def test_programs_that_the_servers_account_cannot_reach_are_copied_once(place: Place, tmp_path: Path) -> None:
    package = closed_package(tmp_path)
    found = runnable(place, package, "install", "bin/server")
    assert (found != package / "install") is (os.geteuid() == 0)
    assert run_as(place.account, [found / "bin" / "server"]).stdout == "kept"
    made = found.stat().st_ino
    assert runnable(place, package, "install", "bin/server").stat().st_ino == made
    assert package.parent.stat().st_mode & 0o777 == 0o700


def test_a_missing_package_names_the_variable_that_would_do_instead() -> None:
    with pytest.raises(ServerError, match=r"^Valkey is missing: install no_such_package, or .* in REDIS_URL\.$"):
        package_folder("no_such_package", "Valkey", "REDIS_URL")
