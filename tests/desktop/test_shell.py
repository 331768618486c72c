"""The parts around the screens: notices, palette, single window, crash log, guard, what is imported at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from zerosec_client.errors import ServerUnreachableError
from zerosec_desktop.bridge import Failure
from zerosec_desktop.crash import CrashLog
from zerosec_desktop.navigation import HomeRoute, JobsRoute, SettingsRoute, Trail
from zerosec_desktop.notifications import KEPT, NotificationCentre
from zerosec_desktop.problems import in_words
from zerosec_desktop.qt_guard import unusable
from zerosec_desktop.shell.palette import Command, CommandPalette, score
from zerosec_desktop.single_instance import SingleInstance
from zerosec_shared.views import Severity

HEAVY = (
    "pydantic",
    "httpx2",
    "websockets",
    "filelock",
    "numpy",
    "polars",
    "pandas",
    "matplotlib",
    "pyqtgraph",
    "scipy",
    "keyring",
    "rich",
    "zerosec_client.errors",
    "zerosec_shared.contract",
    "zerosec_shared.runs",
    "zerosec_shared.views",
)


def test_the_same_matter_is_said_once(qtbot: QtBot) -> None:
    centre = NotificationCentre()
    centre.warn("Away", key="target:lab")
    centre.warn("Still away", key="target:lab")
    centre.warn("Other")
    assert [item.title for item in centre.items] == ["Other", "Still away"]
    with qtbot.waitSignal(centre.withdrawn):
        centre.withdraw("target:lab")
    assert [item.title for item in centre.items] == ["Other"]
    for number in range(KEPT + 10):
        centre.info(str(number))
    assert len(centre.items) == KEPT


def test_an_error_is_said_in_words_and_its_trace_is_folded(qtbot: QtBot) -> None:
    centre = NotificationCentre()
    try:
        raise KeyError("secret_internal_name")
    except KeyError as error:
        centre.unhandled(Failure("load", error))
    shown = centre.items[0]
    assert "KeyError" not in shown.title + shown.detail + shown.hint
    assert "secret_internal_name" not in shown.title + shown.detail + shown.hint
    assert "KeyError" in shown.technical
    assert shown.severity is Severity.ERROR


@pytest.mark.parametrize(
    "error",
    [
        ServerUnreachableError("The server at http://x cannot be reached.", "Nothing was sent."),
        FileNotFoundError(2, "No such file", "/data/a.csv"),
        PermissionError(13, "denied", "/data/a.csv"),
        OSError(28, "No space left", "/data/a.csv"),
        RuntimeError("x"),
    ],
)
def test_every_error_has_a_title_and_says_what_to_do(error: Exception) -> None:
    words = in_words(error)
    assert words.title
    assert words.hint
    for text in (words.title, words.detail, words.hint):
        assert type(error).__name__ not in text
        assert "Errno" not in text


def test_the_palette_finds_by_a_few_letters_and_acts_on_return(qtbot: QtBot) -> None:
    done: list[str] = []
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    commands = [
        Command(name, lambda name=name: done.append(name))
        for name in ("Go to Runs", "Dark theme", "線形モデル")
    ]
    palette = CommandPalette(window, lambda: commands)
    window.show()
    palette.pop_up()
    qtbot.keyClicks(palette._field, "drk")
    qtbot.keyClick(palette._field, Qt.Key.Key_Return)
    assert done == ["Dark theme"]
    palette.pop_up()
    palette._field.setText("線形")
    qtbot.keyClick(palette._field, Qt.Key.Key_Return)
    assert done[-1] == "線形モデル"
    palette.pop_up()
    palette._field.setText("zzzz")
    qtbot.keyClick(palette._field, Qt.Key.Key_Return)
    qtbot.keyClick(palette._field, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert len(done) == 2
    window.hide()


def test_a_word_that_begins_counts_more_than_scattered_letters() -> None:
    begins = score("run", "Runs")
    inside = score("run", "Show running jobs")
    scattered = score("run", "Remove unused notes")
    assert begins is not None
    assert inside is not None
    assert scattered is not None
    assert begins > inside > scattered
    assert score("xq", "Runs") is None


def test_the_way_back_and_forward_is_a_browsers() -> None:
    trail = Trail()
    trail.go(JobsRoute())
    trail.go(SettingsRoute())
    assert trail.go_back() == JobsRoute()
    assert trail.go_back() == HomeRoute()
    assert trail.go_back() == HomeRoute()
    assert trail.go_forward() == JobsRoute()
    trail.go(SettingsRoute("look"))
    assert trail.go_forward() == SettingsRoute("look")


def test_a_second_start_hands_its_files_to_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.listen()
    second = (
        "import sys\nfrom pathlib import Path\nfrom PySide6.QtCore import QCoreApplication\n"
        "from zerosec_desktop.single_instance import SingleInstance\n"
        "app = QCoreApplication([])\n"
        f"sys.exit(0 if SingleInstance(Path({str(tmp_path)!r})).hand_over([Path('/data/摩耗量.csv')]) else 3)\n"
    )
    with qtbot.waitSignal(first.asked, timeout=20_000) as asked:
        process = subprocess.Popen([sys.executable, "-c", second])
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.returncode == 0
    assert asked.args == [[Path("/data/摩耗量.csv")]]
    first.close()
    assert not SingleInstance(tmp_path).hand_over([])


def test_what_ended_the_last_start_is_told_once(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\nimport sys\nfrom zerosec_desktop.crash import CrashLog\n"
        f"log = CrashLog(Path({str(tmp_path)!r}))\n"
        "assert log.open() == ''\n"
        "{end}\n"
    )
    for end, trace in (
        ("raise ValueError('the reason')", "the reason"),
        ("import ctypes; ctypes.string_at(0)", "Segmentation fault"),
    ):
        folder = tmp_path / trace.replace(" ", "")
        script = code.replace(str(tmp_path), str(folder)).replace("{end}", end)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
        assert done.returncode != 0
        log = CrashLog(folder)
        assert trace in log.open()
        log.close()
        again = CrashLog(folder)
        assert again.open() == ""
        again.close()


@pytest.mark.parametrize(
    ("pyside", "python", "refused"),
    [
        ((6, 12, 0), (3, 11), True),
        ((6, 13, 1), (3, 10), True),
        ((6, 11, 3), (3, 11), False),
        ((6, 12, 0), (3, 12), False),
    ],
)
def test_a_binding_that_would_end_the_program_is_refused(
    pyside: tuple[int, ...], python: tuple[int, ...], refused: bool
) -> None:
    assert (unusable(pyside, python) is not None) == refused


def test_the_window_imports_nothing_heavy() -> None:
    code = (
        "import os, sys\nos.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "import zerosec_desktop.app\n"
        f"print(sorted(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_models_are_built_when_they_are_needed_and_not_before_the_window() -> None:
    code = (
        "from zerosec_shared.model_building import build_later\nbuild_later()\n"
        "import zerosec_desktop.app\nfrom zerosec_shared.system import Health\n"
        "before = Health.__pydantic_complete__\n"
        "Health.model_validate({'status': 'ok', 'version': '1.0'})\n"
        "print(before, Health.__pydantic_complete__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "False True", done.stderr
