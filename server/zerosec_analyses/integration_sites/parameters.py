"""The parameters of each step of the integration-site pipeline, with their bounds and texts. Cheap to import."""

from enum import StrEnum

from pydantic import Field, JsonValue, field_validator

from zerosec_analyses.declaration import Parameters

__all__ = [
    "CutadaptParameters",
    "Deduplication",
    "FastpParameters",
    "MappingParameters",
    "PairFilter",
    "QcParameters",
    "ReadLengthParameters",
    "SiteParameters",
    "UmiParameters",
    "Untrimmed",
]

LTR_PRIMER = "ATCCCTCAGACCCTTTTAGTCAGTGTGGAAAATCTC"
LINKER = "GACTGCGTATCAGT"
SEQUENCE = r"^[ACGTRYSWKMBDHVNacgtryswkmbdhvn]*$"
"""Bases as IUPAC writes them: nothing a program could take for an option or a file."""
BUILD = r"^[A-Za-z0-9][A-Za-z0-9._-]*$|^$"


class Untrimmed(StrEnum):
    """What becomes of pairs without the sequence looked for."""

    DISCARD = "discard"
    KEEP = "keep"


class PairFilter(StrEnum):
    """When a filter takes a pair away."""

    ANY = "any"
    BOTH = "both"
    FIRST = "first"


class Deduplication(StrEnum):
    """By what reads are told to be copies of one fragment."""

    AUTO = "auto"
    UMI = "umi"
    COORDINATES = "coordinates"


BY_QUALITY: dict[str, JsonValue] = {"quality_filter": [True]}
KEPT_OR_NOT: dict[str, JsonValue] = {"discard": "Left out", "keep": "Kept"}


class QcParameters(Parameters):
    """The form of the quality checks."""

    kmer_length: int = Field(
        default=7,
        ge=2,
        le=10,
        title="Length of the words looked for",
        description="FastQC looks for short words that come more often than chance allows.",
        json_schema_extra={"advanced": True, "unit": "bases"},
    )


class UmiParameters(Parameters):
    """The form of the UMI extraction."""

    umi_read1: str = Field(
        default="",
        max_length=60,
        pattern=r"^[NXnx]*$",
        title="UMI pattern of read 1",
        description="N for each base of the UMI and X for each base that is kept, from the start of the read: NNNNNNNN. Empty: no UMI.",
    )
    umi_read2: str = Field(
        default="",
        max_length=60,
        pattern=r"^[NXnx]*$",
        title="UMI pattern of read 2",
        description="The same for read 2. The UMIs of both reads are put together.",
    )

    @field_validator("umi_read1", "umi_read2")
    @classmethod
    def _in_capitals(cls, value: str) -> str:
        return value.upper()


class CutadaptParameters(Parameters):
    """The form of the trimming of primer and linker."""

    primer: str = Field(
        default=LTR_PRIMER,
        min_length=5,
        max_length=200,
        pattern=SEQUENCE,
        title="LTR primer (read 1)",
        description="The sequence read 1 begins with, up to the last base of the LTR. The base after it is the integration site.",
    )
    primer_anchored: bool = Field(
        default=True,
        title="Whole primer at the start",
        description=(
            "Read 1 must begin with the whole primer, but for the errors allowed. Off, it may stand further within the read or be cut "
            "off at its start; then reads without primer can pass by chance and make false sites."
        ),
    )
    primer_overlap: int = Field(
        default=5,
        ge=3,
        le=200,
        title="Least overlap with the primer",
        description="A primer that is cut off at the start of the read counts from this many bases on.",
        json_schema_extra={"unit": "bases", "only_when": {"primer_anchored": [False]}},
    )
    primer_error_rate: float = Field(
        default=0.3,
        ge=0,
        le=0.5,
        title="Errors allowed in the primer",
        description="As a fraction of its length: 0.3 is three errors in ten bases.",
    )
    without_primer: Untrimmed = Field(
        default=Untrimmed.DISCARD,
        title="Reads without the primer",
        description="A read without the primer does not begin at an integration site. Kept ones can make false sites.",
        json_schema_extra={"labels": KEPT_OR_NOT, "widget": "choice"},
    )
    linker: str = Field(
        default=LINKER,
        min_length=5,
        max_length=200,
        pattern=SEQUENCE,
        title="Linker (read 2)",
        description="The sequence read 2 begins with. The base after it is where the DNA was broken or cut.",
    )
    linker_overlap: int = Field(
        default=10,
        ge=3,
        le=200,
        title="Least overlap with the linker",
        description="A linker that is cut off at the start of the read counts from this many bases on.",
        json_schema_extra={"unit": "bases"},
    )
    linker_error_rate: float = Field(
        default=0.1,
        ge=0,
        le=0.5,
        title="Errors allowed in the linker",
        description="As a fraction of its length: 0.1 is one error in ten bases.",
    )
    without_linker: Untrimmed = Field(
        default=Untrimmed.KEEP,
        title="Reads without the linker",
        description="Where the linker was misread the end of the fragment can be some bases off; the integration site is not touched.",
        json_schema_extra={"labels": KEPT_OR_NOT, "widget": "choice"},
    )
    cut_read2: int = Field(
        default=0,
        ge=-150,
        le=150,
        title="Bases cut from read 2 first",
        description="From its start, before the linker is looked for; a negative number cuts from its end.",
        json_schema_extra={"advanced": True, "unit": "bases"},
    )
    trimmed_length: int = Field(
        default=30,
        ge=1,
        le=1000,
        title="Least length after trimming",
        description="Shorter reads cannot be placed with any certainty.",
        json_schema_extra={"unit": "bases"},
    )
    pair_filter: PairFilter = Field(
        default=PairFilter.ANY,
        title="A pair is left out",
        description="When one of its reads, or both, or read 1 is too short.",
        json_schema_extra={
            "labels": {"any": "If either read is", "both": "If both reads are", "first": "If read 1 is"},
            "widget": "choice",
            "advanced": True,
        },
    )

    @field_validator("primer", "linker")
    @classmethod
    def _in_capitals(cls, value: str) -> str:
        return value.upper()


class FastpParameters(Parameters):
    """The form of the quality filter."""

    quality_filter: bool = Field(
        default=True,
        title="Filter by quality",
        description="Leaves out pairs with too many bases of low quality or unknown bases.",
    )
    base_quality: int = Field(
        default=15,
        ge=0,
        le=60,
        title="Least quality of a base",
        description="Phred score from which a base counts as good: 15 is one error in 32.",
        json_schema_extra={"only_when": BY_QUALITY},
    )
    low_quality_percent: int = Field(
        default=40,
        ge=0,
        le=100,
        title="Most bases below it",
        description="A read with a larger share of such bases is left out, and its mate with it.",
        json_schema_extra={"unit": "%", "only_when": BY_QUALITY},
    )
    unknown_bases: int = Field(
        default=5,
        ge=0,
        le=50,
        title="Most unknown bases",
        description="A read with more N than this is left out, and its mate with it.",
        json_schema_extra={"advanced": True, "only_when": BY_QUALITY},
    )
    fastp_length: int = Field(
        default=15,
        ge=1,
        le=1000,
        title="Least length after filtering",
        description="A shorter read is left out, and its mate with it.",
        json_schema_extra={"unit": "bases"},
    )
    adapters: bool = Field(
        default=True,
        title="Trim adapters at the ends",
        description="Where the two reads of a short fragment overlap, what lies beyond the fragment is cut off.",
    )
    cut_tail: bool = Field(
        default=False,
        title="Cut tails of low quality",
        description="From the 3' end, as long as the mean quality in a window of four bases is below the limit. Starts are never cut.",
    )
    cut_tail_quality: int = Field(
        default=20,
        ge=1,
        le=36,
        title="Mean quality of a tail",
        description="The limit for cutting tails.",
        json_schema_extra={"only_when": {"cut_tail": [True]}},
    )
    poly_g: bool = Field(
        default=False,
        title="Trim runs of G",
        description="Two-colour sequencers (NextSeq, NovaSeq) read G where there is no signal. fastp finds those out by itself too.",
        json_schema_extra={"advanced": True},
    )


class ReadLengthParameters(Parameters):
    """The form of the length distribution."""

    length_limit: int = Field(
        default=30,
        ge=1,
        le=100_000,
        title="Length asked about",
        description="The share of reads of this length or longer is given.",
        json_schema_extra={"unit": "bases"},
    )


class MappingParameters(Parameters):
    """The form of the mapping."""

    prefer_bwa_mem2: bool = Field(
        default=True,
        title="Use bwa-mem2 if it is there",
        description="It is faster and gives the same alignments. The record says which one was used.",
        json_schema_extra={"advanced": True},
    )


class SiteParameters(Parameters):
    """The form of the site analysis."""

    max_insert: int = Field(
        default=1000,
        ge=30,
        le=100_000,
        title="Longest fragment",
        description="Pairs further apart are left out.",
        json_schema_extra={"unit": "bases"},
    )
    max_clipped: int = Field(
        default=6,
        ge=0,
        le=100,
        title="Most bases clipped at the start",
        description="A read whose first bases do not fit the reference has no sure end. Counted for both reads.",
        json_schema_extra={"unit": "bases"},
    )
    min_mapping_quality: int = Field(
        default=10,
        ge=0,
        le=60,
        title="Least mapping quality of read 1",
        description="Below 10 a read fits another place nearly as well, and its site would be a guess. 0 keeps all.",
    )
    deduplication: Deduplication = Field(
        default=Deduplication.AUTO,
        title="Copies are told by",
        description="Fragments with the same ends are copies by PCR; with UMIs, only if these are the same too. Automatic: UMIs if the reads have them.",
        json_schema_extra={
            "labels": {"auto": "Automatic", "umi": "Ends and UMI", "coordinates": "Ends alone"},
            "widget": "choice",
        },
    )
    correct_umis: bool = Field(
        default=True,
        title="Put right misread UMIs",
        description="A UMI one base off a much more frequent one of the same fragment is taken for it (directional network).",
        json_schema_extra={"advanced": True, "only_when": {"deduplication": ["auto", "umi"]}},
    )
    merge_distance: int = Field(
        default=5,
        ge=0,
        le=10,
        title="Merge sites within",
        description="Weaker sites this near to a stronger one on the same strand are counted with it.",
        json_schema_extra={"unit": "bases"},
    )
    min_fragments: int = Field(
        default=1,
        ge=0,
        le=1_000_000,
        title="More fragments than",
        description="A site is kept if it has more unique fragments than this, or more reads than the next number.",
    )
    min_reads: int = Field(
        default=5,
        ge=0,
        le=1_000_000_000,
        title="Or more reads than",
        description="A site is kept if it has more reads than this, even of a single fragment.",
    )
    promoter_upstream: int = Field(
        default=5000,
        ge=0,
        le=1_000_000,
        title="Promoter, before the start",
        description="How far the promoter reaches upstream of a gene's start.",
        json_schema_extra={"advanced": True, "unit": "bases"},
    )
    promoter_downstream: int = Field(
        default=2000,
        ge=0,
        le=1_000_000,
        title="Promoter, after the start",
        description="How far the promoter reaches downstream of a gene's start.",
        json_schema_extra={"advanced": True, "unit": "bases"},
    )
    enhancer_upstream: int = Field(
        default=50_000,
        ge=0,
        le=10_000_000,
        title="Enhancer",
        description="How far upstream of a gene's start a site still counts as in its enhancer.",
        json_schema_extra={"advanced": True, "unit": "bases"},
    )
    genome_build: str = Field(
        default="",
        max_length=60,
        pattern=BUILD,
        title="Genome build of the reference",
        description="Its name, such as GRCh38 or mm39. Needed with spike-ins; a registered reference tells its own.",
    )
    spike_in_build: str = Field(
        default="",
        max_length=60,
        pattern=BUILD,
        title="Genome build of the spike-ins",
        description="The build the positions of the spike-ins were taken from; registered ones tell their own. On another one they would be other places.",
    )
