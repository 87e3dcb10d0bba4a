"""`tutorbot content check` from its arguments to its exit code."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from tutorbot.authoring import report as reports
from tutorbot.authoring.check import Wanted, check_files
from tutorbot.courses.faults import Severity

SOUND, FAULTY, UNUSABLE = 0, 1, 2
"""Exit codes: nothing keeps the courses from being used; something does; nothing could be read."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How a report is shown. ``strict``: a warning is as bad as an error."""

    format: str = "text"
    colour: bool = False
    notes: bool = False
    strict: bool = False


def check(paths: list[Path], wanted: Wanted, shown: Shown, target: TextIO) -> int:
    """Check, report to ``target`` and give the exit code; a bar on standard error, on a terminal.

    Raises:
        Unusable: something that was named is not there, or cannot be read.
    """
    with tqdm(unit=" keys and formulas", disable=None, file=sys.stderr, leave=False) as bar:
        bar.total = 0

        def progress(change: int) -> None:
            if change < 0:
                bar.update(-change)
            else:
                bar.total += change
                bar.refresh()

        report = check_files(paths, wanted, progress)
    said = (
        reports.text(report, colour=shown.colour, notes=shown.notes)
        if shown.format == "text"
        else reports.FORMATS[shown.format](report) + "\n"
    )
    # A lone surrogate has no bytes in UTF-8, and is an escape in JSON.
    encoding = target.encoding or "utf-8"
    target.write(said.encode(encoding, "backslashreplace").decode(encoding))
    bad = report.errors + (report.count(Severity.WARNING) if shown.strict else 0)
    return FAULTY if bad else SOUND
