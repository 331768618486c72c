"""A file by the project's profile: candidates, results or neither; and candidates made ready for a design.

Ready means: the profile's names, brushes and other one-hot groups as columns of 0 and 1, combinations left out that the profile
forbids, and those left out that were tested already. No Qt; reads whole files, so call it beside the window's thread.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zerosec_desktop.reading.tables import read_table
from zerosec_shared.experiments import Value, normalised
from zerosec_shared.formulas import FormulaError, evaluate
from zerosec_shared.profiles import (
    ColumnFacts,
    ColumnRole,
    OneHotGroup,
    Profile,
    Recognition,
    TablePurpose,
    as_meant,
    facts_of,
    read_cell,
    recognise,
)

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "MOST_CANDIDATES",
    "Candidates",
    "Looked",
    "look",
    "make_ready",
    "rows_done",
    "series_values",
    "settings_of",
    "write_frame",
    "write_ready",
]

MOST_CANDIDATES = 5_000_000
"""As many as a design searches; a longer list is read up to here, which is said."""
CHECKED_COMBINATIONS = 200_000
SETTINGS = (
    ColumnRole.FACTOR,
    ColumnRole.CATEGORICAL,
    ColumnRole.ONE_HOT,
    ColumnRole.CONDITION,
    ColumnRole.BLOCKING,
)


@dataclass(frozen=True)
class Looked:
    """A file that was looked at. `complete`: all its rows were read."""

    path: Path
    sha256: str
    frame: "pl.DataFrame"
    facts: tuple[ColumnFacts, ...]
    found: Recognition
    complete: bool


@dataclass(frozen=True)
class Candidates:
    """Candidates ready for a design. Counts are of rows; `tested` were left out because they were tested already.

    `compared` are the columns by which that was found, `uncompared` the identifying ones that neither the list nor the series
    has. `columns` vary; `constants` have one value in all rows.
    """

    frame: "pl.DataFrame"
    listed: int
    blank: int
    forbidden: int
    tested: int
    compared: tuple[str, ...]
    uncompared: tuple[str, ...]
    columns: tuple[str, ...]
    constants: Mapping[str, float | int | str]

    @property
    def left(self) -> int:
        """Rows a design may choose from."""
        return self.frame.height


def look(path: Path, profile: Profile) -> Looked:
    """Read a file and say what it is. Raises OSError, ReadingError."""
    digest = _digest(path)
    table, said = as_meant(profile, read_table(path, MOST_CANDIDATES, profile))
    facts = facts_of(table)
    found = recognise(profile, facts)
    found = replace(found, remarks=(*said, *found.remarks))
    return Looked(path, digest, table.frame, facts, found, table.complete)


def make_ready(
    looked: Looked, experiments: Sequence[Mapping[str, Value]], given: Mapping[str, str]
) -> Candidates:
    """Candidates of a file that was recognised as such. `experiments` were done; `given` holds for the whole series."""
    assert looked.found.purpose is not TablePurpose.NEITHER
    profile = looked.found.profile
    frame = _by_profile(looked)
    whole = frame.drop_nulls()
    blank, whole = frame.height - whole.height, whole.unique(maintain_order=True)
    series = series_values(profile, given)
    allowed = _allowed(profile, whole, series)
    left, compared, uncompared = _untested(profile, allowed, experiments, series)
    columns, constants = [], {}
    for name in left.columns:
        values = left[name].unique()
        if len(values) > 1:
            columns.append(name)
        elif len(values) == 1:
            constants[name] = values[0]
    return Candidates(
        left,
        looked.frame.height,
        blank,
        whole.height - allowed.height,
        allowed.height - left.height,
        compared,
        uncompared,
        _estimable(profile, columns),
        constants,
    )


def _by_profile(looked: Looked, *, all_meant: bool = True) -> "pl.DataFrame":
    """The settings alone, under the profile's names in its order, groups as columns of 0 and 1.

    `all_meant`: a row without a group stands for all its members, as in a list of candidates.
    """
    import polars as pl

    found, frame = looked.found, looked.frame
    profile = found.profile
    headers = {match.column: match.header for match in found.matches}
    parts: dict[str, pl.Series] = {}
    absent: list[OneHotGroup] = []
    for group in profile.one_hot:
        if group.name in headers:
            codes = frame[headers[group.name]]
            known = codes.unique().to_list()
            members = pl.Series([group.member_of(value) for value in known], dtype=pl.String)
            chosen = codes.replace_strict(known, members, default=None, return_dtype=pl.String)
            for member in group.members:
                parts[member] = (chosen == member).cast(pl.Int8)
        elif not any(member in headers for member in group.members):
            absent.append(group)
    for column in profile.with_role(*SETTINGS):
        if column.formula is None and column.name in headers:
            parts[column.name] = frame[headers[column.name]]
    made = pl.DataFrame([series.alias(name) for name, series in parts.items()])
    for group in profile.one_hot:
        if all(member in headers for member in group.members):  # beside a 1 an empty cell is a 0
            cells = [pl.col(member).cast(pl.Int8, strict=False) for member in group.members]
            one = pl.sum_horizontal(cells) == 1
            made = made.with_columns(pl.when(one).then(cell.fill_null(0)).otherwise(cell) for cell in cells)
    for group in absent if all_meant else ():
        ones = pl.DataFrame(
            {member: [int(member == chosen) for chosen in group.members] for member in group.members},
            schema=dict.fromkeys(group.members, pl.Int8),
        )
        made = made.join(ones, how="cross")
    order = [column.name for column in profile.with_role(*SETTINGS) if column.name in made.columns]
    return made.select(order)


def series_values(profile: Profile, given: Mapping[str, str]) -> dict[str, Value]:
    """The values of the series that can be read; those that cannot are told where they are written."""
    found: dict[str, Value] = {}
    for name, text in given.items():
        known = profile.known_as(name)
        if known is None or isinstance(known, OneHotGroup):
            continue
        value, _ = read_cell(known, text)
        if isinstance(value, str):
            found[known.name] = value
        elif isinstance(value, int | float):
            found[known.name] = float(value)
    return found


def _allowed(profile: Profile, frame: "pl.DataFrame", series: Mapping[str, Value]) -> "pl.DataFrame":
    """Without what the profile's rules forbid, where all columns of a rule are known."""
    import polars as pl

    for _, formula in profile.conditions:
        names = [name for name in formula.columns if name in frame.columns]
        if not all(name in names or name in series for name in formula.columns) or not names:
            continue
        distinct = frame.select(names).unique(maintain_order=True)
        if distinct.height > CHECKED_COMBINATIONS:
            continue  # the lab sheet checks each run that was chosen
        kept = []
        for cells in distinct.iter_rows(named=True):
            try:
                holds = evaluate(
                    formula, {**{name: series[name] for name in formula.columns if name in series}, **cells}
                )
            except FormulaError:
                holds = None
            kept.append(holds is not False)
        frame = frame.join(distinct.filter(pl.Series(kept)), on=names, how="semi", maintain_order="left")
    return frame


def _untested(
    profile: Profile,
    frame: "pl.DataFrame",
    experiments: Sequence[Mapping[str, Value]],
    series: Mapping[str, Value],
) -> "tuple[pl.DataFrame, tuple[str, ...], tuple[str, ...]]":
    """Without the rows that were tested; compared as the results database does."""
    import polars as pl

    identifying = [column.name for column in profile.identifying]
    compared = [name for name in identifying if name in frame.columns]
    held = [name for name in identifying if name in series and name not in compared]
    uncompared = tuple(name for name in identifying if name not in compared and name not in held)
    done = _known(frame, compared, held, experiments, series)
    return frame.filter(~pl.Series(done, dtype=pl.Boolean)), (*compared, *held), uncompared


def _known(
    frame: "pl.DataFrame",
    compared: Sequence[str],
    held: Sequence[str],
    experiments: Sequence[Mapping[str, Value]],
    series: Mapping[str, Value],
) -> "pl.Series":
    """Whether each row is an experiment that was done, as the results database tells them apart."""
    import polars as pl

    done = [
        one
        for one in experiments
        if all(name in one and normalised(one[name]) == normalised(series[name]) for name in held)
    ]
    if not done or not compared:
        return pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    keys = pl.DataFrame(
        {name: [normalised(one[name]) if name in one else "" for one in done] for name in compared},
        schema=dict.fromkeys(compared, pl.String),
    ).unique()
    written = frame.select(_as_key(frame[name]) for name in compared)
    known = "\x00known"
    marked = keys.with_columns(pl.lit(value=True).alias(known))
    return written.join(marked, on=compared, how="left", maintain_order="left")[known].fill_null(value=False)


def rows_done(
    looked: Looked, experiments: Sequence[Mapping[str, Value]], given: Mapping[str, str]
) -> tuple[bool, ...]:
    """Which rows of a lab sheet have results. Settings the sheet leaves empty do not tell rows apart."""
    profile = looked.found.profile
    frame = _by_profile(looked)
    frame = frame.select(series for series in frame if series.null_count() == 0)
    series = series_values(profile, given)
    identifying = [column.name for column in profile.identifying]
    compared = [name for name in identifying if name in frame.columns]
    held = [name for name in identifying if name in series and name not in compared]
    return tuple(_known(frame, compared, held, experiments, series).to_list())


def _as_key(series: "pl.Series") -> "pl.Series":
    import polars as pl

    known = series.unique().to_list()
    written = [normalised(value if isinstance(value, str) else float(value)) for value in known]
    return series.replace_strict(known, pl.Series(written, dtype=pl.String), return_dtype=pl.String).alias(
        series.name
    )


def _estimable(profile: Profile, varying: Sequence[str]) -> tuple[str, ...]:
    """The columns a design varies. Of two members of a one-hot group the first says everything."""
    found = list(varying)
    for group in profile.one_hot:
        members = [name for name in found if name in group.members]
        if len(members) == 2:
            found.remove(members[1])
    return tuple(found)


def settings_of(looked: Looked) -> list[Mapping[str, Value]]:
    """The settings of each row under the profile's names; what is empty is left out."""
    return [
        {
            name: value if isinstance(value, str) else float(value)
            for name, value in row.items()
            if value is not None
        }
        for row in _by_profile(looked, all_meant=False).iter_rows(named=True)
    ]


def write_ready(candidates: Candidates, folder: Path) -> Path:
    """Write them to a file named after their content, and return it. Raises OSError."""
    return write_frame(candidates.frame, folder, "候補")


def write_frame(frame: "pl.DataFrame", folder: Path, title: str) -> Path:
    """Write a table to `title_….parquet`, named after its content, and return the file. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    os.close(descriptor)
    try:
        frame.write_parquet(draft)
        digest = _digest(Path(draft))
        target = folder / f"{title}_{frame.height}件_{digest[:8]}.parquet"
        if _holds(target, digest):
            return target  # it may be on its way to the server: a file that is replaced meanwhile is refused
        return Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _holds(path: Path, digest: str) -> bool:
    try:
        return _digest(path) == digest
    except FileNotFoundError:
        return False
