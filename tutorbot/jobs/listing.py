"""The jobs as `tutorbot jobs` lists them."""

from collections.abc import Sequence

from tutorbot.store.jobs import Job, State

_NAMES = {State.WAITING: "waiting", State.RUNNING: "running", State.FAILED: "failed"}


def as_text(jobs: Sequence[Job]) -> str:
    """One line for each job, and below it why it failed, if it did.

    >>> as_text(())
    'Nothing waits, nothing runs, nothing has failed.'
    """
    if not jobs:
        return "Nothing waits, nothing runs, nothing has failed."
    return "\n".join(line for job in jobs for line in _lines(job))


def _lines(job: Job) -> list[str]:
    since = f"{job.since:%Y-%m-%d %H:%M}" if job.since else "?"
    line = f"{job.id:>8}  {_NAMES[job.state]:<8} {since}  {job.task}"
    if job.tries:
        line += f", tried {job.tries} times" if job.tries > 1 else ", tried once"
    if job.state is State.WAITING and job.not_before:
        line += f", again at {job.not_before:%H:%M:%S}"
    return [line, f"          {job.why}"] if job.why else [line]
