"""Who comes: masked lists, logged looks, files that hold everything."""

import csv
import io
from datetime import timedelta

import msgspec
import pytest_asyncio
from python_calamine import CalamineWorkbook

from events import database
from events.booking.tables import AnswerFile, Booking
from events.people.tables import Student
from tests import make


@pytest_asyncio.fixture
async def event(cast):
    return await make.event(await make.programme(cast.league.id))


@pytest_asyncio.fixture
async def session(event):
    return await make.session(event, capacity=3000)


@pytest_asyncio.fixture
async def booking(cast, event, session):
    question = await make.question(event, label="紧急联系人")
    return await make.booking(session, cast.alice, answers=msgspec.json.encode({str(question.id): "王建国"}).decode())


async def acts() -> list[tuple[str, str, str]]:
    found = await database.rows("SELECT act, subject, reason FROM audit_entry ORDER BY id")
    return [tuple(each) for each in found]


async def test_the_list_is_masked(as_olga, cast, event, booking):
    page = (await as_olga.get(f"/organizer/events/{event.id}/attendees")).text
    assert "王*燕" in page
    assert "138****0001" in page
    for clear in ("王小燕", "13800000001", "138 0000 0001", cast.alice.number):
        assert clear not in page
    assert await acts() == []


async def test_a_look_behind_the_mask_needs_a_reason_and_is_written_down(as_olga, event, booking):
    path = f"/organizer/events/{event.id}/attendees/unmasking"
    refused = await as_olga.submit(path, {"reason": ""})
    assert refused.status_code == 422
    assert "王小燕" not in refused.text
    shown = await as_olga.submit(path, {"reason": "联系未到场学生"})
    assert "王小燕" in shown.text
    assert "138 0000 0001" in shown.text
    assert await acts() == [("attendees.unmask", f"event:{event.id}", "联系未到场学生")]


async def test_one_booking_shows_its_answers_only_after_a_reason(as_olga, booking):
    path = f"/organizer/bookings/{booking.code}"
    assert "王建国" not in (await as_olga.get(path)).text
    shown = await as_olga.submit(f"{path}/unmasking", {"reason": "家属来电"})
    assert "王建国" in shown.text
    assert await acts() == [("attendee.unmask", f"booking:{booking.id}", "家属来电")]


async def test_search_finds_by_name_number_and_code(as_olga, cast, event, session, booking):
    await make.booking(session, cast.bob)
    base = f"/organizer/events/{event.id}/attendees"
    for text in ("小燕", cast.alice.number, booking.code.lower()):
        page = (await as_olga.get(base, params={"q": text})).text
        assert "王*燕" in page
        assert "李*" not in page
    assert "没有符合条件的报名" in (await as_olga.get(base, params={"q": "%"})).text


async def test_filters_tell_who_came_and_who_gave_back(as_olga, cast, event, session, booking):
    await make.booking(session, cast.bob, state="cancelled")
    stop = await make.stop(event)
    scan = await database.value("INSERT INTO scan (stop, booking) VALUES ($1, $2) RETURNING id", stop.id, booking.id)
    await database.rows("INSERT INTO admission (booking, stop, scan) VALUES ($1, $2, $3)", booking.id, stop.id, scan)
    base = f"/organizer/events/{event.id}/attendees"
    assert "王*燕" in (await as_olga.get(base, params={"checked": "in"})).text
    assert "王*燕" not in (await as_olga.get(base, params={"checked": "not"})).text
    assert "李*" in (await as_olga.get(base, params={"state": "cancelled"})).text
    assert "李*" not in (await as_olga.get(base)).text


async def test_the_masked_file_holds_every_row_and_no_formula(as_olga, cast, event, session):
    await Student.update({Student.college: "=HYPERLINK(1)"}).where(Student.id == cast.alice.id)
    await make.booking(session, cast.alice)
    await make.booking(session, cast.bob)
    answer = await as_olga.get(f"/organizer/events/{event.id}/attendees.csv")
    assert answer.headers["content-disposition"].startswith("attachment;")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[2] for row in rows] == ["姓名", "王*燕", "李*"]
    assert rows[1][5] == "'=HYPERLINK(1)"
    assert [act for act, *_ in await acts()] == ["attendees.export"]


async def test_the_clear_file_needs_a_reason_and_holds_the_answers(as_olga, cast, event, booking):
    path = f"/organizer/events/{event.id}/attendees/exports"
    assert (await as_olga.submit(path, {"kind": "xlsx", "reason": ""})).status_code == 422
    answer = await as_olga.submit(path, {"kind": "xlsx", "reason": "保险投保"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][-1] == "紧急联系人"
    assert sheet[1][2:4] == ["王小燕", cast.alice.number]
    assert sheet[1][-1] == "王建国"
    assert await acts() == [("attendees.export", f"event:{event.id}", "保险投保")]


async def test_an_answer_file_comes_only_as_a_download_of_its_own_booking(as_olga, as_petr, cast, event, session):
    question = await make.question(event, "file", label="作品")
    booking = await make.booking(
        session, cast.alice, answers=msgspec.json.encode({str(question.id): "我.html"}).decode()
    )
    other = await make.booking(session, cast.bob)
    file = AnswerFile(
        booking=booking.id, question=question.id, filename="我.html", media_type="text/html", content=b"<script>"
    )
    await file.save()
    path = f"/organizer/bookings/{booking.code}/files/{file.id}"
    answer = await as_olga.get(path)
    assert answer.content == b"<script>"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await as_petr.get(path)).status_code == 404
    assert (await as_olga.get(f"/organizer/bookings/{other.code}/files/{file.id}")).status_code == 404


async def test_a_booking_is_taken_back_with_a_reason_and_its_place_is_free(as_olga, booking):
    path = f"/organizer/bookings/{booking.code}/cancellation"
    assert (await as_olga.submit(path, {"reason": ""})).status_code == 422
    assert (await as_olga.submit(path, {"reason": "重复报名"})).status_code == 303
    assert await database.value("SELECT state FROM booking") == "cancelled"
    assert await database.value("SELECT taken FROM pool") == 0
    assert await database.value("SELECT reason FROM cancellation") == "重复报名"


async def test_pages_of_a_long_list_hold_everybody_once(as_olga, event, session):
    await many(session, 120)
    seen, path = [], f"/organizer/events/{event.id}/attendees"
    while path:
        page = (await as_olga.get(path)).text
        seen += [part.split('"')[0] for part in page.split("/organizer/bookings/")[1:]]
        more = page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0] if 'rel="next"' in page else ""
        path = more.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120


async def many(session, number: int) -> None:
    await database.rows(
        """INSERT INTO student (school, number, name, college)
           SELECT '宁波大学科学技术学院', '9' || n, '王' || n, '人文学院' FROM generate_series(1, $1::int) AS n""",
        number,
    )
    await database.rows(
        """INSERT INTO booking (code, session, student, state)
           SELECT 'Z' || lpad(id::text, 9, '0'), $1, id, 'confirmed' FROM student WHERE number LIKE '9%'""",
        session.id,
    )
    assert await Booking.count() == number


async def test_letters_that_were_not_delivered_are_told_on_the_desk(as_olga, booking):
    await database.rows(
        """INSERT INTO notice (dedupe_key, kind, student, booking_id, state, due_at)
           VALUES ('confirm:1', 'confirm', $1, $2, 'failed', now() - $3::interval)""",
        booking.student,
        booking.id,
        timedelta(hours=1),
    )
    assert "近七天有 1 封给学生的信没有送达" in (await as_olga.get("/organizer")).text
