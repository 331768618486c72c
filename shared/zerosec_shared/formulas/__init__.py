"""Formulas over columns: `100 / 送り速度 * 60`, `not (A13 == 1) or 直径 in {6, 15}`. Read, checked, worked out; never executed.

`parse` reads a text into a `Formula`; `bound` gives its columns a table's own names; `evaluate` works it out for one row,
exactly; `check` says whether it gives a number, a text or true/false. docs/profiles.md has the grammar.
"""

from zerosec_shared.formulas.evaluate import Value, as_number, evaluate
from zerosec_shared.formulas.kinds import Kind, check, kind_of
from zerosec_shared.formulas.names import column_named, folded, quoted
from zerosec_shared.formulas.parser import parse
from zerosec_shared.formulas.problems import FormulaError, FormulaValueError
from zerosec_shared.formulas.tree import Formula

__all__ = [
    "Formula",
    "FormulaError",
    "FormulaValueError",
    "Kind",
    "Value",
    "as_number",
    "check",
    "column_named",
    "evaluate",
    "folded",
    "kind_of",
    "parse",
    "quoted",
]
