"""Turns of phrase that break when options are shuffled or questions stand alone."""

import re
from collections.abc import Iterator

_ORDINAL = r"(?:first|second|third|fourth|fifth|last|next|previous|preceding|following)"
_PLACES = re.compile(
    rf"""\b(?:
      (?:options?|choices?|answers?|alternatives?)\s+(?:[A-H]|\d+)
    | (?<!of\sthe\s){_ORDINAL}\s+(?:option|choice|alternative)s?
    | (?:option|choice|alternative)s?\s+(?:above|below)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_OTHER_QUESTIONS = re.compile(
    r"""\b(?:
      (?:previous|preceding|last|next|following|earlier)\s+(?:question|problem|exercise|task)s?
    | (?:question|problem|exercise)s?\s+(?:above|below|before|(?:no\.?\s*)?\d+)
    | as\s+(?:before|above)\s+in\s+question
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_ALL_OF = re.compile(
    r"""\b(?:all|any|none|both|neither|each|some|more\s+than\s+one)\s+of\s+(?:
      (?:the\s+)?(?:above|below|these|those|foregoing|preceding)
    | (?:the\s+)?(?:other|others|other\s+options|options|answers|choices)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)


def places_named(text: str) -> Iterator[str]:
    """Options that are named by letter or place: "Option B", "the last option"."""
    return (found[0] for found in _PLACES.finditer(text) if not _is_article(found[0]))


def questions_named(text: str) -> Iterator[str]:
    """Other questions that are referred to: "the previous question"."""
    return (found[0] for found in _OTHER_QUESTIONS.finditer(text))


def speaks_of_all(text: str) -> bool:
    """Whether an option is about the other ones, and must stay in its place."""
    return _ALL_OF.search(text) is not None


def _is_article(found: str) -> bool:
    """Whether a letter is none: "answer a" begins "answer a question"."""
    return found.endswith(" a")
