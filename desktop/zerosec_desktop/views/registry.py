"""Which widget shows which kind of view. Plots, and with them pyqtgraph, are imported when the first is shown."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from zerosec_desktop.controls import label
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.views.answer import HeadlineRow
from zerosec_desktop.views.files import FileRow, PictureView, PlainText
from zerosec_desktop.views.frame import ViewFrame
from zerosec_desktop.views.table_view import ResultTable
from zerosec_shared.runs import Artifact
from zerosec_shared.views import (
    BarView,
    CardView,
    FileView,
    HeatMapView,
    HistogramView,
    ImageView,
    LineView,
    LinkedView,
    Metric,
    MetricView,
    ScatterView,
    TableView,
    TextView,
    View,
)

__all__ = ["is_plot", "is_wide", "render"]


def is_plot(view: View) -> bool:
    """Whether a view is drawn on axes."""
    return isinstance(view, LineView | ScatterView | BarView | HistogramView | HeatMapView)


def is_wide(view: View) -> bool:
    """Whether a view wants the page's whole width."""
    if isinstance(view, TableView):
        return len(view.columns) > 4
    if isinstance(view, BarView):
        return sum(len(series.x) for series in view.series) > 24
    if isinstance(view, HeatMapView):
        return len(view.x_labels) > 16
    return not is_plot(view) and not isinstance(view, FileView)


def render(view: View, metrics: Mapping[str, Metric], artifacts: Mapping[str, Artifact]) -> ViewFrame:
    """A framed widget for a view."""
    if isinstance(view, LinkedView):
        from zerosec_desktop.views.linked.panel import LinkedPanel

        panel = LinkedPanel(view)
        frame = ViewFrame(view, panel)
        panel.save_wanted.connect(frame.data_wanted)
        panel.copy_wanted.connect(frame.copy_data_wanted)
        panel.sheet_wanted.connect(frame.runs_wanted)
        return frame
    return ViewFrame(view, _content(view, metrics, artifacts))


def _content(view: View, metrics: Mapping[str, Metric], artifacts: Mapping[str, Artifact]) -> QWidget:
    if isinstance(view, LineView | ScatterView | BarView | HistogramView | HeatMapView):
        from zerosec_desktop.views.plots import plot_canvas

        return plot_canvas(view)
    if isinstance(view, CardView):
        return label(view.text, wrap=True)
    if isinstance(view, MetricView):
        return HeadlineRow(
            [metrics[name] for name in view.metrics if name in metrics], large=False, tile_width=160
        )
    if isinstance(view, TableView):
        return ResultTable(view)
    if isinstance(view, ImageView):
        return PictureView(view)
    if isinstance(view, TextView):
        return PlainText(view)
    assert isinstance(view, FileView)
    row = FileRow(view, artifacts.get(view.source or ""))
    row.setContentsMargins(0, Space.TINY, 0, 0)
    return row
