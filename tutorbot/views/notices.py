"""Words for what was arranged for somebody in a class, to them."""

from gettext import NullTranslations
from typing import assert_never

from tutorbot.core.actions import ListCourses
from tutorbot.core.assignments import ListQuizzesSet
from tutorbot.core.joining import LINK_PREFIX
from tutorbot.core.notices import AskedBack, Longer, MoreTime, Notice, TakenOut, TimeSet
from tutorbot.core.prose import Block, Bullets, Text, words as plain
from tutorbot.views import local
from tutorbot.views.assignments import when
from tutorbot.views.reply import Button, Keyboard, Link, Reply, Say


def notice(words: NullTranslations, told: Notice, timezone: str) -> Say:
    """One short message, in the time of who reads it."""
    _ = words.gettext
    match told:
        case MoreTime():
            prose, keyboard = _more_time(words, told, timezone), _to_quizzes(words)
        case TimeSet():
            prose, keyboard = _time_set(words, told, timezone), _to_quizzes(words)
        case TakenOut(group=group):
            said = _(
                "You are no longer in the class {group}. All that you have practised stays yours,"
                " and so does your streak. If you did not expect this, ask your teacher."
            )
            prose = (plain(said.format(group=group)),)
            keyboard = ((Button(label=_("Papers"), action=ListCourses()),),)
        case AskedBack(group=group, code=code):
            said = _("The class {group} would like to have you back. A tap, and you are in it.")
            prose = (plain(said.format(group=group)),)
            keyboard = ((Link(label=_("↩ Join again"), start=f"{LINK_PREFIX}{code}"),),)
        case _:
            assert_never(told)
    return Say(reply=Reply(prose=prose, keyboard=keyboard))


def _more_time(words: NullTranslations, told: MoreTime, timezone: str) -> tuple[Block, ...]:
    _ = words.gettext
    if len(told.quizzes) == 1:
        (quiz,) = told.quizzes
        said = _(
            "⏳ Good news from {group}: you have more time for “{title}”, until {when}, your time."
        )
        until = when(words, quiz.until, timezone)
        return (plain(said.format(group=told.group, title=quiz.title, when=until)),)
    said = _("⏳ Good news from {group}: you have more time. In your own time, it ends:")
    return plain(said.format(group=told.group)), _hours(words, told.quizzes, timezone)


def _time_set(words: NullTranslations, told: TimeSet, timezone: str) -> tuple[Block, ...]:
    _ = words.gettext
    if told.percent > _USUAL:
        said = _(
            "⏳ Good news from {group}: where time is limited, you now have {factor} times as much."
        )
    else:
        said = _("In {group}, where time is limited, you have the usual time again.")
    factor = local.number(words, told.percent / _USUAL)
    prose = plain(said.format(group=told.group, factor=factor))
    if not told.quizzes:
        return (prose,)
    running = plain(_("What you have begun stays open to you until:"))
    return prose, running, _hours(words, told.quizzes, timezone)


def _hours(words: NullTranslations, quizzes: tuple[Longer, ...], timezone: str) -> Block:
    said = words.gettext("“{title}”: {when}")
    lines = [
        said.format(title=each.title, when=when(words, each.until, timezone)) for each in quizzes
    ]
    return Bullets(tuple((Text(line),) for line in lines))


def _to_quizzes(words: NullTranslations) -> Keyboard:
    return ((Button(label=words.gettext("Your quizzes"), action=ListQuizzesSet()),),)


_USUAL = 100  # percent
