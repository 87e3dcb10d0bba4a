"""Inline keyboards: what may be on them."""

from typing import Any, cast

from tutorbot.playground.params import Params
from tutorbot.playground.refusals import BUTTON_DATA_LIMIT, bad_request
from tutorbot.playground.wire import JsonObject

_LOOKS = {"text", "style", "icon_custom_emoji_id"}
_MOST_BUTTONS = 100


def read_keyboard(params: Params) -> JsonObject | None:
    """The inline keyboard of a call, or None; other reply markup is accepted and not kept.

    Buttons without a label vanish, as on Telegram.
    """
    markup = params.mapping("reply_markup")
    if not markup or "inline_keyboard" not in markup:
        return None
    rows: object = markup["inline_keyboard"]
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    read = [_read_row(row) for row in cast("list[Any]", rows)]
    kept = [row for row in read if row]
    if sum(len(row) for row in kept) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _read_row(row: object) -> list[JsonObject]:
    if not isinstance(row, list):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    return [button for wire in cast("list[Any]", row) if (button := _read_button(wire))]


def _read_button(wire: object) -> JsonObject | None:
    if not isinstance(wire, dict):
        raise bad_request(
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        )
    button = cast("JsonObject", wire)
    label = button.get("text")
    if not isinstance(label, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    actions = set(button) - _LOOKS
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if "callback_data" in actions and not (
        isinstance(data, str) and 1 <= len(data.encode()) <= BUTTON_DATA_LIMIT
    ):
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if "url" in actions and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button if label.strip() else None
