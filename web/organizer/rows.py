"""Lists in a form: fields named `pools.0.name`, `pools.1.name`, …, with blank rows at the end to be filled."""

import re
from collections.abc import Callable, Mapping

from litestar.datastructures import FormMultiDict

from web.forms import Form

ROWS_MOST = 200  # more than any list may hold; what is past it is not read
Row = dict[str, list[str]]


def rows_of(form: Form, prefix: str) -> list[Row]:
    """The rows in the order of their numbers: values by the field's name without prefix and number."""
    pattern = re.compile(rf"{re.escape(prefix)}\.(\d{{1,3}})\.(.+)")
    found: dict[int, Row] = {}
    for name, value in form.fields.multi_items():
        match = pattern.fullmatch(name)
        if match and isinstance(value, str) and int(match[1]) < ROWS_MOST:
            found.setdefault(int(match[1]), {}).setdefault(match[2], []).append(value)
    return [found[number] for number in sorted(found)]


def one(row: Mapping[str, list[str]], name: str) -> str:
    return row.get(name, [""])[-1].strip()


def kept(form: Form, prefix: str, is_blank: Callable[[Row], bool]) -> list[Row]:
    """Without the rows that were left blank or ticked away."""
    return [row for row in rows_of(form, prefix) if not is_blank(row) and one(row, "remove") != "1"]


def renumbered(form: Form, prefix: str, rows: list[Row]) -> Form:
    """The form as if sent with these rows only, counted from 0: its faults then name what is shown again."""
    others = [(name, value) for name, value in form.fields.multi_items() if not name.startswith(f"{prefix}.")]
    fields = [
        (f"{prefix}.{number}.{name}", value)
        for number, row in enumerate(rows)
        for name, values in row.items()
        for value in values
    ]
    return Form(FormMultiDict([*others, *fields]), form.zone)
