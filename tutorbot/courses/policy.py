"""The YAML of a course file: front matter and meta blocks, read without building any object.

Scalars stay as the author wrote them (``no`` is a word and ``0.1`` is a tenth); aliases and tags
are refused; depth and size are bounded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from tutorbot.courses.faults import Notebook

LONGEST_POLICY = 10_000
"""In characters, for one block."""

Words = str | tuple[str, ...]
Value = Words | dict[str, Words]


@dataclass(frozen=True, kw_only=True)
class Setting:
    key: str
    value: Value
    line: int

    def words(self) -> tuple[str, ...]:
        """A list, or a text taken apart at its spaces and commas."""
        if isinstance(self.value, str):
            return tuple(self.value.replace(",", " ").split())
        return tuple(self.value)

    def words_apart(self) -> tuple[str, ...]:
        """A list, or a text as the only one of it."""
        return (self.value,) if isinstance(self.value, str) else tuple(self.value)

    def text(self) -> str:
        """The value if it is a text, and else nothing."""
        return self.value.strip() if isinstance(self.value, str) else ""

    def table(self) -> Mapping[str, Words]:
        return self.value if isinstance(self.value, dict) else {}


Policy = dict[str, Setting]


def read_policy(text: str, above: int, known: tuple[str, ...], notebook: Notebook) -> Policy | None:
    """The settings of a block that begins under line ``above``; None if it cannot be read."""
    if len(text) > LONGEST_POLICY:
        notebook.note(
            above,
            f"This block has {len(text):,} characters.",
            f"Keep it under {LONGEST_POLICY:,}; prose does not belong here.",
            code="meta-long",
        )
        return None
    try:
        settings = tuple(_settings(text, above))
    except _Refused as refused:
        notebook.note(refused.line, refused.what, refused.mend, code="yaml-refused")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = above + 1 + (mark.line if mark else 0)
        notebook.note(
            line, "This is not YAML.", "Write one `key: value` to a line.", code="yaml-bad"
        )
        return None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML lets a bad character or a bad \U escape out as these, without a place.
        notebook.note(
            above + 1, "This is not YAML.", "Write one `key: value` to a line.", code="yaml-bad"
        )
        return None
    policy: Policy = {}
    for setting in settings:
        if setting.key not in known:
            notebook.note(
                setting.line,
                f"I do not know the key “{setting.key[:40]}”.",
                f"The keys here are {', '.join(known)}.",
                code="setting-unknown",
            )
        elif setting.key in policy:
            notebook.note(
                setting.line,
                f"“{setting.key}” is set twice.",
                "Keep one of the two lines.",
                code="setting-twice",
            )
        else:
            policy[setting.key] = setting
    return policy


class _Refused(Exception):
    """YAML that we do not take."""

    def __init__(self, line: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.line, self.what, self.mend = line, what, mend


def _settings(text: str, above: int) -> Iterator[Setting]:
    events = _Events(text, above)
    if isinstance(events.ahead, yaml.StreamEndEvent):
        return
    events.take(yaml.DocumentStartEvent)
    if isinstance(events.ahead, yaml.ScalarEvent) and not events.ahead.value:
        return
    events.take(yaml.MappingStartEvent)
    while not isinstance(events.ahead, yaml.MappingEndEvent):
        line = events.line
        key = events.scalar()
        yield Setting(key=key, value=_value(events), line=line)
    events.take(yaml.MappingEndEvent)
    events.take(yaml.DocumentEndEvent)
    events.take(yaml.StreamEndEvent)


def _value(events: "_Events") -> Value:
    if not isinstance(events.ahead, yaml.MappingStartEvent):
        return _words(events)
    events.take(yaml.MappingStartEvent)
    table: dict[str, Words] = {}
    while not isinstance(events.ahead, yaml.MappingEndEvent):
        key = events.scalar()
        if key in table:
            raise _Refused(events.line, f"“{key[:40]}” is set twice.", "Keep one of the two.")
        table[key] = _words(events)
    events.take(yaml.MappingEndEvent)
    return table


def _words(events: "_Events") -> Words:
    if not isinstance(events.ahead, yaml.SequenceStartEvent):
        return events.scalar()
    events.take(yaml.SequenceStartEvent)
    words: list[str] = []
    while not isinstance(events.ahead, yaml.SequenceEndEvent):
        words.append(events.scalar())
    events.take(yaml.SequenceEndEvent)
    return tuple(words)


class _Events:
    """The events of a YAML text, one ahead."""

    def __init__(self, text: str, above: int) -> None:
        self._events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self._above = above
        self.ahead = next(self._events)
        self.take(yaml.StreamStartEvent)

    @property
    def line(self) -> int:
        mark = self.ahead.start_mark
        return self._above + 1 + (mark.line if mark else 0)

    def take(self, kind: type[yaml.Event]) -> None:
        if not isinstance(self.ahead, kind):
            raise _Refused(
                self.line,
                "I expected something simpler here.",
                "Write one `key: value` to a line; a value is words, a list, or {name: value}.",
            )
        if getattr(self.ahead, "anchor", None) is not None:
            raise _Refused(self.line, "Anchors are not read.", "Write the value out.")
        self.ahead = next(self._events, self.ahead)

    def scalar(self) -> str:
        event, line = self.ahead, self.line
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(self.line, "Aliases are not read.", "Write the value out.")
        self.take(yaml.ScalarEvent)
        assert isinstance(event, yaml.ScalarEvent)
        if event.tag is not None:
            raise _Refused(line, "YAML tags are not read.", "Write the plain value.")
        return str(event.value)
