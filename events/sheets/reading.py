"""Reads a table that somebody uploaded, in a confined process, without holding up the event loop."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path, PurePath

from events.sheets.frames import FRAME_MOST, LENGTH_BYTES, Done, Frame, Opened, Refused, Rows, parse
from events.sheets.shapes import FILE_MOST, BadSheet, CellMark, Sheet, SheetReason, SheetRow

LASTS_MOST = 20.0  # seconds, from start to end of the reader
READERS_MOST = 2  # processes at once; others wait their turn
KINDS = {".xlsx": "xlsx", ".csv": "csv", ".txt": "csv", ".tsv": "csv"}
OTHER_KINDS = {".xls": SheetReason.OLD_XLS, ".xlsm": SheetReason.MACROS}
ROOT = Path(__file__).resolve().parents[2]  # what holds the package `events`

_DEATHS = {
    -signal.SIGXCPU: SheetReason.TOO_SLOW,
    -signal.SIGKILL: SheetReason.TOO_SLOW,
    -signal.SIGABRT: SheetReason.TOO_MUCH_MEMORY,
    -signal.SIGSEGV: SheetReason.TOO_MUCH_MEMORY,
}
_turn = asyncio.Semaphore(READERS_MOST)


async def read_table(content: bytes, filename: str) -> list[Sheet]:
    """The visible sheets of an XLSX file, or the one sheet, without a name, of a CSV file. Raises BadSheet.

    Kinds go by the name and must agree with the content. CSV may be UTF-8 or UTF-16, marked or not, or GB18030,
    separated by comma, semicolon or tab. Limits: 20 MB, 200,000 rows, 200 columns, 32,767 characters in a cell,
    20 seconds; of an XLSX also 50 MB unpacked, a ratio of 100 and 100 parts.
    """
    kind = _kind(content, filename)
    async with _turn:
        process = await _start(kind)
        try:
            async with asyncio.timeout(LASTS_MOST):
                return await _converse(process, content)
        except TimeoutError as error:
            raise BadSheet(SheetReason.TOO_SLOW) from error
        finally:
            await _end(process)


def _kind(content: bytes, filename: str) -> str:
    suffix = PurePath(filename).suffix.lower()
    if not content:
        raise BadSheet(SheetReason.EMPTY_FILE)
    if len(content) > FILE_MOST:
        raise BadSheet(SheetReason.FILE_TOO_LARGE, f"{len(content):,}")
    if suffix not in KINDS:
        raise BadSheet(OTHER_KINDS.get(suffix, SheetReason.UNKNOWN_KIND), suffix)
    return KINDS[suffix]


async def _start(kind: str) -> Process:
    # an environment of its own: what the file takes over must find neither passwords nor keys
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
    command = (sys.executable, "-P", "-m", "events.sheets.child", kind)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment)


async def _converse(process: Process, content: bytes) -> list[Sheet]:
    assert process.stdin is not None
    with suppress(
        BrokenPipeError, ConnectionResetError
    ):  # it has refused already, or died: its frames or its end say so
        process.stdin.write(content)
        await process.stdin.drain()
        process.stdin.close()
    sheets: list[Sheet] = []
    while True:
        match await _next_frame(process):
            case Opened(name):
                rows: list[SheetRow] = []
                marks: dict[tuple[int, int], CellMark] = {}
                sheets.append(Sheet(name, rows, marks))
            case Rows(more, marked):
                rows += more
                marks.update({(line, column): mark for line, column, mark in marked})
            case Refused(reason, detail):
                raise BadSheet(reason, detail)
            case Done():
                return sheets


async def _next_frame(process: Process) -> Frame:
    assert process.stdout is not None
    try:
        length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES))
        if length > FRAME_MOST:
            raise BadSheet(SheetReason.BROKEN, "reader")
        return parse(await process.stdout.readexactly(length))
    except asyncio.IncompleteReadError as error:
        raise BadSheet(_DEATHS.get(await process.wait(), SheetReason.BROKEN)) from error


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
