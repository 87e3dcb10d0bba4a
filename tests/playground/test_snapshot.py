from pathlib import Path

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


async def test_a_torn_or_foreign_file_does_not_stop_the_start(tmp_path: Path, clock: StillClock):
    file = tmp_path / "playground.json"
    for content in ('{"version": 99}', '{"version": 1', ""):
        file.write_text(content, encoding="utf-8")
        assert Playground(clock=clock, snapshot=file).world.people == {}
