"""The command lines of `zerosec steps`, `export`, `import`, `methods`, `verify` and `programs`."""

import argparse
from collections.abc import Awaitable, Callable, Sequence

from zerosec_client.cli import steps, verifying
from zerosec_client.cli.dialect import add_dialect
from zerosec_client.cli.options import Parser
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import UsageError
from zerosec_shared.texts import say

__all__ = ["run_command"]

Handler = Callable[[argparse.Namespace, Terminal], Awaitable[Report]]
RUN_HELP = "The id of the run, or of a job of it; or “last”."


def _steps(parser: Parser) -> Handler:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    plan = actions.add_parser("plan", help="What executing a step would read, and with which settings.")
    plan.add_argument("step", metavar="STEP")
    run = actions.add_parser("run", help="Execute a step and wait for its end.")
    run.add_argument("step", metavar="STEP")
    run.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="A file for the step's main input, such as the rows to predict.",
    )
    run.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="INPUT=FILE",
        help="A file for one of its inputs; may be repeated.",
    )
    run.add_argument("--out", metavar="DIR", help="Folder for the results; made if it is not there.")
    run.add_argument("--overwrite", action="store_true", help="Put results over what is in the folder.")
    run.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="A setting; a value as JSON or text."
    )
    run.add_argument("--detach", action="store_true", help="Do not wait.")
    add_dialect(run)
    everything = actions.add_parser("all", help="Run all: the steps one after another.")
    everything.add_argument("--from", dest="first", metavar="STEP", help="Begin with this one.")
    everything.add_argument("--detach", action="store_true", help="Do not wait.")
    for name, summary in (
        ("pause", "Begin no further step."),
        ("resume", "Go on where it was paused."),
        ("kill", "End all that the run does now."),
        ("clean", "Delete its files; its record stays."),
    ):
        actions.add_parser(name, help=summary)
    for made in actions.choices.values():
        _everywhere(made, default=argparse.SUPPRESS)
    return steps.steps


def _export(parser: Parser) -> Handler:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    parser.add_argument("--out", required=True, metavar="FILE")
    parser.add_argument("--content", choices=["everything", "configuration", "record"], default="everything")
    parser.add_argument("--overwrite", action="store_true", help="Replace the file if it is there.")
    return steps.export


def _import(parser: Parser) -> Handler:
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--name", help="Of the new run; default: as it was called.")
    return steps.import_run


def _methods(parser: Parser) -> Handler:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    parser.add_argument("--language", choices=["en", "ja"], help="Default: that of the terminal.")
    return steps.methods


def _verify(parser: Parser) -> Handler:
    parser.add_argument("file", metavar="ARCHIVE", help="An export of everything.")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=1e-9,
        metavar="X",
        help="How much numbers may differ; default 1e-9.",
    )
    return verifying.verify


def _programs(_parser: Parser) -> Handler:
    return steps.programs


OPTIONS: dict[str, Callable[[Parser], Handler]] = {
    "steps": _steps,
    "export": _export,
    "import": _import,
    "methods": _methods,
    "verify": _verify,
    "programs": _programs,
}


def _everywhere(parser: argparse.ArgumentParser, default: object = None) -> None:
    flag = False if default is None else default
    parser.add_argument(
        "--target-server", metavar="NAME", default=default, help="Which server; see “zerosec targets”."
    )
    parser.add_argument(
        "--json", action="store_true", default=flag, help="One JSON object on standard output."
    )
    parser.add_argument("--quiet", action="store_true", default=flag, help="No progress.")
    parser.add_argument("--debug", action="store_true", default=flag, help=argparse.SUPPRESS)


async def run_command(command: str, summary: str, words: Sequence[str], terminal: Terminal) -> Report:
    """`zerosec COMMAND …`."""
    parser = Parser(prog=f"zerosec {command}", description=summary)
    _everywhere(parser)
    handler = OPTIONS[command](parser)
    found, unknown = parser.parse_known_args(list(words))
    if unknown:
        flag = unknown[0].split("=", 1)[0]
        raise UsageError(
            say("There is no option {flag} here.", flag=flag)
            if flag.startswith("-")
            else say("“{unknown}” was not expected.", unknown=flag),
            hint=_otherwise(command, found, flag),
        )
    return await handler(found, terminal)


def _otherwise(command: str, found: argparse.Namespace, flag: str) -> str:
    """What was perhaps meant: inputs and settings are options of `zerosec run`, and named here."""
    if command == "steps" and getattr(found, "action", None) == "run" and flag.startswith("--"):
        name = flag.lstrip("-").replace("-", "_")
        return say(
            "A file for an input is given as --input {name}=FILE, a setting as --set {name}=VALUE.", name=name
        )
    return say("See “{prog} --help”.", prog=f"zerosec {command}")
