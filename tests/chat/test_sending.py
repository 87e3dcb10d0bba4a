"""A quiz from its making to its receipts: what an instructor does, and what learners get."""

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tutorbot import languages
from tutorbot.jobs.broadcasts import Broadcasting
from tutorbot.telegram.incident import story

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


class Form:
    """A class with who teaches it and three learners."""

    def __init__(self, school: School, emmy: Sitter, pupils: list[Sitter]) -> None:
        self.school = school
        self.emmy = emmy
        self.pupils = pupils
        self.sending = Broadcasting(
            school.store, languages.languages, school.clock, story, per_second=30
        )

    async def works(self) -> None:
        """What is done in the background, until nothing is left to be done soon."""
        while await self.sending.look():
            for each in self.pupils:
                await each.actor.settles()

    async def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        async with self.school.store.unit() as unit:
            return [tuple(row) for row in await unit.execute(text(statement), values)]

    async def makes(self) -> None:
        """Open the page of a new quiz."""
        await self.emmy.writes_and_sees("/teach", "in which you teach")
        await self.emmy.actor.presses("Form 5")
        await self.emmy.actor.hears(lambda bubble: "3 learners" in bubble.text)
        await self.emmy.presses_and_sees("Set a quiz", "A quiz for Form 5")

    async def turns(self, label: str, words: str) -> None:
        """Press a button, and see the message change."""
        await self.emmy.actor.presses(label)
        await self.emmy.actor.hears(lambda bubble: words in bubble.text)


@pytest.fixture
async def form(school: School) -> Form:
    people = [Sitter(school, school.person(name)) for name in ("Emmy", "Ada", "Ben", "Cleo")]
    for each in people:
        await each.writes_and_sees("/start", "Pick a paper")
    form = Form(school, people[0], people[1:])
    await form.sql(
        "INSERT INTO classes (title, course_id, timezone, made_at) VALUES ('Form 5', :course,"
        " 'Europe/Rome', now())",
        course=school.paper(1).id,
    )
    await form.sql(
        "INSERT INTO class_members (class_id, learner_id, code, role, joined_at) SELECT classes.id,"
        " learners.id, upper(left(name, 1)), CASE name WHEN 'Emmy' THEN 'owner' ELSE 'learner' END,"
        " now() FROM learners, classes"
    )
    await form.sql("UPDATE learners SET timezone = 'Asia/Tokyo' WHERE name = 'Cleo'")
    school.clock.passes(hours=-2)  # 19:00 in Tokyo
    return form


async def test_a_quiz_is_made_with_buttons_previewed_and_sent_to_each_learner_once(
    form: Form,
) -> None:
    emmy, (ada, _ben, cleo) = form.emmy, form.pupils
    await form.makes()
    await form.turns("Questions", "Which questions")
    await form.turns("The whole course", "For the whole class")
    await form.turns("How many", "How many of them")
    await form.turns("2", "2 of ")
    await form.turns("Due", "When is it due")
    await emmy.presses_and_sees("Type a time", "by the clocks of Rome")
    await emmy.writes_and_sees("soon", "I could not read that")
    await emmy.writes_and_sees("2026-12-01 18:00", "Due Tue 1 Dec, 18:00")
    await form.turns("Late", "What are late answers worth")
    await form.turns("50% for 48 hours", "Late answers count 50% until Thu 3 Dec, 18:00")
    await form.turns("Preview", "Preview 1 of")
    assert await form.sql("SELECT count(*) FROM attempts") == [(0,)]
    await form.turns("◀ The quiz", "A quiz for Form 5")
    await form.turns("Go on", "goes to 3 learners of Form 5")
    assert "takes less than a minute" in emmy.actor.last().text
    bubble = emmy.actor.last()
    await emmy.actor.presses_on(bubble, "Send it now")
    await emmy.sees("is going out")
    await form.works()
    said = await cleo.sees("A quiz for you in Form 5")
    assert "2 questions. Due Wed 2 Dec, 02:00, your time." in said.text
    assert said.buttons == ("▶ Open the quiz",)
    assert "Due Tue 1 Dec, 17:00, your time." in (await ada.sees("A quiz for you")).text
    await emmy.actor.hears(lambda bubble: "has gone out" in bubble.text)
    assert "✓ sent: 3" in emmy.actor.last().text
    # A second tap on the same button does nothing twice.
    await emmy.actor.presses_on(bubble, "Send it now")
    assert "decided before" in (await emmy.actor.sees_toast()).text
    assert await form.sql("SELECT count(*) FROM broadcasts") == [(1,)]


async def test_what_is_under_way_can_be_paused_and_taken_back(form: Form) -> None:
    emmy = form.emmy
    await form.makes()
    await form.turns("Go on", "goes to 3 learners")
    await emmy.presses_and_sees("Send it now", "is going out")
    await form.turns("⏸ Pause", "is paused")
    await form.works()
    await form.turns("✕ Take back", "goes out to nobody else")
    await form.turns("Yes, take it back", "was taken back")
    assert "↩ taken back before it went out: 3" in emmy.actor.last().text
    await form.works()
    for each in form.pupils:
        await each.actor.settles()
        assert not any("A quiz for you" in bubble.text for bubble in each.actor.messages())
    assert await form.sql("SELECT state FROM assignments") == [("cancelled",)]


async def test_receipts_name_who_has_not_started_and_remind_them_once(form: Form) -> None:
    emmy, (ada, ben, _cleo) = form.emmy, form.pupils
    await form.makes()
    await form.turns("Go on", "goes to 3 learners")
    await emmy.presses_and_sees("Send it now", "is going out")
    await form.works()
    await emmy.actor.hears(lambda bubble: "has gone out" in bubble.text)
    await form.sql(
        "UPDATE assignees SET opened_at = now(), started_at = now() FROM learners"
        " WHERE learners.id = learner_id AND name = 'Ada'"
    )
    page = await emmy.presses_and_sees("Who has it", "Delivered: 3 of 3")
    assert "Started: 1" in page.text
    await form.turns("Not started: 2", "Ben and Cleo")
    await form.turns("◀ The quiz", "Delivered: 3 of 3")
    receipts = emmy.actor.last()
    await emmy.presses_and_sees("Remind those", "Reminder: ")
    await form.works()
    await ben.sees("still waits for you in Form 5")
    await ada.actor.settles()
    assert not any("still waits" in bubble.text for bubble in ada.actor.messages())
    await emmy.actor.presses_on(receipts, "Remind those")
    assert "less than 12 hours ago" in (await emmy.actor.sees_toast()).text
    await emmy.actor.presses_on(receipts, "24 h more")
    await emmy.actor.hears(lambda bubble: "Due Thu 26 Nov" in bubble.text)
    assert await form.sql("SELECT what FROM class_log ORDER BY id") == [
        ("set",),
        ("reminded",),
        ("extended quiz",),
    ]


async def test_who_only_learns_or_looks_on_sets_and_sends_nothing(form: Form) -> None:
    emmy, ada = form.emmy, form.pupils[0]
    await form.makes()
    await form.turns("Go on", "goes to 3 learners")
    bubble = emmy.actor.last()
    await form.sql(
        "UPDATE class_members SET role = 'observer' FROM learners"
        " WHERE learners.id = learner_id AND name = 'Emmy'"
    )
    await emmy.actor.presses_on(bubble, "Send it now")
    assert "not for you to do" in (await emmy.actor.sees_toast()).text
    assert await form.sql("SELECT count(*) FROM broadcasts") == [(0,)]
    await ada.actor.settles()
