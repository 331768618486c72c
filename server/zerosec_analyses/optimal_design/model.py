"""The model a design is made for: terms of factors as columns of a matrix, in the coding that efficiencies are stated in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from zerosec_analyses.model_terms import Factor as TermFactor
from zerosec_analyses.model_terms import Formula, FormulaError, Term, main_effects, parse_formula
from zerosec_analyses.optimal_design.factors import Factor, FactorKind, FloatArray
from zerosec_analyses.optimal_design.spec import MODEL_KEYWORDS
from zerosec_analyses.sdk import InputError, say

MAX_COLUMNS = 1000
MIXTURE_MODELS = {"mixture-linear": 1, "mixture-quadratic": 2, "mixture-cubic": 3}


@dataclass(frozen=True)
class Model:
    """Columns of a model matrix. A column is a product of basis functions, each a (factor, basis) pair; the intercept is the empty one."""

    factors: tuple[Factor, ...]
    terms: tuple[Term, ...]
    intercept: bool

    @cached_property
    def _expanded(self) -> tuple[list[tuple[tuple[int, int], ...]], list[str], list[int]]:
        place = {factor.name: at for at, factor in enumerate(self.factors)}
        columns: list[tuple[tuple[int, int], ...]] = [()] if self.intercept else []
        labels = ["(Intercept)"] if self.intercept else []
        owners = [-1] if self.intercept else []
        for number, term in enumerate(self.terms):
            parts: list[tuple[tuple[tuple[int, int], ...], str]] = [((), "")]
            for part in term.factors:
                at = place[part.column]
                factor = self.factors[at]
                if factor.is_categorical:
                    choices = [
                        (level, f"{factor.name}[{factor.levels[level]}]")
                        for level in range(len(factor.levels) - 1)
                    ]
                else:
                    choices = [(part.exponent - 1, part.label)]
                parts = [
                    ((*done, (at, basis)), f"{text}:{label}" if text else label)
                    for done, text in parts
                    for basis, label in choices
                ]
            for column, label in parts:
                columns.append(column)
                labels.append(label)
                owners.append(number)
        return columns, labels, owners

    @property
    def columns(self) -> list[tuple[tuple[int, int], ...]]:
        """The basis functions that make up each column."""
        return self._expanded[0]

    @property
    def labels(self) -> list[str]:
        """The name of each column."""
        return self._expanded[1]

    @property
    def owners(self) -> list[int]:
        """For each column the number of its term, −1 for the intercept."""
        return self._expanded[2]

    @property
    def n_columns(self) -> int:
        """p, the number of coefficients."""
        return len(self.columns)

    @cached_property
    def degrees(self) -> tuple[int, ...]:
        """For each factor the number of basis functions it needs."""
        degree = [0] * len(self.factors)
        for column in self.columns:
            for at, basis in column:
                degree[at] = max(degree[at], basis + 1)
        return tuple(
            len(factor.levels) - 1 if factor.is_categorical and degree[at] else degree[at]
            for at, factor in enumerate(self.factors)
        )

    def rows(self, points: FloatArray) -> FloatArray:
        """The model matrix (n x p) of coded points (n x factors)."""
        bases = [
            factor.basis(points[:, at], self.degrees[at]) if self.degrees[at] else np.empty((len(points), 0))
            for at, factor in enumerate(self.factors)
        ]
        matrix = np.ones((len(points), self.n_columns))
        for j, column in enumerate(self.columns):
            for at, basis in column:
                matrix[:, j] *= bases[at][:, basis]
        return matrix


def build_model(text: str, factors: Sequence[Factor], *, intercept: bool | None = None) -> Model:
    """The model of a keyword or of terms. Raises InputError for what cannot be read or does not fit the factors."""
    text = text.strip()
    keyword = text.lower()
    names = [factor.name for factor in factors]
    if keyword in MIXTURE_MODELS:
        formula = _scheffe(factors, MIXTURE_MODELS[keyword])
    elif keyword in MODEL_KEYWORDS:
        formula = _standard(keyword, factors)
    else:
        formula = _written(text, factors, names)
    has_intercept = formula.intercept if intercept is None else intercept
    model = Model(tuple(factors), formula.terms, has_intercept is not False)
    if model.n_columns > MAX_COLUMNS:
        raise InputError(
            say(
                "The model has {count:,} coefficients; designs are searched for models of up to {limit:,}.",
                count=model.n_columns,
                limit=MAX_COLUMNS,
            ),
            hint="Choose a smaller model, or name the terms that matter.",
        )
    if not model.columns:
        raise InputError("The model has no terms.", hint="Choose main effects, or name the terms.")
    return model


def _standard(keyword: str, factors: Sequence[Factor]) -> Formula:
    terms = list(main_effects(factor.name for factor in factors).terms)
    if keyword in {"2fi", "quadratic"}:
        terms += [
            Term((TermFactor(a.name), TermFactor(b.name)))
            for a, b in combinations(factors, 2)
            if FactorKind.BLOCK not in {a.kind, b.kind}
        ]
    if keyword == "quadratic":
        terms += [Term((TermFactor(factor.name, 2),)) for factor in factors if not factor.is_categorical]
    return Formula(tuple(terms))


def _scheffe(factors: Sequence[Factor], degree: int) -> Formula:
    others = [factor.name for factor in factors if factor.kind is not FactorKind.COMPONENT]
    if others:
        raise InputError(
            say("A mixture model takes components only, and {names} are not.", names=", ".join(others)),
            hint="Leave these columns out, or write the terms of the model yourself, with −1 for no intercept.",
        )
    return Formula(
        tuple(
            Term(tuple(TermFactor(factor.name) for factor in chosen))
            for order in range(1, degree + 1)
            for chosen in combinations(factors, order)
        ),
        intercept=False,
    )


def _written(text: str, factors: Sequence[Factor], names: Sequence[str]) -> Formula:
    try:
        formula = parse_formula(text, names)
    except FormulaError as error:
        raise InputError(
            say("The model cannot be read: {problem}.", problem=str(error)),
            hint="It is main, 2fi, quadratic, mixture-linear, mixture-quadratic, mixture-cubic, or terms such as a + b + a:b + a^2.",
        ) from error
    known = {factor.name: factor for factor in factors}
    for term in formula.terms:
        for part in term.factors:
            if part.column not in known:
                raise InputError(
                    say("The model names “{column}”, and there is no such factor.", column=part.column),
                    hint=say("The factors: {names}.", names=", ".join(names)),
                )
            if part.exponent > 1 and known[part.column].is_categorical:
                raise InputError(
                    say(
                        "The model has {term}, and {column} is a category: categories have no powers.",
                        term=part.label,
                        column=part.column,
                    )
                )
    return formula


def columns_named(text: str, names: Sequence[str]) -> tuple[str, ...] | None:
    """The columns that written terms name; None for a keyword, or for terms that stand for all columns or cannot be read."""
    if text.strip().lower() in MODEL_KEYWORDS:
        return None
    try:
        return parse_formula(text, names).columns
    except FormulaError:
        return None


def without(model: Model, other: Model) -> tuple[Term, ...]:
    """The terms of ``model`` that ``other`` has not."""
    known = {term.key for term in other.terms}
    return tuple(term for term in model.terms if term.key not in known)
