from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from templates import formats

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 9, 46, tzinfo=SHANGHAI)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def test_a_day_of_this_year_has_no_year() -> None:
    assert formats.day("zh-CN", at(11, 22), NOW) == "11月22日 周日"
    assert formats.day("en", at(11, 22), NOW) == "Sun 22 Nov"


def test_a_day_of_another_year_says_which() -> None:
    assert formats.day("zh-CN", at(1, 3, year=2027), NOW) == "2027年1月3日 周日"
    assert formats.day("en", at(1, 3, year=2027), NOW) == "Sun 3 Jan 2027"


def test_a_date_is_taken_as_it_stands_and_an_instant_where_it_is() -> None:
    late = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    assert formats.day("zh-CN", date(2026, 11, 22), NOW) == "11月22日 周日"
    assert formats.day("zh-CN", late, NOW) == "11月22日 周日"
    assert formats.day("zh-CN", late, NOW, zone=UTC) == "11月21日 周六"


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (21, "11月21日 周六", "Sat 21 Nov"),
        (22, "今天", "Today"),
        (23, "明天", "Tomorrow"),
        (24, "后天", "In two days"),
        (25, "11月25日 周三", "Wed 25 Nov"),
    ],
)
def test_near_days_have_names(day: int, chinese: str, english: str) -> None:
    assert formats.near_day("zh-CN", at(11, day, 23, 59), NOW) == chinese
    assert formats.near_day("en", at(11, day, 0, 0), NOW) == english


def test_near_moments_have_a_clock() -> None:
    assert formats.near("zh-CN", at(11, 22, 18), NOW) == "今天 18:00"
    assert formats.near("en", at(11, 23, 8, 30), NOW) == "Tomorrow, 8:30"


def test_a_span_within_a_day_names_it_once() -> None:
    span = (at(11, 28, 8, 30), at(11, 28, 17))
    assert formats.span("zh-CN", *span, NOW) == "11月28日 周六 8:30–17:00"
    assert formats.span("en", *span, NOW) == "Sat 28 Nov, 8:30–17:00"


def test_a_span_over_days_names_both() -> None:
    span = (at(11, 28, 8, 30), at(11, 30, 17))
    assert formats.span("zh-CN", *span, NOW) == "11月28日 周六 8:30 至 11月30日 周一 17:00"
    assert formats.span("en", *span, NOW) == "Sat 28 Nov, 8:30 – Mon 30 Nov, 17:00"


def test_a_span_that_ends_at_midnight_ends_at_24() -> None:
    assert formats.span("zh-CN", at(11, 28, 20), at(11, 29), NOW) == "11月28日 周六 20:00–24:00"


def test_a_night_belongs_to_its_evening() -> None:
    span = (at(12, 31, 20), at(1, 1, 0, 30, year=2027))
    assert formats.span("zh-CN", *span, NOW) == "12月31日 周四 20:00–次日 0:30"
    assert formats.span("en", *span, NOW) == "Thu 31 Dec, 20:00–0:30 next day"


def test_a_span_over_the_year_says_so() -> None:
    span = (at(12, 31, 8), at(1, 2, 17, year=2027))
    assert formats.span("zh-CN", *span, NOW) == "12月31日 周四 8:00 至 2027年1月2日 周六 17:00"


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (timedelta(0), "0 分钟", "0 min"),
        (timedelta(minutes=45), "45 分钟", "45 min"),
        (timedelta(hours=8, minutes=30), "8 小时 30 分钟", "8 h 30 min"),
        (timedelta(days=1), "1 天", "1 day"),
        (timedelta(days=2, hours=3), "2 天 3 小时", "2 days 3 h"),
    ],
)
def test_durations_leave_out_what_is_zero(length: timedelta, chinese: str, english: str) -> None:
    assert formats.duration("zh-CN", length) == chinese
    assert formats.duration("en", length) == english


def test_a_countdown_has_two_digits_everywhere_and_never_goes_below_zero() -> None:
    assert formats.countdown("zh-CN", timedelta(hours=2, minutes=13, seconds=45)) == "02:13:45"
    assert formats.countdown("zh-CN", timedelta(days=3, seconds=5)) == "3 天 00:00:05"
    assert formats.countdown("en", timedelta(days=1)) == "1 day 00:00:00"
    assert formats.countdown("en", timedelta(seconds=-9)) == "00:00:00"


def test_numbers_are_grouped_and_the_unknown_is_a_dash() -> None:
    assert formats.number("zh-CN", 1234567) == "1,234,567"
    assert formats.number("en", None) == "—"
    assert formats.hours("zh-CN", 90) == "1.5"
    assert formats.hours("zh-CN", 120) == "2"


def test_percentages_have_two_decimals_rounded_half_up() -> None:
    assert formats.percent("zh-CN", 0.965) == "96.50%"
    assert formats.percent("zh-CN", Fraction(1, 3)) == "33.33%"
    assert formats.percent("zh-CN", Decimal("0.123450")) == "12.35%"
    assert formats.percent("zh-CN", Decimal("12.5")) == "1,250.00%"
    assert formats.percent("zh-CN", None) == "—"


def test_a_change_shows_its_sign() -> None:
    assert formats.percent("zh-CN", 0.1842, signed=True) == "+18.42%"
    assert formats.percent("zh-CN", -0.05, signed=True) == "-5.00%"
    assert formats.percent("zh-CN", 0, signed=True) == "0.00%"


def test_mobile_numbers_are_grouped_and_others_left_alone() -> None:
    assert formats.phone("zh-CN", "+8613812345678") == "138 1234 5678"
    assert formats.phone("zh-CN", "13812345678") == "138 1234 5678"
    assert formats.phone("zh-CN", "+85291234567") == "+85291234567"
    assert formats.phone("zh-CN", "138****5678") == "138 **** 5678"


def test_values_of_inputs_are_local() -> None:
    half_past_midnight = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    assert formats.field_moment("zh-CN", half_past_midnight) == "2026-11-28T00:30"
    assert formats.field_day("zh-CN", half_past_midnight) == "2026-11-28"
    assert formats.field_day("zh-CN", None) == formats.field_moment("zh-CN", None) == ""
    assert formats.instant("zh-CN", half_past_midnight) == "2026-11-28T00:30:00+08:00"
    assert formats.month("zh-CN", half_past_midnight) == "2026年11月"
