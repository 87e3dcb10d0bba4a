"""The desk of quizzes that are set to a class, for those who answer them."""

from collections.abc import Callable, Sequence
from gettext import NullTranslations
from typing import assert_never, cast

from tutorbot.core.actions import Action
from tutorbot.core.assignments import (
    AssignmentAction,
    BeginQuiz,
    HandIn,
    ListQuizzesSet,
    LookBack,
    OpenQuiz,
    PractiseQuiz,
)
from tutorbot.core.ids import AssignmentId
from tutorbot.core.learner import Learner
from tutorbot.core.quizzes import NoSuchQuiz
from tutorbot.flows.answering import Answering
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.practice import show
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views.reply import Utterance

_LONGEST_NUMBER = 18  # digits; ids are bigints


class QuizDesk:
    name = "quiz"
    actions = frozenset[type[Action]](AssignmentAction.__args__)
    commands = frozenset({"quizzes"})

    def __init__(self, flows: Answering, languages: Callable[[str], NullTranslations]) -> None:
        self._flows = flows
        self._languages = languages

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        words, flows, at = self._languages(learner.language), self._flows, said.at
        asked = cast("AssignmentAction", action)
        match asked:
            case ListQuizzesSet():
                outcome = await flows.quizzes_set(unit, learner, at)
            case OpenQuiz() | BeginQuiz():
                outcome = await flows.open_quiz(unit, learner, asked, at)
            case HandIn():
                outcome = await flows.hand_in(unit, learner, asked, at)
            case PractiseQuiz():
                outcome = await flows.practise_quiz(unit, learner, asked, at)
            case LookBack():
                outcome = await flows.look_back(unit, learner, asked, at)
            case _:
                assert_never(asked)
        return await show(words, unit, learner, outcome, pressed=True)

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        """The list, or by a link one of them."""
        number = said.argument.removeprefix("quiz_")
        if said.name != "start":
            outcome = await self._flows.quizzes_set(unit, learner, said.at)
        elif number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER:
            action = OpenQuiz(AssignmentId(int(number)))
            outcome = await self._flows.open_quiz(unit, learner, action, said.at)
        else:
            outcome = NoSuchQuiz()
        words = self._languages(learner.language)
        return await show(words, unit, learner, outcome, pressed=False)

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        del unit, learner, said, prompt
        return ()  # nothing is asked for here
