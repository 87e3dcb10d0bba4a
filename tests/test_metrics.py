"""Metrics are what the dashboard and the alerts take them for, and their labels are few."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tutorbot.core.noted import DaySettled, Judged, Reminded
from tutorbot.core.pacing import Lane
from tutorbot.core.streaks import Outcome
from tutorbot.metrics import KINDS, Depths, Fate, Handled, Metrics, Queue
from tutorbot.telegram.read import HEARD

ROOT = Path(__file__).parent.parent


def lived() -> Metrics:
    """Metrics of a process in which everything has happened once."""
    metrics = Metrics("1.2")
    metrics.depths = Depths(waiting=2, oldest=7.5, jobs={("reminders.due", "waiting"): 1})
    metrics.pool = lambda: (3, 8)
    metrics.updated("message", Handled.DONE, 0.02)
    metrics.replied(0.1)
    metrics.tried(Lane.INTERACTIVE, Fate.SENT)
    metrics.waited(Lane.BULK, Queue.LIMITER, 0.3)
    metrics.called(429, 0.05)
    metrics.responded("webhook", 200)
    metrics.worked("reminders.due", failed=False, seconds=0.2)
    for noted in (
        Judged(verdict="right", kind="formula"),
        DaySettled(outcome=Outcome.FROZEN),
        Reminded(),
    ):
        metrics.count(noted)
    return metrics


@cache
def known() -> dict[str, set[str]]:
    """The names of all samples, and the labels of each."""
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(generate_latest(lived().registry).decode()):
        for sample in family.samples:
            labels.setdefault(sample.name, {"job", "instance"}).update(sample.labels)
    return labels


FUNCTIONS = {
    *("sum", "max", "count", "rate", "increase", "histogram_quantile", "absent", "vector"),
    *("by", "on", "and", "or"),
}
TOKEN = re.compile(
    r'(?P<text>"[^"]*")|(?P<range>\[[0-9a-z$_]+\])|(?P<name>[A-Za-z_:][A-Za-z0-9_:]*)'
    r"|(?P<number>\d+(\.\d+)?)|(?P<sign>=~|!~|!=|==|>=|<=|[(){}=,<>*/+-])|(?P<gap>\s+)"
)
GROUPING = re.compile(r"\b(by|on)\s*\(([^()]*)\)")
SELECTOR = re.compile(r"([a-z_:][a-z0-9_:]*)(\{[^{}]*\})?")
RANGE = re.compile(r"\[[^\]]*\]")


def faults(query: str, names: dict[str, set[str]]) -> Iterator[str]:
    """What Prometheus would not take, or would find nothing by."""
    at, depth = 0, ""
    pairs = {")": "(", "}": "{"}
    while at < len(query):
        token = TOKEN.match(query, at)
        if token is None:
            yield f"{query[at:]!r} is no PromQL"
            return
        at, sign = token.end(), token["sign"]
        if sign in {"(", "{"}:
            depth += sign
        elif sign in pairs:
            if not depth.endswith(pairs[sign]):
                yield f"a {sign} too many"
            depth = depth[:-1]
    if depth:
        yield f"{depth} is left open"
    grouped = {each.strip() for _, inside in GROUPING.findall(query) for each in inside.split(",")}
    bare = RANGE.sub("", GROUPING.sub("", query))
    mentioned: set[str] = set()
    for selector in SELECTOR.finditer(bare):
        name, matchers = selector[1], selector[2] or ""
        if name in FUNCTIONS:
            continue
        if name not in names:
            yield f"there is no {name}"
            continue
        mentioned |= names[name]
        for label in re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)", matchers):
            if label not in names[name]:
                yield f"{name} has no {label}"
    for label in grouped - mentioned - {""}:
        yield f"nothing in it has {label}"


def queries() -> Iterator[tuple[str, str]]:
    board: dict[str, Any] = json.loads((ROOT / "deploy/grafana.json").read_text("utf-8"))
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield f"dashboard: {panel['title']}", target["expr"]
    rules: dict[str, Any] = yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text("utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            yield f"alert: {rule['alert']}", rule["expr"]


@pytest.mark.parametrize(("where", "query"), [*queries()])
def test_what_is_drawn_and_alerted_on_is_there(where: str, query: str):
    assert list(faults(query, known())) == [], where


@pytest.mark.parametrize(
    "query",
    [
        "sum(rate(tutorbot_zebras_total[5m]))",
        'sum(rate(tutorbot_updates_total{chat="1"}[5m]))',
        "sum by (learner) (rate(tutorbot_updates_total[5m]))",
        "sum(rate(tutorbot_updates_total[5m])",
        "sum(rate(tutorbot_updates_total[5m])))",
        "sum(rate(tutorbot_updates_total{outcome='done'}[5m]))",
    ],
)
def test_a_query_that_finds_nothing_would_be_noticed(query: str):
    assert list(faults(query, known()))


def test_each_metric_of_ours_is_explained():
    page = (ROOT / "docs/seeing.md").read_text("utf-8")
    families = text_string_to_metric_families(generate_latest(lived().registry).decode())
    ours = {each.name for each in families if each.name.startswith("tutorbot")}
    assert len(ours) >= 20
    assert [name for name in sorted(ours) if f"`{name}" not in page] == []


def test_no_label_can_hold_what_somebody_said_or_who():
    labels = {label for each in known().values() for label in each}
    python = {"implementation", "major", "minor", "patchlevel", "version", "generation"}
    assert labels - python == {
        *("job", "instance", "le", "kind", "outcome", "verdict", "lane", "fate", "queue"),
        *("answer", "path", "task", "state"),
    }


def test_what_must_be_noticed_is_there_before_it_happens():
    text = generate_latest(Metrics().registry).decode()
    for kind in (*HEARD, "other"):
        assert f'tutorbot_updates_total{{kind="{kind}",outcome="poisoned"}} 0.0' in text
    assert set(KINDS) == {*HEARD, "other"}
