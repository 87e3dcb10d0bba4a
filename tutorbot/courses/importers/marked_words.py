"""Turns of phrase in marked papers: labels, keys, noise, doubts, stems and workings."""

import re

_STRIP = re.compile(r"^[\s>#*_\-+•·\[(]*")

_ANSWER = re.compile(
    r"(?:(?:the\s+)?(?:correct|accepted|right|expected|official|final|model)\s+"
    r"(?:answers?|ans|options?|choices?|keys?)(?:\(s\))?|answers?(?:\s*key|\(s\))?|ans|key|correct)"
    r"(?:\*\*|__|\])?\s*(?:\.\s*[:=]?|(?:is|are)\b\s*:?|[:=–—]|-(?=\s)|"
    r"(?=\s*[(\[]?[a-l][)\]]?(?:\s*(?:,|and|&)\s*[(\[]?[a-l][)\]]?)*\W*$))\s*(?:\*\*|__)?\s*",
    re.IGNORECASE,
)
_SOLUTION = re.compile(
    r"(?P<word>(?:detailed|suggested|brief|full)?\s*(?:solution|sol|soln|explanation|reason|reasoning|"
    r"justification|rationale|feedback|working|derivation|proof|hint|note|comment|remark)s?)"
    r"(?:\*\*|__|\])?\s*(?:[:.–—]|-(?=\s)|$)\s*(?:\*\*|__)?\s*",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"""(?:
      (?:no|yes),\s+the\s+answer\s+is\s+(?:in)?correct\.?(?:\s*score:\s*[\d.]+)?
    | partially\s+correct\.?
    | score:\s*[\d./]+
    | feedback:?
    | (?:page|pg\.?)\s*\d+(?:\s*(?:of|/)\s*\d+)?
    | \d+\s*(?:of|/)\s*\d+
    | end\s*\*{2,}
    | \(?\[?\s*\d+(?:\.\d+)?\s*(?:points?|marks?|pts?)\s*\]?\)?
    | (?:due\s+(?:date|on)|your\s+last\s+recorded\s+submission|assignment\s+submitted)\b.{0,100}
    | as\s+per\s+our\s+records\b.{0,100}
    )[\s*_]*$""",
    re.VERBOSE | re.IGNORECASE,
)
POINTS = re.compile(
    r"\s*(?:\*\*|__)?[(\[]?\b(?P<points>\d+(?:\.\d+)?)\s*(?:points?|marks?|pts?)\b\.?\s*[)\]]?"
    r"(?:\*\*|__)?\s*$",
    re.IGNORECASE,
)
POINTS_FIRST = re.compile(
    r"^\s*(?:\*\*|__)?[(\[]\s*(?P<points>\d+(?:\.\d+)?)\s*(?:points?|marks?|pts?)\s*[)\]]"
    r"(?:\*\*|__)?[\s:.]*",
    re.IGNORECASE,
)
POINTS_ALONE = re.compile(
    r"\W*(?:total\s+)?(?:marks?|points?)\s*[:=]\s*(?P<points>\d+(?:\.\d+)?)\W*$", re.IGNORECASE
)
SEVERAL = re.compile(
    r"\bMSQ\b|multiple\s+select|select\s+all|choose\s+all|all\s+that\s+apply|one\s+or\s+more|"
    r"more\s+than\s+one\s+(?:option|answer|choice)|mark\s+all|tick\s+all",
    re.IGNORECASE,
)
KIND = re.compile(
    r"\s*[(\[](?:MSQ|MCQ|NAT|SCQ|single\s+(?:select|correct|choice)|multiple\s+"
    r"(?:select|correct|choice)|numerical|true\s*/\s*false)[^)\]]{0,30}[)\]]\s*",
    re.IGNORECASE,
)
DOUBT = re.compile(
    r"\b(?:I\s+(?:think|guess|believe|feel|doubt|am\s+not\s+sure|do(?:n't|\s+not)\s+(?:think|know|agree|understand))|"
    r"not\s+sure|looks?\s+(?:like|odd|wrong|incorrect)|seems?\s+(?:to\s+be\s+)?(?:odd|wrong|incorrect|off|strange)|"
    r"(?:question|answer|option|key)s?\s+(?:itself\s+)?(?:is|are|may\s+be|might\s+be|seems?|looks?)\s+"
    r"(?:wrong|odd|incorrect|ambiguous|confusing|debatable|unclear|strange|mistaken)|"
    r"is\s+odd|ambiguous|debatable|should\s+(?:have\s+been|be)\s+(?:option|the\s+answer|accepted|marked)|"
    r"mistake\s+in\s+the|typo|wrong\s+(?:question|answer|key|option)|incorrect\s+(?:question|key)|"
    r"(?:to\s+be\s+)?(?:verified|checked|confirmed)|doubt(?:ful)?|disputed?|contradict\w*|\?\?+|please\s+check|confus\w+)\b"
    r"|\?\?",
    re.IGNORECASE,
)
STRONG_DOUBT = re.compile(
    r"\b(?:odd|wrong|incorrect|ambiguous|mistake|typo|debatable|confusing|doubtful|disputed)\b",
    re.IGNORECASE,
)
_ORDINALS = r"(?:two|three|four|five|six|\d+)"
STEM = re.compile(
    rf"answer\s+(?:the\s+)?(?:following|next|below|{_ORDINALS})|"
    rf"(?:following|next)\s+{_ORDINALS}\s+questions|"
    r"(?:common|linked)\s+(?:data|information|answer|statement)|"
    r"(?:for|in|to|answer)\s+(?:the\s+)?questions?\s*(?:nos?\.?\s*)?\(?Q?\d+|"
    r"\b(?:questions?|Qs?\b|Q(?=\d))\.?\s*(?:nos?\.?\s*)?\(?Q?\.?\d+\s*"
    r"(?:to|[-–—,&]|and|through)\s*\(?Q?\.?\d+|"
    r"(?:use|with|based\s+on|refer\s+to|using|from)\s+(?:the\s+)?(?:following|above|given|below)\b[^.]{0,80}"
    r"\b(?:questions?|answer)\b|read\s+the\s+(?:following\s+)?(?:passage|paragraph|text|scenario|case)",
    re.IGNORECASE,
)
RANGE = re.compile(
    r"\b(?:questions?|Qs?\b|Q(?=\d))\.?\s*(?:nos?\.?\s*)?\(?Q?\.?(\d+)\)?"
    r"(?:\s*(?:to|[-–—,&]|and|through)\s*\(?Q?\.?(\d+))?",
    re.IGNORECASE,
)
COUNT = re.compile(rf"(?:following|next)\s+({_ORDINALS})\s+questions", re.IGNORECASE)
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
SETTING = re.compile(
    r"^\W*(?:Consider|Suppose|You\s+are\s+given|Given\s+(?:the|a|an|that|below)|Refer\s+to|"
    r"The\s+following\s+(?:figure|table|diagram|code|data|graph|network|image|passage)|Imagine|Let\s)"
)
WORKING = re.compile(
    r"\b(?:I\s+(?:assume|assumed|think|know|guess|used|take|took|calculated)|we\s+(?:know|get|have|can|see)|"
    r"therefore|hence|thus|so\s+(?:the\s+)?(?=\$|\w+\s+(?:is|are|has)\b))",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"^\W*(?:Continuing|Consider(?:ing)?|Using|Use|With|For|In|Based\s+on|Referring\s+to|Refer\s+to|As\s+in|"
    r"Given|Under|From|Following|Assum(?:e|ing))\b[^,.?:]{0,120}?\b(?:previous|preceding|above|last|earlier)\s+"
    r"(?:question|problem|exercise)s?[^,.?:]{0,40}[,.:]\s*",
    re.IGNORECASE,
)
KEY_TABLE = re.compile(
    r"^\W*(?:answers?(?:\s*keys?)?|keys?(?:\s+to\s+.{0,40})?|answers?\s+to\s+.{0,40}|correct\s+answers?|solutions?)\W*$",
    re.IGNORECASE,
)


def unmarked(text: str) -> str:
    """A line without what stands before its first word: bullets, heading signs, bold, brackets."""
    return _STRIP.sub("", text)


def answer_after(text: str) -> str | None:
    """What follows “Correct answer:” and the like at the start of a line."""
    bare = unmarked(text)
    found = _ANSWER.match(bare)
    return bare[found.end() :] if found else None


def solution_after(text: str) -> tuple[str, str] | None:
    """The word and what follows “Solution:” and the like at the start of a line."""
    bare = unmarked(text)
    found = _SOLUTION.match(bare)
    if not found or re.match(r"solutions?\s+(?:is|are|of|to)\b", bare, re.IGNORECASE):
        return None
    return found["word"].casefold().strip(), bare[found.end() :]


def is_label(text: str) -> bool:
    """Whether a key or a solution begins on this line."""
    return answer_after(text) is not None or solution_after(text) is not None


def is_noise(text: str) -> bool:
    """What a page or a program has added: page numbers, scores, due dates."""
    bare = unmarked(text)
    return bool(bare) and _NOISE.match(bare) is not None
