"""A data folder that cannot be used ends the start with a sentence."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from zerosec_server.door import ServerStartError
from zerosec_server.parent import serve
from zerosec_server.settings import Settings


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """A server sets the mask of new files for its whole process."""
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_folder_that_cannot_be_made_is_named(inside: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")

    with pytest.raises(ServerStartError, match=r"cannot be made or written.*ZEROSEC_DATA_DIR"):
        serve(Settings(data_dir=file / inside))
