"""A local Bot API server with a chat page: the demo, and what end-to-end tests talk to."""

from tutorbot.playground.server import Playground, PortTaken

__all__ = ["Playground", "PortTaken"]
