"""How simulated learners remember: a model of memory that the scheduler knows nothing of.

The chance to recall falls with time, for one half of the learners exponentially and for the other
by a power of time. A half-life is that of one learner and one question; it grows when the question
is recalled, the more the nearer it was to being forgotten, and shrinks when it is not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from benchmarks.simulation.school import Key

_DAY = timedelta(days=1)
_SHORTEST = 1.0  # days
_AFTER_A_MISS = 4.0  # days until one in two would have forgotten, on average
_IF_IT_WAS_KNOWN = 4  # times longer
_NEARNESS = 0.4
_SATURATION = 30.0  # days of half-life from which it grows less and less
_LOSS = 0.35


@dataclass(kw_only=True)
class Trace:
    half_life: float  # days
    at: datetime  # when it was last met


class Mind:
    def __init__(self, seed: int, *, exponential: bool, growth: float) -> None:
        self._dice = Random(f"mind {seed}")
        self._exponential = exponential
        self._growth = growth
        self._talent = self._dice.lognormvariate(0, 0.25)
        self._before = self._dice.uniform(0.2, 0.6)  # what they know before being taught
        self._skills: dict[str, float] = {}
        self._traces: dict[Key, Trace] = {}

    def met(self, key: Key) -> datetime | None:
        trace = self._traces.get(key)
        return trace.at if trace else None

    def recall(self, key: Key, at: datetime) -> float:
        """The chance to know it, from 0 to 1."""
        trace = self._traces.get(key)
        if trace is None:
            return self._before
        halves = max(0.0, (at - trace.at) / _DAY) / trace.half_life
        return 2.0**-halves if self._exponential else 1 / (1 + halves)

    def practises(self, key: Key, skill: str, at: datetime, *, recalled: bool) -> None:
        """Learn from a question that was recalled, or else from its solution."""
        trace = self._traces.get(key)
        ease = self._skills.setdefault(skill, self._talent * self._dice.lognormvariate(0, 0.3))
        if trace is None:
            first = _AFTER_A_MISS * ease * self._dice.lognormvariate(0, 0.4)
            half_life = first * (_IF_IT_WAS_KNOWN if recalled else 1)
        elif recalled:
            nearness = (1 - self.recall(key, at)) ** _NEARNESS
            fading = (1 + trace.half_life / _SATURATION) ** -0.25
            half_life = trace.half_life * (1 + self._growth * ease * nearness * fading)
        else:
            half_life = trace.half_life * _LOSS
        self._traces[key] = Trace(half_life=max(_SHORTEST, half_life), at=at)
