"""Every setting, read once from the environment; a wrong one stops the start with a sentence.

The README holds a table of these fields; a test compares the two.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

SHORTEST_SECRET = 32


class BadSetting(Exception):
    """A setting is missing or cannot be understood; the text says which, and what would be right."""


def setting(variable: str, default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"variable": variable, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    database_url: str = setting("DATABASE_URL", "", "PostgreSQL ≥ 16; empty: the embedded server in the data folder")
    redis_url: str = setting("REDIS_URL", "", "Redis or Valkey, a doorbell and no record; empty: the embedded server")
    data_dir: Path = setting("YANTU_DATA", Path(".yantu"), "folder of the embedded servers and the generated secret")
    secret: str = setting(
        "YANTU_SECRET", "", "at least 32 characters, signs forms and seals keys; `yantu up` makes one"
    )
    base_url: str = setting(
        "YANTU_BASE_URL", "http://127.0.0.1:8000", "the address in links and letters, without a / at its end"
    )
    host: str = setting("YANTU_HOST", "127.0.0.1", "address that the web processes listen on")
    port: int = setting("YANTU_PORT", 8000, "port that the web processes listen on")
    web_processes: int = setting("YANTU_WEB_PROCESSES", 2, "number of web processes")
    pool_size: int = setting("YANTU_POOL_SIZE", 10, "database connections of each process")
    smtp_url: str = setting(
        "SMTP_URL", "", "smtp://user:password@host:port, or smtps://, or smtp+starttls://; empty: no e-mail goes out"
    )
    mail_from: str = setting("YANTU_MAIL_FROM", "Yantu <yantu@localhost>", "sender of letters")
    time_zone: ZoneInfo = setting("YANTU_TIME_ZONE", ZoneInfo("Asia/Shanghai"), "zone of dates on pages and in letters")
    city: str = setting("YANTU_CITY", "慈溪", "name of the city in the page header")
    school: str = setting("YANTU_SCHOOL", "宁波大学科学技术学院", "school of a roster that names none")
    development: bool = setting(
        "YANTU_DEVELOPMENT", False, "true: letters and codes are readable at /dev/inbox; never for real students"
    )
    log_level: str = setting("YANTU_LOG_LEVEL", "info", "debug, info, warning or error")
    metrics_token: str = setting("YANTU_METRICS_TOKEN", "", "bearer token of /metrics; empty: only loopback reads it")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Reads all settings; raises BadSetting naming the variable."""
        given = {
            each.name: parse(each.metadata["variable"], environment[each.metadata["variable"]], each.default)
            for each in fields(cls)
            if environment.get(each.metadata["variable"], "") != ""
        }
        return checked(cls(**given))

    @property
    def secure(self) -> bool:
        """True when browsers reach us over HTTPS: cookies are then `__Host-` and Secure."""
        return self.base_url.startswith("https://")


def parse(variable: str, text: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        return type(default)(text)
    except (KeyError, ValueError) as error:
        raise BadSetting(f"{variable}={text!r} cannot be read; expected something like {default!s}.") from error


def checked(settings: Settings) -> Settings:
    base = urlsplit(settings.base_url)
    if base.scheme not in ("http", "https") or not base.netloc or settings.base_url.endswith("/"):
        raise BadSetting("YANTU_BASE_URL must look like https://host[:port], without a slash at its end.")
    if settings.secret and len(settings.secret) < SHORTEST_SECRET:
        raise BadSetting(f"YANTU_SECRET must have at least {SHORTEST_SECRET} characters.")
    if settings.development and settings.secure:
        raise BadSetting("YANTU_DEVELOPMENT shows sign-in codes to everyone: not with an https address.")
    for variable, number, top in (
        ("YANTU_PORT", settings.port, 65535),
        ("YANTU_WEB_PROCESSES", settings.web_processes, 64),
        ("YANTU_POOL_SIZE", settings.pool_size, 200),
    ):
        if not 1 <= number <= top:
            raise BadSetting(f"{variable} must be between 1 and {top}.")
    return settings
