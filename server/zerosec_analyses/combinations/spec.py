"""The declaration of the combination table: what the form asks, and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.declaration import Analysis, Example, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "CombinationParameters", "ProfileChoice"]


class ProfileChoice(StrEnum):
    """The profiles that come along."""

    NONE = "none"
    DEBURRING = "deburring"


class CombinationParameters(Parameters):
    """The form of the combination table."""

    variables: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        title="Variables",
        description=(
            "Name and levels of each variable, beside or instead of the parameter sheet: “0.1 to 0.5 by 0.1”, or a list such "
            "as “6, 15, 25” or “Steel, Alumi”."
        ),
        json_schema_extra={"key_label": "Variable", "value_label": "Levels"},
    )
    keep: str = Field(
        default="",
        max_length=20_000,
        title="Keep only",
        description=(
            "Conditions every combination fulfils, one a line: 切込量 * パス数 <= 1.2. Names with spaces or brackets stand "
            "between backticks."
        ),
        json_schema_extra={"widget": "text"},
    )
    forbidden: str = Field(
        default="",
        max_length=20_000,
        title="Forbidden combinations",
        description='Combinations to be left out, one condition a line: 材料 == "Alumi" and 回転速度 > 3000.',
        json_schema_extra={"widget": "text"},
    )
    profile: ProfileChoice = Field(
        default=ProfileChoice.NONE,
        title="Profile",
        description=(
            "The kind of experiment. Deburring knows the variables by their aliases, adds the four brushes as A13, A11, A21 and "
            "A32, checks the levels, and leaves out brush A13 with other diameters than 6 and 15."
        ),
        json_schema_extra={"labels": {"none": "None", "deburring": "Deburring"}, "widget": "choice"},
    )
    derived: bool = Field(
        default=False,
        title="Derived columns",
        description="Adds the profile's columns that are worked out from others, such as 加工時間.",
        json_schema_extra={"advanced": True, "only_when": {"profile": ["deburring"]}},
    )
    csv: bool = Field(
        default=True,
        title="CSV file",
        description="UTF-8 with the mark by which Excel knows it. A Parquet file is written in any case.",
    )
    excel: bool = Field(
        default=False,
        title="Excel workbooks",
        description="One workbook for each 1,048,575 combinations, which is all a sheet can hold.",
    )
    max_combinations: int = Field(
        default=50_000_000,
        ge=1,
        le=1_000_000_000,
        title="Most combinations",
        description="More than this are refused before anything is written.",
        json_schema_extra={"advanced": True},
    )


ANALYSIS = Analysis(
    id="combinations",
    version="1.0.0",
    title="Combination table",
    summary=(
        "Every combination of the levels of some variables: the candidates an experiment is planned from. Levels come from a "
        "parameter sheet with the rows min, max and step, or from the form; conditions leave out what cannot be run."
    ),
    group="Experiments",
    steps=(
        Step(
            id="table",
            title="Make the table",
            method="zerosec_analyses.combinations.method:run",
            preview="zerosec_analyses.combinations.method:preview",
            parameters=CombinationParameters,
            inputs=(
                InputSlot(
                    name="parameters",
                    title="Parameter sheet",
                    kind=SlotKind.TABLE,
                    help=(
                        "One column a variable. Its first column names the rows: min, max, and 間隔 (step), which is a step or "
                        "a comma list of levels."
                    ),
                    required=False,
                    extensions=(".xlsx", ".csv", ".tsv", ".txt", ".xls", ".xlsb", ".ods", ".parquet"),
                ),
                InputSlot(
                    name="own_profile",
                    title="Profile file",
                    kind=SlotKind.FILE,
                    help="A profile of your own (.toml), in place of those that come along.",
                    required=False,
                    extensions=(".toml",),
                ),
            ),
        ),
    ),
    examples=(
        Example(
            title="Deburring: seven factors and four brushes",
            inputs={"parameters": ("deburring_parameters.xlsx",)},
            parameters={"profile": "deburring"},
        ),
    ),
)
