from dataclasses import fields

import pytest
from hypothesis import given, strategies as st

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
    Theme,
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
from tutorbot.core.ids import (
    AnswerId,
    AssignmentId,
    AttemptId,
    BroadcastId,
    ClassId,
    CourseId,
    KeyId,
    LinkId,
    QuizId,
    RegradeId,
    RoundId,
    UploadId,
)
from tutorbot.core.joining import LETTERS
from tutorbot.core.keys import (
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
from tutorbot.core.zones import CITIES, Region
from tutorbot.telegram import callbacks

ATTEMPTS = st.integers(0, 2**63 - 1).map(AttemptId)
ASSIGNMENTS = st.integers(0, 2**63 - 1).map(AssignmentId)
UPLOADS = st.integers(0, 2**63 - 1).map(UploadId)
QUIZZES = st.integers(0, 2**63 - 1).map(QuizId)
KEYS = st.integers(0, 2**63 - 1).map(KeyId)
REGRADES = st.integers(0, 2**63 - 1).map(RegradeId)
PLACES = st.integers(0, 99)
ROUNDS = st.integers(0, 2**63 - 1).map(RoundId)
COURSES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True).map(CourseId)
CLASSES = st.integers(0, 2**63 - 1).map(ClassId)
LINKS = st.integers(0, 2**63 - 1).map(LinkId)
CODES = st.text(LETTERS, min_size=1, max_size=8)
OF_A_CLASS = (
    OpenClass,
    InviteLearners,
    InviteCohort,
    ChooseStaff,
    ShowHolidays,
    AddHoliday,
    ManageClass,
    RenameClass,
    ChangeZone,
    UseMyZone,
    ChooseOwner,
    AskEndClass,
    EndClass,
    AskLeaveClass,
    LeaveClass,
)
OF_A_MEMBER = (
    ShowMember,
    ExtendTime,
    ChangeCohort,
    AskRemove,
    RemoveMember,
    InviteBack,
    AskHandOver,
    HandOver,
)

BROADCASTS = st.integers(0, 2**63 - 1).map(BroadcastId)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.just(ListCourses()),
    st.just(ProbeFormulas()),
    st.builds(OpenCourse, COURSES),
    st.builds(AskStartOver, COURSES),
    st.builds(StartOver, COURSES),
    st.builds(Choose, ATTEMPTS, PLACES),
    st.builds(Tick, ATTEMPTS, PLACES),
    st.builds(Done, ATTEMPTS),
    st.builds(ReadAs, ATTEMPTS, st.integers(0, 10**9 - 1)),
    st.builds(AskHint, ATTEMPTS),
    st.builds(TryAgain, ATTEMPTS),
    st.builds(ShowSolution, ATTEMPTS),
    st.builds(Next, ATTEMPTS),
    st.builds(Review, st.booleans()),
    st.builds(AskSibling, ATTEMPTS),
    st.builds(AskAnother, ATTEMPTS),
    st.builds(AskLesson, ATTEMPTS),
    st.just(ShowProgress()),
    st.builds(SayCertainty, ATTEMPTS, st.sampled_from(Level)),
    st.sampled_from((ShowCertainty(), MendMistakes())),
    st.just(ShowFreeDays()),
    st.builds(SetRest, st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days)))),
    st.builds(SetPause, st.integers(1, 99)),
    st.just(EndPause()),
    st.builds(PostQuiz, st.none() | COURSES),
    st.builds(AnswerQuiz, QUIZZES, PLACES),
    st.builds(QuizDone, QUIZZES),
    st.builds(EndQuiz, QUIZZES),
    st.just(ShowTable()),
    st.just(LeaveTable()),
    st.sampled_from((ShowSettings(), LeaveSteps(), KeepAll())),
    st.builds(OpenSetting, st.sampled_from(Card), st.sampled_from(Setting)),
    st.builds(
        ChooseSetting,
        st.sampled_from(Card),
        st.sampled_from(Setting),
        st.sampled_from([city.timezone for city in CITIES])
        | st.from_regex(r"[a-z0-9.-]{1,40}", fullmatch=True),
    ),
    st.builds(ListClocks, st.sampled_from(Card), st.sampled_from(Region)),
    st.builds(Forget, st.integers(0, 10**12)),
    st.builds(PreviewUpload, UPLOADS, PLACES),
    st.builds(PublishUpload, UPLOADS) | st.builds(DropUpload, UPLOADS),
    st.sampled_from((RemindLater(), RemindTomorrow(), StopReminders())),
    st.builds(SetFormulas, st.sampled_from(FormulaForm), st.sampled_from(Theme)),
    st.just(ListQuizzesSet()) | st.builds(OpenQuiz, ASSIGNMENTS),
    st.builds(BeginQuiz, ASSIGNMENTS) | st.builds(PractiseQuiz, ASSIGNMENTS),
    st.builds(HandIn, ASSIGNMENTS, st.booleans()),
    st.builds(LookBack, ASSIGNMENTS, PLACES),
    st.builds(ShowResults, CLASSES)
    | st.builds(ListLearnerResults, CLASSES, st.integers(0, 9999))
    | st.builds(ShowLearnerResults, CLASSES, st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True))
    | st.builds(SetDigest, CLASSES, st.booleans()),
    st.builds(ShowQuizResults, ASSIGNMENTS)
    | st.builds(ShowQuestionResults, ASSIGNMENTS, PLACES)
    | st.builds(SendMarks, ASSIGNMENTS)
    | st.builds(SendStatements, ASSIGNMENTS),
    st.one_of(*(st.builds(each, BROADCASTS) for each in (Pause, Resume, ShowProgressOf))),
    st.builds(Cancel, BROADCASTS, st.booleans()) | st.builds(ListQuizzes, CLASSES),
    st.builds(ShowQuiz, ASSIGNMENTS, st.booleans()),
    st.one_of(*(st.builds(each, ASSIGNMENTS) for each in (ListWaiting, Remind))),
    st.builds(NewQuiz, CLASSES) | st.builds(ShowDraft, ASSIGNMENTS),
    st.builds(DropDraft, ASSIGNMENTS) | st.builds(PreviewQuiz, ASSIGNMENTS, PLACES),
    st.builds(OpenAspect, ASSIGNMENTS, st.sampled_from(Aspect)),
    st.builds(
        ChooseAspect,
        ASSIGNMENTS.filter(lambda each: each < 10**15),
        st.sampled_from(Aspect),
        st.from_regex(r"[a-z0-9*.-]{1,40}", fullmatch=True),
    ),
    st.builds(ConfirmQuiz, ASSIGNMENTS, st.booleans(), st.booleans()),
    st.builds(SendQuiz, ASSIGNMENTS, st.booleans(), st.booleans()),
    st.builds(Extend, ASSIGNMENTS, st.integers(0, 999)),
    st.builds(AskDoubt, ATTEMPTS) | st.builds(TakeDoubtBack, ATTEMPTS),
    st.builds(SayDoubt, ATTEMPTS, st.sampled_from(Doubt)),
    st.builds(ListDoubts, CLASSES) | st.builds(ListUndecided, CLASSES),
    *(st.builds(each, KEYS) for each in (OpenDoubt, KeepKey, EditKey)),
    *(
        st.builds(each, REGRADES)
        for each in (ShowRegrade, AddAnswer, TryRegrade, ApplyRegrade, DropRegrade, UndoRegrade)
    ),
    st.builds(TurnOption, REGRADES, PLACES) | st.builds(DropAnswer, REGRADES, PLACES),
    st.builds(ChoosePolicy, REGRADES, st.sampled_from(Policy)),
    st.builds(GiveReason, REGRADES, st.sampled_from(Why)),
    st.builds(Rule, st.integers(0, 2**63 - 1).map(AnswerId), st.sampled_from(Ruling)),
    st.sampled_from((ListClasses(), ListMyClasses(), ChooseCourse())),
    st.builds(StartClass, COURSES) | st.builds(NameAfterCourse, COURSES, st.integers(0, 10**11)),
    st.one_of(*(st.builds(each, CLASSES) for each in OF_A_CLASS)),
    st.one_of(*(st.builds(each, CLASSES, CODES) for each in OF_A_MEMBER)),
    st.builds(RenewLink, LINKS) | st.builds(EndLink, LINKS),
    st.builds(LimitLink, LINKS, st.integers(0, 10_000)),
    st.builds(LetLinkLast, LINKS, st.integers(0, 365)),
    st.builds(InviteStaff, CLASSES, st.sampled_from(Role)),
    st.builds(ShowRoster, CLASSES, st.integers(0, 9_999)),
    st.builds(SetRole, CLASSES, CODES, st.sampled_from(Role)),
    st.builds(SetTime, CLASSES, CODES, st.integers(100, 200)),
    st.builds(DropHoliday, CLASSES, st.dates()),
    st.builds(JoinRound, ROUNDS) | st.builds(BeginRound, ROUNDS),
    st.builds(StopRound, ROUNDS) | st.builds(ShowPlaces, ROUNDS),
)


@given(ACTIONS)
def test_a_button_brings_back_what_it_was_made_for(action: Action):
    data = callbacks.encode(action)
    assert callbacks.decode(data) == action
    assert data.isascii()
    assert len(data) <= callbacks.LONGEST


def test_every_action_has_a_button():
    assert set(Action.__args__) == callbacks.CARRIED


@given(st.text(max_size=70) | st.from_regex(r"1[a-zA-Z][a-z0-9.]{0,22}", fullmatch=True))
def test_foreign_data_is_refused_and_never_breaks_the_bot(data: str):
    action = callbacks.decode(data)
    assert action is None or callbacks.encode(action) == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "1?1",
        "2c1.0",  # a version to come
        "1c1",  # no place
        "1c-1.0",
        "1c+1.0",
        "1c01.0",
        "1c1.0 ",
        "1c1.0\n",
        "1c\u0661.0",  # an Arabic-Indic one
        "1d" + "9" * 30,
        f"1d{2**63}",  # an id that the database has no room for
        f"1c{2**63}.0",
        "1n" + "9" * 19,
        "1fnative.purple",
        "1l1",
        "answer:right",
    ],
)
def test_stale_or_foreign_data_means_nothing(data: str):
    assert callbacks.decode(data) is None


@pytest.mark.parametrize("course", ["c" * 63, "fünf", "two words", ""])
def test_what_a_button_cannot_carry_is_refused_when_it_is_made(course: str):
    with pytest.raises(callbacks.UnfitActionError):
        callbacks.encode(OpenCourse(CourseId(course)))


def test_no_action_says_whether_an_answer_is_right():
    names = {field.name for action in Action.__args__ for field in fields(action)}
    told = {"course", "attempt", "shown", "reading", "form", "theme", "upload", "place"}
    of_days = {"weekdays", "days"}
    of_settings = {"card", "setting", "value", "region"}
    of_certainty = {"level"}  # how sure the learner is, whatever the answer
    of_classes = {"class_id", "link", "most", "page", "code", "percent", "role", "day"}
    of_quizzes = {"assignment", "sure", "on"}
    of_broadcasts = {"broadcast", "hours", "anew", "aspect", "silent", "at_night"}
    # What learners think of a key, and what its keepers do to it.
    of_keys = {"doubt", "key", "regrade", "option", "answer", "policy", "why", "ruling"}
    of_others = {"asked_at", "new", "quiz", "round"}
    of_people = of_days | of_settings | of_certainty | of_classes
    assert names == told | of_people | of_quizzes | of_broadcasts | of_keys | of_others
