"""`tutorbot content check | import | export`."""

import argparse
import sys

from tutorbot.authoring import command, exporting, importing
from tutorbot.authoring.check import Unusable, Wanted
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.settings import Settings, wants_colour

TROUBLE = (NotDrawable,)
one_sentence = str


def check(_settings: Settings, options: argparse.Namespace) -> int:
    shown = command.Shown(
        format=options.format,
        colour=wants_colour(sys.stdout),
        notes=options.notes,
        strict=options.strict,
    )
    wanted = Wanted(pictures=options.pictures, against=options.against)
    try:
        return command.check(options.paths, wanted, shown, sys.stdout)
    except Unusable as trouble:
        print(f"tutorbot: {trouble}", file=sys.stderr)
        return command.UNUSABLE


def bring(_settings: Settings, options: argparse.Namespace) -> int:
    asked = importing.Import(
        paths=options.paths, folder=options.output, format=options.format, force=options.force
    )
    return importing.import_files(asked, sys.stdout)


def hand_on(_settings: Settings, options: argparse.Namespace) -> int:
    asked = exporting.Export(
        path=options.path,
        format=options.format,
        output=options.output,
        variant=options.variant,
        force=options.force,
    )
    return exporting.export_file(asked, sys.stdout)
