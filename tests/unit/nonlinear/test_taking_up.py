"""A search that was killed goes on where it was, and ends with the numbers of one that never was."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.nonlinear.conftest import QUICK, Recorder

from zerosec_analyses.modelling import journal
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.candidates import CANDIDATES
from zerosec_analyses.modelling.journal import journal_of
from zerosec_analyses.nonlinear.method import run
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.sdk import Context

TABLES = ("leaderboard", "folds", "predictions", "importance", "trials", "shap", "partial_dependence")


class Killed(BaseException):
    """As the operating system would: nothing of ours can catch it."""


class Fits:
    """Counts fits of a candidate and, when so many are done, ends everything."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done, self.last = 0, 10**9
        self._fit = CANDIDATES[Method.SUPPORT_VECTORS].fit
        counted = replace(CANDIDATES[Method.SUPPORT_VECTORS], fit=self)
        monkeypatch.setitem(CANDIDATES, Method.SUPPORT_VECTORS, counted)

    def __call__(self, *given: Any) -> Any:
        if self.done == self.last:
            raise Killed
        self.done += 1
        return self._fit(*given)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rng = np.random.default_rng(4)
    x = rng.uniform(-2, 2, (60, 3))
    path = tmp_path / "data.csv"
    frame = pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": np.sin(2 * x[:, 0]) + x[:, 1]})
    frame.write_csv(path)
    return path


def build(data: Path, folder: Path, kept: Path | None, **parameters: Any) -> Context:
    ctx = Context.for_notebook(folder, data=data)
    ctx._reporter, ctx.kept = Recorder(), kept
    run(ctx, NonlinearParameters(target=("y",), **(QUICK | {"trials": 6, "shap_rows": 10} | parameters)))
    return ctx


def tables(folder: Path) -> dict[str, bytes]:
    return {name: (folder / "tables" / f"{name}.csv").read_bytes() for name in TABLES}


def test_a_killed_search_ends_with_the_same_numbers_and_computes_nothing_twice(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = Fits(monkeypatch)
    build(data, tmp_path / "whole", None)
    whole, kept = fits.done, tmp_path / "kept"
    for share in (0.2, 0.7):  # in the first outer fold, and in a later one
        fits.done, fits.last = 0, int(share * whole)
        with pytest.raises(Killed):
            build(data, tmp_path / f"killed{share}", kept)
    before, fits.done, fits.last = fits.done, 0, 10**9

    ctx = build(data, tmp_path / "again", kept)

    assert tables(tmp_path / "again") == tables(tmp_path / "whole")
    # of each attempt the trial it was killed in, and the fits of a fold that was not judged yet, are done again
    lost = 2 * (QUICK["inner_folds"] + 1)
    assert fits.done <= whole - before - int(0.2 * whole) + lost + int(0.2 * whole)
    assert "taken_up" in {notice.code for notice in ctx.outcome().result.warnings}


def test_a_torn_line_is_as_if_it_were_not_written(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    build(data, tmp_path / "whole", kept)
    lines_of = kept / "searches.jsonl"
    whole = lines_of.read_bytes()
    lines = whole.splitlines(keepends=True)
    lines_of.write_bytes(b"".join(lines[: len(lines) // 2]) + lines[len(lines) // 2][:40])

    build(data, tmp_path / "again", kept)

    assert tables(tmp_path / "again") == tables(tmp_path / "whole")
    assert len(lines_of.read_bytes().splitlines()) == len(lines)


def test_what_other_data_or_settings_found_is_not_used(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    build(data, tmp_path / "first", kept)

    other = build(data, tmp_path / "other", kept, seed=2)
    plain = build(data, tmp_path / "plain", None, seed=2)

    assert "taken_up" not in {notice.code for notice in other.outcome().result.warnings}
    assert tables(tmp_path / "other") == tables(tmp_path / "plain")
    assert plain.outcome().result.metrics


def test_the_time_that_was_used_counts_after_a_restart(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    build(data, tmp_path / "whole", kept, trials=0, budget=1)
    lines_of = kept / "searches.jsonl"
    lines = lines_of.read_bytes().splitlines(keepends=True)
    lines_of.write_bytes(b"".join(lines[:-1]))

    again = build(data, tmp_path / "again", kept, trials=0, budget=1)

    assert {"taken_up", "budget_used_up"} <= {notice.code for notice in again.outcome().result.warnings}
    assert tables(tmp_path / "again")["folds"] == tables(tmp_path / "whole")["folds"]


@pytest.mark.parametrize("package", ["lightgbm", "xgboost", "catboost"])
def test_what_another_version_of_a_library_found_is_not_used(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    ctx, params = Context.for_notebook(tmp_path / "out", data=data), NonlinearParameters(target=("y",))
    ctx.kept = tmp_path / "kept"

    def taken_up() -> bool:
        with closing(journal_of(ctx, "1", params, "sha")) as found:
            known = found.knows((1, 0, 0))
            found.keep_fold((1, 0, 0), {})
            return known

    assert [taken_up(), taken_up()] == [False, True]
    known = journal.version
    monkeypatch.setattr(journal, "version", lambda name: "0.1" if name == package else known(name))
    assert not taken_up()
