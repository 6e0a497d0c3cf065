"""The verdict of every row of a roster as a school really sends it, and of every way to write its cells."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.people.contacts import ContactFault
from events.people.names import TextFault
from events.people.roster import (
    BadRoster,
    Change,
    Doubt,
    DoubtKind,
    Fault,
    Field,
    Gender,
    How,
    Problem,
    Roster,
    RosterReason,
    RosterRow,
    RosterStudent,
    Verdict,
    read_roster,
)
from events.sheets import CellMark, Sheet, SheetRow, read_table

DATA = Path(__file__).parents[2] / "data"
THIS_YEAR = 2026
HEADER = ("学号", "姓名", "学院")
ALICE = ("2547040000", "王小燕", "人文学院")
BOB = ("2547040001", "李强", "法学院")
MEI = ("2547040002", "阿依古丽·买买提", "人文学院")

ACCEPTED = (3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 36, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55)
ACCEPTED += (57, 59, 61)
BLANK = (18, 52)
DOUBTED = {14: "D14", 48: "D48"}  # 信工学院, for majors that no row of 信息工程学院 has
REPEATED = (12, 28, 46, 62)  # of line 6
NORMALISED = {
    4: [("A4", How.REWRITTEN, "２５４３０１０００１", "2543010001")],
    6: [("H6", How.REWRITTEN, "+86 131 6138 1777", "13161381777")],
    10: [("B10", How.REWRITTEN, "阿依古丽•买买提", "阿依古丽·买买提")],
    16: [("G16", How.REWRITTEN, "2025级", "2025")],
    20: [("A20", How.NUMBER_CELL, "2641040017", "2641040017")],
    22: [
        ("A22", How.REWRITTEN, " 2247010019\u3000", "2247010019"),
        ("B22", How.REWRITTEN, "夏 桐", "夏桐"),
    ],
    24: [("H24", How.NUMBER_CELL, "13393728894", "13393728894")],
    32: [("C32", How.REWRITTEN, "1", "男")],
    38: [("A38", How.REWRITTEN, "２６４６０５００３５", "2646050035")],
    40: [("H40", How.REWRITTEN, "+86 132 0884 4978", "13208844978")],
    44: [("B44", How.REWRITTEN, "阿依古丽•买买提", "阿依古丽·买买提")],
    50: [("G50", How.REWRITTEN, "2026级", "2026")],
    54: [("A54", How.NUMBER_CELL, "2445030051", "2445030051")],
    56: [
        ("A56", How.REWRITTEN, " 2545050053\u3000", "2545050053"),
        ("B56", How.REWRITTEN, "周 海志", "周海志"),
    ],
    58: [("H58", How.NUMBER_CELL, "18876232784", "18876232784")],
}
REFUSED = {
    8: Problem("H8", Field.PHONE, ContactFault.WRONG_LENGTH, "153****"),
    26: Problem("B26", Field.NAME, TextFault.EMPTY, ""),
    30: Problem("B30", Field.NAME, Fault.FORMULA, ""),
    34: Problem("A34", Field.NUMBER, Fault.LOST_DIGITS, "2.24101E+17"),
    42: Problem("H42", Field.PHONE, ContactFault.WRONG_LENGTH, "133****"),
    60: Problem("B60", Field.NAME, TextFault.EMPTY, ""),
}


async def roster_of(filename: str) -> Roster:
    return read_roster(await read_table((DATA / filename).read_bytes(), filename), this_year=THIS_YEAR)


def sheet_of(*rows: Sequence[str], name: str = "名单", marks: dict[tuple[int, int], CellMark] | None = None) -> Sheet:
    return Sheet(name, [SheetRow(line, tuple(cells)) for line, cells in enumerate(rows, 1)], marks or {})


def read(*rows: Sequence[str], marks: dict[tuple[int, int], CellMark] | None = None) -> Roster:
    return read_roster([sheet_of(*rows, marks=marks)], this_year=THIS_YEAR)


def only_row(header: str, text: str, mark: CellMark | None = None) -> RosterRow:
    """The row of alice with one more column, or with one of hers written otherwise."""
    cells = dict(zip(HEADER, ALICE, strict=True)) | {header: text}
    column = list(cells).index(header)
    (row,) = read(tuple(cells), tuple(cells.values()), marks={(2, column): mark} if mark else None).rows
    return row


async def test_every_row_of_the_messy_roster_gets_its_verdict() -> None:
    roster = await roster_of("roster_messy.xlsx")
    expected = dict.fromkeys((*ACCEPTED, *DOUBTED), Verdict.ACCEPTED)
    expected |= dict.fromkeys(NORMALISED, Verdict.NORMALISED)
    expected |= dict.fromkeys(REPEATED, Verdict.REPEATED)
    expected |= dict.fromkeys(REFUSED, Verdict.REFUSED)
    assert {row.line: row.verdict for row in roster.rows} == expected
    assert sorted((*expected, *BLANK)) == list(range(3, 63))


async def test_every_change_to_the_messy_roster_is_told_with_its_cell() -> None:
    roster = await roster_of("roster_messy.xlsx")
    told = {row.line: [(c.cell, c.how, c.before, c.after) for c in row.changes] for row in roster.rows if row.changes}
    assert told == NORMALISED


async def test_every_refusal_in_the_messy_roster_names_cell_and_reason() -> None:
    roster = await roster_of("roster_messy.xlsx")
    assert {row.line: row.problems for row in roster.refused} == {line: (told,) for line, told in REFUSED.items()}
    assert all(row.student is None for row in roster.refused)


async def test_doubts_about_the_messy_roster_are_told() -> None:
    roster = await roster_of("roster_messy.xlsx")
    unsure = {
        line: (Doubt(DoubtKind.COLLEGE_UNSURE, cell, Field.COLLEGE, "信工学院", ("信息工程学院",)),)
        for line, cell in DOUBTED.items()
    }
    assert {row.line: row.doubts for row in roster.rows if row.doubts} == unsure
    assert roster.doubts == (
        Doubt(DoubtKind.UNNAMED_COLUMN, "K36", value="K"),
        Doubt(DoubtKind.IGNORED_SHEET, value="说明"),
    )


async def test_the_students_of_the_messy_roster_are_each_there_once() -> None:
    roster = await roster_of("roster_messy.xlsx")
    assert len(roster.students) == len({student.number for student in roster.students}) == 48
    assert {row.line: row.repeats for row in roster.rows if row.repeats} == dict.fromkeys(REPEATED, 6)
    assert roster.students[1] == RosterStudent(
        number="2543010001",
        name="邹馨",
        gender=Gender.MALE,
        college="信息工程学院",
        major="计算机科学与技术",
        class_name="计算2501",
        grade=2025,
        phone="+8618987251049",
        education="本科",
        graduation_year=2029,
        counsellor="",
        email=None,
    )


async def test_the_sample_of_three_thousand_is_accepted_whole() -> None:
    roster = await roster_of("roster_sample.xlsx")
    assert [row.verdict for row in roster.rows] == [Verdict.ACCEPTED] * 3000
    assert len(roster.students) == 3000
    assert roster.doubts == ()


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("学工号", Field.NUMBER),
        (" 学 号 *", Field.NUMBER),
        ("XH", Field.NUMBER),
        ("Student Number", Field.NUMBER),
        ("student_id", Field.NUMBER),
    ],
)
def test_the_number_is_found_under_its_synonyms(header: str, field: Field) -> None:
    assert read((header, "姓　名", "二级学院"), ALICE).columns[field] == "A"


def test_headers_stand_in_any_order_below_titles() -> None:
    header = ("College", "E-mail", "年级（必填）", "name", "辅导员", "移动电话", "XH")
    cells = ("法学院", "bob@Example.org", "2025", "李强", "陈老师", "13812345678", "2547040001")
    roster = read(("2026级学生名单",), ("请勿修改",), header, cells)
    (bob,) = roster.students
    assert (bob.number, bob.name, bob.college, bob.grade) == ("2547040001", "李强", "法学院", 2025)
    assert (bob.phone, bob.email, bob.counsellor) == ("+8613812345678", "bob@example.org", "陈老师")
    assert roster.header_line == 3
    assert roster.rows[0].line == 4


@pytest.mark.parametrize(
    ("rows", "reason", "fields", "details"),
    [
        ([], RosterReason.NO_HEADER, (), ()),
        ([("本表仅供内部使用",)], RosterReason.NO_HEADER, (), ()),
        ([ALICE], RosterReason.NO_HEADER, (), ()),
        ([("学号", "性别")], RosterReason.MISSING_HEADER, (Field.NAME, Field.COLLEGE), ()),
        ([("姓名", "学院"), ALICE], RosterReason.MISSING_HEADER, (Field.NUMBER,), ()),
        ([(*HEADER, "学工号"), ALICE], RosterReason.DUPLICATE_HEADER, (Field.NUMBER,), ("A1", "D1")),
        ([HEADER], RosterReason.NO_STUDENTS, (), ()),
        ([HEADER, ("", "", "")], RosterReason.NO_STUDENTS, (), ()),
    ],
)
def test_what_is_no_roster_is_refused_and_what_is_missing_named(
    rows: list[Sequence[str]], reason: RosterReason, fields: tuple[Field, ...], details: tuple[str, ...]
) -> None:
    with pytest.raises(BadRoster) as refused:
        read(*rows)
    assert (refused.value.reason, refused.value.fields, refused.value.details) == (reason, fields, details)


def test_two_sheets_of_students_are_refused_unless_one_is_named() -> None:
    sheets = [sheet_of(HEADER, ALICE, name="一班"), sheet_of(HEADER, BOB, name="二班"), sheet_of(HEADER, name="模板")]
    with pytest.raises(BadRoster) as refused:
        read_roster(sheets, this_year=THIS_YEAR)
    assert (refused.value.reason, refused.value.details) == (RosterReason.SEVERAL_SHEETS, ("一班", "二班"))
    named = read_roster(sheets, this_year=THIS_YEAR, sheet="二班")
    assert [student.name for student in named.students] == ["李强"]
    with pytest.raises(BadRoster) as refused:
        read_roster(sheets, this_year=THIS_YEAR, sheet="三班")
    assert refused.value.reason == RosterReason.UNKNOWN_SHEET


def test_columns_that_are_not_read_are_named() -> None:
    roster = read((*HEADER, "序号", "身份证号"), (*ALICE, "1", "330282200601010000", "?"))
    assert roster.doubts == (
        Doubt(DoubtKind.MISSING_COLUMN, field=Field.CLASS_NAME),
        Doubt(DoubtKind.MISSING_COLUMN, field=Field.GRADE),
        Doubt(DoubtKind.UNKNOWN_COLUMN, "D1", value="序号"),
        Doubt(DoubtKind.PRIVATE_COLUMN, "E1", value="身份证号"),
        Doubt(DoubtKind.UNNAMED_COLUMN, "F2", value="F"),
    )


def test_a_header_printed_again_and_a_row_of_nothing_but_a_serial_are_no_students() -> None:
    roster = read((*HEADER, "序号"), (*ALICE, "1"), HEADER, (*BOB, "2"), ("", "", "", "3"))
    assert [row.line for row in roster.rows] == [2, 4]


@pytest.mark.parametrize(
    ("header", "text", "shown"),
    [
        ("学号", "ab-2547", "AB-2547"),
        ("学号", "2547 0400 00", "2547040000"),
        ("学号", '="0047040000"', "0047040000"),
        ("学号", "'0047040000", "0047040000"),
        ("学号", "2547040000.0", "2547040000"),
        ("姓名", "王小燕\n", "王小燕"),
        ("学院", "人文 学院", "人文学院"),
        ("年级", "２０２４级", "2024"),
        ("年级", "24级", "2024"),
        ("年级", "2024年9月", "2024"),
        ("年级", "2024-09-01", "2024"),
        ("毕业年份", "2028届", "2028"),
        ("性别", "２", "女"),
        ("性别", "M", "男"),
        ("性别", "男性", "男"),
        ("性别", "0", ""),
        ("性别", "9", ""),
        ("手机号", "0086-17012345678", "17012345678"),
        ("手机号", "无", ""),
        ("邮箱", " alice@EXAMPLE.org", "alice@example.org"),
        ("学历层次", "大学本科", "本科"),
        ("学历层次", "高职（专科）", "专科"),
        ("辅导员", "—", ""),
    ],
)
def test_what_can_be_understood_is_normalised_and_told(header: str, text: str, shown: str) -> None:
    row = only_row(header, text)
    assert row.verdict == Verdict.NORMALISED
    assert [(change.before, change.after, change.how) for change in row.changes] == [(text, shown, How.REWRITTEN)]


@pytest.mark.parametrize(
    ("header", "text", "reason", "value"),
    [
        ("学号", "", TextFault.EMPTY, ""),
        ("学号", "\u3000\u200b", TextFault.EMPTY, ""),
        ("学号", "无", Fault.BAD_NUMBER, "*"),
        ("学号", "123", Fault.BAD_NUMBER, "***"),
        ("学号", "254704000_", Fault.BAD_NUMBER, "25******0_"),
        ("学号", "1" * 21, Fault.BAD_NUMBER, "11" + "*" * 17 + "11"),
        ("学号", "1.10101e+17", Fault.LOST_DIGITS, "1.10101e+17"),
        ("姓名", "王?", TextFault.LOST, "王***"),
        ("姓名", "王\u202e燕", TextFault.DIRECTION, "王***"),
        ("姓名", '=HYPERLINK("http://x","y")', Fault.FORMULA, '=HYPERLINK("http://x","y")'),
        ("姓名", "＝1", Fault.FORMULA, "＝1"),
        ("学院", "", TextFault.EMPTY, ""),
        ("学院", "@SUM(A1)", Fault.FORMULA, "@SUM(A1)"),
        ("专业", "日\x00语", TextFault.CONTROL, "日\ufffd语"),
        ("班级", "x" * 101, TextFault.TOO_LONG, "x" * 40),
        ("性别", "男女", Fault.BAD_GENDER, "男女"),
        ("性别", "3", Fault.BAD_GENDER, "3"),
        ("年级", "大一", Fault.BAD_YEAR, "大一"),
        ("年级", "20255", Fault.BAD_YEAR, "20255"),
        ("年级", "1905-07-17", Fault.YEAR_OUT_OF_RANGE, "1905-07-17"),
        ("年级", "1949", Fault.YEAR_OUT_OF_RANGE, "1949"),
        ("年级", "2035", Fault.YEAR_OUT_OF_RANGE, "2035"),
        ("手机号", "12812345678", ContactFault.NOT_A_MOBILE, "128****5678"),
        ("手机号", "138****5678", ContactFault.MASKED, "138****"),
        ("邮箱", "alice", ContactFault.NO_AT, "***"),
    ],
)
def test_what_cannot_be_understood_refuses_its_row_with_cell_and_masked_value(
    header: str, text: str, reason: Fault, value: str
) -> None:
    row = only_row(header, text)
    assert (row.verdict, row.student) == (Verdict.REFUSED, None)
    assert [(problem.reason, problem.value) for problem in row.problems] == [(reason, value)]
    assert row.problems[0].cell in ("A2", "B2", "C2", "D2")


@pytest.mark.parametrize(
    ("mark", "text", "reason"),
    [
        (CellMark.ERROR, "", Fault.ERROR_VALUE),
        (CellMark.FORMULA, "", Fault.FORMULA),
        (CellMark.LOST_DIGITS, "1.10101E+17", Fault.LOST_DIGITS),
    ],
)
def test_an_optional_cell_that_only_looks_empty_refuses_its_row(mark: CellMark, text: str, reason: Fault) -> None:
    assert [problem.reason for problem in only_row("手机号", text, mark).problems] == [reason]


def test_saved_values_of_formulas_are_taken_and_told_once_for_each_column() -> None:
    marks = {(2, 1): CellMark.FORMULA, (3, 1): CellMark.FORMULA}
    roster = read(HEADER, ALICE, BOB, marks=marks)
    assert [row.verdict for row in roster.rows] == [Verdict.ACCEPTED] * 2
    assert Doubt(DoubtKind.FORMULA_VALUES, "B2", Field.NAME) in roster.doubts


def test_the_earliest_and_the_latest_year_are_accepted() -> None:
    for year in (1950, THIS_YEAR + 8):
        assert only_row("年级", str(year)).student.grade == year


def test_leaving_before_entering_is_refused() -> None:
    (row,) = read((*HEADER, "年级", "毕业年份"), (*ALICE, "2026", "2025")).rows
    assert row.problems == (Problem("E2", Field.GRADUATION_YEAR, Fault.YEARS_CROSSED, "2025"),)


def test_two_people_under_one_number_refuse_each_other_by_line() -> None:
    roster = read(
        HEADER, ALICE, ("2547040000", "李强", "人文学院"), MEI, ("２５４７０４００００", "王小燕", "人文学院")
    )
    told = {row.line: [(problem.reason, problem.lines) for problem in row.problems] for row in roster.refused}
    assert told == {
        2: [(Fault.TWO_PEOPLE, (3, 5))],
        3: [(Fault.TWO_PEOPLE, (2, 5))],
        5: [(Fault.TWO_PEOPLE, (2, 3))],
    }
    assert [student.name for student in roster.students] == ["阿依古丽·买买提"]


def test_two_people_are_found_even_if_one_of_their_rows_is_refused_for_itself() -> None:
    roster = read((*HEADER, "手机号"), (*ALICE, ""), ("2547040000", "李强", "人文学院", "153"))
    assert roster.students == ()
    assert [problem.reason for problem in roster.rows[1].problems] == [ContactFault.WRONG_LENGTH, Fault.TWO_PEOPLE]


def test_two_versions_of_one_person_refuse_each_other() -> None:
    roster = read(HEADER, ALICE, ("2547040000", "王小燕", "法学院"))
    assert [row.problems[0].reason for row in roster.rows] == [Fault.TWO_VERSIONS] * 2


def test_the_same_row_again_counts_once_even_if_written_otherwise() -> None:
    roster = read(HEADER, ALICE, BOB, ("2547040000 ", "王 小燕", "人文学院"))
    assert [(row.verdict, row.repeats) for row in roster.rows][2] == (Verdict.REPEATED, 2)
    assert [student.name for student in roster.students] == ["王小燕", "李强"]


def test_a_phone_of_two_students_is_doubted_on_both() -> None:
    roster = read((*HEADER, "手机号"), (*ALICE, "13812345678"), (*BOB, "138 1234 5678"), (*MEI, ""))
    doubts = [(doubt.kind, doubt.cell, doubt.lines) for row in roster.rows for doubt in row.doubts]
    assert doubts == [(DoubtKind.SHARED_CONTACT, "D2", (3,)), (DoubtKind.SHARED_CONTACT, "D3", (2,))]


SCHOOL = (*HEADER, "专业")
INFORMATION = ("1001", "王小燕", "信息工程学院", "通信工程")


def test_a_college_written_short_is_written_out_where_the_major_bears_it_out() -> None:
    roster = read(SCHOOL, INFORMATION, ("1002", "李强", "信工学院", "通信工程"))
    change = Change("C3", Field.COLLEGE, "信工学院", "信息工程学院", How.COLLEGE_NAME)
    assert [row.changes for row in roster.rows] == [(), (change,)]
    assert {student.college for student in roster.students} == {"信息工程学院"}


@pytest.mark.parametrize(
    ("college", "major", "other"),
    [
        ("信工学院", "日语", ("1003", "张三", "人文学院", "日语")),
        ("信工学院", "通信工程", ("1003", "张三", "机械学院", "通信工程")),
        ("信工学院", "日语", ("1003", "张三", "人文学院", "汉语")),
        ("信工学院", "通信工程", ("1003", "张三", "信号工艺学院", "声学")),
    ],
)
def test_a_college_written_short_is_kept_and_doubted_where_nothing_bears_it_out(
    college: str, major: str, other: tuple[str, ...]
) -> None:
    roster = read(SCHOOL, INFORMATION, ("1002", "李强", college, major), other)
    assert roster.rows[1].student.college == college
    assert [doubt.kind for doubt in roster.rows[1].doubts] == [DoubtKind.COLLEGE_UNSURE]


def test_a_college_that_only_resembles_another_is_left_alone() -> None:
    roster = read(SCHOOL, INFORMATION, ("1002", "李强", "工程学院", "通信工程"), ("1003", "张三", "信息系", "通信工程"))
    assert [student.college for student in roster.students] == ["信息工程学院", "工程学院", "信息系"]
    assert [row.doubts for row in roster.rows] == [(), (), ()]


def test_known_colleges_are_kept_aliases_written_out_and_others_doubted() -> None:
    sheet = sheet_of(HEADER, ("1001", "王小燕", "信工学院"), ("1002", "李强", "外语系"), ("1003", "张三", "法学院"))
    roster = read_roster(
        [sheet],
        this_year=THIS_YEAR,
        known_colleges=["信息工程学院", "法学院"],
        college_aliases={"信工学院": "信息工程学院"},
    )
    assert [student.college for student in roster.students] == ["信息工程学院", "外语系", "法学院"]
    kinds = [[doubt.kind for doubt in row.doubts] for row in roster.rows]
    assert kinds == [[], [DoubtKind.COLLEGE_UNKNOWN], []]


CELLS = st.text(max_size=12) | st.sampled_from(
    [*ALICE, *BOB, *HEADER, "年级", "手机号", "2025级", "=1", "13812345678", ""]
)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6))
def test_whatever_is_in_the_cells_every_row_has_a_verdict_or_the_file_a_reason(rows: list[list[str]]) -> None:
    try:
        roster = read((*HEADER, "年级", "手机号"), *rows)
    except BadRoster:
        return
    assert all((row.student is None) == (row.verdict == Verdict.REFUSED) for row in roster.rows)
    assert len({student.number for student in roster.students}) == len(roster.students)


@given(st.text(min_size=1, max_size=20))
def test_what_was_normalised_once_is_accepted_the_next_time(name: str) -> None:
    row = only_row("姓名", name)
    if row.student:
        assert only_row("姓名", row.student.name).verdict == Verdict.ACCEPTED
