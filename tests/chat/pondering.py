"""A judge that takes its time; alone here, as each of its workers loads the whole module."""

import time

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Verdict


def ponders(asked: Asked, answer: str) -> Verdict:
    """Stands for a proof that takes long."""
    time.sleep({"n+1": 1.2, "n+2": 30.0}.get(answer, 0.0))
    return judge(asked, answer)
