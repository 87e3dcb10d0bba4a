"""Utterances as JSON and back, for a closed set of classes.

A value of a class becomes ``{"is": "Say", ...}`` with the fields that differ from their defaults,
so that rows written before a field was added can still be read after. A row is never evaluated:
its names are looked up in a fixed table, and an unknown name is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import cast, get_args

from tutorbot.core import actions, certainty, classes, drafts, keys, prose, regrading, zones
from tutorbot.store.errors import UnreadableBody
from tutorbot.views import reply
from tutorbot.views.reply import Change, Say

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def encode(utterance: Say | Change) -> Json:
    return _encode(utterance)


def decode(body: object) -> Say | Change:
    """Read a body back.

    Raises:
        UnreadableBody: another version of the code wrote it, or nobody's did.
    """
    value = _decode(body)
    if not isinstance(value, Say | Change):
        raise UnreadableBody(f"neither Say nor Change but {type(value).__name__}")
    return value


def storable(text: str) -> str:
    r"""Replace by U+FFFD what PostgreSQL cannot hold: NUL and halves of surrogate pairs.

    >>> storable("a\x00b\ud800")
    'a�b�'
    """
    if text.isascii() and "\0" not in text:
        return text
    return "".join("�" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def storable_json(value: object) -> object:
    """Make every text in a JSON value storable; mappings become dicts, tuples become lists."""
    match value:
        case str():
            return storable(value)
        case Mapping():
            pairs = cast("Mapping[str, object]", value).items()
            return {storable(key): storable_json(each) for key, each in pairs}
        case list() | tuple():
            return [storable_json(each) for each in cast("Sequence[object]", value)]
        case _:
            return value


_CLASSES: dict[str, type] = {
    each.__name__: each
    for each in (
        reply.Say,
        reply.Change,
        reply.Reply,
        reply.Button,
        reply.Link,
        reply.Poll,
        reply.CalendarPicture,
        reply.ProgressPicture,
        reply.SkillBar,
        reply.CertaintyPicture,
        reply.LevelBar,
        reply.ResultsPicture,
        reply.ResultBar,
        reply.Document,
        prose.Text,
        prose.Formula,
        *get_args(prose.Block),
        *get_args(actions.Action),
    )
}
_ENUMS: dict[str, type[Enum]] = {
    each.__name__: each
    for each in (
        prose.Style,
        actions.FormulaForm,
        actions.Theme,
        actions.Setting,
        actions.Card,
        zones.Region,
        certainty.Level,
        keys.Doubt,
        keys.Why,
        keys.Ruling,
        regrading.Policy,
        classes.Role,
        drafts.Aspect,
    )
}


def _encode(value: object) -> Json:
    if (known := _FIELDS.get(type(value))) is not None:
        encoded: dict[str, Json] = {"is": type(value).__name__}
        for name, default in known:
            each = cast("object", getattr(value, name))
            if each != default:
                encoded[name] = _encode(each)
        return encoded
    match value:
        case Enum() if type(value).__name__ in _ENUMS:
            return {"is": type(value).__name__, "of": cast("str", value.value)}
        case None | bool() | int():
            return value
        case str():
            return storable(value)
        case date():
            return {"is": "date", "of": value.isoformat()}
        case tuple():
            return [_encode(each) for each in cast("tuple[object, ...]", value)]
        case _:
            raise TypeError(f"{type(value).__name__} is not among the classes that are stored")


def _decode(body: object) -> object:
    match body:
        case None | bool() | int() | str():
            return body
        case list():
            return tuple(_decode(each) for each in cast("list[object]", body))
        case dict():
            return _decode_named(cast("dict[str, object]", body))
        case _:
            raise UnreadableBody(f"no place for a {type(body).__name__}")


def _decode_named(body: dict[str, object]) -> object:
    name = str(body.get("is"))
    if name == "date":
        return _made(name, date.fromisoformat, body.get("of"))
    if name in _ENUMS:
        return _made(name, _ENUMS[name], body.get("of"))
    if name in _CLASSES:
        parts = {key: _decode(each) for key, each in body.items() if key != "is"}
        return _made(name, lambda: _CLASSES[name](**parts))
    raise UnreadableBody(f"unknown name {name!r}")


def _made(name: str, make: Callable[..., object], *arguments: object) -> object:
    try:
        return make(*arguments)
    except (TypeError, ValueError) as error:
        raise UnreadableBody(f"no such {name}: {error}") from error


def _default(field: Field[object]) -> object:
    return _NOTHING if field.default is MISSING else field.default


_NOTHING = object()
_FIELDS: dict[type, tuple[tuple[str, object], ...]] = {
    each: tuple((field.name, _default(field)) for field in fields(each))
    for each in _CLASSES.values()
    if is_dataclass(each)
}
