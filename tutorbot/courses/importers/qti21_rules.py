"""What an item of QTI 2.1 makes of a response: its response processing, run for our responses."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from xml.etree.ElementTree import Element

from tutorbot.courses.importers.gathering import number
from tutorbot.courses.importers.packages import child, text_of
from tutorbot.courses.importers.tried import Outcome, Response

MOST_NODES = 2_000
"""Elements in the response processing of one item."""

_Value = tuple[str, ...]  # of any cardinality; nothing is null; numbers as they are written
_TRUE, _FALSE = ("true",), ("false",)
_MOST_BITS = 10_000


class Processing:
    """Runs responses; ``unread`` names what it came across and does not know."""

    def __init__(self, item: Element) -> None:
        self.declarations = {
            each.get("identifier") or "": each for each in item.iter("responseDeclaration")
        }
        self._outcomes = {
            each.get("identifier") or "": each for each in item.iter("outcomeDeclaration")
        }
        self._modal = list(item.iter("modalFeedback"))
        self._inline = [
            each for each in item.iter() if each.tag in {"feedbackInline", "feedbackBlock"}
        ]
        self._rules = item.find("responseProcessing")
        self.unread: set[str] = set()
        # Without rules of its own, an item is judged by what it declares.
        template = "" if self._rules is None else self._rules.get("template") or ""
        has_rules = self._rules is not None and len(self._rules) > 0
        self._by_map = not has_rules and ("map_response" in template or not template)
        self._by_match = not has_rules
        self.size = sum(1 for each in self.declarations.values() for _ in each.iter())
        self.size += 0 if self._rules is None else sum(1 for _ in self._rules.iter())
        self.is_bounded = self.size <= MOST_NODES

    def run(self, response: Response) -> Outcome:
        values: dict[str, _Value] = {
            name: _values(child(each, "defaultValue")) for name, each in self._outcomes.items()
        }
        if self._by_match:
            total = sum((self._declared(name, response) for name in self.declarations), Fraction(0))
            values["SCORE"] = (str(total),)
        else:
            assert self._rules is not None
            self._apply(
                self._rules, values, {name: tuple(sorted(response[name])) for name in response}
            )
        return Outcome(score=_number(values.get("SCORE", ())), feedback=self._said(values))

    def share(self, score: Fraction) -> Fraction:
        most = self.most
        return score / most if most else score

    @cached_property
    def most(self) -> Fraction:
        """All marks that can be had."""
        score = self._outcomes.get("SCORE")
        declared = number((score.get("normalMaximum") if score is not None else None) or "")
        if not declared:
            declared = _number(_values(child(self._outcomes.get("MAXSCORE"), "defaultValue")))
        responses: dict[str, frozenset[str]] = {}
        for name in self.declarations:
            best = max(
                self.right_sets(name),
                key=lambda ticks, name=name: self.run({**responses, name: ticks}).score,
                default=frozenset[str](),
            )
            responses[name] = best
        reached = self.run(responses).score
        return reached if reached > 0 else declared or Fraction(0)

    def right_sets(self, place: str) -> Iterator[frozenset[str]]:
        declaration = self.declarations.get(place)
        yield frozenset(self.correct(place))
        mapped = {
            entry.get("mapKey") or "": number(entry.get("mappedValue") or "") or Fraction(0)
            for entry in (() if declaration is None else declaration.iter("mapEntry"))
        }
        gains = [key for key, value in mapped.items() if value > 0]
        if declaration is not None and declaration.get("cardinality") == "single":
            yield from (frozenset({key}) for key in gains)
        else:
            yield frozenset(gains)

    def correct(self, place: str) -> _Value:
        return _values(child(self.declarations.get(place), "correctResponse"))

    def texts(self, place: str) -> tuple[str, ...]:
        """Every text or number that the item compares with what is typed."""
        declaration = self.declarations.get(place)
        keys = () if declaration is None else declaration.iter("mapEntry")
        found = [*self.correct(place), *(each.get("mapKey") or "" for each in keys)]
        for rule in () if self._rules is None else self._rules.iter():
            if rule.tag in {"match", "stringMatch", "equal"} and any(
                each.get("identifier") == place for each in rule.iter("variable")
            ):
                found += (text_of(each) for each in rule.iter("baseValue"))
        return tuple(dict.fromkeys(each for each in found if each))

    def tolerance(self, place: str, value: Fraction) -> Fraction:
        """How far an answer may be off, absolutely."""
        low = high = value
        for rule in () if self._rules is None else self._rules.iter():
            if not any(each.get("identifier") == place for each in rule.iter("variable")):
                continue
            if rule.tag == "equal":
                given = number((rule.get("tolerance") or "0").split()[0]) or Fraction(0)
                mode = rule.get("toleranceMode") or "exact"
                if mode == "relative":
                    given = abs(value) * given / 100
                return given if mode != "exact" else Fraction(0)
            bounds = [number(text_of(each)) for each in rule.findall("baseValue")]
            if rule.tag in {"gte", "lte", "gt", "lt"} and bounds and bounds[0] is not None:
                low, high = min(low, bounds[0]), max(high, bounds[0])
        return max(high - value, value - low)

    # Feedback

    def element(self, ident: str) -> Element:
        kind, _, place = ident.partition(" ")
        return (self._modal if kind == "modal" else self._inline)[int(place)]

    def _said(self, values: Mapping[str, _Value]) -> tuple[str, ...]:
        return tuple(
            f"{kind} {place}"
            for kind, elements in (("modal", self._modal), ("inline", self._inline))
            for place, each in enumerate(elements)
            if (each.get("identifier") in values.get(each.get("outcomeIdentifier") or "", ()))
            is (each.get("showHide") != "hide")
        )

    # Marks by declaration

    def _declared(self, name: str, response: Response) -> Fraction:
        mapping = child(self.declarations.get(name), "mapping")
        if self._by_map and mapping is not None:
            return self._mapped(name, tuple(sorted(response.get(name, ()))))
        return Fraction(
            bool(self.correct(name)) and response.get(name) == frozenset(self.correct(name))
        )

    def _mapped(self, name: str, given: _Value) -> Fraction:
        mapping = child(self.declarations.get(name), "mapping")
        if mapping is None:
            return Fraction(0)
        entries = {
            each.get("mapKey") or "": number(each.get("mappedValue") or "") or Fraction(0)
            for each in mapping.iter("mapEntry")
        }
        other = number(mapping.get("defaultValue") or "") or Fraction(0)
        total = sum((entries.get(each, other) for each in set(given)), Fraction(0))
        low, high = number(mapping.get("lowerBound") or ""), number(mapping.get("upperBound") or "")
        total = total if low is None else max(total, low)
        return total if high is None else min(total, high)

    # Rules

    def _apply(
        self, rules: Element, values: dict[str, _Value], given: Mapping[str, _Value]
    ) -> bool:
        """Whether to go on."""
        for rule in rules:
            match rule.tag:
                case "responseCondition":
                    for branch in rule:
                        if branch.tag == "responseElse":
                            if not self._apply(branch, values, given):
                                return False
                            break
                        if len(branch) and self._value(branch[0], values, given) == _TRUE:
                            rest = Element("rest")
                            rest.extend(list(branch)[1:])
                            if not self._apply(rest, values, given):
                                return False
                            break
                case "responseProcessingFragment":
                    if not self._apply(rule, values, given):
                        return False
                case "setOutcomeValue" if len(rule):
                    values[rule.get("identifier") or ""] = self._value(rule[0], values, given)
                case "exitResponse":
                    return False
                case _:
                    self.unread.add(rule.tag)
        return True

    def _value(
        self, rule: Element, values: Mapping[str, _Value], given: Mapping[str, _Value]
    ) -> _Value:
        name = rule.get("identifier") or ""
        match rule.tag:
            case "variable":
                return given[name] if name in given else values.get(name, ())
            case "correct":
                return self.correct(name)
            case "mapResponse":
                return (str(self._mapped(name, given.get(name, ()))),)
            case "baseValue":
                return (text_of(rule),)
            case "null":
                return ()
            case _:
                pass
        parts = [self._value(each, values, given) for each in rule]
        numbers = [_number(each) for each in parts]
        match rule.tag:
            case "multiple" | "ordered":
                return tuple(each for part in parts for each in part)
            case "isNull":
                return _truth(not parts[:1] or not parts[0])
            case "not":
                return _truth(parts[:1] != [_TRUE])
            case "and":
                return _truth(all(each == _TRUE for each in parts))
            case "or":
                return _truth(any(each == _TRUE for each in parts))
            case "match" if len(parts) == 2:  # noqa: PLR2004 - a pair
                return _truth(_alike(*parts))
            case "stringMatch" if len(parts) == 2:  # noqa: PLR2004 - a pair
                one, other = (" ".join(each) for each in parts)
                same = one == other
                if rule.get("caseSensitive") == "false":
                    same = one.casefold() == other.casefold()
                return _truth(same)
            case "member" | "contains" if len(parts) == 2:  # noqa: PLR2004 - a pair
                few, many = parts if rule.tag == "member" else (parts[1], parts[0])
                return _truth(bool(few) and all(each in many for each in few))
            case "equal" if all(parts):
                wanted = (rule.get("tolerance") or "0").split()
                margin = number(wanted[0]) or Fraction(0)
                match rule.get("toleranceMode"):
                    case "relative":
                        margin = abs(numbers[0]) * margin / 100
                    case "absolute":
                        pass
                    case _:
                        margin = Fraction(0)
                return _truth(abs(numbers[0] - numbers[-1]) <= margin)
            case "equal":
                return _FALSE
            case "gte" | "gt" | "lte" | "lt" if len(parts) == 2:  # noqa: PLR2004 - a pair
                return _truth(all(parts) and _compares(rule.tag, *numbers))
            case "sum":
                return (str(sum(numbers, Fraction(0))),)
            case "subtract" if len(parts) == 2:  # noqa: PLR2004 - a pair
                return (str(numbers[0] - numbers[1]),)
            case "product":
                total = Fraction(1)
                for each in numbers:
                    if total.numerator.bit_length() + total.denominator.bit_length() > _MOST_BITS:
                        break
                    total *= each
                return (str(total),)
            case "divide" if len(parts) == 2 and numbers[1]:  # noqa: PLR2004 - a pair
                return (str(numbers[0] / numbers[1]),)
            case _:
                self.unread.add(rule.tag)
                return ()


def _values(element: Element | None) -> _Value:
    return () if element is None else tuple(text_of(each) for each in element.iter("value"))


def _number(value: _Value) -> Fraction:
    if len(value) != 1:
        return Fraction(0)
    found = number(value[0])
    if found is None and value[0].count("/") == 1:
        found = Fraction(value[0])  # one of our own sums
    return found or Fraction(0)


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    if sorted(one) == sorted(other):
        return True
    numbers = [
        sorted(value for each in side if (value := number(each)) is not None)
        for side in (one, other)
    ]
    return bool(one) and len(numbers[0]) == len(one) and numbers[0] == numbers[1]


def _compares(sign: str, one: Fraction, other: Fraction) -> bool:
    return {"gte": one >= other, "gt": one > other, "lte": one <= other, "lt": one < other}[sign]


def _truth(whether: bool) -> _Value:
    return _TRUE if whether else _FALSE
