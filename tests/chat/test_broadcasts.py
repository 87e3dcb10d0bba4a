"""To each once, while processes are killed; at length in docs/broadcasts.md."""

import pytest

from benchmarks.broadcast import Plan, undergo

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(300)]


async def test_a_message_to_many_reaches_each_once_though_processes_are_killed(
    database_url: str,
):
    """And though it is paused, and lines go dead under it: then it may be missing, and is told."""
    plan = Plan(
        learners=150,
        rate=30,
        kills=((0.2, "jobs-1"), (0.4, "web-1")),
        paused_at=0.7,
        pause=0.5,
        floods=1,
        lost=2,
        webs=1,
        workers=1,
    )
    result = await undergo(plan, database_url)
    assert result.broken == []
    assert result.slipped == 0
    assert result.lives["killed"] == 2
    assert result.fates["blocked"] == 1
    assert result.fates["unknown"] >= plan.lost
    assert f"not sent twice: {result.fates['unknown']}" in result.report
