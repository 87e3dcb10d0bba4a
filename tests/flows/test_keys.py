"""Who teaches decides what the judge could not, and mends keys as far as that reaches."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from gettext import NullTranslations
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.flows.faculty import (
    COURSE,
    NOON,
    STRANGER,
    Faculty,
    check_here,
    faculty,
    judge_here,
)
from tutorbot.core.actions import Action
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.ids import ChatId, QuestionId
from tutorbot.core.keys import (
    EVERYWHERE,
    Applied,
    ApplyRegrade,
    DoubtedQuestion,
    Draft,
    DropRegrade,
    GiveReason,
    Gone,
    KeepKey,
    ListDoubts,
    ListUndecided,
    OpenDoubt,
    QuestionName,
    Refused,
    RefuseRegrade,
    Rule,
    Ruling,
    ShowRegrade,
    SureToRefuse,
    UndoRegrade,
    Why,
)
from tutorbot.flows.doubts import DOUBT
from tutorbot.flows.judgements import Judge
from tutorbot.flows.keys import Keys
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.flows.regrading import Regrading
from tutorbot.jobs.regrading import regrade_waiting
from tutorbot.store import courses, keys, practice, prompts, regrading
from tutorbot.store.keys import Answered
from tutorbot.store.practice import Fact
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Store, Unit
from tutorbot.views import keys as view
from tutorbot.views.reply import Button, Say

pytestmark = pytest.mark.postgres

NAME = QuestionName(COURSE, QuestionId("six-one"))
AUTHOR = -1
_NONE, _ONE = Fraction(0), Fraction(1)


def mending(judge: Judge = judge_here) -> Keys:
    """As those have it who work in the background."""
    library = Library()
    regrading = Regrading(library, judge, lambda _: NullTranslations())
    return Keys(library, regrading, lambda person: person == AUTHOR, check_here)


def _now() -> datetime:
    return NOON


def _waiting(draft: Regrade, report: ChatId) -> Regrade:
    return replace(draft, state="waiting", report=report)


@pytest.fixture
async def school(unit: Unit, tmp_path: Path) -> Faculty:
    return await faculty(unit, tmp_path)


async def scores_of(school: Faculty) -> list[tuple[float, str | None]]:
    rows = await school.unit.execute(
        text("SELECT points, code FROM scores WHERE answer_id = :answer ORDER BY key_id"),
        {"answer": school.undecided},
    )
    return [(float(row.points), row.code) for row in rows]


async def told(school: Faculty, who: str = "pupil") -> list[str]:
    rows = await school.unit.execute(
        text("SELECT body::text FROM outbox WHERE learner_id = :learner ORDER BY id"),
        {"learner": school.people[who].id},
    )
    return [str(row.body) for row in rows]


async def test_one_tap_decides_an_undecided_answer_and_its_learner_hears_of_it(school: Faculty):
    (shown,) = await school.presses("instructor", ListUndecided(school.class_id))
    assert "7.0" in shown
    assert "The key: 7" in shown
    heard = await school.presses("instructor", Rule(school.undecided, Ruling.WRONG))
    assert "It counts as wrong now." in heard
    assert await scores_of(school) == [(0.0, "wrong")]
    assert "now it has 0 of 1" in (await told(school))[-1]
    heard = await school.presses("owner", Rule(school.undecided, Ruling.RIGHT))
    assert heard == ["That was decided before."]
    facts = await school.unit.execute(text("SELECT verdict ->> 'code' FROM answers"))
    assert facts.scalars().all() == ["undecided"]


async def test_an_answer_that_is_right_may_be_added_to_the_key_with_the_same_tap(school: Faculty):
    heard = await school.presses("instructor", Rule(school.undecided, Ruling.ALSO))
    assert "It counts as right now." in heard
    assert await scores_of(school) == [(1.0, "right")]
    assert any("7.0" in each and "Correct the key" in each for each in heard)
    (draft, *_) = await regrading.of_question(school.unit, COURSE, QuestionId("six-one"))
    assert draft.content["accepted"] == ["7", "7.0"]
    await school.presses("instructor", ApplyRegrade(draft.id))
    ((_, key), *_) = await courses.keys_of(school.unit, COURSE, QuestionId("six-one"))
    assert key.content["accepted"] == ["7", "7.0"]


async def test_a_key_that_reaches_others_learners_is_put_before_the_authors(school: Faculty):
    """Or whoever starts a class would decide how everybody's answers are graded."""
    await answers(school, STRANGER)
    await school.presses("owner", ApplyRegrade(school.draft))
    found = await regrading.find(school.unit, school.draft)
    assert found is not None
    assert found.state == "proposed"
    (page,) = await school.presses("owner", OpenDoubt(school.key))
    assert "A correction by Owner lies before the authors." in page
    ((_, key), *_) = await courses.keys_of(school.unit, COURSE, QuestionId("six-one"))
    assert key.id == school.key
    (refused,) = await school.presses("owner", UndoRegrade(school.applied))
    assert "not for you" in refused


async def proposed(school: Faculty) -> Author:
    """Let the owner propose a correction; return an author before whom it lies."""
    await answers(school, STRANGER)
    await school.presses("owner", ApplyRegrade(school.draft))
    return Author(learner=school.people[STRANGER], telegram_id=AUTHOR)


@pytest.mark.parametrize("at_once", [True, False])
async def test_who_proposed_a_correction_hears_that_it_was_applied(
    school: Faculty, *, at_once: bool
):
    author = await proposed(school)
    if at_once:
        done = await mending().apply(school.unit, author, ApplyRegrade(school.draft), NOON)
    else:
        draft = await regrading.find(school.unit, school.draft)
        assert draft is not None
        draft = _waiting(draft, author.learner.chat)
        await regrading.change_draft(school.unit, draft)
        done = await mending().apply_put_off(school.unit, draft, NOON)
    assert isinstance(done, Applied)
    (said,) = await told(school, "owner")
    assert "The correction that you proposed was applied" in said
    assert "Six and one" in said
    assert await told(school, "instructor") == []


async def test_what_was_proposed_is_refused_after_asking_and_who_proposed_it_hears_of_it(
    school: Faculty,
):
    author = await proposed(school)
    for who in ("owner", "instructor"):
        heard = await school.presses(who, RefuseRegrade(school.draft))
        assert "not for you" in heard[0]
    flow = mending()
    shown = await flow.show(school.unit, author, ShowRegrade(school.draft))
    assert isinstance(shown, Draft)
    (said,) = view.drafted(NullTranslations(), shown)
    assert f"Proposed by {school.codes['owner']}: Six and one" in repr(said)
    assert "Refuse" in repr(said)
    assert "Correct the key" not in repr(said)
    asked = await flow.drop(school.unit, author, DropRegrade(school.draft))
    assert isinstance(asked, SureToRefuse)
    assert asked.who == school.codes["owner"]
    assert await told(school, "owner") == []
    refusal = RefuseRegrade(school.draft)
    refused = await flow.refuse(school.unit, author, refusal, NOON)
    assert isinstance(refused, Refused)
    assert isinstance(await flow.refuse(school.unit, author, refusal, NOON), Gone)
    (said,) = await told(school, "owner")
    assert "The correction that you proposed was not taken up" in said
    (page,) = await school.presses("owner", OpenDoubt(school.key))
    assert "A correction by Owner, 22 Nov, was refused." in page


@pytest.mark.parametrize(("length", "cut"), [(500, False), (501, True)])
async def test_who_types_a_long_reason_or_doubt_hears_how_much_of_it_was_kept(
    school: Faculty, length: int, *, cut: bool
):
    await school.presses("instructor", GiveReason(school.draft, Why.ELSE))
    found = await school.unit.execute(text("UPDATE attempts SET tries = 1 RETURNING id"))
    attempt = found.scalars().all()[-1]
    await prompts.ask(school.unit, school.people["pupil"].id, DOUBT, {"attempt": attempt}, NOON)
    for who in ("instructor", "pupil"):
        (heard,) = await school.types(who, "x" * length)
        assert ("kept the first 500 characters" in heard) is cut
    draft = await regrading.find(school.unit, school.draft)
    assert draft is not None
    assert draft.why == "x" * 500
    assert (await keys.flags_of(school.unit, NAME)).words == ("x" * 500,)


async def test_a_key_stands_by_the_word_of_those_whose_learners_alone_it_reaches(school: Faculty):
    """Or what learners of others say of it would never come before the authors."""
    ((version, _), *_) = await courses.keys_of(school.unit, COURSE, QuestionId("six-one"))
    of = Answered(course=COURSE, version=version.version, question=QuestionId("six-one"))
    for who in ("pupil", STRANGER):
        await keys.flag(school.unit, school.people[who].id, of, "k", None, NOON)
    offered = [KeepKey(school.key) in await buttons(school, "instructor")]
    school.now = NOON + timedelta(minutes=1)
    await school.presses("instructor", KeepKey(school.key))
    (queue,) = await school.presses("owner", ListDoubts(EVERYWHERE))
    assert "Six and one: Instructor let the key stand, 22 Nov." in queue
    assert (await keys.flags_of(school.unit, NAME)).reasons == {"k": 1}, "the stranger's"
    await keys.flag(school.unit, school.people["pupil"].id, of, "k", None, NOON)
    await answers(school, STRANGER)
    offered.append(KeepKey(school.key) in await buttons(school, "instructor"))
    assert offered == [True, False]
    (refused,) = await school.presses("instructor", KeepKey(school.key))
    assert "not for you" in refused
    assert (await keys.flags_of(school.unit, NAME)).reasons == {"k": 2}


async def buttons(school: Faculty, who: str) -> set[Action]:
    """Of the page of the doubted key."""
    author = Author(learner=school.people[who], telegram_id=int(school.people[who].chat))
    page = await mending().question(school.unit, author, OpenDoubt(school.key))
    assert isinstance(page, DoubtedQuestion)
    (said,) = view.doubted_question(NullTranslations(), page)
    assert isinstance(said, Say)
    every = [each for row in said.reply.keyboard for each in row]
    return {each.action for each in every if isinstance(each, Button)}


async def answers(school: Faculty, who: str) -> None:
    learner = school.people[who]
    ((version, _), *_) = await courses.keys_of(school.unit, COURSE, QuestionId("six-one"))
    sitting = await practice.begin(school.unit, learner.id, version.version, COURSE, 7, NOON)
    attempt = await practice.open_attempt(
        school.unit,
        sitting,
        question=QuestionId("six-one"),
        place=0,
        variant=0,
        shown=(),
        at=NOON,
        aside=True,
    )
    fact = Fact(
        attempt=attempt.id,
        learner=learner.id,
        version=version.version,
        question=QuestionId("six-one"),
        values=(),
        shown=(),
        raw="8",
        parsed="8",
        verdict={"code": "wrong"},
        hints=0,
        try_number=1,
        answered_at=NOON,
        timezone="UTC",
        study_day=NOON.date(),
    )
    scored = practice.Scored(points=_NONE, out_of=_ONE, policy="all-or-nothing")
    await practice.record(school.unit, fact, scored)


async def test_the_background_judges_and_regrades_what_waits(store: Store, tmp_path: Path):
    async with store.unit() as unit:
        school = await faculty(unit, tmp_path)
        await answers(school, "learner")
        draft = await regrading.find(unit, school.draft)
        assert draft is not None
        report = school.people["owner"].chat
        await regrading.change_draft(unit, _waiting(draft, report))
    for done in (1, 0):
        assert await regrade_waiting(store, mending(), lambda _: NullTranslations(), _now) == done
    async with store.unit() as unit:
        rows = await unit.execute(
            text("SELECT body::text FROM outbox WHERE chat_id = :chat"), {"chat": report}
        )
        assert any("is corrected" in row.body for row in rows)
        scored = await unit.execute(text("SELECT max(points) FROM scores"))
        assert scored.scalar_one() == 1


async def test_what_was_judged_for_another_key_is_not_kept_for_the_draft(
    store: Store, tmp_path: Path
):
    async with store.unit() as unit:
        school = await faculty(unit, tmp_path)
        draft = await regrading.find(unit, school.draft)
        assert draft is not None
        report = school.people["owner"].chat
        await regrading.change_draft(unit, replace(draft, report=report))

    async def judge(asked: Asked, typed: str) -> Verdict:
        """Judge while the draft is given another answer."""
        async with store.unit() as unit:
            content = dict(draft.content) | {"accepted": ["9"]}
            await regrading.change_draft(unit, replace(draft, content=content, report=None))
        return await judge_here(asked, typed)

    assert await regrade_waiting(store, mending(judge), lambda _: NullTranslations(), _now) == 0
    async with store.unit() as unit:
        assert await regrading.judged(unit, draft.id) == {}
        said = await unit.execute(
            text("SELECT count(*) FROM outbox WHERE chat_id = :chat"), {"chat": report}
        )
        assert said.scalar_one() == 0
