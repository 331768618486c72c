"""The declaration of verbal-autopsy calibration: its parameters, its inputs and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field, field_validator

from zerosec_analyses.declaration import Analysis, Citation, Example, InputSlot, Parameters, SlotKind, Step
from zerosec_shared.texts import say

__all__ = ["ALGORITHMS", "ANALYSIS", "AgeGroup", "Country", "Sampler", "VaParameters"]

# Fixed, so that a repeated analysis gives the same numbers without anybody choosing one.
DEFAULT_SEED = 1
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet")
ALGORITHMS = {
    "eava": say("EAVA"),
    "insilicova": say("InSilicoVA"),
    "interva": say("InterVA"),
    "own": say("Own algorithm"),
}

# The broad causes of both age groups, as a list offers them.
CAUSE_TITLES = {
    "prematurity": "prematurity (neonates)",
    "ipre": "ipre: intrapartum-related events (neonates)",
    "sepsis_meningitis_inf": "sepsis_meningitis_inf (neonates)",
    "congenital_malformation": "congenital_malformation (neonates)",
    "pneumonia": "pneumonia (neonates and children)",
    "malaria": "malaria (children)",
    "diarrhea": "diarrhea (children)",
    "severe_malnutrition": "severe_malnutrition (children)",
    "hiv": "hiv (children)",
    "injury": "injury (children)",
    "other_infections": "other_infections (children)",
    "nn_causes": "nn_causes: neonatal causes (children)",
    "other": "other (neonates and children)",
}


class AgeGroup(StrEnum):
    """Whose deaths these are."""

    NEONATE = "neonate"
    CHILD = "child"


class Country(StrEnum):
    """Whose misclassification matrices are used."""

    BANGLADESH = "Bangladesh"
    ETHIOPIA = "Ethiopia"
    KENYA = "Kenya"
    MALI = "Mali"
    MOZAMBIQUE = "Mozambique"
    SIERRA_LEONE = "Sierra Leone"
    SOUTH_AFRICA = "South Africa"
    OTHER = "other"


class Sampler(StrEnum):
    """How the posterior is drawn from."""

    AUTO = "auto"
    HMC = "hmc"
    GIBBS = "gibbs"


class VaParameters(Parameters):
    """The form of the calibration."""

    age_group: AgeGroup = Field(
        title="Age group",
        description="Neonates died in their first 27 days, children at 1 to 59 months. Each has causes and matrices of its own.",
        json_schema_extra={
            "labels": {"neonate": "Neonates (0–27 days)", "child": "Children (1–59 months)"},
            "widget": "choice",
        },
    )
    country: Country = Field(
        title="Country of the deaths",
        description=(
            "The seven countries of CHAMPS have misclassification matrices of their own. Choose “other” for deaths from "
            "elsewhere: its matrices are those predicted for a country not in CHAMPS."
        ),
        json_schema_extra={
            "labels": {
                "Bangladesh": "Bangladesh",
                "Ethiopia": "Ethiopia",
                "Kenya": "Kenya",
                "Mali": "Mali",
                "Mozambique": "Mozambique",
                "Sierra Leone": "Sierra Leone",
                "South Africa": "South Africa",
                "other": "Another country",
            },
            "widget": "choice",
        },
    )
    fixed: bool = Field(
        default=False,
        title="Misclassification known exactly",
        description=(
            "Fixes the matrices at their means. Off, their uncertainty goes into the intervals, which is what they are published for."
        ),
    )
    path_correction: bool = Field(
        default=True,
        title="Path correction",
        description=(
            "Shrinks each matrix towards perfect classification by just as much as it takes for the calibration equation to have "
            "a solution between 0 and 1."
        ),
    )
    cause_names: dict[str, str] = Field(
        default_factory=dict,
        max_length=500,
        title="Cause names",
        description=(
            "What a name in your files stands for, where ZeroSec does not know it or you know better: a cause, or “leave out”."
        ),
        json_schema_extra={
            "key_label": "Name in the file",
            "value_label": "Stands for",
            "value_choices": [*CAUSE_TITLES, "leave out", "unspecified"],
            "labels": {**CAUSE_TITLES, "leave out": "Leave out", "unspecified": "No cause (unspecified)"},
            "other_values": True,
        },
    )
    study_causes: dict[str, str] = Field(
        default_factory=dict,
        max_length=60,
        title="Study causes",
        description=(
            "Your study's own cause list: each of its causes and the broad cause it belongs to. Results are then given by your causes, "
            "in your order."
        ),
        json_schema_extra={
            "advanced": True,
            "key_label": "Study cause",
            "value_label": "Broad cause",
            "value_choices": [*CAUSE_TITLES],
            "labels": {**CAUSE_TITLES},
        },
    )
    not_calibrated: tuple[str, ...] = Field(
        default=("other",),
        max_length=60,
        title="Causes not calibrated",
        description="These keep their uncalibrated share. Empty: every cause is calibrated.",
        json_schema_extra={"advanced": True},
    )
    learn: bool = Field(
        default=True,
        title="Leave out causes that carry no information",
        description=(
            "A cause that an algorithm names about equally often whatever the true cause tells nothing; it keeps its uncalibrated share."
        ),
        json_schema_extra={"advanced": True},
    )
    threshold: float = Field(
        default=0.1,
        ge=0,
        le=1,
        title="Smallest informative range",
        description="A cause is left out if its rates over the true causes differ by no more than this.",
        json_schema_extra={"advanced": True, "only_when": {"learn": [True]}},
    )
    eta: float = Field(
        default=4,
        ge=0,
        le=1000,
        title="Shrinkage without path correction",
        description="Strength of the prior around the uncalibrated fractions, in deaths a cause.",
        json_schema_extra={"advanced": True, "only_when": {"path_correction": [False]}},
    )
    sampler: Sampler = Field(
        default=Sampler.AUTO,
        title="Sampling method",
        description=(
            "Hamiltonian Monte Carlo suits any number of deaths, Gibbs sampling a few. Both draw from the same posterior."
        ),
        json_schema_extra={
            "labels": {"auto": "Automatic", "hmc": "Hamiltonian Monte Carlo", "gibbs": "Gibbs"},
            "widget": "choice",
            "advanced": True,
        },
    )
    chains: int = Field(
        default=4,
        ge=4,
        le=16,
        title="Chains",
        description="Independent chains; four or more, so that they can be compared.",
        json_schema_extra={"advanced": True},
    )
    draws: int = Field(
        default=3000,
        ge=500,
        le=20_000,
        title="Draws a chain",
        description="Sampling goes on in steps of this many until the chains agree and hold enough information.",
        json_schema_extra={"advanced": True},
    )
    max_draws: int = Field(
        default=30_000,
        ge=500,
        le=200_000,
        title="Most draws a chain",
        description="Here sampling stops, and the result says so if it has not converged.",
        json_schema_extra={"advanced": True},
    )
    seed: int = Field(
        default=DEFAULT_SEED,
        ge=0,
        le=2**53,
        title="Seed",
        description="The same data, parameters and seed give the same numbers.",
        json_schema_extra={"advanced": True},
    )

    @field_validator("max_draws")
    @classmethod
    def _room_for_one_step(cls, value: int, info: object) -> int:
        draws = getattr(info, "data", {}).get("draws", 0)
        if value < draws:
            raise ValueError("the most draws a chain cannot be fewer than the draws a chain")
        return value


def _slot(name: str, help_text: str) -> InputSlot:
    return InputSlot(
        name=name,
        title=ALGORITHMS[name],
        kind=SlotKind.TABLE,
        help=help_text,
        required=False,
        extensions=TABLES,
    )


ANALYSIS = Analysis(
    id="va-calibration",
    version="1.0.0",
    title="Verbal-autopsy calibration",
    summary=(
        "Corrects the cause-specific mortality fractions of EAVA, InSilicoVA and InterVA for what these algorithms are known to "
        "misclassify, by the CHAMPS misclassification matrices, with honest intervals; one algorithm alone or several together."
    ),
    group="Analyses",
    steps=(
        Step(
            id="calibrate",
            title="Calibrate",
            method="zerosec_analyses.va_calibration.method:run",
            preview="zerosec_analyses.va_calibration.preview:preview",
            warm=("numpy", "scipy.special", "scipy.stats", "scipy.fft", "numba", "jinja2"),
            parameters=VaParameters,
            inputs=(
                _slot(
                    "eava",
                    "Causes assigned by EAVA: a table with ID and cause, an individual × cause table of 0 and 1, or deaths by cause. "
                    "Give at least one algorithm.",
                ),
                _slot(
                    "insilicova",
                    "Causes assigned by InSilicoVA, in any of the same layouts (ID and cause1 of openVA too).",
                ),
                _slot(
                    "interva",
                    "Causes assigned by InterVA, in any of the same layouts (ID and cause1 of openVA too).",
                ),
                _slot("own", "Causes assigned by another algorithm; it needs a matrix of its own below."),
                InputSlot(
                    name="matrices",
                    title="Own misclassification matrices",
                    kind=SlotKind.TABLE,
                    help=(
                        "A row for each true cause: algorithm, true_cause, then a rate for each cause assigned; rows sum to 1. With a column "
                        "“concentration” the rates are uncertain, and with a column “draw” the table holds posterior draws."
                    ),
                    required=False,
                    extensions=TABLES,
                ),
            ),
        ),
    ),
    citations=(
        Citation(
            text=(
                "Pramanik, S., Zeger, S., Blau, D., Datta, A. (2025). Modeling structure and country-specific heterogeneity in misclassification "
                "matrices of verbal autopsy-based cause of death classifiers. Annals of Applied Statistics 19(2)."
            ),
            doi="10.1214/24-AOAS2006",
        ),
        Citation(
            text=(
                "Datta, A., Fiksel, J., Amouzou, A., Zeger, S. L. (2021). Regularized Bayesian transfer learning for population-level etiological "
                "distributions. Biostatistics 22(4), 836–857."
            ),
            doi="10.1093/biostatistics/kxaa001",
        ),
        Citation(
            text=(
                "Fiksel, J., Datta, A., Amouzou, A., Zeger, S. (2022). Generalized Bayes quantification learning under dataset shift. "
                "Journal of the American Statistical Association 117(540), 2163–2181."
            ),
            doi="10.1080/01621459.2021.1909599",
        ),
        Citation(
            text=(
                "Fiksel, J., Gilbert, B., Wilson, E., et al. (2023). Correcting for verbal autopsy misclassification bias in cause-specific mortality "
                "estimates. American Journal of Tropical Medicine and Hygiene 108(5 Suppl), 66–77."
            ),
            doi="10.4269/ajtmh.22-0318",
        ),
        Citation(
            text=(
                "Vehtari, A., Gelman, A., Simpson, D., Carpenter, B., Bürkner, P.-C. (2021). Rank-normalization, folding, and localization: an improved "
                "R-hat for assessing convergence of MCMC. Bayesian Analysis 16(2), 667–718."
            ),
            doi="10.1214/20-BA1221",
        ),
    ),
    examples=(
        Example(
            title="Neonatal deaths in Mozambique (COMSA): EAVA, InSilicoVA and InterVA",
            inputs=dict.fromkeys(("eava", "insilicova", "interva"), ("comsa_mozambique_neonate.csv",)),
            parameters={"age_group": "neonate", "country": "Mozambique"},
        ),
        Example(
            title="Child deaths in Mozambique (COMSA): EAVA, InSilicoVA and InterVA",
            inputs=dict.fromkeys(("eava", "insilicova", "interva"), ("comsa_mozambique_child.csv",)),
            parameters={"age_group": "child", "country": "Mozambique"},
        ),
    ),
)
