"""Refuses a Qt binding that is known to end the program: said in words before the first window, not as a crash after it."""

import sys

__all__ = ["unusable"]


def unusable(pyside: tuple[int, ...], python: tuple[int, ...] = sys.version_info[:2]) -> str | None:
    """Why these versions can't be used together; None where they can.

    PySide6 6.12 on Python 3.10 and 3.11 drops a reference of True with every emitted signal and aborts after about 580.
    """
    if pyside >= (6, 12) and python < (3, 12):
        return (
            f"PySide6 {'.'.join(map(str, pyside))} ends programs on Python {'.'.join(map(str, python))} without a word. "
            "Install an earlier one: pip install 'pyside6-essentials<6.12', or use Python 3.12."
        )
    return None
