"""What an import would do, as a table: new, changed with old and new value, identical, rejected with row, column and reason."""

from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from zerosec_desktop.controls import button, label, row
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_shared.experiments import EntryKind, ImportEntry, ImportPreview, Value

__all__ = ["ImportPreviewTable", "kind_title", "shown_value"]

_ORDER = (EntryKind.REJECTED, EntryKind.CHANGED, EntryKind.NEW, EntryKind.IDENTICAL)


def kind_title(kind: EntryKind) -> str:
    """What would be done."""
    return {
        EntryKind.NEW: translate("Experiments", "New"),
        EntryKind.CHANGED: translate("Experiments", "Changed"),
        EntryKind.IDENTICAL: translate("Experiments", "Identical"),
        EntryKind.REJECTED: translate("Experiments", "Rejected"),
    }[kind]


def shown_value(value: Value | None) -> str:
    """A value for reading."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.10g}"


def _told(entry: ImportEntry) -> str:
    if entry.kind is EntryKind.REJECTED:
        return f"{entry.column}: {entry.reason}" if entry.column else entry.reason
    told = [entry.remark] if entry.remark else []
    if entry.kind is EntryKind.CHANGED:
        told.append(
            ", ".join(
                f"{change.column} {shown_value(change.old)} → {shown_value(change.new)}"
                for change in entry.changes
            )
        )
    return " ".join(told)


class ImportPreviewTable(QWidget):
    """Filtered by kind; the rejected and the changed come first, since they want looking at."""

    def __init__(self) -> None:
        super().__init__()
        self._preview: ImportPreview | None = None
        self._kinds: dict[EntryKind, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        chips = row(spacing=Space.SMALL)
        for kind in _ORDER:
            chip = button(kind_title(kind), "chip", clicked=self._fill)
            chip.setCheckable(True)
            chip.setChecked(True)
            self._group.addButton(chip)
            self._kinds[kind] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        self._cut = label("", "caption")
        chips.addWidget(self._cut)
        self._model = FrameModel(self)
        self.table = DataTable(self._model)
        self.table.setAccessibleName(self.tr("What the import would do"))
        self.table.verticalHeader().hide()
        self.table.setMinimumHeight(220)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.SMALL)
        stack.addLayout(chips)
        stack.addWidget(self.table)

    def show_preview(self, preview: ImportPreview) -> None:
        """Show it, all kinds at first except the identical, unless there is nothing else."""
        self._preview = preview
        alone = preview.counts.get(EntryKind.IDENTICAL, 0) == sum(preview.counts.values())
        for kind, chip in self._kinds.items():
            count = preview.counts.get(kind, 0)
            chip.setText(f"{kind_title(kind)} {count:,}")
            chip.setChecked(count > 0 and (alone or kind is not EntryKind.IDENTICAL))
            chip.setEnabled(count > 0)
            chip.setToolTip("" if count else self.tr("There are none"))
        self._cut.setText(
            self.tr("The first {count} are shown").format(count=f"{len(preview.entries):,}")
            if preview.next_offset is not None
            else ""
        )
        self._fill()

    def _fill(self) -> None:
        import polars as pl

        if self._preview is None:
            return
        chosen = {kind for kind, chip in self._kinds.items() if chip.isChecked()}
        entries = sorted(
            (entry for entry in self._preview.entries if entry.kind in chosen),
            key=lambda entry: (_ORDER.index(entry.kind), entry.rows),
        )
        frame = pl.DataFrame(
            {
                "rows": [", ".join(map(str, entry.rows)) for entry in entries],
                "kind": [kind_title(entry.kind) for entry in entries],
                "experiment": [entry.experiment for entry in entries],
                "told": [_told(entry) for entry in entries],
            },
            schema=dict.fromkeys(("rows", "kind", "experiment", "told"), pl.String),
        )
        labels = [self.tr("Row"), self.tr("What"), self.tr("Experiment"), self.tr("Changes or reason")]
        if not any(frame["told"].to_list()):
            frame, labels = frame.drop("told"), labels[:-1]
        self._model.set_frame(frame, labels=labels)
        last = frame.width - 1
        self.table.setColumnWidth(2, 300 if last > 2 else 640)
        if last > 2:
            self.table.setColumnWidth(last, 560)
