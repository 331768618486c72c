"""The integration-site pipeline as a run of steps on a real server: names of files that mean harm, what each step reads, one shared index."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.api_calls import Json, connect, store_file
from tests.command import Command
from tests.conftest import RunningServer
from tests.simulated_reads import Recipe, Simulation, simulate

from zerosec_shared.ids import new_id
from zerosec_shared.runs import Job

WAIT = {"Prefer": "wait=60"}
SMALL = Recipe(seed=5, contigs=(("chr1", 30_000),), sites=4, largest_clone=30, smallest_clone=10, spike_ins=1)
HOSTILE = ("; rm -rf $(pwd) #_R1.fastq.gz", "../../x -o $HOME `id` 日本" + "語" * 150 + "_R2.fastq.gz")


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    return simulate(tmp_path_factory.mktemp("reads"), SMALL)


def stored(api: httpx2.Client, path: Path, name: str | None = None) -> Json:
    return store_file(api, path.read_bytes(), name or path.name)


def make_run(api: httpx2.Client, simulation: Simulation, names: tuple[str, str], **parameters: object) -> str:
    body = {
        "id": str(new_id()),
        "analysis": "integration-sites",
        "name": "clones",
        "inputs": {
            "reads1": [stored(api, simulation.read1, names[0])],
            "reads2": [stored(api, simulation.read2, names[1])],
            "reference": [stored(api, simulation.reference)],
            "annotation": [stored(api, simulation.genes)],
        },
        "parameters": parameters,
    }
    api.post("runs", json=body).raise_for_status()
    return str(body["id"])


def execute(api: httpx2.Client, run: str, step: str) -> Job:
    answer = api.post(f"runs/{run}/steps/{step}", json={"job_id": str(new_id())}, headers=WAIT)
    assert answer.status_code == 201, answer.text
    job = Job.model_validate_json(answer.content)
    assert job.status == "succeeded", job.failure
    return job


def read_from(job: Job) -> set[str]:
    return {file.made_by.step if file.made_by else "" for file in job.inputs.get("reads1", ())}


def test_names_that_mean_harm_go_through_the_whole_pipeline_as_names(
    api: httpx2.Client, simulation: Simulation
) -> None:
    run = make_run(api, simulation, HOSTILE, umi_read2="NNNNNNNN")

    checked = execute(api, run, "qc")
    assert read_from(execute(api, run, "umi")) == {""}
    trimmed = execute(api, run, "cutadapt")
    filtered = execute(api, run, "fastp")
    execute(api, run, "readlen")
    mapped = execute(api, run, "read_mapping")
    sites = execute(api, run, "site_analysis")

    for step in (checked, trimmed, filtered, mapped):
        for argument in (part for ran in step.ran for part in ran.arguments):
            assert not any(sign in argument for sign in ("rm -rf", "..", "`", "$HOME"))
    assert (read_from(trimmed), read_from(filtered), read_from(mapped)) == ({"umi"}, {"cutadapt"}, {"fastp"})
    assert {ran.program for ran in mapped.ran} & {"bwa", "bwa-mem2"}
    found = api.get(f"runs/{run}/results/site_analysis").raise_for_status().json()
    metrics = {metric["name"]: metric["value"] for metric in found["result"]["metrics"]}
    assert metrics["sites"] == 4
    files = {file["path"] for file in api.get(f"runs/{run}/files").raise_for_status().json()}
    assert all(".." not in path and ";" not in path and "\n" not in path for path in files)
    assert sites.status == "succeeded"


@pytest.mark.parametrize("name", ["a\nb_R1.fastq.gz", "a\0b.fastq.gz", "x" * 300, ""])
def test_names_that_no_file_can_have_are_refused_before_anything_runs(
    api: httpx2.Client, simulation: Simulation, name: str
) -> None:
    body = {
        "id": str(new_id()),
        "analysis": "integration-sites",
        "name": "clones",
        "inputs": {"reads1": [{**stored(api, simulation.read1), "name": name}]},
        "parameters": {},
    }

    answer = api.post("runs", json=body)

    assert answer.status_code == 422
    assert "inputs" in answer.text


def test_the_index_of_a_reference_is_made_once_for_all_runs(
    api: httpx2.Client, simulation: Simulation
) -> None:
    calls = []
    for name in ("first", "second"):
        run = make_run(api, simulation, (f"{name}_R1.fq.gz", f"{name}_R2.fq.gz"), trimmed_length=31)
        execute(api, run, "cutadapt")
        calls.append([(ran.program, ran.arguments[1]) for ran in execute(api, run, "read_mapping").ran])

    indexing = [(program, what) for program, what in calls[1] if program != "samtools" and what == "index"]
    assert not indexing


def test_a_rate_in_percent_is_refused_by_its_field(api: httpx2.Client, simulation: Simulation) -> None:
    body = {
        "id": str(new_id()),
        "analysis": "integration-sites",
        "name": "wrong",
        "inputs": {},
        "parameters": {"primer_error_rate": 30},
    }

    answer = api.post("runs", json=body)
    if answer.status_code == 201:
        answer = api.post(f"runs/{body['id']}/steps/cutadapt", json={"job_id": str(new_id())})

    assert answer.status_code == 422
    assert "primer_error_rate" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"primer": "--help"},
        {"primer": "file:/etc/passwd"},
        {"linker": "ACGT;min_overlap=1"},
        {"umi_read2": "(?P<umi_1>.*)*"},
        {"genome_build": "../hg38"},
        {"trimmed_length": 0},
    ],
)
def test_no_parameter_can_become_an_option_or_a_path(api: httpx2.Client, wrong: dict[str, object]) -> None:
    body = {
        "id": str(new_id()),
        "analysis": "integration-sites",
        "name": "x",
        "inputs": {},
        "parameters": wrong,
    }
    answer = api.post("runs", json=body)
    if answer.status_code == 201:
        steps = {"primer": "cutadapt", "linker": "cutadapt", "trimmed_length": "cutadapt", "umi_read2": "umi"}
        step = steps.get(next(iter(wrong)), "site_analysis")
        answer = api.post(f"runs/{body['id']}/steps/{step}", json={"job_id": str(new_id())})

    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.text


def test_a_run_begun_in_a_terminal_has_the_files_of_its_later_steps(
    tmp_path: Path, shared_server: RunningServer, simulation: Simulation
) -> None:
    zerosec = Command(tmp_path / "client", data_dir=shared_server.data_dir)
    files = ("--reads2", str(simulation.read2), "--reference", str(simulation.reference))

    begun = zerosec(
        "run", "integration-sites", "--step", "cutadapt", str(simulation.read1), *files, "--out", "out"
    )
    mapped = zerosec("steps", "last", "run", "read_mapping")

    assert begun.code == 0, begun.err
    assert mapped.code == 0, mapped.err
    assert ["read_mapping", "succeeded", "1"] in [line.split() for line in mapped.out.splitlines()]
