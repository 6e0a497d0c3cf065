"""The audit: what staff did to people's data and rights, one row for each act, never changed."""

from collections.abc import Mapping
from typing import Any

import msgspec

from events import database


async def record(staff_id: int | None, act: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Joins the caller's transaction. `subject` is such as "staff:12"; no staff: the operator's own command."""
    await database.rows(
        "INSERT INTO audit_entry (staff, act, subject, detail) VALUES ($1, $2, $3, $4)",
        staff_id,
        act,
        subject,
        msgspec.json.encode(detail).decode(),
    )
