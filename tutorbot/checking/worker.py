"""What runs inside a worker process."""

import importlib
import resource
import signal

from tutorbot.core.answers import units

PRELOADED = ("tutorbot.core.answers.judge", "tutorbot.core.answers.algebra", "pint")
"""What every worker has loaded: the judge, and SymPy and pint, which the bot does not need."""


def ready() -> bool:
    """Done as soon as a worker is up."""
    return True


def prepare(memory: int) -> None:
    """Before the first task. ``memory``: bytes of address space that the process may take."""
    for module in PRELOADED:  # at no cost where the fork server did it
        importlib.import_module(module)
    units.load()
    # Ctrl-C goes to the whole process group; the bot ends its workers itself, without tracebacks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    except (OSError, ValueError):
        return  # macOS knows the limit and does not keep it; the deadline holds anyway
