"""Looks at an installation from end to end: what works, what does not, and how to mend it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass

from tutorbot import wiring
from tutorbot.checking.checker import Checker
from tutorbot.core.actions import Theme
from tutorbot.core.answers.verdicts import Asked, Right, Undecided
from tutorbot.core.course import Expression, Kind, Typed
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.studio import Studio
from tutorbot.settings import Settings
from tutorbot.store import learners, migrate
from tutorbot.telegram.app import whoami

_LONG = 60.0  # seconds; nobody waits in a chat, and the machine may have much to do


@dataclass(frozen=True, kw_only=True)
class Finding:
    what: str
    healthy: bool
    detail: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.healthy else 'MEND'}  {self.what}: {self.detail}"


def examine(settings: Settings) -> Generator[Finding]:
    """Each check in turn; one that fails does not keep the others from being made."""
    with asyncio.Runner() as runner:
        for what in _CHECKS:
            yield runner.run(finding(what, settings))


async def finding(what: str, settings: Settings) -> Finding:
    """One check, by its name."""
    try:
        return Finding(what=what, healthy=True, detail=await _CHECKS[what](settings))
    except wiring.TROUBLE as trouble:
        return Finding(what=what, healthy=False, detail=wiring.one_sentence(trouble))


async def _python(_settings: Settings) -> str:
    return sys.version.split()[0]


async def _courses(settings: Settings) -> str:
    loaded = await asyncio.to_thread(wiring.courses, settings)
    questions = sum(len(each.course.questions) for each in loaded)
    return f"{len(loaded)} papers with {questions} questions, all sound"


async def _database(settings: Settings) -> str:
    async with wiring.database(settings) as store, store.unit() as unit:
        where = "embedded" if settings.database_url is None else "the server of the settings"
        found = await migrate.revision(store.url.render_as_string(hide_password=False))
        tables = (
            "migrated"
            if found == migrate.head(wiring.shipped("migrations"))
            else f"with tables of a newer tutorbot ({found}), on which this one runs"
        )
        return f"{where}, {tables}, {await learners.count(unit)} learners so far"


async def _judge(_settings: Settings) -> str:
    typed = Typed(kind=Kind.FORMULA, symbols=("n",), accepted=(Expression(text="n*(n+1)/2"),))
    async with wiring.started(Checker(deadline=_LONG)) as checker:
        verdict = await checker.judge(Asked(typed=typed), "½n² + n/2")
    if isinstance(verdict, Undecided):
        raise wiring.Ailing("the judge does not get done; is the machine overloaded?")
    if not isinstance(verdict, Right):
        raise wiring.Ailing("the judge did not recognise ½n² + n/2; reinstall the dependencies.")
    return "½n² + n/2 was recognised as n(n+1)/2"


async def _drawing(_settings: Settings) -> str:
    async with wiring.started(Studio(deadline=_LONG)) as studio:
        lines = (FormulaLine(label=None, latex=r"\frac{n(n+1)}{2}"),)
        picture = await studio.formulas(lines, Theme.LIGHT)
    return f"a formula was drawn ({len(picture) // 1000} kB)"


async def _telegram(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "no token is set, so only `tutorbot demo` will run (TUTORBOT_TELEGRAM_TOKEN)"
    name, _ = await whoami(settings.telegram_token.get_secret_value(), settings.telegram_url)
    return f"reached as @{name}"


async def _updates(settings: Settings) -> str:
    wanted = settings.webhook_url
    if settings.telegram_token is None:
        return "are polled for, or brought to TUTORBOT_WEBHOOK_URL by `tutorbot run --webhook`"
    _, info = await whoami(settings.telegram_token.get_secret_value(), settings.telegram_url)
    now = info.url.partition("?")[0]  # what follows is a mark of ours
    waiting = info.pending_update_count
    if now and waiting and info.last_error_date:
        raise wiring.Ailing(
            f"{waiting} wait, for Telegram could not bring the last to {now} at"
            f" {info.last_error_date:%Y-%m-%d %H:%M} UTC ({info.last_error_message}); look whether"
            " `tutorbot run --webhook` is at work there, and the proxy before it."
        )
    if now and now == wanted:
        return f"are brought to {now}; {waiting} wait"
    if now:
        set_to = wanted or "not set"
        return f"are brought to {now} until somebody polls; TUTORBOT_WEBHOOK_URL is {set_to}"
    if wanted:
        return f"are polled for, until `tutorbot run --webhook` has them brought to {wanted}"
    return "are polled for"


Check = Callable[[Settings], Awaitable[str]]

_CHECKS: dict[str, Check] = {
    "Python": _python,
    "courses": _courses,
    "database": _database,
    "judge of typed answers": _judge,
    "pictures of formulas": _drawing,
    "Telegram": _telegram,
    "updates": _updates,
}
