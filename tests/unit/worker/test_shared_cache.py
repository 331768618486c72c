"""The shared list of fonts: copied into a job's folder, given back whole, and not used for ever."""

import os
import time
from pathlib import Path

from zerosec_server.worker.shared_cache import GOOD_FOR_S, give_back_fonts, take_fonts

NAME = "fontlist-v1.json"


def test_what_one_job_made_the_next_one_has(tmp_path: Path) -> None:
    cache, first, second = str(tmp_path / "cache"), tmp_path / "first", tmp_path / "second"
    take_fonts(cache, first)
    assert not first.exists()
    first.mkdir()
    (first / NAME).write_text("fonts")
    (first / NAME.replace("json", "json.matplotlib-lock")).write_text("")

    give_back_fonts(cache, first)
    take_fonts(cache, second)

    assert [(path.name, path.read_text()) for path in second.iterdir()] == [(NAME, "fonts")]
    assert [path.name for path in (tmp_path / "cache" / "matplotlib").iterdir()] == [NAME]


def test_an_old_list_is_made_anew(tmp_path: Path) -> None:
    cache, first, second = str(tmp_path / "cache"), tmp_path / "first", tmp_path / "second"
    first.mkdir()
    (first / NAME).write_text("old")
    give_back_fonts(cache, first)
    shared = tmp_path / "cache" / "matplotlib" / NAME
    long_ago = time.time() - GOOD_FOR_S - 60
    os.utime(shared, (long_ago, long_ago))

    take_fonts(cache, second)
    assert not second.exists()
    second.mkdir()
    (second / NAME).write_text("new")
    give_back_fonts(cache, second)

    assert shared.read_text() == "new"


def test_where_nothing_can_be_shared_a_job_goes_on(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")

    take_fonts(str(tmp_path / "cache"), tmp_path / "own")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / NAME).write_text("fonts")
    give_back_fonts(str(tmp_path / "cache"), tmp_path / "own")

    assert (tmp_path / "own" / NAME).read_text() == "fonts"
