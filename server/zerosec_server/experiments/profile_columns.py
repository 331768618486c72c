"""The columns of the results database, from a project's profile."""

from zerosec_shared.experiments import ColumnKind, ExperimentColumn
from zerosec_shared.profiles import ColumnRole, ProfileError, ValueKind, read_profile

__all__ = ["ProfileError", "columns_of_profile"]

_KINDS = {
    ValueKind.NUMBER: ColumnKind.NUMBER,
    ValueKind.INTEGER: ColumnKind.NUMBER,
    ValueKind.TEXT: ColumnKind.TEXT,
    ValueKind.ANY: ColumnKind.TEXT,
    ValueKind.DATE: ColumnKind.DATE,
}


def columns_of_profile(toml: str) -> tuple[ExperimentColumn, ...]:
    """The columns that are kept, in the profile's order. Raises ProfileError."""
    profile = read_profile(toml.encode())
    columns = tuple(
        ExperimentColumn(
            name=column.name,
            kind=_KINDS[column.kind],
            unit=column.unit,
            identifying=column.identifies,
        )
        for column in profile.columns
        if column.role is not ColumnRole.IGNORED
    )
    if not any(column.identifying for column in columns):
        raise ProfileError(("No column of the profile identifies an experiment: mark at least one.",))
    return columns
