"""From a file's names to counts by cause: what is mapped, what is left out and by whose decision, what is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.sdk import InputError, say
from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.causes import LEFT_OUT, UNSPECIFIED, CauseList, whose
from zerosec_analyses.va_calibration.inputs import Assigned
from zerosec_analyses.va_calibration.spec import AgeGroup

__all__ = ["MappedName", "Mapping", "counts", "map_names", "refuse_unusable"]

LISTED = 12
# A third: the child example has 2% of such names, a file of neonates read as children more than half.
OTHER_AGE_SHARE = 1 / 3


@dataclass(frozen=True, kw_only=True)
class MappedName:
    """A name of a file: how many deaths, and its cause; None while nobody has said what it stands for."""

    name: str
    deaths: int
    cause: str | None
    chosen: bool

    @property
    def shown(self) -> str:
        """The cause as it is shown; a question mark while nobody has said."""
        if self.cause is None:
            return "?"
        return {UNSPECIFIED: say("unspecified"), LEFT_OUT: say("left out")}.get(self.cause, self.cause)


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """What the names of one algorithm's file stand for."""

    assigned: Assigned
    names: tuple[MappedName, ...]

    def with_cause(self, cause: str | None) -> tuple[MappedName, ...]:
        """The names that stand for this."""
        return tuple(each for each in self.names if each.cause == cause)

    def deaths(self, cause: str | None) -> int:
        """How many deaths stand for this."""
        return sum(each.deaths for each in self.with_cause(cause))

    @property
    def unspecified(self) -> int:
        """Deaths the algorithm gave no cause, by name or by an empty cell."""
        return self.deaths(UNSPECIFIED) + self.assigned.without_cause

    @property
    def used(self) -> int:
        """Deaths that are calibrated."""
        return sum(each.deaths for each in self.names if each.cause not in (None, UNSPECIFIED, LEFT_OUT))


def map_names(assigned: Assigned, causes: CauseList) -> Mapping:
    """Every name of a file and its cause."""
    return Mapping(
        assigned=assigned,
        names=tuple(
            MappedName(name=name, deaths=deaths, cause=causes.find(name), chosen=causes.is_chosen(name))
            for name, deaths in assigned.deaths.items()
        ),
    )


def refuse_unusable(mapping: Mapping, causes: CauseList, age_group: AgeGroup) -> None:
    """Raise InputError for names of the other age group, for names nobody knows, and where nothing is left."""
    assigned = mapping.assigned
    foreign = [each for each in mapping.names if causes.of_other_age(each.name, age_group)]
    known = mapping.used
    deaths = sum(each.deaths for each in foreign)
    if known and deaths > OTHER_AGE_SHARE * known:
        raise InputError(
            say(
                "The causes in {file} are not those of {age_group}: {share} of its deaths are {names}.",
                file=assigned.file,
                age_group=whose(age_group),
                share=f"{100 * deaths / known:.0f}%",
                names=_listed(foreign),
            ),
            hint=say("Choose the other age group, or say under “Cause names” what each of these stands for."),
            field="age_group",
        )
    unknown = mapping.with_cause(None)
    if unknown:
        raise InputError(
            say(
                "No cause is known for these names in {file}: {names}.",
                file=assigned.file,
                names=_listed(unknown),
            ),
            say(
                "They are {deaths} of {total} deaths.",
                one="It is 1 of {total} deaths.",
                deaths=f"{mapping.deaths(None):,}",
                total=f"{assigned.total:,}",
            ),
            say(
                "Map each under “Cause names” to one of {causes}, or to “leave out”.",
                causes=", ".join(causes.names),
            ),
            field="cause_names",
            undecided=[each.name for each in sorted(unknown, key=lambda each: (-each.deaths, each.name))],
        )
    if mapping.used == 0:
        raise InputError(
            say(
                "All {total} deaths in {file} are unspecified or left out.",
                total=f"{assigned.total:,}",
                file=assigned.file,
            ),
            hint=say("There is nothing to calibrate for {algorithm}.", algorithm=assigned.title),
        )


def counts(mappings: Sequence[Mapping], causes: CauseList) -> Floats:
    """(K, C) deaths by algorithm and cause."""
    found = np.zeros((len(mappings), len(causes.names)))
    for k, mapping in enumerate(mappings):
        for each in mapping.names:
            if each.cause in causes.names:
                found[k, causes.index(each.cause)] += each.deaths
    return found


def _listed(names: Sequence[MappedName]) -> str:
    largest = sorted(names, key=lambda each: -each.deaths)
    shown = ", ".join(f"{each.name} ({each.deaths:,})" for each in largest[:LISTED])
    return shown + (", …" if len(names) > LISTED else "")
