"""Reads a form field by field and collects what is wrong, so that people see everything at once."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile

from events.errors import Fault, Invalid
from events.people.names import BadText, clean_line
from web.session import form_of, settings_of

Choice = TypeVar("Choice", bound=StrEnum)
Instead = TypeVar("Instead")
LARGEST_NUMBER = 2**31 - 1
LONGEST_TEXT = 20_000  # characters of a text of several lines


class Form:
    """The fields of one submission. Each reader returns a value of its type or notes a Fault for the field.

    `check()` raises Invalid with all faults; `values` are the raw strings, to fill the form in again.
    """

    def __init__(self, fields: FormMultiDict, zone: ZoneInfo) -> None:
        self.fields = fields
        self.zone = zone
        self.problems: dict[str, Fault] = {}

    @property
    def values(self) -> dict[str, str]:
        return {name: value for name, value in self.fields.multi_items() if isinstance(value, str)}

    def raw(self, name: str) -> str:
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""

    def line(self, name: str, *, most: int, required: bool = True) -> str:
        """One line, cleaned; what consists of blanks and marks of no width counts as empty."""
        try:
            text = clean_line(self.raw(name), most=most)
        except BadText:
            fault = Fault.TOO_LONG if len(self.raw(name)) > most else Fault.BAD_CHARACTER
            return self.wrong(name, fault, "")
        return self.wrong(name, Fault.MISSING, "") if required and not text else text

    def text(self, name: str, *, most: int = LONGEST_TEXT, required: bool = False) -> str:
        """Several lines; line ends become \\n."""
        text = self.raw(name).replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(text) > most:
            return self.wrong(name, Fault.TOO_LONG, "")
        if any(ord(mark) < 32 and mark not in "\n\t" for mark in text):
            return self.wrong(name, Fault.BAD_CHARACTER, "")
        return self.wrong(name, Fault.MISSING, "") if required and not text else text

    def number(self, name: str, *, least: int, most: int = LARGEST_NUMBER, required: bool = True) -> int | None:
        """A whole number in ASCII digits."""
        text = self.raw(name).strip()
        if not text:
            return self.wrong(name, Fault.MISSING, None) if required else None
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 12):
            return self.wrong(name, Fault.NOT_A_NUMBER, None)
        value = int(text)
        if value < least:
            return self.wrong(name, Fault.TOO_LOW, None)
        return self.wrong(name, Fault.TOO_HIGH, None) if value > most else value

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        try:
            return kind(self.raw(name))
        except ValueError:
            return self.wrong(name, Fault.NOT_AN_OPTION if self.raw(name) else Fault.MISSING, None)

    def moment(self, name: str, *, required: bool = True) -> datetime | None:
        """The value of a datetime-local input, in the site's zone."""
        text = self.raw(name).strip()
        if not text:
            return self.wrong(name, Fault.MISSING, None) if required else None
        try:
            value = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=self.zone)
        except ValueError:
            return self.wrong(name, Fault.NOT_A_DATE, None)
        return value if 2000 <= value.year <= 2100 else self.wrong(name, Fault.NOT_A_DATE, None)

    def day(self, name: str, *, required: bool = True) -> date | None:
        text = self.raw(name).strip()
        if not text:
            return self.wrong(name, Fault.MISSING, None) if required else None
        try:
            value = date.fromisoformat(text)
        except ValueError:
            return self.wrong(name, Fault.NOT_A_DATE, None)
        return value if 2000 <= value.year <= 2100 else self.wrong(name, Fault.NOT_A_DATE, None)

    def ticked(self, name: str) -> bool:
        return self.raw(name) in ("1", "on", "true")

    def several(self, name: str) -> list[str]:
        return [value for value in self.fields.getall(name, []) if isinstance(value, str)]

    def upload(self, name: str) -> UploadFile | None:
        value = self.fields.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def wrong(self, name: str, fault: Fault, instead: Instead) -> Instead:
        self.problems.setdefault(name, fault)
        return instead

    def check(self) -> None:
        if self.problems:
            raise Invalid(self.problems)


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """The submitted form. Raises ClientException for a body that is none."""
    return Form(await form_of(request), settings_of(request).time_zone)
