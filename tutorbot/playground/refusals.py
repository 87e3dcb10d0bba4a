"""What the Bot API says when it refuses, in its own words."""

TEXT_LIMIT = 4096  # UTF-16 units
CAPTION_LIMIT = 1024  # UTF-16 units
BUTTON_DATA_LIMIT = 64  # bytes
TOAST_LIMIT = 200  # characters

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Refusal(Exception):
    """An answer with ``ok: false``."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to: int | None = None,
    ) -> None:
        super().__init__(description)
        self.migrate_to = migrate_to
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(what: str) -> Refusal:
    return Refusal(400, f"Bad Request: {what}")


def forbidden(what: str) -> Refusal:
    return Refusal(403, f"Forbidden: {what}")


def conflict(what: str) -> Refusal:
    return Refusal(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def migrated(to: int) -> Refusal:
    what = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refusal(400, what, migrate_to=to)


def blocked() -> Refusal:
    return forbidden("bot was blocked by the user")
