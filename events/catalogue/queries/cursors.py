"""Where the next page of a list begins: the sort key of the last row shown."""

from datetime import UTC, datetime, timedelta

from events.catalogue.ids import HIGHEST_ID
from events.errors import Fault, Invalid

LARGEST_PAGE = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = 40  # characters


def cursor_of(moment: datetime, row_id: int) -> str:
    return f"{(moment - EPOCH) // timedelta(microseconds=1)}-{row_id}"


def read_cursor(text: str) -> tuple[datetime, int]:
    """Raises Invalid on `cursor`."""
    moment, _, row_id = text.partition("-")
    return EPOCH + timedelta(microseconds=whole(moment, 2**53)), whole(row_id, HIGHEST_ID)


def whole(text: str, highest: int) -> int:
    """An ASCII number from 0 to `highest`. Raises Invalid on `cursor`."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST and int(text) <= highest):
        raise Invalid({"cursor": Fault.NOT_AN_OPTION})
    return int(text)


def page_size(wanted: int) -> int:
    return max(1, min(wanted, LARGEST_PAGE))
