"""The declaration of the linear analysis: its parameters, its input and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field, JsonValue, field_validator

from zerosec_analyses.declaration import Analysis, Citation, Example, InputSlot, Parameters, SlotKind, Step

__all__ = [
    "ANALYSIS",
    "AliasPolicy",
    "AnovaType",
    "BackTransform",
    "LinearParameters",
    "Method",
    "MissingPolicy",
    "StandardErrors",
    "TargetTransform",
]

LEAST_SQUARES: dict[str, JsonValue] = {"method": ["ols"]}
"""What belongs to standard errors and tests, which shrunk coefficients do not have."""
# Fixed, so that a repeated analysis gives the same numbers without anybody choosing one.
DEFAULT_SEED = 1


class Method(StrEnum):
    """How the coefficients are estimated."""

    OLS = "ols"
    RIDGE = "ridge"
    LASSO = "lasso"
    ELASTIC_NET = "elastic_net"


class TargetTransform(StrEnum):
    """What is done to the target before the fit, and undone in predictions."""

    NONE = "none"
    LOG = "log"
    BOX_COX = "box_cox"
    YEO_JOHNSON = "yeo_johnson"


class BackTransform(StrEnum):
    """What a prediction on the target's own scale means when the target was transformed."""

    MEDIAN = "median"
    MEAN = "mean"


class MissingPolicy(StrEnum):
    """What is done about missing values. Rows without a target are never filled in."""

    REFUSE = "refuse"
    DROP = "drop"
    IMPUTE_MEAN = "impute_mean"
    IMPUTE_MEDIAN = "impute_median"


class AliasPolicy(StrEnum):
    """What is done about a term that is an exact combination of others."""

    REFUSE = "refuse"
    DROP_LATER = "drop_later"


class StandardErrors(StrEnum):
    """What the standard errors of least squares assume of the spread of the residuals."""

    CLASSICAL = "classical"
    HC3 = "hc3"


class AnovaType(StrEnum):
    """Which sums of squares the analysis of variance shows."""

    II = "II"
    III = "III"


class LinearParameters(Parameters):
    """The form of the linear analysis."""

    target: str = Field(
        min_length=1,
        max_length=200,
        title="Target",
        description="The numeric column to explain and predict.",
        json_schema_extra={"widget": "column", "slot": "data"},
    )
    terms: str = Field(
        default="",
        max_length=400_000,
        title="Terms",
        description=(
            "For example x1 + x2 + x1:x2 + x1^2. a*b is a + b + a:b, . is every other column, - takes a term out. "
            "Put names with spaces or signs between backticks. Empty: every other column as it is."
        ),
        json_schema_extra={"widget": "formula", "slot": "data"},
    )
    intercept: bool = Field(
        default=True,
        title="Intercept",
        description="Without it the fit goes through zero.",
    )
    method: Method = Field(
        default=Method.OLS,
        title="Method",
        description=(
            "Ordinary least squares gives standard errors and tests. Ridge, lasso and elastic net shrink coefficients; "
            "how much is chosen by cross-validation inside each training part."
        ),
        json_schema_extra={
            "labels": {
                "ols": "Least squares",
                "ridge": "Ridge",
                "lasso": "Lasso",
                "elastic_net": "Elastic net",
            },
            "widget": "choice",
        },
    )
    target_transform: TargetTransform = Field(
        default=TargetTransform.NONE,
        title="Target transform",
        description=(
            "Log and Box–Cox need positive values; Yeo–Johnson takes any. Their parameter is estimated inside each training part."
        ),
        json_schema_extra={
            "labels": {"none": "None", "log": "Log", "box_cox": "Box–Cox", "yeo_johnson": "Yeo–Johnson"},
            "widget": "choice",
        },
    )
    back_transform: BackTransform = Field(
        default=BackTransform.MEDIAN,
        title="Prediction of a transformed target",
        description=(
            "The median is the plain inverse of the fitted value. The mean is corrected for the transform by smearing "
            "(Duan 1983)."
        ),
        json_schema_extra={
            "labels": {"median": "Median", "mean": "Mean"},
            "widget": "choice",
            "advanced": True,
            "only_when": {"target_transform": ["log", "box_cox", "yeo_johnson"]},
        },
    )
    missing: MissingPolicy = Field(
        default=MissingPolicy.DROP,
        title="Missing values",
        description=(
            "Drop leaves out rows with a missing value in a used column. Imputing fills numbers with the mean or median "
            "and categories with the most frequent level, worked out inside each training part. All of it is counted and shown."
        ),
        json_schema_extra={
            "labels": {
                "refuse": "Refuse",
                "drop": "Leave the rows out",
                "impute_mean": "Fill in the mean",
                "impute_median": "Fill in the median",
            },
            "widget": "choice",
        },
    )
    categorical: tuple[str, ...] = Field(
        default=(),
        max_length=1000,
        title="Number columns that are categories",
        description="Columns of codes, such as machine 1, 2, 3, to be treated as categories. Text columns always are.",
        json_schema_extra={"widget": "columns", "slot": "data", "advanced": True},
    )
    reference_levels: dict[str, str] = Field(
        default_factory=dict,
        max_length=1000,
        title="Reference levels",
        description="For a categorical column, the level the others are compared with. Default: the first in sorted order.",
        json_schema_extra={
            "advanced": True,
            "key_widget": "column",
            "key_label": "Column",
            "value_label": "Reference level",
            "value_widget": "level",
            "slot": "data",
        },
    )
    confidence_level: float = Field(
        default=0.95,
        ge=0.5,
        le=0.9999,
        title="Confidence level",
        description="Of the confidence intervals of the coefficients.",
        json_schema_extra={"advanced": True, "only_when": LEAST_SQUARES},
    )
    standard_errors: StandardErrors = Field(
        default=StandardErrors.CLASSICAL,
        title="Standard errors",
        description=(
            "Classical ones assume the same spread of the residuals everywhere. HC3 (robust) ones hold without that; "
            "t, p-values and intervals of the coefficients follow them."
        ),
        json_schema_extra={
            "labels": {"classical": "Classical", "hc3": "Robust (HC3)"},
            "widget": "choice",
            "advanced": True,
            "only_when": LEAST_SQUARES,
        },
    )
    anova_type: AnovaType = Field(
        default=AnovaType.II,
        title="Sums of squares",
        description="Type II respects that an interaction contains its main effects; Type III adjusts each term for all others and averages over the levels of categories.",
        json_schema_extra={
            "labels": {"II": "Type II", "III": "Type III"},
            "widget": "choice",
            "advanced": True,
            "only_when": LEAST_SQUARES,
        },
    )
    cv_folds: int = Field(
        default=0,
        ge=0,
        le=1000,
        title="Folds",
        description="Parts of the cross-validation. 0: leave one out below 30 rows, else 10, or 5 from 10,000 rows on.",
        json_schema_extra={"advanced": True, "zero_label": "by the size of the table"},
    )
    cv_repeats: int = Field(
        default=0,
        ge=0,
        le=100,
        title="Repeats",
        description="Repeats of the cross-validation with new parts. 0: 10 below 1,000 rows, 3 below 10,000, else 1 (lasso and elastic net 2, 1, 1).",
        json_schema_extra={"advanced": True, "zero_label": "by the size of the table"},
    )
    group_column: str | None = Field(
        default=None,
        max_length=200,
        title="Group column",
        description=(
            "Rows of one group (a batch, a patient, a plate) stay together in the cross-validation, so that the score is that of a new group."
        ),
        json_schema_extra={"widget": "column", "slot": "data", "advanced": True},
    )
    alias_policy: AliasPolicy = Field(
        default=AliasPolicy.REFUSE,
        title="Terms that are combinations of others",
        description="Refuse says which; leaving out the later one goes on and says so.",
        json_schema_extra={
            "labels": {"refuse": "Refuse", "drop_later": "Leave out the later one"},
            "widget": "choice",
            "advanced": True,
        },
    )
    target_unit: str = Field(
        default="",
        max_length=40,
        title="Unit of the target",
        description="Shown beside predictions and errors, for example µm.",
        json_schema_extra={"advanced": True},
    )
    seed: int = Field(
        default=DEFAULT_SEED,
        ge=0,
        le=2**53,
        title="Seed",
        description=(
            "Decides how rows are shared out in the cross-validation. The same data, parameters and seed give the same numbers."
        ),
        json_schema_extra={"advanced": True},
    )

    @field_validator("cv_folds")
    @classmethod
    def _no_single_fold(cls, value: int) -> int:
        if value == 1:
            raise ValueError("one fold leaves nothing to train on: choose 0 (automatic) or at least 2")
        return value

    @property
    def headline_scale(self) -> str:
        """Words for what a prediction is."""
        return "mean" if self.back_transform is BackTransform.MEAN else "median"


ANALYSIS = Analysis(
    id="linear",
    version="1.1.0",
    title="Linear model",
    summary=(
        "Explains and predicts one number from other columns: least squares, ridge, lasso or elastic net, with interactions, "
        "powers and categories. Leads with cross-validated accuracy in the target's own units."
    ),
    group="Models",
    steps=(
        Step(
            id="fit",
            title="Fit and judge",
            method="zerosec_analyses.linear.method:run",
            preview="zerosec_analyses.linear.preview:preview",
            warm=(
                "numpy",
                "scipy.linalg",
                "scipy.special",
                "scipy.stats",
                "sklearn.linear_model",
                "matplotlib.figure",
                "matplotlib.font_manager",
                "matplotlib.backends.backend_agg",
                "matplotlib.backends.backend_svg",
                "xlsxwriter",
                "jinja2",
            ),
            parameters=LinearParameters,
            inputs=(
                InputSlot(
                    name="data",
                    title="Data table",
                    kind=SlotKind.TABLE,
                    help="One row an observation: a numeric target column, and columns that may explain it.",
                    extensions=(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet"),
                ),
            ),
        ),
    ),
    citations=(
        Citation(
            text="Goodnight, J. H. (1979). A tutorial on the SWEEP operator. The American Statistician 33, 149–158."
        ),
        Citation(
            text="Demmel, J., Grigori, L., Hoemmen, M., Langou, J. (2012). Communication-optimal parallel and sequential QR and LU factorizations. SIAM J. Sci. Comput. 34, A206–A239."
        ),
        Citation(
            text="MacKinnon, J. G., White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. J. Econometrics 29, 305–325."
        ),
        Citation(
            text="Box, G. E. P., Cox, D. R. (1964). An analysis of transformations. J. R. Stat. Soc. B 26, 211–252."
        ),
        Citation(
            text="Yeo, I.-K., Johnson, R. A. (2000). A new family of power transformations to improve normality or symmetry. Biometrika 87, 954–959."
        ),
        Citation(
            text="Duan, N. (1983). Smearing estimate: a nonparametric retransformation method. JASA 78, 605–610."
        ),
        Citation(text="Fox, J., Monette, G. (1992). Generalized collinearity diagnostics. JASA 87, 178–183."),
        Citation(
            text="Koenker, R. (1981). A note on studentizing a test for heteroscedasticity. J. Econometrics 17, 107–112."
        ),
        Citation(
            text="Shapiro, S. S., Wilk, M. B. (1965). An analysis of variance test for normality. Biometrika 52, 591–611."
        ),
        Citation(
            text="Hoerl, A. E., Kennard, R. W. (1970). Ridge regression: biased estimation for nonorthogonal problems. Technometrics 12, 55–67."
        ),
        Citation(
            text="Tibshirani, R. (1996). Regression shrinkage and selection via the lasso. J. R. Stat. Soc. B 58, 267–288."
        ),
        Citation(
            text="Zou, H., Hastie, T. (2005). Regularization and variable selection via the elastic net. J. R. Stat. Soc. B 67, 301–320."
        ),
        Citation(text="Belsley, D. A., Kuh, E., Welsch, R. E. (1980). Regression Diagnostics. Wiley."),
    ),
    examples=(
        Example(
            title="Body mass of penguins by species, flipper length and sex",
            inputs={"data": ("penguins.csv",)},
            parameters={
                "target": "body_mass_g",
                "terms": "species*flipper_length_mm + sex",
                "target_unit": "g",
            },
        ),
        Example(
            title="Body mass of penguins, from a table in Japanese",
            inputs={"data": ("penguins_ja.csv",)},
            parameters={
                "target": "体重(g)",
                "terms": "種*`翼の長さ(mm)` + 性別",
                "target_unit": "g",
            },
        ),
    ),
)
