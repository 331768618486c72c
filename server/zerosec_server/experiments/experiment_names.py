"""What an experiment is called where people read of it: its identifying settings, a choice written as 0 and 1 by its level."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zerosec_shared.profiles import OneHotGroup

__all__ = ["choices_of", "namer"]


def choices_of(profile: str) -> "tuple[OneHotGroup, ...]":
    """The choices of a profile as TOML; none where the profile cannot be read, and the columns are named as they are."""
    # Reading profiles takes a while to import, and not every server has projects.
    from zerosec_shared.profiles import ProfileError, read_profile

    try:
        return read_profile(profile.encode()).one_hot
    except ProfileError:
        return ()


def namer(
    identifying: Sequence[str], choices: "Sequence[OneHotGroup]" = ()
) -> Callable[[Sequence[str]], str]:
    """A function from an experiment's normalised identity, in the order of `identifying`, to its name.

    A choice of which exactly one member is 1 and the others are 0 is told as `Brush A11` at the place of its first
    member; where none, several or other values are there, every column is told.
    """
    places = {name: place for place, name in enumerate(identifying)}
    groups = [
        (choice.name, choice.members, tuple(places[member] for member in choice.members))
        for choice in choices
        if all(member in places for member in choice.members)
    ]

    def name(key: Sequence[str]) -> str:
        told: dict[int, str] = {
            place: f"{column} {text}"
            for place, (column, text) in enumerate(zip(identifying, key, strict=True))
            if text
        }
        for title, members, of in groups:
            values = [key[place] for place in of]
            if values.count("1") == 1 and values.count("0") == len(values) - 1:
                for place in of:
                    told.pop(place, None)
                told[min(of)] = f"{title} {members[values.index('1')]}"
        return ", ".join(told[place] for place in sorted(told))

    return name
