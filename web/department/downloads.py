"""The same figures as files: CSV for offices, JSON for programs."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency

from events.counts.export import as_csv, as_json
from events.counts.figures import Cut
from events.counts.queries import cut
from events.errors import Invalid
from events.people.queries import StaffMember
from templates.environment import translate
from templates.formats import moment
from web.department.asked import Asked
from web.department.showing import labeller
from web.pages import locale_of
from web.session import settings_of


@get("/{department_id:int}/counts.csv")
async def counts_csv(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], asked: NamedDependency[Asked]
) -> Response[bytes]:
    locale, zone = locale_of(request), settings_of(request).time_zone
    found = await whole_cut(request, staff, asked)
    cut_at = moment(locale, found.cut_at, datetime.now(zone), zone=zone)
    content = b"".join(as_csv(found, lambda text: translate(locale, text), cut_at, labeller(locale, found.by)))
    return download(content, "text/csv", file_name(found, "csv"))


@get("/{department_id:int}/counts.json")
async def counts_json(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], asked: NamedDependency[Asked]
) -> Response[bytes]:
    found = await whole_cut(request, staff, asked)
    return download(msgspec.json.encode(as_json(found)), "application/json", file_name(found, "json"))


async def whole_cut(request: Request[Any, Any, Any], staff: StaffMember, asked: Asked) -> Cut:
    if asked.problems:
        raise Invalid(asked.problems)
    return await cut(staff, asked.scope, asked.by, zone=settings_of(request).time_zone.key)


def file_name(found: Cut, ending: str) -> str:
    return f"counts-{found.scope.department_id}-{found.scope.from_day:%Y%m%d}-{found.scope.until_day:%Y%m%d}.{ending}"


def download(content: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


HANDLERS = [counts_csv, counts_json]
