"""The real program on a real X screen of its own: a day's work from the dropped file to the saved figure, and its ways to end."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.conftest import EXAMPLES, ROOT
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir

pytestmark = pytest.mark.timeout(240)
PATIENCE_S = 200


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen nobody sees: a private X server, without a network port and without OpenGL."""
    reads, writes = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb", "-displayfd", str(writes), "-screen", "0", "1400x900x24",
            "-nolisten", "tcp", "-noreset", "-extension", "GLX",
        ],
        pass_fds=[writes],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writes)
    try:
        with os.fdopen(reads) as said:
            number = said.readline().strip()
        assert number, "Xvfb did not start: packaging/system-packages.sh test installs it"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def screen(display: str, own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a user at that screen; the server they start ends with the test."""
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("QT_XCB_GL_INTEGRATION", "none")
    yield
    local_server.stop(server_data_dir())


def begin(scene: str, place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.xvfb.scenes", scene, str(place)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> dict[str, Any]:
    said, complained = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, complained[-4000:]
    assert "Traceback" not in complained, complained[-4000:]
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


@pytest.mark.usefixtures("screen")
def test_from_a_dropped_file_over_a_closed_window_to_a_figure_for_a_paper(tmp_path: Path) -> None:
    day = end(begin("a_day", EXAMPLES / "penguins.csv"))
    assert day["platform"] == "xcb"
    assert day["rows"] == 344
    assert day["values"] == {"target": "body_mass_g", "terms": "flipper_length_mm + species "}
    assert day["shown"]

    folder = tmp_path / "paper"
    folder.mkdir()
    morning = end(begin("the_next_morning", folder))
    assert {"scatter", "table"} <= set(morning["views"])
    assert not morning["opengl"], "everything was drawn on a screen that has none"
    assert (folder / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (folder / "figure.svg").read_bytes()[:1000]
    assert (folder / "figure.pdf").read_bytes().startswith(b"%PDF")
    assert len((folder / "data.csv").read_text(encoding="utf-8-sig").splitlines()) > 300
    assert list(folder.glob("*/report.html"))


@pytest.mark.usefixtures("screen")
def test_a_second_start_hands_its_file_over_and_ends(tmp_path: Path) -> None:
    file = tmp_path / "測定.csv"
    file.write_bytes((EXAMPLES / "penguins.csv").read_bytes())
    first = begin("open_while_another_starts", file)
    assert first.stdout is not None
    assert first.stdout.readline() == "open\n"
    second = subprocess.run(
        [sys.executable, "-m", "zerosec_desktop", str(file)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (second.returncode, second.stderr) == (0, "")
    assert end(first)["shown"] == file.name


@pytest.mark.usefixtures("screen")
def test_the_window_ends_while_three_files_are_on_their_way(tmp_path: Path) -> None:
    """How long it takes on a quiet machine is measured by the bench; here that it does not wait for 6 GiB.

    Of the processor's seconds, since others may share the machine: to send so much takes ten times as many.
    """
    found = end(begin("leave_while_sending", tmp_path))
    assert found["on_their_way"] == 3
    assert found["left_cpu_s"] < 1.5
