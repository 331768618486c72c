"""A unit stands behind a name once, however the name is written."""

import pytest

from zerosec_shared.name_and_unit import name_and_unit


@pytest.mark.parametrize(
    ("name", "unit", "shown"),
    [
        ("摩耗量", "µm", "摩耗量 (µm)"),
        ("mass", "", "mass"),
        ("体重(g)", "g", "体重(g)"),
        ("体重（ｇ）", "g", "体重（ｇ）"),
        ("価格 (円)（予測）", "円", "価格 (円)（予測）"),
        ("depth [μm]", "µm", "depth [μm]"),
        ("speed (rpm)", "min⁻¹", "speed (rpm) (min⁻¹)"),
        ("gain (dB) of g", "g", "gain (dB) of g (g)"),
        ("x (", "m", "x ( (m)"),
    ],
)
def test_a_unit_stands_behind_a_name_once(name: str, unit: str, shown: str) -> None:
    assert name_and_unit(name, unit) == shown
