"""What a running job counts is said in words, in both languages, and nothing is said twice."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from zerosec_desktop.counters import counter_texts
from zerosec_desktop.resources.language import apply_language, in_quotes

SEARCH: dict[str, float | int | str] = {
    "target": 1, "targets": 2, "fold": 2, "folds": 3, "model": "linear", "trial": 1, "trials": 8, "seconds_a_trial": 1.304,
    "seconds_left_from": 9, "seconds_left_to": 25, "best_rmse": 313.371,
}  # fmt: skip


@pytest.fixture
def japanese(qapp: QApplication) -> Iterator[None]:
    apply_language("ja")
    yield
    apply_language("en")


def test_counters_of_a_search_are_said_in_words() -> None:
    assert counter_texts(SEARCH) == [
        "target 1 of 2", "fold 2 of 3", "trial 1 of 8", "1.3 s a trial", "best RMSE 313.4",
    ]  # fmt: skip


@pytest.mark.usefixtures("japanese")
def test_counters_of_a_search_are_said_in_japanese() -> None:
    assert counter_texts(SEARCH) == [
        "目的変数 1／2", "分割 2／3", "試行 1／8", "1 試行 1.3 秒", "最良の RMSE 313.4",
    ]  # fmt: skip


def test_the_final_model_is_of_no_fold_and_unknown_counters_stay() -> None:
    said = counter_texts({"fold": 0, "folds": 3, "rows": 12000, "rows_per_second": 50, "my_own": 7})

    assert said == ["12,000 rows", "50 rows a second", "my own 7"]


@pytest.mark.usefixtures("japanese")
def test_names_stand_in_the_quotes_of_the_language() -> None:
    assert in_quotes(["a", "b c"]) == "「a」, 「b c」"


def test_one_of_a_thing_is_not_said_as_many() -> None:
    assert counter_texts({"folds": 1, "rows": 1.0, "settings": 1, "searches": 2}) == [
        "1 fold", "1 row", "1 setting tried", "2 searches",
    ]  # fmt: skip
