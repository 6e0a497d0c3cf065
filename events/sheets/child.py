"""The confined reader: a process of its own, with little memory and time and no secrets, that reads one file from its
standard input and says what it found on its standard output. Run as `python -m events.sheets.child xlsx`.
"""

import resource
import sys
from collections.abc import Callable, Iterator

from events.sheets.delimited import read_delimited
from events.sheets.frames import Done, Mark, Opened, Refused, Rows, send
from events.sheets.lines import Limits, Source
from events.sheets.shapes import BadSheet, SheetReason, SheetRow
from events.sheets.workbook import read_workbook

MEMORY_MOST = 256 << 20  # bytes of address space; the largest file within the other limits took 142 MB
CPU_MOST = 15  # seconds
OPEN_FILES_MOST = 16
BATCH = 100_000  # characters of a batch of rows, about

READERS: dict[str, Callable[[bytes], Iterator[Source]]] = {"xlsx": read_workbook, "csv": read_delimited}


def main() -> None:
    confine()
    out = sys.stdout.buffer
    try:
        tell(READERS[sys.argv[1]](sys.stdin.buffer.read()))
        send(Done(), out)
    except BadSheet as refusal:
        send(Refused(refusal.reason, refusal.detail), out)
    except MemoryError:
        send(Refused(SheetReason.TOO_MUCH_MEMORY, ""), out)
    out.flush()


def confine() -> None:
    """Before the first byte of the file is read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MOST, CPU_MOST + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES_MOST, OPEN_FILES_MOST))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tell(sources: Iterator[Source]) -> None:
    limits = Limits()
    for source in sources:
        send(Opened(source.name), sys.stdout.buffer)
        tell_lines(source, limits)
    if not limits.rows:
        raise BadSheet(SheetReason.NO_ROWS)


def tell_lines(source: Source, limits: Limits) -> None:
    rows: list[SheetRow] = []
    marks: list[Mark] = []
    sent = limits.characters
    for line in limits.keep(source.lines):
        rows.append(SheetRow(line.number, tuple(line.cells)))
        marks += [(line.number, column, mark) for column, mark in line.marks.items()]
        if limits.characters - sent > BATCH:
            send(Rows(rows, marks), sys.stdout.buffer)
            rows, marks, sent = [], [], limits.characters
    send(Rows(rows, marks), sys.stdout.buffer)


if __name__ == "__main__":
    main()
