"""What an author of courses runs: check, preview, import, export."""
