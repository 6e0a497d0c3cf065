"""The roster page: read and shown first, each problem by its cell and reason, then taken over."""

import re
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from events import database
from events.people.contacts import ContactFault
from events.people.names import TextFault
from events.people.roster import DoubtKind, Fault, Field, How, RosterReason
from events.sheets import SheetReason
from templates.environment import translate
from tests import make
from tests.web.conftest import Browser
from web.people import roster_sentences

DATA = Path(__file__).parents[1] / "data"
SCHOOL = "宁波大学科学技术学院"
HERE = "/organizer/people/roster"
ALICE = "学号,姓名,学院,手机号\n2541010001,王小燕,人文学院,13800000001\n"


@pytest_asyncio.fixture
async def as_clerk(browser, cast) -> Browser:
    """An editor of the school."""
    school = await make.department("nbukj", SCHOOL)
    return await browser(staff=(await make.staff("Clerk", "editor", school.id)).id)


async def upload(client: Browser, name: str, content: bytes) -> Any:
    return await client.submit(HERE, {"school": SCHOOL}, files={"roster": (name, content)})


def tiles(page: str) -> list[int]:
    """Added, changed, unchanged, refused."""
    found = re.findall(r"<(?:dd|b|strong)[^>]*>\s*([\d,]+)", page.split('class="tiles')[1])
    return [int(each.replace(",", "")) for each in found[:4]]


async def students() -> int:
    return int(
        await database.value(
            "SELECT count(*) FROM student WHERE school = $1 AND number LIKE '2%' AND name <> ''", SCHOOL
        )
    )


async def test_three_thousand_students_go_through_the_page_in_under_ten_seconds(as_clerk):
    before, started = await students(), time.monotonic()
    shown = await upload(as_clerk, "roster_sample.xlsx", (DATA / "roster_sample.xlsx").read_bytes())
    assert shown.status_code == 303
    preview = await as_clerk.get(shown.headers["location"])
    assert tiles(preview.text) == [3000, 0, 0, 0]
    assert await students() == before
    done = await as_clerk.submit(shown.headers["location"] + "/application")
    assert done.status_code == 303
    assert time.monotonic() - started < 10
    assert await students() == before + 3000
    again = await upload(as_clerk, "roster_sample.xlsx", (DATA / "roster_sample.xlsx").read_bytes())
    assert tiles((await as_clerk.get(again.headers["location"])).text) == [0, 0, 3000, 0]


async def test_the_messy_roster_gets_its_verdict_and_each_problem_its_cell_and_reason(as_clerk):
    shown = await upload(as_clerk, "roster_messy.xlsx", (DATA / "roster_messy.xlsx").read_bytes())
    page = (await as_clerk.get(shown.headers["location"])).text
    assert "33 行直接可用，15 行整理后可用，4 行与前面重复，6 行未通过。" in page
    assert tiles(page) == [48, 0, 0, 6]
    for cell, reason in {
        "H8": "位数不对，手机号应为 11 位。",
        "B26": "必填项是空的。",
        "B30": "公式没有保存结果，请改填文字或数字。",
        "A34": "数字太长，Excel 只保留了前 15 位。请把这一列设为文本，再重新填写。",
        "H42": "位数不对，手机号应为 11 位。",
        "B60": "必填项是空的。",
    }.items():
        assert re.search(rf"{cell}\b.*?{re.escape(reason)}", page, re.DOTALL), cell
    assert await students() == len(["王小燕", "李强", "阿依古丽·买买提"])


async def test_somebody_who_is_not_of_the_school_finds_nothing(as_clerk, as_olga, as_petr, as_sam, as_dora):
    preview = (await upload(as_clerk, "a.csv", ALICE.encode())).headers["location"]
    for stranger in (as_olga, as_petr, as_sam, as_dora):
        assert (await stranger.get(HERE)).status_code == 404
        assert (await stranger.get(preview)).status_code == 404
        assert (await stranger.submit(preview + "/application")).status_code == 404
        assert (await upload(stranger, "a.csv", ALICE.encode())).status_code == 404
    assert await database.value("SELECT count(*) FROM student WHERE number = '2541010001'") == 0


async def test_students_and_strangers_are_led_to_the_sign_in(as_alice, signed_out):
    for client in (as_alice, signed_out):
        for path in (HERE, "/organizer/people", "/organizer/people/staff", "/organizer/people/tokens"):
            answer = await client.get(path, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/staff/sign-in"), path


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"", "请填写这一项。"),
        ("a.docx", b"PK", "请上传 .xlsx 或 .csv 文件。"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "这是旧版 .xls 文件，请在表格软件里另存为 .xlsx。"),
        ("a.csv", "姓名,年龄\n王小燕,20\n".encode(), "没有找到表头。请保留写有“学号”“姓名”“学院”的那一行。"),
        ("a.csv", "学号,姓名\n1,王小燕\n".encode(), "表头缺少：学院。"),
        ("a.csv", "学号,姓名,学院\n".encode(), "表头下面没有学生。"),
    ],
)
async def test_a_file_that_is_no_roster_is_refused_with_a_sentence(as_clerk, name, content, sentence):
    refused = await upload(as_clerk, name, content)
    assert refused.status_code == 422
    assert sentence in refused.text or (not content and "文件是空的。" in refused.text)
    assert await database.value("SELECT count(*) FROM roster_import") == 0


async def test_a_form_without_a_file_says_so(as_clerk):
    refused = await as_clerk.submit(HERE, {"school": SCHOOL})
    assert refused.status_code == 422
    assert "请填写这一项。" in refused.text


async def test_changes_are_shown_before_they_are_made_with_contacts_masked(as_clerk):
    first = await upload(as_clerk, "a.csv", ALICE.encode())
    await as_clerk.submit(first.headers["location"] + "/application")
    changed = ALICE.replace("人文", "法").replace("13800000001", "13800009999")
    page = (await as_clerk.get((await upload(as_clerk, "b.csv", changed.encode())).headers["location"])).text
    assert "人文学院" in page
    assert "法学院" in page
    assert ("138****0001" in page, "138****9999" in page) == (True, True)
    assert "13800009999" not in page


async def test_who_is_missing_is_marked_only_when_the_box_is_ticked(as_clerk):
    both = ALICE + "2541010002,李强,人文学院,13800000002\n"
    await as_clerk.submit((await upload(as_clerk, "a.csv", both.encode())).headers["location"] + "/application")
    left = "SELECT left_at IS NOT NULL FROM student WHERE number = '2541010002'"
    path = (await upload(as_clerk, "b.csv", ALICE.encode())).headers["location"]
    assert "2541010002 李*" in (await as_clerk.get(path)).text
    await as_clerk.submit(path + "/application")
    assert await database.value(left) is False
    path = (await upload(as_clerk, "b.csv", ALICE.encode())).headers["location"]
    await as_clerk.submit(path + "/application", {"gone_have_left": "1"})
    assert await database.value(left) is True


async def test_an_overtaken_preview_says_so_and_keeps_the_page(as_clerk):
    stale = (await upload(as_clerk, "a.csv", ALICE.encode())).headers["location"]
    fresh = (await upload(as_clerk, "b.csv", ALICE.encode())).headers["location"]
    await as_clerk.submit(fresh + "/application")
    refused = await as_clerk.submit(stale + "/application")
    assert refused.status_code == 409
    assert "预览之后，这所学校又导入过另一份名单。" in refused.text


async def test_script_in_a_name_is_shown_as_text(as_clerk):
    hostile = "学号,姓名,学院\n?,<script>alert(1)</script>,{{7*7}}\n"
    page = (await as_clerk.get((await upload(as_clerk, "<b>.csv", hostile.encode())).headers["location"])).text
    assert "<script>alert" not in page
    assert "<b>.csv" not in page


@pytest.mark.parametrize(
    ("reasons", "sentences"),
    [
        (SheetReason, roster_sentences.SHEETS),
        (RosterReason, roster_sentences.ROSTERS),
        (Fault, roster_sentences.BY_VALUE),
        (TextFault, roster_sentences.BY_VALUE),
        (ContactFault, roster_sentences.BY_VALUE),
        (DoubtKind, roster_sentences.DOUBTS),
        (How, roster_sentences.HOWS),
        (Field, roster_sentences.FIELDS),
    ],
)
def test_every_reason_has_a_sentence_in_both_languages(reasons: type[StrEnum], sentences: dict[str, str]):
    for reason in reasons:
        msgid = sentences[reason]
        assert translate("en", msgid, **dict.fromkeys(names_in(msgid), "…")) != translate(
            "zh-CN", msgid, **dict.fromkeys(names_in(msgid), "…")
        ), reason


def test_reasons_that_share_a_value_share_their_sentence():
    by_value: dict[str, set[str]] = {}
    for reason, sentence in roster_sentences.REASONS.items():
        by_value.setdefault(reason.value, set()).add(sentence)
    assert {value: each for value, each in by_value.items() if len(each) > 1} == {}


def names_in(msgid: str) -> Iterator[str]:
    return (found[1] for found in re.finditer(r"%\((\w+)\)s", msgid))
