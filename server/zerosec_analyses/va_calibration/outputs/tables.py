"""The result as files: the summary, the matrices, the numbers of deaths, how names were mapped, and every posterior draw."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from zerosec_analyses.result_tables import Cell, number_text
from zerosec_analyses.va_calibration.analysis import Calibration
from zerosec_analyses.va_calibration.arrays import Floats

__all__ = [
    "write_deaths",
    "write_draws",
    "write_mapping",
    "write_matrices",
    "write_path_correction",
    "write_summary",
]


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([number_text(cell) for cell in row] for row in rows)
    return path


def write_summary(result: Calibration, folder: Path) -> Path:
    """calibration_summary.csv: a row for each cause by each algorithm and by the ensemble; an interval that is not given is empty."""
    return _write(
        folder / "calibration_summary.csv",
        (
            "algorithm",
            "cause",
            "uncalibrated",
            "calibrated_mean",
            "calibrated_lower",
            "calibrated_upper",
            "calibrated",
        ),
        (
            (
                fit.name,
                cause,
                float(fit.uncalibrated[c]),
                float(fit.mean[c]),
                float(fit.low[c]),
                float(fit.high[c]),
                "no" if fit.left_out[c] else "yes",
            )
            for fit in result.fits
            for c, cause in enumerate(result.causes.names)
        ),
    )


def write_deaths(result: Calibration, folder: Path) -> Path:
    """calibrated_deaths.csv: whole numbers of deaths before and after, by the method of largest remainders."""
    return _write(
        folder / "calibrated_deaths.csv",
        ("algorithm", "cause", "uncalibrated_deaths", "calibrated_deaths"),
        (
            (fit.name, cause, int(fit.deaths_before[c]), int(fit.deaths_after[c]))
            for fit in result.fits
            for c, cause in enumerate(result.causes.names)
        ),
    )


def write_matrices(result: Calibration, folder: Path) -> Path:
    """misclassification_matrix.csv: the study's and the used rates; `concentration` is the Dirichlet parameter of an uncertain rate."""

    def rows() -> Iterable[tuple[Cell, ...]]:
        names = result.causes.names
        for model in result.models:
            study = None if model.study.sums is None or result.params.fixed else model.study.concentrations
            for kind, rates, alpha in (
                ("study", model.study.means, study),
                ("used", model.used, model.concentrations),
            ):
                for i, true in enumerate(names):
                    for j, assigned in enumerate(names):
                        uncertain = alpha is not None and alpha[i].any()
                        yield (
                            model.algorithm,
                            kind,
                            true,
                            assigned,
                            float(rates[i, j]),
                            float(alpha[i, j]) if alpha is not None and uncertain else None,
                        )

    return _write(
        folder / "misclassification_matrix.csv",
        ("algorithm", "matrix", "true_cause", "va_cause", "rate", "concentration"),
        rows(),
    )


def write_path_correction(result: Calibration, folder: Path) -> Path:
    """path_correction.csv: each algorithm's shrinkage, and whether it stalled."""
    return _write(
        folder / "path_correction.csv",
        ("algorithm", "shrinkage", "stalled"),
        (
            (
                model.algorithm,
                f"{model.path.shrinkage:.2f}",
                "yes" if model.path.stalled else "no",
            )
            for model in result.models
            if model.path is not None
        ),
    )


def write_mapping(result: Calibration, folder: Path) -> Path:
    """cause_mapping.csv: every name of every file, what it stood for, its deaths, and whether the user decided."""
    return _write(
        folder / "cause_mapping.csv",
        ("algorithm", "file", "name", "cause", "deaths", "decided_by_user"),
        (
            (
                mapping.assigned.algorithm,
                mapping.assigned.file,
                each.name,
                each.cause,
                each.deaths,
                "yes" if each.chosen else "no",
            )
            for mapping in result.mappings
            for each in mapping.names
        ),
    )


def write_draws(result: Calibration, folder: Path) -> Path | None:
    """posterior_draws.parquet: algorithm, chain and draw from 1, and a column a cause; None if nothing was sampled."""
    parts = [
        _draws_of(fit.name, fit.draws, result.causes.names) for fit in result.fits if fit.draws is not None
    ]
    if not parts:
        return None
    path = folder / "posterior_draws.parquet"
    pl.concat(parts).write_parquet(path, compression="zstd", compression_level=1)
    return path


def _draws_of(name: str, draws: Floats, causes: Sequence[str]) -> pl.DataFrame:
    chains, n, _ = draws.shape
    flat = draws.reshape(chains * n, -1)
    # A cause may have the name of a column that says where a draw is from.
    labels = [
        cause if cause not in ("algorithm", "chain", "draw") else f"{cause} (cause)" for cause in causes
    ]
    return pl.DataFrame(
        {
            "algorithm": pl.Series([name]).new_from_index(0, chains * n),
            "chain": np.repeat(np.arange(1, chains + 1, dtype=np.int32), n),
            "draw": np.tile(np.arange(1, n + 1, dtype=np.int32), chains),
            **{label: np.ascontiguousarray(flat[:, c]) for c, label in enumerate(labels)},
        }
    )
