"""A scan in words and a sign: the same for the page and for the script on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from events.gate.results import ScanResult
from events.gate.rules import Direction, Reason
from templates.environment import Locale, translate
from templates.formats import clock, span
from templates.language import N_

HEADLINES: Final[Mapping[Reason, str]] = {
    Reason.NOT_OURS: N_("不是本站的票"),
    Reason.MALFORMED: N_("票码不完整"),
    Reason.UNKNOWN_VERSION: N_("票码版本无法识别"),
    Reason.UNKNOWN_KEY: N_("票码签名无法识别"),
    Reason.BAD_SIGNATURE: N_("票码是伪造的"),
    Reason.UNKNOWN_TICKET: N_("查无此票"),
    Reason.WRONG_EVENT: N_("是另一项活动的票"),
    Reason.WRONG_SESSION: N_("是另一场的票"),
    Reason.NOT_YET: N_("还没到验票时间"),
    Reason.OVER: N_("票已过期"),
    Reason.EVENT_CANCELLED: N_("活动已取消"),
    Reason.POSTPONED: N_("活动已延期"),
    Reason.APPLIED: N_("报名还在审核"),
    Reason.WAITLISTED: N_("还在候补"),
    Reason.DECLINED: N_("未录取"),
    Reason.CANCELLED: N_("报名已取消"),
    Reason.ON_LEAVE: N_("已请假"),
    Reason.REVOKED: N_("票已作废"),
    Reason.STOP_RETIRED: N_("验票点已停用"),
    Reason.ALREADY_ADMITTED: N_("已经验过"),
    Reason.ALREADY_OUT: N_("已经签退"),
    Reason.NOT_IN: N_("还没有签到"),
}
GOOD: Final = {Direction.IN: N_("已签到"), Direction.OUT: N_("已签退")}


@dataclass(frozen=True)
class Verdict:
    """`lines` are sentences; `scan_id` names the scan for an undo."""

    scan_id: int
    admitted: bool
    headline: str
    lines: tuple[str, ...]
    name: str
    time: str


def in_words(locale: Locale, result: ScanResult) -> Verdict:
    headline = GOOD[result.direction] if result.reason is None else HEADLINES[result.reason]
    return Verdict(
        scan_id=result.scan_id,
        admitted=result.admitted,
        headline=translate(locale, headline),
        lines=tuple(line for line in lines_of(locale, result) if line),
        name=result.name,
        time=f"{clock(locale, result.at)}",
    )


def lines_of(locale: Locale, result: ScanResult) -> list[str]:
    lines = [" · ".join(part for part in (result.name, result.college, *result.pools) if part)]
    if result.earlier_at is not None:
        at = clock(locale, result.earlier_at)
        lines.append(translate(locale, N_("%(at)s 已在“%(stop)s”验过"), at=at, stop=result.earlier_stop))
    if result.reason in (Reason.WRONG_SESSION, Reason.WRONG_EVENT) and result.event_title:
        lines.append(result.event_title)
    if result.reason in (Reason.WRONG_SESSION, Reason.NOT_YET, Reason.OVER) and result.starts_at and result.ends_at:
        lines.append(span(locale, result.starts_at, result.ends_at, result.at))
    if result.admitted and result.expected:
        inside = translate(
            locale, N_("本场 %(inside)s / %(expected)s 人"), inside=result.inside, expected=result.expected
        )
        lines.append(inside)
    return lines
