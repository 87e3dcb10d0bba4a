"""Tells Sentry where something broke: classes, frames and our own ids, and none of the values.

Imported only where TUTORBOT_SENTRY_DSN is set.
"""

from collections.abc import Mapping
from typing import Any, cast

from sentry_sdk import Client
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import event_from_exception


class Sentry:
    """A client of its own. Nothing is hooked into other libraries, so nothing else reports."""

    def __init__(self, dsn: str, release: str) -> None:
        self._client = Client(
            dsn=dsn,
            release=release,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            enable_backpressure_handling=False,
            enable_logs=False,
            enable_metrics=False,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            max_request_body_size="never",
            send_client_reports=False,
            send_default_pii=False,
            server_name="",
            spotlight=False,
            before_send=_bare,
        )

    def tell(self, error: BaseException, ids: Mapping[str, str | int]) -> None:
        """Send it in the background; ``ids`` say what it was about."""
        event, hint = event_from_exception(error, client_options=self._client.options)
        event["tags"] = {name: str(each) for name, each in ids.items()}
        self._client.capture_event(event, hint)

    def close(self) -> None:
        self._client.close(timeout=_LAST_WORDS)


_LAST_WORDS = 2.0  # seconds


def _bare(event: Event, _hint: Hint) -> Event:
    """What may leave this machine, and nothing that a later version of the SDK may add to it."""
    told = cast("dict[str, Any]", event)
    bare = {name: told[name] for name in _KEPT if name in told}
    values: list[dict[str, Any]] = told.get("exception", {}).get("values", [])
    bare["exception"] = {"values": [_bare_exception(each) for each in values]}
    return cast("Event", bare)


def _bare_exception(told: dict[str, Any]) -> dict[str, Any]:
    frames: list[dict[str, Any]] = (told.get("stacktrace") or _NO_FRAMES)["frames"]
    kept = [{name: frame[name] for name in _OF_FRAMES if name in frame} for frame in frames]
    named = {name: told.get(name) for name in ("type", "module")}
    return named | {"stacktrace": {"frames": kept}}


_NO_FRAMES: dict[str, list[dict[str, Any]]] = {"frames": []}
_KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "tags")
_OF_FRAMES = ("filename", "function", "module", "lineno", "in_app")
