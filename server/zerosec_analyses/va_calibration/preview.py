"""What a run would do: each name of the files, its cause and its deaths, and what must be decided before it can start."""

from zerosec_analyses.preview import say_refused
from zerosec_analyses.sdk import Column, Context, InputError, say
from zerosec_analyses.va_calibration.data_findings import data_findings
from zerosec_analyses.va_calibration.mapping import Mapping, refuse_unusable
from zerosec_analyses.va_calibration.reading import mapped
from zerosec_analyses.va_calibration.spec import VaParameters
from zerosec_shared.views import Severity

MOST_NAMES = 60


def preview(ctx: Context, params: VaParameters) -> None:
    """Show the mapping of names to causes. Raises InputError for what the run would refuse."""
    found = mapped(ctx, params)
    for mapping in found.mappings:
        assigned = mapping.assigned
        ctx.metric(
            f"deaths_{assigned.algorithm}",
            mapping.used,
            label=say("Deaths by {algorithm}", algorithm=assigned.title),
            note=say("of {total:,} in {file}", total=assigned.total, file=assigned.file),
            headline=True,
        )
        _table(ctx, mapping)
    for mapping in found.mappings:
        try:
            refuse_unusable(mapping, found.causes, params.age_group)
        except InputError as refused:
            say_refused(ctx, f"refused_{mapping.assigned.algorithm}", refused)
    for finding in data_findings(found.mappings, found.causes):
        ctx.warn(
            finding.code,
            finding.message,
            finding.hint,
            Severity.WARNING if finding.is_warning else Severity.INFO,
        )


def _table(ctx: Context, mapping: Mapping) -> None:
    """Names nobody knows first, then by deaths."""
    rows = sorted(mapping.names, key=lambda each: (each.cause is not None, -each.deaths, each.name))
    ctx.table(
        f"names_{mapping.assigned.algorithm}",
        say("Cause names of {algorithm}", algorithm=mapping.assigned.title),
        [
            Column(name="name", label="Name in the file"),
            Column(name="cause", label="Stands for"),
            Column(name="deaths", label="Deaths"),
        ],
        [(each.name, each.shown, each.deaths) for each in rows[:MOST_NAMES]],
        total_rows=len(rows),
    )
