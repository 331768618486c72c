"""The filter and the models of a project in the real window on the bundled server: from results to a run that says what it was fed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deburring_series import EXPERIMENTS, HEADER, series
from tests.desktop.conftest import RunningApp
from tests.desktop.test_experiments import opened, previewed
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir
from zerosec_desktop.navigation import ExperimentsRoute
from zerosec_desktop.resources.language import apply_language
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.experiments.filter_choices import ChoiceRow, GroupRow
from zerosec_desktop.screens.experiments.filter_form import read_filter
from zerosec_desktop.screens.experiments.filter_page import FilterStep
from zerosec_desktop.screens.experiments.filter_ranges import DateRow, NumberRow
from zerosec_desktop.screens.experiments.filter_row import FilterRow
from zerosec_desktop.screens.experiments.folders import DATA, LINEAR
from zerosec_desktop.screens.experiments.model_terms import first_parameters, settings_that_vary
from zerosec_desktop.screens.experiments.models_page import ModelsStep
from zerosec_desktop.screens.experiments.screen import ExperimentsScreen
from zerosec_desktop.screens.experiments.steps import Stand, Step
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.settings import SettingsStore
from zerosec_shared.profiles import shipped_profile
from zerosec_shared.runs import Job, JobStatus
from zerosec_shared.selections import AnyOf, Choice, ColumnFigures, ExperimentFilter, NumberRange, QueryAnswer

pytestmark = pytest.mark.bundled("shared")


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest, own_folders: Path) -> Iterator[str]:
    """The window speaks it."""
    chosen = str(request.param)
    SettingsStore(own_folders / "desktop" / "settings.json").change(language=chosen)
    yield chosen
    apply_language("en")


def imported(app: RunningApp, path: Path) -> ExperimentsScreen:
    screen, page = opened(app)
    screen.take_files([path])
    previewed(app, page._import)
    page._import._take.click()
    app.qtbot.waitUntil(
        lambda: screen._open is not None and screen._open.project.experiments > 0, timeout=30_000
    )
    return screen


def at_filter(app: RunningApp, screen: ExperimentsScreen) -> FilterStep:
    screen.show_step(Step.FILTER)
    page = screen._pages[Step.FILTER]
    assert isinstance(page, FilterStep)
    app.qtbot.waitUntil(lambda: page.settled and page.everything is not None, timeout=30_000)
    return page


def the_row(page: FilterStep, column: str) -> FilterRow:
    """The row of a column; rows are named in the window's language."""
    return next(
        row for row in page.form.rows if getattr(row, "_column", "") == column or _group(row) == column
    )


def _group(row: FilterRow) -> str:
    return row._group.name if isinstance(row, GroupRow) else ""


def number_row(page: FilterStep, column: str) -> NumberRow:
    row = the_row(page, column)
    assert isinstance(row, NumberRow)
    return row


def typed(row: NumberRow | DateRow, low: str = "", high: str = "") -> None:
    """As from a keyboard with an input method, which full-width digits come from."""
    for field, text in ((row.low, low), (row.high, high)):
        field.setText(text)
        field.textEdited.emit(text)


def test_from_the_filter_to_a_run_that_says_what_it_was_fed(
    start_app: Callable[[], RunningApp], tmp_path: Path, language: str
) -> None:
    app = start_app()
    path, rows = series(tmp_path)
    screen = imported(app, path)
    project = screen._open
    assert project is not None
    page = at_filter(app, screen)
    assert page.answer is not None
    assert (page.answer.total, page.answer.matching) == (EXPERIMENTS, EXPERIMENTS)
    assert not page.analyses["nonlinear"].isEnabled() or "nonlinear" in _offered(app)
    assert page.analyses["nonlinear"].toolTip() or "nonlinear" in _offered(app)

    typed(number_row(page, "回転速度"), low="２０００")
    typed(number_row(page, "送り速度"), high="600")
    brushes = the_row(page, "ブラシ")
    assert isinstance(brushes, GroupRow)
    brushes.chips["A11"].click()
    brushes.chips["A21"].click()
    material = the_row(page, "材料")
    assert isinstance(material, ChoiceRow)
    material.chips["Steel"].click()
    app.qtbot.waitUntil(lambda: page.settled, timeout=30_000)

    wanted = [
        row
        for row in rows
        if int(row["回転速度"]) >= 2000
        and int(row["送り速度"]) <= 600
        and row["ブラシ"] in {"1", "2"}
        and row["材料"] == "Steel"
    ]
    assert page.answer.matching == len(wanted)
    assert f"{len(wanted)}" in page.count.text()
    wear = next(one for one in page.answer.columns if one.column == "摩耗量")
    assert wear.missing == sum(1 for row in wanted if not row["摩耗量"])
    assert str(wear.missing) in the_row(page, "摩耗量").missing.text()
    assert sum(number_row(page, "回転速度").bars.chosen) == len(wanted)
    app.qtbot.waitUntil(lambda: page.table.model().rowCount() == len(wanted), timeout=30_000)

    page.saved.name.setText("鋼だけ")
    page.saved.save.click()
    app.qtbot.waitUntil(lambda: page.saved.choice.count() == 2, timeout=30_000)
    local_server.stop(server_data_dir())  # and it comes back by itself
    page.show_filter(ExperimentFilter())
    app.qtbot.waitUntil(lambda: page.settled and page.answer.matching == EXPERIMENTS, timeout=90_000)
    page.saved.choice.setCurrentIndex(1)
    page.saved._chosen(1)
    app.qtbot.waitUntil(lambda: page.settled and page.answer.matching == len(wanted), timeout=30_000)

    page.analyses["linear"].click()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, AnalysisScreen), timeout=30_000)
    form = app.window.screen_shown
    assert isinstance(form, AnalysisScreen)
    slot = form.slots["data"]
    app.qtbot.waitUntil(lambda: slot.loaded is not None and slot.loaded.final, timeout=30_000)
    assert slot.loaded is not None
    assert slot.loaded.table.frame.height == len(wanted)
    assert slot.files[0].parent == project.folder / DATA
    assert "A11 | A21; 2000 ≤ 回転速度" in slot._chosen.text()
    assert form.form is not None
    assert (
        form.form.values["terms"]
        == "A11 + 回転速度 + 送り速度 + UPカット + 切込量 + 突出量 + 載せ率 + パス数"
    )
    form.form.replace({**form.form.values, "target": "摩耗量"})
    form.run()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, RunScreen), timeout=30_000)
    run = app.window.screen_shown
    assert isinstance(run, RunScreen)
    app.qtbot.waitUntil(lambda: run.job is not None and run.job.status.terminal, timeout=120_000)
    job = run.job
    assert isinstance(job, Job)
    assert job.status is JobStatus.SUCCEEDED, job.failure
    origin = job.inputs["data"][0].origin
    assert origin is not None
    assert (origin.project_id, origin.rows, origin.revision) == (project.id, len(wanted), 1)
    assert origin.filter_text in slot._chosen.text()

    app.window.go(ExperimentsRoute(Step.MODELS))
    models = screen._pages[Step.MODELS]
    assert isinstance(models, ModelsStep)
    app.qtbot.waitUntil(lambda: [fed.job.id for fed in models.shown] == [job.id], timeout=30_000)
    stands = {standing.step: standing for standing in project.standings()}
    assert (stands[Step.FILTER].stand, stands[Step.MODELS].stand) == (Stand.DONE, Stand.DONE)
    models.save(models.shown[0])
    inside = project.folder / LINEAR
    app.qtbot.waitUntil(lambda: any(inside.rglob("coefficients.csv")), timeout=60_000)

    more = tmp_path / "more.csv"
    more.write_text(
        "\n".join([HEADER, ",".join({**rows[0], "回転速度": "9000"}.values()), ""]), encoding="utf-8"
    )
    screen.show_step(Step.RESULTS)
    results = screen._pages[Step.RESULTS]
    screen.take_files([more])
    previewed(app, results._import)  # type: ignore[attr-defined]
    results._import._take.click()  # type: ignore[attr-defined]
    app.qtbot.waitUntil(lambda: project.project.experiments == EXPERIMENTS + 1, timeout=30_000)
    stands = {standing.step: standing for standing in project.standings()}
    assert (stands[Step.FILTER].stand, stands[Step.FILTER].changed) == (Stand.STALE, Step.RESULTS)
    assert models.shown[0].revision < project.project.revision


def _offered(app: RunningApp) -> set[str]:
    return {analysis.id for analysis in app.session.catalogue()}


def test_what_cannot_be_asked_is_marked_and_stops_the_analysis_and_the_rest_is_kept(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    path, _ = series(tmp_path)
    screen = imported(app, path)
    page = at_filter(app, screen)
    speed = number_row(page, "回転速度")

    typed(speed, low="fast")
    assert "fast" in speed.problem()
    assert not page.analyses["linear"].isEnabled()
    assert not page.saved.save.isEnabled()
    typed(speed, low="4000", high="1000")
    assert "above" in speed.problem()
    typed(speed, low="1,000")
    assert "1000" in speed.problem()
    days = the_row(page, "実験日")
    assert isinstance(days, DateRow)
    typed(speed, low="90000")
    app.qtbot.waitUntil(lambda: page.settled, timeout=30_000)
    assert page.answer is not None
    assert page.answer.matching == 0
    assert not page.analyses["linear"].isEnabled()
    assert "matches" in page.analyses["linear"].toolTip()

    typed(speed, low="3000")
    typed(days, low="令和7年10月1日", high="２０２５/10/31")
    number = the_row(page, "No.")
    assert isinstance(number, ChoiceRow)
    assert not number.chips
    number.typed.setText("２、 3,900")
    number.typed.textEdited.emit("")
    assert "900" in number.problem()
    number.reset()
    app.qtbot.waitUntil(lambda: page.settled, timeout=30_000)
    kept = page.form.filter()
    assert len(kept.conditions) == 2
    assert screen._open is not None
    assert read_filter(screen._open.notes.filter_json) == kept
    app.close()

    again = start_app()
    again.connected()
    again.window.go(ExperimentsRoute(Step.FILTER))
    there = again.window.screen_shown
    assert isinstance(there, ExperimentsScreen)
    again.qtbot.waitUntil(lambda: Step.FILTER in there._pages, timeout=30_000)
    shown = at_filter(again, there)
    assert shown.form.filter() == kept
    assert number_row(shown, "回転速度").low.text() == "3000"


@pytest.mark.parametrize("language", ["ja"], indirect=True)
def test_reasons_of_rejected_rows_are_in_the_windows_language(
    start_app: Callable[[], RunningApp], tmp_path: Path, language: str
) -> None:
    app = start_app()
    path, rows = series(tmp_path)
    bad = [
        {**rows[0], "摩耗量": "多い"},
        {**rows[1], "回転速度": ""},
        {**rows[2], "摩耗量": "1"},
        {**rows[2], "摩耗量": "2"},
    ]
    path.write_text("\n".join([HEADER, *(",".join(row.values()) for row in bad), ""]), encoding="utf-8")
    screen, page = opened(app)
    screen.take_files([path])
    previewed(app, page._import)

    assert page._import._preview is not None
    disagree = "同じ実験の行どうしで 摩耗量 の値が食い違っています：4 行目：1; 5 行目：2。"
    assert [entry.reason for entry in page._import._preview.entries] == [
        "「多い」は数値ではありません。",
        "回転速度 に値がありません。",
        disagree,
        disagree,
    ]


def test_a_model_begins_with_the_settings_that_vary() -> None:
    def figures(column: str, *bins: int) -> ColumnFigures:
        everything = tuple(max(count, 1) if place in {0, 23} else count for place, count in enumerate(bins))
        return ColumnFigures(column=column, values=sum(bins), missing=0, all_bins=everything, bins=bins)

    ends, one = (5, *[0] * 22, 4), (9, *[0] * 23)
    answer = QueryAnswer(
        revision=1,
        total=9,
        matching=9,
        complete=9,
        columns=(
            figures("A13", *one),
            figures("A11", *ends),
            figures("A21", *ends),
            figures("回転速度", *ends),
            figures("送り速度", *one),
            ColumnFigures(column="材料", values=9, missing=0, levels={"Steel": 5, "Alumi": 4}),
            figures("摩耗量", *ends),
            figures("加工時間", *ends),
        ),
    )

    assert settings_that_vary(shipped_profile("deburring"), answer) == ("A11", "回転速度", "材料")


@pytest.mark.parametrize("analysis", ["nonlinear", "classification"])
def test_a_model_that_predicts_begins_with_what_a_new_experiment_is_set_to(analysis: str) -> None:
    """Not with answers, numbers and days of experiments, which no candidate has; with a setting of one value, which the model keeps."""
    held = ("A13", "A11", "回転速度", "直径", "加工時間", "バリ除去", "摩耗量", "実験日", "No.")
    columns = tuple(ColumnFigures(column=name, values=9, missing=0) for name in held)
    empty = ColumnFigures(column="送り速度", values=0, missing=9)
    answer = QueryAnswer(revision=1, total=9, matching=9, complete=9, columns=(*columns, empty))

    first = first_parameters(shipped_profile("deburring"), analysis, answer)

    assert first["features"] == ["A13", "A11", "回転速度", "直径"]
    if analysis == "nonlinear":
        assert first["target_units"] == {
            "面粗度(Ra)前": "µm", "面粗度(Ra)後": "µm", "切削力X": "N", "切削力Y": "N", "切削力Z": "N",
        }  # fmt: skip


def test_a_kept_filter_that_cannot_be_read_shows_everything() -> None:
    wanted = ExperimentFilter(
        conditions=(
            NumberRange(column="a", minimum=1),
            AnyOf(columns=("b",)),
            Choice(column="c", values=("x",)),
        )
    )

    assert read_filter(wanted.model_dump_json()) == wanted
    assert read_filter("{broken") == read_filter("") == ExperimentFilter()
