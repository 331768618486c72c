"""What the rows of a parameter sheet are called, in the languages people write them: min, max, 間隔 (step or levels), unit."""

from zerosec_shared.formulas import folded

__all__ = ["ROW_LABELS", "row_of_label"]

ROW_LABELS = {
    "min": ("min", "minimum", "最小", "最小値", "下限", "下限値", "from"),
    "max": ("max", "maximum", "最大", "最大値", "上限", "上限値", "to"),
    "step": ("間隔", "step", "steps", "interval", "increment", "刻み", "刻み幅", "ステップ", "step|levels", "step/levels"),
    "levels": ("levels", "level", "values", "水準", "値"),
    "unit": ("unit", "units", "単位"),
}  # fmt: skip
_ROW_OF = {folded(label): row for row, labels in ROW_LABELS.items() for label in labels}


def row_of_label(label: str | None) -> str | None:
    """The row a label names (a key of `ROW_LABELS`), whatever its width and case; None if it names none."""
    return _ROW_OF.get(folded(label or ""))
