"""The catalogue: finds the analyses that are built in, installed by entry point, or named in settings."""

import importlib
import importlib.metadata
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator

import zerosec_analyses
from zerosec_analyses.declaration import Analysis
from zerosec_shared.texts import texts_of

__all__ = ["Catalogue", "load_catalogue", "packages_lent_by"]

ENTRY_POINTS = "zerosec.analyses"
COMMON_TEXTS = ("zerosec_analyses", "zerosec_shared")
"""Packages whose sentences any analysis may say: those of the SDK and of reading a table."""


class Catalogue:
    """Analyses by id."""

    def __init__(self, analyses: Iterable[Analysis]) -> None:
        self._by_id: dict[str, Analysis] = {}
        for analysis in analyses:
            if analysis.id in self._by_id:
                raise ValueError(f"two analyses have the id {analysis.id}")
            self._by_id[analysis.id] = analysis

    def __iter__(self) -> Iterator[Analysis]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, analysis_id: object) -> bool:
        return analysis_id in self._by_id

    def __getitem__(self, analysis_id: str) -> Analysis:
        """The analysis with this id; KeyError if there is none."""
        return self._by_id[analysis_id]


def _declared_in(spec_module: str) -> Analysis:
    declared = getattr(importlib.import_module(spec_module), "ANALYSIS", None)
    if not isinstance(declared, Analysis):
        raise TypeError(f"{spec_module} declares no ANALYSIS")
    package = spec_module.rpartition(".")[0]
    return declared.with_texts(texts_of(package, *packages_lent_by(declared, package), *COMMON_TEXTS))


def packages_lent_by(analysis: Analysis, package: str) -> tuple[str, ...]:
    """The other packages that steps of an analysis come from: their sentences are said too."""
    found = {step.method.partition(":")[0].rpartition(".")[0]: None for step in analysis.steps}
    return tuple(name for name in found if name and not f"{name}.".startswith(f"{package}."))


def _built_in() -> Iterator[str]:
    for module in pkgutil.iter_modules(zerosec_analyses.__path__):
        name = f"zerosec_analyses.{module.name}.spec"
        if (
            module.ispkg and importlib.util.find_spec(name) is not None
        ):  # a folder without is shared by several
            yield name


def load_catalogue(extra_spec_modules: Iterable[str] = ()) -> Catalogue:
    """Import every `spec` module: of the folders beside this file, of entry points in the group
    `zerosec.analyses` (each names a spec module), and of the modules named here.

    Raises TypeError for a module without an ANALYSIS, ValueError for a bad declaration or a doubled id.
    """
    installed = (point.value for point in importlib.metadata.entry_points(group=ENTRY_POINTS))
    return Catalogue(_declared_in(name) for name in [*_built_in(), *installed, *extra_spec_modules])
