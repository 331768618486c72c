"""A classification whose search was killed goes on where it was, and ends with the numbers of one that never was."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.classification.conftest import QUICK, parts

from zerosec_analyses.classification.analysis import analyse
from zerosec_analyses.classification.outputs.tables import result_tables
from zerosec_analyses.classification.question import class_choice, posed
from zerosec_analyses.classification.spec import ClassificationParameters
from zerosec_analyses.modelling import class_candidates
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.journal import Journal
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.table import read_model_table
from zerosec_analyses.sdk import Context


class Killed(BaseException):
    """As the operating system would: nothing of ours can catch it."""


class Fits:
    """Counts fits of logistic regressions and, when so many are done, ends everything."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done, self.last = 0, 10**9
        known = class_candidates.class_candidates(2)
        self._fit = known[Method.LOGISTIC].fit
        counted = dict(known) | {Method.LOGISTIC: replace(known[Method.LOGISTIC], fit=self)}
        monkeypatch.setattr("zerosec_analyses.modelling.class_task.class_candidates", lambda _: counted)

    def __call__(self, *given: Any) -> Any:
        if self.done == self.last:
            raise Killed
        self.done += 1
        return self._fit(*given)


def numbers(data: Path, kept: Path | None) -> tuple[list[object], int]:
    """Every row of every table, and how much was not computed again."""
    params = ClassificationParameters(
        target="ok", ok_class="OK", decision="bound_both", max_false_ok=0.2, max_false_ng=0.2,
        **(QUICK | {"models": ("logistic", "extra_trees"), "trials": 3, "shap_rows": 5}),
    )  # fmt: skip
    table = read_model_table(data, None, class_choice(params))
    question = posed(table, params)
    ctx = Context.for_notebook(data.parent / "out", data=data)
    journal = Journal(kept, "same")
    try:
        found = analyse(table, question, params, Monitor(ctx, question.plan, 1), journal)
    finally:
        journal.close()
    return [(one.name, one.rows) for one in result_tables(table, found, [])], journal.taken_up


def test_a_killed_search_ends_with_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data.csv"
    parts(110, 12).write_csv(data)
    fits = Fits(monkeypatch)
    whole, _ = numbers(data, None)
    count = fits.done
    for share in (0.2, 0.6):  # in the first outer fold, and in a later one
        fits.done, fits.last = 0, int(share * count)
        with pytest.raises(Killed):
            numbers(data, tmp_path / "searches.jsonl")
    fits.last = 10**9

    again, taken_up = numbers(data, tmp_path / "searches.jsonl")

    assert repr(again) == repr(whole)
    assert taken_up > 3
