"""Rich messages: what Telegram takes, and how they read as plain text.

Only the limits and ``RICH_MESSAGE_EMPTY`` / ``RICH_MESSAGE_CONTENT_REQUIRED`` are known from
Telegram; the words of the other refusals are stated nowhere and are guesses in its manner.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from tutorbot.playground.refusals import bad_request
from tutorbot.playground.wire import JsonObject

MOST_CHARACTERS = 32_768
MOST_BLOCKS = 500
MOST_DEPTH = 16
MOST_MEDIA = 50
MOST_COLUMNS = 20

_MEDIA = {"photo", "video", "animation", "audio", "voice_note", "map"}
_BLOCKS = _MEDIA | {
    "paragraph", "heading", "pre", "footer", "divider", "mathematical_expression", "anchor",
    "list", "blockquote", "expandable_blockquote", "pullquote", "collage", "slideshow", "table",
    "details", "thinking",
}  # fmt: skip
_TEXTS = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "date_time", "text_mention",
    "subscript", "superscript", "marked", "code", "custom_emoji", "mathematical_expression", "url",
    "email_address", "phone_number", "bank_card_number", "mention", "hashtag", "cashtag",
    "bot_command", "anchor", "anchor_link", "reference", "reference_link",
}  # fmt: skip
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True, kw_only=True)
class RichMessage:
    wire: JsonObject
    flags: tuple[str, ...]  # accepted, but asking for trouble in some client


@dataclass
class _Count:
    characters: int = 0
    blocks: int = 0
    media: int = 0
    flags: list[str] = field(default_factory=list[str])


def read_rich(given: JsonObject) -> RichMessage:
    """Check a ``rich_message`` and give it back as the message will carry it."""
    forms = [name for name in ("html", "markdown", "blocks") if given.get(name) is not None]
    if len(forms) != 1:
        raise bad_request(
            "RICH_MESSAGE_CONTENT_REQUIRED"
            if not forms
            else "exactly one of the fields html, markdown and blocks must be specified"
        )
    content: object = given[forms[0]]
    if forms != ["blocks"]:
        content = list(_paragraphs(str(content)))
    if not isinstance(content, list):
        raise bad_request("can't parse InputRichMessage: blocks must be an Array")
    blocks = cast("list[Any]", content)
    count = _Count()
    _count_blocks(blocks, count, depth=1, folded=False)
    wire: JsonObject = {"blocks": blocks}
    if not plain(wire).strip() and not count.media:
        raise bad_request("RICH_MESSAGE_EMPTY")
    if count.characters > MOST_CHARACTERS:
        raise bad_request("RICH_MESSAGE_TOO_LONG")
    if count.blocks > MOST_BLOCKS:
        raise bad_request("RICH_MESSAGE_BLOCKS_TOO_MUCH")
    if count.media > MOST_MEDIA:
        raise bad_request("RICH_MESSAGE_MEDIA_TOO_MUCH")
    if given.get("is_rtl"):
        wire["is_rtl"] = True
    return RichMessage(wire=wire, flags=tuple(count.flags))


def plain(rich: JsonObject) -> str:
    """A rich message as text: formulas as ``$LaTeX$``, cells with bars, items with their marks."""
    return "\n".join(_block_lines(rich.get("blocks", [])))


def _count_blocks(blocks: list[Any], count: _Count, *, depth: int, folded: bool) -> None:
    if depth > MOST_DEPTH:
        raise bad_request("RICH_MESSAGE_DEPTH_TOO_BIG")
    for given in blocks:
        block: JsonObject = cast("JsonObject", given) if isinstance(given, dict) else {}
        kind = block.get("type")
        if kind not in _BLOCKS:
            raise bad_request(f'can\'t parse InputRichBlock: unsupported type "{kind}"')
        count.blocks += 1
        count.media += kind in _MEDIA
        if kind == "mathematical_expression":
            _count_formula(block, count, folded=folded)
        folds = folded or kind == "details"
        for name in ("text", "summary", "credit", "caption"):
            if name in block:
                _count_text(block[name], count, depth=depth + 1, folded=folds)
        if "blocks" in block:
            _count_blocks(block["blocks"], count, depth=depth + 1, folded=folds)
        for item in block.get("items", []):
            _count_blocks(item.get("blocks", []), count, depth=depth + 1, folded=folds)
        for row in block.get("cells", []):
            if sum(cell.get("colspan", 1) for cell in row) > MOST_COLUMNS:
                raise bad_request("RICH_MESSAGE_TABLE_COLUMNS_TOO_MUCH")
            for cell in row:
                _count_text(cell.get("text", ""), count, depth=depth + 1, folded=folded)


def _count_text(text: Any, count: _Count, *, depth: int, folded: bool) -> None:  # noqa: ANN401 - a string, a list or an object, as it came over the wire
    if depth > MOST_DEPTH:
        raise bad_request("RICH_MESSAGE_DEPTH_TOO_BIG")
    if isinstance(text, str):
        count.characters += len(text)
    elif isinstance(text, list):
        for part in cast("list[Any]", text):
            _count_text(part, count, depth=depth, folded=folded)
    elif isinstance(text, dict):
        part = cast("JsonObject", text)
        if "type" in part and part["type"] not in _TEXTS:
            raise bad_request(f'can\'t parse RichText: unsupported type "{part["type"]}"')
        if part.get("type") == "mathematical_expression":
            _count_formula(part, count, folded=folded)
        for name in ("text", "credit"):  # a caption is an object without a type
            if name in part:
                _count_text(part[name], count, depth=depth + 1, folded=folded)
    else:
        raise bad_request("can't parse RichText: it must be a String, an Array or an Object")


def _count_formula(formula: JsonObject, count: _Count, *, folded: bool) -> None:
    source = formula.get("expression")
    if not isinstance(source, str) or not source.strip():
        raise bad_request("can't parse RichText: Can't find field \"expression\"")
    count.characters += len(source)
    if folded:
        count.flags.append("a formula inside details crashes Telegram Desktop")


def _paragraphs(source: str) -> Iterator[JsonObject]:
    """HTML and Markdown are shown by their words alone: the bot sends blocks."""
    for part in re.split(r"\n\s*\n|</p>|<br\s*/?>", source):
        words = html.unescape(_MARKUP.sub("", part)).strip()
        if words:
            yield {"type": "paragraph", "text": words}


def _block_lines(blocks: list[Any]) -> Iterator[str]:
    for block in blocks:
        match block["type"]:
            case "mathematical_expression":
                yield f"${block['expression']}$"
            case "divider":
                yield "———"
            case "list":
                for place, item in enumerate(block.get("items", []), 1):
                    lines = list(_block_lines(item.get("blocks", [])))
                    yield f"{_mark(item, place)} " + "\n  ".join(lines)
            case "table":
                for row in block.get("cells", []):
                    yield " | ".join(_words(cell.get("text", "")) for cell in row)
            case "details":
                yield _words(block.get("summary", ""))
                yield from _block_lines(block.get("blocks", []))
            case "blockquote":
                yield from (f"> {line}" for line in _block_lines(block.get("blocks", [])))
            case _:
                if "text" in block:
                    yield _words(block["text"])
                yield from _block_lines(block.get("blocks", []))
                if "caption" in block:
                    yield _words(block["caption"])


def _mark(item: JsonObject, place: int) -> str:
    if item.get("has_checkbox"):
        return "☑" if item.get("is_checked") else "☐"
    value = item.get("value", place)
    match item.get("type"):
        case "a" | "A":
            letter = chr(ord(item["type"]) + (value - 1) % 26)
            return f"{letter}."
        case "1" | "i" | "I":
            return f"{value}."
        case _:
            return "•"


def _words(text: Any) -> str:  # noqa: ANN401 - a string, a list or an object, as it came over the wire
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(_words(part) for part in cast("list[Any]", text))
    part = cast("JsonObject", text)
    if part.get("type") == "mathematical_expression":
        return f"${part['expression']}$"
    return _words(part.get("text", part.get("alternative_text", "")))
