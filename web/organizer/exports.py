"""The list of attendees as a file: CSV and XLSX, masked, or in clear with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events.attendance.attendees import Attendee, AttendeeSheet, attendee_sheet, attendees_of
from events.catalogue.queries import event_run_by
from events.errors import Invalid, NotFound
from events.people.queries import StaffMember
from events.sheets import Table, write_csv, write_xlsx
from events.ticket.short_code import show_short_code
from templates.environment import Locale, translate
from templates.language import N_
from templates.states import state_of
from web.forms import read_form
from web.organizer.attendees import attendees_page, filter_of
from web.organizer.filled import shown_again
from web.pages import locale_of
from web.session import settings_of

MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADINGS: Final = (
    N_("序号"),
    N_("报名编号"),
    N_("姓名"),
    N_("学号"),
    N_("学校"),
    N_("学院"),
    N_("专业"),
    N_("班级"),
    N_("年级"),
    N_("手机"),
    N_("邮箱"),
    N_("场次"),
    N_("选择"),
    N_("状态"),
    N_("报名时间"),
    N_("签到时间"),
    N_("出勤"),
    N_("分钟"),
    N_("取消原因"),
)
Cell = str | int | None


@dataclass(frozen=True)
class Reader:
    """For whom the file is written."""

    locale: Locale
    zone: ZoneInfo

    def say(self, msgid: str) -> str:
        return translate(self.locale, msgid)

    def moment(self, at: datetime | None) -> str:
        return "" if at is None else f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def state(self, code: str) -> str:
        known = {"applied": "in_review"}.get(code, code)
        return self.say(state_of(known).word) if known else ""


@get([f"/events/{{event_id:int}}/attendees.{kind}" for kind in MEDIA_TYPES])
async def export_masked(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[bytes]:
    sheet = await attendee_sheet(staff, event_id, filter_of(request.query_params))
    return await as_file(request, sheet, request.scope["path"].rpartition(".")[2])


@post("/events/{event_id:int}/attendees/exports")
async def export_clear(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], event_id: FromPath[int]
) -> Response[Any]:
    event = await event_run_by(staff, event_id)
    form = await read_form(request)
    wanted = filter_of(form.values)
    try:
        sheet = await attendee_sheet(staff, event_id, wanted, form.raw("reason"))
    except Invalid as error:
        found = await attendees_of(staff, event_id, wanted)
        return attendees_page(request, event, wanted, found, shown_again(locale_of(request), form, error))
    return await as_file(request, sheet, form.raw("kind") or "xlsx")


async def as_file(request: Request[Any, Any, Any], sheet: AttendeeSheet, kind: str) -> Response[bytes]:
    if kind not in MEDIA_TYPES:
        raise NotFound
    reader = Reader(locale_of(request), settings_of(request).time_zone)
    table = table_of(sheet, reader)
    if kind == "csv":
        content = b"".join(write_csv([table.header, *table.rows]))
    else:
        content = await write_xlsx([table])
    name = quote(f"{sheet.event_title}-{reader.say('名单')}.{kind}", safe="")
    return Response(
        content,
        media_type=MEDIA_TYPES[kind],
        headers={
            "Content-Disposition": f"attachment; filename=\"attendees.{kind}\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


def table_of(sheet: AttendeeSheet, reader: Reader) -> Table:
    header = [*map(reader.say, HEADINGS), *sheet.questions]
    return Table(reader.say(N_("名单")), header, list(lines(sheet, reader)))


def lines(sheet: AttendeeSheet, reader: Reader) -> Iterator[list[Cell]]:
    for place, (row, answers) in enumerate(sheet.rows, 1):
        yield [place, *cells(row, reader), *answers]


def cells(row: Attendee, reader: Reader) -> list[Cell]:
    return [
        show_short_code(row.code),
        row.name,
        row.number,
        row.school,
        row.college,
        row.major,
        row.class_name,
        row.grade,
        row.phone,
        row.email,
        reader.moment(row.starts_at),
        "、".join(row.choices),
        reader.state(row.state),
        reader.moment(row.booked_at),
        reader.moment(row.admitted_at),
        reader.state(row.attendance),
        row.minutes,
        row.cancel_reason,
    ]


HANDLERS = [export_masked, export_clear]
