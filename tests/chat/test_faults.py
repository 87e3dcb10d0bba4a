"""Nothing is lost and nothing said twice while everything breaks; at length in docs/faults.md."""

import pytest

from benchmarks.ordeal.ordeal import Plan, undergo

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(300)]


async def test_processes_that_are_killed_lose_no_answer_and_no_reply():
    """While the database is restarted twice, and the server refuses, hangs and drops answers."""
    plan = Plan(
        seed=11,
        learners=10,
        questions=4,
        seconds=10,
        kill_every=4,
        webhook=True,
        webs=2,
        workers=1,
        jobs_too=False,
    )
    result = await undergo(plan)
    assert result.found.broken == []
    assert result.dealt["kill"] >= 2
    assert (result.dealt["fast"], result.dealt["immediate"]) == (1, 1)
    assert result.counts["killed"] == result.dealt["kill"]
    assert sum(result.troubles.values()) > 0
