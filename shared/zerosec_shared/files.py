"""Files: blobs addressed by SHA-256, how a table in one is read, and how bytes go up and down."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from zerosec_shared.contract import Contract, Instant, Name, RelativePath
from zerosec_shared.ids import Id, Sha256

__all__ = [
    "MOST_TYPES",
    "ColumnType",
    "CompletedUpload",
    "Dialect",
    "DownloadRequest",
    "DownloadTicket",
    "FileRecord",
    "GenomeBuild",
    "InputFile",
    "MadeBy",
    "Origin",
    "PartRequest",
    "PartTicket",
    "PartsRequest",
    "PartsTicket",
    "ReferenceName",
    "Registered",
    "StoredPart",
    "TableKind",
    "UploadCompletion",
    "UploadRequest",
    "UploadState",
    "UploadTicket",
]


class TableKind(StrEnum):
    """What kind of table file the bytes are."""

    CSV = "csv"
    EXCEL = "excel"
    PARQUET = "parquet"


MOST_TYPES = 1000
"""Columns that are given a type."""

DialectField = Literal[
    "kind", "encoding", "separator", "decimal", "thousands", "quote", "sheet", "header_row", "missing"
]


class ColumnType(StrEnum):
    """What a column is to be read as, where the user knows better."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


class Dialect(Contract):
    """How a table is read. It travels with the input and is recorded, so that a repeat reads the same."""

    kind: TableKind = TableKind.CSV
    encoding: str = Field(default="utf-8", max_length=40, description="A Python codec name; CSV only.")
    separator: str = Field(default=",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = Field(
        default="", description="Groups digits (1.234,56). Never guessed: none unless the user says so."
    )
    quote: str = Field(default='"', max_length=1, description="Empty: quotes are ordinary characters.")
    sheet: str | None = Field(
        default=None, max_length=200, description="Excel: the sheet's name; first if none."
    )
    header_row: int = Field(
        default=1, ge=0, le=1000, description="The file's own row that holds the names; 0: there is none."
    )
    missing: tuple[Annotated[str, StringConstraints(max_length=40)], ...] = Field(
        default=("", "NA", "N/A", "NaN", "nan", "null", "NULL", "#N/A", "-", "欠測"), max_length=40
    )
    types: dict[str, ColumnType] = Field(
        default_factory=dict,
        max_length=MOST_TYPES,
        exclude_if=lambda types: not types,
        description="Columns that are to be read as a type of the user's choice; all others by their values.",
    )
    detect: tuple[DialectField, ...] = Field(
        default=(),
        max_length=9,
        exclude_if=lambda names: not names,
        description="Fields whose values above do not count: they are found out when the file is read, and recorded then.",
    )

    @property
    def given(self) -> dict[str, Any]:
        """The fields that are fixed, by name."""
        return {
            name: getattr(self, name)
            for name in type(self).model_fields
            if name not in {"detect", *self.detect} and not (name == "types" and not self.types)
        }

    @classmethod
    def partly(cls, **given: object) -> "Dialect":
        """A dialect of which only these fields are fixed, the others to be found out when the file is read."""
        left = [name for name in cls.model_fields if name not in {"detect", "types", *given}]
        return cls.model_validate({**given, "detect": left})


class FileRecord(Contract):
    """A stored file."""

    sha256: Sha256
    size_bytes: int = Field(ge=0)
    created_at: Instant


class Origin(Contract):
    """How a file was made from a project's results: it still says what was chosen when the results have moved on."""

    project_id: Id
    project: Name = Field(description="The project's name at that time.")
    revision: int = Field(ge=0, description="Of the results the rows were taken from.")
    rows: int = Field(ge=0)
    filter_text: str = Field(
        default="", max_length=4000, description="The filter as one line; empty: all experiments."
    )


class MadeBy(Contract):
    """An input that is an output of an earlier job: of the same run, or of any in an export of predictions."""

    job_id: Id
    step: str = Field(max_length=60)
    path: RelativePath = Field(description="Of the artifact.")


ReferenceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
"""The name of a registered reference: it stands in addresses and command lines as it is."""

GenomeBuild = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]


class Registered(Contract):
    """An input that is registered on the server under a name, with the genome build it was registered for."""

    name: ReferenceName
    genome_build: GenomeBuild


class InputFile(Contract):
    """A file as the input of a run: which bytes, under which name, read how."""

    sha256: Sha256
    name: Name = Field(description="The name the user knows it by. Shown and recorded, never used as a path.")
    dialect: Dialect | None = Field(
        default=None,
        description="None, or a field left out: detected when read, and recorded then.",
    )
    origin: Origin | None = Field(
        default=None,
        exclude_if=lambda origin: origin is None,
        description="Chosen experiments of a project: of which, and by which filter.",
    )
    made_by: MadeBy | None = Field(
        default=None,
        exclude_if=lambda made_by: made_by is None,
        description="An output of an earlier job; None: a file of the user's.",
    )
    registered: Registered | None = Field(
        default=None,
        exclude_if=lambda registered: registered is None,
        description="A reference that was registered; None: a file of this run alone.",
    )

    @field_validator("dialect", mode="before")
    @classmethod
    def _left_out_is_detected(cls, value: Any) -> Any:
        if isinstance(value, dict) and "detect" not in value:
            left = [name for name in Dialect.model_fields if name not in {"detect", "types", *value}]
            return {**value, "detect": left}
        return value


Crc32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")]
"""zlib's CRC-32 as 8 lower-case hexadecimal digits; S3 knows it as x-amz-checksum-crc32."""


class UploadRequest(Contract):
    """Ask to store a file. With `sha256` known, bytes that are there already cost this one request."""

    size_bytes: int = Field(ge=0, le=2**50)
    name: Name
    sha256: Sha256 | None = Field(
        default=None,
        description="None: not hashed yet; the completion brings it (large files hash while they go up).",
    )
    handover: bool = Field(
        default=False, description="The client may share a disk with the server and asks for a file: URL."
    )


class UploadState(StrEnum):
    """Where an upload stands."""

    STORED = "stored"
    OPEN = "open"


class PartTicket(Contract):
    """Permission to PUT one part: method, key, size, checksum and expiry are bound into the signature."""

    part_number: int = Field(ge=1, le=10_000)
    size_bytes: int = Field(ge=0)
    url: str = Field(description="Absolute, or relative to the server's root.")
    headers: dict[str, str] = Field(
        default_factory=dict, description="Headers that must be sent as they stand."
    )
    expires_at: Instant


class StoredPart(Contract):
    """A part that has arrived."""

    part_number: int = Field(ge=1, le=10_000)
    size_bytes: int = Field(ge=0)
    crc32: Crc32


class UploadTicket(Contract):
    """The answer to an upload request: stored already, or an upload to fill."""

    state: UploadState
    file: FileRecord | None = Field(default=None, description="Set when the state is stored.")
    upload_id: str | None = Field(default=None, max_length=100)
    part_size_bytes: int = Field(default=0, ge=0, description="Every part but the last has this size.")
    part_count: int = Field(default=0, ge=0, le=10_000)
    stored_parts: tuple[StoredPart, ...] = ()
    handover_url: str | None = Field(
        default=None,
        description="file: URL of a staging file to fill instead of sending parts; same disk only.",
    )
    handover_proof: str | None = Field(
        default=None,
        description="What the staging file holds beforehand: a client that reads the same shares the disk.",
    )


class PartRequest(Contract):
    """A part the client wants to send."""

    part_number: int = Field(ge=1, le=10_000)
    crc32: Crc32


class PartsRequest(Contract):
    """Ask for tickets; none asked: just tell which parts are stored (to resume)."""

    parts: tuple[PartRequest, ...] = Field(default=(), max_length=1000)


class PartsTicket(Contract):
    """Tickets for the parts asked for, and the parts that are there."""

    upload_id: str
    part_size_bytes: int
    part_count: int
    tickets: tuple[PartTicket, ...] = ()
    stored_parts: tuple[StoredPart, ...] = ()


class UploadCompletion(Contract):
    """All bytes were sent: the file exists only if size and SHA-256 are right."""

    sha256: Sha256 | None = Field(
        default=None,
        description="None only with `handover`: the server hashes and answers the SHA-256, and the client compares it with its own.",
    )
    handover: bool = Field(default=False, description="The staging file was filled; no parts were sent.")


class CompletedUpload(Contract):
    """The file exists."""

    file: FileRecord


class DownloadRequest(Contract):
    """Ask for a signed URL: of a stored file by `sha256`, or of a job's artifact by job and path."""

    sha256: Sha256 | None = None
    job_id: Id | None = None
    path: RelativePath | None = None
    name: Name | None = Field(default=None, description="The file name offered to a browser.")


class DownloadTicket(Contract):
    """Permission to GET one blob, with ranges, until it expires."""

    url: str
    size_bytes: int
    sha256: Sha256
    expires_at: Instant
    handover_url: str | None = Field(
        default=None, description="file: URL for a client on the same disk; read only."
    )
