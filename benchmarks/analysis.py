"""How often the key alarm finds a wrong key, and how often it cries over a right one.

    python benchmarks/analysis.py [--classes 300] [--seed 1]

Classes are simulated: abilities from a normal distribution, questions after the two-parameter
logistic model; who does not know the answer takes an option by how it draws. In each class of 20
learners and 20 questions one key is planted wrong. The alarm knows nothing of how the answers came
about: it has its own, coarser model.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from time import process_time

from tutorbot.core.analysis import First, Item, analyse
from tutorbot.core.ids import LearnerId


@dataclass(frozen=True, kw_only=True)
class World:
    """How classes are made."""

    name: str = "usual"
    learners: int = 20
    questions: int = 20
    planted: int = 1
    hard: tuple[float, float] = (0.0, 1.0)  # mean and spread of difficulty
    slopes: float = 0.3  # spread of the logarithm of discrimination
    lures: float = 0.0  # how much who falls for a distractor depends on ability
    guessing: bool = True  # who does not know may still hit the right one
    typed: bool = False


WORLDS = (
    World(),
    World(name="3 wrong keys of 20", planted=3),
    World(name="difficulties spread wider", hard=(0.0, 1.5)),
    World(name="easy questions", hard=(-1.0, 1.0)),
    World(name="hard questions", hard=(0.7, 1.0)),
    World(name="distractors for the strong", lures=0.5, slopes=0.5),
    World(name="nobody guesses right", guessing=False),
    World(name="8 questions", questions=8),
    World(name="10 learners", learners=10),
    World(name="30 learners", learners=30),
    World(name="100 learners", learners=100),
    World(name="typed answers", guessing=False, typed=True),
)


def a_class(
    world: World, dice: random.Random
) -> tuple[list[Item], dict[LearnerId, dict[int, First]], set[int]]:
    """The questions, the first answers, and which questions have a wrong key."""
    abilities = [dice.gauss(0, 1) for _ in range(world.learners)]
    wrong = set(dice.sample(range(world.questions), world.planted))
    items: list[Item] = []
    sheets: dict[LearnerId, dict[int, First]] = {
        LearnerId(number): {} for number in range(world.learners)
    }
    for place in range(world.questions):
        count = 6 if world.typed else dice.choice((3, 4, 4, 5))
        names = [f"o{number}" for number in range(count)]  # o0 is right in truth
        keyed = dice.choice(names[1:]) if place in wrong else names[0]
        items.append(
            Item(right=frozenset({keyed}))
            if world.typed
            else Item(options=tuple(names), right=frozenset({keyed}), guess=1 / count)
        )
        slope, hard = exp(dice.gauss(0, world.slopes)), dice.gauss(*world.hard)
        pulls = [dice.expovariate(1) for _ in names]
        pulls[0] = sum(pulls[1:]) / (count - 1) if world.guessing else 0
        tilts = [dice.gauss(0, world.lures) for _ in names]
        for learner, ability in enumerate(abilities):
            knows = dice.random() < 1 / (1 + exp(slope * (hard - ability)))
            drawn = [pull * exp(tilt * ability) for pull, tilt in zip(pulls, tilts, strict=True)]
            chosen = names[0] if knows else dice.choices(names, drawn)[0]
            sheets[LearnerId(learner)][place] = First(
                share=float(chosen == keyed), chosen=frozenset({chosen})
            )
    return items, sheets, wrong


def tried(world: World, classes: int, dice: random.Random) -> tuple[int, int, int, int, int]:
    """Wrong keys, those found, those named rightly; right keys, those under alarm."""
    wrong_keys = found = named = right_keys = false = 0
    for _ in range(classes):
        items, sheets, wrong = a_class(world, dice)
        for place, figures in enumerate(analyse(items, sheets).items):
            if place in wrong:
                wrong_keys += 1
                found += figures.alarm is not None
                named += figures.alarm is not None and figures.alarm.answer == "o0"
            else:
                right_keys += 1
                false += figures.alarm is not None
    return wrong_keys, found, named, right_keys, false


def show(worlds: Sequence[World], classes: int, seed: int) -> None:
    print(
        f"{classes} classes each, seed {seed}; 20 learners and 20 questions unless said otherwise"
    )
    print(f"{'':28}  wrong keys  found   rightly named  right keys  false alarms")
    for world in worlds:
        wrong, found, named, right, false = tried(world, classes, random.Random(seed))
        print(
            f"{world.name:28}  {wrong:10}  {found / wrong:5.1%}  {named / wrong:13.1%}"
            f"  {right:10}  {false / right:12.2%}"
        )


def timed(seed: int) -> None:
    items, sheets, _ = a_class(World(learners=1000), random.Random(seed))
    began = process_time()
    analyse(items, sheets)
    print(f"1,000 learners × 20 questions: {process_time() - began:.2f} s of CPU")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The power of the key alarm")
    parser.add_argument("--classes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    show(WORLDS, asked.classes, asked.seed)
    timed(asked.seed)
