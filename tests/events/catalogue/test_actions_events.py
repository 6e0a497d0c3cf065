"""Programmes and events: made, edited, published, put off, called off. On the real database."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from events import database
from events.catalogue import actions, queries
from events.catalogue.changes import CatalogueRefusal
from events.catalogue.drafts import EventDraft, PoolDraft, ProgrammeDraft, QuestionDraft, SessionDraft
from events.catalogue.eligibility import Clause, Condition, Eligibility, Fact
from events.errors import Fault, Invalid, NeedsConfirmation, NotFound, Refused, Stale
from tests import make

DRAFT = EventDraft(title="走进名企", kind="lecture", place="科院南门", address="文蔚路521号")
XSS = '<script>alert(1)</script>"><img onerror=x> {{7*7}} ${x} =cmd|1'


def days(number: float):
    return make.now() + timedelta(days=number)


async def lasting(cast) -> int:
    return await actions.create_programme(
        cast.olga, ProgrammeDraft(name="逐梦游学", kind="study_tour", host=cast.league.id, partners=(cast.bureau.id,))
    )


async def draft_event(cast, draft: EventDraft = DRAFT) -> int:
    return await actions.create_event(cast.olga, await lasting(cast), draft)


async def published(cast, draft: EventDraft = DRAFT) -> tuple[int, int]:
    """The ids of a published event and of its session."""
    event_id = await draft_event(cast, draft)
    session_id = await actions.add_session(
        cast.olga, event_id, SessionDraft(days(3), days(3.1)), [PoolDraft("名额", 40)]
    )
    await actions.publish_event(cast.olga, event_id)
    return event_id, session_id


async def version_of(cast, event_id: int) -> int:
    return (await queries.event_run_by(cast.olga, event_id)).version


async def take(session_id: int, places: int = 1) -> None:
    """What the desk does to the pools when somebody books."""
    await database.rows("UPDATE pool SET taken = taken + $2 WHERE session = $1", session_id, places)


async def audit(event_id: int) -> list[tuple[str, int, str]]:
    found = await database.rows(
        "SELECT act, staff, reason FROM audit_entry WHERE subject = $1 ORDER BY id", f"event:{event_id}"
    )
    return [(each["act"], each["staff"], each["reason"]) for each in found]


async def test_olga_makes_a_programme_with_a_partner_and_petr_does_not_see_it(cast):
    programme_id = await lasting(cast)
    programme = await queries.programme_run_by(cast.olga, programme_id)
    assert (programme.name, programme.host, [each.name for each in programme.partners]) == (
        "逐梦游学",
        "团市委",
        ["市人力社保局"],
    )
    assert len(programme.code) == 12
    with pytest.raises(NotFound):
        await queries.programme_run_by(cast.petr, programme_id)
    assert await queries.programmes_run_by(cast.petr) == []


async def test_olga_cannot_make_a_programme_for_petrs_department(cast):
    with pytest.raises(Invalid) as refused:
        await actions.create_programme(cast.olga, ProgrammeDraft("名企行", "study_tour", cast.bureau.id))
    assert refused.value.problems == {"host": Fault.NOT_AN_OPTION}
    with pytest.raises(Invalid) as refused:
        await actions.create_programme(
            cast.olga, ProgrammeDraft("名企行", "study_tour", cast.league.id, partners=(99,))
        )
    assert refused.value.problems == {"partners": Fault.NOT_AN_OPTION}
    assert await database.value("SELECT count(*) FROM programme") == 0


async def test_a_code_is_used_once(cast):
    draft = ProgrammeDraft("名企行", "study_tour", cast.league.id, code="mingqi")
    await actions.create_programme(cast.olga, draft)
    with pytest.raises(Invalid) as refused:
        await actions.create_programme(cast.olga, draft)
    assert refused.value.problems == {"code": Fault.ALREADY_USED}


async def test_a_programme_is_edited_from_its_latest_version_only(cast):
    programme_id = await lasting(cast)
    draft = ProgrammeDraft("“走进名企，爱上慈溪”逐梦游学", "study_tour", cast.league.id)
    assert await actions.edit_programme(cast.olga, programme_id, draft, version=1) == 2
    with pytest.raises(Stale) as stale:
        await actions.edit_programme(cast.olga, programme_id, draft, version=1)
    assert stale.value.version == 2
    with pytest.raises(NotFound):
        await actions.edit_programme(cast.petr, programme_id, draft, version=2)
    programme = await queries.programme_run_by(cast.olga, programme_id)
    assert (programme.name, programme.partners, programme.version) == (draft.name, (), 2)


async def test_an_archived_programme_takes_no_new_events_until_it_is_restored(cast):
    programme_id = await lasting(cast)
    event_id = await actions.create_event(cast.olga, programme_id, DRAFT)
    await actions.archive_programme(cast.olga, programme_id)
    await actions.archive_programme(cast.olga, programme_id)
    for attempt in (actions.create_event(cast.olga, programme_id, DRAFT), actions.clone_event(cast.olga, event_id)):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.reason is CatalogueRefusal.ARCHIVED
    assert [each.id for each in await queries.programmes_run_by(cast.olga, archived=True)] == [programme_id]
    assert await queries.programmes_run_by(cast.olga) == []
    await actions.restore_programme(cast.olga, programme_id)
    assert await actions.create_event(cast.olga, programme_id, DRAFT) > event_id


async def test_a_new_event_is_a_draft_with_the_questions_of_its_kind(cast):
    event_id = await draft_event(cast)
    run = await queries.event_run_by(cast.olga, event_id)
    assert (run.state, run.version, run.page.host, run.page.published_at) == ("draft", 1, "团市委", None)
    assert [each.label for each in run.page.questions] == ["想向主讲人提的问题"]
    bare = await actions.create_event(cast.olga, run.page.programme_id, DRAFT, questions=())
    assert (await queries.event_run_by(cast.olga, bare)).page.questions == ()


async def test_script_and_template_text_is_kept_to_the_letter(cast):
    draft = replace(
        DRAFT, title=XSS, title_en=XSS, summary=XSS, body=XSS, place=XSS, address=XSS, district="' OR 1=1--"
    )
    page = (await queries.event_run_by(cast.olga, await draft_event(cast, draft))).page
    assert [page.title, page.title_en, page.summary, page.body, page.place, page.address] == [XSS] * 6
    assert page.district == "' OR 1=1--"


async def test_a_zero_width_title_is_missing_and_nothing_is_made(cast):
    with pytest.raises(Invalid) as refused:
        await draft_event(cast, replace(DRAFT, title="\u200b\u3000\ufeff"))
    assert refused.value.problems == {"title": Fault.MISSING}
    assert await database.value("SELECT count(*) FROM event") == 0


async def test_petr_neither_sees_nor_changes_olgas_event(cast):
    event_id, session_id = await published(cast)
    before = await queries.event_run_by(cast.olga, event_id)
    for attempt in (
        queries.event_run_by(cast.petr, event_id),
        queries.session_run_by(cast.petr, session_id),
        queries.poster_run_by(cast.petr, event_id),
        actions.edit_event(cast.petr, event_id, DRAFT, before.version),
        actions.edit_event(cast.petr, event_id, DRAFT, 99),
        actions.publish_event(cast.petr, event_id),
        actions.unpublish_event(cast.petr, event_id),
        actions.postpone_event(cast.petr, event_id),
        actions.cancel_event(cast.petr, event_id, "不办了"),
        actions.clone_event(cast.petr, event_id),
        actions.add_session(cast.petr, event_id, SessionDraft(days(5), days(5.1))),
        actions.edit_session(cast.petr, session_id, SessionDraft(days(5), days(5.1)), before.version),
        actions.cancel_session(cast.petr, session_id, "不办了"),
        actions.remove_session(cast.petr, session_id),
        actions.set_pools(cast.petr, session_id, []),
        actions.set_questions(cast.petr, event_id, []),
        actions.set_eligibility(cast.petr, event_id, Eligibility()),
        actions.set_poster(cast.petr, event_id, b""),
        actions.remove_poster(cast.petr, event_id),
        actions.create_event(cast.petr, before.page.programme_id, DRAFT),
        actions.archive_programme(cast.petr, before.page.programme_id),
    ):
        with pytest.raises(NotFound):
            await attempt
    after = await queries.event_run_by(cast.olga, event_id)
    assert replace(after.page, now=before.page.now) == before.page
    assert (await queries.events_run_by(cast.petr)).rows == ()


async def test_the_gate_and_the_analyst_read_what_their_role_needs_and_change_nothing(cast):
    event_id, session_id = await published(cast)
    for person in (cast.sam, cast.dora):
        with pytest.raises(NotFound):
            await actions.publish_event(person, event_id)
        with pytest.raises(NotFound):
            await queries.event_run_by(person, event_id)
    assert (await queries.session_run_by(cast.sam, session_id, needed=frozenset({"gate"}))).id == session_id


@pytest.mark.parametrize("unknown", [0, -1, 999, 2**31, 2**63])
async def test_unknown_ids_are_not_found(cast, unknown: int):
    for attempt in (
        actions.publish_event(cast.olga, unknown),
        actions.cancel_session(cast.olga, unknown, "雨天"),
        actions.archive_programme(cast.olga, unknown),
        queries.event_run_by(cast.olga, unknown),
        queries.session_run_by(cast.olga, unknown),
        queries.programme_run_by(cast.olga, unknown),
        queries.event_page(unknown),
        queries.poster(unknown),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_stale_form_changes_nothing(cast):
    event_id = await draft_event(cast)
    changed = await actions.edit_event(cast.olga, event_id, replace(DRAFT, title="走进名企二"), version=1)
    assert changed == actions.Changed(event_id, 2)
    with pytest.raises(Stale) as stale:
        await actions.edit_event(cast.olga, event_id, replace(DRAFT, title="走进名企三"), version=1)
    assert stale.value.version == 2
    assert (await queries.event_run_by(cast.olga, event_id)).title == "走进名企二"


async def test_what_was_made_for_the_demo_stays_marked_so_when_it_is_edited(cast):
    event_id = await draft_event(cast, replace(DRAFT, is_demo=True))
    await actions.edit_event(cast.olga, event_id, DRAFT, None)
    run = await queries.event_run_by(cast.olga, event_id)
    assert run.page.is_demo
    copied = await queries.event_run_by(cast.olga, await actions.clone_event(cast.olga, event_id))
    assert not copied.page.is_demo


async def test_moving_a_booked_event_asks_first_and_then_names_the_sessions(cast):
    event_id, session_id = await published(cast)
    elsewhere = await actions.add_session(
        cast.olga, event_id, SessionDraft(days(4), days(4.1), place="青年之家"), [PoolDraft("名额", 5)]
    )
    await take(session_id, 7)
    await take(elsewhere, 2)
    version, moved = await version_of(cast, event_id), replace(DRAFT, place="青瓷文化中心")
    with pytest.raises(NeedsConfirmation) as asked:
        await actions.edit_event(cast.olga, event_id, moved, version)
    assert asked.value.affected == {"bookings": 7, "sessions": 1, "changes": ("place",)}
    assert await version_of(cast, event_id) == version
    changed = await actions.edit_event(cast.olga, event_id, moved, version, confirmed=True)
    assert changed == actions.Changed(event_id, version + 1, (session_id,))
    versions = {
        each.id: (each.version, each.place) for each in (await queries.event_run_by(cast.olga, event_id)).sessions
    }
    assert versions == {session_id: (2, "青瓷文化中心"), elsewhere: (1, "青年之家")}
    assert (await audit(event_id))[-1] == ("event.edit", cast.olga.id, "")
    detail = await database.value("SELECT detail FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert msgspec.json.decode(detail) == {"place": ["科院南门", "青瓷文化中心"]}


async def test_a_new_text_asks_nothing(cast):
    event_id, session_id = await published(cast)
    await take(session_id)
    changed = await actions.edit_event(cast.olga, event_id, replace(DRAFT, body="新的介绍"), None)
    assert changed.session_ids == ()


async def test_the_way_of_admission_stays_under_those_who_hold_a_place(cast):
    event_id, session_id = await published(cast)
    await take(session_id, 3)
    for draft in (replace(DRAFT, admission="draw"), replace(DRAFT, needs_booking=False)):
        with pytest.raises(Refused) as refused:
            await actions.edit_event(cast.olga, event_id, draft, None)
        assert (refused.value.reason, refused.value.detail) == (CatalogueRefusal.HAS_BOOKINGS, {"bookings": 3})


async def test_an_event_without_a_session_ahead_or_without_places_is_not_published(cast):
    event_id = await draft_event(cast)
    with pytest.raises(Refused) as refused:
        await actions.publish_event(cast.olga, event_id)
    assert refused.value.reason is CatalogueRefusal.NO_FUTURE_SESSION
    session_id = await actions.add_session(cast.olga, event_id, SessionDraft(days(3), days(3.1)), pools=())
    with pytest.raises(Refused) as refused:
        await actions.publish_event(cast.olga, event_id)
    assert (refused.value.reason, refused.value.detail["session_id"]) == (
        CatalogueRefusal.SESSION_WITHOUT_POOL,
        session_id,
    )
    run = await queries.event_run_by(cast.olga, event_id)
    assert [(each.reason, each.session_id) for each in run.missing] == [
        (CatalogueRefusal.SESSION_WITHOUT_POOL, session_id)
    ]
    await actions.set_pools(cast.olga, session_id, [PoolDraft("名额", 1)])
    assert (await actions.publish_event(cast.olga, event_id)).already is False


async def test_what_needs_no_booking_needs_no_places(cast):
    event_id = await draft_event(cast, replace(DRAFT, kind="festival", needs_booking=False))
    await actions.add_session(cast.olga, event_id, SessionDraft(days(3), days(3.1)))
    await actions.publish_event(cast.olga, event_id)
    assert (await queries.event_page(event_id)).sessions[0].pools == ()


async def test_publishing_twice_is_publishing_once(cast):
    event_id, _ = await published(cast)
    first = await queries.event_run_by(cast.olga, event_id)
    again = await actions.publish_event(cast.olga, event_id)
    assert again == actions.Changed(event_id, first.version, already=True)
    assert (await queries.event_run_by(cast.olga, event_id)).page.published_at == first.page.published_at
    assert await audit(event_id) == [("event.publish", cast.olga.id, "")]


async def test_publishing_is_undone_while_nobody_holds_a_place(cast):
    event_id, session_id = await published(cast)
    await actions.unpublish_event(cast.olga, event_id)
    assert (await actions.unpublish_event(cast.olga, event_id)).already
    with pytest.raises(NotFound):
        await queries.event_page(event_id)
    await actions.publish_event(cast.olga, event_id)
    await take(session_id)
    with pytest.raises(Refused) as refused:
        await actions.unpublish_event(cast.olga, event_id)
    assert (refused.value.reason, refused.value.detail) == (CatalogueRefusal.HAS_BOOKINGS, {"bookings": 1})
    assert (await queries.event_page(event_id)).state == "published"


async def test_cancelling_calls_off_what_is_ahead_and_leaves_what_took_place(cast):
    event_id, ahead = await published(cast)
    event = await make.Event.objects().get(make.Event.id == event_id)
    past = await make.session(event, starts_at=days(-2), opens_at=days(-9))
    with pytest.raises(Invalid) as refused:
        await actions.cancel_event(cast.olga, event_id, "\u200b ")
    assert refused.value.problems == {"reason": Fault.MISSING}
    changed = await actions.cancel_event(cast.olga, event_id, "台风")
    assert changed.session_ids == (ahead,)
    again = await actions.cancel_event(cast.olga, event_id, "台风")
    assert (again.session_ids, again.already) == ((), True)
    page = await queries.event_page(event_id)
    assert {each.id: each.state for each in page.sessions} == {past.id: "ended", ahead: "cancelled"}
    assert await audit(event_id) == [("event.publish", cast.olga.id, ""), ("event.cancelled", cast.olga.id, "台风")]


async def test_what_was_cancelled_is_not_changed_any_more(cast):
    event_id, session_id = await published(cast)
    await actions.cancel_event(cast.olga, event_id, "台风")
    for attempt in (
        actions.publish_event(cast.olga, event_id),
        actions.postpone_event(cast.olga, event_id),
        actions.edit_event(cast.olga, event_id, DRAFT, None),
        actions.add_session(cast.olga, event_id, SessionDraft(days(5), days(5.1))),
        actions.edit_session(cast.olga, session_id, SessionDraft(days(5), days(5.1)), None),
        actions.set_pools(cast.olga, session_id, []),
        actions.set_questions(cast.olga, event_id, []),
    ):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.reason is CatalogueRefusal.CANCELLED


async def test_a_postponed_event_is_back_on_with_a_new_date(cast):
    event_id, session_id = await published(cast)
    await take(session_id, 2)
    changed = await actions.postpone_event(cast.olga, event_id, "暴雨")
    assert changed.session_ids == (session_id,)
    assert (await actions.postpone_event(cast.olga, event_id)).already
    with pytest.raises(Refused) as refused:
        await actions.publish_event(cast.olga, event_id)
    assert refused.value.reason is CatalogueRefusal.NO_FUTURE_SESSION
    moved = SessionDraft(days(20), days(20.1))
    changed = await actions.edit_session(cast.olga, session_id, moved, changed.version, confirmed=True)
    assert changed.session_ids == (session_id,)
    await actions.publish_event(cast.olga, event_id)
    [session] = (await queries.event_page(event_id)).sessions
    assert (session.state, session.version, session.starts_at) == ("open", 3, moved.starts_at)


async def test_a_draft_is_not_postponed(cast):
    with pytest.raises(Refused) as refused:
        await actions.postpone_event(cast.olga, await draft_event(cast))
    assert refused.value.reason is CatalogueRefusal.NOT_PUBLISHED


async def test_an_outer_transaction_takes_everything_back(cast):
    event_id, _ = await published(cast)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await actions.cancel_event(cast.olga, event_id, "台风")
            raise ZeroDivisionError
    page = await queries.event_page(event_id)
    assert (page.state, page.sessions[0].state) == ("published", "open")
    assert await audit(event_id) == [("event.publish", cast.olga.id, "")]


async def test_eligibility_is_checked_kept_and_put_into_the_audit(cast):
    event_id, _ = await published(cast)
    rule = Eligibility(all=(Clause(any=(Condition(fact=Fact.COLLEGE, is_=("信息工程学院 ",)),)),))
    before = await version_of(cast, event_id)
    assert (await actions.set_eligibility(cast.olga, event_id, rule, before)).version == before + 1
    with pytest.raises(Stale):
        await actions.set_eligibility(cast.olga, event_id, rule, before)
    stored = (await queries.event_page(event_id)).eligibility
    assert stored.all[0].any[0].is_ == ("信息工程学院",)
    assert (await audit(event_id))[-1][0] == "event.edit"


async def test_before_publishing_questions_are_edited_and_removed(cast):
    event_id = await draft_event(cast)
    size = QuestionDraft("choice", "衣服尺码", options=("S", "M"))
    why = QuestionDraft("text", "为什么是 S", shown_if=0, shown_if_value="S")
    first, second = await actions.set_questions(cast.olga, event_id, [size, why])
    questions = (await queries.event_run_by(cast.olga, event_id)).page.questions
    assert [(each.id, each.options, each.shown_if) for each in questions] == [
        (first, ("S", "M"), None),
        (second, (), first),
    ]
    kept = await actions.set_questions(cast.olga, event_id, [replace(size, id=first, label="尺码", options=("M", "L"))])
    assert kept == [first]
    assert await database.value("SELECT count(*) FROM question WHERE event = $1 AND retired_at IS NULL", event_id) == 1


async def test_after_publishing_a_reworded_question_is_retired_and_replaced(cast):
    event_id, _ = await published(cast)
    size, why = QuestionDraft("choice", "尺码", options=("S", "M")), QuestionDraft("text", "备注")
    first, second = await actions.set_questions(cast.olga, event_id, [size, why])
    reordered = [replace(why, id=second, required=True), replace(size, id=first, options=("S", "M", "L"))]
    kept, replaced = await actions.set_questions(cast.olga, event_id, reordered)
    assert kept == second
    assert replaced not in (first, second)
    questions = (await queries.event_page(event_id)).questions
    assert [(each.id, each.required, each.options) for each in questions] == [
        (second, True, ()),
        (replaced, False, ("S", "M", "L")),
    ]
    old = await database.row("SELECT options, retired_at FROM question WHERE id = $1", first)
    assert msgspec.json.decode(old["options"]) == ["S", "M"]
    assert old["retired_at"] is not None


async def test_a_question_of_another_event_is_a_stale_form(cast):
    event_id = await draft_event(cast)
    other = await make.question(await make.event(), "text")
    with pytest.raises(Stale):
        await actions.set_questions(cast.olga, event_id, [QuestionDraft("text", "改一改", id=other.id)])
    assert await database.value("SELECT label FROM question WHERE id = $1", other.id) == "紧急联系人"
