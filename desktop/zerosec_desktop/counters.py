"""The counters of a running job in words: “fold 2 of 3 · trial 1 of 8 · 1.3 s a trial” in place of the names a program gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zerosec_desktop.resources.language import translate
from zerosec_desktop.widgets.number_format import format_number

__all__ = ["counter_texts"]

Value = float | int | str

_SAID_ELSEWHERE = frozenset({"model", "seconds_left", "seconds_left_from", "seconds_left_to"})
"""The message names the model, and the time that is left stands beside the progress."""


_OF: dict[str, Callable[[], str]] = {
    "target": lambda: translate("Counters", "target {0} of {1}"),
    "fold": lambda: translate("Counters", "fold {0} of {1}"),
    "trial": lambda: translate("Counters", "trial {0} of {1}"),
    "sample": lambda: translate("Counters", "sample {0} of {1}"),
}
_ALONE: dict[str, Callable[[], str]] = {
    "targets": lambda: translate("Counters", "{0} targets"),
    "folds": lambda: translate("Counters", "{0} folds"),
    "trials": lambda: translate("Counters", "{0} trials"),
    "rows": lambda: translate("Counters", "{0} rows"),
    "rows_per_second": lambda: translate("Counters", "{0} rows a second"),
    "seconds_a_trial": lambda: translate("Counters", "{0} s a trial"),
    "best_rmse": lambda: translate("Counters", "best RMSE {0}"),
    "best_log_loss": lambda: translate("Counters", "best log loss {0}"),
    "best": lambda: translate("Counters", "best so far {0}"),
    "searches": lambda: translate("Counters", "{0} searches"),
    "generation": lambda: translate("Counters", "generation {0}"),
    "settings": lambda: translate("Counters", "{0} settings tried"),
    "in_set": lambda: translate("Counters", "{0} in the set"),
    "r_hat": lambda: translate("Counters", "R-hat {0}"),
    "effective_size": lambda: translate("Counters", "effective size {0}"),
    "pairs": lambda: translate("Counters", "{0} pairs"),
    "reads": lambda: translate("Counters", "{0} reads"),
}


def counter_texts(counters: Mapping[str, Value]) -> list[str]:
    """What the counters say, in their order; a place and its whole (`fold`, `folds`) are one text."""
    texts = []
    whole_said = set()
    for name, value in counters.items():
        if name in _SAID_ELSEWHERE or name in whole_said or (name == "fold" and not value):
            continue
        shown = _shown(value)
        whole = counters.get(f"{name}s")
        if whole is not None and name in _OF:
            whole_said.add(f"{name}s")
            texts.append(_OF[name]().format(shown, _shown(whole)))
        elif name in _ALONE:
            texts.append(_ALONE[name]().format(shown))
        else:
            texts.append(f"{name.replace('_', ' ')} {shown}")
    return texts


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else format_number(value, 4)
