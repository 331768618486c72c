"""Result views on the screen: one renderer a kind, nothing blank, values under the pointer, a million points as a density."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QRawFont, QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.test_export_figures import LINKED, PLOTS
from zerosec_desktop.controls import Message
from zerosec_desktop.resources.exponents import exponent_font, split_power, with_exponent
from zerosec_desktop.resources.theme import ThemeChoice, theme
from zerosec_desktop.screens.run.results import ResultsPage, ordered_views, remaining_metrics
from zerosec_desktop.views.answer import HeadlineRow, MetricTile, NoticeList
from zerosec_desktop.views.density import DensityItem, counts_in
from zerosec_desktop.views.files import FileRow, PictureView
from zerosec_desktop.views.frame import ViewFrame
from zerosec_desktop.views.plot_canvas import PlotCanvas, axis_numbers
from zerosec_desktop.views.registry import render
from zerosec_desktop.views.table_view import ResultTable
from zerosec_shared.runs import Artifact, ArtifactRole
from zerosec_shared.views import (
    CardView,
    Column,
    FileView,
    ImageView,
    Metric,
    MetricView,
    Notice,
    Result,
    ScatterView,
    Severity,
    TableView,
    TextView,
    View,
)

OTHERS: list[View] = [
    CardView(id="c", title="Answer", text="It is 42."),
    MetricView(id="m", title="Numbers", metrics=("r2", "gone")),
    TableView(
        id="t",
        title="Table",
        columns=(Column(name="a"), Column(name="b")),
        rows=(("x", 1.5), (None, None)),
        total_rows=9,
    ),
    TextView(id="x", title="Text", text="plain\ntext"),
    ImageView(id="i", title="Image", source="plots/a.png"),
    FileView(id="f", title="File", source="report.html"),
]
METRICS = {"r2": Metric(name="r2", value=0.87, low=0.8, high=0.9)}
ARTIFACT = Artifact(path="report.html", size_bytes=10, sha256="0" * 64, role=ArtifactRole.REPORT)


def colours(widget: QWidget) -> int:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[[View], ViewFrame]]:
    frames: list[ViewFrame] = []

    def show(view: View) -> ViewFrame:
        frame = render(view, METRICS, {"report.html": ARTIFACT})
        qtbot.addWidget(frame)
        frame.resize(560, 420)
        frame.show()
        frames.append(frame)
        return frame

    yield show
    for frame in frames:
        frame.hide()


@pytest.mark.parametrize("view", [*PLOTS, LINKED, *OTHERS], ids=lambda view: view.kind)
@pytest.mark.parametrize("scheme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_every_kind_of_view_is_drawn_in_both_themes(
    view: View, scheme: ThemeChoice, shown: Callable[[View], ViewFrame]
) -> None:
    theme.apply(scheme)
    frame = shown(view)
    assert colours(frame) > 5, "the view is blank"
    theme.apply(ThemeChoice.LIGHT)
    assert colours(frame) > 5


def test_the_pointer_reads_out_the_nearest_point(shown: Callable[[View], ViewFrame], qtbot: QtBot) -> None:
    canvas = shown(PLOTS[0]).content
    assert isinstance(canvas, PlotCanvas)
    canvas.grab()
    place = canvas.getPlotItem().getViewBox().mapViewToScene(QPointF(3.0, 3.0))
    with qtbot.waitSignal(canvas.pointed) as said:
        canvas._point_at(place)
    assert said.args is not None
    assert "速度: 3" in said.args[0]
    assert "m/min" in said.args[0]
    assert "2.5" in said.args[0], "the interval is read out too"


def test_a_missing_point_is_never_drawn_as_zero(shown: Callable[[View], ViewFrame]) -> None:
    canvas = shown(PLOTS[0]).content
    assert isinstance(canvas, PlotCanvas)
    assert canvas.read_outs[0].numbers.tolist() == [0, 2]


def test_a_plot_offers_png_svg_pdf_data_and_copy(shown: Callable[[View], ViewFrame], qtbot: QtBot) -> None:
    frame = shown(PLOTS[0])
    texts = [action.text() for button in frame.findChildren(QWidget) for action in button.actions()]
    menus = [
        action.text()
        for menu in frame.findChildren(QWidget, "")
        if hasattr(menu, "menuAction")
        for action in menu.actions()
    ]
    offered = " ".join([*texts, *menus])
    for word in ("PNG", "SVG", "PDF", "CSV", "Copy the picture", "Copy the data"):
        assert word in offered


def test_counting_points_loses_none_that_is_in_sight() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.random(10_000), rng.random(10_000)
    assert counts_in(x, y, QRectF(0, 0, 1, 1), 64, 48).sum() == 10_000
    left = counts_in(x, y, QRectF(0, 0, 0.5, 1), 10, 10)
    assert left.sum() == (x < 0.5).sum()
    assert left.shape == (10, 10)


def test_a_cloud_of_points_is_drawn_as_a_density_that_follows_the_zoom(qtbot: QtBot) -> None:
    rng = np.random.default_rng(1)
    canvas = PlotCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    item = DensityItem(rng.normal(size=200_000), rng.normal(size=200_000), "#3558D6")
    canvas.getPlotItem().addItem(item)
    canvas.show()
    canvas.show_all()
    canvas.grab()
    everything = item.counts.sum()
    canvas.getPlotItem().getViewBox().setRange(xRange=(0, 0.1), yRange=(0, 0.1), padding=0)
    canvas.grab()
    assert 0 < item.counts.sum() < everything
    assert colours(canvas) > 5
    canvas.hide()


def test_a_table_says_when_it_shows_only_the_first_rows(shown: Callable[[View], ViewFrame]) -> None:
    table = shown(OTHERS[2]).content
    assert isinstance(table, ResultTable)
    assert "first 2 of 9" in table._count.text()


def test_a_long_table_is_searched(qtbot: QtBot) -> None:
    rows = tuple((f"term {i}", float(i)) for i in range(100))
    table = ResultTable(
        TableView(id="t", title="t", columns=(Column(name="a"), Column(name="b")), rows=rows, total_rows=100)
    )
    qtbot.addWidget(table)
    table.search.setText("TERM 9")
    assert table.table.frame_model.rowCount() == 11
    table.search.clear()
    assert table.table.frame_model.rowCount() == 100


def test_two_columns_of_the_same_name_are_both_shown(qtbot: QtBot) -> None:
    view = TableView(
        id="t", title="t", columns=(Column(name="a"), Column(name="a")), rows=((1, 2),), total_rows=1
    )
    table = ResultTable(view)
    qtbot.addWidget(table)
    model = table.table.frame_model
    assert [model.data(model.index(0, column)) for column in (0, 1)] == ["1", "2"]


def test_a_metric_shows_its_interval_unit_and_the_reason_when_there_is_none(qtbot: QtBot) -> None:
    tile = MetricTile(Metric(name="rmse", label="RMSE", value=2.8123, unit="µm", low=2.6, high=3.1))
    qtbot.addWidget(tile)
    assert "2.81 µm" in tile.accessibleName()
    assert "2.60 – 3.10" in tile.accessibleName()
    none = MetricTile(Metric(name="p", value=None, note="not valid for lasso"))
    qtbot.addWidget(none)
    assert "–" in none.accessibleName()


def test_the_worst_notice_comes_first_and_colours_the_band(qtbot: QtBot) -> None:
    notices = NoticeList(
        [Notice(code="a", message="m", severity=Severity.INFO), Notice(code="b", message="w")]
    )
    qtbot.addWidget(notices)
    assert notices.property("surface") == "warning"


def png(width: int, height: int) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice

    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    target = QByteArray()
    buffer = QBuffer(target)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(target.data())


def test_pictures_are_shown_and_what_is_none_is_said(qtbot: QtBot) -> None:
    view = OTHERS[4]
    assert isinstance(view, ImageView)
    good, bad, svg = PictureView(view), PictureView(view), PictureView(view)
    for picture in (good, bad, svg):
        qtbot.addWidget(picture)
    good.set_bytes(png(40, 20))
    assert good.heightForWidth(40) == 60
    bad.set_bytes(b"not a picture")
    assert "cannot be shown" in bad._text
    svg.set_bytes(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="9" height="9"/></svg>'
    )
    assert svg.heightForWidth(200) == 100


def test_a_file_that_is_gone_cannot_be_opened_and_says_why(qtbot: QtBot) -> None:
    view = OTHERS[5]
    assert isinstance(view, FileView)
    row = FileRow(view, None)
    qtbot.addWidget(row)
    buttons = [
        child for child in row.findChildren(QWidget) if child.metaObject().className() == "QPushButton"
    ]
    assert buttons
    assert all(not found.isEnabled() and found.toolTip() for found in buttons)


def test_results_lead_with_plots_then_tables_then_files() -> None:
    kinds = [view.kind for view in ordered_views([*OTHERS, *PLOTS, LINKED])]
    assert kinds[:6] == [view.kind for view in (*PLOTS, LINKED)]
    assert kinds[6:] == ["metric", "table", "text", "image", "file"]


def test_no_number_of_a_result_is_hidden() -> None:
    result = Result(
        metrics=(
            Metric(name="a", value=1, headline=True),
            Metric(name="b", value=2),
            Metric(name="c", value=3),
        ),
        views=(MetricView(id="m", title="m", metrics=("b",)),),
    )
    rest = remaining_metrics(result)
    assert rest is not None
    assert [row[0] for row in rest.rows] == ["c"]


def test_a_word_of_a_program_is_told_by_what_it_means() -> None:
    decided = Metric(name="decision", value="bound_both", label="Decided by", note="a bound on both errors")
    formula = Metric(name="formula", value="y ~ x", note="least squares")

    rest = remaining_metrics(Result(metrics=(decided, formula), views=()))

    assert rest is not None
    assert rest.rows == (
        ("Decided by", "a bound on both errors", ""),
        ("formula", "y ~ x", "least squares"),
    )
    assert [column.name for column in rest.columns] == ["name", "value", "note"]  # none has a unit


def test_numbers_side_by_side_stand_in_one_line_and_none_is_said_twice(qtbot: QtBot) -> None:
    page = ResultsPage()
    qtbot.addWidget(page)
    page.resize(700, 600)
    page.show()
    long = "Balanced accuracy of all classes together on rows that the model has never seen"
    metrics = tuple(
        Metric(name=name, label=label, value=0.5, headline=True)
        for name, label in (("a", "R²"), ("b", long), ("c", "RMSE"))
    )
    files = tuple(FileView(id=f"f{i}", title="File", source="report.html") for i in range(2))
    again = MetricView(id="again", title="Again", metrics=("a", "b"))
    with qtbot.waitSignal(page.all_made):
        page.show_result(Result(metrics=metrics, views=(*OTHERS[2:3], *files, again)), [ARTIFACT])
    row = page.findChild(HeadlineRow)
    assert row is not None
    qtbot.waitUntil(lambda: len({tile.name.height() for tile in row.tiles}) == 1)
    assert row.tiles[1].name.height() >= 2 * row.tiles[1].name.fontMetrics().height()
    assert [frame.view.id for frame in page.frames] == ["t", "f0", "f1"]
    page.resize(1000, 600)
    table, first, second = page.frames
    qtbot.waitUntil(lambda: first.y() == second.y() > table.y() and table.width() > 900)
    page.hide()


def test_exponents_come_from_one_font_and_are_copied_as_they_are(qtbot: QtBot) -> None:
    assert split_power("−1.2×10⁻⁷") == ("−1.2×10", "⁻⁷")
    assert split_power("3×10 rows") == ("3×10 rows", "")
    for number in ("1.2", "12,345 g"):
        assert with_exponent(number, QFont()) == ""
    tile = MetricTile(Metric(name="p", value=1.441e-140, unit="<b>g</b>"))
    qtbot.addWidget(tile)
    number = tile.findChildren(QLabel)[1]
    shown = QTextDocumentFragment.fromHtml(number.text()).toPlainText()
    assert shown == "1.441×10⁻¹⁴⁰ <b>g</b>"
    raised = QRawFont.fromFont(exponent_font(number.font()))
    assert all(raised.supportsCharacter(ord(sign)) for sign in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def test_numbers_along_an_axis_are_set_like_all_others(shown: Callable[[View], ViewFrame]) -> None:
    texts = ["2007", "12000", "-12000", "1e-05", "-2.5e+07", "0.05"]
    assert axis_numbers(texts) == ["2007", "12,000", "−12,000", "1×10⁻⁵", "−2.5×10⁷", "0.05"]
    small = next(view for view in PLOTS if isinstance(view, ScatterView))
    series = small.series[0].model_copy(update={"x": (1e-5, 5e-5), "y": (2e9, 9e9), "labels": ()})
    frame = shown(small.model_copy(update={"series": (series,)}))
    assert colours(frame) > 8
    frame.hide()


def test_a_result_page_shows_the_answer_at_once_and_all_views_soon(qtbot: QtBot) -> None:
    page = ResultsPage()
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    result = Result(
        metrics=(Metric(name="r2", value=0.9, headline=True),),
        warnings=(Notice(code="w", message="3 rows were left out"),),
        views=(*OTHERS, *PLOTS),
    )
    with qtbot.waitSignal(page.all_made, timeout=20_000):
        page.show_result(result, [ARTIFACT])
        assert not page.frames
    assert len(page.frames) == len(PLOTS) + len(OTHERS) - 1
    page.resize(600, 800)
    page.clear()
    page.hide()


def test_nothing_flashes_as_a_window_of_its_own_while_it_is_made(qtbot: QtBot) -> None:
    notices = NoticeList([Notice(code="a", message="m", hint="h")])
    message = Message("info", "title", "detail")
    frames = [render(view, METRICS, {}) for view in (*PLOTS, LINKED, *OTHERS)]
    for widget in (notices, message, *frames):
        qtbot.addWidget(widget)
    shown = [
        child
        for widget in (notices, message, *frames)
        for child in (widget, *widget.findChildren(QWidget))
        if child.isVisible()
    ]
    assert shown == []
