"""What runs inside a worker process."""

import importlib
import resource
import signal
from pathlib import Path

from tutorbot.core.answers import units

PRELOADED = (
    "tutorbot.core.answers.judge",
    "tutorbot.core.answers.algebra",
    "pint",
    # SymPy loads these when it first simplifies, integrates, adds up: half a second each.
    "sympy.physics.units",
    "sympy.tensor.tensor",
    "sympy.tensor.array.array_derivatives",
    "sympy.integrals.heurisch",
    "sympy.integrals.manualintegrate",
    "sympy.integrals.risch",
    "sympy.integrals.prde",
    "sympy.concrete.delta",
    "sympy.discrete.recurrences",
    "sympy.polys.dispersion",
    "sympy.polys.domains.old_polynomialring",
    "sympy.sets.setexpr",
    "sympy.sets.handlers.add",
    "sympy.sets.handlers.functions",
    "sympy.sets.handlers.issubset",
    "sympy.sets.handlers.mul",
    "sympy.sets.handlers.power",
    # These when it first asks what is known of a symbol: whether it is real, positive, whole.
    "sympy.assumptions.satask",
    "sympy.assumptions.lra_satask",
    "sympy.assumptions.facts",
    "sympy.assumptions.handlers.matrices",
    "sympy.logic.algorithms.dpll2",
)
"""What every worker has loaded: the judge, and SymPy and pint, which the bot does not need."""


def ready() -> bool:
    """Done as soon as a worker is up."""
    return True


def prepare(memory: int) -> None:
    """Before the first task. ``memory``: bytes that it may take beyond the loaded libraries."""
    for module in PRELOADED:  # at no cost where the fork server did it
        importlib.import_module(module)
    from tutorbot.core.answers import algebra  # noqa: PLC0415 - only workers load SymPy

    units.load()
    algebra.warm_up()
    # Ctrl-C goes to the whole process group; the bot ends its workers itself, without tracebacks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    taken = _taken()
    if taken is None:
        return  # macOS knows the limit and does not keep it; the deadline holds anyway
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = taken + memory if hard == resource.RLIM_INFINITY else min(taken + memory, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    except (OSError, ValueError):
        return  # a system that does not allow it; the deadline holds anyway


def _taken() -> int | None:
    """Bytes of address space of this process, where the system says."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()
