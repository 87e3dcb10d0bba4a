"""The oracle of the ordeal sees what it is there to see; the ordeal itself is in tests/chat."""

from typing import Any

import pytest

from benchmarks.ordeal.house import Life
from benchmarks.ordeal.misfortune import blows
from benchmarks.ordeal.oracle import (
    LOST_ANSWER,
    UNWRITTEN,
    Found,
    Record,
    Sent,
    Troubles,
    check_chat,
    check_record,
)
from benchmarks.ordeal.pupil import Chat, Pupil
from benchmarks.ordeal.script import END, Answer, Burst, Script, Write, scripts
from tutorbot.playground.world import Person

ADA = 4711
CALM = Troubles(lives=(), frozen=(), outages=())
SCRIPT = Script(
    number=3,
    days=1,
    bursts=(
        Burst(
            pause=1,
            acts=(Write(text="41"), Write(text="42")),
            heard=(("Not quite", "41"), ("Right", "42")),
            answers=(Answer(question="sum", raw="41"), Answer(question="sum", raw="42", points=1)),
        ),
        Burst(pause=1, acts=(), heard=((END,),)),
    ),
)
REPLIES = ("Not quite. I read 41.", "Right. I read 42.", f"{END} it all”")


def looked_at(*texts: str, live: str = "", **unsure: Any) -> Found:
    """What is found in a chat with these messages, each sent a second after the one before."""
    chat = Chat(person=Person(id=ADA, name="Ada", language="en"))
    for number, text in enumerate(texts):
        buttons = [[{"text": "Next", "callback_data": "n1"}]] if text == live else []
        message = {
            "message_id": number,
            "from": {"is_bot": True},
            "text": text,
            "reply_markup": {"inline_keyboard": buttons},
        }
        chat.came.append(message)
        chat.messages[number] = message
    unheard, troubles = unsure.get("unheard", ()), unsure.get("troubles", CALM)
    sent = {
        (ADA, number): Sent(at=100 + number, caller="web-1.1", unheard=number in unheard)
        for number in range(len(texts))
    }
    found = Found()
    check_chat(found, Pupil(script=SCRIPT, chat=chat), sent, troubles)
    return found


def test_a_chat_in_which_all_is_well():
    assert looked_at(*REPLIES).broken == []


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (REPLIES[:2], "never said"),
        ((REPLIES[0], REPLIES[2]), "neither due nor said before"),
        ((REPLIES[1], REPLIES[0], REPLIES[2]), "neither due nor said before"),
        ((*REPLIES, "Something went wrong on my side"), "neither due nor said before"),
        ((REPLIES[0], REPLIES[0], *REPLIES[1:]), "of certain fate, and twice"),
    ],
    ids=["the last is missing", "one is missing", "out of order", "not asked for", "twice"],
)
def test_what_is_missing_out_of_order_or_too_much(texts: tuple[str, ...], told: str):
    assert any(told in each for each in looked_at(*texts).broken)


def test_a_button_of_what_is_behind_the_learner():
    assert "live buttons" in looked_at(*REPLIES, live=REPLIES[0]).broken[0]


def test_what_may_be_said_again_is_counted():
    twice = (REPLIES[0], REPLIES[0], *REPLIES[1:])
    lost = looked_at(*twice, unheard=(0,))
    assert (lost.broken, lost.counts[LOST_ANSWER]) == ([], 1)
    end = Life(caller="web-1.1", began=0, ended=101, how="killed")
    killed = Troubles(lives=(end,), frozen=(), outages=())
    unwritten = looked_at(*twice, troubles=killed)
    assert (unwritten.broken, unwritten.counts[UNWRITTEN]) == ([], 1)


@pytest.mark.parametrize(
    "life",
    [
        Life(caller="web-1.1", began=0, ended=101, how="stopped"),
        Life(caller="web-1.1", began=0, ended=140, how="killed"),
        Life(caller="web-2.1", began=0, ended=101, how="killed"),
    ],
    ids=["it was stopped", "it lived on for long", "it was another"],
)
def test_what_must_have_been_written_down_must_not_be_said_again(life: Life):
    troubles = Troubles(lives=(life,), frozen=(), outages=())
    found = looked_at(REPLIES[0], REPLIES[0], *REPLIES[1:], troubles=troubles)
    assert "of certain fate, and twice" in found.broken[0]


@pytest.mark.parametrize(
    "raws", [["42"], ["41", "42", "42"], ["42", "41"]], ids=["lost", "counted twice", "swapped"]
)
def test_answers_that_are_not_those_that_were_given(raws: list[str]):
    record = Record(
        answers=[("sum", None, raw) for raw in raws],
        points=[float(raw == "42") for raw in raws],
        days=[(1, 3, 3, True), (0, 2, 2, False)],
    )
    found, ada = Found(), Person(id=ADA, name="Ada", language="en")
    check_record(found, Pupil(script=SCRIPT, chat=Chat(person=ada)), record)
    assert "were given" in found.broken[0]


def test_a_seed_decides_what_learners_do_and_what_befalls_them():
    assert scripts(20, 7, 60) == scripts(20, 7, 60)
    assert scripts(20, 7, 60) != scripts(20, 8, 60)
    assert blows(7, 120, 5, 6) == blows(7, 120, 5, 6)
    assert {each.kind for each in blows(7, 120, 5, 6)} == {
        "kill",
        "freeze",
        "fast",
        "immediate",
        "rolling",
    }
