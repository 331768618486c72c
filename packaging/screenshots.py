"""Drive the real window on the example data through its screens, and write a picture of each.

`python packaging/screenshots.py FOLDER [--language en ja] [--theme light dark] [--scale 1 2] [--only en-light-1 …]`. Every combination runs in a process
of its own on the same bundled server; a picture that is of one colour, shows a text that is cut off, or an English
text of ours in Japanese, fails the run.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

from experiment_tour import ExperimentTour

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "penguins.csv"
GUIDE = (
    "home-en-light", "preview-en-light", "analysis-en-light", "run-en-light", "runs-en-light", "run-ja-dark",
    "home-ja-light", "experiments-parameters-en-light", "experiments-candidates-en-light", "experiments-design-en-light",
    "experiments-lab-sheet-en-light", "experiments-import-en-light", "experiments-filter-en-light", "experiments-models-en-light",
    "experiments-profile-en-light",
)  # fmt: skip
"""The pictures the guide shows: few, for they stay in the history for good."""
SHOWN = "ZEROSEC_SHOWN_FILE"
"""Names the copy of the example whose path is in the pictures: none of this machine's folders is."""
SIZE = (1280, 820)
WAIT_S = 300.0
EMPTY_S = 20.0
SETTLE_MS, SETTLE_LOOKS = 80, 12


class Tour:
    """One window in one language and theme, through all screens."""

    def __init__(self, folder: Path, language: str, theme: str, *, designs: bool) -> None:
        from PySide6.QtWidgets import QApplication

        from zerosec_desktop.app import Application
        from zerosec_desktop.bridge import make_bridge
        from zerosec_desktop.settings import SettingsStore, settings_folder

        self._qt = QApplication([])
        os.environ["HOME"] = str(Path(os.environ[SHOWN]).parents[1])  # a path in a picture begins as a user's
        self._folder, self._suffix = folder, f"{language}-{theme}"
        self.name, self.pictures = self._suffix, 0
        self._designs = designs
        SettingsStore(settings_folder() / "settings.json").change(
            language=language, theme=theme, results_folder=Path(os.environ[SHOWN]).parent / "ZeroSec"
        )
        self._app = Application(settings_folder(), make_bridge(), [])
        self._app.bridge.open()
        self._app.window.resize(*SIZE)
        self._app.window.show()
        self._app.session.open()
        self.wrong: list[str] = []
        self._english = translated_texts() if language == "ja" else set()

    def _wait(self, until: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + WAIT_S
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(what)
            pause(50)

    def _settle(self) -> None:
        """Until the window looks the same twice; a while at most, for something may move."""
        before = None
        for _ in range(SETTLE_LOOKS):
            pause(SETTLE_MS)
            now = self._app.window.grab().toImage()
            if now == before:
                return
            before = now

    def _wait_for_content(self) -> None:
        """Until nothing on the screen says that it is still on its way. A screen may be rightly empty: a while at most for that."""
        from zerosec_desktop.controls import EmptyState
        from zerosec_desktop.screens.preview.screen import PreviewScreen
        from zerosec_desktop.screens.run.screen import RunScreen

        shown = self._app.window.screen_shown
        if isinstance(shown, PreviewScreen):
            self._wait(lambda: shown.summaries is not None, "the summary of the file")
        if isinstance(shown, RunScreen):
            self._wait(
                lambda: shown.pages.shown is shown.results and not shown.results.drawing, "the results"
            )
        deadline = time.monotonic() + EMPTY_S
        while shown is not None and time.monotonic() < deadline:
            if not any(state.isVisible() for state in shown.findChildren(EmptyState)):
                return
            pause(100)

    def _quiet(self) -> None:
        """No toast stands before what is to be seen."""
        self._settle()
        self._app.notifications.clear()
        for card in list(self._app.window.toasts._shown):
            card.close_button.click()

    def _shoot_quietly(self, name: str) -> None:
        self._quiet()
        self._shoot(name)

    def _shoot(self, name: str) -> None:
        self._settle()
        picture = self._app.window.grab()
        image = picture.toImage()
        colours = {
            image.pixel(x, y) for x in range(0, image.width(), 16) for y in range(0, image.height(), 16)
        }
        if len(colours) < 8:
            self.wrong.append(f"{name}-{self._suffix}: blank")
        self.wrong += [f"{name}-{self._suffix}: {text}" for text in cut_off(self._app.window)]
        left = english_left(self._app.window, self._in_english() - self._data())
        self.wrong += [f"{name}-{self._suffix}: {text}" for text in left]
        self.pictures += 1
        picture.save(str(self._folder / f"{name}-{self._suffix}.png"))

    def _said(self) -> list[object]:
        """What servers said of all that is shown: the catalogue, the states of jobs, and the result."""
        from zerosec_desktop.screens.run.screen import RunScreen

        shown, session = self._app.window.screen_shown, self._app.session
        job = shown.job if isinstance(shown, RunScreen) else None
        states = [entry.state for entry in session.entries() if entry.state is not None]
        models = [*session.catalogue(), *states, *([job] if job is not None else [])]
        return [model.model_dump(mode="json") for model in models]

    def _in_english(self) -> set[str]:
        """All texts that have a Japanese reading: the window's own, and what analyses and servers say."""
        return self._english | set(english_of(self._said())) if self._english else set()

    def _data(self) -> set[str]:
        """Names and values of the user's data, which stay as they are."""
        words = set(strings_in(self._said()))
        return words | {word.capitalize() for word in words}

    def run(self) -> None:
        """Home, preview, form, a run while it goes on and afterwards, the lists, targets, settings."""
        from zerosec_desktop.navigation import (
            AnalysisRoute,
            CatalogueRoute,
            CompareRoute,
            HistoryRoute,
            JobsRoute,
            PreviewRoute,
            ProgramsRoute,
            ReferencesRoute,
            RunRoute,
            SettingsRoute,
            TargetsRoute,
        )

        window, session = self._app.window, self._app.session
        example = Path(os.environ[SHOWN])
        self._wait(session.catalogue, "the server's catalogue")
        self._wait(lambda: session.target_states()[0].usable, "the server")
        key, other = (
            session.submit(
                analysis="linear",
                step=None,
                name=name,
                parameters={"target": "body_mass_g", "terms": terms},
                inputs={"data": [(example, None)]},
            )
            for name, terms in (
                ("Body mass of penguins", "flipper_length_mm + species"),
                ("Body mass by flipper length", "flipper_length_mm"),
            )
        )
        for each in (key, other):
            self._wait(
                lambda each=each: (e := session.entry(each)) is not None and e.phase.ended, "the run's end"
            )
        self._app.settings.remember_file(example)
        self._quiet()
        self._shoot("home")
        for name, route in (
            ("preview", PreviewRoute(example)),
            ("analysis", AnalysisRoute("linear", files=(example,))),
            ("run", RunRoute(key)),
            ("compare", CompareRoute(key, other)),
            ("runs", JobsRoute(key)),
            ("catalogue", CatalogueRoute()),
            ("history", HistoryRoute()),
            ("targets", TargetsRoute()),
            ("programs", ProgramsRoute()),
            ("references", ReferencesRoute()),
            ("settings", SettingsRoute()),
        ):
            self._quiet()
            window.go(route)
            self._settle()
            self._wait_for_content()
            self._shoot(name)
            if name == "run":
                self._shoot_tabs()
        self._quiet()
        ExperimentTour(self._app, self._wait, self._shoot_quietly, example.parent).run(designs=self._designs)
        window.notices.toggle()
        self._shoot("notices")
        window.notices.toggle()
        window.show_palette()
        self._shoot("palette")

    def _shoot_tabs(self) -> None:
        """The run's other pages."""
        from zerosec_desktop.screens.run.screen import RunScreen

        shown = self._app.window.screen_shown
        assert isinstance(shown, RunScreen)
        for number, name in ((1, "files"), (3, "details"), (0, "")):
            shown.pages.tabs.setCurrentIndex(number)
            if name:
                self._shoot(f"run-{name}")

    def close(self) -> None:
        """End the window."""
        self._app.window.put_away()
        self._app.bridge.close(self._app.shutdown.closing)


def pause(milliseconds: int) -> None:
    """Let the window turn for a while. QTest.qWait would keep Python's lock all the time, and no other thread would run."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def strings_in(value: object) -> Iterator[str]:
    """All texts in what was JSON, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        rest = {name: inside for name, inside in value.items() if name != "translations"}
        yield from strings_in(list(rest))
        yield from strings_in(list(rest.values()))
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)


def english_of(value: object) -> Iterator[str]:
    """The English of every translation that came along with what was JSON."""
    if isinstance(value, dict):
        tables = value.get("translations")
        yield from tables.get("ja", ()) if isinstance(tables, dict) else ()
        yield from english_of(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from english_of(item)


def translated_texts() -> set[str]:
    """The English texts that read otherwise in Japanese."""
    from zerosec_desktop.resources.language import TRANSLATIONS

    messages = ET.parse(TRANSLATIONS / "zerosec_ja.ts").getroot().iter("message")  # noqa: S314 - our own file
    pairs = ((message.findtext("source", ""), message.findtext("translation", "")) for message in messages)
    return {source for source, translation in pairs if source != translation}


def english_left(window: object, english: set[str]) -> list[str]:
    """Texts that stand in English where there is a Japanese one."""
    from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

    assert isinstance(window, QWidget)
    shown = [
        w.text()
        for w in window.findChildren(QWidget)
        if isinstance(w, QAbstractButton | QLabel) and w.isVisible()
    ]
    return [f"“{text}” is not translated" for text in shown if text in english]


def cut_off(window: object) -> list[str]:
    """Texts of labels and buttons that have less room than they need, by font metrics."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel, QPushButton, QWidget

    from zerosec_desktop.controls import ElidedLabel

    assert isinstance(window, QWidget)
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, QLabel) and widget.text() and not widget.pixmap().isNull():
            continue
        if isinstance(widget, QLabel) and widget.textFormat() is Qt.TextFormat.RichText:
            needed = widget.sizeHint().width()
            if widget.width() + 1 < needed:
                found.append(f"“{widget.accessibleName()}” needs {needed} px and has {widget.width()}")
        elif isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
            needed = max(widget.fontMetrics().horizontalAdvance(line) for line in widget.text().splitlines())
            if widget.width() + 1 < needed:
                found.append(f"“{widget.text()}” needs {needed} px and has {widget.width()}")
        elif (
            isinstance(widget, QLabel)
            and widget.text()
            and widget.heightForWidth(widget.width()) > widget.height() + 2
        ):
            found.append(f"“{widget.text()[:40]}…” is higher than its place")
        elif isinstance(widget, QPushButton) and widget.text():
            needed = widget.fontMetrics().horizontalAdvance(widget.text())
            if widget.width() < needed:
                found.append(f"“{widget.text()}” needs {needed} px and has {widget.width()}")
    return found


def main() -> int:
    """Every combination, each in its own process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", nargs="+", default=["en", "ja"])
    parser.add_argument("--theme", nargs="+", default=["light", "dark"])
    parser.add_argument("--scale", nargs="+", default=["1"])
    parser.add_argument(
        "--only", nargs="+", metavar="LANGUAGE-THEME-SCALE", help="these alone: en-light-1 ja-dark-2"
    )
    parser.add_argument("--guide", type=Path, help="where the guide's few pictures go")
    parser.add_argument(
        "--designs", action="store_true", help="with a real optimal design, which takes a minute"
    )
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.one:
        tour = Tour(options.folder, options.language[0], options.theme[0], designs=options.designs)
        try:
            tour.run()
        finally:
            tour.close()
        print(f"{tour.name}: {tour.pictures} pictures, {len(tour.wrong)} wrong", *tour.wrong, sep="\n  ")
        sys.stdout.flush()
        os._exit(1 if tour.wrong else 0)
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        env = {
            **os.environ,
            **{f"ZEROSEC_{name}_DIR": f"{scratch}/{name.lower()}" for name in ("DESKTOP", "CLIENT", "DATA")},
        }
        env[SHOWN] = str(Path(scratch) / "Penguins" / "penguins.csv")
        Path(env[SHOWN]).parent.mkdir()
        shutil.copyfile(EXAMPLE, env[SHOWN])
        chosen = [tuple(each.split("-")) for each in options.only or ()]
        designs = ["--designs"] if options.designs or options.guide else []
        for language, theme, scale in chosen or itertools.product(
            options.language, options.theme, options.scale
        ):
            target = options.folder if scale == "1" else options.folder / f"scale-{scale}"
            done = subprocess.run(
                [
                    sys.executable,
                    __file__,
                    str(target),
                    "--one",
                    "--language",
                    language,
                    "--theme",
                    theme,
                    *designs,
                ],
                env={**env, "QT_SCALE_FACTOR": scale},
                check=False,
            )
            failed = failed or done.returncode != 0
        os.environ.update(env)
        from zerosec_client import local_server
        from zerosec_client.paths import server_data_dir

        local_server.stop(server_data_dir())
    if options.guide is not None and not failed:
        keep_for_guide(options.folder, options.guide)
    return 1 if failed else 0


def keep_for_guide(folder: Path, guide: Path) -> None:
    """The guide's pictures with a palette of 256 colours: a quarter of the size, and no difference to be seen."""
    from PIL import Image

    guide.mkdir(parents=True, exist_ok=True)
    for name in GUIDE:
        with Image.open(folder / f"{name}.png") as picture:
            picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
                guide / f"{name}.png", optimize=True
            )


if __name__ == "__main__":
    sys.exit(main())
