"""The record of versions: what was there before a job, and what the job itself imported."""

import json
import subprocess
import sys


def test_versions_of_packages_imported_before_and_since_the_first_look_are_recorded() -> None:
    script = (
        "import json, pydantic\n"
        "from zerosec_analyses.environment import environment\n"
        "before = environment(1)\n"
        "import numpy\n"
        "print(json.dumps([before, environment(2), pydantic.__version__, numpy.__version__]))\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60).stdout

    before, after, pydantic_version, numpy_version = json.loads(told)
    assert "numpy" not in before
    assert before["pydantic"] == after["pydantic"] == pydantic_version
    assert after["numpy"] == numpy_version
    assert (before["seed"], after["seed"]) == ("1", "2")
    assert after["python"] == sys.version.split()[0]
