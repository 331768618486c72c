"""What is remarked of how a file was read says what to do about it, where something can be."""

from collections.abc import Callable
from typing import Any

from zerosec_analyses.reporting.reading import about_reading
from zerosec_shared.tables import Note

MIXED = "".join(f'{k},{k / 4:g},"{k % 7},5",{mode}\n' for k, mode in enumerate("AB1" * 13, start=1))


def test_text_among_numbers_and_two_decimal_signs_come_with_what_to_do(fit: Callable[..., Any]) -> None:
    done = fit("x,y,z,mode\n" + MIXED, target="y", terms="x + mode")

    hints = {notice.code: notice.hint for notice in done.result.warnings}
    assert hints["reading_two_decimals"].startswith("Where the numbers with a comma are needed")
    assert "If the column holds categories, nothing needs to be done" in hints["reading_read_as_text"]


def test_a_column_that_is_not_used_is_not_remarked_on() -> None:
    notes = [Note("read_as_text", "x", column="a"), Note("two_decimals", "y")]

    assert [found.code for found in about_reading(notes, {"b"})] == ["reading_two_decimals"]
