"""`zerosec preview`: what a run would do with these files and parameters, however incomplete; nothing is submitted."""

from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from zerosec_client.cli.display import display_for
from zerosec_client.cli.exit_codes import ExitCode, of_error, of_status
from zerosec_client.cli.no_effect import settings_without_effect
from zerosec_client.cli.options import Parser, parameters_of
from zerosec_client.cli.registered import known_references
from zerosec_client.cli.result import failed_before, found_lines
from zerosec_client.cli.run import chosen_step, command_line, given_inputs, offered_analysis, split_words
from zerosec_client.cli.session import opened, outbox
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import ClientError, UsageError
from zerosec_client.preview import ask_preview
from zerosec_shared.runs import Job, JobStatus
from zerosec_shared.texts import say
from zerosec_shared.views import NOT_YET, CardView, Notice, Severity, TableView

__all__ = ["preview"]

SHOWN_ROWS = 20
_EACH = {"__all__": {"translations"}}
_TRANSLATIONS: Any = {"translations": True, "metrics": _EACH, "warnings": _EACH, "views": _EACH}
"""A program reads the English."""


async def preview(words: Sequence[str], terminal: Terminal) -> Report:
    """Say what the run of this command line would do."""
    analysis_id, rest, given = split_words(words)
    if analysis_id is None:
        if "-h" in rest or "--help" in rest:
            _general_help()
        raise UsageError("Which analysis?", hint="“zerosec analyses” lists them.")
    async with opened(given.get("--target-server"), terminal) as (target, api):
        analysis = await offered_analysis(api, analysis_id)
        step = chosen_step(analysis, given.get("--step"))
        line = command_line(analysis, step, preview=True)
        found = line.parser.parse_all(rest)
        if not step.preview:
            raise UsageError(
                say("{title} has no preview.", title=analysis.title),
                hint=say("Run it: “zerosec run {id}”.", id=analysis.id),
            )
        parameters = parameters_of(found, line.options)
        flags = {option.parameter: option.flag for option in line.options}
        for sentence in settings_without_effect(step.parameters_schema, parameters, flags):
            terminal.warn(sentence)
        inputs = given_inputs(line, found, await known_references(api, rest), incomplete=True)
        display = display_for(terminal)
        with outbox() as box:
            try:
                job = await ask_preview(
                    api,
                    box,
                    target=target.name,
                    analysis=analysis.id,
                    step=step.id,
                    inputs=inputs,
                    parameters=parameters,
                    progress=display.uploading,
                )
            except ClientError as error:
                display.close()
                terminal.complain(error, flags)
                return failed_before(error, of_error(error))
            finally:
                display.close()
        return _report(job)


def _report(job: Job) -> Report:
    data: dict[str, JsonValue] = {"status": job.status.value, "failure": None, "result": None}
    lines: list[str] = []
    if job.failure is not None:
        data["failure"] = job.failure.model_dump(mode="json", exclude={"translations"})
        lines += [part for part in (job.failure.title, job.failure.detail, job.failure.hint) if part]
    if job.result is not None:
        data["result"] = job.result.model_dump(mode="json", exclude=_TRANSLATIONS)
        for view in job.result.views:
            if isinstance(view, CardView):
                lines.append(view.text)
        lines += found_lines(job.result)
        for view in job.result.views:
            if isinstance(view, TableView):
                lines += ["", view.title, *_table(view)]
    refused = job.result is not None and any(map(_is_refusal, job.result.warnings))
    code = of_status(JobStatus.FAILED) if refused else ExitCode.OK
    return Report(of_status(job.status) if job.failure is not None else code, data, lines)


def _is_refusal(notice: Notice) -> bool:
    """Whether the run would be refused; what was not given yet is none, a value that is not right is."""
    return notice.severity is Severity.ERROR or (
        notice.code == NOT_YET and notice.severity is Severity.WARNING
    )


def _table(view: TableView) -> list[str]:
    heads = [column.heading for column in view.columns]
    rows = [["" if cell is None else str(cell) for cell in row] for row in view.rows[:SHOWN_ROWS]]
    widths = [max(len(row[index]) for row in [heads, *rows]) for index in range(len(heads))]
    lines = [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *rows]
    ]
    if view.total_rows > len(rows):
        lines.append(f"  … and {view.total_rows - len(rows):,} more")
    return lines


def _general_help() -> None:
    parser = Parser(
        prog="zerosec preview ANALYSIS",
        description="Say what a run would do, and submit nothing. The options are those of “zerosec run ANALYSIS”; "
        "none is needed.",
    )
    parser.add_argument("data", nargs="*", metavar="DATA", help="The data file.")
    parser.parse_args(["--help"])
