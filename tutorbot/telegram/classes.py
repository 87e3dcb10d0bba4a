"""The desk of classes."""

from collections.abc import Callable, Sequence
from gettext import NullTranslations
from typing import assert_never, cast

from tutorbot.core.actions import Action
from tutorbot.core.classes import ClassAction, ListClasses, NotAllowed, OpenClass
from tutorbot.core.learner import Learner
from tutorbot.flows import classes
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views import classes as view
from tutorbot.views.reply import Utterance


class ClassDesk:
    name = "class"
    actions = frozenset[type[Action]](ClassAction.__args__)
    commands = frozenset({"teach"})

    def __init__(self, languages: Callable[[str], NullTranslations]) -> None:
        self._languages = languages

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        del said
        words = self._languages(learner.language)
        asked = cast("ClassAction", action)
        match asked:
            case ListClasses():
                return view.taught(words, await classes.taught(unit, learner))
            case OpenClass():
                found = await classes.open_class(unit, learner, asked)
                if isinstance(found, NotAllowed):
                    return view.not_allowed(words)
                return view.one(words, found)
            case _:
                assert_never(asked)

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        del said
        words = self._languages(learner.language)
        return view.taught(words, await classes.taught(unit, learner))

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        del unit, learner, said, prompt
        return ()
