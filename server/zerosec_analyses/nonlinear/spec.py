"""The declaration of the nonlinear analysis: its parameters, its input and where its method is. Cheap to import."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue, field_validator

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
from zerosec_analyses.modelling.form_fields import (
    BUDGET,
    CATEGORICAL,
    CORRELATION_THRESHOLD,
    EXPLAIN_ROWS,
    FEATURES,
    GROUPS,
    INNER_FOLDS,
    KEEP_REPEATS_TOGETHER,
    OUTER_FOLDS,
    REPEATS,
    SEED,
    SHAP_ROWS,
    STACK,
    TIME_COLUMN,
    TOP_FEATURES,
    TRIALS,
    WARM,
    more_than_one_fold,
)
from zerosec_analyses.pareto.spec import pareto_step
from zerosec_analyses.pareto_search.spec import search_step
from zerosec_analyses.prediction.spec import prediction_step

__all__ = ["ANALYSIS", "ModelKind", "NonlinearParameters", "TransformChoice"]


class ModelKind(StrEnum):
    """The candidates, by the names of `zerosec_analyses.modelling.candidate.Method`."""

    LINEAR = "linear"
    ELASTIC_NET = "elastic_net"
    RANDOM_FOREST = "random_forest"
    EXTRA_TREES = "extra_trees"
    GRADIENT_BOOSTING = "gradient_boosting"
    LIGHTGBM = "lightgbm"
    XGBOOST = "xgboost"
    CATBOOST = "catboost"
    SUPPORT_VECTORS = "support_vectors"
    GAUSSIAN_PROCESS = "gaussian_process"


class TransformChoice(StrEnum):
    """What is done to a target before the fit, and undone in predictions."""

    AUTO = "auto"
    NONE = "none"
    LOG = "log"
    BOX_COX = "box_cox"
    YEO_JOHNSON = "yeo_johnson"


MODEL_LABELS: dict[str, JsonValue] = {
    "linear": "Linear (baseline)",
    "elastic_net": "Elastic net",
    "random_forest": "Random forest",
    "extra_trees": "Extra trees",
    "gradient_boosting": "Gradient boosting",
    "lightgbm": "LightGBM",
    "xgboost": "XGBoost",
    "catboost": "CatBoost",
    "support_vectors": "Support vectors",
    "gaussian_process": "Gaussian process",
}


class NonlinearParameters(Parameters):
    """The form of the nonlinear analysis."""

    target: tuple[str, ...] = Field(
        min_length=1,
        max_length=20,
        title="Targets",
        description="The numeric columns to predict. Each gets a model of its own.",
        json_schema_extra={"widget": "columns", "slot": "data"},
    )
    features: tuple[str, ...] = FEATURES
    groups: str | None = GROUPS
    models: tuple[ModelKind, ...] = Field(
        default=(),
        max_length=10,
        title="Models",
        description=(
            "The methods to try. Empty: a varied set that suits the size of the table; each is searched, judged and weighed "
            "in the stack."
        ),
        json_schema_extra={"labels": MODEL_LABELS},
    )
    stack: bool = STACK
    target_transform: TransformChoice = Field(
        default=TransformChoice.AUTO,
        title="Target transform",
        description=(
            "Automatic tries the target as it is and, where it is skewed, its logarithm (positive targets) or Yeo–Johnson; chosen "
            "inside each training part. Scores are in the target's own units always."
        ),
        json_schema_extra={
            "labels": {
                "auto": "Automatic",
                "none": "None",
                "log": "Log",
                "box_cox": "Box–Cox",
                "yeo_johnson": "Yeo–Johnson",
            },
            "widget": "choice",
            "advanced": True,
        },
    )
    budget: float = BUDGET
    trials: int = TRIALS
    outer_folds: int = OUTER_FOLDS
    repeats: int = REPEATS
    inner_folds: int = INNER_FOLDS
    time_column: str | None = TIME_COLUMN
    keep_repeats_together: bool = KEEP_REPEATS_TOGETHER
    categorical: tuple[str, ...] = CATEGORICAL
    top_features: int = TOP_FEATURES
    correlation_threshold: float = CORRELATION_THRESHOLD
    shap_rows: int = SHAP_ROWS
    explain_rows: tuple[Annotated[int, Field(ge=1)], ...] = EXPLAIN_ROWS
    target_units: dict[str, str] = Field(
        default_factory=dict,
        max_length=20,
        title="Units of the targets",
        description="Shown beside predictions and errors, for example µm.",
        json_schema_extra={
            "advanced": True,
            "key_widget": "column",
            "key_label": "Target",
            "value_label": "Unit",
        },
    )
    seed: int = SEED

    _folds = field_validator("outer_folds")(more_than_one_fold)


ANALYSIS = Analysis(
    id="nonlinear",
    version="1.3.0",
    title="Nonlinear model",
    summary=(
        "Predicts one or several numbers from other columns by the best of many methods or a stack of them. Judged on rows the whole "
        "search has never seen; explained; kept in a file for predictions."
    ),
    group="Models",
    steps=(
        Step(
            id="build",
            title="Build and judge",
            method="zerosec_analyses.nonlinear.method:run",
            preview="zerosec_analyses.nonlinear.preview:preview",
            finishable=True,
            warm=(*WARM, "sklearn.svm"),
            parameters=NonlinearParameters,
            inputs=(
                InputSlot(
                    name="data",
                    title="Data table",
                    kind=SlotKind.TABLE,
                    help="One row an observation: numeric targets, and columns that may predict them.",
                    extensions=(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet"),
                ),
            ),
        ),
        prediction_step(FromStep(step="build", files="model.zip")),
        pareto_step(FromStep(step="prediction", files="predictions.parquet")),
        search_step(FromStep(step="build", files="model.zip")),
    ),
    citations=(
        Citation(
            text="Varma, S., Simon, R. (2006). Bias in error estimation when using cross-validation for model selection. BMC Bioinformatics 7, 91."
        ),
        Citation(text="Wolpert, D. H. (1992). Stacked generalization. Neural Networks 5, 241–259."),
        Citation(text="Breiman, L. (1996). Stacked regressions. Machine Learning 24, 49–64."),
        Citation(text="Breiman, L. (2001). Random forests. Machine Learning 45, 5–32."),
        Citation(
            text="Geurts, P., Ernst, D., Wehenkel, L. (2006). Extremely randomized trees. Machine Learning 63, 3–42."
        ),
        Citation(
            text="Ke, G., et al. (2017). LightGBM: a highly efficient gradient boosting decision tree. NeurIPS 30."
        ),
        Citation(text="Chen, T., Guestrin, C. (2016). XGBoost: a scalable tree boosting system. KDD 2016."),
        Citation(
            text="Prokhorenkova, L., et al. (2018). CatBoost: unbiased boosting with categorical features. NeurIPS 31."
        ),
        Citation(
            text="Rasmussen, C. E., Williams, C. K. I. (2006). Gaussian Processes for Machine Learning. MIT Press."
        ),
        Citation(
            text="Akiba, T., et al. (2019). Optuna: a next-generation hyperparameter optimization framework. KDD 2019."
        ),
        Citation(
            text="Štrumbelj, E., Kononenko, I. (2014). Explaining prediction models and individual predictions with feature contributions. Knowl. Inf. Syst. 41, 647–665."
        ),
        Citation(
            text="Lundberg, S. M., et al. (2020). From local explanations to global understanding with explainable AI for trees. Nat. Mach. Intell. 2, 56–67."
        ),
        Citation(
            text="Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Ann. Stat. 29, 1189–1232."
        ),
    ),
    examples=(
        Example(
            title="Body mass of penguins from their size and species",
            inputs={"data": ("penguins.csv",)},
            parameters={
                "target": ["body_mass_g"],
                "features": ["species", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "sex"],
                "target_units": {"body_mass_g": "g"},
            },
        ),
        Example(
            title="Body mass of penguins, from a table in Japanese",
            inputs={"data": ("penguins_ja.csv",)},
            parameters={
                "target": ["体重(g)"],
                "target_units": {"体重(g)": "g"},
            },
        ),
    ),
)
