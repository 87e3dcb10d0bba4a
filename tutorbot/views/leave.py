"""Rest days and pauses, and the clocks that say when a day ends: what to tap, and what was set."""

from datetime import datetime, time
from gettext import NullTranslations

from tutorbot.core.actions import (
    EndPause,
    ListCourses,
    ListRegions,
    ListZones,
    SetPause,
    SetRest,
    SetZone,
)
from tutorbot.core.calendar import clock_time
from tutorbot.core.leave import MOST_REST, ClocksSet, FreeDays
from tutorbot.core.prose import Block, Heading, Text, words as plain
from tutorbot.core.zones import Region
from tutorbot.views import local
from tutorbot.views.cities import by_region, region_name
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Utterance
from tutorbot.views.streaks import day_name, pause_line, time_of_day, weekdays_named

_FREE = "free"
_CLOCKS = "clocks"


def free_days(words: NullTranslations, free: FreeDays) -> tuple[Utterance, ...]:
    """Show what was chosen, in a new message."""
    return (Say(slot=_FREE, reply=_free_days(words, free)),)


def free_days_changed(words: NullTranslations, free: FreeDays) -> tuple[Utterance, ...]:
    """Show it in the message whose button was pressed."""
    return (Change(slot=_FREE, reply=_free_days(words, free)),)


def clocks(words: NullTranslations, timezone: str, now: datetime) -> tuple[Utterance, ...]:
    """Ask where the learner is, in a new message."""
    return (Say(slot=_CLOCKS, reply=_regions(words, timezone, now)),)


def regions(words: NullTranslations, timezone: str, now: datetime) -> tuple[Utterance, ...]:
    return (Change(slot=_CLOCKS, reply=_regions(words, timezone, now)),)


def zones(words: NullTranslations, region: Region, now: datetime) -> tuple[Utterance, ...]:
    """Ask what time it is with the learner."""
    _ = words.gettext
    shown = sorted(
        (clock_time(now, zone), cities, zone) for zone, cities in by_region(words)[region]
    )
    rows = tuple(
        (Button(label=f"{time_of_day(clock.time())} · {cities}", action=SetZone(zone)),)
        for clock, cities, zone in shown
    )
    back = ((Button(label=_("Somewhere else"), action=ListRegions()),),)
    reply = Reply(prose=(plain(_("What time is it with you?")),), keyboard=rows + back)
    return (Change(slot=_CLOCKS, reply=reply),)


def clocks_set(
    words: NullTranslations, clocks: ClocksSet, *, pressed: bool
) -> tuple[Utterance, ...]:
    """Say which clocks count now; the buttons have done their work."""
    _ = words.gettext
    if not clocks.known:
        unknown = plain(_("I know no time zone of that name."))
        asked = _regions(words, clocks.timezone, clocks.now)
        reply = Reply(prose=(unknown, *asked.prose), keyboard=asked.keyboard)
        return (Say(slot=_CLOCKS, reply=reply),)
    said = _("🕓 Your days follow {place}, where it is {time} now. A study day begins at {begin}.")
    prose: list[Block] = [
        plain(
            said.format(
                place=_place(words, clocks.timezone),
                time=time_of_day(clock_time(clocks.now, clocks.timezone).time()),
                begin=time_of_day(time(clocks.day_starts)),
            )
        )
    ]
    if clocks.changed:
        prose.append(plain(_("What you studied so far stays on its days.")))
    if clocks.reopened:
        today = clock_time(clocks.now, clocks.timezone).date()
        prose.append(
            plain(
                _("{day} is still going on there, so it is open again.").format(
                    day=day_name(words, clocks.reopened, today)
                )
            )
        )
    reply = Reply(prose=tuple(prose))
    return (Change(slot=_CLOCKS, reply=reply),) if pressed else (Say(reply=reply),)


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


def _regions(words: NullTranslations, timezone: str, now: datetime) -> Reply:
    _ = words.gettext
    said = _("Your days follow {place}, where it is {time} now. If that is not so: where are you?")
    prose = plain(
        said.format(
            place=_place(words, timezone), time=time_of_day(clock_time(now, timezone).time())
        )
    )
    buttons = [
        Button(label=region_name(words, region), action=ListZones(region)) for region in Region
    ]
    rows = tuple(tuple(buttons[row : row + 2]) for row in range(0, len(buttons), 2))
    return Reply(prose=(prose,), keyboard=rows)


def _place(words: NullTranslations, timezone: str) -> str:
    """A zone as people call it: by its cities, else by the last part of its name."""
    for shown in by_region(words).values():
        for zone, cities in shown:
            if zone == timezone:
                return cities
    return timezone.rpartition("/")[2].replace("_", " ")
