"""Registered references: files that lie on a server under a name, for the runs of all: a genome, its genes, control sites."""

from pydantic import Field

from zerosec_shared.contract import Contract, Instant, Name
from zerosec_shared.files import GenomeBuild, InputFile, ReferenceName, Registered
from zerosec_shared.ids import Sha256
from zerosec_shared.kinds import ReferenceKind

__all__ = ["Reference", "ReferenceCreate", "ReferenceRemoved"]


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
        description="Whether a job has read it and succeeded.",
    )
    runs: int = Field(default=0, ge=0, description="How many runs read this file.")
    prepared_bytes: int = Field(
        default=0,
        ge=0,
        description="Size of what was made of it for all runs, such as an index; 0: nothing is there.",
    )

    @property
    def file(self) -> InputFile:
        """The file as an input of a run."""
        return InputFile(
            sha256=self.sha256,
            name=self.file_name,
            registered=Registered(name=self.name, genome_build=self.genome_build),
        )


class ReferenceRemoved(Contract):
    """What removing a reference from the list freed: what was made of it, such as an index. Its file stays with the runs that read it."""

    freed_bytes: int = Field(ge=0)
    kept: bool = Field(
        default=False,
        description="Whether something of it stays: a job that reads it waits or runs, or the file is registered under another name too.",
    )
    goes_by_itself: bool = Field(
        default=False,
        description="Whether what stays is removed as soon as the jobs that need it have ended.",
    )
