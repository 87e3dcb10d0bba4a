from datetime import date, datetime, timedelta

import pytest

from tutorbot.core.learner import Learner
from tutorbot.store import streaks
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres


async def test_nobody_starts_with_a_day(unit: Unit, learner: Learner) -> None:
    assert await streaks.last_day(unit, learner.id) is None
    assert await streaks.days(unit, learner.id, date.min) == ()


async def test_answers_of_one_day_are_counted_on_it(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    friday = noon.date()
    await streaks.add(unit, learner.id, friday, "Europe/Berlin", noon)
    evening = noon + timedelta(hours=7)
    day = await streaks.add(unit, learner.id, friday, "Asia/Tokyo", evening)
    assert (day.answers, day.first_at, day.last_at) == (2, noon, evening)
    assert day.timezone == "Asia/Tokyo"
    assert await streaks.last_day(unit, learner.id) == day


async def test_the_days_since_a_day_come_oldest_first_and_only_ones_own(
    unit: Unit, learner: Learner, stranger: Learner, noon: datetime
) -> None:
    friday = noon.date()
    for back in (0, 2, 1, 9):
        await streaks.add(unit, learner.id, friday - timedelta(days=back), "UTC", noon)
    await streaks.add(unit, stranger.id, friday, "UTC", noon)
    found = await streaks.days(unit, learner.id, friday - timedelta(days=2))
    assert [(friday - each.day).days for each in found] == [2, 1, 0]
    assert len(await streaks.days(unit, learner.id, date.min)) == 4
