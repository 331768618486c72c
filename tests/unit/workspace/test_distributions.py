"""What installs with what: the rooms' dependencies stay apart, and the lock names no place."""

import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]


def closure(distribution: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """All distributions that installing one brings, here and now."""
    found: set[str] = set()
    waiting = [(distribution, extras)]
    while waiting:
        name, wanted = waiting.pop()
        for line in requires(name) or []:
            requirement = Requirement(line)
            environments = [{"extra": extra} for extra in (*wanted, "")]
            if requirement.marker and not any(requirement.marker.evaluate(e) for e in environments):
                continue
            dependency = canonicalize_name(requirement.name)
            if dependency not in found:
                found.add(dependency)
                waiting.append((dependency, frozenset(requirement.extras)))
    return found


QT = {"pyside6", "pyside6-essentials", "shiboken6", "qasync"}
SERVER_SIDE = {"zerosec-server", "fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic"}
SCIENCE = {"numpy", "scipy", "polars", "scikit-learn", "matplotlib", "pandas"}


def test_the_contract_needs_pydantic_alone() -> None:
    pydantic_and_its_own = {
        "pydantic",
        "pydantic-core",
        "annotated-types",
        "typing-extensions",
        "typing-inspection",
    }

    assert closure("zerosec-shared") <= pydantic_and_its_own


def test_the_client_brings_neither_server_nor_qt_nor_science() -> None:
    assert not closure("zerosec-client") & (SERVER_SIDE | QT | SCIENCE)


def test_the_server_brings_neither_client_nor_qt() -> None:
    assert not closure("zerosec-server") & ({"zerosec-client", "httpx2"} | QT)


@pytest.mark.parametrize("module", ["zerosec_shared", "zerosec_shared.events", "zerosec_client.cli"])
def test_light_modules_stay_light(module: str) -> None:
    heavy = ("numpy", "polars", "scipy", "fastapi", "sqlalchemy", "PySide6")
    code = f"import sys, {module}; print([m for m in {heavy!r} if m in sys.modules])"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "[]"


def test_only_one_module_imports_the_http_library() -> None:
    sources = (ROOT / "client" / "zerosec_client").rglob("*.py")
    pattern = re.compile(r"^\s*(import|from)\s+(httpx2?|httpcore2?)\b", re.MULTILINE)

    importers = [path.name for path in sources if pattern.search(path.read_text(encoding="utf-8"))]

    assert importers == ["http.py"]


def test_the_lock_pins_by_hash_and_names_no_place() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    pinned = re.findall(r"^[A-Za-z0-9_.-]+(?:\[[^\]]*\])?==", lock, re.MULTILINE)
    hashes = lock.count("--hash=sha256:")

    assert len(pinned) > 40
    assert hashes >= len(pinned)
    assert "://" not in lock
    assert "--index" not in lock


def test_each_direct_dependency_of_the_rooms_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {
        canonicalize_name(n) for n in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", lock, re.MULTILINE)
    }

    for room in ("zerosec-shared", "zerosec-client", "zerosec-server", "zerosec-desktop"):
        direct = {canonicalize_name(Requirement(line).name) for line in requires(room) or []}
        ours = {name for name in direct if name.startswith("zerosec-")}
        assert direct - ours <= locked, room
