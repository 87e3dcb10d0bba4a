"""Sending something to many: beginning, feeding the outbox, pausing, resuming, cancelling."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from tutorbot.core.broadcasts import (
    TOLD_EVERY,
    Broadcast,
    Fate,
    Kind,
    Progress,
    State,
    morning,
)
from tutorbot.core.drafts import Audience, OfCohort, Unfinished, WeakIn, WholeClass
from tutorbot.core.ids import ClassId, CourseVersionId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.flows.published import Library
from tutorbot.store import audiences, broadcasts, classes, drafts
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Say

AHEAD = 5.0
"""Seconds for which the outbox is filled: enough to bear a process that is killed, and no more than
others wait who write to somebody without being asked."""

BATCH = 100
"""Messages of one transaction, for whose time their readers' own have to wait."""


async def addressed(
    unit: Unit, library: Library, class_id: ClassId, version: CourseVersionId, audience: Audience
) -> tuple[LearnerId, ...]:
    """Find who an audience is at this moment."""
    match audience:
        case WholeClass():
            return await audiences.all_of(unit, class_id)
        case OfCohort(cohort=cohort):
            return await audiences.cohort(unit, class_id, cohort)
        case Unfinished(assignment=assignment):
            return await audiences.unfinished(unit, class_id, assignment)
        case WeakIn(skill=skill):
            course = await library.course(unit, version)
            questions = [each.id for each in course if skill in each.skills]
            return await audiences.weak(unit, class_id, course.id, questions)


async def begin(unit: Unit, library: Library, broadcast: Broadcast, at: datetime) -> None:
    """Let it go to those who are its audience now."""
    if broadcast.kind is Kind.REMINDER:
        await begin_reminder(unit, broadcast, at)
        return
    if broadcast.kind is Kind.EXTENSION:
        to = await audiences.unfinished(unit, broadcast.class_id, broadcast.assignment)
        await broadcasts.begin(unit, broadcast, to, at)
        return
    version, audience = await drafts.audience(unit, broadcast.assignment)
    to = await addressed(unit, library, broadcast.class_id, version, audience)
    await broadcasts.begin(unit, broadcast, to, at)


async def begin_reminder(unit: Unit, broadcast: Broadcast, at: datetime) -> None:
    """Let it go to those who have not started."""
    to = await audiences.not_started(unit, broadcast.class_id, broadcast.assignment)
    await broadcasts.begin(unit, broadcast, to, at)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """How a broadcast stands after something was done for it."""

    broadcast: Broadcast
    progress: Progress
    tell: bool  # whether its progress is to be shown now
    again: bool  # whether something is to be done for it soon


async def turn(
    unit: Unit,
    library: Library,
    broadcast: Broadcast,
    say: Callable[[Broadcast, Learner], Say],
    at: datetime,
    *,
    room: int,
    per_second: float,
) -> Turn:
    """Gather what became of what was sent, and put as much into the outbox as there is room for."""
    if await classes.find(unit, broadcast.class_id) is None and await cancel(unit, broadcast, at):
        broadcast = replace(broadcast, state=State.CANCELLED)  # a class that is over sets nothing
    if broadcast.state is State.SCHEDULED:
        await begin(unit, library, broadcast, at)
        broadcast = replace(broadcast, state=State.RUNNING, begun_at=at)
    await broadcasts.gather(unit, broadcast.id, at)
    if broadcast.state is State.RUNNING:
        for _ in range(ceil(room / BATCH)):
            most = min(room, BATCH)
            if await _feed(unit, broadcast, most, say, at) < most:
                break
            room -= most
    else:
        await broadcasts.take_back(unit, broadcast.id)
    if broadcast.state is State.CANCELLED:
        await broadcasts.cancel_rest(unit, broadcast.id, at)
    progress = await broadcasts.progress(unit, broadcast, at, per_second)
    over = not progress.left and broadcast.state is not State.PAUSED
    if over and broadcast.state is State.RUNNING:
        await broadcasts.become(unit, broadcast.id, State.DONE, at)
        progress = replace(progress, state=State.DONE)
    last = broadcast.told_at
    tell = over or last is None or at - last >= TOLD_EVERY
    if tell:
        await broadcasts.told(unit, broadcast.id, at)
    return Turn(
        broadcast=broadcast,
        progress=progress,
        tell=tell,
        again=progress.left > progress.asleep,
    )


async def pause(unit: Unit, broadcast: Broadcast, at: datetime) -> bool:
    """Let nothing more of it go out but what is just being sent; False: it does not go out."""
    if broadcast.state is not State.RUNNING:
        return False
    await broadcasts.take_back(unit, broadcast.id)
    await broadcasts.become(unit, broadcast.id, State.PAUSED, at)
    return True


async def resume(unit: Unit, broadcast: Broadcast, at: datetime) -> bool:
    """Go on with what was paused."""
    if broadcast.state is not State.PAUSED:
        return False
    await broadcasts.become(unit, broadcast.id, State.RUNNING, at)
    return True


async def cancel(unit: Unit, broadcast: Broadcast, at: datetime) -> bool:
    """Send nothing more of it, ever; an announcement takes its quiz along."""
    if broadcast.state is State.CANCELLED or (
        broadcast.state is State.DONE and broadcast.kind is not Kind.ANNOUNCEMENT
    ):
        return False
    if broadcast.state is not State.DONE:
        await broadcasts.take_back(unit, broadcast.id)
        await broadcasts.cancel_rest(unit, broadcast.id, at)
    await broadcasts.become(unit, broadcast.id, State.CANCELLED, at)
    if broadcast.kind is Kind.ANNOUNCEMENT:
        await drafts.cancel(unit, broadcast.assignment)
    return True


async def _feed(
    unit: Unit,
    broadcast: Broadcast,
    most: int,
    say: Callable[[Broadcast, Learner], Say],
    at: datetime,
) -> int:
    """Put some messages into the outbox; return how many were looked at."""
    found = await broadcasts.take(unit, broadcast.id, at, most)
    fates: dict[Fate, list[LearnerId]] = {
        Fate.BLOCKED: [],
        Fate.REFUSED: [],
        Fate.CANCELLED: [],
    }
    asleep: list[tuple[LearnerId, datetime]] = []
    said: list[tuple[Learner, Say]] = []
    for each in found:
        learner = each.learner
        if each.moot:  # meanwhile, such as over night
            fates[Fate.CANCELLED].append(learner.id)
        elif not learner.started:  # they are known from a group: the bot may not write first
            fates[Fate.REFUSED].append(learner.id)
        elif each.blocked:
            fates[Fate.BLOCKED].append(learner.id)
        elif until := _waits(broadcast, learner, at):
            asleep.append((learner.id, until))
        else:
            said.append((learner, say(broadcast, learner)))
    for fate, of in fates.items():
        if of:
            await broadcasts.seal(unit, broadcast.id, of, fate, at)
    if asleep:
        await broadcasts.put_off(unit, broadcast.id, asleep)
    if said:
        await broadcasts.put(unit, broadcast.id, said, at)
    return len(found)


def _waits(broadcast: Broadcast, learner: Learner, at: datetime) -> datetime | None:
    """The morning for which it waits; None: it goes out now.

    The word of more time does not wait for a morning at which it is up.
    """
    until = None if broadcast.at_night else morning(at, learner.timezone)
    if until and broadcast.kind is Kind.EXTENSION and broadcast.due_at:
        return until if until < broadcast.due_at else None
    return until
