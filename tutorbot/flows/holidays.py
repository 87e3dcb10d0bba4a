"""The holidays of a class, on which its learners need not study."""

from datetime import date, datetime

from tutorbot.core.classes import AddHoliday, DropHoliday, NotAllowed, Right, ShowHolidays
from tutorbot.core.holidays import Holidays, Trouble, WhichDays, kept, read_days
from tutorbot.core.ids import ClassId
from tutorbot.core.learner import Learner
from tutorbot.flows.classes import today_in
from tutorbot.store import classes, holidays, prompts
from tutorbot.store.classes import Found
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit

DAYS = "class.holidays"
"""What somebody is asked to type who adds holidays."""


async def show(
    unit: Unit,
    learner: Learner,
    action: ShowHolidays,
    at: datetime,
    added: tuple[date, date] | None = None,
) -> Holidays | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    today = today_in(found.timezone, at)
    return Holidays(
        class_id=found.class_id,
        title=found.title,
        timezone=found.timezone,
        now=at,
        spans=await holidays.ahead(unit, found.class_id, today),
        may_change=member.may(Right.MANAGE_CLASS),
        added=added,
    )


async def ask(
    unit: Unit, learner: Learner, action: AddHoliday, at: datetime
) -> WhichDays | NotAllowed:
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_CLASS)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    return await _ask(unit, learner, found, at)


async def add(
    unit: Unit, learner: Learner, prompt: Prompt, typed: str, at: datetime
) -> Holidays | WhichDays | NotAllowed:
    """Note the days that were typed."""
    class_id = ClassId(int(prompt.about["class"]))
    member = await classes.member(unit, class_id, learner.id, Right.MANAGE_CLASS)
    found = await classes.find(unit, class_id)
    if member is None or found is None:
        return NotAllowed()
    read = read_days(typed, today_in(found.timezone, at))
    if not isinstance(read, tuple):
        return await _ask(unit, learner, found, at, read)
    first, last = read
    await holidays.add(unit, class_id, first, last)
    about = {"first": first.isoformat(), "last": last.isoformat()}
    await classes.note(unit, class_id, member.code, "added holidays", at, about)
    return await show(unit, learner, ShowHolidays(class_id), at, read)


async def drop(
    unit: Unit, learner: Learner, action: DropHoliday, at: datetime
) -> Holidays | NotAllowed:
    """Take holidays out of the calendar; the days that have begun stay free."""
    member = await classes.member(unit, action.class_id, learner.id, Right.MANAGE_CLASS)
    found = await classes.find(unit, action.class_id)
    if member is None or found is None:
        return NotAllowed()
    until = kept(action.day, today_in(found.timezone, at))
    if await holidays.end(unit, action.class_id, action.day, until):
        about = {"first": action.day.isoformat()}
        await classes.note(unit, action.class_id, member.code, "ended holidays", at, about)
    return await show(unit, learner, ShowHolidays(action.class_id), at)


async def _ask(
    unit: Unit, learner: Learner, found: Found, at: datetime, trouble: Trouble | None = None
) -> WhichDays:
    await prompts.ask(unit, learner.id, DAYS, {"class": found.class_id}, at)
    today = today_in(found.timezone, at)
    return WhichDays(title=found.title, today=today, trouble=trouble)
