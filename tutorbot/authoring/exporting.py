"""`tutorbot content export` from its arguments to its exit code."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TextIO

from tutorbot.authoring.command import FAULTY, SOUND, UNUSABLE
from tutorbot.core.course import Course
from tutorbot.courses.bundle import Bundle, FileFaults, examine_bundle, read_bundle
from tutorbot.courses.exporters import apkg, moodle, page, qti12
from tutorbot.courses.exporters.exported import Exported
from tutorbot.courses.faults import Severity
from tutorbot.drawing import formulas
from tutorbot.drawing.canvas import NotDrawable

_Writer = Callable[[Course, Mapping[str, bytes], int], Exported]


def _printed(course: Course, pictures: Mapping[str, bytes], variant: int) -> Exported:
    return page.export(course, pictures, _drawn, variant=variant)


_WRITERS: dict[str, _Writer] = {
    "moodle": lambda course, pictures, _: moodle.export(course, pictures),
    "qti": lambda course, pictures, _: qti12.export(course, pictures),
    "anki": lambda course, pictures, _: apkg.export(course, pictures),
    "html": _printed,
}
FORMATS = tuple(_WRITERS)


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is asked for. ``output``: the file to write; None: beside the course, by its id."""

    path: Path
    format: str
    output: Path | None = None
    variant: int = 1  # of each question, on paper
    force: bool = False  # write over what is there


def export_file(asked: Export, target: TextIO) -> int:
    """Write the course in another format, and say what that cannot hold.

    The exit code is `FAULTY` for a course that is not sound, which is not exported, and `UNUSABLE`
    if a file could not be read or written.
    """
    try:
        bundle = read_bundle(asked.path)
        if not isinstance(bundle, Bundle):
            return _refuse(bundle, target)
        reading = examine_bundle(bundle)
        errors = tuple(each for each in reading.faults if each[1].severity is Severity.ERROR)
        if reading.course is None or errors:
            return _refuse(errors, target)
        course = reading.course
        made = _WRITERS[asked.format](course, bundle.pictures, max(asked.variant, 1) - 1)
        path = asked.output or asked.path.parent / made.name
        if path.exists() and not asked.force:
            print(f"{path} is there already; --force writes over it.", file=target)
            return UNUSABLE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.content)
    except OSError as trouble:
        print(f"{asked.path}: {trouble.strerror or trouble}.", file=target)
        return UNUSABLE
    questions = len(course.questions)
    size = math.ceil(len(made.content) / 1000)
    print(f"{questions} question{'s' * (questions != 1)} → {path} ({size:,} kB)", file=target)
    if made.remarks:
        print("\nWhat the format says otherwise or cannot hold:", file=target)
        for remark in made.remarks:
            print(f"  {remark}", file=target)
    return SOUND


def _refuse(faults: FileFaults, target: TextIO) -> int:
    for name, fault in faults:
        print(f"{name}:{fault.line}:{fault.column}: {fault.what} {fault.mend}", file=target)
    print("The course is not sound, so it was not exported.", file=target)
    return FAULTY


def _drawn(latex: str, display: bool) -> str:
    """The formula as a drawing in the page, or as its LaTeX where it cannot be drawn."""
    try:
        return formulas.svg(latex, display=display)
    except NotDrawable:
        return f"<code>{escape(latex)}</code>"
