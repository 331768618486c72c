"""The term grammar of a linear model: text in, a list of terms out; nothing is ever evaluated.

Grammar (loosest binding first)::

    formula  = ["+" | "-"] product { ("+" | "-") product }
    product  = interact { "*" interact }          a*b is a + b + a:b
    interact = power { ":" power }                a:b is the product of a and b
    power    = atom [ ("^" | "**") integer ]      x^2 is the square; (a + b)^2 is a + b + a:b, as in R
    atom     = name | "1" | "0" | "." | "(" formula ")" | "I(" arithmetic ")"

``1`` keeps the intercept, ``0`` and ``-1`` remove it, ``.`` stands for all the other columns, ``- term`` takes a term out again.
``I(...)`` holds a product of columns and whole powers, read arithmetically. A name is letters (of any script), digits,
``_`` and ``.``; anything else is put between backticks or quotes. Full-width signs of Japanese keyboards are read as their ASCII kin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zerosec_shared.texts import ours, say

MAX_FORMULA_CHARACTERS = 400_000
MAX_TERMS = 20_000
MAX_EXPONENT = 20
MAX_NESTING = 20
# Factors written while products and sums are written out: bounds the time a formula can take, whatever it comes to in the end.
MAX_WORK = 200_000
STEP_WORK = 4

_FULL_WIDTH = str.maketrans("＋－＊：＾（）．～", "+-*:^().~")
_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>`[^`]*`|\"[^\"]*\"|'[^']*')|(?P<name>(?!\d)[\w](?:[\w.])*)|(?P<number>\d+)"
    r"|(?P<op>\*\*|[-+*:^().~]))"
)


class FormulaError(ValueError):
    """A formula that cannot be read; ``position`` counts characters from 1."""

    def __init__(self, message: str, position: int) -> None:
        self.sentence = say(
            "{message} (at character {position} of the terms)", message=ours(message), position=position
        )
        super().__init__(self.sentence)
        self.position = position


@dataclass(frozen=True, order=True)
class Factor:
    """A column raised to a whole power."""

    column: str
    exponent: int = 1

    @property
    def label(self) -> str:
        """The factor as it is written in tables: ``x`` or ``x^2``."""
        return self.column if self.exponent == 1 else f"{self.column}^{self.exponent}"


@dataclass(frozen=True)
class Term:
    """A product of distinct columns, each with its power. The order of writing is kept for labels only."""

    factors: tuple[Factor, ...]

    @property
    def key(self) -> frozenset[Factor]:
        """What makes two terms the same: ``a:b`` is ``b:a``."""
        return frozenset(self.factors)

    @property
    def label(self) -> str:
        """The term as it is written in tables: ``x1:x2^2``."""
        return ":".join(factor.label for factor in self.factors)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the term needs."""
        return tuple(factor.column for factor in self.factors)

    def times(self, other: Term) -> Term:
        """The product of two terms; powers of the same column add up."""
        powers = {factor.column: factor.exponent for factor in self.factors}
        for factor in other.factors:
            powers[factor.column] = powers.get(factor.column, 0) + factor.exponent
        return Term(tuple(Factor(column, exponent) for column, exponent in powers.items()))


@dataclass(frozen=True)
class Formula:
    """The terms of a model. ``intercept`` is None where the text does not say."""

    terms: tuple[Term, ...]
    intercept: bool | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns the terms need, each once, in order of appearance."""
        return tuple(dict.fromkeys(column for term in self.terms for column in term.columns))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


# Inside the parser the intercept is the empty term, and its absence ("0") a term no column can make.
_UNIT = Term(())
_ZERO = Term((Factor("", 0),))


def main_effects(columns: Iterable[str]) -> Formula:
    """The formula with every column as itself."""
    return Formula(tuple(Term((Factor(column),)) for column in columns))


def parse_formula(text: str, other_columns: Sequence[str] = ()) -> Formula:
    """Read a formula; ``.`` stands for ``other_columns``. Terms come back sorted by the number of columns in them, else as written.

    Raises FormulaError, which says where.
    """
    if len(text) > MAX_FORMULA_CHARACTERS:
        raise FormulaError(
            say("the terms are longer than {most:,} characters", most=MAX_FORMULA_CHARACTERS),
            MAX_FORMULA_CHARACTERS,
        )
    parser = _Parser(_tokens(text), other_columns)
    return parser.formula()


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    end = len(text.rstrip())
    plain = _outside_quotes_to_ascii(text)
    while position < end:
        match = _TOKEN.match(plain, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            sign = text[start]
            if sign in "`\"'":
                raise FormulaError(say("the name opened by {sign} is never closed", sign=sign), start + 1)
            raise FormulaError(
                say(
                    "'{sign}' has no meaning here; put a column name with special characters between backticks, like `{sign}`",
                    sign=sign,
                ),
                start + 1,
            )
        kind = match.lastgroup or "op"
        value = match.group(kind)
        start = match.start(kind)
        if kind == "quoted":
            value = value[1:-1]
            if not value:
                raise FormulaError("a name between quotes is empty", start + 1)
            kind = "name"
        yield _Token(kind, value, start + 1)
        position = match.end()
    yield _Token("end", "", len(text) + 1)


def _outside_quotes_to_ascii(text: str) -> str:
    parts = re.split(r"(`[^`]*`|\"[^\"]*\"|'[^']*')", text)
    return "".join(part if index % 2 else part.translate(_FULL_WIDTH) for index, part in enumerate(parts))


def _union(terms: Iterable[Term]) -> list[Term]:
    found: dict[frozenset[Factor], Term] = {}
    for term in terms:
        found.setdefault(term.key, term)
    return list(found.values())


class _Parser:
    """Recursive descent over the tokens; sums of terms are plain lists."""

    def __init__(self, tokens: Iterator[_Token], other_columns: Sequence[str]) -> None:
        self._tokens = tokens
        self._next = next(tokens)
        self._depth = 0
        self._other_columns = other_columns
        self._intercept: bool | None = None
        self._work = 0

    def _charge(self, n_factors: int, position: int) -> None:
        self._work += n_factors + STEP_WORK
        if self._work > MAX_WORK:
            raise FormulaError("the terms make too many products to be written out", position)

    def _take(self) -> _Token:
        token = self._next
        self._next = next(self._tokens, token)
        return token

    def _accept(self, *texts: str) -> _Token | None:
        token = self._next
        if token.kind == "op" and token.text in texts:
            return self._take()
        return None

    def formula(self) -> Formula:
        if self._next.kind == "end":
            raise FormulaError("no term is given", 1)
        terms = self._sum()
        token = self._next
        if token.text == "~":
            raise FormulaError(
                "'~' is not needed: give the terms only, the target has its own field", token.position
            )
        if token.kind != "end":
            raise FormulaError(
                say("'{text}' was not expected; join terms with '+'", text=token.text), token.position
            )
        found = sorted((term for term in terms if term.factors), key=lambda term: len(term.factors))
        return Formula(tuple(found), self._intercept)

    def _sum(self) -> list[Term]:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise FormulaError(
                say("parentheses are nested more than {most} deep", most=MAX_NESTING), self._next.position
            )
        terms: dict[frozenset[Factor], Term] = {}
        sign = self._accept("+", "-")
        while True:
            position = self._next.position
            found = self._product()
            self._charge(sum(len(term.factors) for term in found), position)
            minus = sign is not None and sign.text == "-"
            if found in ([_UNIT], [_ZERO]):
                self._intercept = (found == [_UNIT]) != minus
            elif minus:
                for term in found:
                    terms.pop(term.key, None)
            else:
                for term in found:
                    terms.setdefault(term.key, term)
                if len(terms) > MAX_TERMS:
                    raise FormulaError(say("there are more than {most:,} terms", most=MAX_TERMS), position)
            sign = self._accept("+", "-")
            if sign is None:
                self._depth -= 1
                return list(terms.values())

    def _product(self) -> list[Term]:
        left = self._interaction()
        while star := self._accept("*"):
            right = self._interaction()
            left = _union([*left, *right, *self._multiplied(left, right, star.position)])
        return left

    def _interaction(self) -> list[Term]:
        left = self._power()
        while colon := self._accept(":"):
            left = self._multiplied(left, self._power(), colon.position)
        return left

    def _multiplied(self, left: list[Term], right: list[Term], position: int) -> list[Term]:
        crossed = self._cross(left, right, position)
        self._check_exponents((factor for term in crossed for factor in term.factors), position)
        return crossed

    def _cross(self, left: list[Term], right: list[Term], position: int) -> list[Term]:
        if len(left) * len(right) > MAX_TERMS:
            raise FormulaError(say("this product makes more than {most:,} terms", most=MAX_TERMS), position)
        if _ZERO in left or _ZERO in right:
            raise FormulaError("0 only takes the intercept out; it cannot be multiplied", position)
        self._charge(
            len(right) * sum(len(term.factors) for term in left)
            + len(left) * sum(len(term.factors) for term in right),
            position,
        )
        return _union(a.times(b) for a in left for b in right)

    def _power(self) -> list[Term]:
        base_token = self._next
        base = self._atom()
        if not (hat := self._accept("^", "**")):
            return base
        exponent = self._exponent()
        if base_token.kind == "name" and len(base) == 1:
            factors = tuple(Factor(f.column, f.exponent * exponent) for f in base[0].factors)
            self._check_exponents(factors, hat.position)
            return [Term(factors)]
        result = base
        for _ in range(
            exponent - 1
        ):  # R's meaning: main effects and interactions up to that order, no squares
            crossed = self._cross(result, base, hat.position)
            result = _union(
                [*result, *(term for term in crossed if all(f.exponent == 1 for f in term.factors))]
            )
        return result

    def _exponent(self) -> int:
        token = self._take()
        if token.kind != "number":
            raise FormulaError("a whole number is expected as power", token.position)
        exponent = int(token.text) if len(token.text) < 4 else MAX_EXPONENT + 1
        if not 1 <= exponent <= MAX_EXPONENT:
            raise FormulaError(
                say("a power is a whole number from 1 to {most}", most=MAX_EXPONENT), token.position
            )
        return exponent

    def _check_exponents(self, factors: Iterable[Factor], position: int) -> None:
        if any(factor.exponent > MAX_EXPONENT for factor in factors):
            raise FormulaError(say("a power is a whole number from 1 to {most}", most=MAX_EXPONENT), position)

    def _atom(self) -> list[Term]:
        token = self._take()
        if token.kind == "name":
            follows_parenthesis = self._next.kind == "op" and self._next.text == "("
            if follows_parenthesis and token.text == "I":
                return self._arithmetic()
            if follows_parenthesis:
                raise FormulaError(
                    say(
                        "'{text}(…)' is not part of the terms: only columns, products and powers are; add a transformed column to "
                        "the data, or use the target transform",
                        text=token.text,
                    ),
                    token.position,
                )
            return [Term((Factor(token.text),))]
        if token.kind == "number" and token.text in {"0", "1"}:
            return [_UNIT] if token.text == "1" else [_ZERO]
        if token.kind == "number":
            raise FormulaError(
                say("a column name is expected, not the number {text}", text=token.text), token.position
            )
        if token.text == ".":
            if not self._other_columns:
                raise FormulaError("'.' stands for the other columns, and there are none", token.position)
            return [Term((Factor(column),)) for column in self._other_columns]
        if token.text == "(":
            inside = self._sum()
            self._close()
            return inside
        if token.kind == "end":
            raise FormulaError("a column name is expected, not the end of the terms", token.position)
        raise FormulaError(say("a column name is expected, not '{text}'", text=token.text), token.position)

    def _close(self) -> None:
        if self._accept(")") is None:
            raise FormulaError("a closing parenthesis is missing", self._next.position)

    def _arithmetic(self) -> list[Term]:
        """What stands inside ``I(...)``: columns and whole powers, multiplied."""
        opening = self._take()
        term = _UNIT
        while True:
            token = self._take()
            if token.kind != "name":
                raise FormulaError(
                    "inside I(…) only products and whole powers of columns are read", token.position
                )
            exponent = self._exponent() if self._accept("^", "**") else 1
            self._charge(len(term.factors), token.position)
            term = term.times(Term((Factor(token.text, exponent),)))
            if self._accept("*") is None:
                break
        self._close()
        self._check_exponents(term.factors, opening.position)
        return [term]
