import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tutorbot.core.actions import AskHint, Choose, FormulaForm, Theme
from tutorbot.core.ids import AttemptId, ChatId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import Display, Heading, Prose, Text, words
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.people import PATIENCE
from tutorbot.store import learners, outbox
from tutorbot.store.unit import Unit
from tutorbot.telegram.read import Said
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = pytest.mark.postgres

SUM = r"\sum_{k=1}^{n} \frac{k(k+1)}{2}"
HINT = Button(label="Hint", action=AskHint(AttemptId(7)))
CHOSEN = Button(label="✅ A", action=Choose(AttemptId(7), 0), enabled=False)
PNG = b"\x89PNG"


def say(*prose: str, keyboard: Keyboard = (), slot: str | None = None) -> Say:
    return Say(reply=Reply(prose=tuple(map(words, prose)), keyboard=keyboard), slot=slot)


def change(*prose: str, keyboard: Keyboard = (), slot: str = "q7") -> Change:
    return Change(slot=slot, reply=Reply(prose=tuple(map(words, prose)), keyboard=keyboard))


def with_formula(*prose: str, slot: str | None = "q7", **more: bool) -> Say:
    reply = Reply(
        prose=(*map(words, prose), Display(SUM)),
        keyboard=((HINT,),),
        native=more.get("native", False),
    )
    return Say(reply=reply, slot=slot)


async def set_form(house: "House", form: FormulaForm, theme: Theme = Theme.LIGHT) -> None:
    async def first(unit: Unit, learner: Learner | None, _said: Said) -> None:
        assert learner is not None
        await learners.set_formulas(unit, learner.id, form, theme)

    house.script.first = first


# Forms


async def test_a_formula_comes_as_a_picture_whose_caption_says_it_too(house: "House"):
    house.script.replies["?"] = (with_formula("What is"),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (reply,) = await ada.hears()
    assert reply.photo is not None
    assert reply.photo.startswith(PNG)
    assert reply.text == "What is\n\n∑_{k=1}^{n} k(k + 1)/\u20602"
    assert reply.buttons == ("Hint",)


async def test_a_formula_comes_natively_to_who_sees_it(house: "House"):
    await set_form(house, FormulaForm.NATIVE)
    house.script.replies["?"] = (with_formula("What is"),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (reply,) = await ada.hears()
    assert reply.rich is not None
    assert reply.text == f"What is\n${SUM}$"
    assert reply.buttons == ("Hint",)
    (call,) = house.playground.calls("sendRichMessage")
    assert call.params["rich_message"]["skip_entity_detection"] is True
    assert not call.flags


async def test_what_telegram_refuses_natively_comes_as_a_picture_in_the_same_breath(house: "House"):
    await set_form(house, FormulaForm.NATIVE)
    nothing = words("   ")  # Telegram refuses a formula of spaces
    reply = Reply(prose=(nothing, Display(SUM), Display(" ")), keyboard=((HINT,),))
    house.script.replies["?"] = (Say(reply=reply),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (seen,) = await ada.hears()
        await ada.settles()
    assert seen.photo is not None
    assert [call.status for call in house.playground.calls("sendRichMessage")] == [400]


async def test_what_cannot_be_drawn_is_said_in_words(house: "House"):
    prose: Prose = (words("Look:"), Display(r"\frac{1}{\strange{x}"))
    house.script.replies["?"] = (Say(reply=Reply(prose=prose)),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (reply,) = await ada.hears()
    assert reply.photo is None
    assert reply.text.startswith("Look:\n\n")


async def test_a_picture_is_uploaded_once_for_all(house: "House"):
    house.script.replies["?"] = (with_formula("What is"),)
    async with house.open():
        for name in ("Ada", "Bob", "Cy"):
            person = house.person(name)
            await person.says("?")
            (reply,) = await person.hears()
            assert reply.photo is not None
            await person.settles()
    photos = [call.params["photo"] for call in house.playground.calls("sendPhoto")]
    assert photos[0].startswith("<")  # an upload
    assert photos[1] == photos[2]
    assert not photos[1].startswith("<")


async def test_a_long_question_comes_as_a_picture_and_a_text_with_the_buttons(house: "House"):
    long = "word " * 400
    prose: Prose = (Heading((Text("Question 3"),)), words(long), Display(SUM))
    reply = Reply(prose=prose, keyboard=((HINT,),))
    house.script.replies["?"] = (Say(reply=reply, slot="q7"),)
    house.script.replies["!"] = (change(keyboard=((CHOSEN,),)),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        photo, question = await ada.hears(2)
        await ada.says("!")
        (changed,) = await ada.hears()
    assert (photo.text, photo.buttons, question.buttons) == ("Question 3", (), ("Hint",))
    assert (changed.id, changed.buttons, changed.enabled) == (question.id, ("✅ A",), ())


async def test_a_text_too_long_for_one_message_comes_in_parts(house: "House"):
    house.script.replies["?"] = (say("a" * 3000, "b" * 3000, keyboard=((HINT,),)),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        first, second = await ada.hears(2)
    assert (set(first.text), first.buttons) == ({"a"}, ())
    assert (set(second.text), second.buttons) == ({"b"}, ("Hint",))


async def test_nothing_typed_or_quoted_turns_into_markup_or_a_link_preview(house: "House"):
    house.script.replies["?"] = (say("<b>not bold</b> & https://example.org"),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (reply,) = await ada.hears()
    assert reply.text == "<b>not bold</b> & https://example.org"
    (call,) = house.playground.calls("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}


# Changes


@pytest.mark.parametrize(
    ("said", "change_to", "text_after", "buttons_after"),
    [
        (say("What?", keyboard=((HINT,),), slot="q7"), change("That!"), "That!", ()),
        (
            say("What?", keyboard=((HINT,),), slot="q7"),
            change("That!", keyboard=((CHOSEN,),)),
            "That!",
            ("✅ A",),
        ),
        (say("What?", keyboard=((HINT,),), slot="q7"), change(), "What?", ()),
        (with_formula("What?"), change("That!"), "That!", ()),  # below the picture
    ],
)
async def test_a_change_edits_the_message_in_place(
    house: "House", said: Say, change_to: Change, text_after: str, buttons_after: tuple[str, ...]
):
    house.script.replies |= {"?": (said,), "!": (change_to,)}
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (before,) = await ada.hears()
        await ada.says("!")
        (after,) = await ada.hears()
        await ada.settles()
    assert after.id == before.id
    assert after.edited
    assert (after.text, after.buttons) == (text_after, buttons_after)
    assert (after.photo is None) == (before.photo is None)


@pytest.mark.parametrize("form", FormulaForm)
async def test_a_change_of_a_formula_keeps_its_form(house: "House", form: FormulaForm):
    await set_form(house, form)
    after = Change(slot="q7", reply=Reply(prose=(words("Now"), Display(SUM + "+1"))))
    house.script.replies |= {"?": (with_formula("First"),), "!": (after,)}
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (before,) = await ada.hears()
        await ada.says("!")
        (edited,) = await ada.hears()
    assert edited.id == before.id
    assert edited.text.startswith("Now")
    assert (edited.rich is None, edited.photo is None) == (
        before.rich is None,
        before.photo is None,
    )
    assert form is not FormulaForm.PICTURE or edited.photo != before.photo


async def test_a_change_to_what_stands_there_already_is_no_error(house: "House"):
    question = say("What?", slot="q7")
    house.script.replies |= {"?": (question,), "!": (change("What?"),)}
    async with house.open():
        ada = house.person()
        await ada.says("?")
        await ada.hears()
        await ada.says("!")
        await ada.settles()
    assert await _fates(house) == ["sent", "sent"]
    assert len(ada.messages()) == 3


async def test_a_change_follows_the_newest_message_of_its_slot(house: "House"):
    house.script.replies |= {
        "?": (say("First", slot="q7"), say("Second", slot="q7"), say("Other", slot="q8")),
        "!": (change("Changed"),),
    }
    async with house.open():
        ada = house.person()
        await ada.says("?")
        await ada.hears(3)
        await ada.says("!")
        await ada.hears()
    assert [bubble.text for bubble in ada.messages()] == ["?", "First", "Changed", "Other", "!"]


async def test_what_a_deleted_message_should_say_is_said_anew_and_its_buttons_are_let_be(
    house: "House",
):
    house.script.replies |= {
        "?": (say("What?", keyboard=((HINT,),), slot="q7"),),
        "!": (change("That!"),),
        "!!": (change(keyboard=((CHOSEN,),)),),
    }
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (question,) = await ada.hears()
        house.playground.world.remove(ada.chat_id, question.id)
        await ada.says("!!")
        await ada.settles()
        assert ada.messages()[-1].text == "!!"
        await ada.says("!")
        (anew,) = await ada.hears()
        assert (anew.text, anew.edited) == ("That!", False)


async def test_a_change_of_what_was_never_said_says_it(house: "House"):
    house.script.replies["!"] = (change("That!"), change(keyboard=((CHOSEN,),), slot="q8"))
    async with house.open():
        ada = house.person()
        await ada.says("!")
        await ada.hears()
        await ada.settles()
    assert [bubble.text for bubble in ada.messages()] == ["!", "That!"]


# Faults


@pytest.mark.slow
async def test_a_chat_that_is_too_fast_waits_as_long_as_told_and_others_do_not(house: "House"):
    house.script.replies["?"] = (say("one"), say("two"), say("three"))
    async with house.open():
        ada, bob = house.person("Ada"), house.person("Bob")
        house.playground.fault(
            Fault(trouble=Trouble.FLOOD, chat_id=ada.chat_id, method="sendMessage", retry_after=1)
        )
        began = time.monotonic()
        await ada.says("?")
        await bob.says("?")
        await bob.hears(3)
        assert time.monotonic() - began < 0.9
        replies = await ada.hears(3)
        assert time.monotonic() - began >= 1
        assert [reply.text for reply in replies] == ["one", "two", "three"]
    calls = [
        call for call in house.playground.calls("sendMessage") if call.params["chat_id"] == ada.id
    ]
    assert len(calls) == 4  # it was not tried before its time


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [Trouble.INTERNAL, Trouble.BAD_GATEWAY])
async def test_a_failure_of_telegrams_is_tried_again_and_order_is_kept(
    house: "House", trouble: Trouble
):
    house.script.replies["?"] = (say("one"), say("two"))
    house.playground.fault(Fault(trouble=trouble, method="sendMessage"))
    async with house.open():
        ada = house.person()
        await ada.says("?")
        replies = await ada.hears(2)
    assert [reply.text for reply in replies] == ["one", "two"]


@pytest.mark.slow
async def test_a_reply_of_unknown_fate_is_sent_again_and_an_edit_comes_to_the_same(house: "House"):
    house.script.replies |= {"?": (say("What?", slot="q7"),), "!": (change("That!"),)}
    async with house.open():
        ada = house.person()
        house.playground.fault(Fault(trouble=Trouble.APPLIED_DROP, method="sendMessage"))
        await ada.says("?")
        replies = await ada.hears(2)
        assert [reply.text for reply in replies] == ["What?", "What?"]  # better twice than never
        house.playground.fault(Fault(trouble=Trouble.APPLIED_DROP, method="editMessageText"))
        await ada.says("!")
        await ada.hears()
        async with asyncio.timeout(PATIENCE):
            while await _fates(house) != ["sent", "sent"]:  # noqa: ASYNC110 - what is awaited is a condition, not an event
                await asyncio.sleep(0.05)
        await ada.settles()
    assert [bubble.text for bubble in ada.messages()] == ["?", "What?", "That!", "!"]


async def test_who_blocked_the_bot_is_left_alone_and_welcome_back(house: "House"):
    house.script.replies["?"] = (say("one"), say("two"))
    async with house.open():
        ada = house.person()
        house.playground.fault(Fault(trouble=Trouble.BLOCKED, chat_id=ada.chat_id, times=2))
        await ada.says("?")
        await ada.settles()
        assert await _fates(house) == ["refused", "refused"]
        assert await _blocked(house)
        await ada.says("hello")
        await ada.hears()
        assert not await _blocked(house)


async def test_a_message_that_cannot_be_made_does_not_hold_up_its_chat(house: "House"):
    unfit = Button(label="Hint", action=AskHint(AttemptId(-1)))
    house.script.replies["?"] = (say("one", keyboard=((unfit,),)), say("two"))
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (reply,) = await ada.hears()
    assert reply.text == "two"


async def test_what_was_committed_before_a_crash_is_said_after_it_and_once(house: "House"):
    """Killed between the commit and the sending: the outbox has it, the update comes again."""
    ada = house.person()
    await ada.says("hello")
    (update,) = house.playground.world.updates
    async with house.sender() as (sender, _):
        await sender.close()  # from here on it is as if dead
        net = house.net(sender)
        assert (await net.handle(update, "tutor")).committed
    assert len(house.playground.calls("sendMessage")) == 0
    async with house.open():
        (reply,) = await ada.hears()
        await ada.settles()
    assert reply.text == "You said hello"
    assert len(ada.messages()) == 2
    assert len(house.script.heard) == 1


async def test_an_update_that_comes_twice_at_once_is_answered_once(house: "House"):
    ada = house.person()
    await ada.says("hello")
    (update,) = house.playground.world.updates
    async with house.sender() as (sender, _):
        net = house.net(sender)
        worked = await asyncio.gather(*(net.handle(update, "tutor") for _ in range(5)))
        assert all(each.committed for each in worked)
        await ada.hears()
    assert len(ada.messages()) == 2


async def test_rows_that_a_dead_process_had_claimed_are_sent_by_the_next(house: "House"):
    ada = house.person()
    async with house.store.unit() as unit:
        now = house.clock()
        await outbox.add(
            unit,
            chat=ChatId(ada.chat_id),
            learner=None,
            update_id=None,
            utterances=(say("left over"),),
            at=now,
        )
        await outbox.claim(unit, chat=None, limit=1, now=now)
    await ada.starts()
    async with house.open():
        await ada.hears(lambda bubble: bubble.text == "left over")


async def test_one_chat_hears_replies_in_the_order_they_were_decided(house: "House"):
    async with house.open():
        people = [house.person(f"Person {number}") for number in range(5)]
        for number in range(10):
            for person in people:
                await person.says(str(number))
        for person in people:
            replies = await person.hears(lambda bubble: bubble.text == "You said 9")
            assert len(replies) <= 10
            said = [bubble.text for bubble in person.messages() if bubble.by_bot]
            assert said == [f"You said {number}" for number in range(10)]


async def _fates(house: "House") -> Sequence[str | None]:
    async with house.store.unit() as unit:
        found = await unit.execute(text("SELECT fate FROM outbox ORDER BY id"))
        return [row.fate for row in found]


async def _blocked(house: "House") -> bool:
    async with house.store.unit() as unit:
        found = await unit.execute(text("SELECT blocked_at FROM learners"))
        return found.scalar_one() is not None
