"""Which input of a form each file is for: by what the inputs take, by what the names of the files say, and by what is filled already."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zerosec_shared.analyses import InputSlotInfo, SlotKind

__all__ = ["Held", "Placement", "place", "takes"]

MATE = re.compile(r"(?:(?<=[._-])R?|^R)([1-9])(?=$|[._-])", re.IGNORECASE)
"""The number in `P01_R2.fastq.gz`, `P01_2.fq`, `R2.fastq`."""


@dataclass(frozen=True)
class Held:
    """An input, the files it has, and whether more can stand beside them."""

    slot: InputSlotInfo
    files: tuple[Path, ...] = ()
    adds: bool = False


@dataclass
class Placement:
    """Where the files go."""

    files: dict[str, list[Path]] = field(default_factory=dict)
    """By the name of the input, all files it has from now on; inputs that stay as they are do not appear."""
    given: dict[str, list[Path]] = field(default_factory=dict)
    """Of these, the new ones."""
    replaced: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    """Those that had to go."""
    left: list[Path] = field(default_factory=list)
    """New ones for which there is no place."""


def takes(slot: InputSlotInfo, name: str) -> bool:
    """Whether the ending of a file tells that this input is one it may be for. What a table is for its ending does not tell."""
    return slot.kind is SlotKind.FILE and name.lower().endswith(slot.extensions or ("\0",))


def place(files: Iterable[Path], held: Sequence[Held], pointed: str = "") -> Placement:
    """Distribute files over the inputs of a form; `pointed` is the input they were let go over.

    A file goes to an input that takes its ending; of several that take the same endings the one that its name tells (`_R1` the
    first, `_2` the second), else the one it was let go over if that is empty, else the next empty one, else beside those
    that are there where an input takes several, else in place of what is there.
    """
    placed = Placement()
    now = {each.slot.name: list(each.files) for each in held}
    empty = {name for name, there in now.items() if not there}
    for file in sorted(files, key=lambda path: path.name):
        fitting = _told_by_name(file.name, [each for each in held if takes(each.slot, file.name)])
        if not fitting:
            fitting = [each for each in held if each.slot.name == pointed]
        if any(file in now[each.slot.name] for each in fitting):
            continue
        # the one the pointer is over stands first
        fitting.sort(key=lambda each: each.slot.name != pointed)
        over = [
            each for each in fitting if each.slot.name == pointed and each.adds and each.slot.name in empty
        ]
        free = [each for each in fitting if not now[each.slot.name]]
        several = sorted((each for each in fitting if each.adds), key=lambda each: len(now[each.slot.name]))
        old = [each for each in fitting if each.slot.name not in placed.given]
        chosen = next(iter((*over, *free, *several, *old)), None)
        if chosen is None:
            placed.left.append(file)
            continue
        name = chosen.slot.name
        if now[name] and not chosen.adds:
            placed.replaced[name] = tuple(now[name])
            now[name] = []
        now[name].append(file)
        placed.given.setdefault(name, []).append(file)
        placed.files[name] = now[name]
    return placed


def _told_by_name(name: str, fitting: list[Held]) -> list[Held]:
    """Of inputs that take the same endings, the one whose place among them the name of the file says."""
    endings = {each.slot.extensions for each in fitting}
    stem = name
    for ending in sorted({ending for each in endings for ending in each}, key=len, reverse=True):
        if name.lower().endswith(ending):
            stem = name[: -len(ending)]
            break
    numbers = MATE.findall(stem)
    number = int(numbers[-1]) if numbers else 0
    if len(endings) == 1 and len(fitting) > 1 and 1 <= number <= len(fitting):
        return [fitting[number - 1]]
    return fitting
