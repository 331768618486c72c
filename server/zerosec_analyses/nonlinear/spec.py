"""The declaration of the nonlinear analysis: its parameters, its input and where its method is. Cheap to import."""

from enum import StrEnum

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
from zerosec_analyses.prediction.spec import prediction_step

__all__ = ["ANALYSIS", "ModelKind", "NonlinearParameters", "TransformChoice"]


class ModelKind(StrEnum):
    """The candidates, by the names of `zerosec_analyses.modelling.candidates.Method`."""

    LINEAR = "linear"
    ELASTIC_NET = "elastic_net"
    RANDOM_FOREST = "random_forest"
    EXTRA_TREES = "extra_trees"
    GRADIENT_BOOSTING = "gradient_boosting"
    LIGHTGBM = "lightgbm"
    XGBOOST = "xgboost"
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
    features: tuple[str, ...] = Field(
        default=(),
        max_length=5000,
        title="Features",
        description=(
            "The columns to predict from. Empty: every column that is no target, group or time. Leave out what is only known "
            "after the target is, or the model will look better than it is."
        ),
        json_schema_extra={"widget": "columns", "slot": "data"},
    )
    groups: str | None = Field(
        default=None,
        max_length=200,
        title="Experiment or group",
        description=(
            "Rows of one experiment (a batch, a patient, a plate) are never parted between training and test, so that the score is "
            "that of a new experiment. Rows with the same features stay together by themselves."
        ),
        json_schema_extra={"widget": "column", "slot": "data"},
    )
    models: tuple[ModelKind, ...] = Field(
        default=(),
        max_length=9,
        title="Models",
        description=(
            "The methods to try. Empty: a varied set that suits the size of the table; each is searched, judged and weighed "
            "in the stack."
        ),
        json_schema_extra={"labels": MODEL_LABELS},
    )
    stack: bool = Field(
        default=True,
        title="Stack",
        description="Also try a weighted mean of all models, its weights found on rows they have not seen.",
    )
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
    budget: float = Field(
        default=0,
        ge=0,
        le=7 * 86_400,
        title="Time budget",
        description=(
            "The search ends after this time with the best so far. 0: by trials, which gives the same numbers on every computer; a "
            "time budget does not."
        ),
        json_schema_extra={"unit": "s"},
    )
    trials: int = Field(
        default=0,
        ge=0,
        le=1000,
        title="Trials",
        description="Settings tried a model in each training part. 0: by the size of the table. Many trials multiply the time.",
        json_schema_extra={"advanced": True},
    )
    outer_folds: int = Field(
        default=0,
        ge=0,
        le=100,
        title="Outer folds",
        description="Parts on which the whole procedure is judged. 0: by the size of the table.",
        json_schema_extra={"advanced": True},
    )
    repeats: int = Field(
        default=0,
        ge=0,
        le=50,
        title="Repeats",
        description="Repeats of the outer folds with new parts. 0: several for small tables.",
        json_schema_extra={"advanced": True},
    )
    inner_folds: int = Field(
        default=0,
        ge=0,
        le=50,
        title="Inner folds",
        description="Parts of each training part on which settings are chosen. 0: by the size of the table.",
        json_schema_extra={"advanced": True},
    )
    time_column: str | None = Field(
        default=None,
        max_length=200,
        title="Time",
        description="With it rows are predicted from earlier rows alone, as they will be in use.",
        json_schema_extra={"widget": "column", "slot": "data", "advanced": True},
    )
    keep_repeats_together: bool = Field(
        default=True,
        title="Keep repeated rows together",
        description=(
            "Rows with the same features are never parted between training and test. Without it a model is praised for "
            "remembering an experiment it has seen."
        ),
        json_schema_extra={"advanced": True},
    )
    categorical: tuple[str, ...] = Field(
        default=(),
        max_length=1000,
        title="Number columns that are categories",
        description="Columns of codes, such as machine 1, 2, 3, to be treated as categories. Text columns always are.",
        json_schema_extra={"widget": "columns", "slot": "data", "advanced": True},
    )
    top_features: int = Field(
        default=20,
        ge=1,
        le=5000,
        title="Most features",
        description="Of more features the most important are kept, chosen inside each training part.",
        json_schema_extra={"advanced": True},
    )
    correlation_threshold: float = Field(
        default=0.95,
        gt=0,
        le=1,
        title="Correlation threshold",
        description="Of two numeric features more strongly correlated than this, one is left out. 1: none is.",
        json_schema_extra={"advanced": True},
    )
    shap_rows: int = Field(
        default=200,
        ge=0,
        le=2000,
        title="Rows to explain",
        description="Rows whose predictions are split up by feature (SHAP values). 0: none.",
        json_schema_extra={"advanced": True},
    )
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
    seed: int = Field(
        default=1,
        ge=0,
        le=2**31,
        title="Seed",
        description="Decides how rows are shared out and settings are tried. The same data, parameters and seed give the same numbers.",
        json_schema_extra={"advanced": True},
    )

    @field_validator("outer_folds")
    @classmethod
    def _no_single_fold(cls, value: int) -> int:
        if value == 1:
            raise ValueError("one fold leaves nothing to train on: choose 0 (automatic) or at least 2")
        return value


ANALYSIS = Analysis(
    id="nonlinear",
    version="1.0.0",
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
            warm=(
                "numpy",
                "scipy.linalg",
                "scipy.optimize",
                "scipy.stats",
                "sklearn.ensemble",
                "sklearn.linear_model",
                "sklearn.svm",
                "optuna",
                "matplotlib.figure",
                "matplotlib.font_manager",
                "matplotlib.backends.backend_agg",
                "matplotlib.backends.backend_svg",
                "xlsxwriter",
                "jinja2",
            ),
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
            text="Rasmussen, C. E., Williams, C. K. I. (2006). Gaussian Processes for Machine Learning. MIT Press."
        ),
        Citation(
            text="Akiba, T., et al. (2019). Optuna: a next-generation hyperparameter optimization framework. KDD 2019."
        ),
        Citation(
            text="Štrumbelj, E., Kononenko, I. (2014). Explaining prediction models and individual predictions with feature contributions. Knowl. Inf. Syst. 41, 647–665."
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
            title="ペンギンの体重（種・くちばし・翼の長さ・性別）",
            inputs={"data": ("penguins_ja.csv",)},
            parameters={
                "target": ["体重(g)"],
                "target_units": {"体重(g)": "g"},
            },
        ),
    ),
)
