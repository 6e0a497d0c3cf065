"""What is the matter with a roster, in sentences: of the file, of a row, of what should be looked at."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from events.people.contacts import ContactFault
from events.people.names import TextFault
from events.people.roster import BadRoster, DoubtKind, Fault, Field, How, RosterReason
from events.people.roster.verdict import DoubtLine, ProblemLine
from events.sheets import BadSheet, SheetReason
from templates.environment import Locale, translate
from templates.language import N_

FIELDS: Final[Mapping[Field, str]] = {
    Field.NUMBER: N_("学号"),
    Field.NAME: N_("姓名"),
    Field.GENDER: N_("性别"),
    Field.COLLEGE: N_("学院"),
    Field.MAJOR: N_("专业"),
    Field.CLASS_NAME: N_("班级"),
    Field.GRADE: N_("年级"),
    Field.PHONE: N_("手机号"),
    Field.EDUCATION: N_("学历层次"),
    Field.GRADUATION_YEAR: N_("毕业年份"),
    Field.COUNSELLOR: N_("辅导员"),
    Field.EMAIL: N_("邮箱"),
}

# The three enums share some values, and these mean the same: a stored verdict keeps the value alone.
REASONS: Final[Mapping[StrEnum, str]] = {
    Fault.BAD_NUMBER: N_("学号只能由字母、数字和短横线组成。"),
    Fault.LOST_DIGITS: N_("数字太长，Excel 只保留了前 15 位。请把这一列设为文本，再重新填写。"),
    Fault.FORMULA: N_("公式没有保存结果，请改填文字或数字。"),
    Fault.ERROR_VALUE: N_("单元格里是错误值，如 #REF!。"),
    Fault.BAD_GENDER: N_("性别无法识别，请填“男”或“女”。"),
    Fault.BAD_YEAR: N_("年份无法识别，请填四位数字。"),
    Fault.YEAR_OUT_OF_RANGE: N_("年份超出合理范围。"),
    Fault.YEARS_CROSSED: N_("毕业年份早于入学年份。"),
    Fault.TWO_PEOPLE: N_("同一个学号下有不同的姓名。"),
    Fault.TWO_VERSIONS: N_("同一个学号出现了几次，内容不一致。"),
    TextFault.EMPTY: N_("必填项是空的。"),
    TextFault.TOO_LONG: N_("太长了，请缩短。"),
    TextFault.CONTROL: N_("含有看不见的控制字符，请删掉后重新输入。"),
    TextFault.DIRECTION: N_("含有改变文字方向的隐藏字符，请删掉后重新输入。"),
    TextFault.LOST: N_("有字没能正常显示，请补全。"),
    TextFault.NO_LETTER: N_("不像姓名，里面没有文字。"),
    ContactFault.EMPTY: N_("必填项是空的。"),
    ContactFault.MASKED: N_("号码打了星号，请填写完整。"),
    ContactFault.SEVERAL: N_("填了不止一个，请只保留一个。"),
    ContactFault.LETTERS: N_("含有不属于号码的字符。"),
    ContactFault.FOREIGN: N_("不是中国大陆的手机号。"),
    ContactFault.WRONG_LENGTH: N_("位数不对，手机号应为 11 位。"),
    ContactFault.NOT_A_MOBILE: N_("不是手机号，请核对开头几位。"),
    ContactFault.CONTROL: N_("含有看不见的控制字符，请删掉后重新输入。"),
    ContactFault.TOO_LONG: N_("太长了，请缩短。"),
    ContactFault.NO_AT: N_("邮箱里没有 @。"),
    ContactFault.BAD_LOCAL: N_("邮箱 @ 前面的部分不正确。"),
    ContactFault.BAD_DOMAIN: N_("邮箱 @ 后面的部分不正确。"),
    ContactFault.NOT_ASCII: N_("邮箱里有中文或全角字符。"),
}
BY_VALUE: Final[Mapping[str, str]] = {reason.value: sentence for reason, sentence in REASONS.items()}

DOUBTS: Final[Mapping[DoubtKind, str]] = {
    DoubtKind.COLLEGE_UNSURE: N_("“%(value)s”可能是“%(suggestions)s”的简称，请核对。"),
    DoubtKind.COLLEGE_UNKNOWN: N_("学院“%(value)s”以前没有出现过，请核对。"),
    DoubtKind.SHARED_CONTACT: N_("与第 %(lines)s 行填了相同的联系方式。"),
    DoubtKind.UNKNOWN_COLUMN: N_("不认识“%(value)s”这一列，没有读取。"),
    DoubtKind.UNNAMED_COLUMN: N_("%(value)s 列没有表头，没有读取。"),
    DoubtKind.PRIVATE_COLUMN: N_("“%(value)s”属于敏感个人信息，没有读取。以后请不要放进名单。"),
    DoubtKind.MISSING_COLUMN: N_("没有“%(field)s”这一列。"),
    DoubtKind.FORMULA_VALUES: N_("“%(field)s”这一列有公式，取的是文件里保存的结果。"),
    DoubtKind.IGNORED_SHEET: N_("工作表“%(value)s”没有读取。"),
}

HOWS: Final[Mapping[How, str]] = {
    How.REWRITTEN: N_("统一写法"),
    How.NUMBER_CELL: N_("数字格按文本读取"),
    How.COLLEGE_NAME: N_("改为学院全称"),
}

SHEETS: Final[Mapping[SheetReason, str]] = {
    SheetReason.EMPTY_FILE: N_("文件是空的。"),
    SheetReason.FILE_TOO_LARGE: N_("文件太大，最多 20 MB。"),
    SheetReason.UNKNOWN_KIND: N_("请上传 .xlsx 或 .csv 文件。"),
    SheetReason.MISNAMED: N_("文件内容与扩展名不符，请用表格软件重新另存。"),
    SheetReason.OLD_XLS: N_("这是旧版 .xls 文件，请在表格软件里另存为 .xlsx。"),
    SheetReason.ENCRYPTED: N_("文件设了密码，请去掉密码再上传。"),
    SheetReason.MACROS: N_("文件含有宏，请另存为不含宏的 .xlsx。"),
    SheetReason.EXPANDS_TOO_FAR: N_("文件解压后大得不正常，没有读取。"),
    SheetReason.TOO_MANY_PARTS: N_("文件内部的部件太多，没有读取。"),
    SheetReason.BROKEN: N_("文件已损坏，无法读取。请重新导出一份。"),
    SheetReason.ENTITIES: N_("文件里有不允许的内容，没有读取。"),
    SheetReason.NOT_TEXT: N_("这不是文本文件，请用表格软件另存为 .csv 或 .xlsx。"),
    SheetReason.UNKNOWN_ENCODING: N_("文字编码无法识别，请另存为 UTF-8 编码的 .csv，或 .xlsx。"),
    SheetReason.UNBALANCED_QUOTES: N_("引号没有成对，不知道一格到哪里为止。"),
    SheetReason.TOO_MANY_ROWS: N_("行数太多，最多 20 万行。"),
    SheetReason.TOO_MANY_COLUMNS: N_("列数太多，最多 200 列。"),
    SheetReason.CELL_TOO_LONG: N_("有一格的文字太长。"),
    SheetReason.TOO_MUCH_TEXT: N_("文件里的文字太多，没有读取。"),
    SheetReason.NO_ROWS: N_("文件里没有内容。"),
    SheetReason.TOO_SLOW: N_("读取时间太长，已停止。请拆成几个文件。"),
    SheetReason.TOO_MUCH_MEMORY: N_("文件太复杂，没有读取。请拆成几个文件。"),
}

ROSTERS: Final[Mapping[RosterReason, str]] = {
    RosterReason.NO_HEADER: N_("没有找到表头。请保留写有“学号”“姓名”“学院”的那一行。"),
    RosterReason.MISSING_HEADER: N_("表头缺少：%(fields)s。"),
    RosterReason.DUPLICATE_HEADER: N_("表头里的“%(fields)s”出现了不止一次（%(details)s）。"),
    RosterReason.SEVERAL_SHEETS: N_("有几张工作表都像名单：%(details)s。请只留一张。"),
    RosterReason.UNKNOWN_SHEET: N_("没有名为“%(details)s”的工作表。"),
    RosterReason.NO_STUDENTS: N_("表头下面没有学生。"),
}


def of_file(locale: Locale, error: BadSheet | BadRoster) -> str:
    """Why the file as a whole was not read."""
    if isinstance(error, BadRoster):
        fields = joined(locale, [translate(locale, FIELDS[field]) for field in error.fields])
        return translate(locale, ROSTERS[error.reason], fields=fields, details=joined(locale, error.details))
    return translate(locale, SHEETS[error.reason])


def of_problem(locale: Locale, problem: ProblemLine) -> str:
    sentence = translate(locale, BY_VALUE[problem.reason])
    if not problem.lines:
        return sentence
    return sentence + translate(locale, N_("（另见第 %(lines)s 行）"), lines=joined(locale, problem.lines))


def of_doubt(locale: Locale, doubt: DoubtLine) -> str:
    return translate(
        locale,
        DOUBTS[DoubtKind(doubt.kind)],
        value=doubt.value,
        field=translate(locale, FIELDS[Field(doubt.field)]) if doubt.field else "",
        suggestions=joined(locale, doubt.suggestions),
        lines=joined(locale, doubt.lines),
    )


def joined(locale: Locale, values: Sequence[object]) -> str:
    return ("、" if locale == "zh-CN" else ", ").join(map(str, values))
