"""Dates, numbers and names of things as people write them, in both languages.

Pure: `now` and the zone are given. Every instant is an aware datetime. The environments hand in the language and the
zone, so that a template writes `{{ page.starts_at|day(page.now) }}`.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from templates.language import N_, Locale, translate, translate_n

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NIGHT_ENDS: Final = time(6)  # what ends before this hour still belongs to the evening before
NOTHING: Final = "—"

_CLDR: Final[dict[Locale, str]] = {"zh-CN": "zh_Hans_CN", "en": "en"}
_DAY: Final[dict[Locale, str]] = {"zh-CN": "M月d日 EEE", "en": "EEE d MMM"}
_DAY_AND_YEAR: Final[dict[Locale, str]] = {"zh-CN": "y年M月d日 EEE", "en": "EEE d MMM y"}
_MONTH: Final[dict[Locale, str]] = {"zh-CN": "y年M月", "en": "MMM y"}
_BEFORE_CLOCK: Final[dict[Locale, str]] = {"zh-CN": " ", "en": ", "}
_BETWEEN_DAYS: Final[dict[Locale, str]] = {"zh-CN": " 至 ", "en": " – "}
_NEAR: Final = (N_("今天"), N_("明天"), N_("后天"))


def day(locale: Locale, at: datetime | date, now: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """11月22日 周日 · Sun 22 Nov; with its year when that is not the current one."""
    there = _local_date(at, zone)
    patterns = _DAY if there.year == now.astimezone(zone).year else _DAY_AND_YEAR
    return format_date(there, patterns[locale], locale=_CLDR[locale])


def near_day(locale: Locale, at: datetime | date, now: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """今天, 明天, 后天, else as `day`."""
    away = (_local_date(at, zone) - now.astimezone(zone).date()).days
    return translate(locale, _NEAR[away]) if 0 <= away < len(_NEAR) else day(locale, at, now, zone=zone)


def month(locale: Locale, at: datetime | date, *, zone: tzinfo = SHANGHAI) -> str:
    """2026年11月 · Nov 2026."""
    return format_date(_local_date(at, zone), _MONTH[locale], locale=_CLDR[locale])


def clock(locale: Locale, at: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """8:30, in 24 hours, the same in both languages."""
    there = at.astimezone(zone)
    return f"{there.hour}:{there.minute:02}"


def clock_seconds(locale: Locale, at: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """14:02:11, for logs."""
    return f"{at.astimezone(zone):%H:%M:%S}"


def moment(locale: Locale, at: datetime, now: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """11月27日 周五 18:00 · Fri 27 Nov, 18:00."""
    return day(locale, at, now, zone=zone) + _BEFORE_CLOCK[locale] + clock(locale, at, zone=zone)


def near(locale: Locale, at: datetime, now: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """今天 18:00 · Tomorrow, 8:30; farther away as `moment`."""
    return near_day(locale, at, now, zone=zone) + _BEFORE_CLOCK[locale] + clock(locale, at, zone=zone)


def span(locale: Locale, starts: datetime, ends: datetime, now: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """11月28日 周六 8:30–17:00 · Sat 28 Nov, 8:30–17:00; an end on a later day is named in full, midnight is 24:00."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    begin = moment(locale, first, now, zone=zone)
    nights = (last.date() - first.date()).days
    if nights == 0:
        return f"{begin}–{clock(locale, last, zone=zone)}"
    if nights == 1 and last.time() == time():
        return f"{begin}–24:00"
    if nights == 1 and last.time() < NIGHT_ENDS:
        return f"{begin}–" + translate(locale, "次日 %(clock)s", clock=clock(locale, last, zone=zone))
    return begin + _BETWEEN_DAYS[locale] + moment(locale, last, now, zone=zone)


def duration(locale: Locale, length: timedelta) -> str:
    """2 天 · 8 小时 30 分钟 · 45 分钟; whole minutes, what is zero is left out."""
    minutes = max(0, round(length.total_seconds() / 60))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        translate_n(locale, "%(num)s 天", days) if days else "",
        translate_n(locale, "%(num)s 小时", hours) if hours else "",
        translate_n(locale, "%(num)s 分钟", minutes) if minutes or not (days or hours) else "",
    ]
    return " ".join(filter(None, parts))


def countdown(locale: Locale, left: timedelta) -> str:
    """02:13:45, with 3 天 before it when there are days; never below zero."""
    seconds = max(0, int(left.total_seconds()))
    days, seconds = divmod(seconds, 24 * 60 * 60)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{translate_n(locale, '%(num)s 天', days)} {text}" if days else text


def number(locale: Locale, value: int | float | Decimal | None) -> str:
    """1,234; a dash for what is not known."""
    return NOTHING if value is None else format_decimal(value, locale=_CLDR[locale])


def hours(locale: Locale, minutes: int | None) -> str:
    """Minutes as hours with one decimal at most: 90 → 1.5."""
    return NOTHING if minutes is None else format_decimal(Decimal(minutes) / 60, "#,##0.#", locale=_CLDR[locale])


def percent(locale: Locale, ratio: float | Decimal | Fraction | None, *, signed: bool = False) -> str:
    """A ratio as 96.50%, half up; `signed` puts + before what is above zero; a dash for what is not known."""
    if ratio is None:
        return NOTHING
    rounded = (_exactly(ratio) * 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    return f"{rounded:{'+' if signed and rounded else ''},}%"


def phone(locale: Locale, number: str) -> str:
    """+8613812345678 → 138 1234 5678; numbers of other places and landlines as they are."""
    digits = number.removeprefix("+86")
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return number


def instant(locale: Locale, at: datetime, *, zone: tzinfo = SHANGHAI) -> str:
    """For `datetime=` and scripts: 2026-11-28T08:30:00+08:00."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def field_day(locale: Locale, at: datetime | date | None, *, zone: tzinfo = SHANGHAI) -> str:
    """The value of a date input."""
    return "" if at is None else _local_date(at, zone).isoformat()


def field_moment(locale: Locale, at: datetime | None, *, zone: tzinfo = SHANGHAI) -> str:
    """The value of a datetime-local input."""
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


_IN_A_ZONE: Final[tuple[Callable[..., str], ...]] = (
    day, near_day, month, clock, clock_seconds, moment, near, span, instant, field_day, field_moment,
)  # fmt: skip
_ANYWHERE: Final[tuple[Callable[..., str], ...]] = (duration, countdown, number, hours, percent, phone)


def formats_for(locale: Locale, zone: tzinfo) -> dict[str, Callable[..., str]]:
    """The functions of this file by name, for one language and one zone."""
    made: dict[str, Callable[..., str]] = {each.__name__: partial(each, locale, zone=zone) for each in _IN_A_ZONE}
    made.update({each.__name__: partial(each, locale) for each in _ANYWHERE})
    return made


def _local_date(at: datetime | date, zone: tzinfo) -> date:
    return at.astimezone(zone).date() if isinstance(at, datetime) else at


def _exactly(ratio: float | Decimal | Fraction) -> Decimal:
    if isinstance(ratio, Fraction):
        return Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return Decimal(str(ratio))
