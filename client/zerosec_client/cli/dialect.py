"""Options that say how a table is to be read; what they leave open is found out by the server, and recorded."""

import argparse
import codecs
from collections.abc import Mapping
from pathlib import PurePath

from zerosec_client.errors import UsageError
from zerosec_shared.files import ColumnType, Dialect, TableKind
from zerosec_shared.texts import say

__all__ = ["add_dialect", "dialect_of"]

KINDS = {
    ".xlsx": TableKind.EXCEL,
    ".xlsm": TableKind.EXCEL,
    ".xlsb": TableKind.EXCEL,
    ".xls": TableKind.EXCEL,
    ".ods": TableKind.EXCEL,
    ".parquet": TableKind.PARQUET,
    ".pq": TableKind.PARQUET,
}
SPOKEN = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|"}
MARKS = {"comma": ",", "point": "."}
GROUPING = {"none": "", "comma": ",", "point": ".", "space": " ", "apostrophe": "'"}
CLASHES = (
    ("separator", "decimal", say("columns and decimals")),
    ("thousands", "decimal", say("groups of digits and decimals")),
)
FIELDS = ("encoding", "separator", "decimal", "thousands", "sheet", "header_row", "missing", "types")


def add_dialect(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group(
        "how the table is read",
        "What you do not say is found out and recorded.",
    )
    group.add_argument("--encoding", metavar="NAME", help="CSV: such as utf-8, shift_jis, utf-16, latin-1.")
    group.add_argument(
        "--separator", metavar="SIGN", help="CSV: one character, or tab, semicolon, comma, space, pipe."
    )
    group.add_argument("--decimal", metavar="SIGN", help="CSV: the decimal mark, point or comma.")
    group.add_argument(
        "--thousands",
        metavar="SIGN",
        help="CSV: what groups digits, as in 1,234,567: comma, point, space, apostrophe or none.",
    )
    group.add_argument("--sheet", metavar="NAME", help="Excel: name of the sheet; default: the first.")
    group.add_argument("--header-row", type=int, metavar="N", help="Row of the names; 0: there is none.")
    group.add_argument(
        "--type",
        action="append",
        dest="types",
        metavar="COLUMN=TYPE",
        help="Read a column as text, number or date, whatever its values look like; repeat it for several.",
    )
    group.add_argument(
        "--missing",
        action="append",
        metavar="TEXT",
        help="A text that stands for a missing value beside the usual ones, such as NA or -999; repeat it for several.",
    )
    group.add_argument(
        "--missing-only",
        action="store_true",
        help="The usual texts (NA, null, -, …) are values; only those of --missing and empty cells are not.",
    )


def dialect_of(found: argparse.Namespace, file_name: str) -> Dialect | None:
    """What was asked for, None if nothing was. UsageError for what makes no sense."""
    given = {name: getattr(found, name) for name in FIELDS if getattr(found, name) is not None}
    if not given and not found.missing_only:
        return None
    kind = KINDS.get(PurePath(file_name).suffix.lower(), TableKind.CSV)
    if kind is not TableKind.EXCEL and "sheet" in given:
        raise UsageError(
            say("{file_name} is no Excel file, so --sheet says nothing about it.", file_name=file_name)
        )
    if kind is not TableKind.CSV:
        wrong = [name for name in ("encoding", "separator", "decimal", "thousands") if name in given]
        if wrong:
            raise UsageError(
                say(
                    "{file_name} is no CSV file, so --{wrong} says nothing about it.",
                    file_name=file_name,
                    wrong=wrong[0],
                )
            )
    for name, signs in (("decimal", MARKS), ("thousands", GROUPING)):
        if name in given:
            given[name] = _sign(f"--{name}", given[name], signs)
    if "separator" in given:
        given["separator"] = SPOKEN.get(given["separator"], given["separator"])
        if len(given["separator"]) != 1:
            raise UsageError("--separator takes one character, or tab, semicolon, comma, space, pipe.")
    try:
        codecs.lookup(given.get("encoding", "utf-8"))
    except LookupError as error:
        raise UsageError(
            say("There is no encoding called “{given}”.", given=given["encoding"]),
            hint="Such as utf-8, shift_jis, utf-16, latin-1.",
        ) from error
    for one, other, what in CLASHES:
        if given.get(one) and given.get(one) == given.get(other):
            raise UsageError(say("“{given}” cannot separate both {what}.", given=given[one], what=what))
    if not 0 <= given.get("header_row", 1) <= 1000:
        raise UsageError("--header-row is from 0 to 1000.")
    if "types" in given:
        given["types"] = dict(map(_typed, given["types"]))
    if "missing" in given or found.missing_only:
        usual = ("",) if found.missing_only else Dialect().missing
        # One that is named stands after the usual ones even if it is among them: a "-" counts otherwise then.
        given["missing"] = (*usual, *dict.fromkeys(given.get("missing", ())))
    return Dialect.partly(**given)


def _typed(word: str) -> tuple[str, ColumnType]:
    name, equals, kind = word.rpartition("=")
    if not equals or not name or kind not in set(ColumnType):
        raise UsageError(
            say("--type takes COLUMN=text, COLUMN=number or COLUMN=date, not “{word}”.", word=word)
        )
    return name, ColumnType(kind)


def _sign(flag: str, word: str, signs: Mapping[str, str]) -> str:
    """A sign given by its name or as itself."""
    if word in signs.values():
        return word
    if word in signs:
        return signs[word]
    raise UsageError(
        say(
            "{flag} takes {signs} or the sign itself, and “{word}” is none of them.",
            flag=flag,
            signs=", ".join(signs),
            word=word,
        )
    )
