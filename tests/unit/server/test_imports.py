"""The server's processes stay small: they import neither the science, nor what only others need of the libraries."""

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


def test_what_nobody_needs_of_the_libraries_is_not_there_until_somebody_asks_for_it() -> None:
    program = (
        "import json, sys\n"
        "from zerosec_server.loading import LATE, load_app\n"
        "load_app(lambda: None, LATE)\n"
        "print(json.dumps(sorted(sys.modules)))\n"
        "import uvicorn, uvicorn.main, pydantic.v1\n"
        "assert uvicorn.main.Server is uvicorn.Server and issubclass(pydantic.v1.BaseModel, object)\n"
    )

    printed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, check=True, text=True
    ).stdout

    left_out = {"pydantic.v1", "uvicorn.main", "click", "multiprocessing"}
    assert left_out & set(json.loads(printed)) == set()
