"""`tutorbot demo`: the bot, and a playground to try it on."""

import argparse
import asyncio
import webbrowser
from collections.abc import Callable
from contextlib import AsyncExitStack

from tutorbot import wiring
from tutorbot.commands.stopping import until_stopped
from tutorbot.core.pacing import Pace
from tutorbot.drawing.studio import Studio
from tutorbot.installation import clock, everybody, sole_bot
from tutorbot.playground.limits import Limits
from tutorbot.playground.server import Playground, PortPrivileged, PortTaken
from tutorbot.settings import Settings, has_desktop

TROUBLE = (*wiring.TROUBLE, PortTaken, PortPrivileged)


def demo(settings: Settings, options: argparse.Namespace) -> int:
    def announce(address: str) -> None:
        print(f"\n  Chat with the bot at  {address}\n  Stop with Ctrl-C.\n", flush=True)
        if not options.no_browser and has_desktop():
            webbrowser.open(address)

    print("Starting the tutor, its database and its chat page ...", flush=True)
    until_stopped(lambda stop: _at_work(settings, stop, announce))
    print("Stopped. What you learned is kept for the next time.")
    return 0


def one_sentence(trouble: BaseException) -> str:
    """What is wrong and how to mend it, on one line."""
    match trouble:
        case PortTaken(port=port):
            return (
                f"Port {port} is taken by another program; stop that one, or set"
                " TUTORBOT_PLAYGROUND_PORT to another port."
            )
        case PortPrivileged(port=port):
            return (
                f"Port {port} needs rights that this user does not have; set"
                " TUTORBOT_PLAYGROUND_PORT to a port from 1024 on."
            )
        case _:
            return wiring.one_sentence(trouble)


async def _at_work(
    settings: Settings, stop: asyncio.Event, announce: Callable[[str], None]
) -> None:
    """The bot and a chat page on this machine; ``announce`` gets the address of the page."""
    async with AsyncExitStack() as stack:
        stack.enter_context(sole_bot(settings))
        studio = Studio()
        playground = Playground(
            port=settings.playground_port,
            limits=Limits(chat_burst=20),  # Telegram bears a burst from a person who taps on
            formula_svg=lambda latex, display: studio.svg(latex, display=display),
            snapshot=settings.data / "playground.json",
            clock=clock,
        )
        await stack.enter_async_context(playground)
        bot = await stack.enter_async_context(
            wiring.assembled(
                settings,
                playground.token,
                playground.url,
                studio,
                is_author=everybody,
                pace=Pace(),
            )
        )
        wiring.pass_over_what_is_loaded()
        announce(playground.url)
        await bot.run(stop)
