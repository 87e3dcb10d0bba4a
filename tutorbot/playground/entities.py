"""Formatted text: HTML to text and entities, and what Telegram finds in text by itself.

Offsets and lengths count UTF-16 units; the offsets in refusals count bytes of UTF-8.
"""

import html
import re
from dataclasses import dataclass
from typing import Any

from tutorbot.playground.params import Params
from tutorbot.playground.refusals import Refusal, bad_request
from tutorbot.playground.wire import JsonObject, units

_STYLES = {
    "b": "bold", "strong": "bold",
    "i": "italic", "em": "italic",
    "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre",
    "tg-spoiler": "spoiler", "span": "spoiler",
    "blockquote": "blockquote",
    "a": "text_link", "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)?((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_CHARACTER = re.compile(r"&(lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>])/\w{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII)),
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?')]")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{2,31}\b", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,255}")),
)
_CLOSED = {"code", "pre", "text_link"}  # nothing is looked for inside these


@dataclass(frozen=True, kw_only=True)
class Formatted:
    text: str
    entities: tuple[JsonObject, ...]


@dataclass
class _Open:
    tag: str
    start: int  # UTF-16 units
    extra: JsonObject


def read_formatted(params: Params, name: str, *, entities_name: str = "entities") -> Formatted:
    """The text called ``name``, by its parse mode or its list of entities."""
    text = params.text(name) or ""
    mode = (params.text("parse_mode") or "").lower()
    if mode == "html":
        made = parse_html(text)
    elif mode:
        # The bot under test speaks HTML and entities; another mode here is a slip of its own.
        raise bad_request("unsupported parse_mode")
    else:
        made = Formatted(text=text, entities=_given(text, params.array(entities_name) or []))
    trimmed = _trimmed(made)
    return Formatted(
        text=trimmed.text, entities=(*trimmed.entities, *find(trimmed.text, trimmed.entities))
    )


def parse_html(source: str) -> Formatted:
    """Read Telegram's HTML.

    >>> parse_html("<b>2 &lt; 3</b>")
    Formatted(text='2 < 3', entities=({'type': 'bold', 'offset': 0, 'length': 5},))
    """
    text: list[str] = []
    length = 0
    stack: list[_Open] = []
    done: list[JsonObject] = []
    at = 0
    while at < len(source):
        if source[at] != "<":
            end = source.find("<", at)
            piece = _characters(source[at : end if end >= 0 else None])
            text.append(piece)
            length += units(piece)
            at = end if end >= 0 else len(source)
            continue
        found = _TAG.match(source, at)
        if found is None:
            raise _unparsed("Unclosed start tag", source, at)
        if found[1]:
            done += _closed(stack, (found[2] or "").lower(), length, source, at)
        else:
            stack.append(_opened((found[2] or "").lower(), found[3], length, source, at))
        at = found.end()
    if stack:
        tag = stack[-1].tag
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\""
        )
    done.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text="".join(text), entities=tuple(done))


def find(text: str, taken: tuple[JsonObject, ...] = ()) -> tuple[JsonObject, ...]:
    """Commands, links, mentions and hashtags that Telegram marks by itself.

    >>> find("/start now")
    ({'type': 'bot_command', 'offset': 0, 'length': 6},)
    """
    closed = [
        range(entity["offset"], entity["offset"] + entity["length"])
        for entity in taken
        if entity["type"] in _CLOSED
    ]
    found: list[JsonObject] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            offset, length = units(text[: match.start()]), units(match[0])
            if not any(offset in other for other in closed):
                closed.append(range(offset, offset + length))
                found.append({"type": kind, "offset": offset, "length": length})
    return tuple(sorted(found, key=lambda entity: entity["offset"]))


def _opened(tag: str, rest: str, start: int, source: str, at: int) -> _Open:
    if tag not in _STYLES:
        raise _unparsed(f'Unsupported start tag "{tag}"', source, at)
    attributes = {
        name.lower(): _characters(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(rest)
    }
    extra: JsonObject = {}
    match tag:
        case "span" if attributes.get("class") != "tg-spoiler":
            raise _unparsed('Tag "span" must have class "tg-spoiler"', source, at)
        case "a":
            extra = {"url": attributes.get("href", "")}
        case "code":
            language = attributes.get("class", "").removeprefix("language-")
            extra = {"language": language} if language else {}
        case "blockquote" if "expandable" in attributes:
            extra = {"expandable": True}
        case "tg-emoji":
            extra = {"custom_emoji_id": attributes.get("emoji-id", "")}
        case "tg-time":
            if not attributes.get("unix", "").isdigit():
                raise _unparsed("Invalid Unix time specified", source, at)
            extra = {"unix_time": int(attributes["unix"])}
            if "format" in attributes:
                extra["date_time_format"] = attributes["format"]
        case _:
            pass
    return _Open(tag, start, extra)


def _closed(stack: list[_Open], tag: str, end: int, source: str, at: int) -> list[JsonObject]:
    if not stack:
        raise _unparsed("Unexpected end tag", source, at)
    opened = stack.pop()
    if tag not in {"", opened.tag}:
        raise bad_request(
            f"can't parse entities: Unmatched end tag at byte offset {_bytes(source, at)}, "
            f'expected "</{opened.tag}>", found "</{tag}>"'
        )
    entity: JsonObject = {
        "type": _STYLES[opened.tag],
        "offset": opened.start,
        "length": end - opened.start,
        **opened.extra,
    }
    if entity["length"] == 0:
        return []
    match entity["type"]:
        case "text_link" if not entity["url"]:
            return []
        case "code" if stack and stack[-1].tag == "pre":
            stack[-1].extra |= opened.extra  # <pre><code class="language-…"> is one entity
            return []
        case "code":
            entity.pop("language", None)
        case "blockquote" if entity.pop("expandable", False):
            entity["type"] = "expandable_blockquote"
        case _:
            pass
    return [entity]


def _given(text: str, entities: list[Any]) -> tuple[JsonObject, ...]:
    total = units(text)
    for entity in entities:
        offset, length = entity.get("offset", -1), entity.get("length", -1)
        if not (isinstance(offset, int) and isinstance(length, int) and offset >= 0):
            raise bad_request("can't parse MessageEntity: wrong offset or length")
        if length < 1 or offset + length > total:
            raise bad_request("entity beyond the end of the text")
    return tuple(entities)


def _trimmed(made: Formatted) -> Formatted:
    text = made.text.rstrip()
    cut = units(text) - units(text := text.lstrip())
    total = units(text)
    kept: list[JsonObject] = []
    for entity in made.entities:
        start = max(0, entity["offset"] - cut)
        end = min(total, entity["offset"] - cut + entity["length"])
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return Formatted(text=text, entities=tuple(kept))


def _characters(text: str) -> str:
    return _CHARACTER.sub(lambda match: html.unescape(match[0]), text)


def _unparsed(what: str, source: str, at: int) -> Refusal:
    return bad_request(f"can't parse entities: {what} at byte offset {_bytes(source, at)}")


def _bytes(source: str, at: int) -> int:
    return len(source[:at].encode())
