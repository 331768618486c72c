"""What tells experiments apart: numbers to five decimals, texts without full width and outer blanks; a blank is no zero."""

from hypothesis import given
from hypothesis import strategies as st

from zerosec_shared.experiments import Value, identity

COLUMNS = ("切込量", "回転速度")


def key(**values: Value) -> tuple[str, ...]:
    return identity(values, COLUMNS)


@given(st.decimals(-10_000, 10_000, places=5), st.floats(-4e-6, 4e-6))
def test_numbers_that_agree_to_five_decimals_are_one_setting(number: object, noise: float) -> None:
    exact = key(切込量=float(str(number)), 回転速度=3)
    noisy = key(切込量=float(str(number)) + noise, 回転速度=3.0)

    assert exact == noisy


def test_settings_that_differ_are_told_apart() -> None:
    assert key(切込量=0.1 + 0.2) == key(切込量=0.3)
    assert key(切込量=0.3) != key(切込量=0.30001)
    assert key(切込量=-0.0) == key(切込量=0)
    assert key() != key(切込量=0)
    assert key(摩耗量=1) == key(摩耗量=2)
    assert key(切込量=1e30) != key(切込量=2e30)
