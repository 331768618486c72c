"""In the exported history a brush written as 0 and 1 is one change, from brush to brush."""

from datetime import UTC, datetime

import pytest

from zerosec_client.exports import by_choice
from zerosec_shared.experiments import ImportKind, ProjectChange, Value
from zerosec_shared.ids import new_id
from zerosec_shared.profiles import shipped_profile

CHOICES = shipped_profile("deburring").one_hot
IMPORT = new_id()


def told(**cells: tuple[Value | None, Value | None]) -> list[tuple[str, Value | None, Value | None]]:
    together = [
        ProjectChange(
            import_id=IMPORT, kind=ImportKind.IMPORT, at=datetime(2025, 10, 29, tzinfo=UTC), by="local", file_name="a.xlsx",
            experiment="1", column=column, old=old, new=new,
        )
        for column, (old, new) in cells.items()
    ]  # fmt: skip
    return [(one.column, one.old, one.new) for one in by_choice(together, CHOICES)]


NEW: dict[str, tuple[Value | None, Value | None]] = {
    "摩耗量": (None, 0.1), "A13": (None, 0.0), "A11": (None, 1.0), "A21": (None, 0.0), "A32": (None, 0.0),
}  # fmt: skip


def test_a_new_experiment_names_its_brush_once() -> None:
    assert told(**NEW) == [("摩耗量", None, 0.1), ("ブラシ", None, "A11")]


def test_one_that_is_taken_back_names_the_brush_it_had() -> None:
    back = {column: (new, old) for column, (old, new) in NEW.items()}

    assert ("ブラシ", "A11", None) in told(**back)


@pytest.mark.parametrize(
    "cells",
    [
        {column: cell for column, cell in NEW.items() if column != "A32"},
        {**NEW, "A13": (None, 1.0)},
        {**NEW, "A11": (None, 0.0)},
    ],
)
def test_what_names_no_single_brush_is_told_as_it_is(
    cells: dict[str, tuple[Value | None, Value | None]],
) -> None:
    assert told(**cells) == [(column, old, new) for column, (old, new) in cells.items()]
