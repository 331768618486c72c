"""Cause lists: the broad causes of each age group, the tools' names for them, and a study's own causes."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from zerosec_analyses.sdk import InputError, Said, say
from zerosec_analyses.va_calibration.spec import AgeGroup, VaParameters

__all__ = [
    "BROAD_CAUSES",
    "LEFT_OUT",
    "UNSPECIFIED",
    "CauseList",
    "cause_list",
    "data_rows",
    "plain",
    "refuse_other_age",
    "whose",
]

BROAD_CAUSES: Mapping[AgeGroup, tuple[str, ...]] = {
    AgeGroup.NEONATE: (
        "congenital_malformation",
        "pneumonia",
        "sepsis_meningitis_inf",
        "ipre",
        "other",
        "prematurity",
    ),
    AgeGroup.CHILD: (
        "malaria",
        "pneumonia",
        "diarrhea",
        "severe_malnutrition",
        "hiv",
        "injury",
        "other",
        "other_infections",
        "nn_causes",
    ),
}
UNSPECIFIED = "unspecified"
LEFT_OUT = "leave out"
NEONATAL = "nn_causes"
_LEADING_CODE = re.compile(r"^\d{1,2}\.\d{1,2}(\.\d+)?\s+")
_SIGNS = re.compile(r"[^\w]+")


def plain(name: str) -> str:
    """A name as it is compared: no case, no punctuation, no leading code such as 01.01."""
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    text = _LEADING_CODE.sub("", text).replace("&", " and ")
    return " ".join(_SIGNS.sub(" ", text.replace("_", " ")).split())


def data_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of this folder's data files; lines that start with # say where they come from."""
    text = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


@dataclass(frozen=True)
class _Alias:
    cause: str
    typical: str


@cache
def _aliases(age_group: AgeGroup) -> Mapping[str, _Alias]:
    found = {
        plain(row["name"]): _Alias(row[age_group.value], row["typical"])
        for row in data_rows("cause_names.csv")
    }
    for cause in BROAD_CAUSES[age_group]:
        found[plain(cause)] = _Alias(cause, "")
    return found


@dataclass(frozen=True)
class CauseList:
    """The causes a run works with, in the order they are shown, and how a file's names lead to them.

    `broad` gives the broad cause of each, which is the cause itself unless a study has its own causes; it is None when
    the causes are those of the user's own matrices.
    """

    names: tuple[str, ...]
    broad: tuple[str, ...] | None
    aliases: Mapping[str, str]
    typical: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str | None:
        """The cause a name stands for, UNSPECIFIED, LEFT_OUT, or None if it stands for nothing known.

        What the user decided comes first, then the names of the list, then the tools' names.
        """
        key = plain(name)
        return self.chosen.get(key) or self.aliases.get(key)

    def index(self, cause: str) -> int:
        """Its place in `names`."""
        return self.names.index(cause)

    def is_chosen(self, name: str) -> bool:
        """Whether the user decided what this name stands for."""
        return plain(name) in self.chosen

    def of_other_age(self, name: str, age_group: AgeGroup) -> bool:
        """Whether this is a name for the deaths of the other age group."""
        if self.is_chosen(name):
            return False
        typical = self.typical.get(plain(name), "")
        return (typical not in ("", age_group.value)) or (
            age_group is AgeGroup.CHILD and self.find(name) == NEONATAL
        )


def cause_list(params: VaParameters, matrix_causes: Sequence[str] | None = None) -> CauseList:
    """The causes of a run. Raises InputError for a map that leads nowhere.

    `matrix_causes` are the causes of the user's own matrices, if they gave any.
    """
    age_group = params.age_group
    broad = BROAD_CAUSES[age_group]
    if params.study_causes:
        names = tuple(params.study_causes)
        targets = tuple(_broad_cause(cause, target, broad) for cause, target in params.study_causes.items())
        _refuse_doubles(names)
        known = {plain(name): name for name in names} | _unspecified(age_group)
        return CauseList(names, targets, known, chosen=_chosen(params.cause_names, names, broad))
    if matrix_causes is not None and {plain(each) for each in matrix_causes} != {
        plain(each) for each in broad
    }:
        names = tuple(matrix_causes)
        _refuse_doubles(names)
        known = {plain(name): name for name in names} | _unspecified(age_group)
        return CauseList(names, None, known, chosen=_chosen(params.cause_names, names, broad))
    aliases = _aliases(age_group)
    return CauseList(
        broad,
        broad,
        {key: alias.cause for key, alias in aliases.items()},
        {key: alias.typical for key, alias in aliases.items() if alias.typical},
        _chosen(params.cause_names, broad, broad),
    )


def refuse_other_age(matrix_causes: Sequence[str], file: str, age_group: AgeGroup) -> None:
    """Raise InputError where the user's matrices have the broad causes of the other age group."""
    other = AgeGroup.CHILD if age_group is AgeGroup.NEONATE else AgeGroup.NEONATE
    if {plain(each) for each in matrix_causes} == {plain(each) for each in BROAD_CAUSES[other]}:
        raise InputError(
            say(
                "The matrices in {file} have the causes of {other}, and the deaths are those of {age_group}.",
                file=file,
                other=whose(other),
                age_group=whose(age_group),
            ),
            hint=say("Choose the other age group, or give the matrices of this one."),
            field="age_group",
        )


def whose(age_group: AgeGroup) -> Said:
    """Whose deaths, in a word."""
    return say("neonates") if age_group is AgeGroup.NEONATE else say("children")


def _unspecified(age_group: AgeGroup) -> dict[str, str]:
    return {key: UNSPECIFIED for key, alias in _aliases(age_group).items() if alias.cause == UNSPECIFIED}


def _broad_cause(cause: str, target: str, broad: Sequence[str]) -> str:
    for each in broad:
        if plain(each) == plain(target):
            return each
    raise InputError(
        say(
            "The study cause “{cause}” is mapped to “{target}”, which is no broad cause of this age group.",
            cause=cause,
            target=target,
        ),
        hint=say("The broad causes: {causes}.", causes=", ".join(broad)),
        field="study_causes",
    )


def _refuse_doubles(names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        if plain(name) in seen:
            raise InputError(
                say(
                    "Two causes have the same name: “{first}” and “{second}”.",
                    first=seen[plain(name)],
                    second=name,
                ),
                field="study_causes",
            )
        seen[plain(name)] = name


def _chosen(cause_names: Mapping[str, str], names: Sequence[str], broad: Sequence[str]) -> dict[str, str]:
    """The user's decisions, name by name. Raises InputError for a target that is no cause of this run."""
    targets = {plain(name): name for name in names} | {plain(LEFT_OUT): LEFT_OUT, UNSPECIFIED: UNSPECIFIED}
    found = {}
    for name, target in cause_names.items():
        if plain(target) not in targets:
            raise InputError(
                say(
                    "The cause name “{name}” is mapped to “{target}”, which is no cause of this run.",
                    name=name,
                    target=target,
                ),
                hint=say("Map it to one of {causes}, or to “leave out”.", causes=", ".join(names)),
                field="cause_names",
            )
        found[plain(name)] = targets[plain(target)]
    return found
