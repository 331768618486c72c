"""The profile editor: columns with their details, choices, rules, settings of analyses; undo; files in and out; one *Save*."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Bridge
from zerosec_desktop.controls import button, column, label, line, row, tool_button
from zerosec_desktop.dialogs import choose_save, confirm, open_files
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.chosen_profile import chosen_profile
from zerosec_desktop.screens.experiments.profile_editor.column_detail import ColumnDetail
from zerosec_desktop.screens.experiments.profile_editor.columns_table import ColumnsTable
from zerosec_desktop.screens.experiments.profile_editor.draft import ColumnDraft, ProfileDraft
from zerosec_desktop.screens.experiments.profile_editor.draft_problems import DraftProblem, Part, problems_of
from zerosec_desktop.screens.experiments.profile_editor.entries_pane import EntriesPane
from zerosec_desktop.screens.experiments.profile_editor.fields import LineField
from zerosec_desktop.screens.experiments.profile_editor.more_pages import (
    choices_pane,
    rules_pane,
)
from zerosec_desktop.screens.experiments.profile_editor.renaming import renamed
from zerosec_desktop.screens.experiments.profile_editor.settings_page import Offer, settings_pane
from zerosec_desktop.screens.experiments.profile_editor.steps_back import StepsBack
from zerosec_desktop.screens.experiments.said import Said
from zerosec_shared.profiles import Profile, ProfileError, write_profile

__all__ = ["ProfileEditor"]


class ProfileEditor(QWidget):
    """`saved` brings a `Profile`; `left` means that nothing is wanted. The owner says when saving has ended."""

    saved = Signal(object)  # Profile
    left = Signal()

    def __init__(self, bridge: Bridge, offer: Offer) -> None:
        super().__init__()
        self._bridge = bridge
        self.steps = StepsBack(ProfileDraft())
        self._begun = self.steps.now
        self._problems: tuple[DraftProblem, ...] = ()
        self._going = False
        self.heading = label("", "title", wrap=True)
        self.told = label("", "muted", wrap=True)
        self.undo_button = tool_button("undo", self.tr("Undo (Ctrl+Z)"), clicked=self.undo)
        self.redo_button = tool_button("redo", self.tr("Redo (Ctrl+Shift+Z)"), clicked=self.redo)
        self._import = button(self.tr("Read a profile…"), icon_name="upload", clicked=self._ask_file)
        self._export = button(self.tr("Save as a file…"), icon_name="download", clicked=self._ask_place)
        above = row(spacing=Space.SMALL)
        above.addWidget(self.heading, 1)
        for widget in (self.undo_button, self.redo_button, self._import, self._export):
            above.addWidget(widget)
        self.title_en = LineField(self.tr("Title, English"))
        self.title_ja = LineField(self.tr("Title, Japanese"))
        self._titles = QWidget()
        titles = column(self.title_en, self.title_ja, None, spacing=12)
        titles.setContentsMargins(0, Space.MEDIUM, 0, 0)
        self._titles.setLayout(titles)
        for field, title in (("title_en", self.title_en), ("title_ja", self.title_ja)):
            title.setMaximumWidth(560)
            title.edited.connect(partial(self._titled, field))
        self.table = ColumnsTable()
        self.table.chosen.connect(self._show_detail)
        self.detail = ColumnDetail()
        self.detail.edited.connect(self._column_edited)
        self.detail.renamed.connect(self._column_renamed)
        self.choices, self.rules, self.settings = (
            choices_pane(partial(self._entries, "groups")),
            rules_pane(partial(self._entries, "rules")),
            settings_pane(offer, partial(self._entries, "defaults")),
        )
        self.tabs = QTabWidget()
        self.tabs.addTab(self._columns_page(), self.tr("Columns"))
        self.tabs.addTab(self.choices, self.tr("Choices as 0 and 1"))
        self.tabs.addTab(self.rules, self.tr("Rules"))
        self.tabs.addTab(self.settings, self.tr("Settings of analyses"))
        self.tabs.addTab(self._titles, self.tr("Title"))
        self.said = Said()
        self._wrong = button("", "link", clicked=self._show_first_problem)
        self.keep = button("", "primary", clicked=self._save)
        self.cancel = button(self.tr("Cancel"), clicked=self._leave)
        below = row(self._wrong, None, self.cancel, self.keep)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        stack.setSpacing(12)
        stack.addLayout(above)
        stack.addWidget(self.told)
        stack.addWidget(self.tabs, 1)
        stack.addWidget(self.said)
        stack.addWidget(line())
        stack.addLayout(below)

    def _columns_page(self) -> QWidget:
        add = button(self.tr("Add a column"), icon_name="plus", clicked=self._add)
        self._remove_button = button(self.tr("Remove"), icon_name="trash", clicked=self._remove)
        self._up = tool_button("chevron-up", self.tr("Move up"), clicked=partial(self._move, -1))
        self._down = tool_button("chevron-down", self.tr("Move down"), clicked=partial(self._move, 1))
        left = QWidget()
        left.setLayout(column(self.table, spacing=Space.SMALL))
        left.layout().addLayout(row(add, self._remove_button, self._up, self._down, None))  # type: ignore[union-attr]
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 3)
        split.setSizes([640, 400])
        self.detail.setMinimumWidth(360)
        page = QWidget()
        page.setLayout(column(split))
        page.layout().setContentsMargins(0, Space.MEDIUM, 0, 0)  # type: ignore[union-attr]
        return page

    # -- what is shown ---------------------------------------------------------------------------------------------

    def edit(self, draft: ProfileDraft, *, heading: str, told: str, keep: str, fresh: bool = False) -> None:
        """Begin with a draft. `fresh`: saving it as it is means something."""
        self.steps = StepsBack(draft)
        self._begun = ProfileDraft() if fresh else draft
        self._going = False
        self.heading.setText(heading)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        self.keep.setText(keep)
        self.said.clear()
        self.tabs.setCurrentIndex(0)
        self._show()
        unsure = [row for row, each in enumerate(draft.columns) if each.unsure]
        self.table.choose(unsure[0] if unsure else 0)
        self._show_detail()
        self.table.setFocus()

    def take_draft(self, draft: ProfileDraft, told: str) -> None:
        """Another draft as a step that can be taken back."""
        self._change(draft)
        self.said.say("info", told)

    @property
    def draft(self) -> ProfileDraft:
        """As it is now."""
        return self.steps.now

    @property
    def changed(self) -> bool:
        """Whether there is something to lose."""
        return self.draft != self._begun

    def _show(self) -> None:
        draft = self.draft
        self._problems = problems_of(draft)
        lines = {problem.row: problem.text for problem in reversed(self._of(Part.COLUMNS))}
        self.table.show_columns(draft.columns, lines)
        self.title_en.put(draft.title_en)
        self.title_ja.put(draft.title_ja)
        missing = next((each.text for each in self._of(Part.PROFILE) if each.field == "title"), "")
        self.title_en.show_problem(missing)
        self.choices.show_entries(draft.groups, self._by_row(Part.GROUPS))
        self.rules.show_entries(draft.rules, self._by_row(Part.RULES))
        self.settings.show_entries(draft.defaults, self._by_row(Part.DEFAULTS))
        self._show_detail()
        self._show_controls()

    def _show_controls(self) -> None:
        count = len(self._problems)
        self._wrong.setText("" if not count else self.tr("%Ln thing(s) to put right", "", count))
        self._wrong.setToolTip("\n".join(problem.text for problem in self._problems[:12]))
        self._wrong.setVisible(bool(count))
        usable = not count and self.changed and not self._going
        self.keep.setEnabled(usable)
        why = self.tr("It is being saved…") if self._going else self.tr("Nothing was changed")
        self.keep.setToolTip("" if usable else self._problems[0].text if count else why)
        self._export.setEnabled(not count)
        self._export.setToolTip(self._problems[0].text if count else "")
        for made, able, why in (
            (self.undo_button, self.steps.can_undo, self.tr("There is nothing to take back")),
            (self.redo_button, self.steps.can_redo, self.tr("Nothing was taken back")),
        ):
            made.setEnabled(able)
            made.setToolTip(made.accessibleName() if able else why)
        place, last = self.table.row, len(self.draft.columns) - 1
        for control, able, why in (
            (self._remove_button, place >= 0, self.tr("Choose a column first")),
            (self._up, place > 0, self.tr("It is the first")),
            (self._down, 0 <= place < last, self.tr("It is the last")),
        ):
            control.setEnabled(able)
            control.setToolTip(control.accessibleName() if able else why)

    def _of(self, part: Part) -> list[DraftProblem]:
        return [problem for problem in self._problems if problem.part is part]

    def _by_row(self, part: Part) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for problem in self._of(part):
            found.setdefault(problem.row, {}).setdefault(problem.field, problem.text)
        return found

    def _show_detail(self, _: int = 0) -> None:
        place = self.table.row
        there = 0 <= place < len(self.draft.columns)
        self.detail.setEnabled(there)
        if there:
            self.detail.show_column(self.draft.columns[place], self._by_row(Part.COLUMNS).get(place, {}))
        self._show_controls()

    def _show_first_problem(self) -> None:
        """Go to it."""
        if not self._problems:
            return
        problem = self._problems[0]
        pages: dict[Part, QWidget] = {
            Part.GROUPS: self.choices, Part.RULES: self.rules, Part.DEFAULTS: self.settings,
        }  # fmt: skip
        page = pages.get(problem.part)
        if problem.field == "title":
            self.tabs.setCurrentWidget(self._titles)
        elif page is None:
            self.tabs.setCurrentIndex(0)
            self.table.choose(max(0, problem.row))
        else:
            self.tabs.setCurrentWidget(page)
            assert isinstance(page, EntriesPane)
            page.show_entry(problem.row)
        self.said.say("warning", problem.text)

    # -- what is written -------------------------------------------------------------------------------------------

    def _change(self, draft: ProfileDraft, place: object = None) -> None:
        if self.steps.change(draft, place):
            self.said.clear()
            self._show()

    def _titled(self, field: str, text: str) -> None:
        self._change(replace(self.draft, **{field: text}), field)  # type: ignore[arg-type]

    def _column_edited(self, now: ColumnDraft, field: str) -> None:
        place = self.table.row
        columns = list(self.draft.columns)
        columns[place] = now
        self._change(replace(self.draft, columns=tuple(columns)), ("column", place, field) if field else None)

    def _column_renamed(self, name: str) -> None:
        self._change(renamed(self.draft, self.table.row, name))

    def _entries(self, field: str, entries: object, place: object) -> None:
        self._change(replace(self.draft, **{field: entries}), None if place is None else (field, place))  # type: ignore[arg-type]

    def _add(self) -> None:
        at = self.table.row + 1
        columns = self.draft.columns
        self._change(replace(self.draft, columns=(*columns[:at], ColumnDraft(), *columns[at:])))
        self.table.choose(at)
        self.detail.name.line.setFocus()

    def _remove(self) -> None:
        at = self.table.row
        columns = self.draft.columns
        self._change(replace(self.draft, columns=(*columns[:at], *columns[at + 1 :])))

    def _move(self, by: int) -> None:
        at = self.table.row
        columns = list(self.draft.columns)
        columns.insert(at + by, columns.pop(at))
        self._change(replace(self.draft, columns=tuple(columns)))
        self.table.choose(at + by)

    def undo(self) -> None:
        """Take the last step back."""
        self.detail.name.line.setModified(False)
        self.steps.undo()
        self._show()

    def redo(self) -> None:
        """Take the last undo back."""
        self.steps.redo()
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo are the editor's, not one text field's."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        else:
            super().keyPressEvent(event)

    # -- files, and the end ----------------------------------------------------------------------------------------

    def _ask_file(self) -> None:
        open_files(
            self.window(),
            self.tr("Choose a profile"),
            (self.tr("Profiles (*.toml)"),),
            lambda paths: self.take_file(paths[0]),
        )

    def take_file(self, path: Path) -> None:
        """A profile takes the place of what is there; undo brings it back."""
        self._bridge.start(
            chosen_profile(path),
            name="read a profile",
            done=partial(self._take_profile, path),
            failed=partial(self._no_profile, path),
        )

    def _no_profile(self, path: Path, error: Exception) -> None:
        if isinstance(error, ProfileError):
            self.said.say(
                "error", self.tr("{name} is no profile.").format(name=path.name), "\n".join(error.problems)
            )
        else:
            self.said.problem(error)

    def _take_profile(self, path: Path, profile: Profile) -> None:
        self._change(ProfileDraft.of(profile))
        self.table.choose(0)
        self.said.say(
            "success",
            self.tr("{name} was read.").format(name=path.name),
            self.tr("Undo brings back what was here."),
        )

    def _ask_place(self) -> None:
        self.detail.commit()
        choose_save(
            self.window(),
            self.tr("Save the profile"),
            Path.home() / f"{self.draft.id}.toml",
            (self.tr("Profiles (*.toml)"),),
            lambda paths: self.save_file(paths[0]),
        )

    def save_file(self, path: Path) -> None:
        """Write the profile as a TOML file."""
        draft = path.with_name(f".{path.name}.part")
        try:
            draft.write_bytes(write_profile(self.draft.profile()))
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            self.said.problem(error)
            return
        self.said.say("success", self.tr("The profile is saved"), str(path))

    def _save(self) -> None:
        self.detail.commit()
        if self._problems:
            self._show_first_problem()
            return
        self._going = True
        self._show_controls()
        kept = self.draft
        if kept.version == self._begun.version and self._begun.columns:
            kept = replace(kept, version=kept.next_version)
        profile: Profile = kept.profile()
        self.saved.emit(profile)

    def not_saved(self, error: Exception) -> None:
        """The owner could not save it: everything stays as it is written."""
        self._going = False
        self.said.problem(error)
        self._show_controls()

    def _leave(self) -> None:
        self.detail.commit()
        if not self.changed or self._begun == ProfileDraft():
            self.left.emit()
            return
        confirm(
            self.window(),
            self.tr("Leave without saving?"),
            self.tr("What you changed in the profile is lost."),
            self.tr("Leave"),
            self.left.emit,
        )
