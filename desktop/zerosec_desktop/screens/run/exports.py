"""What the user wants done with a result: figures and data saved or copied, files opened, saved, dragged, all of them fetched."""

import asyncio
import errno
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.dialogs import choose_folder, choose_save
from zerosec_desktop.export.data import csv_bytes
from zerosec_desktop.export.dialog import FigureDialog
from zerosec_desktop.export.figure import FigureFormat, draw_bytes
from zerosec_desktop.export.whole_file import write_whole
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.notifications import Action
from zerosec_desktop.screens.run.cache import ArtifactCache
from zerosec_desktop.views.files import FileRow, PictureView
from zerosec_desktop.views.frame import ViewFrame
from zerosec_shared.runs import Artifact
from zerosec_shared.views import View

__all__ = ["Exports", "file_name", "may_open"]

_OPENED = {
    ".csv", ".tsv", ".txt", ".log", ".json", ".md", ".xlsx", ".ods", ".html", ".htm", ".png", ".jpg", ".jpeg", ".svg",
    ".pdf", ".tif", ".tiff", ".parquet", ".fasta", ".fa", ".nwk", ".bed",
}  # fmt: skip
"""Kinds of files handed to the system to open. A program or script among the artifacts is only ever saved."""


def may_open(path: str) -> bool:
    """Whether opening a file of this name shows it rather than running it."""
    return Path(path).suffix.lower() in _OPENED


def file_name(title: str, ending: str) -> str:
    """A file name made of a title, without what file systems refuse."""
    kept = "".join(" " if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in title)
    return (" ".join(kept.split()).strip(". ")[:80] or "figure") + ending


def documents() -> Path:
    """Where people keep their files."""
    return Path(
        QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home()
    )


class Exports(QObject):
    """Serves the frames and files of the run that is shown."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.cache = ArtifactCache(context, self)
        self.key: JobKey | None = None
        self.run_name = ""
        self.artifacts: dict[str, Artifact] = {}
        self._folder = documents()

    def show(self, key: JobKey, run_name: str, artifacts: Sequence[Artifact]) -> None:
        """Serve this job from now on."""
        self.key, self.run_name = key, run_name
        self.artifacts = {artifact.path: artifact for artifact in artifacts}

    @Slot(object)
    def attach(self, frame: ViewFrame) -> None:
        """Listen to a view."""
        frame.figure_wanted.connect(self.save_figure)
        frame.data_wanted.connect(self.save_data)
        frame.copy_figure_wanted.connect(self.copy_figure)
        frame.copy_data_wanted.connect(self.copy_data)
        frame.source_wanted.connect(self.save_file)
        if isinstance(frame.content, FileRow):
            frame.content.open_wanted.connect(self.open_file)
            frame.content.save_wanted.connect(self.save_file)

    @Slot(object, str)
    def save_figure(self, view: View, kind: str) -> None:
        """Ask how and where, then write the figure."""

        def drawn(form: FigureFormat, data: bytes) -> None:
            name = file_name(view.title, f".{form.value}")
            self._ask_and_write(
                self.tr("Save the figure"), name, f"{form.value.upper()} (*.{form.value})", data
            )

        FigureDialog(self._page.window(), self._context.bridge, view, FigureFormat(kind), drawn).open()

    @Slot(object)
    def save_data(self, view: View) -> None:
        """Write what a view shows as CSV."""
        self._ask_and_write(
            self.tr("Save the data"), file_name(view.title, ".csv"), "CSV (*.csv)", csv_bytes(view)
        )

    @Slot(object)
    def copy_figure(self, view: View) -> None:
        """Put the printed figure on the clipboard."""

        async def draw() -> bytes:
            return await asyncio.to_thread(draw_bytes, view, FigureFormat.PNG)

        def drawn(data: bytes) -> None:
            QGuiApplication.clipboard().setImage(QImage.fromData(data))
            self._context.notifications.info(self.tr("The picture is on the clipboard"), key="copied")

        self._context.bridge.start(draw(), name="copy figure", done=drawn)

    @Slot(object)
    def copy_data(self, view: View) -> None:
        """Put the data on the clipboard, tab-separated."""
        import csv
        import io

        text = csv_bytes(view).decode("utf-8-sig")
        out = io.StringIO()
        csv.writer(out, delimiter="\t", lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
        QGuiApplication.clipboard().setText(out.getvalue())
        self._context.notifications.info(self.tr("The data are on the clipboard"), key="copied")

    def picture(self, view: PictureView, path: str) -> None:
        """Fetch and show a picture."""
        artifact = self.artifacts.get(path)
        if artifact is None or self.key is None:
            return

        def read(local: Path) -> None:
            async def load() -> bytes:
                return await asyncio.to_thread(local.read_bytes)

            self._context.bridge.start(load(), name="read picture", done=shown, failed=failed)

        def shown(data: bytes) -> None:
            from shiboken6 import isValid

            if isValid(view):
                view.set_bytes(data)

        def failed(_error: Exception) -> None:
            from shiboken6 import isValid

            if isValid(view):
                view.set_problem(self.tr("The picture could not be fetched."))

        self.cache.fetch(self.key, artifact, read, failed)

    @Slot(str)
    def open_file(self, path: str) -> None:
        """Fetch a file and open it in the program the system has for it."""
        if not may_open(path):
            self._context.notifications.info(
                self.tr("“{0}” is not opened from here").format(Path(path).name),
                self.tr(
                    "Files of this kind could be programs. Save it, and open it yourself if you trust it."
                ),
                key="not-opened",
            )
            return
        self.fetch(path, _open_outside)

    @Slot(str)
    def save_file(self, path: str) -> None:
        """Fetch a file to a place of the user's choice."""
        self.save_files([path])

    @Slot(list)
    def save_files(self, paths: Sequence[str]) -> None:
        """Fetch files: one to a name, several into a folder."""
        key = self.key
        if key is None or not paths:
            return
        if len(paths) == 1:
            path = paths[0]

            def named(chosen: list[Path]) -> None:
                self._folder = chosen[0].parent
                self._context.session.download(
                    key, path, chosen[0], self._saved, self._context.notifications.problem
                )

            choose_save(
                self._page.window(), self.tr("Save the file"), self._folder / Path(path).name, (), named
            )
            return

        def into(chosen: list[Path]) -> None:
            self._folder = chosen[0]
            for path in paths:
                self._context.session.download(
                    key, path, chosen[0] / path, self._saved, self._context.notifications.problem
                )

        choose_folder(self._page.window(), self.tr("Save into a folder"), self._folder, into)

    @Slot()
    def save_all(self) -> None:
        """Fetch everything, keeping the folders."""
        key = self.key
        if key is None:
            return

        def into(chosen: list[Path]) -> None:
            target = chosen[0] / file_name(self.run_name, "")
            self._context.session.save_all(key, target, self._saved, self._context.notifications.problem)

        choose_folder(self._page.window(), self.tr("Save all files into a folder"), self._folder, into)

    def local_files(self, paths: Sequence[str]) -> list[Path]:
        """Those of the files that are on this computer already."""
        if self.key is None:
            return []
        found = [self.cache.here(self.key, self.artifacts[path]) for path in paths if path in self.artifacts]
        return [path for path in found if path is not None]

    def fetch_ahead(self, limit_bytes: int = 64 * 2**20) -> None:
        """Fetch the small files now, so that dragging them out needs no waiting."""
        total = 0
        for artifact in sorted(self.artifacts.values(), key=lambda found: found.size_bytes):
            total += artifact.size_bytes
            if total > limit_bytes or self.key is None:
                return
            self.cache.fetch(self.key, artifact, _ignore, _ignore)

    @Slot(list)
    def prepare_drag(self, paths: list[str]) -> None:
        """Fetch what is dragged and not here yet, and say so."""
        known = [path for path in paths if path in self.artifacts]
        if len(self.local_files(known)) < len(paths):
            self.fetch_ahead(2**40)
            self._context.notifications.info(
                self.tr("The files are being fetched"), self.tr("Drag them again in a moment."), key="drag"
            )

    def fetch(
        self, path: str, done: Callable[[Path], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Have a file of the job that is shown on this computer."""
        artifact = self.artifacts.get(path)
        if artifact is None or self.key is None:
            gone = self.tr("The file is not there any more")
            if failed is None:
                self._context.notifications.warn(gone, path, key="artifact-gone")
            else:
                failed(FileNotFoundError(errno.ENOENT, gone, path))  # whoever waits for it must hear of it
            return
        self.cache.fetch(self.key, artifact, done, failed or self._context.notifications.problem)

    def _ask_and_write(self, title: str, name: str, kind: str, data: bytes) -> None:
        def named(chosen: list[Path]) -> None:
            self._folder = chosen[0].parent
            target = chosen[0]

            async def write() -> Path:
                return await asyncio.to_thread(write_whole, target, data)

            self._context.bridge.start(
                write(), name="save", done=self._saved, failed=self._context.notifications.problem
            )

        choose_save(self._page.window(), title, self._folder / name, (kind,), named)

    def _saved(self, path: Path) -> None:
        folder = path if path.is_dir() else path.parent
        self._context.notifications.info(
            self.tr("Saved: {0}").format(path.name),
            str(folder),
            actions=(Action(self.tr("Open the folder"), lambda: _open_outside(folder)),),
            key="saved",
        )


def _open_outside(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _ignore(_value: object) -> None:
    pass
