"""The declaration of the formula fit: its parameters, its input and where its method is. Cheap to import."""

from pydantic import Field

from zerosec_analyses.declaration import Analysis, Citation, Example, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "FormulaParameters"]


class FormulaParameters(Parameters):
    """The form of the formula fit."""

    target: str = Field(
        min_length=1,
        max_length=200,
        title="Target",
        description="The numeric column that the formula describes.",
        json_schema_extra={"widget": "column", "slot": "data"},
    )
    formula: str = Field(
        min_length=1,
        max_length=5000,
        title="Formula",
        description=(
            "For example b1 * (1 - exp(-b2 * x)). Names of columns are their values; every other name is a constant to be found. There are "
            "+ - * / ^ and abs, sqrt, log, exp, sin, cos, atan. Put names with spaces or signs between backticks."
        ),
        json_schema_extra={"widget": "formula", "slot": "data", "constants": True},
    )
    start: dict[str, float] = Field(
        default_factory=dict,
        max_length=60,
        title="Start values",
        description="Roughly where each constant lies. Those left out are searched for from many starts.",
        json_schema_extra={"key_label": "Constant", "value_label": "Start value"},
    )
    starts: int = Field(
        default=60,
        ge=1,
        le=2000,
        title="Random starts",
        description="Tried where start values are missing.",
        json_schema_extra={"advanced": True},
    )
    confidence_level: float = Field(
        default=0.95,
        ge=0.5,
        le=0.9999,
        title="Confidence level",
        description="Of the intervals of the constants.",
        json_schema_extra={"advanced": True},
    )
    target_unit: str = Field(
        default="",
        max_length=40,
        title="Unit of the target",
        description="Shown beside predictions and errors, for example µm.",
        json_schema_extra={"advanced": True},
    )
    seed: int = Field(
        default=1,
        ge=0,
        le=2**31,
        title="Seed",
        description="Decides the random starts and the parts of the cross-validation. The same data, parameters and seed give the same numbers.",
        json_schema_extra={"advanced": True},
    )


ANALYSIS = Analysis(
    id="formula-fit",
    version="1.0.0",
    title="Formula fit",
    summary=(
        "Finds the constants of a formula you type by nonlinear least squares, with standard errors and intervals, and says how well "
        "it predicts rows it has not seen."
    ),
    group="Models",
    steps=(
        Step(
            id="fit",
            title="Fit and judge",
            method="zerosec_analyses.formula_fit.method:run",
            preview="zerosec_analyses.formula_fit.preview:preview",
            warm=(
                "numpy",
                "scipy.optimize",
                "scipy.stats",
                "matplotlib.figure",
                "matplotlib.font_manager",
                "matplotlib.backends.backend_agg",
                "matplotlib.backends.backend_svg",
                "xlsxwriter",
                "jinja2",
            ),
            parameters=FormulaParameters,
            inputs=(
                InputSlot(
                    name="data",
                    title="Data table",
                    kind=SlotKind.TABLE,
                    help="One row an observation: the target, and the columns that stand in the formula.",
                    extensions=(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet"),
                ),
            ),
        ),
    ),
    citations=(
        Citation(text="Bates, D. M., Watts, D. G. (1988). Nonlinear Regression Analysis and Its Applications. Wiley."),
        Citation(
            text="Moré, J. J. (1978). The Levenberg–Marquardt algorithm: implementation and theory. Lecture Notes in Mathematics 630, 105–116."
        ),
        Citation(
            text="Golub, G. H., Pereyra, V. (1973). The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate. SIAM J. Numer. Anal. 10, 413–432."
        ),
    ),
    examples=(
        Example(
            title="Body mass of penguins as a power of their flipper length",
            inputs={"data": ("penguins.csv",)},
            parameters={
                "target": "body_mass_g",
                "formula": "a * (flipper_length_mm / 200) ^ k",
                "target_unit": "g",
            },
        ),
    ),
)  # fmt: skip
