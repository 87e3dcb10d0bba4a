"""A lean Telegram: takes the calls of any bot, plays people who talk to it, and counts.

Everything is done in the callbacks of raw connections, so that it takes little of the machine that
it shares with what it measures. It does as little as any bot there needs: no limits, no refusals.

    python benchmarks/throughput/town.py '{"people": 200, "think": 0.05, ...}'

Prints what it hears of as lines of JSON, and ends when its input does.
"""

import asyncio
import gc
import json
import random
import re
import sys
import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httptools
import uvloop

TOKEN = "4242:a-token-that-opens-nothing"  # noqa: S105 - as it says

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Load:
    people: int
    think: float  # seconds between the last that a person reads and what they do next
    warm_up: float  # seconds
    measured: float  # seconds
    what: str  # "echo": everybody writes; "practice": they tap and answer
    webhooks: list[str] = field(default_factory=list[str])  # of the processes; none: they poll
    secret: str = ""


class Person:
    """Does one thing after the other: never more than one is under way."""

    def __init__(self, number: int, town: "Town") -> None:
        self.id = 1_000_000 + number
        self.about = {
            "id": self.id,
            "is_bot": False,
            "first_name": f"P{number}",
            "username": f"person{number}",
            "language_code": "en",
        }
        self.chat = {"id": self.id, "type": "private", "first_name": f"P{number}"}
        self.keyboards: dict[int, list[str]] = {}  # message → what its buttons carry
        self.next_message = 1
        self.acted_at = 0.0
        self.answered_at = 0.0  # 0: not yet
        self.ticked = False
        self.timer: asyncio.TimerHandle | None = None
        self._town = town
        self._dice = random.Random(number)

    def act(self) -> None:
        self.timer = None
        self._town.done(self)
        self.acted_at, self.answered_at = time.perf_counter(), 0.0
        self.timer = self._town.loop.call_later(_PATIENCE, self._give_up)
        message, data = self._chosen()
        if data is None:
            self._write("/start" if message is None else self._dice.choice(_TYPED))
        else:
            self._press(message or 0, data)

    def heard(self, *, lasting: bool) -> None:
        """The bot said something here, or (not lasting) answered the tap."""
        if lasting:
            self.answered_at = time.perf_counter()
        if self.answered_at:
            if self.timer:
                self.timer.cancel()
            self.timer = self._town.loop.call_later(self._town.load.think, self.act)

    def _give_up(self) -> None:
        self._town.lost += 1
        self.act()

    def _chosen(self) -> tuple[int | None, str | None]:
        if self._town.load.what == "echo":
            return 0, None
        for message in sorted(self.keyboards, reverse=True):
            buttons = self.keyboards[message]
            for wanted in _TAPS:
                found = [each for each in buttons if each.startswith(wanted)]
                if found and not (wanted == _TICK and self.ticked):
                    self.ticked = wanted == _TICK
                    return message, self._dice.choice(found)
            if any(each.startswith(_HINT) for each in buttons):  # a question without options
                return message, None
        return None, None

    def _write(self, text: str) -> None:
        message: Json = {**self._message(), "from": self.about, "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._town.tell({"message": message})

    def _press(self, message: int, data: str) -> None:
        query: Json = {
            "id": f"{self.id}{self.next_message}",
            "from": self.about,
            "chat_instance": "-1",
            "message": {
                "message_id": message,
                "from": _BOT,
                "chat": self.chat,
                "date": int(time.time()),
                "text": _SOME_TEXT,
                "reply_markup": {
                    "inline_keyboard": [
                        [{"text": "A button", "callback_data": each}]
                        for each in self.keyboards[message]
                    ]
                },
            },
            "data": data,
        }
        self._town.tell({"callback_query": query})

    def _message(self) -> Json:
        self.next_message += 1
        return {
            "message_id": self.next_message,
            "chat": self.chat,
            "date": int(time.time()),
        }


class Town:
    """The people, what they wait for, and the time that it takes."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.loop = asyncio.get_running_loop()
        self.people = {
            person.id: person for person in (Person(each, self) for each in range(load.people))
        }
        self.queries: dict[str, Person] = {}
        self.seconds: list[float] = []
        self.calls = 0
        self.lost = 0
        self.counting = False
        self.polled = False
        self._update = 100
        self._pending: deque[Json] = deque()
        self._poller: Callable[[bytes], None] | None = None
        self._couriers = [Courier(self, each, load.secret) for each in load.webhooks]

    async def live(self) -> None:
        dice = random.Random(1)
        for person in self.people.values():
            self.loop.call_later(dice.random() * min(2, self.load.warm_up), person.act)
        await asyncio.sleep(self.load.warm_up)
        gc.collect()
        gc.freeze()
        self.calls = self.lost = 0
        self.counting = True
        began = time.perf_counter()
        _print(is_="begin")
        await asyncio.sleep(self.load.measured)
        self.counting = False
        _print(
            is_="end",
            wall=time.perf_counter() - began,
            updates=len(self.seconds),
            calls=self.calls,
            lost=self.lost,
            p50=_percentile(self.seconds, 50),
            p99=_percentile(self.seconds, 99),
        )

    def tell(self, update: Json) -> None:
        self._update += 1
        update = {"update_id": self._update, **update}
        if query := update.get("callback_query"):
            self.queries[query["id"]] = self.people[query["from"]["id"]]
        if self._couriers:
            self._couriers[self._update % len(self._couriers)].deliver(json.dumps(update).encode())
        else:
            self._pending.append(update)
            self.hand_out()

    def done(self, person: Person) -> None:
        if self.counting and person.answered_at:
            self.seconds.append(person.answered_at - person.acted_at)

    def poll(self, offset: int, answer: Callable[[bytes], None]) -> None:
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        self._poller = answer
        self.hand_out()

    def hand_out(self) -> None:
        if self._poller and self._pending:
            answer, self._poller = self._poller, None
            batch = [self._pending[each] for each in range(min(100, len(self._pending)))]
            answer(_ok(batch))

    def call(self, method: str, parameters: Json, answer: Callable[[bytes], None]) -> None:
        if method == "getupdates":
            if not self.polled:
                self.polled = True
                _print(is_="polled")
            self.poll(int(parameters.get("offset", 0)), answer)
            return
        self.calls += 1
        answer(_ok(self._result(method, parameters)))

    def _result(self, method: str, parameters: Json) -> object:
        match method:
            case "getme":
                return _BOT
            case "getwebhookinfo":
                return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
            case "answercallbackquery":
                if person := self.queries.pop(str(parameters["callback_query_id"]), None):
                    person.heard(lasting=False)
                return True
            case "sendmessage" | "sendrichmessage" | "sendphoto":
                person = self.people[int(parameters["chat_id"])]
                person.next_message += 1
                shown = self._shown(person, person.next_message, parameters)
                if method == "sendphoto":
                    shown["photo"] = [self._kept(parameters["photo"])]
                return shown
            case "editmessagetext" | "editmessagereplymarkup" | "editmessagecaption":
                person = self.people[int(parameters["chat_id"])]
                return self._shown(person, int(parameters["message_id"]), parameters)
            case _:
                return True

    def _kept(self, photo: str) -> Json:
        """What Telegram says of a picture: one that is sent by its id keeps it."""
        identity = photo if photo.startswith("kept-") else f"kept-{zlib.crc32(photo.encode())}"
        return {"file_id": identity, "file_unique_id": identity, "width": 800, "height": 200}

    def _shown(self, person: Person, message: int, parameters: Json) -> Json:
        given: Any = parameters.get("reply_markup")
        markup: Json = json.loads(given) if isinstance(given, str) else given or {}
        rows: list[list[dict[str, str]]] = markup.get("inline_keyboard", [])
        buttons = [each["callback_data"] for row in rows for each in row if "callback_data" in each]
        if buttons:
            person.keyboards[message] = buttons
            if len(person.keyboards) > _REMEMBERED:
                del person.keyboards[min(person.keyboards)]
        else:
            person.keyboards.pop(message, None)
        person.heard(lasting=True)
        shown: Json = {
            "message_id": message,
            "from": _BOT,
            "chat": person.chat,
            "date": int(time.time()),
            "text": parameters.get("text", _SOME_TEXT),
        }
        if markup:
            shown["reply_markup"] = markup
        return shown


class Connection(asyncio.Protocol):
    """A connection of a bot's, on which it makes its calls."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._parser: Any = httptools.HttpRequestParser(self)
        self._url = b""
        self._kind = b""
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._url, self._kind, self._body = b"", b"", []

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._kind = value
        elif name.lower() == b"expect":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        path, _, query = self._url.decode().partition("?")
        method = path.rpartition("/")[2].lower()
        parameters = _read(self._kind.decode(), b"".join(self._body))
        parameters |= dict(parse_qsl(query))
        self._town.call(method, parameters, self._answer)

    def _answer(self, body: bytes) -> None:
        self._transport.write(_HEAD % len(body) + body)


class Courier:
    """Brings updates to one process, over as many connections as it takes."""

    def __init__(self, town: Town, url: str, secret: str) -> None:
        self._town = town
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            "Content-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
        ).encode()
        self._free: list[Delivery] = []
        self._waiting: deque[bytes] = deque()
        self._open = 0

    def deliver(self, body: bytes) -> None:
        self._waiting.append(body)
        self.go_on()

    def go_on(self) -> None:
        while self._waiting and self._free:
            body = self._waiting.popleft()
            self._free.pop().send(self._head + b"%d\r\n\r\n" % len(body) + body, body)
        if self._waiting and self._open < _MOST_CONNECTIONS:
            self._open += 1
            task = asyncio.ensure_future(self._connect())
            _TASKS.add(task)
            task.add_done_callback(_TASKS.discard)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: Delivery(self._town, self), self._host, self._port)
        except OSError:
            self._open -= 1
            loop.call_later(0.1, self.go_on)

    def free(self, delivery: "Delivery") -> None:
        self._free.append(delivery)
        self.go_on()

    def lost(self, delivery: "Delivery", undelivered: bytes | None) -> None:
        self._open -= 1
        if delivery in self._free:
            self._free.remove(delivery)
        if undelivered:
            self._waiting.appendleft(undelivered)
        asyncio.get_running_loop().call_later(0.05, self.go_on)


class Delivery(asyncio.Protocol):
    """One connection to a webhook."""

    def __init__(self, town: Town, courier: Courier) -> None:
        self._town = town
        self._courier = courier
        self._under_way: bytes | None = None
        self._parser: Any = httptools.HttpResponseParser(self)
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._courier.free(self)

    def send(self, request: bytes, body: bytes) -> None:
        self._under_way, self._answer = body, b""
        self._transport.write(request)

    def on_body(self, body: bytes) -> None:
        self._answer += body

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() == 200:
            self._under_way = None
            if b'"method"' in self._answer:  # a call, whose result nobody hears
                asked: Json = json.loads(self._answer)
                self._town.call(asked["method"].lower(), asked, _nobody)
            self._courier.free(self)
        else:  # again, in a moment
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self._courier.lost(self, self._under_way)


_PATIENCE = 20.0  # seconds until a person gives up
_REMEMBERED = 6  # messages with buttons
_MOST_CONNECTIONS = 100  # to one process
_TASKS: set["asyncio.Future[None]"] = set()
_BOT = {"id": 4242, "is_bot": True, "first_name": "The bot", "username": "measured_bot"}
_SOME_TEXT = (
    "Question 3 of 12. A recurrent network has 100 hidden units and reads words as vectors of 50."
    " How many parameters does its cell have, with biases?"
)
_TYPED = ("12", "1/2", "5000", "0.25", "n^2 + n", "15100")
# What buttons carry, in the order in which they are tapped: an option, one of several, those are
# all, the next question, a paper.
_TICK, _HINT = "1t", "1h"
_TAPS = ("1c", _TICK, "1d", "1n", "1o")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


def _nobody(_answer: bytes) -> None:
    pass


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def _read(kind: str, body: bytes) -> Json:
    if not body:
        return {}
    if kind.startswith("application/json"):
        return json.loads(body)
    if kind.startswith("multipart/form-data"):
        boundary = b"--" + kind.partition("boundary=")[2].strip('"').encode()
        found: Json = {}
        for part in body.split(boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            if name := re.search(rb'name="?([^";\r]+)', head):
                found[name[1].decode()] = content[:-2].decode("utf-8", "replace")
        return found
    return dict(parse_qsl(body.decode()))


def _percentile(values: list[float], percent: int) -> float | None:
    return sorted(values)[len(values) * percent // 100] if values else None


def _print(is_: str, **more: object) -> None:
    print(json.dumps({"is": is_, **more}), flush=True)


async def main() -> None:
    load = Load(**json.loads(sys.argv[1]))
    town = Town(load)
    server = await town.loop.create_server(lambda: Connection(town), "127.0.0.1", 0)
    _print(is_="url", url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    living: asyncio.Task[None] | None = None
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip() == "live":
            living = asyncio.create_task(town.live())
    if living:
        living.cancel()


if __name__ == "__main__":
    uvloop.run(main())
