"""A frame and a page for tests of templates: the same fields as the site's own, without a request."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from templates.environment import Locale

NOW = datetime(2026, 11, 22, 9, 46, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Shell:
    locale: Locale = "zh-CN"
    nonce: str = "nonce"
    csrf_token: str = "token"
    viewer_name: str | None = "王小燕"
    audience: str = "student"
    tab: str = "home"
    path: str = "/"
    flash: tuple[tuple[str, str], ...] = ()
    unread: int = 3
    demo: bool = True
    language_switch_url: str = "/language/en?next=/"
    large: bool = False
    size_switch_url: str = "/size/large?next=/"


@dataclass(frozen=True)
class Page:
    shell: Shell = field(default_factory=Shell)
    now: datetime = NOW
