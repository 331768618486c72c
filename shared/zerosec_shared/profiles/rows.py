"""One row of a table by a profile: its cells as clean values, and what is wrong with it."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from zerosec_shared.formulas import FormulaError, as_number, evaluate, folded
from zerosec_shared.profiles.as_meant import measured
from zerosec_shared.profiles.headings import same_unit
from zerosec_shared.profiles.model import (
    ColumnRole,
    OneHotGroup,
    ProfileColumn,
    Rule,
    ValueKind,
    in_language,
)
from zerosec_shared.profiles.recognise import Recognition
from zerosec_shared.profiles.value_remarks import other_unit
from zerosec_shared.texts import Said, ours, say

__all__ = ["CellProblem", "CellValue", "ProfileRow", "RowReader", "to_date"]

CellValue = float | int | str | date | None
Raw = float | int | str | bool | date | datetime | None

_BLANKS = frozenset({"", "na", "n/a", "nan", "null", "#n/a", "-", "欠測"})
_WEEKDAY = re.compile(r"(?<=[\d日])\s*(?:\([月火水木金土日](?:曜日?)?\)|[月火水木金土日]曜日?)$")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong, and in which of the table's columns; an empty `header` is the row as a whole.

    `rule` is the profile's rule that does not hold, which has its own words in other languages.
    """

    header: str
    text: Said
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A row's values by the profile's names (None: blank), derived ones included, and what is wrong with it."""

    values: Mapping[str, CellValue]
    problems: tuple[CellProblem, ...]


class RowReader:
    """Reads the rows of one recognised table.

    `given` are values for columns the table lacks, such as the material of the whole series.
    """

    def __init__(self, found: Recognition, given: Mapping[str, CellValue] | None = None) -> None:
        self.profile, self.given = found.profile, dict(given or {})
        columns = {column.name: column for column in found.profile.columns}
        self._columns = [(m.header, columns[m.column]) for m in found.matches if m.column in columns]
        groups = {group.name: group for group in found.profile.one_hot}
        self._codes = [(m.header, groups[m.column]) for m in found.matches if m.column in groups]

    def read(self, cells: Mapping[str, Raw]) -> ProfileRow:
        """The row as values. A cell with a problem counts as blank; nothing is guessed."""
        values: dict[str, CellValue] = dict(self.given)
        problems: list[CellProblem] = []
        for header, column in self._columns:
            if column.formula is None:
                value, problem = read_cell(column, cells.get(header))
                if problem is not None:
                    problems.append(CellProblem(header, problem))
                if value is not None or column.name not in values:
                    values[column.name] = value
        for header, group in self._codes:
            self._decode(header, group, cells.get(header), values, problems)
        self._check_groups(values, problems)
        self._check_rules(values, problems)
        self._derive(values, problems)
        return ProfileRow(values, tuple(problems))

    def _decode(
        self,
        header: str,
        group: OneHotGroup,
        cell: Raw,
        values: dict[str, CellValue],
        problems: list[CellProblem],
    ) -> None:
        if _blank(cell):
            return
        chosen = group.member_of(cell)
        if chosen is None:
            problems.append(
                CellProblem(header, say("“{value}” is no {group}.", value=str(cell), group=group.name))
            )
        else:
            values.update({member: int(member == chosen) for member in group.members})

    def _check_groups(self, values: dict[str, CellValue], problems: list[CellProblem]) -> None:
        """Exactly one member is 1; beside a 1 an empty cell is a 0, as such columns are often filled in."""
        for group in self.profile.one_hot:
            found = {member: values[member] for member in group.members if member in values}
            if all(value is None for value in found.values()):
                continue
            if sum(1 for value in found.values() if value == 1) == 1:
                values.update({member: 0 for member, value in found.items() if value is None})
            else:
                text = say("Exactly one of {members} must be 1.", members=", ".join(group.members))
                problems.append(CellProblem("", text))

    def _check_rules(self, values: Mapping[str, CellValue], problems: list[CellProblem]) -> None:
        for rule, formula in self.profile.conditions:
            if not all(name in values for name in formula.columns):
                continue
            try:
                holds = evaluate(formula, _plain(values))
            except FormulaError as error:
                problems.append(CellProblem("", say("{rule}: {error}", rule=rule.formula, error=error.text)))
                continue
            if holds is False:
                said = in_language(rule.texts, "en")
                text = ours(said) if said else say("“{rule}” does not hold.", rule=rule.formula)
                problems.append(CellProblem("", text, rule))

    def _derive(self, values: dict[str, CellValue], problems: list[CellProblem]) -> None:
        for name, formula in self.profile.derived.items():
            if not all(column in values for column in formula.columns):
                continue
            try:
                found = evaluate(formula, _plain(values))
            except FormulaError as error:
                problems.append(CellProblem("", say("{column}: {error}", column=name, error=error.text)))
                values[name] = None
                continue
            values[name] = found if isinstance(found, str) else as_number(found)


def read_cell(column: ProfileColumn, cell: Raw) -> tuple[CellValue, Said | None]:
    """A cell's value by its column, or None and what is wrong with it. A blank is None and nothing wrong."""
    if _blank(cell) and not _listed(column, cell):
        return None, None
    if column.kind is ValueKind.DATE:
        day = to_date(cell)
        return day, None if day else say("“{value}” is no date.", value=str(cell))
    value = _scalar(cell)
    if column.kind is ValueKind.TEXT:
        value = _text(cell)
    elif column.kind is not ValueKind.ANY and isinstance(value, str):
        found = measured(value)
        if found is None or found.grouped or not found.unit:
            return None, _no_number(column, value)
        if not column.unit or not same_unit(column.unit, found.unit):
            return None, other_unit(column, value, found.unit)
        value = found.value
    if _beyond_exact(cell):
        if column.kind is ValueKind.ANY:
            return _text(cell), None
        return None, say("{value} has more digits than a number can keep exactly.", value=str(cell)[:60])
    if isinstance(value, str):
        known = {folded(each): each for each in column.values if isinstance(each, str)}
        if column.values and folded(value) not in known:
            return None, _not_allowed(column, value)
        return known.get(folded(value), value), None
    if column.kind is ValueKind.INTEGER and value != int(value):
        return None, say("{value} is not a whole number.", value=value)
    if column.role is ColumnRole.ONE_HOT and value not in {0, 1}:
        return None, say("{value} is neither 0 nor 1.", value=value)
    if column.values and value not in column.values:
        return None, _not_allowed(column, value)
    return _in_range(column, value)


def _listed(column: ProfileColumn, cell: Raw) -> bool:
    """Whether it is one of the texts the column allows: a "-" beside a "+" is a value."""
    return isinstance(cell, str) and folded(cell) in {
        folded(each) for each in column.values if isinstance(each, str) and each
    }


def _no_number(column: ProfileColumn, value: str) -> Said:
    if column.role is ColumnRole.ONE_HOT:
        return say("“{value}” is neither 0 nor 1.", value=value[:60])
    return say("“{value}” is not a number.", value=value[:60])


def _not_allowed(column: ProfileColumn, value: float | str) -> Said:
    listed = ", ".join(str(each) for each in column.values)
    return say("{value} is not among {allowed}.", value=value, allowed=listed)


def _in_range(column: ProfileColumn, value: float) -> tuple[CellValue, Said | None]:
    if column.minimum is not None and value < column.minimum:
        return None, say("{value} is below {limit}.", value=value, limit=column.minimum)
    if column.maximum is not None and value > column.maximum:
        return None, say("{value} is above {limit}.", value=value, limit=column.maximum)
    if column.step is not None:
        steps = (Decimal(str(value)) - Decimal(str(column.minimum or 0))) / Decimal(str(column.step))
        if steps != steps.to_integral_value():
            return None, say("{value} is not on a step of {step}.", value=value, step=column.step)
    return value, None


def to_date(cell: Raw) -> date | None:
    """A date from what people and programs write; None if it is none.

    Texts: 2025-10-29, 2025/10/29 8:30, 2025年10月29日, 2025-10-29 00:00:00, 20251029, 29.10.2025, 令和7年10月29日, in full
    width too, and with the day of the week behind. Numbers from 20,000 to 80,000 are days as Excel counts them (1954 to 2119).
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if 20_000 <= cell <= 80_000:
            return date(1899, 12, 30) + timedelta(days=int(cell))
        cell = f"{cell:.0f}" if math.isfinite(cell) and cell == round(cell) else ""
    text = _WEEKDAY.sub("", unicodedata.normalize("NFKC", str(cell)).strip())
    if isinstance(cell, str) and re.fullmatch(r"\d{5}(\.\d+)?", text, re.ASCII):
        return to_date(float(text))  # Excel's own count, in a column that holds texts too
    try:
        if (found := re.match(r"(\d{4})[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?(?:[T\s].*)?$", text)) or (
            found := re.match(r"(\d{4})(\d\d)(\d\d)$", text)
        ):
            year, month, day = map(int, found.groups())
        elif found := re.match(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s.*)?$", text):
            day, month, year = map(int, found.groups())
        elif found := re.match(
            r"(令和|平成|昭和|[RHS])\s*(\d{1,2}|元)[年./-]\s*(\d{1,2})[月./-]\s*(\d{1,2})日?$", text, re.I
        ):
            era, count, *rest = found.groups()
            year = _ERAS[era.lower()] + (1 if count == "元" else int(count))
            month, day = map(int, rest)
        else:
            return None
        return date(year, month, day)
    except ValueError:
        return None


def _blank(cell: Raw) -> bool:
    if isinstance(cell, float):
        return math.isnan(cell)
    return cell is None or (
        isinstance(cell, str) and unicodedata.normalize("NFKC", cell).strip().lower() in _BLANKS
    )


_EXACT = 2**53


def _beyond_exact(cell: Raw) -> bool:
    """Whether it is a whole number, written out, that a double would round."""
    if isinstance(cell, str):
        text = _text(cell)
        if len(text) > 400 or not re.fullmatch(r"[+\-]?\d+", text, re.ASCII):
            return False
        cell = int(text)
    return isinstance(cell, int) and abs(cell) > _EXACT and Decimal(cell) != Decimal(float(cell))


def _scalar(cell: Raw) -> float | int | str:
    """A number where the cell is or reads as one (full width, `１２．５`), else its text."""
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, int | float) and math.isfinite(cell):
        return int(cell) if cell == int(cell) and abs(cell) <= 2**53 else cell
    text = _text(cell)
    if any(unicodedata.category(sign) in {"No", "Nl"} for sign in str(cell)):
        return str(cell).strip()  # 5² is not 52, nor is ① a measurement
    if re.fullmatch(r"[+\-−]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", text, re.IGNORECASE | re.ASCII):
        number = float(text.replace("−", "-"))
        if math.isfinite(number):
            return _scalar(number)
    return text


def _text(cell: Raw) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _plain(values: Mapping[str, CellValue]) -> dict[str, float | int | str | None]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
