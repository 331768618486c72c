"""What a form says of external programs that the server does not have: before anything is chosen or sent."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Message, breakable, button, column
from zerosec_desktop.resources.tokens import Space
from zerosec_shared.analyses import AnalysisInfo, ProgramNeed, StepInfo
from zerosec_shared.programs import ProgramInfo

__all__ = ["ProgramsNotice", "lacking"]

Known = Mapping[str, ProgramInfo]


def lacking(step: StepInfo, known: Known) -> tuple[ProgramNeed, ...]:
    """The needs of a step that no program of the server meets. A program that nobody knows is none that is missing."""
    return tuple(
        need
        for need in step.programs
        if not need.optional and not any(name not in known or known[name].found for name in need.any_of)
    )


class ProgramsNotice(QWidget):
    """Two bands: what the chosen step lacks, and what steps lack that come later or can be left out."""

    changed = Signal()
    programs_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._info: AnalysisInfo | None = None
        self._step: StepInfo | None = None
        self._asked = ""
        """The server that was asked last."""
        self._asking: Work | None = None
        self.lacks = False
        """Whether the chosen step cannot be executed on the server that new work goes to."""
        self.again = button(self.tr("Look again"), icon_name="retry", clicked=self.ask)
        self.again.setToolTip(self.tr("Ask the server again, once the program is installed there"))
        show = button(self.tr("Programs"), clicked=self.programs_wanted.emit)
        show.setToolTip(self.tr("All programs of the server, with their versions"))
        self.here = Message("warning", "", "", self.again)
        self.others = Message("info", "", "", show)
        self.setLayout(column(self.here, self.others, spacing=Space.SMALL))
        self.hide()

    def watch(self, info: AnalysisInfo, step: StepInfo) -> None:
        """Speak of this step from now on."""
        self._info, self._step = info, step
        self.ask()

    @Slot()
    def ask_another(self) -> None:
        """Ask, where new work goes to a server that was not asked yet."""
        if self._context.session.current_target != self._asked:
            self.ask()

    def stop(self) -> None:
        """Nobody looks any more."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    @Slot()
    def ask(self) -> None:
        """Ask the server which programs it has, where the analysis needs any."""
        self.stop()
        session = self._context.session
        state = session.target_state(session.current_target)
        if self._info is None or state is None or not state.usable:
            return
        if not any(step.programs for step in self._info.steps):
            return
        self.again.setEnabled(False)
        self._asked = session.current_target
        self._asking = session.ask(
            session.current_target,
            lambda api: api.programs(),
            name="programs",
            done=self._got,
            failed=self._failed,
        )

    def _got(self, programs: tuple[ProgramInfo, ...]) -> None:
        info, chosen = self._info, self._step
        self.again.setEnabled(True)
        if info is None or chosen is None:
            return
        known = {program.name: program for program in programs}
        needs = lacking(chosen, known)
        titles = ", ".join(self._titles(need, known) for need in needs)
        title = self.tr("This step cannot run yet: the server has no {0}").format(titles)
        self._show(self.here, title, "\n".join(_help(need, known) for need in needs))
        elsewhere: dict[ProgramNeed, list[str]] = {}
        for step in info.steps:
            for need in lacking(step, known) if step is not chosen else ():
                elsewhere.setdefault(need, []).append(step.title)
        others = [
            self.tr("{0} is missing for: {1}. {2}").format(
                self._titles(need, known), ", ".join(steps), "" if need in needs else _help(need, known)
            )
            for need, steps in elsewhere.items()
        ]
        title = self.tr(
            "Other steps lack a program; this one can run, and they can follow later or be left out"
        )
        if needs:
            title = self.tr("Other steps lack a program too")
        self._show(self.others, title, "\n".join(others))
        self.lacks = bool(needs)
        self.setVisible(bool(needs or others))
        self.changed.emit()

    def _failed(self, _error: Exception) -> None:
        self._asked = ""
        self.again.setEnabled(True)  # the server looks again before anything is sent

    def _titles(self, need: ProgramNeed, known: Known) -> str:
        names = [known[name].title for name in need.any_of]
        return self.tr(" or ").join(names)

    def _show(self, message: Message, title: str, detail: str) -> None:
        message.setVisible(bool(detail))
        message.title.setText(title)
        message.detail.setText(breakable(detail))
        message.detail.setVisible(bool(detail))
        message.setAccessibleName(title)
        message.setAccessibleDescription(detail)


def _help(need: ProgramNeed, known: Known) -> str:
    return " ".join(known[name].help for name in need.any_of)
