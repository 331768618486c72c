"""A formula's values and its derivatives by its constants, over all rows at once, by the chain rule along its tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zerosec_analyses.sdk import InputError
from zerosec_shared.formulas.tree import Arithmetic, Call, Column, Formula, Negative, Node, Number

Values = NDArray[np.floating]
ZERO: Values = np.asarray(0.0)


@dataclass(frozen=True)
class Model:
    """A formula whose names are columns (n values each) or constants, in their order."""

    formula: Formula
    columns: Mapping[str, NDArray[np.float64]]
    constants: tuple[str, ...]

    def evaluate(self, at: Values) -> tuple[Values, Values]:
        """Values (n) and derivatives (n x constants) at constants ``at``, in their precision. What cannot be worked out is NaN."""
        kind = at.dtype
        n = len(next(iter(self.columns.values())))
        with np.errstate(all="ignore"):
            value, slopes = self._walk(self.formula.root, at, n)
        return np.broadcast_to(value, (n,)).astype(kind), np.column_stack(
            [np.broadcast_to(slopes.get(i, kind.type(0)), (n,)).astype(kind) for i in range(at.size)]
        )

    def value(self, at: Values) -> Values:
        """The values alone."""
        return self.evaluate(at)[0]

    def _walk(self, node: Node, at: Values, n: int) -> tuple[Values, dict[int, Values]]:
        real = at.dtype.type
        match node:
            case Number(number):
                # the quotient of two whole numbers is right to the last digit of either precision
                return np.asarray(real(number.numerator) / real(number.denominator)), {}
            case Column(name):
                if name in self.columns:
                    return self.columns[name].astype(at.dtype), {}
                place = self.constants.index(name)
                return np.asarray(at[place]), {place: np.asarray(real(1))}
            case Negative(operand):
                value, slopes = self._walk(operand, at, n)
                return -value, {i: -s for i, s in slopes.items()}
            case Arithmetic(sign, left, right):
                return self._arithmetic(sign, self._walk(left, at, n), self._walk(right, at, n))
            case Call(function, arguments):
                parts = [self._walk(argument, at, n) for argument in arguments]
                return _called(function, parts)
            case _:
                raise _not_smooth()

    @staticmethod
    def _arithmetic(
        sign: str, left: tuple[Values, dict[int, Values]], right: tuple[Values, dict[int, Values]]
    ) -> tuple[Values, dict[int, Values]]:
        (a, da), (b, db) = left, right
        both = da.keys() | db.keys()
        if sign in {"+", "-"}:
            s = 1 if sign == "+" else -1
            return a + s * b, {i: da.get(i, ZERO) + s * db.get(i, ZERO) for i in both}
        if sign == "*":
            return a * b, {i: da.get(i, ZERO) * b + a * db.get(i, ZERO) for i in both}
        if sign == "/":
            q = a / b
            return q, {i: (da.get(i, ZERO) - q * db.get(i, ZERO)) / b for i in both}
        power = a**b
        slopes: dict[int, Values] = {}
        for i in both:
            slopes[i] = ZERO
            if i in da:
                slopes[i] = np.asarray(b * a ** (b - 1) * da[i])
            if i in db:
                slopes[i] = np.asarray(slopes[i] + power * np.log(a) * db[i])
        return power, slopes


def _called(
    function: str, parts: Sequence[tuple[Values, dict[int, Values]]]
) -> tuple[Values, dict[int, Values]]:
    a, da = parts[0]
    match function:
        case "exp":
            value = np.exp(a)
            return value, {i: value * s for i, s in da.items()}
        case "log":
            value = np.asarray(np.log(a))
            slopes: dict[int, Values] = {i: s / a for i, s in da.items()}
            if len(parts) == 1:
                return value, slopes
            base, dbase = np.log(parts[1][0]), parts[1][1]
            found = value / base
            both = slopes.keys() | dbase.keys()
            return found, {
                i: (slopes.get(i, ZERO) - found * dbase.get(i, ZERO) / parts[1][0]) / base for i in both
            }
        case "sqrt":
            value = np.sqrt(a)
            return value, {i: s / (2 * value) for i, s in da.items()}
        case "sin":
            return np.sin(a), {i: np.cos(a) * s for i, s in da.items()}
        case "cos":
            return np.cos(a), {i: -np.sin(a) * s for i, s in da.items()}
        case "atan":
            return np.arctan(a), {i: s / (1 + a * a) for i, s in da.items()}
        case "abs":
            return np.abs(a), {i: np.sign(a) * s for i, s in da.items()}
        case _:
            raise _not_smooth()


def _not_smooth() -> InputError:
    return InputError(
        "The formula holds a choice, a comparison, a text, min, max or round.",
        "A fit needs a formula that changes smoothly with its constants.",
        "Use + - * / ^ and abs, sqrt, log, exp, sin, cos, atan.",
    )
