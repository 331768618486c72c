"""What explains a result: its parameters, data, versions, and the programs it ran."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from zerosec_desktop.controls import Card, label
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.applying import not_applying
from zerosec_desktop.widgets.form.schema import FieldSpec, read_fields
from zerosec_desktop.wording import (
    file_title,
    moment,
    origin_text,
    registered_text,
    slot_titles,
    unlisted_title,
)
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import InputFile
from zerosec_shared.runs import Job

__all__ = ["DetailsTab", "parameter_rows", "value_text"]

Pairs = Sequence[tuple[str, str]]


def value_text(value: JsonValue, spec: FieldSpec | None = None) -> str:
    """A parameter's value for reading."""
    if value is None or value == "" or value == [] or value == {}:
        return "–"
    if isinstance(value, bool):
        return translate("DetailsTab", "yes") if value else translate("DetailsTab", "no")
    for choice in spec.choices if spec is not None else ():
        if choice.value == value:
            return choice.label
    if spec is not None and spec.zero_label and value == 0:
        return spec.zero_label
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    unit = f" {spec.unit}" if spec is not None and spec.unit else ""
    if isinstance(value, list):
        names = {choice.value: choice.label for choice in spec.choices} if spec is not None else {}
        return ", ".join(names.get(str(item), str(item)) for item in value) + unit
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    return f"{value}{unit}"


def parameter_rows(job: Job, info: AnalysisInfo | None) -> list[tuple[str, str]]:
    """Titles and values of a job's parameters that applied, in the form's order where the form is known."""
    step = next((step for step in info.steps if step.id == job.step), None) if info is not None else None
    specs = {spec.name: spec for spec in read_fields(step.parameters_schema)} if step is not None else {}
    idle = not_applying(tuple(specs.values()), job.parameters)
    names = [name for name in specs if name in job.parameters and name not in idle] + [
        name for name in job.parameters if name not in specs
    ]
    return [
        (specs[name].title if name in specs else name, value_text(job.parameters[name], specs.get(name)))
        for name in names
    ]


def _origin(file: InputFile) -> list[str]:
    told = [] if file.origin is None else [origin_text(file.origin)]
    return told if file.registered is None else [*told, registered_text(file.registered)]


class DetailsTab(QWidget):
    """Cards of pairs."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.MEDIUM)
        self._facts = _PairsCard(self.tr("This job"))
        self._parameters = _PairsCard(self.tr("Settings"))
        self._inputs = _PairsCard(self.tr("Data"))
        self._environment = _PairsCard(self.tr("Computed with"))
        self._programs = _PairsCard(self.tr("Programs it ran"))
        for card in (self._facts, self._parameters, self._inputs, self._environment, self._programs):
            layout.addWidget(card)
        layout.addStretch(1)

    def show_job(self, job: Job, info: AnalysisInfo | None) -> None:
        """Show what explains this job."""
        times = [
            (self.tr("Submitted"), job.created_at),
            (self.tr("Started"), job.started_at),
            (self.tr("Ended"), job.ended_at),
        ]
        facts = [(name, moment(at)) for name, at in times if at is not None]
        title = info.title if info is not None else unlisted_title(job.analysis)
        steps = info.steps if info is not None and len(info.steps) > 1 else ()
        facts = [
            (self.tr("Analysis"), f"{title} {job.analysis_version}"),
            *((self.tr("Step"), step.title) for step in steps if step.id == job.step),
            *facts,
            (self.tr("Owner"), job.owner),
            (self.tr("Job"), str(job.id)),
        ]
        self._facts.show_pairs(facts)
        self._parameters.show_pairs(parameter_rows(job, info))
        titles = slot_titles(info, job.step)
        inputs = [
            (
                file_title(file, titles.get(slot, slot)),
                "\n".join([*_origin(file), *self._made(file), f"SHA-256 {file.sha256}"]),
            )
            for slot, files in job.inputs.items()
            for file in files
        ]
        self._inputs.show_pairs(inputs)
        self._environment.show_pairs(sorted(job.environment.items()))
        self._programs.show_pairs(
            [(f"{ran.program} {ran.version}".strip(), " ".join(ran.arguments)) for ran in job.ran]
        )

    def _made(self, file: InputFile) -> list[str]:
        if file.made_by is None:
            return []
        made = file.made_by
        return [self.tr("{0} of step {1}, job {2}").format(made.path, made.step, made.job_id)]


class _PairsCard(Card):
    """Names at the left, values at the right; hidden while there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.body.addWidget(label(title, "subtitle"))
        self._holder = QWidget()
        self.body.addWidget(self._holder)
        self.hide()

    def show_pairs(self, pairs: Pairs) -> None:
        """Show these pairs."""
        old = self._holder
        self._holder = QWidget()
        grid = QGridLayout(self._holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 3)
        for number, (name, value) in enumerate(pairs):
            value_label = label(value, wrap=True)
            value_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            name_label = label(name, "muted", wrap=True)
            name_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)  # level with it
            grid.addWidget(name_label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value_label, number, 1, Qt.AlignmentFlag.AlignTop)
        self.body.replaceWidget(old, self._holder)
        old.hide()
        old.deleteLater()
        self.setVisible(bool(pairs))
