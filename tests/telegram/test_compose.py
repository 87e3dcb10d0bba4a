import json
import re
from datetime import date
from html import unescape

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.actions import Choose, FormulaForm, Next, OpenCourse, Theme
from tutorbot.core.ids import AttemptId, CourseId
from tutorbot.core.prose import (
    Block,
    Bullets,
    Choices,
    Display,
    Formula,
    Heading,
    Paragraph,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
    words,
)
from tutorbot.telegram import markup
from tutorbot.telegram.callbacks import UnfitActionError
from tutorbot.telegram.compose import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    Composed,
    FormulasPicture,
    PhotoMessage,
    RichMessage,
    TextMessage,
    alert,
    compose,
    keyboard,
)
from tutorbot.views.reply import Button, CalendarPicture, Link, Reply

SQUARE = r"n^2 + nm"  # words can say it
SUM = r"\sum_{k=1}^{n} \frac{k(k+1)}{2}"  # they cannot
NEXT = Button(label="Next ›", action=Next(AttemptId(7)))
NATIVE, PICTURE, PLAIN = FormulaForm.NATIVE, FormulaForm.PICTURE, FormulaForm.PLAIN


def said(prose: Prose, form: FormulaForm = PICTURE, **more: object) -> Composed:
    reply = Reply(prose=prose, keyboard=((NEXT,),), **more)  # pyright: ignore[reportArgumentType] -- a test's shorthand
    return compose(reply, form=form, theme=Theme.LIGHT)


def text_of(composed: Composed) -> str:
    (message,) = composed.messages
    assert isinstance(message, TextMessage | PhotoMessage)
    return message.html


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (words('1 < 2 & "3"'), '1 &lt; 2 &amp; "3"'),
        (words("bold", Style.BOLD), "<b>bold</b>"),
        (words("slanted", Style.ITALIC), "<i>slanted</i>"),
        (words("a<b", Style.CODE), "<code>a&lt;b</code>"),
        (Heading((Text("About "), Formula(SQUARE))), "<b>About </b><b>n² + nm</b>"),
        (Paragraph((Text("Let "), Formula(SQUARE), Text(" be."))), "Let n² + nm be."),
        (Display(SQUARE), "n² + nm"),
        (Bullets(((Text("one"),), (Formula(SQUARE),))), "• one\n• n² + nm"),
        (Bullets(((Text("one"),), (Text("two"),)), ordered=True), "1. one\n2. two"),
        (Quote(((Text("so"),), (Text("there"),))), "<blockquote>so\nthere</blockquote>"),
        (Verbatim("2n+\n   ^"), "<pre>2n+\n   ^</pre>"),
        (
            Choices(
                (("A", (Display(SQUARE),)), ("B", (words("four"), words("of them"))), ("C", ()))
            ),
            "<b>A</b>  n² + nm\n<b>B</b>  four\nof them\n<b>C</b>  ",
        ),
    ],
)
@pytest.mark.parametrize("form", FormulaForm)
def test_what_words_can_say_is_a_plain_message_for_everyone(
    block: Block, html: str, form: FormulaForm
):
    composed = said((block,), form)
    assert text_of(composed) == html
    assert isinstance(composed.messages[0], TextMessage)


def test_paragraphs_are_set_apart():
    assert text_of(said((words("one"), words(" "), words("two")))) == "one\n\ntwo"


QUESTION: Prose = (
    Heading((Text("Question 3"),)),
    Paragraph((Text("Which of these is "), Formula(SUM), Text("?"))),
    Choices(
        (
            ("A", (Display(SUM),)),
            ("B", (Paragraph((Formula(r"\frac{a+b}{c}"),)),)),
            ("C", (words("2"),)),
        )
    ),
)
LINEAR = (
    "<b>Question 3</b>\n\n"
    "Which of these is ∑_{k=1}^{n} k(k + 1)/\u20602?\n\n"
    "<b>A</b>  ∑_{k=1}^{n} k(k + 1)/\u20602\n<b>B</b>  (a + b)/\u2060c\n<b>C</b>  2"
)


def test_a_picture_shows_the_formulas_that_words_cannot_say_and_its_caption_says_them_too():
    (photo,) = said(QUESTION).messages
    assert isinstance(photo, PhotoMessage)
    assert photo.picture == FormulasPicture(
        lines=((None, SUM), ("A", SUM), ("B", r"\frac{a+b}{c}"))
    )
    assert photo.html == LINEAR
    assert photo.keyboard


def test_a_fraction_on_a_line_holds_no_command_to_tap_on():
    """Apps would make a link of the ``/O`` in ``O(z)/O'(z)``; real commands stay what they are."""
    prose = (words("/start goes on; O(z)/O′(z), n/2 and 1/(n+1) are answers"),)
    said = "/start goes on; O(z)/\u2060O′(z), n/2 and 1/(n+1) are answers"
    assert text_of(compose(Reply(prose=prose), form=FormulaForm.PLAIN, theme=Theme.LIGHT)) == said


@pytest.mark.parametrize("said", ["\u2068/start\u2069 من جديد", "ابدأ: \u2068/exam off\u2069."])
def test_a_command_among_arabic_words_stays_one_to_tap_on(said: str):
    reply = compose(Reply(prose=(words(said),)), form=FormulaForm.PLAIN, theme=Theme.LIGHT)
    assert text_of(reply) == said


def test_who_wants_plain_text_gets_no_picture():
    assert text_of(said(QUESTION, PLAIN)) == LINEAR


def test_who_sees_native_formulas_gets_a_rich_message():
    (message,) = said(QUESTION, NATIVE).messages
    assert isinstance(message, RichMessage)
    formula = {"type": "mathematical_expression", "expression": SUM}

    def row(letter: str, text: object):
        return [
            {"align": "left", "valign": "middle", "text": each}
            for each in ({"type": "bold", "text": letter}, text)
        ]

    second = {"type": "mathematical_expression", "expression": r"\frac{a+b}{c}"}
    assert message.content == {
        "skip_entity_detection": True,
        "blocks": [
            {"type": "heading", "size": 4, "text": "Question 3"},
            {"type": "paragraph", "text": ["Which of these is ", formula, "?"]},
            {
                "type": "table",
                "is_compact": True,
                "cells": [row("A", formula), row("B", second), row("C", "2")],
            },
        ],
    }


def test_every_block_has_a_rich_form_and_none_of_them_folds():
    prose = (
        Display(SUM),
        Bullets(((Text("a"),),)),
        Bullets(((Text("b", Style.ITALIC),),), ordered=True),
        Quote(((Text("c", Style.CODE),),)),
        Verbatim("d"),
        Choices((("A", (words("e"), Display(SUM))),)),
    )
    (message,) = said(prose, NATIVE).messages
    assert isinstance(message, RichMessage)
    kinds = [block["type"] for block in message.content["blocks"]]
    assert kinds == [
        "mathematical_expression", "list", "list", "blockquote", "pre",
        "paragraph", "paragraph", "mathematical_expression",
    ]  # fmt: skip
    assert "details" not in json.dumps(message.content)


@pytest.mark.parametrize(
    ("refused", "form"),
    [
        (set[FormulaForm](), NATIVE),
        ({NATIVE}, PICTURE),
        ({NATIVE, PICTURE}, PLAIN),
        ({PICTURE}, NATIVE),
    ],
)
def test_what_is_refused_is_said_one_rung_lower(refused: set[FormulaForm], form: FormulaForm):
    composed = compose(Reply(prose=QUESTION), form=NATIVE, theme=Theme.DARK, refused=refused)
    assert composed.form is form


def test_the_probe_is_a_rich_message_whatever_the_setting():
    probe = Reply(prose=(words("Can you see it?"), Display(SQUARE)), native=True)
    assert isinstance(compose(probe, form=PLAIN, theme=Theme.LIGHT).messages[0], RichMessage)
    refused = compose(probe, form=PLAIN, theme=Theme.LIGHT, refused={NATIVE})
    assert text_of(refused) == "Can you see it?\n\nn² + nm"


def test_a_rich_message_that_is_too_long_becomes_a_picture():
    long = tuple(words("n") for _ in range(501))
    assert said((*long, Display(SUM)), NATIVE).form is PICTURE


CALENDAR = CalendarPicture(
    today=date(2026, 11, 20),
    days=((date(2026, 11, 20), 3),),
    title="Ada",
    subtitle="one day",
    weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
    months=("Jan",),
    less="less",
    more="more",
)


@pytest.mark.parametrize("form", FormulaForm)
def test_the_calendar_is_a_picture_that_its_caption_puts_into_words(form: FormulaForm):
    (photo,) = said((words("One day so far."),), form, picture=CALENDAR).messages
    assert isinstance(photo, PhotoMessage)
    assert (photo.picture, photo.html) == (CALENDAR, "One day so far.")


def test_the_calendar_is_put_into_words_alone_where_pictures_are_refused():
    reply = Reply(prose=(words("One day so far."),), picture=CALENDAR)
    composed = compose(reply, form=NATIVE, theme=Theme.LIGHT, refused={PICTURE})
    assert text_of(composed) == "One day so far."


def test_a_text_too_long_for_a_caption_follows_the_picture_and_has_the_buttons():
    long = words("word " * 300)
    photo, text = said((*QUESTION, long)).messages
    assert isinstance(photo, PhotoMessage)
    assert isinstance(text, TextMessage)
    assert (photo.html, photo.keyboard) == ("<b>Question 3</b>", None)
    assert text.html.startswith(LINEAR)
    assert text.keyboard


def test_the_same_formulas_are_the_same_picture_and_others_are_not():
    def digest(prose: Prose, theme: Theme) -> str:
        composed = compose(Reply(prose=prose), form=PICTURE, theme=theme)
        photo = composed.messages[0]
        assert isinstance(photo, PhotoMessage)
        return photo.digest

    same = digest((words("one"), Display(SUM)), Theme.LIGHT)
    assert same == digest((words("another"), Display(SUM)), Theme.LIGHT)
    assert same != digest((words("one"), Display(SUM)), Theme.DARK)
    assert same != digest((words("one"), Display(SUM + "+1")), Theme.LIGHT)


def test_a_long_text_is_split_between_paragraphs_and_the_buttons_stand_at_its_end():
    paragraphs = tuple(words(f"{number} " + "x" * 1500) for number in range(5))
    messages = said(paragraphs).messages
    assert [message.keyboard is not None for message in messages] == [False, False, True]
    starts = [message.html[:1] for message in messages if isinstance(message, TextMessage)]
    assert starts == ["0", "2", "4"]


def visible(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


TEXTS = st.text(st.sampled_from("ab <&\n🎲é"), max_size=60)
STYLED = st.builds(Text, TEXTS, st.sampled_from(Style))
LINES = st.lists(STYLED, max_size=4).map(tuple)
BLOCKS = st.one_of(
    st.builds(Paragraph, LINES),
    st.builds(Heading, LINES),
    st.builds(Quote, st.lists(LINES, max_size=3).map(tuple)),
    st.builds(Verbatim, TEXTS),
    st.builds(Bullets, st.lists(LINES, max_size=3).map(tuple)),
)


@given(st.lists(BLOCKS, max_size=5).map(tuple), st.integers(4, 80))
def test_splitting_loses_no_word_and_keeps_the_limit(prose: Prose, limit: int):
    whole = markup.pieces(prose, str)
    parts = markup.split(whole, limit)
    assert all(0 < markup.length(part) <= limit for part in parts)
    kept = "".join(visible(markup.html(part)) for part in parts)
    assert "".join(kept.split()) == "".join(visible(markup.html(whole)).split())


@given(st.lists(BLOCKS, max_size=5).map(tuple))
def test_the_tags_of_a_text_are_balanced(prose: Prose):
    for part in markup.split(markup.pieces(prose, str), 30):
        open_tags: list[str] = []
        for closing, tag in re.findall(r"<(/?)(\w+)>", markup.html(part)):
            if closing:
                assert open_tags.pop() == tag
            else:
                open_tags.append(tag)
        assert not open_tags


def test_the_limits_count_as_telegram_counts():
    dice = "🎲" * (LONGEST_CAPTION // 2)  # two units each
    assert len(said((words(dice), Display(SUM))).messages) == 2
    fits = (words("x" * LONGEST_TEXT),)
    assert len(said(fits).messages) == 1
    assert len(said((words("x" * LONGEST_TEXT + "y"),)).messages) == 2


def test_an_answered_keyboard_shows_what_was_chosen_and_does_nothing():
    chosen = Button(label="✅ B", action=Choose(AttemptId(7), 1), enabled=False)
    made = keyboard(((chosen, NEXT), ()))
    assert made == {
        "inline_keyboard": [
            [{"text": "✅ B", "disabled": {}}, {"text": "Next ›", "callback_data": "1n7"}]
        ]
    }
    assert keyboard(()) is None


def test_a_button_that_could_not_be_read_again_is_our_mistake_and_is_found_here():
    with pytest.raises(UnfitActionError):
        keyboard(((Button(label="Go", action=OpenCourse(CourseId("ü"))),),))


def test_a_link_to_the_private_chat_names_the_bot_and_says_where_one_comes_from():
    reply = Reply(prose=(words("hello"),), keyboard=((Link(label="Open", start="group"),),))
    composed = compose(reply, form=FormulaForm.PICTURE, theme=Theme.LIGHT, me="tutor_bot")
    (message,) = composed.messages
    assert message.keyboard is not None
    ((button,),) = message.keyboard["inline_keyboard"]
    assert button == {"text": "Open", "url": "https://t.me/tutor_bot?start=group"}


def test_an_alert_has_as_much_of_the_words_as_there_is_room():
    short = Reply(prose=(words("✅ Right."), Paragraph((Formula("n^2"),))))
    assert alert(short) == "✅ Right.\n\nn²"
    long = alert(Reply(prose=(words("❌ Not quite."), words("so it is 🎲 " * 40))))
    assert long.startswith("❌ Not quite.\n\nso it is")
    assert long.endswith(" …")
    assert len(long.encode("utf-16-le")) // 2 <= 200
