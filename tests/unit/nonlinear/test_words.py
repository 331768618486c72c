"""What a user reads of the search: every setting of every method in words, in both languages."""

from zerosec_analyses.modelling.candidates import CANDIDATES, SCALES
from zerosec_analyses.modelling.class_candidates import class_candidates
from zerosec_analyses.modelling.explained_tables import settings_in_words
from zerosec_analyses.modelling.lightgbm_fit import SPLITS
from zerosec_analyses.modelling.words import SETTING_NAMES, SETTING_VALUES
from zerosec_shared.texts import Said


def test_settings_of_a_trial_are_words() -> None:
    told = settings_in_words({"learning_rate": 0.08123456, "rounds": 120, "scales": "alike"})

    assert told == "learning rate 0.08123, trees 120, length scales much alike"
    assert isinstance(told, Said)


def test_every_setting_that_is_searched_has_a_name() -> None:
    every = [*CANDIDATES.values(), *class_candidates(2).values()]
    assert {name for one in every for name in one.start} <= set(SETTING_NAMES)
    assert {*SCALES, *SPLITS} == set(SETTING_VALUES)
