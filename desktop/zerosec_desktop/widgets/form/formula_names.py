"""Finds the column names in a model formula, so that a misspelt one is marked while it is typed.

Only names are read here; what a formula means is the server's business. Names are letters, digits, `_` and `.` in any
script, or anything between backticks; a name followed by a bracket is a function.
"""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["FormulaName", "FormulaProblem", "formula_names", "formula_problems", "name_at", "quoted"]

_TOKEN = re.compile(r"`(?P<quoted>[^`]*)`|(?P<open>`)|(?P<name>[^\W\d][\w.]*)|(?P<other>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FormulaName:
    """A name and where it stands, in characters from the start; `end` is after the closing backtick."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FormulaProblem:
    """Something wrong in a formula. `code`: unknown_name, open_quote, open_bracket, close_bracket."""

    code: str
    start: int
    end: int
    name: str = ""
    nearest: tuple[str, ...] = ()


def formula_names(formula: str) -> tuple[FormulaName, ...]:
    """All names of columns a formula mentions, in order; function names are left out."""
    found = []
    for match in _TOKEN.finditer(formula):
        if match["quoted"] is not None:
            found.append(FormulaName(match["quoted"], match.start(), match.end()))
        elif match["name"] is not None and not formula[match.end() :].lstrip().startswith("("):
            found.append(FormulaName(match["name"], match.start(), match.end()))
    return tuple(found)


def formula_problems(formula: str, columns: Sequence[str]) -> tuple[FormulaProblem, ...]:
    """What can be seen to be wrong without knowing what the formula means, from left to right."""
    known = {unicodedata.normalize("NFC", column) for column in columns}
    problems = [
        FormulaProblem("unknown_name", name.start, name.end, name.name, _nearest(name.name, columns))
        for name in formula_names(formula)
        if unicodedata.normalize("NFC", name.name) not in known
    ]
    opened: list[int] = []
    for match in _TOKEN.finditer(formula):
        if match["open"] is not None:
            problems.append(FormulaProblem("open_quote", match.start(), len(formula)))
        elif match["other"] == "(":
            opened.append(match.start())
        elif match["other"] == ")":
            if opened:
                opened.pop()
            else:
                problems.append(FormulaProblem("close_bracket", match.start(), match.end()))
    problems += [FormulaProblem("open_bracket", start, start + 1) for start in opened]
    return tuple(sorted(problems, key=lambda problem: problem.start))


def name_at(formula: str, position: int) -> FormulaName | None:
    """The name that is being typed at a position, for completion."""
    for name in formula_names(formula):
        if name.start < position <= name.end:
            return name
    return None


def quoted(column: str) -> str:
    """A column's name as it has to be written in a formula."""
    return column if re.fullmatch(r"[^\W\d][\w.]*", column) else f"`{column}`"


def _nearest(name: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Columns that are spelt nearly so, or of which the name is a part that lacks its backticks."""
    known = columns[:5000]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    return tuple(close or [column for column in known if name in column][:3])
