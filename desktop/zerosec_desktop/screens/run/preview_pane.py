"""A file of a result, looked at beside the tree of files: its table, text or picture; pages and what cannot be shown are opened outside."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Bridge, Work
from zerosec_desktop.controls import ElidedLabel, EmptyState, button, label, row
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.run.previewed import (
    MOST_BYTES,
    SHOWN_ROWS,
    Kind,
    Previewed,
    kind_of,
    read_previewed,
)
from zerosec_desktop.views.files import PictureView, PlainText
from zerosec_desktop.views.table_view import ResultTable
from zerosec_desktop.wording import size
from zerosec_shared.runs import Artifact
from zerosec_shared.views import Column, ImageView, TableView, TextView

__all__ = ["Fetch", "PreviewPane"]

Fetch = Callable[[str, Callable[[Path], None], Callable[[Exception], None]], None]
"""Has a file on this computer: path, what to do then, what to do when it fails."""


class PreviewPane(QWidget):
    """Shows the file that was chosen last; what arrives of others is left aside."""

    open_wanted = Signal(str)
    save_wanted = Signal(list)  # paths

    def __init__(self, bridge: Bridge, fetch: Fetch) -> None:
        super().__init__()
        self._bridge, self._fetch = bridge, fetch
        self._work: Work | None = None
        self._wanted = 0
        self.path = ""
        self.content: QWidget | None = None
        self._name = ElidedLabel("", "subtitle")
        self._amount = label("", "caption")
        self._open = button(self.tr("Open outside"), icon_name="external", clicked=self._open_it)
        self._save = button(self.tr("Save…"), icon_name="save", clicked=self._save_it)
        head = row(self._name, self._amount, self._open, self._save)
        head.setStretch(0, 1)
        held = QWidget()
        held.setProperty("surface", "clear")
        self._body = QVBoxLayout(held)
        self._body.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumSize(280, 160)
        scroll.setWidget(held)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.TINY, Space.TINY, 0, 0)
        layout.setSpacing(Space.SMALL)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        self.clear()

    def clear(self) -> None:
        """No file is chosen."""
        self._wanted += 1
        self.path = ""
        for widget in (self._name, self._amount, self._open, self._save):
            widget.hide()
        self._put(EmptyState("eye", self.tr("Choose a file"), self.tr("It is shown here.")))

    def show_artifact(self, artifact: Artifact, *, may_open: bool) -> None:
        """Show this file, once it is here."""
        if artifact.path == self.path:
            return
        self._wanted += 1
        number, self.path = self._wanted, artifact.path
        self._name.set_full_text(artifact.path.rpartition("/")[2])
        self._amount.setText(size(artifact.size_bytes))
        for widget in (self._name, self._amount, self._save):
            widget.show()
        self._open.setVisible(may_open)
        kind = kind_of(artifact.path)
        if kind is Kind.PAGE:
            self._say("report", self.tr("A page for the browser"), self.tr("Open it outside to read it."))
            return
        if kind is Kind.NOTHING:
            self._say_nothing()
            return
        if artifact.size_bytes > MOST_BYTES:
            self._say(
                "file",
                self.tr("Too large to be looked at here"),
                self.tr("Save it, and open it in a program made for it."),
            )
            return
        self._say("hourglass", self.tr("The file is being fetched"), "")

        def here(place: Path) -> None:
            if number == self._wanted:
                self._read(place, artifact.path, number)

        def failed(error: Exception) -> None:
            if number == self._wanted:
                words = in_words(error)
                self._say("file-missing", words.title, words.hint)

        self._fetch(artifact.path, here, failed)

    def _read(self, place: Path, path: str, number: int) -> None:
        async def read() -> Previewed:
            return await asyncio.to_thread(read_previewed, place, path)

        def shown(found: Previewed) -> None:
            if number == self._wanted:
                self._show(found)

        def failed(error: Exception) -> None:
            if number == self._wanted:
                words = in_words(error)
                self._say("file-missing", words.title, " ".join(filter(None, (words.detail, words.hint))))

        self._work = self._bridge.start(read(), name="preview file", done=shown, failed=failed)

    def _show(self, found: Previewed) -> None:
        name = self.path.rpartition("/")[2][:200]
        note = ""
        content: QWidget
        if found.table is not None:
            frame = found.table.frame.head(SHOWN_ROWS)
            note = self.tr("The first {0} rows.").format(f"{SHOWN_ROWS:,}") if found.cut else ""
            content = ResultTable(
                TableView(
                    id="preview",
                    title=name,
                    columns=tuple(Column(name=each[:200]) for each in frame.columns),
                    rows=tuple(
                        tuple(
                            cell if isinstance(cell, str | float | int | bool) or cell is None else str(cell)
                            for cell in cells
                        )
                        for cells in frame.iter_rows()
                    ),
                    total_rows=frame.height,
                )
            )
        elif found.kind is Kind.PICTURE:
            picture = PictureView(ImageView(id="preview", title=name, source=self.path))
            picture.set_bytes(found.data)
            content = picture
        elif found.kind is Kind.TEXT:
            note = self.tr("Its beginning.") if found.cut else ""
            text = PlainText(TextView(id="preview", title=name, text=found.text))
            text.setMinimumHeight(120)
            text.setMaximumHeight(16_777_215)  # as high as there is room
            content = text
        elif found.empty:
            self._say(
                "table",
                self.tr("No rows"),
                self.tr("Its first sheet is empty but for headings. Save it to look at the others."),
            )
            return
        else:
            self._say_nothing()
            return
        self._put(content, note)

    def _say_nothing(self) -> None:
        self._say(
            "file",
            self.tr("Not shown here"),
            self.tr("Files of this kind are for other programs. Save it, and open it there."),
        )

    def _say(self, icon_name: str, title: str, text: str) -> None:
        self._put(EmptyState(icon_name, title, text))

    def _put(self, content: QWidget, note: str = "") -> None:
        while (item := self._body.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.content = content
        if note:
            self._body.addWidget(label(note, "caption"))
        self._body.addWidget(content, 0 if isinstance(content, ResultTable | PictureView) else 1)
        if isinstance(content, ResultTable | PictureView):
            self._body.addStretch(1)

    @Slot()
    def _open_it(self) -> None:
        self.open_wanted.emit(self.path)

    @Slot()
    def _save_it(self) -> None:
        self.save_wanted.emit([self.path])
