"""Rules in words: whom an event is for."""

from events.catalogue.eligibility import Clause, Condition, Fact
from templates.environment import Locale, translate
from templates.language import N_

FACT_PHRASES = {
    Fact.SCHOOL: N_("%(values)s"),
    Fact.COLLEGE: N_("%(values)s"),
    Fact.MAJOR: N_("%(values)s专业"),
    Fact.CLASS_NAME: N_("%(values)s班"),
    Fact.GRADE: N_("%(values)s级"),
    Fact.EDUCATION: N_("%(values)s"),
    Fact.GRADUATION_YEAR: N_("%(values)s年毕业"),
}
GENDERS = {"m": N_("男生"), "f": N_("女生")}
JOINTS: dict[Locale, tuple[str, str]] = {"zh-CN": ("、", "，或"), "en": (", ", ", or ")}


def clause_text(locale: Locale, clause: Clause) -> str:
    """信息工程学院、人文学院，或2024级"""
    return JOINTS[locale][1].join(condition_text(locale, each) for each in clause.any)


def condition_text(locale: Locale, condition: Condition) -> str:
    if condition.fact is Fact.ON_ROSTER:
        return translate(locale, N_("名单内学生") if condition.is_ == (True,) else N_("名单外人员"))
    if condition.fact is Fact.GENDER:
        values = [translate(locale, GENDERS[str(each)]) for each in condition.is_ if str(each) in GENDERS]
        return JOINTS[locale][0].join(values)
    return translate(
        locale, FACT_PHRASES[condition.fact], values=JOINTS[locale][0].join(str(each) for each in condition.is_)
    )
