"""The first steps and the page of settings: one card for each, changed in place by its buttons."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from gettext import NullTranslations

from tutorbot.core.actions import (
    Card,
    ChooseSetting,
    FormulaForm,
    LeaveSteps,
    ListClocks,
    OpenSetting,
    Setting,
    ShowSettings,
    Theme,
)
from tutorbot.core.languages import SPOKEN, nearest
from tutorbot.core.learner import Learner
from tutorbot.core.practice import Shelf
from tutorbot.core.prose import (
    Block,
    Bullets,
    Display,
    Heading,
    Line,
    Paragraph,
    Style,
    Text,
    words as plain,
)
from tutorbot.core.settings import (
    DAY_STARTS,
    GOALS,
    NONE,
    OFF,
    ON,
    REMINDER_HOURS,
    USUAL,
    step_after,
    steps,
)
from tutorbot.core.zones import Clock, Region, clocks, clocks_near, place_of, time_in
from tutorbot.views.cities import region_name
from tutorbot.views.home import paper_buttons
from tutorbot.views.reply import Button, Change, Keyboard, Reply, Say, Toast, Utterance

_SLOTS = {Card.STEPS: "first-steps", Card.PAGE: "settings"}
_TICK = "✓ "


def first_step(words: NullTranslations, learner: Learner, now: datetime) -> tuple[Utterance, ...]:
    """Offer the first steps, below the papers: who wants to learn at once just does."""
    return (
        Say(reply=_question(words, Card.STEPS, steps()[0], learner, now), slot=_SLOTS[Card.STEPS]),
    )


def question(
    words: NullTranslations, action: OpenSetting, learner: Learner, now: datetime
) -> tuple[Utterance, ...]:
    reply = _question(words, action.card, action.setting, learner, now)
    return (Change(slot=_SLOTS[action.card], reply=reply),)


def clocks_of(
    words: NullTranslations, action: ListClocks, learner: Learner, now: datetime
) -> tuple[Utterance, ...]:
    _ = words.gettext
    found = clocks(action.region, now)
    prose = (
        *_heading(words, action.card, Setting.ZONE),
        plain(_("What time is it with you?")),
    )
    elsewhere = Button(label=_("← Elsewhere"), action=OpenSetting(action.card, Setting.ZONE))
    keyboard = (*_clock_buttons(action.card, found, learner), (elsewhere,))
    return (Change(slot=_SLOTS[action.card], reply=Reply(prose=prose, keyboard=keyboard)),)


def clocks_at(
    words: NullTranslations, latitude: float, longitude: float, learner: Learner, now: datetime
) -> tuple[Utterance, ...]:
    """Ask which clock is the learner's, after they have sent where they are."""
    _ = words.gettext
    prose = (
        plain(_("What time is it with you?")),
        plain(_("I used your place for these guesses only, and have not kept it.")),
    )
    elsewhere = Button(label=_("Another time"), action=OpenSetting(Card.PAGE, Setting.ZONE))
    keyboard = (
        *_clock_buttons(Card.PAGE, clocks_near(latitude, longitude, now), learner),
        (elsewhere,),
    )
    return (Say(reply=Reply(prose=prose, keyboard=keyboard), slot=_SLOTS[Card.PAGE]),)


def chosen(
    words: NullTranslations, action: ChooseSetting, learner: Learner, shelf: Shelf, now: datetime
) -> tuple[Utterance, ...]:
    """Go on after a choice; ``learner`` is as they are with it."""
    saved = Toast(text=words.gettext("Saved."))
    if action.card is Card.PAGE:
        return (saved, *page_again(words, learner, now))
    following = step_after(action.setting)
    if following is None:
        return (saved, *ready(words, shelf))
    return (saved, *question(words, OpenSetting(Card.STEPS, following), learner, now))


def ready(words: NullTranslations, shelf: Shelf) -> tuple[Utterance, ...]:
    """End the first steps where the learning begins."""
    _ = words.gettext
    reply = Reply(
        prose=(
            Heading((Text(_("Ready.")),)),
            plain(_("/settings changes any of this at any time.")),
            *((plain(_("Pick a paper:")),) if shelf.papers else ()),
        ),
        keyboard=paper_buttons(words, shelf),
    )
    return (Change(slot=_SLOTS[Card.STEPS], reply=reply),)


def page(words: NullTranslations, learner: Learner, now: datetime) -> tuple[Utterance, ...]:
    return (Say(reply=_page(words, learner, now), slot=_SLOTS[Card.PAGE]),)


def page_again(words: NullTranslations, learner: Learner, now: datetime) -> tuple[Utterance, ...]:
    return (Change(slot=_SLOTS[Card.PAGE], reply=_page(words, learner, now)),)


def no_such_choice(words: NullTranslations) -> tuple[Utterance, ...]:
    return (Toast(text=words.gettext("That choice is no longer there. /settings has today's.")),)


def _page(words: NullTranslations, learner: Learner, now: datetime) -> Reply:
    _ = words.gettext
    shown = (*steps(), Setting.DAY_STARTS, Setting.CERTAINTY)
    ordered = [setting for setting in _ORDER if setting in shown]
    items = tuple(_entry(_name(words, each), _now(words, each, learner, now)) for each in ordered)
    buttons = [
        Button(label=_name(words, each), action=OpenSetting(Card.PAGE, each)) for each in ordered
    ]
    return Reply(
        prose=(Heading((Text(_("Settings")),)), Bullets(items), plain(_("Tap what to change:"))),
        keyboard=_rows(buttons, 2),
    )


_ORDER = (
    Setting.LANGUAGE,
    Setting.ZONE,
    Setting.DAY_STARTS,
    Setting.GOAL,
    Setting.REMINDER,
    Setting.FORMULAS,
    Setting.CERTAINTY,
)


def _entry(name: str, value: str) -> Line:
    return (Text(f"{name}: "), Text(value, Style.BOLD))


def _name(words: NullTranslations, setting: Setting) -> str:
    _ = words.gettext
    match setting:
        case Setting.LANGUAGE:
            return _("Language")
        case Setting.ZONE:
            return _("Time zone")
        case Setting.DAY_STARTS:
            return _("Start of the day")
        case Setting.FORMULAS:
            return _("Formulas")
        case Setting.GOAL:
            return _("Daily goal")
        case Setting.REMINDER:
            return _("Reminder")
        case Setting.CERTAINTY:
            return _("How sure I am")


def _now(words: NullTranslations, setting: Setting, learner: Learner, now: datetime) -> str:
    """Say how it is set."""
    _ = words.gettext
    match setting:
        case Setting.LANGUAGE:
            return nearest(learner.language).name
        case Setting.ZONE:
            return _("{place}, {time} now").format(
                place=place_of(learner.timezone), time=time_in(learner.timezone, now)
            )
        case Setting.DAY_STARTS:
            return _hour(learner.day_starts)
        case Setting.FORMULAS:
            return _form(words, learner.formulas, learner.theme)
        case Setting.GOAL:
            return _answers(words, learner.goal)
        case Setting.REMINDER if learner.reminder_usual:
            return _("at my usual hour")
        case Setting.REMINDER:
            hour = learner.reminder_hour
            return _("none") if hour is None else _hour(hour)
        case Setting.CERTAINTY:
            return _("asked") if learner.certainty else _("not asked")


def _question(
    words: NullTranslations, card: Card, setting: Setting, learner: Learner, now: datetime
) -> Reply:
    prose = (*_heading(words, card, setting), *_asked(words, setting, learner, now))
    native = setting is Setting.FORMULAS
    keyboard = (*_answers_to(words, card, setting, learner), _way_on(words, card, setting))
    return Reply(prose=prose, keyboard=keyboard, native=native)


def _heading(words: NullTranslations, card: Card, setting: Setting) -> tuple[Block, ...]:
    name = _name(words, setting)
    if card is Card.PAGE or setting not in steps():
        return (Heading((Text(name),)),)
    number = steps().index(setting) + 1
    told = words.gettext("First steps, {number} of {of}: {name}").format(
        number=number, of=len(steps()), name=name
    )
    return (Heading((Text(told),)),)


def _asked(
    words: NullTranslations, setting: Setting, learner: Learner, now: datetime
) -> tuple[Block, ...]:
    _ = words.gettext
    match setting:
        case Setting.LANGUAGE:
            return (plain(_("Which language shall I speak?")),)
        case Setting.ZONE:
            return (
                plain(
                    _(
                        "Your study day follows your own clock. For now I take it to show {time}."
                        " Where are you?"
                    ).format(time=time_in(learner.timezone, now))
                ),
                plain(
                    _(
                        "You can also send me your location; I look up the time zone and"
                        " forget the place."
                    )
                ),
            )
        case Setting.DAY_STARTS:
            return (
                plain(
                    _(
                        "When does a new study day begin? An answer after midnight but before this"
                        " hour still counts for the evening before."
                    )
                ),
            )
        case Setting.FORMULAS:
            return (
                plain(_("Can you see a fraction here, with n + 1 above the line?")),
                Display(r"\frac{n+1}{2}"),
                plain(_("Your answer only decides how I show formulas to you.")),
            )
        case Setting.GOAL:
            return (plain(_("How many answers a day would you like to give?")),)
        case Setting.REMINDER:
            return (
                plain(
                    _(
                        "Shall I remind you on days that are still open? At which hour, by your"
                        " clock?"
                    )
                ),
            )
        case Setting.CERTAINTY:
            return (
                Paragraph(
                    (
                        Text(
                            _(
                                "Before an answer counts, shall I ask how sure you are? Only you"
                                " see how well you know what you know."
                            )
                        ),
                    )
                ),
            )


def _answers_to(
    words: NullTranslations, card: Card, setting: Setting, learner: Learner
) -> Keyboard:
    _ = words.gettext

    def choice(label: str, value: str, now: bool) -> Button:
        return Button(
            label=(_TICK if now else "") + label, action=ChooseSetting(card, setting, value)
        )

    match setting:
        case Setting.LANGUAGE:
            spoken = nearest(learner.language)
            return _rows([choice(each.name, each.tag, each == spoken) for each in SPOKEN], 2)
        case Setting.ZONE:
            regions = [
                Button(label=region_name(words, each), action=ListClocks(card, each))
                for each in Region
            ]
            return _rows(regions, 2)
        case Setting.DAY_STARTS:
            hours = [
                choice(_hour(each), str(each), each == learner.day_starts) for each in DAY_STARTS
            ]
            return _rows(hours, 4)
        case Setting.FORMULAS:
            return tuple(_forms(words, card, learner))
        case Setting.GOAL:
            return _rows([choice(str(each), str(each), each == learner.goal) for each in GOALS], 4)
        case Setting.REMINDER:
            at = learner.reminder_hour
            hours = [choice(_hour(each), str(each), each == at) for each in REMINDER_HOURS]
            usual = choice(_("My usual hour"), USUAL, learner.reminder_usual)
            none = choice(_("No reminder"), NONE, not learner.wants_reminders)
            return (*_rows(hours, 5), (usual, none))
        case Setting.CERTAINTY:
            yes = choice(_("Yes, ask me"), ON, learner.certainty)
            no = choice(_("No"), OFF, not learner.certainty)
            return ((yes, no),)


def _forms(
    words: NullTranslations, card: Card, learner: Learner
) -> Iterator[tuple[Button, Button]]:
    _ = words.gettext

    def choice(label: str, form: FormulaForm, theme: Theme = Theme.LIGHT) -> Button:
        now = learner.probed and (form, theme) == (learner.formulas, learner.theme)
        value = f"{form.value}.{theme.value}"
        return Button(
            label=(_TICK if now else "") + label,
            action=ChooseSetting(card, Setting.FORMULAS, value),
        )

    yield (
        choice(_("Yes, I see it"), FormulaForm.NATIVE),
        choice(_("No, or odd signs"), FormulaForm.PICTURE),
    )
    yield (
        choice(_("Dark pictures"), FormulaForm.PICTURE, Theme.DARK),
        choice(_("Only text"), FormulaForm.PLAIN),
    )


def _way_on(words: NullTranslations, card: Card, setting: Setting) -> tuple[Button, ...]:
    """Build the last row: back to the page, or past this step, or past them all."""
    _ = words.gettext
    if card is Card.PAGE:
        return (Button(label=_("← Settings"), action=ShowSettings()),)
    following = step_after(setting)
    to_papers = Button(label=_("Skip to the papers"), action=LeaveSteps())
    if following is None:
        return (to_papers,)
    return (Button(label=_("Skip this"), action=OpenSetting(card, following)), to_papers)


def _clock_buttons(card: Card, found: Sequence[Clock], learner: Learner) -> Keyboard:
    """One below the other with two cities each; side by side, with one, where there are many."""
    many = len(found) > _MOST_ROWS
    buttons = [
        Button(
            label=(_TICK if learner.timezone in {city.timezone for city in clock.cities} else "")
            + f"{clock.shows} {', '.join(_cities(clock, 1 if many else 3))}",
            action=ChooseSetting(card, Setting.ZONE, clock.timezone),
        )
        for clock in found
    ]
    return _rows(buttons, 2 if many else 1)


_MOST_ROWS = 10


def _cities(clock: Clock, most: int) -> list[str]:
    return [city.name for city in clock.cities[:most]]


def _rows(buttons: Sequence[Button], width: int) -> Keyboard:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def _form(words: NullTranslations, form: FormulaForm, theme: Theme) -> str:
    _ = words.gettext
    match form:
        case FormulaForm.NATIVE:
            return _("part of the message")
        case FormulaForm.PICTURE:
            return _("dark pictures") if theme is Theme.DARK else _("pictures")
        case FormulaForm.PLAIN:
            return _("plain text")


def _answers(words: NullTranslations, count: int) -> str:
    return words.ngettext("{n} answer", "{n} answers", count).format(n=count)


def _hour(hour: int) -> str:
    return f"{hour:02}:00"
