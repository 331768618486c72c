"""What every analysis leaves in several languages: one workbook of all tables and one report a language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.result_tables import ResultTable, Wording, write_workbook
from zerosec_analyses.sdk import Context, Said, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import SOURCE, Texts

REPORTS = {"ja": say("Report in Japanese")}
WORKBOOKS = {"ja": say("All tables in one workbook, in Japanese")}
Published = tuple[str, Said, str]
"""Id, title and artifact of a file to open."""


class WriteReport(Protocol):
    """Writes the report to a path."""

    def __call__(
        self, path: Path, *, language: str, words: Callable[[str], str], plots: Sequence[tuple[Said, Path]]
    ) -> None:
        """With sentences put into a language by ``words``."""


def publish_workbooks(
    ctx: Context, name: str, tables: Sequence[ResultTable], heading: Callable[[str], Said]
) -> list[Published]:
    """Write NAME.xlsx, and NAME.ja.xlsx where there are texts in that language."""
    workbook = ctx.output / f"{name}.xlsx"
    write_workbook(tables, workbook, Wording(str, heading))
    made = [("workbook", say("All tables in one workbook"), ctx.artifact(workbook, ArtifactRole.TABLE))]
    for language in _languages(ctx.texts):
        path = ctx.output / f"{name}.{language}.xlsx"
        write_workbook(tables, path, Wording(partial(in_language, ctx.texts, language), heading))
        made.append((f"workbook_{language}", WORKBOOKS[language], ctx.artifact(path, ArtifactRole.TABLE)))
    return made


def publish_reports(
    ctx: Context, report: WriteReport, draw: Callable[[Pictures], list[tuple[Said, Path]]]
) -> list[Published]:
    """Write report.html with the plots, which become artifacts, and the same in other languages with plots of their own."""
    path = ctx.output / "report.html"
    report(path, language=SOURCE, words=str, plots=draw(Pictures(ctx.output / "plots")))
    for plot in sorted((ctx.output / "plots").iterdir()):
        ctx.artifact(plot, ArtifactRole.PLOT)
    made = [("report", say("Report"), ctx.artifact(path, ArtifactRole.REPORT))]
    for language in _languages(ctx.texts):
        words = partial(in_language, ctx.texts, language)
        own = draw(Pictures(ctx.scratch / f"plots-{language}", words, png=False))
        path = ctx.output / f"report.{language}.html"
        report(path, language=language, words=words, plots=own)
        made.append((f"report_{language}", REPORTS[language], ctx.artifact(path, ArtifactRole.REPORT)))
    return made


def in_language(texts: Texts, language: str, text: str) -> str:
    """A sentence in a language, or as it is."""
    return texts.find(text, language) or text if isinstance(text, Said) else text


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _languages(texts: Texts) -> list[str]:
    return [language for language in REPORTS if language in texts.languages]
