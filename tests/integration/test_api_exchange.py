"""Runs out and in through the real server: record, configuration, archive, methods; and archives that lie."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx2
import pytest
from tests.api_calls import Json, connect, store_file
from tests.conftest import RunningServer
from tests.step_calls import ended, execute, make_run, run_all

from zerosec_shared.archives import MethodsText, RunRecord
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Run


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture(scope="module")
def run(api: httpx2.Client) -> str:
    """A run whose steps were executed, one of them twice, with other settings the second time."""
    made = make_run(api, b"ax\nbx\n", parameters={"drop.letters": "B"})
    execute(api, made, "upper", parameters={"letters": "a"})
    execute(api, made, "upper")
    run_all(api, made, from_step="drop")
    assert ended(api, made).sequence.status == "succeeded"  # type: ignore[union-attr]
    return made


def exported(api: httpx2.Client, run: str, content: str) -> bytes:
    return api.get(f"runs/{run}/export", params={"content": content}).raise_for_status().content


def imported(api: httpx2.Client, content: bytes, **more: str) -> httpx2.Response:
    file = store_file(api, content, "run.zip")
    return api.post("runs/import", json={"run_id": str(new_id()), "file": file["sha256"], **more})


def test_the_record_tells_who_what_when_with_which_programs_and_inputs(api: httpx2.Client, run: str) -> None:
    record = RunRecord.model_validate_json(exported(api, run, "record"))

    assert [found.job.step for found in record.jobs] == ["upper", "upper", "drop", "count", "report"]
    counted = record.jobs[3].job
    assert counted.owner == "local"
    assert counted.started_at is not None
    assert counted.ran[0].version
    assert counted.inputs["text"][0].made_by is not None
    assert counted.inputs["text"][0].made_by.job_id == record.jobs[2].job.id
    assert counted.result is not None
    assert record.run.inputs["text"][0].sha256 == hashlib.sha256(b"ax\nbx\n").hexdigest()


def test_an_archive_is_a_crate_whose_checksums_are_right_and_that_names_every_file(
    api: httpx2.Client, run: str
) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(api, run, "everything"))) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        sums = dict(
            reversed(line.split("  ")) for line in archive.read("manifest-sha256.txt").decode().splitlines()
        )
        crate: Json = json.loads(archive.read("ro-crate-metadata.json"))
        for name, sha256 in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == sha256
        assert archive.read("jobs/004-count/counts.tsv") == b"X\t1\nAX\t1\n"
        japanese = archive.read("methods.ja.md").decode()

    assert names == {*sums, "manifest-sha256.txt"}
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    parts = {part["@id"] for part in entities["./"]["hasPart"]}
    assert {unquote(part) for part in parts} == names - {"manifest-sha256.txt", "ro-crate-metadata.json"}
    assert all(re.fullmatch("[!-~]+", part) and not re.search("[#?]", part) for part in parts)
    assert "jobs/005-report/報告 #1 of 100%.txt" in names
    assert parts <= set(entities)
    action = next(e for e in crate["@graph"] if e["@type"] == "CreateAction" and e["name"] == "count")
    assert action["object"] == [{"@id": "jobs/003-drop/dropped/text0.txt"}]
    assert {"@id": "jobs/004-count/counts.tsv"} in action["result"]
    assert "で解析した" in japanese


def test_what_is_imported_elsewhere_can_be_repeated_and_gives_the_same(
    api: httpx2.Client, run: str, server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    archive = exported(api, run, "everything")
    elsewhere = server_factory(tmp_path / "elsewhere")
    with connect(elsewhere) as other:
        answer = imported(other, archive, name="again")
        assert answer.status_code == 201, answer.text
        made = Run.model_validate_json(answer.content)
        run_all(other, str(made.id))
        assert ended(other, str(made.id)).latest_status == "succeeded"

        again = {f["path"]: f["sha256"] for f in other.get(f"runs/{made.id}/files").json()}

    first = {f["path"]: f["sha256"] for f in api.get(f"runs/{run}/files").json()}
    logs = {path for path in first if path.endswith("log.txt")}
    assert {p: s for p, s in again.items() if p not in logs} == {
        p: s for p, s in first.items() if p not in logs
    }
    assert made.name == "again"
    assert made.parameters["upper.letters"] == "a-z"


def test_a_configuration_needs_its_inputs_to_be_stored(
    api: httpx2.Client, run: str, server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    configuration = exported(api, run, "configuration")

    assert imported(api, configuration).status_code == 201
    with connect(server_factory(tmp_path / "elsewhere")) as other:
        refused = imported(other, configuration)
        assert (refused.status_code, refused.json()["code"]) == (409, "file_missing")


def test_the_same_import_again_makes_no_second_run(api: httpx2.Client, run: str) -> None:
    file = store_file(api, exported(api, run, "configuration"))
    body = {"run_id": str(new_id()), "file": file["sha256"]}

    first, again = api.post("runs/import", json=body), api.post("runs/import", json=body)
    other = api.post("runs/import", json={**body, "name": "other"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)


def damaged(archive: bytes, name: bytes) -> bytes:
    """The archive with other bytes where the file of this name begins."""
    begin = archive.index(name) + len(name)
    return archive[:begin] + bytes(byte ^ 0xFF for byte in archive[begin : begin + 4]) + archive[begin + 4 :]


def test_archives_that_lie_are_refused_and_store_nothing(api: httpx2.Client, run: str) -> None:
    record = exported(api, run, "record")
    sha256 = hashlib.sha256(b"hidden\n").hexdigest()
    lying = record.replace(hashlib.sha256(b"ax\nbx\n").hexdigest().encode(), sha256.encode())

    def packed(method: int = zipfile.ZIP_STORED, /, **files: bytes) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return held.getvalue()

    wrong = {
        "no archive": b"nothing of the kind",
        "no record": packed(other=b"x"),
        "other bytes": packed(**{"run.json": lying, f"inputs/{sha256}": b"other\n"}),
        "no run": packed(**{"run.json": b'{"format": "zerosec-run"}'}),
        "cut": exported(api, run, "everything")[:-2000],
        "damaged record": damaged(packed(zipfile.ZIP_DEFLATED, **{"run.json": record}), b"run.json"),
        "unusual record": damaged(packed(zipfile.ZIP_BZIP2, **{"run.json": record}), b"run.json"),
        "damaged input": damaged(
            packed(zipfile.ZIP_DEFLATED, **{"run.json": lying, f"inputs/{sha256}": b"hidden\n"}),
            sha256.encode(),
        ),
    }
    for what, content in wrong.items():
        answer = imported(api, content)
        assert (answer.status_code, answer.json()["code"]) == (415, "invalid_file_type"), what
        reason = answer.json()["detail"]
        assert reason.startswith("The reason: "), what
        assert not re.search("[a-z]", answer.json()["translations"]["ja"][reason]), what
    assert api.post("presign/download", json={"sha256": sha256}).status_code == 404
    assert api.post("runs/import", json={"run_id": str(new_id()), "file": "0" * 64}).status_code == 404


def test_the_methods_paragraph_names_programs_versions_and_settings_and_cites(
    api: httpx2.Client, run: str
) -> None:
    methods = MethodsText.model_validate_json(api.get(f"runs/{run}/methods").content)

    english = methods.paragraphs["en"]
    assert "“Letters in steps” version 1.0.0" in english
    assert "Step “Counting” used sort " in english
    assert "Letters: a-z; Fail: no." in english
    assert "Letters: a;" not in english
    assert "Fail: いいえ" in methods.paragraphs["ja"]
    assert "を用いた" in methods.paragraphs["ja"]
    assert api.get(f"runs/{new_id()}/methods").status_code == 404
