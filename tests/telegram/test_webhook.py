from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = pytest.mark.postgres


async def test_what_is_said_is_answered(house: "House"):
    async with house.hook() as (webhook, _), house.open(webhook):
        ada = house.person()
        await ada.says("hello")
        (reply,) = await ada.hears()
        assert reply.text == "You said hello"
        await ada.says("again")
        await ada.hears()
        assert house.playground.calls("getUpdates") == []
