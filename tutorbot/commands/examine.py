"""`tutorbot doctor`."""

import argparse

from tutorbot import doctor, wiring
from tutorbot.settings import Settings

TROUBLE = wiring.TROUBLE
one_sentence = wiring.one_sentence


def examine(settings: Settings, _options: argparse.Namespace) -> int:
    healthy = True
    for finding in doctor.examine(settings):
        healthy = healthy and finding.healthy
        print(finding)
    return 0 if healthy else 1
