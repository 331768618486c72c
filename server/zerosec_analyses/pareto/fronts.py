"""The exact non-dominated set and its hypervolume.

A row dominates another if it is at least as good in every objective and better in one. Rows that are equal in every objective do
not dominate each other: all of them belong to the set, or the first of each where the user asks for that. No tolerance is applied.
The set is found by the divide-and-conquer algorithm of Kung, Luccio and Preparata (1975), the hypervolume by the algorithms
collected by Guerreiro, Fonseca and Paquete (2021), both as the library moocore has them.
"""

from __future__ import annotations

from dataclasses import dataclass

import moocore
import numpy as np

from zerosec_analyses.pareto.objectives import BoolArray, FloatArray

# The most rows of the set for which the exact hypervolume takes seconds, by the number of objectives.
EXACT_ROWS = {2: 10_000_000, 3: 2_000_000, 4: 50_000, 5: 10_000, 6: 1000, 7: 300, 8: 120}
APPROXIMATION_WORK = 2_000_000_000
BEYOND = 0.1


def non_dominated(losses: FloatArray, *, keep_equal: bool = True) -> BoolArray:
    """Which rows (n x objectives, finite, less is better) no other row dominates."""
    if not len(losses):
        return np.zeros(0, dtype=bool)
    # −0.0 and 0.0 are one value
    return np.asarray(moocore.is_nondominated(losses + 0.0, keep_weakly=keep_equal), dtype=bool)


def ideal_and_nadir(front: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The best and the worst value of each objective within the set."""
    return front.min(axis=0), front.max(axis=0)


def reference_point(front: FloatArray, given: list[float | None]) -> FloatArray:
    """Where the hypervolume is measured from, as losses: what is given, else a tenth of the front's range beyond its worst.

    Where the front has no range, a tenth of the value's size, or 1 where that is zero.
    """
    ideal, nadir = ideal_and_nadir(front)
    reach = nadir - ideal
    size = np.where(np.abs(nadir) > 0, np.abs(nadir), 1.0)
    made = nadir + BEYOND * np.where(reach > 0, reach, size)
    return np.array([made[at] if value is None else value for at, value in enumerate(given)])


@dataclass(frozen=True)
class Hypervolume:
    """The volume the set dominates up to the reference point: in the product of the units, and as a share of the box from the ideal."""

    value: float
    share: float
    reference: FloatArray
    exact: bool
    beyond: int
    """Rows of the set that lie beyond the reference point in some objective and add nothing."""


def hypervolume(front: FloatArray, reference: FloatArray) -> Hypervolume:
    """The hypervolume of a set (m x objectives, losses). Approximate where the exact one would take minutes."""
    unique = np.unique(front, axis=0)
    ideal = np.minimum(unique.min(axis=0), reference)
    box = reference - ideal
    inside = (unique < reference).all(axis=1)
    beyond = int((front >= reference).any(axis=1).sum())
    if not inside.any() or not (box > 0).all():
        return Hypervolume(0.0, 0.0, reference, True, beyond)
    scaled = (unique[inside] - ideal) / box
    d = scaled.shape[1]
    exact = len(scaled) <= EXACT_ROWS[d]
    if exact:
        share = float(moocore.hypervolume(scaled, ref=np.ones(d)))
    else:
        draws = max(1024, APPROXIMATION_WORK // (len(scaled) * d))
        share = float(moocore.hv_approx(scaled, ref=np.ones(d), nsamples=min(draws, 2**18)))
    return Hypervolume(share * float(np.prod(box)), share, reference, exact, beyond)
