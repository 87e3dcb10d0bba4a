"""Reminders in words: what today can add, never what would be lost; each can be put off."""

from datetime import time
from gettext import NullTranslations

from tutorbot.core.actions import (
    ListCourses,
    RemindLater,
    RemindTomorrow,
    Review,
    StopReminders,
)
from tutorbot.core.prose import Block, words as plain
from tutorbot.core.reminders import Answer, AreOff, NotToday, Snoozed
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance
from tutorbot.views.streaks import time_of_day

_SLOT = "reminder"


def reminder(
    words: NullTranslations, *, run: int, left: int, reviews: int, last: bool, may_snooze: bool
) -> Say:
    """Remind a learner of a study day that is still open.

    Args:
        words: the learner's language.
        run: study days that today can add to.
        left: answers that are missing to a study day.
        reviews: that are due.
        last: if it is not answered, no other follows.
        may_snooze: whether it is not too late today for another one.
    """
    _ = words.gettext
    said = [_today(words, run, left)]
    if reviews:
        said.append(
            words.ngettext(
                "{n} review is ready for you.", "{n} reviews are ready for you.", reviews
            ).format(n=reviews)
        )
    prose: list[Block] = [plain(" ".join(said))]
    if last:
        prose.append(
            plain(
                _(
                    "If now is not the time for it, that is fine: unless I hear from you today, I"
                    " will leave you in peace. /settings brings reminders back."
                )
            )
        )
    return Say(
        reply=Reply(prose=tuple(prose), keyboard=_keyboard(words, bool(reviews), may_snooze)),
        slot=_SLOT,
    )


def answered(words: NullTranslations, answer: Answer) -> tuple[Utterance, ...]:
    """Say what comes of a tap on a reminder; its other buttons have done their work."""
    return (
        Toast(text=_told(words, answer)),
        Change(slot=_SLOT, reply=Reply(prose=(), keyboard=(_papers(words),))),
    )


def _today(words: NullTranslations, run: int, left: int) -> str:
    if not run:
        return words.ngettext(
            "🌱 {answers} question makes today a study day.",
            "🌱 {answers} questions make today a study day.",
            left,
        ).format(answers=left)
    so_far = words.ngettext(
        "🌱 You have studied {days} day in a row.",
        "🌱 You have studied {days} days in a row.",
        run,
    ).format(days=run)
    adds = words.ngettext(
        "{answers} question adds today.", "{answers} questions add today.", left
    ).format(answers=left)
    return f"{so_far} {adds}"


def _keyboard(words: NullTranslations, reviews: bool, may_snooze: bool) -> Keyboard:
    _ = words.gettext
    begin = (Button(label=_("▶ Review now"), action=Review()),) if reviews else _papers(words)
    tomorrow = Button(label=_("Not today"), action=RemindTomorrow())
    hour = Button(label=_("⏰ In an hour"), action=RemindLater())
    return (
        begin,
        (hour, tomorrow) if may_snooze else (tomorrow,),
        (Button(label=_("No more reminders"), action=StopReminders()),),
    )


def _papers(words: NullTranslations) -> tuple[Button, ...]:
    return (Button(label=words.gettext("▶ Go on"), action=ListCourses()),)


def _told(words: NullTranslations, answer: Answer) -> str:
    _ = words.gettext
    match answer:
        case Snoozed(until=until):
            return _("Good: once more at {time}.").format(time=_minutes(until))
        case NotToday(asked=True):
            return _("All right, no more today.")
        case NotToday():
            return _("It gets late for that: no more today.")
        case AreOff():
            return _("I remind you no more. /settings brings reminders back.")


def _minutes(clock: time) -> str:
    return time_of_day(clock.replace(second=0, microsecond=0))
