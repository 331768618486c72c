"""Files as an algorithm leaves them, and a calibration of them without a server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from zerosec_analyses.sdk import Context, InputError
from zerosec_analyses.va_calibration.analysis import Calibration, fitted, prepared
from zerosec_analyses.va_calibration.spec import VaParameters

Calibrate = Callable[..., Calibration]


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a CSV by its text."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def calibrate(tmp_path: Path) -> Calibrate:
    """Calibrate files by slot with parameters: `calibrate({"eava": path}, fixed=True)`."""

    def run(files: dict[str, Path], **parameters: object) -> Calibration:
        known = {
            "age_group": "neonate",
            "country": "Mozambique",
            "draws": 1000,
            "max_draws": 1000,
            **parameters,
        }
        params = VaParameters.model_validate(known)
        ctx = Context.for_notebook(tmp_path / "out", **files)
        return fitted(*prepared(ctx, params), params, lambda *_: None)

    return run


@pytest.fixture
def refused(calibrate: Calibrate) -> Callable[..., str]:
    """All that is said when a calibration is refused."""

    def told(files: dict[str, Path], **parameters: object) -> str:
        with pytest.raises(InputError) as caught:
            calibrate(files, **parameters)
        return " ".join(filter(None, (caught.value.title, caught.value.detail, caught.value.hint)))

    return told
