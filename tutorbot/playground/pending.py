"""What people did and the bot has not taken yet, and what of it must stay in order."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from tutorbot.playground.wire import JsonObject


class Pending:
    """Updates, the oldest first. To add, find or take one is as quick among ten thousand."""

    def __init__(self, updates: Iterable[JsonObject] = ()) -> None:
        self._by_id: dict[int, JsonObject] = {}
        self._lanes: dict[str, deque[int]] = {}
        self._fresh: dict[str, None] = {}
        for update in updates:
            self.add(update)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[JsonObject]:
        return iter(self._by_id.values())

    def __contains__(self, update: JsonObject) -> bool:
        return update["update_id"] in self._by_id

    def add(self, update: JsonObject) -> None:
        number, lane = update["update_id"], _lane(update)
        self._by_id[number] = update
        self._lanes.setdefault(lane, deque()).append(number)
        self._fresh[lane] = None

    def first(self, most: int) -> list[JsonObject]:
        return list(islice(self._by_id.values(), most))

    def first_of(self, lane: str) -> JsonObject | None:
        line = self._lanes.get(lane)
        return self._by_id[line[0]] if line else None

    def take(self, update: JsonObject) -> None:
        """Forget an update, if it is still there."""
        if self._by_id.pop(update["update_id"], None) is None:
            return
        lane = _lane(update)
        self._lanes[lane].remove(update["update_id"])
        if not self._lanes[lane]:
            del self._lanes[lane]
            self._fresh.pop(lane, None)

    def take_before(self, number: int) -> None:
        while self._by_id and (first := next(iter(self._by_id.values())))["update_id"] < number:
            self.take(first)

    def keep_newest(self, most: int) -> None:
        while len(self) > most:
            self.take(next(iter(self)))

    def clear(self) -> None:
        self.keep_newest(0)

    def fresh_lanes(self) -> list[str]:
        """Lanes with something in them to which something was added since this was asked last."""
        found = list(self._fresh)
        self._fresh.clear()
        return found

    def leave(self, lane: str) -> None:
        """Say that nobody looks after a lane any more; it is fresh if something is in it."""
        if lane in self._lanes:
            self._fresh[lane] = None


def _lane(update: JsonObject) -> str:
    """Messages by chat, pressed buttons by person, answers to polls by poll."""
    if query := update.get("callback_query"):
        return f"person {query['from']['id']}"
    if answer := update.get("poll_answer"):
        return f"poll {answer['poll_id']}"
    if poll := update.get("poll"):
        return f"poll {poll['id']}"
    for payload in update.values():
        if isinstance(payload, dict) and "chat" in payload:
            return f"chat {payload['chat']['id']}"
    return "rest"
