"""Is the port free, and if not, who has it?"""

import errno
import os
import re
import socket
from pathlib import Path

from workers.cli.problem import Problem

LISTENING = "0A"


def require_free(host: str, port: int) -> None:
    """Raises Problem when nothing of ours could listen there, saying why and what to do."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
    except OSError as error:
        raise Problem(_why(host, port, error)) from error


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken{_by(port)}. Stop it, or choose another port: YANTU_PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have. Choose one from 1024 on: YANTU_PORT=8000"
    return f"{host} is no address of this machine ({error.strerror}). Correct YANTU_HOST."


def _by(port: int) -> str:
    pid = owner(port)
    if not pid:
        return ""
    command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return f" by process {pid} ({command[:60]})"


def owner(port: int) -> int | None:
    """The process that listens on a port, where /proc tells us."""
    inodes = {f"socket:[{inode}]" for inode in _listening(port)}
    for link in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        try:
            if os.readlink(link) in inodes:
                return int(link.parts[2])
        except OSError:
            continue
    return None


def _listening(port: int) -> list[str]:
    tables = [Path(f"/proc/net/{name}") for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    return [each[9] for each in lines if each[3] == LISTENING and re.fullmatch(rf"\w+:{port:04X}", each[1])]
