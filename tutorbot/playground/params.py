"""The parameters of one call, whichever of the four ways they came in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tutorbot.playground.refusals import Refusal, bad_request
from tutorbot.playground.wire import JsonObject

UPLOAD_LIMIT = 50 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Params:
    """Values as they came: strings from a form or a query, any JSON from a JSON body."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict[str, Upload])

    def __contains__(self, name: str) -> bool:
        return name in self.values or name in self.uploads

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if value is None or isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError) as broken:
            raise bad_request(f"invalid {name} specified") from broken

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or str(value).lower() in {"true", "1", "yes"}

    def mapping(self, name: str) -> JsonObject | None:
        value = self._json(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise bad_request(f"can't parse {name} JSON object")
        return cast("JsonObject", value)

    def array(self, name: str) -> list[Any] | None:
        value = self._json(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise bad_request(f"can't parse {name} JSON object")
        return cast("list[Any]", value)

    def _json(self, name: str) -> object:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as broken:
            raise bad_request(f"can't parse {name} JSON object") from broken


async def read_params(request: Request) -> Params:
    """Query, JSON, urlencoded or multipart; a body wins over the query."""
    values: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        body = await request.body()
        try:
            read: object = json.loads(body) if body else {}
        except ValueError as broken:
            raise bad_request("can't parse JSON object") from broken
        if not isinstance(read, dict):
            raise bad_request("object expected")
        values |= cast("JsonObject", read)
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form(max_part_size=UPLOAD_LIMIT) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    content = await value.read()
                    if len(content) > UPLOAD_LIMIT:
                        raise Refusal(413, "Request Entity Too Large")
                    uploads[name] = Upload(
                        name=value.filename or "file",
                        mime=value.content_type or "application/octet-stream",
                        content=content,
                    )
                else:
                    values[name] = value
    return Params(values=values, uploads=uploads)
