"""The desk of classes: beginning and joining them, their people, links, holidays and owners."""

from collections.abc import Callable, Sequence
from gettext import NullTranslations
from typing import assert_never, cast

from tutorbot.core.actions import Action
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
    ClassAction,
    ClassEnded,
    Classes,
    ClassLeft,
    ClassPage,
    ClassStarted,
    DropHoliday,
    EndClass,
    EndLink,
    ExtendTime,
    HandedOver,
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
    MyClasses,
    NameAfterCourse,
    NotAllowed,
    NotATeacher,
    OpenClass,
    RemoveMember,
    RenameClass,
    RenewLink,
    SetRole,
    SetTime,
    ShowHolidays,
    ShowMember,
    ShowRoster,
    StartClass,
    SureToEnd,
    SureToHandOver,
    SureToLeave,
    UseMyZone,
    WhichCourse,
    WhichNewTitle,
    WhichOwner,
    WhichTitle,
    WhichZone,
)
from tutorbot.core.holidays import Holidays, WhichDays
from tutorbot.core.joining import (
    AlreadyIn,
    ClassOver,
    Joined,
    JoinOutcome,
    LinkEnded,
    LinkFull,
    LinkShown,
    LinkSwitchedOff,
    NoSuchLink,
    StaysLearner,
    TooManyCodes,
    WasRemoved,
    WhichCode,
    WhichCohort,
    WhichRole,
)
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words as plain
from tutorbot.core.roster import Card, NotThere, Removed, Roster, SureToRemove
from tutorbot.flows import classes, holidays, joining, owning, roster
from tutorbot.flows.classes import Beginning, Teacher
from tutorbot.flows.joining import Joining
from tutorbot.flows.notices import Notices
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.heirs import tell_heirs
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views import (
    classes as view,
    holidays as holidays_view,
    joining as joining_view,
    links as links_view,
    owning as owning_view,
    roster as roster_view,
)
from tutorbot.views.reply import Reply, Say, Toast, Utterance

Outcome = (
    Classes
    | ClassPage
    | ClassStarted
    | WhichCourse
    | WhichTitle
    | NotATeacher
    | NotAllowed
    | JoinOutcome
    | LinkShown
    | LinkSwitchedOff
    | WhichRole
    | WhichCohort
    | Roster
    | Card
    | SureToRemove
    | Removed
    | NotThere
    | Holidays
    | WhichDays
    | WhichNewTitle
    | WhichZone
    | WhichOwner
    | SureToHandOver
    | HandedOver
    | SureToEnd
    | ClassEnded
    | MyClasses
    | SureToLeave
    | ClassLeft
)


class ClassDesk:
    """``me`` is the bot's user name, which stands in the links by which people join."""

    name = "class"
    actions = frozenset[type[Action]](ClassAction.__args__)
    commands = frozenset({"teach", "join", "classes"})

    def __init__(
        self,
        languages: Callable[[str], NullTranslations],
        beginning: Beginning,
        joining: Joining,
        me: Callable[[], str],
    ) -> None:
        self._languages = languages
        self._beginning = beginning
        self._joining = joining
        self._me = me
        self._notices = Notices(languages)

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        asked = cast("ClassAction", action)
        outcome = await self._decided(unit, learner, said, asked)
        if isinstance(outcome, HandedOver | ClassLeft) and outcome.inherited:
            await tell_heirs(unit, (outcome.inherited,), self._languages, said.at)
        if isinstance(outcome, ClassPage) and isinstance(asked, ManageClass):
            return owning_view.manage(words, outcome)
        if isinstance(outcome, LinkShown):
            changed = isinstance(asked, RenewLink | LimitLink | LetLinkLast)
            return links_view.link(words, outcome, self._me(), changed=changed)
        if isinstance(outcome, WhichCohort) and isinstance(asked, ChangeCohort):
            return roster_view.which_cohort(words, outcome)
        return self._shown(words, outcome, pressed=True)

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        match said.name:
            case "teach":
                outcome = await self._beginning.taught(unit, _teacher(learner, said))
            case "classes":
                outcome = await owning.mine(unit, learner)
            case _:
                outcome = await self._joining.join(unit, learner, said.argument, said.at)
        return self._shown(words, outcome, pressed=False)

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        words, typed, at = self._languages(learner.language), said.text, said.at
        match prompt.purpose:
            case classes.TITLE:
                teacher = _teacher(learner, said)
                outcome = await self._beginning.name(unit, teacher, prompt, typed, at)
            case joining.CODE:
                outcome = await self._joining.answer(unit, learner, typed, at)
            case joining.COHORT:
                outcome = await self._joining.invite_cohort(unit, learner, prompt, typed, at)
            case roster.COHORT:
                outcome = await roster.set_cohort(unit, learner, prompt, typed, at)
                if isinstance(outcome, WhichCohort):
                    return roster_view.which_cohort(words, outcome)
            case holidays.DAYS:
                outcome = await holidays.add(unit, learner, prompt, typed, at)
            case owning.TITLE:
                outcome = await owning.rename(unit, learner, prompt, typed, at)
            case _:
                assert prompt.purpose == owning.ZONE, prompt.purpose
                outcome = await owning.set_zone(unit, learner, prompt, typed, at)
        return _as_messages(self._shown(words, outcome, pressed=False))

    async def _decided(
        self, unit: Unit, learner: Learner, said: Pressed, asked: ClassAction
    ) -> Outcome:
        at, teacher = said.at, _teacher(learner, said)
        match asked:
            case ListClasses():
                return await self._beginning.taught(unit, teacher)
            case OpenClass():
                return await classes.page(unit, learner, asked, at)
            case ChooseCourse():
                return await self._beginning.choose(unit, teacher, asked)
            case StartClass():
                return await self._beginning.ask_title(unit, teacher, asked, at)
            case NameAfterCourse():
                return await self._beginning.name_after_course(unit, teacher, asked, at)
            case (
                InviteLearners()
                | RenewLink()
                | LimitLink()
                | LetLinkLast()
                | EndLink()
                | InviteCohort()
                | ChooseStaff()
                | InviteStaff()
            ):
                return await self._about_links(unit, learner, said, asked)
            case (
                ShowRoster()
                | ShowMember()
                | SetTime()
                | ExtendTime()
                | ChangeCohort()
                | SetRole()
                | AskRemove()
                | RemoveMember()
                | InviteBack()
            ):
                return await self._about_people(unit, learner, said, asked)
            case ShowHolidays():
                return await holidays.show(unit, learner, asked, at)
            case AddHoliday():
                return await holidays.ask(unit, learner, asked, at)
            case DropHoliday():
                return await holidays.drop(unit, learner, asked, at)
            case _:
                return await self._about_owning(unit, learner, said, asked)

    async def _about_links(
        self,
        unit: Unit,
        learner: Learner,
        said: Pressed,
        asked: InviteLearners
        | RenewLink
        | LimitLink
        | LetLinkLast
        | EndLink
        | InviteCohort
        | ChooseStaff
        | InviteStaff,
    ) -> Outcome:
        at = said.at
        match asked:
            case InviteLearners():
                return await self._joining.invite(unit, learner, asked, at)
            case RenewLink():
                return await self._joining.renew(unit, learner, asked, at)
            case LimitLink():
                return await self._joining.limit(unit, learner, asked, at)
            case LetLinkLast():
                return await self._joining.let_last(unit, learner, asked, at)
            case EndLink():
                return await self._joining.switch_off(unit, learner, asked, at)
            case InviteCohort():
                return await self._joining.ask_cohort(unit, learner, asked, at)
            case ChooseStaff():
                return await self._joining.choose_staff(unit, learner, asked)
            case InviteStaff():
                return await self._joining.invite_staff(unit, learner, asked, at)

    async def _about_people(
        self,
        unit: Unit,
        learner: Learner,
        said: Pressed,
        asked: ShowRoster
        | ShowMember
        | SetTime
        | ExtendTime
        | ChangeCohort
        | SetRole
        | AskRemove
        | RemoveMember
        | InviteBack,
    ) -> Outcome:
        at = said.at
        match asked:
            case ShowRoster():
                return await roster.show(unit, learner, asked, at)
            case ShowMember():
                return await roster.card(unit, learner, asked, at)
            case SetTime():
                return await roster.set_time(unit, learner, asked, at, self._notices)
            case ExtendTime():
                return await roster.extend(unit, learner, asked, at, self._notices)
            case ChangeCohort():
                return await roster.ask_cohort(unit, learner, asked, at)
            case SetRole():
                return await roster.set_role(unit, learner, asked, at)
            case AskRemove():
                return await roster.ask_remove(unit, learner, asked)
            case RemoveMember():
                return await roster.remove(unit, learner, asked, at, self._notices)
            case InviteBack():
                return await roster.invite_back(
                    unit, learner, asked, at, self._joining, self._notices
                )

    async def _about_owning(
        self,
        unit: Unit,
        learner: Learner,
        said: Pressed,
        asked: ManageClass
        | RenameClass
        | ChangeZone
        | UseMyZone
        | ChooseOwner
        | AskHandOver
        | HandOver
        | AskEndClass
        | EndClass
        | ListMyClasses
        | AskLeaveClass
        | LeaveClass,
    ) -> Outcome:
        at = said.at
        match asked:
            case ManageClass():
                return await owning.manage(unit, learner, asked, at)
            case RenameClass():
                return await owning.ask_title(unit, learner, asked, at)
            case ChangeZone():
                return await owning.ask_zone(unit, learner, asked, at)
            case UseMyZone():
                return await owning.use_my_zone(unit, learner, asked, at)
            case ChooseOwner():
                return await owning.choose_owner(unit, learner, asked)
            case AskHandOver():
                return await owning.ask_hand_over(unit, learner, asked)
            case HandOver():
                return await owning.hand_over(unit, learner, asked, at)
            case AskEndClass():
                return await owning.ask_end(unit, learner, asked)
            case EndClass():
                return await owning.end(unit, learner, asked, at)
            case ListMyClasses():
                return await owning.mine(unit, learner)
            case AskLeaveClass():
                return await owning.ask_leave(unit, learner, asked)
            case LeaveClass():
                return await owning.leave(unit, learner, asked, at)

    def _shown(
        self, words: NullTranslations, outcome: Outcome, *, pressed: bool
    ) -> Sequence[Utterance]:
        match outcome:
            case Classes():
                return view.taught(words, outcome, pressed=pressed)
            case ClassPage():
                return view.one(words, outcome, pressed=pressed)
            case ClassStarted():
                return view.started(words, outcome)
            case WhichCourse():
                return view.which_course(words, outcome)
            case WhichTitle():
                return view.which_title(words, outcome)
            case NotATeacher():
                return view.not_a_teacher(words)
            case NotAllowed():
                return view.not_allowed(words)
            case (
                Joined()
                | AlreadyIn()
                | StaysLearner()
                | NoSuchLink()
                | ClassOver()
                | LinkEnded()
                | LinkFull()
                | WasRemoved()
                | WhichCode()
                | TooManyCodes()
            ):
                return joining_view.joined(words, outcome)
            case LinkShown():
                return links_view.link(words, outcome, self._me())
            case LinkSwitchedOff():
                return links_view.switched_off(words, outcome)
            case WhichRole():
                return links_view.which_role(words, outcome)
            case WhichCohort():
                return links_view.which_cohort(words, outcome)
            case Roster():
                return roster_view.roster(words, outcome)
            case Card():
                return roster_view.card(words, outcome, pressed=pressed)
            case SureToRemove():
                return roster_view.sure_to_remove(words, outcome)
            case Removed():
                return roster_view.removed(words, outcome)
            case NotThere():
                return roster_view.not_there(words)
            case Holidays():
                return holidays_view.holidays(words, outcome, pressed=pressed)
            case WhichDays():
                return holidays_view.which_days(words, outcome)
            case WhichNewTitle():
                return owning_view.which_title(words, outcome)
            case WhichZone():
                return owning_view.which_zone(words, outcome)
            case WhichOwner():
                return owning_view.which_owner(words, outcome)
            case SureToHandOver():
                return owning_view.sure_to_hand_over(words, outcome)
            case HandedOver():
                return owning_view.handed_over(words, outcome)
            case SureToEnd():
                return owning_view.sure_to_end(words, outcome)
            case ClassEnded():
                return owning_view.ended(words, outcome)
            case MyClasses():
                return owning_view.mine(words, outcome, pressed=pressed)
            case SureToLeave():
                return owning_view.sure_to_leave(words, outcome)
            case ClassLeft():
                return owning_view.left(words, outcome)
            case _:
                assert_never(outcome)


def _teacher(learner: Learner, said: Command | Wrote | Pressed) -> Teacher:
    return Teacher(learner=learner, telegram_id=said.speaker.telegram_id)


def _as_messages(utterances: Sequence[Utterance]) -> Sequence[Utterance]:
    """What answers something typed: a passing word has no button to pass over."""
    toasts = [each for each in utterances if isinstance(each, Toast)]
    others = [each for each in utterances if not isinstance(each, Toast)]
    return others or [Say(reply=Reply(prose=(plain(each.text),))) for each in toasts]
