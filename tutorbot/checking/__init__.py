"""Runs the judge where it may hang: in worker processes, under a deadline and a memory limit."""
