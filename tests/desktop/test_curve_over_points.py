"""A curve among points is a line: the points it was fitted to stay in sight, in the window and in what is exported."""

import numpy as np
import pytest
from matplotlib.image import imread
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from zerosec_desktop.export.figure import PALETTE, FigureFormat, FigureStyle, draw_bytes
from zerosec_desktop.views.plots import plot_canvas
from zerosec_shared.views import Column, ScatterView, Series


def fitted(*, joined: bool) -> ScatterView:
    """Twelve points, and three hundred of the curve that goes through them."""
    data = np.linspace(0, 1, 12)
    curve = np.linspace(0, 1, 300)
    return ScatterView(
        id="fit",
        title="Data and formula",
        x=Column(name="x"),
        y=Column(name="y"),
        series=(
            Series(name="Data", x=tuple(data.tolist()), y=tuple((data**2).tolist())),
            Series(name="Formula", x=tuple(curve.tolist()), y=tuple((curve**2).tolist()), joined=joined),
        ),
    )


def blue_in_window(qtbot: QtBot, view: ScatterView) -> int:
    """Pixels in the colour of the data, which is bluer than it is red; the curve is orange."""
    canvas = plot_canvas(view)
    qtbot.addWidget(canvas)
    canvas.resize(500, 400)
    canvas.show()
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = (QColor(image.pixel(x, y)) for x in range(image.width()) for y in range(image.height()))
    return sum(colour.blue() - colour.red() > 60 for colour in pixels)


def test_the_points_are_seen_beside_their_curve(qtbot: QtBot) -> None:
    hidden = blue_in_window(qtbot, fitted(joined=False))  # but in the legend

    assert blue_in_window(qtbot, fitted(joined=True)) > hidden + 12 * 20


def test_the_points_are_seen_in_an_exported_figure(tmp_path_factory: pytest.TempPathFactory) -> None:
    wanted = np.array([int(PALETTE[0][place : place + 2], 16) / 255 for place in (1, 3, 5)])
    found = []
    for joined in (False, True):
        path = tmp_path_factory.mktemp("figure") / "fit.png"
        path.write_bytes(draw_bytes(fitted(joined=joined), FigureFormat.PNG, FigureStyle(dpi=100)))
        blue = imread(path)[:, :, 2] - imread(path)[:, :, 0]
        found.append(int((blue > 0.3).sum()))
    assert wanted[2] > wanted[0], "the data are blue"
    assert found[1] > found[0] + 12 * 5
