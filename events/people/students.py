"""Students as the sign-in finds them, and what they change about themselves."""

from events import database
from events.errors import NotFound
from events.people.contacts import Account, AccountKind
from events.people.queries import STUDENT_COLUMNS, StaffMember, StudentProfile, staff_member

MOST_SHARING = 20  # people behind one phone: a family, a class teacher


async def students_with(account: Account) -> list[StudentProfile]:
    """Everyone whose phone or e-mail this is; those on a roster first."""
    column = "phone" if account.kind is AccountKind.PHONE else "email"
    found = await database.rows(
        f"""SELECT {STUDENT_COLUMNS} FROM student WHERE {column} = $1
            ORDER BY number IS NULL, left_at IS NOT NULL, id LIMIT {MOST_SHARING}""",
        account.value,
    )
    return [StudentProfile(**each) for each in found]


async def join_off_roster(account: Account, locale: str) -> int:
    """A student whom no roster names (名单外). The name comes with the profile, before the first booking."""
    column = "phone" if account.kind is AccountKind.PHONE else "email"
    return await database.value(  # type: ignore[no-any-return]
        f"INSERT INTO student ({column}, locale) VALUES ($1, $2) RETURNING id", account.value, locale
    )


async def staff_with(account: Account) -> StaffMember:
    """Raises NotFound for an address of nobody, or of somebody disabled."""
    staff_id = await database.value("SELECT id FROM staff WHERE email = $1 AND disabled_at IS NULL", account.value)
    if staff_id is None:
        raise NotFound
    return await staff_member(staff_id)


async def edit_profile(student_id: int, *, name: str | None, email: str | None, wants_email: bool, locale: str) -> None:
    """What a student may change. The name of somebody on a roster is the roster's: give None to leave it."""
    await database.rows(
        """UPDATE student SET name = CASE WHEN number IS NULL THEN coalesce($2, name) ELSE name END,
                  email = $3, wants_email = $4, locale = $5 WHERE id = $1""",
        student_id,
        name,
        email,
        wants_email,
        locale,
    )
