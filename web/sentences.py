"""The sentence for every reason: what is the matter, and what the reader can do."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from events.attendance.rules import SettleRefusal
from events.booking.rules import Refusal
from events.catalogue.changes import CatalogueRefusal
from events.catalogue.eligibility import Clause
from events.errors import Fault, Refused
from events.gate.rules import GateRefusal
from events.people.actions.roster import RosterRefusal
from events.people.actions.staff import StaffRefusal
from events.people.codes import CodeRefusal
from events.people.once import KeyRefusal
from templates.environment import Locale, translate
from templates.formats import moment
from templates.language import N_
from web.phrases import clause_text

CODES: Final[Mapping[str, str]] = {
    "not_found": N_("链接可能已失效，或者您没有查看的权限。"),
    "stale": N_("有人刚刚修改过这里的内容。请刷新后再改一次，您填写的内容没有保存。"),
    "needs_confirmation": N_("这项修改会影响已经报名的人，需要确认后才能保存。"),
    "busy": N_("现在人太多了，请稍等几秒再试。您的操作没有丢失，也不会重复。"),
    "sign_in_needed": N_("请先登录。"),
    "forbidden": N_("这个操作没有获得允许。"),
    "scope_missing": N_("这个访问令牌没有所需的权限范围。"),
    "forged_origin": N_("请求来自别的网站，已拒绝。请从本站页面操作。"),
    "stale_form_token": N_("页面停留太久了，请刷新后再提交一次。"),
    "bad_request": N_("提交的内容无法识别，请返回检查后再试。"),
    "method_not_allowed": N_("这个地址不支持这种操作。"),
    "too_large": N_("提交的内容太大了。"),
    "unsupported_media_type": N_("不支持这种内容格式。"),
    "too_many_requests": N_("操作太频繁了，请稍后再试。"),
    "cookies_needed": N_("登录需要浏览器允许 Cookie。请在设置里打开后再试。"),
    "invalid": N_("有几处内容需要修改。"),
    "internal": N_("系统出错了，我们已经记录下来。请稍后再试。"),
}

REFUSALS: dict[StrEnum, str] = {
    Refusal.NOT_OPEN: N_("报名还没有开始，%(opens_at)s 开放。"),
    Refusal.CLOSED: N_("报名已于 %(closes_at)s 截止。"),
    Refusal.FULL: N_("名额已满。有人取消时名额会放出来，可以稍后再看。"),
    Refusal.PLACE_FULL: N_("您选的“%(choice)s”已满，请换一个。"),
    Refusal.CHOOSE_PLACE: N_("请选择“%(choice)s”。"),
    Refusal.NOT_ELIGIBLE: N_("本活动面向：%(clause)s。您的名单信息不符合这一条件；如果信息有误，请联系学院更正。"),
    Refusal.CLASH: N_("您已报名的“%(title)s”与这一场时间冲突。先取消那一场，才能报名。"),
    Refusal.POSTPONED: N_("活动已延期，新时间确定后再开放报名。"),
    Refusal.CANCELLED: N_("活动已取消。"),
    Refusal.NO_BOOKING_NEEDED: N_("这项活动无需报名，直接到场即可。"),
    Refusal.ADMISSION_NOT_READY: N_("这项活动的报名方式尚未开放。"),
    Refusal.TOO_LATE_TO_CANCEL: N_("自行取消的截止时间是 %(cancel_until)s，已经过了。请联系主办方。"),
    KeyRefusal.REUSED: N_("这个 Idempotency-Key 已经用于另一个请求，请换一个。"),
    CodeRefusal.TOO_SOON: N_("验证码刚刚发出，一分钟后才能再次发送。请先查收。"),
    CodeRefusal.TOO_MANY: N_("验证码发送次数太多了，请过一会儿再试。"),
    CodeRefusal.WRONG: N_("验证码不正确，或已经失效。可以重新发送一个。"),
    Refusal.ALREADY_ATTENDED: N_("您已经签到，不能再取消。"),
    CatalogueRefusal.CANCELLED: N_("活动或场次已取消，不能再修改。可以复制为新的活动。"),
    CatalogueRefusal.ARCHIVED: N_("项目已归档。先恢复项目，才能在它下面新建或发布活动。"),
    CatalogueRefusal.NOT_PUBLISHED: N_("活动还没有发布，不能这样操作。"),
    CatalogueRefusal.NO_FUTURE_SESSION: N_("还没有未来的场次，请先加一场。"),
    CatalogueRefusal.SESSION_WITHOUT_POOL: N_("有场次还没有设名额，请先设好。"),
    CatalogueRefusal.HAS_BOOKINGS: N_("已有 %(bookings)s 个报名，不能这样操作。可以先取消场次，或者改为延期。"),
    CatalogueRefusal.ENDED: N_("这一场已经结束，时间和地点不能再改。"),
    GateRefusal.TOO_LATE: N_("超过 15 分钟，不能再撤销了。"),
    GateRefusal.NOT_ADMITTED: N_("这次没有放行，无需撤销。"),
    GateRefusal.NONCE_REUSED: N_("这个编号已经用于另一次验票，请重新扫码。"),
    SettleRefusal.NOT_OVER: N_("场次还没有结束，暂时不能结算出勤。"),
    RosterRefusal.EXPIRED: N_("预览已经过期，请重新上传名单。"),
    RosterRefusal.OVERTAKEN: N_("预览之后，这所学校又导入过另一份名单。请重新上传，按最新的数据核对。"),
    RosterRefusal.ROWS_REFUSED: N_("还有 %(rows)s 行未通过检查，无法判断谁已离校。请改好这些行，再标记离校。"),
    StaffRefusal.LAST_OWNER: N_("“%(department)s”至少要保留一位能登录的负责人。请先指定另一位。"),
    StaffRefusal.OUT_OF_REACH: N_("这位工作人员还在“%(department)s”任职，需要由那个部门的负责人来操作。"),
}

FAULTS: Final[Mapping[Fault, str]] = {
    Fault.MISSING: N_("请填写这一项。"),
    Fault.TOO_LONG: N_("太长了，请缩短。"),
    Fault.TOO_SHORT: N_("太短了。"),
    Fault.TOO_LOW: N_("数值太小。"),
    Fault.TOO_HIGH: N_("数值太大。"),
    Fault.NOT_A_NUMBER: N_("请填写数字。"),
    Fault.NOT_A_DATE: N_("请填写有效的日期和时间。"),
    Fault.NOT_AN_OPTION: N_("请从给出的选项中选择。"),
    Fault.BAD_CHARACTER: N_("含有无法使用的字符，请删掉后重新输入。"),
    Fault.BAD_EMAIL: N_("邮箱地址不正确。"),
    Fault.BAD_PHONE: N_("手机号不正确，应为 11 位数字。"),
    Fault.BAD_FILE: N_("无法使用这个文件。"),
    Fault.BEFORE_START: N_("结束时间要晚于开始时间。"),
    Fault.AFTER_START: N_("这个时间要早于活动开始。"),
    Fault.AFTER_END: N_("这个时间要早于活动结束。"),
    Fault.BEFORE_OPENING: N_("截止时间要晚于开放时间。"),
    Fault.IN_THE_PAST: N_("这个时间已经过去了。"),
    Fault.BELOW_TAKEN: N_("名额不能少于已报名的人数。"),
    Fault.NO_END: N_("请填写重复到哪一天为止。"),
    Fault.TOO_MANY: N_("数量太多了。"),
    Fault.ALREADY_USED: N_("已经被使用。"),
}


def of_code(locale: Locale, code: str, **detail: Any) -> str:
    return translate(locale, CODES.get(code, CODES["internal"]), **detail)


def of_refusal(locale: Locale, error: Refused) -> str:
    return translate(
        locale, REFUSALS[error.reason], **{name: shown(locale, each) for name, each in error.detail.items()}
    )


def plain(locale: Locale, msgid: str) -> str:
    """A sentence whose values are not known yet: their names stand in 〈〉."""
    return re.sub(r"%\((\w+)\)s", r"〈\1〉", translate(locale, msgid))


def of_fault(locale: Locale, fault: Fault, detail: Mapping[str, Any] | None = None) -> str:
    return translate(locale, FAULTS[fault])


def shown(locale: Locale, value: Any) -> str:
    """A detail of a refusal as people read it."""
    if isinstance(value, datetime):
        return moment(locale, value, datetime.now(value.tzinfo))
    if isinstance(value, Clause):
        return clause_text(locale, value)
    if isinstance(value, tuple):
        return translate(locale, N_("、")).join(str(each) for each in value)
    return str(value)
