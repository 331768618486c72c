"""Data preview: rows at once, how they were read and how that is corrected, what is in each column, files that change."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES
from zerosec_analyses.catalogue import load_catalogue
from zerosec_desktop.context import Context
from zerosec_desktop.navigation import AnalysisRoute, PreviewRoute
from zerosec_desktop.screens.preview.header import bars_of
from zerosec_desktop.screens.preview.reading import markers_of, markers_text
from zerosec_desktop.screens.preview.screen import PreviewScreen
from zerosec_desktop.screens.preview.takers import readers_of
from zerosec_shared.tables import read_table, summarise


@pytest.fixture
def screen(context: Context, qtbot: QtBot) -> Iterator[PreviewScreen]:
    made = PreviewScreen(context)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    yield made
    made.loader.stop()
    made.hide()


def show(screen: PreviewScreen, qtbot: QtBot, path: Path) -> None:
    screen.open(PreviewRoute(path))
    qtbot.waitUntil(lambda: screen.summaries is not None, timeout=20_000)


def header_text(screen: PreviewScreen) -> list[str]:
    return [
        str(screen.model.headerData(i, Qt.Orientation.Horizontal)) for i in range(screen.model.columnCount())
    ]


def test_a_csv_is_shown_with_its_columns_and_what_is_missing(screen: PreviewScreen, qtbot: QtBot) -> None:
    show(screen, qtbot, EXAMPLES / "penguins.csv")
    assert screen.model.rowCount() == 344
    assert "344 rows × 8 columns" in screen._facts.full_text()
    assert screen.summaries is not None
    assert screen.summaries["sex"].missing == 11
    assert sum(screen.summaries["body_mass_g"].counts) == 342
    assert screen.title() == "penguins.csv"


def test_a_japanese_shift_jis_file_is_read_without_asking(screen: PreviewScreen, qtbot: QtBot) -> None:
    show(screen, qtbot, EXAMPLES / "penguins_ja.csv")
    assert screen.loaded is not None
    assert screen.loaded.detection.dialect.encoding == "cp932"
    assert screen.loaded.detection.dialect.separator == ";"
    assert "体重(g)" in header_text(screen)
    assert "cp932" in screen.reading._summary.text()


def test_a_sheet_is_chosen(screen: PreviewScreen, qtbot: QtBot) -> None:
    show(screen, qtbot, EXAMPLES / "nist_linear.xlsx")
    assert screen.model.rowCount() == 16
    screen.reading.sheet.setCurrentIndex(1)
    screen.reading.sheet.activated.emit(1)
    qtbot.waitUntil(lambda: screen.summaries is not None and screen.model.rowCount() == 36, timeout=20_000)


def test_how_a_file_is_read_can_be_corrected(screen: PreviewScreen, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a;b\n1,5;x\n2,5;keine\n", encoding="utf-8")
    show(screen, qtbot, path)
    screen.reading.separator.setCurrentIndex(screen.reading.separator.findData(","))
    screen.reading.separator.activated.emit(0)
    qtbot.waitUntil(lambda: header_text(screen) == ["a;b"] or len(header_text(screen)) != 2, timeout=20_000)
    screen.reading._detect()
    qtbot.waitUntil(lambda: header_text(screen) == ["a", "b"], timeout=20_000)


def test_the_cell_that_keeps_a_column_from_being_numbers_is_named_and_mended(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "wear.csv"
    path.write_text("x,摩耗量\n1,1.5\n2,broken\n3,2.5\n", encoding="utf-8")
    show(screen, qtbot, path)
    assert screen.loaded is not None
    assert screen.loaded.table.column("摩耗量").kind.value == "text"
    screen._show_column("摩耗量")
    screen.pane.marker_wanted.emit("broken")
    qtbot.waitUntil(
        lambda: screen.summaries is not None and screen.summaries["摩耗量"].kind.value == "number",
        timeout=20_000,
    )
    assert screen.summaries is not None
    assert screen.summaries["摩耗量"].missing == 1


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"a,b\n"])
def test_a_file_that_is_no_table_gets_a_page_and_not_a_dialog(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    screen.open(PreviewRoute(path))
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen._error, timeout=20_000)
    assert screen._error.heading.text()
    assert not screen._use.isEnabled()
    assert screen._use.toolTip()
    assert not screen.pane.isVisible()  # there is no column to look at
    assert not screen.finding.isVisible()
    path.write_bytes(b"a,b\n1,2\n")
    show(screen, qtbot, path)
    assert screen.pane.isVisible()
    assert screen.finding.isVisible()


def test_what_cannot_be_read_as_it_was_found_can_still_be_corrected(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("notes")
        sheet = book.add_worksheet("results")
        for row, value in enumerate(("wear", 1.5, 2.5)):
            sheet.write(row, 0, value)
    screen.open(PreviewRoute(path))
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen._error)
    bar = screen.reading
    assert bar.isVisible()
    assert [bar.sheet.itemText(n) for n in range(bar.sheet.count())] == ["notes", "results"]
    bar.sheet.setCurrentIndex(1)
    bar.sheet.activated.emit(1)
    qtbot.waitUntil(lambda: screen.summaries is not None and screen.model.rowCount() == 2)
    assert screen._use.isEnabled()

    picture = tmp_path / "picture.csv"
    picture.write_bytes(bytes(range(256)) * 20)
    screen.open(PreviewRoute(picture))
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen._error)
    assert not bar.isVisible(), "nothing was found that could be corrected"


def test_a_file_that_is_not_there_is_said(screen: PreviewScreen, qtbot: QtBot, tmp_path: Path) -> None:
    screen.open(PreviewRoute(tmp_path / "gone.csv"))
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen._error, timeout=20_000)
    assert "not there" in screen._error.heading.text()


def test_of_what_is_no_table_it_is_said_who_reads_it(
    screen: PreviewScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = tuple(analysis.info() for analysis in load_catalogue())
    assert [info.id for info in readers_of("a_R1.FASTQ.gz", offered)] == ["integration-sites"]
    assert not readers_of("a.csv", offered)
    monkeypatch.setattr(screen.context.session, "catalogue", lambda: offered)
    screen.open(PreviewRoute(EXAMPLES / "simulated_early_R1.fastq.gz"))
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen._error)
    assert "Integration sites" in screen._error.body.text()
    assert screen._use.isEnabled()
    asked: list[object] = []
    screen.navigate.connect(asked.append)
    screen._use.click()
    assert [route.analysis for route in asked if isinstance(route, AnalysisRoute)] == ["integration-sites"]


def test_a_change_of_the_file_is_noticed_and_read_on_wish(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n2\n", encoding="utf-8")
    show(screen, qtbot, path)
    screen.changed.every.setInterval(20)
    screen.activated()
    path.write_text("a\n1\n2\n3\n", encoding="utf-8")
    qtbot.waitUntil(screen.changed.isVisible)
    screen.changed.read_again.emit()
    qtbot.waitUntil(lambda: screen.model.rowCount() == 3 and screen.summaries is not None, timeout=20_000)
    assert not screen.changed.isVisible()
    path.unlink()
    qtbot.waitUntil(lambda: "not there" in screen.changed.title.text())
    screen.deactivated()


def test_rows_and_columns_are_reached_from_the_keyboard(screen: PreviewScreen, qtbot: QtBot) -> None:
    show(screen, qtbot, EXAMPLES / "penguins.csv")
    screen.finding.row.setText("３００")
    qtbot.keyClick(screen.finding.row, Qt.Key.Key_Return)
    assert screen.table.currentIndex().row() == 299
    screen.finding.row.setText("9999")
    qtbot.keyClick(screen.finding.row, Qt.Key.Key_Return)
    assert "1 to 344" in screen.finding.words.text()
    screen.finding.column.setText("nowhere")
    qtbot.keyClick(screen.finding.column, Qt.Key.Key_Return)
    assert "nowhere" in screen.finding.words.text()


def test_a_long_table_is_sorted_beside_the_window(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    path.write_text(
        "n\n" + "\n".join(str(i * 7919 % 100_003) for i in range(100_003)) + "\n", encoding="utf-8"
    )
    show(screen, qtbot, path)
    assert screen.model.rowCount() == 100_003
    screen.header.sectionClicked.emit(0)
    qtbot.waitUntil(lambda: screen.model.sorted_by is not None, timeout=20_000)
    shown = [str(screen.model.data(screen.model.index(row, 0))) for row in (0, 1, 100_002)]
    assert shown == ["0", "1", "100002"]


def test_missing_markers_survive_being_written_and_read() -> None:
    markers = ("", "NA", "-", "欠 測")
    assert markers_of(markers_text(markers)) == markers


def test_every_name_has_room_in_its_heading_in_any_font(screen: PreviewScreen, qtbot: QtBot) -> None:
    show(screen, qtbot, EXAMPLES / "penguins.csv")
    for size in (0, 21, 0):
        font = screen.table.font()
        font.setPixelSize(size or 14)
        screen.table.setFont(font)
        assert not screen.table.grab().isNull(), "cells are painted in the font of the moment"
    bold = QFont(screen.table.font())
    bold.setWeight(QFont.Weight.DemiBold)
    for column, name in enumerate(screen.model.frame.columns if screen.model.frame is not None else ()):
        room = screen.table.columnWidth(column) - 34  # the sign of the type, and the margins
        assert QFontMetrics(bold).horizontalAdvance(name) <= room, name


def test_measurements_that_all_differ_have_a_histogram_and_names_that_do_have_none(tmp_path: Path) -> None:
    path = tmp_path / "measured.csv"
    path.write_text("name,mass\n" + "".join(f"P{n:02d},{n * n / 7:.4f}\n" for n in range(60)))

    name, mass = summarise(read_table(path))

    assert mass.distinct == 60
    assert sum(bars_of(mass)) == 60
    assert bars_of(name) == ()
