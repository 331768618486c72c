"""`zerosec-desktop [FILE…]`: the window."""

import argparse
import os
import sys
import time
from pathlib import Path

__all__ = ["main"]


def _wait_for(pid: int) -> None:
    """Begin only when the window that starts us anew has ended; at most a few seconds."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except OSError:
            return
        time.sleep(0.05)


def main() -> int:
    """Check the Qt binding, then start. Exit code 0, or 1 where the window can't open."""
    parser = argparse.ArgumentParser(prog="zerosec-desktop", description="The ZeroSec window.")
    parser.add_argument("files", nargs="*", type=Path, help="data files to look at")
    parser.add_argument(
        "--loop",
        choices=("thread", "qasync"),
        default="thread",
        help="where network work runs: a thread of its own (default), or the window's own loop",
    )
    parser.add_argument("--after", type=int, metavar="PID", help=argparse.SUPPRESS)
    parser.add_argument("--read-files", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read_files is not None:
        from zerosec_desktop.reading.child import serve

        serve(options.read_files)
    if options.after is not None:
        _wait_for(options.after)
    # The server takes as long as the window: side by side, not one after the other.
    from zerosec_client.server_process import head_start

    head_start()
    # The window is painted first; the models of what servers say are needed when one answers.
    from zerosec_shared.model_building import build_later

    build_later()
    # There are none, and looking for them reads the entry points of every package that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    from PySide6 import __version_info__ as version

    from zerosec_desktop.qt_guard import unusable

    reason = unusable(tuple(int(part) for part in version[:3]))
    if reason is not None:
        print(reason, file=sys.stderr)  # noqa: T201 -- there is no window to say it in
        return 1
    from zerosec_desktop.app import run
    from zerosec_desktop.bridge import LoopKind

    code = run(options.files, LoopKind(options.loop))
    # A thread that still waits (for a server to start, say) must not keep a program whose window is gone.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
