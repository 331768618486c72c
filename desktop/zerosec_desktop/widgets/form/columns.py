"""What a form knows of the data file's columns."""

from dataclasses import dataclass

__all__ = ["ColumnInfo", "kind_icon"]


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column to choose: `kind` is integer, number, boolean, date, datetime, text or empty."""

    name: str
    kind: str = ""
    missing: int = 0
    values: tuple[tuple[str, int], ...] = ()
    """The commonest values with the rows they stand in, once they are counted; none for quantities."""

    @property
    def numeric(self) -> bool:
        """Whether it can be computed with."""
        return self.kind in {"integer", "number"}


def kind_icon(kind: str) -> str:
    """The icon of a kind of column."""
    return {
        "integer": "metric", "number": "metric", "boolean": "check", "date": "clock", "datetime": "clock", "text": "text",
    }.get(kind, "minus")  # fmt: skip
