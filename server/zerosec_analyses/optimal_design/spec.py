"""The declaration of the optimal design analysis: its parameters, its inputs and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.declaration import Analysis, Citation, Example, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "MODEL_KEYWORDS", "Criterion", "DesignParameters", "Effort"]

MODEL_KEYWORDS = ("main", "2fi", "quadratic", "mixture-linear", "mixture-quadratic", "mixture-cubic")
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet")


class Criterion(StrEnum):
    """What makes a design the best."""

    D = "D"
    I = "I"  # noqa: E741 - the field's name
    A = "A"
    BAYESIAN_D = "bayesian-D"
    MAXIMIN = "maximin"


class Effort(StrEnum):
    """How long is searched, in operations and not in seconds, so that the result does not depend on the machine."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


class DesignParameters(Parameters):
    """The form of the optimal design."""

    runs: int = Field(
        default=15,
        ge=1,
        le=2000,
        title="Runs",
        description="How many runs to make. Runs already done are not counted here.",
    )
    criterion: Criterion = Field(
        default=Criterion.D,
        title="Optimality criterion",
        description=(
            "D: coefficients as precise as possible. I: predictions as precise as possible on average over the candidates. A: the mean "
            "variance of the coefficients. Bayesian D: as D, guarding against possible further terms. Maximin: runs as far from each other "
            "as possible, without a model."
        ),
        json_schema_extra={
            "labels": {
                "D": "D-optimal",
                "I": "I-optimal",
                "A": "A-optimal",
                "bayesian-D": "Bayesian D-optimal",
                "maximin": "Space-filling (maximin)",
            },
            "widget": "choice",
        },
    )
    model: str = Field(
        default="main",
        min_length=1,
        max_length=100_000,
        title="Model",
        description=(
            "main: main effects. 2fi: with two-factor interactions. quadratic: with squares too. mixture-linear, mixture-quadratic, "
            "mixture-cubic: Scheffé's models of components. Or terms, for example a + b + a:b + a^2; put names with spaces or signs between "
            "backticks."
        ),
        json_schema_extra={"widget": "formula", "slot": "candidates", "keywords": [*MODEL_KEYWORDS]},
    )
    constraints: str = Field(
        default="",
        max_length=10_000,
        title="Conditions",
        description=(
            "What must be true for a run that can be made, one condition a line or separated by semicolons, for example "
            "feed * 2 <= 100; not (brush == 'A13' and diameter > 15)."
        ),
        json_schema_extra={"advanced": True, "widget": "text"},
    )
    columns: tuple[str, ...] = Field(
        default=(),
        max_length=200,
        title="Factor columns",
        description="The columns of the list that are factors. Empty: all, or those that the terms of the model name.",
        json_schema_extra={"widget": "columns", "slot": "candidates", "advanced": True},
    )
    categorical: tuple[str, ...] = Field(
        default=(),
        max_length=200,
        title="Number columns that are categories",
        description="Columns of codes, such as machine 1, 2, 3, to be treated as categories. Text columns always are.",
        json_schema_extra={"widget": "columns", "slot": "candidates", "advanced": True},
    )
    factors: dict[str, str] = Field(
        default_factory=dict,
        max_length=100,
        title="Factors without a list",
        description=(
            "Instead of a list: each factor with its range, such as -1..1; its levels, such as 10|20|50; or its categories, such as "
            "steel|brass. A range with a step is 10..50 step 5."
        ),
        json_schema_extra={"advanced": True},
    )
    block_sizes: tuple[int, ...] = Field(
        default=(),
        max_length=200,
        title="Block sizes",
        description="The runs of each block (a day, a batch), for example 8, 8, 8. They add up to the runs. Empty: no blocks.",
        json_schema_extra={"advanced": True},
    )
    centre_points: int = Field(
        default=0,
        ge=0,
        le=200,
        title="Centre points",
        description="How many of the runs are made in the middle of the numeric factors.",
        json_schema_extra={"advanced": True},
    )
    replicates: int = Field(
        default=0,
        ge=0,
        le=1000,
        title="Replicates",
        description="How many of the runs repeat another one, to measure the error of the experiment itself.",
        json_schema_extra={"advanced": True},
    )
    repeats: bool = Field(
        default=True,
        title="Allow repeated runs",
        description="Whether the search may choose a run more than once. Replicates asked for are repeated in any case.",
        json_schema_extra={"advanced": True},
    )
    potential: str = Field(
        default="quadratic",
        max_length=100_000,
        title="Possible further terms",
        description="For the Bayesian criterion, and for the alias table: the model with all terms that may matter too.",
        json_schema_extra={
            "widget": "formula",
            "slot": "candidates",
            "advanced": True,
            "keywords": [*MODEL_KEYWORDS],
        },
    )
    prior_sd: float = Field(
        default=1.0,
        gt=0,
        le=1000,
        title="Size of possible terms",
        description="Bayesian criterion: the standard deviation expected of further terms, in units of the noise.",
        json_schema_extra={"advanced": True, "only_when": {"criterion": ["bayesian-D"]}},
    )
    effect: float = Field(
        default=2.0,
        gt=0,
        title="Effect to detect",
        description="The change of the response from a factor's lowest to its highest value that the power is worked out for.",
        json_schema_extra={"advanced": True},
    )
    noise: float = Field(
        default=1.0,
        gt=0,
        title="Noise",
        description="The standard deviation of the response between repeated runs, in the response's unit.",
        json_schema_extra={"advanced": True},
    )
    significance: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        title="Significance level",
        description="Of the tests that the power is worked out for.",
        json_schema_extra={"advanced": True},
    )
    effort: Effort = Field(
        default=Effort.NORMAL,
        title="Search effort",
        description="How much is searched. The search ends earlier where the best design is found again and again.",
        json_schema_extra={
            "labels": {"quick": "Quick", "normal": "Normal", "thorough": "Thorough"},
            "widget": "choice",
            "advanced": True,
        },
    )
    time_limit_s: float | None = Field(
        default=None,
        gt=0,
        le=86_400,
        title="Time limit",
        description="Stop after this time with the best design so far. The result then depends on the speed of the machine.",
        json_schema_extra={"unit": "s", "advanced": True},
    )
    seed: int = Field(
        default=1,
        ge=0,
        le=2**53,
        title="Seed",
        description="Decides the random starts and the order of the runs. The same input, parameters and seed give the same design.",
        json_schema_extra={"advanced": True},
    )

    @property
    def uses_model(self) -> bool:
        """Whether the criterion is about a model."""
        return self.criterion is not Criterion.MAXIMIN

    @property
    def is_mixture(self) -> bool:
        """Whether the model is one of a mixture: Scheffé's, or terms without an intercept."""
        text = "".join(self.model.split()).lower().translate(str.maketrans("－＋", "-+"))
        return text.startswith(("mixture-", "0+", "-1+")) or text.endswith(("-1", "+0"))


ANALYSIS = Analysis(
    id="optimal-design",
    version="1.0.0",
    title="Optimal design",
    summary=(
        "Chooses few runs that teach much: D-, I-, A-optimal, Bayesian D-optimal or space-filling designs from a list of possible runs or "
        "from the factors' ranges, with what they can and cannot tell."
    ),
    group="Experiments",
    steps=(
        Step(
            id="design",
            title="Find a design",
            method="zerosec_analyses.optimal_design.method:run",
            preview="zerosec_analyses.optimal_design.preview:preview",
            warm=("numpy", "scipy.stats", "numba", "jinja2", "matplotlib.figure"),
            finishable=True,
            parameters=DesignParameters,
            inputs=(
                InputSlot(
                    name="candidates",
                    title="Possible runs",
                    kind=SlotKind.TABLE,
                    primary=True,
                    help="One row a run that can be made, one column a factor. Not needed when the factors are described instead.",
                    required=False,
                    extensions=TABLES,
                ),
                InputSlot(
                    name="parameters",
                    title="Parameter sheet",
                    kind=SlotKind.TABLE,
                    help=(
                        "Instead of a list: one column a factor, and the rows min, max and 間隔 (step), which is a step or a comma list of "
                        "levels. Without a step a factor may take any value of its range."
                    ),
                    required=False,
                    extensions=TABLES,
                ),
                InputSlot(
                    name="done",
                    title="Runs already done",
                    kind=SlotKind.TABLE,
                    help="A table with the same factor columns: the new runs are chosen to complete these.",
                    required=False,
                    extensions=TABLES,
                ),
            ),
        ),
    ),
    examples=(
        Example(
            title="Deburring: seven factors from a parameter sheet",
            inputs={"parameters": ("deburring_parameters.xlsx",)},
            parameters={"runs": 24, "model": "main"},
        ),
        Example(
            title="A mixture of three juices, made up for teaching",
            inputs={},
            parameters={
                "runs": 10,
                "criterion": "I",
                "model": "mixture-quadratic",
                "factors": {"apple": "0.2..0.7", "pear": "0.1..0.5", "carrot": "0.1..0.4"},
            },
        ),
    ),
    citations=(
        Citation(
            text="Snee, R. D., Marquardt, D. W. (1974). Extreme vertices designs for linear mixture models. Technometrics 16, 399–408."
        ),
        Citation(text="Fedorov, V. V. (1972). Theory of Optimal Experiments. Academic Press."),
        Citation(
            text="Cook, R. D., Nachtsheim, C. J. (1980). A comparison of algorithms for constructing exact D-optimal designs. Technometrics 22, 315–324."
        ),
        Citation(
            text="Meyer, R. K., Nachtsheim, C. J. (1995). The coordinate-exchange algorithm for constructing exact optimal experimental designs. Technometrics 37, 60–69."
        ),
        Citation(
            text="DuMouchel, W., Jones, B. (1994). A simple Bayesian modification of D-optimal designs to reduce dependence on an assumed model. Technometrics 36, 37–47."
        ),
        Citation(
            text="Morris, M. D., Mitchell, T. J. (1995). Exploratory designs for computational experiments. J. Stat. Plan. Inference 43, 381–402."
        ),
        Citation(
            text="Zahran, A., Anderson-Cook, C. M., Myers, R. H. (2003). Fraction of design space to assess prediction capability of response surface designs. J. Qual. Technol. 35, 377–386."
        ),
        Citation(
            text="Lourenço, H. R., Martin, O. C., Stützle, T. (2003). Iterated local search. In: Handbook of Metaheuristics. Kluwer, 320–353."
        ),
    ),
)
