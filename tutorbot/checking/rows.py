"""Pairs of lines to judge outside of a chat: rows of JSON in, rows of verdicts out.

A row names what a question would: ``student`` and ``teacher``, what is typed and its key; ``vars``
and ``functions``, the names in them; ``kind`` and ``syntax``. Nothing in a row is trusted: whatever
is wrong with one becomes an error row.
"""

import gettext
import json
import time
from typing import Any, Final, cast

from tutorbot.checking.pairs import BadKey, Pair, asked, best
from tutorbot.core.answers.verdicts import (
    Proof,
    Right,
    RightButForm,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.prose import Paragraph, Prose, Text, Verbatim
from tutorbot.views.checked import verdict_prose

Answer = dict[str, Any]  # of JSON: what is written for one row

MAX_ROW = 1_000_000  # bytes
MAX_NAMES = 200
MAX_NAME = 40


class BadRow(ValueError):
    """A row cannot be used; the message says why."""


def judged(line: bytes) -> Answer:
    """The verdict row for one row of JSON. Never raises."""
    name: object = None
    try:
        row = _json(line)
        name = _name(row)
        return {"id": name} | verdict_of(_pair(row))
    except BadRow as trouble:
        return error_row(name, str(trouble))
    except BadKey as trouble:
        return error_row(name, unsound(trouble))
    except Exception as trouble:  # noqa: BLE001 - a bug in the judge costs its row, not the run
        return error_row(name, f"the judge failed: {type(trouble).__name__}")


def named(line: bytes) -> object:
    """The id of a row, if it can be told."""
    try:
        return _name(_json(line))
    except BadRow:
        return None


def error_row(name: object, message: str) -> Answer:
    return {"id": name, "verdict": "error", "message": message}


def verdict_of(pair: Pair) -> Answer:
    """What a learner would be told of it, how long that took in milliseconds, and the proof.

    Raises:
        BadKey: the key cannot be read, or there is no such kind.
    """
    questions = asked(pair)
    start = time.perf_counter()
    verdict = best(questions, pair.student)
    took = (time.perf_counter() - start) * 1_000
    words = gettext.NullTranslations()
    return {
        "verdict": _WORD[type(verdict)],
        "mistake": _mistake(verdict),
        "message": in_plain_text(verdict_prose(words, verdict, pair.student)),
        "read": None if isinstance(verdict, Unreadable) else verdict.echo.text,
        "proof": _proof(verdict.proof) if isinstance(verdict, Wrong) else None,
        "ms": round(took, 3),
    }


def unsound(trouble: BadKey) -> str:
    """What is wrong with a key, with a caret where it is."""
    if trouble.problem is None:
        return str(trouble)
    problem = Unreadable(problem=trouble.problem)
    told = verdict_prose(gettext.NullTranslations(), problem, trouble.line)
    return f"{trouble}:\n{in_plain_text(told)}"


def in_plain_text(prose: Prose) -> str:
    """Without any style, for a terminal or a row."""
    return "\n".join(
        block.text
        if isinstance(block, Verbatim)
        else "".join(part.text if isinstance(part, Text) else part.latex for part in block.line)
        for block in prose
        if isinstance(block, Paragraph | Verbatim)
    )


# -- verdicts --------------------------------------------------------------------------------------

_WORD: Final[dict[type[Verdict], str]] = {
    Right: "right",
    RightButForm: "form",
    Wrong: "wrong",
    Unreadable: "unreadable",
    Undecided: "undecided",
}


def _mistake(verdict: Verdict) -> str | None:
    """The code of the slip, or of what is missing or unclear."""
    match verdict:
        case Wrong(slip=slip) if slip is not None:
            return slip.code
        case RightButForm(missing=missing):
            return missing.code
        case Unreadable(problem=problem):
            return problem.code
        case _:
            return None


def _proof(proof: Proof) -> Answer:
    return {
        "method": proof.method,
        "point": dict(proof.point),
        "got": proof.got,
        "expected": proof.expected,
    }


# -- rows ------------------------------------------------------------------------------------------


def _json(line: bytes) -> dict[str, object]:
    if len(line) > MAX_ROW:
        raise BadRow(f"the row is longer than {MAX_ROW} bytes")
    try:
        row: object = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadRow("the row is not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadRow("the row is not JSON") from None
    if not isinstance(row, dict):
        raise BadRow("the row is no JSON object")
    return cast("dict[str, object]", row)


def _name(row: dict[str, object]) -> object:
    """Its id, as long as that is something to tell rows apart by."""
    name = row.get("id")
    return name if isinstance(name, str | int) and not isinstance(name, bool) else None


def _pair(row: dict[str, object]) -> Pair:
    if row.get("id") is not None and _name(row) is None:
        raise BadRow("`id` must be a string or a whole number")
    syntax = _text(row, "syntax", default="plain")
    if syntax not in {"plain", "latex"}:
        raise BadRow(f"there is no syntax {syntax[:MAX_NAME]!r}")
    return Pair(
        student=_text(row, "student"),
        teacher=_text(row, "teacher"),
        names=_names(row, "vars"),
        functions=_names(row, "functions"),
        kind=_text(row, "kind", default="expr"),
    )


def _text(row: dict[str, object], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if value is None:
        raise BadRow(f"`{key}` is missing")
    if not isinstance(value, str):
        raise BadRow(f"`{key}` must be a string")
    return value


def _names(row: dict[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadRow(f"`{key}` must be a list of names")
    names = cast("list[object]", value)
    if len(names) > MAX_NAMES:
        raise BadRow(f"`{key}` has more than {MAX_NAMES} names")
    return tuple(name for name in names if isinstance(name, str) and 0 < len(name) <= MAX_NAME)
