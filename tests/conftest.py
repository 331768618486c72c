"""Fixtures for all suites: a real server on a real port, and the reference data beside the project."""

import gc
import itertools
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

# The same cases every time and no limit in milliseconds: what a pass says does not hang on luck or load. `make test-all` searches anew.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent
REFERENCE_DATA = ROOT.parent / "shared" / "data"
ONE_MARK = re.compile(r"(faults|science|scale|long)\b")
COMPILING = ("optimal-design", "va-calibration")
compiled_together: list[Path] = []
TEST_ANALYSES = tuple(
    f"tests.analyses.{name}"
    for name in (
        "noop.spec",
        "faulty.spec",
        "faulty.warm_spec",
        "compiled.spec",
        "foreseen.spec",
        "stepped.spec",
    )
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A stage of one mark, `-m "faults and …"`, reads no file in which the mark does not stand: reading all takes longer than some stage."""
    expression = str(config.option.markexpr)
    mark = ONE_MARK.match(expression)
    if mark is None or " or " in expression or not collection_path.match("test_*.py"):
        return None
    return True if f"mark.{mark[1]}" not in collection_path.read_text("utf-8") else None


def pytest_collection_finish() -> None:
    """What was imported stays: the collections of garbage that tests ask for need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests read no settings file of whoever runs them, and put nothing beside their data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_by_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One folder, on the disk of the servers' own, for what the jobs of all of them compile."""
    own = tmp_path_factory.getbasetemp()
    compiled_together.append((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "compiled")


def share_compilations(data_dir: Path) -> None:
    """Let a server with a folder of its own find what the jobs of others have compiled: half a minute of work each.

    Outside a session of tests, in a bench, a server compiles for itself.
    """
    for shared, analysis in itertools.product(compiled_together, COMPILING):
        own = data_dir / "cache" / "numba" / analysis
        own.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (shared / analysis).mkdir(parents=True, exist_ok=True, mode=0o700)
        if not own.is_symlink():
            own.symlink_to(shared / analysis)


@dataclass
class RunningServer:
    """A server of our own: its address, its token's file, and its processes."""

    process: subprocess.Popen[bytes]
    data_dir: Path
    url: str
    token_file: Path
    log: Path
    env: dict[str, str] = field(repr=False)

    @property
    def token(self) -> str:
        """The secret, read from its file."""
        return self.token_file.read_text(encoding="ascii").strip()

    @property
    def pid(self) -> int:
        """The parent of all the server's processes."""
        return self.process.pid

    def tree(self) -> list[psutil.Process]:
        """The parent and all its descendants."""
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def stop(self) -> None:
        """Ask it to end and wait until it has; whatever is left of its tree is an error."""
        if self.process.stdout is not None:
            self.process.stdout.close()
        if self.process.poll() is not None:
            return
        tree = self.tree()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=90)
        _, alive = psutil.wait_procs(tree, timeout=60)
        for left in alive:
            left.kill()
        assert not alive, f"processes outlived the server: {alive}"


def start_server(data_dir: Path, extra_python_path: str = "", **settings: str) -> RunningServer:
    """Start `zerosec-server serve` and wait for its ready line. Settings are given as environment names without prefix."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), extra_python_path])),
        "ZEROSEC_ANALYSIS_SPEC_MODULES": json.dumps(TEST_ANALYSES),
        "ZEROSEC_IDLE_TIMEOUT_S": "0",
        **{f"ZEROSEC_{name.upper()}": value for name, value in settings.items()},
    }
    data_dir.mkdir(parents=True, exist_ok=True)
    share_compilations(data_dir)
    log = data_dir / "server.log"
    with log.open("ab") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "zerosec_server", "serve", "--data-dir", str(data_dir)],
            env=env,
            stdout=subprocess.PIPE,
            stderr=stderr,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait(timeout=60)
        process.stdout.close()
        raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')}")
    ready = json.loads(line)
    return RunningServer(process, data_dir, ready["url"], Path(ready["token_file"]), log, env)


@pytest.fixture
def server_factory(tmp_path: Path) -> Iterator[Callable[..., RunningServer]]:
    """Start servers with settings of the test's own; all are stopped, and their trees checked, at the end."""
    started: list[RunningServer] = []

    def start(data_dir: Path | None = None, **settings: str) -> RunningServer:
        server = start_server(data_dir or tmp_path / f"server-{len(started)}", **settings)
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all tests that do not harm it."""
    server = start_server(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The reference data beside the project; tests that need it are skipped where it is absent."""
    if not REFERENCE_DATA.is_dir():
        pytest.skip(f"the reference data is not here: {REFERENCE_DATA.name} beside the project's root")
    return REFERENCE_DATA
