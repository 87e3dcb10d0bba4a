from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tutorbot.playground import Playground
from tutorbot.playground.testing import BareBot, StillClock, blank_png


async def test_a_second_start_shows_the_conversation_of_the_first(
    tmp_path: Path, clock: StillClock
):
    file = tmp_path / "state" / "playground.json"
    first = Playground(clock=clock, snapshot=file)
    async with first as playground, BareBot(playground) as api:
        ada = playground.person(name="Ada")
        group = playground.group(title="Class", members=[ada])
        await ada.says("/start")
        await api.uploads("sendPhoto", blank_png(), chat_id=ada.id, caption="A picture")
        await api.does("sendPoll", chat_id=ada.id, question="Which?", options=["a", "b"])
        await ada.votes(ada.last(), 1)
        await api.does("setMyCommands", commands=[{"command": "help", "description": "Help"}])
        seen = [bubble.wire for bubble in ada.messages()]
        before = await api.does("getUpdates")
    second = Playground(clock=clock, snapshot=file)
    async with second as playground, BareBot(playground) as api:
        again = playground.person(name="Ada")
        assert again.id == ada.id
        assert [bubble.wire for bubble in again.messages()] == seen
        assert again.messages()[1].photo == blank_png()
        assert playground.group(title="Class", members=[again]).id == group.id
        assert await api.does("getUpdates") == before
        assert len(await api.does("getMyCommands")) == 1
        said = await again.says("back again")
        assert said.id > max(wire["message_id"] for wire in seen)
        newest = (await api.does("getUpdates"))[-1]
        assert newest["update_id"] > max(update["update_id"] for update in before)


async def test_what_was_said_is_on_disk_soon_after(tmp_path: Path, clock: StillClock):
    file = tmp_path / "playground.json"
    running = Playground(clock=clock, snapshot=file)
    async with running as playground, BareBot(playground) as api:
        ada = playground.person(name="Ada")
        await ada.says("/start")
        await playground.world.until(lambda: False, 0.6)
        crashed = Playground(clock=clock, snapshot=file)
        assert [bubble.text for bubble in crashed.person(name="Ada").messages()] == ["/start"]
        unwritten = await ada.says("said just before a crash")
        taken = (await api.does("getUpdates"))[-1]["update_id"]
    after = Playground(clock=clock, snapshot=file)
    assert after.world.next_update_id > taken
    assert (await after.person(name="Ada").says("hello")).id > unwritten.id


@pytest.mark.parametrize(
    "content",
    [
        '{"version": 99}',
        '{"version": 1}',
        '{"version": 1',
        "",
        "[]",
        "null",
        b"\xff",
    ],
)
async def test_a_torn_or_foreign_file_is_put_aside_and_the_chat_begins_anew(
    tmp_path: Path, clock: StillClock, content: str | bytes
):
    file = tmp_path / "playground.json"
    torn = content if isinstance(content, bytes) else content.encode()
    for number in (1, 2):
        file.write_bytes(torn)
        with capture_logs() as logs:
            async with Playground(clock=clock, snapshot=file) as playground:
                assert playground.world.people == {}
                await playground.person(name="Ada").says("hello")
        assert (tmp_path / f"playground.json.damaged-{number}").read_bytes() == torn
        assert [entry["event"] for entry in logs] == ["playground.damaged"]
    again = Playground(clock=clock, snapshot=file)
    assert [bubble.text for bubble in again.person(name="Ada").messages()] == ["hello"]


async def test_a_chat_whose_pictures_are_gone_is_put_aside_with_what_is_left_of_it(
    tmp_path: Path, clock: StillClock
):
    file = tmp_path / "playground.json"
    async with Playground(clock=clock, snapshot=file) as playground, BareBot(playground) as api:
        ada = playground.person(name="Ada")
        await ada.says("/start")
        await api.uploads("sendPhoto", blank_png(), chat_id=ada.id, caption="A picture")
    for picture in (tmp_path / "playground.json.files").iterdir():
        picture.unlink()
    anew = Playground(clock=clock, snapshot=file)
    assert (anew.world.people, anew.world.messages) == ({}, {})
    assert not file.exists()
    assert (tmp_path / "playground.json.damaged-1").exists()
    assert (tmp_path / "playground.json.damaged-1.files").exists()


async def test_a_disk_that_takes_nothing_is_told_once_and_the_chat_goes_on(
    tmp_path: Path, clock: StillClock
):
    (tmp_path / "playground.json.new").mkdir()  # root may write anywhere else
    with capture_logs() as logs:
        async with Playground(clock=clock, snapshot=tmp_path / "playground.json") as playground:
            ada = playground.person(name="Ada")
            for _ in range(2):
                await ada.says("hello")
                await playground.world.until(lambda: False, 0.5)
    assert [entry["event"] for entry in logs] == ["playground.not_kept"]
    assert "playground.json.new" in logs[0]["file"]
