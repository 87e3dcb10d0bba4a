"""Several processes publish to one database, and pose what any of them has published."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tutorbot.core.ids import CourseId
from tutorbot.courses.load import Loaded, load
from tutorbot.flows.published import Library, publish
from tutorbot.store.unit import Store

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
COURSE = """\
---
id: {name}
lang: en
title: {title}
---

## Six and one {{#six-one}}

How much is six and one?

- answer: `7`
- hint: Count on from six.
"""


def folder(path: Path, *names: str, title: str) -> tuple[Loaded, ...]:
    path.mkdir()
    for place, name in enumerate(names):
        source = COURSE.format(name=name, title=title)
        (path / f"{place}.quiz.md").write_text(source, encoding="utf-8")
    found = load(path)
    assert isinstance(found, tuple), found
    return found


async def test_processes_that_start_at_once_publish_each_course_once(store: Store, tmp_path: Path):
    names = ("sums", "products", "powers")
    here = folder(tmp_path / "here", *names, title="Sums")
    elsewhere = folder(tmp_path / "elsewhere", *reversed(names), title="Sums")

    async def start(loaded: tuple[Loaded, ...]) -> None:
        async with store.unit() as unit:
            await publish(unit, loaded, NOON)

    await asyncio.gather(*(start(each) for each in (here, elsewhere, here, elsewhere)))
    async with store.unit() as unit:
        found = await unit.execute(text("SELECT course_id, number FROM course_versions"))
        assert sorted(map(tuple, found)) == [(name, 1) for name in sorted(names)]


async def test_what_one_process_publishes_another_poses_at_once(store: Store, tmp_path: Path):
    one, other = Library(), Library()
    for title in ("Sums", "Sums and more"):
        loaded = folder(tmp_path / title, "sums", title=title)
        async with store.unit() as unit:
            await publish(unit, loaded, NOON)
            newest = await one.newest(unit, CourseId("sums"))
        async with store.unit() as unit:
            assert await other.newest(unit, CourseId("sums")) == newest
        assert newest
        assert newest[1].title == title
