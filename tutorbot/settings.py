"""What differs between installations. Read from the environment once, frozen after."""

import os
import re
import sys
from pathlib import Path
from typing import Annotated, TextIO
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tutorbot.core.calendar import DAY_STARTS, known_timezone
from tutorbot.core.pacing import MESSAGES_PER_SECOND, Pace

PREFIX = "TUTORBOT_"


def _data_folder() -> Path:
    """Where each system keeps what a program of one user remembers."""
    if sys.platform != "win32" and os.geteuid() == 0:
        # The embedded Postgres never runs as root, and nobody else may look into root's home.
        return Path("/var/lib/tutorbot")
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "tutorbot"
    kept = os.environ.get("XDG_DATA_HOME")
    return (Path(kept) if kept else home / ".local" / "share") / "tutorbot"


_HIGHEST_PORT = 65535
_HIGHEST = {
    "day_starts": 6,
    "playground_port": _HIGHEST_PORT,
    "messages_per_second": 1000,
}  # of the settings that are whole numbers
_LOWEST = {"messages_per_second": 1}  # where it is not 0


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix ``TUTORBOT_``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    telegram_token: SecretStr | None = Field(
        default=None, description="The bot's token from @BotFather. Needed by `tutorbot run`."
    )
    telegram_url: str = Field(
        default="https://api.telegram.org",
        description="The Bot API server: Telegram's own, or one that you host.",
    )
    webhook_url: str = Field(
        default="",
        description="Where Telegram is to bring updates, such as https://bot.example.org/telegram."
        " Needed by `tutorbot run --webhook`.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="What Telegram is to say with each update. Without it, one that follows from"
        " the token.",
    )
    listen: str = Field(
        default="127.0.0.1:8080",
        description="The address and port on which HTTP is served; port 0 is a free one. Without a"
        " webhook, nothing is served unless it is set.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="postgresql://user:password@host/database. Without it, an embedded Postgres"
        " is started in the data folder.",
    )
    direct_database_url: SecretStr | None = Field(
        default=None,
        description="The same database, past a pooler that TUTORBOT_DATABASE_URL leads to: for"
        " jobs, upgrades and backups. Without it, there is no pooler.",
    )
    data: Path = Field(
        default_factory=_data_folder,
        description="Where the embedded database, its backups and the playground are kept.",
    )
    content: Path | None = Field(
        default=None,
        description="The folder of course files. Without it, the courses that come along.",
    )
    postgres_binaries: Path | None = Field(
        default=None,
        description="A folder with initdb, postgres, pg_dump and pg_restore, instead of those that"
        " come along.",
    )
    authors: str = Field(
        default="",
        description="Who may publish courses in the chat: numeric Telegram ids, such as 4711, 815.",
    )
    timezone: str = Field(
        default="UTC",
        description="The time zone of learners who have not chosen one, such as Europe/Rome.",
    )
    day_starts: Annotated[int, Field(ge=0, le=_HIGHEST["day_starts"])] = Field(
        default=DAY_STARTS,
        description="The hour after midnight at which a new study day begins, 0 to 6.",
    )
    playground_port: Annotated[int, Field(ge=0, le=_HIGHEST["playground_port"])] = Field(
        default=8081,
        description="The port of the page that `tutorbot demo` serves on this machine.",
    )
    messages_per_second: Annotated[int, Field(ge=1, le=_HIGHEST["messages_per_second"])] = Field(
        default=MESSAGES_PER_SECOND,
        description="What Telegram lets this bot send in all: 30, or with paid broadcasts more.",
    )
    log: str = Field(
        default="info", description="How much is logged: debug, info, warning or error."
    )
    log_format: str = Field(
        default="text", description="How it is logged: text, or json for an object on each line."
    )
    otlp_url: str = Field(
        default="",
        description="Where traces are sent to by OTLP over HTTP, such as http://collector:4318."
        " Needs tutorbot[traces].",
    )
    sentry_dsn: SecretStr | None = Field(
        default=None,
        description="Where errors are reported to, such as https://key@sentry.example.org/1. Needs"
        " tutorbot[sentry].",
    )

    @field_validator("webhook_url")
    @classmethod
    def _public(cls, address: str, others: ValidationInfo) -> str:
        telegram: str = others.data.get("telegram_url", "https://")
        url = _split(address)
        schemes = {"https"} if telegram.startswith("https://") else {"http", "https"}
        if address and (
            url is None
            or url.scheme not in schemes
            or not url.hostname
            or "@" in url.netloc
            or not _PLAIN_PATH.fullmatch(url.path)
            or url.query
            or url.fragment
        ):
            raise ValueError(
                "must be like https://bot.example.org/telegram, with nothing after its path"
            )
        if url and url.port and "api.telegram.org" in telegram and url.port not in _CALLED_PORTS:
            raise ValueError("must have port 443, 80, 88 or 8443: Telegram calls no other")
        return address

    @field_validator("webhook_secret")
    @classmethod
    def _sayable(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not _SAYABLE.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -")
        return secret

    @field_validator("listen")
    @classmethod
    def _address(cls, text: str) -> str:
        if not _LISTEN.fullmatch(text) or int(text.rpartition(":")[2]) > _HIGHEST_PORT:
            raise ValueError("must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080")
        return text

    @property
    def listens(self) -> bool:
        """Whether an address was chosen, and not merely left as it is."""
        return "listen" in self.model_fields_set

    @property
    def host_and_port(self) -> tuple[str, int]:
        """What to listen on; an IPv6 address is without its brackets."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @field_validator("database_url", "direct_database_url")
    @classmethod
    def _postgresql(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is None:
            return None
        from sqlalchemy import make_url  # noqa: PLC0415 - half a second for who names a database
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 - the same

        try:
            url = make_url(secret.get_secret_value())
        except (ArgumentError, ValueError):  # what they say may quote the password
            url = None
        if url is None or url.drivername.partition("+")[0] not in {"postgresql", "postgres"}:
            raise ValueError(
                "must be like postgresql://user:password@host:5432/database, with %40 for an @ in"
                " the password"
            )
        if url.port is not None and not 0 < url.port <= _HIGHEST_PORT:
            raise ValueError(f"must have a port from 1 to {_HIGHEST_PORT}")
        if "sslmode" in url.query:
            raise ValueError("must say ssl= where it says sslmode=, with the same value")
        return secret

    @field_validator("authors")
    @classmethod
    def _ids(cls, text: str) -> str:
        if not all(each.isascii() and each.isdecimal() for each in _listed(text)):
            raise ValueError("must be numeric Telegram ids, such as 4711, 815")
        return text

    @property
    def direct_url(self) -> str | None:
        """Where sessions last; None for the embedded database."""
        url = self.direct_database_url if self.database_url else None
        url = url or self.database_url
        return url.get_secret_value() if url else None

    @property
    def author_ids(self) -> frozenset[int]:
        return frozenset(map(int, _listed(self.authors)))

    @property
    def pace(self) -> Pace:
        return Pace.of(self.messages_per_second)

    @field_validator("log")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.lower() not in {"debug", "info", "warning", "error"}:
            raise ValueError("must be debug, info, warning or error")
        return level.lower()

    @field_validator("log_format")
    @classmethod
    def _known_format(cls, name: str) -> str:
        if name.lower() not in {"text", "json"}:
            raise ValueError("must be text or json")
        return name.lower()

    @field_validator("otlp_url")
    @classmethod
    def _collector(cls, address: str) -> str:
        url = _split(address)
        if address and (url is None or url.scheme not in {"http", "https"} or not url.hostname):
            raise ValueError("must be like http://collector:4318")
        return address

    @field_validator("sentry_dsn")
    @classmethod
    def _project(cls, secret: SecretStr | None) -> SecretStr | None:
        url = _split(secret.get_secret_value()) if secret else None
        if secret and (
            url is None
            or url.scheme not in {"http", "https"}
            or not (url.hostname and url.username)
            or not url.path.rpartition("/")[2].isdecimal()
        ):
            raise ValueError("must be like https://key@sentry.example.org/1, as Sentry shows it")
        return secret

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if not known_timezone(name):
            raise ValueError("is not a time zone that this machine knows, such as Europe/Rome")
        return name


_PLAIN_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_CALLED_PORTS = {443, 80, 88, 8443}
_SAYABLE = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LISTEN = re.compile(r"(\[[0-9A-Fa-f:.%a-z]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}", re.ASCII)


def _split(address: str) -> SplitResult | None:
    try:
        url = urlsplit(address)
        _ = url.port  # looked at only when it is asked for
    except ValueError:
        return None
    return url


def _listed(text: str) -> list[str]:
    return text.replace(",", " ").split()


class BadSettings(Exception):
    """A setting has no usable value; the message is one sentence for whoever set it."""


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        BadSettings: naming the first variable at fault, and never its value if that is secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = "_".join(str(part) for part in first["loc"])
        what = first["msg"].removeprefix("Value error, ")
        if field in _HIGHEST:
            lowest = _LOWEST.get(field, 0)
            what = f"must be a whole number from {lowest} to {_HIGHEST[field]}"
        raise BadSettings(f"{PREFIX}{field.upper()} {what}.") from None


def has_desktop() -> bool:
    """Whether a browser would open in a window; one in the terminal would take it over."""
    return sys.platform == "darwin" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )


def wants_colour(stream: TextIO) -> bool:
    """Whether colours are welcome there: on a terminal that has some, unless NO_COLOR is set."""
    return (
        stream.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM", "dumb") != "dumb"
    )
