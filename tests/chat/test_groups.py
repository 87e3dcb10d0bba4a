"""A question in a group: one message for all, and for each a verdict that nobody else sees."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.chat.school import School
from tutorbot.courses.load import Loaded, load
from tutorbot.playground.people import Actor, Bubble
from tutorbot.playground.world import Group

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(60)]

PAPER = """\
---
id: capitals
title: Capitals
---

## Germany {#germany}

```meta
skills: [places.germany]
```

What is the capital of Germany?

- (x) Berlin {#berlin}
  > It has been since 1990.
- ( ) Bonn {#bonn}
  > It was, until 1990.
- ( ) Vienna {#vienna}
  > That is a little further south.

### Solution

Berlin, on the Spree.

## Primes {#primes}

```meta
skills: [numbers.primes]
```

Which of these are primes?

- [x] 2 {#two}
- [ ] 4 {#four}
- [x] 5 {#five}

## Sum {#sum}

How much is 1 + 1?

- answer: `2`
"""


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(PAPER, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


@dataclass
class Classroom:
    """Three people in a group with the bot; who of them has ever opened the private chat: nobody."""

    school: School
    group: Group
    ada: Actor
    ben: Actor
    cleo: Actor

    async def asks(self, words: str = "/quiz", sees: str = "capital of Germany") -> Bubble:
        """Ada asks, and the question is there."""
        await self.ada.says(words)
        heard = await self.ada.hears(lambda bubble: sees in bubble.text)
        return next(bubble for bubble in heard if sees in bubble.text)


async def whisper(actor: Actor, words: str) -> Bubble:
    """Wait for what only this person sees."""

    def fits(bubble: Bubble) -> bool:
        return words in bubble.text and bubble.id == 0

    return next(filter(fits, await actor.hears(fits)))


def letter(question: Bubble, option: str) -> str:
    """The letter of an option, as it stands in the message."""
    return next(line[0] for line in question.text.splitlines() if line.endswith(option))


@pytest.fixture
async def closed_room(closed_school: School) -> Classroom:
    ada, ben, cleo = (closed_school.person(name) for name in ("Ada", "Ben", "Cleo"))
    group = closed_school.playground.group(title="Class", members=[ada, ben, cleo])
    inside = (each.inside(group) for each in (ada, ben, cleo))
    return Classroom(closed_school, group, *inside)


@pytest.fixture
async def room(closed_room: Classroom):
    async with closed_room.school.bot():
        await closed_room.ada.settles()
        yield closed_room


async def test_each_member_gets_a_verdict_that_nobody_else_sees(room: Classroom):
    question = await room.asks()
    await room.ben.presses_on(question, letter(question, "Berlin"))
    await whisper(room.ben, "Right.")
    await room.cleo.presses_on(question, letter(question, "Vienna"))
    said = await whisper(room.cleo, "Not quite.")
    assert "a little further south" in said.text
    assert "Right." not in room.cleo.transcript()
    assert "Not quite" not in room.ben.transcript()
    assert "Not quite" not in room.ada.transcript()
