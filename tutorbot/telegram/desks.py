"""The parts of the conversation that are about teaching: each hears what concerns it.

A desk says itself which buttons, commands, links and prompts are its own, so that another one is
added without a change here.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from tutorbot.core.actions import Action
from tutorbot.core.ids import CourseId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.flows.publishing import Author
from tutorbot.store import outbox, prompts
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views.reply import Change, Reply, Say, Toast, Utterance


class Desk(Protocol):
    """One of the parts.

    It is handed the learner as locked by the transaction, and asks the database, each time, what
    they may do there.
    """

    @property
    def actions(self) -> frozenset[type[Action]]:
        """What its buttons ask for."""
        ...

    @property
    def commands(self) -> frozenset[str]:
        """Without the slash."""
        ...

    @property
    def name(self) -> str:
        """Stands before the dot in the purposes of its prompts, and before ``_`` in its links."""
        ...

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]: ...

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        """Answer one of its commands, or a ``/start`` by one of its links."""
        ...

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        """Take what was typed for a prompt of its own."""
        ...


FollowUp = Callable[[Unit, Author, CourseId, datetime], Awaitable[Sequence[Utterance]]]
"""What is said to an author after a new version of a course was published."""


class Desks:
    def __init__(self, desks: Sequence[Desk], published: FollowUp | None = None) -> None:
        self._published = published
        self._by_action = {action: desk for desk in desks for action in desk.actions}
        self._by_command = {command: desk for desk in desks for command in desk.commands}
        self._by_name = {desk.name: desk for desk in desks}

    @property
    def actions(self) -> frozenset[type[Action]]:
        """All that any of them answers."""
        return frozenset(self._by_action)

    @property
    def commands(self) -> frozenset[str]:
        return frozenset(self._by_command)

    async def hear(
        self, unit: Unit, learner: Learner, said: Command | Wrote | Pressed
    ) -> Sequence[Utterance] | None:
        """Answer what concerns one of them; None if it concerns none.

        Whatever somebody does who was asked to type something, the asking is over.
        """
        prompt = await prompts.take(unit, learner.id) if learner.prompted else None
        match said:
            case Pressed(action=action) if desk := self._by_action.get(type(action)):
                shown = await desk.pressed(unit, learner, said, action)
                return await _in_sight(unit, learner, said, shown)
            case Command(name="start", argument=argument) if desk := self._linked(argument):
                return await desk.commanded(unit, learner, said)
            case Command(name=name) if desk := self._by_command.get(name):
                return await desk.commanded(unit, learner, said)
            case Wrote() if prompt and (desk := self._by_name.get(_owner(prompt))):
                return await desk.wrote(unit, learner, said, prompt)
            case _:
                return None

    async def published(
        self, unit: Unit, author: Author, course: CourseId, at: datetime
    ) -> Sequence[Utterance]:
        """Say what a new version of a course brings up."""
        return await self._published(unit, author, course, at) if self._published else ()

    def _linked(self, argument: str) -> Desk | None:
        name, bar, _ = argument.partition("_")
        return self._by_name.get(name) if bar else None


async def _in_sight(
    unit: Unit, learner: Learner, said: Pressed, shown: Sequence[Utterance]
) -> Sequence[Utterance]:
    """Say anew what would change a message further up, which whoever pressed may not see.

    A page that is opened from a message of its own, such as that with a link, is often far above.
    """
    match [each for each in shown if not isinstance(each, Toast)]:
        case [Change(reply=reply, slot=slot) as change] if reply.prose:
            holding = await outbox.message_of(unit, learner.chat, slot)
            if holding is None or holding >= said.message:
                return shown
            below = Say(slot=slot, reply=reply, thread=change.thread)
            return [below if each is change else each for each in shown]
        case _:
            return shown


def _owner(prompt: Prompt) -> str:
    return prompt.purpose.partition(".")[0]


def as_messages(said: Sequence[Utterance]) -> Sequence[Utterance]:
    """Below what was typed, as it would be said on a button that there is none of."""
    return [
        Say(reply=Reply(prose=(words(each.text),))) if isinstance(each, Toast) else each
        for each in said
    ]
