"""What a learner may choose, in which order the first steps ask for it, and what a choice means."""

from dataclasses import replace
from enum import Enum

from tutorbot.core.actions import FormulaForm, Setting, Theme
from tutorbot.core.calendar import known_timezone
from tutorbot.core.languages import SPOKEN, Language, is_spoken
from tutorbot.core.learner import Learner

GOALS = (3, 5, 10, 20)
"""Answers a day."""

DAY_STARTS = (0, 1, 2, 3, 4, 5, 6)
"""Hours after midnight."""

REMINDER_HOURS = (8, 9, 12, 14, 16, 17, 18, 19, 20, 21)
"""By the learner's clock; from 22 to 8 nobody is reminded of anything."""

NONE = "-"
USUAL = "u"
"""Stand for no reminder, and for one at the usual hour, where an hour would."""

_STEPS = (
    Setting.LANGUAGE,
    Setting.ZONE,
    Setting.FORMULAS,
    Setting.GOAL,
    Setting.REMINDER,
)


def steps(spoken: tuple[Language, ...] = SPOKEN) -> tuple[Setting, ...]:
    """List what is asked at first; where one language is spoken, nobody is asked for theirs."""
    return _STEPS if len(spoken) > 1 else _STEPS[1:]


def step_after(setting: Setting, spoken: tuple[Language, ...] = SPOKEN) -> Setting | None:
    """Find what the first steps ask for next; None after the last."""
    asked = steps(spoken)
    if setting not in asked:
        return None
    return next(iter(asked[asked.index(setting) + 1 :]), None)


def chosen(
    learner: Learner, setting: Setting, value: str, spoken: tuple[Language, ...] = SPOKEN
) -> Learner | None:
    """Say how the learner is set with a choice made; None where there is no such choice."""
    match setting:
        case Setting.LANGUAGE if is_spoken(value, spoken):
            return replace(learner, language=value, language_chosen=True)
        case Setting.ZONE if known_timezone(value):
            return replace(learner, timezone=value)
        case Setting.DAY_STARTS if (hour := _one_of(value, DAY_STARTS)) is not None:
            return replace(learner, day_starts=hour)
        case Setting.FORMULAS:
            form, _, theme = value.partition(".")
            if form in _values(FormulaForm) and theme in _values(Theme):
                return replace(learner, formulas=FormulaForm(form), theme=Theme(theme), probed=True)
            return None
        case Setting.GOAL if (goal := _one_of(value, GOALS)) is not None:
            return replace(learner, goal=goal)
        case Setting.REMINDER if value in {NONE, USUAL}:
            return replace(learner, reminder_hour=None, reminder_usual=value == USUAL)
        case Setting.REMINDER if (hour := _one_of(value, REMINDER_HOURS)) is not None:
            return replace(learner, reminder_hour=hour, reminder_usual=False)
        case Setting.CERTAINTY if value in _SWITCH:
            return replace(learner, certainty=_SWITCH[value])
        case _:
            return None


ON, OFF = "1", "0"
_SWITCH = {ON: True, OFF: False}


def _one_of(value: str, numbers: tuple[int, ...]) -> int | None:
    return next((number for number in numbers if str(number) == value), None)


def _values(names: type[Enum]) -> set[str]:
    return {name.value for name in names}
