"""Every example that ships is shown under a title, not under a file's name."""

from pathlib import Path

import pytest

from tests.desktop.conftest import EXAMPLES
from zerosec_desktop.examples import example_facts, example_tables
from zerosec_desktop.resources.language import apply_language


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_shipped_table_has_a_title_and_a_line_of_its_own(language: str) -> None:
    tables: list[Path] = example_tables()
    assert {path.parent for path in tables} == {EXAMPLES}
    apply_language(language)
    try:
        told = [example_facts(path.name) for path in tables]
        unknown = example_facts("unknown.csv")[1]
    finally:
        apply_language("en")
    assert len(set(told)) == len(tables) > 0
    assert not [
        path.name
        for path, (title, what) in zip(tables, told, strict=True)
        if title == path.name or what == unknown
    ]
