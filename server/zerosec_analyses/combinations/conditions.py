"""The conditions a user writes, one a line, as formulas bound to the table's columns."""

from collections.abc import Mapping, Sequence

from zerosec_analyses.combinations.space import Condition
from zerosec_analyses.levels import Variable
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.formulas import Formula, FormulaError, Kind, check, parse
from zerosec_shared.texts import Said

__all__ = ["bound_condition", "written_conditions"]

MAX_CONDITIONS = 200


def written_conditions(keep: str, forbidden: str, kinds: Mapping[str, Kind]) -> list[Condition]:
    """All conditions of the form. Raises InputError that names the condition and what is wrong with it."""
    found = []
    for text, forbids in ((keep, False), (forbidden, True)):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for line in lines:
            said = (
                say("The forbidden combination “{formula}”", formula=line[:200])
                if forbids
                else say("The condition “{formula}”", formula=line[:200])
            )
            try:
                formula = parse(line)
            except FormulaError as error:
                raise InputError(say("{condition} cannot be read.", condition=said), error.text) from error
            found.append(Condition(bound_condition(formula, kinds, said), forbids, said))
    if len(found) > MAX_CONDITIONS:
        raise InputError(
            say(
                "There are {count:,} conditions; at most {most} are possible.",
                count=len(found),
                most=MAX_CONDITIONS,
            )
        )
    return found


def bound_condition(formula: Formula, kinds: Mapping[str, Kind], said: Said) -> Formula:
    """The formula with the table's names, true or false for every combination. Raises InputError."""
    try:
        bound = formula.bound(list(kinds))
        check(bound, kinds, Kind.TRUTH)
    except FormulaError as error:
        raise InputError(
            say("{condition} does not fit the variables.", condition=said), error.text
        ) from error
    if not bound.columns:
        raise InputError(
            say("{condition} names no variable.", condition=said),
            hint="Write it with the names of columns, for example x + y <= 3.",
        )
    return bound


def kinds_of_variables(variables: Sequence[Variable]) -> dict[str, Kind]:
    """What the variables hold, by name."""
    return {each.name: Kind.NUMBER if each.is_numeric else Kind.TEXT for each in variables}
