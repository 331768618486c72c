"""The declaration of the search for the best settings: its parameters, its inputs and where its method is. Cheap to import."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.declaration import (
    Analysis,
    Citation,
    FromStep,
    InputSlot,
    SlotKind,
    Step,
)
from zerosec_analyses.pareto.spec import CITATIONS, TABLES, ParetoParameters, pareto_step
from zerosec_shared.texts import ours

__all__ = ["ALL_CITATIONS", "ANALYSIS", "Algorithm", "SearchParameters", "search_step"]


class Algorithm(StrEnum):
    """How is searched where the settings are too many to predict all."""

    AUTO = "auto"
    NSGA2 = "nsga2"
    NSGA3 = "nsga3"


class SearchParameters(ParetoParameters):
    """The form of the search: what is wanted as in the choice, and what may be set."""

    factors: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        title="Factors",
        description=(
            "What each column of the model may be: a range such as 10..50, a range with a step such as 10..50 step 5, levels such as "
            "10|20|50 or steel|brass, or one value. Otherwise the parameter sheet and the profile say it, or the range of the model's data."
        ),
        json_schema_extra={"key_label": "Factor", "value_label": "Range or levels"},
    )
    forbidden: str = Field(
        default="",
        max_length=20_000,
        title="Forbidden combinations",
        description='Settings that cannot be made, one condition a line: material == "Alumi" and speed > 3000.',
        json_schema_extra={"widget": "text"},
    )
    algorithm: Algorithm = Field(
        default=Algorithm.AUTO,
        title="Search",
        description="By itself NSGA-II up to three objectives and NSGA-III beyond. Up to 20,000 settings in all are predicted one by one instead.",
        json_schema_extra={
            "labels": {"auto": "By the number of objectives", "nsga2": "NSGA-II", "nsga3": "NSGA-III"},
            "widget": "choice",
            "advanced": True,
        },
    )
    population: int = Field(
        default=100,
        ge=20,
        le=2000,
        title="Population",
        description="How many settings a generation has.",
        json_schema_extra={"advanced": True},
    )
    generations: int = Field(
        default=100,
        ge=1,
        le=10_000,
        title="Generations",
        description="How long is searched. The best so far is kept when you stop earlier.",
        json_schema_extra={"advanced": True},
    )


ALL_CITATIONS = (
    *CITATIONS,
    Citation(
        text="Deb, K., Pratap, A., Agarwal, S., Meyarivan, T. (2002). A fast and elitist multiobjective genetic algorithm: NSGA-II. IEEE Trans. Evol. Comput. 6, 182–197."
    ),
    Citation(
        text="Deb, K., Jain, H. (2014). An evolutionary many-objective optimization algorithm using reference-point-based nondominated sorting. IEEE Trans. Evol. Comput. 18, 577–601."
    ),
    Citation(
        text="Blank, J., Deb, K. (2020). pymoo: multi-objective optimization in Python. IEEE Access 8, 89497–89509."
    ),
)

SEARCH = Step(
    id="search",
    title="Search settings",
    help="Predicts settings that nobody has listed, and finds those that no other beats in two to eight objectives.",
    method="zerosec_analyses.pareto_search.method:run",
    warm=("numpy", "moocore", "pymoo.core.problem", "sklearn.ensemble", "sklearn.linear_model", "sklearn.svm", "xlsxwriter"),
    finishable=True,
    parameters=SearchParameters,
    inputs=(
        InputSlot(
            name="model",
            title="Model file",
            kind=SlotKind.FILE,
            help="The model.zip of a nonlinear analysis, with the objectives as its targets.",
            extensions=(".zip",),
            primary=True,
        ),
        InputSlot(
            name="sheet",
            title="Parameter sheet",
            kind=SlotKind.TABLE,
            help="One column a factor, and the rows min, max and 間隔 (step). Without a step a factor may take any value of its range.",
            required=False,
            extensions=TABLES,
        ),
        InputSlot(
            name="profile",
            title="Profile file",
            kind=SlotKind.FILE,
            help="Its ranges and steps, choices written as 0 and 1, rules and derived columns hold for the settings (.toml).",
            required=False,
            extensions=(".toml",),
        ),
    ),
)  # fmt: skip


def search_step(model: FromStep) -> Step:
    """The search as a later step of an analysis that leaves a model file: its id is `search`."""
    return SEARCH.offered(ours("Search the best settings"), {"model": model}, step_id="search")


ANALYSIS = Analysis(
    id="pareto-search",
    version="1.0.0",
    title="Best settings",
    summary=(
        "The best compromises among all settings that can be made: a search over the factors of a saved model, within ranges, steps and "
        "rules, with limits and intervals."
    ),
    group="Models",
    steps=(SEARCH, pareto_step(FromStep(step="search", files="tables/settings_found.csv"))),
    citations=ALL_CITATIONS,
)
