"""The files of a job with their folders, the chosen one looked at beside them: open, save, drag out to the file manager, save all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDrag, QKeyEvent, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.bridge import Bridge
from zerosec_desktop.controls import EmptyState, button, label, row
from zerosec_desktop.resources.icon import icon, pixmap
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.run.exports import may_open
from zerosec_desktop.screens.run.preview_pane import Fetch, PreviewPane
from zerosec_desktop.views.files import role_icon
from zerosec_desktop.wording import moment, size
from zerosec_shared.runs import Artifact, ArtifactRole

__all__ = ["FilesTab"]

SIDE_BY_SIDE_FROM = 940
SHARES = (400, 500)
"""How the names of the files and the chosen file share the room."""
_PATH = Qt.ItemDataRole.UserRole


class _Files(QStandardItemModel):
    """Hands local copies of files, and of whole folders, to whatever they are dropped on."""

    def __init__(self, parent: QWidget, local_files: Callable[[Sequence[str]], list[Path]]) -> None:
        super().__init__(parent)
        self._local_files = local_files

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        lines = [index for index in indexes if index.column() == 0]
        tops = [index for index in lines if not _within(index, lines)]
        found = [place for index in tops if (place := self._place(index)) is not None]
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(place)) for place in found])
        return data

    def paths(self, index: QModelIndex) -> list[str]:
        """The file of a line; of a folder's, all that are in it."""
        path = index.data(_PATH)
        if path:
            return [str(path)]
        return [
            each
            for number in range(self.rowCount(index))
            for each in self.paths(self.index(number, 0, index))
        ]

    def here(self, paths: Sequence[str]) -> bool:
        """Whether all of them are on this computer."""
        return len(self._local_files(paths)) == len(paths)

    def _place(self, index: QModelIndex) -> Path | None:
        """Where a file, or a folder with all that is in it, stands on this computer."""
        paths = self.paths(index)
        local = self._local_files(paths)
        if not paths or len(local) < len(paths):
            return None
        place, at = local[0], index
        while not at.data(_PATH):
            place, at = place.parent, self.index(0, 0, at)
        return place


def _within(index: QModelIndex, others: Sequence[QModelIndex]) -> bool:
    """Whether a folder above it is among the others."""
    above = index.parent()
    return above.isValid() and (above in others or _within(above, others))


class _Tree(QTreeView):
    """A tree from which files and folders are dragged, once all of them are here: what is dropped is never a part."""

    drag_wanted = Signal(list)  # paths
    open_wanted = Signal(str)

    def __init__(self, files: _Files) -> None:
        super().__init__()
        self._files = files
        self.setModel(files)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(False)
        self.setProperty("bare", "true")

    def startDrag(self, actions: Qt.DropAction) -> None:
        chosen = self.chosen()
        self.drag_wanted.emit(chosen)
        if not chosen or not self._files.here(chosen):
            return
        drag = QDrag(self)
        drag.setMimeData(self._files.mimeData(self.selectedIndexes()))
        drag.setPixmap(
            pixmap("file" if len(chosen) == 1 else "folder", "accent", ratio=self.devicePixelRatioF())
        )
        drag.exec(
            actions
        )  # not the tree's own, which would hold up all other threads until the files are let go

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            for path in self.chosen()[:1]:
                self.open_wanted.emit(path)
        else:
            super().keyPressEvent(event)

    def chosen(self) -> list[str]:
        """Paths of the chosen files, those inside chosen folders included."""
        lines = self.selectionModel().selectedRows(0)
        return list(dict.fromkeys(path for line in lines for path in self._files.paths(line)))


class FilesTab(QWidget):
    """Says what the user wants; the screen does it."""

    open_wanted = Signal(str)
    save_wanted = Signal(list)  # paths
    save_all_wanted = Signal()
    drag_wanted = Signal(list)
    files_shown = Signal()

    def __init__(
        self, bridge: Bridge, fetch: Fetch, local_files: Callable[[Sequence[str]], list[Path]]
    ) -> None:
        super().__init__()
        self.artifacts: tuple[Artifact, ...] = ()
        self.preview = PreviewPane(bridge, fetch)
        self.preview.open_wanted.connect(self.open_wanted)
        self.preview.save_wanted.connect(self.save_wanted)
        self._model = _Files(self, local_files)
        self.tree = _Tree(self._model)
        self.tree.setAccessibleName(self.tr("Files of this run"))
        self.tree.open_wanted.connect(self.open_wanted)
        self.tree.drag_wanted.connect(self.drag_wanted)
        self.tree.doubleClicked.connect(self._double_clicked)
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._menu)
        self._count = label("", "muted")
        self.cleaned = label("", "muted", wrap=True)
        self.cleaned.hide()
        self._save_all = button(self.tr("Save all…"), icon_name="download", clicked=self._all)
        self._empty = EmptyState(
            "folder", self.tr("No files"), self.tr("This job left no files, or they have been cleaned.")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        layout.addLayout(row(self._count, None, self._save_all))
        layout.addWidget(self.cleaned)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._across.setChildrenCollapsible(False)
        self._across.addWidget(self.tree)
        self._across.addWidget(self.preview)
        self._across.setStretchFactor(0, 2)
        self._across.setStretchFactor(1, 3)
        self._across.setSizes(list(SHARES))
        layout.addWidget(self._across, 1)
        self.tree.setMinimumSize(280, 120)
        layout.addWidget(self._empty, 1)
        layout.addWidget(
            label(self.tr("Drag files from here into a folder, or open them by a double click."), "caption")
        )
        self.show_artifacts(())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room for the names, else one above the other."""
        super().resizeEvent(event)
        wide = event.size().width() >= SIDE_BY_SIDE_FROM
        along = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if along is not self._across.orientation():
            self._across.setOrientation(along)
            self._across.setSizes(list(SHARES))

    def show_artifacts(self, artifacts: Sequence[Artifact]) -> None:
        """Show these files."""
        ordered = tuple(
            sorted(artifacts, key=lambda artifact: (artifact.path.count("/") == 0, artifact.path))
        )
        if ordered == self.artifacts and ordered:
            return
        self.artifacts = ordered
        self.preview.clear()
        self._model.clear()
        self._model.setHorizontalHeaderLabels([self.tr("Name"), self.tr("What it is"), self.tr("Size")])
        folders: dict[str, QStandardItem] = {}
        for artifact in self.artifacts:
            parent = self._folder(artifact.path.rpartition("/")[0], folders)
            parent.appendRow(self._line(artifact))
        heading = self.tree.header()
        heading.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        heading.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        heading.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        heading.setStretchLastSection(False)
        self.tree.expandAll()
        total = sum(artifact.size_bytes for artifact in self.artifacts)
        self._count.setText(self.tr("%Ln file(s), {0}", "", len(self.artifacts)).format(size(total)))
        some = bool(self.artifacts)
        for widget in (self._across, self._count, self._save_all):
            widget.setVisible(some)
        self._empty.setVisible(not some)

    def tell_cleaned(self, at: datetime | None) -> None:
        """Say when the files were deleted, by somebody or by the server's own clean-up; None: they were not."""
        self.cleaned.setVisible(at is not None)
        if at is not None:
            text = self.tr(
                "The files were deleted on {0} to make room. What is known of them stays; a step that is executed again makes them anew."
            )
            self.cleaned.setText(text.format(moment(at)))

    def index_of(self, path: str) -> QModelIndex:
        """Where a file stands in the tree; an invalid index where it is not there."""
        start = self._model.index(0, 0)
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        return next(iter(self._model.match(start, _PATH, path, 1, flags)), QModelIndex())

    def _folder(self, path: str, folders: dict[str, QStandardItem]) -> QStandardItem:
        if not path:
            return self._model.invisibleRootItem()
        if path not in folders:
            parent = self._folder(path.rpartition("/")[0], folders)
            item = QStandardItem(icon("folder", "muted"), path.rpartition("/")[2])
            parent.appendRow([item, QStandardItem(), QStandardItem()])
            folders[path] = item
        return folders[path]

    def _line(self, artifact: Artifact) -> list[QStandardItem]:
        name = QStandardItem(icon(role_icon(artifact.role), "muted"), artifact.path.rpartition("/")[2])
        name.setData(artifact.path, _PATH)
        amount = QStandardItem(size(artifact.size_bytes))
        amount.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return [name, QStandardItem(self._role(artifact.role)), amount]

    def _role(self, role: ArtifactRole) -> str:
        words = {
            ArtifactRole.TABLE: self.tr("Table"),
            ArtifactRole.PLOT: self.tr("Plot"),
            ArtifactRole.REPORT: self.tr("Report"),
            ArtifactRole.MODEL: self.tr("Model"),
            ArtifactRole.DATA: self.tr("Data"),
            ArtifactRole.LOG: self.tr("Log"),
            ArtifactRole.RESULT: self.tr("Result"),
            ArtifactRole.OTHER: "",
        }
        return words[role]

    @Slot(QModelIndex)
    def _chosen(self, index: QModelIndex) -> None:
        path = index.siblingAtColumn(0).data(_PATH)
        found = next((each for each in self.artifacts if each.path == path), None)
        if found is not None:
            self.preview.show_artifact(found, may_open=may_open(found.path))

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        path: Any = index.siblingAtColumn(0).data(_PATH)
        if path:
            self.open_wanted.emit(str(path))

    @Slot(object)
    def _menu(self, place: Any) -> None:
        paths = self.tree.chosen()
        if not paths:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(paths) == 1:
            menu.addAction(icon("external", "muted"), self.tr("Open"), self._open_chosen)
        menu.addAction(icon("save", "muted"), self.tr("Save…"), self._save_chosen)
        menu.popup(self.tree.viewport().mapToGlobal(place))

    @Slot()
    def _open_chosen(self) -> None:
        for path in self.tree.chosen()[:1]:
            self.open_wanted.emit(path)

    @Slot()
    def _save_chosen(self) -> None:
        self.save_wanted.emit(self.tree.chosen())

    @Slot()
    def _all(self) -> None:
        self.save_all_wanted.emit()
