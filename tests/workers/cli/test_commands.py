import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.settings import Settings
from tests.workers.cli.conftest import Yantu
from workers.cli.postgres import Postgres
from workers.cli.up import only_one

pytestmark = pytest.mark.usefixtures("kept_running")
DEAD = "postgresql://yantu:geheim@127.0.0.1:1/yantu"


@pytest.fixture(scope="module")
def kept_running(open_folder: Path) -> Iterator[None]:
    """The commands join a server that runs: starting it anew for each would only take time."""
    server = Postgres(open_folder / "data")
    server.start()
    yield
    server.stop()


def test_doctor_names_the_dead_database_without_its_password(yantu: Yantu) -> None:
    found = yantu("doctor", DATABASE_URL=DEAD)
    assert found.returncode == 1
    lines = dict(re.findall(r"^\w+ +(\w+) +(.*)$", found.stdout, re.MULTILINE))
    findings = {line.split()[1]: line.split()[0] for line in found.stdout.splitlines()}
    assert findings == {
        "python": "ok",
        "data": "ok",
        "secret": "ok",
        "mail": "ok",
        "database": "problem",
        "migrations": "problem",
        "redis": "ok",
    }
    assert lines["database"].startswith("PostgreSQL at postgresql://yantu@127.0.0.1:1/yantu does not let us in")
    assert "DATABASE_URL" in lines["database"]
    assert "geheim" not in found.stdout + found.stderr


def test_doctor_is_content_after_a_migration_and_not_before(yantu: Yantu) -> None:
    before = yantu("doctor")
    assert before.returncode == 1
    assert "run `yantu migrate`" in before.stdout
    migrated = yantu("migrate")
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert yantu("migrate").stdout == "nothing to do\n"
    after = yantu("doctor")
    assert "problem" not in after.stdout
    assert after.returncode == 0


def test_a_dead_database_is_a_sentence_not_a_trace(yantu: Yantu) -> None:
    failed = yantu("migrate", DATABASE_URL=DEAD)
    assert failed.returncode == 1
    assert failed.stderr.startswith("yantu: PostgreSQL at ")
    assert failed.stderr.count("\n") == 1


def test_a_backup_comes_back_whole_and_only_over_an_empty_database_or_by_force(yantu: Yantu, open_folder: Path) -> None:
    yantu("migrate")
    file = open_folder / "yantu.backup"
    assert yantu("backup", file).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600

    refused = yantu("restore", file)
    assert refused.returncode == 1
    assert re.fullmatch(
        r"yantu: The database is not empty \(\d+ tables\): --force replaces all that is in it\.\n", refused.stderr
    )
    assert yantu("restore", file, "--force").returncode == 0
    assert yantu("migrate").stdout == "nothing to do\n"


def test_a_restore_that_fails_changes_nothing(yantu: Yantu, open_folder: Path) -> None:
    yantu("migrate")
    file = open_folder / "cut.backup"
    yantu("backup", file)
    file.write_bytes(file.read_bytes()[:-2000])
    failed = yantu("restore", file, "--force")
    assert failed.returncode == 1
    assert yantu("migrate").stdout == "nothing to do\n"


def test_a_taken_port_is_named_with_its_owner_and_the_way_out(yantu: Yantu, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = yantu("up", YANTU_PORT=str(port))
    assert refused.returncode == 1
    assert re.match(rf"yantu: Port {port} on 127\.0\.0\.1 is taken by process {os.getpid()} \(.+\)\. ", refused.stderr)
    assert f"YANTU_PORT={port + 1}" in refused.stderr


def test_a_second_up_says_that_one_runs_already(yantu: Yantu, open_folder: Path) -> None:
    with only_one(Settings(data_dir=open_folder / "data")):
        refused = yantu("up")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"yantu: Yantu already runs on the data in {open_folder / 'data'} ")
    assert f"(process {os.getpid()}, port 8000)" in refused.stderr


def test_a_folder_that_cannot_be_written_is_named(yantu: Yantu, open_folder: Path) -> None:
    in_the_way = open_folder / "file"
    in_the_way.write_text("")
    refused = yantu("up", YANTU_DATA=str(in_the_way / "data"))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"yantu: {in_the_way / 'data'} cannot be written (")
    assert "YANTU_DATA" in refused.stderr


def test_a_wrong_setting_stops_with_its_name(yantu: Yantu) -> None:
    refused = yantu("doctor", YANTU_PORT="http")
    assert refused.returncode == 1
    assert refused.stderr.startswith("yantu: YANTU_PORT='http' cannot be read")
