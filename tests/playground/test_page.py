import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tutorbot.playground import Playground, PortTaken
from tutorbot.playground.people import PATIENCE
from tutorbot.playground.testing import BareBot, StillClock, blank_png

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


@dataclass(frozen=True)
class Browser:
    """What the page's script does, without its looks."""

    playground: Playground
    session: aiohttp.ClientSession

    async def gets(self, path: str, **headers: str) -> tuple[int, str, aiohttp.ClientResponse]:
        async with self.session.get(self.playground.url + path, headers=headers) as answer:
            return answer.status, await answer.text(), answer

    async def does(self, **act: Any) -> int:
        address = f"{self.playground.url}/playground/acts"
        async with self.session.post(address, json=act) as answer:
            return answer.status

    async def events(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """The first so many events of a new stream."""
        seen: list[tuple[str, dict[str, Any]]] = []
        kind = ""
        async with self.session.get(f"{self.playground.url}/playground/events") as stream:
            async for raw in stream.content:
                line = raw.decode().strip()
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    seen.append((kind, json.loads(line.removeprefix("data: "))))
                if len(seen) == count:
                    break
        return seen


async def draw(latex: str, display: bool) -> str:
    if "boxed" in latex:
        raise ValueError(latex)
    return SVG if display else SVG.replace("M0 0", "M1 1")


@pytest.fixture
async def playground(clock: StillClock) -> AsyncIterator[Playground]:
    async with Playground(clock=clock, formula_svg=draw) as running:
        yield running


@pytest.fixture
async def browser(playground: Playground) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(playground, session)


async def test_the_page_needs_nothing_from_elsewhere(browser: Browser):
    status, page, answer = await browser.gets("/")
    assert status == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    wanted = {"/", *re.findall(r'(?:src|href)="(/[^"]*)"', page)}
    for name in ("page.js", "bubbles.js", "words.js", "calls.js"):
        wanted |= {
            f"/playground/{other}"
            for other in re.findall(
                r'from "\./([^"]+)"', (files("tutorbot.playground") / name).read_text("utf-8")
            )
        }
    assert len(wanted) == 6
    for path in wanted:
        status, text, _ = await browser.gets(path)
        assert status == 200
        elsewhere = re.sub(r"http://www\.w3\.org/2000/svg", "", text)
        assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", elsewhere)


def test_nothing_that_was_written_is_ever_read_as_html():
    for name in ("page.js", "bubbles.js", "words.js", "calls.js"):
        script = (files("tutorbot.playground") / name).read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script
        )


async def test_a_stream_begins_with_all_there_is_and_goes_on(
    browser: Browser, playground: Playground, bot: Bot
):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    stream = asyncio.create_task(browser.events(3))
    await asyncio.sleep(0.1)
    await bot.send_message(ada.id, "Hello")
    (first, state), *rest = await asyncio.wait_for(stream, PATIENCE)
    assert first == "state"
    assert [message["text"] for message in state["messages"]] == ["/start"]
    assert [chat["name"] for chat in state["chats"]] == ["Ada"]
    assert {kind for kind, _ in rest} <= {"message", "call"}


async def test_whoever_opens_an_empty_playground_finds_two_people_and_a_class(browser: Browser):
    ((_, state),) = await browser.events(1)
    assert [(chat["name"], chat["title"]) for chat in state["chats"]] == [
        ("Ada", ""),
        ("Ada", "Evening class"),
        ("Ben", ""),
        ("Ben", "Evening class"),
    ]
    ((_, again),) = await browser.events(1)
    assert again["chats"] == state["chats"]


async def test_what_is_done_on_the_page_reaches_the_bot(
    browser: Browser, playground: Playground, bot: Bot
):
    ada = playground.person(name="Ada")
    here = {"person": ada.id, "chat": ada.id}
    assert await browser.does(**here, do="say", text="/start") == 200
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    sent = await bot.send_message(ada.id, "?", reply_markup=keyboard)
    said = ada.messages()[0].id
    assert await browser.does(**here, do="press", message=sent.message_id, data="a") == 200
    assert await browser.does(**here, do="edit", message=said, text="/help") == 200
    assert await browser.does(**here, do="sticker") == 200
    assert await browser.does(**here, do="react", message=sent.message_id, emoji="👍") == 200
    poll = await bot.send_poll(ada.id, "Which?", ["a", "b"], is_anonymous=False)
    assert poll.poll is not None
    assert await browser.does(**here, do="vote", poll=poll.poll.id, choice=[1]) == 200
    assert await browser.does(**here, do="block") == 200
    updates = await bot.get_updates()
    kinds = [next(key for key in update.to_dict() if key != "update_id") for update in updates]
    assert kinds == [
        "message",
        "callback_query",
        "edited_message",
        "message",
        "poll_answer",
        "poll",
        "my_chat_member",
    ]


@pytest.mark.parametrize(
    "act",
    [
        {"do": "say", "text": "  "},
        {"do": "fly"},
        {"do": "press", "message": 99, "data": "a"},
        {"do": "say", "text": "x", "chat": -5},
    ],
)
async def test_what_can_not_be_done_is_refused(
    browser: Browser, playground: Playground, act: dict[str, Any]
):
    ada = playground.person(name="Ada")
    assert await browser.does(**{"person": ada.id, "chat": ada.id} | act) == 400


async def test_a_file_is_sent_from_the_page(browser: Browser, playground: Playground):
    ada = playground.person(name="Ada")
    address = f"{playground.url}/playground/upload?person={ada.id}&chat={ada.id}"
    headers = {"X-File-Name": "my%20notes.txt", "Content-Type": "text/plain"}
    async with browser.session.post(address, data=b"notes", headers=headers) as answer:
        assert answer.status == 200
    document = ada.messages()[-1].wire["document"]
    assert (document["file_name"], document["file_size"]) == ("my notes.txt", 5)


async def test_pictures_are_shown_and_other_files_only_saved(
    browser: Browser, playground: Playground, api: BareBot
):
    ada = playground.person(name="Ada")
    await ada.sends_document(b"<script>alert(1)</script>", name="x.html", mime="text/html")
    page = ada.messages()[-1].wire["document"]["file_id"]
    _, _, answer = await browser.gets(f"/playground/files/{page}")
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    await api.uploads("sendPhoto", blank_png(), chat_id=ada.id)
    picture = ada.last().wire["photo"][-1]["file_id"]
    async with browser.session.get(f"{playground.url}/playground/files/{picture}") as answer:
        assert answer.headers["Content-Type"] == "image/png"
        assert await answer.read() == blank_png()


async def test_formulas_are_drawn_and_those_that_can_not_be_are_said_to_be_so(browser: Browser):
    status, svg, answer = await browser.gets("/playground/formula?tex=n%5E2&display=1")
    assert (status, svg) == (200, SVG)
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert (await browser.gets("/playground/formula?tex=n&display=0"))[1] != SVG
    assert (await browser.gets("/playground/formula?tex=%5Cboxed&display=1"))[0] == 422


async def test_without_a_renderer_formulas_stay_as_they_were_written(clock: StillClock):
    async with Playground(clock=clock) as playground, aiohttp.ClientSession() as session:
        browser = Browser(playground, session)
        assert (await browser.gets("/playground/formula?tex=n&display=0"))[0] == 422


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
async def test_a_foreign_name_for_this_machine_is_refused(browser: Browser, host: str):
    for path in ("/", "/playground/events", "/bot1:x/getMe"):
        assert (await browser.gets(path, Host=host))[0] == 421


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_another_site_can_not_reach_in_through_a_browser(
    browser: Browser, playground: Playground, headers: dict[str, str]
):
    path = f"/bot{playground.token}/setWebhook?url=https://evil.example/"
    assert (await browser.gets(path, **headers))[0] == 403
    assert playground.world.webhook is None
    assert (await browser.gets("/", **headers))[0] == 200


async def test_only_json_can_make_anybody_do_anything(browser: Browser, playground: Playground):
    ada = playground.person(name="Ada")
    act = json.dumps({"person": ada.id, "chat": ada.id, "do": "say", "text": "x"})
    for path in ("acts", "faults"):
        address = f"{playground.url}/playground/{path}"
        plain = {"Content-Type": "text/plain"}
        async with browser.session.post(address, data=act, headers=plain) as answer:
            assert answer.status == 415
    assert ada.messages() == []


async def test_a_taken_port_is_named(playground: Playground, clock: StillClock):
    with pytest.raises(PortTaken, match=str(playground.port)):
        async with Playground(clock=clock, port=playground.port):
            pass
