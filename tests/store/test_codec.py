from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.actions import Action, FormulaForm, SetFormulas, Theme
from tutorbot.core.prose import (
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
from tutorbot.store.codec import decode, encode, storable, storable_json
from tutorbot.store.errors import UnreadableBody
from tutorbot.views.reply import (
    Button,
    CalendarPicture,
    CertaintyPicture,
    Change,
    LevelBar,
    Link,
    ProgressPicture,
    Reply,
    Say,
    SkillBar,
)

# All that PostgreSQL can hold: no NUL, no half of a surrogate pair.
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_formulas = st.builds(Formula, _texts)
_lines = st.lists(st.builds(Text, _texts, st.sampled_from(Style)) | _formulas, max_size=2).map(
    tuple
)
_blocks = st.one_of(
    st.builds(Heading, _lines),
    st.builds(Paragraph, _lines),
    st.builds(Display, _texts),
    st.builds(Bullets, st.lists(_lines, max_size=2).map(tuple), st.booleans()),
    st.builds(Quote, st.lists(_lines, max_size=2).map(tuple)),
    st.builds(Verbatim, _texts),
)
_simple = st.lists(_blocks, max_size=2).map(tuple)
_choices = st.builds(Choices, st.lists(st.tuples(_texts, _simple), max_size=2).map(tuple))
_prose = st.lists(_blocks | _choices, max_size=3).map(tuple)
_actions = cast("st.SearchStrategy[Action]", st.from_type(cast("type[Any]", Action))).filter(
    # A button carries no such thing as PostgreSQL cannot hold.
    lambda action: all(storable(each) == each for each in map(str, vars(action).values()))
)
_buttons = st.builds(Button, label=_texts, action=_actions, enabled=st.booleans())
_links = st.builds(Link, label=_texts, start=_texts)
_days = st.lists(st.tuples(st.dates(), st.integers(0, 400)), max_size=3).map(tuple)
_pictures = st.builds(
    CalendarPicture,
    today=st.dates(),
    days=_days,
    title=_texts,
    subtitle=_texts,
    weekdays=st.tuples(*[_texts] * 7),
    months=st.lists(_texts, max_size=2).map(tuple),
    less=_texts,
    more=_texts,
)
_progress = st.builds(
    ProgressPicture,
    title=_texts,
    subtitle=_texts,
    skills=st.lists(st.builds(SkillBar, name=_texts, word=_texts), max_size=2).map(tuple),
    ahead=_texts,
    days=st.lists(st.tuples(_texts, st.integers(0, 20)), max_size=7).map(tuple),
    more=_texts,
)
_shares = st.integers(0, 100)
_ends = st.tuples(_shares, _shares)
_certainty = st.builds(
    CertaintyPicture,
    title=_texts,
    subtitle=_texts,
    levels=st.lists(
        st.builds(
            LevelBar,
            name=_texts,
            means=_ends,
            word=_texts,
            share=st.none() | _shares,
            between=_ends,
        ),
        max_size=3,
    ).map(tuple),
    scale=st.lists(st.tuples(_shares, _texts), max_size=3).map(tuple),
    means=_texts,
    share=_texts,
    between=_texts,
)
_replies = st.builds(
    Reply,
    prose=_prose,
    keyboard=st.lists(st.lists(_buttons | _links, max_size=2).map(tuple), max_size=2).map(tuple),
    picture=st.none() | _pictures | _progress | _certainty,
    native=st.booleans(),
)
_threads = st.none() | st.integers(1, 10**9)
_utterances = st.builds(Say, reply=_replies, slot=st.none() | _texts, thread=_threads) | st.builds(
    Change, slot=_texts, reply=_replies, thread=_threads
)


@pytest.mark.slow
@given(_utterances)
@settings(max_examples=200, deadline=None)
def test_what_is_kept_to_be_said_is_said_word_for_word(utterance: Say | Change) -> None:
    assert decode(encode(utterance)) == utterance


def test_what_equals_its_default_takes_no_room() -> None:
    say = Say(reply=Reply(prose=(words("Hello"),)))
    assert encode(say) == {
        "is": "Say",
        "reply": {
            "is": "Reply",
            "prose": [{"is": "Paragraph", "line": [{"is": "Text", "text": "Hello"}]}],
        },
    }


@pytest.mark.parametrize(
    "body",
    [
        None,
        "Say",
        3.5,
        [],
        {},
        {"is": "Reply", "prose": []},  # stored, but not by itself
        {"is": "Popen", "args": ["true"]},
        {"is": "Say"},
        {"is": "Say", "reply": {"is": "Reply", "prose": [], "colour": "red"}},
        {"is": "Say", "reply": {"is": "Reply", "prose": [{"is": "os.system"}]}},
        {"is": "Say", "reply": {"is": "Theme", "of": "mauve"}},
        {"is": "Say", "reply": {"is": "date", "of": "yesterday"}},
        {"is": "Say", "reply": {"is": ["Theme"]}},
    ],
)
def test_what_nobody_here_wrote_is_refused(body: object) -> None:
    with pytest.raises(UnreadableBody):
        decode(body)


def test_what_was_never_meant_to_be_stored_is_refused_when_it_is_written() -> None:
    @dataclass(frozen=True)
    class Paragraph:
        line: tuple[()] = ()

    stray = cast("Prose", (Paragraph(),))
    with pytest.raises(TypeError, match="Paragraph"):
        encode(Say(reply=Reply(prose=stray)))


def test_a_text_that_the_database_cannot_hold_is_kept_with_marks_in_its_place() -> None:
    assert storable("a\0b\ud83d\U0001f600") == "a�b�\U0001f600"
    assert storable_json({"a\0": ("\ud800", 1, None, [True])}) == {"a�": ["�", 1, None, [True]]}


def test_enums_and_days_come_back_as_what_they_were() -> None:
    button = Button(label="Dark", action=SetFormulas(FormulaForm.PLAIN, Theme.DARK))
    picture = CalendarPicture(
        today=date(2026, 11, 20),
        days=((date(2026, 11, 19), 4),),
        title="",
        subtitle="",
        weekdays=("M", "T", "W", "T", "F", "S", "S"),
        months=(),
        less="",
        more="",
    )
    say = Say(reply=Reply(prose=(), keyboard=((button,),), picture=picture))
    assert decode(encode(say)) == say
