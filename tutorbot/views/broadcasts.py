"""Words for messages to many: the message itself, and how far it is."""

from datetime import datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from tutorbot.core.assignments import OpenQuiz
from tutorbot.core.broadcasts import (
    Broadcast,
    Cancel,
    Kind,
    Pause,
    Progress,
    Resume,
    ShowProgressOf,
    ShowQuiz,
    State,
)
from tutorbot.core.ids import BroadcastId
from tutorbot.core.prose import Block, Bullets, Heading, Text, words as plain
from tutorbot.views import local
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance


def announcement(words: NullTranslations, broadcast: Broadcast, timezone: str) -> Say:
    """What a learner gets: which class, which quiz, how long it is, and until when."""
    _ = words.gettext
    open_ = Button(label=_("▶ Open the quiz"), action=OpenQuiz(broadcast.assignment))
    if broadcast.kind is Kind.EXTENSION and broadcast.due_at:
        said = _(
            "⏳ Good news from {group}: you have more time for “{title}”, until {when}, your time."
        ).format(
            group=broadcast.class_title,
            title=broadcast.title,
            when=moment(words, broadcast.due_at, timezone),
        )
        return Say(reply=Reply(prose=(plain(said),), keyboard=((open_,),)))
    if broadcast.kind is Kind.REMINDER:
        head = _("⏳ “{title}” still waits for you in {group}.")
    else:
        head = _("📝 A quiz for you in {group}: “{title}”.")
    lines = [head.format(title=broadcast.title, group=broadcast.class_title)]
    count = words.ngettext("{count} question.", "{count} questions.", broadcast.questions)
    facts = [count.format(count=broadcast.questions)]
    if broadcast.due_at:
        due = _("Due {when}, your time.")
        facts.append(due.format(when=moment(words, broadcast.due_at, timezone)))
    lines.append(" ".join(facts))
    return Say(
        reply=Reply(prose=tuple(plain(line) for line in lines), keyboard=((open_,),)),
        silent=broadcast.silent,
    )


def slot(broadcast: BroadcastId) -> str:
    """Of the message that shows how far it is."""
    return f"broadcast.{broadcast}"


def told(words: NullTranslations, progress: Progress) -> Change:
    """The same message again, as it is now."""
    return Change(slot=slot(progress.broadcast), reply=how_far(words, progress))


def shown(words: NullTranslations, progress: Progress) -> Say:
    return Say(slot=slot(progress.broadcast), reply=how_far(words, progress))


def how_far(words: NullTranslations, progress: Progress) -> Reply:
    return Reply(
        prose=(
            Heading((Text(_head(words, progress)),)),
            plain(_bar(words, progress)),
            *_figures(words, progress),
        ),
        keyboard=_buttons(words, progress),
    )


def sure_to_cancel(words: NullTranslations, progress: Progress) -> tuple[Utterance, ...]:
    _ = words.gettext
    if progress.kind is Kind.REMINDER:
        question = _("Take back this reminder? Whoever has it keeps it.")
    else:
        question = _(
            "Take back “{title}”? It goes out to nobody else, and whoever opens it hears that it"
            " was taken back. What they have answered stays."
        )
    keep = Button(label=_("No, leave it"), action=ShowProgressOf(progress.broadcast))
    cancel = Button(label=_("Yes, take it back"), action=Cancel(progress.broadcast, sure=True))
    reply = Reply(
        prose=(plain(question.format(title=progress.title)),), keyboard=((cancel,), (keep,))
    )
    return (Change(slot=slot(progress.broadcast), reply=reply),)


def decided_before(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That was decided before.")),)


def moment(words: NullTranslations, at: datetime, timezone: str) -> str:
    """A day and an hour by the clocks of a zone.

    >>> from datetime import UTC
    >>> moment(NullTranslations(), datetime(2026, 12, 1, 17, tzinfo=UTC), "Europe/Rome")
    'Tue 1 Dec, 18:00'
    """
    there = at.astimezone(ZoneInfo(timezone))
    day = local.day_and_month(words, there.date(), weekday=True)
    return words.gettext("{day}, {hour}").format(day=day, hour=f"{there:%H:%M}")


def lasting(words: NullTranslations, seconds: float) -> str:
    """About how long something takes.

    >>> lasting(NullTranslations(), 42), lasting(NullTranslations(), 333)
    ('less than a minute', 'about 6 minutes')
    """
    if seconds < _MINUTE:
        return words.gettext("less than a minute")
    minutes = round(seconds / _MINUTE)
    if minutes < _LONG:
        about = words.ngettext("about {count} minute", "about {count} minutes", minutes)
        return about.format(count=minutes)
    hours = round(minutes / _MINUTE)
    return words.ngettext("about {count} hour", "about {count} hours", hours).format(count=hours)


_MINUTE = 60
_LONG = 100  # minutes
_CELLS = 12


def _head(words: NullTranslations, progress: Progress) -> str:
    _ = words.gettext
    match progress.state:
        case State.SCHEDULED:
            said = _("“{title}” goes out {when}.")
            when = moment(words, progress.not_before, progress.timezone)
            return said.format(title=progress.title, when=when)
        case State.RUNNING:
            said = _("“{title}” is going out.")
        case State.PAUSED:
            said = _("“{title}” is paused.")
        case State.CANCELLED:
            said = _("“{title}” was taken back.")
        case State.DONE:
            said = _("“{title}” has gone out.")
    if progress.kind is Kind.REMINDER:
        return _("Reminder: {what}").format(what=said.format(title=progress.title))
    return said.format(title=progress.title)


def _bar(words: NullTranslations, progress: Progress) -> str:
    if progress.state is State.SCHEDULED:
        return words.gettext("To whom it goes is settled when it goes out.")
    share = progress.fated / progress.people if progress.people else 1.0
    full = int(share * _CELLS)
    bar = "▓" * full + "░" * (_CELLS - full)
    return words.gettext("{bar} {done} of {all}").format(
        bar=bar,
        done=local.number(words, progress.fated),
        all=local.number(words, progress.people),
    )


def _figures(words: NullTranslations, progress: Progress) -> tuple[Block, ...]:
    _ = words.gettext
    if progress.state is State.SCHEDULED:
        return ()
    lines = [_("✓ sent: {count}").format(count=local.number(words, progress.sent))]
    for count, said in (
        (progress.blocked, _("⛔ have blocked the bot: {count}")),
        (progress.refused, _("✗ could not be written to: {count}")),
        (progress.unknown, _("❔ may have arrived or not, and is not sent twice: {count}")),
        (progress.cancelled, _("↩ taken back before it went out: {count}")),
        (progress.asleep, _("🌙 it is night there, and it waits for the morning: {count}")),
    ):
        if count:
            lines.append(said.format(count=local.number(words, count)))
    going = progress.left - progress.asleep
    if going > 0 and progress.state in {State.RUNNING, State.PAUSED}:
        left = _("… still to go: {count}").format(count=local.number(words, going))
        if progress.state is State.RUNNING:
            left = _("{left}, {time}").format(left=left, time=lasting(words, progress.seconds_left))
        lines.append(left)
    return (Bullets(tuple((Text(line),) for line in lines)),)


def _buttons(words: NullTranslations, progress: Progress) -> Keyboard:
    _ = words.gettext
    pause = Button(label=_("⏸ Pause"), action=Pause(progress.broadcast))
    resume = Button(label=_("▶ Go on"), action=Resume(progress.broadcast))
    cancel = Button(label=_("✕ Take back"), action=Cancel(progress.broadcast))
    receipts = Button(label=_("👥 Who has it"), action=ShowQuiz(progress.assignment, anew=True))
    match progress.state:
        case State.SCHEDULED:
            return ((cancel,),)
        case State.RUNNING:
            return ((pause, cancel), (receipts,))
        case State.PAUSED:
            return ((resume, cancel), (receipts,))
        case State.CANCELLED | State.DONE:
            return ((receipts,),)
