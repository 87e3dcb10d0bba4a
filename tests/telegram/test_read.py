from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.actions import AnswerQuiz, Choose, ListCourses
from tutorbot.core.ids import AttemptId, ChatId, QuizId
from tutorbot.telegram.read import (
    Blocked,
    Command,
    CommandInGroup,
    Edited,
    GroupMoved,
    InGroup,
    MembersChanged,
    Nothing,
    Pressed,
    PressedInGroup,
    PressedUnknown,
    RemovedFromGroup,
    Said,
    SentFile,
    SharedPlace,
    Speaker,
    Unblocked,
    Unfit,
    Wrote,
    query_of,
    read,
)

SENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NOW = SENT + timedelta(minutes=7)
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "de"}
ROBOT = {"id": 8, "is_bot": True, "first_name": "Robot"}
ME = {"id": 9, "is_bot": True, "first_name": "Tutor", "username": "tutor_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -100, "type": "supergroup", "title": "Class"}
CHANNEL = {"id": -200, "type": "channel", "title": "News"}
SPEAKER = Speaker(telegram_id=7, chat=ChatId(7), name="Ada", language="de", private=True)
IN_GROUP = Speaker(telegram_id=7, chat=ChatId(-100), name="Ada", language="de", private=False)

Json = dict[str, Any]


def heard(kind: str, content: Json) -> Said | Nothing:
    return read({"update_id": 1, kind: content}, NOW, me="tutor_bot")


def message(chat: Json = PRIVATE, author: Json = ADA, **content: Any) -> Json:
    return {
        "message_id": 5,
        "date": int(SENT.timestamp()),
        "chat": chat,
        "from": author,
        **content,
    }


def query(data: str | None, chat: Json = PRIVATE, **more: Any) -> Json:
    pressed = {"id": "q1", "from": ADA, "chat_instance": "1", **more}
    if data is not None:
        pressed["data"] = data
    return pressed | {"message": message(chat, ME)} | more


def member(before: str, after: str, chat: Json = PRIVATE) -> Json:
    # A banned member carries the end of the ban, 0 for ever.
    def status(name: str) -> Json:
        return {"user": ME, "status": name} | ({"until_date": 0} if name == "kicked" else {})

    return {
        "chat": chat,
        "from": ADA,
        "date": int(SENT.timestamp()),
        "old_chat_member": status(before),
        "new_chat_member": status(after),
    }


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/start", "start", ""),
        ("/start gru-Course_1", "start", "gru-Course_1"),
        ("/Streak@Tutor_Bot", "streak", ""),
        ("/start@tutor_bot  x y ", "start", "x y"),
        ("/help\nplease", "help", "please"),
    ],
)
def test_a_command_is_read_with_its_argument(text: str, name: str, argument: str):
    said = heard("message", message(text=text))
    assert said == Command(speaker=SPEAKER, at=SENT, name=name, argument=argument)


@pytest.mark.parametrize(
    "text", ["3(n^2+nm+n)", "/2", "/n+m", "1/2", "/start/now", "hello @tutor_bot", " /start", "/"]
)
def test_whatever_is_no_command_is_kept_as_it_was_typed(text: str):
    assert heard("message", message(text=text)) == Wrote(speaker=SPEAKER, at=SENT, text=text)


def test_an_answer_counts_from_when_it_was_sent_and_a_button_from_when_it_came():
    said = heard("message", message(text="42"))
    pressed = heard("callback_query", query("1l"))
    assert isinstance(said, Wrote)
    assert isinstance(pressed, Pressed)
    assert (said.at, pressed.at) == (SENT, NOW)


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([{"type": "paragraph", "text": "n^2"}], "n^2"),
        ([{"type": "mathematical_expression", "expression": r"\frac{1}{2}"}], r"\frac{1}{2}"),
        (
            [
                {
                    "type": "paragraph",
                    "text": [
                        "I think ",
                        {"type": "bold", "text": ["it is ", {"type": "italic", "text": "3"}]},
                        {"type": "mathematical_expression", "expression": "n"},
                    ],
                },
                {"type": "heading", "size": 2, "text": "So"},
            ],
            "I think it is 3n\nSo",
        ),
        (
            [
                {
                    "type": "list",
                    "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "a"}]}],
                },
                {"type": "table", "cells": [[{"text": "b"}, {"text": "c"}]]},
                {"type": "details", "summary": "why", "blocks": [{"type": "pre", "text": "d"}]},
            ],
            "a\nb c\nwhy\nd",
        ),
    ],
)
def test_a_rich_message_is_an_answer_too(blocks: list[Json], text: str):
    said = heard("message", message(rich_message={"blocks": blocks}))
    assert said == Wrote(speaker=SPEAKER, at=SENT, text=text)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "blocks", "items", "cells", "expression", "summary"]), inner
        )
    ),
    max_leaves=20,
)


@given(ANY_JSON)
def test_no_rich_message_breaks_the_bot(blocks: object):
    heard("message", message(rich_message={"blocks": blocks}))


def test_a_command_in_a_rich_message_is_a_command():
    said = heard("message", message(rich_message={"blocks": [{"type": "p", "text": "/streak"}]}))
    assert said == Command(speaker=SPEAKER, at=SENT, name="streak")


FILE = {"file_id": "f", "file_unique_id": "u"}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (
            {
                "sticker": {
                    **FILE,
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "sticker",
        ),
        ({"voice": {**FILE, "duration": 3}}, "voice"),
        ({"photo": [{**FILE, "width": 1, "height": 1}], "caption": "is this it?"}, "photo"),
        (
            {
                "document": FILE,
                "animation": {**FILE, "width": 1, "height": 1, "duration": 1},
            },
            "animation",
        ),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice"),
        (
            {
                "text": "an answer of somebody else's",
                "forward_origin": {
                    "type": "hidden_user",
                    "date": 0,
                    "sender_user_name": "Bob",
                },
            },
            "forward",
        ),
    ],
)
def test_what_the_tutor_cannot_read_is_named(content: Json, what: str):
    assert heard("message", message(**content)) == Unfit(speaker=SPEAKER, at=SENT, what=what)


def test_a_place_is_read_and_a_forwarded_one_is_not():
    location = {"longitude": 1.0, "latitude": 2.0}
    assert heard("message", message(location=location)) == SharedPlace(
        speaker=SPEAKER, at=SENT, latitude=2.0, longitude=1.0
    )
    origin = {"type": "hidden_user", "date": 0, "sender_user_name": "Bob"}
    assert heard("message", message(location=location, forward_origin=origin)) == Unfit(
        speaker=SPEAKER, at=SENT, what="forward"
    )


def test_a_file_is_read_even_if_forwarded():
    origin = {"type": "hidden_user", "date": 0, "sender_user_name": "Bob"}
    document = {**FILE, "file_name": "a.quiz.md", "file_size": 12}
    assert heard("message", message(document=document, forward_origin=origin)) == SentFile(
        speaker=SPEAKER, at=SENT, file_id=FILE["file_id"], name="a.quiz.md", size=12
    )


def test_a_button_is_read():
    assert heard("callback_query", query("1c12.3")) == Pressed(
        speaker=SPEAKER, at=NOW, action=Choose(AttemptId(12), 3), query_id="q1", message=5
    )


def test_a_button_on_a_message_too_old_to_be_shown_still_works():
    old = {"message_id": 5, "chat": PRIVATE, "date": 0}
    assert heard("callback_query", query("1l", message=old)) == Pressed(
        speaker=SPEAKER, at=NOW, action=ListCourses(), query_id="q1", message=5
    )


@pytest.mark.parametrize("data", ["0c12.3", "answer_4", "", None])
def test_a_stale_or_foreign_button_is_told_apart(data: str | None):
    said = heard("callback_query", query(data))
    assert said == PressedUnknown(speaker=SPEAKER, at=NOW, query_id="q1")


def test_an_edit_is_not_a_second_answer():
    later = int(SENT.timestamp()) + 60
    said = heard("edited_message", message(text="43", edit_date=later))
    assert said == Edited(speaker=SPEAKER, at=SENT + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("before", "after", "kind"), [("member", "kicked", Blocked), ("kicked", "member", Unblocked)]
)
def test_blocks_are_kept_track_of(before: str, after: str, kind: type[Blocked | Unblocked]):
    said = heard("my_chat_member", member(before, after))
    assert said == kind(speaker=SPEAKER, at=SENT)


@pytest.mark.parametrize(
    ("text", "name", "argument", "addressed"),
    [
        ("/start", "start", "", False),
        ("/Quiz@Tutor_bot gates and all", "quiz", "gates and all", True),
    ],
)
def test_in_a_group_a_command_is_heard(text: str, name: str, argument: str, addressed: bool):
    assert heard("message", message(GROUP, text=text)) == CommandInGroup(
        speaker=IN_GROUP, at=SENT, name=name, argument=argument, addressed=addressed
    )


@pytest.mark.parametrize("group", [GROUP, GROUP | {"type": "group"}])
def test_in_a_group_the_bot_hears_who_adds_calls_or_removes_it(group: Json):
    said = heard("message", message(group, text="hey @Tutor_bot, is it 4?"))
    assert said == InGroup(speaker=IN_GROUP, at=SENT)
    added = heard("my_chat_member", member("left", "member", group))
    assert added == InGroup(speaker=IN_GROUP, at=SENT, added=True)
    removed = heard("my_chat_member", member("member", "kicked", group))
    assert removed == RemovedFromGroup(speaker=IN_GROUP, at=SENT)


def test_in_a_group_a_button_is_read_whoever_made_it():
    said = heard("callback_query", query("1P12.3", GROUP))
    assert said == PressedInGroup(
        speaker=IN_GROUP, at=NOW, query_id="q1", action=AnswerQuiz(QuizId(12), 3)
    )
    foreign = heard("callback_query", query("answer_4", GROUP))
    assert isinstance(foreign, PressedInGroup)
    assert foreign.action is None


def test_the_topic_of_a_forum_is_kept():
    there: Json = {"message_thread_id": 9, "is_topic_message": True}
    said = heard("message", message(GROUP, text="/quiz", **there))
    assert isinstance(said, CommandInGroup)
    assert said.speaker.thread == 9
    pressed = heard("callback_query", query("1N1", message=message(GROUP, ME, **there)))
    assert isinstance(pressed, PressedInGroup)
    assert pressed.speaker.thread == 9


def test_an_anonymous_admin_is_heard_and_takes_no_part():
    robot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    said = heard("message", message(GROUP, robot, text="/quiz", sender_chat=GROUP))
    assert isinstance(said, CommandInGroup)
    assert said.speaker.anonymous
    assert not said.takes_part


def test_a_group_that_becomes_a_supergroup_is_told_of_by_both():
    old = {"id": -5, "type": "group", "title": "Class"}
    told = [
        heard("message", message(old, migrate_to_chat_id=-100)),
        heard("message", message(GROUP, migrate_from_chat_id=-5)),
    ]
    assert [type(said) for said in told] == [GroupMoved, GroupMoved]
    assert {(said.old, said.new) for said in told if isinstance(said, GroupMoved)} == {(-5, -100)}


def test_who_comes_and_goes_is_heard_whoever_did_it():
    left = heard("message", message(GROUP, ROBOT, left_chat_member=ADA))
    assert isinstance(left, MembersChanged)
    assert (left.telegram_ids, left.left) == ((7,), True)
    come = heard("message", message(GROUP, new_chat_members=[ADA, ROBOT]))
    assert isinstance(come, MembersChanged)
    assert (come.telegram_ids, come.left) == ((7, ROBOT["id"]), False)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("message", message(author=ROBOT, text="/start")),
        ("message", message(text="/start@other_bot")),
        ("message", message(GROUP, text="/start@other_bot")),
        ("message", message(GROUP, text="I had a sandwich")),
        ("message", message(GROUP, text="ask @other_bot")),
        ("message", message(GROUP, text="four", reply_to_message=message(GROUP, ME, text="?"))),
        ("callback_query", query("1P1.0", CHANNEL)),
        ("message", message(GROUP, text="/start", sender_chat=CHANNEL)),
        ("message", message(GROUP, new_chat_title="Class 2")),
        ("message", message(pinned_message=message(text="x"))),
        ("message", message(rich_message={"blocks": []})),
        ("edited_message", message(GROUP, text="/start", edit_date=1)),
        ("channel_post", {"message_id": 1, "date": 0, "chat": CHANNEL, "text": "/start"}),
        ("my_chat_member", member("left", "member", CHANNEL)),
        ("my_chat_member", member("member", "member", GROUP)),
        ("poll", {"id": "1"}),
    ],
)
def test_what_is_not_for_the_bot_is_left_alone(kind: str, content: Json):
    if kind == "poll":
        assert read({"update_id": 1}, NOW) == Nothing()
    else:
        assert heard(kind, content) == Nothing()


def test_a_query_is_found_so_that_it_is_always_answered():
    pressed = {"update_id": 1, "callback_query": query("junk")}
    wrote = {"update_id": 2, "message": message(text="x")}
    assert (query_of(pressed), query_of(wrote)) == ("q1", None)
