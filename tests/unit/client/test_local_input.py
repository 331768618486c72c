"""What can be sent as a file: a file, and not a folder, a pipe or a device, which is told before anything is written down."""

import os
from pathlib import Path

import pytest

from zerosec_client.chosen_files import local_input
from zerosec_client.errors import LocalFileError


def test_only_files_are_files(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("x,y\n1,2\n", encoding="utf-8")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # to open it would wait for a writer for ever

    assert local_input(data).size_bytes == 8
    for path in (tmp_path, pipe, Path(os.devnull)):
        with pytest.raises(LocalFileError, match=r"not a file|a file is needed"):
            local_input(path)
    with pytest.raises(LocalFileError, match="There is no file"):
        local_input(tmp_path / "gone.csv")
