"""Rest days and pauses, and the clocks that say when a day ends: what to tap, and what was set."""

from datetime import time
from gettext import NullTranslations

from tutorbot.core.actions import (
    EndPause,
    ListCourses,
    SetPause,
    SetRest,
)
from tutorbot.core.calendar import clock_time
from tutorbot.core.leave import MOST_REST, ClocksSet, FreeDays
from tutorbot.core.prose import Block, Heading, Text, words as plain
from tutorbot.views import local
from tutorbot.views.cities import place_name
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Utterance
from tutorbot.views.streaks import day_name, pause_line, time_of_day, weekdays_named

_FREE = "free"


def free_days(words: NullTranslations, free: FreeDays) -> tuple[Utterance, ...]:
    """Show what was chosen, in a new message."""
    return (Say(slot=_FREE, reply=_free_days(words, free)),)


def free_days_changed(words: NullTranslations, free: FreeDays) -> tuple[Utterance, ...]:
    """Show it in the message whose button was pressed."""
    return (Change(slot=_FREE, reply=_free_days(words, free)),)


def clocks_set(words: NullTranslations, clocks: ClocksSet) -> tuple[Block, ...]:
    """Say which clocks count now."""
    _ = words.gettext
    said = _("🕓 Your days follow {place}, where it is {time} now. A study day begins at {begin}.")
    prose: list[Block] = [
        plain(
            said.format(
                place=place_name(words, clocks.timezone),
                time=time_of_day(clock_time(clocks.now, clocks.timezone).time()),
                begin=time_of_day(time(clocks.day_starts)),
            )
        )
    ]
    if clocks.changed:
        prose.append(plain(_("What you studied so far stays on its days.")))
    return (*prose, *reopened(words, clocks))


def reopened(words: NullTranslations, clocks: ClocksSet) -> tuple[Block, ...]:
    """Say which day goes on by the new clocks, if one does that was over by the old ones."""
    if clocks.reopened is None:
        return ()
    today = clock_time(clocks.now, clocks.timezone).date()
    day = day_name(words, clocks.reopened, today)
    said = words.gettext("{day} is still going on there, so it is open again.")
    return (plain(said.format(day=day)),)


def _free_days(words: NullTranslations, free: FreeDays) -> Reply:
    _ = words.gettext
    prose: list[Block] = [
        Heading((Text(_("Rest days and pauses")),)),
        plain(_("On a free day your run rests: it neither ends nor costs a freeze.")),
    ]
    if free.rest:
        prose.append(plain(_("Free: {days}.").format(days=weekdays_named(words, free.rest))))
    else:
        prose.append(plain(_("Tap up to two weekdays to keep them free.")))
    if free.rest_since:
        prose.append(
            plain(
                _("That holds from {day} on.").format(
                    day=day_name(words, free.rest_since, free.today)
                )
            )
        )
    if free.pause:
        prose.append(plain(pause_line(words, *free.pause, free.today)))
    elif free.pauses_left:
        prose.append(plain(_("A pause begins tomorrow, and you may end it at any time.")))
    else:
        prose.append(plain(_("The pauses of this year are taken.")))
    return Reply(prose=tuple(prose), keyboard=_free_keyboard(words, free))


def _free_keyboard(words: NullTranslations, free: FreeDays) -> Keyboard:
    _ = words.gettext
    named = local.weekdays(words)
    days = tuple(
        Button(
            label=f"✓ {named[day]}" if day in free.rest else named[day],
            action=SetRest(tuple(sorted(free.rest ^ {day}))),
            enabled=day in free.rest or len(free.rest) < MOST_REST,
        )
        for day in range(7)
    )
    rows: list[tuple[Button, ...]] = [days[:4], days[4:]]
    if free.pause:
        rows.append((Button(label=_("I am back"), action=EndPause()),))
    elif free.pauses_left:
        rows.append(
            tuple(
                Button(
                    label=words.ngettext("⏸ {days} day", "⏸ {days} days", days).format(days=days),
                    action=SetPause(days),
                )
                for days in free.pauses_left
            )
        )
    rows.append((Button(label=_("Papers"), action=ListCourses()),))
    return tuple(rows)
