"""Options that say how a table is to be read; without any, the server finds out and records what it found."""

import argparse
import codecs
from pathlib import PurePath

from zerosec_client.errors import UsageError
from zerosec_shared.files import Dialect, TableKind

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
FIELDS = ("encoding", "separator", "decimal", "thousands", "sheet", "header_row", "missing")


def add_dialect(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group(
        "how the table is read",
        "Without any of these it is found out. With one, give all that differ from a usual CSV.",
    )
    group.add_argument("--encoding", help="CSV: such as utf-8, shift_jis, utf-16, latin-1.")
    group.add_argument("--separator", help="CSV: one character, or tab, semicolon, comma, space, pipe.")
    group.add_argument("--decimal", choices=[".", ","], help="CSV: the decimal mark.")
    group.add_argument("--thousands", choices=["", ",", ".", " ", "'"], help="CSV: what groups digits.")
    group.add_argument("--sheet", help="Excel: name of the sheet; default: the first.")
    group.add_argument("--header-row", type=int, metavar="N", help="Row of the names; 0: there is none.")
    group.add_argument(
        "--missing", action="append", metavar="TEXT", help="What stands for a missing value; may be repeated."
    )


def dialect_of(found: argparse.Namespace, file_name: str) -> Dialect | None:
    """The dialect that was asked for, None if nothing was. UsageError for one that makes no sense."""
    given = {name: getattr(found, name) for name in FIELDS if getattr(found, name) is not None}
    if not given:
        return None
    kind = KINDS.get(PurePath(file_name).suffix.lower(), TableKind.CSV)
    if kind is not TableKind.EXCEL and "sheet" in given:
        raise UsageError(f"{file_name} is no Excel file, so --sheet says nothing about it.")
    if kind is not TableKind.CSV:
        wrong = [name for name in ("encoding", "separator", "decimal", "thousands") if name in given]
        if wrong:
            raise UsageError(f"{file_name} is no CSV file, so --{wrong[0]} says nothing about it.")
    separator = SPOKEN.get(given.get("separator", ","), given.get("separator", ","))
    if len(separator) != 1:
        raise UsageError("--separator takes one character, or tab, semicolon, comma, space, pipe.")
    try:
        codecs.lookup(given.get("encoding", "utf-8"))
    except LookupError as error:
        raise UsageError(
            f"There is no encoding called “{given['encoding']}”.",
            hint="Such as utf-8, shift_jis, utf-16, latin-1.",
        ) from error
    if separator == given.get("decimal", "."):
        raise UsageError(
            f"“{separator}” cannot separate both columns and decimals.", hint="Say --separator too."
        )
    if not 0 <= given.get("header_row", 1) <= 1000:
        raise UsageError("--header-row is from 0 to 1000.")
    if "missing" in given:
        given["missing"] = tuple(given["missing"])
    return Dialect.model_validate({**given, "kind": kind, "separator": separator})
