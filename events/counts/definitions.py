"""What each figure means: the 口径 that is printed beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


def N_(msgid: str) -> str:
    """Marks a text that pages translate."""
    return msgid


class Direction(StrEnum):
    """Which way is better; `neutral` where neither is."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Definition:
    """dedupe: what makes two of them one. statuses: of attendances, or of bookings in sessions not yet settled."""

    code: str
    name: str
    unit: str
    dedupe: str
    statuses: tuple[str, ...]
    scope: str
    direction: Direction
    sentence: str


SCOPE = N_("本部门及下级部门主办的活动")
SETTLED, OPEN = ("attended", "absent", "excused"), ("confirmed", "on_leave")

_REGISTRY = (
    Definition(
        code="person_times",
        name=N_("参与人次"),
        unit=N_("人次"),
        dedupe=N_("同一学生同一场次"),
        statuses=("attended",),
        scope=SCOPE,
        direction=Direction.UP,
        sentence=N_("参与人次：一人到场一场计一次，同一场次在多个站点验票只计一次；按场次开始当日计入。"),
    ),
    Definition(
        code="persons",
        name=N_("参与人数"),
        unit=N_("人"),
        dedupe=N_("同一学生"),
        statuses=("attended",),
        scope=SCOPE,
        direction=Direction.UP,
        sentence=N_("参与人数：统计范围内到场过的学生，一人只计一次；同一人可出现在多行，各行相加不等于合计。"),
    ),
    Definition(
        code="bookings",
        name=N_("报名人次"),
        unit=N_("人次"),
        dedupe=N_("同一学生同一场次"),
        statuses=(*SETTLED, *OPEN),
        scope=SCOPE,
        direction=Direction.UP,
        sentence=N_(
            "报名人次：已结算场次的到场、未到场和请假，加上未结算场次的已报名和已请假；不含候补、待审核、未录取和已取消。"
        ),
    ),
    Definition(
        code="absent",
        name=N_("未到场人次"),
        unit=N_("人次"),
        dedupe=N_("同一学生同一场次"),
        statuses=("absent",),
        scope=SCOPE,
        direction=Direction.DOWN,
        sentence=N_("未到场人次：已结算场次中已报名、未请假、没有有效验票记录的人次。"),
    ),
    Definition(
        code="attendance_rate",
        name=N_("到场率"),
        unit="%",
        dedupe="",
        statuses=("attended", "absent"),
        scope=SCOPE,
        direction=Direction.UP,
        sentence=N_("到场率：参与人次 ÷（参与人次＋未到场人次），请假不计入；四舍五入到两位小数，没有基数时显示“—”。"),
    ),
    Definition(
        code="sessions",
        name=N_("场次"),
        unit=N_("场次"),
        dedupe=N_("同一场次"),
        statuses=(),
        scope=SCOPE,
        direction=Direction.NEUTRAL,
        sentence=N_("场次：已结束并结算的场次，不含已取消的场次；同一场次有多个学院参加，按学院分列时不计。"),
    ),
)

DEFINITIONS: Mapping[str, Definition] = {each.code: each for each in _REGISTRY}

SOURCE_SCANS = N_("验票记录")
SOURCE_BOOKINGS = N_("报名记录")
SOURCES = (SOURCE_SCANS, SOURCE_BOOKINGS)
# Said only where it applies.
NOTE_YEAR_ON_YEAR = N_("同比：与上年同期相比；本期未结束时，与上年同期的相同天数相比。")
NOTE_ON_PREVIOUS = N_("环比：与上一个同样长的时期相比；本期未结束时，与上期的相同天数相比。")
NOTE_BASE = N_("基期为零或缺失时显示“—”；比率的变化以百分点计。")
NOTE_PARTNER = N_("协办单位查看：小于 5 的数显示为“<5”，为避免由合计推算，另有个别数以“*”代替；时段按整月计。")
NOTE_MANUAL = N_("※ 为人工填报，未与系统统计相加。")
