"""What the command line names; apart from what reads and writes it, so that it is there at once."""

REPORTS = ("json", "sarif", "github")
"""Of `tutorbot content check`, beside the text for people."""

IMPORTED = ("apkg", "moodle", "qti21", "qti12", "gift", "text2qti", "aiken", "marked")
EXPORTED = ("moodle", "qti", "anki", "html")

FEW = 300
"""So many different formulas are drawn unasked; it takes some seconds."""
