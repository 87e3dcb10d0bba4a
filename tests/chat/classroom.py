"""A class in a group with the bot, and what its members see."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from tests.chat.school import School
from tutorbot.courses.load import Loaded, load
from tutorbot.playground.people import Actor, Bubble
from tutorbot.playground.world import Group

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

## Half {#half}

```meta
skills: [numbers.fraction]
```

Which is the half of $x$?

- (x) $\\frac{x}{2 + \\frac{0}{y}}$ {#half-x}
- ( ) $x$ {#x}

## Sum {#sum}

How much is 1 + 1?

- answer: `2`
"""


def capitals(folder: Path) -> tuple[Loaded, ...]:
    (folder / "1.quiz.md").write_text(PAPER, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


@dataclass
class Classroom:
    """Three people in a group with the bot; none of them has ever opened the private chat."""

    school: School
    group: Group
    ada: Actor
    ben: Actor
    cleo: Actor

    async def asks(self, words: str = "/quiz", sees: str = "capital of Germany") -> Bubble:
        """Ada asks, and the question is there."""
        await self.ada.says(words)
        return await sees_new(self.ada, sees)

    async def asks_for_primes(self) -> Bubble:
        return await self.asks("/quiz primes", "are primes")

    async def next_question(self) -> None:
        """So long after the last that another is posted."""
        self.school.clock.passes(seconds=11)

    async def count(self, table: str) -> int:
        async with self.school.store.unit() as unit:
            return (await unit.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608 - a name of ours


async def sees_new(actor: Actor, words: str) -> Bubble:
    """Wait for a new message with these words that all can see."""

    def fits(bubble: Bubble) -> bool:
        return words in bubble.text and not bubble.edited and bubble.id != 0

    return next(filter(fits, await actor.hears(fits)))


async def sees_edit(actor: Actor, words: str) -> Bubble:
    """Wait until a message of the group says this, on a button or in its text."""

    def fits(bubble: Bubble) -> bool:
        return bubble.edited and (words in bubble.text or any(words in b for b in bubble.buttons))

    return next(filter(fits, await actor.hears(fits)))


async def whisper(actor: Actor, words: str) -> Bubble:
    """Wait for what only this person sees."""

    def fits(bubble: Bubble) -> bool:
        return words in bubble.text and bubble.id == 0

    return next(filter(fits, await actor.hears(fits)))


def letter(question: Bubble, option: str) -> str:
    """The letter of an option, as it stands in the message."""
    return next(line[0] for line in question.text.splitlines() if line.endswith(option))


async def answers(actor: Actor, question: Bubble, option: str, words: str) -> None:
    await actor.presses_on(question, letter(question, option))
    await whisper(actor, words)
    await actor.sees_toast()  # which only ends the waiting
