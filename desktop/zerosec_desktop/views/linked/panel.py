"""The linked view: its sides, what is chosen as a table, and what can be done with the chosen rows."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from zerosec_desktop.controls import button, label, row
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.views.linked.pairs import PairsSurface
from zerosec_desktop.views.linked.parallel import ParallelSurface
from zerosec_desktop.views.linked.points import LinkedPoints
from zerosec_desktop.views.linked.space import SpaceSurface
from zerosec_desktop.views.linked.surface import Surface
from zerosec_desktop.views.table_view import ResultTable
from zerosec_desktop.widgets.flow import FlowLayout
from zerosec_shared.views import LinkedView, TableView

__all__ = ["LinkedPanel"]

TABLE_AFTER_MS = 60
SWATCH = 12


class LinkedPanel(QWidget):
    """Sides to switch between; the choice stays. Wishes come as signals with the chosen rows as a table."""

    save_wanted = Signal(object)  # TableView
    copy_wanted = Signal(object)
    sheet_wanted = Signal(object)

    def __init__(self, view: LinkedView) -> None:
        super().__init__()
        self.view = view
        self.points = LinkedPoints(view)
        self.points.setParent(self)
        self.pairs, self.parallel = PairsSurface(self.points), ParallelSurface(self.points)
        sides: list[tuple[str, Surface]] = [(self.tr("Pairs"), self.pairs), (self.tr("Parallel coordinates"), self.parallel)]  # fmt: skip
        self.space: SpaceSurface | None = None
        if len(self.points.axes) >= 3:
            self.space = SpaceSurface(self.points)
            sides.append((self.tr("In space"), self.space))
        self._sides = QStackedWidget()
        self._switch = QButtonGroup(self)
        self.switches: list[QPushButton] = []
        for number, (name, side) in enumerate(sides):
            side.setAccessibleName(f"{view.title}: {name}")
            self._sides.addWidget(side)
            switch = button(name, "chip")
            switch.setCheckable(True)
            switch.setChecked(number == 0)
            self._switch.addButton(switch, number)
            self.switches.append(switch)
        self._switch.idClicked.connect(self._show_side)
        self._hint = label("", "caption", wrap=True)
        self.axes = self._axis_choice()
        self.count = label("", "strong")
        self.count.setFixedHeight(Control.HEIGHT)
        self.clear = button(self.tr("Choose none"), "quiet", clicked=self._choose_none)
        self.save = button(self.tr("Save the chosen rows…"), icon_name="save", clicked=self._save)
        self.copy = button(self.tr("Copy them"), icon_name="copy", clicked=self._copy)
        self.sheet = button(
            self.tr("To a lab sheet…"), "primary", icon_name="experiment", clicked=self._sheet
        )
        self._buttons = (self.clear, self.save, self.copy, self.sheet)
        self._table: ResultTable | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(TABLE_AFTER_MS)
        self._later.timeout.connect(self._fill_table)
        self._build()
        self.points.chosen_changed.connect(self._tell)
        theme.changed.connect(self._recolour)
        self._show_side(0)
        self._tell()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        head = FlowLayout(*self.switches, *self.axes)
        self._swatches = []
        legend = row(spacing=Space.TINY)
        for group in self.points.groups:
            if group:
                mark = label()
                mark.setFixedSize(SWATCH, SWATCH)
                self._swatches.append(mark)
                legend.addSpacing(Space.SMALL)
                legend.addWidget(mark)
                legend.addWidget(label(group, "caption"))
        legends = QWidget()
        legends.setLayout(legend)
        legends.setFixedHeight(Control.HEIGHT)
        head.addWidget(legends)
        layout.addLayout(head)
        layout.addWidget(self._hint)
        layout.addWidget(self._sides, 1)
        layout.addLayout(FlowLayout(self.count, *self._buttons))
        self.sheet.setVisible(self.view.runs)
        self._place = QVBoxLayout()
        layout.addLayout(self._place)
        self._recolour()

    def _axis_choice(self) -> list[QComboBox]:
        if self.space is None:
            return []
        boxes = []
        for number in range(3):
            box = QComboBox()
            box.setAccessibleName(self.tr("Axis {0}").format(number + 1))
            box.addItems([column.label or column.name for column in self.points.axes])
            box.setCurrentIndex(self.space.shown[number])
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.activated.connect(self._axes_chosen)
            boxes.append(box)
        return boxes

    @Slot()
    def _axes_chosen(self) -> None:
        if self.space is not None:
            self.space.show_axes(tuple(box.currentIndex() for box in self.axes))

    @Slot(int)
    def _show_side(self, number: int) -> None:
        self._sides.setCurrentIndex(number)
        hints = (
            self.tr(
                "Draw a rectangle to choose rows. Ctrl adds to the choice, Alt takes off, Esc chooses none."
            ),
            self.tr(
                "Draw along an axis to keep the rows between; several axes together. A click on an axis frees it."
            ),
            self.tr("Drag to turn it. With Shift a rectangle chooses rows. Ctrl and the wheel come nearer."),
        )
        self._hint.setText(hints[number])
        for box in self.axes:
            box.setVisible(number == 2 and len(self.points.axes) > 3)

    @property
    def side(self) -> Surface:
        """The side that is shown."""
        shown = self._sides.currentWidget()
        assert isinstance(shown, Surface)
        return shown

    def show_all(self) -> None:
        """Show everything and choose nothing."""
        self.side.show_all()

    def chosen_rows(self) -> TableView:
        """The chosen rows, in the order of the view."""
        rows = tuple(one for one, chosen in zip(self.view.rows, self.points.chosen, strict=True) if chosen)
        return TableView(
            id=f"{self.view.id}_chosen"[:80],
            title=self.tr("Chosen rows"),
            columns=self.view.columns,
            rows=rows,
            total_rows=len(rows),
        )

    @Slot()
    def _tell(self) -> None:
        count = int(self.points.chosen.sum())
        self.count.setText(self.tr("%Ln row(s) chosen", "", count) if count else self.tr("Nothing is chosen"))
        for control in self._buttons:
            control.setEnabled(count > 0)
            control.setToolTip("" if count else self.tr("Choose rows first"))
        self._later.start()

    @Slot()
    def _fill_table(self) -> None:
        """The table of the chosen rows, once the choice has settled."""
        if self._table is not None:
            self._place.removeWidget(self._table)
            self._table.hide()
            self._table.deleteLater()
            self._table = None
        if self.points.chosen.any():
            self._table = ResultTable(self.chosen_rows())
            self._place.addWidget(self._table)

    @Slot()
    def _recolour(self) -> None:
        marks = iter(self._swatches)
        for number, group in enumerate(self.points.groups):
            if group:
                dot = QPixmap(SWATCH, SWATCH)
                dot.fill(QColor(self.points.colour(number)))
                next(marks).setPixmap(QIcon(dot).pixmap(SWATCH, SWATCH))

    @Slot()
    def _choose_none(self) -> None:
        self.parallel.kept.clear()
        self.points.clear()

    @Slot()
    def _save(self) -> None:
        self.save_wanted.emit(self.chosen_rows())

    @Slot()
    def _copy(self) -> None:
        self.copy_wanted.emit(self.chosen_rows())

    @Slot()
    def _sheet(self) -> None:
        self.sheet_wanted.emit(self.chosen_rows())
