"""The counters of a running job in words: “fold 2 of 3 · trial 1 of 8 · 1.3 s a trial” in place of the names a program gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

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
    "rows_per_second": lambda: translate("Counters", "{0} rows a second"),
    "seconds_a_trial": lambda: translate("Counters", "{0} s a trial"),
    "best_rmse": lambda: translate("Counters", "best RMSE {0}"),
    "best_log_loss": lambda: translate("Counters", "best log loss {0}"),
    "best": lambda: translate("Counters", "best so far {0}"),
    "generation": lambda: translate("Counters", "generation {0}"),
    "in_set": lambda: translate("Counters", "{0} in the set"),
    "r_hat": lambda: translate("Counters", "R-hat {0}"),
    "effective_size": lambda: translate("Counters", "effective size {0}"),
}


_DIGITS = {"seconds_a_trial": 2}
"""Of times that change from one to the next, and come rounded to milliseconds."""


class _Counted(QObject):
    """One and many: only within a QObject are plurals found by the translation tools."""

    def said(self, name: str, count: int) -> str:
        """How many there are of what a counter counts; empty for one that counts nothing known."""
        match name:
            case "targets":
                return self.tr("%Ln target(s)", "", count)
            case "folds":
                return self.tr("%Ln fold(s)", "", count)
            case "trials":
                return self.tr("%Ln trial(s)", "", count)
            case "rows":
                return self.tr("%Ln row(s)", "", count)
            case "searches":
                return self.tr("%Ln search(es)", "", count)
            case "settings":
                return self.tr("%Ln setting(s) tried", "", count)
            case "pairs":
                return self.tr("%Ln pair(s)", "", count)
            case "reads":
                return self.tr("%Ln read(s)", "", count)
        return ""


def counter_texts(counters: Mapping[str, Value]) -> list[str]:
    """What the counters say, in their order; a place and its whole (`fold`, `folds`) are one text."""
    texts = []
    whole_said = set()
    for name, value in counters.items():
        if name in _SAID_ELSEWHERE or name in whole_said:
            continue
        if name == "fold" and not value:  # no fold any more: nor of how many
            whole_said.add("folds")
            continue
        shown = _shown(value, _DIGITS.get(name, 4))
        whole = counters.get(f"{name}s")
        if whole is not None and name in _OF:
            whole_said.add(f"{name}s")
            texts.append(_OF[name]().format(shown, _shown(whole)))
        elif (
            not isinstance(value, str)
            and float(value).is_integer()
            and (counted := _Counted().said(name, int(value)))
        ):
            texts.append(counted)
        elif name in _ALONE:
            texts.append(_ALONE[name]().format(shown))
        else:
            texts.append(f"{name.replace('_', ' ')} {shown}")
    return texts


def _shown(value: Value, digits: int = 4) -> str:
    return value if isinstance(value, str) else format_number(value, digits)
