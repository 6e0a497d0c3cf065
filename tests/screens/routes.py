"""The pages that there are, by the application's own route table."""

import re

from litestar.routes import HTTPRoute

from events.settings import Settings
from web.app import create_app

NO_PAGE = re.compile(
    r"^/(api/v1|health|metrics|static|language|size)(/|$)"  # data, and choices that lead back at once
    r"|\.(png|ics|csv|xlsx|json)$|/poster(/|$)|/files/"
)


def pages(settings: Settings) -> list[str]:
    """Path templates of every page that GET answers, such as `/events/{event_id}`."""
    found = (each for each in create_app(settings).routes if isinstance(each, HTTPRoute) and "GET" in each.methods)
    return sorted(each.path_format for each in found if not NO_PAGE.search(each.path_format))
