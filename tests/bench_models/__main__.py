"""`make bench-models`: scores on rows held out, at equal CPU time, ours beside FLAML, AutoGluon and scikit-learn; and mean ranks.

    python -m tests.bench_models [--seconds 60] [--tables 12 | NAME …] [--folds 2] [--kind regression|classification] [--methods …]

Every fit is a process of its own with one thread. What is done is kept in build/bench-models/ and not done again: a run that was
interrupted goes on, and --fresh METHOD forgets what a method did. Quick: `--tables 3 --folds 1 --seconds 10`.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.bench_models.ranks import ranking
from tests.bench_models.tables import TABLES, Source

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KEPT = ROOT / "build" / "bench-models"
OURS = "zerosec"
RIVALS = ("autogluon", "flaml", "hist_gradient_boosting")
PARTS = 5
TRAINING, HELD_OUT, LEFT_OUT = 0, 1, 2
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def main() -> int:
    """Do what is missing, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=60, help="CPU seconds a fit")
    parser.add_argument("--tables", nargs="*", default=[], help="so many of the tables, or these")
    parser.add_argument("--folds", type=int, default=2, help="of five parts, how many are held out in turn")
    parser.add_argument("--kind", choices=("regression", "classification"), default="regression")
    parser.add_argument("--methods", nargs="*", default=[OURS, *RIVALS])
    parser.add_argument("--fresh", nargs="*", default=[], help="methods whose results are forgotten first")
    chosen = parser.parse_args()
    rivals_python = KEPT / "venv" / "bin" / "python"
    folder = KEPT / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([rivals_python, HERE / "tables.py", folder], check=True, env=os.environ | ONE_THREAD)
    tables = _tables(chosen.tables, classes=chosen.kind == "classification")
    for number in range(chosen.folds):
        for source in tables:
            for method in chosen.methods:
                kept = KEPT / f"{chosen.seconds}s" / source.name / f"{number}-{method}.json"
                if method in chosen.fresh:
                    kept.unlink(missing_ok=True)
                if not kept.exists():
                    _fit(source, folder, number, method, chosen.seconds, kept, rivals_python)
    scores: dict[str, dict[str, list[float]]] = {}
    cpu: dict[str, list[float]] = {method: [] for method in chosen.methods}
    for source in tables:
        scores[source.name] = {}
        for method in chosen.methods:
            found = []
            for number in range(chosen.folds):
                answer = json.loads(
                    (KEPT / f"{chosen.seconds}s" / source.name / f"{number}-{method}.json").read_text()
                )
                found.append(answer["score"])
                if answer["cpu_s"] is not None:
                    cpu[method].append(answer["cpu_s"])
            scores[source.name][method] = found
    sys.stdout.write(
        ranking(scores, cpu, "R²" if chosen.kind == "regression" else "log loss", chosen.seconds)
    )
    sys.stdout.write(f"Load: {' '.join(f'{load:.1f}' for load in os.getloadavg())}\n")
    return 0


def parts_of(target: pl.Series, number: int, *, is_class: bool) -> np.ndarray:
    """Of each row whether it trains or is held out in turn `number`; left out is a row held out whose class no training row has.

    No method can know of such a class, and what each makes of it is not what is compared.
    """
    held_out = np.random.default_rng(0).permutation(target.len()) % PARTS == number
    part = np.where(held_out, HELD_OUT, TRAINING)
    if is_class:
        unknown = ~target.is_in(target.filter(~held_out).unique().to_list()).to_numpy()
        part[unknown] = LEFT_OUT
    return part


def _tables(wanted: list[str], *, classes: bool) -> list[Source]:
    kind = [source for source in TABLES if source.is_class is classes]
    if not wanted:
        return kind
    if len(wanted) == 1 and wanted[0].isdecimal():
        return kind[: int(wanted[0])]
    return [source for source in kind if source.name in wanted]


def _fit(
    source: Source, folder: Path, number: int, method: str, seconds: int, kept: Path, rivals_python: Path
) -> None:
    """One fit in a process of its own; a rival that fails is kept as failed, with the last line it said."""
    path = folder / f"{source.name}.parquet"
    frame = pl.read_parquet(path)
    target = frame["target"]
    part = parts_of(target, number, is_class=source.is_class)
    held_out = part == HELD_OUT
    classes = sorted(target.filter(part == TRAINING).unique().to_list()) if source.is_class else []
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        answer, order = Path(scratch) / "answer.json", Path(scratch) / "order.json"
        told = {
            "table": str(path), "fold": part.tolist(), "method": method, "seconds": seconds,
            "classes": classes, "answer": str(answer),
        }  # fmt: skip
        order.write_text(json.dumps(told))
        command = (
            [sys.executable, "-m", "tests.bench_models.ours", order]
            if method == OURS
            else [rivals_python, HERE / "rivals.py", order]
        )
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False
        )
        result: dict[str, Any] = {"score": None, "cpu_s": None}
        if done.returncode or not answer.exists():
            said = (done.stderr.strip() or "nothing").splitlines()
            result["failed"] = said[-1]
            sys.stderr.write(f"{source.name} {number} {method}: failed: {said[-1]}\n")
        else:
            result |= json.loads(answer.read_text())
            result["score"] = _score(np.array(result.pop("predicted")), target, held_out, classes)
            single = result.pop("single", {})
            result["single"] = {
                name: _score(np.array(made), target, held_out, classes) for name, made in single.items()
            }
            sys.stderr.write(
                f"{source.name} {number} {method}: {result['score']:.4f} in {result['cpu_s']:.0f} s\n"
            )
    draft = kept.with_suffix(".part")
    draft.write_text(json.dumps(result, indent=1))
    draft.rename(kept)


def _score(made: np.ndarray, target: pl.Series, held_out: np.ndarray, classes: list[str]) -> float | None:
    """R² about the mean of the training rows, or the log loss; None where a prediction is no number."""
    if not np.isfinite(made).all():
        return None
    if classes:
        places = target.filter(held_out).replace_strict(classes, list(range(len(classes)))).to_numpy()
        share = made / made.sum(axis=1, keepdims=True)
        return float(-np.mean(np.log(np.clip(share[np.arange(places.size), places], 1e-15, 1.0))))
    y = target.to_numpy()
    about = ((y[held_out] - y[~held_out].mean()) ** 2).sum()
    value = 1.0 - float(((y[held_out] - made) ** 2).sum() / about)
    return value if math.isfinite(value) else None


if __name__ == "__main__":
    sys.exit(main())
