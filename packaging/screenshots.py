"""Drive the real window on the example data through its screens, and write a picture of each.

`python packaging/screenshots.py FOLDER [--language en ja] [--theme light dark] [--scale 1 2]`. Every combination runs in a process
of its own on the same bundled server; a picture that is of one colour, or shows a text that is cut off, fails the run.
"""

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "penguins.csv"
SIZE = (1280, 820)
WAIT_S = 120.0


class Tour:
    """One window in one language and theme, through all screens."""

    def __init__(self, folder: Path, language: str, theme: str) -> None:
        from PySide6.QtWidgets import QApplication

        from zerosec_desktop.app import Application
        from zerosec_desktop.bridge import make_bridge
        from zerosec_desktop.settings import SettingsStore, settings_folder

        self._qt = QApplication([])
        self._folder, self._suffix = folder, f"{language}-{theme}"
        SettingsStore(settings_folder() / "settings.json").change(language=language, theme=theme)
        self._app = Application(settings_folder(), make_bridge(), [])
        self._app.bridge.open()
        self._app.window.resize(*SIZE)
        self._app.window.show()
        self._app.session.open()
        self.wrong: list[str] = []

    def _wait(self, until: Callable[[], object], what: str) -> None:
        from PySide6.QtTest import QTest

        deadline = time.monotonic() + WAIT_S
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(what)
            QTest.qWait(50)

    def _settle(self) -> None:
        from PySide6.QtTest import QTest

        QTest.qWait(700)

    def _wait_for_content(self) -> None:
        """Until nothing on the screen says that it is still on its way; a while at most, for a screen may be rightly empty."""
        from PySide6.QtTest import QTest

        from zerosec_desktop.controls import EmptyState

        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            shown = self._app.window.screen_shown
            if shown is None or not any(state.isVisible() for state in shown.findChildren(EmptyState)):
                return
            QTest.qWait(100)

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
        picture.save(str(self._folder / f"{name}-{self._suffix}.png"))

    def run(self) -> None:
        """Home, preview, form, a run while it goes on and afterwards, the lists, targets, settings."""
        from zerosec_desktop.navigation import (
            AnalysisRoute,
            CatalogueRoute,
            HistoryRoute,
            JobsRoute,
            PreviewRoute,
            RunRoute,
            SettingsRoute,
            TargetsRoute,
        )

        window, session = self._app.window, self._app.session
        self._wait(session.catalogue, "the server's catalogue")
        self._wait(lambda: session.target_states()[0].usable, "the server")
        key = session.submit(
            analysis="linear",
            step=None,
            name="Body mass of penguins",
            parameters={"target": "body_mass_g", "terms": "flipper_length_mm + species"},
            inputs={"data": [(EXAMPLE, None)]},
        )
        self._shoot("home")
        self._wait(lambda: (e := session.entry(key)) is not None and e.phase.ended, "the run's end")
        for name, route in (
            ("preview", PreviewRoute(EXAMPLE)),
            ("analysis", AnalysisRoute("linear", files=(EXAMPLE,))),
            ("run", RunRoute(key)),
            ("runs", JobsRoute(key)),
            ("catalogue", CatalogueRoute()),
            ("history", HistoryRoute()),
            ("targets", TargetsRoute()),
            ("settings", SettingsRoute()),
        ):
            self._app.notifications.clear()
            for card in list(window.toasts._shown):
                card.close_button.click()
            window.go(route)
            self._settle()
            self._wait_for_content()
            self._shoot(name)
        window.show_palette()
        self._shoot("palette")

    def close(self) -> None:
        """End the window."""
        self._app.window.put_away()
        self._app.bridge.close(self._app.shutdown.closing)


def cut_off(window: object) -> list[str]:
    """Texts of labels and buttons that have less room than they need, by font metrics."""
    from PySide6.QtWidgets import QLabel, QPushButton, QWidget

    from zerosec_desktop.controls import ElidedLabel

    assert isinstance(window, QWidget)
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, QLabel) and widget.text() and not widget.pixmap().isNull():
            continue
        if isinstance(widget, QLabel) and widget.text() and not widget.wordWrap():
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
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.one:
        tour = Tour(options.folder, options.language[0], options.theme[0])
        try:
            tour.run()
        finally:
            tour.close()
        print("\n".join(tour.wrong))
        sys.stdout.flush()
        os._exit(1 if tour.wrong else 0)
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        env = {
            **os.environ,
            **{f"ZEROSEC_{name}_DIR": f"{scratch}/{name.lower()}" for name in ("DESKTOP", "CLIENT", "DATA")},
        }
        for language, theme, scale in itertools.product(options.language, options.theme, options.scale):
            target = options.folder if scale == "1" else options.folder / f"scale-{scale}"
            done = subprocess.run(
                [sys.executable, __file__, str(target), "--one", "--language", language, "--theme", theme],
                env={**env, "QT_SCALE_FACTOR": scale},
                check=False,
            )
            failed = failed or done.returncode != 0
        os.environ.update(env)
        from zerosec_client import local_server
        from zerosec_client.paths import server_data_dir

        local_server.stop(server_data_dir())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
