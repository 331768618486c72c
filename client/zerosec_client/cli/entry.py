"""The entry of `zerosec`: which command was meant, how it ends, and that no user ever meets a traceback.

Cheap to import: a command's own module, and with it the HTTP library, is imported when the command runs.
"""

import argparse
import asyncio
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from zerosec_shared.texts import say

if TYPE_CHECKING:
    from zerosec_client.cli.terminal import Report, Terminal

__all__ = ["main"]


class _SlipError(Exception):
    """The command line cannot be understood."""


class _Parser(argparse.ArgumentParser):
    """Raises instead of printing and leaving, so that --json is answered in JSON here too."""

    def error(self, message: str) -> NoReturn:
        """Say where help is."""
        raise _SlipError(
            say("{upper}{message}.", upper=message[:1].upper(), message=message[1:]),
            say("See “{prog} --help”.", prog=self.prog),
        )

    def parse_known_args(  # type: ignore[override]  # what argparse calls for a command's own words too
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does; an option that does not exist is answered with the nearest."""
        found, unknown = super().parse_known_args(args, namespace)
        flags = [word.split("=", 1)[0] for word in unknown if word.startswith("--")]
        if flags:
            from zerosec_client.cli.options import nearest

            there = [name for name in self._option_string_actions if name.startswith("--")]
            raise _SlipError(say("There is no option {flag} here.", flag=flags[0]), nearest(flags[0], there))
        return found, unknown


DESCRIPTION = "Analyses on your data: on this computer, a lab server or in the cloud."
LANGUAGE = "ZEROSEC_LANGUAGE"
RUN = "run"
PREVIEW = "preview"
PROJECTS = "projects"
RESULTS = "results"
PREDICTIONS = "predictions"
REFERENCES = "references"
OF_STEPS = {
    "steps": "The steps of a run: where they stand; run one, run all, pause, resume, kill, clean.",
    "export": "A run as a file: an archive with everything, its configuration, or its record.",
    "import": "Make a run from an exported file.",
    "methods": "What a run did, as a paragraph for a paper.",
    "verify": "Repeat an exported run and compare what it gives.",
    "programs": "The external programs of a server.",
}
OWN_PARSERS = frozenset({RUN, PREVIEW, PROJECTS, RESULTS, PREDICTIONS, REFERENCES, *OF_STEPS})
"""Commands whose options are read by their own module."""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="zerosec", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("--version", action="store_true", help="Print the version.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, handler: str, summary: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        made.set_defaults(handler=handler)
        _everywhere(made)
        return made

    def on_server(made: argparse.ArgumentParser) -> None:
        made.add_argument("--target-server", metavar="NAME", help="Which server; see “zerosec targets”.")

    commands.add_parser(RUN, help="Run an analysis: zerosec run ANALYSIS DATA --out DIR …", add_help=False)
    commands.add_parser(PREVIEW, help="What a run would do; submits nothing.", add_help=False)
    commands.add_parser(PROJECTS, help="Projects: list them, make one.", add_help=False)
    commands.add_parser(RESULTS, help="A project's results: import, undo, export, back up.", add_help=False)
    commands.add_parser(PREDICTIONS, help="The prediction database: list it, export it.", add_help=False)
    commands.add_parser(REFERENCES, help="References for all runs: list, add, remove.", add_help=False)
    for name, summary in OF_STEPS.items():
        commands.add_parser(name, help=summary, add_help=False)
    listing = command("analyses", "catalogue:analyses", "What analyses there are.")
    on_server(listing)

    jobs = command("jobs", "jobs:jobs", "The newest jobs, and what was not sent yet.")
    on_server(jobs)
    jobs.add_argument("--status", choices=["queued", "running", "succeeded", "failed", "cancelled"])
    jobs.add_argument("--analysis", metavar="ID")
    jobs.add_argument("--text", metavar="WORDS", help="In the name of the run.")
    jobs.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="With this parameter."
    )
    jobs.add_argument(
        "--limit", type=_positive, default=20, metavar="N", help="How many at most; default 20."
    )

    watch = command("watch", "jobs:watch", "Follow a job to its end and show its result.")
    on_server(watch)
    watch.add_argument("job", metavar="JOB", help="Its id, a part of it, or “last”.")
    watch.add_argument("--out", metavar="DIR", help="Fetch the results into this folder at the end.")
    watch.add_argument("--overwrite", action="store_true", help="Put results over what is in the folder.")

    cancel = command("cancel", "jobs:cancel", "End a job that is queued or running.")
    on_server(cancel)
    cancel.add_argument("job", metavar="JOB", help="Its id, a part of it, or “last”.")

    finish = command("finish", "jobs:finish", "Stop a job now and keep the best result it has.")
    on_server(finish)
    finish.add_argument("job", metavar="JOB", help="Its id, a part of it, or “last”.")

    fetch = command("fetch", "jobs:fetch", "Fetch the results of a job that has ended.")
    on_server(fetch)
    fetch.add_argument("job", metavar="JOB", help="Its id, a part of it, or “last”.")
    fetch.add_argument("--out", metavar="DIR", required=True, help="Folder for the results.")
    fetch.add_argument("--overwrite", action="store_true", help="Put results over what is in the folder.")

    resume = command("resume", "resume:resume", "Finish what earlier commands could not: send, fetch.")
    resume.add_argument("--wait", action="store_true", help="Wait for jobs that still run.")
    resume.add_argument("--discard", metavar="JOB", help="Give up a submission that was not sent.")

    _targets(command("targets", "targets:listing", "The servers that can be used."), command)
    server = command("server", "server:status", "The bundled server of this computer.")
    server.add_argument("action", nargs="?", choices=["status", "start", "stop"], default="status")
    return parser


def _targets(targets: argparse.ArgumentParser, _command: object) -> None:
    actions = targets.add_subparsers(dest="action", metavar="ACTION", title="actions")
    add = actions.add_parser("add", help="Remember a server.", allow_abbrev=False)
    add.add_argument("name", metavar="NAME")
    add.add_argument("url", metavar="URL")
    add.add_argument("--token-file", metavar="FILE", help="File that holds the token; “-”: standard input.")
    add.add_argument(
        "--ca", type=Path, metavar="FILE", help="Certificates to trust for it beside the usual ones (PEM)."
    )
    add.add_argument("--use", action="store_true", help="Use it where no server is named.")
    add.set_defaults(handler="targets:add")
    use = actions.add_parser("use", help="Use it where no server is named.", allow_abbrev=False)
    use.add_argument("name", metavar="NAME")
    use.set_defaults(handler="targets:use")
    remove = actions.add_parser("remove", help="Forget a server and its token.", allow_abbrev=False)
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(handler="targets:remove")
    listing = actions.add_parser("list", help="Show them and how they are.", allow_abbrev=False)
    listing.set_defaults(handler="targets:listing")
    for each in (add, use, remove, listing):
        _everywhere(each, default=argparse.SUPPRESS)


def _everywhere(parser: argparse.ArgumentParser, default: object = False) -> None:
    parser.add_argument(
        "--json", action="store_true", default=default, help="One JSON object on standard output."
    )
    parser.add_argument("--quiet", action="store_true", default=default, help="No progress.")
    parser.add_argument("--debug", action="store_true", default=default, help=argparse.SUPPRESS)


def _positive(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= 1000:
        raise argparse.ArgumentTypeError(f"“{word}” is not a number from 1 to 1000")
    return int(word)


def _handler(name: str) -> "Callable[[argparse.Namespace, Terminal], Coroutine[object, object, Report]]":
    module, _, function = name.partition(":")
    found: Callable[[argparse.Namespace, Terminal], Coroutine[object, object, Report]] = getattr(
        importlib.import_module(f"zerosec_client.cli.{module}"), function
    )
    return found


def _work(words: Sequence[str], terminal: "Terminal") -> "Coroutine[object, object, Report]":
    if words and words[0] == RUN:
        from zerosec_client.cli.run import run

        return run(words[1:], terminal)
    if words and words[0] == PREVIEW:
        from zerosec_client.cli.preview import preview

        return preview(words[1:], terminal)
    if words and words[0] in {PROJECTS, RESULTS}:
        from zerosec_client.cli.project_options import run_projects, run_results

        return (run_projects if words[0] == PROJECTS else run_results)(words[1:], terminal)
    if words and words[0] == PREDICTIONS:
        from zerosec_client.cli.predictions import run_predictions

        return run_predictions(words[1:], terminal)
    if words and words[0] == REFERENCES:
        from zerosec_client.cli.references import run_references

        return run_references(words[1:], terminal)
    if words and words[0] in OF_STEPS:
        from zerosec_client.cli.step_options import run_command

        return run_command(words[0], OF_STEPS[words[0]], words[1:], terminal)
    parsed = _parser().parse_args(words)
    return _handler(parsed.handler)(parsed, terminal)


def _end(words: Sequence[str], terminal: "Terminal", debug: bool) -> int:
    """Run the command, answer, and give the exit code."""
    from zerosec_client.cli.exit_codes import ExitCode, of_error
    from zerosec_client.cli.result import failed_before
    from zerosec_client.cli.terminal import defect
    from zerosec_client.errors import ClientError, UsageError

    try:
        try:
            report = asyncio.run(_work(words, terminal))
        except _SlipError as slip:
            raise UsageError(slip.args[0], hint=slip.args[1]) from slip
    except ClientError as error:
        if debug:
            traceback.print_exc()
        terminal.complain(error)
        report = failed_before(error, of_error(error))
    except (KeyboardInterrupt, asyncio.CancelledError):
        if terminal.as_json:
            interrupted = ClientError("Interrupted.")
            interrupted.code = "interrupted"
            terminal.show(failed_before(interrupted, ExitCode.INTERRUPTED))
        sys.stderr.flush()
        # A transfer's thread may still wait for the network: the user does not want to.
        os._exit(ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - reported to the user, with the way to see all of it
        if debug:
            traceback.print_exc()
        mistake = defect(error)
        terminal.complain(mistake)
        report = failed_before(mistake, ExitCode.DEFECT)
    terminal.show(report)
    return report.code


def _language() -> str:
    """What ZEROSEC_LANGUAGE says; else, for a person at a terminal, the language of the system: a log file stays comparable."""
    chosen = os.environ.get(LANGUAGE)
    if chosen:
        return chosen
    if not sys.stderr.isatty():
        return "en"
    system = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "ja" if system.startswith("ja") and "UTF-8" in system.upper().replace("UTF8", "UTF-8") else "en"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; docs/cli.md lists them."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help"}:
        _parser().print_help()
        return 0 if words else 2
    if words[0] == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"zerosec {version('zerosec-client')}\n")
        return 0
    if words[0] not in OWN_PARSERS and ("-h" in words or "--help" in words):
        with suppress(_SlipError):  # said below, like every other slip
            _parser().parse_args(words)
    from zerosec_client.cli.terminal import Terminal
    from zerosec_shared.texts import speak

    # What a program reads stays as it is written.
    speak("en" if "--json" in words else _language(), "zerosec_client")
    terminal = Terminal(as_json="--json" in words, quiet="--quiet" in words)
    try:
        return _end(words, terminal, "--debug" in words)
    except BrokenPipeError:
        # The reader of our output has left (`zerosec jobs | head`): nothing to say to it any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
