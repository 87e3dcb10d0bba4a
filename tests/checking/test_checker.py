"""Judging in worker processes: fast, and with a verdict whatever happens to them."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tutorbot.checking import worker
from tutorbot.checking.checker import Checker, Done
from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Verdict, Wrong
from tutorbot.core.course import Expression, Kind, Typed
from tutorbot.core.prose import words

GRU = Asked(
    typed=Typed(
        kind=Kind.FORMULA,
        accepted=(Expression(text="3*(n^2+n*m+n)", feedback=(words("Well done."),)),),
        mistaken=(Expression(text="4*(n^2+n*m+n)", tag="lstm"),),
        symbols=("n", "m"),
    )
)


def sometimes_hangs(asked: Asked, text: str) -> Verdict:
    """Stands for a judge with a bug: it hangs, dies or eats up the memory when asked to."""
    match text:
        case "n+100":
            time.sleep(60)
        case "n+200":
            os.kill(os.getpid(), signal.SIGKILL)
        case "n+300":
            bytearray(64 * 1024**3)
        case "n+400":
            hoard = [bytes(1024)]
            while len(hoard) < 10**7:
                hoard.append(bytes(1024 + len(hoard) % 2))
        case "n+(":
            time.sleep(60)
        case _:
            pass
    return judge(asked, text)


def checked_all(questions: tuple[Asked, ...]) -> tuple[tuple[str, ...], ...]:
    """Stands for the check of a course, which finds nothing or never ends."""
    return tuple(_checked(each) for each in questions)


def _checked(question: Asked) -> tuple[str, ...]:
    sometimes_hangs(question, question.typed.accepted[0].text)
    return checked(question)


@asynccontextmanager
async def checking(
    *, deadline: float = 10.0, decide: Callable[[Asked, str], Verdict] = judge
) -> AsyncGenerator[Checker]:
    checker = Checker(deadline=deadline, decide=decide)
    checker.start()
    try:
        yield checker
    finally:
        await checker.close()


async def load(checker: Checker) -> None:
    """Wait until both workers have judged, which takes a busy machine more than one deadline."""
    seen: set[int] = set()
    async with asyncio.timeout(90):
        while len(seen) < 2:
            done = await asyncio.gather(*(checker.run(judged_in, deadline=60) for _ in range(2)))
            seen |= {each.result for each in done if each}


def judged_in() -> int:
    """The worker's number."""
    judge(GRU, "n")
    return os.getpid()


@pytest.mark.slow
async def test_many_answers_are_judged_at_a_time():
    async with checking() as checker:
        verdicts = await asyncio.gather(
            *(checker.judge(GRU, text) for text in ("3n(n+m+1)", "4n(n+m+1)", "n", "3(n", "") * 4)
        )
        kinds = [type(verdict) for verdict in verdicts]
        assert kinds == [Right, Wrong, Wrong, Unreadable, Unreadable] * 4
        assert verdicts[1] == judge(GRU, "4n(n+m+1)")


@pytest.mark.slow
async def test_workers_that_are_slow_to_load_are_waited_for_and_not_begun_anew():
    async with checking() as checker, asyncio.timeout(100):
        while not await checker.run(worker.ready, deadline=0.1):  # too little to load in
            pass
        assert isinstance(await checker.judge(GRU, "3n(n+m+1)"), Right)


@pytest.mark.slow
async def test_an_endless_judgement_is_undecided_and_the_others_go_on():
    async with checking(deadline=3, decide=sometimes_hangs) as checker:
        await load(checker)
        start = time.monotonic()
        hung, right, unread = await asyncio.gather(
            checker.judge(GRU, "n+100"),
            checker.judge(GRU, "3n(n+m+1)"),
            checker.judge(GRU, "n+("),
        )
        assert time.monotonic() - start < 8
        assert isinstance(hung, Undecided)
        assert hung.echo.text == "n + 100"
        assert isinstance(right, Right)
        assert isinstance(unread, Unreadable)
        assert isinstance(await checker.judge(GRU, "3n(n+m+1)"), Right)


@pytest.mark.slow
@pytest.mark.parametrize("deadly", ["n+200", "n+300", "n+400"])
async def test_a_worker_that_dies_or_wants_too_much_memory_is_replaced(deadly: str):
    async with checking(decide=sometimes_hangs) as checker:
        assert isinstance(await checker.judge(GRU, deadly), Undecided)
        for _ in range(3):
            assert isinstance(await checker.judge(GRU, "3n(n+m+1)"), Right)


@pytest.mark.slow
async def test_an_integral_over_which_sympy_broods_is_undecided_and_the_others_go_on():
    endless = Typed(
        kind=Kind.FORMULA,
        accepted=(Expression(text="int(1/(x^5+x+1), x, 0, oo)"),),
        symbols=("x",),
    )
    async with checking(deadline=3) as checker:
        await load(checker)
        verdicts = await asyncio.gather(
            checker.judge(Asked(typed=endless), "1"), checker.judge(GRU, "3n(n+m+1)")
        )
        assert [type(verdict) for verdict in verdicts] == [Undecided, Right]
        assert isinstance(await checker.judge(GRU, "n"), Wrong)


@pytest.mark.slow
async def test_an_integral_is_worked_out_within_the_memory_of_a_worker():
    asked = Asked(
        typed=Typed(
            kind=Kind.FORMULA,
            accepted=(Expression(text="int(exp(-x^2), x, -oo, oo)"),),
            symbols=("x",),
        )
    )
    async with checking() as checker:
        assert isinstance(await checker.judge(asked, "√π"), Right)
        assert isinstance(await checker.judge(asked, "π"), Wrong)


@pytest.mark.slow
async def test_a_checker_may_be_started_again_and_is_kind_when_closed():
    checker = Checker()
    assert isinstance(await checker.judge(GRU, "3n(n+m+1)"), Undecided)
    for _ in range(2):
        checker.start()
        assert isinstance(await checker.judge(GRU, "3n(n+m+1)"), Right)
        await checker.close()
    await checker.close()


@pytest.mark.slow
async def test_a_course_whose_keys_never_end_is_given_up_on_and_the_others_go_on():
    endless = replace(GRU.typed, accepted=(Expression(text="n+100"),))
    async with checking() as checker:
        assert await checker.run(checked_all, (GRU, GRU)) == Done(((), ()))
        given_up = checker.run(checked_all, (GRU, replace(GRU, typed=endless)), deadline=0.5)
        assert await given_up is None
        assert await checker.run(checked_all, (GRU,)) == Done(((),))


async def test_a_text_that_is_too_long_does_not_travel():
    verdict = await Checker().judge(GRU, "(" * 100_000)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == "too-long"


@pytest.mark.slow
def test_ctrl_c_prints_no_tracebacks_of_workers():
    program = textwrap.dedent("""
        import asyncio
        from tutorbot.checking.checker import Checker
        from tutorbot.core.answers.verdicts import Asked
        from tutorbot.core.course import Expression, Kind, Typed

        asked = Asked(typed=Typed(kind=Kind.NUMBER, accepted=(Expression(text="1"),)))

        async def main():
            checker = Checker()
            checker.start()
            try:
                await checker.judge(asked, "1")
                print("ready", flush=True)
                await asyncio.sleep(60)
            finally:
                await checker.close()

        if __name__ == "__main__":
            try:
                asyncio.run(main())
            except KeyboardInterrupt:
                print("bye", flush=True)
    """)
    running = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=110)
    assert (out, err) == ("bye\n", "")
