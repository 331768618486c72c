"""The counters of a running job in words: “fold 2 of 10, trial 3 of 8, 14 to 39 s left” in place of the names a program gives them."""

from collections.abc import Mapping

from zerosec_shared.texts import Said, say, translated

__all__ = ["counter_words"]

Value = float | int | str

_SAID_BY_THE_MESSAGE = frozenset({"model", "best_rmse", "best_log_loss"})
_LEFT = ("seconds_left_from", "seconds_left_to")


def counter_words(counters: Mapping[str, Value]) -> str:
    """What the counters say, in their order; a place and its whole (`fold`, `folds`) are one text, and so are both ends of a time."""
    said: list[str] = []
    for name, value in counters.items():
        whole = counters.get(f"{name}s")
        if name in _SAID_BY_THE_MESSAGE or (name.endswith("s") and name[:-1] in counters):
            continue
        if whole is not None:
            if value:  # no place yet: the whole says nothing
                said.append(translated(_place(name, _shown(value), _shown(whole))))
        elif name not in _LEFT:
            said.append(translated(_alone(name, _shown(value))))
    low, high = (counters.get(name) for name in _LEFT)
    if low is not None and high is not None:
        said.append(translated(say("{low} to {high} s left", low=_shown(low), high=_shown(high))))
    return ", ".join(said)


def _place(name: str, place: str, whole: str) -> Said:
    match name:
        case "target":
            return say("target {place} of {whole}", place=place, whole=whole)
        case "fold":
            return say("fold {place} of {whole}", place=place, whole=whole)
        case "trial":
            return say("trial {place} of {whole}", place=place, whole=whole)
        case "sample":
            return say("sample {place} of {whole}", place=place, whole=whole)
    return say("{name} {place} of {whole}", name=name.replace("_", " "), place=place, whole=whole)


def _alone(name: str, value: str) -> Said:
    match name:
        case "seconds_left":
            return say("{seconds} s left", seconds=value)
        case "seconds_a_trial":
            return say("{seconds} s a trial", seconds=value)
        case "rows":
            return say("rows: {count}", count=value)
        case "rows_per_second":
            return say("{count} rows a second", count=value)
    return say("{name} {value}", name=name.replace("_", " "), value=value)


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
