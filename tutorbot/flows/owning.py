"""Who a class belongs to: its name and clocks, handing it over, leaving it, and its end."""

from datetime import datetime

from tutorbot.core.classes import (
    AskEndClass,
    AskHandOver,
    AskLeaveClass,
    ChangeZone,
    ChooseOwner,
    ClassEnded,
    ClassLeft,
    ClassPage,
    EndClass,
    HandedOver,
    HandOver,
    Inherited,
    LeaveClass,
    ManageClass,
    Member,
    MyClasses,
    NotAllowed,
    OpenClass,
    RenameClass,
    Right,
    Role,
    Successor,
    SureToEnd,
    SureToHandOver,
    SureToLeave,
    UseMyZone,
    WhichNewTitle,
    WhichOwner,
    WhichZone,
    as_title,
)
from tutorbot.core.groups import shown_name
from tutorbot.core.ids import ClassId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.roster import NotThere
from tutorbot.core.zones import zone_named
from tutorbot.flows.classes import page, page_for
from tutorbot.store import classes, prompts, roster
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit

TITLE = "class.new_title"
ZONE = "class.zone"
"""What somebody is asked to type who changes a class."""


async def manage(
    unit: Unit, learner: Learner, action: ManageClass, at: datetime
) -> ClassPage | NotAllowed:
    return await page(unit, learner, OpenClass(action.class_id), at)


async def ask_title(
    unit: Unit, learner: Learner, action: RenameClass, at: datetime
) -> WhichNewTitle | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_CLASS)
    if member is None:
        return NotAllowed()
    return await _ask_title(unit, member, at)


async def rename(
    unit: Unit, learner: Learner, prompt: Prompt, typed: str, at: datetime
) -> ClassPage | WhichNewTitle | NotAllowed:
    class_id = ClassId(int(prompt.about["class"]))
    member = await classes.member(unit, class_id, learner.id, Right.MANAGE_CLASS)
    if member is None:
        return NotAllowed()
    title = as_title(typed)
    if title is None:
        return await _ask_title(unit, member, at, too_long=True)
    await classes.rename(unit, class_id, title)
    await classes.note(unit, class_id, member.code, "renamed", at, {"title": title})
    return await page_for(unit, member, at)


async def ask_zone(
    unit: Unit, learner: Learner, action: ChangeZone, at: datetime
) -> WhichZone | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_CLASS)
    if member is None:
        return NotAllowed()
    return await _ask_zone(unit, learner, member, at)


async def use_my_zone(
    unit: Unit, learner: Learner, action: UseMyZone, at: datetime
) -> ClassPage | NotAllowed:
    """Let the class live by the clocks of whoever presses."""
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_CLASS)
    if member is None:
        return NotAllowed()
    return await _set_zone(unit, member, learner.timezone, at)


async def set_zone(
    unit: Unit, learner: Learner, prompt: Prompt, typed: str, at: datetime
) -> ClassPage | WhichZone | NotAllowed:
    """Let the class live by the clocks that were typed: a zone, or its city."""
    class_id = ClassId(int(prompt.about["class"]))
    member = await classes.member(unit, class_id, learner.id, Right.MANAGE_CLASS)
    if member is None:
        return NotAllowed()
    zone = zone_named(typed)
    if zone is None:
        return await _ask_zone(unit, learner, member, at, unknown=True)
    return await _set_zone(unit, member, zone, at)


async def choose_owner(
    unit: Unit, learner: Learner, action: ChooseOwner
) -> WhichOwner | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.STAFF)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    people = await roster.instructors(unit, action.class_id)
    return WhichOwner(
        class_id=action.class_id,
        title=found.title,
        instructors=tuple(Successor(code=each.code, name=shown_name(each.name)) for each in people),
    )


async def ask_hand_over(
    unit: Unit, learner: Learner, action: AskHandOver
) -> SureToHandOver | NotThere | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.STAFF)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    person = await roster.person(unit, action.class_id, action.code)
    if person is None or not person.here or person.role is not Role.INSTRUCTOR:
        return NotThere()
    to = Successor(code=person.code, name=shown_name(person.name))
    return SureToHandOver(class_id=action.class_id, title=found.title, to=to)


async def hand_over(
    unit: Unit, learner: Learner, action: HandOver, at: datetime
) -> HandedOver | NotThere | NotAllowed:
    """Make an instructor the owner; who owned the class stays as an instructor."""
    await classes.hold(unit, action.class_id)
    member = await classes.member(unit, action.class_id, learner.id, Right.STAFF)
    if member is None:
        return NotAllowed()
    person = await roster.person(unit, action.class_id, action.code)
    if person is None or not person.here or person.role is not Role.INSTRUCTOR:
        return NotThere()
    await roster.set_role(unit, action.class_id, member.code, Role.INSTRUCTOR)
    await roster.set_role(unit, action.class_id, person.code, Role.OWNER)
    about = {"to": person.code}
    await classes.note(unit, action.class_id, member.code, "handed over", at, about)
    shown = await page(unit, learner, OpenClass(action.class_id), at)
    if isinstance(shown, NotAllowed):
        return shown
    return HandedOver(
        page=shown,
        name=shown_name(person.name),
        inherited=Inherited(heir=person.learner, class_id=shown.class_id, title=shown.title),
    )


async def ask_end(unit: Unit, learner: Learner, action: AskEndClass) -> SureToEnd | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.END_CLASS)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    people = await roster.size(unit, action.class_id)
    return SureToEnd(class_id=action.class_id, title=found.title, people=people)


async def end(
    unit: Unit, learner: Learner, action: EndClass, at: datetime
) -> ClassEnded | NotAllowed:
    await classes.hold(unit, action.class_id)
    member = await classes.member(unit, action.class_id, learner.id, Right.END_CLASS)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    await classes.end(unit, action.class_id, at)
    await classes.note(unit, action.class_id, member.code, "ended", at)
    return ClassEnded(title=found.title)


async def mine(unit: Unit, learner: Learner) -> MyClasses:
    return MyClasses(joined=await classes.joined_by(unit, learner.id))


async def ask_leave(
    unit: Unit, learner: Learner, action: AskLeaveClass
) -> SureToLeave | NotAllowed:
    member = await classes.present(unit, action.class_id, learner.id)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    if member.role is not Role.OWNER:
        return SureToLeave(class_id=action.class_id, title=found.title, role=member.role)
    next_ones = await roster.instructors(unit, action.class_id)
    return SureToLeave(
        class_id=action.class_id,
        title=found.title,
        role=member.role,
        successor=shown_name(next_ones[0].name) if next_ones else None,
        ends=not next_ones,
    )


async def leave(
    unit: Unit, learner: Learner, action: LeaveClass, at: datetime
) -> ClassLeft | NotAllowed:
    await classes.hold(unit, action.class_id)
    member = await classes.present(unit, action.class_id, learner.id)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    heir = await _depart(unit, member, at)
    if heir is None:
        return ClassLeft(title=found.title)
    inherited = Inherited(heir=heir, class_id=found.class_id, title=found.title)
    return ClassLeft(title=found.title, inherited=inherited)


async def leave_all(unit: Unit, learner: LearnerId, at: datetime) -> tuple[Inherited, ...]:
    """Leave every class, so that none is without an owner when somebody is forgotten."""
    inherited: list[Inherited] = []
    joined = await classes.joined_by(unit, learner)
    for each in sorted(joined, key=lambda taught: taught.class_id):
        await classes.hold(unit, each.class_id)
        member = await classes.present(unit, each.class_id, learner)
        if member and (heir := await _depart(unit, member, at)):
            inherited.append(Inherited(heir=heir, class_id=each.class_id, title=each.title))
    return tuple(inherited)


async def _depart(unit: Unit, member: Member, at: datetime) -> LearnerId | None:
    """Leave; return to whom the class belongs now, if it had been theirs.

    The instructor of longest standing is the next; without any, the class is over. Whoever calls
    holds the class.
    """
    await roster.leave(unit, member.class_id, member.code, at)
    await classes.note(unit, member.class_id, member.code, "left", at)
    if member.role is not Role.OWNER:
        return None
    instructors = await roster.instructors(unit, member.class_id)
    if not instructors:
        await classes.end(unit, member.class_id, at)
        await classes.note(unit, member.class_id, member.code, "ended", at)
        return None
    following = instructors[0]
    await roster.set_role(unit, member.class_id, following.code, Role.OWNER)
    about = {"to": following.code}
    await classes.note(unit, member.class_id, member.code, "handed over", at, about)
    return following.learner


async def _ask_title(
    unit: Unit, member: Member, at: datetime, *, too_long: bool = False
) -> WhichNewTitle | NotAllowed:
    found = await classes.find(unit, member.class_id)
    if found is None:
        return NotAllowed()
    await prompts.ask(unit, member.learner, TITLE, {"class": member.class_id}, at)
    return WhichNewTitle(title=found.title, too_long=too_long)


async def _ask_zone(
    unit: Unit, learner: Learner, member: Member, at: datetime, *, unknown: bool = False
) -> WhichZone | NotAllowed:
    found = await classes.find(unit, member.class_id)
    if found is None:
        return NotAllowed()
    await prompts.ask(unit, learner.id, ZONE, {"class": member.class_id}, at)
    return WhichZone(
        class_id=member.class_id,
        timezone=found.timezone,
        mine=learner.timezone,
        unknown=unknown,
    )


async def _set_zone(unit: Unit, member: Member, zone: str, at: datetime) -> ClassPage | NotAllowed:
    await classes.set_timezone(unit, member.class_id, zone)
    await classes.note(unit, member.class_id, member.code, "set zone", at, {"zone": zone})
    return await page_for(unit, member, at)
