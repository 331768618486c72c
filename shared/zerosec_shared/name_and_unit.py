"""A name with its unit in brackets behind it, once: columns are often called `体重(g)` already, and whoever reads them wants no second (g)."""

import re
import unicodedata

__all__ = ["name_and_unit"]

_IN_BRACKETS = re.compile(r"[(\[〔]\s*([^()\[\]〔〕]*?)\s*[)\]〕]")


def name_and_unit(name: str, unit: str) -> str:
    """`name (unit)`, or the name alone where there is no unit or where it stands in brackets in the name."""
    if not unit:
        return name
    # full-width brackets become plain ones, and the sign for micro the Greek letter
    told = _IN_BRACKETS.findall(unicodedata.normalize("NFKC", name))
    return name if unicodedata.normalize("NFKC", unit).strip() in told else f"{name} ({unit})"
