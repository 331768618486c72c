"""Where the example data files are: beside the installed app, or in the source tree."""

import os
from pathlib import Path

from zerosec_desktop.resources.language import translate

__all__ = ["example_facts", "example_file", "example_tables", "examples_folder"]


def examples_folder() -> Path | None:
    """The folder of example files; ZEROSEC_EXAMPLES names another. None where none came with this installation."""
    chosen = os.environ.get("ZEROSEC_EXAMPLES")
    package = Path(__file__).resolve().parent
    places = [Path(chosen)] if chosen else [package / "examples", package.parents[1] / "examples"]
    return next((place for place in places if place.is_dir()), None)


def example_file(relative: str) -> Path | None:
    """A file of the examples, by its path in a catalogue's example; None where it is not there or leads outside."""
    folder = examples_folder()
    if folder is None:
        return None
    found = (folder / relative).resolve()
    return found if found.is_relative_to(folder.resolve()) and found.is_file() else None


def example_tables() -> list[Path]:
    """The example data files, by name."""
    folder = examples_folder()
    if folder is None:
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in {".csv", ".xlsx", ".parquet"})


def example_facts(name: str) -> tuple[str, str]:
    """Title and one line of what an example file holds, as examples/README.md says; a file it does not know has its name."""
    if name == "penguins.csv":
        return (
            translate("Examples", "Penguins of three species"),
            translate("Examples", "344 birds, 8 columns, some values missing · Palmer Station, CC0"),
        )
    if name == "penguins_ja.csv":
        return (
            translate("Examples", "Penguins, in Japanese"),
            translate("Examples", "The same 344 birds with Japanese headings · Shift-JIS, semicolons"),
        )
    if name == "nist_linear.xlsx":
        return (
            translate("Examples", "Longley and Norris, by NIST"),
            translate("Examples", "Two sheets with certified coefficients · Excel, public domain"),
        )
    if name == "filip.csv":
        return (
            translate("Examples", "Filip, by NIST"),
            translate("Examples", "82 rows, a polynomial of degree 10: a test of accuracy · public domain"),
        )
    if name == "comsa_mozambique_neonate.csv":
        return (
            translate("Examples", "Causes of neonatal deaths in Mozambique"),
            translate("Examples", "1,190 deaths by three verbal-autopsy algorithms · COMSA, MIT licence"),
        )
    if name == "comsa_mozambique_child.csv":
        return (
            translate("Examples", "Causes of deaths of children in Mozambique"),
            translate("Examples", "2,798 deaths by three verbal-autopsy algorithms · COMSA, MIT licence"),
        )
    if name == "breast_masses.csv":
        return (
            translate("Examples", "Breast masses, benign or malignant"),
            translate("Examples", "569 masses, ten measurements of their cell nuclei · UCI, CC BY 4.0"),
        )
    if name == "deburring_parameters.xlsx":
        return (
            translate("Examples", "Deburring: seven factors and four brushes"),
            translate("Examples", "A parameter sheet: least, greatest and step of each factor · Excel"),
        )
    if name.startswith("simulated_"):
        return (
            translate("Examples", "Sequencing reads with known sites"),
            translate(
                "Examples", "About 1,000 read pairs of each sample, genome, genes, a spike-in · simulated"
            ),
        )
    return name, translate("Examples", "An example file")
