"""The folders of a project on this computer, by the names people know, and numbered folders in them."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

__all__ = ["FOLDERS", "make_folders", "next_numbered", "project_folder"]

LISTS, DATA, LINEAR, NONLINEAR, CLASSES, RESULTS = (
    "01_実験リスト",
    "02_実験データ",
    "03_線形回帰",
    "04_非線形回帰",
    "05_分類",
    "99_Results",
)
FOLDERS = (LISTS, DATA, LINEAR, NONLINEAR, CLASSES, RESULTS)
FOLDER_OF_ANALYSIS: Mapping[str, str] = {
    "optimal-design": LISTS,
    "combinations": LISTS,
    "linear": LINEAR,
    "nonlinear": NONLINEAR,
    "classification": CLASSES,
}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]|^\.+|[. ]+$')
_NUMBERED = re.compile(r"^(\d{3,})_")


def project_folder(root: Path, name: str) -> Path:
    """Where a project's files go. What no file system takes in a name becomes `_`."""
    return root / (_FORBIDDEN.sub("_", name).strip() or "_")[:120]


def make_folders(folder: Path) -> None:
    """Make a project's folders. Raises OSError."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)


def next_numbered(folder: Path, title: str, now: datetime) -> Path:
    """A new folder below `folder`: `001_D最適化_20251029_1305`, one number higher than the highest. Made when returned."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        numbers = [int(found[1]) for path in folder.iterdir() if (found := _NUMBERED.match(path.name))]
        made = folder / f"{max(numbers, default=0) + 1:03d}_{title}_{now:%Y%m%d_%H%M}"
        try:
            made.mkdir()
        except FileExistsError:
            continue
        return made
