"""A stack all of whose weight went to what is predicted without features: its file is read back, and predicts just that."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.unit.classification.conftest import Built
from tests.unit.classification.test_product import three_kinds

from zerosec_analyses.classification import method
from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.modelling.model_file import load_models
from zerosec_analyses.modelling.procedure import Model


def test_the_file_of_a_stack_without_weights_is_read_back(
    build: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[Model, ClassResult]] = []
    written = method.write_model

    def of_nothing(path: Any, table: Any, result: ClassResult, *rest: Any) -> None:
        weights = dict.fromkeys(result.built.model.pipelines, 0.0)
        model = replace(result.built.model, chosen="stack", weights=weights, product_of=0)
        kept.append((model, result))
        written(path, table, replace(result, built=replace(result.built, model=model)), *rest)

    monkeypatch.setattr(method, "write_model", of_nothing)
    done = build(three_kinds(60), target="kind", models=("logistic", "discriminant"), trials=1)
    ((model, result),) = kept
    _, models = load_models(done.folder / "model.zip")

    values = result.rows.values
    made = models["kind"].predict(values)
    assert made == pytest.approx(model.predict(values), rel=1e-12)
    assert np.ptp(made, axis=0) == pytest.approx(0.0, abs=1e-12)
