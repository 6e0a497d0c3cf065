"""The cast: alice, bob and mei book; olga organizes; petr belongs elsewhere; dora counts; sam scans."""

from dataclasses import dataclass

import pytest_asyncio

from events.people.queries import StaffMember, staff_member
from events.people.tables import Department, Student
from tests import make


@dataclass(frozen=True)
class Cast:
    league: Department
    bureau: Department
    alice: Student
    bob: Student
    mei: Student
    olga: StaffMember
    petr: StaffMember
    dora: StaffMember
    sam: StaffMember


@pytest_asyncio.fixture
async def cast(db) -> Cast:
    league = await make.department("tsw", "团市委")
    bureau = await make.department("rsj", "市人力社保局")

    async def member(name: str, role: str, department: Department) -> StaffMember:
        email = f"{name}@example.org"
        return await staff_member((await make.staff(name.title(), role, department.id, email=email)).id)

    return Cast(
        league=league,
        bureau=bureau,
        alice=await make.student("王小燕", phone="+8613800000001", email="alice@example.org"),
        bob=await make.student("李强", gender="m", phone="+8613800000002", email="bob@example.org"),
        mei=await make.student("阿依古丽·买买提", phone="+8613800000003", email="mei@example.org"),
        olga=await member("olga", "editor", league),
        petr=await member("petr", "editor", bureau),
        dora=await member("dora", "analyst", league),
        sam=await member("sam", "gate", league),
    )
