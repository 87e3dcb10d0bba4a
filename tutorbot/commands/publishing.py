"""`tutorbot content publish`."""

import argparse
import asyncio
import sys

from tutorbot import errands, installation
from tutorbot.settings import Settings

TROUBLE = installation.TROUBLE
one_sentence = installation.one_sentence


def publish(settings: Settings, options: argparse.Namespace) -> int:
    def agreed(told: str) -> bool:
        print(told)
        return options.yes or input("Publish? [y/N] ").strip().casefold() in {"y", "yes"}

    try:
        print(asyncio.run(errands.publish_courses(settings, options.paths, agreed)))
    except installation.UnsoundContent as trouble:  # a line for each fault
        print(trouble, file=sys.stderr)
        return 1
    return 0
