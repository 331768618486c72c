"""The references that are registered on a server for all runs: genomes with their indexes, genes, spike-in sites; added and removed here."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from zerosec_desktop.context import Context
from zerosec_desktop.controls import EmptyState, Message, breakable, button, label, row
from zerosec_desktop.dialogs import confirm
from zerosec_desktop.jobs import JobEntry, TargetState
from zerosec_desktop.navigation import JobKey, Route
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.analysis.registered_choice import registered_path
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.page import Page
from zerosec_desktop.screens.references.add_card import AddCard
from zerosec_desktop.screens.references.card import ReferenceCard
from zerosec_desktop.wording import size
from zerosec_shared.kinds import ReferenceKind
from zerosec_shared.references import Reference, ReferenceRemoved

__all__ = ["ReferencesScreen"]


class ReferencesScreen(Screen):
    """All references of the server that new work goes to."""

    icon_name = "disk"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.cards: list[ReferenceCard] = []
        self._target = ""
        self._questions = 0
        self._making: dict[JobKey, str] = {}
        page = Page(960)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        intro = label(
            self.tr(
                "Genomes, genes and spike-in sites that many runs use are registered once, with their genome build. Runs then take them from "
                "the server by name; the index of a genome is made once for all."
            ),
            "muted",
            wrap=True,
        )
        self.again = button(self.tr("Look again"), icon_name="retry", clicked=self.ask)
        self.add_button = button(self.tr("Add…"), "primary", icon_name="plus", clicked=self.begin)
        top = row(spacing=Space.MEDIUM)
        top.addWidget(intro, 1)
        top.addWidget(self.again)
        top.addWidget(self.add_button)
        page.body.addLayout(top)
        self.form = AddCard(context)
        self.form.hide()
        self.form.added.connect(self._added)
        self.form.left.connect(self._left)
        self.begun = Message(
            "info",
            "",
            self.tr("What was sent is kept: only the rest is sent."),
            button(self.tr("Give it up"), "quiet", clicked=self._give_up),
            button(self.tr("Go on"), icon_name="play", clicked=self._go_on),
        )
        """Offers to go on with what was left."""
        self.begun.hide()
        page.body.addWidget(self.begun)
        page.body.addWidget(self.form)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.SMALL)
        page.body.addLayout(self._list)
        context.session.target_changed.connect(self._target_changed)
        context.session.job_ended.connect(self._job_ended)

    def title(self) -> str:
        return self.tr("References")

    def open(self, route: Route) -> None:
        self.ask()
        self._offer()

    def take_files(self, paths: list[Path]) -> bool:
        """A file that is dropped here is to be registered."""
        self._begin(paths[0])
        return True

    @Slot()
    def begin(self) -> None:
        """Show the form."""
        self._begin(None)

    def _begin(self, path: Path | None) -> None:
        self.form.begin(self.context.session.current_target, path)
        self._show_form()

    def _show_form(self) -> None:
        self.begun.hide()
        self.form.show()
        self.add_button.setEnabled(False)
        self.add_button.setToolTip(self.tr("The form is open below"))

    @Slot()
    def _left(self) -> None:
        self.form.hide()
        self.add_button.setEnabled(True)
        self.add_button.setToolTip("")
        self._offer()

    def _offer(self) -> None:
        """What was left in the middle can go on, unless the form is open."""
        begun = self.form.store.kept()
        here = begun is not None and begun.target == self.context.session.current_target
        if begun is not None and here:
            text = self.tr("Registering {name} was begun, with the file {file}.")
            self.begun.title.setText(text.format(name=begun.name, file=breakable(begun.path.name)))
        self.begun.setVisible(here and self.form.isHidden())

    @Slot()
    def _go_on(self) -> None:
        begun = self.form.store.kept()
        if begun is not None:
            self._show_form()
            self.form.go_on(begun)

    @Slot()
    def _give_up(self) -> None:
        self.form.store.forget()
        self._offer()

    @Slot()
    def ask(self) -> None:
        """Ask the current target again."""
        session = self.context.session
        state = session.target_state(session.current_target)
        if state is None or not state.usable:
            self._target = ""
            self._say(
                self.tr("The server does not answer yet"),
                self.tr("Its references are shown as soon as it does."),
            )
            return
        self._target = session.current_target
        self._questions += 1
        session.ask(
            self._target,
            lambda api: api.references(),
            name="references",
            done=partial(self._got, self._questions),
            failed=self._failed,
        )

    @Slot(object)
    def _target_changed(self, state: TargetState) -> None:
        if self.isVisible() and not self._target and state.usable:
            self.ask()

    @Slot(object)
    def _job_ended(self, entry: JobEntry) -> None:
        if self._making.pop(entry.key, None) is not None and self.isVisible():
            self.ask()

    def _got(self, question: int, references: tuple[Reference, ...]) -> None:
        if question != self._questions:
            return  # a later question has the newer answer
        if not references:
            self._say(
                self.tr("Nothing is registered yet"),
                self.tr("Add the genome that your runs use, or drop its file here."),
            )
            return
        self._clear()
        making = set(self._making.values())
        for known in references:
            card = ReferenceCard(
                known,
                prepared=known.kind is ReferenceKind.GENOME,
                prepare=partial(self._prepare, known),
                remove=partial(self._ask_removal, known),
            )
            card.show_making(known.name in making)
            self.cards.append(card)
            self._list.addWidget(card)

    def _failed(self, error: Exception) -> None:
        words = in_words(error)
        self._say(words.title, words.hint)

    @Slot(object)
    def _added(self, reference: Reference) -> None:
        self._left()
        self.context.notifications.info(
            self.tr("{0} is registered").format(reference.name),
            self.tr("Runs can take it from now on, wherever they ask for such a file."),
        )
        if not reference.prepared_bytes:
            self._prepare(reference)
        self.ask()

    def _prepare(self, reference: Reference) -> None:
        """Have the server make what its kind needs; nothing where no analysis makes anything of it."""
        from zerosec_client.registering import preparing

        session, target = self.context.session, self._target
        intent = preparing(session.catalogue(target), target, reference)
        if intent is None:
            return
        path = registered_path(reference.file)
        key = session.submit(
            analysis=intent.analysis,
            step=intent.step,
            name=intent.name,
            parameters={},
            inputs={slot: [(path, None)] for slot in intent.inputs},
            copies={path: reference.file},
            target=target,
        )
        self._making[key] = reference.name
        for card in self.cards:
            if card.reference.name == reference.name:
                card.show_making(True)

    def _ask_removal(self, reference: Reference) -> None:
        parts = [self.tr("Runs that read it keep its file and can be repeated.")]
        if reference.prepared_bytes:
            parts.insert(
                0,
                self.tr("Its index is removed too: {0}. It is made again when somebody needs it.").format(
                    size(reference.prepared_bytes)
                ),
            )
        confirm(
            self.window(),
            self.tr("Remove {0} from the references?").format(reference.name),
            " ".join(parts),
            self.tr("Remove"),
            partial(self._remove, reference),
        )

    def _remove(self, reference: Reference) -> None:
        self.context.session.ask(
            self._target,
            lambda api: api.remove_reference(reference.name),
            name="remove reference",
            done=partial(self._removed, reference),
            failed=self._not_removed,
        )

    def _removed(self, reference: Reference, removed: ReferenceRemoved) -> None:
        if removed.goes_by_itself:
            told = self.tr("Jobs still read it: its index goes by itself when they have ended.")
        elif removed.kept:
            told = self.tr("What was made of it stays: the same file is registered under another name.")
        else:
            told = (
                self.tr("{0} are free again.").format(size(removed.freed_bytes))
                if removed.freed_bytes
                else ""
            )
        self.context.notifications.info(
            self.tr("{0} is not registered any more").format(reference.name), told
        )
        self.ask()

    def _not_removed(self, error: Exception) -> None:
        self.context.notifications.problem(error)
        self.ask()

    def _say(self, title: str, text: str) -> None:
        self._clear()
        self._list.addWidget(EmptyState("disk", title, text))

    def _clear(self) -> None:
        self.cards.clear()
        while (item := self._list.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
