"""The counters of a running job are words at the terminal."""

from collections.abc import Iterator

import pytest

from zerosec_client.cli.counters import counter_words
from zerosec_shared.texts import SOURCE, speak


@pytest.fixture
def japanese() -> Iterator[None]:
    speak("ja", "zerosec_client")
    yield
    speak(SOURCE)


SEARCH = {
    "target": 1, "targets": 2, "fold": 3, "folds": 10, "model": "extra_trees", "trial": 4, "trials": 8, "seconds_a_trial": 0.0831,
    "seconds_left_from": 14, "seconds_left_to": 39, "best_rmse": 1.41581,
}  # fmt: skip


def test_a_search_says_where_it_is_and_how_long_it_takes() -> None:
    assert counter_words(SEARCH) == (
        "target 1 of 2, fold 3 of 10, trial 4 of 8, 0.0831 s a trial, 14 to 39 s left"
    )


def test_a_place_that_is_not_there_yet_is_not_told() -> None:
    assert counter_words({"fold": 0, "folds": 10, "trial": 1, "trials": 3}) == "trial 1 of 3"


def test_a_count_that_has_no_words_is_told_by_its_name() -> None:
    assert counter_words({"rows": 50_000, "chain_length": 12, "kind": "long"}) == (
        "rows: 50,000, chain length 12, kind long"
    )


@pytest.mark.usefixtures("japanese")
def test_it_is_said_in_japanese_too() -> None:
    assert counter_words({"fold": 3, "folds": 10, "seconds_left": 20}) == "分割 3／10, 残り約 20 秒"
