"""The calculator: an Excel file with live formulas that predicts as the model does, for someone who has nothing but Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from zerosec_analyses.linear.model_file import LinearModelFile, ModelTerm
from zerosec_analyses.linear.predict import predict
from zerosec_analyses.linear.spec import BackTransform, TargetTransform
from zerosec_analyses.sdk import Said, say
from zerosec_analyses.workbooks import open_workbook
from zerosec_shared.name_and_unit import name_and_unit

MAX_TERMS = 8000
MAX_COLUMNS = 2000
MAX_FORMULA_CHARACTERS = 6000
FIRST_INPUT_ROW = 4
EXAMPLE_ROWS = 20

# The sheets a person sees; hidden ones are called the same everywhere.
CALCULATOR, TERMS, ROWS = say("Calculator"), say("Terms"), say("Rows")
INPUT_HEADINGS = (
    say("Input"),
    say("Value"),
    say("Lowest in the data"),
    say("Highest in the data"),
    say("Kind"),
    say("Check"),
)
TERM_HEADINGS = (say("Term"), say("Coefficient"), say("Value of the term"), say("Contribution"))
KINDS = {"numeric": say("numeric"), "categorical": say("categorical")}

Value = float | str


@dataclass(frozen=True)
class _Styles:
    title: Format
    head: Format
    entry: Format
    result: Format
    quiet: Format


def write_calculator(
    model: LinearModelFile,
    path: Path,
    examples: Mapping[str, Sequence[Value]],
    words: Callable[[str], str] = str,
) -> bool:
    """Write the calculator with ``examples`` (some rows of the data, by column); False where the model is too large for Excel.

    ``words`` puts what it says into another language.

    Sheets: ``Calculator`` (one prediction, its inputs checked), ``Terms`` (its working), ``Rows`` (many predictions, one a line).
    """
    if len(model.terms) > MAX_TERMS or len(model.columns) > MAX_COLUMNS:
        return False
    workbook = open_workbook(path)
    styles = _Styles(
        workbook.add_format({"bold": True, "font_size": 14}),
        workbook.add_format({"bold": True, "bottom": 1}),
        workbook.add_format({"bg_color": "#FFF6D6", "border": 1, "border_color": "#C9B46B"}),
        workbook.add_format({"bold": True, "bg_color": "#E3F1E6", "border": 1}),
        workbook.add_format({"font_color": "#666666"}),
    )
    _Calculator(workbook, model, examples, styles, words).write()
    workbook.close()
    return True


class _Calculator:
    """Writes the sheets of one model."""

    def __init__(
        self,
        workbook: Workbook,
        model: LinearModelFile,
        examples: Mapping[str, Sequence[Value]],
        styles: _Styles,
        words: Callable[[str], str],
    ) -> None:
        self.words = words
        self.model, self.examples, self.styles = model, examples, styles
        self.front: Worksheet = workbook.add_worksheet(words(CALCULATOR))
        self.terms: Worksheet = workbook.add_worksheet(words(TERMS))
        self.rows: Worksheet = workbook.add_worksheet(words(ROWS))
        self.levels: Worksheet = workbook.add_worksheet("Levels")
        self.smearing: Worksheet = workbook.add_worksheet("Smearing")
        self.start: dict[str, Value] = {
            column.name: (column.reference or column.levels[0])
            if column.kind == "categorical"
            else _typical(column.mean)
            for column in model.columns
        }
        self.level_cells: dict[tuple[str, str], str] = {}
        self.level_ranges: dict[str, str] = {}

    def write(self) -> None:
        """Write everything."""
        self._write_levels()
        self._write_front()
        self._write_terms()
        self._write_rows()
        self.levels.hide()
        self.smearing.hide()

    def _sheet(self, name: Said) -> str:
        """A sheet as formulas name it."""
        shown = self.words(name)
        return shown if shown.isascii() else f"'{shown}'"

    def _quoted(self, text: Said) -> str:
        """A text within a formula."""
        return '"' + self.words(text).replace('"', '""') + '"'

    def _write_levels(self) -> None:
        for index, column in enumerate(
            column for column in self.model.columns if column.kind == "categorical"
        ):
            self.levels.write_string(0, index, column.name)
            for row, level in enumerate(column.levels, start=1):
                self.levels.write_string(row, index, level)
                self.level_cells[column.name, level] = f"Levels!{_cell(row, index)}"
            self.level_ranges[column.name] = f"Levels!{_cell(1, index)}:{_cell(len(column.levels), index)}"
        for row, node in enumerate(self.model.transform.nodes, start=1):
            self.smearing.write_number(row, 0, node)

    def _write_front(self) -> None:
        sheet, styles, model = self.front, self.styles, self.model
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 4, 18)
        sheet.set_column(5, 5, 34)
        sheet.set_column(6, 6, None, None, {"hidden": True})
        sheet.write_string(0, 0, name_and_unit(model.target, model.target_unit), styles.title)
        sheet.write_string(
            1, 0, self.words(say("Change the yellow cells; the prediction follows.")), styles.quiet
        )
        for place, text in enumerate(INPUT_HEADINGS):
            sheet.write_string(FIRST_INPUT_ROW - 1, place, self.words(text), styles.head)
        unknown = self._quoted(say("choose one of the levels of the data"))
        outside = self._quoted(say("outside the range of the data"))
        no_number = self._quoted(say("enter a number"))
        for index, column in enumerate(model.columns):
            row = FIRST_INPUT_ROW + index
            here = _cell(row, 1)
            sheet.write_string(row, 0, column.name)
            sheet.write_string(row, 4, self.words(KINDS[column.kind]), styles.quiet)
            if column.kind == "categorical":
                sheet.write_string(row, 1, str(self.start[column.name]), styles.entry)
                sheet.data_validation(
                    row, 1, row, 1, {"validate": "list", "source": "=" + self.level_ranges[column.name]}
                )
                known = f"SUMPRODUCT(EXACT({self.level_ranges[column.name]},{here})*1)>0"
                sheet.write_formula(row, 5, f'=IF({known},"",{unknown})', None, "")
                sheet.write_formula(row, 6, f"=IF({known},1,0)", None, 1)
                continue
            sheet.write_number(row, 1, float(self.start[column.name]), styles.entry)
            low, high = _cell(row, 2), _cell(row, 3)
            sheet.write_number(row, 2, column.minimum or 0.0)
            sheet.write_number(row, 3, column.maximum or 0.0)
            sheet.write_formula(
                row,
                5,
                f'=IF(ISNUMBER({here}),IF(OR({here}<{low},{here}>{high}),{outside},""),{no_number})',
                None,
                "",
            )
            sheet.write_formula(row, 6, f"=IF(ISNUMBER({here}),1,0)", None, 1)
        self._write_result()

    def _write_result(self) -> None:
        sheet, model = self.front, self.model
        count = len(model.columns)
        row = FIRST_INPUT_ROW + count + 1
        fitted, predicted = self._values({name: [value] for name, value in self.start.items()})
        complete = (
            f"SUM({_cell(FIRST_INPUT_ROW, 6)}:{_cell(FIRST_INPUT_ROW + count - 1, 6)})={count}"
            if count
            else "TRUE"
        )
        total = f"SUM({self._sheet(TERMS)}!$D$2:$D${len(model.terms) + 1})"
        sheet.write_string(row, 0, self.words(say("Sum of the terms")), self.styles.quiet)
        sheet.write_formula(row, 1, f"=IF({complete},{total},NA())", None, fitted[0])
        sheet.write_string(row + 1, 0, self.words(say("Prediction")), self.styles.head)
        sheet.write_formula(row + 1, 1, "=" + self._back(_cell(row, 1), 1), self.styles.result, predicted[0])
        sheet.write_string(row + 1, 2, model.target_unit)
        sheet.write_string(row + 2, 0, self.words(_meaning(model)), self.styles.quiet)

    def _write_terms(self) -> None:
        sheet = self.terms
        sheet.set_column(0, 3, 24)
        for place, text in enumerate(TERM_HEADINGS):
            sheet.write_string(0, place, self.words(text), self.styles.head)
        cells = {
            column.name: f"{self._sheet(CALCULATOR)}!{_cell(FIRST_INPUT_ROW + i, 1)}"
            for i, column in enumerate(self.model.columns)
        }
        for row, term in enumerate(self.model.terms, start=1):
            value = _term_value(term, self.start)
            sheet.write_string(row, 0, term.label)
            sheet.write_number(row, 1, term.coefficient)
            sheet.write_formula(row, 2, "=" + self._product(term, cells), None, value)
            sheet.write_formula(row, 3, f"=B{row + 1}*C{row + 1}", None, term.coefficient * value)

    def _write_rows(self) -> None:
        sheet, model = self.rows, self.model
        names = [column.name for column in model.columns]
        n_rows = min((len(values) for values in self.examples.values()), default=0)
        first = len(names)
        own = (say("Prediction"), say("Prediction by ZeroSec"), say("Sum of the terms"))
        headers = [*names, *map(self.words, own)]
        for place, text in enumerate(headers):
            sheet.write_string(0, place, text, self.styles.head)
        sheet.set_column(0, first + 2, 16)
        if not n_rows:
            return
        fitted, predicted = self._values({name: list(self.examples[name][:n_rows]) for name in names})
        for index in range(n_rows):
            row = index + 1
            cells = {name: _cell(row, place, absolute_row=False) for place, name in enumerate(names)}
            for place, name in enumerate(names):
                value = self.examples[name][index]
                if isinstance(value, str):
                    sheet.write_string(row, place, value, self.styles.entry)
                else:
                    sheet.write_number(row, place, value, self.styles.entry)
            parts = self._partial_sums(cells)
            for place, part in enumerate(parts):
                sheet.write_formula(row, first + 3 + place, "=" + part)
            left, right = (_cell(row, first + 3 + place, absolute_row=False) for place in (0, len(parts) - 1))
            sheet.write_formula(row, first + 2, f"=SUM({left}:{right})", None, fitted[index])
            here = f"{self._sheet(ROWS)}!{_cell(row, first + 2, absolute_row=False)}"
            sheet.write_formula(
                row, first, "=" + self._back(here, 2 + index), self.styles.result, predicted[index]
            )
            sheet.write_number(row, first + 1, predicted[index])

    def _partial_sums(self, cells: Mapping[str, str]) -> list[str]:
        """The sum of the terms as formulas short enough for Excel."""
        parts: list[str] = []
        current = ""
        for row, term in enumerate(self.model.terms, start=2):
            piece = f"{self._sheet(TERMS)}!$B${row}*{self._product(term, cells)}"
            if current and len(current) + len(piece) > MAX_FORMULA_CHARACTERS:
                parts.append(current)
                current = piece
            else:
                current = f"{current}+{piece}" if current else piece
        return [*parts, current or "0"]

    def _product(self, term: ModelTerm, cells: Mapping[str, str]) -> str:
        factors = [
            cells[power.column] if power.exponent == 1 else f"{cells[power.column]}^{power.exponent}"
            for power in term.powers
        ]
        factors += [
            f"EXACT({cells[level.column]},{self.level_cells[level.column, level.level]})*1"
            for level in term.levels
        ]
        return "*".join(factors) or "1"

    def _back(self, fitted: str, smearing_column: int) -> str:
        """The formula that takes a sum of terms back to the target's scale; averages over nodes in a column of the hidden sheet."""
        nodes = self.model.transform.nodes
        kind, parameter = self.model.transform.kind, self.model.transform.parameter
        if not nodes:
            return _inverse(kind, parameter, fitted)
        source = fitted if "!" in fitted else f"{self._sheet(CALCULATOR)}!{fitted}"
        for row in range(1, len(nodes) + 1):
            self.smearing.write_formula(
                row, smearing_column, "=" + _inverse(kind, parameter, f"({source}+$A{row + 1})")
            )
        top, bottom = _cell(1, smearing_column), _cell(len(nodes), smearing_column)
        return f"AVERAGE(Smearing!{top}:{bottom})"

    def _values(self, data: Mapping[str, Sequence[Value]]) -> tuple[list[float], list[float]]:
        """Sums of terms and predictions, for readers that do not recalculate."""
        n = len(next(iter(data.values()))) if data else 1
        plain = predict(self.model, data).values if data else predict(self.model, {}).values
        fitted = [
            sum(
                term.coefficient * _term_value(term, {name: values[row] for name, values in data.items()})
                for term in self.model.terms
            )
            for row in range(n)
        ]
        return fitted, [float(value) for value in plain]


def _cell(row: int, column: int, *, absolute_row: bool = True) -> str:
    return str(xl_rowcol_to_cell(row, column, row_abs=absolute_row, col_abs=True))


def _typical(mean: float | None) -> float:
    return float(f"{mean or 0.0:.4g}")


def _term_value(term: ModelTerm, values: Mapping[str, Value]) -> float:
    product = 1.0
    for power in term.powers:
        product *= float(values[power.column]) ** power.exponent
    for level in term.levels:
        product *= float(values[level.column] == level.level)
    return product


def _inverse(kind: TargetTransform, parameter: float, fitted: str) -> str:
    if kind is TargetTransform.NONE:
        return fitted
    if kind is TargetTransform.LOG:
        return f"EXP({fitted})"
    if kind is TargetTransform.BOX_COX:
        return _power_inverse(parameter, fitted, "0")
    upper = f"{_power_inverse(parameter, fitted, '0')}-1"
    lower = f"1-{_power_inverse(2.0 - parameter, f'(-{fitted})', '0')}"
    return f"IF({fitted}>=0,{upper},{lower})"


def _power_inverse(parameter: float, fitted: str, floor: str) -> str:
    """(parameter * z + 1)^(1 / parameter), and its limit where no value has that transform (none above: #N/A)."""
    if parameter == 0:
        return f"EXP({fitted})"
    number = f"({parameter!r})"
    inner = f"{number}*{fitted}+1"
    return f"IF({inner}<=0,{floor if parameter > 0 else 'NA()'},EXP(LN({inner})/{number}))"


def _meaning(model: LinearModelFile) -> Said:
    if model.transform.kind is TargetTransform.NONE:
        return say("The prediction is the expected value.")
    if model.transform.scale is BackTransform.MEAN:
        return say(
            "The prediction is the mean, corrected for the transform of the target by smearing (Duan 1983)."
        )
    return say("The prediction is the median: the plain inverse of the transform of the target.")
