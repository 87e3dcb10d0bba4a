"""Seconds from `tutorbot demo` to the first reply, cold (new data folder) and warm.

    .venv/bin/python benchmarks/startup.py [RUNS]

A process is started as a newcomer would, /start is typed on the page over HTTP, and the clock
stops when the bot's answer is in the chat. Memory is the resident size of all its processes.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    cold: list[float] = []
    warm: list[float] = []
    memory: list[float] = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="tutorbot-bench-") as folder:
            Path(folder).chmod(0o755)
            for figures in (cold, warm):
                seconds, megabytes = first_reply(Path(folder))
                figures.append(seconds)
                memory.append(megabytes)
    for name, figures, unit in (
        ("cold start to first reply", cold, "s"),
        ("warm start to first reply", warm, "s"),
        ("memory of all processes (proportional share)", memory, "MB"),
    ):
        print(
            f"{name}: median {statistics.median(figures):.2f} {unit}"
            f"  (min {min(figures):.2f}, max {max(figures):.2f}, {len(figures)} runs)"
        )


def first_reply(folder: Path) -> tuple[float, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "TUTORBOT_DATA": str(folder),
        "TUTORBOT_PLAYGROUND_PORT": str(port),
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tutorbot", "demo", "--no-browser"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        before = -1
        said = False
        while True:
            if process.poll() is not None:
                raise SystemExit("tutorbot demo ended by itself")
            if time.monotonic() - began > 60:
                raise SystemExit("no reply within a minute")
            try:
                if not said:
                    before = messages(port)
                    say(port, "/start")
                    said = True
                elif messages(port) > before + 1:
                    break
            except OSError:
                pass
            time.sleep(0.02)
        return time.monotonic() - began, resident(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


def resident(pid: int) -> float:
    """Megabytes of a process and its descendants, shared pages divided among their users."""
    total = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total += int(line.split()[1])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return total / 1024 + sum(resident(int(child)) for child in children)


def say(port: int, text: str) -> None:
    """Type a message on the page, as the first person there."""
    ada = chats(port)["chats"][0]["person"]
    body = json.dumps({"do": "say", "person": ada, "chat": ada, "text": text}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/playground/acts",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - our own page


def messages(port: int) -> int:
    """How many messages stand in the chats."""
    return len(chats(port)["messages"])


def chats(port: int) -> dict[str, list[dict[str, int]]]:
    """What the page is told first when it opens."""
    address = f"http://127.0.0.1:{port}/playground/events"
    with urllib.request.urlopen(address, timeout=5) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                return json.loads(line.removeprefix(b"data: "))
    raise OSError("the page said nothing")


if __name__ == "__main__":
    main()
