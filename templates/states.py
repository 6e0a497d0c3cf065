"""The fixed words for the states of an event, a booking and an attendance, and the tone that each is shown in."""

from dataclasses import dataclass
from typing import Final

from templates.language import N_


@dataclass(frozen=True)
class Look:
    """`word` is a message id; `tone` one of celadon, berry, gold, grey."""

    word: str
    tone: str


STATES: Final[dict[str, Look]] = {
    # an event or a session
    "draft": Look(N_("草稿"), "grey"),
    "not_open": Look(N_("未开始"), "gold"),
    "open": Look(N_("报名中"), "celadon"),
    "walk_in": Look(N_("随到随进"), "celadon"),
    "full": Look(N_("已满"), "grey"),
    "closed": Look(N_("报名已截止"), "grey"),
    "postponed": Look(N_("已延期"), "berry"),
    "ended": Look(N_("已结束"), "grey"),
    # a booking
    "in_review": Look(N_("待审核"), "gold"),
    "in_draw": Look(N_("待抽签"), "gold"),
    "waitlisted": Look(N_("候补中"), "gold"),
    "offered": Look(N_("候补到位"), "berry"),
    "admitted": Look(N_("已录取"), "celadon"),
    "declined": Look(N_("未录取"), "grey"),
    "confirmed": Look(N_("已报名"), "celadon"),
    "cancelled": Look(N_("已取消"), "grey"),
    "on_leave": Look(N_("已请假"), "grey"),
    # an attendance
    "checked_in": Look(N_("已签到"), "celadon"),
    "checked_out": Look(N_("已签退"), "celadon"),
    "attended": Look(N_("已签到"), "celadon"),
    "excused": Look(N_("已请假"), "grey"),
    "absent": Look(N_("未到场"), "berry"),
}


def state_of(code: str) -> Look:
    """The word and tone of a state; raises KeyError for a code that the interface has no word for."""
    return STATES[code]
