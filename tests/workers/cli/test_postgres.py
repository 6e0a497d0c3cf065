import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from workers.cli import postgres as postgres_module
from workers.cli.launch import is_running
from workers.cli.postgres import Postgres
from workers.cli.problem import ServerError

JOIN_AND_WAIT = """
import sys
from pathlib import Path
from workers.cli.postgres import Postgres
server = Postgres(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.read()
server.stop()
"""


async def ask(server: Postgres, statement: str) -> object:
    line = await asyncpg.connect(server.url)
    try:
        return await line.fetchval(statement)
    finally:
        await line.close()


def modes_above(folder: Path) -> dict[Path, int]:
    return {each: each.stat().st_mode for each in folder.parents}


async def test_data_are_found_again_after_a_stop_and_a_start(postgres: Postgres) -> None:
    assert postgres.start() == postgres.url
    await ask(postgres, "CREATE TABLE kept AS SELECT 42 AS number")
    pid = postgres.pid
    postgres.stop()
    assert not is_running(pid, str(postgres.cluster))

    postgres.start()
    assert await ask(postgres, "SELECT number FROM kept") == 42


async def test_a_commit_survives_a_kill_of_the_server(postgres: Postgres) -> None:
    postgres.start()
    await ask(postgres, "CREATE TABLE promised AS SELECT 7 AS number")
    os.kill(postgres.pid, signal.SIGKILL)

    postgres.start()
    assert await ask(postgres, "SELECT number FROM promised") == 7


async def test_a_stale_process_id_is_no_obstacle_even_if_that_process_lives(postgres: Postgres) -> None:
    postgres.start()
    postgres.stop()
    note = postgres.cluster / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{postgres.cluster}\n1\n5432\n/nowhere\n\n\nready   \n")
    assert not postgres.is_running()

    postgres.start()
    assert postgres.pid != os.getpid()
    assert await ask(postgres, "SELECT 1") == 1


async def test_commits_are_always_synchronous_and_nobody_listens_on_a_port(postgres: Postgres) -> None:
    postgres.start()
    await ask(postgres, "ALTER SYSTEM SET synchronous_commit = off")
    await ask(postgres, "ALTER SYSTEM SET listen_addresses = '*'")
    postgres.stop()

    postgres.start()
    assert await ask(postgres, "SHOW synchronous_commit") == "on"
    assert await ask(postgres, "SHOW fsync") == "on"
    assert await ask(postgres, "SHOW listen_addresses") == ""
    assert await ask(postgres, "SHOW data_checksums") == "on"
    assert await ask(postgres, "SHOW server_encoding") == "UTF8"
    assert await ask(postgres, "SELECT upper('é')") == "É"


def test_only_our_own_group_can_open_the_folder_of_the_socket(postgres: Postgres) -> None:
    postgres.start()
    folder = Path(postgres.url.partition("host=")[2].partition("&")[0])
    assert (folder / ".s.PGSQL.5432").is_socket()
    assert folder.stat().st_mode & 0o007 == 0
    assert folder.stat().st_gid in (os.getegid(), *os.getgroups())


def test_the_server_is_never_root_and_no_folder_above_is_loosened(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    elsewhere = Path("/var/lib") / f"yantu-test-{os.getpid()}"
    before = modes_above(closed / "data") | modes_above(elsewhere)
    server = Postgres(closed / "data", elsewhere=elsewhere)
    try:
        server.start()
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        assert owner != 0
        assert server.cluster.stat().st_mode & 0o777 == 0o700
        assert server.cluster.stat().st_uid == owner
        assert modes_above(closed / "data") | modes_above(elsewhere) == before
        moved_out = os.geteuid() == 0
        assert (server.place.home.parent == elsewhere) is moved_out
        assert (server.place.data / "postgres.path").exists() is moved_out
        assert Postgres(closed / "data", elsewhere=tmp_path / "other").cluster == server.cluster
    finally:
        server.stop()
        shutil.rmtree(elsewhere, ignore_errors=True)


def test_a_long_path_gets_a_short_socket_that_is_not_open_to_others(open_folder: Path) -> None:
    server = Postgres(open_folder / ("长" * 40) / "data")
    try:
        assert server.start() == Postgres(open_folder / ("长" * 40) / "data").url
        folder = Path(server.url.partition("host=")[2].partition("&")[0])
        assert len(bytes(folder / ".s.PGSQL.5432")) <= 107
        assert folder.stat().st_mode & 0o007 == 0
    finally:
        server.stop()
    shutil.rmtree(folder)


def test_two_starts_at_once_share_one_server_until_the_last_one_leaves(open_folder: Path) -> None:
    data = open_folder / "shared"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", JOIN_AND_WAIT, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    server = Postgres(data)
    urls = {each.stdout.readline().strip() for each in both if each.stdout}
    assert urls == {server.url}
    pid = server.pid

    both[0].communicate()
    assert server.is_running()
    assert server.pid == pid

    both[1].communicate()
    assert not server.is_running()
    assert [each.returncode for each in both] == [0, 0]


def test_a_start_that_was_killed_halfway_leaves_nothing_in_the_way(open_folder: Path) -> None:
    server = Postgres(open_folder / "halfway")
    half = server.place.owned_folder(server.place.home / "postgres.new")
    (half / "PG_VERSION").write_text("18\n")
    try:
        assert server.start() == server.url
    finally:
        server.stop()
    assert not half.exists()


def test_a_disk_without_space_is_named_before_anything_is_created(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "SPACE_TO_BEGIN", 10**12)
    server = Postgres(open_folder / "full")
    with pytest.raises(
        ServerError, match=r"PostgreSQL needs 1000000000000 MiB of free disk under .*/full, and \d+ MiB"
    ):
        server.start()
    assert not server.cluster.exists()


def test_data_of_another_version_are_refused_and_left_alone(open_folder: Path) -> None:
    server = Postgres(open_folder / "old")
    (server.place.owned_folder(server.cluster) / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerError, match=r"written by PostgreSQL 16; this is PostgreSQL 18"):
        server.start()
    assert [each.name for each in server.cluster.iterdir()] == ["PG_VERSION"]


def test_a_server_that_does_not_start_shows_its_last_words(open_folder: Path) -> None:
    server = Postgres(open_folder / "broken")
    (server.place.owned_folder(server.cluster) / "PG_VERSION").write_text("18\n")
    with pytest.raises(ServerError, match=r"(?s)PostgreSQL did not start\..*postgres\.log.*postgresql\.conf"):
        server.start()
