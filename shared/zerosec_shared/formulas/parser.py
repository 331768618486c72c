"""Reads a formula into its tree. Nothing is ever executed; length, depth and size are bounded.

Grammar (loosest binding first)::

    either    = both { "or" both }
    both      = negated { "and" negated }
    negated   = "not" negated | comparison
    comparison= sum { ("==" | "!=" | "<" | "<=" | ">" | ">=") sum } | sum ["not"] "in" "{" literal { "," literal } "}"
    sum       = product { ("+" | "-") product }
    product   = signed { ("*" | "/") signed }
    signed    = ("+" | "-") signed | power
    power     = atom [ "^" signed ]                 2^3^2 is 2^(3^2), -2^2 is -(2^2)
    atom      = number | text | "true" | "false" | name | function "(" either { "," either } ")" | "(" either ")"

`1 < x < 3` means `1 < x and x < 3`. A single `=` is `==`; `<>` and `≠` are `!=`; `**` is `^`; `;` is `,`.
"""

from fractions import Fraction
from math import isfinite
from typing import cast, get_args

from zerosec_shared.formulas.problems import FormulaError
from zerosec_shared.formulas.tokens import Token, tokens
from zerosec_shared.formulas.tree import (
    Arithmetic,
    ArithmeticSign,
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

__all__ = ["parse"]

MAX_DEPTH = 40
MAX_CHAIN = 120
_COMPARISONS = frozenset(get_args(ComparisonSign))
_FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1),
    "min": (1, 20),
    "max": (1, 20),
    "round": (1, 2),
    "sqrt": (1, 1),
    "log": (1, 2),
    "exp": (1, 1),
    "sin": (1, 1),
    "cos": (1, 1),
    "atan": (1, 1),
    "if": (3, 3),
}


def parse(text: str) -> Formula:
    """Read a formula. Raises FormulaError, with the place, for anything that is none."""
    return Formula(text, _Parser(list(tokens(text))).whole())


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self.tokens, self.at, self.depth = found, 0, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def whole(self) -> Node:
        if self.ended():
            raise FormulaError(say("The formula is empty."))
        node = self.either()
        if not self.ended():
            raise self.unexpected()
        return node

    def ended(self) -> bool:
        return self.now.sort == "end"

    def unexpected(self) -> FormulaError:
        if self.ended():
            return FormulaError(say("The formula ends too early."), self.now.position)
        before = self.tokens[self.at - 1] if self.at else None
        if before and before.sort == "name" and self.now.text == "(":
            return FormulaError(
                say(
                    "There is no function “{name}”. There is {functions}; a column name with brackets stands between backticks.",
                    name=before.text,
                    functions=", ".join(_FUNCTIONS),
                ),
                before.position,
            )
        return FormulaError(say("“{sign}” was not expected here.", sign=self.now.text), self.now.position)

    def taken(self, *texts: str) -> Token | None:
        """The token, if it is one of these signs or words; and on to the next."""
        token = self.now
        if token.sort in {"sign", "word"} and token.text in texts:
            self.at += 1
            return token
        return None

    def need(self, text: str) -> Token:
        token = self.taken(text)
        if token is None:
            if self.ended():
                raise FormulaError(say("“{sign}” is missing at the end.", sign=text), self.now.position)
            raise self.unexpected()
        return token

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(
                say("The formula is nested more than {most} deep.", most=MAX_DEPTH), self.now.position
            )

    def chained(self, count: int) -> None:
        if count > MAX_CHAIN:
            raise FormulaError(
                say("The formula has more than {most} parts in a row.", most=MAX_CHAIN), self.now.position
            )

    def either(self) -> Node:
        self.deeper()
        node, count = self.both(), 0
        while sign := self.taken("or"):
            self.chained(count := count + 1)
            node = Logic("or", node, self.both(), sign.position)
        self.depth -= 1
        return node

    def both(self) -> Node:
        node, count = self.negated(), 0
        while sign := self.taken("and"):
            self.chained(count := count + 1)
            node = Logic("and", node, self.negated(), sign.position)
        return node

    def negated(self) -> Node:
        if sign := self.taken("not"):
            self.deeper()
            node: Node = Not(self.negated(), sign.position)
            self.depth -= 1
            return node
        return self.comparison()

    def comparison(self) -> Node:
        left = self.sum()
        if sign := self.taken("not"):
            if self.now.text != "in":
                raise self.unexpected()
            self.at += 1
            return Not(self.membership(left, sign.position), sign.position)
        if sign := self.taken("in"):
            return self.membership(left, sign.position)
        node: Node | None = None
        count = 0
        while sign := self.taken(*_COMPARISONS):
            self.chained(count := count + 1)
            right = self.sum()
            link = Comparison(cast(ComparisonSign, sign.text), left, right, sign.position)
            node = link if node is None else Logic("and", node, link, sign.position)
            left = right
        return left if node is None else node

    def membership(self, operand: Node, position: int) -> Node:
        self.need("{")
        choices = [self.literal()]
        while self.taken(","):
            choices.append(self.literal())
        self.need("}")
        numbers = tuple(choice for choice in choices if isinstance(choice, Number))
        texts = tuple(choice for choice in choices if isinstance(choice, Text))
        if numbers and texts:
            raise FormulaError(say("The choices are numbers or texts, not both."), position)
        return Membership(operand, numbers or texts, position)

    def literal(self) -> Number | Text:
        negative = False
        while sign := self.taken("-", "+"):
            negative ^= sign.text == "-"
        token = self.now
        if token.sort == "number":
            self.at += 1
            number = _number(token)
            return Number(-number.value) if negative else number
        if token.sort == "text" and self.tokens[self.at - 1].text in {"{", ","}:
            self.at += 1
            return Text(token.text)
        if token.sort == "name":
            raise FormulaError(
                say('A text stands between double quotes, as in "{name}".', name=token.text), token.position
            )
        raise self.unexpected()

    def sum(self) -> Node:
        node, count = self.product(), 0
        while sign := self.taken("+", "-"):
            self.chained(count := count + 1)
            node = Arithmetic(cast(ArithmeticSign, sign.text), node, self.product(), sign.position)
        return node

    def product(self) -> Node:
        node, count = self.signed(), 0
        while sign := self.taken("*", "/"):
            self.chained(count := count + 1)
            node = Arithmetic(cast(ArithmeticSign, sign.text), node, self.signed(), sign.position)
        return node

    def signed(self) -> Node:
        if sign := self.taken("-", "+"):
            self.deeper()
            operand = self.signed()
            self.depth -= 1
            return Negative(operand, sign.position) if sign.text == "-" else operand
        return self.power()

    def power(self) -> Node:
        base = self.atom()
        if sign := self.taken("^"):
            self.deeper()
            node: Node = Arithmetic("^", base, self.signed(), sign.position)
            self.depth -= 1
            return node
        return base

    def atom(self) -> Node:
        token = self.now
        match token.sort:
            case "number":
                self.at += 1
                return _number(token)
            case "text":
                self.at += 1
                return Text(token.text)
            case "word" if token.text in {"true", "false"}:
                self.at += 1
                return Truth(token.text == "true")
            case "name":
                self.at += 1
                name = token.text.casefold()
                if self.now.text == "(" and self.now.sort == "sign" and name in _FUNCTIONS:
                    return self.call(cast(Function, name), token)
                if not token.text:
                    raise FormulaError(say("A column name is missing between the backticks."), token.position)
                return Column(token.text, token.position)
            case "sign" if token.text == "(":
                self.at += 1
                node = self.either()
                self.need(")")
                return node
        raise self.unexpected()

    def call(self, function: Function, token: Token) -> Node:
        self.need("(")
        arguments = [self.either()]
        while self.taken(","):
            arguments.append(self.either())
        self.need(")")
        fewest, most = _FUNCTIONS[function]
        if not fewest <= len(arguments) <= most:
            given = len(arguments)
            raise FormulaError(
                say(
                    "{function} takes {wanted} values, and {given} are given.",
                    one="{function} takes 1 value, and {given} are given.",
                    function=function,
                    wanted=most,
                    given=given,
                )
                if fewest == most
                else say(
                    "{function} takes {fewest} to {most} values, and {given} are given.",
                    function=function,
                    fewest=fewest,
                    most=most,
                    given=given,
                ),
                token.position,
            )
        return Call(function, tuple(arguments), token.position)


def _number(token: Token) -> Number:
    mantissa, _, exponent = token.text.lower().partition("e")
    if len(mantissa) > 60 or len(exponent) > 4 or not isfinite(float(token.text)):
        raise FormulaError(say("The number is too large or too long."), token.position)
    return Number(Fraction(token.text))
