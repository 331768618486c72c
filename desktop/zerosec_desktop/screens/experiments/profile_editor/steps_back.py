"""Undo and redo of drafts: edits of one field in a row are one step. Pure."""

from zerosec_desktop.screens.experiments.profile_editor.draft import ProfileDraft

__all__ = ["StepsBack"]

MOST = 200


class StepsBack:
    """What the draft was, and what it was before it was taken back."""

    def __init__(self, draft: ProfileDraft) -> None:
        self.now = draft
        self._before: list[ProfileDraft] = []
        self._after: list[ProfileDraft] = []
        self._place: object = None

    def change(self, draft: ProfileDraft, place: object = None) -> bool:
        """Another draft; `place` names the field that is written in. False: nothing changed."""
        if draft == self.now:
            return False
        if place is None or place != self._place:
            self._before = [*self._before, self.now][-MOST:]
        self._place = place
        self._after.clear()
        self.now = draft
        return True

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._after)

    def undo(self) -> None:
        """Take the last step back."""
        if self._before:
            self._after.append(self.now)
            self.now = self._before.pop()
            self._place = None

    def redo(self) -> None:
        """Take the last undo back."""
        if self._after:
            self._before.append(self.now)
            self.now = self._after.pop()
            self._place = None
