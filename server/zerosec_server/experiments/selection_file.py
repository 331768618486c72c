"""Chosen experiments as an input file: a CSV of its own hash. The same results and filter give the same bytes."""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from zerosec_server.database.experiment_tables import experiments
from zerosec_server.experiments.cells import with_values
from zerosec_server.experiments.choosing import chosen_experiments
from zerosec_shared.experiments import Project, Value
from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.selections import ExperimentFilter

__all__ = ["DIALECT", "written_selection"]

DIALECT = Dialect(
    kind=TableKind.CSV, encoding="utf-8", separator=",", decimal=".", header_row=1, missing=("",)
)
"""How the file is read: a text NA stays a text, and only an empty cell is missing."""


@contextmanager
def written_selection(
    c: Connection, project: Project, chosen: ExperimentFilter, columns: tuple[str, ...], folder: Path
) -> Iterator[tuple[Path, int]]:
    """A temporary CSV of the chosen experiments in the order they came, and its number of rows.

    Numbers are written so that they read back as the same double; whole ones without a decimal point.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    query = chosen_experiments(project, chosen).order_by(experiments.c.id)
    with tempfile.TemporaryDirectory(dir=folder) as here:
        path = Path(here) / "selection.csv"
        count = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for _, _, values in with_values(c, query):
                writer.writerow([_cell(values.get(column)) for column in columns])
                count += 1
        yield path, count


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
