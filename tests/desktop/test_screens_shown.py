"""No screen is blank, cut off or left untranslated: the tour of the guide's pictures, once in each language, theme and size."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.conftest import ROOT

SCREENS = (
    "home", "preview", "analysis", "run", "run-files", "run-details", "compare", "runs", "catalogue", "history", "targets",
    "programs", "references", "settings", "notices", "palette", "experiments-new", "experiments-import", "experiments-parameters", "experiments-candidates",
    "experiments-design", "experiments-lab-sheet", "experiments-results", "experiments-filter", "experiments-models",
    "experiments-profile",
)  # fmt: skip


@pytest.mark.timeout(1800)
def test_every_screen_is_whole_in_both_languages_both_themes_and_at_double_size(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "packaging/screenshots.py", str(tmp_path), "--only", "en-light-1", "ja-dark-2"],
        cwd=ROOT, capture_output=True, text=True, timeout=1700, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    assert {path.name for path in tmp_path.glob("*.png")} == {f"{name}-en-light.png" for name in SCREENS}
    assert {path.name for path in tmp_path.glob("scale-2/*.png")} == {
        f"{name}-ja-dark.png" for name in SCREENS
    }
