from datetime import timedelta

import pytest

from events import database
from events.notice.codes import BrokenSeal, live_codes, open_code, seal_code
from events.people.tables import SignInCode
from tests.conftest import TEST_SECRET


def test_a_sealed_code_opens_for_its_own_row_and_secret_only() -> None:
    sealed = seal_code(TEST_SECRET, 5, "483920")
    assert open_code(TEST_SECRET, 5, sealed) == "483920"
    for secret, code_id, text in (
        (TEST_SECRET, 6, sealed),
        ("another secret, also long enough", 5, sealed),
        (TEST_SECRET, 5, "AAAA" + sealed[4:]),
        (TEST_SECRET, 5, "not base64!"),
        (TEST_SECRET, 5, ""),
    ):
        with pytest.raises(BrokenSeal):
            open_code(secret, code_id, text)


async def test_used_and_expired_codes_are_dead(db: object) -> None:
    now = await database.database_now()
    minute = timedelta(minutes=1)
    made = [
        SignInCode(audience="student", account="a@example.org", expires_at=now + minute),
        SignInCode(audience="staff", account="b@example.org", expires_at=now - minute),
        SignInCode(audience="staff", account="c@example.org", expires_at=now + minute, used_at=now),
    ]
    for row in made:
        await row.save()
    live = await live_codes([row.id for row in made] + [999])
    assert {number: code.audience for number, code in live.items()} == {made[0].id: "student"}
