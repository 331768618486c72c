"""The step reference_index: the index of a reference, made once for all runs; and how the mapping comes by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from zerosec_analyses.integration_sites import commands
from zerosec_analyses.integration_sites.index_archive import IndexArchive, index_program, is_archive
from zerosec_analyses.integration_sites.parameters import MappingParameters
from zerosec_analyses.integration_sites.reference import IndexedReference, ReferenceStore
from zerosec_analyses.prepared_references import references_folder
from zerosec_analyses.programs import BWA, BWA_MEM2
from zerosec_analyses.sdk import Context, FoundProgram, JobInput, say
from zerosec_shared.views import CardView

__all__ = ["WantedIndex", "run", "wanted_index"]


@dataclass(frozen=True)
class WantedIndex:
    """The reference that was given, and the program whose index it needs."""

    given: JobInput
    mapper: FoundProgram
    archive: IndexArchive | None

    @contextmanager
    def made(self, ctx: Context) -> Iterator[IndexedReference]:
        """The index: the one that is there and whole, else made or unpacked now. It stays while the block runs.

        Raises InputError for what is no reference.
        """

        def make(fasta: Path, prefix: Path) -> None:
            ctx.progress(None, "Reference", say("Indexing the reference; this is done once."))
            ctx.run_program(self.mapper, commands.bwa_index(fasta, prefix))

        store = ReferenceStore(references_folder(ctx.cache or ctx.scratch))
        if self.archive is not None:
            ctx.progress(None, "Reference", say("Unpacking the index; this is done once."))
            index = store.unpacked(self.given, self.archive)
        else:
            index = store.indexed(self.given, self.mapper.program.name, make)
        with index as found:
            yield found


def wanted_index(ctx: Context, params: MappingParameters) -> WantedIndex:
    """Which index the mapping needs. Raises InputError for an archive that holds none, MissingProgramError."""
    given = ctx.input("reference")
    archive = index_program(given) if is_archive(given.path) else None
    mappers = (BWA_MEM2, BWA) if params.prefer_bwa_mem2 else (BWA, BWA_MEM2)
    mapper = ctx.program(*mappers) if archive is None else ctx.program(archive.program)
    return WantedIndex(given, mapper, archive)


def run(ctx: Context, params: MappingParameters) -> None:
    """Make the index of the reference."""
    wanted = wanted_index(ctx, params)
    with wanted.made(ctx) as found:
        pass
    title = wanted.mapper.program.title
    text = (
        say("The index is made, for {program}; all runs of this server use it.", program=title)
        if found.made_now
        else say("The index was there already, for {program}; nothing was made anew.", program=title)
    )
    ctx.show(CardView(id="answer", title="Index of the reference", text=text))
    ctx.metric("mapper", title, label="Index for")
    ctx.metric("reference_sha256", found.sha256, label="Reference, SHA-256")
    ctx.metric("reference_contigs", found.contigs, label="Contigs of the reference", headline=True)
    ctx.metric("reference_bases", found.bases, label="Bases of the reference", headline=True)
    if wanted.given.registered is not None:
        ctx.metric("genome_build", wanted.given.registered.genome_build, label="Genome build")
