"""The report's pictures as SVG: fractions with intervals, misclassification matrices, traces and ranks. No plotting library."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np

from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.calibration import Fit
from zerosec_analyses.va_calibration.outputs.ranks import ChainPlot

__all__ = ["fractions_picture", "matrix_picture", "ranks_picture", "trace_picture"]

ACCENT, QUIET, GRID, INK = "#2563a8", "#b9bec7", "#e4e6ea", "#1d2430"
CHAINS = ("#2563a8", "#b3402a", "#3b7d4f", "#8a5a00", "#6b4fa3", "#217a86", "#9a3f75", "#5c6470")
FONT = 'font-family="Noto Sans, Noto Sans CJK JP, Segoe UI, sans-serif"'
LETTER = 6.2


def _svg(width: float, height: float, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" {FONT} font-size="11" fill="{INK}"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(body)}</svg>'
    )


def _words(x: float, y: float, text: str, anchor: str = "start", extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {extra}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def _widths(names: Sequence[str]) -> float:
    """Room for the longest name; a wide letter takes two."""
    return 12 + LETTER * max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in name) for name in names)


def fractions_picture(fit: Fit, causes: Sequence[str], title: str, words: tuple[str, str]) -> str:
    """Bars uncalibrated, points calibrated with their intervals, by size. `words` name the two."""
    order = np.argsort(-fit.mean, kind="stable")
    left, top, row, width = _widths(causes), 46.0, 24.0, 320.0
    ends = np.concatenate([fit.uncalibrated, fit.mean, fit.high[~np.isnan(fit.high)]])
    most = max(0.1, float(np.ceil(ends.max() * 10) / 10))
    height = top + row * len(order) + 30
    body = [_words(8, 18, title, extra='font-weight="bold" font-size="13"')]
    body += [
        f'<rect x="{left:.1f}" y="26" width="12" height="9" fill="{QUIET}"/>',
        _words(left + 16, 35, words[0]),
        f'<circle cx="{left + 130:.1f}" cy="31" r="4" fill="{ACCENT}"/>',
        _words(left + 138, 35, words[1]),
    ]

    def at(value: float) -> float:
        return left + width * value / most

    step = 0.1 if most > 0.25 else 0.05
    for tick in np.arange(0, most + 1e-9, step):
        body.append(_line(at(tick), top, at(tick), top + row * len(order), GRID))
        body.append(_words(at(tick), height - 14, f"{tick:.0%}", "middle", 'fill="#626b78"'))
    for place, c in enumerate(order):
        y = top + row * (place + 0.5)
        body.append(_words(left - 6, y + 4, causes[c], "end"))
        body.append(
            f'<rect x="{left:.1f}" y="{y - 6:.1f}" width="{max(0.0, at(fit.uncalibrated[c]) - left):.1f}" height="12" fill="{QUIET}"/>'
        )
        if not fit.left_out[c] and not np.isnan(fit.low[c]):
            body.append(_line(at(fit.low[c]), y, at(fit.high[c]), y, ACCENT, 2))
        hollow = f'fill="#ffffff" stroke="{ACCENT}"' if fit.left_out[c] else f'fill="{ACCENT}"'
        body.append(f'<circle cx="{at(fit.mean[c]):.1f}" cy="{y:.1f}" r="4" {hollow}/>')
    return _svg(left + width + 24, height, title, body)


def matrix_picture(
    percent: Sequence[Sequence[float | None]], causes: Sequence[str], title: str, axes: tuple[str, str]
) -> str:
    """Whole percent in cells, diagonal outlined. `axes` name rows and columns."""
    n, cell = len(causes), 38.0
    left, below = _widths(causes) + 14, _widths(causes)
    top = 34.0
    body = [_words(8, 18, title, extra='font-weight="bold" font-size="13"')]
    for i, row in enumerate(percent):
        body.append(_words(left - 6, top + cell * (i + 0.5) + 4, causes[i], "end"))
        for j, value in enumerate(row):
            x, y = left + cell * j, top + cell * i
            share = 0.0 if value is None else value / 100
            shade = tuple(round(255 + (c - 255) * share) for c in (37, 99, 168))
            fill = "#f3f4f6" if value is None else "#{:02x}{:02x}{:02x}".format(*shade)
            body.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{cell}" height="{cell}" fill="{fill}" stroke="#ffffff"/>'
            )
            if value is not None:
                ink = "#ffffff" if share > 0.55 else INK
                body.append(_words(x + cell / 2, y + cell / 2 + 4, f"{value:.0f}", "middle", f'fill="{ink}"'))
    for i in range(n):
        at = top + cell * i
        body.append(
            f'<rect x="{left + cell * i + 1:.1f}" y="{at + 1:.1f}" width="{cell - 2}" height="{cell - 2}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
        )
        x, y = left + cell * (i + 0.5) + 4, top + cell * n + 10
        body.append(_words(x, y, causes[i], "end", f'transform="rotate(-45 {x:.1f} {y:.1f})"'))
    height = top + cell * n + below * 0.75 + 30
    body.append(_words(left + cell * n / 2, height - 8, axes[1], "middle", 'fill="#626b78"'))
    x, y = 12.0, top + cell * n / 2
    body.append(_words(x, y, axes[0], "middle", f'fill="#626b78" transform="rotate(-90 {x:.1f} {y:.1f})"'))
    return _svg(left + cell * n + 20, height, title, body)


def trace_picture(plot: ChainPlot, title: str) -> str:
    """A line a chain."""
    return _lines(plot.draw.astype(np.float64), plot.traces, title, percent=True)


def ranks_picture(plot: ChainPlot, title: str) -> str:
    """A stepped line a chain, which is level where chains agree."""
    bins = plot.ranks.shape[1]
    x = np.repeat(np.arange(bins + 1, dtype=np.float64), 2)[1:-1] * 100 / bins
    return _lines(x, np.repeat(plot.ranks, 2, axis=1), title, percent=False, base=0.0)


def _lines(x: Floats, ys: Floats, title: str, *, percent: bool, base: float | None = None) -> str:
    left, top, width, height = 52.0, 30.0, 480.0, 180.0
    low = float(ys.min()) if base is None else base
    high = max(float(ys.max()) * (1.05 if base is not None else 1), low + 1e-9)
    body = [_words(8, 18, title, extra='font-weight="bold" font-size="13"')]
    for tick in np.linspace(low, high, 5):
        y = top + height * (1 - (tick - low) / (high - low))
        body.append(_line(left, y, left + width, y, GRID))
        body.append(
            _words(left - 6, y + 4, f"{tick:.1%}" if percent else f"{tick:,.0f}", "end", 'fill="#626b78"')
        )
    across = left + width * (x - x[0]) / max(1e-9, x[-1] - x[0])
    for number, values in enumerate(ys):
        down = top + height * (1 - (values - low) / (high - low))
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))
        body.append(
            f'<polyline points="{points}" fill="none" stroke="{CHAINS[number % len(CHAINS)]}" stroke-width="0.9" opacity="0.8"/>'
        )
    body.append(_words(left, top + height + 16, f"{x[0]:,.0f}", "middle", 'fill="#626b78"'))
    body.append(_words(left + width, top + height + 16, f"{x[-1]:,.0f}", "middle", 'fill="#626b78"'))
    return _svg(left + width + 20, top + height + 26, title, body)
