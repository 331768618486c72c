"""What differs between two jobs: numbers, settings, data, versions. No widgets."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zerosec_desktop.screens.run.details_tab import parameter_rows
from zerosec_desktop.views.answer import metric_texts
from zerosec_desktop.widgets.number_format import MISSING, format_number
from zerosec_desktop.wording import file_title, slot_titles
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.runs import Job
from zerosec_shared.views import Metric

__all__ = ["Line", "compare_data", "compare_metrics", "compare_pairs", "compare_parameters"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in both jobs. `change` says how the second differs where that can be said in a number."""

    name: str
    first: str
    second: str
    change: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.first != self.second or bool(self.change)


def compare_metrics(first: Sequence[Metric], second: Sequence[Metric]) -> list[Line]:
    """Numbers side by side, headline first; those of one job only have a dash in the other."""
    left, right = {metric.name: metric for metric in first}, {metric.name: metric for metric in second}
    names = list(dict.fromkeys([*left, *right]))
    names.sort(key=lambda name: not (left.get(name) or right[name]).headline)
    return [_metric_line(left.get(name), right.get(name)) for name in names]


def compare_parameters(first: Job, second: Job, info: AnalysisInfo | None) -> list[Line]:
    """Settings side by side."""
    return compare_pairs(dict(parameter_rows(first, info)), dict(parameter_rows(second, info)))


def compare_data(first: Job, second: Job, info: AnalysisInfo | None) -> list[Line]:
    """Inputs side by side, under the titles of the form: the same bytes are the same data, whatever their name."""
    titles = slot_titles(info, second.step)
    lines = []
    for slot in dict.fromkeys([*first.inputs, *second.inputs]):
        left, right = first.inputs.get(slot, ()), second.inputs.get(slot, ())
        for place in range(max(len(left), len(right))):
            a = left[place] if place < len(left) else None
            b = right[place] if place < len(right) else None
            same = a is not None and b is not None and a.sha256 == b.sha256
            read_alike = a is not None and b is not None and a.dialect == b.dialect
            change = "" if same and read_alike else ("≠" if not same else "≈")
            lines.append(
                Line(
                    titles.get(slot, slot),
                    file_title(a, titles.get(slot, slot)) if a else MISSING,
                    file_title(b, titles.get(slot, slot)) if b else MISSING,
                    change,
                )
            )
    return lines


def compare_pairs(first: Mapping[str, str], second: Mapping[str, str]) -> list[Line]:
    """Named texts side by side."""
    return [
        Line(name, first.get(name, MISSING), second.get(name, MISSING))
        for name in dict.fromkeys([*first, *second])
    ]


def _metric_line(first: Metric | None, second: Metric | None) -> Line:
    known = first or second
    assert known is not None
    name = name_and_unit(known.label or known.name.replace("_", " "), known.unit)
    texts = [
        MISSING if metric is None else " ".join(filter(None, _parts(metric))) for metric in (first, second)
    ]
    return Line(name, texts[0], texts[1], _change(first, second))


def _parts(metric: Metric) -> tuple[str, str]:
    value, interval = metric_texts(metric)
    return value, f"({interval})" if interval else ""


def _change(first: Metric | None, second: Metric | None) -> str:
    if first is None or second is None:
        return ""
    a, b = first.value, second.value
    if isinstance(a, bool | str) or isinstance(b, bool | str) or a is None or b is None:
        return "" if a == b else "≠"
    difference = b - a
    if difference == 0 or not math.isfinite(difference):
        return ""
    sign = "+" if difference > 0 else ""
    ratio = difference / abs(a) if a else math.inf
    share = f" ({sign}{ratio:.1%})".replace("-", "−") if abs(ratio) < 10 else ""
    return f"{sign}{format_number(difference, 3)}{share}"
