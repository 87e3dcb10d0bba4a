"""What the bot makes of what was said: the one table from requests to flows and views."""

from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import NullTranslations
from typing import assert_never

from tutorbot.core.actions import (
    Action,
    AnswerQuiz,
    AskAnother,
    AskHint,
    AskLesson,
    AskSibling,
    AskStartOver,
    Choose,
    ChooseSetting,
    Done,
    DropUpload,
    EndPause,
    EndQuiz,
    Forget,
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
    ShowCertainty,
    ShowFreeDays,
    ShowProgress,
    ShowSettings,
    ShowSolution,
    ShowTable,
    StartOver,
    StopReminders,
    TeachingAction,
    Tick,
    TryAgain,
)
from tutorbot.core.certainty import NoMistakes, Noted
from tutorbot.core.learner import Learner
from tutorbot.core.publishing import NotAnAuthor, Published
from tutorbot.flows import certainty, formulas, leave, privacy, progress, reminders, streaks
from tutorbot.flows.practice import Practice
from tutorbot.flows.publishing import Author, Publishing
from tutorbot.store.unit import Unit
from tutorbot.telegram.certainty import goes_on, repeats
from tutorbot.telegram.desks import Desks
from tutorbot.telegram.groups import GroupTalk, SaidInGroup
from tutorbot.telegram.heirs import tell_heirs
from tutorbot.telegram.practice import show
from tutorbot.telegram.read import (
    Blocked,
    Command,
    Edited,
    Pressed,
    PressedUnknown,
    Said,
    SentFile,
    SharedPlace,
    Unblocked,
    Unfit,
    Wrote,
)
from tutorbot.telegram.settings import Choosing
from tutorbot.views import (
    certainty as certainty_view,
    groups as groups_view,
    home,
    leave as leave_view,
    privacy as privacy_view,
    progress as progress_view,
    publishing as author_view,
    reminders as reminders_view,
    settings as settings_view,
    streaks as streaks_view,
)
from tutorbot.views.reply import Utterance

Languages = Callable[[str], NullTranslations]

SaidAlone = (
    Command
    | Wrote
    | Pressed
    | PressedUnknown
    | Edited
    | Unfit
    | SharedPlace
    | SentFile
    | Blocked
    | Unblocked
)


class Conversation:
    """Answers one thing said, within the transaction that it is given."""

    def __init__(
        self,
        practice: Practice,
        publishing: Publishing,
        groups: GroupTalk,
        languages: Languages,
        desks: Desks,
    ) -> None:
        self._practice = practice
        self._groups = groups
        self._publishing = publishing
        self._languages = languages
        self._desks = desks
        self._choosing = Choosing(languages, practice.shelf)

    @property
    def commands(self) -> frozenset[str]:
        """Those of teaching."""
        return self._desks.commands

    async def __call__(
        self, unit: Unit, learner: Learner | None, said: Said
    ) -> Sequence[Utterance]:
        if isinstance(said, SaidInGroup):
            return await self._groups(unit, learner, said)
        if learner is None:
            return ()
        words = self._languages(learner.language)
        news = await streaks.greet(unit, learner, said.at)
        greeting = streaks_view.greeting(words, news, learner.timezone) if news else ()
        about, told = await certainty.awaited(unit, learner), ()
        if about is not None and repeats(said, about.attempt):
            return *greeting, *certainty_view.asked_before(words)
        if about is not None and goes_on(said):
            told = await certainty.tell(unit, learner)
        if isinstance(said, Command | Wrote | Pressed):
            heard = await self._desks.hear(unit, learner, said)
            if heard is not None:
                return *told, *greeting, *heard
        return *told, *greeting, *await self._answer(words, unit, learner, said)

    async def _answer(
        self, words: NullTranslations, unit: Unit, learner: Learner, said: SaidAlone
    ) -> Sequence[Utterance]:
        match said:
            case Command(name=name):
                return await self._command(words, unit, learner, said, name)
            case Wrote(text=text):
                outcome = await self._practice.write(unit, learner, text, said.at)
                return await show(words, unit, learner, outcome, pressed=False)
            case Pressed(action=action):
                return await self._pressed(words, unit, learner, said, action)
            case PressedUnknown():
                return home.stale(words)
            case Edited():
                return home.edited(words)
            case Unfit():
                return home.unfit(words)
            case SharedPlace(latitude=latitude, longitude=longitude):
                return settings_view.clocks_at(words, latitude, longitude, learner, said.at)
            case SentFile(file_id=file_id, name=name, size=size):
                receipt = await self._publishing.receive(
                    unit,
                    _author(learner, said),
                    file_id=file_id,
                    name=name,
                    size=size,
                    at=said.at,
                )
                if isinstance(receipt, NotAnAuthor):
                    return home.unfit(words)
                return author_view.receipt(words, receipt)
            case Blocked() | Unblocked():
                return ()
            case _:
                assert_never(said)

    async def _command(
        self, words: NullTranslations, unit: Unit, learner: Learner, said: Command, name: str
    ) -> Sequence[Utterance]:
        match name:
            case "start" | "papers":
                shelf = await self._practice.shelf(unit, learner, said.speaker.name)
                offered = await self._choosing.offer(unit, learner, said.at)
                return (*home.shelf(words, shelf), *offered)
            case "review":
                outcome = await self._practice.review(unit, learner, said.at)
                return await show(words, unit, learner, outcome, pressed=False)
            case "progress":
                found = await self._practice.progress(unit, learner, said.at)
                return progress_view.show(words, found)
            case "certainty":
                calibration = await self._practice.certainty(unit, learner, said.at)
                return certainty_view.show(words, calibration)
            case "exam":
                exam = await progress.set_exam(unit, learner, said.argument, said.at)
                return progress_view.exam(words, exam)
            case "settings":
                return settings_view.page(words, learner, said.at)
            case "privacy":
                return privacy_view.page(words)
            case "export":
                if await privacy.may_export(unit, learner):
                    return privacy_view.export(words, privacy.ARCHIVE)
                return privacy_view.export_on_its_way(words)
            case "forget":
                return privacy_view.sure_to_forget(words, said.at)
            case "streak":
                studied = await streaks.look(unit, learner, said.at)
                return streaks_view.show(words, studied, learner.timezone)
            case "tz" if said.argument:
                clocks = await leave.set_clocks(unit, learner, said.at, said.argument)
                return settings_view.clocks_named(words, learner, clocks)
            case "tz":
                return settings_view.clocks(words, learner, said.at)
            case "formulas":
                await formulas.asked(unit, learner)
                return (home.probe(words),)
            case "quiz" | "table":
                return groups_view.only_in_groups(words)
            case "help":
                return home.help_(words)
            case _:
                return home.unknown_command(words)

    async def _pressed(
        self, words: NullTranslations, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        practice, at = self._practice, said.at
        match action:
            case ListCourses():
                outcome = await practice.shelf(unit, learner, said.speaker.name)
            case OpenCourse():
                outcome = await practice.open(unit, learner, action, at)
            case AskStartOver():
                outcome = await practice.ask_start_over(unit, learner, action)
            case StartOver():
                outcome = await practice.start_over(unit, learner, action, at)
            case Choose():
                outcome = await practice.choose(unit, learner, action, at)
            case Tick():
                outcome = await practice.tick(unit, learner, action, at)
            case Done():
                outcome = await practice.done(unit, learner, action, at)
            case ReadAs():
                outcome = await practice.read_as(unit, learner, action, at)
            case AskHint():
                outcome = await practice.hint(unit, learner, action, at)
            case TryAgain():
                outcome = await practice.try_again(unit, learner, action, at)
            case ShowSolution():
                outcome = await practice.solution(unit, learner, action, at)
            case Next():
                outcome = await practice.next(unit, learner, action, at)
            case Review():
                outcome = await practice.review(unit, learner, at, action)
            case AskAnother():
                outcome = await practice.another(unit, learner, action, at)
            case AskSibling():
                outcome = await practice.show_sibling(unit, learner, action, at)
            case AskLesson():
                outcome = await practice.lesson(unit, learner, action, at)
            case ShowProgress():
                found = await practice.progress(unit, learner, at)
                return progress_view.show(words, found)
            case SayCertainty():
                about = await certainty.awaited(unit, learner)
                noted = await certainty.say(unit, learner, action, about, at)
                told = await certainty.tell(unit, learner) if isinstance(noted, Noted) else ()
                return *certainty_view.noted(words, noted), *told
            case ShowCertainty():
                calibration = await practice.certainty(unit, learner, at)
                return certainty_view.show(words, calibration)
            case MendMistakes():
                begun = await practice.mend(unit, learner, action, at)
                if isinstance(begun, NoMistakes):
                    return certainty_view.no_mistakes(words)
                outcome = begun
            case ProbeFormulas():
                await formulas.asked(unit, learner)
                return (home.probe(words),)
            case SetFormulas():
                await formulas.choose(unit, learner, action)
                return home.formulas_set(words, action)
            case ShowFreeDays() | SetRest() | SetPause() | EndPause():
                return await self._days(words, unit, learner, action, at)
            case ShowSettings() | OpenSetting() | ChooseSetting() | ListClocks() | LeaveSteps():
                return await self._choosing.pressed(unit, learner, action, at)
            case Forget():
                inherited = await privacy.forget(unit, learner, action, at)
                if inherited is None:
                    return privacy_view.asked_too_long_ago(words)
                await tell_heirs(unit, inherited, self._languages, at)
                return privacy_view.forgotten(words)
            case KeepAll():
                return privacy_view.kept(words)
            case RemindLater():
                answer = await reminders.later(unit, learner, at)
                return reminders_view.answered(words, answer)
            case RemindTomorrow():
                answer = await reminders.not_today(unit, learner, at)
                return reminders_view.answered(words, answer)
            case StopReminders():
                answer = await reminders.stop(unit, learner)
                return reminders_view.answered(words, answer)
            case (
                PostQuiz() | AnswerQuiz() | QuizDone() | EndQuiz() | ShowTable() | LeaveTable()
            ):  # of groups, and never on a button here
                return home.stale(words)
            case PreviewUpload() | PublishUpload() | DropUpload():
                return await self._publish(words, unit, _author(learner, said), action, at)
            case _:
                unanswered: TeachingAction = action  # the desks answer all of these before
                raise AssertionError(unanswered)
        return await show(words, unit, learner, outcome, pressed=True)

    async def _days(
        self,
        words: NullTranslations,
        unit: Unit,
        learner: Learner,
        action: ShowFreeDays | SetRest | SetPause | EndPause,
        at: datetime,
    ) -> Sequence[Utterance]:
        """Free days: what keeps a day from counting."""
        match action:
            case ShowFreeDays():
                return leave_view.free_days(words, await leave.free_days(unit, learner, at))
            case SetRest():
                free = await leave.set_rest(unit, learner, action, at)
            case SetPause():
                free = await leave.set_pause(unit, learner, action, at)
            case EndPause():
                free = await leave.end_pause(unit, learner, action, at)
        return leave_view.free_days_changed(words, free)

    async def _publish(
        self,
        words: NullTranslations,
        unit: Unit,
        author: Author,
        action: PreviewUpload | PublishUpload | DropUpload,
        at: datetime,
    ) -> Sequence[Utterance]:
        match action:
            case PreviewUpload():
                decision = await self._publishing.preview(unit, author, action)
            case PublishUpload():
                decision = await self._publishing.publish(unit, author, action, at)
                if isinstance(decision, Published):
                    more = await self._desks.published(unit, author, decision.course, at)
                    return *author_view.decision(words, decision), *more
            case DropUpload():
                decision = await self._publishing.drop(unit, author, action, at)
        return author_view.decision(words, decision)


def _author(learner: Learner, said: Said) -> Author:
    return Author(learner=learner, telegram_id=said.speaker.telegram_id)
