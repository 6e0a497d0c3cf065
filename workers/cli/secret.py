"""The secret that signs forms and seals keys, made once when none is given."""

import secrets
from pathlib import Path

from workers.cli.lease import locked

BYTES = 32


def secret_of(data: Path) -> str:
    """The secret kept in the data folder; the first of all callers makes it."""
    file = data / "secret"
    with locked(file):  # the lock also makes the file, for nobody else's eyes
        kept = file.read_text(encoding="ascii").strip()
        if not kept:
            kept = secrets.token_urlsafe(BYTES)
            file.write_text(f"{kept}\n", encoding="ascii")
    return kept
