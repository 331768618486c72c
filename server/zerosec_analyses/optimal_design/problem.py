"""The problem a search is given: factors, model, what stands already, what is optimised, and where runs may lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np
import polars as pl

from zerosec_analyses.model_terms import main_effects
from zerosec_analyses.optimal_design.candidates import (
    CandidateList,
    allowed_rows,
    existing_codes,
    read,
    read_candidates,
    refuse_far,
)
from zerosec_analyses.optimal_design.estimable import require_estimable
from zerosec_analyses.optimal_design.factors import Factor, FactorKind, FloatArray, IntArray
from zerosec_analyses.optimal_design.mixtures import mixture_of
from zerosec_analyses.optimal_design.model import MAX_COLUMNS, Model, build_model, without
from zerosec_analyses.optimal_design.ranges import described_factors, factors_of_sheet
from zerosec_analyses.optimal_design.region import Region, sampled_region
from zerosec_analyses.optimal_design.search.engine import Objective
from zerosec_analyses.optimal_design.spec import Criterion, DesignParameters
from zerosec_analyses.parameter_sheet import read_parameter_sheet
from zerosec_analyses.sdk import Context, InputError, Said, say

BLOCK = "block"
EARLIER = "earlier"
MAX_LISTED = 200_000
MANY_LEVELS, FEW_LEVELS, MANY_FACTORS = 21, 11, 6
RANGE_SAMPLE = 50_000
MAX_IN_BLOCKS = 2_000_000


@dataclass(frozen=True)
class Problem:
    """What is searched. Points are coded, without the block; ``model`` has the block as its last factor where there are blocks.

    ``candidates`` is the user's list, or None where the factors were described. ``listed`` are the points the search may choose from
    (N x factors), or None where it goes over the factors' ranges. ``slots`` is the block of each run to make; ``primary`` is
    the user's own model, whose columns lead those of ``model``. ``wide_region`` is the region with the block as its last factor.
    """

    parameters: DesignParameters
    factors: tuple[Factor, ...]
    candidates: CandidateList | None
    region: Region
    listed: FloatArray | None
    model: Model
    primary: Model
    wide_region: Region
    done: FloatArray
    slots: IntArray
    blocks: Factor | None
    moments: FloatArray
    prior: FloatArray
    remarks: tuple[tuple[str, Said], ...]

    @property
    def n_done(self) -> int:
        """Runs already done."""
        return len(self.done)

    def with_blocks(self, points: FloatArray, slots: IntArray) -> FloatArray:
        """Points with their block as the last factor, as the model takes them."""
        return points if self.blocks is None else np.column_stack([points, slots.astype(np.float64)])

    @property
    def done_rows(self) -> FloatArray:
        """Model rows of the runs already done: in a block of their own, which is the last."""
        last = 0 if self.blocks is None else len(self.blocks.levels) - 1
        return self.model.rows(self.with_blocks(self.done, np.full(self.n_done, last)))

    def objective(self, fixed: FloatArray) -> Objective:
        """What is optimised beside these fixed model rows."""
        base = fixed.T @ fixed + self.prior
        if self.parameters.criterion is Criterion.I:
            return Objective(base, self.moments)
        if self.parameters.criterion is Criterion.A:
            return Objective(base, np.eye(self.model.n_columns))
        return Objective(base)

    def allowed(self, points: FloatArray) -> np.ndarray:
        """Where coded points of described factors meet the conditions."""
        if not self.parameters.constraints:
            return np.ones(len(points), dtype=bool)
        return allowed_rows(raw_frame(self.factors, points), self.parameters.constraints)


def raw_frame(factors: tuple[Factor, ...], points: FloatArray) -> pl.DataFrame:
    """Coded points in the factors' own units."""
    columns: dict[str, list[str] | FloatArray] = {}
    for at, factor in enumerate(factors):
        if factor.is_categorical:
            columns[factor.name] = [str(factor.levels[int(code)]) for code in points[:, at]]
        else:
            columns[factor.name] = factor.raw(points[:, at])
    return pl.DataFrame(columns)


def build_problem(ctx: Context, parameters: DesignParameters) -> Problem:
    """Read the inputs and make the problem. Raises InputError for whatever cannot be used or estimated."""
    return checked(laid_out(ctx, parameters))


def laid_out(ctx: Context, parameters: DesignParameters) -> Problem:
    """The problem as it is described, which may ask for more than can be estimated. Raises InputError for what cannot be used."""
    remarks: list[tuple[str, Said]] = []
    candidates: CandidateList | None = None
    listed: FloatArray | None = None
    if ctx.inputs.get("candidates"):
        if parameters.factors or ctx.inputs.get("parameters"):
            raise InputError(
                "Both a list of possible runs and descriptions of factors were given.",
                hint="Give one of them: the list, or the factors' ranges and levels.",
            )
        given = ctx.input("candidates")
        candidates = read_candidates(given.path, given.dialect, given.name, parameters)
        ctx.read_as("candidates", candidates.dialect)
        remarks += candidates.remarks
        factors, listed = candidates.factors, candidates.codes
        region = Region(factors, listed, is_list=True)
    elif described := _descriptions(ctx, parameters, remarks):
        factors, region, listed = _described(described, parameters, remarks)
    else:
        raise InputError(
            "There is nothing to choose runs from.",
            hint="Give a table of possible runs, or describe each factor by its range or its levels, in the form or in a parameter sheet.",
        )
    done = _done(ctx, factors, remarks)
    slots, blocks = _blocks(parameters, factors, len(done))
    model_factors = (*factors, blocks) if blocks else factors
    primary = _with_block(build_model(parameters.model, factors), model_factors, blocks)
    model = primary
    if parameters.criterion is Criterion.BAYESIAN_D:
        further = without(_further(parameters, factors), primary)
        model = replace(primary, terms=(*primary.terms, *further))
    elif not parameters.is_mixture:
        if (count := _potential_count(parameters, factors)) > MAX_COLUMNS:
            remarks.append(("no_aliases", say("The alias matrix is left out: there are {count:,} possible further terms.", one="The alias matrix is left out: there is 1 possible further term.", count=count)))  # fmt: skip
        else:
            _further(parameters, factors)
    wide = region if blocks is None else _in_every_block(region, blocks)
    moments = wide.moments(model)
    return Problem(
        parameters, factors, candidates, region, listed, model, primary, wide, done, slots, blocks, moments,
        np.zeros((model.n_columns, model.n_columns)), tuple(remarks),
    )  # fmt: skip


def checked(problem: Problem) -> Problem:
    """The problem, ready to be searched. Raises InputError, naming the terms, for a model that cannot be estimated."""
    parameters, primary, wide = problem.parameters, problem.primary, problem.wide_region
    if parameters.uses_model:
        p = primary.n_columns
        rows = problem.done_rows[:, :p]
        known = wide.moments(primary) + rows.T @ rows / max(1, len(rows))
        require_estimable(primary, known, parameters.runs + problem.n_done, p)
    if parameters.criterion is Criterion.BAYESIAN_D:
        problem = replace(problem, prior=_prior(problem))
    return problem


def _in_every_block(region: Region, blocks: Factor) -> Region:
    """The region with the block as its last factor: each point in each block or, where they are too many, in one at random."""
    n, count = region.n_points, len(blocks.levels)
    if n * count <= MAX_IN_BLOCKS:
        points = np.column_stack([np.tile(region.points, (count, 1)), np.repeat(np.arange(count), n)])
    else:
        points = np.column_stack([region.points, np.random.default_rng(0).integers(0, count, n)])
    return Region((*region.factors, blocks), points, region.is_list, region.is_box)


def potential_model(problem: Problem) -> Model | None:
    """The model with all terms that may matter too; None for mixtures, whose terms cannot simply be added to, and for too many."""
    if problem.parameters.is_mixture or _potential_count(problem.parameters, problem.factors) > MAX_COLUMNS:
        return None
    further = _further(problem.parameters, problem.factors)
    return _with_block(further, problem.primary.factors, problem.blocks)


def _further(parameters: DesignParameters, factors: tuple[Factor, ...]) -> Model:
    """The model with all possible further terms. Raises InputError that says it is these."""
    try:
        return build_model(_potential(parameters, factors), factors)
    except InputError as error:
        raise InputError(
            say("The possible further terms cannot be used. {problem}", problem=error.title),
            error.detail,
            "Write those that may matter, for example a:b + c^2.",
        ) from error


def _potential_count(parameters: DesignParameters, factors: tuple[Factor, ...]) -> int:
    """How many coefficients main effects, two-factor interactions and squares have; 0 where other terms are asked for."""
    if parameters.potential.strip().lower() != "quadratic":
        return 0
    sizes = [len(factor.levels) - 1 if factor.is_categorical else 1 for factor in factors]
    pairs = (sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2
    return 1 + sum(sizes) + pairs + sum(map(_has_square, factors))


def _has_square(factor: Factor) -> bool:
    return not factor.is_categorical and (len(factor.levels) > 2 or factor.kind is FactorKind.CONTINUOUS)


def _potential(parameters: DesignParameters, factors: tuple[Factor, ...]) -> str:
    if parameters.potential.strip().lower() != "quadratic":
        return parameters.potential
    squares = [f"`{factor.name}`^2" for factor in factors if _has_square(factor)]
    names = " + ".join(f"`{factor.name}`" for factor in factors)
    return f"({names})^2" + "".join(f" + {square}" for square in squares)


def _with_block(model: Model, factors: tuple[Factor, ...], blocks: Factor | None) -> Model:
    if blocks is None:
        return model
    return Model(factors, (*model.terms, *main_effects([blocks.name]).terms), model.intercept)


def _done(ctx: Context, factors: tuple[Factor, ...], remarks: list[tuple[str, Said]]) -> FloatArray:
    if not ctx.inputs.get("done"):
        return np.empty((0, len(factors)))
    given = ctx.input("done")
    table = read(given.path, given.dialect, given.name)
    ctx.read_as("done", table.dialect)
    codes = existing_codes(table, factors, given.name)
    for at, factor in enumerate(factors):
        if not factor.is_categorical:
            low, high = factor.level_codes[[0, -1]]
            outside = int(((codes[:, at] < low - 1e-9) | (codes[:, at] > high + 1e-9)).sum())
            if outside:
                remarks.append(("done_outside", say("{rows} of the runs already done have {column} outside the range of the possible runs.", one="1 of the runs already done has {column} outside the range of the possible runs.", rows=outside, column=factor.name)))  # fmt: skip
    return codes


def _blocks(
    parameters: DesignParameters, factors: tuple[Factor, ...], n_done: int
) -> tuple[IntArray, Factor | None]:
    sizes = parameters.block_sizes
    if not sizes:
        return np.zeros(parameters.runs, dtype=np.int64), None
    if min(sizes) < 1 or sum(sizes) != parameters.runs:
        raise InputError(
            say("The blocks have {sum} runs together, and {runs} are asked for.", sum=sum(sizes), runs=parameters.runs),
            hint="Change the block sizes or the runs, so that they agree.",
        )  # fmt: skip
    names = tuple(str(at + 1) for at in range(len(sizes)))
    levels = (*names, EARLIER) if n_done else names
    if len(levels) < 2:
        return np.zeros(parameters.runs, dtype=np.int64), None
    taken = {factor.name for factor in factors}
    name = BLOCK
    while name in taken:
        name = f"{name}_"
    return np.repeat(np.arange(len(sizes)), sizes), Factor(name, FactorKind.BLOCK, levels)


def _descriptions(
    ctx: Context, parameters: DesignParameters, remarks: list[tuple[str, Said]]
) -> tuple[Factor, ...]:
    """The factors of the parameter sheet and of the form."""
    found: tuple[Factor, ...] = ()
    if ctx.inputs.get("parameters"):
        given = ctx.input("parameters")
        sheet = read_parameter_sheet(given.path, given.dialect, open_ranges=True)
        ctx.read_as("parameters", sheet.dialect)
        remarks += [("sheet", each.remark) for each in sheet.variables if each.remark is not None]
        found = factors_of_sheet(sheet.variables, parameters.categorical)
    found = (*found, *described_factors(parameters.factors, parameters.categorical))
    for factor in found:
        if not factor.is_categorical:
            refuse_far(factor.name, np.array([factor.low, factor.high]))
    names = [factor.name for factor in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            say("The factor “{name}” is described twice.", name=twice),
            hint="Take it out of the form or out of the parameter sheet.",
        )
    return found


def _described(
    factors: tuple[Factor, ...], parameters: DesignParameters, remarks: list[tuple[str, Said]]
) -> tuple[tuple[Factor, ...], Region, FloatArray | None]:
    """Factors with the levels that are searched, the region, and the points as a list where conditions make one necessary."""
    if parameters.is_mixture:
        components, mixtures, made = mixture_of(factors)
        remarks.append(("mixture_points", made))
        mixtures = _meeting(components, mixtures, parameters)
        return components, Region(components, mixtures, is_list=True), mixtures
    count = MANY_LEVELS if len(factors) <= MANY_FACTORS else FEW_LEVELS
    searched = tuple(
        replace(factor, levels=tuple(np.linspace(factor.low, factor.high, count).tolist()))
        if factor.kind is FactorKind.CONTINUOUS
        else factor
        for factor in factors
    )
    if not parameters.constraints and parameters.uses_model:
        return searched, sampled_region(searched, None), None
    total = prod(len(factor.levels) for factor in searched)
    while total > MAX_LISTED and any(f.kind is FactorKind.CONTINUOUS and len(f.levels) > 3 for f in searched):
        count = max(3, (count - 1) // 2 | 1)
        searched = tuple(
            replace(factor, levels=tuple(np.linspace(factor.low, factor.high, count).tolist()))
            if factor.kind is FactorKind.CONTINUOUS
            else factor
            for factor in searched
        )
        total = prod(len(factor.levels) for factor in searched)
    if total > 25 * MAX_LISTED:
        sample = sampled_region(searched, None).points
        for at, factor in enumerate(searched):
            if factor.kind is FactorKind.CONTINUOUS:  # to its levels, which are written as they are judged
                steps = len(factor.levels) - 1
                sample[:, at] = factor.level_codes[np.rint((sample[:, at] + 1) / 2 * steps).astype(np.int64)]
        sample = np.unique(sample, axis=0)
        points = _meeting(searched, sample, parameters)
        remarks.append(("sampled", say("The factors have {all:,} combinations of levels: runs were chosen from {points:,} of them, corners and a sample.", points=len(points), all=total)))  # fmt: skip
        return searched, Region(searched, points, is_list=True), points
    grid = np.array(np.meshgrid(*[factor.level_codes for factor in searched], indexing="ij"))
    points = _meeting(searched, grid.reshape(len(searched), -1).T, parameters)
    return searched, Region(searched, points, is_list=True), points


def _meeting(factors: tuple[Factor, ...], points: FloatArray, parameters: DesignParameters) -> FloatArray:
    """The points that meet the conditions. Raises InputError when there is none."""
    if parameters.constraints:
        points = points[allowed_rows(raw_frame(factors, points), parameters.constraints)]
        if not len(points):
            raise InputError(
                "No combination of the factors' levels meets the conditions.",
                hint="Check the conditions: each must be true for a run that can be made.",
            )
    return np.ascontiguousarray(points)


def _prior(problem: Problem) -> FloatArray:
    """The prior information of the further terms (DuMouchel & Jones 1994).

    Each further column is freed of the primary ones by regression over the region, and divided by its range there; its coefficient is then
    expected to be of size τ. In the columns as they stand this is a diagonal prior of (range / τ)².
    """
    p, q = problem.primary.n_columns, problem.model.n_columns
    weights = np.linalg.solve(problem.moments[:p, :p], problem.moments[:p, p:])
    wide = problem.wide_region
    step = max(1, wide.n_points // RANGE_SAMPLE)
    F = problem.model.rows(wide.points[::step])
    rest = F[:, p:] - F[:, :p] @ weights
    prior = np.zeros((q, q))
    prior[range(p, q), range(p, q)] = (np.ptp(rest, axis=0) / problem.parameters.prior_sd) ** 2
    return prior
