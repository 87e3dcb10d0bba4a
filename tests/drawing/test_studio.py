import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from tutorbot.drawing import formulas
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.studio import Studio
from tutorbot.drawing.theme import Theme
from tutorbot.views.reply import CalendarPicture

X = [FormulaLine(latex="x^2")]
# Seconds of typesetting: the deadline of a test comes first.
SLOW = [FormulaLine(latex=r"\sqrt{" * 60 + "x" + "}" * 60)] * 100
LONG = [FormulaLine(latex="+".join(["x_1^2"] * 12))] * 15  # a second, and then it is there
YEAR = CalendarPicture(
    today=date(2026, 11, 19),
    days=(),
    title="Your year",
    subtitle="",
    weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
    months=tuple("JFMAMJJASOND"),
    less="less",
    more="more",
)


pytestmark = pytest.mark.slow  # each starts a worker


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    async with Studio(deadline=30, patience=60) as studio:
        yield studio


def send(number: signal.Signals) -> None:
    """Send a signal to the workers, and see to it that it has arrived."""
    for worker in multiprocessing.active_children():
        if worker.pid is not None:
            os.kill(worker.pid, number)
            if number == signal.SIGKILL:
                worker.join(5)


async def test_the_studio_draws_what_the_functions_draw(studio: Studio):
    assert await studio.formulas(X, Theme.DARK) == formulas.png(X, Theme.DARK)
    assert await studio.svg("x^2", display=False) == formulas.svg("x^2", display=False)
    assert await studio.calendar(YEAR, Theme.LIGHT)


async def test_many_who_ask_at_once_get_the_same_picture(studio: Studio):
    pictures = await asyncio.gather(*(studio.formulas(X, Theme.LIGHT) for _ in range(30)))
    assert all(picture is pictures[0] for picture in pictures)
    assert await studio.formulas(X, Theme.LIGHT) is pictures[0]


async def test_a_fault_comes_back_as_ours_each_time(studio: Studio):
    for _ in range(2):
        with pytest.raises(NotDrawable, match="unknown"):
            await studio.svg(r"\foo", display=True)


async def test_a_worker_killed_between_two_drawings_is_not_noticed(studio: Studio):
    await studio.formulas(X, Theme.LIGHT)
    send(signal.SIGKILL)
    assert await studio.formulas(X, Theme.DARK)
    send(signal.SIGKILL)
    assert await studio.calendar(YEAR, Theme.DARK)


async def test_a_worker_killed_at_work_is_not_noticed_either(studio: Studio):
    await studio.formulas(X, Theme.LIGHT)
    at_work = asyncio.create_task(studio.formulas(LONG, Theme.LIGHT))
    await asyncio.sleep(0.2)
    send(signal.SIGKILL)
    assert await at_work
    assert await studio.formulas(X, Theme.DARK)


async def test_what_kills_each_worker_is_given_up(studio: Studio):
    await studio.formulas(X, Theme.LIGHT)
    deadly = asyncio.create_task(studio.formulas(SLOW, Theme.LIGHT))
    while not deadly.done():
        await asyncio.sleep(0.2)
        send(signal.SIGKILL)
    with pytest.raises(NotDrawable, match="again and again"):
        await deadly
    assert await studio.formulas(X, Theme.DARK)


async def test_ctrl_c_leaves_the_worker_alone(studio: Studio):
    await studio.formulas(X, Theme.LIGHT)
    send(signal.SIGINT)
    assert await studio.formulas(X, Theme.DARK)


async def test_a_drawing_that_takes_too_long_is_given_up_and_the_next_is_drawn():
    studio = Studio(deadline=0.3)
    studio.start()
    await studio.formulas(X, Theme.LIGHT)
    with pytest.raises(NotDrawable, match="not done"):
        await studio.formulas(SLOW, Theme.LIGHT)
    assert await studio.formulas(X, Theme.DARK)
    await studio.close()


async def test_a_worker_that_stands_still_is_replaced():
    studio = Studio(patience=60)
    studio.start()
    await studio.calendar(YEAR, Theme.LIGHT)
    send(signal.SIGSTOP)
    with pytest.raises(NotDrawable, match="not done"):
        await studio.formulas(X, Theme.LIGHT)
    async with asyncio.timeout(60):
        while not await drawn_again(studio):  # on a busy machine a worker takes long to load
            pass
    await studio.close()


async def drawn_again(studio: Studio) -> bool:
    with suppress(NotDrawable):
        return bool(await studio.calendar(replace(YEAR, title="Again"), Theme.LIGHT))
    return False


async def test_a_closed_studio_declines_and_can_be_opened_again():
    studio = Studio()
    with pytest.raises(NotDrawable, match="closed"):
        await studio.formulas(X, Theme.LIGHT)
    studio.start()
    assert await studio.formulas(X, Theme.LIGHT)
    await studio.close()
