"""`yantu backup` and `yantu restore`: the whole database in one file of pg_dump's custom format."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

from events.settings import Settings
from workers.cli.place import cannot_write
from workers.cli.postgres import TREE, wheel
from workers.cli.problem import Problem
from workers.cli.reach import connection
from workers.cli.up import only_one

# The old content goes and the new one comes in one transaction: a restore that fails changes nothing.
BEGIN = b"SET lock_timeout = '5s'; BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
COMMIT = b"\nCOMMIT;\n"


def backup(settings: Settings, file: Path) -> None:
    """Writes a backup for its owner's eyes only; an old file of that name stays until the new one is whole."""
    half = file.with_name(f".{file.name}.part")
    try:
        half.unlink(missing_ok=True)
        half.touch(mode=0o600)
        _succeed("pg_dump", "-Fc", "--no-owner", "--no-acl", "-f", half, "-d", settings.database_url)
        half.replace(file)
    except OSError as error:
        raise Problem(cannot_write(file.parent.absolute(), error)) from error
    finally:
        half.unlink(missing_ok=True)


def restore(settings: Settings, file: Path, force: bool) -> None:
    """Replaces the whole database by a backup, or changes nothing. Raises Problem.

    Refuses a database that holds tables, unless forced, and one that a running `yantu up` uses.
    """
    if not file.is_file():
        raise Problem(f"{file} is not there.")
    _succeed("pg_restore", "--list", file)
    with only_one(settings):
        if (tables := asyncio.run(_tables(settings))) and not force:
            raise Problem(f"The database is not empty ({tables} tables): --force replaces all that is in it.")
        _replace(settings, file)


async def _tables(settings: Settings) -> int:
    async with connection(settings.database_url) as line:
        return int(await line.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))


def _replace(settings: Settings, file: Path) -> None:
    reading = [_program("pg_restore"), "--no-owner", "--no-acl", "-f", "-", str(file)]
    writing = [_program("psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-d", settings.database_url]
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE) as source,  # noqa: S603 - every command is ours
        subprocess.Popen(  # noqa: S603
            writing, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as target,
    ):
        assert source.stdout
        assert target.stdin
        assert target.stderr
        try:
            target.stdin.write(BEGIN)
            shutil.copyfileobj(source.stdout, target.stdin)
            if source.wait() == 0:
                target.stdin.write(COMMIT)
            target.stdin.close()
        except BrokenPipeError:
            source.kill()
        said = target.stderr.read().decode(errors="replace").strip()
    if source.returncode or target.returncode:
        raise Problem(f"The restore failed and nothing was changed. {said}")


def _succeed(program: str, *arguments: str | Path) -> None:
    done = subprocess.run(  # noqa: S603 - every command is ours
        [_program(program), *map(str, arguments)], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise Problem(f"{program} failed: {done.stderr.strip()}")


def _program(name: str) -> str:
    return os.fspath(wheel() / TREE / "bin" / name)
