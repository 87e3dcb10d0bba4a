"""`tutorbot demo`, `tutorbot run`, `tutorbot jobs run`: the bot at work, or a part of it."""

import argparse
import webbrowser

from tutorbot import wiring
from tutorbot.commands.stopping import until_stopped
from tutorbot.settings import Settings, has_desktop

TROUBLE = wiring.TROUBLE
one_sentence = wiring.one_sentence


def demo(settings: Settings, options: argparse.Namespace) -> int:
    def announce(address: str) -> None:
        print(f"\n  Chat with the bot at  {address}\n  Stop with Ctrl-C.\n", flush=True)
        if not options.no_browser and has_desktop():
            webbrowser.open(address)

    print("Starting the tutor, its database and its chat page ...", flush=True)
    until_stopped(lambda stop: wiring.demo(settings, stop, announce))
    print("Stopped. What you learned is kept for the next time.")
    return 0


def run(settings: Settings, options: argparse.Namespace) -> int:
    until_stopped(
        lambda stop: wiring.run(settings, stop, webhook=options.webhook, jobs=not options.no_jobs)
    )
    return 0


def run_jobs(settings: Settings, _options: argparse.Namespace) -> int:
    until_stopped(lambda stop: wiring.run_jobs(settings, stop))
    return 0
