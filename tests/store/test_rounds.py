"""A live round waits for Telegram, follows its group, and ends with the bot."""

from datetime import datetime, timedelta

import pytest

from tests.store.setting import assign, join, make_class, set_quiz
from tutorbot.core.assignments import Reveals, Source
from tutorbot.core.ids import (
    ChatId,
    CourseId,
    CourseVersionId,
    OptionId,
    QuestionId,
    RoundId,
    SittingId,
)
from tutorbot.core.learner import Learner
from tutorbot.core.review import Pick
from tutorbot.core.rounds import Phase
from tutorbot.store import assignments, groups, outbox, rounds
from tutorbot.store.rounds import New
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Reply, Say

pytestmark = pytest.mark.postgres

OLD, NEW = ChatId(-5), ChatId(-1005)
HOUR = timedelta(hours=1)


async def asked(unit: Unit, chat: ChatId, version: CourseVersionId, at: datetime) -> RoundId:
    group = await groups.meet(unit, chat, at)
    pick = Pick(version=version, course=CourseId("rnn"), question=QuestionId("gate"), variant=0)
    return await rounds.add(
        unit,
        group.id,
        (New(pick=pick, shown=(OptionId("a"), OptionId("b"))),),
        thread=None,
        language="en",
        about="",
        seconds=20,
        asker=None,
        at=at,
        until=at + HOUR,
    )


async def due(unit: Unit, at: datetime) -> list[tuple[RoundId, ChatId]]:
    return [(found.id, found.chat) for found, _ in await rounds.due(unit, at)]


async def test_nothing_is_due_while_something_waits_to_be_sent_to_the_group(
    unit: Unit, version: CourseVersionId, noon: datetime
):
    made = await asked(unit, OLD, version, noon)
    said = Say(reply=Reply(prose=()))
    (row,) = await outbox.add(
        unit, chat=OLD, learner=None, update_id=None, utterances=[said], at=noon
    )
    assert await due(unit, noon + HOUR) == []
    await outbox.sent(unit, row, 1, noon)
    assert await due(unit, noon + HOUR) == [(made, OLD)]


async def test_a_round_follows_its_group_and_ends_with_the_bot(
    unit: Unit, version: CourseVersionId, noon: datetime
):
    made = await asked(unit, OLD, version, noon)
    await groups.meet(unit, NEW, noon)  # something was said there before anybody told of the move
    await groups.move(unit, OLD, NEW)
    assert await due(unit, noon + HOUR) == [(made, NEW)]
    await groups.left(unit, NEW, noon)
    assert await due(unit, noon + HOUR) == []
    await groups.meet(unit, NEW, noon)
    assert await due(unit, noon + HOUR) == [], "it does not come back with the bot"


async def test_the_lobby_is_edited_every_five_seconds_at_most(
    unit: Unit, version: CourseVersionId, noon: datetime, learner: Learner, stranger: Learner
):
    made = await asked(unit, OLD, version, noon)
    assert await rounds.join(unit, made, learner.id, noon)
    assert not await rounds.join(unit, made, learner.id, noon)
    assert await due(unit, noon + timedelta(seconds=4)) == []
    assert await due(unit, noon + timedelta(seconds=5)) == [(made, OLD)]
    shown = noon + timedelta(seconds=5)
    await rounds.counted(unit, made, shown, noon + HOUR)
    await rounds.join(unit, made, stranger.id, shown + timedelta(seconds=1))
    assert await due(unit, shown + timedelta(seconds=4)) == []
    assert await due(unit, shown + timedelta(seconds=5)) == [(made, OLD)]


async def test_a_poll_that_arrives_once_the_round_is_stopped_opens_nothing(
    unit: Unit, version: CourseVersionId, noon: datetime
):
    made = await asked(unit, OLD, version, noon)
    question = await rounds.question(unit, made, 0)
    await rounds.go_on(unit, made, Phase.ASKING, 0, noon)
    assert await rounds.on_its_way(unit, noon)
    await rounds.end(unit, made, noon)
    await rounds.opened(unit, question.id, "17", noon)
    assert await rounds.is_open(unit, "17") is False
    assert await rounds.is_open(unit, "18") is None
    assert await due(unit, noon + HOUR) == []


async def test_what_a_player_is_asked_in_a_quiz_that_does_not_tell_yet_is_sealed_in_the_group(
    unit: Unit, version: CourseVersionId, noon: datetime, learner: Learner
):
    made = await asked(unit, OLD, version, noon)
    group = await groups.meet(unit, OLD, noon)
    gate = Source(version=version, course=CourseId("rnn"), question=QuestionId("gate"))
    room = await make_class(unit, gate.course, noon)
    await join(unit, room, learner.id, noon)
    quiz = await set_quiz(unit, room, [gate], opens_at=noon, due_at=noon + HOUR, reveal=Reveals.DUE)
    await assign(unit, quiz, learner.id)
    await assignments.opened(unit, quiz, learner.id, SittingId(1), noon)
    assert await assignments.sealed_in(unit, group.id, noon) == frozenset()
    await rounds.join(unit, made, learner.id, noon)
    assert await assignments.sealed_in(unit, group.id, noon) == {gate.key}
    assert await assignments.sealed_in(unit, group.id, noon + 24 * HOUR) == frozenset()
