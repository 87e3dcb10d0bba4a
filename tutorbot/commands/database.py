"""`tutorbot db upgrade | backup | restore | kept`."""

import argparse
import asyncio
import sys

from tutorbot import installation
from tutorbot.settings import Settings
from tutorbot.store.backups import kept_as_text, megabytes, plan_as_text, restored_as_text

TROUBLE = installation.TROUBLE
one_sentence = installation.one_sentence


def upgrade(settings: Settings, _options: argparse.Namespace) -> int:
    print(asyncio.run(installation.upgrade(settings)))
    return 0


def backup(settings: Settings, options: argparse.Namespace) -> int:
    if options.file is not None and options.keep is not None:
        raise installation.Ailing("--keep is about dated backups; leave out either it or FILE.")
    try:
        written = asyncio.run(
            installation.backups(settings).write(
                options.file, force=options.force, keep=options.keep
            )
        )
    except KeyboardInterrupt:
        return _interrupted("no backup was written")
    print(f"{written.path}: {megabytes(written.size)}, in {written.seconds:.1f} s")
    for each in written.rotated:
        print(f"Deleted {each}")
    return 0


def restore(settings: Settings, options: argparse.Namespace) -> int:
    backups = installation.backups(settings)
    try:
        with installation.sole_bot(settings):
            plan = asyncio.run(backups.plan(options.source))
            print(plan_as_text(plan, discard=options.discard))
            if not (options.yes or _agreed("Restore?")):
                print("Nothing was changed.")
                return 1
            print(restored_as_text(asyncio.run(backups.carry_out(plan, discard=options.discard))))
    except KeyboardInterrupt:
        return _interrupted("the database that was there, or the restored one, is there whole")
    return 0


def kept(settings: Settings, options: argparse.Namespace) -> int:
    print(
        kept_as_text(
            asyncio.run(installation.backups(settings).kept(discard=options.discard)),
            discarded=options.discard,
        )
    )
    return 0


def _agreed(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
    except EOFError:  # nobody is there to ask
        print()
        return False


def _interrupted(outcome: str) -> int:
    print(f"tutorbot: Interrupted; {outcome}.", file=sys.stderr)
    return _BY_SIGINT


_BY_SIGINT = 130  # as shells say it
