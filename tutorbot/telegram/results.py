"""The desk of results."""

from collections.abc import Callable, Sequence
from gettext import NullTranslations
from typing import assert_never, cast

from tutorbot.core.actions import Action
from tutorbot.core.classes import NotAllowed
from tutorbot.core.learner import Learner
from tutorbot.core.results import (
    ListLearnerResults,
    NothingThere,
    ResultsAction,
    SendMarks,
    SendStatements,
    SetDigest,
    ShowLearnerResults,
    ShowQuestionResults,
    ShowQuizResults,
    ShowResults,
)
from tutorbot.flows import results
from tutorbot.flows.published import Library
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views import results as view
from tutorbot.views.classes import not_allowed
from tutorbot.views.reply import Utterance


class ResultsDesk:
    name = "results"
    actions = frozenset[type[Action]](ResultsAction.__args__)
    commands = frozenset[str]()

    def __init__(self, library: Library, languages: Callable[[str], NullTranslations]) -> None:
        self._library = library
        self._languages = languages

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        words, at, library = self._languages(learner.language), said.at, self._library
        asked = cast("ResultsAction", action)
        match asked:
            case ShowResults() | SetDigest():
                found = await results.of_class(unit, library, learner, asked, at)
                if not isinstance(found, NotAllowed):
                    return view.of_class(words, found)
            case ShowQuizResults():
                found = await results.of_quiz(unit, library, learner, asked)
                if not isinstance(found, NotAllowed):
                    return view.of_quiz(words, found)
            case ShowQuestionResults():
                found = await results.of_question(unit, library, learner, asked)
                if isinstance(found, NothingThere):
                    return view.nothing_there(words)
                if not isinstance(found, NotAllowed):
                    return view.of_question(words, found)
            case ListLearnerResults():
                found = await results.list_learners(unit, learner, asked, at)
                if not isinstance(found, NotAllowed):
                    return view.learner_list(words, found)
            case ShowLearnerResults():
                found = await results.of_learner(unit, library, learner, asked, at)
                if isinstance(found, NothingThere):
                    return view.nothing_there(words)
                if not isinstance(found, NotAllowed):
                    return view.of_learner(words, found)
            case SendMarks() | SendStatements():
                if await results.may_see(unit, learner, asked.assignment):
                    return view.document(words, asked)
            case _:
                assert_never(asked)
        return not_allowed(words)

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        del unit, learner, said
        return ()

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        del unit, learner, said, prompt
        return ()
