"""What the files hold besides deaths that are calibrated: said by the preview and by the result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zerosec_analyses.sdk import Said, say
from zerosec_analyses.va_calibration.causes import LEFT_OUT, UNSPECIFIED, CauseList
from zerosec_analyses.va_calibration.mapping import Mapping

__all__ = ["Finding", "data_findings"]

LISTED = 10
FEW_DEATHS = 50
_NO_CAUSES = (None, UNSPECIFIED, LEFT_OUT)


@dataclass(frozen=True)
class Finding:
    """A sentence with a code for programs, and what to do about it. `is_warning` is false for plain information."""

    code: str
    message: Said
    hint: Said | str = ""
    is_warning: bool = True


def data_findings(mappings: Sequence[Mapping], causes: CauseList) -> Iterator[Finding]:
    """What the files hold besides deaths that are calibrated."""
    yield from _same_deaths(mappings)
    for mapping in mappings:
        assigned = mapping.assigned
        yield from _few(mapping)
        if mapping.unspecified:
            yield Finding(
                f"unspecified_{assigned.algorithm}",
                say(
                    "{count:,} of {total:,} deaths have no cause by {algorithm} (unspecified) and are not in its fractions.",
                    one="1 of {total} deaths has no cause by {algorithm} (unspecified) and is not in its fractions.",
                    count=mapping.unspecified,
                    total=assigned.total,
                    algorithm=assigned.title,
                ),
                is_warning=False,
            )
        if assigned.without_cause:
            yield Finding(
                f"empty_cause_{assigned.algorithm}",
                say(
                    "{count:,} of these have an empty cell for their cause in {file}.",
                    count=assigned.without_cause,
                    file=assigned.file,
                ),
            )
        left_out = mapping.with_cause(LEFT_OUT)
        if left_out:
            yield Finding(
                f"left_out_{assigned.algorithm}",
                say(
                    "Left out by your decision, for {algorithm}: {names}; together {count:,} of {total:,} deaths.",
                    count=mapping.deaths(LEFT_OUT),
                    total=assigned.total,
                    algorithm=assigned.title,
                    names=", ".join(f"{each.name} ({each.deaths:,})" for each in left_out[:LISTED]),
                ),
            )
        chosen = [each for each in mapping.names if each.chosen and each.cause != LEFT_OUT]
        if chosen:
            yield Finding(
                f"mapped_{assigned.algorithm}",
                say(
                    "By your decision, for {algorithm}: {names}.",
                    algorithm=assigned.title,
                    names=", ".join(f"{each.name} → {each.cause}" for each in chosen[:LISTED]),
                ),
                is_warning=False,
            )
        if not assigned.has_ids:
            yield Finding(
                f"no_ids_{assigned.algorithm}",
                say(
                    "{file} has no column ID, so deaths that are in it twice were not found.",
                    file=assigned.file,
                ),
            )
        absent = [name for name in causes.names if not mapping.deaths(name)]
        if absent:
            yield Finding(
                f"no_deaths_{assigned.algorithm}",
                say(
                    "{algorithm} assigned no death to: {names}.",
                    algorithm=assigned.title,
                    names=", ".join(absent),
                ),
                is_warning=False,
            )


def _same_deaths(mappings: Sequence[Mapping]) -> Iterator[Finding]:
    """Algorithms that differ in nothing: the same file was given twice, or one file twice under two names."""
    for number, first in enumerate(mappings):
        for second in mappings[number + 1 :]:
            one, two = first.assigned, second.assigned
            if one.deaths == two.deaths and one.without_cause == two.without_cause:
                yield Finding(
                    f"same_deaths_{one.algorithm}_{two.algorithm}",
                    say(
                        "{first} and {second} have exactly the same causes and numbers ({file} and {other}): two algorithms never agree like "
                        "this, and the ensemble takes one finding for two.",
                        first=one.title,
                        second=two.title,
                        file=one.file,
                        other=two.file,
                    ),
                    say("Look whether the same file was given twice; give each algorithm its own."),
                )


def _few(mapping: Mapping) -> Iterator[Finding]:
    """Deaths too few, or of too few causes, to say much."""
    algorithm, total = mapping.assigned.algorithm, mapping.used
    title = mapping.assigned.title
    causes = {each.cause for each in mapping.names if each.deaths and each.cause not in _NO_CAUSES}
    if total == 1:
        yield Finding(
            f"one_death_{algorithm}",
            say("{algorithm} has one death: its fractions say nothing of a population.", algorithm=title),
            say("Give all deaths of the study."),
        )
    elif total < FEW_DEATHS:
        yield Finding(
            f"few_deaths_{algorithm}",
            say(
                "{algorithm} has {count} deaths: what is known beforehand weighs as much as they do, and the intervals are wide.",
                algorithm=title,
                count=total,
            ),
        )
    if total > 1 and len(causes) == 1:
        yield Finding(
            f"one_cause_{algorithm}",
            say(
                "All {count:,} deaths by {algorithm} have one cause, {cause}.",
                count=total,
                algorithm=title,
                cause=str(causes.pop()),
            ),
            say("Check that the file holds all deaths, and not those of one cause."),
        )
