from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.pacing import (
    BULK_FLOOR,
    WARY,
    Caution,
    Lane,
    Pace,
    Rate,
    Ticket,
    Turns,
    is_group,
)

ADA, BEN, CLASS = 101, 102, -7
EASILY = 1e-6  # seconds; more than floating point gets wrong

rates = st.builds(
    Rate, per_second=st.sampled_from([0.25, 1.0, 7.0, 30.0]), burst=st.integers(1, 20)
)
lanes = st.sampled_from(Lane)


def most_in(times: list[float], span: float) -> int:
    return max((sum(begin <= at < begin + span for at in times) for begin in times), default=0)


@pytest.mark.parametrize(("paid_for", "at_once"), [(30, 3), (1000, 100)])
def test_a_bot_that_pays_for_more_messages_sends_more(paid_for: int, at_once: int):
    assert Pace.of(paid_for).overall == Rate(per_second=paid_for, burst=at_once)
    assert Pace.of(paid_for).chat == Pace().chat


# One budget


@given(rates, st.lists(st.floats(0, 3), max_size=60), st.floats(0.1, 60))
def test_no_span_sees_more_than_the_rate_and_the_burst(rate: Rate, gaps: list[float], span: float):
    now, tat, sent = 1000.0, float("-inf"), list[float]()
    for gap in gaps:
        now += gap
        if rate.opens(tat) <= now:
            tat = rate.after(tat, now)
            sent.append(now)
    assert most_in(sent, span) <= rate.burst + rate.per_second * span + EASILY


@given(rates, st.integers(1, 100))
def test_who_waits_as_long_as_told_gets_all_of_the_rate(rate: Rate, messages: int):
    now, tat = 50.0, float("-inf")
    for _ in range(messages):
        now = max(now, rate.opens(tat))
        tat = rate.after(tat, now)
    assert now - 50 == pytest.approx(max(0, messages - rate.burst) / rate.per_second)


# Turns


def ask(turns: Turns, chat: int | str, lane: Lane = Lane.INTERACTIVE, now: float = 0) -> Ticket:
    return turns.ask(chat, lane, 1, now)[0]


def emptied(turns: Turns, now: float, step: float = 0) -> list[tuple[float, Ticket]]:
    """Take all, as soon as may be, ``step`` seconds apart at least."""
    taken: list[tuple[float, Ticket]] = []
    while (opening := turns.next_opening(now)) is not None:
        now = max(now, opening)
        ticket = turns.take(now)
        assert ticket is not None
        taken.append((now, ticket))
        now += step
    return taken


asks = st.lists(
    st.tuples(st.sampled_from([ADA, BEN, CLASS, "@channel"]), lanes, st.floats(0, 2)), max_size=60
)


@given(asks)
def test_a_chat_hears_everything_in_the_order_it_was_said(
    asked: list[tuple[int | str, Lane, float]],
):
    turns = Turns(Pace())
    for chat, lane, _ in asked:
        ask(turns, chat, lane)
    heard: dict[int | str, list[int]] = defaultdict(list)
    for _, ticket in emptied(turns, 0):
        heard[ticket.chat].append(ticket.number)
    assert sum(map(len, heard.values())) == len(asked)
    assert all(numbers == sorted(numbers) for numbers in heard.values())


@given(asks)
def test_a_group_never_hears_more_than_twenty_in_any_minute(
    asked: list[tuple[int | str, Lane, float]],
):
    turns, now, sent = Turns(Pace()), 0.0, list[float]()
    for _, lane, pause in asked:
        ask(turns, CLASS, lane, now)
        while turns.take(now):
            sent.append(now)
        now += pause
    sent += [at for at, _ in emptied(turns, now)]
    assert most_in(sent, 60) <= 20


@given(asks)
def test_in_bulk_a_person_hears_one_a_second_and_two_more(
    asked: list[tuple[int | str, Lane, float]],
):
    turns, now, sent = Turns(Pace()), 0.0, list[float]()
    for _, _, pause in asked:
        ask(turns, ADA, Lane.BULK, now)
        while turns.take(now):
            sent.append(now)
        now += pause
    sent += [at for at, _ in emptied(turns, now)]
    assert all(most_in(sent, span) <= 3 + span + EASILY for span in (1, 2, 10))


def test_quick_replies_to_a_learner_pass_at_once():
    turns = Turns(Pace())
    for _ in range(20):
        ask(turns, ADA)
    assert [at for at, _ in emptied(turns, 5)] == [5] * 20


@pytest.mark.parametrize(("lane", "at_once"), [(Lane.INTERACTIVE, 20), (Lane.BULK, 3)])
def test_who_asks_hears_how_long_the_chat_alone_makes_wait(lane: Lane, at_once: int):
    turns = Turns(Pace())
    waits = [turns.ask(ADA, lane, 1, 9)[1] for _ in range(at_once + 2)]
    assert waits == [0] * at_once + [1, 2]


@pytest.mark.parametrize(
    ("chat", "group"), [(ADA, False), (CLASS, True), ("@channel", True), ("an-inline-id", False)]
)
def test_groups_and_channels_are_told_from_people(chat: int | str, group: bool):
    assert is_group(chat) is group


def test_who_is_waited_for_goes_before_the_bulk():
    turns = Turns(Pace())
    for chat in range(1, 9):
        ask(turns, chat, Lane.BULK)
    ask(turns, ADA)
    first = turns.take(0)
    assert first is not None
    assert first.chat == ADA


@given(st.integers(1, 200), st.integers(1, 50))
def test_neither_lane_starves(interactive: int, bulk: int):
    turns = Turns(Pace())
    for n in range(bulk):
        ask(turns, 10_000 + n, Lane.BULK)
    for n in range(interactive):
        ask(turns, 20_000 + n)
    order = [ticket.lane for _, ticket in emptied(turns, 0)]
    asked = [place for place, lane in enumerate(order) if lane is Lane.INTERACTIVE]
    assert all(place <= n * BULK_FLOOR / (BULK_FLOOR - 1) for n, place in enumerate(asked))
    others = [place for place, lane in enumerate(order) if lane is Lane.BULK]
    assert all(later - before <= BULK_FLOOR for before, later in pairwise(others))
    assert others[0] < BULK_FLOOR


def test_a_reply_does_not_wait_for_other_chats_behind_the_bulk_of_its_own():
    turns = Turns(Pace())
    ask(turns, BEN, Lane.BULK)
    first = ask(turns, ADA, Lane.BULK)
    reply = ask(turns, ADA)
    assert [ticket for _, ticket in emptied(turns, 0)][:2] == [first, reply]


def test_who_gave_up_stands_in_nobodys_way():
    turns = Turns(Pace())
    gone, stays = ask(turns, ADA), ask(turns, ADA)
    turns.withdraw(gone)
    turns.withdraw(gone)
    assert [ticket for _, ticket in emptied(turns, 0)] == [stays]
    assert not turns


# What Telegram says


@given(st.floats(0.1, 900), lanes, st.sampled_from([ADA, CLASS, "@channel"]), st.integers(0, 20))
def test_a_chat_that_was_too_loud_rests_exactly_as_long_as_told(
    seconds: float, lane: Lane, chat: int | str, before: int
):
    turns = Turns(Pace())
    for _ in range(before):
        said = ask(turns, chat)
        if turns.take(0) is None:
            turns.withdraw(said)
    turns.flooded(chat, seconds, 5)
    ask(turns, chat, lane, 5)
    other = ask(turns, BEN, Lane.BULK, 5)
    (_, first), (at, _) = emptied(turns, 5)
    assert first == other
    assert at == pytest.approx(5 + seconds)


def test_a_chat_that_was_too_loud_is_calm_for_a_while():
    turns = Turns(Pace())
    turns.flooded(ADA, 10, 0)
    for _ in range(6):
        ask(turns, ADA)
    assert [at for at, _ in emptied(turns, 0)] == [10, 11, 12, 13, 14, 15]
    now = 10 + WARY + 20
    assert [turns.ask(ADA, Lane.INTERACTIVE, 1, now)[1] for _ in range(20)] == [0] * 20


def test_one_loud_chat_slows_nobody_else():
    caution = Caution()
    for now in range(100):
        caution.flooded(ADA, now)
        assert caution.share(now) == 1


def test_refusals_in_several_chats_slow_everything_which_recovers():
    caution = Caution()
    caution.flooded(ADA, 100)
    caution.flooded(BEN, 101)
    assert caution.share(101) == pytest.approx(0.7)
    assert 0.7 < caution.share(106) < 1
    assert caution.share(130) == 1


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 3)), max_size=80))
def test_something_is_always_sent(refusals: list[tuple[int, float]]):
    caution, now = Caution(), 0.0
    for chat, pause in refusals:
        now += pause
        caution.flooded(chat, now)
        assert 0.1 <= caution.share(now) <= 1
