"""The rows of a backup, checked one by one: a file that lay in a folder may have been changed by anybody."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, model_validator

from zerosec_shared.contract import Contract, Name
from zerosec_shared.experiments import CellText, ColumnName, ExperimentColumn, Number, Value
from zerosec_shared.selections import ExperimentFilter

__all__ = ["ROWS", "ChangeRow", "ExperimentRow", "FilterRow", "ImportRow", "ProjectRow", "ValueRow"]

_COLUMNS = TypeAdapter(tuple[ExperimentColumn, ...])
_CELLS = TypeAdapter(dict[ColumnName, tuple[Value | None, Value | None]])
_KEY = TypeAdapter(list[Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]])


def _uuid(text: str) -> str:
    if str(UUID(text)) != text:
        raise ValueError("no id")
    return text


def _key(text: str) -> str:
    _KEY.validate_json(text)
    return text


def _cells(text: str) -> str:
    _CELLS.validate_json(text)
    return text


def _columns(text: str) -> str:
    _COLUMNS.validate_json(text)
    return text


def _filter(text: str) -> str:
    ExperimentFilter.model_validate_json(text)
    return text


RowId = Annotated[str, AfterValidator(_uuid)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
KeyText = Annotated[str, StringConstraints(max_length=200_000), AfterValidator(_key)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Number0 = Annotated[int, Field(ge=0, le=2**53)]


class ProjectRow(Contract):
    """A row of `projects`."""

    id: RowId
    owner: Name
    name: Name
    profile: Annotated[str, StringConstraints(max_length=200_000, pattern=r"^[^\x00]*$")]
    columns_json: Annotated[str, AfterValidator(_columns)]
    revision: Number0
    request_digest: Digest
    created_at: Number
    changed_at: Number
    deleted_at: Number | None

    @property
    def columns(self) -> tuple[ExperimentColumn, ...]:
        """The columns, as they were in the backup's days."""
        return tuple(ExperimentColumn.model_validate(each) for each in json.loads(self.columns_json))


class ExperimentRow(Contract):
    """A row of `experiments`."""

    id: Number0
    project_id: str
    key: KeyText


class ValueRow(Contract):
    """A row of `experiment_values`."""

    experiment_id: int
    column_name: ColumnName
    number_value: Number | None
    text_value: CellText | None

    @model_validator(mode="after")
    def _one(self) -> "ValueRow":
        if (self.number_value is None) is (self.text_value is None):
            raise ValueError("a value is a number or a text")
        return self


class ImportRow(Contract):
    """A row of `imports`."""

    id: RowId
    project_id: str
    kind: Literal["import", "undo", "restore"]
    file_name: Line
    file_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
    changed_by: Name
    at: Number
    revision: Number0
    new_count: Number0
    changed_count: Number0
    identical_count: Number0
    rejected_count: Number0
    kept_count: Number0
    undoes: str | None
    request_digest: Digest


class ChangeRow(Contract):
    """A row of `changes`."""

    id: int
    import_id: str
    project_id: str
    key: KeyText
    cells_json: Annotated[str, AfterValidator(_cells)]


class FilterRow(Contract):
    """A row of `saved_filters`."""

    project_id: str
    name: Name
    filter_json: Annotated[str, AfterValidator(_filter)]


ROWS: dict[str, Any] = {
    "experiments": ExperimentRow,
    "experiment_values": ValueRow,
    "imports": ImportRow,
    "changes": ChangeRow,
    "saved_filters": FilterRow,
}
"""What the rows of each table hold."""
