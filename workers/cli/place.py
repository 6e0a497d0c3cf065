"""Where the embedded servers keep their things, so that the account they run under can reach them.

As root the servers run as somebody else. No folder outside our own is ever opened for that: when the
data folder cannot be reached by that account, the servers live under /var/lib/yantu instead, and a
note in the data folder says where.
"""

import errno
import hashlib
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workers.cli.account import Account, account_for
from workers.cli.launch import run_as
from workers.cli.problem import Problem, ServerError

ELSEWHERE = Path("/var/lib/yantu")
NOTE = "postgres.path"
PASSABLE = 0o711  # others may pass through to what is open to them, and see nothing
PRIVATE = 0o700
LONGEST_SOCKET = 107  # bytes of a Unix socket's path, see unix(7)
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"
PLAIN_PATH = re.compile(r"[\w./+-]+", re.ASCII)  # a comma or a blank has a meaning in connection strings


@dataclass(frozen=True)
class Place:
    data: Path  # the operator's folder: locks, logs, secret
    home: Path  # the servers' folder: the same one, unless their account cannot reach it
    account: Account | None  # whom the servers run as; None: we ourselves

    def log(self, server: str) -> Path:
        return self.data / "logs" / f"{server}.log"

    def owned_folder(self, folder: Path, mode: int = PRIVATE, group: int | None = None) -> Path:
        """Makes a folder that belongs to the servers' account, or gives it to that account."""
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid if group is None else group)
        folder.chmod(mode)
        return folder

    def socket_folder(self) -> Path:
        """A folder for sockets that only the servers' account and our own group may open; short enough, always."""
        folder = self.home / "run"
        too_long = len(os.fsencode(folder)) + len(LONGEST_SOCKET_NAME) > LONGEST_SOCKET
        if too_long or not PLAIN_PATH.fullmatch(str(folder)):
            folder = _short_folder(self.home, self.account)
        if self.account:
            return self.owned_folder(folder, 0o770, group=os.getegid())
        return self.owned_folder(folder)


def settle(data: Path, elsewhere: Path = ELSEWHERE) -> Place:
    """Makes the data folder and decides where the servers live. Raises ServerError or Problem."""
    data = data.resolve()
    make_data_folder(data)
    noted = _noted_home(data)
    account = account_for((noted or data) / "postgres")
    if account is None or (noted is None and _reaches(account, data)):
        return Place(data, data, account)
    if noted is None and (data / "postgres").exists():
        raise ServerError(
            f"PostgreSQL runs as {account.name}, and {account.name} can no longer reach {data}: "
            "let it pass through the folders above (chmod o+x), or run as a user that is not root."
        )
    return Place(data, noted or _move_out(data, elsewhere), account)


def make_data_folder(data: Path) -> None:
    """Makes the data folder, passable for the servers' account when we are root. Raises Problem."""
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        if not data.exists():
            data.mkdir()
            data.chmod(PASSABLE if os.geteuid() == 0 else PRIVATE)
        with tempfile.TemporaryFile(dir=data) as trial:
            trial.write(b"yantu")
    except OSError as error:
        raise Problem(cannot_write(data, error)) from error


def cannot_write(path: Path, error: OSError) -> str:
    """A sentence that says which folder cannot be written, why, and what to do."""
    remedy = {
        errno.ENOSPC: "Free some space",
        errno.EDQUOT: "Free some of your quota",
        errno.EROFS: "The file system is read-only",
    }.get(error.errno or 0, "Give this user the right to write there")
    return f"{path} cannot be written ({error.strerror}). {remedy}, or choose another folder with YANTU_DATA."


def _noted_home(data: Path) -> Path | None:
    note = data / NOTE
    if not note.exists():
        return None
    home = Path(note.read_text(encoding="utf-8").strip())
    if not home.is_dir():
        raise ServerError(
            f"{note} says that the PostgreSQL data are in {home}, and that folder is gone: "
            "bring it back, or delete the note to begin with an empty database."
        )
    return home


def _reaches(account: Account, folder: Path) -> bool:
    return run_as(account, ["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0


def _move_out(data: Path, elsewhere: Path) -> Path:
    home = elsewhere / hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    try:
        for folder in (elsewhere, home):
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(PASSABLE)
    except OSError as error:
        raise Problem(cannot_write(home, error)) from error
    (data / NOTE).write_text(f"{home}\n", encoding="utf-8")
    return home


def _short_folder(home: Path, account: Account | None) -> Path:
    folder = _runtime_folder() / f"yantu-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    found = folder.lstat()
    owners = {os.geteuid(), account.uid if account else os.geteuid()}
    # /tmp is everybody's: a folder that somebody else put there could hold a false server.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o007:
        raise ServerError(f"{folder} is not ours alone: remove it, and start again.")
    return folder


def _runtime_folder() -> Path:
    wished = Path("/run") if os.geteuid() == 0 else Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    usable = wished.is_dir() and os.access(wished, os.W_OK) and len(os.fsencode(wished)) < LONGEST_SOCKET // 2
    return wished if usable else Path("/tmp")  # noqa: S108 - the folder made in it is checked
