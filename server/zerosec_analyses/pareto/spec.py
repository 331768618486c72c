"""The declaration of the Pareto choice: its parameters, its input and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.declaration import (
    Analysis,
    Citation,
    Example,
    FromStep,
    InputSlot,
    Parameters,
    SlotKind,
    Step,
)
from zerosec_shared.texts import ours

__all__ = [
    "ANALYSIS",
    "CITATIONS",
    "TABLES",
    "Duplicates",
    "FlaggedRows",
    "ObjectiveParameters",
    "ParetoParameters",
]

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet")


class Duplicates(StrEnum):
    """What is done with rows that are equal in every objective."""

    KEEP = "keep"
    FIRST = "first"


class FlaggedRows(StrEnum):
    """What is done with rows the model had no experience of."""

    KEEP = "keep"
    LEAVE_OUT = "leave_out"


class ObjectiveParameters(Parameters):
    """What is wanted, and how compromises are ranked: the same for a table and for a search."""

    minimise: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        title="Minimise",
        description="Columns of which less is better. Of a prediction, the name of the target is enough.",
        json_schema_extra={"widget": "columns", "slot": "choices", "column_prefix": "predicted "},
    )
    maximise: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        title="Maximise",
        description="Columns of which more is better.",
        json_schema_extra={"widget": "columns", "slot": "choices", "column_prefix": "predicted "},
    )
    wanted: dict[str, float] = Field(
        default_factory=dict,
        max_length=8,
        title="Bring to a value",
        description="Columns that are best at a value of their own: what counts is the distance to it, on either side.",
        json_schema_extra={
            "key_label": "Column",
            "value_label": "Wanted value",
            "key_widget": "column",
            "slot": "choices",
        },
    )
    limits: str = Field(
        default="",
        max_length=20_000,
        title="Hard limits",
        description=(
            "What a row must fulfil to be eligible at all, one condition a line or separated by semicolons: Ra <= 0.8; 10 < time < 60. "
            "Names with spaces or brackets stand between backticks."
        ),
        json_schema_extra={"widget": "text"},
    )
    weights: dict[str, float] = Field(
        default_factory=dict,
        max_length=8,
        title="Weights",
        description="How much an objective counts in the rankings; 1 where nothing is said. The Pareto set does not depend on them.",
        json_schema_extra={
            "key_label": "Column",
            "value_label": "Weight",
            "key_widget": "column",
            "slot": "choices",
            "advanced": True,
        },
    )
    desirability: dict[str, str] = Field(
        default_factory=dict,
        max_length=8,
        title="Desirability ranges",
        description=(
            "Of each objective, from which value to which it goes from worthless to perfect, such as 10..25. Where nothing is said: "
            "from the lowest to the highest of all eligible rows."
        ),
        json_schema_extra={
            "key_label": "Column",
            "value_label": "Range",
            "key_widget": "column",
            "slot": "choices",
            "advanced": True,
        },
    )
    reference: dict[str, float] = Field(
        default_factory=dict,
        max_length=8,
        title="Reference point",
        description=(
            "The corner from which the hypervolume is measured. Where nothing is said: a tenth of the front's range beyond its worst value. "
            "Give it yourself to compare several runs; of an objective with a wanted value it is the distance to it."
        ),
        json_schema_extra={
            "key_label": "Column",
            "value_label": "Value",
            "key_widget": "column",
            "slot": "choices",
            "advanced": True,
        },
    )
    seed: int = Field(
        default=1,
        ge=0,
        le=2**31,
        title="Seed",
        description="Decides what is drawn at random. The same table, parameters and seed give the same numbers.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class ParetoParameters(ObjectiveParameters):
    """The form of the Pareto choice."""

    duplicates: Duplicates = Field(
        default=Duplicates.KEEP,
        title="Rows equal in every objective",
        description="None of them is better than another: all of them are in the set, or the first of each stands for them.",
        json_schema_extra={
            "labels": {"keep": "Keep all", "first": "Keep the first"},
            "widget": "choice",
            "advanced": True,
        },
    )
    flagged: FlaggedRows = Field(
        default=FlaggedRows.KEEP,
        title="Rows flagged by the prediction",
        description="Rows with a flag (out of range, far from all data, a level never seen), and those a classification does not decide on, can be left out of the choice.",
        json_schema_extra={
            "labels": {"keep": "Keep, flagged", "leave_out": "Leave out"},
            "widget": "choice",
            "advanced": True,
        },
    )
    spread: dict[str, float] = Field(
        default_factory=dict,
        max_length=8,
        title="Standard deviations",
        description=(
            "How uncertain each objective is, where the table has no prediction intervals. From both it is worked out how often a row "
            "stays in the Pareto set."
        ),
        json_schema_extra={
            "key_label": "Column",
            "value_label": "Standard deviation",
            "key_widget": "column",
            "slot": "choices",
            "advanced": True,
        },
    )
    level: float = Field(
        default=0.9,
        ge=0.5,
        le=0.999,
        title="Coverage of the intervals",
        description="How often the prediction intervals of the table are meant to hold (columns “… from” and “… to”).",
        json_schema_extra={"advanced": True},
    )
    draws: int = Field(
        default=1000,
        ge=0,
        le=100_000,
        title="Random draws",
        description="From how many draws of all predictions the probability of being in the set is found. 0: it is not worked out.",
        json_schema_extra={"advanced": True},
    )


CITATIONS = (
    Citation(
        text="Kung, H. T., Luccio, F., Preparata, F. P. (1975). On finding the maxima of a set of vectors. J. ACM 22, 469–476."
    ),
    Citation(
        text="Guerreiro, A. P., Fonseca, C. M., Paquete, L. (2021). The hypervolume indicator: computational problems and algorithms. ACM Comput. Surv. 54, 119."
    ),
    Citation(
        text="Das, I. (1999). On characterizing the “knee” of the Pareto curve based on normal-boundary intersection. Struct. Optim. 18, 107–115."
    ),
    Citation(text="Hwang, C.-L., Yoon, K. (1981). Multiple Attribute Decision Making. Springer."),
    Citation(
        text="Derringer, G., Suich, R. (1980). Simultaneous optimization of several response variables. J. Qual. Technol. 12, 214–219."
    ),
)

CHOOSE = Step(
    id="choose",
    title="Choose compromises",
    help="Finds the rows that no other beats in two to eight objectives, ranks them, and says how sure each belongs there.",
    method="zerosec_analyses.pareto.method:run",
    preview="zerosec_analyses.pareto.preview:preview",
    warm=(
        "numpy",
        "moocore",
        "matplotlib.figure",
        "matplotlib.font_manager",
        "matplotlib.backends.backend_agg",
        "matplotlib.backends.backend_svg",
        "xlsxwriter",
        "jinja2",
    ),
    parameters=ParetoParameters,
    inputs=(
        InputSlot(
            name="choices",
            title="Table to choose from",
            kind=SlotKind.TABLE,
            help="One row a possibility: the predictions of a model, or any table with a column for each objective.",
            extensions=TABLES,
            primary=True,
        ),
    ),
)


def pareto_step(choices: FromStep) -> Step:
    """The choice as a later step of an analysis that leaves a table of predictions: its id is `pareto`."""
    return CHOOSE.offered(ours("Choose the best compromises"), {"choices": choices}, step_id="pareto")


ANALYSIS = Analysis(
    id="pareto",
    version="1.0.0",
    title="Pareto choice",
    summary=(
        "The best compromises of a table with two to eight objectives: every row that no other beats, ranked, with hard limits, and how "
        "sure it is that each belongs there."
    ),
    group="Models",
    steps=(CHOOSE,),
    citations=CITATIONS,
    examples=(
        Example(
            title="Penguins: light, with a long bill and long flippers",
            inputs={"choices": ("penguins.csv",)},
            parameters={
                "minimise": ["body_mass_g"],
                "maximise": ["bill_length_mm", "flipper_length_mm"],
            },
        ),
    ),
)
