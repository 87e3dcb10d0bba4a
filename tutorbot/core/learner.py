"""Who learns, and how they like things shown."""

from dataclasses import dataclass
from datetime import date

from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.ids import AttemptId, ChatId, LearnerId
from tutorbot.core.qualifying import USUAL_GOAL


@dataclass(frozen=True, kw_only=True)
class Learner:
    id: LearnerId
    chat: ChatId
    language: str  # BCP 47, as the chat program reports it
    timezone: str  # IANA name
    day_starts: int  # hours after midnight at which a study day begins, 0–6
    formulas: FormulaForm = FormulaForm.PICTURE  # native only once they confirmed seeing one
    theme: Theme = Theme.LIGHT
    probed: bool = False  # whether they were asked if they can see a native formula
    current: AttemptId | None = None  # the question that a typed message answers
    settled: date | None = None  # the study day on which their streak was last settled
    language_chosen: bool = False  # by the learner; else the app's
    goal: int = USUAL_GOAL  # answers a day
    reminder_hour: int | None = None  # by the learner's clock; None: no reminder
    reminder_usual: bool = False  # a reminder at the hour at which they usually begin instead
    certainty: bool = False  # whether they like to say how sure they are
    onboarded: bool = True  # whether the first steps were offered
    started: bool = True  # whether they ever wrote to the bot alone; else known from a group only
    prompted: bool = False  # whether they were asked to type something that is no answer

    @property
    def wants_reminders(self) -> bool:
        return self.reminder_usual or self.reminder_hour is not None
