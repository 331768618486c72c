"""Scores by table and method as a table to read, with each method's mean rank: 1 is the best on every table."""

import statistics
from collections.abc import Mapping, Sequence

__all__ = ["mean_ranks", "ranking"]


def mean_ranks(
    scores: Mapping[str, Mapping[str, float | None]], *, larger_is_better: bool
) -> dict[str, float]:
    """By method, over the tables; equal scores share their ranks, a failed fit is last."""
    methods = list(next(iter(scores.values())))
    ranks: dict[str, list[float]] = {method: [] for method in methods}
    for by_method in scores.values():
        sign = -1.0 if larger_is_better else 1.0
        losses = {m: float("inf") if (v := by_method[m]) is None else sign * v for m in methods}
        for method in methods:
            better = sum(loss < losses[method] for loss in losses.values())
            equal = sum(loss == losses[method] for loss in losses.values())
            ranks[method].append(better + (equal + 1) / 2)
    return {method: statistics.fmean(found) for method, found in ranks.items()}


def ranking(
    scores: Mapping[str, Mapping[str, Sequence[float | None]]],
    cpu: Mapping[str, Sequence[float]],
    what: str,
    seconds: int,
) -> str:
    """The report in Markdown: mean over the held-out parts by table, then mean ranks and the median CPU time really used."""
    means: dict[str, dict[str, float | None]] = {}
    for table, by_method in scores.items():
        means[table] = {}
        for method, found in by_method.items():
            known = [value for value in found if value is not None]
            means[table][method] = statistics.fmean(known) if len(known) == len(found) else None
    methods = list(next(iter(means.values())))
    lines = [
        f"{what} on held-out rows, {seconds} CPU seconds a fit",
        "",
        "| table | " + " | ".join(methods) + " |",
        "|---" * (len(methods) + 1) + "|",
    ]
    for table, by_method in means.items():
        cells = ["failed" if (v := by_method[m]) is None else f"{v:.4f}" for m in methods]
        lines.append(f"| {table} | " + " | ".join(cells) + " |")
    ranks = mean_ranks(means, larger_is_better=what == "R²")
    lines.append("| **mean rank** | " + " | ".join(f"**{ranks[m]:.2f}**" for m in methods) + " |")
    used = [f"{statistics.median(cpu[m]):.0f}" if cpu[m] else "-" for m in methods]
    lines.append("| CPU seconds used (median) | " + " | ".join(used) + " |")
    return "\n".join(lines) + "\n"
