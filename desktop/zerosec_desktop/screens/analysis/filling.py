"""What a form begins with: a draft, files, an example, or a job's settings; and what is kept of it while it is filled in."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from zerosec_desktop.controls import Message
from zerosec_desktop.examples import example_file
from zerosec_desktop.navigation import AnalysisRoute
from zerosec_desktop.reading.path_facts import PathFacts, PathKind, ask_paths
from zerosec_desktop.resources.language import in_quotes
from zerosec_desktop.screens.analysis.earlier import Earlier, read_earlier
from zerosec_desktop.screens.analysis.form_notice import FormNotice
from zerosec_desktop.screens.analysis.placing import Held, place, takes
from zerosec_desktop.screens.analysis.registered_choice import registered_path
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_desktop.screens.analysis.summary import SummaryPane
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.widgets.form.drafts import Draft, FormStore
from zerosec_desktop.widgets.form.form import Form
from zerosec_shared.analyses import AnalysisInfo, StepInfo
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import InputFile

__all__ = ["DRAFT_AFTER_MS", "Filling", "FormOnScreen"]

DRAFT_AFTER_MS = 800


class FormOnScreen(Screen):
    """What filling needs of the screen of a form."""

    info: AnalysisInfo | None
    step: StepInfo | None
    form: Form | None
    slots: dict[str, FileSlot]
    route: AnalysisRoute | None
    notice: FormNotice
    problem: Message
    summary: SummaryPane
    named_by_user: bool

    def suggest_name(self, text: str = "") -> None:
        """Name the run after what is in the form, unless the user named it."""
        raise NotImplementedError

    def tell(self, title: str, detail: str = "") -> None:
        """Say at the top of the form what is wrong with all of it."""
        raise NotImplementedError

    def go_to_field(self, name: str) -> None:
        """Bring a field into sight."""
        raise NotImplementedError


class Filling(QObject):
    """Fills the form of its screen, and writes its draft soon after each change."""

    def __init__(self, screen: FormOnScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._context = screen.context
        self.store = FormStore(screen.context.settings.path.parent / "forms")
        self.finished = False
        """What the form holds has become a run: when it is opened again it begins anew, and no draft is kept of it."""
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(DRAFT_AFTER_MS)
        self._due.timeout.connect(self.save_draft)

    def begin(self, info: AnalysisInfo, step: StepInfo, route: AnalysisRoute, form: Form) -> None:
        """Fill the form: as a job left it, with files, as an example, or from the draft."""
        screen = self._screen
        self.finished = False
        stored = self.store.load(info.id, step.id)
        if self.store.set_aside is not None:
            self._context.notifications.warn(
                self.tr("Stored forms could not be read"),
                self.tr("They were set aside as {0}; the form begins anew.").format(
                    self.store.set_aside.name
                ),
            )
            self.store.set_aside = None
        if route.like is not None:
            read_earlier(self._context, route.like, self._got_earlier)
            return
        if route.example is not None and route.example < len(info.examples):
            example = info.examples[route.example]
            form.start_from(example.parameters)
            for name, paths in example.inputs.items():
                found = [file for path in paths if (file := example_file(path)) is not None]
                if name in screen.slots and found:
                    screen.slots[name].set_files(found)
            screen.suggest_name(example.title)
            return
        draft = stored.draft
        if stored.defaults:
            known = {name: value for name, value in stored.defaults.items() if name in form.rows}
            form.start_from(known)
            screen.notice.tell(self.tr("This form begins with your own settings."))
        if route.parameters:
            before = form.values if stored.defaults else {}
            same = _of_same_project(route, draft or stored.last)
            form.start_from({**before, **same, **dict(route.parameters)})
        elif draft is not None and (draft.values or draft.files):
            form.start_from({})
            form.replace(draft.values)
            screen.notice.tell(self.tr("This form is as you left it."))
            if draft.name:
                screen.summary.name.setText(draft.name)
                screen.named_by_user = True
        elif stored.last is not None and not stored.defaults:
            screen.notice.offer_last()
        self._choose_files(route, draft)
        screen.suggest_name()

    def _choose_files(self, route: AnalysisRoute, draft: Draft | None) -> None:
        slots = self._screen.slots
        first = next(iter(slots.values()), None)
        if first is None:
            return
        if any(takes(slot.slot, path.name) for slot in slots.values() for path in route.files):
            self._give(route.files, draft)
        elif route.files:
            first.set_files(list(route.files), route.dialect, route.copy_of)
        elif draft is not None:
            self._ask_files(draft)

    def _give(self, files: tuple[Path, ...], draft: Draft | None) -> None:
        """Put files beside those the form had, each into the input it is for; what was there and still is stays."""
        slots = self._screen.slots
        kept = {} if draft is None else draft.files
        copies = {} if draft is None else draft.copies
        held = [
            Held(
                slot.slot,
                tuple(Path(path) for path in kept.get(name, ())),
                slot.slot.multiple and name not in copies,
            )
            for name, slot in slots.items()
        ]
        for name, given in place(files, held).files.items():
            slots[name].set_files(given)
        if draft is not None:
            self._ask_files(draft)

    def _ask_files(self, draft: Draft) -> None:
        kept = {name: [Path(path) for path in paths] for name, paths in draft.files.items()}
        paths = [path for several in kept.values() for path in several]
        if paths:
            ask_paths(self._context.bridge, paths, partial(self._put_back, self._screen.slots, kept, draft))

    def _put_back(
        self,
        slots: dict[str, FileSlot],
        kept: dict[str, list[Path]],
        draft: Draft,
        facts: Mapping[Path, PathFacts],
    ) -> None:
        """The files of a draft, those that are still there, into the slots that have none yet."""
        if self._screen.slots is not slots:
            return  # another form is shown by now
        for name, paths in kept.items():
            copied = draft.copies.get(name)
            present = _present(paths, facts, () if copied is None else (copied,))
            if name in slots and present and not slots[name].files:
                slots[name].set_files(present, None if copied is None else copied.dialect, copied)

    def _got_earlier(self, earlier: Earlier) -> None:
        screen = self._screen
        if screen.form is None or screen.route is None or screen.route.like != earlier.key:
            return
        paths = [path for files in earlier.files.values() for path, _ in files]
        ask_paths(self._context.bridge, paths, partial(self._fill_as_earlier, earlier))

    def _fill_as_earlier(self, earlier: Earlier, facts: Mapping[Path, PathFacts]) -> None:
        screen = self._screen
        if screen.form is None or screen.route is None or screen.route.like != earlier.key:
            return
        screen.form.start_from(earlier.parameters)
        screen.form.compare_with(earlier.parameters)
        for name, files in earlier.files.items():
            if name in screen.slots:
                present = _present([path for path, _ in files], facts, tuple(earlier.copies.values()))
                if present:
                    screen.slots[name].set_files(present, files[0][1], earlier.copies.get(present[0]))
        gone = [name for name in earlier.names if not screen.slots[name].files] if earlier.names else []
        listed = in_quotes(file for name in gone for file in earlier.names[name])
        screen.notice.tell(
            self.tr("These are the settings of “{0}”. What you change is marked.").format(earlier.name),
            self.tr("Its data are not on this computer any more; choose the file: {0}").format(listed)
            if gone
            else "",
        )
        screen.suggest_name(earlier.name)

    @Slot()
    def start_afresh(self) -> None:
        """Everything as it comes, and no draft."""
        screen = self._screen
        if screen.form is not None and screen.info is not None and screen.step is not None:
            screen.form.reset()
            screen.named_by_user = False
            for slot in screen.slots.values():
                slot.set_files([])
            self.store.save_draft(screen.info.id, screen.step.id, None)
            screen.notice.hide()

    @Slot()
    def take_last(self) -> None:
        """Settings and files of the last run, in one step of undo; files that were chosen meanwhile stay."""
        screen = self._screen
        if screen.form is None or screen.info is None or screen.step is None:
            return
        last = self.store.load(screen.info.id, screen.step.id).last
        if last is not None:
            screen.form.replace(last.values)
            self._ask_files(last)
        screen.notice.hide()

    def keep_soon(self) -> None:
        """Something changed."""
        self._due.start()

    def submitted(self) -> None:
        """What was in the form has become a job: it is what was last used, and no draft any more."""
        screen = self._screen
        self._due.stop()
        self.finished = True
        if screen.form is not None and screen.info is not None and screen.step is not None:
            try:
                self.store.remember(screen.info.id, screen.step.id, self._as_draft(screen.form))
            except OSError as error:  # the run itself is not in danger: it stands in the outbox
                self._context.notifications.problem(error, key="draft")

    @Slot()
    def save_draft(self) -> None:
        """Keep what is in the form; quick, and called before anything can be lost."""
        screen = self._screen
        self._due.stop()
        if screen.form is None or screen.info is None or screen.step is None or self.finished:
            return
        draft = self._as_draft(screen.form)
        touched = bool(screen.form.state.changed()) or bool(draft.files)
        try:
            self.store.save_draft(screen.info.id, screen.step.id, draft if touched else None)
        except OSError as error:
            self._context.notifications.problem(error, self.tr("The form could not be kept"), key="draft")

    def _as_draft(self, form: Form) -> Draft:
        screen = self._screen
        return Draft(
            values=form.values,
            files={
                name: tuple(str(path) for path in slot.files)
                for name, slot in screen.slots.items()
                if slot.files
            },
            copies={
                name: slot.copy_of
                for name, slot in screen.slots.items()
                if slot.files and slot.copy_of is not None
            },
            name=screen.summary.name.text() if screen.named_by_user else "",
        )


def _present(
    paths: list[Path], facts: Mapping[Path, PathFacts], stored: tuple[InputFile, ...] = ()
) -> list[Path]:
    """Those that are there, or may be: a share that does not answer now may answer later, and what is registered lies on the server."""
    registered = {registered_path(file) for file in stored if file.registered is not None}
    return [
        path for path in paths if path in registered or facts[path].kind in {PathKind.FILE, PathKind.SILENT}
    ]


def _of_same_project(route: AnalysisRoute, draft: Draft | None) -> dict[str, JsonValue]:
    """What was set before for other experiments of the same project still holds, such as the target."""
    origins = [copied.origin for copied in draft.copies.values()] if draft is not None else []
    now = route.copy_of.origin if route.copy_of is not None else None
    same = any(then is not None and now is not None and then.project_id == now.project_id for then in origins)
    return dict(draft.values) if draft is not None and same else {}
