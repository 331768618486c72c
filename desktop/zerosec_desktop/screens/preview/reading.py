"""How the file was read, in one line; unfolded, every part of it can be corrected and the file is read again."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from zerosec_desktop.controls import Card, button, column, label, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.flow import FlowLayout
from zerosec_desktop.widgets.form.editors import QuietCombo
from zerosec_desktop.widgets.form.number_text import NumberTextError, parse_integer
from zerosec_shared.files import ColumnType, Dialect, TableKind

__all__ = ["ReadingBar", "markers_of", "markers_text"]

ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "cp932",
    "shift_jis",
    "euc_jp",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "latin-1",
)
_EMPTY = "(empty)"


def markers_text(markers: tuple[str, ...]) -> str:
    """Missing markers as they are typed: separated by a blank and a bar."""
    return " | ".join(marker or _EMPTY for marker in markers)


def markers_of(text: str) -> tuple[str, ...]:
    """The markers in a typed text, each once."""
    parts = [part.strip() for part in text.split("|")]
    return tuple(dict.fromkeys("" if part == _EMPTY else part for part in parts if part))


NAMING = ("encoding", "separator", "header_row", "sheet")
"""What decides how the columns are called."""


class ReadingBar(Card):
    """Emits a corrected dialect."""

    dialect_changed = Signal(object)  # Dialect | None: None asks for detection

    def __init__(self) -> None:
        super().__init__(margins=12, spacing=Space.SMALL)
        self._dialect = Dialect()
        self._showing = False
        self._summary = label("", "muted", wrap=True)
        self._toggle = button(self.tr("Correct…"), "link")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._unfold)
        head = row(label(self.tr("Read as"), "strong"), self._summary, self._toggle, spacing=Space.MEDIUM)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self._details = QWidget()
        self.body.addWidget(self._details)
        self._build()
        self._details.hide()

    def _build(self) -> None:
        self.encoding = self._combo([(name, name) for name in ENCODINGS])
        self.encoding.setEditable(True)
        self.separator = self._combo(
            [
                (self.tr("comma  ,"), ","),
                (self.tr("semicolon  ;"), ";"),
                (self.tr("tab"), "\t"),
                (self.tr("bar  |"), "|"),
                (self.tr("blank"), " "),
            ]
        )
        self.decimal = self._combo([(self.tr("point  1.5"), "."), (self.tr("comma  1,5"), ",")])
        self.thousands = self._combo(
            [(self.tr("none"), ""), ("1,234", ","), ("1.234", "."), ("1 234", " "), ("1'234", "'")]
        )
        self.sheet = self._combo([])
        self.header = QLineEdit()
        self.header.setMaximumWidth(80)
        self.header.setToolTip(self.tr("The row of the file that holds the names; 0 when there is none."))
        self.header.editingFinished.connect(self._changed)
        self.missing = QLineEdit()
        self.missing.setToolTip(self.tr("What stands for “no value”, separated by |"))
        self.missing.editingFinished.connect(self._changed)
        self._fields: dict[str, QWidget] = {}
        lines: list[tuple[str, str, QWidget]] = [
            ("sheet", self.tr("Sheet"), self.sheet),
            ("encoding", self.tr("Encoding"), self.encoding),
            ("separator", self.tr("Between columns"), self.separator),
            ("decimal", self.tr("Decimal sign"), self.decimal),
            ("thousands", self.tr("Grouped digits"), self.thousands),
            ("header", self.tr("Names in row"), self.header),
        ]
        for key, text, widget in lines:
            name = label(text, "caption")
            name.setBuddy(widget)
            widget.setAccessibleName(text)
            self._fields[key] = QWidget()
            self._fields[key].setLayout(column(name, widget, spacing=Space.TINY))
        stack = QVBoxLayout(self._details)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.SMALL)
        stack.addLayout(FlowLayout(*self._fields.values(), gap=Space.MEDIUM))
        missing_label = label(self.tr("Means “no value”"), "caption")
        missing_label.setBuddy(self.missing)
        self.missing.setAccessibleName(self.tr("Means “no value”"))
        stack.addWidget(missing_label)
        detect = button(self.tr("Detect again"), icon_name="retry", clicked=self._detect)
        stack.addLayout(row(self.missing, detect))

    def show_dialect(self, dialect: Dialect, sheets: tuple[str, ...]) -> None:
        """Show how the file was read."""
        self._showing = True
        self._dialect = dialect
        text = dialect.kind is TableKind.CSV
        for key in ("encoding", "separator", "decimal", "thousands"):
            self._fields[key].setVisible(text)
        self._fields["sheet"].setVisible(dialect.kind is TableKind.EXCEL)
        self._fields["header"].setVisible(dialect.kind is not TableKind.PARQUET)
        self.sheet.clear()
        for name in sheets:
            self.sheet.addItem(name, name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(dialect.sheet)) if sheets else -1)
        self.encoding.setCurrentText(dialect.encoding)
        for combo, value in (
            (self.separator, dialect.separator),
            (self.decimal, dialect.decimal),
            (self.thousands, dialect.thousands),
        ):
            if combo.findData(value) < 0:
                combo.addItem(value, value)
            combo.setCurrentIndex(combo.findData(value))
        self.header.setText(str(dialect.header_row))
        self.missing.setText(markers_text(dialect.missing))
        self._summary.setText(self._words(dialect, sheets))
        self._showing = False

    def add_missing_marker(self, marker: str) -> None:
        """A text of the file means “no value” from now on."""
        if marker not in self._dialect.missing:
            self._tell(self._dialect.model_copy(update={"missing": (*self._dialect.missing, marker)}))

    def read_column_as(self, column: str, kind: ColumnType | None) -> None:
        """A column is read as this type from now on; None: by its values."""
        types = {name: each for name, each in self._dialect.types.items() if name != column}
        if kind is not None:
            types[column] = kind
        self._tell(self._dialect.model_copy(update={"types": types}))

    def _words(self, dialect: Dialect, sheets: tuple[str, ...]) -> str:
        if dialect.kind is TableKind.PARQUET:
            return self.tr("Parquet: names and types stand in the file")
        header = (
            self.tr("names in row {0}").format(dialect.header_row)
            if dialect.header_row
            else self.tr("no row of names")
        )
        if dialect.kind is TableKind.EXCEL:
            sheet = dialect.sheet or (sheets[0] if sheets else "")
            more = self.tr("{0} sheets").format(len(sheets)) if len(sheets) > 1 else ""
            return " · ".join(
                part
                for part in (self.tr("Excel"), self.tr("sheet “{0}”").format(sheet), more, header)
                if part
            )
        between = self.separator.itemText(max(0, self.separator.findData(dialect.separator)))
        decimal = self.decimal.itemText(max(0, self.decimal.findData(dialect.decimal)))
        return " · ".join(
            ("CSV", dialect.encoding, " ".join(between.split()), " ".join(decimal.split()), header)
        )

    def _combo(self, items: list[tuple[str, str]]) -> QuietCombo:
        combo = QuietCombo()
        for text, data in items:
            combo.addItem(text, data)
        combo.activated.connect(self._changed)
        return combo

    @Slot()
    def _changed(self) -> None:
        if self._showing:
            return
        changes: dict[str, object] = {"missing": markers_of(self.missing.text())}
        try:
            changes["header_row"] = min(1000, max(0, parse_integer(self.header.text())))
        except NumberTextError:
            self.header.setText(str(self._dialect.header_row))
        if self._dialect.kind is TableKind.CSV:
            changes |= {
                "encoding": self.encoding.currentText().strip(),
                "separator": self.separator.currentData(),
                "decimal": self.decimal.currentData(),
                "thousands": self.thousands.currentData(),
            }
        elif self._dialect.kind is TableKind.EXCEL:
            changes["sheet"] = self.sheet.currentData()
        if any(
            changes.get(name, getattr(self._dialect, name)) != getattr(self._dialect, name) for name in NAMING
        ):
            changes["types"] = {}  # the columns have other names now
        self._tell(self._dialect.model_copy(update=changes))

    def _tell(self, dialect: Dialect) -> None:
        if dialect != self._dialect:
            self._dialect = dialect
            self.dialect_changed.emit(dialect)

    @Slot()
    def _detect(self) -> None:
        self.dialect_changed.emit(None)

    @Slot(bool)
    def _unfold(self, unfolded: bool) -> None:
        self._details.setVisible(unfolded)
        self._toggle.setText(self.tr("Fold") if unfolded else self.tr("Correct…"))
