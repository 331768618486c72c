"""What a search has found so far, line by line in a file: a job that is begun anew takes it up where the killed attempt was.

A line is written as soon as its trial or outer fold is done; a torn last line counts as not written. Numbers are kept to the last
bit, so that a run that was taken up gives the same results as one that was never interrupted.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import scipy
import sklearn

from zerosec_analyses.modelling.table import FloatArray
from zerosec_analyses.sdk import Context, Parameters

Place = tuple[int, ...]
"""Target, repeat and outer fold, counted from 0; the final search of a target has the repeat -1."""


@dataclass(frozen=True)
class KeptTrial:
    """A trial that is done: settings, transform, RMSE after each inner fold, and whether it was ended early.

    ``unseen`` are its predictions where it was the best so far; ``None`` elsewhere.
    """

    settings: dict[str, float | int | str]
    transform: str
    reported: tuple[float, ...]
    pruned: bool
    unseen: FloatArray | None


class Journal:
    """The file of one job. Without a ``path`` nothing is kept; one of another ``identity`` is not read but begun anew."""

    def __init__(self, path: Path | None, identity: str = "") -> None:
        self._trials: dict[tuple[Place, str], list[KeptTrial]] = {}
        self._ended: set[tuple[Place, str]] = set()
        self._folds: dict[Place, dict[str, Any]] = {}
        self.used_s = 0.0
        """Seconds the earlier attempts had used."""
        self.clock: Callable[[], float] = float
        """Seconds used so far, those of earlier attempts included; kept with every line."""
        self.taken_up = 0
        """Trials and folds that were not computed again."""
        self._file = None
        if path is None:
            return
        self._read(path, identity)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = path.open("a", encoding="utf-8")
        if not path.stat().st_size:
            self._write({"identity": identity})

    def _read(self, path: Path, identity: str) -> None:
        """Read what is whole, and cut off what is not."""
        if not path.is_file():
            return
        whole = 0
        with path.open("rb") as file:
            for number, line in enumerate(file):
                try:
                    told = json.loads(line) if line.endswith(b"\n") else None
                except ValueError:
                    told = None
                if told is None or (number == 0 and told != {"identity": identity}):
                    break
                whole += len(line)
                if number:
                    self._take(told)
        with path.open("r+b") as file:
            file.truncate(whole)

    def _take(self, told: dict[str, Any]) -> None:
        place = tuple(told["place"])
        self.used_s = max(self.used_s, told["used_s"])
        if "fold" in told:
            self._folds[place] = told["fold"]
            return
        key = (place, told["method"])
        if told.get("ended"):
            self._ended.add(key)
            return
        unseen = told["unseen"]
        self._trials.setdefault(key, []).append(
            KeptTrial(
                told["settings"], told["transform"], tuple(told["reported"]), told["pruned"],
                None if unseen is None else numbers(unseen),
            )
        )  # fmt: skip

    def _write(self, told: Mapping[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(told, separators=(",", ":")) + "\n")
            self._file.flush()

    def fold(self, place: Place) -> dict[str, Any] | None:
        """An outer fold that was judged already, as it was given to ``keep_fold``."""
        found = self._folds.get(place)
        if found is not None:
            self.taken_up += 1
        return found

    def knows(self, place: Place) -> bool:
        """Whether anything of an outer fold was done."""
        return place in self._folds or any(at == place for at, _ in self._trials)

    def keep_fold(self, place: Place, fold: Mapping[str, Any]) -> None:
        """An outer fold is judged."""
        self._write({"place": place, "fold": fold, "used_s": self.clock()})

    def of_search(self, place: Place, method: str) -> SearchJournal:
        """The part of one search."""
        key = (place, method)
        return SearchJournal(self, place, method, self._trials.get(key, []), ended=key in self._ended)

    def close(self) -> None:
        """No more is written."""
        if self._file is not None:
            self._file.close()
            self._file = None


class SearchJournal:
    """The trials of one search, in their order."""

    def __init__(
        self, journal: Journal, place: Place, method: str, known: Sequence[KeptTrial], *, ended: bool
    ) -> None:
        self._journal, self._place, self._method = journal, place, method
        self._known, self._ended = list(known), ended

    def recall(self, number: int, settings: Mapping[str, object], transform: str) -> KeptTrial | None:
        """The ``number``-th trial (from 0) if it was done with these settings; another one, and all after it, are forgotten."""
        if number >= len(self._known):
            return None
        kept = self._known[number]
        if kept.settings != settings or kept.transform != transform:
            del self._known[number:]
            self._ended = False
            return None
        self._journal.taken_up += 1
        return kept

    def decided(self, number: int) -> bool | None:
        """Whether the search went on after so many trials; None where nobody knows yet."""
        if number < len(self._known):
            return True
        return False if self._ended and number == len(self._known) else None

    def keep(self, trial: KeptTrial) -> None:
        """A trial is done."""
        self._journal._write(
            {
                "place": self._place, "method": self._method, "settings": trial.settings, "transform": trial.transform,
                "reported": trial.reported, "pruned": trial.pruned, "used_s": self._journal.clock(),
                "unseen": None if trial.unseen is None else text(trial.unseen),
            }
        )  # fmt: skip

    def keep_end(self) -> None:
        """The search was ended before its last trial."""
        self._journal._write(
            {"place": self._place, "method": self._method, "ended": True, "used_s": self._journal.clock()}
        )


def text(values: FloatArray) -> str:
    """Numbers as text, to the last bit."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode("ascii")


def numbers(kept: str) -> FloatArray:
    """The numbers back."""
    return np.frombuffer(base64.b64decode(kept), dtype="<f8").astype(np.float64)


LIBRARIES = {"lightgbm": ("lightgbm",), "xgboost": ("xgboost", "xgboost-cpu"), "catboost": ("catboost",)}
"""Those of the candidates that are not loaded until they are used, with the packages that bring them."""


def library_versions() -> dict[str, str]:
    """Of every library whose numbers a search rests on; nothing for one that is not installed."""
    found = {each.__name__: str(each.__version__) for each in (np, scipy, sklearn, optuna)}
    for name, packages in LIBRARIES.items():
        found[name] = next((known for each in packages if (known := _version(each))), "")
    return found


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def journal_of(ctx: Context, own_version: str, params: Parameters, sha256: str) -> Journal:
    """What an earlier attempt at this very job has found, if there was one; that of other data, parameters or versions is no use."""
    if ctx.kept is None:
        return Journal(None)
    told = json.dumps(
        [sha256, params.model_dump(mode="json"), own_version, library_versions()], sort_keys=True
    )
    return Journal(ctx.kept / "searches.jsonl", hashlib.sha256(told.encode()).hexdigest())
