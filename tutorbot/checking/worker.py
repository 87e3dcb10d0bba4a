"""What runs inside a worker process.

Loading this module loads the judge and SymPy: the fork server does it once for all workers.
"""

import resource
import signal

from tutorbot.core.answers import algebra
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Verdict

__all__ = ["algebra", "decide", "prepare", "ready"]


def decide(asked: Asked, text: str) -> Verdict:
    return judge(asked, text)


def ready() -> bool:
    """Done as soon as a worker is up."""
    return True


def prepare(memory: int) -> None:
    """Before the first task. ``memory``: bytes of address space that the process may take."""
    # Ctrl-C goes to the whole process group; the bot ends its workers itself, without tracebacks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    except (OSError, ValueError):
        return  # macOS knows the limit and does not keep it; the deadline holds anyway
