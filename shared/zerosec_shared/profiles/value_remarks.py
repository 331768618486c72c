"""What a profile remarks on the values of a column, and how values are listed in a sentence."""

from collections.abc import Sequence

from zerosec_shared.profiles.facts import ColumnFacts
from zerosec_shared.profiles.model import ProfileColumn, ValueKind
from zerosec_shared.texts import Said, say

__all__ = ["listed", "other_unit", "shown", "value_remarks"]


def value_remarks(column: ProfileColumn, facts: ColumnFacts) -> list[Said]:
    """What is to be said of a column's values: not whole, not among those allowed, out of range."""
    found: list[Said] = []
    if column.kind is ValueKind.INTEGER and facts.kind is ValueKind.NUMBER:
        found.append(say("{header} holds numbers that are not whole.", header=facts.name))
    if column.values and facts.values:
        allowed = {value if isinstance(value, str) else float(value) for value in column.values}
        odd = [
            value
            for value in facts.values
            if (value if isinstance(value, str) else float(value)) not in allowed
        ]
        if odd:
            found.append(
                say(
                    "{header} holds {values}; allowed are {allowed}.",
                    header=facts.name,
                    values=listed([shown(value) for value in odd]),
                    allowed=listed([shown(value) for value in column.values]),
                )
            )
    low, high = column.minimum, column.maximum
    least, most = shown(facts.minimum or 0), shown(facts.maximum or 0)
    below = low is not None and facts.minimum is not None and facts.minimum < low
    above = high is not None and facts.maximum is not None and facts.maximum > high
    if below and high is None:
        text = say(
            "{header} goes from {least} to {most}; the profile allows nothing below {low}.",
            header=facts.name, least=least, most=most, low=shown(low or 0),
        )  # fmt: skip
    elif above and low is None:
        text = say(
            "{header} goes from {least} to {most}; the profile allows nothing above {high}.",
            header=facts.name, least=least, most=most, high=shown(high or 0),
        )  # fmt: skip
    elif below or above:
        text = say(
            "{header} goes from {least} to {most}; the profile allows {low} to {high}.",
            header=facts.name, least=least, most=most, low=shown(low or 0), high=shown(high or 0),
        )  # fmt: skip
    else:
        return found
    found.append(text)
    return found


def other_unit(column: ProfileColumn, text: str, unit: str) -> Said:
    """Why a value in another unit than the profile's is not taken."""
    if column.unit:
        return say(
            "“{value}” is in {unit}, and {column} of the profile in {own}. Convert the value.",
            value=text[:60],
            unit=unit,
            column=column.name,
            own=column.unit,
        )
    return say(
        "“{value}” is in {unit}, and the profile has no unit for {column}. Write the number alone, or give the column its unit in the "
        "profile.",
        value=text[:60],
        unit=unit,
        column=column.name,
    )


def shown(value: float | str) -> str:
    """A value for a sentence."""
    return value if isinstance(value, str) else f"{value:g}"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a row, the first so many of them."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
