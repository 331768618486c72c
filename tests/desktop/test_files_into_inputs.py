"""Files dropped on a form, or handed to it, come to the input they are for; nothing is put out of its place in silence."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.desktop.conftest import RunningApp
from zerosec_desktop.navigation import AnalysisRoute
from zerosec_desktop.screens.analysis.placing import Held, place
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_shared.analyses import InputSlotInfo, SlotKind

READS = (".fastq.gz", ".fastq")
ONE = InputSlotInfo(name="one", title="Read 1", kind=SlotKind.FILE, extensions=READS, multiple=True)
TWO = InputSlotInfo(name="two", title="Read 2", kind=SlotKind.FILE, extensions=READS, multiple=True)
GENES = InputSlotInfo(name="genes", title="Genes", kind=SlotKind.FILE, extensions=(".gtf", ".bed"))
CONTROLS = InputSlotInfo(name="controls", title="Controls", kind=SlotKind.FILE, extensions=(".bed",))
TABLE = InputSlotInfo(name="table", title="Table", extensions=(".csv",))
SLOTS = (ONE, TWO, GENES, CONTROLS, TABLE)


def placed(*names: str, over: str = "", **there: str) -> dict[str, list[str]]:
    """The new files by input; what has no place is under its own name, and what had to go behind a minus."""
    held = [
        Held(slot, tuple(Path(name) for name in there.get(slot.name, "").split()), slot.multiple)
        for slot in SLOTS
    ]
    found = place([Path(name) for name in names], held, over)
    told = {name: [path.name for path in files] for name, files in found.given.items()}
    for name, gone in found.replaced.items():
        told[name] += [f"-{path.name}" for path in gone]
    return {**told, "left": [path.name for path in found.left]} if found.left else told


@pytest.mark.parametrize(
    ("names", "over", "there", "expected"),
    [
        ("A_R2.fastq.gz", "", {}, {"two": ["A_R2.fastq.gz"]}),
        ("A_R2.fastq.gz", "one", {"one": "A_R1.fastq.gz"}, {"two": ["A_R2.fastq.gz"]}),
        ("a_2.fastq a_1.fastq", "one", {}, {"one": ["a_1.fastq"], "two": ["a_2.fastq"]}),
        (
            "B_R2.fastq B_R1.fastq A_R2.fastq A_R1.fastq",
            "two",
            {},
            {"one": ["A_R1.fastq", "B_R1.fastq"], "two": ["A_R2.fastq", "B_R2.fastq"]},
        ),
        (
            "B_S1_L001_R1_001.fastq.gz",
            "",
            {"one": "A_R1.fastq.gz", "two": "A_R2.fastq.gz"},
            {"one": ["B_S1_L001_R1_001.fastq.gz"]},
        ),
        ("second.fastq", "one", {"one": "first.fastq"}, {"two": ["second.fastq"]}),
        ("y.fastq x.fastq", "", {}, {"one": ["x.fastq"], "two": ["y.fastq"]}),
        ("y.fastq x.fastq", "two", {}, {"two": ["x.fastq", "y.fastq"]}),
        ("A_R1.fastq", "", {"one": "A_R1.fastq"}, {}),
        ("x.bed", "", {}, {"genes": ["x.bed"]}),
        ("x.bed", "genes", {"genes": "y.gtf"}, {"controls": ["x.bed"]}),
        ("x.bed", "controls", {"genes": "y.gtf", "controls": "z.bed"}, {"controls": ["x.bed", "-z.bed"]}),
        ("x.bed", "", {"genes": "y.gtf", "controls": "z.bed"}, {"genes": ["x.bed", "-y.gtf"]}),
        ("1.bed 2.bed 3.bed", "", {}, {"genes": ["1.bed"], "controls": ["2.bed"], "left": ["3.bed"]}),
        ("x.dat", "genes", {}, {"genes": ["x.dat"]}),
        ("x.dat", "", {}, {"left": ["x.dat"]}),
        ("a.csv b.csv", "table", {}, {"table": ["a.csv"], "left": ["b.csv"]}),
        ("a.csv", "", {}, {"left": ["a.csv"]}),
    ],
)
def test_each_file_comes_to_the_input_it_is_for(
    names: str, over: str, there: dict[str, str], expected: dict[str, list[str]]
) -> None:
    assert placed(*names.split(), over=over, **there) == expected


@pytest.fixture
def app(start_app: Callable[[], RunningApp]) -> Iterator[RunningApp]:
    running = start_app()
    running.window.resize(1280, 860)
    running.connected()
    return running


def drop(widget: QWidget, *paths: Path) -> None:
    """As the system delivers it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(9, 9), copy, mime, left, none))
    QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), copy, mime, left, none))


def form(app: RunningApp, route: AnalysisRoute) -> AnalysisScreen:
    app.window.go(route)
    shown = app.window.screen_shown
    assert isinstance(shown, AnalysisScreen)
    return shown


def held(screen: AnalysisScreen) -> dict[str, list[str]]:
    return {name: [path.name for path in slot.files] for name, slot in screen.slots.items()}


@pytest.fixture
def reads(tmp_path: Path) -> dict[str, Path]:
    """Two samples of two files."""
    made = {name: tmp_path / f"{name}.fastq" for name in ("P1_R1", "P1_R2", "P2_R1", "P2_R2")}
    for path in made.values():
        path.write_text("@r\nACGT\n+\nIIII\n")
    return made


@pytest.mark.bundled("shared")
def test_reads_dropped_on_the_form_find_their_inputs_and_what_may_surprise_is_said(
    app: RunningApp, reads: dict[str, Path]
) -> None:
    screen = form(app, AnalysisRoute("integration-sites", step="read_mapping"))
    said = app.app.notifications.items

    drop(screen.slots["reads1"], reads["P1_R1"])
    app.qtbot.waitUntil(lambda: held(screen)["reads1"] == ["P1_R1.fastq"])
    assert not said
    drop(screen.slots["reads1"], reads["P1_R2"])
    app.qtbot.waitUntil(lambda: held(screen)["reads2"] == ["P1_R2.fastq"])
    assert held(screen)["reads1"] == ["P1_R1.fastq"]
    assert said[0].detail == "“Read 2”: P1_R2.fastq."

    drop(app.window, reads["P2_R2"], reads["P2_R1"])
    both = ["P1_R1.fastq", "P2_R1.fastq"]
    app.qtbot.waitUntil(lambda: held(screen)["reads1"] == both)
    assert held(screen)["reads2"] == ["P1_R2.fastq", "P2_R2.fastq"]
    assert app.window.screen_shown is screen
    assert "“Read 1”: P2_R1.fastq, beside what was there." in said[0].detail

    genome = [reads["P1_R1"].with_name(f"{name}.fa") for name in ("old", "new")]
    for path in genome:
        path.write_text(">c\nACGT\n")
    drop(app.window, genome[0])
    app.qtbot.waitUntil(lambda: held(screen)["reference"] == ["old.fa"])
    drop(screen.slots["reference"], genome[1])
    app.qtbot.waitUntil(lambda: held(screen)["reference"] == ["new.fa"])
    assert said[0].detail == "“Reference genome” takes one file: new.fa, instead of old.fa."


@pytest.mark.bundled("shared")
def test_a_second_file_handed_to_a_form_leaves_the_first_where_it_is(
    app: RunningApp, reads: dict[str, Path], tmp_path: Path
) -> None:
    screen = form(app, AnalysisRoute("integration-sites", (reads["P1_R1"],)))
    assert held(screen) == {"reads1": ["P1_R1.fastq"], "reads2": []}

    form(app, AnalysisRoute("integration-sites", (reads["P1_R2"],)))
    app.qtbot.waitUntil(lambda: held(screen) == {"reads1": ["P1_R1.fastq"], "reads2": ["P1_R2.fastq"]})

    alignments = tmp_path / "own.bam"
    alignments.write_bytes(b"BAM\1")
    form(app, AnalysisRoute("integration-sites", (alignments,)))
    assert held(screen) == {"alignments": ["own.bam"], "annotation": [], "spike_ins": []}
