"""`tutorbot run`, `tutorbot jobs run`: the bot at work, or a part of it."""

import argparse

from tutorbot import wiring
from tutorbot.commands.stopping import until_stopped
from tutorbot.settings import Settings

TROUBLE = wiring.TROUBLE
one_sentence = wiring.one_sentence


def run(settings: Settings, options: argparse.Namespace) -> int:
    until_stopped(
        lambda stop: wiring.run(settings, stop, webhook=options.webhook, jobs=not options.no_jobs)
    )
    return 0


def run_jobs(settings: Settings, _options: argparse.Namespace) -> int:
    until_stopped(lambda stop: wiring.run_jobs(settings, stop))
    return 0
