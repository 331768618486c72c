"""The declaration of the classification: its parameters, its input and where its method is. Cheap to import."""

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
from zerosec_analyses.modelling.form_fields import (
    BUDGET,
    CATEGORICAL,
    CORRELATION_THRESHOLD,
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
from zerosec_analyses.prediction.spec import prediction_step

__all__ = [
    "ANALYSIS",
    "CalibrationChoice",
    "ClassModel",
    "ClassificationParameters",
    "DecisionRule",
    "PromiseRows",
]


class ClassModel(StrEnum):
    """The candidates, by the names of `zerosec_analyses.modelling.candidate.Method`."""

    LOGISTIC = "logistic"
    DISCRIMINANT = "discriminant"
    RANDOM_FOREST = "random_forest"
    EXTRA_TREES = "extra_trees"
    GRADIENT_BOOSTING = "gradient_boosting"
    LIGHTGBM = "lightgbm"
    XGBOOST = "xgboost"
    CATBOOST = "catboost"


class CalibrationChoice(StrEnum):
    """How probabilities are calibrated."""

    AUTO = "auto"
    NONE = "none"
    TEMPERATURE = "temperature"
    SIGMOID = "sigmoid"
    ISOTONIC = "isotonic"


class DecisionRule(StrEnum):
    """What a decision follows: see `zerosec_analyses.modelling.decisions.Rule`."""

    MOST_PROBABLE = "most_probable"
    COSTS = "costs"
    BOUND_OK = "bound_false_ok"
    BOUND_BOTH = "bound_both"


class PromiseRows(StrEnum):
    """The rows a promised bound rests on."""

    HELD_OUT = "held_out"
    OUT_OF_FOLD = "out_of_fold"


BY_COSTS: dict[str, JsonValue] = {"decision": ["costs"]}
WITH_A_BOUND: dict[str, JsonValue] = {"decision": ["bound_false_ok", "bound_both"]}
MODEL_LABELS: dict[str, JsonValue] = {
    "logistic": "Logistic regression",
    "discriminant": "Discriminant analysis",
    "random_forest": "Random forest",
    "extra_trees": "Extra trees",
    "gradient_boosting": "Gradient boosting",
    "lightgbm": "LightGBM",
    "xgboost": "XGBoost",
    "catboost": "CatBoost",
}


class ClassificationParameters(Parameters):
    """The form of the classification."""

    target: str = Field(
        min_length=1,
        max_length=200,
        title="Target",
        description="The column whose classes are to be predicted, such as OK and NG. Two or more classes; texts, numbers or yes and no.",
        json_schema_extra={"widget": "column", "slot": "data"},
    )
    ok_class: str | None = Field(
        default=None,
        max_length=200,
        title="Which class is OK",
        description=(
            "The class that passes, written as in the data; every other one counts as NG. Needed where a bound or a cost tells OK "
            "from NG: ZeroSec does not guess it."
        ),
        json_schema_extra={"slot": "data", "values_of": "target"},
    )
    features: tuple[str, ...] = FEATURES
    groups: str | None = GROUPS
    decision: DecisionRule = Field(
        default=DecisionRule.MOST_PROBABLE,
        title="Decide by",
        description=(
            "The most probable class; the smallest expected cost; a bound on NG parts that are called OK; or a bound on both errors "
            "with a grey zone between, in which the model cannot say."
        ),
        json_schema_extra={
            "labels": {
                "most_probable": "Most probable class",
                "costs": "Costs of errors",
                "bound_false_ok": "Bound on false OK",
                "bound_both": "Bound on both, with a grey zone",
            },
            "widget": "choice",
        },
    )
    max_false_ok: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        title="Bound on false OK",
        description="Of all NG rows at most this share may be called OK.",
        json_schema_extra={"only_when": WITH_A_BOUND},
    )
    max_false_ng: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        title="Bound on false NG",
        description="Of all OK rows at most this share may be called NG.",
        json_schema_extra={"only_when": {"decision": ["bound_both"]}},
    )
    confidence: float = Field(
        default=0.95,
        gt=0.5,
        lt=1,
        title="Confidence of the bounds",
        description="How sure it must be that a bound holds for new rows. 5% at 95% needs 59 NG rows besides those for training.",
        json_schema_extra={"only_when": WITH_A_BOUND},
    )
    cost_false_ok: float = Field(
        default=10.0,
        ge=0,
        le=1e9,
        title="Cost of a false OK",
        description="What it costs to take an NG row for OK, in any unit.",
        json_schema_extra={"only_when": BY_COSTS},
    )
    cost_false_ng: float = Field(
        default=1.0,
        ge=0,
        le=1e9,
        title="Cost of a false NG",
        description="What it costs to take an OK row for NG, in the same unit.",
        json_schema_extra={"only_when": BY_COSTS},
    )
    budget: float = BUDGET
    models: tuple[ClassModel, ...] = Field(
        default=(),
        max_length=8,
        title="Models",
        description=(
            "The methods to try. Empty: a varied set that suits the size of the table; each is searched, judged and weighed "
            "in the stack."
        ),
        json_schema_extra={"labels": MODEL_LABELS},
    )
    stack: bool = STACK
    calibration: CalibrationChoice = Field(
        default=CalibrationChoice.AUTO,
        title="Calibration",
        description=(
            "How probabilities are made to say what they mean, on rows the models have not seen. Automatic takes what lowers the log "
            "loss there, or nothing; chosen inside each training part."
        ),
        json_schema_extra={
            "labels": {
                "auto": "Automatic",
                "none": "None",
                "temperature": "Temperature",
                "sigmoid": "Sigmoid (Platt)",
                "isotonic": "Isotonic",
            },
            "widget": "choice",
            "advanced": True,
        },
    )
    costs: dict[str, str] = Field(
        default_factory=dict,
        max_length=1000,
        title="Costs by class",
        description=(
            "For more than two classes, or other costs than those above: “NG as OK” with its cost, the actual class first. What is "
            "not named costs as above, or 1."
        ),
        json_schema_extra={
            "advanced": True,
            "key_label": "Actual as decided",
            "value_label": "Cost",
            "slot": "data",
            "values_of": "target",
            "key_pairs": " as ",
            "only_when": BY_COSTS,
        },
    )
    cost_cannot_say: float | None = Field(
        default=None,
        ge=0,
        le=1e9,
        title="Cost of not deciding",
        description="With it a row is grey where every decision is expected to cost more. Empty: every row is decided on.",
        json_schema_extra={"advanced": True, "only_when": BY_COSTS},
    )
    promise: PromiseRows = Field(
        default=PromiseRows.HELD_OUT,
        title="A bound rests on",
        description=(
            "Held-out rows: the model is built without them, and the bound is a theorem for rows like them. Out-of-fold scores: no row "
            "is held out, and the bound holds only as far as the final model is like those of the folds."
        ),
        json_schema_extra={
            "labels": {"held_out": "Held-out rows", "out_of_fold": "Out-of-fold scores"},
            "widget": "choice",
            "advanced": True,
            "only_when": WITH_A_BOUND,
        },
    )
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
    seed: int = SEED

    _folds = field_validator("outer_folds")(more_than_one_fold)


ANALYSIS = Analysis(
    id="classification",
    version="1.5.0",
    title="Classification",
    summary=(
        "Tells classes apart, OK and NG among them, by the best of many methods or a stack of them: with probabilities that mean what "
        "they say, and decisions that can keep a bound on errors, judged on rows the whole search has never seen."
    ),
    group="Models",
    steps=(
        Step(
            id="build",
            title="Build and judge",
            method="zerosec_analyses.classification.method:run",
            preview="zerosec_analyses.classification.preview:preview",
            finishable=True,
            warm=WARM,
            parameters=ClassificationParameters,
            inputs=(
                InputSlot(
                    name="data",
                    title="Data table",
                    kind=SlotKind.TABLE,
                    help="One row an observation: a column of classes, and columns that may predict them.",
                    extensions=(".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet"),
                ),
            ),
        ),
        prediction_step(FromStep(step="build", files="model.zip")),
        pareto_step(FromStep(step="prediction", files="predictions.parquet")),
    ),
    citations=(
        Citation(
            text="Tong, X., Feng, Y., Li, J. J. (2018). Neyman-Pearson classification algorithms and NP receiver operating characteristics. Science Advances 4, eaao1659."
        ),
        Citation(
            text="Varma, S., Simon, R. (2006). Bias in error estimation when using cross-validation for model selection. BMC Bioinformatics 7, 91."
        ),
        Citation(
            text="Platt, J. (1999). Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods. Advances in Large Margin Classifiers, MIT Press."
        ),
        Citation(
            text="Zadrozny, B., Elkan, C. (2002). Transforming classifier scores into accurate multiclass probability estimates. KDD 2002."
        ),
        Citation(
            text="Guo, C., Pleiss, G., Sun, Y., Weinberger, K. Q. (2017). On calibration of modern neural networks. ICML 2017."
        ),
        Citation(
            text="Drummond, C., Holte, R. C. (2006). Cost curves: an improved method for visualizing classifier performance. Machine Learning 65, 95–130."
        ),
        Citation(
            text="Friedman, J. H. (1989). Regularized discriminant analysis. Journal of the American Statistical Association 84, 165–175."
        ),
        Citation(
            text="Genest, C., Zidek, J. V. (1986). Combining probability distributions: a critique and an annotated bibliography. Statistical Science 1, 114–135."
        ),
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
            text="Akiba, T., et al. (2019). Optuna: a next-generation hyperparameter optimization framework. KDD 2019."
        ),
    ),
    examples=(
        Example(
            title="Benign or malignant: at most 5% of malignant masses pass, with a grey zone",
            inputs={"data": ("breast_masses.csv",)},
            parameters={
                "target": "diagnosis",
                "ok_class": "benign",
                "decision": "bound_both",
                "max_false_ok": 0.05,
                "max_false_ng": 0.05,
            },
        ),
        Example(
            title="Sex of penguins from their size, with a grey zone",
            inputs={"data": ("penguins.csv",)},
            parameters={
                "target": "sex",
                "ok_class": "female",
                "features": [
                    "species",
                    "bill_length_mm",
                    "bill_depth_mm",
                    "flipper_length_mm",
                    "body_mass_g",
                ],
                "decision": "bound_both",
                "max_false_ok": 0.1,
                "max_false_ng": 0.1,
            },
        ),
        Example(
            title="Species of penguins, from a table in Japanese",
            inputs={"data": ("penguins_ja.csv",)},
            parameters={
                "target": "種",
                "features": ["嘴の長さ(mm)", "嘴の高さ(mm)", "翼の長さ(mm)", "体重(g)"],
            },
        ),
    ),
)
