"""Registered references: files that lie on a server under a name, for the runs of all: a genome, its genes, control sites."""

from pydantic import Field

from zerosec_shared.contract import Contract, Instant, Name
from zerosec_shared.files import GenomeBuild, InputFile, ReferenceName, Registered
from zerosec_shared.ids import Sha256
from zerosec_shared.kinds import ReferenceKind

__all__ = ["Reference", "ReferenceCreate"]


class ReferenceCreate(Contract):
    """Register a stored file. The same name with the same content again changes nothing; with another it is refused."""

    name: ReferenceName = Field(description="By which runs name it.")
    kind: ReferenceKind = ReferenceKind.GENOME
    genome_build: GenomeBuild = Field(description="The build its positions are of, such as GRCh38.")
    sha256: Sha256
    file_name: Name


class Reference(ReferenceCreate):
    """A registered file. It stays stored while it is registered, and as long as runs name it."""

    size_bytes: int = Field(ge=0)
    created_at: Instant
    used: bool = Field(
        default=False,
        description="Whether a job has read it and succeeded: the index of a genome is then made.",
    )

    @property
    def file(self) -> InputFile:
        """The file as an input of a run."""
        return InputFile(
            sha256=self.sha256,
            name=self.file_name,
            registered=Registered(name=self.name, genome_build=self.genome_build),
        )
