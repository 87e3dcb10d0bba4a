"""What an item of QTI 1.2 makes of a response: its conditions, run for what we choose to answer."""

from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element

from tutorbot.courses.importers.gathering import number
from tutorbot.courses.importers.tried import Outcome, Response

MOST_NODES = 2_000
"""Elements in the conditions of one item."""

_NOTHING: frozenset[str] = frozenset()
_FULL = Fraction(100)


class Conditions:
    def __init__(self, item: Element) -> None:
        self._conditions = list(item.iter("respcondition"))
        self._typed = frozenset(
            each.get("ident")
            for each in item.iter()
            if each.tag in {"response_str", "response_num"}
        )
        self._name, self._most = "SCORE", None
        for each in item.iter("decvar"):
            self._name = each.get("varname") or self._name
            self._most = number(each.get("maxvalue") or "")
            break
        self.size = sum(1 for each in self._conditions for _ in each.iter())
        self.is_bounded = self.size <= MOST_NODES

    def run(self, response: Response) -> Outcome:
        score = Fraction(0)
        feedback: list[str] = []
        for condition in self._conditions:
            if not all(self._applies(test, response) for test in condition.findall("conditionvar")):
                continue
            for setting in condition.findall("setvar"):
                score = self._set(score, setting)
            feedback += (each.get("linkrefid") or "" for each in condition.iter("displayfeedback"))
            if (condition.get("continue") or "No").casefold() != "yes":
                break
        return Outcome(score=score, feedback=tuple(dict.fromkeys(feedback)))

    def share(self, score: Fraction) -> Fraction:
        """Of all marks that can be had."""
        return score / (self._most or self._best_set() or _FULL)

    def right_sets(self, place: str) -> Iterator[frozenset[str]]:
        """What conditions that give points name of a place, without what they exclude."""
        for condition in self._conditions:
            if _gives_points(condition):
                yield frozenset(
                    text
                    for test in condition.findall("conditionvar")
                    for text in _named(test, place)
                )

    def equals(self, place: str) -> tuple[str, ...]:
        """Every text that a condition compares with what is typed, first those that give points."""
        found = (
            (each.text or "").strip()
            for condition in sorted(self._conditions, key=lambda each: not _gives_points(each))
            for each in condition.iter("varequal")
            if each.get("respident") in {place, None}
        )
        return tuple(dict.fromkeys(text for text in found if text))

    def ranges(self) -> Iterator[tuple[str, Fraction, Fraction]]:
        """For each condition on numbers: the one it names, if any, the least and the largest."""
        for condition in sorted(self._conditions, key=lambda each: not _gives_points(each)):
            exact = [(each.text or "").strip() for each in condition.iter("varequal")]
            low = [_bound(each) for each in condition.iter() if each.tag in {"vargte", "vargt"}]
            high = [_bound(each) for each in condition.iter() if each.tag in {"varlte", "varlt"}]
            if low[:1] != [None] and high[:1] != [None] and low and high:
                assert low[0] is not None
                assert high[0] is not None
                yield (exact[0] if exact else ""), low[0], high[0]
            elif exact and (value := number(exact[0])) is not None:
                yield exact[0], value, value

    def _applies(self, test: Element, response: Response) -> bool:
        # Several texts beside each other would all have to be typed at once, by the letter of the
        # format; everyone means that any of them will do.
        if all(each.tag == "varequal" and each.get("respident") in self._typed for each in test):
            return any(_holds(each, response) for each in test)
        return _holds(test, response)

    def _set(self, score: Fraction, setting: Element) -> Fraction:
        value = number(setting.text or "") or Fraction(0)
        if (setting.get("varname") or self._name).casefold() != self._name.casefold():
            return score
        match (setting.get("action") or "Set").casefold():
            case "add":
                return score + value
            case "subtract":
                return score - value
            case "multiply":
                return score * value
            case "divide":
                return score / value if value else score
            case _:
                return value

    def _best_set(self) -> Fraction:
        values = [
            number(each.text or "") or Fraction(0)
            for condition in self._conditions
            for each in condition.findall("setvar")
        ]
        return max(values, default=Fraction(0))


def _holds(test: Element, response: Response) -> bool:
    match test.tag:
        case "conditionvar" | "and":
            return all(_holds(each, response) for each in test)
        case "or":
            return any(_holds(each, response) for each in test)
        case "not":
            return not all(_holds(each, response) for each in test)
        case "other":
            return True
        case "unanswered":
            return not _given(test, response)
        case "varequal":
            wanted = (test.text or "").strip()
            if (test.get("case") or "No").casefold() == "yes":
                return wanted in _given(test, response)
            return wanted.casefold() in {each.casefold() for each in _given(test, response)}
        case "vargte" | "vargt" | "varlte" | "varlt":
            bound = _bound(test)
            values = [number(each) for each in _given(test, response)]
            return bound is not None and any(
                value is not None and _compares(test.tag, value, bound) for value in values
            )
        case _:
            return False


def _gives_points(condition: Element) -> bool:
    return any((number(each.text or "") or 0) > 0 for each in condition.findall("setvar"))


def _given(test: Element, response: Response) -> frozenset[str]:
    return response.get(test.get("respident") or "", _NOTHING)


def _compares(sign: str, value: Fraction, bound: Fraction) -> bool:
    return {
        "vargte": value >= bound,
        "vargt": value > bound,
        "varlte": value <= bound,
        "varlt": value < bound,
    }[sign]


def _bound(test: Element) -> Fraction | None:
    return number(test.text or "")


def _named(test: Element, place: str) -> Iterator[str]:
    if test.tag == "not":
        return
    if test.tag == "varequal" and test.get("respident") == place:
        yield (test.text or "").strip()
    for each in test:
        yield from _named(each, place)
