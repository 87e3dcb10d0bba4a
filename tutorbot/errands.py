"""What commands do once, over the database: publish courses, and list what needs a person."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from tutorbot.core.publishing import Plan
from tutorbot.core.undecided import LeftUndecided
from tutorbot.courses.load import Loaded, Unsound, course_files, load_course
from tutorbot.flows.published import Library, publish_bundle
from tutorbot.flows.publishing import Publishing
from tutorbot.flows.undecided import waiting
from tutorbot.installation import UnsoundContent, clock, database, everybody
from tutorbot.languages import languages
from tutorbot.settings import Settings
from tutorbot.store import jobs as job_list, updates
from tutorbot.store.courses import Origin
from tutorbot.store.unit import Unit
from tutorbot.views.publishing import plan_as_text


async def publish_courses(
    settings: Settings, paths: Sequence[Path], agreed: Callable[[str], bool]
) -> str:
    """Publish courses, all or none; ``agreed`` is shown what would change and asked.

    Raises:
        UnsoundContent: with file, line and remedy of each fault.
    """
    loaded = await asyncio.to_thread(_loaded, paths)
    words = languages("")
    publishing = Publishing(Library(), everybody)

    async def plans(unit: Unit) -> list[Plan]:
        return [await publishing.plan(unit, each.bundle, each.course) for each in loaded]

    async with database(settings) as store:
        async with store.unit() as unit:
            shown = await plans(unit)
        told = "\n\n".join(
            plan_as_text(words, each.course.title, plan)
            for each, plan in zip(loaded, shown, strict=True)
        )
        if any(plan.hindrances for plan in shown):
            raise UnsoundContent(told)
        if not await asyncio.to_thread(agreed, told):
            return words.gettext("Nothing was published.")
        async with store.unit() as unit:
            if [plan.number for plan in await plans(unit)] != [plan.number for plan in shown]:
                raise UnsoundContent("Somebody else has just published; look at it once more.")
            for each in loaded:
                await publish_bundle(unit, each.bundle, each.course, clock(), Origin.AUTHOR)
    new = sum(not plan.same for plan in shown)
    return words.ngettext("Published {n} course.", "Published {n} courses.", new).format(n=new)


def _loaded(paths: Sequence[Path]) -> tuple[Loaded, ...]:
    found: list[Loaded] = []
    faults: list[str] = []
    for path in (file for each in paths for file in (course_files(each) or (each,))):
        try:
            course = load_course(path)
        except OSError as error:
            raise UnsoundContent(f"{path} cannot be read ({error.strerror}).") from None
        if isinstance(course, Loaded):
            found.append(course)
        else:
            faults += str(Unsound(faults=course)).splitlines()
    if faults:
        raise UnsoundContent("\n".join(faults))
    return tuple(found)


async def undecided(settings: Settings, limit: int) -> tuple[LeftUndecided, ...]:
    """The answers that wait for an instructor, the oldest first."""
    async with database(settings) as store, store.unit() as unit:
        return await waiting(unit, limit)


async def list_jobs(settings: Settings, limit: int) -> tuple[job_list.Job, ...]:
    """The jobs that wait, run, or failed, the newest first."""
    async with database(settings) as store, store.unit() as unit:
        return await job_list.listed(unit, limit)


async def list_poisoned(settings: Settings, limit: int) -> tuple[updates.Poisoned, ...]:
    """The updates that were put aside, the newest first."""
    async with database(settings) as store, store.unit() as unit:
        return await updates.poisoned(unit, limit)
