"""What a formula is once read: a small tree of numbers, texts, columns and operations, walked by whoever works it out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from zerosec_shared.formulas.names import column_named

__all__ = [
    "Arithmetic",
    "ArithmeticSign",
    "Call",
    "Column",
    "Comparison",
    "ComparisonSign",
    "Formula",
    "Function",
    "Logic",
    "Membership",
    "Negative",
    "Node",
    "Not",
    "Number",
    "Text",
    "Truth",
]

ArithmeticSign = Literal["+", "-", "*", "/", "^"]
ComparisonSign = Literal["==", "!=", "<", "<=", ">", ">="]
Function = Literal["abs", "min", "max", "round", "sqrt", "log", "exp", "sin", "cos", "atan", "if"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, exactly."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Text:
    """A text between quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Column:
    """The value of a column; `position` is where it stands in the text, counted from 1, as everywhere here."""

    name: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """`-a`."""

    operand: "Node"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`."""

    operand: "Node"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b` and its kin."""

    sign: ArithmeticSign
    left: "Node"
    right: "Node"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b` and its kin."""

    sign: ComparisonSign
    left: "Node"
    right: "Node"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Membership:
    """`a in {1, 2}`: all choices are numbers, or all are texts."""

    operand: "Node"
    choices: tuple[Number, ...] | tuple[Text, ...]
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b`, `a or b`; the right side counts only where the left leaves it open."""

    sign: Literal["and", "or"]
    left: "Node"
    right: "Node"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments."""

    function: Function
    arguments: tuple["Node", ...]
    position: int = field(default=0, compare=False)


Node = Number | Text | Truth | Column | Negative | Not | Arithmetic | Comparison | Membership | Logic | Call


def parts(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    match node:
        case Negative(operand) | Not(operand) | Membership(operand, _):
            return (operand,)
        case Arithmetic(_, left, right) | Comparison(_, left, right) | Logic(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula: its text as written, and its tree."""

    text: str
    root: Node

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it needs, each once, in the order they are written."""
        return tuple(dict.fromkeys(column.name for column in self._columns()))

    def _columns(self) -> Iterator[Column]:
        waiting: list[Node] = [self.root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Column):
                yield node
            waiting.extend(reversed(parts(node)))

    def renamed(self, name_of: Callable[[Column], str]) -> "Formula":
        """The same formula with other column names; the text stays as written."""
        return Formula(self.text, _renamed(self.root, name_of))

    def bound(self, names: Sequence[str]) -> "Formula":
        """The formula with each column under the table's own name: full-width or half-width, composed or not, is the same.

        Raises FormulaError for a column the table does not have, naming it and what comes near.
        """
        return self.renamed(lambda column: column_named(column.name, names, column.position))


def _renamed(node: Node, name_of: Callable[[Column], str]) -> Node:
    match node:
        case Column():
            return replace(node, name=name_of(node))
        case Negative(operand) | Not(operand) | Membership(operand, _):
            return replace(node, operand=_renamed(operand, name_of))
        case Arithmetic(_, left, right) | Comparison(_, left, right) | Logic(_, left, right):
            return replace(node, left=_renamed(left, name_of), right=_renamed(right, name_of))
        case Call(_, arguments):
            return replace(node, arguments=tuple(_renamed(argument, name_of) for argument in arguments))
        case _:
            return node
