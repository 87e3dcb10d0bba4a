"""Words for joining a class, and for the links by which people do."""

from gettext import NullTranslations
from math import ceil
from typing import assert_never

from tutorbot.core.actions import ListCourses
from tutorbot.core.assignments import ListQuizzesSet
from tutorbot.core.classes import ListMyClasses, OpenClass, Role
from tutorbot.core.joining import (
    AlreadyIn,
    ClassOver,
    Joined,
    JoinOutcome,
    LinkEnded,
    LinkFull,
    NoSuchLink,
    StaysLearner,
    TooManyCodes,
    WasRemoved,
    WhichCode,
)
from tutorbot.core.prose import Block, Heading, Text, words as plain
from tutorbot.core.zones import time_in
from tutorbot.views.cities import place_name
from tutorbot.views.classes import role_name
from tutorbot.views.reply import Button, Keyboard, Reply, Say, Utterance


def joined(words: NullTranslations, outcome: JoinOutcome) -> tuple[Utterance, ...]:
    """Say what came of following a link, or of typing a code."""
    _ = words.gettext
    match outcome:
        case Joined():
            return (Say(reply=_welcome(words, outcome)),)
        case AlreadyIn(title=title, role=Role.LEARNER):
            said = _("You are in the class {title} already: nothing more to do.")
            return _told(words, said.format(title=title))
        case AlreadyIn(title=title, role=role):
            said = _("You are in the class {title} already, as {role}, and stay so.")
            return _told(words, said.format(title=title, role=role_name(words, role)))
        case StaysLearner(title=title, role=role):
            said = _(
                "You learn in {title}, and stay a learner: this link would let you in as {role},"
                " without quizzes. If you are meant to work there, leave the class first, and"
                " follow the link again. If you are not sure, ask your teacher."
            )
            said = said.format(title=title, role=role_name(words, role))
            keyboard = ((Button(label=_("Your classes"), action=ListMyClasses()),),)
            return (Say(reply=Reply(prose=(plain(said),), keyboard=keyboard)),)
        case NoSuchLink():
            return _told(
                words,
                _(
                    "I know no class by that code. Have a look at its letters, or ask for it"
                    " once more."
                ),
            )
        case ClassOver():
            return _told(words, _("That class is over: nobody can join it any more."))
        case LinkEnded():
            return _told(
                words, _("That link has ended. Ask your teacher for the new one: it takes a tap.")
            )
        case LinkFull():
            return _told(
                words,
                _("That link has let in as many as it could. Ask your teacher for another."),
            )
        case WasRemoved():
            return _told(
                words,
                _("This link does not work for you. Ask your teacher to invite you back."),
            )
        case WhichCode():
            said = _("Which class? Type its code, for example {code}.").format(code="ACDE-FGHJ")
            return (Say(reply=Reply(prose=(plain(said),))),)
        case TooManyCodes(seconds=seconds):
            minutes = max(1, ceil(seconds / 60))
            said = words.ngettext(
                "Those were many codes that led nowhere. Try the next one in {count} minute, and"
                " have a look at its letters. All else works as ever.",
                "Those were many codes that led nowhere. Try the next one in {count} minutes, and"
                " have a look at its letters. All else works as ever.",
                minutes,
            )
            return _told(words, said.format(count=minutes))
        case _:
            assert_never(outcome)


def _welcome(words: NullTranslations, outcome: Joined) -> Reply:
    _ = words.gettext
    title = _("Welcome back to {title}!") if outcome.back else _("Welcome to {title}!")
    prose: list[Block] = [Heading((Text(title.format(title=outcome.title)),))]
    if outcome.role is Role.LEARNER:
        if outcome.cohort:
            prose.append(plain(_("Your cohort is {cohort}.").format(cohort=outcome.cohort)))
        prose.append(
            plain(
                _(
                    "Quizzes of the class come to you here. Who teaches it sees your name and how"
                    " you do in them. /classes shows your classes, and lets you leave."
                )
            )
        )
    else:
        said = _("Your role here: {role}. /teach opens your classes.")
        prose.append(plain(said.format(role=role_name(words, outcome.role))))
    if outcome.zone and outcome.zone_at:
        prose.append(
            plain(
                _(
                    "I did not know your time zone, so your days follow the class now: {place},"
                    " where it is {time}. If you live by other clocks, type /tz."
                ).format(
                    place=place_name(words, outcome.zone),
                    time=time_in(outcome.zone, outcome.zone_at),
                )
            )
        )
    keyboard: Keyboard = ((Button(label=_("Papers"), action=ListCourses()),),)
    if outcome.quizzes:
        quizzes = Button(label=_("Your quizzes"), action=ListQuizzesSet())
        keyboard = ((quizzes,), *keyboard)
    if outcome.role is not Role.LEARNER:
        button = Button(label=_("Open the class"), action=OpenClass(outcome.class_id))
        keyboard = ((button,), *keyboard)
    return Reply(prose=tuple(prose), keyboard=keyboard)


def _told(words: NullTranslations, said: str) -> tuple[Utterance, ...]:
    """With a way on for whoever has come here by what led nowhere."""
    papers = Button(label=words.gettext("Papers"), action=ListCourses())
    return (Say(reply=Reply(prose=(plain(said),), keyboard=((papers,),))),)
