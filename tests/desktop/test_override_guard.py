"""An exception in an override that Qt calls arrives in Python; without the guard the process would end."""

import subprocess
import sys

import pytest

from zerosec_desktop.override_guard import AFFECTED

PROGRAM = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
if {guarded}:
    import zerosec_desktop.bridge
gone = QObject()
application = QApplication([])

class Broken(QWidget):
    def paintEvent(self, event):
        {what}

class Whole(QLabel):
    def heightForWidth(self, width):
        return super().heightForWidth(width)

assert Whole("text").heightForWidth(100) > 0
try:
    Broken().grab()
except {error}:
    print("arrived", flush=True)
os._exit(0)
"""


def ended(what: str, error: str, *, guarded: bool) -> tuple[int, str]:
    program = PROGRAM.format(what=what, error=error, guarded=guarded)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout.strip()


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("int('x')", "ValueError"),
        ("len(5)", "TypeError"),
        ("import shiboken6; shiboken6.delete(gone); gone.objectName()", "RuntimeError"),
        ("raise KeyError('x')", "KeyError"),
    ],
)
def test_an_exception_in_an_override_arrives(what: str, error: str) -> None:
    assert ended(what, error, guarded=True) == (0, "arrived")


@pytest.mark.skipif(not AFFECTED, reason="this Python makes exceptions when they are raised")
def test_the_guard_is_still_needed() -> None:
    assert ended("1 / 0", "ZeroDivisionError", guarded=False)[0] < 0, "PySide was mended: the guard can go"
