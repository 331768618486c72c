"""Lists as people write them into one line: commas between, in any width; quotes round what holds a comma. Pure."""

import re
from collections.abc import Iterable

__all__ = ["joined_list", "split_list"]

_SIGNS = ",、，;；"
_ITEM = re.compile(rf'\s*(?:"((?:[^"]|"")*)"\s*(?=[{_SIGNS}]|$)|([^{_SIGNS}]*))(?:[{_SIGNS}]|$)')


def split_list(text: str) -> tuple[str, ...]:
    """The items of a line, without blanks around them; empty ones are left out."""
    found = []
    for match in _ITEM.finditer(text.replace("\n", ",")):
        quoted, plain = match.groups()
        item = plain.strip() if quoted is None else quoted.replace('""', '"')
        if item:
            found.append(item)
    return tuple(found)


def joined_list(items: Iterable[str]) -> str:
    """A line that `split_list` reads back."""
    return ", ".join(_written(item) for item in items)


def _written(item: str) -> str:
    plain = item == item.strip() and not any(sign in item for sign in f'{_SIGNS}"')
    return item if plain else '"' + item.replace('"', '""') + '"'
