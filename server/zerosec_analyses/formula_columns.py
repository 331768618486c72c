"""Formulas over whole tables: a formula of `zerosec_shared.formulas` as a polars expression, with the same meaning.

Arithmetic is in double precision here. So that 0.1 + 0.2 <= 0.3 holds as it does on paper, results of arithmetic count
as equal when they differ by less than 1e-12 of the sizes of the terms they were made of; plain columns and numbers are
compared as they stand. What cannot be worked out (a division by zero, …) is an error that names the row, and only where
the formula comes to it: `if(x == 0, 0, 1 / x)` is defined everywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from zerosec_shared.formulas import Formula, FormulaError, FormulaValueError, Kind, check, kind_of
from zerosec_shared.formulas.tree import (
    Arithmetic,
    Call,
    Column,
    Comparison,
    ComparisonSign,
    Logic,
    Membership,
    Negative,
    Node,
    Not,
    Number,
    Text,
    Truth,
)
from zerosec_shared.texts import Said, say

__all__ = ["FormulaRowError", "computed", "kinds_of", "mask"]

TOLERANCE = 1e-12


class FormulaRowError(FormulaValueError):
    """A formula that cannot be worked out for one row: `index` (from 0) in the frame; `reason` is the sentence without it."""

    def __init__(self, reason: Said, position: int | None, index: int, row: int) -> None:
        self.reason, self.index = reason, index
        super().__init__(say("Row {row:,}: {problem}", row=row, problem=reason), position)


def kinds_of(frame: pl.DataFrame, names: tuple[str, ...]) -> dict[str, Kind]:
    """What the named columns hold. Raises FormulaError for dates and other types no formula takes."""
    kinds = {}
    for name in names:
        dtype = frame.schema[name]
        if frame[name].null_count() == frame.height:
            kinds[name] = Kind.ANY
        elif dtype.is_numeric():
            kinds[name] = Kind.NUMBER
        elif dtype in {pl.String, pl.Categorical, pl.Enum}:
            kinds[name] = Kind.TEXT
        elif dtype == pl.Boolean:
            kinds[name] = Kind.TRUTH
        else:
            raise FormulaError(say("“{column}” holds dates or times, which no formula takes.", column=name))
    return kinds


def mask(formula: Formula, frame: pl.DataFrame, row_number: Callable[[int], int] | None = None) -> pl.Series:
    """Where a condition holds: Boolean, null where a missing value leaves it open, one value a row of the frame.

    Raises FormulaError for an unknown column or parts that do not fit, FormulaRowError with the row (from 1, or as
    `row_number` says for an index) for a value it cannot be worked out for.
    """
    bound = formula.bound(frame.columns)
    check(bound, kinds_of(frame, bound.columns), Kind.TRUTH)
    return computed(bound, frame, row_number).cast(pl.Boolean)


def computed(
    formula: Formula, frame: pl.DataFrame, row_number: Callable[[int], int] | None = None
) -> pl.Series:
    """The formula's value for every row: Float64, String or Boolean, null where a value it needs is missing. Raises as `mask`."""
    bound = formula.bound(frame.columns)
    kinds = kinds_of(frame, bound.columns)
    kind_of(bound, kinds)
    compiler = _Compiler(kinds)
    result = compiler.node(bound.root, _everywhere(True, pl.Boolean())).value
    columns = [result.alias("result"), *(bad.alias(f"{i}") for i, (bad, _) in enumerate(compiler.guards))]
    found = frame.select(pl.int_range(pl.len()).alias("index"), *columns)
    for i, (_, problem) in enumerate(compiler.guards):
        bad = found[f"{i}"].fill_null(value=False)
        if bad.any():
            at = bad.arg_max() or 0
            row = at + 1 if row_number is None else row_number(at)
            raise FormulaRowError(problem.problem, problem.position, at, row)
    return found["result"].alias(formula.text[:60])


@dataclass(frozen=True)
class _Part:
    """A compiled part. `size`: what its rounding error is proportional to; None for what stands as it was written."""

    value: pl.Expr
    size: pl.Expr | None = None

    @property
    def magnitude(self) -> pl.Expr:
        return self.value.abs() if self.size is None else self.size


class _Compiler:
    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self.guards: list[tuple[pl.Expr, FormulaValueError]] = []

    def guard(self, reached: pl.Expr, bad: pl.Expr, sentence: Said, position: int) -> None:
        self.guards.append((reached & bad, FormulaValueError(sentence, position)))

    def number(self, node: Node, reached: pl.Expr) -> _Part:
        part = self.node(node, reached)
        return _Part(part.value.cast(pl.Float64), part.size)

    def truth(self, node: Node, reached: pl.Expr) -> pl.Expr:
        return self.node(node, reached).value.cast(pl.Boolean)

    def node(self, node: Node, reached: pl.Expr) -> _Part:
        match node:
            case Number(value):
                return _Part(_everywhere(float(value), pl.Float64()))
            case Text(value):
                return _Part(_everywhere(value, pl.String()))
            case Truth(value):
                return _Part(_everywhere(value, pl.Boolean()))
            case Column(name):
                return self.column(name)
            case Negative(operand):
                part = self.number(operand, reached)
                return _Part(-part.value, part.size)
            case Not(operand):
                return _Part(~self.truth(operand, reached))
            case Arithmetic():
                return self.arithmetic(node, reached)
            case Comparison(sign, left, right):
                return _Part(self.compared(sign, left, right, reached))
            case Membership(operand, choices):
                return _Part(
                    reduce(or_, (self.compared("==", operand, choice, reached) for choice in choices))
                )
            case Logic(sign, left, right):
                first = self.truth(left, reached)
                second = self.truth(right, reached & first.ne_missing(pl.lit(sign == "or")))
                return _Part(first | second if sign == "or" else first & second)
            case Call("if", (condition, yes, no)):
                truth = self.truth(condition, reached)
                chosen = [
                    self.node(yes, reached & truth.fill_null(value=False)),
                    self.node(no, reached & (~truth).fill_null(value=False)),
                ]
                either = pl.when(truth).then(chosen[0].value).when(~truth).then(chosen[1].value)
                if all(part.size is None for part in chosen):
                    return _Part(either)
                return _Part(either, pl.when(truth).then(chosen[0].magnitude).otherwise(chosen[1].magnitude))
            case Call():
                return self.called(node, reached)

    def column(self, name: str) -> _Part:
        column = pl.col(name)
        match self.kinds[name]:
            case Kind.NUMBER:
                return _Part(column.cast(pl.Float64).fill_nan(None))
            case Kind.TEXT:
                return _Part(column.cast(pl.String))
            case Kind.TRUTH:
                return _Part(column)
            case _:
                return _Part(_everywhere(None, pl.Null()))

    def arithmetic(self, node: Arithmetic, reached: pl.Expr) -> _Part:
        left, right = self.number(node.left, reached), self.number(node.right, reached)
        match node.sign:
            case "+":
                part = _Part(left.value + right.value, left.magnitude + right.magnitude)
            case "-":
                part = _Part(left.value - right.value, left.magnitude + right.magnitude)
            case "*":
                part = _Part(left.value * right.value, left.magnitude * right.magnitude)
            case "/":
                self.guard(
                    reached & left.value.is_not_null(),
                    _is_zero(right),
                    say("A division by zero."),
                    node.position,
                )
                part = _Part(left.value / right.value, left.magnitude / right.value.abs())
            case _:
                whole = right.value == right.value.round()
                self.guard(
                    reached, _is_zero(left) & (right.value < 0), say("A division by zero."), node.position
                )
                self.guard(
                    reached,
                    (left.value < 0) & ~whole,
                    say("A broken power of a negative number."),
                    node.position,
                )
                power = left.value.pow(right.value)
                part = _Part(power, left.magnitude.pow(right.value))
        self.guard(reached, part.value.is_infinite(), say("The result is too large."), node.position)
        return part

    def compared(self, sign: ComparisonSign, left: Node, right: Node, reached: pl.Expr) -> pl.Expr:
        a, b = self.node(left, reached), self.node(right, reached)
        if a.size is not None or b.size is not None:
            difference = a.value.cast(pl.Float64) - b.value.cast(pl.Float64)
            slack = TOLERANCE * (a.magnitude + b.magnitude)
            apart = (
                pl.when(difference.abs() <= slack).then(0.0).when(difference.is_not_null()).then(difference)
            )
            a, b = _Part(apart), _Part(pl.lit(0.0))
        match sign:
            case "==":
                return a.value == b.value
            case "!=":
                return a.value != b.value
            case "<":
                return a.value < b.value
            case "<=":
                return a.value <= b.value
            case ">":
                return a.value > b.value
            case _:
                return a.value >= b.value

    def called(self, node: Call, reached: pl.Expr) -> _Part:
        parts = [self.number(argument, reached) for argument in node.arguments]
        first, at = parts[0], node.position
        whole = pl.all_horizontal(part.value.is_not_null() for part in parts)
        sizes = pl.max_horizontal(part.magnitude for part in parts)
        value = first.value
        match node.function:
            case "abs":
                return _Part(value.abs(), first.size)
            case "min":
                return _Part(pl.when(whole).then(pl.min_horizontal(part.value for part in parts)), sizes)
            case "max":
                return _Part(pl.when(whole).then(pl.max_horizontal(part.value for part in parts)), sizes)
            case "round":
                return self.rounded(parts, reached, at)
            case "sqrt":
                low = value < -TOLERANCE * first.magnitude
                self.guard(reached, low, say("The root of a negative number."), at)
                root = value.clip(lower_bound=0.0).sqrt()
                return _Part(root, first.magnitude.sqrt())
            case "log":
                bad = reduce(
                    or_, [part.value <= 0 for part in parts] + [part.value == 1 for part in parts[1:]]
                )
                sentence = say("The logarithm needs numbers above zero (and a base that is not 1).")
                self.guard(reached & whole, bad, sentence, at)
                found = value.log() / parts[1].value.log() if len(parts) > 1 else value.log()
                return _Part(found, found.abs() + 1)
            case "sin" | "cos" | "atan":
                made = {"sin": value.sin, "cos": value.cos, "atan": value.arctan}[node.function]()
                return _Part(made, made.abs() + 1)
            case _:
                found = value.exp()
                self.guard(reached, found.is_infinite(), say("The result is too large."), at)
                return _Part(found, found)

    def rounded(self, parts: list[_Part], reached: pl.Expr, at: int) -> _Part:
        """Halves away from zero, also where a half is a little less in binary (2.675)."""
        value = parts[0].value
        places = parts[1].value if len(parts) > 1 else pl.lit(0.0)
        bad = (places != places.round()) | (places.abs() > 15)
        self.guard(
            reached & value.is_not_null(),
            bad,
            say("round takes a whole number of places from -15 to 15."),
            at,
        )
        up, down = pl.lit(10.0).pow(places.abs()), places < 0
        scaled = pl.when(down).then(value / up).otherwise(value * up)
        halves = (scaled.abs() * (1 + 1e-14) + 0.5).floor() * scaled.sign()
        return _Part(pl.when(down).then(halves * up).otherwise(halves / up), value.abs())


def _everywhere(value: float | str | bool | None, dtype: pl.DataType) -> pl.Expr:
    """A literal in every row: the engine takes a choice between bare literals for a single value and refuses it."""
    return pl.repeat(value, pl.len(), dtype=dtype)


def _is_zero(part: _Part) -> pl.Expr:
    if part.size is None:
        return part.value == 0
    return part.value.abs() <= TOLERANCE * part.size
