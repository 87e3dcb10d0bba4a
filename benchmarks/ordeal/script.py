"""What a learner does in the ordeal, and what must come of it, both decided by the seed alone.

The rules stand here once more, in the plainest way, and share nothing with the bot: who taps the
right option is told so, a second tap on an answered question counts for nothing, and so on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from benchmarks.ordeal.paper import QUESTIONS, TITLE, Chosen, Option, Question, Typed

HELP = "How it works"
UNFIT = "I can only read text, though"
SHELF = "Pick a paper:"
UNREAD = "That cost you nothing"
ANSWERED = "This one has its answer"
RIGHT, WRONG, HINT = "✅ Right.", "❌ Not quite.", "💡 Hint 1 of 1"
END = "🏁 The end of"
REMINDER = "🌱 You have studied"
STEPS, PROBE = "First steps, 1 of", "Can you see a fraction here"


@dataclass(frozen=True, kw_only=True)
class Write:
    text: str


@dataclass(frozen=True, kw_only=True)
class Sticker:
    pass


@dataclass(frozen=True, kw_only=True)
class Press:
    """The newest button that begins so."""

    label: str


@dataclass(frozen=True, kw_only=True)
class Take:
    """The option with these words; of a question left behind, the button as it was then."""

    question: str  # what it asks
    words: str
    stale: bool = False
    by_letter: bool = False  # typed instead of tapped


Heard = list[tuple[str, ...]]
Act = Write | Sticker | Press | Take


@dataclass(frozen=True, kw_only=True)
class Answer:
    """That must stand in the table, once."""

    question: str
    chosen: tuple[str, ...] | None = None  # ids of options
    raw: str | None = None
    points: int = 0


@dataclass(frozen=True, kw_only=True)
class Burst:
    """Acts at once, one behind the other, without waiting for anything in between."""

    pause: float  # seconds before it, of the learner's
    acts: tuple[Act, ...]
    heard: tuple[tuple[str, ...], ...] = ()  # new messages in order; all these words are in each
    ticked: frozenset[str] | None = None  # options that show a tick in the end
    answers: tuple[Answer, ...] = ()
    toasts: int = 0  # buttons that only a passing word answers


@dataclass(frozen=True, kw_only=True)
class Script:
    number: int
    days: int  # of study running, up to yesterday
    bursts: tuple[Burst, ...]
    sleeps: bool = False

    @property
    def heard(self) -> tuple[tuple[str, ...], ...]:
        return tuple(words for burst in self.bursts for words in burst.heard)

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(answer for burst in self.bursts for answer in burst.answers)


def sleepers(learners: int, seed: int, first: int) -> tuple[Script, ...]:
    """Learners who do nothing, and are to be reminded once."""
    found: list[Script] = []
    for number in range(first, first + learners):
        dice = Random(f"{seed}/sleeper {number}")
        wait = Burst(pause=0, acts=(), heard=((REMINDER,),))
        found.append(Script(number=number, days=dice.randint(1, 9), bursts=(wait,), sleeps=True))
    return tuple(found)


LEAST_PAUSE = 1.2
"""Seconds; who answers within one, three times running, taps and does not study."""


def scripts(
    learners: int, seed: int, seconds: float, questions: int = len(QUESTIONS)
) -> tuple[Script, ...]:
    """Of so many learners, who answer so many questions in about so many seconds."""
    return tuple(script(number, seed, seconds, questions) for number in range(learners))


def script(number: int, seed: int, seconds: float, questions: int) -> Script:
    dice = Random(f"{seed}/learner {number}")
    days = dice.choice((0, 0, 1, 2, 6, 12))
    bursts = tuple(_bursts(dice, QUESTIONS[:questions], is_new=not days))
    shares = [dice.expovariate(1) for _ in bursts]
    spare = dice.uniform(0.75, 1) * seconds - LEAST_PAUSE * len(bursts)
    second = max(spare, 0) / sum(shares)
    timed = zip(bursts, shares, strict=True)
    return Script(
        number=number,
        days=days,
        bursts=tuple(replace(each, pause=LEAST_PAUSE + share * second) for each, share in timed),
    )


def _bursts(dice: Random, questions: Sequence[Question], *, is_new: bool) -> Iterator[Burst]:
    steps = [(STEPS,)] if is_new else []
    yield _burst(Write(text="/start"), heard=[(SHELF,), *steps])
    yield _burst(Press(label=TITLE), heard=[_asked(questions[0])])
    for place, question in enumerate(questions):
        before = questions[place - 1] if place else None
        following = QUESTIONS[place + 1] if place + 1 < len(QUESTIONS) else None
        then = [(END,)] if following is None else [_asked(following)]
        if is_new and "$" in (following.asks if following else ""):
            then = [(PROBE,), *then]  # before the first formula
        if dice.random() < _ASIDE:
            yield dice.choice(_ASIDES)
        if isinstance(before, Chosen) and dice.random() < _STALE:
            old = dice.choice(before.options)
            yield _burst(
                Take(question=before.asks, words=old.words, stale=True), toasts=1
            )  # of a question that is behind them
        match question:
            case Chosen(several=True):
                yield from _ticked(dice, question, then)
            case Chosen():
                yield from _tapped(dice, question, then)
            case Typed():
                yield from _typed(dice, question, then)


_ASIDE, _STALE = 0.12, 0.25


def _burst(
    *acts: Act,
    heard: Heard | None = None,
    ticked: frozenset[str] | None = None,
    answers: tuple[Answer, ...] = (),
    toasts: int = 0,
) -> Burst:
    said = tuple(heard or ())
    return Burst(pause=0, acts=acts, heard=said, ticked=ticked, answers=answers, toasts=toasts)


_ASIDES = (
    _burst(Write(text="/help"), heard=[(HELP,)]),
    _burst(Sticker(), heard=[(UNFIT,)]),
    _burst(Write(text="/help"), Sticker(), heard=[(HELP,), (UNFIT,)]),
)


def _asked(question: Question) -> tuple[str, ...]:
    return ("Question ", question.asks.split("$")[0].strip())


def _next(then: Heard) -> Burst:
    return _burst(Press(label="Finish" if then == [(END,)] else "Next"), heard=then)


def _tapped(dice: Random, question: Chosen, then: Heard) -> Iterator[Burst]:
    (right,), wrong = question.right, dice.choice(question.wrong)

    def take(option: Option, *, by_letter: bool = False) -> Take:
        return Take(question=question.asks, words=option.words, by_letter=by_letter)

    good, bad = _chosen(question, right), _chosen(question, wrong)
    match dice.choice(_WAYS_TO_TAP):
        case "right":
            yield _burst(take(right), heard=[(RIGHT, right.said)], answers=(good,))
        case "double":
            yield _burst(
                take(right), take(right), heard=[(RIGHT, right.said)], answers=(good,), toasts=1
            )
        case "two":
            yield _burst(
                take(wrong), take(right), heard=[(WRONG, wrong.said)], answers=(bad,), toasts=1
            )
        case "again":
            yield _burst(take(wrong), heard=[(WRONG, wrong.said)], answers=(bad,))
            yield _burst(Press(label="↩ Try again"), heard=[_asked(question)])
            yield _burst(take(right), heard=[(RIGHT, right.said)], answers=(good,))
        case "letter":
            by = take(right, by_letter=True)
            yield _burst(by, heard=[(RIGHT, right.said)], answers=(good,))
        case "hint":
            yield _burst(Press(label="💡 Hint"), heard=[(HINT, question.id)])
            yield _burst(take(right), heard=[(RIGHT, right.said)], answers=(good,))
        case "hurry":  # on to the next without a look at the verdict
            skip = Press(label="Skip")
            yield _burst(take(right), skip, heard=[(RIGHT, right.said), *then], answers=(good,))
            return
        case _:
            yield _burst(Press(label="Skip"), heard=then)
            return
    yield _next(then)


_WAYS_TO_TAP = ("right", "right", "double", "two", "again", "letter", "hint", "hurry", "skip")


def _ticked(dice: Random, question: Chosen, then: Heard) -> Iterator[Burst]:
    right = question.right

    def tick(option: Option) -> Take:
        return Take(question=question.asks, words=option.words)

    done, good = Press(label="Done"), _chosen(question, *right)
    verdict = (RIGHT, *(each.said for each in right))
    match dice.choice(_WAYS_TO_TICK):
        case "one by one":
            ticks = set[str]()
            for option in right:
                ticks.add(option.words)
                yield _burst(tick(option), ticked=frozenset(ticks))
            yield _burst(done, heard=[verdict], answers=(good,))
        case "at once":
            yield _burst(*map(tick, right), done, heard=[verdict], answers=(good,))
        case "to and fro":
            wrong = dice.choice(question.wrong)
            off = (tick(wrong), *map(tick, right), tick(wrong))
            yield _burst(*off, ticked=frozenset(each.words for each in right))
            yield _burst(done, done, heard=[verdict], answers=(good,), toasts=1)
        case "nothing":
            yield _burst(done, toasts=1)
            yield _burst(*map(tick, right), done, heard=[verdict], answers=(good,))
        case _:
            some = (right[0], dice.choice(question.wrong))
            told = tuple(each.said for each in some)
            bad = _chosen(question, *some)
            yield _burst(*map(tick, some), done, heard=[(WRONG, *told)], answers=(bad,))
    yield _next(then)


_WAYS_TO_TICK = ("one by one", "at once", "at once", "to and fro", "nothing", "wrong")


def _typed(dice: Random, question: Typed, then: Heard) -> Iterator[Burst]:
    right, read = dice.choice(question.right)
    wrong, said = dice.choice(question.wrong)
    good = Answer(question=question.id, raw=right, points=1)
    bad = Answer(question=question.id, raw=wrong)
    praise = (RIGHT, read)
    match dice.choice(_WAYS_TO_TYPE):
        case "right":
            yield _burst(Write(text=right), heard=[praise], answers=(good,))
        case "wrong":
            yield _burst(Write(text=wrong), heard=[(WRONG, said)], answers=(bad,))
            yield _burst(Write(text=right), heard=[praise], answers=(good,))
        case "both":
            both = Write(text=wrong), Write(text=right)
            yield _burst(*both, heard=[(WRONG, said), praise], answers=(bad, good))
        case "twice":
            twice = Write(text=right), Write(text=right)
            yield _burst(*twice, heard=[praise, (ANSWERED,)], answers=(good,))
        case _:
            torn = Write(text="((7"), Write(text=right)
            yield _burst(*torn, heard=[(UNREAD,), praise], answers=(good,))
    yield _next(then)


_WAYS_TO_TYPE = ("right", "right", "wrong", "both", "twice", "torn")


def _chosen(question: Chosen, *options: Option) -> Answer:
    ids = tuple(sorted(each.id for each in options))
    points = int(ids == tuple(sorted(each.id for each in question.right)))
    return Answer(question=question.id, chosen=ids, points=points)
