"""The days studied in words, and as a picture of the year that says the same."""

from collections.abc import Iterable
from datetime import date, timedelta
from gettext import NullTranslations

from tutorbot.core.actions import ListCourses
from tutorbot.core.prose import Block, Bullets, Heading, Text, words as plain
from tutorbot.core.streaks import Streak
from tutorbot.views import local
from tutorbot.views.reply import Button, CalendarPicture, Reply, Say, Utterance

_WEEKS = 52  # in the picture, the current one included


def show(
    words: NullTranslations,
    streak: Streak,
    days: Iterable[tuple[date, int]],
    today: date,
) -> tuple[Utterance, ...]:
    """Say what `/streak` asks for; the arguments are those of `streak_reply`."""
    return (Say(reply=streak_reply(words, streak, days, today)),)


def streak_reply(
    words: NullTranslations,
    streak: Streak,
    days: Iterable[tuple[date, int]],
    today: date,
) -> Reply:
    """Say how the run stands, and how the last two weeks and the year went.

    Args:
        words: the learner's language.
        streak: how the runs stand.
        days: study days and how many answers each had, 52 weeks back or more, in any order.
        today: the learner's study day.
    """
    _ = words.gettext
    if streak.last_day is None:
        return Reply(
            prose=(
                Heading((Text(_("Your study days")),)),
                plain(_("None yet. One answer makes today the first.")),
            ),
            keyboard=_papers(words),
        )
    today = max(today, streak.last_day)  # a day that was reached stays reached, wherever one flies
    counts = {
        day: count
        for day, count in sorted(days)
        if _monday(today, weeks=_WEEKS - 1) <= day <= today
    }
    title = _run(words, streak.length)
    year = _year(words, len(counts))
    longest = _longest(words, streak.longest)
    prose: tuple[Block, ...] = (
        Heading((Text(title),)),
        plain(_today(words, streak)),
        plain(f"{longest} {year}"),
        Bullets(
            (
                (Text(_week(words, _("This week"), counts, _monday(today), today)),),
                (Text(_week(words, _("Last week"), counts, _monday(today, weeks=1), today)),),
            )
        ),
    )
    picture = CalendarPicture(
        today=today,
        days=tuple(counts.items()),
        title=title,
        subtitle=f"{longest} {year}",
        weekdays=local.weekdays(words),
        months=local.months(words),
        less=_("less"),
        more=_("more"),
    )
    keyboard = () if streak.studied_today else _papers(words)
    return Reply(prose=prose, keyboard=keyboard, picture=picture)


def streak_line(words: NullTranslations, streak: Streak) -> str:
    """Say the run in one short line, for under an answer or at the end of a paper."""
    _ = words.gettext
    if not streak.length:
        return _("One answer starts a new run.")
    if streak.length == 1:
        if len(streak.days) == 1:
            return _("Your first study day. A good start.")
        return _("Day 1 of a new run.")
    if streak.length == streak.longest and len(streak.days) > streak.length:
        return words.ngettext(
            "Day {days} in a row, your longest run.",
            "Day {days} in a row, your longest run.",
            streak.length,
        ).format(days=streak.length)
    return words.ngettext("Day {days} in a row.", "Day {days} in a row.", streak.length).format(
        days=streak.length
    )


def _run(words: NullTranslations, length: int) -> str:
    if not length:
        return words.gettext("0 days in a row, and a fresh start")
    return words.ngettext("{days} day in a row", "{days} days in a row", length).format(days=length)


def _today(words: NullTranslations, streak: Streak) -> str:
    _ = words.gettext
    if streak.studied_today:
        return _("Today is done.")
    if streak.length:
        return _("Today is still open: one answer keeps it.")
    return _("Today is open: one answer starts a new run.")


def _longest(words: NullTranslations, longest: int) -> str:
    return words.ngettext("Longest run: {days} day.", "Longest run: {days} days.", longest).format(
        days=longest
    )


def _year(words: NullTranslations, studied: int) -> str:
    return words.ngettext(
        "{days} study day in the past {weeks} weeks.",
        "{days} study days in the past {weeks} weeks.",
        studied,
    ).format(days=studied, weeks=_WEEKS)


def _week(
    words: NullTranslations, name: str, counts: dict[date, int], monday: date, today: date
) -> str:
    """Say a week up to today, such as “This week: Mon 5, Tue –, Wed open”."""
    _ = words.gettext
    shown: list[str] = []
    for number, weekday in enumerate(local.weekdays(words)):
        day = monday + timedelta(days=number)
        if day > today:
            break
        if day in counts:
            shown.append(f"{weekday} {counts[day]}")
        elif day == today:
            shown.append(_("{weekday} still open").format(weekday=weekday))
        else:
            shown.append(f"{weekday} –")
    return _("{week}: {days}").format(week=name, days=", ".join(shown))


def _papers(words: NullTranslations) -> tuple[tuple[Button, ...], ...]:
    return ((Button(label=words.gettext("Papers"), action=ListCourses()),),)


def _monday(day: date, weeks: int = 0) -> date:
    return day - timedelta(days=day.weekday(), weeks=weeks)
