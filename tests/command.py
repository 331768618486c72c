"""The `zerosec` command as its users run it: a process of its own, with folders of its own."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, TEST_ANALYSES

__all__ = ["Command", "Ended"]

EXECUTABLE = Path(sys.executable).with_name("zerosec")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON object and nothing else."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


class Command:
    """Runs `zerosec` with a client folder and a server of its own choice."""

    def __init__(
        self, client_dir: Path, *, data_dir: Path | None = None, url: str = "", token: str = "", **env: str
    ) -> None:
        self.client_dir = client_dir
        self.prefix: tuple[str, ...] = ()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ZEROSEC_")},
            "PYTHONPATH": str(ROOT),
            "ZEROSEC_CLIENT_DIR": str(client_dir),
            "ZEROSEC_DATA_DIR": str(data_dir or client_dir / "no-server-here"),
            "ZEROSEC_ANALYSIS_SPEC_MODULES": json.dumps(TEST_ANALYSES),
            **({"ZEROSEC_URL": url, "ZEROSEC_TOKEN": token} if url else {}),
            **env,
        }

    def as_one_with_no_special_rights(self) -> "Command":
        """The administrator's right to read and write everything is laid down first."""
        if os.geteuid() == 0:
            self.prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
        return self

    def start(self, *words: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start it and go on."""
        return subprocess.Popen(
            [*self.prefix, str(EXECUTABLE), *words],
            env=self.env,
            cwd=cwd or self.client_dir.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str, cwd: Path | None = None, timeout_s: float = 240.0) -> Ended:
        """Run it to its end."""
        process = self.start(*words, cwd=cwd)
        try:
            return ended(process, timeout_s)
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()


def ended(process: subprocess.Popen[str], timeout_s: float = 240.0) -> Ended:
    """Wait for the end of a command."""
    try:
        out, err = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()  # a process and pipes that stay would be the next test's trouble
        out, err = process.communicate()
        raise AssertionError(f"it did not end within {timeout_s:.0f} s: {out}{err}") from None
    return Ended(process.returncode, out, err)


def kill(process: subprocess.Popen[str]) -> None:
    """`kill -9`."""
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
