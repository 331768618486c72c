"""Works a formula out for one row. Sums, products, quotients and whole powers are exact: 0.1 + 0.2 is 0.3.

A missing value (None) makes what depends on it missing, as in SQL: `missing and false` is false, `missing or true` is
true, everything else missing. Roots, logarithms, exponentials and broken powers are in double precision; where one of
them takes part, numbers that agree to 12 digits compare as equal.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from zerosec_shared.formulas.problems import FormulaValueError
from zerosec_shared.formulas.tree import (
    Arithmetic,
    Call,
    Column,
    Comparison,
    ComparisonSign,
    Formula,
    Function,
    Logic,
    Membership,
    Negative,
    Node,
    Not,
    Number,
    Text,
    Truth,
)
from zerosec_shared.texts import say

__all__ = ["Given", "Value", "as_number", "evaluate"]

Real = Fraction | float
Value = Fraction | float | str | bool | None
"""A result: an exact fraction or a double, a text, true or false, or None for missing."""
Given = int | float | Decimal | Fraction | str | bool | None
"""What a cell may hold."""

MAX_BITS = 4096
"""Fractions that grow beyond this go on as doubles."""
TOLERANCE = 1e-12


def evaluate(formula: Formula, row: Mapping[str, Given]) -> Value:
    """The value of a formula for one row: column name to cell.

    A float counts as the shortest decimal that stands for it (0.1 is one tenth), NaN as missing. Raises KeyError for a
    column that is not in the row (see `Formula.bound`), FormulaValueError for what cannot be worked out.
    """
    return _value(formula.root, row)


def as_number(value: Value) -> float | None:
    """A numeric result as the nearest double; missing stays None. Raises TypeError for a text or true/false."""
    if value is None:
        return None
    if isinstance(value, str | bool):
        raise TypeError("the formula gives no number")
    return float(value)


def _cell(given: Given) -> Value:
    if given is None or isinstance(given, str | bool | Fraction):
        return given
    if isinstance(given, float):
        return Fraction(Decimal(repr(given))) if math.isfinite(given) else None
    if isinstance(given, Decimal) and not given.is_finite():
        return None
    return Fraction(given)


def _value(node: Node, row: Mapping[str, Given]) -> Value:
    match node:
        case Number(value):
            return value
        case Text(value) | Truth(value):
            return value
        case Column(name):
            return _cell(row[name])
        case Negative(operand, position):
            number = _number(_value(operand, row), position)
            return None if number is None else -number
        case Not(operand, position):
            truth = _truth(_value(operand, row), position)
            return None if truth is None else not truth
        case Arithmetic():
            return _arithmetic(node, row)
        case Comparison(sign, left, right, position):
            return _compared(sign, _value(left, row), _value(right, row), position)
        case Membership(operand, choices, position):
            found = _value(operand, row)
            if found is None:
                return None
            return any(_compared("==", found, choice.value, position) for choice in choices)
        case Logic(sign, left, right, position):
            return _logic(sign == "or", left, right, row, position)
        case Call():
            return _called(node, row)


def _number(value: Value, position: int) -> Real | None:
    if isinstance(value, str):
        raise FormulaValueError(
            say("“{text}” is a text where a number is needed.", text=value[:60]), position
        )
    if isinstance(value, bool):
        raise FormulaValueError(say("A number is needed here, not true or false."), position)
    return value


def _truth(value: Value, position: int) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise FormulaValueError(say("True or false is needed here, such as a comparison."), position)


def _bounded(value: Real, position: int) -> Real:
    if isinstance(value, Fraction):
        if max(value.numerator.bit_length(), value.denominator.bit_length()) <= MAX_BITS:
            return value
        try:
            value = value.numerator / value.denominator
        except OverflowError:
            value = math.inf
    if not math.isfinite(value):
        raise FormulaValueError(say("The result is too large."), position)
    return value


def _arithmetic(node: Arithmetic, row: Mapping[str, Given]) -> Value:
    left = _number(_value(node.left, row), node.position)
    right = _number(_value(node.right, row), node.position)
    if left is None or right is None:
        return None
    try:
        match node.sign:
            case "+":
                found: Real = left + right
            case "-":
                found = left - right
            case "*":
                found = left * right
            case "/":
                if right == 0:
                    raise FormulaValueError(say("A division by zero."), node.position)
                found = left / right
            case "^":
                found = _power(left, right, node.position)
    except OverflowError:
        found = math.inf
    return _bounded(found, node.position)


def _power(base: Real, exponent: Real, position: int) -> Real:
    if base == 0 and exponent < 0:
        raise FormulaValueError(say("A division by zero."), position)
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        size = max(base.numerator.bit_length(), base.denominator.bit_length())
        if size * abs(exponent.numerator) <= MAX_BITS:
            return Fraction(base**exponent.numerator)
    if base < 0 and exponent != int(exponent):
        raise FormulaValueError(say("A broken power of a negative number."), position)
    return math.pow(float(base), float(exponent))


def _compared(sign: ComparisonSign, left: Value, right: Value, position: int) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, str) != isinstance(right, str) or isinstance(left, bool) != isinstance(right, bool):
        raise FormulaValueError(say("A text, a number and true or false cannot be compared."), position)
    if isinstance(left, str | bool) or isinstance(right, str | bool):
        if sign not in {"==", "!="}:
            raise FormulaValueError(say("Only numbers can be smaller or larger."), position)
        return (left == right) is (sign == "==")
    order = _order(left, right)
    match sign:
        case "==":
            return order == 0
        case "!=":
            return order != 0
        case "<":
            return order < 0
        case "<=":
            return order <= 0
        case ">":
            return order > 0
        case ">=":
            return order >= 0


def _order(left: Real, right: Real) -> int:
    if (isinstance(left, float) or isinstance(right, float)) and math.isclose(
        left, right, rel_tol=TOLERANCE, abs_tol=0
    ):
        return 0
    return (left > right) - (left < right)


def _logic(either: bool, left: Node, right: Node, row: Mapping[str, Given], position: int) -> bool | None:
    first = _truth(_value(left, row), position)
    if first is either:
        return either
    second = _truth(_value(right, row), position)
    if second is either:
        return either
    return None if first is None or second is None else not either


def _called(node: Call, row: Mapping[str, Given]) -> Value:
    at = node.position
    if node.function == "if":
        condition = _truth(_value(node.arguments[0], row), at)
        return None if condition is None else _value(node.arguments[1 if condition else 2], row)
    numbers = [_number(_value(argument, row), at) for argument in node.arguments]
    known: list[Real] = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    try:
        return _number_of(node.function, known, at)
    except OverflowError as error:
        raise FormulaValueError(say("The result is too large."), at) from error


def _number_of(function: Function, known: list[Real], at: int) -> Real:
    first = known[0]
    match function:
        case "abs":
            return -first if first < 0 else first
        case "min":
            return min(known)
        case "max":
            return max(known)
        case "round":
            return _rounded(first, known[1] if len(known) > 1 else Fraction(0), at)
        case "sqrt":
            if first < 0:
                raise FormulaValueError(say("The root of a negative number."), at)
            return math.sqrt(first)
        case "log":
            if any(number <= 0 for number in known) or known[1:] == [1]:
                raise FormulaValueError(
                    say("The logarithm needs numbers above zero (and a base that is not 1)."), at
                )
            return _bounded(math.log(*known), at)
        case "exp":
            return _bounded(math.exp(first), at)
        case "sin":
            return math.sin(first)
        case "cos":
            return math.cos(first)
        case "atan":
            return math.atan(first)
        case _:
            raise AssertionError(function)


def _rounded(number: Real, places: Real, position: int) -> Fraction:
    """Halves away from zero, as in a spreadsheet."""
    if places != int(places) or not -15 <= places <= 15:
        raise FormulaValueError(say("round takes a whole number of places from -15 to 15."), position)
    scale = Fraction(10) ** int(places)
    exact = Fraction(Decimal(repr(number))) if isinstance(number, float) else number
    steps = math.floor((-exact if exact < 0 else exact) * scale + Fraction(1, 2))
    return Fraction(-steps if exact < 0 else steps) / scale
