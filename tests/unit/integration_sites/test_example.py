"""The example files are what the simulator makes, so that they can be made again."""

import gzip
from pathlib import Path

from tests.conftest import ROOT
from tests.simulated_reads import make_examples


def test_the_examples_are_the_simulators(tmp_path: Path) -> None:
    make_examples(tmp_path)

    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {name: (ROOT / "examples" / name).read_bytes() for name in made}

    for name, content in made.items():
        if name.endswith(".gz"):
            assert gzip.decompress(kept[name]) == gzip.decompress(content)
        else:
            assert kept[name] == content
