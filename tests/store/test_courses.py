import asyncio
from datetime import datetime

import pytest

from tutorbot.core.ids import CourseId, CourseVersionId, QuestionId
from tutorbot.store import courses
from tutorbot.store.unit import Store, Unit

pytestmark = pytest.mark.postgres


async def _publish(
    unit: Unit, at: datetime, *, course: str = "rnn", digest: str = "1", place: int = 0
) -> CourseVersionId:
    return await courses.publish(
        unit,
        course=CourseId(course),
        title=course.upper(),
        place=place,
        source=f"source {digest}",
        digest=digest,
        keys={QuestionId("count"): {"accepted": ["4"]}},
        at=at,
    )


async def test_the_same_file_again_makes_no_new_version(unit: Unit, noon: datetime) -> None:
    first = await _publish(unit, noon)
    assert await _publish(unit, noon) == first
    assert await courses.source(unit, first) == "source 1"


async def test_a_changed_file_makes_a_new_version_and_the_old_one_stays(
    unit: Unit, noon: datetime
) -> None:
    first = await _publish(unit, noon)
    second = await _publish(unit, noon, digest="2")
    assert [each.version for each in await courses.newest(unit)] == [second]
    assert await courses.source(unit, first) == "source 1"


async def test_taking_a_change_back_publishes_the_old_file_once_more(
    unit: Unit, noon: datetime
) -> None:
    first = await _publish(unit, noon)
    await _publish(unit, noon, digest="2")
    third = await _publish(unit, noon)
    assert third != first
    assert [each.version for each in await courses.newest(unit)] == [third]


async def test_courses_are_listed_in_their_order_which_may_change(
    unit: Unit, noon: datetime
) -> None:
    await _publish(unit, noon, course="rnn", place=1)
    await _publish(unit, noon, course="lstm", place=0)
    assert [each.course for each in await courses.newest(unit)] == ["lstm", "rnn"]
    await _publish(unit, noon, course="lstm", place=2)
    assert [(each.course, each.title) for each in await courses.newest(unit)] == [
        ("rnn", "RNN"),
        ("lstm", "LSTM"),
    ]


async def test_a_corrected_key_counts_from_then_on(unit: Unit, noon: datetime) -> None:
    version = await _publish(unit, noon)
    question = QuestionId("count")
    wrong = await courses.key(unit, version, question)
    right = await courses.correct(
        unit, version, question, content={"accepted": ["5"]}, reason="miscounted", at=noon
    )
    assert wrong != right
    assert await courses.key(unit, version, question) == right


async def test_two_who_publish_the_same_at_once_publish_it_once(
    store: Store, noon: datetime
) -> None:
    async def publish() -> CourseVersionId:
        async with store.unit() as unit:
            return await _publish(unit, noon)

    assert len(set(await asyncio.gather(*(publish() for _ in range(4))))) == 1
