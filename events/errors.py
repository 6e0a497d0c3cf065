"""What an action or a query may raise. Reasons are for machines; their sentences live with the pages."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class YantuError(Exception):
    """The root: everything that a door turns into an answer."""


class NotFound(YantuError):
    """Absent, or not for this viewer: the two look the same."""


class Refused(YantuError):
    """A rule says no. `detail` holds plain values for the sentence, such as a time or a number."""

    def __init__(self, reason: StrEnum, **detail: Any) -> None:
        super().__init__(f"{type(reason).__name__}.{reason.name}")
        self.reason = reason
        self.detail = detail


class Fault(StrEnum):
    """Why a value in a form cannot be taken."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_AN_OPTION = "not_an_option"
    BAD_CHARACTER = "bad_character"
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    BAD_FILE = "bad_file"
    BEFORE_START = "before_start"
    AFTER_START = "after_start"
    AFTER_END = "after_end"
    BEFORE_OPENING = "before_opening"
    IN_THE_PAST = "in_the_past"
    BELOW_TAKEN = "below_taken"
    NO_END = "no_end"
    TOO_MANY = "too_many"
    ALREADY_USED = "already_used"


class Invalid(YantuError):
    """Input cannot be taken; nothing was changed. `problems` maps a field to its fault."""

    def __init__(self, problems: Mapping[str, Fault], **detail: Any) -> None:
        super().__init__(", ".join(f"{field}: {fault}" for field, fault in problems.items()))
        self.problems = dict(problems)
        self.detail = detail


class Stale(YantuError):
    """Somebody changed the thing since the form was opened. `version` is today's."""

    def __init__(self, version: int) -> None:
        super().__init__(f"now at version {version}")
        self.version = version


class NeedsConfirmation(YantuError):
    """The change touches people who already booked: ask first, with these numbers."""

    def __init__(self, **affected: Any) -> None:
        super().__init__(str(affected))
        self.affected = affected


class Busy(YantuError):
    """Too much is waiting; try again after `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after:.1f} s")
        self.retry_after = retry_after
