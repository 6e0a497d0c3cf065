"""Who uses a server right now, told by file locks: they end with the process, even one that was killed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lease:
    """One share in a server. The last one to give its share back is the one that stops the server."""

    def __init__(self, folder: Path, server: str) -> None:
        self._turn, self._share = folder / f"{server}.turn", folder / f"{server}.users"
        self._held: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Only one process at a time starts or stops the server; others wait here."""
        with locked(self._turn):
            yield

    def take(self) -> None:
        if self._held is None:
            self._held = os.open(self._share, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_SH)

    def give_back(self) -> bool:
        """Gives the share back; True when nobody else holds one. Call it within a turn."""
        self.take()
        held, self._held = self._held, None
        assert held is not None
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(held)
        return True


@contextmanager
def locked(file: Path, wait: bool = True) -> Iterator[int]:
    """Holds a lock on a file and gives its descriptor. Raises BlockingIOError when it is held and we do not wait."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    finally:
        os.close(descriptor)
