"""`tutorbot answers undecided`, `tutorbot jobs`, `tutorbot updates`."""

import argparse
import asyncio

from tutorbot import errands, installation
from tutorbot.jobs.listing import as_text as jobs_as_text
from tutorbot.languages import languages
from tutorbot.settings import Settings
from tutorbot.telegram.listing import as_text as updates_as_text
from tutorbot.views.undecided import as_text

TROUBLE = installation.TROUBLE
one_sentence = installation.one_sentence


def undecided(settings: Settings, options: argparse.Namespace) -> int:
    waiting = asyncio.run(errands.undecided(settings, max(0, options.limit)))
    print(as_text(languages(""), waiting))
    return 0


def jobs(settings: Settings, options: argparse.Namespace) -> int:
    listed = asyncio.run(errands.list_jobs(settings, max(0, options.limit)))
    print(jobs_as_text(listed))
    return 0


def updates(settings: Settings, options: argparse.Namespace) -> int:
    print(updates_as_text(asyncio.run(errands.list_poisoned(settings, max(0, options.limit)))))
    return 0
