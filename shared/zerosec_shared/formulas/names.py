"""When two column names are the same, and how a name is written in a formula."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from zerosec_shared.formulas.problems import FormulaError
from zerosec_shared.texts import say

__all__ = ["KEYWORDS", "PLAIN_NAME", "column_named", "folded", "quoted"]

KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
PLAIN_NAME = r"[^\W\d][\w.・]*"


def folded(name: str) -> str:
    """What two names are compared by: compatibility-composed (NFKC), case and spaces aside.

    `面粗度（Ｒａ）前`, `面粗度(Ra) 前` and `面粗度(ra)前` are one name.
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def quoted(name: str) -> str:
    """The name as it is written in a formula: between backticks unless it is letters, digits, `_` and `.` alone."""
    if re.fullmatch(PLAIN_NAME, name) and name.casefold() not in KEYWORDS:
        return name
    return "`" + name.replace("`", "``") + "`"


def column_named(name: str, names: Sequence[str], position: int | None = None) -> str:
    """The one of `names` that is meant: to the letter, else the same when folded. Raises FormulaError."""
    if name in names:
        return name
    same = [each for each in names if folded(each) == folded(name)]
    if len(same) == 1:
        return same[0]
    if same:
        raise FormulaError(
            say(
                "“{name}” may be {columns}; write one of them to the letter.",
                name=name,
                columns=" or ".join(f"“{each}”" for each in same),
            ),
            position,
        )
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        raise FormulaError(
            say(
                "There is no column “{name}”; did you mean {columns}?",
                name=name,
                columns=" or ".join(f"“{each}”" for each in near),
            ),
            position,
        )
    listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    raise FormulaError(
        say("There is no column “{name}”; there is: {columns}.", name=name, columns=listed or "none"),
        position,
    )
