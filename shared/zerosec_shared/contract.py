"""The base of every model that crosses the wire."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    JsonValue,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from zerosec_shared.model_building import builds_later
from zerosec_shared.texts import Said

__all__ = ["Contract", "Instant", "JsonValue", "Name", "RelativePath", "Text", "Words"]


class Contract(BaseModel):
    """Frozen, and strict about unknown fields: a misspelt field is an error, never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=builds_later())


def _aware_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value.astimezone(UTC)


def _inside(value: str) -> str:
    parts = value.split("/")
    if "\\" in value or "\x00" in value or any(part in {"", ".", ".."} for part in parts) or ":" in parts[0]:
        raise ValueError("a path is relative, uses / and stays inside its folder")
    return value


def _as_said(value: object, check: ValidatorFunctionWrapHandler) -> str:
    """A sentence stays one, so that its translation is found when the model goes out; the check itself makes a plain text of it."""
    checked: str = check(value)
    return value if isinstance(value, Said) else checked


Instant = Annotated[datetime, AfterValidator(_aware_utc)]
"""A point in time, in UTC."""

Words = Annotated[str, WrapValidator(_as_said)]
"""A text for the user, of any length."""

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
    WrapValidator(_as_said),
]
"""A name a person gave: any language, one line, at most 200 characters. Never used as a path."""

Text = Annotated[str, StringConstraints(max_length=4000), WrapValidator(_as_said)]
"""A sentence or a few, at most 4,000 characters."""

RelativePath = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_inside)]
"""A path inside a job's output folder, with forward slashes and no way out."""
