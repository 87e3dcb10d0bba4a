"""Who may do what: every button, command and typed answer, tried as every role.

The table below says what each button is for. One that is added without a line fails; so does one
that lets in more, or fewer, than its line says. What is refused changes nothing.
"""

import ast
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.flows.faculty import (
    COURSE,
    NOON,
    REMOVED,
    ROLES,
    STRANGER,
    Faculty,
    faculty,
)
from tutorbot import flows
from tutorbot.core.actions import (
    Action,
    AnswerQuiz,
    AskAnother,
    AskHint,
    AskLesson,
    AskSibling,
    AskStartOver,
    Card,
    Choose,
    ChooseSetting,
    Done,
    DropUpload,
    EndPause,
    EndQuiz,
    Forget,
    FormulaForm,
    KeepAll,
    LeaveSteps,
    LeaveTable,
    ListClocks,
    ListCourses,
    MendMistakes,
    Next,
    OpenCourse,
    OpenSetting,
    PostQuiz,
    PreviewUpload,
    ProbeFormulas,
    PublishUpload,
    QuizDone,
    ReadAs,
    RemindLater,
    RemindTomorrow,
    Review,
    SayCertainty,
    SetFormulas,
    SetPause,
    SetRest,
    Setting,
    ShowCertainty,
    ShowFreeDays,
    ShowProgress,
    ShowSettings,
    ShowSolution,
    ShowTable,
    StartOver,
    StopReminders,
    Tick,
    TryAgain,
)
from tutorbot.core.assignments import (
    BeginQuiz,
    HandIn,
    ListQuizzesSet,
    LookBack,
    OpenQuiz,
    PractiseQuiz,
)
from tutorbot.core.broadcasts import (
    Cancel,
    Extend,
    ListQuizzes,
    ListWaiting,
    Pause,
    Remind,
    Resume,
    ShowProgressOf,
    ShowQuiz,
)
from tutorbot.core.certainty import Level
from tutorbot.core.classes import (
    AddHoliday,
    AskEndClass,
    AskHandOver,
    AskLeaveClass,
    AskRemove,
    ChangeCohort,
    ChangeZone,
    ChooseCourse,
    ChooseOwner,
    ChooseStaff,
    DropHoliday,
    EndClass,
    EndLink,
    ExtendTime,
    HandOver,
    InviteBack,
    InviteCohort,
    InviteLearners,
    InviteStaff,
    LeaveClass,
    LetLinkLast,
    LimitLink,
    ListClasses,
    ListMyClasses,
    ManageClass,
    NameAfterCourse,
    OpenClass,
    RemoveMember,
    RenameClass,
    RenewLink,
    Role,
    SetRole,
    SetTime,
    ShowHolidays,
    ShowMember,
    ShowRoster,
    StartClass,
    UseMyZone,
)
from tutorbot.core.drafts import (
    Aspect,
    ChooseAspect,
    ConfirmQuiz,
    DropDraft,
    NewQuiz,
    OpenAspect,
    PreviewQuiz,
    SendQuiz,
    ShowDraft,
)
from tutorbot.core.ids import AttemptId, ChatId, QuizId, RoundId, UploadId
from tutorbot.core.keys import (
    EVERYWHERE,
    AddAnswer,
    ApplyRegrade,
    AskDoubt,
    ChoosePolicy,
    Doubt,
    DropAnswer,
    DropRegrade,
    EditKey,
    GiveReason,
    KeepKey,
    ListDoubts,
    ListUndecided,
    OpenDoubt,
    RefuseRegrade,
    Rule,
    Ruling,
    SayDoubt,
    ShowRegrade,
    TakeDoubtBack,
    TryRegrade,
    TurnOption,
    UndoRegrade,
    Why,
)
from tutorbot.core.regrading import Policy
from tutorbot.core.results import (
    ListLearnerResults,
    SendMarks,
    SendStatements,
    SetDigest,
    ShowLearnerResults,
    ShowQuestionResults,
    ShowQuizResults,
    ShowResults,
)
from tutorbot.core.rounds import BeginRound, JoinRound, ShowPlaces, StopRound
from tutorbot.core.zones import Region
from tutorbot.store import prompts
from tutorbot.store.class_tables import metadata
from tutorbot.store.unit import Unit
from tutorbot.telegram import callbacks

pytestmark = pytest.mark.postgres

OWNER = frozenset({"owner"})
TEACHING = OWNER | {"instructor"}
ASSISTING = TEACHING | {"assistant"}
WORKING = ASSISTING | {"observer"}
IN_CLASS = WORKING | {"learner"}
SITTING = frozenset({"learner"})
TRYING = ASSISTING | SITTING
EVERYBODY = frozenset(ROLES)

REFUSED = re.compile(
    "That is not for you to do in this class|Only authors, and who teaches already, can start one"
    "|This quiz is not set to you|A round is for admins|Whoever asked for this round"
)
ATTEMPT, QUIZ, UPLOAD, ROUND = AttemptId(1), QuizId(1), UploadId(1), RoundId(1)


@dataclass(frozen=True)
class Line:
    """An action as somebody might press it, and who may."""

    may: frozenset[str]
    make: Callable[[Faculty], Action]


OF_CLASSES: tuple[Line, ...] = (
    Line(EVERYBODY, lambda _: ListClasses()),
    Line(EVERYBODY, lambda _: ListMyClasses()),
    Line(ASSISTING, lambda _: ChooseCourse()),
    Line(ASSISTING, lambda _: StartClass(COURSE)),
    Line(ASSISTING, lambda _: NameAfterCourse(COURSE, int(NOON.timestamp()))),
    Line(WORKING, lambda at: OpenClass(at.class_id)),
    Line(ASSISTING, lambda at: InviteLearners(at.class_id)),
    Line(ASSISTING, lambda at: InviteCohort(at.class_id)),
    Line(ASSISTING, lambda at: RenewLink(at.link)),
    Line(ASSISTING, lambda at: LimitLink(at.link, 30)),
    Line(ASSISTING, lambda at: LetLinkLast(at.link, 7)),
    Line(ASSISTING, lambda at: EndLink(at.link)),
    Line(OWNER, lambda at: EndLink(at.staff_link)),
    Line(frozenset(), lambda at: RenewLink(at.staff_link)),
    Line(frozenset(), lambda at: LimitLink(at.staff_link, 0)),
    Line(OWNER, lambda at: ChooseStaff(at.class_id)),
    Line(OWNER, lambda at: InviteStaff(at.class_id, Role.INSTRUCTOR)),
    Line(frozenset(), lambda at: InviteStaff(at.class_id, Role.OWNER)),
    Line(WORKING, lambda at: ShowRoster(at.class_id, 0)),
    Line(ASSISTING, lambda at: ShowMember(at.class_id, at.codes["pupil"])),
    Line(ASSISTING, lambda at: SetTime(at.class_id, at.codes["pupil"], 150)),
    Line(ASSISTING, lambda at: ExtendTime(at.class_id, at.codes["pupil"])),
    Line(ASSISTING, lambda at: ChangeCohort(at.class_id, at.codes["pupil"])),
    Line(OWNER, lambda at: SetRole(at.class_id, at.codes["colleague"], Role.OBSERVER)),
    Line(OWNER, lambda at: SetRole(at.class_id, at.codes["aide"], Role.INSTRUCTOR)),
    Line(frozenset(), lambda at: SetRole(at.class_id, at.codes["owner"], Role.INSTRUCTOR)),
    Line(frozenset(), lambda at: SetRole(at.class_id, at.codes["colleague"], Role.OWNER)),
    Line(frozenset(), lambda at: SetRole(at.class_id, at.codes["aide"], Role.LEARNER)),
    Line(ASSISTING, lambda at: AskRemove(at.class_id, at.codes["pupil"])),
    Line(OWNER, lambda at: AskRemove(at.class_id, at.codes["colleague"])),
    Line(ASSISTING, lambda at: RemoveMember(at.class_id, at.codes["pupil"])),
    Line(OWNER, lambda at: RemoveMember(at.class_id, at.codes["colleague"])),
    Line(OWNER, lambda at: RemoveMember(at.class_id, at.codes["aide"])),
    Line(frozenset(), lambda at: RemoveMember(at.class_id, at.codes["owner"])),
    Line(ASSISTING, lambda at: InviteBack(at.class_id, at.codes[REMOVED])),
    Line(WORKING, lambda at: ShowHolidays(at.class_id)),
    Line(TEACHING, lambda at: AddHoliday(at.class_id)),
    Line(TEACHING, lambda at: DropHoliday(at.class_id, at.holiday)),
    Line(WORKING, lambda at: ManageClass(at.class_id)),
    Line(TEACHING, lambda at: RenameClass(at.class_id)),
    Line(TEACHING, lambda at: ChangeZone(at.class_id)),
    Line(TEACHING, lambda at: UseMyZone(at.class_id)),
    Line(OWNER, lambda at: ChooseOwner(at.class_id)),
    Line(OWNER, lambda at: AskHandOver(at.class_id, at.codes["colleague"])),
    Line(OWNER, lambda at: HandOver(at.class_id, at.codes["colleague"])),
    Line(OWNER, lambda at: AskEndClass(at.class_id)),
    Line(OWNER, lambda at: EndClass(at.class_id)),
    Line(TEACHING, lambda at: ListDoubts(at.class_id)),
    Line(TEACHING, lambda at: ListUndecided(at.class_id)),
    Line(TEACHING, lambda _: ListDoubts(EVERYWHERE)),
    Line(TEACHING, lambda at: OpenDoubt(at.key)),
    Line(TEACHING, lambda at: KeepKey(at.key)),
    Line(TEACHING, lambda at: EditKey(at.key)),
    Line(TEACHING, lambda at: ShowRegrade(at.draft)),
    Line(TEACHING, lambda at: TurnOption(at.draft_of_options, 0)),
    Line(TEACHING, lambda at: AddAnswer(at.draft)),
    Line(TEACHING, lambda at: DropAnswer(at.draft, 1)),
    Line(TEACHING, lambda at: ChoosePolicy(at.draft, Policy.STRICT)),
    Line(TEACHING, lambda at: GiveReason(at.draft, Why.WRONG)),
    Line(TEACHING, lambda at: TryRegrade(at.draft)),
    Line(TEACHING, lambda at: ApplyRegrade(at.draft)),
    Line(TEACHING, lambda at: DropRegrade(at.draft)),
    Line(frozenset(), lambda at: RefuseRegrade(at.draft)),
    Line(TEACHING, lambda at: UndoRegrade(at.applied)),
    Line(TEACHING, lambda at: Rule(at.undecided, Ruling.RIGHT)),
    Line(IN_CLASS, lambda at: AskLeaveClass(at.class_id)),
    Line(IN_CLASS, lambda at: LeaveClass(at.class_id)),
    Line(WORKING, lambda at: ShowResults(at.class_id)),
    Line(WORKING, lambda at: ListLearnerResults(at.class_id, 0)),
    Line(WORKING, lambda at: ShowLearnerResults(at.class_id, at.codes["pupil"])),
    Line(TEACHING, lambda at: SetDigest(at.class_id, on=False)),
    Line(WORKING, lambda at: ShowQuizResults(at.quiz)),
    Line(WORKING, lambda at: ShowQuestionResults(at.quiz, 0)),
    Line(WORKING, lambda at: SendMarks(at.quiz)),
    Line(WORKING, lambda at: SendStatements(at.quiz)),
    Line(ASSISTING, lambda at: NewQuiz(at.class_id)),
    Line(ASSISTING, lambda at: ShowDraft(at.unset)),
    Line(ASSISTING, lambda at: OpenAspect(at.unset, Aspect.TITLE)),
    Line(ASSISTING, lambda at: ChooseAspect(at.unset, Aspect.TRIES, "n2")),
    Line(ASSISTING, lambda at: PreviewQuiz(at.unset, 0)),
    Line(ASSISTING, lambda at: ConfirmQuiz(at.unset)),
    Line(ASSISTING, lambda at: SendQuiz(at.unset, silent=False, at_night=False)),
    Line(ASSISTING, lambda at: DropDraft(at.unset)),
    Line(WORKING, lambda at: ListQuizzes(at.class_id)),
    Line(WORKING, lambda at: ShowQuiz(at.quiz)),
    Line(WORKING, lambda at: ListWaiting(at.quiz)),
    Line(ASSISTING, lambda at: Remind(at.quiz)),
    Line(ASSISTING, lambda at: Extend(at.quiz, 24)),
    Line(ASSISTING, lambda at: ShowProgressOf(at.running)),
    Line(ASSISTING, lambda at: Pause(at.running)),
    Line(ASSISTING, lambda at: Resume(at.paused)),
    Line(ASSISTING, lambda at: Cancel(at.running)),
    Line(ASSISTING, lambda at: Cancel(at.running, sure=True)),
    Line(TRYING, lambda at: OpenQuiz(at.quiz)),
    Line(TRYING, lambda at: BeginQuiz(at.quiz)),
    Line(SITTING, lambda at: HandIn(at.quiz, sure=True)),
    Line(SITTING, lambda at: PractiseQuiz(at.quiz)),
    Line(SITTING, lambda at: LookBack(at.quiz, 0)),
)
IN_GROUPS: tuple[Line, ...] = (
    Line(EVERYBODY, lambda at: JoinRound(at.round)),
    Line(EVERYBODY, lambda at: ShowPlaces(at.round)),
    # Whoever asked for it: the owner.
    Line(OWNER, lambda at: BeginRound(at.round)),
    Line(OWNER, lambda at: StopRound(at.round)),
)
ONES_OWN: tuple[Action, ...] = (
    # About the presser and nobody else, whatever they are to a class.
    ListCourses(),
    OpenCourse(COURSE),
    AskStartOver(COURSE),
    StartOver(COURSE),
    Choose(ATTEMPT, 0),
    Tick(ATTEMPT, 0),
    Done(ATTEMPT),
    ReadAs(ATTEMPT, 0),
    AskHint(ATTEMPT),
    TryAgain(ATTEMPT),
    ShowSolution(ATTEMPT),
    Next(ATTEMPT),
    ProbeFormulas(),
    SetFormulas(FormulaForm.PICTURE),
    PreviewUpload(UPLOAD, 0),
    PublishUpload(UPLOAD),
    DropUpload(UPLOAD),
    Review(),
    AskSibling(ATTEMPT),
    AskAnother(ATTEMPT),
    AskLesson(ATTEMPT),
    ShowProgress(),
    ShowFreeDays(),
    SetRest((5, 6)),
    SetPause(3),
    EndPause(),
    ShowSettings(),
    OpenSetting(Card.PAGE, Setting.ZONE),
    ChooseSetting(Card.PAGE, Setting.GOAL, "3"),
    ListClocks(Card.PAGE, Region.EUROPE),
    LeaveSteps(),
    Forget(0),
    KeepAll(),
    RemindLater(),
    RemindTomorrow(),
    StopReminders(),
    SayCertainty(ATTEMPT, Level.CERTAIN),
    ShowCertainty(),
    MendMistakes(),
    AskDoubt(ATTEMPT),
    SayDoubt(ATTEMPT, Doubt.TYPO),
    TakeDoubtBack(ATTEMPT),
    ListQuizzesSet(),
    # Of groups, and without any meaning in a private chat.
    PostQuiz(None),
    AnswerQuiz(QUIZ, 0),
    QuizDone(QUIZ),
    EndQuiz(QUIZ),
    ShowTable(),
    LeaveTable(),
    JoinRound(ROUND),
    BeginRound(ROUND),
    StopRound(ROUND),
    ShowPlaces(ROUND),
)
TYPED: dict[str, tuple[frozenset[str], Callable[[Faculty], dict[str, object]], str]] = {
    # What was asked for before somebody lost the right to it.
    "class.title": (ASSISTING, lambda _: {"course": COURSE}, "Sums again"),
    "class.code": (EVERYBODY, lambda _: {}, "ACDE-FGHJ"),
    "class.link_cohort": (ASSISTING, lambda at: {"class": at.class_id}, "Monday"),
    "class.cohort": (
        ASSISTING,
        lambda at: {"class": at.class_id, "code": at.codes["pupil"]},
        "Monday",
    ),
    "class.holidays": (TEACHING, lambda at: {"class": at.class_id}, "2026-12-01"),
    "class.new_title": (TEACHING, lambda at: {"class": at.class_id}, "Sums"),
    "class.zone": (TEACHING, lambda at: {"class": at.class_id}, "Cairo"),
    "key.doubt": (EVERYBODY, lambda _: {"attempt": ATTEMPT}, "It is odd"),
    "key.answer": (TEACHING, lambda at: {"regrade": at.draft}, "9"),
    "key.why": (TEACHING, lambda at: {"regrade": at.draft}, "It was wrong"),
    "send.typed": (
        ASSISTING,
        lambda at: {"draft": at.unset, "aspect": Aspect.TITLE.value},
        "Quiz four",
    ),
}
COMMANDS = (
    "teach",
    "join",
    "classes",
    "keys",
    "quizzes",
    "round",
    "start",
    "papers",
    "help",
    "settings",
    "progress",
    "streak",
)


@pytest.fixture
async def school(unit: Unit, tmp_path: Path) -> Faculty:
    return await faculty(unit, tmp_path)


@asynccontextmanager
async def taken_back(unit: Unit) -> AsyncGenerator[None]:
    """Do something that is undone afterwards."""
    await unit.say("SAVEPOINT tried")
    yield
    await unit.say("ROLLBACK TO tried")


async def contents(unit: Unit) -> object:
    """All that stands in the tables of classes."""
    names = [name for name in metadata.tables if name in _OF_CLASSES]
    each = " UNION ALL ".join(
        f"SELECT '{name}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t"  # noqa: S608 - names of ours
        for name in names
    )
    return [tuple(row) for row in await unit.execute(text(each))]


_OF_CLASSES = {
    "classes",
    "class_members",
    "class_links",
    "class_holidays",
    "class_log",
    "assignments",
    "assignees",
    "broadcasts",
    "broadcast_recipients",
    "keys",
    "scores",
    "corrections",
    "question_flags",
    "regrades",
    "regrade_changes",
    "rulings",
    "rounds",
    "round_players",
    "round_questions",
}


def refused(heard: list[str]) -> bool:
    return any(REFUSED.search(each) for each in heard)


@pytest.mark.slow
async def test_every_button_does_what_the_table_says_for_every_role(school: Faculty) -> None:
    wrong: list[str] = []
    before = await contents(school.unit)
    for line in OF_CLASSES:
        action = line.make(school)
        for who in ROLES:
            async with taken_back(school.unit):
                heard = await school.presses(who, action)
                no = refused(heard)
                if no == (who in line.may):
                    wrong.append(f"{who} {'may not' if no else 'may'}: {action}")
                if who in line.may and "That was decided before." in heard:
                    wrong.append(f"{who} may, and there was nothing to do: {action}")
                if no and await contents(school.unit) != before:
                    wrong.append(f"{who} was refused, and changed something: {action}")
    assert wrong == []


@pytest.mark.slow
async def test_what_is_ones_own_is_refused_to_nobody_and_touches_no_class(school: Faculty) -> None:
    before = await contents(school.unit)
    for action in ONES_OWN:
        for who in ("owner", "learner", STRANGER, REMOVED):
            async with taken_back(school.unit):
                assert not refused(await school.presses(who, action)), (who, action)
                assert await contents(school.unit) == before, (who, action)


async def test_in_a_group_a_round_is_run_by_who_asked_for_it_and_by_admins(school: Faculty) -> None:
    wrong: list[str] = []
    before = await contents(school.unit)
    for line in IN_GROUPS:
        action = line.make(school)
        for who in ROLES:
            async with taken_back(school.unit):
                no = refused(await school.presses_in_group(who, action))
                if no == (who in line.may):
                    wrong.append(f"{who} {'may not' if no else 'may'}: {action}")
                if no and await contents(school.unit) != before:
                    wrong.append(f"{who} was refused, and changed something: {action}")
            async with taken_back(school.unit):
                if refused(await school.presses_in_group(who, action, admin=True)):
                    wrong.append(f"{who} runs the group, and may not: {action}")
    assert wrong == []


async def test_who_may_set_quizzes_to_a_class_may_begin_a_round_in_any_group(
    school: Faculty,
) -> None:
    may: set[str] = set()
    for who in ROLES:
        async with taken_back(school.unit):
            if not refused(await school.asks_in_group(who, "round", ChatId(-200))):
                may.add(who)
    assert may == ASSISTING


async def test_the_link_of_a_quiz_lets_in_as_its_button_does(school: Faculty) -> None:
    may: set[str] = set()
    for who in ROLES:
        async with taken_back(school.unit):
            if not refused(await school.types(who, f"/start quiz_{school.quiz}")):
                may.add(who)
    assert may == TRYING


async def test_no_button_is_missing_from_the_table(school: Faculty) -> None:
    made = {type(line.make(school)) for line in OF_CLASSES} | {type(each) for each in ONES_OWN}
    assert made == callbacks.CARRIED


async def test_what_was_asked_for_is_taken_from_nobody_who_may_no_longer(school: Faculty) -> None:
    wrong: list[str] = []
    before = await contents(school.unit)
    for purpose, (may, about, typed) in TYPED.items():
        for who in ROLES:
            async with taken_back(school.unit):
                await prompts.ask(school.unit, school.people[who].id, purpose, about(school), NOON)
                no = refused(await school.types(who, typed))
                if no == (who in may):
                    wrong.append(f"{who} {'may not' if no else 'may'}: {purpose}")
                if no and await contents(school.unit) != before:
                    wrong.append(f"{who} was refused, and changed something: {purpose}")
    assert wrong == []


def test_nothing_is_asked_for_that_the_table_does_not_know() -> None:
    folder = Path(flows.__path__[0])
    named = {
        each.value.value
        for path in folder.glob("*.py")
        for each in ast.parse(path.read_text("utf-8")).body
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Constant)
        and isinstance(each.value.value, str)
        and re.fullmatch(r"[a-z]+\.[a-z_]+", each.value.value)
    }
    assert named == set(TYPED)


@pytest.mark.slow
async def test_every_command_is_anybodys_and_changes_no_class(school: Faculty) -> None:
    assert school.conversation.commands <= set(COMMANDS)
    before = await contents(school.unit)
    for command in COMMANDS:
        for who in ROLES:
            async with taken_back(school.unit):
                assert not refused(await school.types(who, f"/{command}")), (who, command)
                assert await contents(school.unit) == before, (who, command)


@pytest.mark.slow
async def test_of_a_class_that_is_over_nobody_may_do_anything(school: Faculty) -> None:
    await school.presses("owner", EndClass(school.class_id))
    for line in OF_CLASSES:
        action = line.make(school)
        if line.may == EVERYBODY:
            continue
        for who in line.may:
            async with taken_back(school.unit):
                assert refused(await school.presses(who, action)), (who, action)
