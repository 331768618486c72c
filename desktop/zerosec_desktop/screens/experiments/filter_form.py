"""The filter's rows, one a column of the project or one-hot group in the profile's order, as one filter."""

from pydantic import ValidationError
from PySide6.QtCore import Signal

from zerosec_desktop.controls import Card, line
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.filter_choices import ChoiceRow, GroupRow
from zerosec_desktop.screens.experiments.filter_ranges import DateRow, NumberRow
from zerosec_desktop.screens.experiments.filter_row import FilterRow
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_shared.experiments import ColumnKind, ExperimentColumn
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.profiles import Profile
from zerosec_shared.selections import ExperimentFilter, QueryAnswer, filter_text

__all__ = ["FilterForm", "read_filter"]


def read_filter(text: str) -> ExperimentFilter:
    """A filter as it was kept; the one that shows everything where there is none or it cannot be read."""
    try:
        return ExperimentFilter.model_validate_json(text or "{}")
    except ValidationError:
        return ExperimentFilter()


class FilterForm(Card):
    """`changed` at every edit; `filter()` is what stands in it."""

    changed = Signal()

    def __init__(self, project: OpenProject) -> None:
        super().__init__(margins=Space.LARGE, spacing=0)
        self.rows = _rows(project.project.columns, project.profile, self.locale().name()[:2])
        for number, each in enumerate(self.rows):
            if number:
                self.body.addWidget(line())
            each.changed.connect(self.changed)
            self.body.addWidget(each)

    def problem(self) -> str:
        """What cannot be asked as it stands, with its column; empty if all can."""
        return next((f"{each.title}: {text}" for each in self.rows if (text := each.problem())), "")

    def filter(self) -> ExperimentFilter:
        """What is asked; rows with a problem ask nothing."""
        found = (each.condition() for each in self.rows)
        return ExperimentFilter(conditions=tuple(one for one in found if one is not None))

    def show_filter(self, wanted: ExperimentFilter) -> str:
        """Show a filter; the conditions that have no place here, in words."""
        self.blockSignals(True)
        for each in self.rows:
            each.reset()
        self.blockSignals(False)
        taken: set[FilterRow] = set()
        left = []
        for condition in wanted.conditions:
            place = next((each for each in self.rows if each not in taken and each.shows(condition)), None)
            if place is not None:
                place.take(condition)
                taken.add(place)
            else:
                left.append(condition)
        return filter_text(ExperimentFilter(conditions=tuple(left)))

    def show_figures(self, everything: QueryAnswer, now: QueryAnswer) -> None:
        """Counts and histograms of all experiments, and of those that match."""
        of_all = {one.column: one for one in everything.columns}
        of_now = {one.column: one for one in now.columns}
        for each in self.rows:
            each.show_figures(of_all, of_now)


def _rows(columns: tuple[ExperimentColumn, ...], profile: Profile, language: str) -> list[FilterRow]:
    groups = {member: group for group in profile.one_hot for member in group.members}
    labels = {column.name: column.labels.get(language, "") for column in profile.columns}
    rows: list[FilterRow] = []
    shown = set()
    kinds: dict[ColumnKind, type[NumberRow | DateRow | ChoiceRow]] = {
        ColumnKind.NUMBER: NumberRow,
        ColumnKind.DATE: DateRow,
        ColumnKind.TEXT: ChoiceRow,
    }
    for column in columns:
        group = groups.get(column.name)
        if group is None:
            title = labels.get(column.name) or column.name
            rows.append(kinds[column.kind](column, name_and_unit(title, column.unit)))
        elif group.name not in shown:
            shown.add(group.name)
            rows.append(GroupRow(group, group.labels.get(language) or group.name))
    return rows
