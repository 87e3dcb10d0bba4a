"""Durable work in the background: kept in the database, tried again, and listed if it fails."""
