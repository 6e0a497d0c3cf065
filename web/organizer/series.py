"""Many sessions by a rule: first the dates are shown, then they are made."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.catalogue import actions
from events.catalogue.drafts import PoolDraft
from events.catalogue.kinds import Kind, preset_of
from events.catalogue.presets import terms_of
from events.catalogue.queries import EventRun, event_run_by
from events.catalogue.queries.free_days import FreeDays, free_days
from events.catalogue.recurrence import BadRecurrence, Frequency, Recurrence, RecurrenceFault, WeekendShift, expand
from events.errors import Fault, Invalid, Refused
from events.people.queries import StaffMember
from templates.environment import translate
from templates.language import N_
from web.forms import Form, read_form
from web.organizer import words
from web.organizer.filled import Filled, shown_again
from web.organizer.framing import EventFormPage, frame
from web.organizer.sessions import pools_like_last
from web.pages import answer, locale_of, redirect
from web.session import settings_of

Chosen = TypeVar("Chosen", bound=StrEnum)
RULE_SENTENCES = {
    RecurrenceFault.NO_END: N_("请填写重复到哪一天为止。"),
    RecurrenceFault.END_BEFORE_START: N_("结束日期要晚于首日。"),
    RecurrenceFault.OUTSIDE_CALENDAR: N_("日期超出了可以安排的范围。"),
    RecurrenceFault.TOO_LONG: N_("一次最多安排三年。"),
    RecurrenceFault.TOO_MANY: N_("一次最多添加 366 个场次，请缩短时间或减少日子。"),
    RecurrenceFault.NEVER_MATCHES: N_("按这个规则一场也没有，请检查日子和跳过的日期。"),
    RecurrenceFault.INTERVAL_OUT_OF_RANGE: N_("间隔应为 1 到 52。"),
    RecurrenceFault.WEEKDAY_OUT_OF_RANGE: N_("请从给出的选项中选择。"),
    RecurrenceFault.MONTH_DAY_OUT_OF_RANGE: N_("请填写 1 到 31 之间的日子，用逗号隔开。"),
    RecurrenceFault.DAYS_OF_ANOTHER_FREQUENCY: N_("按周重复时选星期，按月重复时填日子。"),
    RecurrenceFault.DURATION_OUT_OF_RANGE: N_("每场时长应在 1 分钟到 31 天之间。"),
    RecurrenceFault.START_TIME_WITH_ZONE: N_("请填写有效的日期和时间。"),
    RecurrenceFault.TOO_MANY_EXCEPTIONS: N_("跳过的日期太多了。"),
    RecurrenceFault.RANGE_REVERSED: N_("每段的结束日期不能早于开始日期。"),
    RecurrenceFault.UNKNOWN_ZONE: N_("日期超出了可以安排的范围。"),
}
FIELD_OF = {
    RecurrenceFault.INTERVAL_OUT_OF_RANGE: "interval",
    RecurrenceFault.WEEKDAY_OUT_OF_RANGE: "weekdays",
    RecurrenceFault.MONTH_DAY_OUT_OF_RANGE: "month_days",
    RecurrenceFault.DAYS_OF_ANOTHER_FREQUENCY: "frequency",
    RecurrenceFault.DURATION_OUT_OF_RANGE: "ends",
    RecurrenceFault.TOO_MANY_EXCEPTIONS: "excluded",
    RecurrenceFault.RANGE_REVERSED: "skip_ranges",
}


@dataclass(frozen=True)
class Series:
    """What the form asks for: a rule and the first day."""

    rule: Recurrence
    first: date


@dataclass(frozen=True, kw_only=True)
class SeriesPage(EventFormPage):
    """`dates`: what the rule makes, once it has been asked for."""

    frequencies: dict[str, str]
    shifts: dict[str, str]
    weekdays: Sequence[str]
    pools: tuple[PoolDraft, ...]
    dates: tuple[tuple[datetime, datetime], ...]


@get("/events/{event_id:int}/series")
async def new_series(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str]:
    event = await event_run_by(staff, event_id)
    return series_form(request, event, proposed(event, settings_of(request).time_zone))


def proposed(event: EventRun, zone: ZoneInfo) -> Filled:
    preset = preset_of(Kind(event.page.kind))
    start = datetime.combine(event.page.now.astimezone(zone).date() + timedelta(days=7), time(9), zone)
    if event.sessions:
        start = event.sessions[-1].starts_at.astimezone(zone) + timedelta(days=7)
    values = {
        "first": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "ends": f"{start + min(preset.duration, timedelta(hours=12)):%H:%M}",
        "frequency": Frequency.WEEKLY.value,
        "interval": "1",
        "shift_weekend": WeekendShift.NONE.value,
    }
    return Filled(values, {"weekdays": (str(start.weekday()),)})


def series_form(
    request: Request[Any, Any, Any],
    event: EventRun,
    filled: Filled,
    dates: Sequence[tuple[datetime, datetime]] = (),
) -> Response[str]:
    page = SeriesPage(
        shell=frame(request),
        event=event,
        section="sessions",
        form=filled,
        frequencies=words.FREQUENCIES,
        shifts=words.SHIFTS,
        weekdays=words.WEEKDAYS,
        pools=pools_like_last(event),
        dates=tuple(dates),
    )
    return answer(request, "organizer/series.html", page, filled.status)


@post("/events/{event_id:int}/series")
async def add_series(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[str] | Redirect:
    """Shows the dates; sent again with `confirmed=1`, makes the sessions."""
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    try:
        series = read_series(form, settings_of(request).time_zone.key, await free_days())
        dates = expand(series.rule, series.first)
        if not form.ticked("confirmed"):
            filled = shown_again(locale_of(request), form, Invalid({}))
            return series_form(request, event, Filled(filled.values, filled.lists), dates)
        made = await actions.add_sessions_by_recurrence(
            staff, event_id, series.rule, series.first, terms_of(Kind(event.page.kind)), pools_like_last(event)
        )
    except BadRecurrence as error:
        return series_form(request, event, rule_refused(request, form, error.reason))
    except (Invalid, Refused) as error:
        return series_form(request, event, shown_again(locale_of(request), form, error))
    path = f"/organizer/events/{event_id}/sessions"
    return redirect(request, path, done=N_("已添加 %(n)s 个场次。"), n=len(made))


def rule_refused(request: Request[Any, Any, Any], form: Form, reason: RecurrenceFault) -> Filled:
    field = FIELD_OF.get(reason, "until")
    sentence = translate(locale_of(request), RULE_SENTENCES[reason])
    return shown_again(locale_of(request), form, Invalid({field: Fault.NOT_A_DATE}), instead={field: sentence})


def read_series(form: Form, zone: str, free: FreeDays) -> Series:
    """Raises Invalid on what cannot be read; the rule itself is checked by its expansion."""
    first, until = form.day("first"), form.day("until", required=False)
    starts, ends = clock_of(form, "starts"), clock_of(form, "ends")
    frequency = form.choice("frequency", Frequency) or Frequency.WEEKLY
    rule = Recurrence(
        frequency=frequency,
        starts_at=starts,
        duration=length(starts, ends),
        until=until,
        interval=form.number("interval", least=1, most=1000) or 1,
        weekdays=frozenset(days(form, "weekdays", form.several("weekdays")) if frequency is Frequency.WEEKLY else ()),
        month_days=frozenset(
            days(form, "month_days", pieces(form.raw("month_days"))) if frequency is Frequency.MONTHLY else ()
        ),
        excluded=frozenset(dates_of(form, "excluded", pieces(form.raw("excluded")))),
        skip_ranges=tuple(ranges_of(form, "skip_ranges")),
        shift_weekend=form.choice("shift_weekend", WeekendShift) or WeekendShift.NONE,
        holidays=free.holidays,
        workdays=free.workdays,
        zone=zone,
    )
    form.check()
    assert first is not None
    return Series(rule, first)


def clock_of(form: Form, name: str) -> time:
    try:
        return time.fromisoformat(form.raw(name).strip()[:5])
    except ValueError:
        return form.wrong(name, Fault.NOT_A_DATE if form.raw(name) else Fault.MISSING, time())


def length(starts: time, ends: time) -> timedelta:
    """An end that is not after the start is on the next day."""
    minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return timedelta(minutes=minutes if minutes > 0 else minutes + 24 * 60)


def pieces(text: str) -> list[str]:
    return [each for each in re.split(r"[\s,，、;；]+", text) if each]


def days(form: Form, name: str, texts: Sequence[str]) -> list[int]:
    if any(not (each.isascii() and each.isdigit() and len(each) < 4) for each in texts):
        return form.wrong(name, Fault.NOT_A_NUMBER, [])
    return [int(each) for each in texts]


def dates_of(form: Form, name: str, texts: Sequence[str]) -> list[date]:
    try:
        return [date.fromisoformat(each) for each in texts]
    except ValueError:
        return form.wrong(name, Fault.NOT_A_DATE, [])


def ranges_of(form: Form, name: str) -> list[tuple[date, date]]:
    """Each line is one stretch: 2027-01-20 至 2027-02-25."""
    lines = [each for each in form.raw(name).splitlines() if each.strip()]
    pairs = [dates_of(form, name, re.findall(r"\d{4}-\d{2}-\d{2}", line)) for line in lines]
    if any(len(each) != 2 for each in pairs):
        return form.wrong(name, Fault.NOT_A_DATE, [])
    return [(each[0], each[1]) for each in pairs]


HANDLERS = [new_series, add_series]
