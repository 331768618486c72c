"""What will happen, in sentences: made anew at every change of the form."""

from collections.abc import Sequence

from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.analysis.registered_choice import registered_line
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_desktop.screens.analysis.summary import Fact, time_sentence, usual_duration
from zerosec_desktop.session import Session
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.widgets.form.schema import FieldKind
from zerosec_desktop.wording import rows_text
from zerosec_shared.analyses import AnalysisInfo, StepInfo
from zerosec_shared.views import Result

__all__ = ["facts_of"]

NAMED_FILES = 4


def facts_of(
    info: AnalysisInfo,
    step: StepInfo,
    form: Form,
    slots: Sequence[FileSlot],
    session: Session,
    *,
    checked: Result | None,
) -> list[Fact]:
    """What the pane beside the form says: the data, the columns, what was changed, where and how long.

    `checked`: what the analysis itself makes of the data, which it says better.
    """
    facts: list[Fact] = []
    for slot in slots:
        facts += _slot_facts(form, slot)[: 1 if checked is not None else None]
    parameters = form.parameters
    for spec in form.fields:
        value = parameters.get(spec.name)
        if spec.kind is FieldKind.COLUMN and isinstance(value, str) and value:
            text = translate("AnalysisScreen", "{0}: {1}").format(spec.title, value)
            facts.append(("columns", "muted", text))
        elif spec.kind is FieldKind.COLUMNS and isinstance(value, list) and value:
            shown = ", ".join(str(name) for name in value[:3]) + (" …" if len(value) > 3 else "")
            text = translate("AnalysisScreen", "{0}: {1} ({2})").format(spec.title, len(value), shown)
            facts.append(("columns", "muted", text))
    changed = [name for name in form.changed_fields if form.rows[name].spec.advanced]
    if changed:
        titles = ", ".join(form.rows[name].spec.title for name in changed)
        facts.append(
            ("settings", "muted", translate("AnalysisScreen", "Changed under Advanced: {0}").format(titles))
        )
    state = session.target_state(session.current_target)
    if state is not None:
        if not state.usable:
            facts.append(
                (
                    "hourglass",
                    "warning",
                    translate(
                        "AnalysisScreen", "The server is away now. The run is kept and sent when it answers."
                    ),
                )
            )
        elif state.status is not None and state.status.slots_busy >= state.status.slots > 0:
            waiting = state.status.jobs.get("queued", 0)
            facts.append(
                (
                    "queued",
                    "muted",
                    translate("AnalysisScreen", "All places are busy; it will be queued behind {0}.").format(
                        f"{waiting:,}"
                    )
                    if waiting
                    else translate("AnalysisScreen", "All places are busy; it begins when one is free."),
                )
            )
    usual = usual_duration(session.entries(), info, step, session.current_target)
    if time := time_sentence(usual, checked):
        facts.append(("clock", "muted", time))
    return facts


def _slot_facts(form: Form, slot: FileSlot) -> list[Fact]:
    if not slot.files:
        return []
    loaded = slot.loaded
    path = slot.files[0]
    if slot.copy_of is not None and slot.registered is not None:
        listed = slot.registered
        return [("server", "muted", registered_line(listed.name, slot.copy_of.name, listed.genome_build))]
    if len(slot.files) > 1:
        shown = ", ".join(each.name for each in slot.files[:NAMED_FILES])
        left = len(slot.files) - NAMED_FILES
        if left > 0:
            shown = translate("AnalysisScreen", "{0} and {1} more").format(shown, left)
        text = translate("AnalysisScreen", "{0}: {1} files ({2})")
        return [("file-data", "muted", text.format(slot.slot.title, len(slot.files), shown))]
    if loaded is None or not loaded.final:
        return [("file-data", "muted", path.name)]
    rows = f"{loaded.table.frame.height:,}"
    text = (
        translate("AnalysisScreen", "{0}: {1}").format(path.name, rows_text(loaded.table.frame.height))
        if loaded.whole
        else translate("AnalysisScreen", "{0}: more than {1} rows, all of them used").format(path.name, rows)
    )
    facts: list[Fact] = [("file-data", "muted", text)]
    known = {column.name: column for column in loaded.columns()}
    parameters = form.parameters
    for spec in form.fields:
        value = parameters.get(spec.name)
        column = known.get(value) if spec.kind is FieldKind.COLUMN and isinstance(value, str) else None
        if column is not None and column.missing and loaded.whole:
            facts.append(
                (
                    "warning",
                    "warning",
                    translate("AnalysisScreen", "{0} of {1} rows have no value in {2}.").format(
                        f"{column.missing:,}", rows, column.name
                    ),
                )
            )
    return facts
