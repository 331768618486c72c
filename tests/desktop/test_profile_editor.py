"""The profile editor: what is written becomes the profile, every mistake has its place, and nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, RunningApp
from zerosec_desktop.navigation import ExperimentsRoute
from zerosec_desktop.screens.experiments.profile_editor.columns_table import ColumnsTable
from zerosec_desktop.screens.experiments.profile_editor.draft import (
    ColumnDraft,
    DefaultDraft,
    GroupDraft,
    ProfileDraft,
    RuleDraft,
    settled,
)
from zerosec_desktop.screens.experiments.profile_editor.draft_problems import Part, problems_of
from zerosec_desktop.screens.experiments.profile_editor.fields import ChoiceField, LineField
from zerosec_desktop.screens.experiments.profile_editor.inferred import draft_from_table
from zerosec_desktop.screens.experiments.profile_editor.renaming import renamed, renamed_in_formula
from zerosec_desktop.screens.experiments.profile_editor.steps_back import StepsBack
from zerosec_desktop.screens.experiments.profile_editor.texts_of_lists import joined_list, split_list
from zerosec_desktop.screens.experiments.screen import ExperimentsScreen
from zerosec_shared.experiments import Project, ProjectPatch
from zerosec_shared.profiles import ROLE_WORDS, ColumnRole, ValueKind, read_profile, shipped_profile
from zerosec_shared.texts import translated

pytestmark = pytest.mark.bundled("shared")
DEBURRING = ProfileDraft.of(shipped_profile("deburring"))


def place_of(draft: ProfileDraft, name: str) -> int:
    return [column.name for column in draft.columns].index(name)


def written(column: str, /, draft: ProfileDraft = DEBURRING, **cells: object) -> ProfileDraft:
    """The draft with other cells of one column."""
    columns = list(draft.columns)
    at = place_of(draft, column)
    columns[at] = replace(columns[at], **cells)  # type: ignore[arg-type]
    return replace(draft, columns=tuple(columns))


# -- pure ----------------------------------------------------------------------------------------------------------


def test_a_profile_comes_out_of_its_draft_as_it_went_in() -> None:
    assert problems_of(DEBURRING) == ()
    assert DEBURRING.profile() == shipped_profile("deburring")
    assert all(settled(column) == column for column in DEBURRING.columns)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("a, b、 ｃ ；d,", ("a", "b", "ｃ", "d")),
        ('"a, b", "x ""y"""', ("a, b", 'x "y"')),
        ("", ()),
        ("6,15, 25", ("6", "15", "25")),
    ],
)
def test_a_line_is_read_as_a_list_and_written_back(text: str, items: tuple[str, ...]) -> None:
    assert split_list(text) == items
    assert split_list(joined_list(items)) == items


@pytest.mark.parametrize(
    ("draft", "part", "field", "said"),
    [
        (written("直径", values="6, abc"), Part.COLUMNS, "values", "not a number"),
        (written("直径", values="6, 6.0"), Part.COLUMNS, "values", "twice"),
        (written("直径", minimum="1"), Part.COLUMNS, "values", "not both"),
        (written("線材本数", minimum="9", maximum="5"), Part.COLUMNS, "minimum", "above the maximum"),
        (written("線材本数", step="０"), Part.COLUMNS, "step", "above zero"),
        (written("線材長", default="長い"), Part.COLUMNS, "default", "not a number"),
        (written("直径", name=""), Part.COLUMNS, "name", "missing"),
        (written("直径", aliases="材料"), Part.COLUMNS, "aliases", "more than once"),
        (written("加工時間", formula="100 / 送り速 * 60"), Part.COLUMNS, "formula", "did you mean"),
        (written("加工時間", formula="100 / (送り速度"), Part.COLUMNS, "formula", "At character"),
        (written("加工時間", formula="送り速度 > 3"), Part.COLUMNS, "formula", ""),
        (replace(DEBURRING, title_en="", title_ja=""), Part.PROFILE, "title", "no title"),
        (replace(DEBURRING, columns=()), Part.COLUMNS, "", "no column"),
        (replace(DEBURRING, groups=()), Part.COLUMNS, "role", "no choice"),
        (replace(DEBURRING, groups=(GroupDraft("b", members="A13, 直径"),)), Part.GROUPS, "members", "直径"),
        (
            replace(DEBURRING, groups=(replace(DEBURRING.groups[0], codes="1 = A11, 2"),)),
            Part.GROUPS,
            "codes",
            "1 = A11",
        ),
        (replace(DEBURRING, rules=(RuleDraft("直径 + 1"),)), Part.RULES, "formula", ""),
        (replace(DEBURRING, rules=(RuleDraft(" "),)), Part.RULES, "formula", "empty"),
        (replace(DEBURRING, defaults=(DefaultDraft("linear", "", "1"),)), Part.DEFAULTS, "value", "analysis"),
    ],
)
def test_each_mistake_is_told_in_words_at_its_place(
    draft: ProfileDraft, part: Part, field: str, said: str
) -> None:
    found = [problem for problem in problems_of(draft) if (problem.part, problem.field) == (part, field)]

    assert found, problems_of(draft)
    assert said in found[0].text


def test_another_name_is_followed_by_formulas_choices_rules_and_settings() -> None:
    draft = DEBURRING
    for old, new in (
        ("送り速度", "feed rate"),
        ("A11", "brush 11"),
        ("線材長", "wire"),
        ("直径", "diameter"),
    ):
        draft = renamed(draft, place_of(draft, old), new)
    profile = draft.profile()

    assert problems_of(draft) == ()
    assert "送り速度" in profile["feed rate"].aliases
    assert profile["加工時間"].formula == "100 / `feed rate` * 60"
    assert profile.one_hot[0].members == ("A13", "brush 11", "A21", "A32")
    assert profile.one_hot[0].codes["1"] == "brush 11"
    assert "diameter in {6, 15}" in profile.rules[0].formula
    assert profile.defaults["lab-sheet"]["conditions"] == ["wire"]


def test_texts_and_functions_in_a_formula_keep_their_names() -> None:
    assert renamed_in_formula('if(min == "min", min(min, `a b`), ａ)', "min", "x y") == (
        'if(`x y` == "min", min(`x y`, `a b`), ａ)'
    )


def test_a_role_settles_what_leaves_no_choice() -> None:
    column = ColumnDraft("a", role=ColumnRole.ONE_HOT, minimum="1", values="2", identifies=True)

    assert settled(column).kind is ValueKind.INTEGER
    assert (settled(column).minimum, settled(column).values) == ("", "")
    assert settled(replace(column, role=ColumnRole.DATE)).kind is ValueKind.DATE
    assert not settled(replace(column, role=ColumnRole.RESPONSE)).identifies
    assert not settled(ColumnDraft("a", required=True, formula="b")).required


def test_edits_of_one_field_in_a_row_are_one_step_back() -> None:
    steps = StepsBack(DEBURRING)
    steps.change(replace(DEBURRING, title_en="a"), "title_en")
    steps.change(replace(DEBURRING, title_en="ab"), "title_en")
    steps.change(replace(DEBURRING, title_en="ab", title_ja="い"), "title_ja")

    steps.undo()
    assert steps.now.title_en == "ab"
    steps.undo()
    assert steps.now == DEBURRING
    assert not steps.can_undo
    steps.redo()
    assert (steps.now.title_en, steps.now.title_ja) == ("ab", DEBURRING.title_ja)


def test_the_columns_of_a_table_become_a_draft_with_reasons() -> None:
    draft = draft_from_table(EXAMPLES / "penguins.csv")
    columns = {column.name: column for column in draft.columns}

    assert problems_of(draft) == ()
    assert columns["species"].role is ColumnRole.CATEGORICAL
    assert columns["species"].required
    assert columns["body_mass_g"].unsure
    assert "different numbers" in columns["body_mass_g"].why


# -- in the window -------------------------------------------------------------------------------------------------


def asking(app: RunningApp) -> ExperimentsScreen:
    """The workspace, asking for a new project."""
    app.connected()
    app.window.go(ExperimentsRoute())
    screen = app.window.screen_shown
    assert isinstance(screen, ExperimentsScreen)
    app.qtbot.waitUntil(lambda: screen._card.isVisible() or screen._open is not None, timeout=20_000)
    if screen._open is not None:
        screen._new()
    return screen


def typed(line: QLineEdit, text: str) -> None:
    """As by an input method: QTest's keys know no Japanese."""
    line.setText(text)
    line.textEdited.emit(text)


def made(app: RunningApp, screen: ExperimentsScreen, name: str) -> None:
    app.qtbot.keyClicks(screen._card._name, name)
    screen._card._make.click()
    app.qtbot.waitUntil(
        lambda: screen._open is not None and screen._open.project.name == name, timeout=20_000
    )


def test_a_table_of_any_kind_is_described_once_and_becomes_a_project(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    screen = asking(app)
    card, editor = screen._card, screen._editor.editor
    card.profiles.setCurrentIndex(card.profiles.count() - 1)
    app.qtbot.keyClicks(card._name, "Penguins")
    assert not card._make.isEnabled()
    assert "table" in card._make.toolTip()

    wrong = tmp_path / "broken.xlsx"
    wrong.write_bytes(b"PK\x03\x04 nothing")
    assert screen.take_files([wrong])
    app.qtbot.waitUntil(lambda: card.said.surface == "error", timeout=20_000)
    assert screen.take_files([EXAMPLES / "penguins.csv"])
    app.qtbot.waitUntil(editor.isVisible, timeout=20_000)
    assert editor.draft.columns[editor.table.row].unsure
    editor.detail.role.setCurrentIndex(editor.detail.role.findData("factor"))
    editor.detail.role.activated.emit(0)
    editor.keep.click()
    card._make.click()
    app.qtbot.waitUntil(
        lambda: screen._open is not None and screen._open.project.name == "Penguins", timeout=20_000
    )

    assert screen._open is not None
    profile = screen._open.profile
    assert profile["bill_length_mm"].role is ColumnRole.FACTOR
    assert profile.title("en") == "penguins"


def test_a_profile_is_changed_taken_back_exported_read_and_saved(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    screen = asking(app)
    made(app, screen, "Edited")
    screen.edit_profile()
    editor = screen._editor.editor
    assert not editor.keep.isEnabled()
    editor.table.choose(place_of(editor.draft, "加工時間"))
    formula = editor.detail.formula
    formula.box.setPlainText("100 / 送り速 * 60")
    assert "character 7" in formula.told.text()
    assert not editor.keep.isEnabled()
    assert "character 7" in editor.keep.toolTip()
    editor.undo()
    assert formula.box.toPlainText() == "100 / 送り速度 * 60"

    editor.table.choose(place_of(editor.draft, "切込量"))
    for field, text in (("minimum", "０．１"), ("maximum", "1.5"), ("step", "0.1")):
        typed(editor.detail.lines[field].line, text)
    editor._add()
    typed(editor.detail.name.line, "粗さ")
    editor.detail.commit()
    editor.detail.role.setCurrentIndex(editor.detail.role.findData("response"))
    editor.detail.role.activated.emit(0)
    written_file = tmp_path / "profile.toml"
    editor.save_file(written_file)
    assert read_profile(written_file.read_bytes()) == editor.draft.profile()
    broken = tmp_path / "broken.toml"
    broken.write_text('format = 1\nid = "x"\ntitles = { en = "x" }\nwidth = 3\n', encoding="utf-8")
    assert screen.take_files([broken])
    app.qtbot.waitUntil(lambda: "width" in editor.said.words)
    kept = editor.draft.profile()
    assert screen.take_files([written_file])
    app.qtbot.waitUntil(lambda: written_file.name in editor.said.words)
    assert editor.draft.profile() == kept

    editor.settings.add.click()
    setting = editor.settings.cards[-1].fields
    for name, value in (("analysis", "linear"), ("parameter", "cv_folds")):
        box = setting[name].box  # type: ignore[union-attr]
        assert isinstance(box, QComboBox)
        assert box.findData(value) >= 0
        assert box.itemText(box.findData(value)) != value
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())
    assert isinstance(setting["value"], LineField)
    typed(setting["value"].line, "5")
    shown = editor.settings.cards[0].fields["parameter"]
    assert isinstance(shown, ChoiceField)
    assert shown.box.currentData() == "runs"
    sheet = editor.settings.cards[1].fields["parameter"]
    assert isinstance(sheet, ChoiceField)
    assert (sheet.box.currentData(), sheet.box.currentText() != "conditions") == ("conditions", True)

    editor.keep.click()
    app.qtbot.waitUntil(screen._work.isVisible, timeout=20_000)
    assert screen._open is not None
    assert screen._open.profile.defaults["linear"] == {"cv_folds": 5}
    assert screen._open.profile["粗さ"].role is ColumnRole.RESPONSE
    assert screen._open.profile["切込量"].minimum == 0.1
    assert screen._open.profile.version == "1.0.1"


def test_a_profile_changed_by_someone_else_is_not_overwritten_and_the_edits_stay(
    start_app: Callable[[], RunningApp],
) -> None:
    app = start_app()
    screen = asking(app)
    made(app, screen, "Shared")
    screen.edit_profile()
    project, editor = screen._open, screen._editor.editor
    assert project is not None
    editor.table.choose(place_of(editor.draft, "切込量"))
    typed(editor.detail.lines["maximum"].line, "1.5")
    theirs = f"# theirs\n{project.project.profile}"
    others: list[Project] = []
    project.ask(
        lambda projects: projects.change(project.id, ProjectPatch(profile=theirs)),
        name="someone-else",
        done=others.append,
    )
    app.qtbot.waitUntil(lambda: bool(others), timeout=20_000)

    editor.keep.click()
    app.qtbot.waitUntil(lambda: editor.said.surface == "error", timeout=20_000)

    assert "in the meantime" in editor.said.words
    assert "as a file" in editor.said.words
    assert editor.draft.columns[place_of(editor.draft, "切込量")].maximum == "1.5"
    assert editor.isVisible()
    app.qtbot.waitUntil(lambda: screen._editor._theirs is not None, timeout=20_000)
    assert editor.draft.columns[place_of(editor.draft, "切込量")].maximum == "1.5"

    editor.left.emit()
    assert screen._work.isVisible()
    assert screen._open is not None
    assert screen._open.project.profile == theirs
    screen.edit_profile()
    assert not editor.changed
    editor.table.choose(place_of(editor.draft, "切込量"))
    typed(editor.detail.lines["maximum"].line, "1.5")
    editor.keep.click()
    app.qtbot.waitUntil(screen._work.isVisible, timeout=20_000)
    assert screen._open.profile["切込量"].maximum == 1.5


def test_what_is_not_saved_is_there_again_after_the_window_was_closed(
    start_app: Callable[[], RunningApp],
) -> None:
    app = start_app()
    screen = asking(app)
    made(app, screen, "Kept")
    screen.edit_profile()
    editor = screen._editor.editor
    editor.table.choose(place_of(editor.draft, "切込量"))
    app.qtbot.keyClicks(editor.detail.lines["maximum"].line, "1.5")
    app.close()

    again = start_app()
    again.connected()
    again.window.go(ExperimentsRoute())
    later = again.window.screen_shown
    assert isinstance(later, ExperimentsScreen)
    again.qtbot.waitUntil(lambda: later._open is not None, timeout=20_000)
    later.edit_profile()
    editor = later._editor.editor
    assert editor.draft.columns[place_of(editor.draft, "切込量")].maximum == "1.5"
    editor.undo()
    assert editor.draft.columns[place_of(editor.draft, "切込量")].maximum == ""


def test_roles_and_headings_of_the_columns_are_read_whole(qtbot: QtBot) -> None:
    table = ColumnsTable()
    qtbot.addWidget(table)
    table.show_columns([ColumnDraft("a", role=role, unit="µmol m⁻² s⁻¹") for role in ColumnRole], {})
    metrics, heading = table.fontMetrics(), table.horizontalHeader()
    words = [translated(ROLE_WORDS[role]) for role in ColumnRole]
    assert max(map(metrics.horizontalAdvance, words)) + 16 <= table.columnWidth(1)
    assert metrics.horizontalAdvance("µmol m⁻² s⁻¹") + 16 <= table.columnWidth(2)
    for place, text in enumerate(table.headings()[:-1]):
        assert heading.fontMetrics().horizontalAdvance(text) < table.columnWidth(place), text
