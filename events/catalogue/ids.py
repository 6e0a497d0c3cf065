"""Ids as they come from addresses: any number at all."""

from events.errors import NotFound

HIGHEST_ID = 2**31 - 1  # of a PostgreSQL integer


def known_id(number: int) -> int:
    """The id, if a row could have it. Raises NotFound."""
    if not 0 < number <= HIGHEST_ID:
        raise NotFound
    return number
