"""The roster of a class, and what its teachers arrange for one of its people."""

from dataclasses import replace
from datetime import datetime, timedelta

from tutorbot.core.classes import (
    AskRemove,
    ChangeCohort,
    ExtendTime,
    InviteBack,
    Member,
    NotAllowed,
    RemoveMember,
    Right,
    Role,
    SetRole,
    SetTime,
    ShowMember,
    ShowRoster,
)
from tutorbot.core.ids import AssignmentId, ClassId, LinkId
from tutorbot.core.joining import STAFF_ROLES, LinkShown, WhichCohort, as_cohort
from tutorbot.core.learner import Learner
from tutorbot.core.notices import About, What
from tutorbot.core.roster import (
    PER_PAGE,
    TIMES,
    Card,
    NotThere,
    Person,
    Removed,
    Roster,
    SureToRemove,
    may_remove,
    open_longer,
    other_roles,
)
from tutorbot.flows.joining import Joining, known_cohort
from tutorbot.flows.notices import Notices, open_quizzes
from tutorbot.store import classes, prompts, roster
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit

COHORT = "class.cohort"
"""What somebody is asked to type: the cohort of a learner."""

NO_COHORT = "-"
"""Typed for none."""


async def show(
    unit: Unit, learner: Learner, action: ShowRoster, at: datetime
) -> Roster | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    names = member.may(Right.SEE_NAMES)
    pages = max(1, -(-await roster.size(unit, found.class_id) // PER_PAGE))
    page = min(action.page, pages - 1)
    people = await roster.people(
        unit, found.class_id, names=names, first=page * PER_PAGE, most=PER_PAGE
    )
    return Roster(
        class_id=found.class_id,
        title=found.title,
        timezone=found.timezone,
        now=at,
        people=people if names else tuple(replace(each, name="") for each in people),
        page=page,
        pages=pages,
        names=names,
        may_manage=member.may(Right.MANAGE_LEARNERS),
    )


async def card(
    unit: Unit, learner: Learner, action: ShowMember, at: datetime
) -> Card | NotThere | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_LEARNERS)
    if member is None:
        return NotAllowed()
    return await _card(unit, member, action.code, at)


async def set_time(
    unit: Unit, learner: Learner, action: SetTime, at: datetime, notices: Notices
) -> Card | NotThere | NotAllowed:
    """Give a learner more time where it is limited, or the usual time again."""
    held = await _learner(unit, learner, action)
    if not isinstance(held, tuple):
        return held
    member, person = held
    if action.percent not in TIMES:
        return NotThere()
    if action.percent != person.percent:
        await roster.set_time(unit, action.class_id, person.code, action.percent)
        about = {"member": person.code, "percent": action.percent}
        await classes.note(unit, action.class_id, member.code, "set time", at, about)
        await notices.tell(unit, _about(What.TIME, action.class_id, person), at)
    return await _card(unit, member, person.code, at, changed=True)


async def extend(
    unit: Unit, learner: Learner, action: ExtendTime, at: datetime, notices: Notices
) -> Card | NotThere | NotAllowed:
    """Put the deadlines of a learner off, for what is open; a second tap at once tells nothing."""
    held = await _learner(unit, learner, action)
    if not isinstance(held, tuple):
        return held
    member, person = held
    before = await _deadlines(unit, action.class_id, person, at)
    put_off = await roster.extend(unit, action.class_id, person.learner, at)
    after = {}
    if put_off:
        about = {"member": person.code, "quizzes": put_off}
        await classes.note(unit, action.class_id, member.code, "extended", at, about)
        after = await _deadlines(unit, action.class_id, person, at, longer=True)
        if any(each not in before or due - before[each] > _A_TAP for each, due in after.items()):
            await notices.tell(unit, _about(What.EXTENDED, action.class_id, person), at)
    return await _card(unit, member, person.code, at, extended=len(after))


async def ask_cohort(
    unit: Unit, learner: Learner, action: ChangeCohort, at: datetime
) -> WhichCohort | NotThere | NotAllowed:
    held = await _learner(unit, learner, action)
    if not isinstance(held, tuple):
        return held
    return await _ask_cohort(unit, learner, action.class_id, action.code, at)


async def set_cohort(
    unit: Unit, learner: Learner, prompt: Prompt, typed: str, at: datetime
) -> Card | WhichCohort | NotThere | NotAllowed:
    """Put a learner into the cohort that was typed, or into none."""
    action = ChangeCohort(ClassId(int(prompt.about["class"])), str(prompt.about["code"]))
    held = await _learner(unit, learner, action)
    if not isinstance(held, tuple):
        return held
    member, person = held
    cohort = None if typed.strip() == NO_COHORT else as_cohort(typed)
    if cohort is None and typed.strip() != NO_COHORT:
        return await _ask_cohort(unit, learner, action.class_id, action.code, at, too_long=True)
    if cohort is not None:
        cohort = await known_cohort(unit, action.class_id, cohort, at)
    await roster.set_cohort(unit, action.class_id, person.code, cohort)
    about = {"member": person.code, "cohort": cohort}
    await classes.note(unit, action.class_id, member.code, "set cohort", at, about)
    return await _card(unit, member, person.code, at, changed=True)


async def set_role(
    unit: Unit, learner: Learner, action: SetRole, at: datetime
) -> Card | NotThere | NotAllowed:
    """Make an instructor, assistant or observer another of these; the owner stays the owner."""
    await classes.hold(unit, action.class_id)
    member = await classes.member(unit, action.class_id, learner.id, Right.STAFF)
    if member is None or action.role not in STAFF_ROLES:
        return NotAllowed()
    person = await roster.person(unit, action.class_id, action.code)
    if person is None or not person.here or person.role is Role.LEARNER:
        return NotThere()
    if person.role is Role.OWNER:
        return NotAllowed()
    if action.role is not person.role:
        await roster.set_role(unit, action.class_id, person.code, action.role)
        about = {
            "member": person.code,
            "was": person.role.value,
            "role": action.role.value,
        }
        await classes.note(unit, action.class_id, member.code, "set role", at, about)
    return await _card(unit, member, person.code, at, changed=True)


async def ask_remove(
    unit: Unit, learner: Learner, action: AskRemove
) -> SureToRemove | NotThere | NotAllowed:
    held = await _removable(unit, learner, action)
    if not isinstance(held, tuple):
        return held
    found = await classes.find(unit, action.class_id)
    if found is None:
        return NotAllowed()
    return SureToRemove(class_id=action.class_id, title=found.title, person=held[1])


async def remove(
    unit: Unit, learner: Learner, action: RemoveMember, at: datetime, notices: Notices
) -> Removed | NotThere | NotAllowed:
    held = await _removable(unit, learner, action)
    if not isinstance(held, tuple):
        return held
    member, person = held
    found = await classes.find(unit, action.class_id)
    if found is None:
        return NotAllowed()
    await roster.leave(unit, action.class_id, person.code, at, removed=True)
    about = {"member": person.code, "role": person.role.value}
    await classes.note(unit, action.class_id, member.code, "removed", at, about)
    await notices.tell(unit, _about(What.REMOVED, action.class_id, person), at)
    return Removed(class_id=action.class_id, title=found.title, person=person)


async def invite_back(
    unit: Unit,
    learner: Learner,
    action: InviteBack,
    at: datetime,
    joining: Joining,
    notices: Notices,
) -> LinkShown | NotThere | NotAllowed:
    """Let somebody who was removed join again, by a link that they and whoever asks get."""
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_LEARNERS)
    if member is None:
        return NotAllowed()
    person = await roster.person(unit, action.class_id, action.code)
    if person is None or person.here or not person.removed:
        return NotThere()
    await roster.readmit(unit, action.class_id, person.code)
    about = {"member": person.code}
    await classes.note(unit, action.class_id, member.code, "invited back", at, about)
    link = await joining.back_for(unit, member, person, at)
    await notices.tell(unit, _about(What.INVITED, action.class_id, person, link.id), at)
    return await joining.show(unit, member, link, at)


def _about(what: What, class_id: ClassId, person: Person, link: LinkId | None = None) -> About:
    return About(what=what, class_id=class_id, member=person.code, link=link)


async def _deadlines(
    unit: Unit, class_id: ClassId, person: Person, at: datetime, *, longer: bool = False
) -> dict[AssignmentId, datetime]:
    """When what they may answer is due, or only what they may for longer than others."""
    return {
        each.assignment.id: each.terms.due
        for each in await open_quizzes(unit, class_id, person.learner, at)
        if each.terms.due is not None and (open_longer(each) or not longer)
    }


_A_TAP = timedelta(hours=1)
"""By less than that a deadline was put off when the same was tapped a little before."""


async def _learner(
    unit: Unit, learner: Learner, action: SetTime | ExtendTime | ChangeCohort
) -> tuple[Member, Person] | NotThere | NotAllowed:
    """Find a learner of a class for whom somebody may arrange things."""
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_LEARNERS)
    if member is None:
        return NotAllowed()
    person = await roster.person(unit, action.class_id, action.code)
    if person is None or not person.here or person.role is not Role.LEARNER:
        return NotThere()
    return member, person


async def _removable(
    unit: Unit, learner: Learner, action: AskRemove | RemoveMember
) -> tuple[Member, Person] | NotThere | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_LEARNERS)
    if member is None:
        return NotAllowed()
    person = await roster.person(unit, action.class_id, action.code)
    if person is None or not person.here:
        return NotThere()
    return (member, person) if may_remove(member, person) else NotAllowed()


async def _card(
    unit: Unit,
    member: Member,
    code: str,
    at: datetime,
    *,
    extended: int | None = None,
    changed: bool = False,
) -> Card | NotThere | NotAllowed:
    found = await classes.find(unit, member.class_id)
    if found is None:
        return NotAllowed()
    person = await roster.person(unit, member.class_id, code)
    if person is None or not person.here:
        return NotThere()
    return Card(
        class_id=found.class_id,
        title=found.title,
        timezone=found.timezone,
        now=at,
        person=person,
        may_remove=may_remove(member, person),
        roles=other_roles(member, person),
        extended=extended,
        changed=changed,
    )


async def _ask_cohort(
    unit: Unit,
    learner: Learner,
    class_id: ClassId,
    code: str,
    at: datetime,
    *,
    too_long: bool = False,
) -> WhichCohort:
    await prompts.ask(unit, learner.id, COHORT, {"class": class_id, "code": code}, at)
    known = await roster.cohorts(unit, class_id)
    return WhichCohort(known=tuple(known), too_long=too_long)
