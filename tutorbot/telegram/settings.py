"""The part of the conversation in which learners choose how they like things."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from gettext import NullTranslations

from tutorbot.core.actions import ChooseSetting, LeaveSteps, ListClocks, OpenSetting, ShowSettings
from tutorbot.core.learner import Learner
from tutorbot.core.practice import Shelf
from tutorbot.flows import settings
from tutorbot.store.unit import Unit
from tutorbot.views import settings as view
from tutorbot.views.reply import Utterance

About = ShowSettings | OpenSetting | ChooseSetting | ListClocks | LeaveSteps
Shelves = Callable[[Unit, Learner], Awaitable[Shelf]]


class Choosing:
    """What is said when a button of the first steps or of the settings is pressed."""

    def __init__(self, languages: Callable[[str], NullTranslations], shelf: Shelves) -> None:
        self._languages = languages
        self._shelf = shelf

    async def offer(self, unit: Unit, learner: Learner, now: datetime) -> Sequence[Utterance]:
        """Offer the first steps to whom they were not offered yet."""
        if learner.onboarded:
            return ()
        await settings.offered(unit, learner, now)
        return view.first_step(self._languages(learner.language), learner, now)

    async def pressed(
        self, unit: Unit, learner: Learner, action: About, now: datetime
    ) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        match action:
            case ShowSettings():
                return view.page_again(words, learner, now)
            case OpenSetting():
                return view.question(words, action, learner, now)
            case ListClocks():
                return view.clocks_of(words, action, learner, now)
            case LeaveSteps():
                return view.ready(words, await self._shelf(unit, learner))
            case ChooseSetting():
                return await self._choose(unit, learner, action, now)

    async def _choose(
        self, unit: Unit, learner: Learner, action: ChooseSetting, now: datetime
    ) -> Sequence[Utterance]:
        choice = await settings.choose(unit, learner, action, now)
        if choice is None:
            return view.no_such_choice(self._languages(learner.language))
        words = self._languages(choice.learner.language)
        return view.chosen(words, action, choice, await self._shelf(unit, choice.learner), now)
