"""References are registered and removed in the window, and chosen in place of a file: on the form, and where a step of a run is set up."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QWidget

from tests.desktop.conftest import RunningApp
from zerosec_client.api import Api
from zerosec_client.transfer import upload
from zerosec_desktop.controls import Message
from zerosec_desktop.navigation import AnalysisRoute, JobsRoute, ReferencesRoute, RunRoute
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_desktop.screens.references.begun import BegunStore
from zerosec_desktop.screens.references.card import ReferenceCard
from zerosec_desktop.screens.references.screen import ReferencesScreen
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_shared.ids import new_id
from zerosec_shared.references import Reference, ReferenceCreate
from zerosec_shared.runs import Run

pytestmark = [pytest.mark.timeout(240), pytest.mark.bundled("shared")]


@pytest.fixture
def app(start_app: Callable[[], RunningApp], monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningApp]:
    monkeypatch.setattr(QMenu, "popup", lambda _menu, _at: None)  # no window manager here raises it
    running = start_app()
    running.window.resize(1280, 860)
    running.connected()
    return running


def registered(app: RunningApp, folder: Path) -> Reference:
    """Register a small genome on the server of the window."""
    genome = folder / "genome.fa"
    name = f"ref-{new_id().hex}"
    genome.write_text(f">chr1 {name}\n" + "ACGTTGCATTGACC" * 40 + "\n")

    async def register(api: Api) -> Reference:
        outbox = await app.session.submissions.open_outbox()
        record = outbox.transfers(app.session.current_target)
        file = await upload(api, genome, name=genome.name, record=record)
        return await api.register_reference(
            ReferenceCreate(name=name, genome_build="toy1", sha256=file.sha256, file_name=genome.name)
        )

    made: list[Reference] = []
    app.session.ask(app.session.current_target, register, name="register", done=made.append)
    app.qtbot.waitUntil(lambda: bool(made))
    return made[0]


def choose(app: RunningApp, slot: FileSlot, reference: Reference) -> None:
    """As a user does: the button, then the line of the menu."""
    slot.choice.button.click()
    app.qtbot.waitUntil(lambda: slot.choice.menu is not None)
    assert slot.choice.menu is not None
    action = next(each for each in slot.choice.menu.actions() if each.text().startswith(reference.name))
    assert action.text() == f"{reference.name}: genome.fa, genome build toy1"
    action.trigger()
    app.qtbot.waitUntil(lambda: bool(slot.files))


def the_run(app: RunningApp, run_id: UUID) -> Run:
    found: list[Run] = []
    app.session.ask(app.session.current_target, lambda api: api.run(run_id), name="run", done=found.append)
    app.qtbot.waitUntil(lambda: bool(found))
    return found[0]


def test_a_registered_reference_is_chosen_kept_run_and_taken_by_a_later_step(
    app: RunningApp, tmp_path: Path
) -> None:
    reference = registered(app, tmp_path)
    app.window.go(AnalysisRoute("integration-sites", step="reference_index"))
    screen = app.window.screen_shown
    assert isinstance(screen, AnalysisScreen)
    choose(app, screen.slots["reference"], reference)
    slot = screen.slots["reference"]
    assert slot.problem() == ""
    assert slot._name.full_text() == "genome.fa"
    assert slot._chosen.text() == f"registered on the server as {reference.name}, genome build toy1"

    assert screen.summary._shown[0][2] == f"{reference.name}: genome.fa, genome build toy1"
    assert screen.summary.name.text().endswith(f" · {reference.name}")

    screen.filling.save_draft()
    app.window.go(AnalysisRoute("integration-sites", step="readlen"))
    app.window.go(AnalysisRoute("integration-sites", step="reference_index"))
    app.qtbot.waitUntil(lambda: bool(screen.slots["reference"].files))
    assert screen.slots["reference"].registered is not None

    screen.run()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, RunScreen))
    page = app.window.screen_shown
    assert isinstance(page, RunScreen)
    app.qtbot.waitUntil(lambda: page.entry is not None and page.entry.phase.ended, timeout=60_000)
    assert page.entry is not None
    assert page.entry.state is not None
    assert page.entry.state.status == "succeeded", page.entry.state.failure
    run = the_run(app, page.entry.state.run_id)
    assert run.inputs["reference"] == (reference.file,)
    said = f"{page.entry.name}, Index of the reference is done"
    app.qtbot.waitUntil(lambda: said in [notice.title for notice in app.app.notifications.items])

    app.qtbot.waitUntil(lambda: "read_mapping" in page.steps.rows)
    page.steps.rows["read_mapping"].set_up_button.click()
    app.qtbot.waitUntil(lambda: page.step_page.step is not None and page.step_page.step.id == "read_mapping")
    box = page.step_page.choices["reference"]
    assert f"registered on the server as {reference.name}" in box.currentText()


def test_a_step_of_a_run_takes_a_registered_reference(app: RunningApp, tmp_path: Path) -> None:
    reference = registered(app, tmp_path)
    genome = tmp_path / "other.fa"
    genome.write_text(f">chr1 {new_id().hex}\n" + "GATTACA" * 60 + "\n")
    key = app.session.submit(
        analysis="integration-sites",
        step="reference_index",
        name="genomes",
        parameters={},
        inputs={"reference": [(genome, None)]},
    )
    app.qtbot.waitUntil(lambda: app.session.entry(key) is not None)
    app.window.go(RunRoute(key))
    page = app.window.screen_shown
    assert isinstance(page, RunScreen)
    app.qtbot.waitUntil(lambda: page.entry is not None and page.entry.phase.ended, timeout=60_000)
    assert page.entry is not None
    assert page.entry.state is not None
    first = page.entry.state

    app.qtbot.waitUntil(lambda: "reference_index" in page.steps.rows)
    page.steps.rows["reference_index"].set_up_button.click()
    app.qtbot.waitUntil(
        lambda: page.step_page.step is not None and page.step_page.step.id == "reference_index"
    )
    slot = page.step_page.files["reference"]
    slot.show()
    choose(app, slot, reference)
    page.step_page.run_button.click()
    app.qtbot.waitUntil(
        lambda: (
            page.entry is not None
            and page.entry.state is not None
            and page.entry.state.id != first.id
            and page.entry.phase.ended
        ),
        timeout=60_000,
    )

    assert page.entry.state.status == "succeeded", page.entry.state.failure
    assert the_run(app, first.run_id).inputs["reference"] == (reference.file,)


def card(screen: ReferencesScreen, name: str) -> ReferenceCard | None:
    return next((each for each in screen.cards if each.reference.name == name), None)


def test_a_reference_is_added_indexed_listed_and_removed_with_its_index(
    app: RunningApp, tmp_path: Path
) -> None:
    name = f"ref-{new_id().hex}"
    genome = tmp_path / f"{name} x.fa"
    genome.write_text(f">chr1 {name}\n" + "ACGTTGCATTGACC" * 40 + "\n")
    app.window.go(ReferencesRoute())
    screen = app.window.screen_shown
    assert isinstance(screen, ReferencesScreen)

    assert screen.take_files([genome])
    form = screen.form
    assert (form.name.text(), form.kind.currentText()) == (f"{name}-x", "Genome")
    assert not form.add_button.isEnabled()
    form.name.setText(name)
    form.build.setText("toy 1")
    assert not form.add_button.isEnabled()
    form.build.setText("toy1")
    form.add_button.click()

    app.qtbot.waitUntil(lambda: (c := card(screen, name)) is not None and c.reference.prepared_bytes > 0)
    shown = card(screen, name)
    assert shown is not None
    assert not form.isVisible()
    assert shown.index.text().startswith("made, ")
    assert (shown.reference.genome_build, shown.reference.runs) == ("toy1", 1)
    assert shown.prepare_button.isHidden()

    shown.remove_button.click()
    dialog = next(each for each in app.window.findChildren(QDialog) if name in each.windowTitle())
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Remove").click()
    app.qtbot.waitUntil(lambda: card(screen, name) is None)

    said = [notice.text for notice in app.app.notifications.items]
    assert any(f"{name} is not registered any more" in each and "are free again" in each for each in said)


def test_a_reference_that_cannot_be_registered_says_why_and_can_be_given_up(
    app: RunningApp, tmp_path: Path
) -> None:
    taken = registered(app, tmp_path)
    genes = tmp_path / "genes.gtf.gz"
    genes.write_bytes(new_id().bytes)
    app.window.go(ReferencesRoute())
    screen = app.window.screen_shown
    assert isinstance(screen, ReferencesScreen)
    form = screen.form

    screen.add_button.click()
    form._take([genes])
    assert (form.name.text(), form.kind.currentText()) == ("genes", "Genes")
    form.name.setText(taken.name)
    form.build.setText("toy1")
    form.add_button.click()
    app.qtbot.waitUntil(lambda: not form.busy and form._said.count() == 1)
    message = form._said.itemAt(0).widget()
    assert isinstance(message, Message)
    assert message.title.text() == f"Another reference is registered as “{taken.name}”."
    assert form.isVisible()

    form.leave_button.click()
    assert not form.isVisible()
    assert screen.add_button.isEnabled()


def test_what_was_left_while_its_file_was_on_its_way_can_go_on_or_be_given_up(
    app: RunningApp, tmp_path: Path
) -> None:
    name = f"ref-{new_id().hex}"
    genes = tmp_path / f"{name}.gtf"
    genes.write_text(f"chr1\tsim\tgene\t1\t9\t.\t+\t.\tgene_id {name};\n")
    app.window.go(ReferencesRoute())
    screen = app.window.screen_shown
    assert isinstance(screen, ReferencesScreen)
    form = screen.form
    assert screen.begun.isHidden()

    screen.take_files([genes])
    form.build.setText("toy1")
    form.add_button.click()
    form.leave_button.click()
    assert not form.isVisible()
    assert screen.begun.isVisible()
    kept = BegunStore(
        app.app.settings.path.parent / "forms"
    ).kept()  # as a window that is opened later finds it
    assert kept is not None
    assert (kept.path, kept.name, kept.genome_build) == (genes, name, "toy1")
    app.window.go(JobsRoute())
    app.window.go(ReferencesRoute())
    assert name in screen.begun.title.text()

    press(screen.begun, "Go on")
    app.qtbot.waitUntil(lambda: card(screen, name) is not None)
    assert not form.isVisible()
    assert not screen.begun.isVisible()

    screen.take_files([genes])
    form.build.setText("toy1")
    form.add_button.click()
    form.leave_button.click()
    press(screen.begun, "Give it up")
    assert not screen.begun.isVisible()
    assert form.store.kept() is None


def press(widget: QWidget, text: str) -> None:
    next(each for each in widget.findChildren(QPushButton) if each.text() == text).click()
