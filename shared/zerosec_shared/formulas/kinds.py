"""What a formula gives, judged before any row is read: a number, a text, or true/false."""

from collections.abc import Mapping
from enum import StrEnum

from zerosec_shared.formulas.problems import FormulaError
from zerosec_shared.formulas.tree import (
    Arithmetic,
    Call,
    Column,
    Comparison,
    Formula,
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

__all__ = ["Kind", "check", "kind_of"]


class Kind(StrEnum):
    """What a value is. ANY: not known, which fits everywhere."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    ANY = "any"

    @property
    def words(self) -> str:
        """In a sentence."""
        return {"number": "a number", "text": "a text", "truth": "true or false", "any": "anything"}[
            self.value
        ]


_WORDS = {
    Kind.NUMBER: say("a number"),
    Kind.TEXT: say("a text"),
    Kind.TRUTH: say("true or false"),
    Kind.ANY: say("anything"),
}


def kind_of(formula: Formula, kinds: Mapping[str, Kind]) -> Kind:
    """The kind of a formula's result. Raises FormulaError where its parts do not fit, KeyError for an unknown column."""
    return _kind(formula.root, kinds)


def check(formula: Formula, kinds: Mapping[str, Kind], wanted: Kind) -> None:
    """Raise FormulaError unless the formula is of one piece and gives the kind wanted."""
    found = kind_of(formula, kinds)
    if Kind.ANY not in {found, wanted} and found is not wanted:
        raise FormulaError(
            say("The formula gives {found}; needed is {wanted}.", found=found.words, wanted=wanted.words)
        )


def _kind(node: Node, kinds: Mapping[str, Kind]) -> Kind:
    match node:
        case Number():
            return Kind.NUMBER
        case Text():
            return Kind.TEXT
        case Truth():
            return Kind.TRUTH
        case Column(name):
            return kinds[name]
        case Negative(operand, position):
            return _need(operand, Kind.NUMBER, kinds, position)
        case Not(operand, position):
            return _need(operand, Kind.TRUTH, kinds, position)
        case Arithmetic(_, left, right, position):
            _need(left, Kind.NUMBER, kinds, position)
            return _need(right, Kind.NUMBER, kinds, position)
        case Logic(_, left, right, position):
            _need(left, Kind.TRUTH, kinds, position)
            return _need(right, Kind.TRUTH, kinds, position)
        case Comparison(sign, left, right, position):
            if sign in {"==", "!="}:
                _same(_kind(left, kinds), _kind(right, kinds), position)
            else:
                _need(left, Kind.NUMBER, kinds, position)
                _need(right, Kind.NUMBER, kinds, position)
            return Kind.TRUTH
        case Membership(operand, choices, position):
            _same(_kind(operand, kinds), _kind(choices[0], kinds), position)
            return Kind.TRUTH
        case Call("if", arguments, position):
            _need(arguments[0], Kind.TRUTH, kinds, position)
            return _same(_kind(arguments[1], kinds), _kind(arguments[2], kinds), position)
        case Call(_, arguments, position):
            for argument in arguments:
                _need(argument, Kind.NUMBER, kinds, position)
            return Kind.NUMBER


def _need(node: Node, wanted: Kind, kinds: Mapping[str, Kind], position: int) -> Kind:
    found = _kind(node, kinds)
    if found in {wanted, Kind.ANY}:
        return wanted
    if isinstance(node, Column):
        raise FormulaError(
            say(
                "“{column}” is {found}; needed is {wanted}.",
                column=node.name,
                found=found.words,
                wanted=wanted.words,
            ),
            node.position,
        )
    raise FormulaError(
        say("This is {found}; needed is {wanted}.", found=found.words, wanted=wanted.words), position
    )


def _same(left: Kind, right: Kind, position: int) -> Kind:
    if left is Kind.ANY:
        return right
    if right not in {left, Kind.ANY}:
        raise FormulaError(
            say("Here {left} and {right} cannot stand together.", left=left.words, right=right.words),
            position,
        )
    return left
