"""Found by name or number: a few, masked, and written down."""

from uuid import uuid4

import msgspec
import pytest

from events import database
from events.errors import Fault, Invalid, NotFound
from events.gate.actions import admit
from events.gate.rules import Source
from events.gate.search import find_tickets
from tests import make


async def test_sam_finds_alice_by_part_of_her_name_or_number_and_lets_her_in(evening):
    number = evening.cast.alice.number
    for text in ("小燕", "王小燕", number, number[-4:], "".join(chr(ord(each) + 0xFEE0) for each in number)):
        (found,) = await find_tickets(evening.cast.sam, evening.door.id, text)
        assert (found.name, found.number, found.passed_at) == ("王*燕", f"24{'*' * 6}{number[-2:]}", None)
    result = await admit(evening.cast.sam, evening.door.id, found.code, Source.SEARCH, uuid4())
    assert result.admitted
    (found,) = await find_tickets(evening.cast.sam, evening.door.id, "小燕")
    assert found.passed_at == result.at


async def test_at_most_ten_are_shown(evening):
    for _ in range(12):
        await make.booking(evening.session, await make.student("王小燕"))
    assert len(await find_tickets(evening.cast.sam, evening.door.id, "小燕")) == 10


async def test_only_confirmed_bookings_of_this_event_are_found(evening):
    elsewhere = await make.session(await make.event(await make.programme(evening.cast.league.id)))
    await make.booking(elsewhere, evening.cast.bob)
    await make.booking(evening.session, evening.cast.mei, state="cancelled")
    assert await find_tickets(evening.cast.sam, evening.door.id, "李强") == []
    assert await find_tickets(evening.cast.sam, evening.door.id, "阿依古丽") == []


async def test_signs_of_a_pattern_are_only_text(evening):
    for text in ("%%", "__", "' OR 1=1", "\\\\"):
        assert await find_tickets(evening.cast.sam, evening.door.id, text) == []


async def test_each_search_is_in_the_audit(evening):
    await find_tickets(evening.cast.sam, evening.door.id, "小燕")
    entry = await database.row("SELECT staff, act, subject, detail FROM audit_entry")
    assert tuple(entry)[:3] == (evening.cast.sam.id, "gate.search", f"event:{evening.event.id}")
    assert msgspec.json.decode(entry["detail"]) == {"stop": evening.door.id, "text": "小燕", "found": 1}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.TOO_SHORT),
        (" 王\u200b", Fault.TOO_SHORT),
        ("王" * 41, Fault.TOO_LONG),
        ("王\0燕", Fault.BAD_CHARACTER),
    ],
)
async def test_too_little_or_too_much_is_not_searched(evening, text, fault):
    with pytest.raises(Invalid) as invalid:
        await find_tickets(evening.cast.sam, evening.door.id, text)
    assert invalid.value.problems == {"text": fault}
    assert await database.value("SELECT count(*) FROM audit_entry") == 0


async def test_petr_and_dora_find_nobody(evening):
    for person in (evening.cast.petr, evening.cast.dora):
        with pytest.raises(NotFound):
            await find_tickets(person, evening.door.id, "小燕")
