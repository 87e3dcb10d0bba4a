"""The names that the command line offers are those of what there is."""

from tutorbot.authoring import exporting, formats, report
from tutorbot.courses.importers.formats import FORMATS


def test_the_command_line_offers_each_format_that_there_is():
    assert tuple(report.FORMATS) == formats.REPORTS
    assert tuple(each.name for each in FORMATS) == formats.IMPORTED
    assert exporting.FORMATS == formats.EXPORTED
