"""The API process stays small: it never imports the science."""

import json
import subprocess
import sys

HEAVY = ("numpy", "scipy", "polars", "pandas", "sklearn", "matplotlib", "alembic", "fastexcel", "xlsxwriter")


def test_the_app_and_the_catalogue_import_no_science() -> None:
    program = (
        "import json, sys, zerosec_server.api_process, zerosec_analyses.catalogue as c\n"
        "c.load_catalogue()\n"
        "print(json.dumps(sorted(m for m in sys.modules if '.' not in m)))"
    )

    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout

    assert [name for name in HEAVY if name in json.loads(printed)] == []
