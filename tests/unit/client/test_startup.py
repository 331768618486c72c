"""Starting up: what a command imports, so that help is there at once and no science rides along."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from tests.command import Command
from tests.conftest import RunningServer

HEAVY = {"polars", "numpy", "pandas", "scipy", "sklearn", "matplotlib", "fastapi", "sqlalchemy", "PySide6"}
OURS = {"zerosec_server", "zerosec_analyses", "zerosec_desktop"}


def imported(statement: str) -> set[str]:
    program = f"import sys\n{statement}\nsys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "module",
    ["cli.run", "cli.jobs", "cli.resume", "cli.targets", "cli.server", "cli.catalogue", "watch", "transfer"],
)
def test_no_command_imports_science_or_server(module: str) -> None:
    names = {name.split(".")[0] for name in imported(f"import zerosec_client.{module}")}

    assert names & (HEAVY | OURS) == set()


def test_help_imports_neither_http_nor_pydantic() -> None:
    names = imported(
        "import contextlib, io\nfrom zerosec_client.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n    assert main(['--help']) == 0"
    )

    assert names & {"httpx2", "pydantic", "websockets", "rich", "tenacity"} == set()


def test_help_is_there_at_once() -> None:
    def least_cpu_s(program: str) -> float:
        """Of seven runs, since work of others on the machine can only add to it."""
        spent = []
        for _ in range(7):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(spent)

    help_s = least_cpu_s("import sys; from zerosec_client.cli import main; sys.exit(main(['--help']))")

    assert help_s < 15 * least_cpu_s("pass")


INTERRUPT = """
import os, signal, sys
sys.argv = ["zerosec", "jobs", "--json"]
class At:
    def find_spec(self, name, path=None, target=None):
        if name == WHERE:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, At())
from zerosec_client.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    "module",
    ["zerosec_client.cli.entry", "argparse", "zerosec_client.cli.terminal", "zerosec_client.cli.result", "zerosec_client.cli.jobs", "httpx2"],
)  # fmt: skip
def test_ctrl_c_while_modules_are_loaded_ends_with_4_and_no_traceback(
    module: str, tmp_path: Path, shared_server: RunningServer
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"WHERE = {module!r}\n{INTERRUPT}"],
        env=Command(tmp_path / "client", data_dir=shared_server.data_dir).env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (4, "")
    assert json.loads(done.stdout)["failure"]["code"] == "interrupted"


def test_an_option_that_does_not_exist_is_answered_with_the_nearest(tmp_path: Path) -> None:
    ended = Command(tmp_path / "client")("jobs", "--target", "lab", "--json")

    assert ended.code == 2
    assert ended.json["failure"]["title"] == "There is no option --target here."
    assert "“--target-server”" in ended.json["failure"]["hint"]
