"""A project on a server of a fault test, and a file of results that a job has read for it."""

from typing import Any

import httpx2

from tests.api_calls import store_file
from zerosec_shared.ids import new_id
from zerosec_shared.profiles import shipped_profile, write_profile

__all__ = ["new_project", "rows_read", "state_of"]

PROFILE = write_profile(shipped_profile("deburring")).decode()
HEADER = (
    "回転速度,送り速度,UPカット,切込量,突出量,載せ率,パス数,ブラシ,直径,材料,線材長,線材本数,摩耗量,実験日"
)


def new_project(api: httpx2.Client) -> str:
    """An empty project of the deburring profile."""
    project = str(new_id())
    made = api.post("projects", json={"id": project, "name": "Brushes", "profile": PROFILE})
    assert made.status_code == 201, made.text
    return project


def rows_read(api: httpx2.Client, count: int) -> str:
    """The job that read a file of so many experiments."""
    lines = [
        f"{1000 + number},400,1,0.5,10,50,2,A11,25,Steel,75,6,{number / 1000},2025-10-29"
        for number in range(count)
    ]
    body: dict[str, Any] = {
        "id": str(new_id()),
        "run": {
            "id": str(new_id()),
            "analysis": "results-table",
            "name": "results.csv",
            "parameters": {"profile": PROFILE},
            "inputs": {"data": [store_file(api, "\n".join([HEADER, *lines, ""]).encode(), "results.csv")]},
        },
    }
    job = api.post("jobs", json=body, headers={"Prefer": "wait=60"}).json()
    assert job["status"] == "succeeded", job
    return str(body["id"])


def state_of(api: httpx2.Client, project: str) -> tuple[int, int]:
    """The revision of the results, and how many experiments there are."""
    found = api.get(f"projects/{project}").json()
    return found["revision"], found["experiments"]
