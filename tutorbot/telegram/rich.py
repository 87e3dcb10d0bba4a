"""Prose as the blocks of a rich message, in which Telegram itself draws the formulas.

Nothing needs escaping in blocks. No formula ever goes into ``details``: that has crashed apps.
"""

import json
from typing import Any

from tutorbot.core.prose import (
    Block,
    Bullets,
    Choices,
    Display,
    Formula,
    Heading,
    Inline,
    Line,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
)

Json = dict[str, Any]  # Telegram's objects, on their way to JSON

_HEADING = 4  # of 1 (huge) to 6
_MOST_BLOCKS = 500
_MOST_CHARACTERS = 32_768


def rich_message(prose: Prose) -> Json:
    """The ``rich_message`` that says ``prose``."""
    blocks = [part for block in prose for part in _blocks(block)]
    # Otherwise "/2", "@x" and "#3" would turn into links.
    return {"blocks": blocks, "skip_entity_detection": True}


def fits(prose: Prose) -> bool:
    """Whether Telegram takes so much in one rich message; the source of formulas counts too."""
    blocks = rich_message(prose)["blocks"]
    # As JSON it is longer than Telegram counts, which errs on the safe side.
    characters = len(json.dumps(blocks, ensure_ascii=False))
    return _count(blocks) <= _MOST_BLOCKS and characters <= _MOST_CHARACTERS


def _blocks(block: Block) -> list[Json]:
    match block:
        case Heading(line):
            return [{"type": "heading", "size": _HEADING, "text": _text(line)}]
        case Paragraph(line):
            return [_paragraph(line)]
        case Display(latex):
            return [_expression(latex)]
        case Bullets(items, ordered):
            numbered = {"type": "1"} if ordered else {}
            return [
                {
                    "type": "list",
                    "items": [{**numbered, "blocks": [_paragraph(item)]} for item in items],
                }
            ]
        case Quote(lines):
            return [{"type": "blockquote", "blocks": [_paragraph(line) for line in lines]}]
        case Verbatim(text):
            return [{"type": "pre", "text": text}]
        case Choices(options):
            return _choices(options)
        case Picture(words=words):
            return [_paragraph((Text("🖼 "), Text(words, Style.ITALIC)))]


def _choices(options: tuple[tuple[str, Prose], ...]) -> list[Json]:
    """A table of letters and what they stand for, where each is one line; else paragraphs."""
    lines = [_one_line(body) for _, body in options]
    if all(line is not None for line in lines):
        rows = [
            [_cell({"type": "bold", "text": letter}), _cell(_text(line or ()))]
            for (letter, _), line in zip(options, lines, strict=True)
        ]
        return [{"type": "table", "is_compact": True, "cells": rows}]
    return [
        part
        for letter, body in options
        for part in [
            _paragraph((Text(letter, Style.BOLD),)),
            *(inner for block in body for inner in _blocks(block)),
        ]
    ]


def _one_line(body: Prose) -> Line | None:
    match body:
        case (Paragraph(line),):
            return line
        case (Display(latex),):
            return (Formula(latex),)
        case _:
            return None


def _cell(text: object) -> Json:
    return {"align": "left", "valign": "middle", "text": text}


def _paragraph(line: Line) -> Json:
    return {"type": "paragraph", "text": _text(line)}


def _text(line: Line) -> object:
    parts = [_inline(part) for part in line]
    return parts[0] if len(parts) == 1 else parts


def _inline(part: Inline) -> object:
    match part:
        case Formula(latex):
            return _expression(latex)
        case Text(text, Style.PLAIN):
            return text
        case Text(text, style):
            return {"type": style.value, "text": text}


def _expression(latex: str) -> Json:
    return {"type": "mathematical_expression", "expression": latex}


def _count(blocks: list[Json]) -> int:
    """Blocks, with those inside of lists and quotes."""
    return sum(
        1
        + _count(block.get("blocks", []))
        + sum(_count(item["blocks"]) for item in block.get("items", []))
        for block in blocks
    )
