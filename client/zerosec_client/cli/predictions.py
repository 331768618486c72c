"""`zerosec predictions`: what was predicted so far, and all of it, or some, as one table."""

import argparse
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.cli.display import display_for
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.following import follow
from zerosec_client.cli.options import Parser
from zerosec_client.cli.projects import find_project, new_file
from zerosec_client.cli.session import opened
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import UsageError
from zerosec_client.predictions import all_predictions, export_predictions, format_of
from zerosec_client.projects import Projects
from zerosec_shared.ids import new_id
from zerosec_shared.predictions import PredictionExport, PredictionRecord
from zerosec_shared.runs import JobState
from zerosec_shared.texts import say

__all__ = ["run_predictions"]


async def run_predictions(words: Sequence[str], terminal: Terminal) -> Report:
    """`zerosec predictions …`."""
    parser = Parser(
        prog="zerosec predictions", description="The prediction database: the rows of every prediction."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    _everywhere(parser)
    parser.set_defaults(handler=listing)
    summary = "Every prediction: when, by which model, of which table."
    listed = actions.add_parser("list", help=summary, description=summary)
    summary = "Predictions as one table; each row says where it comes from."
    export = actions.add_parser("export", help=summary, description=summary)
    export.add_argument(
        "predictions", nargs="*", metavar="ID", help="Of a prediction, or of a run; default: all."
    )
    export.add_argument(
        "--out", required=True, metavar="FILE", help="Its ending says what it is: .parquet, .csv or .xlsx."
    )
    export.add_argument("--overwrite", action="store_true", help="Replace the file.")
    export.set_defaults(handler=exporting)
    for made in (listed, export):
        _everywhere(made, default=argparse.SUPPRESS)
    parsed = parser.parse_args(list(words))
    handler: Callable[[argparse.Namespace, Terminal], Awaitable[Report]] = parsed.handler
    return await handler(parsed, terminal)


def _everywhere(parser: argparse.ArgumentParser, default: object = False) -> None:
    text = argparse.SUPPRESS if default is argparse.SUPPRESS else None
    parser.add_argument(
        "--project",
        metavar="NAME",
        default=text,
        help="By models built from this project's experiments alone.",
    )
    parser.add_argument(
        "--target-server", metavar="NAME", default=text, help="Which server; see “zerosec targets”."
    )
    parser.add_argument(
        "--json", action="store_true", default=default, help="One JSON object on standard output."
    )
    parser.add_argument("--quiet", action="store_true", default=default, help="No progress.")
    parser.add_argument("--debug", action="store_true", default=default, help=argparse.SUPPRESS)


async def _project(arguments: argparse.Namespace, api: Api) -> UUID | None:
    return None if arguments.project is None else (await find_project(Projects(api), arguments.project)).id


async def listing(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Every prediction of a server, or of a project."""
    async with opened(arguments.target_server, terminal) as (_, api):
        found = await all_predictions(api, await _project(arguments, api))
    rows = [
        (
            f"{one.predicted_at:%Y-%m-%d %H:%M}",
            one.run_name,
            one.model,
            one.rows_file,
            say("cleaned") if one.cleaned else f"{one.rows:,}",
            ", ".join(one.targets),
            str(one.job_id),
        )
        for one in found
    ]
    headings = (say("WHEN"), say("RUN"), say("MODEL"), say("TABLE"), say("ROWS"), say("TARGETS"), say("ID"))
    return Report(
        ExitCode.OK,
        {"predictions": [one.model_dump(mode="json") for one in found]},
        () if found else (say("There is no prediction yet: build a model, then predict rows with it."),),
        table=(headings, rows) if rows else None,
    )


async def exporting(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Predictions as one table."""
    target = new_file(arguments.out, overwrite=arguments.overwrite)
    wanted = format_of(target)
    async with opened(arguments.target_server, terminal) as (_, api):
        project = await _project(arguments, api)
        found = await all_predictions(api, project)
        chosen = _chosen(found, arguments.predictions)
        if not chosen:
            raise UsageError(
                "There is no prediction to export.",
                say("Cleaned, their rows gone: {count:,}.", count=len(found)) if found else "",
                "Build a model, then predict rows with it.",
            )
        display = display_for(terminal)

        async def queued(state: JobState) -> None:
            await follow(api, state.id, display)

        try:
            rows = await export_predictions(
                api,
                PredictionExport(
                    id=new_id(),
                    run_id=new_id(),
                    format=wanted,
                    predictions=tuple(one.job_id for one in chosen) if arguments.predictions else (),
                    project=project,
                ),
                target,
                queued=queued,
            )
        finally:
            display.close()
    left_out = [str(one.job_id) for one in found if one.cleaned] if not arguments.predictions else []
    lines = [
        say(
            "{rows:,} rows of {count:,} predictions are in {file}.",
            rows=rows,
            count=len(chosen),
            file=str(target),
        )
    ]
    if left_out:
        lines.append(
            say(
                "{count:,} predictions are not in it: the files of their runs were cleaned.",
                one="1 prediction is not in it: the files of its run were cleaned.",
                count=len(left_out),
            )
        )
    return Report(
        ExitCode.OK,
        {
            "file": str(target),
            "rows": rows,
            "predictions": [str(one.job_id) for one in chosen],
            "cleaned": list(left_out),
        },
        lines,
    )


def _chosen(found: Sequence[PredictionRecord], words: Sequence[str]) -> list[PredictionRecord]:
    """Those meant by their ids or the ids of their runs; without words, all whose rows are there. Raises UsageError."""
    if not words:
        return [one for one in found if not one.cleaned]
    for word in words:
        if not any(word in {str(one.job_id), str(one.run_id)} for one in found):
            raise UsageError(
                say("There is no prediction “{word}”.", word=word), hint="See “zerosec predictions”."
            )
    return [one for one in found if not {str(one.job_id), str(one.run_id)}.isdisjoint(words)]
