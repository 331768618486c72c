"""Whether this server can vouch for what an input says it is registered as: by its list, or by a run that was recorded here.

Guards against a build that nobody has registered: alignments carry it on, and positions mean other places on another one. All
functions take a Connection inside a transaction.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from zerosec_server.database.tables import job_inputs, run_inputs, shared_references
from zerosec_shared.files import InputFile, Registered

__all__ = ["ClaimError", "check_claims"]


class ClaimError(Exception):
    """An input says that it is registered so, and nothing here says the same."""

    def __init__(
        self, file: InputFile, claim: Registered, registered_for: str | None, same_file: bool
    ) -> None:
        super().__init__(claim.name)
        self.file, self.claim = file, claim
        self.registered_for = registered_for
        """The build of what has this name on the list; None: nothing has it."""
        self.same_file = same_file
        """Whether that is this file."""


def check_claims(c: Connection, inputs: Mapping[str, Sequence[InputFile]]) -> None:
    """Each input that is said to be registered is on the list under that name with these bytes and this build, or a run or job that
    is recorded here has read it as that. Raises ClaimError for the first that is not.
    """
    for file in (file for several in inputs.values() for file in several):
        claim = file.registered
        if claim is None or file.made_by is not None:  # what a step made is recorded as that alone
            continue
        known = c.execute(
            select(shared_references.c.sha256, shared_references.c.genome_build).where(
                shared_references.c.name == claim.name
            )
        ).one_or_none()
        if known is not None and tuple(known) == (file.sha256, claim.genome_build):
            continue
        if not _recorded(c, file.sha256, claim):
            raise ClaimError(
                file,
                claim,
                None if known is None else known.genome_build,
                known is not None and known.sha256 == file.sha256,
            )


def _recorded(c: Connection, sha256: str, claim: Registered) -> bool:
    """Whether these bytes were read as this before: it was on the list then, or came in the record of an imported run."""
    said = claim.model_dump_json()
    for table in (run_inputs, job_inputs):
        stored = select(table.c.sha256).where(table.c.sha256 == sha256, table.c.registered_json == said)
        if c.execute(stored.limit(1)).first() is not None:
            return True
    return False
