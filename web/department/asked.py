"""What the address of a counts page asks for."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request
from litestar.params import FromPath, FromQuery

from events.counts.figures import By, CutScope
from events.errors import Fault, NotFound
from web.department.periods import Days, Period, days_of, typed_days
from web.session import settings_of


@dataclass(frozen=True)
class Asked:
    """problems: faults of typed days; while there are any, `days` are those of the year and nothing is counted."""

    department_id: int
    period: Period
    days: Days
    by: By
    programme_id: int | None
    kind: str
    everything: bool
    since: str
    until: str
    problems: dict[str, Fault]

    @property
    def scope(self) -> CutScope:
        return CutScope(self.department_id, self.days.first, self.days.last, self.programme_id, self.kind or None)

    def address(self, suffix: str = "", **other: Any) -> str:
        """The same question with some of it changed; None takes a part away."""
        query: dict[str, Any] = {"period": self.period.value, "by": self.by.value}
        if self.period is Period.CUSTOM:
            query |= {"since": self.since, "until": self.until}
        query |= {"programme": self.programme_id, "kind": self.kind} | other
        return f"/department/{self.department_id}{suffix}?" + urlencode(
            {key: each for key, each in query.items() if each}
        )


def provide_asked(
    request: Request[Any, Any, Any],
    department_id: FromPath[int],
    period: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    by: FromQuery[str] = "",
    programme: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    all: FromQuery[str] = "",
) -> Asked:
    """Words that are not known fall back on the usual; a programme that is no number is not found."""
    today = datetime.now(settings_of(request).time_zone).date()
    chosen = Period(period) if period in list(Period) else Period.YEAR
    asked = Asked(
        department_id=department_id,
        period=chosen,
        days=days_of(chosen, today),
        by=By(by) if by in list(By) and by != By.NONE else By.PROGRAMME,
        programme_id=programme_number(programme),
        kind=kind,
        everything=bool(all),
        since=since,
        until=until,
        problems={},
    )
    return with_typed_days(asked) if chosen is Period.CUSTOM else asked


def programme_number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)


def with_typed_days(asked: Asked) -> Asked:
    typed = dict(typed_days(asked.since, asked.until))
    problems = {field: Fault.NOT_A_DATE for field, day in typed.items() if day is None}
    first, last = typed["since"], typed["until"]
    if isinstance(first, date) and isinstance(last, date):
        if last >= first:
            return replace(asked, days=Days(first, last))
        problems["until"] = Fault.BEFORE_START
    return replace(asked, problems=problems)
