"""Departments: founded by the operator of the installation, who stands above all staff."""

import re
from typing import Final

from events import database
from events.errors import Fault, Invalid, NotFound
from events.people.names import BadText, TextFault, clean_line

CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NAME_MOST, ENGLISH_MOST = 100, 200  # characters


async def found_department(code: str, name: str, name_en: str = "", parent: str | None = None) -> int:
    """The id of the department with this code, made if there is none; `parent` is a code.

    Raises Invalid, NotFound (no such parent).
    """
    problems = {field: fault for field, fault in faults(code, name, name_en).items() if fault}
    if problems:
        raise Invalid(problems)
    async with database.transaction():
        above = await department_with(parent) if parent else None
        await database.rows(
            """INSERT INTO department (code, name, name_en, parent) VALUES ($1, $2, $3, $4)
               ON CONFLICT (code) DO NOTHING""",
            code,
            clean_line(name, most=NAME_MOST),
            clean_line(name_en, most=ENGLISH_MOST),
            above,
        )
        return await department_with(code)


async def department_with(code: str) -> int:
    """Raises NotFound."""
    found: int | None = await database.value("SELECT id FROM department WHERE code = $1", code)
    if found is None:
        raise NotFound
    return found


def faults(code: str, name: str, name_en: str) -> dict[str, Fault | None]:
    return {
        "code": None if CODE.fullmatch(code) else Fault.BAD_CHARACTER,
        "name": line_fault(name, NAME_MOST, needed=True),
        "name_en": line_fault(name_en, ENGLISH_MOST),
    }


def line_fault(text: str, most: int, needed: bool = False) -> Fault | None:
    try:
        line = clean_line(text, most=most)
    except BadText as error:
        return Fault.TOO_LONG if error.reason is TextFault.TOO_LONG else Fault.BAD_CHARACTER
    return Fault.MISSING if needed and not line else None
