"""An input of an analysis: where a file is dropped, and what is known of the one that was.

The window never asks a disk itself: what stands at a path is found out beside it, and is not known until it arrives.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.controls import ElidedLabel, IconLabel, Message, button, column, label, row, set_property
from zerosec_desktop.dialogs import open_files
from zerosec_desktop.problems import in_words
from zerosec_desktop.reading.disk_watch import DiskWatch
from zerosec_desktop.reading.errors import as_sentence
from zerosec_desktop.reading.path_facts import PathFacts, PathKind
from zerosec_desktop.resources.language import in_quotes
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.analysis.placing import Held
from zerosec_desktop.screens.analysis.registered_choice import RegisteredChoice, registered_path
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.table.loader import LoadedTable, TableLoader
from zerosec_desktop.wording import columns_text, origin_text, registered_text, rows_text, size
from zerosec_shared.analyses import InputSlotInfo, SlotKind
from zerosec_shared.files import Dialect, InputFile, Registered

if TYPE_CHECKING:
    from zerosec_shared.tables import ColumnSummary

__all__ = ["FileSlot"]


_ACROSS_FROM = 560


class FileSlot(QFrame):
    """Takes one file (or several where the slot says so); a table is read at once for its columns."""

    changed = Signal()
    columns_known = Signal(str, object)  # slot, tuple[ColumnInfo, ...] | None
    look_wanted = Signal(object)  # Path
    dropped = Signal(
        str, object
    )  # slot, list[Path]: which input they are for is decided for all inputs of the form

    def __init__(self, context: Context, slot: InputSlotInfo, target: str = "") -> None:
        super().__init__()
        self.slot = slot
        self.target = target
        """The server it is for; empty: the one that new work goes to."""
        self.files: list[Path] = []
        self.dialect: Dialect | None = None
        self._said: Dialect | None = None
        self.copy_of: InputFile | None = None
        self.loaded: LoadedTable | None = None
        self._counted: Mapping[str, tuple[tuple[str, int], ...]] = {}
        self.facts: dict[Path, PathFacts] = {}
        self._disk = DiskWatch(context.bridge, self, self._on_disk, self.take_facts)
        self.error = ""
        self._context = context
        self.loader = TableLoader(context.bridge, self)
        self.loader.first.connect(self._got_rows)
        self.loader.loaded.connect(self._got_rows)
        self.loader.summarised.connect(self._got_summary)
        self.loader.failed.connect(self._failed)
        self.setAcceptDrops(True)
        self.setProperty("surface", "drop")
        self.setAccessibleName(slot.title)
        self._pages = self._empty_page(), self._file_page()
        self.setLayout(column(*self._pages))
        self._show()

    # what it holds

    @property
    def registered(self) -> Registered | None:
        """What it is, where it holds no file of this computer but a reference that the server has."""
        return None if self.copy_of is None else self.copy_of.registered

    def take_registered(self, file: InputFile) -> None:
        """Take a reference that is registered on the server."""
        self.set_files([registered_path(file)], copy_of=file)

    @property
    def path(self) -> Path | None:
        """The file, or the first of several."""
        return self.files[0] if self.files else None

    @property
    def held(self) -> Held:
        """The input with the files it has."""
        return Held(self.slot, tuple(self.files), self.slot.multiple and self.copy_of is None)

    @property
    def stem(self) -> str:
        """The first file's name without its ending, or the name of what is registered."""
        if self.registered is not None:
            return self.registered.name
        return (
            ""
            if self.path is None
            else self.path.name.removesuffix(".gz").rpartition(".")[0] or self.path.name
        )

    @property
    def columns(self) -> tuple[ColumnInfo, ...] | None:
        """The file's columns, once they are known; their commonest values a little later."""
        return None if self.loaded is None else self.loaded.columns(self._counted)

    def problem(self) -> str:
        """Why the analysis cannot run with what is here, or an empty text."""
        if self.error:
            return self.error
        if not self.files:
            return self.tr("Choose a file for “{0}”.").format(self.slot.title) if self.slot.required else ""
        if text := self._wrong_on_disk():
            return text
        if self.loaded is not None:
            known = {info.name for info in self.loaded.columns()}
            missing = [name for name in self.slot.required_columns if name not in known]
            if missing:
                return self.tr("The file needs a column {0}.").format(in_quotes(missing))
        return ""

    def _wrong_on_disk(self) -> str:
        said = (self._wrong_with(path.name, self.facts[path]) for path in self.files if path in self.facts)
        return next(filter(None, said), "")

    def _wrong_with(self, name: str, facts: PathFacts) -> str:
        limit = self.slot.max_size_bytes
        if facts.kind is PathKind.FILE:
            if limit is None or facts.size_bytes <= limit:
                return ""
            return self.tr("“{0}” is larger than this analysis takes ({1}).").format(name, size(limit))
        return {
            PathKind.GONE: self.tr("The file “{0}” is not there any more."),
            PathKind.BARRED: self.tr("You may not read “{0}”. Ask whoever owns it for access."),
            PathKind.SILENT: self.tr("“{0}” does not answer: the disk or share it lies on may be away."),
        }.get(facts.kind, self.tr("“{0}” is not a file.")).format(name)

    @property
    def size_bytes(self) -> int | None:
        """What its files are together; None while that is not known."""
        if self.registered is not None:
            return 0  # to be sent
        if any(path not in self.facts for path in self.files):
            return None
        return sum(self.facts[path].size_bytes for path in self.files)

    def set_files(
        self, files: list[Path], dialect: Dialect | None = None, copy_of: InputFile | None = None
    ) -> None:
        """Take files; `copy_of`: the stored file the first is a copy of."""
        self.files = files if self.slot.multiple else files[:1]
        self.dialect, self.loaded, self.error, self._counted = dialect, None, "", {}
        self._said, self.copy_of = dialect, copy_of
        self.facts = {}
        self._disk.look_anew()
        self.loader.stop()
        if self.files and self.slot.kind is SlotKind.TABLE:
            self.loader.load(self.files[0], dialect)
        self.columns_known.emit(self.slot.name, None)
        self._show()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the buttons stand below the name."""
        super().resizeEvent(event)
        across = event.size().width() >= _ACROSS_FROM
        self._line_up.setDirection(
            QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        )

    # dropping and choosing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            set_property(self, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_property(self, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        set_property(self, "over", "false")
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.dropped.emit(self.slot.name, paths)

    def look(self) -> None:
        """Find out what stands at its paths now."""
        self._disk.look()

    def _on_disk(self) -> list[Path]:
        return self.files if self.registered is None else []

    def take_facts(self, facts: Mapping[Path, PathFacts]) -> bool:
        """What stands at its paths. A file that is not the one that was read is read again; whether it was another."""
        known = {path: facts[path] for path in self.files if path in facts}
        if not known or self.registered is not None:
            return False
        first = known.get(self.files[0])
        if self.loaded is not None and first is not None and first.stamp not in {None, self.loaded.stamp}:
            self._context.notifications.info(
                self.tr("“{0}” has changed").format(self.files[0].name),
                self.tr("It was read again. Look whether the settings still fit."),
                key=f"changed:{self.files[0]}",
            )
            self.set_files(self.files, self._said)
            return True
        if any(self.facts.get(path) != found for path, found in known.items()):
            self.facts |= known
            self._show()
            self.changed.emit()
        return False

    @Slot()
    def choose(self) -> None:
        """Ask for a file."""
        endings = " ".join(f"*{ending}" for ending in self.slot.extensions)
        filters = (
            (f"{self.slot.title} ({endings})", self.tr("All files (*)"))
            if endings
            else (self.tr("All files (*)"),)
        )
        open_files(self, self.slot.title, filters, self.set_files, many=self.slot.multiple)

    @Slot()
    def _remove(self) -> None:
        self.set_files([])

    @Slot()
    def _look(self) -> None:
        if self.path is not None:
            self.look_wanted.emit(self.path)

    # pages

    def _empty_page(self) -> QWidget:
        page = QWidget()
        texts = QWidget()
        lines: list[QWidget | int | None] = [
            label(
                (
                    self.tr("{0}: drop files here")
                    if self.slot.multiple
                    else self.tr("{0}: drop a file here")
                ).format(self.slot.title),
                "strong",
                wrap=True,
            )
        ]
        if not self.slot.required:
            lines.append(label(self.tr("optional"), "caption"))
        if self.slot.help:
            lines.append(label(self.slot.help, "muted", wrap=True))
        if self.slot.extensions:
            lines.append(
                label(
                    ", ".join(ending.removeprefix(".") for ending in self.slot.extensions),
                    "caption",
                    wrap=True,
                )
            )
        texts.setLayout(column(*lines, spacing=Space.HAIR))
        choose = button(
            self.tr("Choose files…") if self.slot.multiple else self.tr("Choose a file…"),
            icon_name="folder",
            clicked=self.choose,
        )
        buttons = column(choose, spacing=Space.SMALL)
        if self.slot.registered is not None:
            self.choice = RegisteredChoice(self._context, self.slot, self.target)
            self.choice.chosen.connect(self.take_registered)
            buttons.addWidget(self.choice)
            buttons.addStretch(1)
        line_up = row(IconLabel("drop", "accent", 32), texts, spacing=Space.MEDIUM)
        line_up.addLayout(buttons)
        line_up.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        line_up.setStretch(1, 1)
        page.setLayout(line_up)
        return page

    def _file_page(self) -> QWidget:
        page = QWidget()
        self._name = ElidedLabel("", "strong")
        self._facts = ElidedLabel("", "muted")
        self._look_button = button(self.tr("Look at the data"), icon_name="table", clicked=self._look)
        change = button(self.tr("Change…"), clicked=self.choose)
        remove = button(
            "", "quiet", icon_name="close", clicked=self._remove, tip=self.tr("Take this file out")
        )
        remove.setAccessibleName(self.tr("Take this file out"))
        texts = QVBoxLayout()
        texts.setSpacing(Space.HAIR)
        self.heading = label(self.slot.title, "caption", wrap=True)
        texts.addWidget(self.heading)
        texts.addWidget(self._name)
        texts.addWidget(self._facts)
        self._chosen = label("", "muted", wrap=True)
        texts.addWidget(self._chosen)
        who = row(IconLabel("file-data", "accent", 32), spacing=Space.MEDIUM)
        who.addLayout(texts, 1)
        line_up = self._line_up = row(spacing=Space.SMALL)
        line_up.addLayout(who, 1)
        line_up.addLayout(row(self._look_button, change, remove, None))
        stack = QVBoxLayout(page)
        stack.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        stack.addLayout(line_up)
        self._message = Message("error", "", "")
        self._message.hide()
        stack.addWidget(self._message)
        return page

    def _show(self) -> None:
        set_property(self, "surface", "card" if self.files else "drop")
        for page, shown in zip(self._pages, (not self.files, bool(self.files)), strict=True):
            page.setVisible(shown)
        path = self.path
        if path is None:
            return
        more = self.tr(" and {0} more").format(len(self.files) - 1) if len(self.files) > 1 else ""
        stored = self.copy_of if self.registered is not None else None
        self._name.set_full_text(path.name + more if stored is None else stored.name)
        self._name.setToolTip(str(path) if stored is None else "")
        self._look_button.setVisible(self.slot.kind is SlotKind.TABLE)
        self._facts.set_full_text(self._facts_text(path))
        origin = None if self.copy_of is None else self.copy_of.origin
        told = "" if origin is None else origin_text(origin)
        if self.registered is not None:
            told = registered_text(self.registered)
        self._facts.setVisible(self.registered is None)
        self._chosen.setText(told)
        self._chosen.setVisible(bool(told))
        wrong = self.error or self._wrong_on_disk()
        self._message.setVisible(bool(wrong))
        self._message.title.setText(wrong)
        self._message.detail.setVisible(bool(self.error))

    def _facts_text(self, path: Path) -> str:
        known = self.facts.get(path)
        if known is not None and known.kind is not PathKind.FILE:
            return {
                PathKind.GONE: self.tr("not there any more"),
                PathKind.SILENT: self.tr("does not answer"),
            }.get(known.kind, self.tr("cannot be read"))
        facts = [] if known is None else [size(known.size_bytes)]
        if self.loaded is not None:
            frame = self.loaded.table.frame
            if self.loaded.final and self.loaded.whole:
                facts.insert(0, f"{rows_text(frame.height)} × {columns_text(frame.width)}")
            else:
                facts.insert(0, columns_text(frame.width))
                facts.append(
                    self.tr("more than {0} rows").format(f"{frame.height:,}")
                    if self.loaded.final
                    else self.tr("counting rows…")
                )
        elif self.slot.kind is SlotKind.TABLE and not self.error:
            facts.append(self.tr("reading…"))
        return " · ".join(facts)

    @Slot(object)
    def _got_rows(self, loaded: LoadedTable) -> None:
        before = self.columns
        self.loaded = loaded
        self.dialect = loaded.detection.dialect
        if self.columns != before:
            self.columns_known.emit(self.slot.name, self.columns)
        self._show()
        self.changed.emit()

    @Slot(object)
    def _got_summary(self, summaries: "tuple[ColumnSummary, ...]") -> None:
        self._counted = {summary.name: summary.common for summary in summaries if summary.common}
        self.columns_known.emit(self.slot.name, self.columns)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        words = in_words(error)
        self.error = as_sentence(words.title)
        self._message.detail.setText(" ".join(part for part in (words.detail, words.hint) if part))
        self._show()
        self.changed.emit()
