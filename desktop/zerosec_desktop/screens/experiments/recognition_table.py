"""How a file's columns were understood: matched by which name, missing, absent, extra."""

from collections.abc import Sequence

from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_shared.profiles import Recognition
from zerosec_shared.texts import Said as Sentence
from zerosec_shared.texts import translated

__all__ = ["RecognitionTable"]

ROWS_SHOWN = 9


class RecognitionTable(DataTable):
    """A row a column, missing ones first."""

    def __init__(self) -> None:
        super().__init__(FrameModel())
        self.frame_model.setParent(self)
        self.setAccessibleName(self.tr("How its columns were understood"))
        self.verticalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setFixedHeight((ROWS_SHOWN + 2) * self.verticalHeader().defaultSectionSize())

    def show_recognition(self, found: Recognition) -> None:
        """Show what was found."""
        import polars as pl

        how = {
            "name": self.tr("by its name"),
            "alias": self.tr("by another name"),
            "codes": self.tr("by codes"),
        }
        rows = [(self.tr("Missing"), "", name, self.tr("needed")) for name in found.missing]
        rows += [(self.tr("Matched"), match.header, match.column, how[match.by]) for match in found.matches]
        rows += [(self.tr("Extra"), header, "", self.tr("not used")) for header in found.extra]
        rows += [(self.tr("Not there"), "", name, self.tr("not needed")) for name in found.absent]
        frame = pl.DataFrame(
            rows, schema=dict.fromkeys(("what", "file", "profile", "how"), pl.String), orient="row"
        )
        self.frame_model.set_frame(
            frame, labels=[self.tr("What"), self.tr("In the file"), self.tr("In the profile"), self.tr("How")]
        )
        for place, width in enumerate((112, 200, 200, 160)):
            self.setColumnWidth(place, width)

    @staticmethod
    def sentences(said: Sequence[Sentence]) -> list[str]:
        """In the language of the window."""
        return [translated(sentence) for sentence in said]
