"""What becomes of answers when the key of their question is mended.

Points may be kinder than the new key; what the bot takes a learner to know follows the key alone.
Facts never change, and nothing here looks at a clock or a database.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import cast

from tutorbot.core.course import (
    Choice,
    Course,
    Expression,
    Form,
    Mark,
    Option,
    Partial,
    Question,
    Typed,
    Values,
)
from tutorbot.core.grading import grade_choice, key_of, points
from tutorbot.core.ids import (
    AnswerId,
    AttemptId,
    CourseVersionId,
    KeyId,
    LearnerId,
    OptionId,
    QuestionId,
    SittingId,
)

PASS = Fraction(1, 2)
"""The share of the points from which on a paper or a quiz is passed."""

RIGHT, WRONG, FORM, UNDECIDED = "right", "wrong", "form", "undecided"
"""The codes of verdicts, as they are kept with answers."""


class Policy(Enum):
    """What happens to answers that were given before the key was mended."""

    RAISE_ONLY = "raise-only"  # nobody loses
    ACCEPT_BOTH = "accept-both"  # what the old key accepts stays right, from now on too
    STRICT = "strict"  # the new key alone
    ALL_FULL = "all-full"  # all points for everyone
    DROP = "drop"  # the question counts for nobody, from now on too


@dataclass(frozen=True, kw_only=True, slots=True)
class Grade:
    """What an answer is worth under one version of the key."""

    points: Fraction | None  # None: no score, as it is undecided
    out_of: Fraction | None
    code: str

    @property
    def share(self) -> Fraction:
        return self.points / self.out_of if self.points and self.out_of else Fraction(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """An answer as a fact, and how it stands now."""

    id: AnswerId
    learner: LearnerId
    attempt: AttemptId
    sitting: SittingId
    version: CourseVersionId
    values: Values
    chosen: tuple[OptionId, ...] | None
    raw: str | None  # what the judge was given: as typed, or as its learner said it was meant
    hints: int
    try_number: int
    at: datetime
    now: Grade
    key: KeyId | None = None  # under which that score stands
    ruled: bool | None = None  # what somebody decided of it, where the judge could not


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """An answer whose score or verdict is another."""

    given: Given
    new: Grade


@dataclass(frozen=True, slots=True)
class Judged:
    """How an answer stands to a key: the code of the verdict, and its share of the points."""

    code: str
    share: Fraction


def keyed(question: Question, content: Mapping[str, object]) -> Question:
    """The question with another key, as `core.grading.key_of` wrote it down.

    What the key says of options or lines that the question does not have, is passed over; lines
    that it adds have nothing to say to whoever types them.
    """
    worth = Fraction(str(content.get("points", 1)))
    body = question.body
    if isinstance(body, Choice):
        right, unscored = _names(content, "right"), _names(content, "unscored")

        def marked(option: Option) -> Option:
            mark = Mark.RIGHT if option.id in right else Mark.WRONG
            return replace(option, mark=Mark.UNSCORED if option.id in unscored else mark)

        partial = Partial(str(content.get("partial", Partial.ALL_OR_NOTHING.value)))
        options = tuple(map(marked, body.options))
        return replace(question, points=worth, body=replace(body, options=options, partial=partial))
    known = {line.text: line for line in (*body.mistaken, *body.accepted)}

    def lines(name: str) -> tuple[Expression, ...]:
        return tuple(known.get(each) or Expression(text=each) for each in _names(content, name))

    tolerance, figures = content.get("tolerance"), content.get("figures")
    form, unit = content.get("form"), content.get("unit")
    typed = replace(
        body,
        accepted=lines("accepted"),
        mistaken=lines("mistaken"),
        form=None if form is None else Form(str(form)),
        tolerance=None if tolerance is None else Fraction(str(tolerance)),
        significant=None if figures is None else int(str(figures)),
        unit=None if unit is None else str(unit),
    )
    return replace(question, points=worth, body=typed)


def rekeyed(course: Course, contents: Mapping[QuestionId, Mapping[str, object]]) -> Course:
    """The course with the newest keys of some of its questions, in each of its languages."""
    return replace(
        course,
        questions=tuple(
            keyed(each, contents[each.id]) if each.id in contents else each for each in course
        ),
        translations=tuple(rekeyed(each, contents) for each in course.translations),
    )


def fits(question: Question, content: Mapping[str, object]) -> bool:
    """Whether a key can be that of a question: of the same kind, and of options that it has."""
    body = question.body
    if isinstance(body, Typed):
        return content.get("kind") == body.kind.value and bool(_names(content, "accepted"))
    options = {option.id for option in body.options}
    right = _names(content, "right")
    return content.get("kind") == "choice" and bool(right) and options.issuperset(right)


def held(content: Mapping[str, object], before: Question, policy: Policy) -> dict[str, object]:
    """The key that holds from now on, if ``content`` takes the place of that of ``before``."""
    old = key_of(before)
    new = dict(content)
    match policy:
        case Policy.DROP:
            return old | {"points": "0"}
        case Policy.ACCEPT_BOTH if isinstance(before.body, Choice):
            return new | _both(before.body, old, new)
        case Policy.ACCEPT_BOTH:
            accepted = [*_names(new, "accepted")]
            accepted += [each for each in _names(old, "accepted") if each not in accepted]
            mistaken = [each for each in _names(new, "mistaken") if each not in accepted]
            return new | {"accepted": accepted, "mistaken": mistaken}
        case _:
            return new


def _both(
    choice: Choice, old: Mapping[str, object], new: Mapping[str, object]
) -> dict[str, object]:
    """One right option: either. Several: those on which the keys differ no longer count."""
    was, now = _names(old, "right"), _names(new, "right")
    if not choice.several:
        right = [each.id for each in choice.options if each.id in {*was, *now}]
        unscored = [each for each in _names(new, "unscored") if each not in right]
        return {"right": right, "unscored": unscored}
    open_ = {*_names(old, "unscored"), *_names(new, "unscored")} | ({*was} ^ {*now})
    order = [each.id for each in choice.options]
    right = [each for each in order if each in {*was, *now} and each not in open_]
    if not right:  # a key without any right option would take the empty hand for right
        right = [each for each in order if each in now]
        open_ -= {*right}
    return {"right": right, "unscored": [each for each in order if each in open_]}


def judged_choice(question: Question, chosen: Sequence[OptionId]) -> Judged:
    assert isinstance(question.body, Choice)
    grade = grade_choice(question.body, frozenset(chosen))
    return Judged(RIGHT if grade.right else WRONG, grade.share)


def judged_typed(code: str) -> Judged:
    return Judged(code, Fraction(code == RIGHT))


def regrade(given: Given, judged: Judged, question: Question, policy: Policy) -> Grade:
    """What an answer is worth now.

    Args:
        given: the answer
        judged: how it stands to the key that holds from now on
        question: with that key
        policy: for answers from before it; those given after it are graded `Policy.STRICT`
    """
    out_of = question.points
    if given.ruled is not None and judged.code == UNDECIDED:
        judged = judged_typed(RIGHT if given.ruled else WRONG)
    code = given.now.code if judged.code == UNDECIDED else judged.code
    opened = question.hints[: given.hints]
    strict = Grade(
        points=points(share=judged.share, hints=opened, out_of=out_of), out_of=out_of, code=code
    )
    match policy:
        case Policy.DROP:
            return Grade(points=Fraction(0), out_of=Fraction(0), code=given.now.code)
        case Policy.ALL_FULL:
            return Grade(points=out_of, out_of=out_of, code=code)
        case _ if judged.code == UNDECIDED:
            return given.now
        case Policy.STRICT:
            return strict
        case Policy.RAISE_ONLY | Policy.ACCEPT_BOTH:
            if given.now.points is None:  # nobody is marked wrong who was not before
                return strict if strict.points or given.ruled is not None else given.now
            if given.now.out_of == 0:
                return strict
            if strict.share >= given.now.share:
                return strict
            return replace(given.now, code=code)


def changes(
    answers: Iterable[Given],
    questions: Mapping[CourseVersionId, Question],
    judged: Callable[[Given], Judged | None],
    policy: Policy,
    since: datetime | None = None,
) -> list[Changed]:
    """The answers whose score or verdict another key changes.

    Args:
        answers: of the question, under any version of the course
        questions: the question of each version, with the key that holds from now on; what answered
            a version that is not among them stays as it is
        judged: how an answer stands to that key; None: it cannot be said yet
        policy: for answers given until ``since``
        since: when the key came to hold; None: it does not yet
    """
    found: list[Changed] = []
    known: dict[object, Grade] = {}  # of very many answers, most are alike
    for given in answers:
        question, verdict = questions.get(given.version), judged(given)
        if question is None or verdict is None:
            continue
        before = since is None or given.at <= since
        alike = (given.version, verdict, given.hints, given.ruled, given.now, before)
        new = known.get(alike)
        if new is None:
            new = regrade(given, verdict, question, policy if before else Policy.STRICT)
            known[alike] = new
        if new != given.now:
            found.append(Changed(given=given, new=new))
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """How the score of a learner for the question changes, in the paper where they last had it."""

    learner: LearnerId
    attempt: AttemptId
    sitting: SittingId
    old: Fraction | None  # points; None: there was no score
    new: Fraction | None
    old_out_of: Fraction
    out_of: Fraction
    times: int = 1  # in so many papers

    @property
    def way(self) -> int:
        """1: up, -1: down, 0: it counts otherwise, and no more or less."""
        was = self.old / self.old_out_of if self.old and self.old_out_of else Fraction(0)
        now = self.new / self.out_of if self.new and self.out_of else Fraction(0)
        if not self.out_of and self.old_out_of:  # it counts no more: who had points loses them
            return -1 if was else 0
        return (now > was) - (now < was)


def marks(answers: Sequence[Given], changed: Iterable[Changed]) -> dict[LearnerId, Marked]:
    """By learner, how the best score of an attempt changes; of several attempts, the newest.

    Where the best stays as it is and the first try does not, that is what is told.
    """
    new = {each.given.id: each.new for each in changed}
    if not new:
        return {}
    touched = {given.attempt for given in answers if given.id in new}
    tries: dict[AttemptId, list[Given]] = {}
    for given in answers:
        if given.attempt in touched:
            tries.setdefault(given.attempt, []).append(given)
    found: dict[LearnerId, Marked] = {}
    for _, these in sorted(tries.items()):
        these.sort(key=_try_number)
        was = [given.now for given in these]
        now = [new.get(given.id, given.now) for given in these]
        pair = _differing(_best(was), _best(now)) or _differing(was[0], now[0])
        if pair is None:
            continue
        old, later = pair
        first = these[0]
        before = found.get(first.learner)
        found[first.learner] = Marked(
            learner=first.learner,
            attempt=first.attempt,
            sitting=first.sitting,
            old=old.points,
            new=later.points,
            old_out_of=old.out_of or Fraction(0),
            out_of=later.out_of or Fraction(0),
            times=1 + (before.times if before else 0),
        )
    return found


def _try_number(given: Given) -> int:
    return given.try_number


def _best(grades: Sequence[Grade]) -> Grade:
    if len(grades) == 1:
        return grades[0]
    return max(grades, key=lambda grade: (grade.points is not None, grade.points or 0))


def _differing(old: Grade, new: Grade) -> tuple[Grade, Grade] | None:
    same = old.points == new.points and old.out_of == new.out_of
    return None if same else (old, new)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a sitting comes to before a regrade, over the questions that have a score."""

    points: Fraction
    out_of: Fraction


def crossing(before: Standing, marked: Marked) -> int:
    """Whether a finished paper is passed by a regrade (1), failed by it (-1), or neither (0)."""
    points_after = before.points + (marked.new or 0) - (marked.old or 0)
    out_of = before.out_of + marked.out_of - marked.old_out_of
    return _passed(points_after, out_of) - _passed(before.points, before.out_of)


def _passed(scored: Fraction, out_of: Fraction) -> bool:
    return scored >= PASS * out_of


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many learners go up and down, and how many stay as they are."""

    up: int = 0
    down: int = 0
    unchanged: int = 0

    def with_one(self, way: int) -> "Counts":
        return Counts(
            up=self.up + (way > 0),
            down=self.down + (way < 0),
            unchanged=self.unchanged + (way == 0),
        )


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What a regrade would do, or did."""

    counts: Counts  # of learners
    answers: int  # that there are
    changed: int  # of these
    undecided: int = 0  # that the judge cannot tell under the new key either
    passed: int = 0  # pass lines crossed upwards
    failed: int = 0
    losers: tuple[str, ...] = ()  # by name or code, ten at most
    classes: tuple[tuple[str, Counts], ...] = ()
    quizzes: tuple[tuple[str, Counts], ...] = ()
    elsewhere: int = 0  # learners who are in no class of whoever asks
    unjudged: int = field(default=0)  # answers that are still with the judge


def _names(content: Mapping[str, object], name: str) -> tuple[str, ...]:
    listed = content.get(name)
    if not isinstance(listed, list | tuple):
        return ()
    return tuple(map(str, cast("Sequence[object]", listed)))
