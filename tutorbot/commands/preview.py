"""`tutorbot content preview`."""

import argparse
import asyncio
import sys
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from tutorbot.authoring.check import Unusable
from tutorbot.authoring.command import UNUSABLE
from tutorbot.authoring.preview import Preview
from tutorbot.commands.stopping import until_stopped
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.studio import Studio
from tutorbot.languages import languages
from tutorbot.settings import Settings, has_desktop

TROUBLE = (NotDrawable,)
one_sentence = str


def preview(_settings: Settings, options: argparse.Namespace) -> int:
    def announce(address: str) -> None:
        print(f"\n  See it at  {address}\n  Stop with Ctrl-C.\n", flush=True)
        if not options.no_browser and has_desktop():
            webbrowser.open(address)

    try:
        until_stopped(lambda stop: _shown(options.paths, options.port, stop, announce))
    except Unusable as trouble:
        print(f"tutorbot: {trouble}", file=sys.stderr)
        return UNUSABLE
    return 0


async def _shown(
    paths: Sequence[Path], port: int, stop: asyncio.Event, announce: Callable[[str], None]
) -> None:
    """A page that shows courses as learners will see them, until ``stop``.

    Raises:
        Unusable: a path is not there, a folder holds no course, or the port is taken.
    """
    async with Studio() as studio:

        async def draw(latex: str, display: bool) -> str:
            return await studio.svg(latex, display=display)

        async with Preview(paths, draw=draw, words=languages(""), port=port) as page:
            announce(page.url)
            await stop.wait()
