"""What waits while Telegram is away, and what a try costs then."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from telegram.error import NetworkError, TelegramError

from tutorbot.core.ids import ChatId
from tutorbot.core.prose import words
from tutorbot.playground import Playground
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.store import outbox
from tutorbot.telegram.line import Line
from tutorbot.telegram.request import FloodError
from tutorbot.views.reply import Reply, Say

if TYPE_CHECKING:
    from tests.telegram.conftest import House


async def test_who_waits_for_the_line_goes_on_when_it_answers_and_it_is_told_once():
    troubles: list[TelegramError] = [*[NetworkError("gone")] * 4, FloodError(3)]

    async def ask() -> None:
        raise troubles.pop(0)

    line = Line(ask, longest_pause=0.01)
    with capture_logs() as logs:
        await line.up()
        for _ in range(3):
            line.failed()
        await line.up()
    assert troubles == []
    assert [entry["event"] for entry in logs] == ["telegram.away", "telegram.back"]


async def test_a_message_that_fails_alone_is_no_outage():
    async def ask() -> None:
        pass

    line = Line(ask)
    with capture_logs() as logs:
        line.failed()
        await line.up()
    assert logs == []


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize(
    "trouble", [Trouble.INTERNAL, Trouble.BAD_GATEWAY, Trouble.HANG, "token", "nobody listens"]
)
async def test_however_long_telegram_is_away_a_reply_waits_and_comes_once(
    house: "House", trouble: Trouble | str, tmp_path: Path
):
    async with AsyncExitStack() as near:
        kept = tmp_path / "playground.json"
        house.playground = await near.enter_async_context(
            Playground(clock=house.clock, snapshot=kept)
        )
        ada, port = house.person(), house.playground.port
        await ada.starts()
        await waits_to_be_said(house, ChatId(ada.chat_id))
        async with house.sender() as (sender, _):
            match trouble:
                case Trouble():
                    fault = Fault(trouble=trouble, times=10_000, seconds=0.01)
                    house.playground.fault(fault)
                case "token":
                    house.playground.token += "-revoked"
                case _:
                    await near.aclose()
            with capture_logs() as logs:
                sending = asyncio.create_task(sender.run())
                await house.until(lambda: any(each["event"] == "telegram.away" for each in logs))
                await asyncio.sleep(1.5)
                assert await tries(house) == isinstance(trouble, Trouble)  # may have arrived
                match trouble:
                    case Trouble():
                        house.playground.world.faults.clear()
                    case "token":
                        house.playground.token = house.playground.token.removesuffix("-revoked")
                    case _:
                        house.playground = await near.enter_async_context(
                            Playground(clock=house.clock, snapshot=kept, port=port)
                        )
                        ada = house.person()
                await ada.hears(lambda bubble: bubble.text == "after all")
            await asyncio.sleep(0.2)
            await sender.close()
            await sending
        said = [bubble.text for bubble in ada.messages() if bubble.by_bot]
    assert said == ["after all"]
    events = [each["event"] for each in logs if each["log_level"] == "warning"]
    assert events == ["telegram.away", "telegram.back"]


async def waits_to_be_said(house: "House", chat: ChatId) -> None:
    async with house.store.unit() as unit:
        await outbox.add(
            unit,
            chat=chat,
            learner=None,
            update_id=1,
            utterances=(Say(reply=Reply(prose=(words("after all"),))),),
            at=house.clock(),
        )


async def tries(house: "House") -> int:
    async with house.store.unit() as unit:
        return (await unit.execute(text("SELECT tries FROM outbox"))).scalar_one()
