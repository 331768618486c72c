"""numba's compiled functions between jobs: whole generations, merged by function, and nothing of a killed job."""

from pathlib import Path

import pytest

from zerosec_server.worker import compiled_cache
from zerosec_server.worker.compiled_cache import CompiledCache


@pytest.fixture(autouse=True)
def keep_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")


def job(tmp_path: Path, name: str) -> CompiledCache:
    """A job that has begun."""
    cache = CompiledCache(str(tmp_path / "cache"), "analysis", tmp_path / name)
    cache.take()
    return cache


def compile_(own: CompiledCache, function: str, text: str, number: int = 1) -> None:
    """What numba does: the index and then the data, each by rename."""
    for name in (f"{function}.nbi", f"{function}.{number}.nbc"):
        place = own.own / "module_12ab" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{name}.tmp.1234")
        draft.write_text(text)
        draft.rename(place)


def held(own: CompiledCache) -> dict[str, str]:
    return {place.name: place.read_text() for place in sorted(own.own.rglob("*")) if place.is_file()}


def test_what_one_job_compiled_the_next_one_has(tmp_path: Path) -> None:
    first = job(tmp_path, "first")
    compile_(first, "f-1.py311", "one")
    (first.own / "module_12ab" / "g-2.py311.nbi.tmp.99").write_text("half")
    first.give_back()

    second = job(tmp_path, "second")

    assert held(second) == {"f-1.py311.nbi": "one", "f-1.py311.1.nbc": "one"}


def test_two_jobs_at_once_never_mix_the_files_of_one_function(tmp_path: Path) -> None:
    first, second = job(tmp_path, "first"), job(tmp_path, "second")
    compile_(first, "f-1.py311", "of first")
    compile_(second, "f-1.py311", "of second")
    compile_(second, "f-1.py311", "of second", number=2)
    compile_(second, "g-9.py311", "of second")

    first.give_back()
    second.give_back()

    assert held(job(tmp_path, "third")) == {
        "f-1.py311.nbi": "of first",
        "f-1.py311.1.nbc": "of first",
        "g-9.py311.nbi": "of second",
        "g-9.py311.1.nbc": "of second",
    }


def test_a_function_compiled_for_more_types_replaces_the_shared_one(tmp_path: Path) -> None:
    first = job(tmp_path, "first")
    compile_(first, "f-1.py311", "one type")
    first.give_back()
    second = job(tmp_path, "second")
    compile_(second, "f-1.py311", "two types", number=2)
    second.give_back()

    assert held(job(tmp_path, "third")) == {
        "f-1.py311.nbi": "two types",
        "f-1.py311.1.nbc": "one type",
        "f-1.py311.2.nbc": "two types",
    }


def test_a_job_that_compiled_nothing_changes_nothing(tmp_path: Path) -> None:
    first = job(tmp_path, "first")
    compile_(first, "f-1.py311", "one")
    first.give_back()
    newest = tmp_path / "cache" / "numba" / "analysis" / "newest"
    before = newest.readlink()

    job(tmp_path, "second").give_back()

    assert newest.readlink() == before


def test_what_a_killed_job_left_is_cleared_away_by_the_next_that_shares(tmp_path: Path) -> None:
    shared = tmp_path / "cache" / "numba" / "analysis"
    (shared / "0123456789abcdef").mkdir(parents=True)
    (shared / "0123456789abcdef.link").symlink_to("0123456789abcdef")
    first = job(tmp_path, "first")
    compile_(first, "f-1.py311", "one")
    first.give_back()

    assert {place.name for place in shared.iterdir()} == {
        "newest",
        "lock",
        (shared / "newest").readlink().name,
    }


def test_a_cache_too_large_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = job(tmp_path, "first")
    compile_(first, "f-1.py311", "one")
    first.give_back()
    monkeypatch.setattr(compiled_cache, "MOST_BYTES", 1)
    second = job(tmp_path, "second")
    compile_(second, "g-9.py311", "two")
    second.give_back()

    assert held(job(tmp_path, "third")) == {"g-9.py311.nbi": "two", "g-9.py311.1.nbc": "two"}


def test_without_a_shared_folder_a_job_compiles_for_itself(tmp_path: Path) -> None:
    alone = CompiledCache("", "analysis", tmp_path / "own")
    alone.take()
    compile_(alone, "f-1.py311", "one")
    alone.give_back()

    assert [path.name for path in tmp_path.iterdir()] == ["own"]
