import asyncio
from datetime import datetime, timedelta

import pytest

from tutorbot.store import updates
from tutorbot.store.unit import Store, Unit

pytestmark = pytest.mark.postgres


async def test_an_update_is_claimed_once(unit: Unit, noon: datetime) -> None:
    assert await updates.claim(unit, 7, noon)
    assert not await updates.claim(unit, 7, noon)
    assert await updates.claim(unit, 8, noon)


async def test_of_many_who_claim_at_once_one_gets_the_update(store: Store, noon: datetime) -> None:
    async def claim() -> bool:
        async with store.unit() as unit:
            claimed = await updates.claim(unit, 7, noon)
            await asyncio.sleep(0.01)
            return claimed

    assert sorted(await asyncio.gather(*(claim() for _ in range(8)))) == [False] * 7 + [True]


async def test_an_update_whose_work_was_taken_back_can_be_claimed_again(
    store: Store, noon: datetime
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.unit() as unit:
            assert await updates.claim(unit, 7, noon)
            raise ZeroDivisionError
    async with store.unit() as unit:
        assert await updates.claim(unit, 7, noon)


async def test_a_poisoned_update_is_not_processed_again_and_outlives_the_others(
    unit: Unit, noon: datetime
) -> None:
    await updates.claim(unit, 7, noon)
    await updates.poison(unit, 8, "KeyError", {"message": "\0"}, noon)
    assert not await updates.claim(unit, 8, noon)
    assert await updates.prune(unit, noon) == 0
    assert await updates.prune(unit, noon + timedelta(days=2)) == 1
    assert await updates.claim(unit, 7, noon)
    assert not await updates.claim(unit, 8, noon)
