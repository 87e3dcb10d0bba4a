"""Which options a key means, by letter, by number or by their text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutorbot.courses.importers.marked_options import OptionDraft, squashed
from tutorbot.courses.importers.marked_words import unmarked

_ITEM = r"(?:options?|choices?|answers?|statements?)?\s*[(\[]?(?:{item})(?![a-zA-Z0-9_])[)\].]?"
_LIST = r"\s*(?:both\s+|only\s+)?{item}(?:\s*(?:,\s*and|,|;|/|&|\+|and|or|\s)\s*{item})*"
_AFTER = (
    r"(?:\s*only)?[\s.*_)\]]*"
    r"(?:(?:is|are)\b.{0,80}|\(?(?:correct|right)\b.{0,60}|because\b.*)?[\s.*_]*$"
)
_STATED = re.compile(
    r"(?:(?:correct|right|accepted)\s+(?:options?|answers?|choices?)\s+(?:is|are|would\s+be|will\s+be)\s*:?|"
    r"(?:answers?|ans)\s+(?:is|are|would\s+be|will\s+be)\s*:?|answers?\s*:)\s*"
    r"(?P<one>(?:options?\s*)?[(\[]?[A-La-l][)\]]?(?:\s*(?:,|and|&)\s*(?:options?\s*)?[(\[]?[A-La-l][)\]]?)*)(?![\w'])|"
    r"(?P<two>options?\s*[(\[]?[A-La-l][)\]]?(?:\s*(?:,|and|&)\s*(?:options?\s*)?[(\[]?[A-La-l][)\]]?)*)"
    r"\s+(?:is|are)\s+(?:the\s+)?(?:correct|right|accepted|true|answer)(?!\s+(?:only|if))|"
    r"^\W*(?P<three>[(\[][A-La-l][)\]](?:\s*(?:,|and|&)\s*[(\[]?[A-La-l][)\]]?)*)\s+(?:is|are)\s+"
    r"(?:the\s+)?(?:correct|right|answer)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?<![A-Za-z])[A-La-l](?![A-Za-z])")
_TYPE = re.compile(r"\(\s*type\s*:\s*(?P<type>[a-z ]+)\)\s*(?P<value>.*)", re.IGNORECASE)
_ASIDE = re.compile(r"\s*([(\[]?[A-La-l][)\]]?)\s+\([^()]{1,100}\)\s*\.?\s*$")
_PREFIX = re.compile(
    r"\s*[(\[]?(?P<label>[A-La-l]|\d{1,2}|[ivx]{1,4})\s*[).\]:]\s*(?P<text>\S.*)", re.DOTALL
)


_BARE_WORDS = """
    option options is are the correct right answer answers choice choices and so therefore hence
    thus only accepted both ans would be will one ones
"""
_BARE = frozenset(_BARE_WORDS.split())


@dataclass(frozen=True, kw_only=True)
class Named:
    """The places of the options that a key names; None if it names none that is there."""

    places: tuple[int, ...] | None
    is_guess: bool = False


def named(value: str, options: Sequence[OptionDraft]) -> Named:
    """The options that a value such as “A, C”, “(b)”, “2” or “The state is kept” names."""
    text = re.sub(r"\*\*|__", "", value).strip()
    labels = [draft.label for draft in options]
    texts = [squashed(draft.text()) for draft in options]
    exact = [place for place, each in enumerate(texts) if each and each == squashed(text)]
    if exact and not _letters_of(text, labels):
        return Named(places=tuple(exact[:1]))
    letters = _letters_of(text, labels)
    if letters:
        return Named(places=letters)
    if exact:
        return Named(places=tuple(exact[:1]))
    if aside := _ASIDE.match(text):
        text = aside[1]
        if letters := _letters_of(text, labels):
            return Named(places=letters)
    if prefix := _PREFIX.match(text):
        rest = squashed(prefix["text"])
        label = prefix["label"].casefold()
        place = labels.index(label) if label in labels else -1
        if place >= 0:
            agrees = bool(rest) and (rest in texts[place] or texts[place] in rest)
            others = [at for at, each in enumerate(texts) if each and each == rest]
            if agrees or not others:
                return Named(places=(place,), is_guess=not agrees)
            return Named(places=(others[0],), is_guess=True)
    if re.fullmatch(r"\W*\d{1,2}\W*", text) and labels[:1] == ["a"]:
        number = int(re.sub(r"\W", "", text))
        if 1 <= number <= len(options):
            return Named(places=(number - 1,), is_guess=True)
    return _by_text(text, texts)


def named_by_texts(
    values: Sequence[str], options: Sequence[OptionDraft]
) -> tuple[Named, list[str]]:
    """The options that a list names, each line on its own, and the lines that name none."""
    places: list[int] = []
    strange: list[str] = []
    is_guess = False
    for value in values:
        found = named(value, options)
        if found.places is None:
            strange.append(value)
        else:
            places += found.places
            is_guess |= found.is_guess
    return Named(places=tuple(sorted(set(places))) or None, is_guess=is_guess), strange


def stated(sentence: str, options: Sequence[OptionDraft]) -> tuple[int, ...]:
    """The options that a sentence calls right: “Therefore, Option B is the correct answer.”."""
    text = re.sub(r"\*\*|__", "", sentence)
    labels = [draft.label for draft in options]
    places: list[int] = []
    for found in _STATED.finditer(text[:2000]):
        run = found["one"] or found["two"] or found["three"]
        run = re.sub(r"options?", " ", run, flags=re.IGNORECASE)
        letters = [letter.casefold() for letter in _LETTER.findall(run)]
        places += (labels.index(letter) for letter in letters if letter in labels)
    return tuple(sorted(set(places)))


def typed_value(value: str) -> tuple[str, str]:
    """The type that a portal names before a value, and the value: ("range", "4.5, 5")."""
    found = _TYPE.match(unmarked(value)) or _TYPE.match(value.strip())
    return (
        (found["type"].strip().casefold(), found["value"].strip()) if found else ("", value.strip())
    )


def is_bare_statement(sentence: str, options: Sequence[OptionDraft]) -> bool:
    """Whether a sentence says nothing but which option is right."""
    if not stated(sentence, options):
        return False
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\*\*|__", "", sentence))
    return all(word.casefold() in _BARE for word in words)


def _letters_of(text: str, labels: Sequence[str]) -> tuple[int, ...]:
    """The places of labels, if the text is a list of labels and nothing else."""
    if not labels:
        return ()
    item = "|".join(sorted((re.escape(label) for label in labels), key=len, reverse=True))
    one = _ITEM.format(item=item)
    pattern = re.compile(_LIST.format(item=one) + _AFTER, re.IGNORECASE | re.DOTALL)
    if len(text) > 300 or not pattern.match(text):  # noqa: PLR2004 -- a list of letters is short
        joined = re.fullmatch(r"\s*[A-L]{2,6}\s*\.?", text)
        if joined and all(each.casefold() in labels for each in text.strip(" .")):
            return tuple(sorted({labels.index(each.casefold()) for each in text.strip(" .")}))
        return ()
    head = re.split(r"\b(?:is|are|because|correct|right)\b", text, maxsplit=1, flags=re.IGNORECASE)[
        0
    ]
    found = re.findall(rf"(?<![A-Za-z0-9])(?:{item})(?![A-Za-z0-9])", head, re.IGNORECASE)
    return tuple(sorted({labels.index(each.casefold()) for each in found}))


def _by_text(text: str, texts: Sequence[str]) -> Named:
    wanted = squashed(text)
    if not wanted:
        return Named(places=None)
    inside = [
        place for place, each in enumerate(texts) if each and (wanted in each or each in wanted)
    ]
    shortest = 4
    if len(inside) == 1 and min(len(wanted), len(texts[inside[0]])) >= shortest:
        return Named(places=tuple(inside), is_guess=True)
    return Named(places=None)
