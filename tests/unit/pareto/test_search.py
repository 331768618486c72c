"""The search over the factors of a saved model finds what the model says is best, within ranges, steps, choices, rules and limits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.modelling.model_file import load_models
from zerosec_analyses.nonlinear.method import run as build
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.pareto.fronts import hypervolume, non_dominated
from zerosec_analyses.pareto_search.method import run
from zerosec_analyses.pareto_search.space import space_of
from zerosec_analyses.pareto_search.spec import SearchParameters
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.views import Result


@pytest.fixture(scope="module")
def quick() -> Any:
    """Pictures are not drawn."""

    def blank(pictures: Pictures, _figure: Figure, name: str) -> None:
        (pictures.folder / f"{name}.svg").write_text("<svg/>", encoding="utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pictures, "_write", blank)
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, quick: None) -> Path:
    """Schaffer's two goals (1985) x² and (x − 2)², with a brush that adds to the second: best are x from 0 to 2 with brush a."""
    folder = tmp_path_factory.mktemp("model")
    rng = np.random.default_rng(1)
    x, brush = rng.uniform(-3, 5, 120), rng.choice(["a", "b"], 120)
    z = rng.integers(0, 2, 120)
    pl.DataFrame(
        {"x": x, "brush": brush, "A": z, "B": 1 - z, "near": x**2 + 0.5 * z, "far": (x - 2) ** 2 + 3 * (brush == "b")}
    ).write_csv(folder / "data.csv")  # fmt: skip
    params = NonlinearParameters(
        target=("near", "far"), models=("gaussian_process",), trials=2, outer_folds=2, repeats=1, inner_folds=2, shap_rows=0,
    )  # fmt: skip
    build(Context.for_notebook(folder / "out", data=folder / "data.csv"), params)
    return folder / "out" / "model.zip"


@dataclass
class Found:
    settings: pl.DataFrame
    result: Result

    @property
    def codes(self) -> set[str]:
        return {notice.code for notice in self.result.warnings}

    def metric(self, name: str) -> Any:
        return next(one.value for one in self.result.metrics if one.name == name)

    @property
    def front(self) -> np.ndarray:
        return self.settings.select("predicted near", "predicted far").to_numpy()


@pytest.fixture
def search(model: Path, tmp_path: Path, quick: None) -> Callable[..., Found]:
    def go(profile: str = "", **parameters: Any) -> Found:
        inputs = {"model": model}
        if profile:
            inputs["profile"] = tmp_path / "profile.toml"
            inputs["profile"].write_text(profile, encoding="utf-8")
        given = {"minimise": ("near", "far"), "population": 40, "generations": 25, "draws": 50, **parameters}
        ctx = Context.for_notebook(tmp_path / "out", **inputs)
        run(ctx, SearchParameters(**given))
        return Found(pl.read_csv(tmp_path / "out" / "tables" / "settings_found.csv"), ctx.outcome().result)

    return go


def test_the_search_reaches_the_front_of_the_model(search: Callable[..., Found]) -> None:
    found = search()

    assert found.settings["x"].min() == pytest.approx(0, abs=0.3)  # type: ignore[call-overload]
    assert found.settings["x"].max() == pytest.approx(2, abs=0.3)  # type: ignore[call-overload]
    assert set(found.settings["brush"]) == {"a"}
    assert non_dominated(found.front).all()
    exact = search(factors={"x": "-1..3 step 0.01", "A": "0|1", "B": "0|1"})
    assert exact.metric("generations") == 0
    corner = np.array([5.0, 5.0])
    best, reached = hypervolume(exact.front, corner).value, hypervolume(found.front, corner).value
    assert reached == pytest.approx(best, rel=0.01)
    assert {"predictions_only", "membership_assumption"} <= found.codes
    assert "most_are_in_the_set" not in found.codes, "what others beat is not even kept"
    assert {"near from", "near to", "flags"} <= set(found.settings.columns)


def test_the_same_seed_finds_the_same_settings(search: Callable[..., Found]) -> None:
    once, again = (search(generations=5).settings for _ in range(2))

    assert once.equals(again)


def test_steps_levels_limits_and_bans_are_kept(search: Callable[..., Found]) -> None:
    found = search(
        factors={"x": "0..2 step 0.25", "A": "0", "B": "1"}, limits="near <= 2; x > 0", forbidden='brush == "a" and x < 0.6'
    )  # fmt: skip

    steps = found.settings["x"] / 0.25
    assert (steps == steps.round()).all()
    assert found.settings.filter((pl.col("brush") == "a") & (pl.col("x") < 0.6)).height == 0
    assert found.settings["predicted near"].max() <= 2  # type: ignore[operator]
    assert found.metric("n_settings_judged") == 9 * 2


def test_four_objectives_are_searched_by_reference_points(search: Callable[..., Found]) -> None:
    found = search(
        minimise=("near", "far"), maximise=("x",), wanted={"A": 0.5}, generations=4, factors={"A": "0..1", "B": "0..1"}
    )  # fmt: skip

    assert found.settings.height > 20
    assert (
        "NSGA-III" in str(next(one for one in found.result.views if one.kind == "card").text)
        or found.metric("generations") == 4
    )


PROFILE = """
format = 1
id = "brushes"
titles = { en = "Brushes" }

[[columns]]
name = "x"
role = "factor"
minimum = 0
maximum = 2
step = 0.5

[[columns]]
name = "A"
role = "one_hot"
kind = "integer"

[[columns]]
name = "B"
role = "one_hot"
kind = "integer"

[[columns]]
name = "minutes"
role = "condition"
formula = "10 / (x + 1)"

[[one_hot]]
name = "tool"
members = ["A", "B"]

[[rules]]
formula = "x <= 1.5 or B == 1"

[[rules]]
formula = "wire < 3"

[[columns]]
name = "wire"
role = "condition"
"""


def test_a_profile_gives_steps_choices_rules_and_derived_columns(search: Callable[..., Found]) -> None:
    found = search(PROFILE, minimise=("near", "far", "minutes"))

    assert found.metric("n_settings_judged") == 5 * 2 * 2
    assert ((found.settings["A"] + found.settings["B"]) == 1).all()
    assert set(found.settings["x"]) <= {0, 0.5, 1.0, 1.5, 2.0}
    assert found.settings.filter((pl.col("x") > 1.5) & (pl.col("B") != 1)).height == 0
    assert found.settings["minutes"].to_numpy() == pytest.approx(10 / (found.settings["x"].to_numpy() + 1))
    assert "rule_not_counted" in found.codes


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"factors": {"speed": "1..2"}}, "no column “speed”"),
        ({"factors": {"x": "fast"}}, "“fast” is neither a range nor levels"),
        ({"minimise": ("near", "soft")}, "no column “soft”"),
        ({"forbidden": "x >"}, "The condition “x >” cannot be used"),
        ({"limits": "speed < 1"}, "The limit “speed < 1” cannot be used"),
        ({"limits": "near < -5", "generations": 1}, "settings that were tried fulfils"),
    ],
)
def test_what_cannot_be_used_is_named(
    search: Callable[..., Found], parameters: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError) as refused:
        search(**parameters)

    assert told in str(refused.value)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.zip").write_bytes(b"PK nothing")

    with pytest.raises(InputError, match="cannot be used as a model"):
        run(
            Context.for_notebook(tmp_path / "out", model=tmp_path / "model.zip"),
            SearchParameters(minimise=("a", "b")),
        )


def test_without_a_word_the_factors_are_those_of_the_models_data(model: Path) -> None:
    head, _ = load_models(model)

    space = space_of(head, {}, (), None)

    ranges = {axis.columns[0]: (axis.low, axis.high) if axis.is_range else axis.levels for axis in space.axes}
    assert ranges["brush"] == (("a",), ("b",))
    assert ranges["x"][0] < -2.5  # type: ignore[operator]
    assert space.size is None
