"""Variables of a parameter sheet under the profile's names: units behind them, misspelt ones, other units."""

from decimal import Decimal
from pathlib import Path

import pytest

from zerosec_analyses.combinations.by_profile import applied
from zerosec_analyses.levels import Variable
from zerosec_analyses.parameter_sheet import read_parameter_sheet
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.profiles import shipped_profile

DEBURRING = shipped_profile("deburring")


def variable(name: str) -> Variable:
    return Variable(name, (Decimal(1), Decimal(2)), say("Column “{column}”", column=name))


def test_a_unit_behind_a_variable_does_no_harm() -> None:
    found = applied(DEBURRING, [variable("回転速度(rpm)"), variable("切込み量［㎜］")])

    assert [factor.columns for factor in found.factors][1:] == [("回転速度",), ("切込量",)]


@pytest.mark.parametrize(
    ("name", "meant"), [("回転数(rpm)", "回転速度"), ("切り込み", "切込量"), ("ブラシ径", "ブラシ直径")]
)
def test_a_misspelt_variable_is_asked_about(name: str, meant: str) -> None:
    found = applied(DEBURRING, [variable(name)])

    known = DEBURRING.known_as(meant)
    assert known is not None
    (remark,) = [str(each) for each in found.remarks if "does not know" in str(each)]
    assert remark.endswith(f"Did you mean {known.name}?")


def test_levels_in_another_unit_are_refused() -> None:
    with pytest.raises(InputError, match="in m/min, and 送り速度 of the profile in mm/min"):
        applied(DEBURRING, [variable("送り速度(m/min)")])


def test_a_misspelt_row_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "parameters.csv"
    path.write_text("x,回転速度\nmin,1\nmaxx,2\n間隔,1\n", encoding="utf-8")

    with pytest.raises(InputError) as refused:
        read_parameter_sheet(path, None)

    assert refused.value.hint.startswith("Did you mean max?")
