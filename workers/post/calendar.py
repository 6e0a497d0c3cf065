"""The calendar part of a letter. The students of one session get the same but for three addresses in it.

To build a calendar takes a millisecond, and ten thousand reminders want to be gone in ten seconds: it is built once for
each session, with stand-ins, and the lines that hold one are filled in for each student.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from events.catalogue.calendar import CalendarEntry, invitation

FORMS_KEPT: Final = 256
LINE_MOST: Final = 75  # octets without the line end, RFC 5545 §3.1
# Stand-ins hold nothing that a calendar escapes.
UID, ATTENDEE, URL = "uid-stand-in", "attendee@stand-in.invalid", "https://url-stand-in.invalid"
_FOLD: Final = re.compile(r"\r\n[ \t]")


def calendar_part(entry: CalendarEntry) -> bytes:
    """As `invitation(entry)`, folded elsewhere perhaps. Address and url must be free of what it would escape."""
    given = {UID: entry.uid, ATTENDEE: entry.attendee_email or "", URL: entry.url}
    description = entry.description.replace(entry.url, URL)
    form = form_of(replace(entry, uid=UID, attendee_email=ATTENDEE, url=URL, description=description))
    return b"".join(filled(piece, given) for piece in form)


@lru_cache(maxsize=FORMS_KEPT)
def form_of(entry: CalendarEntry) -> tuple[str | bytes, ...]:
    """Unfolded lines that hold a stand-in, as text; what is between them, as it goes out. Raises ValueError."""
    pieces: list[str | bytes] = []
    for line in _FOLD.sub("", invitation(entry).decode()).split("\r\n")[:-1]:
        if any(mark in line for mark in (UID, ATTENDEE, URL)):
            pieces.append(line)
        elif pieces and isinstance(pieces[-1], bytes):
            pieces[-1] += folded(line)
        else:
            pieces.append(folded(line))
    return tuple(pieces)


def filled(piece: str | bytes, given: Mapping[str, str]) -> bytes:
    if isinstance(piece, bytes):
        return piece
    for mark, value in given.items():
        piece = piece.replace(mark, value)
    return folded(piece)


def folded(line: str) -> bytes:
    """A line with its end, continued on lines that begin with a space; no character is cut in two."""
    raw, parts = line.encode(), []
    while len(raw) > LINE_MOST:
        cut = LINE_MOST
        while raw[cut] & 0xC0 == 0x80:  # the middle of a character in UTF-8
            cut -= 1
        parts.append(raw[:cut] + b"\r\n")
        raw = b" " + raw[cut:]
    return b"".join([*parts, raw, b"\r\n"])
