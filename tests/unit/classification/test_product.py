"""A stack that is a product: chosen where classes come apart well, said in words, and the same when it is read from its file."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.classification.conftest import Built

from zerosec_analyses.classification import method
from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.modelling.model_file import load_models
from zerosec_analyses.modelling.model_parts import ModelFileError


def three_kinds(n: int) -> pl.DataFrame:
    """Three kinds that six measurements tell apart together, none of them alone."""
    rng = np.random.default_rng(8)
    kind = np.arange(n) % 3
    centres = rng.normal(size=(3, 6)) * 1.1
    x = centres[kind] + rng.normal(size=(n, 6)) * 0.9
    return pl.DataFrame({f"x{i}": x[:, i] for i in range(6)}).with_columns(
        kind=pl.Series([f"kind {code}" for code in kind])
    )


def test_a_product_of_models_is_said_and_kept(
    build: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    results: list[ClassResult] = []
    written = method.write_model

    def keeping(path: Any, table: Any, result: ClassResult, *rest: Any) -> None:
        results.append(result)
        written(path, table, result, *rest)

    monkeypatch.setattr(method, "write_model", keeping)
    done = build(
        three_kinds(90),
        target="kind",
        models=("logistic", "discriminant", "extra_trees"),
        inner_folds=4,
        trials=3,
    )
    (result,) = results
    head, models = load_models(done.folder / "model.zip")

    assert done.metrics["model"] == "stack"
    assert head.targets[0].product_of == 90
    model = next(metric for metric in done.result.metrics if metric.name == "model")
    assert "a product: " in model.note
    assert "to the power" in model.note
    assert "final model: a product" in (done.folder / "report.html").read_text(encoding="utf-8")
    values = result.rows.values
    assert models["kind"].predict(values) == pytest.approx(result.built.model.predict(values), rel=1e-9)


def test_a_file_that_multiplies_numbers_is_refused(tmp_path: Any, build: Callable[..., Built]) -> None:
    import json
    import zipfile

    done = build(three_kinds(60), target="kind", models=("logistic", "discriminant"), trials=1)
    with zipfile.ZipFile(done.folder / "model.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head = json.loads(parts["model.json"])
    head["targets"][0] |= {"classes": None, "product_of": 60}
    damaged = tmp_path / "model.zip"
    with zipfile.ZipFile(damaged, "w") as archive:
        for name, content in (parts | {"model.json": json.dumps(head).encode()}).items():
            archive.writestr(name, content)

    with pytest.raises(ModelFileError, match="only probabilities can be multiplied"):
        load_models(damaged)
