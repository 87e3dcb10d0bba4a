"""`tutorbot check`."""

import argparse
import sys

from tutorbot.checking import command
from tutorbot.settings import Settings

TROUBLE = (command.Unusable,)
one_sentence = str


def check(_settings: Settings, options: argparse.Namespace) -> int:
    if options.jsonl:
        return command.rows(sys.stdin, sys.stdout.buffer)
    if options.answer is None or options.key is None:
        raise command.Unusable("name an answer and its --key, or give rows with --jsonl")
    print(
        command.pair(
            student=options.answer,
            teacher=options.key,
            names=options.symbols,
            functions=options.functions,
            kind=options.kind,
            form=options.form,
        )
    )
    return 0
