"""Rows of people: departments as a tree, staff and their roles, students, sign-ins, tokens, the audit."""

from piccolo.columns import (
    JSONB,
    Array,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.indexes import IndexMethod
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Check, Unique
from piccolo.table import Table


class Department(Table):
    id: Serial
    code = Varchar(40, unique=True)
    name = Varchar(100)
    name_en = Varchar(200)
    parent: ForeignKey["Department"] = ForeignKey(
        LazyTableReference("Department", module_path=__name__), null=True, default=None
    )


class Staff(Table):
    id: Serial
    name = Varchar(100)
    email = Varchar(254, unique=True)
    disabled_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class StaffRole(Table):
    id: Serial
    staff = ForeignKey(Staff, null=False)
    department = ForeignKey(Department, null=False)
    role = Varchar(10)
    once = Unique(["staff", "department", "role"])
    known = Check("role IN ('owner', 'editor', 'gate', 'analyst')")


class Student(Table):
    """On a roster by (school, number); off-roster students have no number."""

    id: Serial
    school = Varchar(100)
    number = Varchar(20, null=True, default=None)
    name = Varchar(100)
    gender = Varchar(1)  # m, f or empty
    college = Varchar(100)
    major = Varchar(100)
    class_name = Varchar(100)
    grade = SmallInt(null=True, default=None)
    education = Varchar(20)
    graduation_year = SmallInt(null=True, default=None)
    counsellor = Varchar(100)
    phone = Varchar(20, null=True, default=None, index=True)
    email = Varchar(254, null=True, default=None, index=True)
    left_at = Timestamptz(null=True, default=None)
    wants_email = Boolean(default=True)
    locale = Varchar(5, default="zh-CN")
    is_demo = Boolean(default=False)
    created_at = Timestamptz(default=TimestamptzNow())
    on_roster_once = Unique(["school", "number"])


class SignInCode(Table):
    id: BigSerial = BigSerial(primary_key=True)
    audience = Varchar(10)  # student or staff
    account = Varchar(254, index=True)
    code_hash = Bytea()
    tries_left = SmallInt(default=5)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class Login(Table):
    """A signed-in browser. Deleting the row signs it out at once."""

    id: BigSerial = BigSerial(primary_key=True)
    token_hash = Bytea(unique=True)
    student = ForeignKey(Student, null=True, default=None)
    staff = ForeignKey(Staff, null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    last_seen_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz()
    one_person = Check("num_nonnulls(student, staff) = 1")


class ApiToken(Table):
    id: Serial
    name = Varchar(100)
    token_hash = Bytea(unique=True)
    hint = Varchar(8)  # the last characters, to tell tokens apart in the list
    staff = ForeignKey(Staff, null=False)
    scopes = Array(base_column=Varchar(30))
    created_at = Timestamptz(default=TimestamptzNow())
    last_used_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class IdempotencyKey(Table):
    """The outcome of a write through the API, kept so that a retry gets the same answer."""

    id: BigSerial = BigSerial(primary_key=True)
    actor = Varchar(40)
    key = Varchar(100)
    fingerprint = Bytea()
    status = SmallInt(null=True, default=None)
    body = Bytea(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    once = Unique(["actor", "key"])


class RosterImport(Table):
    """A roster that was read and shown; `applied_at` says whether it was also taken over."""

    id: Serial
    staff = ForeignKey(Staff, null=True, default=None)
    school = Varchar(100)
    filename = Varchar(200)
    content_hash = Bytea()
    verdict = JSONB()
    added = Integer(default=0)
    changed = Integer(default=0)
    unchanged = Integer(default=0)
    refused = Integer(default=0)
    created_at = Timestamptz(default=TimestamptzNow())
    applied_at = Timestamptz(null=True, default=None)


class AuditEntry(Table):
    """What staff saw or did to personal data or to what students rely on. Rows are only ever added."""

    id: BigSerial = BigSerial(primary_key=True)
    staff = ForeignKey(Staff, null=True, default=None)
    act = Varchar(40)
    subject = Varchar(80, index=True, index_method=IndexMethod.btree)
    detail = JSONB()
    reason = Text()
    at = Timestamptz(default=TimestamptzNow())
