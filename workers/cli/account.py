"""Whose name the embedded servers run under: PostgreSQL refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from workers.cli.problem import ServerError

UNPRIVILEGED = ("postgres", "nobody")  # existing accounts, in order of preference; we create none


class RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def run_as(self) -> RunAs:
        """Keyword arguments of `subprocess` that give up root for this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(existing_data: Path) -> Account | None:
    """Who runs the servers; None means: we ourselves, because we are not root.

    As root, data that are already there keep their owner. Raises ServerError.
    """
    owner = existing_data.stat().st_uid if existing_data.exists() else None
    if os.geteuid() != 0:
        _must_be_ours(existing_data, owner)
        return None
    names = UNPRIVILEGED if owner in (None, 0) else (_name_of(owner),)
    for name in names:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise ServerError(f"As root, PostgreSQL needs another account to run under: none of {', '.join(names)} exists.")


def _must_be_ours(existing_data: Path, owner: int | None) -> None:
    if owner not in (None, os.geteuid()):
        raise ServerError(
            f"The PostgreSQL data in {existing_data} belong to {_name_of(owner)}: "
            "run as that account or as root, or choose another folder with YANTU_DATA."
        )


def _name_of(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"the account number {uid}"
