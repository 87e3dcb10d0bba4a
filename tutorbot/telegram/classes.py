"""The desk of classes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import NullTranslations
from typing import assert_never, cast

from tutorbot.core.actions import Action
from tutorbot.core.classes import (
    ChooseCourse,
    ClassAction,
    ClassPage,
    ClassStarted,
    ListClasses,
    NameAfterCourse,
    NotAllowed,
    NotATeacher,
    OpenClass,
    StartClass,
    WhichCourse,
    WhichTitle,
)
from tutorbot.core.learner import Learner
from tutorbot.flows import classes
from tutorbot.flows.classes import Beginning, Teacher
from tutorbot.flows.joining import CODE, Joining
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views import classes as view, joining as joining_view
from tutorbot.views.reply import Utterance


class ClassDesk:
    name = "class"
    actions = frozenset[type[Action]](ClassAction.__args__)
    commands = frozenset({"teach", "join"})

    def __init__(
        self,
        languages: Callable[[str], NullTranslations],
        beginning: Beginning,
        joining: Joining,
    ) -> None:
        self._languages = languages
        self._beginning = beginning
        self._joining = joining

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        words, at = self._languages(learner.language), said.at
        teacher = Teacher(learner=learner, telegram_id=said.speaker.telegram_id)
        asked = cast("ClassAction", action)
        match asked:
            case ListClasses():
                return view.taught(words, await self._beginning.taught(unit, teacher), pressed=True)
            case OpenClass():
                return self._shown(words, await classes.page(unit, learner, asked, at))
            case ChooseCourse():
                return self._shown(words, await self._beginning.choose(unit, teacher, asked))
            case StartClass():
                title = await self._beginning.ask_title(unit, teacher, asked, at)
                return self._shown(words, title)
            case NameAfterCourse():
                begun = await self._beginning.name_after_course(unit, teacher, asked, at)
                return self._shown(words, begun)
            case _:
                return view.not_allowed(words)

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        match said.name:
            case "teach":
                teacher = Teacher(learner=learner, telegram_id=said.speaker.telegram_id)
                return view.taught(words, await self._beginning.taught(unit, teacher))
            case _:
                return await self._join(words, unit, learner, said.argument, said.at)

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        teacher = Teacher(learner=learner, telegram_id=said.speaker.telegram_id)
        match prompt.purpose:
            case classes.TITLE:
                begun = await self._beginning.name(unit, teacher, prompt, said.text, said.at)
                return self._shown(words, begun)
            case _:
                assert prompt.purpose == CODE, prompt.purpose
                return await self._join(words, unit, learner, said.text, said.at)

    async def _join(
        self, words: NullTranslations, unit: Unit, learner: Learner, typed: str, at: datetime
    ) -> Sequence[Utterance]:
        outcome = await self._joining.join(unit, learner, typed, at)
        return joining_view.joined(words, outcome)

    @staticmethod
    def _shown(
        words: NullTranslations,
        outcome: ClassPage | ClassStarted | WhichCourse | WhichTitle | NotATeacher | NotAllowed,
    ) -> Sequence[Utterance]:
        match outcome:
            case ClassPage():
                return view.one(words, outcome)
            case ClassStarted():
                return view.started(words, outcome)
            case WhichCourse():
                return view.which_course(words, outcome)
            case WhichTitle():
                return view.which_title(words, outcome)
            case NotATeacher():
                return view.not_a_teacher(words)
            case NotAllowed():
                return view.not_allowed(words)
            case _:
                assert_never(outcome)
