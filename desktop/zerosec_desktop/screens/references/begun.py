"""A registration whose file was on its way when it was left, or the window closed: kept until it is done or given up, so that it can go on."""

from dataclasses import dataclass
from pathlib import Path

from zerosec_desktop.widgets.form.drafts import Draft, FormStore
from zerosec_shared.kinds import ReferenceKind

__all__ = ["Begun", "BegunStore"]

PLACE = ("references", "add")
FILE = "file"


@dataclass(frozen=True)
class Begun:
    """What was to be registered, and where."""

    target: str
    path: Path
    name: str
    kind: ReferenceKind
    genome_build: str


class BegunStore:
    """Keeps one, in the folder of the forms."""

    def __init__(self, folder: Path) -> None:
        self._store = FormStore(folder)

    def keep(self, begun: Begun) -> None:
        """Before anything is sent."""
        values = {
            "target": begun.target,
            "name": begun.name,
            "kind": begun.kind.value,
            "build": begun.genome_build,
        }
        self._store.save_draft(*PLACE, Draft(values=dict(values), files={FILE: (str(begun.path),)}))

    def forget(self) -> None:
        """It is done, or given up."""
        self._store.save_draft(*PLACE, None)

    def kept(self) -> Begun | None:
        """What was begun last and neither done nor given up."""
        draft = self._store.load(*PLACE).draft
        if draft is None or len(draft.files.get(FILE, ())) != 1:
            return None
        target, name, kind, build = (draft.values.get(key) for key in ("target", "name", "kind", "build"))
        if not (isinstance(target, str) and isinstance(name, str) and isinstance(build, str)):
            return None
        known = {each.value: each for each in ReferenceKind}
        if kind not in known:
            return None
        return Begun(target, Path(draft.files[FILE][0]), name, known[kind], build)
