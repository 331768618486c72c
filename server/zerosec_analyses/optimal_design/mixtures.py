"""Mixtures without a list: points of the region that bounds leave of the simplex, dense enough to choose runs from.

The corners are found by putting all components but one at a bound (XVERT, Snee & Marquardt 1974); with them come the middles between
corners, the centroid, and a simplex lattice (Scheffé 1958) of what the bounds leave. Every point adds up to the total exactly as it is
written, in whole units of its last decimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, product
from math import comb

import numpy as np

from zerosec_analyses.optimal_design.factors import Factor, FactorKind, FloatArray, IntArray
from zerosec_analyses.sdk import InputError, Said, say

MAX_COMPONENTS = 12
FEWEST_DECIMALS, MOST_DECIMALS = 4, 9
"""Of a part of one; a part of a hundred has two fewer."""
MAX_POINTS = 20_000
MAX_TRIED = 300_000
MAX_DIVISIONS = 60
CORNERS_IN_PAIRS = 60


def mixture_of(factors: Sequence[Factor]) -> tuple[tuple[Factor, ...], FloatArray, Said]:
    """Components and coded points (N x k) of described ranges, and how the points were made. Raises InputError."""
    others = [factor.name for factor in factors if factor.kind is not FactorKind.CONTINUOUS]
    if others:
        raise InputError(
            say("A mixture without a list is of ranges only, and {names} are given otherwise.", names=", ".join(others)),
            hint="Write a component as a range, such as 0.1..0.6; or make the list of possible runs and give that.",
        )  # fmt: skip
    if not 2 <= len(factors) <= MAX_COMPONENTS:
        raise InputError(
            say("A mixture without a list has 2 to {most} components, not {count}.", most=MAX_COMPONENTS, count=len(factors)),
            hint="Make the list of mixtures that can be made, and give it instead of the ranges.",
        )  # fmt: skip
    negative = next((factor for factor in factors if factor.low < 0), None)
    if negative is not None:
        raise InputError(
            say("{factor}: a component of a mixture cannot be below zero.", factor=negative.name)
        )
    total = 100 if max(factor.high for factor in factors) > 1 else 1
    least, most = sum(factor.low for factor in factors), sum(factor.high for factor in factors)
    if not least <= total * (1 + 1e-12) or not most >= total * (1 - 1e-12):
        raise InputError(
            say("The components cannot add up to {total}: together they are {low:.6g} to {high:.6g}.", total=total, low=least, high=most),
            hint="Components are parts of 1, or of 100 where a bound is above 1.",
        )  # fmt: skip
    unit = Decimal(1).scaleb(-_decimals(factors, total))
    low = np.array([int(Decimal(repr(factor.low)) / unit) for factor in factors], dtype=np.int64)
    high = np.array([int(Decimal(repr(factor.high)) / unit) for factor in factors], dtype=np.int64)
    whole = int(Decimal(total) / unit)
    corners = _corners(low, high, whole)
    between = [(a + b) / 2 for a, b in combinations(corners, 2)] if len(corners) <= CORNERS_IN_PAIRS else []
    wanted = [*corners, *between, corners.mean(axis=0), *_lattice(low, high, whole)]
    points = np.unique([_whole(point, low, high, whole) for point in wanted], axis=0)
    values = points / float(1 / unit)
    components = []
    for at, factor in enumerate(factors):
        levels = np.unique(values[:, at])
        components.append(
            Factor(factor.name, FactorKind.COMPONENT, tuple(levels.tolist()), float(levels[0]), float(levels[-1]), total=float(total))
        )  # fmt: skip
    made = say(
        "The mixtures were chosen from {points:,} points of their region, which has {corners:,} corners: these, the middles between them, and a lattice.",
        points=len(points), corners=len(corners),
    )  # fmt: skip
    return tuple(components), np.ascontiguousarray(values / total), made


def _decimals(factors: Sequence[Factor], total: int) -> int:
    """Decimals that mixtures are written with: enough for the bounds."""
    bounds = [Decimal(repr(bound)).normalize() for factor in factors for bound in (factor.low, factor.high)]
    finest = max(-int(bound.as_tuple().exponent) for bound in bounds)
    usual = FEWEST_DECIMALS - (2 if total == 100 else 0)
    if finest > MOST_DECIMALS:
        raise InputError(say("The bounds of a mixture have at most {most} decimals.", most=MOST_DECIMALS))
    return max(usual, finest)


def _corners(low: IntArray, high: IntArray, whole: int) -> FloatArray:
    """The extreme vertices, in whole units."""
    k = len(low)
    ends = np.array(list(product((0, 1), repeat=k - 1)))
    found = []
    for free in range(k):
        fixed = [at for at in range(k) if at != free]
        point = np.empty((len(ends), k), dtype=np.int64)
        point[:, fixed] = np.where(ends, high[fixed], low[fixed])
        point[:, free] = whole - point[:, fixed].sum(axis=1)
        found.append(point[(point[:, free] >= low[free]) & (point[:, free] <= high[free])])
    return np.unique(np.vstack(found), axis=0).astype(np.float64)


def _lattice(low: IntArray, high: IntArray, whole: int) -> FloatArray:
    """A simplex lattice above the lower bounds, as fine as leaves no more than 20,000 points below the upper ones."""
    k = len(low)
    best = np.empty((0, k))
    for divisions in range(2, MAX_DIVISIONS + 1):
        if comb(divisions + k - 1, k - 1) > MAX_TRIED:
            break
        bars = np.array(list(combinations(range(divisions + k - 1), k - 1)))
        edges = np.column_stack([np.full(len(bars), -1), bars, np.full(len(bars), divisions + k - 1)])
        parts = np.diff(edges, axis=1) - 1
        points = low + parts * ((whole - low.sum()) / divisions)
        points = points[(points <= high + 0.5).all(axis=1)]
        if len(points) > MAX_POINTS:
            break
        best = points
    return best


def _whole(point: FloatArray, low: IntArray, high: IntArray, whole: int) -> IntArray:
    """The point in whole units, within the bounds, with the total kept: what rounding costs goes to the component with most room."""
    found: IntArray = np.clip(np.rint(point).astype(np.int64), low, high)
    left = whole - int(found.sum())
    while left:
        room = high - found if left > 0 else found - low
        at = int(room.argmax())
        step = min(abs(left), int(room[at])) * (1 if left > 0 else -1)
        found[at] += step
        left -= step
    return found
