"""The report of a check: for people, for programs, for editors and for the pages of a forge."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tutorbot.authoring.check import CheckedFile, Report
from tutorbot.courses.changes import Added, Changed, Changes, Removed
from tutorbot.courses.faults import Fault, Severity

Json = dict[str, Any]

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_WIDEST = 100  # columns of a source line
_BEFORE = 40  # columns kept before a place far to the right


def text(report: Report, *, colour: bool = False, notes: bool = False) -> str:
    """Each fault with its line and a caret under the place, then a line that sums it up."""
    parts = [
        _told(file, fault, colour=colour)
        for file, fault in report
        if notes or fault.severity is not Severity.NOTE
    ]
    if report.changes is not None:
        parts.append("\n".join(_changes(report.changes)))
    return "\n\n".join([*parts, _summary(report, notes=notes)]) + "\n"


def as_json(report: Report) -> str:
    """One object with everything."""
    return json.dumps(
        {
            "sound": not report.errors,
            "files": [
                {
                    "path": file.path,
                    "course": file.course.id if file.course else None,
                    "questions": len(file.course.questions) if file.course else None,
                    "faults": [_fault(fault) for fault in file.faults],
                }
                for file in report.files
            ],
            "counts": {f"{each.value}s": report.count(each) for each in Severity},
            "formulas": {
                "different": report.formulas.different,
                "in_words": report.formulas.in_words,
                "drawn": report.formulas.drawn,
            },
            "changes": None if report.changes is None else _changes_json(report.changes),
        },
        ensure_ascii=False,
        indent=2,
    )


def sarif(report: Report) -> str:
    """SARIF 2.1.0, which editors and forges read; columns count code points."""
    codes = sorted({fault.code for _, fault in report})
    run: Json = {
        "tool": {
            "driver": {
                "name": "tutorbot content check",
                "version": version("tutorbot"),
                "rules": [{"id": code, "name": _camel(code)} for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(file, fault, codes) for file, fault in report],
    }
    document: Json = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def github(report: Report) -> str:
    """Workflow commands, which GitHub turns into remarks on the lines of a pull request."""
    return "\n".join(_command(file, fault) for file, fault in report)


FORMATS: dict[str, Callable[[Report], str]] = {"json": as_json, "sarif": sarif, "github": github}


def snippet(file: CheckedFile, fault: Fault) -> tuple[str, int, int]:
    """What is shown of the faulty line, the columns before the place, and those that it takes."""
    if fault.line > len(file.lines):
        return "", 0, 1
    return _window(file.lines[fault.line - 1], fault)


def _told(file: CheckedFile, fault: Fault, *, colour: bool) -> str:
    def paint(codes: str, words: str) -> str:
        return f"\x1b[{codes}m{words}\x1b[0m" if colour else words

    number = str(fault.line)
    gutter = " " * len(number)
    bar = paint("34", "|")
    kind = paint(_COLOURS[fault.severity], f"{fault.severity.value}[{fault.code}]")
    lines = [
        f"{kind}{paint('1', f': {_visible(fault.what)}')}",
        f"{gutter}{paint('34', '-->')} {_visible(file.path)}:{fault.line}:{fault.column}",
    ]
    shown, before, under = snippet(file, fault)
    if shown.strip():
        caret = paint(_COLOURS[fault.severity], "^" * under)
        lines += [
            f"{gutter} {bar}",
            f"{paint('34', number)} {bar} {shown}",
            f"{gutter} {bar} {' ' * before}{caret}",
        ]
    return "\n".join([*lines, f"{gutter} {paint('34', '=')} mend: {_visible(fault.mend)}"])


def _window(line: str, fault: Fault) -> tuple[str, int, int]:
    start = min(fault.column - 1, len(line))
    end = min(fault.end_column - 1, len(line)) if fault.end_column else start + 1
    cut = max(0, start - _BEFORE) if len(line) > _WIDEST else 0
    piece = line[cut : cut + _WIDEST]
    left, right = "…" * (cut > 0), "…" * (cut + _WIDEST < len(line))
    before = len(left) + _columns(line[cut:start])
    under = min(_columns(line[start:end]), _columns(line[start : cut + _WIDEST]))
    return f"{left}{_visible(piece)}{right}", before, max(1, under)


def _visible(text: str) -> str:
    """The text with a stand-in for what a terminal would obey, or show out of order."""
    return "".join(
        " " if sign == "\t" else sign if sign.isprintable() else "�"  # not a tab: carets
        for sign in text
    )


def _columns(text: str) -> int:
    """How wide a text is on a terminal."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _summary(report: Report, *, notes: bool) -> str:
    counts = {each: report.count(each) for each in Severity}
    said = [_number(count, each.value) for each, count in counts.items()]
    hidden = "" if notes or not counts[Severity.NOTE] else " (--notes shows them)"
    formulas = report.formulas
    drawn = (
        "all drawn"
        if report.pictures
        else f"{formulas.drawn} drawn; --pictures draws all"
        if formulas.different
        else ""
    )
    shown = (
        f" {_number(formulas.different, 'formula')}, {formulas.in_words} of them said in words, "
        f"{drawn}."
        if formulas.different
        else ""
    )
    return (
        f"{_number(len(report.files), 'file')}, {_number(report.questions, 'question')}: "
        f"{', '.join(said)}{hidden}.{shown}"
    )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _changes(changes: Changes) -> Iterator[str]:
    if not changes:
        yield "Nothing changed."
        return
    yield "What changed:"
    if changes.course:
        yield f"  the course: {', '.join(changes.course)}"
    for change in changes.by_question:
        match change:
            case Added(question=question, title=title):
                yield f"  + {question}  {_visible(title)}"
            case Removed(question=question, title=title):
                yield f"  - {question}  {_visible(title)}"
            case Changed(question=question, parts=parts):
                yield f"  ~ {question}  {', '.join(part.value for part in parts)}"


def _changes_json(changes: Changes) -> Json:
    by_question: list[Json] = []
    for change in changes.by_question:
        match change:
            case Added(question=question):
                by_question.append({"question": question, "change": "added"})
            case Removed(question=question):
                by_question.append({"question": question, "change": "removed"})
            case Changed(question=question, parts=parts):
                changed = [part.name.lower() for part in parts]
                by_question.append({"question": question, "change": "changed", "parts": changed})
    return {"course": list(changes.course), "questions": by_question}


def _fault(fault: Fault) -> Json:
    return {
        "line": fault.line,
        "column": fault.column,
        "end_column": fault.end_column or None,
        "severity": fault.severity.value,
        "code": fault.code,
        "what": fault.what,
        "mend": fault.mend,
    }


def _result(file: CheckedFile, fault: Fault, codes: list[str]) -> Json:
    region: Json = {"startLine": fault.line, "startColumn": fault.column}
    if fault.end_column:
        region["endColumn"] = fault.end_column
    return {
        "ruleId": fault.code,
        "ruleIndex": codes.index(fault.code),
        "level": fault.severity.value,
        "message": {"text": f"{fault.what} {fault.mend}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(file.path)},
                    "region": region,
                }
            }
        ],
    }


def _uri(path: str) -> str:
    return Path(path).as_uri() if Path(path).is_absolute() else quote(path)


def _camel(code: str) -> str:
    return "".join(word.capitalize() for word in code.split("-"))


def _command(file: CheckedFile, fault: Fault) -> str:
    kind = "notice" if fault.severity is Severity.NOTE else fault.severity.value
    where = {"file": file.path, "line": str(fault.line), "col": str(fault.column)}
    if fault.end_column:
        where["endColumn"] = str(fault.end_column)
    where["title"] = fault.code
    properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::{kind} {properties}::{_message(f'{fault.what} {fault.mend}')}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
