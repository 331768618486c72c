"""A percent sign stands close to its number in all texts of ours, in either language."""

import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
APART = re.compile(r"[0-9}]\s+[%％]")


def texts(path: Path) -> Iterator[str]:
    """Both languages of a file of translations."""
    if path.suffix == ".toml":
        for source, translation in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield from (source, str(translation))
    else:
        for message in ET.parse(path).getroot().iter("message"):
            yield from message.itertext()


FILES = sorted(
    path
    for room in ("server", "client", "shared", "desktop")
    for pattern in ("*ja.toml", "zerosec_ja.ts")
    for path in (ROOT / room).rglob(pattern)
)


def test_there_are_texts_of_every_room() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} >= {"server", "client", "desktop"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_sets_the_sign_apart(path: Path) -> None:
    assert [text for text in texts(path) if APART.search(text)] == []
