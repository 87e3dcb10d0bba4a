from typing import Any

import pytest
from hypothesis import given, strategies as st
from telegram import Bot, MessageEntity

from tutorbot.playground import Playground
from tutorbot.playground.entities import find, parse_html
from tutorbot.playground.wire import units


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b><i>b</i>", "ab", [entity("bold", 0, 1), entity("italic", 1, 1)]),
        ("🙂<u>a</u>", "🙂a", [entity("underline", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("&lt;&amp;&gt;&quot;&#33;&nbsp;", '<&>"!&nbsp;', []),
        (
            '<a href="https://x.org/?a=1&amp;b">l</a>',
            "l",
            [entity("text_link", 0, 1, url="https://x.org/?a=1&b")],
        ),
        ('<span class="tg-spoiler">s</span>', "s", [entity("spoiler", 0, 1)]),
        ("<tg-spoiler>s</tg-spoiler>", "s", [entity("spoiler", 0, 1)]),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [entity("pre", 0, 1, language="python")],
        ),
        ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
        (
            '<tg-time unix="1700000000">t</tg-time>',
            "t",
            [entity("date_time", 0, 1, unix_time=1700000000)],
        ),
        ("<b></b>x", "x", []),
    ],
)
def test_html_is_read_as_telegram_reads_it(source: str, text: str, entities: list[dict[str, Any]]):
    made = parse_html(source)
    assert made.text == text
    assert list(made.entities) == entities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", [("bot_command", "/start")]),
        ("or /help@tutor_play_bot", [("bot_command", "/help@tutor_play_bot")]),
        ("1/2 and n/2", []),
        ("a /2 b", [("bot_command", "/2")]),
        ("see https://x.org/a.", [("url", "https://x.org/a")]),
        ("🙂 @ada_l #exam2 #3", [("mention", "@ada_l"), ("hashtag", "#exam2")]),
    ],
)
def test_telegram_marks_commands_and_links_by_itself(text: str, found: list[tuple[str, str]]):
    wide = text.encode("utf-16-le")
    marked = [
        (
            one["type"],
            wide[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"),
        )
        for one in find(text)
    ]
    assert marked == found


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped).text == text
    assert parse_html(f"<b>{escaped}</b>").text == text


@given(st.text(min_size=1), st.text(min_size=1))
def test_offsets_count_utf16_units(before: str, bold: str):
    escaped = [part.replace("&", "&amp;").replace("<", "&lt;") for part in (before, bold)]
    (made,) = parse_html(f"{escaped[0]}<b>{escaped[1]}</b>").entities
    assert (made["offset"], made["length"]) == (units(before), units(bold))


async def test_entities_may_be_given_instead_of_a_parse_mode(playground: Playground, bot: Bot):
    ada = playground.person(name="Ada")
    await ada.starts()
    bold = MessageEntity(MessageEntity.BOLD, 3, 3)
    sent = await bot.send_message(ada.id, "🙂 two", entities=[bold])
    assert sent.entities == (bold,)


async def test_space_around_a_message_is_cut_and_its_entities_move(
    playground: Playground, bot: Bot
):
    ada = playground.person(name="Ada")
    await ada.starts()
    sent = await bot.send_message(ada.id, "\n  <b>two </b>  ", parse_mode="HTML")
    assert sent.text == "two"
    assert sent.entities == (MessageEntity(MessageEntity.BOLD, 0, 3),)
