"""Pictures of a result as PNG to show and SVG to publish. No window system and no global state (pyplot) is used."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from zerosec_analyses.sdk import Said, say


class Pictures:
    """Draws plots into a folder, each as PNG and SVG, or as SVG alone. `words` puts a sentence into the language of the plots."""

    def __init__(self, folder: Path, words: Callable[[str], str] = str, *, png: bool = True) -> None:
        self.folder, self.words, self._png = folder, words, png
        self.paths: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, figure: Figure, name: str) -> None:
        """Write a figure under a name."""
        with warnings.catch_warnings():
            # Signs no font has are said once, by `has_glyphs_for`, not once a letter.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self._write(figure, name)

    def _write(self, figure: Figure, name: str) -> None:
        png, svg = self.folder / f"{name}.png", self.folder / f"{name}.svg"
        engine = figure.get_layout_engine()
        if engine is not None:
            engine.execute(figure)  # once for both files: laying out costs more than drawing
            figure.set_layout_engine("none")
        if self._png:
            figure.savefig(png, format="png", metadata={"Software": None})
            self.paths.append(png)
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        self.paths.append(svg)

    def figure(self, title: Said, x: Said, y: Said) -> tuple[Figure, Axes]:
        """A figure with one plot."""
        figure = Figure(figsize=(5.2, 4.0), dpi=130, layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(self.words(title), loc="left", fontsize=10)
        axes.set_xlabel(self.words(x))
        axes.set_ylabel(self.words(y))
        return figure, axes


def with_unit(what: Said, unit: str) -> Said:
    """The words of an axis and the unit of its numbers, where they have one."""
    return say("{what} ({unit})", what=what, unit=unit) if unit else what


def alpha_for(n: int) -> float:
    """How dense points are drawn."""
    return 0.9 if n < 300 else 0.6 if n < 1500 else 0.35
