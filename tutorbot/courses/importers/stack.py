"""STACK questions of Moodle: what can be told of them, and the few that are plain formulas."""

import re
from xml.etree.ElementTree import Element

from tutorbot.core.answers.judge import checked
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Expression, Kind, Typed
from tutorbot.courses.importers.packages import text_of
from tutorbot.courses.lines import LONGEST_EXPRESSION

_ASSIGNMENT = re.compile(r"\s*([A-Za-z]\w{0,30})\s*:\s*([^;$:]{1,400}?)\s*[;$]?\s*", re.ASCII)
_NAME = re.compile(r"(?<![\w.])[A-Za-z]\w*(?!\w|\s*\()", re.ASCII)
_PLAIN = re.compile(r"[\w+*/^(). -]+", re.ASCII)
_CONSTANTS = frozenset({"e", "i", "pi"})


def describe_stack(element: Element) -> str:
    """Its model answers and answer notes, for the person who types it anew."""
    answers = [
        f"{text_of(each, 'name')} = {text_of(each, 'tans')}" for each in element.findall("input")
    ]
    variables = text_of(element, "questionvariables", "text")
    notes = [
        text_of(each, tag)
        for each in element.iter("node")
        for tag in ("trueanswernote", "falseanswernote")
    ]
    told = [
        f"answer {'; '.join(answers)}" if answers else "",
        f"where {' '.join(variables.split())}" if variables else "",
        f"notes {', '.join(filter(None, notes))}" if any(notes) else "",
    ]
    return "; ".join(filter(None, told))


def read_stack(element: Element) -> Typed | None:
    """The key, where one input is compared with one formula and nothing is random or worked out."""
    inputs, nodes = element.findall("input"), list(element.iter("node"))
    text = text_of(element, "questiontext", "text")
    if len(inputs) != 1 or len(nodes) != 1 or "{@" in text or "{#" in text:
        return None
    if text_of(inputs[0], "type") not in {"algebraic", "numerical"}:
        return None
    if text_of(nodes[0], "answertest") not in {"AlgEquiv", "EqualComAss", "NumAbsolute"}:
        return None
    if text_of(nodes[0], "sans") != text_of(inputs[0], "name"):
        return None
    values = _assignments(text_of(element, "questionvariables", "text"))
    key = text_of(nodes[0], "tans") or text_of(inputs[0], "tans")
    if values is None:
        return None
    key = values.get(key, key)
    if len(key) > LONGEST_EXPRESSION or not _PLAIN.fullmatch(key) or "rand" in key:
        return None
    symbols = tuple(dict.fromkeys(name for name in _NAME.findall(key) if name not in _CONSTANTS))
    if any(name in values for name in symbols):
        return None
    typed = Typed(
        kind=Kind.FORMULA if symbols else Kind.NUMBER,
        accepted=(Expression(text=key),),
        symbols=symbols,
    )
    return None if checked(Asked(typed=typed)) else typed


def _assignments(text: str) -> dict[str, str] | None:
    """``name: value;`` line by line; none where a line is something else."""
    values: dict[str, str] = {}
    for line in re.split(r"[;$\n]", text):
        if not line.strip() or line.strip().startswith("/*"):
            continue
        found = _ASSIGNMENT.fullmatch(line)
        if not found:
            return None
        values[found[1]] = found[2]
    return values
