"""One way into the demo for each role, as a table."""

import unicodedata
from collections.abc import Iterable, Sequence

from events.settings import Settings

HEADINGS = ("Role", "Name", "Sign in with")


def show_sign_ins(settings: Settings) -> None:
    """Prints who may sign in to the demo, and where the codes are read."""
    from events.seeds import demo_sign_ins

    print(
        f"\n{table([HEADINGS, *demo_sign_ins()])}\n\nCodes are read at {settings.base_url}/dev/inbox\n",
        flush=True,
    )


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows as text with aligned columns; a Chinese character is two columns wide."""
    rows = [tuple(map(str, row)) for row in rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "   ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
