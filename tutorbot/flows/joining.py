"""Joining a class by a link or its code, and the links themselves."""

from datetime import datetime, timedelta
from random import Random

from tutorbot.core.assignments import standing
from tutorbot.core.classes import (
    ChooseStaff,
    EndLink,
    InviteCohort,
    InviteLearners,
    InviteStaff,
    LetLinkLast,
    LimitLink,
    Member,
    NotAllowed,
    RenewLink,
    Right,
    Role,
)
from tutorbot.core.ids import ClassId, LinkId
from tutorbot.core.joining import (
    DAYS,
    LINK_PREFIX,
    MOST_JOINS,
    STAFF_LINK_LASTS,
    STAFF_ROLES,
    USUAL_DAYS,
    USUAL_JOINS,
    ClassOver,
    Joined,
    JoinLink,
    JoinOutcome,
    LinkEnded,
    LinkFull,
    LinkShown,
    LinkSwitchedOff,
    NoSuchLink,
    Place,
    TooManyCodes,
    WhichCode,
    WhichCohort,
    WhichRole,
    as_cohort,
    code_typed,
    cohort_meant,
    hindrance,
    link_code,
    member_code,
)
from tutorbot.core.learner import Learner
from tutorbot.core.roster import Person
from tutorbot.flows import leave
from tutorbot.store import assignments, classes, drafts, joining, learners, prompts, roster
from tutorbot.store.classes import Found
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit

CODE = "class.code"
COHORT = "class.link_cohort"
"""What somebody is asked to type: the code of a class, and the cohort that a link is for."""


_LedNowhere = NoSuchLink | ClassOver | LinkEnded | LinkFull


class Joining:
    """``dice`` make the codes, and must be none that anybody can foresee."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice

    async def answer(self, unit: Unit, learner: Learner, typed: str, at: datetime) -> JoinOutcome:
        """Take somebody in by the code that they were asked for; after a wrong one, by the next."""
        outcome = await self.join(unit, learner, typed, at)
        if isinstance(outcome, TooManyCodes | _LedNowhere):
            await prompts.ask(unit, learner.id, CODE, {}, at)
        return outcome

    async def join(self, unit: Unit, learner: Learner, typed: str, at: datetime) -> JoinOutcome:
        """Take somebody in by a code or a link that they typed, or followed."""
        if not typed.removeprefix(LINK_PREFIX).strip():
            await prompts.ask(unit, learner.id, CODE, {}, at)
            return WhichCode()
        waits = await joining.wait(unit, learner.id, at)
        if waits:
            return TooManyCodes(waits)
        outcome = await self._join(unit, learner, typed, at)
        if isinstance(outcome, _LedNowhere):
            await joining.led_nowhere(unit, learner.id, at)
        return outcome

    async def _join(self, unit: Unit, learner: Learner, typed: str, at: datetime) -> JoinOutcome:
        code = code_typed(typed)
        link = await joining.by_code(unit, code) if code else None
        if link is None:
            return NoSuchLink()
        found = await classes.find(unit, link.class_id)
        if found is None:
            return ClassOver()
        place = await classes.place(unit, link.class_id, learner.id)
        hindered = hindrance(link, place, found.title, at)
        if hindered:
            return hindered
        if not await joining.use(unit, link.id, at):  # others were quicker
            return LinkFull()
        code = await self._enter(unit, learner, link, place, at)
        await classes.note(
            unit,
            link.class_id,
            code,
            "joined",
            at,
            {"role": link.role.value, "link": link.id, "cohort": link.cohort},
        )
        moved = await _take_zone(unit, learner, found, at)
        waits = False
        if link.role is Role.LEARNER:
            await drafts.catch_up(unit, link.class_id, learner.id, link.cohort, at)
            those = await assignments.set_to(unit, learner.id, at)
            waits = any(not standing(*each, at).over for each in those)
        return Joined(
            class_id=link.class_id,
            title=found.title,
            role=link.role,
            cohort=link.cohort,
            back=place is not None,
            zone=found.timezone if moved else None,
            zone_at=at,
            quizzes=waits,
        )

    async def invite(
        self, unit: Unit, learner: Learner, action: InviteLearners, at: datetime
    ) -> LinkShown | NotAllowed:
        """Show the link by which learners join; make it where there is none."""
        member = await classes.member(unit, action.class_id, learner.id, Right.INVITE)
        if member is None:
            return NotAllowed()
        found = await joining.for_learners(unit, action.class_id, at)
        link = next((each for each in found if each.cohort is None), None)
        return await self._shown(unit, member, link or await self._make(unit, member, at), at)

    async def invite_staff(
        self, unit: Unit, learner: Learner, action: InviteStaff, at: datetime
    ) -> LinkShown | NotAllowed:
        """Make a link for one person who will work in the class."""
        member = await classes.member(unit, action.class_id, learner.id, Right.STAFF)
        if member is None or action.role not in STAFF_ROLES:
            return NotAllowed()
        link = await self._make(unit, member, at, role=action.role)
        return await self._shown(unit, member, link, at)

    async def choose_staff(
        self, unit: Unit, learner: Learner, action: ChooseStaff
    ) -> WhichRole | NotAllowed:
        if not await classes.member(unit, action.class_id, learner.id, Right.STAFF):
            return NotAllowed()
        return WhichRole(class_id=action.class_id)

    async def renew(
        self, unit: Unit, learner: Learner, action: RenewLink, at: datetime
    ) -> LinkShown | NotAllowed:
        """Let another link take the place of this one, which ends.

        A second tap shows the one that took its place.
        """
        held = await self._held(unit, learner, action.link)
        if held is None or held[1].for_one:
            return NotAllowed()
        member, old = held
        alive = await joining.for_learners(unit, old.class_id, at)
        newer = next((each for each in alive if each.cohort == old.cohort), None)
        if newer and old.ended(at):
            return await self._shown(unit, member, newer, at)
        link = await self._make(unit, member, at, cohort=old.cohort, most=old.most)
        return await self._shown(unit, member, link, at, replaced=True)

    async def limit(
        self, unit: Unit, learner: Learner, action: LimitLink, at: datetime
    ) -> LinkShown | NotAllowed:
        held = await self._held(unit, learner, action.link)
        if held is None or held[1].for_one or action.most not in MOST_JOINS:
            return NotAllowed()
        await joining.limit(unit, action.link, action.most or None)
        return await self._again(unit, held[0], action.link, at)

    async def let_last(
        self, unit: Unit, learner: Learner, action: LetLinkLast, at: datetime
    ) -> LinkShown | NotAllowed:
        held = await self._held(unit, learner, action.link)
        if held is None or held[1].for_one or action.days not in DAYS:
            return NotAllowed()
        until = at + timedelta(days=action.days) if action.days else None
        await joining.expire(unit, action.link, until)
        return await self._again(unit, held[0], action.link, at)

    async def switch_off(
        self, unit: Unit, learner: Learner, action: EndLink, at: datetime
    ) -> LinkSwitchedOff | NotAllowed:
        held = await self._held(unit, learner, action.link)
        if held is None:
            return NotAllowed()
        member, link = held
        if await joining.end(unit, link.id, at):
            about = {"link": link.id}
            await classes.note(unit, link.class_id, member.code, "ended link", at, about)
        return LinkSwitchedOff(class_id=link.class_id)

    async def ask_cohort(
        self, unit: Unit, learner: Learner, action: InviteCohort, at: datetime
    ) -> WhichCohort | NotAllowed:
        if not await classes.member(unit, action.class_id, learner.id, Right.INVITE):
            return NotAllowed()
        return await _ask_cohort(unit, learner, action.class_id, at)

    async def invite_cohort(
        self, unit: Unit, learner: Learner, prompt: Prompt, typed: str, at: datetime
    ) -> LinkShown | WhichCohort | NotAllowed:
        """Show the link of the cohort that was typed."""
        class_id = ClassId(int(prompt.about["class"]))
        member = await classes.member(unit, class_id, learner.id, Right.INVITE)
        if member is None:
            return NotAllowed()
        cohort = as_cohort(typed)
        if cohort is None:
            return await _ask_cohort(unit, learner, class_id, at, too_long=True)
        cohort = await known_cohort(unit, class_id, cohort, at)
        found = await joining.for_learners(unit, class_id, at)
        link = next((each for each in found if each.cohort == cohort), None)
        link = link or await self._make(unit, member, at, cohort=cohort)
        return await self._shown(unit, member, link, at)

    async def back_for(self, unit: Unit, member: Member, person: Person, at: datetime) -> JoinLink:
        """Make a link for one learner who was removed and may come back."""
        return await self._make(unit, member, at, cohort=person.cohort, most=1, beside=True)

    async def show(
        self, unit: Unit, member: Member, link: JoinLink, at: datetime
    ) -> LinkShown | NotAllowed:
        return await self._shown(unit, member, link, at)

    async def _held(
        self, unit: Unit, learner: Learner, link: LinkId
    ) -> tuple[Member, JoinLink] | None:
        """Find a link, and who somebody is in its class, if they may handle it."""
        found = await joining.by_id(unit, link)
        if found is None:
            return None
        right = Right.INVITE if found.role is Role.LEARNER else Right.STAFF
        member = await classes.member(unit, found.class_id, learner.id, right)
        return (member, found) if member else None

    async def _make(
        self,
        unit: Unit,
        member: Member,
        at: datetime,
        *,
        role: Role = Role.LEARNER,
        cohort: str | None = None,
        most: int | None = USUAL_JOINS,
        beside: bool = False,
    ) -> JoinLink:
        """Make a link; of those for learners, it ends the one before, unless it is ``beside``."""
        staff = role is not Role.LEARNER
        if not staff and not beside:
            await joining.end_for(unit, member.class_id, cohort, at)
        lasts = STAFF_LINK_LASTS if staff else timedelta(days=USUAL_DAYS)
        link = None
        while link is None:
            link = await joining.make(
                unit,
                class_id=member.class_id,
                code=link_code(self._dice),
                role=role,
                cohort=cohort,
                most=1 if staff else most,
                at=at,
                expires_at=at + lasts,
            )
        about = {"link": link.id, "role": role.value, "cohort": cohort}
        await classes.note(unit, member.class_id, member.code, "invited", at, about)
        return link

    async def _again(
        self, unit: Unit, member: Member, link: LinkId, at: datetime
    ) -> LinkShown | NotAllowed:
        found = await joining.by_id(unit, link)
        return await self._shown(unit, member, found, at) if found else NotAllowed()

    async def _shown(
        self,
        unit: Unit,
        member: Member,
        link: JoinLink,
        at: datetime,
        *,
        replaced: bool = False,
    ) -> LinkShown | NotAllowed:
        found = await classes.find(unit, link.class_id)
        if found is None:
            return NotAllowed()
        return LinkShown(
            link=link,
            title=found.title,
            timezone=found.timezone,
            now=at,
            may_invite_staff=member.may(Right.STAFF),
            replaced=replaced,
        )

    async def _enter(
        self, unit: Unit, learner: Learner, link: JoinLink, place: Place | None, at: datetime
    ) -> str:
        """Write down who joined, and return their code in the class."""
        if place:
            since = None if place.here else at
            await joining.become(unit, link.class_id, learner.id, link.role, link.cohort, since)
            return place.code
        while True:
            code = member_code(self._dice)
            if await joining.enter(
                unit,
                class_id=link.class_id,
                learner=learner.id,
                code=code,
                role=link.role,
                cohort=link.cohort,
                at=at,
            ):
                return code


async def known_cohort(unit: Unit, class_id: ClassId, typed: str, at: datetime) -> str:
    """Which of the cohorts that have somebody in them, or a link, was meant; else a new one."""
    peopled = await roster.cohorts(unit, class_id)
    invited = await joining.for_learners(unit, class_id, at)
    return cohort_meant(typed, [*peopled, *(each.cohort for each in invited if each.cohort)])


async def _take_zone(unit: Unit, learner: Learner, found: Found, at: datetime) -> bool:
    """Let somebody whose zone is a guess live by that of the class; whether that is another."""
    if await joining.zone_known(unit, learner.id):
        return False
    await learners.mark_zone_known(unit, learner.id)
    return (await leave.set_clocks(unit, learner, at, found.timezone)).changed


async def _ask_cohort(
    unit: Unit, learner: Learner, class_id: ClassId, at: datetime, *, too_long: bool = False
) -> WhichCohort:
    await prompts.ask(unit, learner.id, COHORT, {"class": class_id}, at)
    known = await roster.cohorts(unit, class_id)
    return WhichCohort(known=tuple(known), too_long=too_long)
