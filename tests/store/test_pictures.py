from datetime import datetime

import pytest

from tutorbot.store import pictures
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres


async def test_a_picture_is_uploaded_once_and_its_newest_name_counts(
    unit: Unit, noon: datetime
) -> None:
    assert await pictures.file_id(unit, "d1") is None
    await pictures.remember(unit, "d1", "first", noon)
    await pictures.remember(unit, "d1", "second", noon)
    assert await pictures.file_id(unit, "d1") == "second"
