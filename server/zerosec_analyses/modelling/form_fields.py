"""The fields that every form of a model has in common: which columns, how much is searched, how it is judged."""

from typing import Any

from pydantic import Field

FEATURES: Any = Field(
    default=(),
    max_length=5000,
    title="Features",
    description=(
        "The columns to predict from. Empty: every column that is no target, group or time. Leave out what is only known "
        "after the target is, or the model will look better than it is."
    ),
    json_schema_extra={"widget": "columns", "slot": "data"},
)
GROUPS: Any = Field(
    default=None,
    max_length=200,
    title="Experiment or group",
    description=(
        "Rows of one experiment (a batch, a patient, a plate) are never parted between training and test, so that the score is "
        "that of a new experiment. Rows with the same features stay together by themselves."
    ),
    json_schema_extra={"widget": "column", "slot": "data"},
)
STACK: Any = Field(
    default=True,
    title="Stack",
    description="Also try all models put together, by weights found on rows they have not seen.",
)
BUDGET: Any = Field(
    default=0,
    ge=0,
    le=7 * 86_400,
    title="Time budget",
    description=(
        "The search ends after this time with the best so far. 0: by trials, which gives the same numbers on every computer; a "
        "time budget does not."
    ),
    json_schema_extra={"unit": "s", "zero_label": "none: by trials"},
)
TRIALS: Any = Field(
    default=0,
    ge=0,
    le=1000,
    title="Trials",
    description="Settings tried a model in each training part. 0: by the size of the table. Many trials multiply the time.",
    json_schema_extra={"advanced": True, "zero_label": "by the size of the table"},
)
OUTER_FOLDS: Any = Field(
    default=0,
    ge=0,
    le=100,
    title="Outer folds",
    description="Parts on which the whole procedure is judged. 0: by the size of the table.",
    json_schema_extra={"advanced": True, "zero_label": "by the size of the table"},
)
REPEATS: Any = Field(
    default=0,
    ge=0,
    le=50,
    title="Repeats",
    description="Repeats of the outer folds with new parts. 0: several for small tables.",
    json_schema_extra={"advanced": True, "zero_label": "by the size of the table"},
)
INNER_FOLDS: Any = Field(
    default=0,
    ge=0,
    le=50,
    title="Inner folds",
    description="Parts of each training part on which settings are chosen. 0: by the size of the table.",
    json_schema_extra={"advanced": True, "zero_label": "by the size of the table"},
)
TIME_COLUMN: Any = Field(
    default=None,
    max_length=200,
    title="Time",
    description="With it rows are predicted from earlier rows alone, as they will be in use.",
    json_schema_extra={"widget": "column", "slot": "data", "advanced": True},
)
KEEP_REPEATS_TOGETHER: Any = Field(
    default=True,
    title="Keep repeated rows together",
    description=(
        "Rows with the same features are never parted between training and test. Without it a model is praised for "
        "remembering an experiment it has seen."
    ),
    json_schema_extra={"advanced": True},
)
CATEGORICAL: Any = Field(
    default=(),
    max_length=1000,
    title="Number columns that are categories",
    description="Columns of codes, such as machine 1, 2, 3, to be treated as categories. Text columns always are.",
    json_schema_extra={"widget": "columns", "slot": "data", "advanced": True},
)
TOP_FEATURES: Any = Field(
    default=0,
    ge=0,
    le=5000,
    title="Most features",
    description=(
        "Of more features the most important are kept, chosen inside each training part. 0: 20, or up to 200 where simple models are "
        "clearly better with them on inner rows."
    ),
    json_schema_extra={"advanced": True, "zero_label": "20, or more where clearly better"},
)
CORRELATION_THRESHOLD: Any = Field(
    default=0,
    ge=0,
    le=1,
    title="Correlation threshold",
    description=(
        "Of two numeric features more strongly correlated than this, one is left out. 1: none is. 0: 0.95, or 1 where simple models "
        "are clearly better so on inner rows."
    ),
    json_schema_extra={"advanced": True, "zero_label": "0.95, or none where clearly better"},
)
SHAP_ROWS: Any = Field(
    default=200,
    ge=0,
    le=2000,
    title="Rows to explain",
    description="Rows whose predictions are split up by feature (SHAP values). 0: none.",
    json_schema_extra={"advanced": True, "zero_label": "none"},
)
EXPLAIN_ROWS: Any = Field(
    default=(),
    max_length=20,
    title="Rows to explain one by one",
    description=(
        "Rows of the file, by number, whose predictions are shown split up by feature each in a picture of its own. The highest, the "
        "middle and the lowest prediction always are."
    ),
    json_schema_extra={"advanced": True},
)
SEED: Any = Field(
    default=1,
    ge=0,
    le=2**31,
    title="Seed",
    description="Decides how rows are shared out and settings are tried. The same data, parameters and seed give the same numbers.",
    json_schema_extra={"advanced": True},
)
WARM = (
    "numpy",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "optuna",
    "matplotlib.figure",
    "matplotlib.font_manager",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "xlsxwriter",
    "jinja2",
)
"""What every model-building step imports of others."""


def more_than_one_fold(value: int) -> int:
    """A number of outer folds, if it can be one. Raises ValueError."""
    if value == 1:
        raise ValueError("one fold leaves nothing to train on: choose 0 (automatic) or at least 2")
    return value
