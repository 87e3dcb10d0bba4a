"""The days studied in words, and as a picture of the year that says the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from gettext import NullTranslations

from tutorbot.core.actions import ListCourses, ShowFreeDays
from tutorbot.core.calendar import clock_time
from tutorbot.core.prose import Block, Bullets, Heading, Text, words as plain
from tutorbot.core.streaks import News, Streak, Studied, next_milestone
from tutorbot.views import local
from tutorbot.views.reply import Button, CalendarPicture, Reply, Say, Utterance

_DAYS = 7
_WEEKS = 52  # in the picture, the current one included


def show(words: NullTranslations, studied: Studied, timezone: str) -> tuple[Utterance, ...]:
    """Say what `/streak` asks for."""
    return (Say(reply=streak_reply(words, studied, timezone)),)


def streak_reply(words: NullTranslations, studied: Studied, timezone: str) -> Reply:
    """Say how the run stands, and how the last two weeks and the year went.

    Args:
        words: the learner's language.
        studied: the runs, and the days of 52 weeks or more.
        timezone: the learner's, for times of day.
    """
    _ = words.gettext
    streak, today = studied.streak, studied.streak.today
    keyboard = () if streak.studied_today else _papers(words)
    keyboard += ((Button(label=_("Rest days and pauses"), action=ShowFreeDays()),),)
    if streak.last_day is None:
        return Reply(
            prose=(
                Heading((Text(_("Your study days")),)),
                plain(_first(words, studied)),
            ),
            keyboard=keyboard,
        )
    begin = _monday(today, weeks=_WEEKS - 1)
    counts = {day: count for day, count in sorted(studied.days) if begin <= day <= today}
    frozen = tuple(sorted(day for day in studied.frozen if begin <= day < today))
    free = tuple(sorted(day for day in studied.free if begin <= day < today))
    title = _run(words, streak.length)
    longest = _longest(words, streak.longest)
    year = _year(words, len(counts))
    weeks = _Weeks(words, counts, frozenset(frozen), frozenset(free), today)
    prose: list[Block] = [Heading((Text(title),)), plain(_today(words, studied))]
    if streak.repair:
        prose.append(plain(_repair(words, studied, timezone)))
    prose += [
        plain(f"{longest} {year}"),
        plain(f"{_in_hand(words, streak)} {_chosen(words, studied)}".rstrip()),
    ]
    prose.append(
        Bullets(
            (
                (Text(weeks.told(_("This week"), _monday(today))),),
                (Text(weeks.told(_("Last week"), _monday(today, weeks=1))),),
            )
        )
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
        frozen=frozen,
        free=free,
        frozen_word=_("frozen") if frozen else "",
        free_word=_("free") if free else "",
    )
    return Reply(prose=tuple(prose), keyboard=keyboard, picture=picture)


def streak_line(words: NullTranslations, streak: Streak) -> str:
    """Say the run in one short line, for under an answer or at the end of a paper."""
    _ = words.gettext
    if not streak.length:
        return _("Three answers in a day start a new run.")
    if streak.length == 1:
        if streak.total == 1:
            return _("Your first study day. A good start.")
        return _("Day 1 of a new run.")
    if streak.length == streak.longest and streak.total > streak.length:
        return words.ngettext(
            "Day {days} in a row, your longest run.",
            "Day {days} in a row, your longest run.",
            streak.length,
        ).format(days=streak.length)
    return words.ngettext("Day {days} in a row.", "Day {days} in a row.", streak.length).format(
        days=streak.length
    )


def news_lines(words: NullTranslations, news: News) -> tuple[str, ...]:
    """Say what an answer changed, for under it."""
    lines: list[str] = []
    if news.frozen:  # in the middle of a day, by the clocks of a zone left
        days = [day_name(words, day, news.streak.today) for day in news.frozen]
        lines.append(
            words.ngettext("❄️ {days} was frozen.", "❄️ {days} were frozen.", len(days)).format(
                days=local.listed(words, days)
            )
        )
    if news.repaired:
        lines.append(
            words.ngettext(
                "🩹 Your run is whole again: {days} day in a row.",
                "🩹 Your run is whole again: {days} days in a row.",
                news.streak.length,
            ).format(days=news.streak.length)
        )
    elif news.counted:
        lines.append(streak_line(words, news.streak))
    if news.milestone:
        lines.append(
            words.ngettext(
                "🎉 A milestone: {days} study day without a break.",
                "🎉 A milestone: {days} study days without a break.",
                news.milestone,
            ).format(days=news.milestone)
        )
    return tuple(lines)


def greeting(words: NullTranslations, news: News, timezone: str) -> tuple[Utterance, ...]:
    """Say, when a learner is met for the first time on a day, what became of the days before."""
    _ = words.gettext
    streak = news.streak
    if news.missed is None:
        days = [day_name(words, day, streak.today) for day in news.frozen]
        said = words.ngettext(
            "❄️ {days} was frozen, and your run goes on: {length}.",
            "❄️ {days} were frozen, and your run goes on: {length}.",
            len(days),
        ).format(days=local.listed(words, days), length=_run(words, streak.length))
        return _line(f"{said} {_in_hand(words, streak)}")
    longest = _longest(words, streak.longest)
    if streak.repair is None:
        return _line(_("🌱 Good to see you. Today can begin a new run.") + f" {longest}")
    offered = words.ngettext(
        "🌱 Good to see you. Your run of {days} day has been resting since {day}.",
        "🌱 Good to see you. Your run of {days} days has been resting since {day}.",
        streak.repair.length,
    ).format(days=streak.repair.length, day=day_name(words, news.missed, streak.today))
    wakes = _repairing(words, 2 * news.goal, streak.repair.until, streak.today, timezone)
    return _line(f"{offered} {wakes}")


def day_name(words: NullTranslations, day: date, today: date) -> str:
    """Name a day near today by its weekday, another by its date.

    >>> day_name(NullTranslations(), date(2026, 11, 21), date(2026, 11, 22))
    'Saturday'
    >>> day_name(NullTranslations(), date(2026, 11, 1), date(2026, 11, 22))
    '1 Nov'
    """
    if abs((today - day).days) < _DAYS:
        return local.whole_weekdays(words)[day.weekday()]
    return local.day_and_month(words, day)


def time_of_day(clock: time) -> str:
    """What a clock on the wall shows.

    >>> time_of_day(time(4, 5))
    '04:05'
    """
    return clock.isoformat("minutes")


def _line(text: str) -> tuple[Utterance, ...]:
    return (Say(reply=Reply(prose=(plain(text),))),)


def _run(words: NullTranslations, length: int) -> str:
    if not length:
        return words.gettext("0 days in a row, and a fresh start")
    return words.ngettext("{days} day in a row", "{days} days in a row", length).format(days=length)


def _first(words: NullTranslations, studied: Studied) -> str:
    left = studied.left_today
    return words.ngettext(
        "None yet. {answers} answer makes today the first.",
        "None yet. {answers} answers make today the first.",
        left,
    ).format(answers=left)


def _today(words: NullTranslations, studied: Studied) -> str:
    left = studied.left_today
    if studied.streak.studied_today:
        return words.gettext("Today is done.")
    if studied.streak.length:
        return words.ngettext(
            "Today is still open: {answers} answer adds it.",
            "Today is still open: {answers} answers add it.",
            left,
        ).format(answers=left)
    return words.ngettext(
        "Today is open: {answers} answer starts a new run.",
        "Today is open: {answers} answers start a new run.",
        left,
    ).format(answers=left)


def _repair(words: NullTranslations, studied: Studied, timezone: str) -> str:
    repair, today = studied.streak.repair, studied.streak.today
    assert repair is not None
    rests = words.ngettext(
        "Your run of {days} day rests.", "Your run of {days} days rests.", repair.length
    ).format(days=repair.length)
    return f"{rests} {_repairing(words, 2 * studied.goal, repair.until, today, timezone)}"


def _repairing(
    words: NullTranslations, answers: int, until: datetime, today: date, timezone: str
) -> str:
    clock = clock_time(until, timezone)
    return words.ngettext(
        "{answers} answer in one day wakes it, until {day}, {time}.",
        "{answers} answers in one day wake it, until {day}, {time}.",
        answers,
    ).format(
        answers=answers, day=day_name(words, clock.date(), today), time=time_of_day(clock.time())
    )


def _in_hand(words: NullTranslations, streak: Streak) -> str:
    """Freezes, and what comes next."""
    held = words.ngettext(
        "{freezes} freeze in hand.", "{freezes} freezes in hand.", streak.freezes
    ).format(freezes=streak.freezes)
    goal = next_milestone(streak.length)
    return (
        held
        + " "
        + words.ngettext(
            "Next milestone: {days} day.", "Next milestone: {days} days.", goal
        ).format(days=goal)
    )


def _chosen(words: NullTranslations, studied: Studied) -> str:
    """Rest days and pause, if there are any."""
    _ = words.gettext
    said: list[str] = []
    if studied.rest:
        said.append(_("Free: {days}.").format(days=weekdays_named(words, studied.rest)))
    if studied.pause:
        first, last = studied.pause
        said.append(pause_line(words, first, last, studied.streak.today))
    return " ".join(said)


def weekdays_named(words: NullTranslations, days: Iterable[int]) -> str:
    return local.listed(words, [local.whole_weekdays(words)[day] for day in sorted(days)])


def pause_line(words: NullTranslations, first: date, last: date, today: date) -> str:
    _ = words.gettext
    if first <= today:
        return _("Paused up to and including {last}.").format(last=_dated(words, last))
    return _("Paused from {first} to {last}.").format(
        first=_dated(words, first), last=_dated(words, last)
    )


def _dated(words: NullTranslations, day: date) -> str:
    return local.day_and_month(words, day, weekday=True)


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


@dataclass(frozen=True)
class _Weeks:
    words: NullTranslations
    counts: dict[date, int]
    frozen: frozenset[date]
    free: frozenset[date]
    today: date

    def told(self, name: str, monday: date) -> str:
        """Say a week up to today, such as “This week: Mon 5, Tue –, Wed still open”."""
        days = [monday + timedelta(days=number) for number in range(7)]
        shown = [self._day(day) for day in days if day <= self.today]
        return self.words.gettext("{week}: {days}").format(week=name, days=", ".join(shown))

    def _day(self, day: date) -> str:
        _ = self.words.gettext
        weekday = local.weekdays(self.words)[day.weekday()]
        if day in self.counts:
            return f"{weekday} {self.counts[day]}"
        if day in self.frozen:
            return _("{weekday} frozen").format(weekday=weekday)
        if day in self.free:
            return _("{weekday} free").format(weekday=weekday)
        if day == self.today:
            return _("{weekday} still open").format(weekday=weekday)
        return f"{weekday} –"


def _papers(words: NullTranslations) -> tuple[tuple[Button, ...], ...]:
    return ((Button(label=words.gettext("Papers"), action=ListCourses()),),)


def _monday(day: date, weeks: int = 0) -> date:
    return day - timedelta(days=day.weekday(), weeks=weeks)
