"""Where the example files are: beside the program, in the working tree, or where ZEROSEC_EXAMPLES says."""

import os
import sys
from pathlib import Path

from zerosec_shared.analyses import Example

__all__ = ["example_files", "examples_folder"]


def examples_folder() -> Path | None:
    """The folder of the example files, or None where they were not installed."""
    here = Path(__file__).resolve()
    places = [
        Path(os.environ["ZEROSEC_EXAMPLES"]) if "ZEROSEC_EXAMPLES" in os.environ else None,
        Path(sys.executable).parent / "examples" if getattr(sys, "frozen", False) else None,
        here.parents[4] / "examples",
        Path(sys.prefix) / "share" / "zerosec" / "examples",
    ]
    return next((place for place in places if place is not None and place.is_dir()), None)


def example_files(example: Example) -> dict[str, list[Path]]:
    """The files of an example that are here, by slot."""
    folder = examples_folder()
    if folder is None:
        return {}
    return {
        slot: [folder / path for path in paths if (folder / path).is_file()]
        for slot, paths in example.inputs.items()
    }
