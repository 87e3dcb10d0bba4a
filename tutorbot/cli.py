"""The commands, as they are typed. What a command needs is loaded when it is asked for.

Whatever keeps one from starting is told in one sentence, with the remedy.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tutorbot.authoring import formats
from tutorbot.events import MissingExtra, telling
from tutorbot.settings import BadSettings, Settings, read_settings

STOPPED_BY_TROUBLE = 1


class Commands(Protocol):
    """A module of `tutorbot.commands`: what can befall its commands, and how that is told."""

    @property
    def TROUBLE(self) -> tuple[type[Exception], ...]: ...  # noqa: N802 - a constant of the module

    @property
    def one_sentence(self) -> Callable[[BaseException], str]: ...


Run = Callable[[Settings, argparse.Namespace], int]
Loaded = tuple[Commands, Run]


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 when it did what was asked, 1 with one sentence on standard error if not."""
    options = command_line().parse_args(arguments)
    try:
        settings = read_settings()
    except BadSettings as trouble:
        return _stopped(str(trouble))
    load: Callable[[], Loaded] = options.command
    commands, run = load()
    try:
        with telling(settings, quiet=options.quiet, expected=commands.TROUBLE):
            return run(settings, options)
    except MissingExtra as trouble:
        return _stopped(str(trouble))
    except commands.TROUBLE as trouble:
        return _stopped(commands.one_sentence(trouble))
    except KeyboardInterrupt:
        return 0


def _stopped(sentence: str) -> int:
    print(f"tutorbot: {' '.join(sentence.split())}", file=sys.stderr)
    return STOPPED_BY_TROUBLE


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
        choices=("text", *formats.REPORTS),
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
        help=f"draw every formula; without a word, up to {formats.FEW} different ones are drawn",
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
        "--format", choices=formats.IMPORTED, help="of the files; without a word, recognised"
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
    hand_on.add_argument("--to", dest="format", choices=formats.EXPORTED, required=True)
    hand_on.add_argument("-o", "--output", type=Path, metavar="FILE", help="what to write")
    hand_on.add_argument(
        "--variant", type=int, default=1, help="of each question, on pages to print"
    )
    hand_on.add_argument("--force", action="store_true", help="write over what is there")
    hand_on.set_defaults(command=_content_export, quiet=True)


def _demo() -> Loaded:
    from tutorbot.commands import demo

    return demo, demo.demo


def _run() -> Loaded:
    from tutorbot.commands import bot

    return bot, bot.run


def _run_jobs() -> Loaded:
    from tutorbot.commands import bot

    return bot, bot.run_jobs


def _doctor() -> Loaded:
    from tutorbot.commands import examine

    return examine, examine.examine


def _check() -> Loaded:
    from tutorbot.commands import judge

    return judge, judge.check


def _undecided() -> Loaded:
    from tutorbot.commands import lists

    return lists, lists.undecided


def _jobs() -> Loaded:
    from tutorbot.commands import lists

    return lists, lists.jobs


def _updates() -> Loaded:
    from tutorbot.commands import lists

    return lists, lists.updates


def _content_check() -> Loaded:
    from tutorbot.commands import content

    return content, content.check


def _content_preview() -> Loaded:
    from tutorbot.commands import preview

    return preview, preview.preview


def _content_import() -> Loaded:
    from tutorbot.commands import content

    return content, content.bring


def _content_publish() -> Loaded:
    from tutorbot.commands import publishing

    return publishing, publishing.publish


def _content_export() -> Loaded:
    from tutorbot.commands import content

    return content, content.hand_on


def _upgrade() -> Loaded:
    from tutorbot.commands import database

    return database, database.upgrade


def _backup() -> Loaded:
    from tutorbot.commands import database

    return database, database.backup


def _restore() -> Loaded:
    from tutorbot.commands import database

    return database, database.restore


def _kept() -> Loaded:
    from tutorbot.commands import database

    return database, database.kept
