"""The results database of a project over HTTP, on a real server: read, preview, take in, choose, take back, restore."""

import hashlib
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from tests.api_calls import connect, store_file
from tests.conftest import RunningServer

from zerosec_shared.ids import new_id
from zerosec_shared.profiles import shipped_profile, write_profile

Json = dict[str, Any]
PROFILE = write_profile(shipped_profile("deburring")).decode()
HEADER = (
    "回転速度,送り速度,UPカット,切込量,突出量,載せ率,パス数,ブラシ,直径,材料,線材長,線材本数,摩耗量,実験日"
)
FIRST = [
    "3000,400,1,0.5,10,50,2,A11,25,Steel,75,6,0.12,2025-10-29",
    "3000,500,1,0.5,10,50,2,A11,25,Steel,75,6,,2025-10-30",
]
SECOND = [
    "3000,500,1,0.5,10,50,2,A11,25,Steel,75,6,0.4,",
    "4000,500,1,0.5,10,50,2,A13,15,Alumi,75,6,0.3,2025-11-01",
]


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture
def project(api: httpx2.Client) -> str:
    made = api.post("projects", json={"id": str(new_id()), "name": "Brushes", "profile": PROFILE})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def read(api: httpx2.Client, lines: list[str]) -> str:
    """Have the server read a file of results; the job's id."""
    file = store_file(api, "\n".join([HEADER, *lines, ""]).encode(), "results.csv")
    body = {
        "id": str(new_id()),
        "run": {
            "id": str(new_id()),
            "analysis": "results-table",
            "name": "results.csv",
            "parameters": {"profile": PROFILE},
            "inputs": {"data": [file]},
        },
    }
    job = api.post("jobs", json=body, headers={"Prefer": "wait=60"}).json()
    assert job["status"] == "succeeded", job
    return str(body["id"])


def preview(api: httpx2.Client, project: str, job: str) -> Json:
    found = api.get(f"projects/{project}/imports/preview", params={"job_id": job})
    assert found.status_code == 200, found.text
    return dict(found.json())


def take_in(api: httpx2.Client, project: str, lines: list[str]) -> Json:
    job = read(api, lines)
    body = {"id": str(new_id()), "job_id": job, "revision": preview(api, project, job)["revision"]}
    made = api.post(f"projects/{project}/imports", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def rows(api: httpx2.Client, project: str, *conditions: Json) -> list[Json]:
    found = api.post(f"projects/{project}/rows", json={"filter": {"conditions": conditions}})
    assert found.status_code == 200, found.text
    return [dict(row["values"]) for row in found.json()["items"]]


def test_a_preview_tells_new_changed_and_identical_and_changes_nothing(
    api: httpx2.Client, project: str
) -> None:
    take_in(api, project, FIRST)

    shown = preview(api, project, read(api, [*SECOND, FIRST[0]]))

    assert shown["counts"] == {"new": 1, "changed": 1, "identical": 1, "rejected": 0}
    changed = next(entry for entry in shown["entries"] if entry["kind"] == "changed")
    assert (changed["rows"], changed["changes"]) == ([2], [{"column": "摩耗量", "old": None, "new": 0.4}])
    assert len(rows(api, project)) == 2


def test_the_same_file_twice_changes_nothing(api: httpx2.Client, project: str) -> None:
    take_in(api, project, FIRST)
    before = rows(api, project)

    again = take_in(api, project, FIRST)

    assert (again["new"], again["changed"], again["identical"]) == (0, 0, 2)
    assert rows(api, project) == before


def test_an_import_is_repeated_without_harm_and_refused_after_the_results_have_changed(
    api: httpx2.Client, project: str
) -> None:
    job = read(api, FIRST)
    body = {"id": str(new_id()), "job_id": job, "revision": 0}

    answers = [api.post(f"projects/{project}/imports", json=body).status_code for _ in range(2)]
    late = api.post(f"projects/{project}/imports", json={**body, "id": str(new_id())})
    other = api.post(f"projects/{project}/imports", json={**body, "revision": 1})

    assert answers == [201, 200]
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert api.get(f"projects/{project}").json()["revision"] == 1


def test_an_import_can_be_taken_back_once(api: httpx2.Client, project: str) -> None:
    take_in(api, project, FIRST)
    before = rows(api, project)
    second = take_in(api, project, SECOND)

    undo = api.post(f"projects/{project}/imports/{second['id']}/undo", json={"id": str(new_id())})
    twice = api.post(f"projects/{project}/imports/{second['id']}/undo", json={"id": str(new_id())})

    assert (undo.status_code, twice.status_code) == (201, 409)
    assert rows(api, project) == before
    listed = api.get(f"projects/{project}/imports").json()
    assert [entry["kind"] for entry in listed] == ["undo", "import", "import"]


def test_a_filter_counts_shows_and_becomes_an_input_file(api: httpx2.Client, project: str) -> None:
    take_in(api, project, FIRST)
    take_in(api, project, SECOND)
    steel = {"kind": "choice", "column": "材料", "values": ["Steel"]}
    chosen = {"conditions": [steel, {"kind": "any_of", "columns": ["A11", "A13"]}]}

    counted = api.post(f"projects/{project}/query", json=chosen).json()
    made = [api.post(f"projects/{project}/selections", json={"filter": chosen}).json() for _ in range(2)]

    assert (counted["total"], counted["matching"]) == (3, 2)
    assert made[0] == made[1]
    assert (made[0]["rows"], made[0]["filter_text"]) == (2, "材料 = Steel; A11 | A13")
    signed = api.post("presign/download", json={"sha256": made[0]["file"]["sha256"]}).json()
    text = api.get(api.base_url.join(signed["url"])).text
    lines = text.splitlines()
    assert lines[0].startswith("A13,A11,A21,A32,回転速度,送り速度")
    assert [line.split(",")[:6] for line in lines[1:]] == [
        ["0", "1", "0", "0", "3000", "400"],
        ["0", "1", "0", "0", "3000", "500"],
    ]


def test_a_filter_is_saved_under_a_name(api: httpx2.Client, project: str) -> None:
    body = {"conditions": [{"kind": "range", "column": "摩耗量", "minimum": None, "maximum": 0.3}]}

    assert api.put(f"projects/{project}/filters/摩耗 小", json=body).status_code == 200
    assert api.get(f"projects/{project}/filters").json() == [{"name": "摩耗 小", "filter": body}]
    assert api.delete(f"projects/{project}/filters/摩耗 小").status_code == 204
    assert api.get(f"projects/{project}/filters").json() == []


def test_an_experiment_tells_its_history(api: httpx2.Client, project: str) -> None:
    take_in(api, project, FIRST)
    take_in(api, project, SECOND)
    items = api.post(f"projects/{project}/rows", json={}).json()["items"]
    which = next(row["id"] for row in items if row["values"].get("摩耗量") == 0.4)

    told = api.get(f"projects/{project}/experiments/{which}/history").json()

    assert (told[0]["column"], told[0]["old"], told[0]["new"], told[0]["file_name"]) == (
        "摩耗量",
        None,
        0.4,
        "results.csv",
    )


def test_a_backup_is_restored_even_after_the_project_was_deleted(api: httpx2.Client, project: str) -> None:
    take_in(api, project, FIRST)
    before = rows(api, project)
    backup = api.post(f"projects/{project}/backups").json()["id"]
    take_in(api, project, SECOND)
    assert api.delete(f"projects/{project}").status_code == 204
    assert api.get(f"projects/{project}").status_code == 404

    body = {"id": str(new_id())}
    answers = [api.post(f"projects/{project}/backups/{backup}/restore", json=body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert rows(api, project) == before
    assert "restore" in {entry["reason"] for entry in api.get(f"projects/{project}/backups").json()}


@pytest.mark.parametrize(
    ("profile", "words"), [("x", "no TOML"), ('id = "a"\ntitles = {en = "A"}', "identifies an experiment")]
)
def test_a_profile_that_cannot_be_used_says_why(api: httpx2.Client, profile: str, words: str) -> None:
    refused = api.post("projects", json={"id": str(new_id()), "name": "x", "profile": profile})

    assert refused.status_code == 422
    assert words in refused.json()["detail"]


def test_a_preview_tells_the_brush_by_its_name(api: httpx2.Client, project: str) -> None:
    told = [entry["experiment"] for entry in preview(api, project, read(api, SECOND))["entries"]]

    assert ["ブラシ A11" in told[0], "ブラシ A13" in told[1]] == [True, True]
    assert not any("A21" in each or "A32" in each for each in told)


def test_a_profile_that_would_lose_values_is_refused(api: httpx2.Client, project: str) -> None:
    take_in(api, project, FIRST)
    other = write_profile(shipped_profile("deburring")).decode().replace('"摩耗量"', '"摩耗"')

    refused = api.patch(f"projects/{project}", json={"profile": other})

    assert (refused.status_code, "摩耗量" in refused.json()["detail"]) == (409, True)


def test_of_two_who_edit_a_profile_the_second_is_told_and_loses_nothing(
    api: httpx2.Client, project: str
) -> None:
    before = hashlib.sha256(PROFILE.encode()).hexdigest()
    mine = f"# mine\n{PROFILE}"
    theirs = f"# theirs\n{PROFILE}"

    first = api.patch(f"projects/{project}", json={"profile": theirs, "profile_before": before})
    second = api.patch(f"projects/{project}", json={"profile": mine, "profile_before": before})
    repeated = api.patch(f"projects/{project}", json={"profile": theirs, "profile_before": before})

    assert (first.status_code, repeated.status_code) == (200, 200)
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    assert "in the meantime" in second.json()["title"]
    assert api.get(f"projects/{project}").json()["profile"] == theirs
    after = {"profile": mine, "profile_before": hashlib.sha256(theirs.encode()).hexdigest()}
    assert api.patch(f"projects/{project}", json=after).json()["profile"] == mine


def test_a_job_without_rows_cannot_be_imported(api: httpx2.Client, project: str) -> None:
    body = {"id": str(new_id()), "run": {"id": str(new_id()), "analysis": "noop", "name": "x"}}
    api.post("jobs", json=body, headers={"Prefer": "wait=30"})

    refused = api.get(f"projects/{project}/imports/preview", params={"job_id": body["id"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_a_condition_on_an_unknown_column_names_it(api: httpx2.Client, project: str) -> None:
    body = {"conditions": [{"kind": "range", "column": "硬度", "minimum": 1}]}

    refused = api.post(f"projects/{project}/query", json=body)

    assert (refused.status_code, "硬度" in refused.json()["detail"]) == (422, True)


def test_an_import_id_stands_for_one_project(api: httpx2.Client, project: str) -> None:
    other = str(new_id())
    api.post("projects", json={"id": other, "name": "Other", "profile": PROFILE})
    body = {"id": str(new_id()), "job_id": read(api, FIRST), "revision": 0}
    assert api.post(f"projects/{project}/imports", json=body).status_code == 201

    refused = api.post(f"projects/{other}/imports", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert rows(api, other) == []


def test_a_new_profile_makes_a_preview_old(api: httpx2.Client, project: str) -> None:
    body = {"id": str(new_id()), "job_id": read(api, FIRST), "revision": 0}
    changed = PROFILE.replace('name = "摩耗量"', 'name = "摩耗"').replace('"wear", "磨耗量"', '"摩耗量"')
    assert api.patch(f"projects/{project}", json={"profile": changed}).status_code == 200

    refused = api.post(f"projects/{project}/imports", json=body)

    assert refused.status_code == 409
    assert rows(api, project) == []


def test_a_restore_is_repeated_without_harm_and_without_another_backup(
    api: httpx2.Client, project: str
) -> None:
    take_in(api, project, FIRST)
    backup = api.post(f"projects/{project}/backups").json()["id"]
    take_in(api, project, SECOND)
    body = {"id": str(new_id())}

    answers = [api.post(f"projects/{project}/backups/{backup}/restore", json=body) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    kinds = [each["reason"] for each in api.get(f"projects/{project}/backups").json()]
    assert kinds == ["restore", "asked"]


def test_a_filter_may_be_called_anything(api: httpx2.Client, project: str) -> None:
    for name in ("Steel/Alumi", "100 %", "材料? #1", "a\\b"):
        path = f"projects/{project}/filters/{quote(name, safe='')}"
        assert api.put(path, json={}).json()["name"] == name
        assert name in [each["name"] for each in api.get(f"projects/{project}/filters").json()]
        assert api.delete(path).status_code == 204


@pytest.mark.parametrize(("column", "values", "count"), [("UPカット", [1], 2), ("UPカット", ["UP"], 0)])
def test_a_code_is_found_as_a_number_and_as_a_text(
    api: httpx2.Client, project: str, column: str, values: list[object], count: int
) -> None:
    take_in(api, project, FIRST)

    assert len(rows(api, project, {"kind": "choice", "column": column, "values": values})) == count
    refused = api.post(
        f"projects/{project}/query",
        json={"conditions": [{"kind": "choice", "column": "摩耗量", "values": ["UP"]}]},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_error")


def test_the_widest_range_of_numbers_has_a_histogram(api: httpx2.Client, project: str) -> None:
    low, high = (FIRST[0].replace("0.12", number) for number in ("-1e308", "1e308"))
    take_in(api, project, [low, high.replace("3000", "4000"), FIRST[0].replace("3000", "5000")])

    counted = api.post(f"projects/{project}/query", json={}).json()

    wear = next(each for each in counted["columns"] if each["column"] == "摩耗量")
    assert (wear["low"], wear["high"]) == (-1e308, 1e308)
    assert [place for place, count in enumerate(wear["all_bins"]) if count] == [0, 12, 23]


def test_backups_of_a_project_that_is_lost_are_for_its_owner_and_only_its_own(
    shared_server: RunningServer, api: httpx2.Client, project: str
) -> None:
    take_in(api, project, FIRST)
    backup = api.post(f"projects/{project}/backups").json()["id"]
    folder = shared_server.data_dir / "backups"
    lost = str(new_id())
    (folder / lost).mkdir()
    shutil.copy(folder / project / f"{backup}.jsonl.gz", folder / lost)

    refused = api.post(f"projects/{lost}/backups/{backup}/restore", json={"id": str(new_id())})

    assert (refused.status_code, refused.json()["title"]) == (409, "This backup is damaged.")
    assert len(rows(api, project)) == 2
