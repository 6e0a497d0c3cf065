"""The kinds of event, and what an organizer of each would expect to find filled in already.

A preset is a proposal: it is copied into the form and the organizer changes what differs. The Chinese texts are message
ids; once copied, stops, pools and questions are the organizer's own words.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    STUDY_TOUR = "study_tour"
    FESTIVAL = "festival"
    JOB_FAIR = "job_fair"
    LECTURE = "lecture"
    RACE = "race"
    CONTEST = "contest"
    VOLUNTEER = "volunteer"
    WORKSHOP = "workshop"
    APPOINTMENT = "appointment"
    PLACEMENT = "placement"
    SOCIAL = "social"
    STAY = "stay"
    TRANSPORT = "transport"
    SERVICE_PACKAGE = "service_package"


class Admission(StrEnum):
    """How places are given: in order of arrival, by lot after closing, or by the organizer's choice."""

    FIRST_COME = "first_come"
    DRAW = "draw"
    REVIEW = "review"


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    CONSENT = "consent"


KIND_NAMES = {
    Kind.STUDY_TOUR: "游学",
    Kind.FESTIVAL: "节庆",
    Kind.JOB_FAIR: "招聘会",
    Kind.LECTURE: "讲座",
    Kind.RACE: "赛跑与毅行",
    Kind.CONTEST: "比赛评选",
    Kind.VOLUNTEER: "志愿服务",
    Kind.WORKSHOP: "培训",
    Kind.APPOINTMENT: "预约服务",
    Kind.PLACEMENT: "实践见习",
    Kind.SOCIAL: "交友与社群",
    Kind.STAY: "驿站住宿",
    Kind.TRANSPORT: "出行",
    Kind.SERVICE_PACKAGE: "专项服务",
}
ADMISSION_NAMES = {
    Admission.FIRST_COME: "报名制",
    Admission.DRAW: "中签制",
    Admission.REVIEW: "评审制",
}

ADULT = 18  # years
RESCUE_MINIMUM_AGE = ADULT  # 宁波市志愿服务条例（2021）第十条: no minors in rescue and disaster work


@dataclass(frozen=True, slots=True)
class StopPreset:
    """A point where people are scanned. counts: a good scan here makes an attendance. direction: "in" or "out"."""

    name: str
    counts: bool = True
    direction: str = "in"


@dataclass(frozen=True, slots=True)
class PoolPreset:
    """A counted capacity of `percent` of the session's.

    A booking takes one place in each pool without `choice`, and in one pool of those that share a `choice`.
    """

    name: str
    percent: int = 100
    choice: str = ""


@dataclass(frozen=True, slots=True)
class QuestionPreset:
    """shown_if: the place, from 0, of a consent earlier in the same tuple that must be given before this is asked."""

    kind: QuestionKind
    label: str
    required: bool = True
    options: tuple[str, ...] = ()
    shown_if: int | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """What is proposed for a kind.

    duration, opens_before, closes_before, cancel_before: of a session; the last three count back from its beginning.
    capacity: places of a session. forbids_clashes: nobody may hold an overlapping booking. needs_checkout: minutes are
    counted, so leaving is scanned as well. open_attendance: people usually come without a booking and are head-counted.
    minimum_age: in years, None for any. evidence: what will count as having attended, said to organizers and students.
    """

    duration: timedelta
    capacity: int
    evidence: str
    stops: tuple[StopPreset, ...]
    pools: tuple[PoolPreset, ...] = (PoolPreset("名额"),)
    questions: tuple[QuestionPreset, ...] = ()
    admission: Admission = Admission.FIRST_COME
    opens_before: timedelta = timedelta(days=14)
    closes_before: timedelta = timedelta(hours=2)
    cancel_before: timedelta = timedelta(days=1)
    forbids_clashes: bool = True
    needs_checkout: bool = False
    open_attendance: bool = False
    minimum_age: int | None = None


def preset_of(kind: Kind) -> Preset:
    """The proposal for a kind; every kind has one."""
    return _PRESETS[kind]


def labels() -> frozenset[str]:
    """Every text of this page that a reader may see: what a catalogue of translations has to know."""
    texts = {*KIND_NAMES.values(), *ADMISSION_NAMES.values()}
    for preset in _PRESETS.values():
        texts |= {preset.evidence, *(stop.name for stop in preset.stops)}
        texts |= {text for pool in preset.pools for text in (pool.name, pool.choice) if text}
        texts |= {text for question in preset.questions for text in (question.label, *question.options)}
    return frozenset(texts)


def _text(label: str, required: bool = True, shown_if: int | None = None) -> QuestionPreset:
    return QuestionPreset(QuestionKind.TEXT, label, required, shown_if=shown_if)


def _choice(label: str, *options: str, required: bool = True) -> QuestionPreset:
    return QuestionPreset(QuestionKind.CHOICE, label, required, options)


def _consent(label: str, required: bool = True) -> QuestionPreset:
    return QuestionPreset(QuestionKind.CONSENT, label, required)


_ENTRANCE = StopPreset("入口")
_SIGN_IN, _SIGN_OUT = StopPreset("签到"), StopPreset("签退", counts=False, direction="out")
_EMERGENCY = (_text("紧急联系人姓名"), _text("紧急联系人电话"))
# Health is sensitive data: asked for only after a consent of its own, never a condition (个人信息保护法 第28、29条).
_HEALTH = (
    _consent("我同意主办方为保障我的安全使用我填写的健康信息", required=False),
    _text("过敏或需要照顾的情况", required=False, shown_if=len(_EMERGENCY)),
)

_PRESETS = {
    Kind.STUDY_TOUR: Preset(
        duration=timedelta(hours=8),
        capacity=45,
        evidence="在集合点或任一参观点验票即计到场；各站点名另有记录",
        stops=(
            StopPreset("集合点"),
            StopPreset("车上点名", counts=False),
            StopPreset("参观点"),
            StopPreset("返程", counts=False),
        ),
        pools=(PoolPreset("座位"), PoolPreset("校门口上车", choice="上车点"), PoolPreset("市区上车", choice="上车点")),
        questions=(*_EMERGENCY, *_HEALTH, _consent("我已阅读行程和安全须知，知情并自愿参加")),
        closes_before=timedelta(days=2),
        cancel_before=timedelta(days=2),
    ),
    Kind.FESTIVAL: Preset(
        duration=timedelta(hours=4),
        capacity=500,
        evidence="在入口验票即计到场；未报名入场的只计人数",
        stops=(_ENTRANCE,),
        closes_before=timedelta(0),
        cancel_before=timedelta(hours=2),
        forbids_clashes=False,
        open_attendance=True,
    ),
    Kind.JOB_FAIR: Preset(
        duration=timedelta(hours=4),
        capacity=500,
        evidence="在入口验票即计到场；展位扫码记为洽谈，不重复计人次",
        stops=(_ENTRANCE, StopPreset("展位", counts=False)),
        questions=(
            _choice("求职意向", "全职", "实习", "见习", "先了解"),
            _text("意向岗位", required=False),
        ),
        closes_before=timedelta(0),
        cancel_before=timedelta(hours=2),
        forbids_clashes=False,
        open_attendance=True,
    ),
    Kind.LECTURE: Preset(
        duration=timedelta(hours=2),
        capacity=200,
        evidence="签到即计到场",
        stops=(_SIGN_IN,),
        questions=(_text("想向主讲人提的问题", required=False),),
        opens_before=timedelta(days=7),
        closes_before=timedelta(0),
        cancel_before=timedelta(hours=2),
    ),
    Kind.RACE: Preset(
        duration=timedelta(hours=5),
        capacity=300,
        evidence="在起点检录即计到场；到达终点记为完赛",
        stops=(StopPreset("起点"), StopPreset("检查点", counts=False), StopPreset("终点", counts=False)),
        questions=(
            *_EMERGENCY,
            *_HEALTH,
            _choice("衣服尺码", "S", "M", "L", "XL", "XXL", "XXXL"),
            _consent("我已了解路线和风险，确认身体状况适合参加"),
        ),
        opens_before=timedelta(days=30),
        closes_before=timedelta(days=7),
        cancel_before=timedelta(days=7),
    ),
    Kind.CONTEST: Preset(
        duration=timedelta(hours=3),
        capacity=60,
        evidence="参赛者签到即计到场",
        stops=(_SIGN_IN,),
        questions=(
            _text("作品或节目名称"),
            QuestionPreset(QuestionKind.FILE, "报名材料", required=False),
            _consent("我确认作品为本人或本团队原创"),
        ),
        admission=Admission.REVIEW,
        opens_before=timedelta(days=30),
        closes_before=timedelta(days=7),
        cancel_before=timedelta(days=3),
    ),
    Kind.VOLUNTEER: Preset(
        duration=timedelta(hours=3),
        capacity=20,
        evidence="签到和签退齐全才计时长；路途时间不计",
        stops=(_SIGN_IN, _SIGN_OUT),
        questions=(*_EMERGENCY, _consent("我已了解服务内容和风险")),
        needs_checkout=True,
    ),
    Kind.WORKSHOP: Preset(
        duration=timedelta(hours=3),
        capacity=40,
        evidence="签到即计到场；签到和签退齐全才计学时",
        stops=(_SIGN_IN, _SIGN_OUT),
        needs_checkout=True,
    ),
    Kind.APPOINTMENT: Preset(
        duration=timedelta(minutes=20),
        capacity=1,
        evidence="到场登记即计到场",
        stops=(StopPreset("到场登记"),),
        questions=(_text("想咨询的内容", required=False),),
        closes_before=timedelta(hours=1),
        cancel_before=timedelta(hours=2),
    ),
    Kind.PLACEMENT: Preset(
        duration=timedelta(days=30),
        capacity=5,
        evidence="报到即计到场；每日签到和签退齐全才计时长",
        stops=(_SIGN_IN, _SIGN_OUT),
        questions=(_text("专业和特长"), QuestionPreset(QuestionKind.FILE, "个人简历", required=False), *_EMERGENCY),
        admission=Admission.REVIEW,
        opens_before=timedelta(days=45),
        closes_before=timedelta(days=10),
        cancel_before=timedelta(days=7),
        forbids_clashes=False,  # a month at a company would otherwise forbid every evening of it
        needs_checkout=True,
    ),
    Kind.SOCIAL: Preset(
        duration=timedelta(hours=3),
        capacity=40,
        evidence="签到即计到场；名单不公开",
        stops=(_SIGN_IN,),
        pools=(PoolPreset("男", 50, "性别"), PoolPreset("女", 50, "性别")),
        questions=(
            _text("希望大家怎么称呼您"),
            _consent("我同意向互选成功的对方公开我的联系方式", required=False),
        ),
        admission=Admission.DRAW,
        closes_before=timedelta(days=2),
        minimum_age=ADULT,
    ),
    Kind.STAY: Preset(
        duration=timedelta(hours=22),  # 14:00 to 12:00 of the next day
        capacity=20,
        evidence="办理入住即计到场；退房后计住宿天数",
        stops=(StopPreset("入住"), StopPreset("退房", counts=False, direction="out")),
        pools=(PoolPreset("床位"),),
        questions=(
            _choice("入住事由", "求职面试", "实习见习", "交流活动"),
            QuestionPreset(QuestionKind.FILE, "面试通知或学籍证明", required=False),
        ),
        admission=Admission.REVIEW,
        opens_before=timedelta(days=30),
        closes_before=timedelta(days=3),
        forbids_clashes=False,
        needs_checkout=True,
        minimum_age=ADULT,
    ),
    Kind.TRANSPORT: Preset(
        duration=timedelta(hours=2),
        capacity=45,
        evidence="上车验票即计乘车",
        stops=(StopPreset("上车"),),
        pools=(
            PoolPreset("座位"),
            PoolPreset("起点站上车", choice="上车点"),
            PoolPreset("中途站上车", choice="上车点"),
        ),
        opens_before=timedelta(days=7),
        closes_before=timedelta(hours=2),
        cancel_before=timedelta(hours=4),
    ),
    Kind.SERVICE_PACKAGE: Preset(
        duration=timedelta(hours=1),
        capacity=10,
        evidence="每项服务登记日期、方式和经办人，全部做满才算完成",
        stops=(StopPreset("服务登记"),),
        questions=(_choice("希望先办理的服务", "政策宣介", "职业指导", "岗位推荐", "职业培训或就业见习"),),
        opens_before=timedelta(days=30),
        cancel_before=timedelta(hours=2),
        forbids_clashes=False,
    ),
}
