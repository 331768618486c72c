"""A formula's text as signs, names, numbers and texts. Full-width signs of Japanese keyboards are read as their ASCII kin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zerosec_shared.formulas.names import KEYWORDS, PLAIN_NAME
from zerosec_shared.formulas.problems import FormulaError
from zerosec_shared.texts import say

__all__ = ["MAX_CHARACTERS", "Token", "tokens"]

MAX_CHARACTERS = 4000

# One character for one, so that positions stay those of the text.
_SAME = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    ord(written): meant
    for written, meant in {
        "\u3000": " ", "×": "*", "÷": "/", "−": "-", "、": ",", "“": '"', "”": '"', "≦": "≤", "≧": "≥",
    }.items()
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>{PLAIN_NAME})"
    r"|(?P<quoted>`(?:[^`]|``)*`)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign>\*\*|==|!=|<>|<=|>=|[-+*/^(){},;<>=≤≥≠])"
)
_MEANT = {"**": "^", "=": "==", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", ";": ","}

Sort = Literal["number", "name", "text", "sign", "word", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One sign, name, number or text; `position` counts characters from 1. A `word` is and, or, not, in, true or false."""

    sort: Sort
    text: str
    position: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a formula, ending with one of sort `end`. Raises FormulaError."""
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            say(
                "The formula has {length} characters; at most {most} can be read.",
                length=f"{len(text):,}",
                most=f"{MAX_CHARACTERS:,}",
            )
        )
    plain = text.translate(_SAME)
    at = 0
    while at < len(plain):
        found = _TOKEN.match(plain, at)
        if found is None:
            raise _unreadable(text, plain, at)
        if found.lastgroup != "space":
            yield _token(found.lastgroup or "", found.group(), text[at : found.end()], at + 1)
        if found.lastgroup == "number" and re.match(r"[^\W\d]", plain[found.end() :]):
            raise FormulaError(
                say(
                    "A column name that begins with a digit stands between backticks, as in `{name}`.",
                    name=text[at:].split()[0][:40],
                ),
                at + 1,
            )
        at = found.end()
    yield Token("end", "", len(text) + 1)


def _token(group: str, plain: str, written: str, position: int) -> Token:
    match group:
        case "quoted":
            return Token("name", written[1:-1].replace("``", "`").strip(), position)
        case "text":
            return Token("text", written[1:-1], position)
        case "name" if plain.casefold() in KEYWORDS:
            return Token("word", plain.casefold(), position)
        case "name":
            return Token("name", written, position)
        case "number":
            return Token("number", plain, position)
        case _:
            return Token("sign", _MEANT.get(plain, plain), position)


def _unreadable(text: str, plain: str, at: int) -> FormulaError:
    if plain[at] in "`\"'":
        return FormulaError(say("A quote is not closed."), at + 1)
    return FormulaError(
        say(
            "“{sign}” cannot be read here; a column name with signs or spaces stands between backticks.",
            sign=text[at],
        ),
        at + 1,
    )
