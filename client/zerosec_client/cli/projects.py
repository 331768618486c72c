"""`zerosec projects` and `zerosec results`: projects, and the results database of each."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from pydantic import JsonValue

from zerosec_client.cli.dialect import dialect_of
from zerosec_client.cli.display import display_for
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.session import opened, outbox
from zerosec_client.cli.terminal import Report, Terminal, significant
from zerosec_client.errors import LocalFileError, UsageError
from zerosec_client.exports import export_history, export_results
from zerosec_client.lab_sheets import SHEET, make_lab_sheet
from zerosec_client.projects import Projects, read_results
from zerosec_client.transfer import download
from zerosec_shared.causes import cause
from zerosec_shared.experiments import (
    EntryKind,
    ImportCreate,
    ImportEntry,
    ImportKind,
    ImportRecord,
    Project,
    ProjectCreate,
    RestoreRequest,
    UndoRequest,
    Value,
)
from zerosec_shared.files import DownloadRequest
from zerosec_shared.ids import new_id
from zerosec_shared.selections import ExperimentFilter
from zerosec_shared.texts import say

__all__ = [
    "backup",
    "backups",
    "create",
    "export",
    "find_project",
    "history",
    "imports",
    "lab_sheet",
    "listing",
    "new_file",
    "restore",
    "take_in",
    "undo",
]

SHOWN = 15
KINDS = {ImportKind.IMPORT: say("import"), ImportKind.UNDO: say("undo"), ImportKind.RESTORE: say("restore")}
REASONS = {"daily": say("daily"), "asked": say("asked for"), "restore": say("before a restore")}


async def listing(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """All projects of a server."""
    async with opened(arguments.target_server, terminal) as (_, api):
        known = await Projects(api).all()
    rows = [
        (one.name, str(one.experiments), f"{one.changed_at:%Y-%m-%d %H:%M}", str(one.id)) for one in known
    ]
    return Report(
        ExitCode.OK,
        {"projects": [one.model_dump(mode="json", exclude={"profile"}) for one in known]},
        () if known else (say("No project yet: “zerosec projects create NAME --profile FILE”."),),
        table=((say("NAME"), say("EXPERIMENTS"), say("CHANGED"), say("ID")), rows) if rows else None,
    )


async def create(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Make a project from a profile that ships, or from one in a file."""
    profile = _profile_text(arguments.profile)
    async with opened(arguments.target_server, terminal) as (_, api):
        made = await Projects(api).create(ProjectCreate(id=new_id(), name=arguments.name, profile=profile))
    return Report(
        ExitCode.OK,
        made.model_dump(mode="json"),
        [say("The project “{name}” is made: {id}", name=made.name, id=str(made.id))],
    )


def _profile_text(word: str) -> str:
    from zerosec_shared.profiles import SHIPPED, shipped_profile, write_profile

    if word in SHIPPED:
        return write_profile(shipped_profile(word)).decode()
    path = Path(word).expanduser()
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LocalFileError(say("{path} is not UTF-8 text, as profiles are.", path=path)) from error
    except OSError as error:
        raise LocalFileError(
            say("The profile {path} cannot be read: {cause}.", path=path, cause=cause(error)),
            hint=say("Profiles that ship: {shipped}.", shipped=", ".join(SHIPPED)),
        ) from error


async def find_project(projects: Projects, word: str) -> Project:
    """The project meant: its id, or its name where only one has it."""
    known = await projects.all()
    found = [one for one in known if word in {str(one.id), one.name}]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            say("{count} projects are called “{word}”.", count=len(found), word=word),
            hint="Give the id; see “zerosec projects”.",
        )
    raise UsageError(say("There is no project “{word}”.", word=word), hint="“zerosec projects” lists them.")


async def take_in(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Show what importing a file would do; do it with --yes."""
    given = dict(_pair(word) for word in arguments.given)
    path = _path(arguments.file)
    async with opened(arguments.target_server, terminal) as (target, api):
        projects = Projects(api)
        project = await find_project(projects, arguments.project)
        display = display_for(terminal)
        try:
            with outbox() as box:
                job_id = await read_results(
                    api,
                    box,
                    target.name,
                    path,
                    project.profile,
                    given=given,
                    dialect=dialect_of(arguments, path.name),
                    progress=display.uploading,
                )
        finally:
            display.close()
        read = (await api.job(job_id)).result
        remarks = [notice for notice in read.warnings if notice.code != "rows_rejected"] if read else []
        shown = await projects.preview(project.id, job_id, limit=2000)
        data: dict[str, JsonValue] = {
            "project_id": str(project.id),
            "job_id": str(job_id),
            "counts": {kind.value: count for kind, count in shown.counts.items()},
            "entries": [entry.model_dump(mode="json") for entry in shown.entries],
            "warnings": [notice.model_dump(mode="json", exclude={"translations"}) for notice in remarks],
            "imported": None,
        }
        lines = _preview_lines(shown.entries, shown.counts)
        lines += [say("  remark    {text}", text=notice.message) for notice in remarks]
        if not arguments.yes:
            return Report(ExitCode.OK, data, [*lines, say("Nothing was changed. Import it with --yes.")])
        made = await projects.take_in(
            project.id, ImportCreate(id=new_id(), job_id=job_id, revision=shown.revision)
        )
    data["imported"] = made.model_dump(mode="json")
    return Report(ExitCode.OK, data, [*lines, say("Imported as {id}.", id=str(made.id))])


def _path(word: str) -> Path:
    return Path(word).expanduser().absolute()


def new_file(word: str, *, overwrite: bool) -> Path:
    """A file to be made. Raises UsageError where there is one already."""
    path = _path(word)
    if path.exists() and not overwrite:
        raise UsageError(
            say("{path} is there already.", path=path), hint="Choose another name, or give --overwrite."
        )
    return path


def _pair(word: str) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not sign or not name or not value:
        raise UsageError(say("--given takes COLUMN=VALUE, not “{word}”.", word=word))
    return name, value


def _preview_lines(entries: Sequence[ImportEntry], counts: dict[EntryKind, int]) -> list[str]:
    lines: list[str] = [
        say(
            "{new:,} new, {changed:,} changed, {identical:,} identical, {rejected:,} rejected",
            new=counts.get(EntryKind.NEW, 0),
            changed=counts.get(EntryKind.CHANGED, 0),
            identical=counts.get(EntryKind.IDENTICAL, 0),
            rejected=counts.get(EntryKind.REJECTED, 0),
        )
    ]
    rejected = [entry for entry in entries if entry.kind is EntryKind.REJECTED]
    lines += [_rejected(entry) for entry in rejected[:SHOWN]]
    if len(rejected) > SHOWN:
        lines.append(say("  … and {count:,} more rejected", count=len(rejected) - SHOWN))
    changed = [entry for entry in entries if entry.kind is EntryKind.CHANGED]
    for entry in changed[:SHOWN]:
        told = ", ".join(f"{c.column} {_shown(c.old)} → {_shown(c.new)}" for c in entry.changes[:4])
        lines.append(
            say("  changed   {experiment}: {changes}", experiment=entry.experiment[:60], changes=told)
        )
    if len(changed) > SHOWN:
        lines.append(say("  … and {count:,} more changed", count=len(changed) - SHOWN))
    remarked = [entry for entry in entries if entry.remark]
    lines += [
        say(
            "  look at   rows {rows}: {remark}", rows=", ".join(map(str, entry.rows[:5])), remark=entry.remark
        )
        for entry in remarked[:SHOWN]
    ]
    if len(remarked) > SHOWN:
        lines.append(say("  … and {count:,} more to look at", count=len(remarked) - SHOWN))
    return lines


def _rejected(entry: ImportEntry) -> str:
    row, column, reason = entry.rows[0], entry.column, entry.reason
    if column:
        return say("  rejected  row {row}, {column}: {reason}", row=row, column=column, reason=reason)
    return say("  rejected  row {row}: {reason}", row=row, reason=reason)


def _shown(value: Value | None) -> str:
    return "–" if value is None else significant(value, 6)


async def lab_sheet(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """The runs of a design as a workbook to print and fill in, under the headings of the project's profile."""
    given = dict(_pair(word) for word in arguments.given)
    target = new_file(arguments.out, overwrite=arguments.overwrite)
    async with opened(arguments.target_server, terminal) as (server, api):
        project = await find_project(Projects(api), arguments.project)
        with outbox() as box:
            job_id = await make_lab_sheet(
                api, box, server.name, _path(arguments.design), project.profile,
                title=project.name, criterion=arguments.criterion, given=given,
            )  # fmt: skip
        target.parent.mkdir(parents=True, exist_ok=True)
        await download(api, DownloadRequest(job_id=job_id, path=SHEET), target)
    return Report(
        ExitCode.OK,
        {"file": str(target), "job_id": str(job_id)},
        [say("The lab sheet is {file}.", file=str(target))],
    )


async def imports(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Every import, undo and restore of a project."""
    async with opened(arguments.target_server, terminal) as (_, api):
        projects = Projects(api)
        project = await find_project(projects, arguments.project)
        found = await projects.imports(project.id)
    rows = [
        (
            f"{one.at:%Y-%m-%d %H:%M}",
            KINDS[one.kind],
            one.file_name,
            str(one.new),
            str(one.changed),
            one.by,
            str(one.id),
        )
        for one in found
    ]
    return Report(
        ExitCode.OK,
        {"imports": [one.model_dump(mode="json") for one in found]},
        table=(
            (say("WHEN"), say("WHAT"), say("FILE"), say("NEW"), say("CHANGED"), say("BY"), say("ID")),
            rows,
        ),
    )


async def undo(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Take an import back."""
    async with opened(arguments.target_server, terminal) as (_, api):
        projects = Projects(api)
        project = await find_project(projects, arguments.project)
        made: ImportRecord = await projects.take_back(
            project.id, _id(arguments.import_id), UndoRequest(id=new_id())
        )
    lines = [say("The import is taken back.")]
    if made.kept:
        lines.append(
            say(
                "{count:,} values that a later import has set stay.",
                one="1 value that a later import has set stays.",
                count=made.kept,
            )
        )
    return Report(ExitCode.OK, made.model_dump(mode="json"), lines)


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError as error:
        raise UsageError(
            say("“{word}” is not the id of an import.", word=word), hint="See “zerosec results imports”."
        ) from error


async def export(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """All results of a project as a CSV file, or as an Excel workbook."""
    target = new_file(arguments.out, overwrite=arguments.overwrite)
    async with opened(arguments.target_server, terminal) as (_, api):
        projects = Projects(api)
        project = await find_project(projects, arguments.project)
        made = await export_results(api, project, ExperimentFilter(), target)
    lines = [
        say(
            "{rows:,} experiments are in {file}.",
            one="1 experiment is in {file}.",
            rows=made.rows,
            file=str(target),
        )
    ]
    if made.guarded:
        lines.append(
            say(
                "{count:,} texts that a spreadsheet would take for formulas have an apostrophe before them.",
                one="1 text that a spreadsheet would take for a formula has an apostrophe before it.",
                count=made.guarded,
            )
        )
    return Report(
        ExitCode.OK,
        {
            "file": str(target),
            "rows": made.rows,
            "sha256": made.file.sha256,
            "revision": made.revision,
            "guarded": made.guarded,
        },
        lines,
    )


async def history(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Every value that was ever set, as a CSV file."""
    target = new_file(arguments.out, overwrite=arguments.overwrite)
    async with opened(arguments.target_server, terminal) as (_, api):
        project = await find_project(Projects(api), arguments.project)
        count = await export_history(api, project, target)
    return Report(
        ExitCode.OK,
        {"file": str(target), "changes": count},
        [
            say(
                "{count:,} changes are in {file}.",
                one="1 change is in {file}.",
                count=count,
                file=str(target),
            )
        ],
    )


async def backup(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Back a project up now."""
    async with opened(arguments.target_server, terminal) as (_, api):
        projects = Projects(api)
        project = await find_project(projects, arguments.project)
        made = await projects.back_up(project.id)
    return Report(ExitCode.OK, made.model_dump(mode="json"), [say("Backed up: {id}", id=made.id)])


async def backups(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """What can be restored."""
    async with opened(arguments.target_server, terminal) as (_, api):
        projects = Projects(api)
        project = await find_project(projects, arguments.project)
        found = await projects.backups(project.id)
    rows = [
        (f"{one.at:%Y-%m-%d %H:%M}", REASONS.get(one.reason, one.reason), str(one.experiments), one.id)
        for one in found
    ]
    return Report(
        ExitCode.OK,
        {"backups": [one.model_dump(mode="json") for one in found]},
        table=((say("WHEN"), say("WHY"), say("EXPERIMENTS"), say("ID")), rows),
    )


async def restore(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Put the results back as a backup holds them."""
    async with opened(arguments.target_server, terminal) as (_, api):
        projects = Projects(api)
        project = await find_project(projects, arguments.project)
        now = await projects.restore(project.id, arguments.backup_id, RestoreRequest(id=new_id()))
    return Report(
        ExitCode.OK,
        now.model_dump(mode="json"),
        [
            say(
                "Restored: {count:,} experiments. What was there is backed up; the restore can be undone.",
                one="Restored: 1 experiment. What was there is backed up; the restore can be undone.",
                count=now.experiments,
            )
        ],
    )
