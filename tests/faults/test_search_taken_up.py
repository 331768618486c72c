"""kill -9 of the worker, then of the whole server, in the middle of a search: it goes on where it was, with the same numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil
import pytest

from tests.api_calls import connect, job_request, store_file
from tests.conftest import RunningServer
from tests.faults.jobs import Jobs, eventually, kill_at_once

pytestmark = pytest.mark.faults

SETTINGS = {"lease_ttl_s": "3", "retry_delay_s": "0.1", "slots": "1"}
SEARCH = {"trials": 6, "outer_folds": 3, "repeats": 1, "inner_folds": 2, "shap_rows": 0}
ASKED: dict[str, dict[str, Any]] = {
    "nonlinear": {"target": ["y"], "models": ["linear", "extra_trees"]},
    "classification": {"target": "ok", "models": ["logistic", "extra_trees"]},
}


def data() -> bytes:
    rng = np.random.default_rng(6)
    x = rng.uniform(-2, 2, (120, 4))
    frame = pl.DataFrame({f"x{i}": x[:, i] for i in range(4)} | {"y": np.sin(2 * x[:, 0]) + x[:, 1]})
    frame = frame.with_columns(ok=pl.when(pl.col("y") > 0).then(pl.lit("OK")).otherwise(pl.lit("NG")))
    return frame.write_csv().encode()


def submit(server: RunningServer, analysis: str) -> str:
    with connect(server) as api:
        request = job_request(analysis, **SEARCH, **ASKED[analysis])
        request["run"]["inputs"] = {"data": [store_file(api, data())]}
        api.post("jobs", json=request).raise_for_status()
    return str(request["id"])


def searched(server: RunningServer, job_id: str, lines: int) -> None:
    """Wait until so many trials and folds are in the job's journal."""
    journal = server.data_dir / "cache" / "kept" / job_id / "searches.jsonl"
    eventually(lambda: journal.exists() and journal.read_bytes().count(b"\n") > lines)


def numbers(job: dict[str, Any]) -> dict[str, Any]:
    return {metric["name"]: metric["value"] for metric in job["result"]["metrics"]}


@pytest.mark.parametrize("analysis", ["nonlinear", pytest.param("classification", marks=pytest.mark.long)])
def test_a_search_survives_the_worker_and_the_server(
    server_factory: Callable[..., RunningServer], tmp_path: Path, analysis: str
) -> None:
    server = server_factory(tmp_path / "server", **SETTINGS)
    job_id = submit(server, analysis)
    searched(server, job_id, 5)
    jobs = Jobs(server)
    worker = jobs.process("worker")
    worker.kill()
    psutil.wait_procs([worker])
    searched(server, job_id, 12)
    kill_at_once(server.tree())
    server.process.wait()
    again = server_factory(tmp_path / "server", **SETTINGS)

    job = Jobs(again).ended(job_id, 300)

    assert job["status"] == "succeeded"
    assert job["attempt"] >= 3, "and once more where a machine stands still for longer than a lease"
    assert "taken_up" in {notice["code"] for notice in job["result"]["warnings"]}
    plain = Jobs(again).ended(submit(again, analysis), 300)
    assert numbers(job) == numbers(plain)
    assert "taken_up" not in {notice["code"] for notice in plain["result"]["warnings"]}
    eventually(lambda: not list((tmp_path / "server" / "cache" / "kept").iterdir()))
