"""What is kept is told, handed out and deleted, whoever else is at work at that moment."""

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import Text, cast, func, select, text

from tests.chat.school import School, Sitter
from tutorbot.store import learners, updates
from tutorbot.store.class_tables import metadata
from tutorbot.store.unit import Store

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

NAME = "Adalgisa"


@pytest.fixture
def her(school: School) -> Sitter:
    return Sitter(school, school.person(NAME))


async def lives(sitter: Sitter) -> None:
    """Leave traces wherever one can."""
    school, actor = sitter.school, sitter.actor
    school.authors.add(actor.id)
    await actor.sends_document(b"nothing of use", name="notes.quiz.md")
    await actor.hears(lambda bubble: "to mend" in bubble.text)
    await sitter.opens(school.paper(1))
    await answers(sitter)
    await sitter.writes_and_sees("/streak", "day")
    await sitter.writes_and_sees("/settings", "Settings")
    payload = {"message": {"from": {"id": actor.id, "first_name": NAME}, "text": NAME}}
    async with school.store.unit() as unit:
        await updates.poison(unit, 1, "ValueError", payload, school.clock())
    await actor.settles()


async def answers(sitter: Sitter) -> None:
    await sitter.actor.says("A")
    await sitter.actor.hears(lambda bubble: any("Solution" in each for each in bubble.buttons))


async def traces(store: Store, *names: str) -> dict[str, int]:
    """Look for these words in every column of every table."""
    found: dict[str, int] = {}
    async with store.unit() as unit:
        for table in metadata.sorted_tables:
            for column in table.columns:
                said = cast(column, Text).regexp_match("|".join(names))
                counted = await unit.execute(select(func.count()).select_from(table).where(said))
                if number := counted.scalar_one():
                    found[f"{table.name}.{column.name}"] = number
    return found


async def test_privacy_says_what_is_kept_and_how_to_end_it(her: Sitter):
    said = await her.writes_and_sees("/privacy", "What I keep about you")
    for word in ("Profile", "Answers", "Study days", "90 days", "/export", "/forget"):
        assert word in said.text


async def exported(sitter: Sitter) -> dict[str, Any]:
    await sitter.actor.says("/export")
    heard = await sitter.actor.hears(lambda bubble: bubble.document is not None)
    sent = next(bubble for bubble in heard if bubble.document)
    assert sent.wire["document"]["file_name"] == "tutorbot-2026-11-22.zip"
    with zipfile.ZipFile(io.BytesIO(sent.document or b"")) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name).decode("utf-8") for name in packed.namelist()}


async def test_export_hands_out_all_that_is_kept_in_one_file(her: Sitter):
    await lives(her)
    files = await exported(her)
    tables = {name.removesuffix(".json") for name in files if name.endswith(".json")}
    assert tables == {name.removesuffix(".csv") for name in files if name.endswith(".csv")}
    assert {"learners", "answers", "attempts", "study_days", "sittings", "scores"} <= tables
    (profile,) = json.loads(files["learners.json"])
    assert (profile["name"], profile["telegram_id"]) == (NAME, her.actor.id)
    (answer,) = json.loads(files["answers.json"])
    assert answer["chosen"] is not None
    assert len(json.loads(files["study_days.json"])) == 1
    assert len(json.loads(files["uploads.json"])) == 1
    assert len(json.loads(files["updates.json"])) == 1
    assert NAME in files["learners.csv"]


async def test_export_hands_out_nothing_of_anybody_else(her: Sitter, school: School):
    other = Sitter(school, school.person("Bertrand"))
    await lives(other)
    await her.writes_and_sees("/start", "Pick a paper")
    files = await exported(her)
    assert "Bertrand" not in "".join(files.values())
    assert json.loads(files["answers.json"]) == []


async def test_forget_leaves_no_trace_in_any_table(her: Sitter, school: School):
    other = Sitter(school, school.person("Bertrand"))
    await lives(other)
    await lives(her)
    assert {"learners.name", "updates.payload"} <= set(await traces(school.store, NAME))
    kept = await traces(school.store, "Bertrand", str(other.actor.id))
    await her.writes_and_sees("/forget", "Delete everything about you?")
    await her.presses_and_sees("Delete everything", "everything about you is deleted")
    assert (await her.actor.sees_toast()).text == "Everything is deleted."
    await her.actor.settles()
    assert await traces(school.store, NAME, str(her.actor.id)) == {}
    assert await traces(school.store, "Bertrand", str(other.actor.id)) == kept
    async with school.store.unit() as unit:
        assert await learners.count(unit) == 1
        for name in ("answers", "attempts", "sittings", "scores", "study_days", "uploads"):
            left = select(func.count()).select_from(metadata.tables[name])
            assert (await unit.execute(left)).scalar_one() == 1, name


async def test_who_comes_back_is_new_and_can_learn(her: Sitter):
    await lives(her)
    await her.writes_and_sees("/forget", "Delete everything about you?")
    await her.presses_and_sees("Delete everything", "everything about you is deleted")
    await her.writes_and_sees("/start", "First steps, 1 of 5")
    await her.writes_and_sees("/streak", "None yet")
    await her.opens(her.school.paper(1))
    await answers(her)
    await her.writes_and_sees("/streak", "2 answers make today the first")


async def test_nothing_is_deleted_by_an_old_button(her: Sitter, school: School):
    await lives(her)
    before = await traces(school.store, NAME)
    await her.writes_and_sees("/forget", "Delete everything about you?")
    school.clock.passes(minutes=11)
    await her.actor.presses("Delete everything")
    assert "expired" in (await her.actor.sees_toast()).text
    await her.actor.settles()
    assert (await traces(school.store, NAME))["learners.name"] == before["learners.name"]
    assert not any("Delete everything" in each.enabled for each in her.actor.messages())


async def test_who_thinks_better_of_it_keeps_everything(her: Sitter, school: School):
    await her.writes_and_sees("/forget", "Delete everything about you?")
    await her.actor.presses("Keep everything")
    assert "Nothing was deleted" in (await her.actor.sees_toast()).text
    async with school.store.unit() as unit:
        assert await learners.count(unit) == 1


async def test_two_taps_delete_once_and_leave_nothing(her: Sitter, school: School):
    await lives(her)
    asked = await her.writes_and_sees("/forget", "Delete everything about you?")
    await her.actor.presses_on(asked, "Delete everything")
    await her.actor.presses_on(asked, "Delete everything")
    await her.actor.settles()
    assert await traces(school.store, NAME, str(her.actor.id)) == {}


async def test_an_answer_at_the_same_moment_breaks_nothing(her: Sitter, school: School):
    """Whichever comes first: the answer goes with the rest, or finds nobody to belong to."""
    await her.opens(school.paper(1))
    asked = await her.writes_and_sees("/forget", "Delete everything about you?")
    question = next(each for each in her.actor.messages() if "Question 1 of" in each.text)
    await her.actor.presses_on(question, question.enabled[0])
    await her.actor.presses_on(asked, "Delete everything")
    await her.actor.presses_on(question, question.enabled[0])
    await her.actor.settles()
    async with school.store.unit() as unit:
        left = (await unit.execute(text("SELECT count(*) FROM answers"))).scalar_one()
        broken = (await unit.execute(text("SELECT count(error) FROM updates"))).scalar_one()
        people = await learners.find(unit, her.actor.id)
    assert (left, broken) == (0, 0)
    assert people is None or (people.current, people.onboarded) == (None, False)
