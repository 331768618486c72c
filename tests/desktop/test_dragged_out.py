"""What is dragged out of a run's files: whole files and folders, in a form every file manager takes, and never a part."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from zerosec_desktop.bridge import Bridge
from zerosec_desktop.screens.run.files_tab import FilesTab
from zerosec_desktop.views.table_view import ResultTable
from zerosec_shared.runs import Artifact, ArtifactRole

FILES = ("report.html", "tables/coefficients.csv", "tables/more/fit.csv", "tables/more/rows.csv")


@pytest.fixture
def fetched(tmp_path: Path) -> set[str]:
    """The paths of the files that are on this computer."""
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    return set(FILES)


@pytest.fixture
def tab(bridge: Bridge, qtbot: QtBot, tmp_path: Path, fetched: set[str]) -> FilesTab:
    def here(paths: Sequence[str]) -> list[Path]:
        return [tmp_path / path for path in paths if path in fetched]

    made = FilesTab(bridge, lambda *_: None, here)
    qtbot.addWidget(made)
    made.show_artifacts(
        [Artifact(path=path, size_bytes=9, sha256="0" * 64, role=ArtifactRole.TABLE) for path in FILES]
    )
    return made


def line(tab: FilesTab, path: str) -> QModelIndex:
    """The line of a file, or of a folder by its name and a slash."""
    inside = next(each for each in FILES if each.startswith(path))
    found = tab.index_of(inside)
    for _ in range(inside.removeprefix(path).count("/") + 1 if path.endswith("/") else 0):
        found = found.parent()
    return found


def choose(tab: FilesTab, *paths: str) -> list[Path]:
    """Choose lines; where what would be dropped stands."""
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    tab.tree.clearSelection()
    for path in paths:
        tab.tree.selectionModel().select(line(tab, path), rows)
    data = tab.tree.model().mimeData(tab.tree.selectionModel().selectedIndexes())
    return [Path(url.toLocalFile()) for url in data.urls()]


def test_files_and_folders_are_handed_over_as_they_stand(tab: FilesTab, tmp_path: Path) -> None:
    assert choose(tab, "report.html", "tables/coefficients.csv") == [
        tmp_path / "report.html",
        tmp_path / "tables/coefficients.csv",
    ]
    assert choose(tab, "tables/") == [tmp_path / "tables"]
    assert choose(tab, "tables/more/") == [tmp_path / "tables/more"]
    assert choose(tab, "tables/", "tables/more/rows.csv") == [tmp_path / "tables"], "once, not twice"


def test_a_drag_begins_only_when_all_of_it_is_here(
    tab: FilesTab, fetched: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []
    asked: list[list[str]] = []

    def start(drag: QDrag, _actions: Qt.DropAction) -> None:
        begun.append([Path(url.toLocalFile()).name for url in drag.mimeData().urls()])

    monkeypatch.setattr(QDrag, "exec", start)
    tab.drag_wanted.connect(asked.append)
    fetched.discard("tables/more/fit.csv")

    assert choose(tab, "tables/") == []
    tab.tree.startDrag(Qt.DropAction.CopyAction)
    assert asked == [["tables/coefficients.csv", "tables/more/fit.csv", "tables/more/rows.csv"]]
    assert begun == []
    fetched.add("tables/more/fit.csv")
    tab.tree.startDrag(Qt.DropAction.CopyAction)
    assert begun == [["tables"]]


def test_names_of_files_keep_their_room_when_a_wide_table_is_looked_at(
    tab: FilesTab, qtbot: QtBot, tmp_path: Path
) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text(
        ",".join(f"column_{n}" for n in range(40)) + "\n" + ",".join("1.25" for _ in range(40)) + "\n"
    )
    tab.resize(1020, 600)
    tab.show()
    qtbot.waitUntil(tab.tree.isVisible)
    tab.preview.path = "tables/wide.csv"
    tab.preview._read(wide, "tables/wide.csv", tab.preview._wanted)
    qtbot.waitUntil(lambda: isinstance(tab.preview.content, ResultTable))
    QApplication.processEvents()
    assert tab.tree.width() >= 0.4 * tab.width(), tab._across.sizes()
    tab.hide()
