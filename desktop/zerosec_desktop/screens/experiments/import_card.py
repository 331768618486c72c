"""Bring a file of results in: choose or drop it, say what holds for the whole series, look at what would change, import."""

import asyncio
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from zerosec_client.api import Api
from zerosec_client.projects import Projects, read_results
from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, Message, button, label, row
from zerosec_desktop.dialogs import open_files
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.import_preview import ImportPreviewTable
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.views.answer import NoticeList
from zerosec_desktop.widgets.flow import FlowLayout
from zerosec_shared.experiments import EntryKind, ImportCreate, ImportPreview, ImportRecord
from zerosec_shared.files import Dialect
from zerosec_shared.ids import new_id
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.profiles import ColumnRole, ProfileColumn
from zerosec_shared.runs import Job
from zerosec_shared.views import Notice

__all__ = ["ImportCard"]

SHOWN = 2000
REJECTED = "rows_rejected"


class ImportCard(Card):
    """From a file to imported results; nothing is written before *Import* is pressed."""

    imported = Signal()

    def __init__(self, project: OpenProject) -> None:
        super().__init__(margins=Space.LARGE, spacing=12)
        self._project = project
        self._path: Path | None = None
        self._work: Work | None = None
        self._preview: ImportPreview | None = None
        self._request: ImportCreate | None = None
        self._remarks: tuple[Notice, ...] = ()
        self._choose = button(
            self.tr("Choose a file of results…"), "primary", icon_name="folder", clicked=self._ask_file
        )
        self._hint = label(
            self.tr("or drop a filled lab sheet, any table of results, or an older results.db here"),
            "muted",
            wrap=True,
        )
        self.body.addWidget(label(self.tr("Import results"), "subtitle"))
        across = row(self._choose, spacing=12)
        across.addWidget(self._hint, 1)
        self.body.addLayout(across)
        self._given: dict[str, QComboBox | QLineEdit] = {}
        conditions = [
            column for column in project.profile.with_role(ColumnRole.CONDITION) if column.formula is None
        ]
        if conditions:
            self.body.addWidget(
                label(self.tr("Where the file has no such column, this holds for every row:"), "caption")
            )
            self.body.addLayout(FlowLayout(*(self._field(column) for column in conditions), gap=Space.MEDIUM))
        self._sheet = QComboBox()
        self._sheet.setAccessibleName(self.tr("Sheet"))
        self._sheet.activated.connect(self._read_sheet)
        self._sheets = QWidget()
        self._sheets.setLayout(row(label(self.tr("Sheet")), self._sheet, None))
        self._sheets.hide()
        self.body.addWidget(self._sheets)
        self._said = QVBoxLayout()
        self.body.addLayout(self._said)
        self._table = ImportPreviewTable()
        self._table.hide()
        self.body.addWidget(self._table)
        self._take = button("", "primary", clicked=self._import)
        self._leave = button(self.tr("Discard"), clicked=self._discard)
        self._buttons = QWidget()
        self._buttons.setLayout(row(None, self._leave, self._take))
        self._buttons.hide()
        self.body.addWidget(self._buttons)

    def _field(self, column: ProfileColumn) -> QWidget:
        title = column.labels.get(self.locale().name()[:2], column.name)
        given = self._project.notes.given
        # What the profile offers, until the user has once decided.
        offered = "" if given or column.default is None else _shown(column.default)
        remembered = given.get(column.name, offered)
        field: QComboBox | QLineEdit
        if column.values:
            field = QComboBox()
            field.addItem("–", "")
            for value in column.values:
                text = _shown(value)
                field.addItem(text, text)
            field.setCurrentIndex(max(0, field.findData(remembered)))
        else:
            field = QLineEdit(remembered)
            field.setPlaceholderText("–")
            field.setMaximumWidth(112)
        field.setAccessibleName(title)
        self._given[column.name] = field
        made = QWidget()
        made.setLayout(row(label(name_and_unit(title, column.unit)), field))
        return made

    def _values_given(self) -> dict[str, str]:
        found = {}
        for name, field in self._given.items():
            text = str(field.currentData() or "") if isinstance(field, QComboBox) else field.text().strip()
            if text:
                found[name] = text
        return found

    def _ask_file(self) -> None:
        endings = "*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt *.parquet *.db *.sqlite *.sqlite3"
        open_files(
            self.window(),
            self.tr("Choose results"),
            (self.tr("Results ({endings})").format(endings=endings),),
            lambda paths: self.read(paths[0]),
        )

    def read(self, path: Path, sheet: str | None = None) -> None:
        """Have the server read a file, and show what importing it would do. Of several sheets it reads the one named, else the
        first that holds results.
        """
        self._cancel()
        self._clear()
        if sheet is None:
            self._sheets.hide()
        self._path = path
        given = self._values_given()
        self._project.remember(given=given)
        self._say(
            Message(
                "info",
                self.tr("Reading {name}…").format(name=path.name),
                self.tr("Nothing is changed before you have seen what would change."),
                button(self.tr("Cancel"), clicked=self._discard),
            )
        )
        context, project = self._project.context, self._project.project
        submissions = context.session.submissions

        async def preview(api: Api) -> tuple[ImportPreview, Job, list[str]]:
            job = await read_results(
                api,
                await submissions.open_outbox(),
                self._project.target,
                path,
                project.profile,
                given=given,
                dialect=None if sheet is None else Dialect.partly(sheet=sheet),
            )
            found = await Projects(api).preview(project.id, job, limit=SHOWN)
            return found, await api.job(job), await asyncio.to_thread(_sheets_of, path)

        self._work = context.session.ask(
            self._project.target, preview, name=f"read {path.name}", done=self._read, failed=self._failed
        )

    def _read_sheet(self) -> None:
        if self._path is not None:
            self.read(self._path, self._sheet.currentText())

    def _read(self, got: tuple[ImportPreview, Job, list[str]]) -> None:
        preview, job, sheets = got
        self._remarks = _remarks(job)
        read = [
            file.dialect.sheet for slot in job.inputs.values() for file in slot if file.dialect is not None
        ]
        self._sheet.clear()
        self._sheet.addItems(sheets)
        self._sheet.setCurrentText((read[0] if read else None) or "")
        self._sheets.setVisible(len(sheets) > 1)
        self._show(preview)

    def _show(self, preview: ImportPreview) -> None:
        self._preview = preview
        self._request = ImportCreate(id=new_id(), job_id=preview.job_id, revision=preview.revision)
        new, changed = preview.counts[EntryKind.NEW], preview.counts[EntryKind.CHANGED]
        rejected = preview.counts[EntryKind.REJECTED]
        assert self._path is not None
        if rejected:
            surface, title = "warning", self.tr("%Ln row(s) cannot be taken in", "", rejected)
            detail = self.tr("Each reason is listed below. The other rows can be imported.")
        elif new or changed:
            surface, title = "success", self.tr("{name} can be imported").format(name=self._path.name)
            detail = self.tr("This is what would change:")
        else:
            surface, title = "info", self.tr("Everything in this file is in the results already")
            detail = self.tr("Importing it would change nothing.")
        self._say(Message(surface, title, detail))
        if self._remarks:
            self._said.addWidget(NoticeList(self._remarks))
        self._table.show_preview(preview)
        self._table.show()
        self._take.setText(self.tr("Import %Ln experiment(s)", "", new + changed))
        self._take.setEnabled(new + changed > 0)
        self._take.setToolTip("" if new + changed else self.tr("There is nothing new or changed in it"))
        self._buttons.show()

    def _import(self) -> None:
        request = self._request
        if request is None or not self._take.isEnabled():
            return
        self._take.setEnabled(False)
        self._take.setToolTip(self.tr("It is being imported…"))
        self._work = self._project.ask(
            lambda projects: projects.take_in(self._project.id, request),
            name="import results",
            done=self._imported,
            failed=self._refused,
        )

    def _imported(self, made: ImportRecord) -> None:
        self._clear()
        self._sheets.hide()
        self._say(
            Message(
                "success",
                self.tr("Imported: {new} new, {changed} changed").format(new=made.new, changed=made.changed),
                self.tr("The whole import can be undone under History."),
            )
        )
        self.imported.emit()

    def _refused(self, error: Exception) -> None:
        """Perhaps somebody was quicker: the same rows are compared with what is there now."""
        told = in_words(error)
        self._take.setEnabled(True)
        self._take.setToolTip("")
        again = None
        if self._preview is not None:
            again = button(self.tr("Compare again"), clicked=partial(self._again, self._preview.job_id))
        self._say(Message("error", told.title, told.hint or told.detail, *([again] if again else [])))

    def _again(self, job: UUID) -> None:
        self._work = self._project.ask(
            lambda projects: projects.preview(self._project.id, job, limit=SHOWN),
            name="preview",
            done=self._show,
            failed=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._clear()
        told = in_words(error)
        retry = button(self.tr("Try again"), clicked=self._retry) if self._path is not None else None
        detail = "\n".join(part for part in (told.detail, told.hint) if part)
        self._say(Message("error", told.title, detail, *([retry] if retry else [])))

    def _retry(self) -> None:
        if self._path is not None:
            self.read(self._path)

    def _discard(self) -> None:
        self._cancel()
        self._clear()
        self._sheets.hide()

    def _cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def _clear(self) -> None:
        self._preview = self._request = None
        self._table.hide()
        self._buttons.hide()
        self._say(None)

    def _say(self, message: Message | None) -> None:
        while (item := self._said.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if message is not None:
            self._said.addWidget(message)

    def closing(self) -> None:
        """The project is closed."""
        self._cancel()


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _sheets_of(path: Path) -> list[str]:
    """The sheets of a workbook; none of any other file."""
    from zerosec_shared.tables import TableError  # the parser takes its time to import
    from zerosec_shared.tables.excel import sheet_names

    try:
        return sheet_names(path)
    except (TableError, OSError):
        return []


def _remarks(job: Job) -> tuple[Notice, ...]:
    """What the reading job remarked on; the rows it could not take are listed in the preview itself."""
    remarks = () if job.result is None else job.result.warnings
    return tuple(notice for notice in remarks if notice.code != REJECTED)
