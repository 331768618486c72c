"""From the form and the sheet to a space of combinations: what will be made, said before anything is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from zerosec_analyses.combinations.by_profile import Applied, applied
from zerosec_analyses.combinations.conditions import kinds_of_variables, written_conditions
from zerosec_analyses.combinations.space import Condition, Factor, Space
from zerosec_analyses.combinations.spec import CombinationParameters, ProfileChoice
from zerosec_analyses.levels import Level, Variable, plain, shown, written_levels
from zerosec_analyses.parameter_sheet import MAX_VARIABLES, read_parameter_sheet
from zerosec_analyses.sdk import Context, InputError, say
from zerosec_shared.formulas import Formula, Kind, folded
from zerosec_shared.profiles import Profile, ProfileError, read_profile, shipped_profile
from zerosec_shared.profiles.toml_file import MAX_PROFILE_BYTES
from zerosec_shared.texts import Said

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True)
class Plan:
    """What will be made. `units` by column, where the profile knows them; `remarks` for the user."""

    space: Space
    factors: tuple[Factor, ...]
    conditions: tuple[Condition, ...]
    derived: tuple[tuple[str, Formula], ...]
    units: dict[str, str]
    remarks: tuple[Said, ...]

    def digits_of(self, column: str) -> int | None:
        """The most digits a level of the column is written with; None for words and derived columns."""
        for factor in self.factors:
            if column in factor.columns:
                place = factor.columns.index(column)
                numbers = [choice[place] for choice in factor.choices]
                return max(
                    (len(n.normalize().as_tuple().digits) for n in numbers if isinstance(n, Decimal)),
                    default=None,
                )
        return None


def make_plan(ctx: Context, params: CombinationParameters) -> Plan:
    """Read the sheet, the form and the profile. Raises InputError for what cannot be used."""
    variables = _variables(ctx, params)
    profile = _profile(ctx, params)
    remarks = [variable.remark for variable in variables if variable.remark is not None]
    if profile is None:
        plain_factors = tuple(
            Factor((variable.name,), tuple((level,) for level in variable.levels)) for variable in variables
        )
        found = Applied(plain_factors, {}, (), (), ())
    else:
        found = applied(profile, variables)
    kinds = kinds_of_variables(variables)
    kinds = {
        column: kinds.get(column) or _kind(factor, place)
        for factor in found.factors
        for place, column in enumerate(factor.columns)
    }
    written = written_conditions(params.keep, params.forbidden, kinds)
    conditions = (*found.conditions, *written)
    return Plan(
        Space(found.factors, conditions),
        found.factors,
        conditions,
        found.derived if params.derived else (),
        found.units,
        (*remarks, *found.remarks),
    )


def _kind(factor: Factor, place: int) -> Kind:
    return Kind.TEXT if isinstance(factor.choices[0][place], str) else Kind.NUMBER


def _variables(ctx: Context, params: CombinationParameters) -> tuple[Variable, ...]:
    variables: list[Variable] = []
    if ctx.inputs.get("parameters"):
        source = ctx.input("parameters")
        sheet = read_parameter_sheet(source.path, source.dialect)
        ctx.read_as("parameters", sheet.dialect)
        variables += sheet.variables
    for name, text in params.variables.items():
        if not plain(name):
            if plain(text):
                raise InputError(say("A variable with the levels “{levels}” has no name.", levels=text[:60]))
            continue
        variables.append(written_levels(name.strip(), text, say("The variable “{name}”", name=name.strip())))
    seen: dict[str, str] = {}
    for variable in variables:
        other = seen.setdefault(folded(variable.name), variable.name)
        if other is not variable.name:
            raise InputError(
                say("The variable “{name}” is given twice.", name=variable.name),
                hint="Take it out of the form or out of the parameter sheet.",
            )
    if not variables:
        raise InputError(
            "There is no variable yet.",
            hint="Choose a parameter sheet, or write variables and their levels into the form.",
        )
    if len(variables) > MAX_VARIABLES:
        raise InputError(
            say(
                "There are {count:,} variables; at most {most} are possible.",
                count=len(variables),
                most=MAX_VARIABLES,
            )
        )
    return tuple(variables)


def _profile(ctx: Context, params: CombinationParameters) -> Profile | None:
    if ctx.inputs.get("own_profile"):
        source = ctx.input("own_profile")
        return _read(source.path, source.name)
    return None if params.profile is ProfileChoice.NONE else shipped_profile(params.profile.value)


def _read(path: Path, name: str) -> Profile:
    with path.open("rb") as file:
        data = file.read(MAX_PROFILE_BYTES + 1)
    try:
        return read_profile(data)
    except ProfileError as error:
        problems = " ".join(error.problems[:10])
        raise InputError(say("{file} is no profile.", file=name), problems) from error


def level_words(levels: Sequence[Level], most: int = 12) -> str:
    """The levels in a row, the middle left out where there are many."""
    words = [shown(level) for level in levels]
    if len(words) <= most:
        return ", ".join(words)
    return ", ".join([*words[: most - 2], "…", words[-1]])
