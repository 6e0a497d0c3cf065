"""Rows to measure on, inserted by SQL: students who are signed in, an event with sessions, a steward's tokens."""

from datetime import timedelta

from events.people.logins import hash_token
from tests.bench.house import CONNECTIONS, SECRET, House
from tests.bench.load import fire, only, post
from web.session import TOKEN_HEADER, sign

STUDENTS = 23_000
LATER = timedelta(days=3)
WARMING = range(1, 1_001)

PEOPLE = f"""
INSERT INTO department (code, name) VALUES ('tsw', '共青团慈溪市委');
INSERT INTO staff (name, email) VALUES ('Sam', 'sam@example.org');
INSERT INTO staff_role (staff, department, role) VALUES (1, 1, 'gate');
INSERT INTO programme (code, name, kind, host) VALUES ('tour', '逐梦游学', 'study_tour', 1);
INSERT INTO student (school, number, name, gender, college, major, class_name, grade, education, email)
    SELECT '宁波大学科学技术学院', '24' || lpad(n::text, 8, '0'), '学生' || n, 'f', '学院' || n % 12, '计算机科学与技术',
           '班级' || n % 400, 2024, '本科', 'student' || n || '@example.org' FROM generate_series(1, {STUDENTS}) n;
INSERT INTO login (token_hash, student, expires_at)
    SELECT sha256(convert_to('student-' || id, 'UTF8')), id, now() + interval '1 day' FROM student;
"""
EVENT = """
INSERT INTO event (programme, host, kind, title, summary, body, place, address, district, state, published_at,
                   eligibility)
VALUES (1, 1, 'study_tour', '走进名企 · 智能家电线', '一天走三家企业',
        E'上午参观**智能家电**生产线，下午与工程师座谈。\n\n- 请穿平底鞋\n- 自带水杯\n\n## 集合\n\n科院南门，提前十分钟到。',
        '科院南门', '文蔚路521号', '浒山街道', 'published', now() - interval '1 day',
        '{"all": [{"any": [{"fact": "grade", "is": [2023, 2024]}, {"fact": "education", "is": ["硕士"]}]}]}')
RETURNING id"""
SESSION = """
INSERT INTO session (event, starts_at, ends_at, opens_at, closes_at, cancel_until)
VALUES ($1, now() + $2::interval, now() + $2::interval + interval '3 hours', now() - interval '1 hour',
        now() + $2::interval + interval '1 hour', now() + $2::interval) RETURNING id"""


async def people(house: House) -> None:
    """Students 1 to STUDENTS, signed in; Sam, who stands at the gates of department 1."""
    await house.sql.execute(PEOPLE)
    await house.sql.execute("ANALYZE")


async def warm_up(house: House) -> None:
    """Opens the connections and fills the caches of both web processes: a sale meets a server that has run for days."""
    session = await new_session(house, await new_event(house), len(WARMING), starts_in=5 * LATER)
    only(await fire(house.port, bookings(session, WARMING), CONNECTIONS), 201)


async def new_event(house: House) -> int:
    event: int = await house.sql.fetchval(EVENT)
    return event


async def new_session(house: House, event: int, places: int, starts_in: timedelta = LATER, taken: int = 0) -> int:
    """A session that is open for booking."""
    session: int = await house.sql.fetchval(SESSION, event, starts_in)
    await house.sql.execute(
        "INSERT INTO pool (session, name, capacity, taken) VALUES ($1, '名额', $2, $3)", session, places, taken
    )
    return session


def bookings(session: int, students: range) -> list[bytes]:
    """The request of each of these students for a place, as a browser would send it."""
    path = f"/api/v1/sessions/{session}/bookings"
    return [post(path, {}, signed_in(student)) for student in students]


def signed_in(student: int) -> dict[str, str]:
    token = f"student-{student}"
    return {"Cookie": f"yantu-login={token}", TOKEN_HEADER: sign(SECRET, "form", token)}


async def steward_tokens(house: House, count: int) -> list[str]:
    """API tokens of Sam's, one for each gate."""
    tokens = [f"gate-{n}" for n in range(count)]
    await house.sql.execute(
        """INSERT INTO api_token (name, token_hash, staff, scopes)
           SELECT 'gate', hash, 1, '{scans:write}' FROM unnest($1::bytea[]) AS hash""",
        [hash_token(token) for token in tokens],
    )
    return tokens
