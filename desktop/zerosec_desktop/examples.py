"""Where the example data files are: beside the installed app, or in the source tree."""

import os
from pathlib import Path

__all__ = ["example_file", "example_tables", "examples_folder"]


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
