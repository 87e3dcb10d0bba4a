"""The commands. Whatever keeps one from starting is told in one sentence, with the remedy."""

import argparse
import asyncio
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tutorbot import doctor, errands, wiring
from tutorbot.authoring import command as content, exporting, importing, report as reports
from tutorbot.authoring.check import Unusable, Wanted
from tutorbot.authoring.formulas import FEW
from tutorbot.checking import command as check
from tutorbot.jobs.listing import as_text as jobs_as_text
from tutorbot.settings import BadSettings, Settings, has_desktop, read_settings, wants_colour
from tutorbot.store.backups import (
    kept_as_text,
    megabytes,
    plan_as_text,
    restored_as_text,
)
from tutorbot.telegram.listing import as_text as updates_as_text
from tutorbot.views.undecided import as_text
from tutorbot.watch import telling

STOPPED_BY_TROUBLE = 1

_TROUBLE = (BadSettings, check.Unusable, *wiring.TROUBLE)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 when it did what was asked, 1 with one sentence on standard error if not."""
    options = command_line().parse_args(arguments)
    try:
        settings = read_settings()
        with telling(settings, quiet=options.quiet, expected=_TROUBLE):
            return options.command(settings, options)
    except _TROUBLE as trouble:
        print(f"tutorbot: {wiring.one_sentence(trouble)}", file=sys.stderr)
        return STOPPED_BY_TROUBLE
    except KeyboardInterrupt:
        return 0


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tutorbot",
        description="A Telegram tutor that reads formulas, explains mistakes and keeps the streak.",
    )
    parser.set_defaults(quiet=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="try the bot on a chat page of this machine")
    demo.add_argument("--no-browser", action="store_true", help="only print the page's address")
    demo.set_defaults(command=_demo, quiet=True)

    run = commands.add_parser("run", help="run the bot on Telegram (TUTORBOT_TELEGRAM_TOKEN)")
    run.add_argument(
        "--webhook",
        action="store_true",
        help="let Telegram bring updates to TUTORBOT_WEBHOOK_URL; any number of processes may",
    )
    run.add_argument(
        "--no-jobs", action="store_true", help="leave background work to `tutorbot jobs run`"
    )
    run.set_defaults(command=_run)

    examine = commands.add_parser(
        "doctor", help="say what is configured, reachable and migrated, and how to mend the rest"
    )
    examine.set_defaults(command=_doctor)

    check = commands.add_parser(
        "check", help="judge an answer as a learner's would be, or rows of JSON from standard input"
    )
    check.add_argument("answer", nargs="?", help="what is typed")
    check.add_argument("--key", help="what would be right")
    check.add_argument("--symbols", default="", help="names in it: 'n m s_4'")
    check.add_argument("--functions", default="", help="names of unknown functions in it: 'O'")
    check.add_argument("--kind", default="formula", help="formula, number, set, equation ...")
    check.add_argument("--form", default=None, help="expanded, factored, lowest-terms ...")
    check.add_argument("--syntax", choices=("plain", "latex"), default="plain")
    check.add_argument(
        "--jsonl",
        action="store_true",
        help='rows such as {"id": 1, "student": "2x", "teacher": "x+x", "vars": ["x"]}',
    )
    check.set_defaults(command=_check, quiet=True)

    answers = commands.add_parser("answers", help="look after answers that need a person")
    tasks = answers.add_subparsers(required=True, metavar="TASK")
    undecided = tasks.add_parser("undecided", help="list what the judge could not decide")
    undecided.add_argument("--limit", type=int, default=50, help="at most so many, oldest first")
    undecided.set_defaults(command=_undecided, quiet=True)

    jobs = commands.add_parser("jobs", help="list the work in the background: what waits or failed")
    jobs.add_argument("--limit", type=int, default=50, help="at most so many, newest first")
    jobs.set_defaults(command=_jobs, quiet=True)
    kinds = jobs.add_subparsers(metavar="TASK")
    work = kinds.add_parser("run", help="do that work in this process, without a bot")
    work.set_defaults(command=_run_jobs, quiet=False)

    updates = commands.add_parser(
        "updates", help="list what people did that the bot could not work through, and why"
    )
    updates.add_argument("--limit", type=int, default=50, help="at most so many, newest first")
    updates.set_defaults(command=_updates, quiet=True)

    _add_content(commands.add_parser("content", help="check and preview courses, as their author"))

    _add_database(
        commands.add_parser(
            "db",
            help="look after the database: upgrade, backup, restore",
            description="`tutorbot db backup` at any time, `tutorbot db restore FILE` with the bot"
            " stopped. What a restored database replaces is kept until `tutorbot db kept"
            " --discard`. A database of TUTORBOT_DATABASE_URL is upgraded and backed up; restore"
            " there with PostgreSQL's own pg_restore.",
        )
    )
    return parser


def _add_database(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    upgrade = actions.add_parser("upgrade", help="bring the tables to this version")
    upgrade.set_defaults(command=_upgrade)

    write = actions.add_parser(
        "backup",
        help="write all of it to one file, while the bot runs or not",
        description="Writes the database as it is at one instant, in pg_dump's custom format,"
        " compressed, for its owner's eyes only. The file has its name only once it is whole.",
    )
    write.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="without it, a dated one in DATA/backups"
    )
    write.add_argument("--force", action="store_true", help="write over FILE")
    write.add_argument(
        "--keep", type=_positive, metavar="N", help="of the dated ones, delete all but the N newest"
    )
    write.set_defaults(command=_backup, quiet=True)

    bring = actions.add_parser(
        "restore",
        help="put a backup in the place of the embedded database, while no bot runs",
        description="Restores beside the present database, brings the tables to this version, and"
        " then swaps the two at once: whatever happens, one of them is there whole. The one that"
        " was replaced is kept. Restore only files that you trust: a backup can hold commands.",
    )
    bring.add_argument(
        "source", type=Path, metavar="FILE", help="a backup, or a name from `tutorbot db kept`"
    )
    bring.add_argument("--yes", action="store_true", help="do not ask")
    bring.add_argument("--discard", action="store_true", help="do not keep what is replaced")
    bring.set_defaults(command=_restore, quiet=True)

    kept = actions.add_parser("kept", help="list the databases that restored ones have replaced")
    kept.add_argument("--discard", action="store_true", help="delete them")
    kept.set_defaults(command=_kept, quiet=True)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError("must be a whole number from 1 on")
    return int(text)


def _add_content(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(required=True, metavar="TASK")

    examine = tasks.add_parser(
        "check",
        help="say what is wrong with course files, where, and how to mend it",
        description="Exit code 0: sound; 1: something keeps a course from being used; 2: nothing"
        " could be read.",
    )
    examine.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    examine.add_argument(
        "--format",
        choices=("text", *reports.FORMATS),
        default="text",
        help="sarif (2.1.0) is for editors and CI, github for annotations of a pull request",
    )
    for name in ("json", "sarif"):
        examine.add_argument(
            f"--{name}", dest="format", action="store_const", const=name, help=f"--format {name}"
        )
    examine.add_argument(
        "--pictures",
        action=argparse.BooleanOptionalAction,
        default=None,
        help=f"draw every formula; without a word, up to {FEW} different ones are drawn",
    )
    examine.add_argument(
        "--against", type=Path, metavar="OLDFILE", help="list what changed since that version"
    )
    examine.add_argument("--notes", action="store_true", help="show what is worth a thought, too")
    examine.add_argument("--strict", action="store_true", help="let warnings fail the check")
    examine.set_defaults(command=_content_check, quiet=True)

    preview = tasks.add_parser(
        "preview", help="show courses in a browser as learners will see them, anew on each save"
    )
    preview.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    preview.add_argument("--port", type=int, default=0, help="of the page; without it, a free one")
    preview.add_argument("--no-browser", action="store_true", help="only print the page's address")
    preview.set_defaults(command=_content_preview, quiet=True)

    bring = tasks.add_parser(
        "import",
        help="make course files of what other programs and people have written",
        description="Writes NAME.quiz.md beside each file, says what could not be carried over and"
        " what contradicts itself, and checks it.",
    )
    bring.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="where courses go")
    bring.add_argument(
        "--format", choices=importing.FORMATS, help="of the files; without a word, recognised"
    )
    bring.add_argument("--force", action="store_true", help="write over course files")
    bring.set_defaults(command=_content_import, quiet=True)

    publish = tasks.add_parser(
        "publish",
        help="make courses, or new versions of them, that learners can begin",
        description="Says what would change, asks, and publishes all of them or none. Who is in the"
        " middle of a paper finishes the version begun.",
    )
    publish.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    publish.add_argument("--yes", action="store_true", help="do not ask")
    publish.set_defaults(command=_content_publish, quiet=True)

    hand_on = tasks.add_parser(
        "export",
        help="write a course for Moodle, Canvas (QTI 1.2), Anki, or as pages to print",
        description="Says what the format cannot hold. Exit code 0: written; 1: the course is not"
        " sound; 2: a file could not be read or written.",
    )
    hand_on.add_argument("path", type=Path, metavar="FILE")
    hand_on.add_argument("--to", dest="format", choices=exporting.FORMATS, required=True)
    hand_on.add_argument("-o", "--output", type=Path, metavar="FILE", help="what to write")
    hand_on.add_argument(
        "--variant", type=int, default=1, help="of each question, on pages to print"
    )
    hand_on.add_argument("--force", action="store_true", help="write over what is there")
    hand_on.set_defaults(command=_content_export, quiet=True)


def _demo(settings: Settings, options: argparse.Namespace) -> int:
    def announce(address: str) -> None:
        print(f"\n  Chat with the bot at  {address}\n  Stop with Ctrl-C.\n", flush=True)
        if not options.no_browser and has_desktop():
            webbrowser.open(address)

    print("Starting the tutor, its database and its chat page ...", flush=True)
    _until_stopped(lambda stop: wiring.demo(settings, stop, announce))
    print("Stopped. What you learned is kept for the next time.")
    return 0


def _run(settings: Settings, options: argparse.Namespace) -> int:
    _until_stopped(
        lambda stop: wiring.run(settings, stop, webhook=options.webhook, jobs=not options.no_jobs)
    )
    return 0


def _doctor(settings: Settings, _options: argparse.Namespace) -> int:
    healthy = True
    for finding in doctor.examine(settings):
        healthy = healthy and finding.healthy
        print(finding)
    return 0 if healthy else STOPPED_BY_TROUBLE


def _check(_settings: Settings, options: argparse.Namespace) -> int:
    if options.jsonl:
        return check.rows(sys.stdin, sys.stdout.buffer)
    if options.answer is None or options.key is None:
        raise check.Unusable("name an answer and its --key, or give rows with --jsonl")
    print(
        check.pair(
            student=options.answer,
            teacher=options.key,
            names=options.symbols,
            functions=options.functions,
            kind=options.kind,
            form=options.form,
        )
    )
    return 0


def _content_check(_settings: Settings, options: argparse.Namespace) -> int:
    shown = content.Shown(
        format=options.format,
        colour=wants_colour(sys.stdout),
        notes=options.notes,
        strict=options.strict,
    )
    wanted = Wanted(pictures=options.pictures, against=options.against)
    try:
        return content.check(options.paths, wanted, shown, sys.stdout)
    except Unusable as trouble:
        print(f"tutorbot: {trouble}", file=sys.stderr)
        return content.UNUSABLE


def _content_import(_settings: Settings, options: argparse.Namespace) -> int:
    asked = importing.Import(
        paths=options.paths, folder=options.output, format=options.format, force=options.force
    )
    return importing.import_files(asked, sys.stdout)


def _content_export(_settings: Settings, options: argparse.Namespace) -> int:
    asked = exporting.Export(
        path=options.path,
        format=options.format,
        output=options.output,
        variant=options.variant,
        force=options.force,
    )
    return exporting.export_file(asked, sys.stdout)


def _content_preview(_settings: Settings, options: argparse.Namespace) -> int:
    def announce(address: str) -> None:
        print(f"\n  See it at  {address}\n  Stop with Ctrl-C.\n", flush=True)
        if not options.no_browser and has_desktop():
            webbrowser.open(address)

    try:
        _until_stopped(lambda stop: wiring.preview(options.paths, options.port, stop, announce))
    except Unusable as trouble:
        print(f"tutorbot: {trouble}", file=sys.stderr)
        return content.UNUSABLE
    return 0


def _content_publish(settings: Settings, options: argparse.Namespace) -> int:
    def agreed(told: str) -> bool:
        print(told)
        return options.yes or input("Publish? [y/N] ").strip().casefold() in {"y", "yes"}

    try:
        print(asyncio.run(errands.publish_courses(settings, options.paths, agreed)))
    except wiring.UnsoundContent as trouble:  # a line for each fault
        print(trouble, file=sys.stderr)
        return STOPPED_BY_TROUBLE
    return 0


def _undecided(settings: Settings, options: argparse.Namespace) -> int:
    waiting = asyncio.run(errands.undecided(settings, max(0, options.limit)))
    print(as_text(wiring.languages(""), waiting))
    return 0


def _jobs(settings: Settings, options: argparse.Namespace) -> int:
    listed = asyncio.run(errands.list_jobs(settings, max(0, options.limit)))
    print(jobs_as_text(listed))
    return 0


def _updates(settings: Settings, options: argparse.Namespace) -> int:
    print(updates_as_text(asyncio.run(errands.list_poisoned(settings, max(0, options.limit)))))
    return 0


def _run_jobs(settings: Settings, _options: argparse.Namespace) -> int:
    _until_stopped(lambda stop: wiring.run_jobs(settings, stop))
    return 0


def _upgrade(settings: Settings, _options: argparse.Namespace) -> int:
    print(asyncio.run(wiring.upgrade(settings)))
    return 0


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    if options.file is not None and options.keep is not None:
        raise wiring.Ailing("--keep is about dated backups; leave out either it or FILE.")
    try:
        written = asyncio.run(
            wiring.backups(settings).write(options.file, force=options.force, keep=options.keep)
        )
    except KeyboardInterrupt:
        return _interrupted("no backup was written")
    print(f"{written.path}: {megabytes(written.size)}, in {written.seconds:.1f} s")
    for each in written.rotated:
        print(f"Deleted {each}")
    return 0


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    backups = wiring.backups(settings)
    try:
        with wiring.sole_bot(settings):
            plan = asyncio.run(backups.plan(options.source))
            print(plan_as_text(plan, discard=options.discard))
            if not (options.yes or _agreed("Restore?")):
                print("Nothing was changed.")
                return STOPPED_BY_TROUBLE
            print(restored_as_text(asyncio.run(backups.carry_out(plan, discard=options.discard))))
    except KeyboardInterrupt:
        return _interrupted("the database that was there, or the restored one, is there whole")
    return 0


def _kept(settings: Settings, options: argparse.Namespace) -> int:
    print(
        kept_as_text(
            asyncio.run(wiring.backups(settings).kept(discard=options.discard)),
            discarded=options.discard,
        )
    )
    return 0


def _agreed(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
    except EOFError:  # nobody is there to ask
        print()
        return False


def _interrupted(outcome: str) -> int:
    print(f"tutorbot: Interrupted; {outcome}.", file=sys.stderr)
    return _BY_SIGINT


_BY_SIGINT = 130  # as shells say it


def _until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run until SIGINT or SIGTERM asks to stop; then what is in hand is finished.

    A second one does not wait for that, and after ten seconds nothing is waited for: whatever was
    not finished is in the database, or still at Telegram, and is for whoever starts next.

    Raises:
        KeyboardInterrupt: there was a second one
    """

    async def guarded() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        working = asyncio.ensure_future(work(stop))

        def ask_to_stop() -> None:
            if stop.is_set():
                working.cancel()
            else:
                stop.set()
                _leave_in_time()

        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, ask_to_stop)
        try:
            await working
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None

    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(guarded())


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """That of uvloop, which does the same in C, where it is to be had: not on Windows."""
    try:
        import uvloop  # noqa: PLC0415 - there may be none
    except ImportError:
        return None
    return uvloop.new_event_loop


def _leave_in_time() -> None:
    """End the process soon, whatever hangs: a thread, a database, the loop itself."""

    def tell() -> None:
        print(
            "tutorbot: Something did not end in time and was left; the next start goes on with it.",
            file=sys.stderr,
            flush=True,
        )

    # Two, as whoever reads standard error may hang as well.
    for seconds, act in ((_TO_STOP, tell), (_TO_STOP + 0.2, lambda: os._exit(STOPPED_BY_TROUBLE))):
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()


_TO_STOP = 9.3  # seconds, of the ten that whoever stops us gives
