"""Every row of a file as values by the profile's names, or the reason why it cannot be taken."""

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

import polars as pl

from zerosec_analyses.results_table.older_database import as_csv
from zerosec_analyses.results_table.spec import ResultsTableParameters
from zerosec_analyses.sdk import Column, Context, InputError, JobInput, joined, ours, say
from zerosec_shared.formula_signs import unguarded
from zerosec_shared.profiles import (
    CRITERION,
    CellProblem,
    CellValue,
    ColumnFacts,
    ColumnRole,
    OneHotGroup,
    Profile,
    ProfileError,
    ProfileRow,
    Recognition,
    RowReader,
    TablePurpose,
    ValueKind,
    facts_of,
    read_cell,
    read_profile,
    recognise,
    recognised_sheet,
    texts_as_meant,
)
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.tables import Table, TableError, read_table, read_text_columns
from zerosec_shared.texts import Said, Texts
from zerosec_shared.views import CardView, Severity

__all__ = ["run"]

NUMERIC = {ValueKind.NUMBER, ValueKind.INTEGER}
OF_CELLS = {"error_cells", "not_finite", "large_numbers", "marked_missing", "numbered_name"}
OF_FILE = {
    "sheets", "lines_skipped", "no_header", "blank_name", "encoding_guessed", "two_decimals", "decimal_assumed", "decimal_unclear",
    "grouped_digits", "no_cells", "errors_unseen",
}  # fmt: skip
"""Remarks on reading that bear on what is imported. A cell of text among numbers is told with its row."""
SHOWN = 200
EXACT = 2**53
"""From here on a double may have lost digits of what was written: the text is looked at."""


@dataclass(frozen=True)
class Row:
    """A row of the file: where it stands, its values, and what keeps it from being taken."""

    number: int
    values: dict[str, float | str]
    column: str = ""
    reason: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The reason in other languages."""


def run(ctx: Context, params: ResultsTableParameters) -> None:
    """Write rows.jsonl, and show how the columns were understood and which rows cannot be taken."""
    try:
        profile = read_profile(params.profile.encode())
    except ProfileError as bad:
        raise InputError("The profile cannot be used.", str(bad)) from bad
    source = _source(ctx)
    try:
        dialect, sheet_told = recognised_sheet(source.path, profile, source.dialect)
        source = replace(source, dialect=dialect)
        table = read_table(source.path, dialect)
        if ctx.inputs.get("data"):
            ctx.read_as("data", table.dialect)
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    ctx.progress(0.2, "reading", say("{rows:,} rows", one="1 row", rows=table.frame.height))
    frame, facts, meant = _with_numbers(source, table, profile)
    found = recognise(profile, facts)
    if found.purpose is not TablePurpose.RESULTS:
        raise InputError(
            say("{file} is not read as results.", file=source.name),
            _why_not(table, found),
            "Compare the file's columns with the profile.",
        )
    if sheet_told is not None:
        ctx.warn("sheet", sheet_told, severity=Severity.INFO)
    for told in meant:
        ctx.warn("read_as_meant", told, severity=Severity.INFO)
    _warn_of_reading(ctx, table, found)
    rows = list(_rows(ctx, table, frame, found, _given(profile, params.given)))
    _write(ctx, rows)
    _show(ctx, source, found, rows)


def _why_not(table: Table, found: Recognition) -> Said:
    """Why a table holds no results, and of which part of the file that was found."""
    reasons = found.reasons or (say("None of the response columns has a value."),)
    looked_at = [ours(note.text) for note in table.notes if note.code in {"sheets", "lines_skipped"}]
    return joined((*reasons, *looked_at), " ")


def _source(ctx: Context) -> JobInput:
    tables, databases = ctx.inputs.get("data", ()), ctx.inputs.get("database", ())
    if len(tables) + len(databases) != 1:
        raise InputError("Give one file: either a table of results or an older results.db.")
    if tables:
        return tables[0]
    database = databases[0]
    written = ctx.scratch / "main_results.csv"
    return replace(database, path=written, dialect=as_csv(database.path, database.name, written))


def _with_numbers(
    source: JobInput, table: Table, profile: Profile
) -> tuple[pl.DataFrame, tuple[ColumnFacts, ...], tuple[Said, ...]]:
    """The table with the cells of numeric columns as they stand where some of them are no numbers: so that one bad cell
    costs its row and not its column. With it what was read as it can only be meant."""
    facts = [_one_bad_code_apart(one, table, profile) for one in facts_of(table)]
    mixed = []
    for place, one in enumerate(facts):
        known = profile.known_as(one.name)
        kind = getattr(known, "kind", None)
        rounded = max(abs(one.minimum or 0.0), abs(one.maximum or 0.0)) >= EXACT
        if kind in NUMERIC and (one.kind is ValueKind.TEXT or rounded):
            mixed.append((place, one))
    if not mixed:
        return table.frame, tuple(facts), ()
    texts = read_text_columns(source.path, table.dialect, [one.name for _, one in mixed])
    texts, meant = texts_as_meant(profile, texts, table.dialect.decimal)
    frame = table.frame
    for place, one in mixed:
        column = texts[one.name]
        numbers = column.cast(pl.Float64, strict=False).drop_nulls()
        if len(numbers) == 0:
            continue
        frame = frame.with_columns(column)
        facts[place] = replace(
            one,
            kind=ValueKind.INTEGER if (numbers == numbers.floor()).all() else ValueKind.NUMBER,
            minimum=float(numbers.min()),  # type: ignore[arg-type]
            maximum=float(numbers.max()),  # type: ignore[arg-type]
            values=tuple(numbers.unique().sort().to_list()) if numbers.n_unique() <= 50 else (),
            not_number="",
        )
        facts[place] = _one_bad_code_apart(facts[place], replace(table, frame=frame), profile)
    return frame, tuple(facts), meant


def _one_bad_code_apart(facts: ColumnFacts, table: Table, profile: Profile) -> ColumnFacts:
    """The facts without codes that nobody knows where others are known: those cost their rows, such as a line of totals."""
    known = profile.known_as(facts.name)
    if isinstance(known, OneHotGroup):
        good = [value for value in _values(facts, table) if known.member_of(value) is not None]
    elif known is not None and known.role is ColumnRole.ONE_HOT and facts.kind is not ValueKind.TEXT:
        good = [value for value in _values(facts, table) if value in {0, 1}]
    else:
        return facts
    return replace(facts, values=tuple(good)) if good else facts


def _values(facts: ColumnFacts, table: Table) -> Sequence[float | str]:
    return facts.values or table.frame[facts.name].drop_nulls().unique().to_list()


def _given(profile: Profile, given: Mapping[str, str]) -> dict[str, CellValue]:
    """The values of the whole series by the profile's names, one-hot groups spread. Raises InputError."""
    values: dict[str, CellValue] = {}
    for name, text in given.items():
        known = profile.known_as(name)
        if known is None:
            raise InputError(say("The profile has no column “{column}”.", column=name))
        if isinstance(known, OneHotGroup):
            chosen = known.member_of(text)
            if chosen is None:
                raise InputError(say("“{value}” is no {group}.", value=text, group=known.name))
            values.update({member: int(member == chosen) for member in known.members})
            continue
        value, problem = read_cell(known, text)
        if problem is not None:
            raise InputError(say("The value given for {column} cannot be used.", column=known.name), problem)
        if value is not None:
            values[known.name] = value
    return values


def _rows(
    ctx: Context,
    table: Table,
    frame: pl.DataFrame,
    found: Recognition,
    given: Mapping[str, CellValue],
) -> Iterator[Row]:
    headers = [match.header for match in found.matches]
    reader = RowReader(found, given)
    required = [column.name for column in found.profile.columns if column.required]
    groups = found.profile.one_hot
    anything = {column.name for column in found.profile.columns if column.kind is ValueKind.ANY}
    stated: list[tuple[str, str, list[int]]] = [
        (header, name, []) for name in found.profile.derived if (header := found.header_of(name)) is not None
    ]
    total = max(1, frame.height)
    for index, cells in enumerate(frame.select(headers).iter_rows(named=True)):
        if index % 2000 == 0:
            ctx.progress(0.2 + 0.7 * index / total, "rows", row=index, rows=total)
        if all(cell is None for cell in cells.values()):
            continue
        cells = {name: unguarded(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
        read = reader.read(cells)
        row = _row(table.row_number(index), read, required, groups, anything, ctx.texts)
        for header, name, others in stated:
            if not row.reason and _states_another(cells[header], read.values.get(name)):
                others.append(row.number)
        yield row
    for _, name, others in stated:
        if others:
            ctx.warn(
                "derived_differs",
                say(
                    "{count:,} rows state another {column} than its formula gives (row {row:,} first); what the formula gives "
                    "is kept.",
                    one="1 row (row {row}) states another {column} than its formula gives; what the formula gives is kept.",
                    count=len(others),
                    column=name,
                    row=others[0],
                ),
            )


def _states_another(cell: object, worked_out: CellValue) -> bool:
    """Whether a cell says another value than the formula does, beyond what rounding for print explains."""
    if cell is None or not isinstance(worked_out, int | float):
        return False
    try:
        return not math.isclose(float(str(cell)), worked_out, rel_tol=0.01)
    except ValueError:
        return True


def _row(
    number: int,
    read: ProfileRow,
    required: Sequence[str],
    groups: Sequence[OneHotGroup],
    anything: Collection[str],
    texts: Texts,
) -> Row:
    if read.problems:
        told = read.problems[:3]
        reason = joined((problem.text for problem in told), " ")
        return Row(number, {}, read.problems[0].header, reason, _in_languages(told, texts))
    unset = (
        group.name for group in groups if all(read.values.get(member) is None for member in group.members)
    )
    blank = next(chain((name for name in required if read.values.get(name) is None), unset), None)
    if blank is not None:
        said = say("There is no value in {column}.", column=blank)
        return Row(number, {}, blank, said, _in_languages((CellProblem(blank, said),), texts))
    return Row(
        number,
        {
            name: str(value) if name in anything else _plain(value)
            for name, value in read.values.items()
            if value is not None
        },
    )


def _in_languages(problems: Sequence[CellProblem], texts: Texts) -> dict[str, str]:
    """The problems in every language there is; a rule of the profile brings its own words."""
    return {
        language: " ".join(
            (problem.rule.texts.get(language) if problem.rule is not None else None)
            or texts.find(problem.text, language)
            or problem.text
            for problem in problems
        )
        for language in texts.languages
    }


def _plain(value: float | int | str | date) -> float | str:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else float(value)


def _write(ctx: Context, rows: Sequence[Row]) -> None:
    path = ctx.output / "rows.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            told: dict[str, object] = {
                "row": row.number,
                "values": row.values,
                "column": row.column,
                "reason": row.reason,
            }
            if row.reasons:
                told["reasons"] = row.reasons
            file.write(json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")
    ctx.artifact(path, ArtifactRole.TABLE)


def _show(ctx: Context, source: JobInput, found: Recognition, rows: Sequence[Row]) -> None:
    rejected = [row for row in rows if row.reason]
    taken = len(rows) - len(rejected)
    text = say(
        "{taken:,} of {rows:,} rows of {file} can be taken into the results database.",
        one="1 of {rows} rows of {file} can be taken into the results database.",
        taken=taken,
        rows=len(rows),
        file=source.name,
    )
    ctx.show(CardView(id="sentence", title="Rows", text=text))
    ctx.metric("rows_taken", taken, label="Rows that can be taken", headline=True)
    ctx.metric("rows_rejected", len(rejected), label="Rows rejected", headline=True)
    if rejected:
        ctx.warn(
            "rows_rejected",
            say(
                "{count:,} rows cannot be taken; each reason is listed below.",
                one="1 row cannot be taken; the reason is listed below.",
                count=len(rejected),
            ),
        )
    for remark in found.remarks[:20]:
        ctx.warn("profile_remark", remark, severity=Severity.INFO)
    _warn_of_blanks(ctx, found.profile, rows)
    if rejected:
        listed = [(row.number, row.column, row.reason) for row in rejected]
        columns = [
            Column(name="row", label="Row"),
            Column(name="column", label="Column"),
            Column(name="reason", label="Reason"),
        ]
        ctx.table("rejected", "Rejected rows", columns, listed[:SHOWN], total_rows=len(listed))
    matched = [(match.header, match.column) for match in found.matches]
    unused = [(header, "") for header in found.extra]
    ctx.table(
        "columns",
        "How the columns were understood",
        [Column(name="header", label="In the file"), Column(name="column", label="In the profile")],
        matched + unused,
    )


def _warn_of_reading(ctx: Context, table: Table, found: Recognition) -> None:
    """What was remarked while the file was read, of columns that are taken; and what is not taken."""
    taken = {match.header for match in found.matches}
    for note in table.notes:
        chosen_sheet = note.code == "sheets" and table.dialect.sheet is not None
        if note.code in OF_FILE and not chosen_sheet:
            ctx.warn(f"reading_{note.code}", ours(note.text), severity=Severity.INFO)
        elif note.code in OF_CELLS and note.column in taken:
            ctx.warn(f"reading_{note.code}", ours(note.text))
    unknown = [header for header in found.extra if header != CRITERION]  # the lab sheets' own
    if unknown:
        listed = ", ".join(unknown[:30]) + (", …" if len(unknown) > 30 else "")
        ctx.warn(
            "columns_unused",
            say("Not imported, for the profile does not know them: {columns}", columns=listed),
        )


def _warn_of_blanks(ctx: Context, profile: Profile, rows: Sequence[Row]) -> None:
    """A setting nobody wrote down is an identity of its own: the user is told how often."""
    for column in profile.identifying:
        blank = sum(1 for row in rows if not row.reason and column.name not in row.values)
        if blank:
            ctx.warn(
                "identity_blank",
                say(
                    "{count:,} rows have no value in {column}, which helps to tell experiments apart; they are kept apart from "
                    "experiments with a value.",
                    one="1 row has no value in {column}, which helps to tell experiments apart; it is kept apart from experiments with a value.",
                    count=blank,
                    column=column.name,
                ),
            )
