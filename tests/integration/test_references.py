"""Registered references: one file under a name for all runs; indexed once, of a named build, and never lost while somebody names it."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.api_calls import Json, connect, store_file
from tests.command import Command
from tests.conftest import RunningServer
from tests.faults.jobs import eventually
from tests.simulated_reads import Recipe, Simulation, simulate

from zerosec_shared.ids import new_id
from zerosec_shared.runs import Job

WAIT = {"Prefer": "wait=60"}
SMALL = Recipe(seed=8, contigs=(("chr1", 20_000),), sites=4, largest_clone=20, smallest_clone=10, spike_ins=1)


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    return simulate(tmp_path_factory.mktemp("reads"), SMALL)


@pytest.fixture
def name() -> str:
    """Of its own for each test: they share a server."""
    return f"ref-{new_id().hex}"


def registered(api: httpx2.Client, name: str, path: Path, build: str, kind: str = "genome") -> Json:
    """Register a file; the input by which a run names it."""
    file = store_file(api, path.read_bytes(), path.name)
    body = {"name": name, "kind": kind, "genome_build": build, "sha256": file["sha256"]}
    answer = api.post("references", json={**body, "file_name": file["name"]})
    assert answer.status_code == 201, answer.text
    return {**file, "registered": {"name": name, "genome_build": build}}


def claimed(file: Json, name: str, build: str) -> Json:
    """The input of a client that says itself what is registered."""
    return {**file, "registered": {"name": name, "genome_build": build}}


def begun(api: httpx2.Client, inputs: Json) -> str:
    """A new run."""
    body = {"id": str(new_id()), "analysis": "integration-sites", "name": "x", "inputs": inputs}
    api.post("runs", json=body).raise_for_status()
    return str(body["id"])


def executed(api: httpx2.Client, run: str, step: str, **given: object) -> Job:
    """A step of a run, ended."""
    body = {"job_id": str(new_id()), **given}
    answer = api.post(f"runs/{run}/steps/{step}", json=body, headers=WAIT)
    assert answer.status_code == 201, answer.text
    return Job.model_validate_json(answer.content)


def ended_well(job: Job) -> Job:
    assert job.status == "succeeded", job.failure
    return job


def test_a_name_stands_for_one_file_and_can_be_given_again(
    api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    registered(api, name, simulation.reference, "toy1")
    body = {key: api.get(f"references/{name}").json()[key] for key in ("kind", "sha256", "file_name")}

    again = api.post("references", json={"name": name, "genome_build": "toy1", **body})
    other = api.post("references", json={"name": name, "genome_build": "toy2", **body})
    unknown = api.post(
        "references", json={"name": name + "x", "genome_build": "toy1", **body, "sha256": "0" * 64}
    )

    assert again.status_code == 200
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "file_missing")
    assert name in [each["name"] for each in api.get("references").json()]
    assert api.delete(f"references/{name}").json()["freed_bytes"] == 0
    assert api.get(f"references/{name}").status_code == 404
    assert api.delete(f"references/{name}").status_code == 404


@pytest.mark.parametrize("wrong", ["../x", "a b", "; rm -rf", "", "x" * 61, "-o", "ゲノム"])
def test_a_name_that_is_none_is_refused(api: httpx2.Client, simulation: Simulation, wrong: str) -> None:
    file = store_file(api, simulation.reference.read_bytes(), "r.fa")
    body = {"name": wrong, "genome_build": "toy1", "sha256": file["sha256"], "file_name": "r.fa"}

    assert api.post("references", json=body).status_code == 422
    assert api.post("references", json={**body, "name": "good", "genome_build": wrong}).status_code == 422


def test_a_registered_reference_is_indexed_once_and_its_build_binds_what_is_put_on_it(
    tmp_path: Path, api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    genome = tmp_path / "genome.fa"  # that no other test has indexed
    genome.write_text(simulation.reference.read_text().replace(">chr1", f">chr1 {name}"))
    reference = registered(api, name, genome, "toy1")
    good = registered(api, name + "-good", simulation.spike_ins, "toy1", "spike-ins")
    wrong = registered(api, name + "-wrong", simulation.spike_ins, "toy2", "spike-ins")
    assert api.get(f"references/{name}").json()["used"] is False
    made = ended_well(executed(api, begun(api, {"reference": [reference]}), "reference_index"))
    reads: Json = {
        "reads1": [store_file(api, simulation.read1.read_bytes(), "P_R1.fastq.gz")],
        "reads2": [store_file(api, simulation.read2.read_bytes(), "P_R2.fastq.gz")],
    }
    run = begun(api, {**reads, "reference": [reference], "spike_ins": [good]})

    mapped = ended_well(executed(api, run, "read_mapping"))
    ended_well(executed(api, run, "site_analysis"))
    refused = executed(api, run, "site_analysis", inputs={"spike_ins": [wrong]})
    contradicted = executed(api, run, "site_analysis", parameters={"genome_build": "toy2"})

    assert [ran.arguments[1:3] for ran in made.ran] == [("index", "-p")]
    assert ("index", "-p") not in [ran.arguments[1:3] for ran in mapped.ran]
    assert mapped.inputs["reference"][0].registered is not None
    assert mapped.inputs["reference"][0].registered.genome_build == "toy1"
    told = api.get(f"references/{name}").json()
    assert (told["used"], told["runs"]) == (True, 2)
    assert refused.failure is not None
    assert refused.failure.title == "The spike-ins are of toy2 and the reference is toy1."
    assert contradicted.failure is not None
    assert "was mapped to a reference of toy1, and toy2 is said." in contradicted.failure.title


def test_a_reference_that_is_removed_takes_its_index_along_and_runs_make_it_again(
    tmp_path: Path, api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    genome = tmp_path / "genome.fa"
    genome.write_text(simulation.reference.read_text().replace(">chr1", f">chr1 {name}"))
    reference = registered(api, name, genome, "toy1")
    registered(api, name + "-too", genome, "toy1")
    run = begun(api, {"reference": [reference]})
    ended_well(executed(api, run, "reference_index"))
    size = api.get(f"references/{name}").json()["prepared_bytes"]

    while_shared = api.delete(f"references/{name}-too").json()
    last = api.delete(f"references/{name}").json()
    again = ended_well(executed(api, run, "reference_index"))

    assert size > len(simulation.reference.read_bytes())
    assert while_shared == {"freed_bytes": 0, "kept": True, "goes_by_itself": False}
    assert last == {"freed_bytes": size, "kept": False, "goes_by_itself": False}
    assert [ran.arguments[1:3] for ran in again.ran] == [("index", "-p")]


def test_an_index_that_a_job_needs_goes_by_itself_when_the_job_has_ended(
    tmp_path: Path, api: httpx2.Client, shared_server: RunningServer, simulation: Simulation, name: str
) -> None:
    genome = tmp_path / "genome.fa"
    genome.write_text(simulation.reference.read_text().replace(">chr1", f">chr1 {name}"))
    reference = registered(api, name, genome, "toy1")
    ended_well(executed(api, begun(api, {"reference": [reference]}), "reference_index"))
    cache = shared_server.data_dir / "cache" / "analyses" / "integration-sites" / "references"
    (index,) = (each for each in cache.glob(f"{reference['sha256']}-*") if each.is_dir())
    file = {key: reference[key] for key in ("sha256", "name")}
    body = {"id": str(new_id()), "analysis": "stepped", "name": "x", "inputs": {"text": [file]}}
    api.post("runs", json=body).raise_for_status()
    job = {"job_id": str(new_id()), "parameters": {"hold": str(tmp_path)}}
    api.post(f"runs/{body['id']}/steps/count", json=job).raise_for_status()

    removed = api.delete(f"references/{name}").json()
    there = index.is_dir()
    (tmp_path / "go").touch()

    assert removed == {"freed_bytes": 0, "kept": True, "goes_by_itself": True}
    assert there
    eventually(lambda: not index.exists())


def test_a_build_that_nobody_registered_is_not_recorded(
    api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    reference = registered(api, name, simulation.reference, "toy1")
    other = store_file(api, simulation.spike_ins.read_bytes(), "other.fa")
    run = begun(api, {"reference": [reference]})
    job = {"job_id": str(new_id()), "inputs": {}}

    for wrong, said in (
        (
            claimed(reference, name, "toy2"),
            f"“{name}” is registered for the genome build toy1, not for toy2.",
        ),
        (claimed(other, name, "toy1"), f"Another file than “other.fa” is registered as “{name}”"),
        (claimed(reference, name + "-x", "toy1"), f"Nothing is registered as “{name}-x”, and no run"),
    ):
        inputs = {"reference": [wrong]}
        whole = {"id": str(new_id()), "analysis": "integration-sites", "name": "x", "inputs": inputs}
        for refused in (
            api.post("runs", json=whole),
            api.post("jobs", json={"id": str(new_id()), "run": whole, "step": "reference_index"}),
            api.patch(f"runs/{run}", json={"inputs": inputs}),
            api.post(f"runs/{run}/steps/reference_index", json={**job, "inputs": inputs}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (422, "validation_error")
            assert said in refused.json()["detail"]
        assert api.get(f"runs/{whole['id']}").status_code == 404
    kept = api.get(f"runs/{run}").json()["inputs"]["reference"]
    assert [each["registered"] for each in kept] == [reference["registered"]]
    assert not any(step["jobs"] for step in api.get(f"runs/{run}/status").json()["steps"])


def test_what_runs_have_read_is_repeated_when_its_name_is_gone_or_another_files(
    api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    reference = registered(api, name, simulation.reference, "toy1")
    run = begun(api, {"reference": [reference]})
    assert api.delete(f"references/{name}").status_code == 200

    begun(api, {"reference": [reference]})
    ended_well(executed(api, run, "reference_index"))
    registered(api, name, simulation.spike_ins, "toy2")
    begun(api, {"reference": [reference]})
    again = ended_well(executed(api, run, "reference_index"))
    body = {"id": str(new_id()), "analysis": "integration-sites", "name": "x"}
    refused = api.post("runs", json={**body, "inputs": {"reference": [claimed(reference, name, "toy2")]}})

    assert again.inputs["reference"][0].registered is not None
    assert again.inputs["reference"][0].registered.genome_build == "toy1"
    assert refused.status_code == 422


def test_an_imported_run_says_what_its_inputs_were_registered_as_where_it_was_made(
    api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    run = begun(api, {"reference": [registered(api, name, simulation.reference, "toy1")]})
    kept = api.get(f"runs/{run}/export", params={"content": "configuration"}).raise_for_status().content
    elsewhere = store_file(api, kept.replace(name.encode(), f"{name}-there".encode()), "run.json")
    body = {"run_id": str(new_id()), "file": elsewhere["sha256"]}

    brought = api.post("runs/import", json=body)
    done = ended_well(executed(api, body["run_id"], "reference_index"))

    assert brought.status_code == 201, brought.text
    assert done.inputs["reference"][0].registered is not None
    assert done.inputs["reference"][0].registered.name == f"{name}-there"
    begun(api, brought.json()["inputs"])


def test_the_plan_of_a_step_offers_what_is_registered_and_takes_nothing_by_itself(
    api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    reference = registered(api, name, simulation.reference, "toy1")
    run = begun(api, {})

    def plan() -> Json:
        slots = api.get(f"runs/{run}/steps/read_mapping").json()["inputs"]
        return next(slot for slot in slots if slot["slot"] == "reference")  # type: ignore[no-any-return]

    def offered() -> list[str]:
        return [choice["files"][0]["registered"]["name"] for choice in plan()["registered"]]

    assert plan()["choices"] == []
    assert name in offered()
    api.patch(f"runs/{run}", json={"inputs": {"reference": [reference]}}).raise_for_status()
    assert plan()["choices"][0]["files"][0]["registered"]["name"] == name
    assert plan()["reason"] == f"Registered on the server as {name}, of the genome build toy1."
    assert name not in offered()


def test_the_command_registers_indexes_names_and_removes(
    tmp_path: Path, shared_server: RunningServer, simulation: Simulation, name: str
) -> None:
    command = Command(tmp_path / "client", url=shared_server.url, token=shared_server.token)

    added = command("references", "add", str(simulation.reference), "--name", name, "--build", "toy1")
    listed = command("references", "list", "--json").json["references"]
    common = ("--reads2", str(simulation.read2), "--out")
    mapped = command(
        *("run", "integration-sites", "--step", "read_mapping", str(simulation.read1)),
        *("--reference", f"@{name}", *common, str(tmp_path / "out"), "--json"),
    )
    unknown = command(
        *("run", "integration-sites", "--step", "read_mapping", str(simulation.read1)),
        *("--reference", f"@{name[:-1]}", *common, str(tmp_path / "other")),
    )
    unnameable = command("references", "add", str(simulation.reference), "--name", "a b", "--build", "x")
    removed = command("references", "remove", name)

    assert added.code == 0, added.err
    assert "The index is made" in added.out or "was there already" in added.out
    assert next(each for each in listed if each["name"] == name)["prepared_bytes"] > 0
    assert mapped.code == 0, mapped.err
    assert unknown.code == 2
    assert "nothing is registered as" in unknown.err
    assert name in unknown.err
    assert unnameable.code == 2
    assert "“a b” cannot be a name." in unnameable.err
    assert removed.code == 0, removed.err
    assert "not registered any more" in removed.out
    assert command("references", "remove", name).code != 0
