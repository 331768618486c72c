"""Columns that had one value in all rows a model was built on: what another value there does, no model can know."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from zerosec_analyses.modelling.model_file import ModelHead, SavedFeature


def never_varied(head: ModelHead) -> tuple[SavedFeature, ...]:
    """These columns, whether the model was offered them or not."""
    return (*head.constants, *(feature for feature in head.features if feature.is_constant))


def departures(frame: pl.DataFrame, constant: tuple[SavedFeature, ...]) -> Iterator[tuple[str, np.ndarray]]:
    """The constant columns that a table has, each with which of its rows have another value."""
    for feature in constant:
        if feature.name not in frame.columns:
            continue
        column = frame[feature.name]
        if feature.levels:
            same = column.cast(pl.String) == feature.met[0]
        else:
            same = column.cast(pl.Float64, strict=False) == feature.minimum
        yield feature.name, (column.is_not_null() & ~same.fill_null(value=False)).to_numpy()
