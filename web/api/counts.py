"""Participation counts of a department."""

from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events.counts.export import as_csv, as_json
from events.counts.figures import By, CutScope
from events.counts.queries import cut
from events.people.api_callers import Scope
from events.people.queries import StaffMember
from templates.environment import translate
from web.api.auth import Needs
from web.pages import locale_of
from web.session import settings_of

COUNTS = Needs(Scope.COUNTS_READ)


@get("/departments/{department_id:int}/counts", guards=[COUNTS])
async def show_counts(
    request: Request[Any, Any, Any],
    department_id: FromPath[int],
    staff: NamedDependency[StaffMember],
    since: FromQuery[date],
    until: FromQuery[date],
    by: FromQuery[By] = By.NONE,
    programme_id: FromQuery[int | None] = None,
    kind: FromQuery[str | None] = None,
    format: FromQuery[str] = "json",
) -> Response[Any]:
    """Participation counts of a department. Days are local and inclusive. `format=csv` is for a spreadsheet.

    Every figure comes with its definition and the moment at which it was cut.
    """
    scope = CutScope(department_id, since, until, programme_id, kind)
    found = await cut(staff, scope, by, zone=settings_of(request).time_zone.key)
    if format == "csv":
        locale = locale_of(request)
        content = b"".join(as_csv(found, lambda text: translate(locale, text)))
        headers = {"Content-Disposition": 'attachment; filename="counts.csv"', "Cache-Control": "no-store"}
        return Response(content, media_type="text/csv", headers=headers)
    return Response(as_json(found), headers={"Cache-Control": "no-store"})


HANDLERS = [show_counts]
