"""The form that registers a file for all runs: the file, what it is, its name and its genome build; sent with a bar."""

import asyncio
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from zerosec_client.errors import ConflictError, FileRefusedError, NotAllowedError, ValidationFailedError
from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, ElidedLabel, Message, button, label, row, set_property
from zerosec_desktop.dialogs import open_files
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.references.begun import Begun, BegunStore
from zerosec_desktop.wording import duration, rate, reference_title, size
from zerosec_shared.kinds import ReferenceKind
from zerosec_shared.references import Reference, ReferenceCreate

if TYPE_CHECKING:
    from zerosec_client.api import Api
    from zerosec_client.transfer import TransferProgress

__all__ = ["AddCard"]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
PACKED = (".gz", ".tar", ".tgz")
ENDINGS = {
    ReferenceKind.GENOME: (".fa", ".fasta", ".fna", *PACKED),
    ReferenceKind.GENES: (".gtf", ".gff", ".gff3"),
    ReferenceKind.SPIKE_INS: (".bed",),
}
TOLD_EVERY_S = 0.1
REFUSED = (ConflictError, FileRefusedError, NotAllowedError, ValidationFailedError)


def _kind_of(path: Path) -> ReferenceKind:
    stem = path.name.lower().removesuffix(".gz")
    return next(
        (kind for kind, endings in ENDINGS.items() if stem.endswith(endings)),
        ReferenceKind.GENOME,
    )


def _name_of(path: Path) -> str:
    """A name that a file suggests; empty where it suggests none."""
    stem = path.name
    endings = {ending for several in ENDINGS.values() for ending in several}
    while (ending := Path(stem).suffix.lower()) in endings:
        stem = stem[: -len(ending)]
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")[:60]
    return name if NAME.fullmatch(name) else ""


class AddCard(Card):
    """Shown when asked for. `added` brings the reference as the server has it; nothing is registered before all of the file is there."""

    added = Signal(object)  # Reference
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(margins=Space.LARGE, spacing=12)
        self._context = context
        self._path: Path | None = None
        self._target = ""
        self._work: Work | None = None
        self._told_at = 0.0
        self.store = BegunStore(context.settings.path.parent / "forms")
        self._file = ElidedLabel(self.tr("No file chosen yet"), "muted")
        self._choose = button(self.tr("Choose a file…"), icon_name="folder", clicked=self._ask_file)
        self.kind = QComboBox()
        for kind in ReferenceKind:
            self.kind.addItem(reference_title(kind), kind)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.name = QLineEdit()
        self.build = QLineEdit()
        self.build.setPlaceholderText("GRCh38.p14")
        self._reason = label("", "caption", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the file on its way"))
        self._how_far = label("", "caption")
        self._going = QWidget()
        self._going.setLayout(row(self._bar, self._how_far, spacing=12))
        self._going.hide()
        self._said = QVBoxLayout()
        self.add_button = button(self.tr("Send and register"), "primary", clicked=self._add)
        self.leave_button = button(self.tr("Cancel"), clicked=self.leave)
        self.body.addWidget(label(self.tr("Register a reference"), "subtitle"))
        chosen = QWidget()
        line_up = row(self._choose, spacing=12)
        line_up.addWidget(self._file, 1)
        chosen.setLayout(line_up)
        for title, field in (
            (self.tr("File"), chosen),
            (self.tr("What it is"), self.kind),
            (self.tr("Name"), self.name),
            (self.tr("Genome build"), self.build),
        ):
            field.setAccessibleName(title)
            heading = label(title)
            heading.setFixedWidth(112)
            line_up = row(heading, spacing=Space.MEDIUM)
            line_up.addWidget(field, 0 if field is self.kind else 1)
            if field is self.kind:
                line_up.addStretch(1)
            self.body.addLayout(line_up)
        self.body.addWidget(self._reason)
        self.body.addLayout(self._said)
        self.body.addWidget(self._going)
        self.body.addLayout(row(None, self.leave_button, self.add_button))
        for edit in (self.name, self.build):
            edit.textChanged.connect(self._check)
            edit.returnPressed.connect(self._add)
        self._check()

    @property
    def busy(self) -> bool:
        """Whether a file is on its way."""
        return self._work is not None

    def begin(self, target: str, path: Path | None = None) -> None:
        """An empty form for a server, with a file where there is one."""
        if self.busy:
            return
        self._target = target
        for field in (self.name, self.build):
            field.clear()
        self._say(None)
        self._path = None
        self._file.set_full_text(self.tr("No file chosen yet"))
        if path is not None:
            self._take([path])
        self._check()
        self._choose.setFocus()

    def go_on(self, begun: Begun) -> None:
        """The form as it was, and send what is left."""
        self.begin(begun.target, begun.path)
        self.kind.setCurrentIndex(self.kind.findData(begun.kind))
        self.name.setText(begun.name)
        self.build.setText(begun.genome_build)
        self._add()

    def _ask_file(self) -> None:
        endings = " ".join(f"*{ending} *{ending}.gz" for several in ENDINGS.values() for ending in several)
        filters = (self.tr("References ({endings})").format(endings=endings), self.tr("All files (*)"))
        open_files(self.window(), self.tr("Choose a reference"), filters, self._take)

    def _take(self, paths: list[Path]) -> None:
        path = self._path = paths[0]
        self._file.set_full_text(path.name)
        self.kind.setCurrentIndex(self.kind.findData(_kind_of(path)))
        if not self.name.text():
            self.name.setText(_name_of(path))
        self._say(None)
        self._check()

    def _check(self) -> None:
        fits = {field: NAME.fullmatch(field.text().strip()) is not None for field in (self.name, self.build)}
        for field, fitting in fits.items():
            set_property(field, "problem", "true" if field.text() and not fitting else "")
        if self._path is None:
            reason = self.tr(
                "Choose the file: a genome as FASTA, genes as GTF, GFF3 or BED, spike-in sites as BED."
            )
        elif not all(fits.values()):
            reason = self.tr(
                "Name and genome build are made of letters, digits, points, dashes and underlines, at most 60."
            )
        else:
            reason = ""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.add_button.setEnabled(not reason and not self.busy)
        self.add_button.setToolTip(reason)

    def _wanted(self, sha256: str, file_name: str) -> ReferenceCreate:
        return ReferenceCreate(
            name=self.name.text().strip(),
            kind=self.kind.currentData(),
            genome_build=self.build.text().strip(),
            sha256=sha256,
            file_name=file_name,
        )

    @Slot()
    def _add(self) -> None:
        path = self._path
        if path is None or not self.add_button.isEnabled():
            return
        target, session, wanted = self._target, self._context.session, self._wanted
        asked = wanted("0" * 64, path.name)
        self.store.keep(Begun(target, path, asked.name, asked.kind, asked.genome_build))

        def tell(_name: str, now: "TransferProgress") -> None:
            at = time.monotonic()
            if at - self._told_at >= TOLD_EVERY_S or now.done_bytes == now.total_bytes:
                self._told_at = at
                self._context.bridge.deliver(self._progress, now)

        async def send(api: "Api") -> Reference:
            from zerosec_client.chosen_files import local_input, upload_all

            outbox = await session.submissions.open_outbox()
            file = await asyncio.to_thread(local_input, path)
            stored = await upload_all(api, outbox, target, {"reference": (file,)}, tell)
            sent = stored["reference"][0]
            return await api.register_reference(wanted(sent.sha256, sent.name))

        self._say(None)
        self._bar.setValue(0)
        self._how_far.setText("")
        self._going.show()
        self._work = session.ask(
            target, send, name=f"register {path.name}", done=self._added, failed=self._refused
        )
        self._lock(True)

    def _lock(self, locked: bool) -> None:
        for field in (self._choose, self.kind, self.name, self.build):
            field.setEnabled(not locked)
        self._going.setVisible(locked)
        self._check()

    def _progress(self, now: "TransferProgress") -> None:
        if not self.busy or not now.total_bytes:
            return
        self._bar.setValue(round(1000 * now.done_bytes / now.total_bytes))
        parts = [self.tr("{done} of {total}").format(done=size(now.done_bytes), total=size(now.total_bytes))]
        if now.rate_bytes_s > 0 and now.done_bytes < now.total_bytes:
            parts.append(rate(now.rate_bytes_s))
            left = duration((now.total_bytes - now.done_bytes) / now.rate_bytes_s)
            parts.append(self.tr("{time} left").format(time=left))
        self._how_far.setText(" · ".join(parts))

    def _added(self, reference: Reference) -> None:
        self._work = None
        self.store.forget()
        self._lock(False)
        self.added.emit(reference)

    def _refused(self, error: Exception) -> None:
        self._work = None
        self._lock(False)
        if isinstance(error, REFUSED):
            self.store.forget()  # it would be refused again
        words = in_words(error)
        self._say(Message("error", words.title, " ".join(filter(None, (words.detail, words.hint)))))

    @Slot()
    def leave(self) -> None:
        """Stop what goes on; what was sent is kept, and it can go on later."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
            self._lock(False)
        self.left.emit()

    def _say(self, widget: QWidget | None) -> None:
        while (item := self._said.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if widget is not None:
            self._said.addWidget(widget)
