"""`tutorbot check`: one pair told in words, or rows of JSON from here to there."""

import gettext
import io
import json
import os
import sys
from contextlib import suppress
from typing import BinaryIO, TextIO

from tqdm import tqdm

from tutorbot.checking.batch import judge_all, lines_of
from tutorbot.checking.pairs import BadKey, Pair, asked, best
from tutorbot.checking.rows import in_plain_text, unsound
from tutorbot.core.answers.verdicts import Wrong
from tutorbot.core.course import Form
from tutorbot.views.checked import proof_prose, verdict_prose


class Unusable(ValueError):
    """What `tutorbot check` was given cannot be used; the message says why."""


def pair(
    *, student: str, teacher: str, names: str, functions: str, kind: str, form: str | None
) -> str:
    """The verdict in words, as a learner would read them, and the proof if it is wrong.

    Raises:
        Unusable: the key cannot be read, or there is no such kind or form.
    """
    try:
        questions = asked(
            Pair(
                student=student,
                teacher=teacher,
                names=_listed(names),
                functions=_listed(functions),
                kind=kind,
                form=None if form is None else Form(form),
            )
        )
    except BadKey as trouble:
        raise Unusable(unsound(trouble)) from None
    except ValueError:
        wanted = ", ".join(each.value for each in Form)
        raise Unusable(f"there is no form {form!r}; there are {wanted}") from None
    verdict = best(questions, student)
    words = gettext.NullTranslations()
    said = verdict_prose(words, verdict, student)
    if isinstance(verdict, Wrong):
        said = (*said, *proof_prose(words, verdict.proof))
    return in_plain_text(said)


def rows(source: TextIO | None, target: BinaryIO) -> int:
    """Judge the rows of a stream, in order, to rows of verdicts. 0, also when nobody reads on.

    Raises:
        Unusable: the source cannot be read.
    """
    if source is None:  # a process may be started without any input
        raise Unusable("the rows cannot be read: there is no standard input")
    try:
        # Read past the interpreter's own buffer: on its way out it waits for whoever reads there.
        bytes_in = open(source.fileno(), "rb", closefd=False)  # noqa: SIM115 - no path; never closed
        # A bar on a terminal only; it would be noise in a log.
        with tqdm(unit=" rows", disable=None, file=sys.stderr) as bar:
            for answer in judge_all(lines_of(bytes_in)):
                # A lone surrogate has no bytes in UTF-8, and an escape in JSON.
                text = json.dumps(answer, ensure_ascii=False)
                target.write(text.encode("utf-8", "backslashreplace") + b"\n")
                target.flush()
                bar.update()
    except BrokenPipeError:
        _look_away(target)
    except OSError as trouble:
        raise Unusable(f"the rows cannot be read: {trouble.strerror}") from trouble
    return 0


def _look_away(target: BinaryIO) -> None:
    """Nobody reads on: the last flush of the process must not find a closed pipe."""
    with suppress(OSError, io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, target.fileno())
        os.close(nowhere)


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.replace(",", " ").split())
