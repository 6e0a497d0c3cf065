"""The sentences of letters: a subject and what it is about, for each kind of letter. Message ids, as everywhere."""

from dataclasses import dataclass
from typing import Final

from templates.language import N_


@dataclass(frozen=True)
class Words:
    """`subject` may name %(title)s and %(when)s; `lead` stands alone."""

    subject: str
    lead: str


WORDS: Final[dict[str, Words]] = {
    "confirm": Words(N_("已报名：%(title)s"), N_("您已报名成功，到场时出示票码即可入场。")),
    "remind_24h": Words(
        N_("活动提醒：%(when)s，%(title)s"), N_("您报名的活动快到了。请看好时间和地点，到场时出示票码。")
    ),
    "remind_2h": Words(N_("即将开始：%(when)s，%(title)s"), N_("活动就要开始了，请留足路上的时间，到场时出示票码。")),
    "change": Words(
        N_("活动有变动：%(title)s"), N_("活动安排有变动，请以下面的时间和地点为准。您的报名和票码仍然有效。")
    ),
    "postponed": Words(N_("活动延期：%(title)s"), N_("活动延期举行，新的时间确定后会再通知您。您的报名仍然保留。")),
    "cancelled_by_student": Words(N_("已取消报名：%(title)s"), N_("您已取消报名，名额已经让出。票码不再有效。")),
    "cancelled_by_staff": Words(N_("报名已取消：%(title)s"), N_("主办方取消了您的报名。票码不再有效。")),
    "cancelled_by_event": Words(
        N_("活动取消：%(title)s"), N_("很抱歉，活动已取消，请不要前往。您的报名随之取消，票码不再有效。")
    ),
    "on_leave": Words(N_("已请假：%(title)s"), N_("已为您登记请假，本场不记为爽约。票码不再有效。")),
    "declined": Words(N_("未录取：%(title)s"), N_("很抱歉，这次没有录取。欢迎报名其他活动。")),
}

POSTPONED: Final = N_("延期，时间待定")
CODE_SUBJECT: Final = N_("登录验证码：%(code)s")
CODE_LEAD: Final = N_("您的登录验证码是 %(code)s，请在 %(until)s 前使用，只能用一次。")
CODE_WARNING: Final = N_("任何人都不会向您索要验证码。如果不是您本人在登录，请不用理会这封邮件。")
CODE_SMS: Final = N_("【燕途】验证码 %(code)s，%(until)s 前有效。请勿告诉任何人。")

FACTS: Final[dict[str, str]] = {
    "when": N_("时间"),
    "place": N_("地点"),
    "choices": N_("安排"),
    "note": N_("备注"),
    "host": N_("主办"),
    "reason": N_("原因"),
    "code": N_("票码"),
}
