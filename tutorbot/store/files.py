"""Files by their content: what is on a picture never changes, so the digest is its name."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.ids import CourseVersionId
from tutorbot.store.tables import course_files, files
from tutorbot.store.unit import Unit


async def keep(unit: Unit, content: bytes, at: datetime) -> str:
    """Keep a file, unless it is there already; return its digest, SHA-256 in hexadecimal."""
    digest = hashlib.sha256(content).hexdigest()
    await unit.execute(_KEEP, {"digest": digest, "content": content, "added_at": at})
    return digest


async def content(unit: Unit, digest: str) -> bytes | None:
    return (await unit.execute(_CONTENT, {"digest": digest})).scalar_one_or_none()


async def attach(
    unit: Unit, version: CourseVersionId, contents: Mapping[str, bytes], at: datetime
) -> None:
    """Put files beside a course version, by the names that its text calls them."""
    rows = [
        {"course_version_id": version, "name": name, "digest": await keep(unit, each, at)}
        for name, each in contents.items()
    ]
    if rows:
        await unit.execute(_ATTACH, rows)


async def names(unit: Unit, version: CourseVersionId) -> dict[str, str]:
    """List the files beside a course version: name to digest."""
    result = await unit.execute(_NAMES, {"course_version": version})
    return {row.name: row.digest for row in result}


async def beside(unit: Unit, version: CourseVersionId) -> dict[str, bytes]:
    """Fetch the files beside a course version, by name."""
    result = await unit.execute(_BESIDE, {"course_version": version})
    return {row.name: row.content for row in result}


_KEEP = insert(files).on_conflict_do_nothing()
_CONTENT = select(files.c.content).where(files.c.digest == bindparam("digest"))
_ATTACH = insert(course_files)
_OF_VERSION = course_files.c.course_version_id == bindparam("course_version")
_NAMES = select(course_files.c.name, course_files.c.digest).where(_OF_VERSION)
_BESIDE = (
    select(course_files.c.name, files.c.content)
    .join(files, files.c.digest == course_files.c.digest)
    .where(_OF_VERSION)
)
