"""The command lines of `zerosec projects` and `zerosec results`."""

import argparse
from collections.abc import Awaitable, Callable, Sequence

from zerosec_client.cli import projects
from zerosec_client.cli.dialect import add_dialect
from zerosec_client.cli.options import Parser
from zerosec_client.cli.terminal import Report, Terminal

__all__ = ["run_projects", "run_results"]

Handler = Callable[[argparse.Namespace, Terminal], Awaitable[Report]]


def _everywhere(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target-server", metavar="NAME", help="Which server; see “zerosec targets”.")
    parser.add_argument("--json", action="store_true", help="One JSON object on standard output.")
    parser.add_argument("--quiet", action="store_true", help="No progress.")
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)


async def _run(parser: argparse.ArgumentParser, words: Sequence[str], terminal: Terminal) -> Report:
    found = parser.parse_args(list(words))
    handler: Handler = found.handler
    return await handler(found, terminal)


async def run_projects(words: Sequence[str], terminal: Terminal) -> Report:
    """`zerosec projects …`."""
    parser = Parser(
        prog="zerosec projects",
        usage="%(prog)s [list] [options]\n       %(prog)s create NAME --profile NAME|FILE [options]",
        description="Projects: a profile and the results of its experiments. Lists them; “create” makes one.",
    )
    parser.set_defaults(handler=projects.listing)
    _everywhere(parser)
    if words and words[0] == "create":
        parser = Parser(prog="zerosec projects create", description="Make a project.")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument(
            "--profile",
            required=True,
            metavar="NAME|FILE",
            help="One that ships (deburring), or a TOML file.",
        )
        parser.set_defaults(handler=projects.create)
        _everywhere(parser)
        words = words[1:]
    elif words and words[0] == "list":
        words = words[1:]
    return await _run(parser, words, terminal)


async def run_results(words: Sequence[str], terminal: Terminal) -> Report:
    """`zerosec results …`."""
    parser = Parser(prog="zerosec results", description="The results database of a project.")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)

    def action(name: str, handler: Handler, summary: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=summary, description=summary)
        made.add_argument("project", metavar="PROJECT", help="Its name or id.")
        made.set_defaults(handler=handler)
        _everywhere(made)
        return made

    take_in = action("import", projects.take_in, "Show what importing a file would do; do it with --yes.")
    take_in.add_argument("file", metavar="FILE", help="A filled lab sheet, a table, or an older results.db.")
    take_in.add_argument(
        "--given", action="append", default=[], metavar="COLUMN=VALUE", help="For a column the file lacks."
    )
    take_in.add_argument("--yes", action="store_true", help="Import what the preview shows.")
    add_dialect(take_in)
    sheet = action(
        "lab-sheet", projects.lab_sheet, "The runs of a design as a workbook to print and fill in."
    )
    sheet.add_argument("design", metavar="DESIGN", help="A table of runs, such as design.csv.")
    sheet.add_argument("--out", required=True, metavar="FILE", help="The workbook (.xlsx).")
    sheet.add_argument(
        "--criterion", default="", metavar="TEXT", help="By which the runs were chosen, such as D."
    )
    sheet.add_argument(
        "--given", action="append", default=[], metavar="COLUMN=VALUE", help="What holds for every run."
    )
    sheet.add_argument("--overwrite", action="store_true", help="Replace the file.")
    action("imports", projects.imports, "Every import, undo and restore.")
    undo = action("undo", projects.undo, "Take an import back.")
    undo.add_argument("import_id", metavar="IMPORT", help="Its id; see “zerosec results imports”.")
    export = action("export", projects.export, "All results as a CSV file.")
    export.add_argument("--out", required=True, metavar="FILE")
    export.add_argument("--overwrite", action="store_true", help="Replace the file.")
    history = action("history", projects.history, "Every value that was ever set, as a CSV file.")
    history.add_argument("--out", required=True, metavar="FILE")
    history.add_argument("--overwrite", action="store_true", help="Replace the file.")
    action("backup", projects.backup, "Back the results up now.")
    action("backups", projects.backups, "What can be restored.")
    restore = action("restore", projects.restore, "Put the results back as a backup holds them.")
    restore.add_argument("backup_id", metavar="BACKUP", help="See “zerosec results backups”.")
    return await _run(parser, words, terminal)
