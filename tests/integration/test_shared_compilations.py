"""What numba compiles in one job, the next job finds compiled, with numba warm in memory or not; a killed job leaves nothing half made to others."""

from collections.abc import Callable
from pathlib import Path

import psutil
from tests.api_calls import connect, job_request
from tests.conftest import RunningServer
from tests.faults.jobs import eventually, named


def science(server: RunningServer) -> psutil.Process:
    return eventually(lambda: named("zerosec-science", server.tree()))[0]


def test_a_function_is_compiled_once(server_factory: Callable[..., RunningServer], tmp_path: Path) -> None:
    server = server_factory()
    waits = tmp_path / "waits"

    def metrics(**parameters: object) -> dict[str, object]:
        request = job_request("compiled", numbers=[1, 2, 4], **parameters)
        job = api.post("jobs", json=request, headers={"Prefer": "wait=60"}).json()
        assert job["status"] == "succeeded", job
        result = api.get(f"jobs/{job['id']}").json()["result"]
        return {metric["name"]: metric["value"] for metric in result["metrics"]}

    with connect(server) as api:
        killed = api.post("jobs", json=job_request("compiled", numbers=[1], started=str(waits))).json()
        eventually(waits.exists)
        api.post(f"jobs/{killed['id']}/cancel")
        seen = [metrics(whole=whole) for whole in (False, False)]
        eventually(lambda: named("zerosec-shim", science(server).children()))
        seen += [metrics(whole=whole) for whole in (True, True, False)]

    assert [(each["compiled"], each["found"]) for each in seen] == [(1, 0), (0, 1), (1, 0), (0, 1), (0, 1)]
    assert {each["total"] for each in seen} == {7}
    assert len({each["chance"] for each in seen}) == len(seen)
    left = [place.name for place in (server.data_dir / "cache" / "numba" / "compiled").iterdir()]
    assert len(left) == 3
    assert {"newest", "lock"} < set(left)
