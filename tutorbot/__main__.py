"""The entry: loads the commands so that Ctrl-C ends quietly even while they load."""

STOPPED_BY_HAND = 130  # 128 + SIGINT, as shells count it


def main() -> int:
    try:
        from tutorbot.cli import main as run  # noqa: PLC0415 - loading takes a second

        return run()
    except KeyboardInterrupt:
        return STOPPED_BY_HAND


if __name__ == "__main__":
    raise SystemExit(main())
